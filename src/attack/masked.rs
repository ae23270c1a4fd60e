//! Defences that hide the gradient, and the two ways around them: straight through, and in expectation.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::{Array1, Array2, ArrayRef2};
use rand_distr::{Distribution, StandardNormal};

use super::{Ascent, Objective, Victim};
use crate::error::{Error, Result, check_count, check_positive};
use crate::real::Real;
use crate::rng::stream;

/// How the derivative passes a step that has none of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backward {
    /// As it is: 0 almost everywhere.
    #[default]
    Exact,
    /// As if the step were the identity: f(q(x)) has the gradient of f at q(x).
    StraightThrough,
}

/// f(q(x)): a model behind a rounding of its inputs, pixels in \[0, 1\], to `levels` equally spaced grey levels.
///
/// # Reference
/// Athalye, Carlini & Wagner 2018, "Obfuscated gradients give a false sense of security", arXiv:1802.00420: shattered gradients, and
/// the backward pass differentiable approximation with the identity; CMSC 828W, "How to attack defenses using gradient masking?",
/// example 1.
#[derive(Clone, Copy, Debug)]
pub struct Quantised<V> {
    /// f.
    pub inner: V,
    /// Grey levels, at least 2.
    pub levels: usize,
    /// What an attack is told of the derivative.
    pub backward: Backward,
}

impl<V> Quantised<V> {
    /// q(x): every entry at the nearest of `levels` levels.
    ///
    /// # Errors
    /// Fewer than two levels.
    pub fn rounded<T: Real>(&self, x: &ArrayRef2<T>) -> Result<Array2<T>> {
        if self.levels < 2 {
            return Err(Error::domain(
                "the number of grey levels",
                "at least 2",
                self.levels,
            ));
        }
        let steps = T::of((self.levels - 1) as f64);
        Ok(x.mapv(|v| (v * steps).round() / steps))
    }
}

impl<T: Real, V: Victim<T>> Victim<T> for Quantised<V> {
    fn n_inputs(&self) -> usize {
        self.inner.n_inputs()
    }

    fn n_outputs(&self) -> usize {
        self.inner.n_outputs()
    }

    fn rows_apart(&self) -> bool {
        self.inner.rows_apart()
    }

    fn outputs(&self, x: &ArrayRef2<T>) -> Result<Array2<T>> {
        self.inner.outputs(&self.rounded(x)?)
    }

    fn ascent(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        objective: Objective,
    ) -> Result<Ascent<T>> {
        let mut ascent = self.inner.ascent(&self.rounded(x)?, y, objective)?;
        if self.backward == Backward::Exact {
            ascent.gradient.fill(T::zero());
        }
        Ok(ascent)
    }
}

/// f(x + σξ): a model that adds fresh standard normal noise ξ to its inputs at every call.
///
/// With one draw an attack sees one random gradient a step; with more, outputs, objective and gradient are means over
/// them: of the loss that is to be expected.
///
/// # Reference
/// Expectation over transformation: Athalye, Engstrom, Ilyas & Kwok 2018, "Synthesizing robust adversarial examples",
/// arXiv:1707.07397; against random defences: arXiv:1802.00420; CMSC 828W, example 2: "Just take the expectation over the
/// randomization".
#[derive(Debug)]
pub struct Randomised<V> {
    /// f.
    pub inner: V,
    /// σ.
    pub sigma: f64,
    /// Draws a call.
    pub draws: usize,
    seed: u64,
    calls: AtomicU64,
}

impl<V> Randomised<V> {
    /// The model with noise from `seed`: call number c of the same seed has the same noise.
    ///
    /// # Errors
    /// σ not positive, or no draw.
    pub fn new(inner: V, sigma: f64, draws: usize, seed: u64) -> Result<Self> {
        check_positive("the noise σ", sigma)?;
        check_count("the number of draws", draws)?;
        let calls = AtomicU64::new(0);
        Ok(Self {
            inner,
            sigma,
            draws,
            seed,
            calls,
        })
    }

    /// x + σξ for the next ξ.
    fn shaken<T: Real>(&self, x: &ArrayRef2<T>) -> Array2<T> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let mut rng = stream(self.seed, "noise of a defence", call);
        x.mapv(|v| {
            let unit: f64 = StandardNormal.sample(&mut rng);
            v + T::of(self.sigma * unit)
        })
    }

    /// For each row of `x`, `(n, d)`, the share of `draws` fresh draws that are fooled: what such a defence is worth.
    ///
    /// # Errors
    /// No draw; inputs or targets that do not suit the model.
    pub fn share_fooled<T: Real>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        objective: Objective,
        draws: usize,
    ) -> Result<Array1<f64>>
    where
        V: Victim<T>,
    {
        check_count("the number of draws", draws)?;
        let mut share = Array1::zeros(x.nrows());
        for _ in 0..draws {
            let fooled = objective.fooled(&self.inner.outputs(&self.shaken(x))?, y)?;
            for (share, fooled) in share.iter_mut().zip(fooled) {
                *share += f64::from(u8::from(fooled));
            }
        }
        Ok(share / draws as f64)
    }
}

impl<T: Real, V: Victim<T>> Victim<T> for Randomised<V> {
    fn n_inputs(&self) -> usize {
        self.inner.n_inputs()
    }

    fn n_outputs(&self) -> usize {
        self.inner.n_outputs()
    }

    /// The noise is that of a call: rows taken side by side would draw it in any order.
    fn rows_apart(&self) -> bool {
        false
    }

    fn outputs(&self, x: &ArrayRef2<T>) -> Result<Array2<T>> {
        let mut sum = self.inner.outputs(&self.shaken(x))?;
        for _ in 1..self.draws {
            sum += &self.inner.outputs(&self.shaken(x))?;
        }
        Ok(sum / T::of(self.draws as f64))
    }

    fn ascent(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        objective: Objective,
    ) -> Result<Ascent<T>> {
        let mut sum = self.inner.ascent(&self.shaken(x), y, objective)?;
        for _ in 1..self.draws {
            let next = self.inner.ascent(&self.shaken(x), y, objective)?;
            sum.values += &next.values;
            sum.gradient += &next.gradient;
            sum.outputs += &next.outputs;
        }
        let draws = T::of(self.draws as f64);
        Ok(Ascent {
            values: sum.values / draws,
            gradient: sum.gradient / draws,
            outputs: sum.outputs / draws,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::uniform_cube;
    use crate::model::{Differentiable, Loss, Mlp, MlpSettings};
    use ndarray::array;

    #[test]
    fn rounding_hides_the_gradient_and_straight_through_finds_it() {
        let rng = &mut stream(1, "masked", 0);
        let net = Mlp::new(&MlpSettings::of_sizes(&[6, 8, 3]), rng).expect("valid");
        let x = uniform_cube(2, 6, rng).expect("valid");
        let y = array![[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]];
        let inner = net.checked().expect("valid");
        let of = |levels, backward| Quantised {
            inner,
            levels,
            backward,
        };
        let objective = Objective::Loss(Loss::CrossEntropy);
        let plain = of(5, Backward::Exact)
            .ascent(&x, &y, objective)
            .expect("valid");
        assert!(plain.gradient.iter().all(|g| *g == 0.0));
        let rounded = x.mapv(|v| (4.0 * v).round() / 4.0);
        let through = of(5, Backward::StraightThrough)
            .ascent(&x, &y, objective)
            .expect("valid");
        let direct = inner.ascent(&rounded, &y, objective).expect("valid");
        assert_eq!(through, direct);
        assert_eq!(plain.values, direct.values);
        assert_eq!(
            of(5, Backward::Exact).outputs(&x).expect("valid"),
            direct.outputs
        );
        assert!(of(1, Backward::Exact).outputs(&x).is_err());
    }

    /// Of a linear model behind noise everything is known: outputs are normal, the gradient of the margin has no noise.
    #[test]
    fn many_draws_are_the_expectation() {
        let rng = &mut stream(2, "masked", 0);
        let net = Mlp::new(&MlpSettings::of_sizes(&[4, 1]), rng).expect("valid");
        let inner = net.checked().expect("valid");
        let (x, y) = (array![[0.2, 0.4, 0.6, 0.8]], array![[1.0]]);
        let clean = inner.outputs(&x).expect("valid")[[0, 0]];
        let deviation = 0.3 * net.layers[0].weights.mapv(|w| w * w).sum().sqrt();
        let many = Randomised::new(inner, 0.3, 4000, 7).expect("valid");
        let mean = many.outputs(&x).expect("valid")[[0, 0]];
        assert!((mean - clean).abs() < 6.0 * deviation / 4000_f64.sqrt());
        let one = Randomised::new(inner, 0.3, 1, 7).expect("valid");
        let (first, second) = (
            one.outputs(&x).expect("valid"),
            one.outputs(&x).expect("valid"),
        );
        assert_ne!(first, second);
        let again = Randomised::new(inner, 0.3, 1, 7).expect("valid");
        assert_eq!(first, again.outputs(&x).expect("valid"));
        let slope = one
            .ascent(&x, &y, Objective::Margin)
            .expect("valid")
            .gradient;
        assert_eq!(slope.row(0), (-&net.layers[0].weights.row(0)).view());
        // P(f + noise ≤ 0) for y = 1 is Φ(−f/deviation).
        use statrs::distribution::{ContinuousCDF, Normal};
        let exact = Normal::standard().cdf(-clean / deviation);
        let share = one
            .share_fooled(&x, &y, Objective::Margin, 4000)
            .expect("valid")[0];
        let se = (exact * (1.0 - exact) / 4000.0).sqrt();
        assert!((share - exact).abs() < 6.0 * se + 1e-9, "{share} {exact}");
        assert!(Randomised::new(inner, 0.0, 1, 7).is_err());
        assert!(Randomised::new(inner, 0.1, 0, 7).is_err());
    }
}
