//! A two-layer network on pairs of symbols, whose first layer only looks up.

mod band;

use ndarray::{Array2, ArrayView2, s};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

pub use band::PairGradient;
use band::{BAND, Band};

use super::Activation;
use crate::data::modular::ModularSum;
use crate::engine;
use crate::error::{Error, Result, check_count, check_finite, check_scale};
use crate::real::Real;

/// The most weights a network may have: 2²⁸.
const MAX_WEIGHTS: usize = 1 << 28;

/// The network f_c(a, b) = Σ_j V_cj σ(U_aj + W_bj) on pairs of numbers 0 … p − 1.
///
/// It is a perceptron without biases on the one-hot vectors of a and b, one after the other: its first layer's product
/// picks two columns. Looking them up costs nothing, and less than half of the multiplications of a step are left.
#[derive(Clone, Debug, PartialEq)]
pub struct PairNetwork<T> {
    /// U, W and V under each other, `(3p, m)`, in row-major order: a column is a unit.
    pub weights: Array2<T>,
    /// σ.
    pub activation: Activation,
}

/// What a network makes of a list of sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairScore {
    /// The mean of (f_c − y_c)² over examples and outputs c, y one-hot.
    pub loss: f64,
    /// The share of examples whose largest output is that of their sum.
    pub accuracy: f64,
}

impl<T: Real> PairNetwork<T> {
    /// Draws a network of `width` m units for numbers below `modulus` p: entries of U and W normal with variance
    /// `size`²/2, so that U_aj + W_bj has variance `size`²; those of V with variance `size`²/m.
    ///
    /// # Errors
    /// p or m is 0; a size that is negative or not finite; more than 2²⁸ weights.
    pub fn draw(
        (modulus, width): (usize, usize),
        activation: Activation,
        size: f64,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        check_count("the modulus", modulus)?;
        check_count("the width", width)?;
        check_scale("the size of the initial weights", size)?;
        let count = modulus.checked_mul(3).and_then(|p| p.checked_mul(width));
        if count.is_none_or(|count| count > MAX_WEIGHTS) {
            return Err(Error::domain("the width", "at most 2^28 weights", width));
        }
        let weights = Array2::from_shape_fn((3 * modulus, width), |(row, _)| {
            let variance = if row < 2 * modulus { 2.0 } else { width as f64 };
            let unit: f64 = StandardNormal.sample(rng);
            T::of(size * unit / variance.sqrt())
        });
        Ok(Self {
            weights,
            activation,
        })
    }

    /// p.
    #[must_use]
    pub fn modulus(&self) -> usize {
        self.weights.nrows() / 3
    }

    /// The network of its first `units` units, or of all if it has fewer.
    #[must_use]
    pub fn first(&self, units: usize) -> Self {
        let few = self
            .weights
            .slice(s![.., ..units.min(self.weights.ncols())]);
        Self {
            weights: few.as_standard_layout().into_owned(),
            activation: self.activation,
        }
    }

    /// U, W and V, `(p, m)` each.
    #[must_use]
    pub fn parts(&self) -> [ArrayView2<'_, T>; 3] {
        let p = self.modulus();
        [0, 1, 2].map(|part| self.weights.slice(s![part * p..(part + 1) * p, ..]))
    }

    /// Loss and accuracy on `sums`.
    ///
    /// # Errors
    /// No sums; a number that is not below p; weights of another shape than `(3p, m)`, or not finite.
    pub fn score(&self, sums: &[ModularSum]) -> Result<PairScore> {
        self.check(sums)?;
        let shape = (self.modulus(), self.weights.ncols());
        let _single = engine::single_thread();
        let of_bands = sums.par_chunks(BAND).map(|sums| {
            let mut band = Band::new(sums.len(), shape);
            band.forward(self, sums);
            let right = band.right(sums);
            (band.loss(sums), right)
        });
        let of_bands: Vec<(f64, usize)> = of_bands.collect();
        let n = sums.len() as f64;
        Ok(PairScore {
            loss: of_bands.iter().map(|band| band.0).sum::<f64>() / (n * shape.0 as f64),
            accuracy: of_bands.iter().map(|band| band.1).sum::<usize>() as f64 / n,
        })
    }

    fn check(&self, sums: &[ModularSum]) -> Result<()> {
        let p = self.modulus();
        let standard = self.weights.is_standard_layout();
        if self.weights.is_empty() || !self.weights.nrows().is_multiple_of(3) || !standard {
            let expected = "(3p, m) with p and m at least 1, in row-major order";
            return Err(Error::shape("the weights", expected, self.weights.shape()));
        }
        check_finite("the weights", &self.weights)?;
        check_count("the number of sums", sums.len())?;
        let largest = |sum: &ModularSum| sum.a.max(sum.b).max(sum.c);
        match sums.iter().map(largest).find(|largest| *largest >= p) {
            Some(bad) => Err(Error::domain("a number", format!("below p = {p}"), bad)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ModularTable;
    use crate::model::mlp::Layer;
    use crate::model::{Loss, MlpOf};
    use crate::rng::stream;
    use ndarray::{Axis, concatenate};

    /// The perceptron on one-hot vectors has the same loss and gradient.
    #[test]
    fn it_is_the_perceptron_on_one_hot_vectors() {
        for activation in [Activation::Quadratic, Activation::Relu] {
            let (p, m) = (23, 9);
            let rng = &mut stream(1, "pairs", 0);
            let net = PairNetwork::<f64>::draw((p, m), activation, 0.7, rng).expect("valid");
            let sums = ModularTable::all(p).expect("valid");
            let one_hot = |places: Vec<usize>, k: usize| {
                let mut rows = Array2::<f64>::zeros((places.len(), k));
                places
                    .iter()
                    .enumerate()
                    .for_each(|(i, c)| rows[[i, *c]] = 1.0);
                rows
            };
            let of =
                |number: fn(&ModularSum) -> usize| one_hot(sums.iter().map(number).collect(), p);
            let x = concatenate![Axis(1), of(|s| s.a), of(|s| s.b)];
            let [u, w, v] = net.parts();
            let layer = |weights| Layer {
                weights,
                bias: None,
                multiplier: 1.0,
            };
            let first = concatenate![Axis(0), u, w]
                .t()
                .as_standard_layout()
                .into_owned();
            let other = MlpOf {
                layers: vec![layer(first), layer(v.to_owned())],
                activation,
            };
            let y = of(|s| s.c);
            let theirs = other.gradient(&x, &y, Loss::Mse).expect("valid");
            let mut gradient = Array2::zeros(net.weights.raw_dim());
            let mut buffers = PairGradient::new(&net, &sums).expect("valid");
            let loss = buffers.of(&net, &mut gradient);
            assert!((loss - theirs.loss).abs() < 1e-12, "{loss} {}", theirs.loss);
            let (first, second) = (&theirs.layers[0].weights, &theirs.layers[1].weights);
            let expected = concatenate![Axis(0), first.t(), second.view()];
            let error = (&gradient - &expected).mapv(f64::abs);
            assert!(error.iter().all(|e| *e < 1e-13), "{activation}: {error}");
            let score = net.score(&sums).expect("valid");
            assert!((score.loss - loss).abs() < 1e-15);
            let outputs = other.forward(&x).expect("valid");
            let wrong = crate::model::classification_error(&outputs, &y).expect("valid");
            assert!((score.accuracy - (1.0 - wrong)).abs() < 1e-12);
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let rng = &mut stream(1, "pairs", 0);
        let draw =
            |shape, size, rng: &mut _| PairNetwork::<f32>::draw(shape, Activation::Relu, size, rng);
        assert!(draw((0, 3), 1.0, rng).is_err() && draw((3, 0), 1.0, rng).is_err());
        assert!(
            draw((3, 2), f64::NAN, rng).is_err() && draw((1 << 20, 1 << 20), 1.0, rng).is_err()
        );
        let mut net = draw((3, 2), 1.0, rng).expect("valid");
        let sum = |a, b| ModularSum { a, b, c: 0 };
        assert!(net.score(&[]).is_err() && net.score(&[sum(0, 3)]).is_err());
        assert!(net.score(&[sum(2, 0)]).is_ok());
        net.weights[[0, 0]] = f32::NAN;
        assert!(net.score(&[sum(2, 0)]).is_err());
    }
}
