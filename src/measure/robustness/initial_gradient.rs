//! The input gradient of a ReLU network before training: exact moments of its length.

use super::chi::{mean_chi, mean_halved_chi};
use crate::error::{Error, Result, check_scale, within_range};
use crate::model::Init;
use crate::model::init::Law;
use crate::stats::larger;

/// Moments of ‖∇h(x)‖ over the draw of the weights, the same at every input x ≠ 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InitialGradient {
    /// E‖∇h‖.
    pub mean: f64,
    /// E‖∇h‖².
    pub square: f64,
    /// E‖∇h‖⁴.
    pub fourth: f64,
}

impl InitialGradient {
    /// E‖∇h‖/√E‖∇h‖² ≤ 1: what the fluctuations of a finite width take from the mean. About e^{−5(L−1)/(8m)}
    /// for L − 1 hidden layers of m units.
    #[must_use]
    pub fn shrinkage(&self) -> f64 {
        self.mean / self.square.sqrt()
    }

    /// The variance of ‖∇h‖.
    #[must_use]
    pub fn variance(&self) -> f64 {
        larger(self.square - self.mean * self.mean, 0.0)
    }

    /// The variance of ‖∇h‖².
    #[must_use]
    pub fn variance_of_square(&self) -> f64 {
        larger(self.fourth - self.square * self.square, 0.0)
    }
}

/// The exact law of ‖∇h(x)‖ at initialisation, through its moments.
///
/// # Formula
/// For a network h with L layers, sizes p = m₀, m₁, …, m_{L−1}, 1 and weights N(0, v_l) (multipliers
/// squared included),
///
/// ‖∇h‖² = v₁ χ²_p · Π_{l=1}^{L−1} v_{l+1} χ²_{K_l},   K_l ~ Binomial(m_l, ½),
///
/// all factors independent. Hence E‖∇h‖² = v₁p·Π v_{l+1} m_l/2, E‖∇h‖⁴ = v₁²p(p+2)·Π v²_{l+1}(m_l² + 5m_l)/4
/// and E‖∇h‖ = √v₁ E χ_p·Π √v_{l+1} E χ_{K_l}. With v = 1/fan_in (LeCun) the second moment is 2^{−(L−1)},
/// with 2/fan_in (He) it is 2, and with the NTK scheme of the tutorial it is p: none of the three contains the width.
///
/// *Why.* Flip the sign of everything that enters unit i and of everything that leaves it: the law of the weights does
/// not change, h_i and its derivative keep their size, and the unit goes from on to off. So which units are on is a
/// set of fair coins, independent of all weights. Going back from the output, a Gaussian layer turns
/// a vector of length r, of which coins keep some coordinates, into a Gaussian vector of standard deviation √v·r.
///
/// Takes a scheme and the `sizes` from input to output, the last of which is 1. Biases that start symmetric around
/// 0 change nothing.
///
/// # Errors
/// Fewer than two sizes, a size of 0 or above 2²⁸, more than one output; a scheme whose weights are not normal, or whose
/// variances are not finite; moments beyond the range of f64.
///
/// # Reference
/// Hanin & Nica 2020, "Products of many large random matrices and gradients in deep neural networks",
/// arXiv:1812.05994, proposition 2, for the coins.
///
/// ```
/// use dltheory::measure::robustness::initial_gradient;
/// use dltheory::model::Init;
/// for width in [16, 1024] {
///     let gradient = initial_gradient(&Init::HE, &[784, width, width, 1])?;
///     assert!((gradient.square - 2.0).abs() < 1e-12); // whatever the width
/// }
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn initial_gradient(init: &Init, sizes: &[usize]) -> Result<InitialGradient> {
    let wrong = |expected: &str| {
        let got = format!("{sizes:?}");
        Err(Error::domain("the list of layer sizes", expected, got))
    };
    if sizes.len() < 2 || sizes.iter().any(|&size| size == 0 || size > 1 << 28) {
        return wrong("two or more sizes, each from 1 to 2^28");
    }
    if sizes[sizes.len() - 1] != 1 {
        return wrong("one output");
    }
    if init.law != Law::Normal {
        let got = format!("{:?}", init.law);
        return Err(Error::domain("the law of the weights", "normal", got));
    }
    let depth = sizes.len() - 1;
    let scale = |index: usize| {
        let rule = init.rule(index, depth);
        let (fan_in, fan_out) = (sizes[index], sizes[index + 1]);
        let multiplier = rule.multiplier.value(fan_in, fan_out);
        let variance = rule.variance.value(fan_in, fan_out) * multiplier * multiplier;
        let what = format!("the variance of layer {}", index + 1);
        check_scale(&what, variance).map(|()| variance)
    };
    let (p, v) = (sizes[0] as f64, scale(0)?);
    let mut mean = v.sqrt() * mean_chi(sizes[0]);
    let mut square = v * p;
    let mut fourth = v * v * p * (p + 2.0);
    for (index, size) in sizes.iter().enumerate().take(depth).skip(1) {
        let (m, v) = (*size as f64, scale(index)?);
        mean *= v.sqrt() * mean_halved_chi(*size)?;
        square *= v * m / 2.0;
        fourth *= v * v * (m * m + 5.0 * m) / 4.0;
    }
    Ok(InitialGradient {
        mean: within_range("the mean length of the gradient", mean)?,
        square: within_range("the mean square of the gradient", square)?,
        fourth: within_range("the mean fourth power of the gradient", fourth)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Mlp, MlpSettings};
    use crate::stats::Estimate;
    use crate::stats::parallel_draws;
    use ndarray::Array2;

    fn of(init: &Init, sizes: &[usize]) -> InitialGradient {
        initial_gradient(init, sizes).expect("valid")
    }

    #[test]
    fn the_three_constants() {
        for (m, depth) in [(8, 2), (32, 4), (500, 9)] {
            let mut sizes = vec![m; depth + 1];
            (sizes[0], sizes[depth]) = (50, 1);
            let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
            near(of(&Init::HE, &sizes).square, 2.0);
            near(
                of(&Init::LECUN, &sizes).square,
                0.5_f64.powi(depth as i32 - 1),
            );
            near(of(&Init::NTK, &sizes).square, 50.0);
        }
        // E‖∇h‖/√E‖∇h‖² at L = 8 as simulated elsewhere: .71, .94, .97 at m = 16, 64, 256.
        for (m, ratio, within) in [(16, 0.74, 0.04), (64, 0.935, 0.01), (256, 0.982, 0.015)] {
            let mut sizes = vec![m; 9];
            (sizes[0], sizes[8]) = (784, 1);
            let shrinkage = of(&Init::HE, &sizes).shrinkage();
            assert!((shrinkage - ratio).abs() < within, "{m}: {shrinkage}");
        }
    }

    /// Three moments against 4,000 networks, with biases and without, of a scheme with multipliers and one
    /// without: within 4.5 standard errors.
    #[test]
    fn moments_of_drawn_networks() {
        let biased = Init {
            bias_std: 0.3,
            ..Init::HE
        };
        let cases = [
            (Init::NTK_PARAMETRISED, vec![6, 5, 4, 1], false),
            (biased, vec![3, 8, 8, 8, 1], true),
            (Init::NTK, vec![7, 3, 1], false),
            (Init::LECUN, vec![4, 1], false),
        ];
        for (init, sizes, biases) in cases {
            let exact = of(&init, &sizes);
            let settings = MlpSettings {
                init,
                biases,
                ..MlpSettings::of_sizes(&sizes)
            };
            let norms = parallel_draws(4000, 1, "initial gradient", |rng| {
                let net = Mlp::new(&settings, rng)?;
                let x = Array2::from_elem((1, sizes[0]), 0.7);
                let slope = net.output_input_gradient(&x, 0)?;
                Ok(slope.iter().map(|v| v * v).sum::<f64>().sqrt())
            });
            let norms = norms.expect("valid");
            let moments = [(1, exact.mean), (2, exact.square), (4, exact.fourth)];
            for (power, want) in moments {
                let values: Vec<f64> = norms.iter().map(|r| r.powi(power)).collect();
                let estimate = Estimate::from_values(&values).expect("finite");
                assert!(
                    estimate.distance(want) < 4.5,
                    "{sizes:?} {power}: {estimate} {want}"
                );
            }
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let refused = |init: &Init, sizes: &[usize]| initial_gradient(init, sizes).is_err();
        assert!(refused(&Init::HE, &[]) && refused(&Init::HE, &[3]));
        assert!(refused(&Init::HE, &[3, 0, 1]) && refused(&Init::HE, &[3, 4, 2]));
        assert!(refused(&Init::HE, &[usize::MAX, 1]));
        let uniform = Init {
            law: Law::Uniform,
            ..Init::HE
        };
        assert!(refused(&uniform, &[3, 1]) && refused(&Init::normal(f64::NAN), &[3, 1]));
        assert!(refused(&Init::normal(1e100), &[3, 5, 5, 1]));
    }
}
