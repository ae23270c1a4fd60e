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

mod claim;
mod claims;
mod declare;
mod files;
mod limits;
mod measured;
mod progress;
mod provenance;
mod registry;
mod report;
mod settings;
mod sizes;
mod spec;
mod study;
mod table;
mod value;

pub mod batch_norm;
pub mod class_separation;
pub mod complexity_correlation;
pub mod curve_fitting;
#[cfg(test)]
pub mod demo;
mod digit_features;
pub mod double_descent;
pub mod epoch_double_descent;
pub mod error_decomposition;
pub mod feature_maps;
pub mod gradient_flow;
pub mod isoperimetry;
pub mod kernel_vs_network;
pub mod lazy_training;
pub mod linear_double_descent;
pub mod lipschitz_bounds;
pub mod network_double_descent;
pub mod neuron_trajectories;
mod noisy_digits;
pub mod norm_curve;
pub mod ntk_convergence;
pub mod optimal_ridge;
pub mod overfitting_regimes;
pub mod perturbation_stability;
pub mod phase_diagram;
pub mod rademacher;
pub mod random_sign_capacity;
pub mod ridgeless_asymptotics;
pub mod rnn_gradients;
pub mod uniform_convergence;
pub mod variance_propagation;
mod wide_network;

pub(crate) use declare::settings;
#[cfg(test)]
pub(crate) use demo::Coin;
#[cfg(feature = "cli")]
pub(crate) use registry::find_in;

pub use claim::{Claim, Nature, Relation, Rival, Verdict};
pub use claims::Claims;
pub use files::Written;
pub use limits::{Limits, LimitsOf, NoLimits};
pub use measured::{Measured, Quantity};
pub use progress::Progress;
pub use provenance::Provenance;
pub use registry::{ALL, find};
pub use report::{Findings, Report};
pub use settings::Settings;
pub use spec::SettingSpec;
pub use study::{About, Context, Experiment, Plan, Study, run};
pub use table::{Cell, Column, Table};
pub use value::{Count, Kind, Value};
