//! Experiments: named, seeded, settable computations that return curves, a figure and claims.
//!
//! An experiment is one file here. It declares its [`Settings`] with `settings!`, says what it is
//! in [`About`], and computes [`Findings`]:
//!
//! ```text
//! settings! {
//!     /// Settings of `double_descent`.
//!     pub struct DoubleDescent {
//!         /// Training digits per draw.
//!         n: usize = 600, quick 150, in 20..=4000;
//!     }
//! }
//!
//! impl Study for DoubleDescent {
//!     const ABOUT: About = About { id: "double_descent", … };
//!     fn compute(&self, seed: u64, context: &Context) -> Result<Findings> { … }
//! }
//! ```
//!
//! To add one: write the file, name it with `pub mod` below, and give it its line in
//! `registry.rs`. The command line and the tests that every experiment must pass
//! (`tests/experiments.rs`) find it there.
//!
//! In a notebook an experiment is its settings:
//!
//! ```no_run
//! use dltheory::experiment::double_descent::DoubleDescent;
//! let report = DoubleDescent { n: 300, ..Default::default() }.run(1)?;
//! report.evcxr_display();
//! # Ok::<(), dltheory::Error>(())
//! ```

#![deny(clippy::disallowed_methods)]

mod generalisation;
mod harness;
mod initialisation;
mod interpolation;
mod kernels;
mod problems;
mod registry;
mod robustness;
mod training;

#[cfg(feature = "cli")]
pub(crate) use registry::find_in;

pub use generalisation::*;
pub use harness::*;
pub use initialisation::*;
pub use interpolation::*;
pub use kernels::*;
pub use registry::{ALL, find};
pub use robustness::*;
pub use training::*;
