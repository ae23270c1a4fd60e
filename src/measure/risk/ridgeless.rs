//! Least squares where n and p grow together, γ = p/n: risk and norm without a penalty.

use super::linear::{finite_but_at_pole, noise_amplification};
use crate::error::{Result, check_count, check_positive, check_scale};
use crate::stats::{larger, smaller};
/// An isotropic linear problem in which all p features are seen: x ~ N(0, I_p), y = β·x + σξ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IsotropicProblem {
    /// The squared signal r² = ‖β‖².
    pub signal: f64,
    /// The noise variance σ².
    pub noise: f64,
}

impl IsotropicProblem {
    /// The problem with σ² = 1 and r² = `snr`.
    #[must_use]
    pub fn with_snr(snr: f64) -> Self {
        Self {
            signal: snr,
            noise: 1.0,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        check_scale("the signal r²", self.signal)?;
        check_scale("the noise variance σ²", self.noise)
    }

    /// The limit of the excess risk E(ŵ·x − β·x)² as n, p → ∞ with p/n → `gamma` γ.
    ///
    /// # Formula
    /// σ²γ/(1−γ) for γ < 1; ∞ at γ = 1 (with noise); r²(1−1/γ) + σ²/(γ−1) for γ > 1. The null risk,
    /// of predicting 0, is r².
    ///
    /// # Errors
    /// γ is not positive and finite; r² or σ² is negative or not finite; a risk beyond the range of f64 elsewhere than
    /// at γ = 1.
    ///
    /// # Reference
    /// Hastie, Montanari, Rosset & Tibshirani 2022, "Surprises in high-dimensional ridgeless least squares
    /// interpolation", arXiv:1903.08560, Theorem 1.
    pub fn ridgeless_risk(&self, gamma: f64) -> Result<f64> {
        self.check()?;
        check_gamma(gamma)?;
        let bias = if gamma > 1.0 {
            self.signal * (1.0 - 1.0 / gamma)
        } else {
            0.0
        };
        let risk = bias + self.amplification(gamma);
        finite_but_at_pole("the risk", risk, gamma == 1.0)
    }

    /// The limit of ‖ŵ‖²: r² + σ²γ/(1−γ) for γ < 1, r²/γ + σ²/(γ−1) for γ > 1; it peaks at γ = 1.
    ///
    /// # Errors
    /// As [`ridgeless_risk`](Self::ridgeless_risk).
    pub fn ridgeless_norm2(&self, gamma: f64) -> Result<f64> {
        self.check()?;
        check_gamma(gamma)?;
        let norm2 = self.signal / larger(gamma, 1.0) + self.amplification(gamma);
        finite_but_at_pole("‖ŵ‖²", norm2, gamma == 1.0)
    }

    /// The exact excess risk for finite n and p, in the mean over training sets.
    ///
    /// # Formula
    /// σ²p/(n−p−1) for p ≤ n−2; r²(1−n/p) + σ²n/(p−n−1) for p ≥ n+2; ∞ between (with noise).
    ///
    /// # Errors
    /// n or p is 0; r² or σ² is negative or not finite; a risk beyond the range of f64 although it has a mean.
    ///
    /// # Reference
    /// Means of inverse Wishart matrices; Belkin, Hsu & Xu 2020, arXiv:1903.07571.
    pub fn finite_risk(&self, n: usize, p: usize) -> Result<f64> {
        self.check_counts(n, p)?;
        let bias = if p > n {
            self.signal * (1.0 - n as f64 / p as f64)
        } else {
            0.0
        };
        let risk = bias + noise_amplification(n, p, self.noise);
        finite_but_at_pole("the risk", risk, p.abs_diff(n) <= 1)
    }

    /// The exact mean of ‖ŵ‖² for finite n and p: r² min(1, n/p) plus the same variance as in
    /// [`finite_risk`](Self::finite_risk).
    ///
    /// # Errors
    /// As [`finite_risk`](Self::finite_risk).
    pub fn finite_norm2(&self, n: usize, p: usize) -> Result<f64> {
        self.check_counts(n, p)?;
        let kept = smaller(n as f64 / p as f64, 1.0);
        let norm2 = self.signal * kept + noise_amplification(n, p, self.noise);
        finite_but_at_pole("‖ŵ‖²", norm2, p.abs_diff(n) <= 1)
    }

    /// Where the risk beyond γ = 1 is least: γ = √SNR/(√SNR − 1) for SNR = r²/σ² > 1. `None` for
    /// SNR ≤ 1, where the risk falls towards r² for ever, and without noise, where it rises from
    /// γ = 1 on.
    #[must_use]
    pub fn local_minimum(&self) -> Option<f64> {
        let root = (self.signal / self.noise).sqrt();
        (root.is_finite() && root > 1.0).then(|| root / (root - 1.0))
    }

    fn check_counts(&self, n: usize, p: usize) -> Result<()> {
        self.check()?;
        check_count("the number of examples n", n)?;
        check_count("the number of features p", p)
    }

    fn amplification(&self, gamma: f64) -> f64 {
        if self.noise == 0.0 {
            0.0
        } else {
            self.noise * smaller(gamma, 1.0) / (gamma - 1.0).abs()
        }
    }
}

pub(super) fn check_gamma(gamma: f64) -> Result<()> {
    check_positive("the ratio γ = p/n", gamma)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_numbers() {
        let problem = IsotropicProblem::with_snr(5.0);
        let best = problem.local_minimum().expect("SNR > 1");
        assert!((best - 1.809).abs() < 5e-4);
        let least = problem.ridgeless_risk(best).expect("valid");
        assert!((least - 3.472).abs() < 5e-4 && least < 5.0);
        for step in [-0.01, 0.01] {
            assert!(problem.ridgeless_risk(best + step).expect("valid") > least);
        }
        let risk = |gamma| problem.ridgeless_risk(gamma).expect("valid");
        assert!((risk(0.25) - 0.333).abs() < 5e-4 && (risk(2.0) - 3.5).abs() < 1e-15);
        assert!((risk(4.0) - 4.083).abs() < 5e-4 && risk(1.0) == f64::INFINITY);
        let norm = |gamma| problem.ridgeless_norm2(gamma).expect("valid");
        assert!((norm(0.5) - 6.0).abs() < 1e-15 && (norm(2.0) - 3.5).abs() < 1e-15);
        assert_eq!(IsotropicProblem::with_snr(1.0).local_minimum(), None);
        assert_eq!(
            IsotropicProblem {
                signal: 1.0,
                noise: 0.0
            }
            .local_minimum(),
            None
        );
    }

    #[test]
    fn finite_numbers_tend_to_the_limit() {
        let problem = IsotropicProblem {
            signal: 2.0,
            noise: 0.5,
        };
        for (n, p) in [(100_000, 30_000), (100_000, 250_000)] {
            let gamma = p as f64 / n as f64;
            let limit = problem.ridgeless_risk(gamma).expect("valid");
            assert!((problem.finite_risk(n, p).expect("valid") / limit - 1.0).abs() < 1e-4);
            let limit = problem.ridgeless_norm2(gamma).expect("valid");
            assert!((problem.finite_norm2(n, p).expect("valid") / limit - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let problem = IsotropicProblem::with_snr(5.0);
        for gamma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(problem.ridgeless_risk(gamma).is_err());
            assert!(problem.ridgeless_norm2(gamma).is_err());
        }
        assert!(problem.finite_risk(0, 3).is_err() && problem.finite_risk(3, 0).is_err());
        assert!(
            IsotropicProblem::with_snr(f64::NAN)
                .ridgeless_risk(2.0)
                .is_err()
        );
        assert!(
            IsotropicProblem {
                signal: 1.0,
                noise: -1.0
            }
            .finite_risk(3, 9)
            .is_err()
        );
    }
}
