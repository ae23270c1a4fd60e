//! Ridge regression where n and p grow together: the Marchenko–Pastur law gives risk and best penalty.
//!
//! The penalty scale throughout: (1/n)‖y − Xw‖² + λ‖w‖². In the sum ‖y − Xw‖² + λ'‖w‖² of
//! [`crate::fit::ridge()`] it is λ' = nλ.

use super::ridgeless::{IsotropicProblem, check_gamma};
use crate::error::{Error, Result, check_finite, check_scale};
use crate::stats::larger;

/// m(−λ) = ∫ 1/(s+λ) dF_γ(s), the Stieltjes transform of the Marchenko–Pastur law: the limit of
/// (1/p) tr(XᵀX/n + λI)⁻¹ for X, `(n, p)`, with independent entries of variance 1 and p/n → γ.
///
/// # Formula
/// m = 2/(a + √(a² + 4γλ)) with a = 1 − γ + λ. That is \[a − √(a² + 4γλ)\]/(−2γλ) without its
/// cancellation; m is the positive root of γλm² + am − 1 = 0.
///
/// # Errors
/// λ is not positive, γ is not positive, or one is not finite.
///
/// # Reference
/// Marchenko & Pastur 1967; Dobriban & Wager 2018, "High-dimensional asymptotics of prediction",
/// arXiv:1507.03003.
pub fn marchenko_pastur_stieltjes(lambda: f64, gamma: f64) -> Result<f64> {
    check_penalty(lambda)?;
    check_gamma(gamma)?;
    let m = left_out(lambda, gamma).0 / lambda;
    check_finite("m(−λ)", &[m])?;
    Ok(m)
}

/// u = λm(−λ), in \[0, 1\], the mean share of a direction that the penalty takes away, and
/// √(a² + 4γλ). Unlike m, u neither overflows nor cancels as λ → 0.
fn left_out(lambda: f64, gamma: f64) -> (f64, f64) {
    let a = 1.0 - gamma + lambda;
    let root = a.hypot(2.0 * gamma.sqrt() * lambda.sqrt());
    // The positive root of γu² + au − λ = 0, in whichever form adds.
    let u = if a >= 0.0 {
        2.0 * lambda / (a + root)
    } else {
        (root - a) / (2.0 * gamma)
    };
    (u, root)
}

/// λ²m'(−λ) = u(λ + γu)/√(a² + 4γλ), m' being the derivative by z at z = −λ, and
/// m − λm' = (1 − u)/√(a² + 4γλ).
fn bias_and_variance(lambda: f64, gamma: f64) -> Result<(f64, f64)> {
    check_penalty(lambda)?;
    check_gamma(gamma)?;
    let (u, root) = left_out(lambda, gamma);
    Ok((u * ((lambda + gamma * u) / root), (1.0 - u) / root))
}

impl IsotropicProblem {
    /// The limit of the excess risk of ridge regression as n, p → ∞ with p/n → `gamma`.
    ///
    /// # Formula
    /// r²λ²m'(−λ) + σ²γ\[m(−λ) − λm'(−λ)\]; λ = 0 gives the ridgeless limit.
    ///
    /// # Errors
    /// λ is negative, γ is not positive, or a number is not finite.
    ///
    /// # Reference
    /// Dobriban & Wager 2018, arXiv:1507.03003; Hastie et al. 2022, arXiv:1903.08560, §5.
    pub fn ridge_risk(&self, lambda: f64, gamma: f64) -> Result<f64> {
        if lambda == 0.0 {
            return self.ridgeless_risk(gamma);
        }
        self.check()?;
        let (bias, variance) = bias_and_variance(lambda, gamma)?;
        let risk = self.signal * bias + self.noise * gamma * variance;
        check_finite("the risk", &[risk])?;
        Ok(risk)
    }

    /// The limit of ‖ŵ‖²: r²\[1 − 2λm + λ²m'\] + σ²γ\[m − λm'\].
    ///
    /// # Errors
    /// As [`ridge_risk`](Self::ridge_risk).
    pub fn ridge_norm2(&self, lambda: f64, gamma: f64) -> Result<f64> {
        if lambda == 0.0 {
            return self.ridgeless_norm2(gamma);
        }
        self.check()?;
        let (bias, variance) = bias_and_variance(lambda, gamma)?;
        let kept = larger(1.0 - 2.0 * left_out(lambda, gamma).0 + bias, 0.0);
        let norm2 = self.signal * kept + self.noise * gamma * variance;
        check_finite("‖ŵ‖²", &[norm2])?;
        Ok(norm2)
    }

    /// The penalty of least risk, λ* = σ²γ/r² = σ²p/(n r²): the ratio of noise to signal per feature.
    /// ∞ without a signal.
    ///
    /// # Errors
    /// γ is not positive, or a number is negative or not finite; both r² and σ² are 0.
    pub fn optimal_penalty(&self, gamma: f64) -> Result<f64> {
        self.check()?;
        check_gamma(gamma)?;
        if self.signal == 0.0 && self.noise == 0.0 {
            return Err(Error::domain("r² and σ²", "one of them above 0", 0.0));
        }
        Ok(self.noise / self.signal * gamma)
    }

    /// The excess risk at [`optimal_penalty`](Self::optimal_penalty): σ²γ m(−λ*). It has no peak at γ = 1.
    ///
    /// # Errors
    /// As [`optimal_penalty`](Self::optimal_penalty).
    pub fn optimal_ridge_risk(&self, gamma: f64) -> Result<f64> {
        let lambda = self.optimal_penalty(gamma)?;
        if lambda == 0.0 {
            return self.ridgeless_risk(gamma);
        }
        // So strong a penalty that the fit is 0.
        if !lambda.is_finite() {
            return Ok(self.signal);
        }
        // σ²γm = r²λ*m.
        Ok(self.signal * left_out(lambda, gamma).0)
    }
}

fn check_penalty(lambda: f64) -> Result<()> {
    check_scale("the penalty λ", lambda)?;
    if lambda == 0.0 {
        return Err(Error::domain("the penalty λ", "above 0", lambda));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// ∫ 1/(s+λ) dF_γ(s) by the midpoint rule on s = c + h cos t, which smooths the edges.
    fn by_quadrature(lambda: f64, gamma: f64) -> f64 {
        let (low, high) = ((1.0 - gamma.sqrt()).powi(2), (1.0 + gamma.sqrt()).powi(2));
        let (centre, half) = ((low + high) / 2.0, (high - low) / 2.0);
        let steps = 200_000;
        let bulk: f64 = (0..steps)
            .map(|i| {
                let t = PI * (f64::from(i) + 0.5) / f64::from(steps);
                let s = centre + half * t.cos();
                (half * t.sin()).powi(2) / (2.0 * PI * gamma * s * (s + lambda))
            })
            .sum::<f64>()
            * PI
            / f64::from(steps);
        bulk + larger(1.0 - 1.0 / gamma, 0.0) / lambda
    }

    #[test]
    fn the_transform_matches_quadrature() {
        for gamma in [0.2, 0.9, 1.0, 1.1, 5.0] {
            for lambda in [0.01, 0.3, 2.0] {
                let m = marchenko_pastur_stieltjes(lambda, gamma).expect("valid");
                let want = by_quadrature(lambda, gamma);
                assert!(
                    (m / want - 1.0).abs() < 1e-6,
                    "γ = {gamma}, λ = {lambda}: {m} {want}"
                );
                // m'(z) by central differences; z = −λ.
                let at = |l| marchenko_pastur_stieltjes(l, gamma).expect("valid");
                let h = 1e-5 * lambda;
                let difference = (at(lambda - h) - at(lambda + h)) / (2.0 * h);
                let (bias, variance) = bias_and_variance(lambda, gamma).expect("valid");
                assert!((bias / (lambda * lambda * difference) - 1.0).abs() < 1e-7);
                assert!((variance / (m - lambda * difference) - 1.0).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_reference_numbers_and_no_peak() {
        let problem = IsotropicProblem::with_snr(5.0);
        let want = [
            (0.1, 0.108),
            (0.5, 0.742),
            (0.9, 1.59),
            (1.0, 1.79),
            (1.1, 1.98),
            (2.0, 3.11),
            (4.0, 4.0),
            (5.0, 4.19),
        ];
        for (gamma, want) in want {
            let risk = problem.optimal_ridge_risk(gamma).expect("valid");
            assert!((risk - want).abs() < 6e-3, "γ = {gamma}: {risk}");
        }
        assert!((problem.optimal_ridge_risk(2.0).expect("valid") - 3.108).abs() < 5e-4);
    }

    #[test]
    fn the_best_penalty_is_best_and_consistent() {
        let problem = IsotropicProblem {
            signal: 2.0,
            noise: 0.7,
        };
        for gamma in [0.3, 1.0, 3.0] {
            let lambda = problem.optimal_penalty(gamma).expect("valid");
            let risk = |l| problem.ridge_risk(l, gamma).expect("valid");
            let best = problem.optimal_ridge_risk(gamma).expect("valid");
            assert!((risk(lambda) - best).abs() < 1e-12);
            for factor in [0.9, 1.1] {
                assert!(risk(lambda * factor) > best);
            }
            if gamma != 1.0 {
                let ridgeless = problem.ridgeless_risk(gamma).expect("valid");
                assert!((risk(1e-9) / ridgeless - 1.0).abs() < 1e-6);
                let norm = problem.ridge_norm2(1e-9, gamma).expect("valid");
                assert!((norm / problem.ridgeless_norm2(gamma).expect("valid") - 1.0).abs() < 1e-6);
            }
        }
        let silent = IsotropicProblem {
            signal: 0.0,
            noise: 1.0,
        };
        assert_eq!(silent.optimal_ridge_risk(2.0).expect("valid"), 0.0);
        let clean = IsotropicProblem {
            signal: 1.0,
            noise: 0.0,
        };
        assert_eq!(clean.optimal_ridge_risk(2.0).expect("valid"), 0.5);
    }

    #[test]
    fn bad_input_is_an_error() {
        let problem = IsotropicProblem::with_snr(5.0);
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(problem.ridge_risk(bad, 2.0).is_err() && problem.ridge_risk(1.0, bad).is_err());
            assert!(marchenko_pastur_stieltjes(bad, 1.0).is_err());
        }
        assert!(marchenko_pastur_stieltjes(0.0, 1.0).is_err());
        assert!(problem.ridge_risk(0.0, 2.0).is_ok());
        assert!(
            IsotropicProblem {
                signal: 0.0,
                noise: 0.0
            }
            .optimal_penalty(1.0)
            .is_err()
        );
    }
}
