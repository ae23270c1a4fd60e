//! The mean squares of a residual network, block by block.

use super::{Moment, Scatter};
use crate::error::{Result, check_count, check_scale, within_range};
use crate::model::ResidualSettings;

/// E‖x_l‖²/‖x_0‖² for l = 0 … L, `(L + 1,)`, over the weights of a [`Residual`](crate::model::Residual) network.
///
/// # Formula
/// Given the input of a block, its last weights B have mean 0 and do not depend on the features max(0, A x): in
/// ‖x + s·B max(0, A x)‖² the cross term has mean 0, and E‖x_l‖² = (1 + a)·E‖x_{l−1}‖² with a = s²g, exactly and at every
/// width. Branches that keep the mean square double it a block, He's variance triples it, a scale s = 1/√L gives
/// (1 + 1/L)^L → e.
///
/// Backward the same numbers, E‖∂(v·x_L)/∂x_{L−l}‖²/‖v‖², exactly, if v is drawn without a preferred direction: a gradient
/// never vanishes, since the shortcut alone carries it.
///
/// The scatter of one draw is exact forward. The factor of a block is (aQ/m)·χ'², noncentral with m degrees of freedom and
/// parameter m/(aQ), where Q = (2/m) Σ ξ_j z_j² is that of a ReLU layer. Backward the same holds up to terms of order 1/m².
///
/// # Errors
/// No units or blocks; a gain or a scale that is negative or not finite; numbers beyond the range of f64.
///
/// # Reference
/// Derived here. Taki 2017, arXiv:1709.02956, and Zhang, Dauphin & Ma 2019, arXiv:1901.09321, scale branches by the depth for
/// this reason.
///
/// ```
/// use dltheory::measure::propagation::predict_residual;
/// use dltheory::model::ResidualSettings;
/// let squares = predict_residual(&ResidualSettings { blocks: 3, ..ResidualSettings::default() })?;
/// assert_eq!(squares[3].mean, 8.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn predict_residual(settings: &ResidualSettings) -> Result<Vec<Moment>> {
    check_count("the number of units", settings.width)?;
    check_count("the number of blocks", settings.blocks)?;
    check_scale("the gain of a branch", settings.branch_gain)?;
    check_scale("the scale of a branch", settings.scale)?;
    let a = settings.scale * settings.scale * settings.branch_gain;
    let (second, third) = moments(a, settings.width as f64);
    let squares = (0..=settings.blocks).map(|block| {
        let blocks = block as f64;
        let mean = within_range("the mean square of a state", (1.0 + a).powf(blocks))?;
        let variance = (blocks * second.ln()).exp_m1();
        let central = (blocks * third.ln()).exp_m1() - 3.0 * variance;
        let skewness = match variance > 0.0 {
            true => central / variance.powf(1.5),
            false => 0.0,
        };
        let relative_sd = within_range("the scatter of a state", variance.sqrt())?;
        Ok(Moment {
            mean,
            scatter: Some(Scatter {
                relative_sd,
                skewness,
            }),
        })
    });
    squares.collect()
}

/// E R² and E R³ of a block's factor R, relative to E R = 1 + a and its powers.
fn moments(a: f64, m: f64) -> (f64, f64) {
    // E Q = 1, E Q², E Q³.
    let (q2, q3) = (1.0 + 5.0 / m, 1.0 + 15.0 / m + 44.0 / (m * m));
    // Given Q: κ₁ = 1 + aQ, κ₂ = (2a²Q² + 4aQ)/m, κ₃ = (8a³Q³ + 24a²Q²)/m².
    let (a2, a3) = (a * a, a * a * a);
    let second = 1.0 + 2.0 * a + a2 * q2 + (2.0 * a2 * q2 + 4.0 * a) / m;
    let third = 1.0
        + 3.0 * a
        + 3.0 * a2 * q2
        + a3 * q3
        + 3.0 * (2.0 * a2 * q2 + 4.0 * a + 2.0 * a3 * q3 + 4.0 * a2 * q2) / m
        + (8.0 * a3 * q3 + 24.0 * a2 * q2) / (m * m);
    (second / (1.0 + a).powi(2), third / (1.0 + a).powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::Residual;
    use crate::rng::stream;
    use crate::stats::Estimate;
    use ndarray::Array1;

    /// 4,000 draws of narrow networks, forward and backward: the means within 4.5 exact standard errors and what skewness
    /// adds, the scatter within 25 % (its own error needs the eighth moment), the third moment's sign.
    #[test]
    fn draws_follow_the_closed_form_at_small_width() {
        for (branch_gain, scale) in [(1.0, 1.0), (2.0, 1.0), (1.0, 0.5)] {
            let settings = ResidualSettings {
                width: 24,
                blocks: 3,
                branch_gain,
                scale,
            };
            let predicted = predict_residual(&settings).expect("valid");
            let draws = (0..4000).map(|index| {
                let rng = &mut stream(3, "residual moments", index);
                let net = Residual::new(&settings, rng).expect("valid");
                let states = net.states(&Array1::ones(24)).expect("valid");
                let v = gaussian(1, 24, rng).expect("valid").row(0).to_owned();
                let back = net.gradients(&states, &v).expect("valid");
                let square = |x: &Array1<f64>| x.dot(x);
                (square(&states[3]) / 24.0, square(&back[0]) / square(&v))
            });
            let (forward, backward): (Vec<f64>, Vec<f64>) = draws.unzip();
            let Moment { mean, scatter } = predicted[3];
            let scatter = scatter.expect("known");
            for values in [forward, backward] {
                let found = Estimate::from_values(&values).expect("finite");
                let se = scatter.relative_sd * mean / 4000_f64.sqrt();
                let off = (found.mean - mean).abs();
                assert!(
                    off < scatter.reach(4.5, 4000) * se,
                    "{branch_gain} {scale}: {found} {mean}"
                );
                assert!((found.se / se - 1.0).abs() < 0.25, "{found} {se}");
                let cubes = values
                    .iter()
                    .map(|v| ((v - mean) / (mean * scatter.relative_sd)).powi(3));
                let skewness = cubes.sum::<f64>() / 4000.0;
                assert!(
                    (skewness / scatter.skewness - 1.0).abs() < 0.6,
                    "{skewness} {scatter:?}"
                );
            }
        }
    }

    #[test]
    fn shortcuts_double_triple_or_reach_e() {
        let end = |branch_gain, scale, blocks| {
            let settings = ResidualSettings {
                width: 64,
                blocks,
                branch_gain,
                scale,
            };
            predict_residual(&settings).expect("valid")[blocks].mean
        };
        assert_eq!(
            (end(1.0, 1.0, 10), end(2.0, 1.0, 4), end(5.0, 0.0, 4)),
            (1024.0, 81.0, 1.0)
        );
        let e = end(1.0, 0.001, 1_000_000);
        assert!((e / std::f64::consts::E - 1.0).abs() < 1e-5, "{e}");
        let bad = ResidualSettings {
            scale: f64::NAN,
            ..ResidualSettings::default()
        };
        assert!(predict_residual(&bad).is_err());
    }
}
