//! Rademacher complexity: how well a class of functions can follow random signs on given inputs.

use ndarray::ArrayRef2;

use super::finite::mean_over_signs;
use crate::data::synthetic::random_signs;
use crate::error::{Error, Result, check_finite, check_scale, within_range};
use crate::stats::{Estimate, estimate, largest};

/// A ball of linear functions h(x) = w·x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LinearBall {
    /// ‖w‖₂ ≤ B.
    L2 {
        /// The radius B ≥ 0.
        radius: f64,
    },
    /// ‖w‖₁ ≤ B.
    L1 {
        /// The radius B ≥ 0.
        radius: f64,
    },
}

/// A complexity between two bounds that hold for every set of inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sandwich {
    /// The lower bound.
    pub lower: f64,
    /// The upper bound.
    pub upper: f64,
}

impl LinearBall {
    /// B.
    #[must_use]
    pub fn radius(&self) -> f64 {
        match *self {
            Self::L2 { radius } | Self::L1 { radius } => radius,
        }
    }

    /// sup_h (1/n) Σ_i σ_i h(x_i) over the ball, in closed form: the dual norm of g = Σ_i σ_i x_i.
    ///
    /// # Formula
    /// (B/n)‖g‖₂ for the ℓ2 ball, (B/n) max_j |g_j| for the ℓ1 ball.
    ///
    /// Takes inputs `x`, `(n, d)`, and `signs` σ, `(n, 1)`.
    ///
    /// # Errors
    /// Empty, non-finite or mismatched arrays; a radius that is negative or not finite; a supremum beyond the range of
    /// f64.
    pub fn supremum(&self, x: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> Result<f64> {
        self.check(x)?;
        check_signs(x, signs)?;
        self.supremum_unchecked(x, signs)
    }

    fn supremum_unchecked(&self, x: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> Result<f64> {
        let sum = x.t().dot(signs);
        let size = match self {
            Self::L2 { .. } => sum.iter().map(|g| g * g).sum::<f64>().sqrt(),
            Self::L1 { .. } => largest(sum.iter().map(|g| g.abs())),
        };
        let supremum = self.radius() * size / x.nrows() as f64;
        within_range("the supremum over the ball", supremum)
    }

    /// The empirical Rademacher complexity R = E_σ sup_h (1/n) Σ_i σ_i h(x_i), by Monte Carlo over
    /// signs with the exact supremum of each.
    ///
    /// # Errors
    /// As [`supremum`](Self::supremum); no draws.
    ///
    /// # Reference
    /// Bartlett & Mendelson 2002, "Rademacher and Gaussian complexities", JMLR 3.
    ///
    /// ```
    /// use dltheory::measure::LinearBall;
    /// use ndarray::Array2;
    /// // Orthonormal inputs: every supremum is B/√n.
    /// let r = LinearBall::L2 { radius: 3.0 }.complexity(&Array2::eye(9), 10, 1)?;
    /// assert!((r.mean - 1.0).abs() < 1e-15);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn complexity(&self, x: &ArrayRef2<f64>, draws: usize, seed: u64) -> Result<Estimate> {
        self.check(x)?;
        estimate(draws, seed, "rademacher, linear", |rng| {
            self.supremum_unchecked(x, &random_signs(x.nrows(), rng)?)
        })
    }

    /// The same expectation exactly: the mean over all 2ⁿ sign patterns.
    ///
    /// # Errors
    /// As [`supremum`](Self::supremum); n above 20.
    pub fn exact_complexity(&self, x: &ArrayRef2<f64>) -> Result<f64> {
        self.check(x)?;
        // The supremum is even in σ, so the last sign stays +1.
        mean_over_signs(x.nrows(), x.nrows() - 1, |signs| {
            self.supremum_unchecked(x, signs)
        })
    }

    /// Bounds on the complexity from the inputs' norms alone.
    ///
    /// # Formula
    /// ℓ2: (B/n)√(Σ_i‖x_i‖²) · \[1/√2, 1\]. The upper bound is Jensen's; the lower is the best constant in
    /// Khintchine's inequality for vectors.
    ///
    /// ℓ1, with columns X_j: from (B/n) max_j ‖X_j‖/√2 (one coordinate alone) to
    /// (B/n) max_j ‖X_j‖ √(2 ln 2d) (Massart's lemma for the 2d vertices of the ball).
    ///
    /// # Errors
    /// Empty or non-finite inputs; a radius that is negative or not finite; bounds beyond the range of f64.
    ///
    /// # Reference
    /// Latała & Oleszkiewicz 1994, doi:10.4064/sm-109-1-101-104; Massart 2000, "Some
    /// applications of concentration inequalities to statistics".
    pub fn bounds(&self, x: &ArrayRef2<f64>) -> Result<Sandwich> {
        self.check(x)?;
        let scale = self.radius() / x.nrows() as f64;
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let bounds = match self {
            Self::L2 { .. } => {
                let upper = scale * x.iter().map(|v| v * v).sum::<f64>().sqrt();
                Sandwich {
                    lower: half * upper,
                    upper,
                }
            }
            Self::L1 { .. } => {
                let lengths = x.columns().into_iter().map(|c| c.dot(&c).sqrt());
                let longest = largest(lengths);
                let vertices = (2.0 * x.ncols() as f64).ln();
                Sandwich {
                    lower: half * scale * longest,
                    upper: scale * longest * (2.0 * vertices).sqrt(),
                }
            }
        };
        within_range("the bound", bounds.upper)?;
        Ok(bounds)
    }

    pub(super) fn check(&self, x: &ArrayRef2<f64>) -> Result<()> {
        check_scale("the radius B", self.radius())?;
        check_inputs(x)
    }
}

/// Checks inputs `(n, d)`: some, and finite.
pub(super) fn check_inputs(x: &ArrayRef2<f64>) -> Result<()> {
    if x.is_empty() {
        return Err(Error::shape("the inputs", "at least (1, 1)", x.shape()));
    }
    check_finite("the inputs", x)
}

/// Checks signs for inputs `(n, d)`: `(n, 1)`, and finite.
pub(super) fn check_signs(x: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> Result<()> {
    if signs.dim() != (x.nrows(), 1) {
        let expected = format!("({}, 1)", x.nrows());
        return Err(Error::shape("the signs", expected, signs.shape()));
    }
    check_finite("the signs", signs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, orthonormal_rows};
    use crate::rng::stream;
    use crate::stats::larger;
    use ndarray::{Array2, array};

    #[test]
    fn monte_carlo_matches_enumeration_between_the_bounds() {
        let x = gaussian(10, 4, &mut stream(1, "rademacher", 0)).expect("valid");
        for ball in [
            LinearBall::L2 { radius: 2.0 },
            LinearBall::L1 { radius: 2.0 },
        ] {
            let exact = ball.exact_complexity(&x).expect("n = 10");
            let sampled = ball.complexity(&x, 4000, 1).expect("valid");
            assert!(
                sampled.distance(exact) < 4.0,
                "{ball:?}: {sampled:?} {exact}"
            );
            let Sandwich { lower, upper } = ball.bounds(&x).expect("valid");
            assert!(lower < exact && exact < upper, "{lower} {exact} {upper}");
        }
    }

    /// The supremum is reached by a member of the class, and no member beats it.
    #[test]
    fn the_suprema_are_suprema() {
        let rng = &mut stream(1, "rademacher", 1);
        let (x, signs) = (
            gaussian(7, 3, rng).expect("valid"),
            random_signs(7, rng).expect("valid"),
        );
        let score = |w: &Array2<f64>| (x.dot(w) * &signs).sum() / 7.0;
        let g = x.t().dot(&signs);
        let norm = g.iter().map(|v| v * v).sum::<f64>().sqrt();
        let l2 = LinearBall::L2 { radius: 1.5 }
            .supremum(&x, &signs)
            .expect("valid");
        assert!((score(&(&g * (1.5 / norm))) - l2).abs() < 1e-14);
        let l1 = LinearBall::L1 { radius: 1.5 }
            .supremum(&x, &signs)
            .expect("valid");
        let mut best = 0.0_f64;
        for j in 0..3 {
            let mut w = Array2::zeros((3, 1));
            w[[j, 0]] = 1.5 * g[[j, 0]].signum();
            best = larger(best, score(&w));
        }
        assert!((best - l1).abs() < 1e-14);
        for _ in 0..200 {
            let w = gaussian(3, 1, rng).expect("valid");
            let two = w.iter().map(|v| v * v).sum::<f64>().sqrt();
            let one = w.iter().map(|v| v.abs()).sum::<f64>();
            assert!(score(&(&w * (1.5 / two))) <= l2 && score(&(&w * (1.5 / one))) <= l1);
        }
    }

    #[test]
    fn orthonormal_inputs_have_b_over_root_n() {
        let x = orthonormal_rows(16, 20, &mut stream(1, "rademacher", 2)).expect("valid");
        let r = LinearBall::L2 { radius: 1.0 }
            .complexity(&x, 50, 1)
            .expect("valid");
        assert!((r.mean - 0.25).abs() < 1e-14 && r.se < 1e-15);
    }

    #[test]
    fn bad_input_is_an_error() {
        let x = array![[1.0], [2.0]];
        for radius in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(LinearBall::L2 { radius }.complexity(&x, 3, 1).is_err());
            assert!(LinearBall::L1 { radius }.bounds(&x).is_err());
        }
        let ball = LinearBall::L1 { radius: 1.0 };
        assert!(ball.complexity(&x, 0, 1).is_err());
        assert!(ball.complexity(&array![[f64::NAN]], 3, 1).is_err());
        assert!(ball.supremum(&x, &array![[1.0]]).is_err());
        assert!(ball.exact_complexity(&Array2::zeros((21, 1))).is_err());
        assert!(ball.exact_complexity(&Array2::zeros((0, 1))).is_err());
    }
}
