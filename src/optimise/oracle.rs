//! What a method may ask of a problem.
//!
//! Points x and gradients are slices of p numbers. A number beyond the range of f64 is returned as it comes, infinite or
//! NaN: whether that is divergence is the method's to say. An error is for what is wrong with the problem.

use crate::error::{Result, check_scale};

/// A function f on ℝᵖ with its gradient.
///
/// ```
/// use dltheory::Result;
/// use dltheory::optimise::{Oracle, SolveSettings, Unconstrained, Unseen, solve};
/// /// f(x) = ½(x₁² + 10x₂²).
/// struct Bowl;
/// impl Oracle for Bowl {
///     fn dimension(&self) -> usize {
///         2
///     }
///     fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
///         gradient.copy_from_slice(&[x[0], 10.0 * x[1]]);
///         Ok(0.5 * (x[0] * x[0] + 10.0 * x[1] * x[1]))
///     }
/// }
/// let settings = SolveSettings { rate: 0.1, steps: 300, ..SolveSettings::default() };
/// let solution = solve(&Bowl, &Unconstrained, &[1.0, 1.0], &settings, &mut Unseen)?;
/// assert!(solution.value < 1e-20);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub trait Oracle {
    /// p.
    fn dimension(&self) -> usize;

    /// f(x), and ∇f(x) into `gradient`; a subgradient where f has kinks.
    ///
    /// # Errors
    /// The problem cannot be asked at all.
    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64>;

    /// f(x).
    ///
    /// # Errors
    /// As for [`value_and_gradient`](Self::value_and_gradient).
    fn value(&self, x: &[f64]) -> Result<f64> {
        self.value_and_gradient(x, &mut vec![0.0; self.dimension()])
    }
}

/// A function f on ℝᵖ that is seen through noise: one example or a batch at a time, or an exact gradient with noise
/// added.
pub trait StochasticOracle {
    /// p.
    fn dimension(&self) -> usize;

    /// An estimate of f(x), and one of ∇f(x) into `gradient`.
    ///
    /// # Errors
    /// The problem cannot be asked at all.
    fn draw(&mut self, x: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64>;

    /// f(x) itself, without noise.
    ///
    /// # Errors
    /// As for [`draw`](Self::draw).
    fn value(&mut self, x: &[f64]) -> Result<f64>;
}

/// A value that left the range of f64 as NaN, which is the method's to judge: see the top of this file.
pub(crate) fn or_nan(computed: Result<f64>) -> Result<f64> {
    match computed {
        Err(error) if error.is_out_of_range() => Ok(f64::NAN),
        computed => computed,
    }
}

/// A convex function g with an easy proximal step, the part of an objective f + g that has no gradient. A
/// [`Set`](super::Set) is one: it is 0 inside and ∞ outside.
pub trait Prox {
    /// Checks g's own numbers, and that it is a function on ℝᵖ.
    ///
    /// # Errors
    /// They are out of their range; another dimension.
    fn fits(&self, _p: usize) -> Result<()> {
        Ok(())
    }

    /// x ← the nearest point at which g is finite.
    fn enter(&self, _x: &mut [f64]) {}

    /// x ← argmin_u g(u) + ‖u − x‖²/(2·`step`).
    fn prox(&self, x: &mut [f64], step: f64);
}

/// g = 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unconstrained;

impl Prox for Unconstrained {
    fn prox(&self, _: &mut [f64], _: f64) {}
}

/// g(x) = λ Σ|x_i|. Its proximal step moves every entry towards 0 by λ·step, and to 0 where it is nearer than that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct L1Norm {
    /// λ ≥ 0.
    pub lambda: f64,
}

impl Prox for L1Norm {
    fn fits(&self, _p: usize) -> Result<()> {
        check_scale("the weight λ of the ℓ1-norm", self.lambda)
    }

    fn prox(&self, x: &mut [f64], step: f64) {
        let threshold = self.lambda * step;
        for x in x {
            // A comparison that NaN fails leaves it.
            *x = if x.abs() <= threshold {
                0.0
            } else {
                *x - threshold.copysign(*x)
            };
        }
    }
}

/// A vector field z ↦ V(z) on ℝᵖ. Gradient descent follows −V of a gradient; players of a game follow one that is none.
pub trait Field {
    /// p.
    fn dimension(&self) -> usize;

    /// V(z) into `v`.
    ///
    /// # Errors
    /// The field cannot be asked at all.
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()>;
}

/// The field V = ∇f.
#[derive(Clone, Copy, Debug)]
pub struct GradientField<'a, O>(pub &'a O);

impl<O: Oracle> Field for GradientField<'_, O> {
    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        self.0.value_and_gradient(z, v).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The proximal point is better than its neighbours.
    #[test]
    fn soft_thresholding_is_the_proximal_step() {
        let (norm, step) = (L1Norm { lambda: 0.4 }, 0.5);
        for start in [-1.0, -0.1, 0.0, 0.15, 0.2, 3.0_f64] {
            let mut x = [start];
            norm.prox(&mut x, step);
            let cost = |u: f64| 0.4 * u.abs() + (u - start).powi(2) / (2.0 * step);
            for other in [x[0] - 1e-3, x[0] + 1e-3, start, 0.0] {
                assert!(cost(x[0]) <= cost(other) + 1e-15, "{start}: {x:?} {other}");
            }
        }
        let mut x = [f64::NAN];
        norm.prox(&mut x, step);
        assert!(x[0].is_nan());
    }
}
