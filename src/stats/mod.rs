//! Statistics of measured numbers. Where one of them is NaN, so is what is said of them all, or it is an error: a claim
//! must not hold because an unknown number was passed over.

pub mod binomial;
pub mod extremes;
pub mod monte_carlo;
pub mod multiplicity;
pub mod power_law;
mod student;

pub use binomial::binomial_p_value;
pub use extremes::{larger, largest, largest_by, least, least_by, smaller};
pub use monte_carlo::{Estimate, mean, median, quantile};
pub(crate) use monte_carlo::{estimate, parallel_draws};
pub use multiplicity::largest_distance;
pub use power_law::{PowerLaw, exact_power_law, power_law, root_mean_square};
pub(crate) use student::student_quantile;
