//! How long a strict saddle holds noisy descent: the law of the time to leave.

use statrs::function::erf::{erf, erf_inv, erfc};

use crate::error::{Error, Result, check_count, check_finite, check_positive, check_scale};

/// Noisy descent along the direction of curvature −1 of a saddle, from the saddle: y_{k+1} = (1 + α_k) y_k − α_k σ ξ_k,
/// ξ standard normal, and T the first k with |y_k| ≥ R.
///
/// # Formula
/// y_k is normal with variance V_k, V_0 = 0, V_{k+1} = (1 + α_k)² V_k + α_k² σ²; for constant steps
/// V_k = α²σ²((1 + α)^{2k} − 1)/((1 + α)² − 1). Outside R the drift is stronger than the noise: whatever the steps,
/// who has left is inside again at a later k with probability at most Φ(−R/σ). So
///
/// P(|y_k| < R) − Φ(−R/σ) ≤ P(T > k) ≤ P(|y_k| < R) = erf(R/√(2V_k)).
///
/// For constant steps and small ζ, P(T > k) = ζ at k = ln(R√(2/π)/(ζ s))/ln(1 + α), s² = ασ²/(2 + α): a tenth of ζ takes
/// ln 10/ln(1 + α) ≈ ln 10/α steps more.
///
/// The bound on returns: after leaving at y ≥ R, with A_k = Π 1/(1 + α_i), A_k y_k = y + a normal number of variance σ² Σ (α_i
/// A_{i+1})², and 1 − A_k = Σ α_i A_{i+1} ≥ √Σ (α_i A_{i+1})².
#[derive(Clone, Debug, PartialEq)]
pub struct EscapeLaw {
    /// √V_k for k = 0, 1, …
    deviations: Vec<f64>,
    /// σ.
    sigma: f64,
}

impl EscapeLaw {
    /// The law for the step sizes α_0, α_1, … and the noise σ.
    ///
    /// # Errors
    /// No steps; steps that are not finite or negative; a noise that is not positive.
    pub fn new(steps: &[f64], sigma: f64) -> Result<Self> {
        check_count("the number of steps", steps.len())?;
        check_finite("the steps", steps)?;
        check_positive("the noise σ", sigma)?;
        let mut deviations = vec![0.0];
        let mut deviation = 0.0_f64;
        for &alpha in steps {
            check_scale("a step", alpha)?;
            // In lengths, not squares: they overflow later.
            deviation = ((1.0 + alpha) * deviation).hypot(alpha * sigma);
            deviations.push(deviation);
        }
        Ok(Self { deviations, sigma })
    }

    /// √V_k.
    ///
    /// # Errors
    /// k is beyond the number of steps.
    pub fn deviation(&self, k: usize) -> Result<f64> {
        self.deviations.get(k).copied().ok_or_else(|| {
            let expected = format!("at most {}", self.deviations.len() - 1);
            Error::domain("the step of the deviation", expected, k)
        })
    }

    /// P(|y_k| < R), which is P(T > k) up to [`return_bound`](Self::return_bound).
    ///
    /// # Errors
    /// k is beyond the number of steps; a radius that is not positive.
    pub fn survival(&self, k: usize, radius: f64) -> Result<f64> {
        check_positive("the radius R", radius)?;
        // At k = 0 it is erf(∞) = 1.
        Ok(erf(radius / (self.deviation(k)? * std::f64::consts::SQRT_2)))
    }

    /// Φ(−R/σ).
    #[must_use]
    pub fn return_bound(&self, radius: f64) -> f64 {
        0.5 * erfc(radius / (self.sigma * std::f64::consts::SQRT_2))
    }

    /// The k, between two whole numbers, at which P(|y_k| < R) falls to ζ in (0, 1): √V_k = R/(√2 erf⁻¹(ζ)), its logarithm
    /// taken as straight between steps. None where the steps do not suffice.
    ///
    /// # Errors
    /// ζ outside (0, 1); a radius that is not positive.
    pub fn quantile(&self, zeta: f64, radius: f64) -> Result<Option<f64>> {
        check_positive("the radius R", radius)?;
        if !(zeta > 0.0 && zeta < 1.0) {
            return Err(Error::domain(
                "the share ζ still there",
                "between 0 and 1",
                zeta,
            ));
        }
        let wanted = radius / (std::f64::consts::SQRT_2 * erf_inv(zeta));
        let after = self.deviations.iter().position(|&d| d >= wanted);
        Ok(after.map(|k| match k {
            // From 0 there is no logarithm.
            0 | 1 => k as f64,
            _ => {
                let (low, high) = (self.deviations[k - 1].ln(), self.deviations[k].ln());
                k as f64 - (high - wanted.ln()) / (high - low)
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_steps_have_their_closed_form() {
        let (alpha, sigma) = (0.04_f64, 0.01);
        let law = EscapeLaw::new(&[alpha; 400], sigma).expect("valid");
        for k in [1, 10, 400] {
            let growth = (1.0 + alpha).powi(2 * k);
            let variance = (alpha * sigma).powi(2) * (growth - 1.0) / ((1.0 + alpha).powi(2) - 1.0);
            let found = law.deviation(k as usize).expect("400 steps");
            assert!((found / variance.sqrt() - 1.0).abs() < 1e-12);
        }
        let at = |zeta| {
            law.quantile(zeta, 0.1)
                .expect("valid")
                .expect("400 steps suffice")
        };
        let k = at(0.01);
        let s = sigma * (alpha / (2.0 + alpha)).sqrt();
        let formula =
            (0.1 * (2.0 / std::f64::consts::PI).sqrt() / (0.01 * s)).ln() / (1.0 + alpha).ln();
        assert!((k - formula).abs() < 0.01, "{k} {formula}");
        assert!((at(0.001) - k - 10.0_f64.ln() / (1.0 + alpha).ln()).abs() < 0.01);
        let (low, high) = (k.floor() as usize, k.ceil() as usize);
        let survival = |k| law.survival(k, 0.1).expect("valid");
        assert!(survival(low) >= 0.01 && survival(high) <= 0.01 && survival(0) == 1.0);
        assert!(law.return_bound(0.1) < 1e-22);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(EscapeLaw::new(&[], 1.0).is_err() && EscapeLaw::new(&[0.1], 0.0).is_err());
        assert!(EscapeLaw::new(&[-0.1], 1.0).is_err());
        let law = EscapeLaw::new(&[0.1], 1.0).expect("valid");
        assert!(law.deviation(2).is_err() && law.survival(1, 0.0).is_err());
        assert!(law.quantile(1.0, 1.0).is_err());
        assert_eq!(law.quantile(0.1, 1.0).expect("valid"), None);
    }
}
