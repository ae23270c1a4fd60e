//! Perturbation stability: how far a random small step of the input moves the output.

use ndarray::{Array2, ArrayRef2, Axis};

use super::chi::mean_chi;
use crate::data::synthetic::unit_ball;
use crate::error::{Error, Result};
use crate::measure::lipschitz::local_lipschitz;
use crate::model::Mlp;
use crate::stats::Estimate;

/// c_p = E|δ₁| for δ uniform in the unit ball of R^p: the mean size of u·δ for a unit vector u.
///
/// # Formula
/// c_p = p/(p+1) · Γ(p/2)/(√π Γ((p+1)/2)): the mean radius times the mean size of a coordinate of
/// a point of the sphere. c₁ = ½, c₇₈₄ = 0.02847, and c_p ≈ √(2/(πp)) for large p.
///
/// # Errors
/// p is 0.
pub fn ball_constant(p: usize) -> Result<f64> {
    if p == 0 {
        return Err(Error::domain("the input dimension", "at least 1", p));
    }
    let radius = p as f64 / (p as f64 + 1.0);
    Ok(radius * (2.0 / std::f64::consts::PI).sqrt() / mean_chi(p))
}

/// P(h, ε)/ε of a network on inputs, by sampling steps.
///
/// # Formula
/// P(h, ε) = E‖∇h(a)ᵀ(a − â)‖₂ with â uniform in the ball of radius ε around a. The expression is linear
/// in ε, so that P/ε does not depend on it. Each row of `x` gets `directions` steps of its own; the
/// result is the mean over rows with its standard error over rows.
///
/// Takes inputs `x`, `(n, p)`.
///
/// # Errors
/// `x` does not suit the network; no directions or more than 2³⁰ numbers of them.
///
/// # Reference
/// Zhu, Liu, Chrysos & Cevher 2022, "Robustness in deep learning: the good (width), the bad (depth), and the ugly
/// (initialization)", arXiv:2209.07263, definition 1.
pub fn perturbation_stability(
    net: &Mlp,
    x: &ArrayRef2<f64>,
    directions: usize,
    rng: &mut impl rand::Rng,
) -> Result<Estimate> {
    if directions == 0 {
        let what = "the number of directions";
        return Err(Error::domain(what, "at least 1", directions));
    }
    let jacobians = net.input_jacobian(x)?;
    let mut moved = Vec::with_capacity(x.nrows());
    for jacobian in jacobians.axis_iter(Axis(0)) {
        let steps: Array2<f64> = unit_ball(directions, x.ncols(), rng)?;
        let outputs = steps.dot(&jacobian.t());
        let sizes = outputs.rows().into_iter().map(|row| row.dot(&row).sqrt());
        moved.push(sizes.sum::<f64>() / directions as f64);
    }
    Estimate::from_values(&moved)
}

/// P(h, ε)/ε of a network with one output, without sampling steps: c_p times the mean gradient norm.
///
/// # Formula
/// A step uniform in a ball has no preferred direction, so E|∇h·(a − â)| = ε·c_p·‖∇h(a)‖ with
/// [`ball_constant`] c_p.
///
/// # Errors
/// `x`, `(n, p)`, does not suit the network, or the network has more than one output.
pub fn perturbation_stability_by_gradients(net: &Mlp, x: &ArrayRef2<f64>) -> Result<Estimate> {
    if net.n_outputs() != 1 {
        let what = "the number of outputs";
        return Err(Error::domain(what, "1", net.n_outputs()));
    }
    let norms = local_lipschitz(net, x)?;
    let constant = ball_constant(net.n_inputs())?;
    Estimate::from_values(&norms.mapv(|norm| constant * norm).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::MlpSettings;
    use crate::rng::stream;

    #[test]
    fn the_constant_of_the_ball() {
        assert!((ball_constant(1).expect("valid") - 0.5).abs() < 1e-15);
        // The disc: mean radius 2/3, mean |cos| 2/π.
        let disc = 4.0 / (3.0 * std::f64::consts::PI);
        assert!((ball_constant(2).expect("valid") - disc).abs() < 1e-15);
        assert!((ball_constant(784).expect("valid") - 0.02847).abs() < 5e-6);
        assert!(ball_constant(0).is_err() && ball_constant(usize::MAX).is_ok());
    }

    /// Steps drawn one by one against c_p‖∇h‖ on the same inputs: 400 × 200 draws, each
    /// |u·δ| with a spread of about its mean.
    #[test]
    fn sampling_agrees_with_the_closed_form() {
        let rng = &mut stream(1, "stability", 0);
        for p in [1, 2, 9] {
            let net = Mlp::new(&MlpSettings::of_sizes(&[p, 12, 12, 1]), rng).expect("valid");
            let x = gaussian(400, p, rng).expect("valid");
            let sampled = perturbation_stability(&net, &x, 200, rng).expect("valid");
            let closed = perturbation_stability_by_gradients(&net, &x).expect("valid");
            let ratio = sampled.mean / closed.mean;
            // 80,000 steps: relative error 0.8/√80,000 = 0.3 %; within 4.5 of these.
            assert!((ratio - 1.0).abs() < 0.0135, "{p}: {ratio}");
        }
    }

    #[test]
    fn several_outputs_and_bad_input() {
        let rng = &mut stream(2, "stability", 0);
        let net = Mlp::new(&MlpSettings::of_sizes(&[3, 5, 2]), rng).expect("valid");
        let x = gaussian(4, 3, rng).expect("valid");
        let most = local_lipschitz(&net, &x).expect("valid");
        let mean = perturbation_stability(&net, &x, 50, rng)
            .expect("valid")
            .mean;
        assert!(mean > 0.0 && mean <= most.sum() / 4.0);
        assert!(perturbation_stability(&net, &x, 0, rng).is_err());
        assert!(perturbation_stability_by_gradients(&net, &x).is_err());
        assert!(perturbation_stability(&net, &Array2::ones((4, 2)), 5, rng).is_err());
    }
}
