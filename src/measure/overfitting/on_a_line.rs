//! What interpolating pure noise costs on a line, exactly and for every n.
//!
//! Training inputs are n independent uniform points of \[0, 1\], labels are σξ, and the risk over a uniform test point
//! is R/σ² = 1 + E Σ_i w_i(x)², where f(x) = Σ_i w_i(x) y_i. The limits n → ∞ are in
//! [`limit`](super::limit); these functions say how they are approached.

use statrs::function::exponential::integral;

use crate::error::{Error, Result, check_count, check_positive};
use crate::stats::{smaller, student_quantile};

/// R/σ² of [`piecewise_linear`](crate::fit::piecewise_linear()) interpolation: 5/3 + (2/3)/(n+1).
///
/// # Formula
/// A test point falls between two neighbours with probability (n−1)/(n+1), where E(t² + (1−t)²) = 2/3, and beyond the
/// outermost, whose single label costs 1, with probability 2/(n+1).
///
/// # Errors
/// n is below 2.
pub fn piecewise_linear_noise_risk(n: usize) -> Result<f64> {
    check_line(n)?;
    Ok(5.0 / 3.0 + 2.0 / 3.0 / (n as f64 + 1.0))
}

/// R/σ² of the ridgeless interpolant with the [`Laplace`](crate::model::Kernel::Laplace) kernel e^(−|x−x'|/s) of
/// bandwidth `bandwidth` s.
///
/// # Formula
/// The kernel is Markov: between neighbours at distance Δ, f depends on their two labels alone, with weights
/// sinh((Δ−a)/s)/sinh(Δ/s) and sinh(a/s)/sinh(Δ/s) at a from the left one; beyond the outermost the weight is
/// e^(−a/s). With u = Δ/s their squares integrate to g(Δ) = s(coth u − u/sinh² u) and e(Δ) = s(1 − e^(−2u))/2. Each of
/// the n + 1 gaps has density n(1−Δ)^(n−1), so R/σ² = 1 + (n−1) E g(Δ) + 2 E e(Δ). As n → ∞, g → 2Δ/3: the limit is 5/3.
///
/// # Errors
/// n is below 2; a bandwidth that is not a positive number.
///
/// ```
/// use dltheory::measure::laplace_noise_risk;
/// assert!((laplace_noise_risk(100_000, 0.5)? - 5.0 / 3.0).abs() < 1e-4);
/// // A narrow kernel forgets the labels between the points, and pays little for their noise.
/// assert!(laplace_noise_risk(100, 1e-4)? < 1.02);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn laplace_noise_risk(n: usize, bandwidth: f64) -> Result<f64> {
    check_line(n)?;
    check_positive("the bandwidth s", bandwidth)?;
    let inner = |gap: f64| {
        let u = gap / bandwidth;
        bandwidth
            * if u < 1e-2 {
                2.0 * u / 3.0 - 4.0 * u.powi(3) / 45.0
            } else if u > 300.0 {
                1.0 // sinh² would overflow.
            } else {
                1.0 / u.tanh() - u / u.sinh().powi(2)
            }
    };
    let outer = |gap: f64| bandwidth * -(-2.0 * gap / bandwidth).exp_m1() / 2.0;
    let n = n as f64;
    // Simpson's rule in z = nΔ, where the density is (1 − z/n)^(n−1); beyond z = 60 nothing is left. A square
    // puts more points where a narrow kernel bends.
    let end = smaller(n, 60.0);
    let steps = 4000;
    let value = |i: i32| {
        let root = f64::from(i) / f64::from(steps);
        let z = end * root * root;
        // By the logarithm: 1 − z/n rounds to 1 for large n.
        let density = ((n - 1.0) * (-z / n).ln_1p()).exp();
        let gap = z / n;
        2.0 * end * root * density * ((n - 1.0) * inner(gap) + 2.0 * outer(gap))
    };
    let weight = |i: i32| match i {
        0 => 1.0,
        i if i == steps => 1.0,
        i if i % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let sum: f64 = (0..=steps).map(|i| weight(i) * value(i)).sum();
    Ok(1.0 + sum / (3.0 * f64::from(steps)))
}

/// R/σ² of the Hilbert kernel estimate, the Nadaraya–Watson mean with weights 1/|x − x_i|.
///
/// # Formula
/// From 1/S² = ∫ t e^(−tS) dt with S = Σ 1/|x−x_i|, and ψ(t) = E e^(−t/|x−X|) = x E₂(t/x) + (1−x) E₂(t/(1−x)),
/// E₂ the exponential integral, ψ''(t) = (e^(−t/x) + e^(−t/(1−x)))/t:
///
/// R/σ² = 1 + 2n ∫₀¹ dx ∫₀^∞ dt e^(−t/x) ψ(t)^(n−1).
///
/// It tends to 1, but only like 1 + 1/ln n.
///
/// # Errors
/// n is 0.
///
/// # Reference
/// The limit: Mitra & Sire 2021, "Parameter-free statistically consistent interpolation", arXiv:2106.03354. The
/// estimate: Devroye, Györfi & Krzyżak 1998, doi:10.1006/jmva.1997.1725.
///
/// ```
/// use dltheory::measure::hilbert_noise_risk;
/// assert!((hilbert_noise_risk(1)? - 2.0).abs() < 1e-6); // one label, copied everywhere
/// assert!(hilbert_noise_risk(1000)? < hilbert_noise_risk(100)?);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn hilbert_noise_risk(n: usize) -> Result<f64> {
    check_count("the number of points n", n)?;
    let count = n as f64;
    // Trapezoids, exponentially accurate after the substitutions x = 1/(1 + e^(−s)) and t = e^τ.
    let (step_s, step_t) = (0.2, 0.1);
    let mut sum = 0.0;
    for i in -150..=150 {
        let s = step_s * f64::from(i);
        let (x, rest) = (1.0 / (1.0 + (-s).exp()), 1.0 / (1.0 + s.exp()));
        let mut inner = 0.0;
        for j in -400..=40 {
            let t = (step_t * f64::from(j)).exp();
            let decay = (-t / x).exp();
            if decay == 0.0 {
                break;
            }
            let mean = x * e2(t / x) + rest * e2(t / rest);
            inner += t * decay * mean.powf(count - 1.0);
        }
        sum += x * rest * inner;
    }
    Ok(1.0 + 2.0 * count * sum * step_s * step_t)
}

/// E₂(z) = ∫₁^∞ e^(−zt)/t² dt. For z > 1 by its continued fraction, e^(−z)/(z + 2 − 1·2/(z + 4 − 2·3/(z + 6 − …))), from behind: statrs
/// goes forward until a factor is 1 to the last bit, and gives up where rounding never lets it.
fn e2(z: f64) -> f64 {
    if z <= 1.0 {
        return integral(z, 2).expect("the series converges");
    }
    let terms = (1..=100).rev().map(f64::from);
    let fraction = terms.fold(z + 202.0, |below, k| z + 2.0 * k - k * (k + 1.0) / below);
    (-z).exp() / fraction
}

/// The median of R/σ² of the minimum-norm interpolant with p = n isotropic Gaussian features: 1 + n/t², where t is
/// the quantile of order ¾ of Student's law with n degrees of freedom. Its mean is infinite. About 1 + 2.2 n.
///
/// # Formula
/// ŵ = X⁻¹y and R/σ² = 1 + ‖ŵ‖²/σ². For fixed y, ‖y‖²/‖X⁻¹y‖² ~ χ²_(p−n+1) = χ²₁, independent of ‖y‖² ~ σ²χ²_n. So the excess is
/// χ²_n/χ²₁ = n/T² with Student's T.
///
/// # Errors
/// n is 0.
///
/// # Reference
/// Muirhead 1982, "Aspects of multivariate statistical theory", Theorem 3.2.12.
///
/// ```
/// use dltheory::measure::threshold_noise_median;
/// assert!((threshold_noise_median(1000)? / 1000.0 - 2.2).abs() < 0.01);
/// assert!((threshold_noise_median(1)? - 2.0).abs() < 1e-6); // (ξ/x)² has median 1
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn threshold_noise_median(n: usize) -> Result<f64> {
    check_count("the number of examples n", n)?;
    let quartile = student_quantile(0.75, Some(n))?;
    Ok(1.0 + n as f64 / quartile.powi(2))
}

fn check_line(n: usize) -> Result<()> {
    if n < 2 {
        return Err(Error::domain("the number of points n", "at least 2", n));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::uniform_cube;
    use crate::fit::{Weighting, kernel_ridge, nadaraya_watson, piecewise_linear};
    use crate::model::Kernel;
    use crate::rng::stream;
    use crate::stats::Estimate;
    use ndarray::Array2;

    /// 1 + mean Σ w² over draws, the weights found by fitting unit vectors.
    fn simulated(
        n: usize,
        fit: impl Fn(&Array2<f64>, &Array2<f64>, &Array2<f64>) -> Array2<f64>,
    ) -> Estimate {
        let draw = |index| {
            let rng = &mut stream(1, "noise interpolation", index);
            let (x, test) = (
                uniform_cube(n, 1, rng).expect("valid"),
                uniform_cube(50, 1, rng).expect("valid"),
            );
            let weights = fit(&x, &Array2::eye(n), &test);
            1.0 + weights.iter().map(|w| w * w).sum::<f64>() / 50.0
        };
        let values: Vec<f64> = (0..600).map(draw).collect();
        Estimate::from_values(&values).expect("draws")
    }

    /// 3.5 standard errors: by chance once in 2000 tests.
    #[track_caller]
    fn agree(measured: Estimate, predicted: f64) {
        assert!(
            measured.distance(predicted) < 3.5,
            "{measured}, not {predicted}"
        );
    }
    /// E₂(1) and E₂(2) by quadrature, −E₂' = E₁ across the change of formula, and where statrs gives up.
    #[test]
    fn the_exponential_integral_is_known_everywhere() {
        for z in [0.3, 1.0, 1.001, 2.0, 7.0] {
            let steps = 200_000;
            // t = 1/u: ∫₀¹ e^(−z/u) du.
            let at = |i: u32| (-z / ((f64::from(i) + 0.5) / f64::from(steps))).exp();
            let sum: f64 = (0..steps).map(at).sum::<f64>() / f64::from(steps);
            assert!((e2(z) / sum - 1.0).abs() < 1e-9, "{z}");
        }
        let all = (1..40_000).map(|i| f64::from(i) * 1e-3);
        let unknown = all.clone().filter(|z| integral(*z, 2).is_none()).count();
        assert!(unknown > 0, "statrs would do");
        for (a, b) in all.clone().zip(all.skip(1)) {
            assert!(e2(b) < e2(a), "{a}");
        }
    }

    #[test]
    fn formulas_match_simulation() {
        for n in [2, 5, 30] {
            let linear = simulated(n, |x, y, t| piecewise_linear(x, y, t).expect("valid"));
            agree(linear, piecewise_linear_noise_risk(n).expect("valid"));
            let hilbert = Weighting::Singular { exponent: 1.0 };
            let mean = simulated(n, |x, y, t| {
                nadaraya_watson(x, y, t, hilbert).expect("valid")
            });
            agree(mean, hilbert_noise_risk(n).expect("valid"));
            for sigma in [0.01, 0.3, 5.0] {
                let kernel = Kernel::Laplace { sigma };
                let laplace = simulated(n, |x, y, t| {
                    let fit = kernel_ridge(kernel, x, y, 0.0).expect("valid");
                    fit.predict(t).expect("valid")
                });
                agree(laplace, laplace_noise_risk(n, sigma).expect("valid"));
            }
        }
    }

    #[test]
    fn a_wide_laplace_kernel_is_piecewise_linear() {
        for n in [2, 20, 300] {
            let laplace = laplace_noise_risk(n, 1e6).expect("valid");
            assert!((laplace - piecewise_linear_noise_risk(n).expect("valid")).abs() < 1e-5);
        }
    }

    #[test]
    fn the_hilbert_estimate_is_slow() {
        let excess = |n| hilbert_noise_risk(n).expect("valid") - 1.0;
        for n in [100, 10_000, 1_000_000] {
            let scaled = excess(n) * (n as f64).ln();
            assert!((scaled - 1.0).abs() < 0.35, "n = {n}: {scaled}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(piecewise_linear_noise_risk(1).is_err() && laplace_noise_risk(0, 1.0).is_err());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(laplace_noise_risk(5, bad).is_err());
        }
        assert!(hilbert_noise_risk(0).is_err() && threshold_noise_median(0).is_err());
    }
}
