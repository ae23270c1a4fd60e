//! The risk of ridge and ridgeless regression on a design with any spectrum, from one scalar κ.
//!
//! The theory treats every eigen-direction as learned by a share λ_i/(λ_i+κ); the shares must add up
//! to n. It is exact for Gaussian designs as n and the dimension grow; for kernels it
//! is an approximation that takes eigenfunctions for Gaussian numbers.

use ndarray::{Array1, ArrayRef1};

use super::linear::finite_but_at_pole;
use crate::error::{
    Error, Result, check_count, check_eigenvalues, check_finite, check_scale, within_range,
};

/// What the framework predicts for one n.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpectralRisk {
    /// The effective penalty κ ≥ 0: Σ_i λ_i/(λ_i+κ) + δ/κ = n.
    pub kappa: f64,
    /// How much the fit multiplies what it cannot learn: n/(n − Σ_i (λ_i/(λ_i+κ))²); may be ∞.
    pub amplification: f64,
    /// The test error E(y − f(x))², σ² included; may be ∞.
    pub risk: f64,
}

/// The predicted test error of the minimiser of Σ(y − w·x)² + δ‖w‖², x ~ N(0, diag λ), y = β·x + σξ.
///
/// # Formula
/// κ solves Σ_i λ_i/(λ_i+κ) + δ/κ = n. Then
/// R = n/(n − Σ_i ℒ_i²) · \[Σ_i (1−ℒ_i)² λ_i β_i² + σ²\] with ℒ_i = λ_i/(λ_i+κ).
/// Without a penalty and with at most n nonzero eigenvalues κ = 0: every direction is learned, and
/// R = σ²n/(n − p), ∞ at p = n.
///
/// Takes `eigenvalues` λ, `(p,)`, coefficients `beta` β, `(p,)`, n, the penalty `ridge` δ ≥ 0 on the sum's
/// scale, and the noise's standard deviation `sigma`.
///
/// # Errors
/// Empty, negative, non-finite or mismatched arrays; all eigenvalues 0; n is 0; a bad δ or σ; a risk beyond the range
/// of f64 elsewhere than at the interpolation threshold.
///
/// # Reference
/// Simon, Dickens, Karkada & DeWeese 2023, "The eigenlearning framework", arXiv:2110.03922; Bordelon, Canatar & Pehlevan
/// 2020, arXiv:2002.02561; Mallinar et al. 2022, arXiv:2207.06569, for pure noise.
///
/// ```
/// use dltheory::data::Spectrum;
/// use dltheory::measure::spectral_risk;
/// use ndarray::Array1;
/// // λ_i = i^−2 and pure noise: tempered, with limit σ²·2.
/// let eigenvalues = Spectrum::Power(2.0).eigenvalues(100_000)?;
/// let risk = spectral_risk(&eigenvalues, &Array1::zeros(100_000), 200, 0.0, 1.0)?.risk;
/// assert!((risk - 2.0).abs() < 0.03);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn spectral_risk(
    eigenvalues: &ArrayRef1<f64>,
    beta: &ArrayRef1<f64>,
    n: usize,
    ridge: f64,
    sigma: f64,
) -> Result<SpectralRisk> {
    check_problem(eigenvalues, beta, n, ridge, sigma)?;
    let kappa = effective_penalty(eigenvalues, n, ridge)?;
    let shares: Array1<f64> = eigenvalues.mapv(|value| share(value, kappa));
    let rest = n as f64 - shares.dot(&shares);
    // Σℒ² ≤ Σℒ ≤ n; equality, to rounding, is the interpolation threshold.
    let amplification = if rest > 1e-12 * n as f64 {
        n as f64 / rest
    } else {
        f64::INFINITY
    };
    let unlearned: f64 = shares
        .iter()
        .zip(eigenvalues)
        .zip(beta)
        .map(|((share, value), b)| (1.0 - share).powi(2) * value * b * b)
        .sum();
    let loss = within_range("σ² and what stays unlearned", unlearned + sigma * sigma)?;
    let risk = if loss == 0.0 {
        0.0
    } else {
        amplification * loss
    };
    Ok(SpectralRisk {
        kappa,
        amplification,
        risk: finite_but_at_pole("the risk", risk, amplification == f64::INFINITY)?,
    })
}

/// ℒ = λ/(λ+κ); 0 for a direction that is not there.
fn share(eigenvalue: f64, kappa: f64) -> f64 {
    if eigenvalue == 0.0 {
        0.0
    } else {
        eigenvalue / (eigenvalue + kappa)
    }
}

/// κ with Σ_i λ_i/(λ_i+κ) + δ/κ = n, by bisection on a log scale; 0 where even κ → 0 stays below n.
fn effective_penalty(eigenvalues: &ArrayRef1<f64>, n: usize, ridge: f64) -> Result<f64> {
    let n = n as f64;
    let present = eigenvalues.iter().filter(|value| **value > 0.0).count();
    if ridge == 0.0 && present as f64 <= n {
        return Ok(0.0);
    }
    let excess = |kappa: f64| {
        eigenvalues
            .iter()
            .map(|&value| share(value, kappa))
            .sum::<f64>()
            + ridge / kappa
            - n
    };
    // λ/(λ+κ) < λ/κ, so here the left side is below n.
    let mut high = (eigenvalues.sum() + ridge) / n;
    check_finite("the sum of the eigenvalues", &[high])?;
    let mut low = high;
    while excess(low) <= 0.0 {
        low *= 0.5;
        if low == 0.0 {
            return Err(Error::domain(
                "the eigenvalues",
                "more than n that f64 can tell from 0",
                n,
            ));
        }
    }
    for _ in 0..200 {
        let middle = (low * high).sqrt();
        if middle <= low || middle >= high {
            break;
        }
        if excess(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(high)
}

pub(super) fn check_problem(
    eigenvalues: &ArrayRef1<f64>,
    beta: &ArrayRef1<f64>,
    n: usize,
    ridge: f64,
    sigma: f64,
) -> Result<()> {
    check_eigenvalues(eigenvalues)?;
    if eigenvalues.iter().all(|value| *value == 0.0) {
        return Err(Error::domain("the eigenvalues", "one above 0", "all 0"));
    }
    if beta.len() != eigenvalues.len() {
        let expected = format!("({},)", eigenvalues.len());
        return Err(Error::shape("the coefficients β", expected, beta.shape()));
    }
    check_finite("the coefficients β", beta)?;
    check_count("the number of examples n", n)?;
    check_scale("the penalty δ", ridge)?;
    check_scale("the noise σ", sigma)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Decay, Spectrum};
    use crate::measure::IsotropicProblem;
    use ndarray::array;

    /// On a flat spectrum the framework is the Marchenko–Pastur theory.
    #[test]
    fn a_flat_spectrum_gives_the_isotropic_limits() {
        let problem = IsotropicProblem {
            signal: 2.0,
            noise: 0.25,
        };
        let n = 1000;
        for p in [300, 2500] {
            let ones = Spectrum::Flat.eigenvalues(p).expect("valid");
            let beta = Decay::Flat.coefficients(p, 2.0_f64.sqrt()).expect("valid");
            let gamma = p as f64 / n as f64;
            for lambda in [0.0, 0.4] {
                let ours = spectral_risk(&ones, &beta, n, lambda * n as f64, 0.5).expect("valid");
                let theirs = problem.ridge_risk(lambda, gamma).expect("valid") + 0.25;
                assert!(
                    (ours.risk - theirs).abs() < 1e-9,
                    "p = {p}, λ = {lambda}: {ours:?} {theirs}"
                );
            }
        }
    }

    #[test]
    fn power_laws_have_the_limit_alpha() {
        let pure = Array1::zeros(400_000);
        for (alpha, tolerance) in [(1.5, 0.04), (2.0, 0.02), (3.0, 0.02)] {
            let values = Spectrum::Power(alpha).eigenvalues(400_000).expect("valid");
            let risk = spectral_risk(&values, &pure, 1000, 0.0, 1.0)
                .expect("valid")
                .risk;
            assert!(
                (risk / alpha - 1.0).abs() < tolerance,
                "α = {alpha}: {risk}"
            );
        }
    }

    #[test]
    fn the_threshold_is_infinite_and_below_it_all_is_learned() {
        let ones = Spectrum::Flat.eigenvalues(10).expect("valid");
        let zero = Array1::zeros(10);
        let risk = |n| spectral_risk(&ones, &zero, n, 0.0, 1.0).expect("valid");
        assert_eq!(risk(10).risk, f64::INFINITY);
        assert_eq!((risk(20).kappa, risk(20).risk), (0.0, 2.0));
        let signal = Array1::ones(10);
        assert_eq!(
            spectral_risk(&ones, &signal, 10, 0.0, 0.0)
                .expect("valid")
                .risk,
            0.0
        );
    }

    #[test]
    fn bad_input_is_an_error() {
        let (one, zero) = (array![1.0], array![0.0]);
        assert!(spectral_risk(&one, &zero, 0, 0.0, 1.0).is_err());
        assert!(spectral_risk(&zero, &zero, 3, 0.0, 1.0).is_err());
        assert!(spectral_risk(&array![-1.0], &zero, 3, 0.0, 1.0).is_err());
        assert!(spectral_risk(&one, &array![1.0, 2.0], 3, 0.0, 1.0).is_err());
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(spectral_risk(&one, &zero, 3, bad, 1.0).is_err());
            assert!(spectral_risk(&one, &zero, 3, 0.0, bad).is_err());
            assert!(spectral_risk(&one, &array![bad], 3, 0.0, bad).is_err());
        }
    }
}
