//! A quadratic along its axes.

use super::Known;
use crate::error::{Error, Result, check_count, check_finite};
use crate::optimise::{Curved, Oracle};
use crate::stats::largest;

/// f(x) = ½Σλ_i(x_i − c_i)², λ_i ≥ 0.
///
/// ```
/// use dltheory::optimise::Oracle;
/// use dltheory::optimise::problem::Quadratic;
/// let bowl = Quadratic::new(vec![1.0, 4.0], vec![0.0, 1.0])?;
/// assert_eq!(bowl.value(&[2.0, 0.0])?, 0.5 * 4.0 + 0.5 * 4.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Quadratic {
    curvatures: Vec<f64>,
    minimiser: Vec<f64>,
}

impl Quadratic {
    /// With curvatures λ and minimiser c, both `(p,)`.
    ///
    /// # Errors
    /// No curvatures; one that is negative or not finite; a minimiser of another length, or not finite.
    pub fn new(curvatures: Vec<f64>, minimiser: Vec<f64>) -> Result<Self> {
        check_count("the number of curvatures", curvatures.len())?;
        check_finite("the curvatures", &curvatures)?;
        if let Some(bad) = curvatures.iter().find(|l| **l < 0.0) {
            return Err(Error::domain("a curvature", "at least 0", bad));
        }
        if minimiser.len() != curvatures.len() {
            let expected = format!("({},)", curvatures.len());
            return Err(Error::shape("the minimiser", expected, &[minimiser.len()]));
        }
        check_finite("the minimiser", &minimiser)?;
        Ok(Self {
            curvatures,
            minimiser,
        })
    }

    /// With these curvatures, least at 0.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn around_zero(curvatures: Vec<f64>) -> Result<Self> {
        let zeros = vec![0.0; curvatures.len()];
        Self::new(curvatures, zeros)
    }

    /// λ, `(p,)`.
    #[must_use]
    pub fn curvatures(&self) -> &[f64] {
        &self.curvatures
    }
}

impl Oracle for Quadratic {
    fn dimension(&self) -> usize {
        self.curvatures.len()
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let mut sum = 0.0;
        for (((g, x), c), l) in gradient
            .iter_mut()
            .zip(x)
            .zip(&self.minimiser)
            .zip(&self.curvatures)
        {
            let away = x - c;
            *g = l * away;
            sum += *g * away;
        }
        Ok(0.5 * sum)
    }
}

impl Curved for Quadratic {
    fn hessian_vector(&self, _: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        Ok(self.curvatures.iter().zip(v).map(|(l, v)| l * v).collect())
    }
}

impl Known for Quadratic {
    fn minimiser(&self) -> Option<Vec<f64>> {
        Some(self.minimiser.clone())
    }

    fn minimum(&self) -> f64 {
        0.0
    }

    fn smoothness(&self) -> f64 {
        largest(&self.curvatures)
    }
}
