//! The Lipschitz constant of a network by its inputs: bounds from both sides, and exactly for tiny nets.
//!
//! L = sup_x ‖J(x)‖, the largest stretch of an input step anywhere. In increasing order:
//!
//! | number | where |
//! |---|---|
//! | the stretch at given inputs | [`local_lipschitz`] |
//! | the largest stretch a search finds: a lower bound | [`lipschitz_search`] |
//! | L itself, by all linear regions of a tiny ReLU network | [`exact_lipschitz`] |
//! | a certified upper bound in time O(L²) products | [`certified_lipschitz`] |
//! | the product of the layers' norms: an upper bound | [`product_lipschitz`] |
//!
//! All but the certified bound also for steps in ℓ1 and ℓ∞, by a [`Norm`](crate::optimise::Norm). What random layers have for norms: [`gaussian_spectral_norm`]. A
//! piecewise linear interpolant: [`interpolant_lipschitz`].

mod certified;
mod exact;
mod gaussian_norm;
mod interpolant;
mod norm;
mod search;

use ndarray::{Array1, ArrayRef2, Axis};

pub use certified::{certified_lipschitz, product_lipschitz};
pub use exact::{ExactLipschitz, exact_lipschitz, exact_lipschitz_in};
pub use gaussian_norm::{gaussian_spectral_norm, product_growth};
pub use interpolant::interpolant_lipschitz;
pub use norm::{local_lipschitz_in, product_lipschitz_in};
pub use search::{LipschitzSearch, SearchSettings, lipschitz_search};

use crate::error::Result;
use crate::linalg::spectral_norm;
use crate::model::Mlp;
use crate::stats::largest;

/// ‖J(x_i)‖₂ for each row of `x`, `(n, p)`: the local Lipschitz constant, `(n,)`. With one output it is
/// the length of the input gradient.
///
/// # Errors
/// `x` does not suit the network.
pub fn local_lipschitz(net: &Mlp, x: &ArrayRef2<f64>) -> Result<Array1<f64>> {
    if net.n_outputs() == 1 {
        let slopes = net.output_input_gradient(x, 0)?;
        return Ok(slopes.map_axis(Axis(1), |row| {
            // By the largest entry first, so that no square leaves the range.
            let largest = largest(row.iter().map(|v| v.abs()));
            match largest == 0.0 {
                true => 0.0,
                false => {
                    largest
                        * row
                            .iter()
                            .map(|v| (v / largest).powi(2))
                            .sum::<f64>()
                            .sqrt()
                }
            }
        }));
    }
    let jacobians = net.input_jacobian(x)?;
    let norms = jacobians.axis_iter(Axis(0)).map(|j| spectral_norm(&j));
    norms.collect::<Result<Vec<f64>>>().map(Array1::from)
}
