//! Problems whose minimisers and constants are known: what a method's promises are tried on.
//!
//! | | f | convex |
//! |---|---|---|
//! | [`Quadratic`] | ½Σλ_i(x_i − c_i)², with any spectrum | yes |
//! | [`WorstCase`] | Nesterov's chain, on which no method of first order is fast | yes |
//! | [`Logistic`] | mean logistic loss, separable or not | yes |
//! | [`Saddle`] | ½(x² − y²) + ¼y⁴ | no |
//! | [`DoubleWell`] | ¼(x² − 1)² | no |
//! | [`Shelf`] | (1 + ‖x‖²)^(−s/2): a tail on which descent is as slow as it may be | no |
//! | [`AdamTrap`] | Reddi's online sequence, on which Adam goes to the worst point | each of its losses |
//!
//! [`Perturbed`](super::Perturbed) lets them be seen through noise.

mod adam_trap;
mod double_well;
mod logistic;
mod quadratic;
mod saddle;
mod shelf;
mod worst_case;

pub use adam_trap::{AdamTrap, Order};
pub use double_well::DoubleWell;
pub use logistic::Logistic;
pub use quadratic::Quadratic;
pub use saddle::Saddle;
pub use shelf::Shelf;
pub use worst_case::WorstCase;

use super::Oracle;

/// What is known of a problem beforehand.
pub trait Known: Oracle {
    /// A point where f is least, `(p,)`; none where it is not attained.
    fn minimiser(&self) -> Option<Vec<f64>>;

    /// f*, the greatest lower bound of f.
    fn minimum(&self) -> f64;

    /// L, the least Lipschitz constant of ∇f; ∞ where there is none.
    fn smoothness(&self) -> f64;
}

#[cfg(test)]
mod tests;
