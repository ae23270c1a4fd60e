//! Experiments: named, seeded, settable computations that return curves, a figure and claims.
//!
//! An experiment declares its [`Settings`] with `settings!` and the rows of its table with `row!`, says what it is in
//! [`About`], computes rows, and puts them together as [`Findings`]. No field is filled by position. One of moderate size is
//! one file; [`norm_bound_growth`] is the one to copy:
//!
//! ```text
//! settings! {
//!     /// Settings of `mean_of_many`.
//!     pub struct MeanOfMany {
//!         /// Numbers n a mean is taken of.
//!         sizes: Vec<usize> = vec![10, 100, 1000], in 1..=100_000;
//!         /// Means at each n.
//!         draws: usize = 400, quick 100, in 20..=100_000;
//!     }
//! }
//!
//! row! {
//!     /// The means of n numbers.
//!     struct Point {
//!         /// numbers a mean is taken of
//!         n: usize;
//!         /// mean square of a mean, over draws
//!         square: Estimate, unit "label²", and square_se "its standard error";
//!         /// the same by theory
//!         exact: f64, unit "label²";
//!     }
//! }
//!
//! impl Study for MeanOfMany {
//!     const ABOUT: About = About { id: "mean_of_many", …, columns: Point::COLUMNS };
//!
//!     fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
//!         let squares = context.sweep("means", &self.sizes, self.draws, seed, |&n, draw| {
//!             Ok(mean_of(n, &mut draw.rng("numbers"))?.powi(2))
//!         })?;
//!         let points = …;
//!         Ok(Findings::of(&points)
//!             .claim(Claim::equals("the mean square falls as 1/n: slope", -1.0, slope, tolerance))
//!             .against(0.0, "no fall at all")
//!             .measured_as("slope")
//!             .figure(figure(&points)))
//!     }
//! }
//!
//! fn figure(points: &[Point]) -> Figure {
//!     Figure::new("…").panel(
//!         Panel::new("n", "mean square")
//!             .line_of("1/n", points, |p| p.n as f64, |p| p.exact)
//!             .points_of("measured", points, |p| p.n as f64, |p| p.square.mean)
//!             .error_bars_of(points, |p| p.square.bar(2.0)),
//!     )
//! }
//! ```
//!
//! A larger one is a folder, as [`linear_double_descent`] is. A file uses those before it and none after it:
//! `NAME/settings.rs` (`settings!`), one file a computation, each with the rows and results it makes, `NAME/figure.rs`,
//! `NAME/findings.rs` (numbers and claims), and last `NAME.rs` with `impl Study`, which calls them.
//!
//! Parallel work goes through [`Context::each`], [`Context::draws`] or [`Context::sweep`]: results in order, progress told,
//! linear algebra on one thread, random numbers from a stream of the draw. Problems that experiments share are in `problems/`;
//! what all stand on is in `harness/`, which knows none of them.
//!
//! To add one: write the file in the folder of its theme, name it with `pub mod` in that folder's `mod.rs`, and give it its
//! line in `registry.rs`. The command line and the tests that every experiment must pass (`tests/experiments.rs`) find it there.
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

mod attacks;
mod games;
mod generalisation;
mod harness;
mod initialisation;
mod interpolation;
mod kernels;
mod optimisation;
mod overparameterised;
mod problems;
mod registry;
mod robustness;
mod training;
mod transport;

#[cfg(feature = "cli")]
pub(crate) use registry::find_in;

pub use attacks::*;
pub use games::*;
pub use generalisation::*;
pub use harness::*;
pub use initialisation::*;
pub use interpolation::*;
pub use kernels::*;
pub use optimisation::*;
pub use overparameterised::*;
pub use registry::{ALL, find};
pub use robustness::*;
pub use training::*;
pub use transport::*;
