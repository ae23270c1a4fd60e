//! One neuron as a combination of others: the risk exactly, without a single input.

use ndarray::{Array1, ArrayRef1, ArrayRef2, Axis};

use crate::error::{Error, Result};
use crate::fit::gram_ridge;
use crate::model::Kernel;

/// The best combination of fixed neurons.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedNeurons {
    /// E(f − Σ a_j f_j)²/E f², from 0 to 1 up to rounding.
    pub risk: f64,
    /// a, `(N,)`.
    pub coefficients: Array1<f64>,
}

/// How well ReLU neurons with the `directions` w_j, `(N, d)`, can together be the neuron f(x) = max(0, w·x) with `target` w,
/// `(d,)`, over inputs whose law has no preferred direction: a sphere, or N(0, I).
///
/// # Formula
/// E f_i f_j is the arc-cosine kernel of the two directions, times a number that depends on the law of ‖x‖ alone. So the risk
/// is 1 − bᵀK⁻¹b/k for K_ij = κ(w_i, w_j), b_j = κ(w_j, w), k = κ(w, w): what a Gaussian process with the covariance κ does not
/// know of the place w after it has seen the places w_j.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; a target of length 0; a direction of length 0 or twice the same make K singular.
///
/// ```
/// use dltheory::measure::fixed_neurons;
/// use ndarray::array;
/// // max(0, x₁) and max(0, −x₁) make every linear function of x₁, and neither is any other neuron.
/// let found = fixed_neurons(&array![[1.0, 0.0], [-1.0, 0.0]], &array![1.0, 0.0])?;
/// assert!(found.risk.abs() < 1e-12 && (found.coefficients[0] - 1.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn fixed_neurons(directions: &ArrayRef2<f64>, target: &ArrayRef1<f64>) -> Result<FixedNeurons> {
    if target.iter().all(|w| *w == 0.0) {
        return Err(Error::domain("the target", "a direction", "0"));
    }
    let kernel = Kernel::ReluNngp { hidden_layers: 1 };
    let target = target.to_owned().insert_axis(Axis(0));
    let cross = kernel.matrix(directions, &target)?;
    let fit = gram_ridge(&kernel.matrix(directions, directions)?, &cross, 0.0)?;
    let explained = (&fit.dual * &cross).sum();
    Ok(FixedNeurons {
        risk: 1.0 - explained / kernel.matrix(&target, &target)?[[0, 0]],
        coefficients: fit.dual.column(0).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use crate::stats::{Estimate, larger};
    use ndarray::array;

    /// 40,000 fresh inputs: the mean square of what is left within 4.5 standard errors.
    #[test]
    fn fresh_inputs_find_the_risk() {
        let rng = &mut stream(1, "fixed neurons", 0);
        let directions = gaussian(12, 5, rng).expect("valid");
        let target = gaussian(1, 5, rng).expect("valid").row(0).to_owned();
        let found = fixed_neurons(&directions, &target).expect("valid");
        let x = gaussian(40_000, 5, rng).expect("valid");
        let neuron = |z: f64| larger(z, 0.0);
        let fitted = x.dot(&directions.t()).mapv(neuron).dot(&found.coefficients);
        let exact = x.dot(&target).mapv(neuron);
        let scale = target.dot(&target) / 2.0;
        let squares = (&exact - &fitted).mapv(|r| r * r / scale).to_vec();
        let measured = Estimate::from_values(&squares).expect("finite");
        assert!(
            measured.distance(found.risk) < 4.5,
            "{measured} {}",
            found.risk
        );
        assert!(found.risk > 0.01 && found.risk < 0.5);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(fixed_neurons(&array![[1.0, 0.0]], &array![0.0, 0.0]).is_err());
        assert!(fixed_neurons(&array![[1.0, 0.0]], &array![1.0]).is_err());
        assert!(fixed_neurons(&array![[f64::NAN, 0.0]], &array![1.0, 0.0]).is_err());
    }
}
