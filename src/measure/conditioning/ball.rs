//! What the Polyak–Łojasiewicz condition promises of gradient descent.

use ndarray::ArrayRef1;

use crate::error::{Error, Result, check_positive, check_scale};

/// The constants of a loss L ≥ 0 that is β-smooth and satisfies ½‖∇L‖² ≥ μL (the PL condition) wherever descent goes.
///
/// # Reference
/// Liu, Zhu & Belkin 2022, arXiv:2003.00307, Theorem 6; CMSC 828W, "Theorem 4.2". The sharper radius and the step of SGD
/// are derived here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlConstants {
    /// β, at least μ.
    pub beta: f64,
    /// μ > 0.
    pub mu: f64,
}

impl PlConstants {
    /// Checks the two.
    ///
    /// # Errors
    /// One is not positive and finite, or μ > β: no smooth loss has that.
    pub fn new(beta: f64, mu: f64) -> Result<Self> {
        check_positive("the smoothness β", beta)?;
        check_positive("the PL constant μ", mu)?;
        if mu > beta {
            return Err(Error::domain("the PL constant μ", "at most β", mu));
        }
        Ok(Self { beta, mu })
    }

    /// κ = β/μ.
    #[must_use]
    pub fn condition(&self) -> f64 {
        self.beta / self.mu
    }

    /// 1 − ημ: by at most this factor L shrinks in a step of gradient descent at rate `eta` ≤ 1/β.
    ///
    /// # Formula
    /// L(w − η∇L) ≤ L − η(1 − ηβ/2)‖∇L‖² ≤ L − (η/2)‖∇L‖² ≤ (1 − ημ) L.
    ///
    /// # Errors
    /// A rate that is not positive, or above 1/β.
    pub fn factor(&self, eta: f64) -> Result<f64> {
        check_positive("the learning rate", eta)?;
        if eta * self.beta > 1.0 + 1e-12 {
            return Err(Error::domain("the learning rate", "at most 1/β", eta));
        }
        Ok(1.0 - eta * self.mu)
    }

    /// R = 2√(2βL₀)/μ: gradient descent at a rate of at most 1/β from a loss L₀ = `loss` never leaves the ball of this
    /// radius around its start.
    ///
    /// # Formula
    /// β-smooth and L ≥ 0 give ‖∇L‖² ≤ 2βL, so Σ η‖∇L‖ ≤ η√(2βL₀) Σ (1 − ημ)^(t/2) ≤ 2√(2βL₀)/μ.
    ///
    /// # Errors
    /// A loss that is negative or not finite.
    pub fn radius(&self, loss: f64) -> Result<f64> {
        check_scale("the loss at the start", loss)?;
        Ok(2.0 * (2.0 * self.beta * loss).sqrt() / self.mu)
    }

    /// 2√(2L₀/μ) = R/√κ: a smaller ball that descent does not leave either.
    ///
    /// # Formula
    /// √L_t − √L_{t+1} ≥ (L_t − L_{t+1})/(2√L_t) ≥ η‖∇L‖²/(4√L_t) ≥ η‖∇L‖√(2μ)/4, by descent and PL; summed, the path is
    /// no longer than 4√L₀/√(2μ).
    ///
    /// # Errors
    /// As for [`radius`](Self::radius).
    pub fn path_length(&self, loss: f64) -> Result<f64> {
        check_scale("the loss at the start", loss)?;
        Ok(2.0 * (2.0 * loss / self.mu).sqrt())
    }

    /// η = μ/(nβb): at this rate SGD, one of n examples a step, shrinks the mean loss by 1 − ημ a step or more. `b` bounds
    /// the smoothness of each example's own loss ℓ_i, L = Σℓ_i, and all ℓ_i can be 0 at once.
    ///
    /// # Formula
    /// g = n∇ℓ_i has the mean ∇L, and E‖g‖² = nΣ‖∇ℓ_i‖² ≤ 2nbL. So E L(w − ηg) ≤ L − η‖∇L‖² + ½βη²·2nbL ≤
    /// (1 − 2ημ + η²βnb) L, and at this η the bracket is 1 − ημ.
    ///
    /// # Errors
    /// `n` or `b` is not positive.
    ///
    /// # Reference
    /// As in Bassily, Belkin & Ma 2018, arXiv:1811.02564, with the constants of a sum.
    pub fn sgd_rate(&self, n: usize, b: f64) -> Result<f64> {
        crate::error::check_count("the number of examples", n)?;
        check_positive("the smoothness of an example", b)?;
        Ok(self.mu / (n as f64 * self.beta * b))
    }
}

/// λ_max(K) + Σ|r_i| h_i: what the largest eigenvalue of the Hessian of ½‖F − y‖² is at most, r = F − y the `residual`,
/// h_i the Hessian norm of F_i; both `(n,)`.
///
/// # Formula
/// ∇²L = JᵀJ + Σ r_i ∇²F_i, and JᵀJ has the eigenvalues of K = JJᵀ and zeros.
///
/// # Errors
/// Other lengths.
pub fn squares_smoothness(
    kernel_largest: f64,
    residual: &ArrayRef1<f64>,
    hessians: &ArrayRef1<f64>,
) -> Result<f64> {
    if residual.len() != hessians.len() {
        let expected = format!("({},)", residual.len());
        return Err(Error::shape(
            "the Hessian norms",
            expected,
            hessians.shape(),
        ));
    }
    let terms = residual.iter().zip(hessians).map(|(r, h)| r.abs() * h);
    crate::error::within_range("the smoothness", kernel_largest + terms.sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On ½Σλ_i w_i² with eigenvalues from μ to β descent goes from w to 0, ‖w‖ away.
    #[test]
    fn quadratics_stay_within_both_balls() {
        let constants = PlConstants::new(2.0, 0.1).expect("valid");
        assert!((constants.condition() - 20.0).abs() < 1e-12);
        for w in [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]] {
            let [a, b]: [f64; 2] = w;
            let loss = 0.5 * (2.0 * a * a + 0.1 * b * b);
            let (outer, inner) = (constants.radius(loss), constants.path_length(loss));
            let (outer, inner) = (outer.expect("valid"), inner.expect("valid"));
            assert!(1.0 <= inner && inner < outer, "{w:?}: {inner} {outer}");
            assert!((outer / inner - 20_f64.sqrt()).abs() < 1e-12);
        }
        assert!((constants.factor(0.5).expect("1/β") - 0.95).abs() < 1e-15);
        assert!((constants.sgd_rate(5, 1.0).expect("valid") - 0.01).abs() < 1e-15);
    }

    #[test]
    fn bad_constants_are_errors() {
        for (beta, mu) in [
            (1.0, 0.0),
            (0.0, 1.0),
            (1.0, 2.0),
            (f64::NAN, 1.0),
            (1.0, f64::NAN),
        ] {
            assert!(PlConstants::new(beta, mu).is_err());
        }
        let constants = PlConstants::new(1.0, 0.5).expect("valid");
        assert!(constants.factor(1.1).is_err() && constants.factor(0.0).is_err());
        assert!(constants.radius(-1.0).is_err() && constants.path_length(f64::NAN).is_err());
        assert!(constants.sgd_rate(0, 1.0).is_err() && constants.sgd_rate(3, 0.0).is_err());
        let (r, h) = (ndarray::array![1.0, -2.0], ndarray::array![3.0, 4.0]);
        assert_eq!(squares_smoothness(5.0, &r, &h).expect("valid"), 16.0);
        assert!(squares_smoothness(5.0, &r, &ndarray::array![1.0]).is_err());
    }
}
