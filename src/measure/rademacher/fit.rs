//! The complexity of any class that can be trained: fit random signs and see how far it gets.

use ndarray::{Array2, ArrayRef2};

use super::ball::{LinearBall, check_inputs};
use super::network::sign;
use crate::data::synthetic::random_signs;
use crate::error::{Error, Result, check_finite, within_range};
use crate::fit::min_norm;
use crate::rng::Rng;
use crate::stats::{Estimate, estimate, largest_by};

/// Something that fits signs: given inputs and targets ±1, returns the fitted function's outputs at
/// those inputs.
///
/// Any function of the form [`SignFn`] is one; so is any named struct with settings that implements
/// it.
pub trait SignLearner: Sync {
    /// Outputs h(x_i), `(n, 1)`, of the function fitted to inputs `x`, `(n, d)`, and `signs` σ, `(n, 1)`.
    ///
    /// # Errors
    /// Whatever stops the fit; a fit that diverges should say so.
    fn outputs(&self, x: &Array2<f64>, signs: &Array2<f64>, rng: &mut Rng) -> Result<Array2<f64>>;
}

/// A plain function as a learner: it can be stored by name.
pub type SignFn = fn(&Array2<f64>, &Array2<f64>, &mut Rng) -> Result<Array2<f64>>;

impl<F> SignLearner for F
where
    F: Fn(&Array2<f64>, &Array2<f64>, &mut Rng) -> Result<Array2<f64>> + Sync,
{
    fn outputs(&self, x: &Array2<f64>, signs: &Array2<f64>, rng: &mut Rng) -> Result<Array2<f64>> {
        self(x, signs, rng)
    }
}

/// The mean of (1/n) Σ_i σ_i h_σ(x_i) over random signs σ, h_σ being what `learner` fits to σ.
///
/// It is the class's empirical Rademacher complexity where the learner always finds the best member,
/// and a lower bound where it does not. Outputs in \[−1, 1\] put it in \[−1, 1\]; 1 says that every
/// sign pattern was fitted.
///
/// # Errors
/// No inputs, non-finite inputs, no draws; a learner that fails or returns other than `(n, 1)` finite
/// outputs.
///
/// # Reference
/// Bartlett & Mendelson 2002, JMLR 3; the randomisation test of Zhang et al. 2017, "Understanding deep learning requires
/// rethinking generalization", arXiv:1611.03530.
///
/// ```
/// use dltheory::measure::{SignInterpolator, learned_complexity};
/// use dltheory::{data::synthetic::gaussian, rng::stream};
/// let x = gaussian(10, 30, &mut stream(1, "doc", 0))?; // more dimensions than inputs
/// let r = learned_complexity(&SignInterpolator, &x, 20, 1)?;
/// assert_eq!((r.mean, r.se), (1.0, 0.0));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn learned_complexity(
    learner: &dyn SignLearner,
    x: &ArrayRef2<f64>,
    draws: usize,
    seed: u64,
) -> Result<Estimate> {
    check_inputs(x)?;
    let (x, n) = (x.to_owned(), x.nrows());
    estimate(draws, seed, "rademacher, learned", |rng| {
        let signs = random_signs(n, rng)?;
        let outputs = learner.outputs(&x, &signs, rng)?;
        if outputs.dim() != (n, 1) {
            return Err(Error::shape(
                "the learner's outputs",
                format!("({n}, 1)"),
                outputs.shape(),
            ));
        }
        check_finite("the learner's outputs", &outputs)?;
        Ok((&outputs * &signs).sum() / n as f64)
    })
}

/// The sign of the minimum-norm least-squares fit, 0 counted as +1: a classifier with as many
/// parameters as inputs have dimensions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignInterpolator;

impl SignLearner for SignInterpolator {
    fn outputs(&self, x: &Array2<f64>, signs: &Array2<f64>, _: &mut Rng) -> Result<Array2<f64>> {
        let fit = min_norm(x, signs, None)?;
        Ok(x.dot(&fit.weights).mapv(sign))
    }
}

/// The best member of the ball: its outputs reach the exact supremum.
impl SignLearner for LinearBall {
    fn outputs(&self, x: &Array2<f64>, signs: &Array2<f64>, _: &mut Rng) -> Result<Array2<f64>> {
        self.check(x)?;
        let mut weights = x.t().dot(signs);
        check_finite("Σ_i σ_i x_i", &weights)?;
        match *self {
            Self::L2 { radius } => {
                let norm = weights.iter().map(|g| g * g).sum::<f64>().sqrt();
                let norm = within_range("the length of Σ_i σ_i x_i", norm)?;
                if norm > 0.0 {
                    weights *= radius / norm;
                }
            }
            Self::L1 { radius } => {
                let best = largest_by(weights.iter().enumerate(), |(_, g)| g.abs());
                let (j, sign) = best.map_or((0, 0.0), |(j, g)| (j, g.signum()));
                weights.fill(0.0);
                weights[[j, 0]] = radius * sign;
            }
        }
        Ok(x.dot(&weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;

    fn constant(x: &Array2<f64>, signs: &Array2<f64>, _: &mut Rng) -> Result<Array2<f64>> {
        let majority = if signs.sum() < 0.0 { -1.0 } else { 1.0 };
        Ok(Array2::from_elem((x.nrows(), 1), majority))
    }

    #[test]
    fn a_ball_learns_its_own_complexity() {
        let x = gaussian(12, 5, &mut stream(1, "learned", 0)).expect("valid");
        for ball in [
            LinearBall::L2 { radius: 2.0 },
            LinearBall::L1 { radius: 2.0 },
        ] {
            let learned = learned_complexity(&ball, &x, 3000, 1).expect("valid");
            assert!(learned.distance(ball.exact_complexity(&x).expect("n = 12")) < 4.0);
        }
    }

    /// Two constant functions on n = 4 inputs: E|Σσ|/4 = 3/8. A plain function is a learner.
    #[test]
    fn a_function_is_a_learner() {
        let x = gaussian(4, 1, &mut stream(1, "learned", 1)).expect("valid");
        let plain: SignFn = constant;
        for learner in [&plain as &dyn SignLearner, &constant] {
            let r = learned_complexity(learner, &x, 4000, 1).expect("valid");
            assert!(r.distance(0.375) < 4.0, "{r:?}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let x = Array2::ones((3, 2));
        assert!(learned_complexity(&SignInterpolator, &Array2::zeros((0, 2)), 3, 1).is_err());
        assert!(
            learned_complexity(
                &SignInterpolator,
                &Array2::from_elem((3, 2), f64::NAN),
                3,
                1
            )
            .is_err()
        );
        assert!(learned_complexity(&SignInterpolator, &x, 0, 1).is_err());
        let wide = |x: &Array2<f64>, _: &Array2<f64>, _: &mut Rng| Ok(x.clone());
        assert!(learned_complexity(&wide, &x, 3, 1).is_err());
        let broken = |x: &Array2<f64>, _: &Array2<f64>, _: &mut Rng| {
            Ok(Array2::from_elem((x.nrows(), 1), f64::NAN))
        };
        assert!(learned_complexity(&broken, &x, 3, 1).is_err());
    }
}
