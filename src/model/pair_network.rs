//! A two-layer network on pairs of symbols, whose first layer only looks up.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use super::Activation;
use super::activation::{relu, step};
use crate::data::modular::ModularSum;
use crate::engine;
use crate::error::{Error, Result, check_count, check_finite, check_scale};
use crate::real::Real;

/// Examples that are worked on together. Sums over bands are added up in one order, whoever worked on them: the numbers do
/// not depend on the number of threads.
const BAND: usize = 512;

/// The most weights a network may have: 2²⁸.
const MAX_WEIGHTS: usize = 1 << 28;

/// Why weights have slices.
const ROW_MAJOR: &str = "weights and buffers are made in row-major order";

/// The network f_c(a, b) = Σ_j V_cj σ(U_aj + W_bj) on pairs of numbers 0 … p − 1.
///
/// It is a perceptron without biases on the one-hot vectors of a and b, one after the other: its first layer's product
/// picks two columns. Looking them up costs nothing, and less than half of the multiplications of a step are left.
#[derive(Clone, Debug, PartialEq)]
pub struct PairNetwork<T> {
    /// U, W and V under each other, `(3p, m)`: a column is a unit.
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
        if self.weights.is_empty() || !self.weights.nrows().is_multiple_of(3) {
            let expected = "(3p, m) with p and m at least 1";
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

/// Buffers for the gradient of a network's loss on the same sums, over and over.
#[derive(Debug)]
pub struct PairGradient<T> {
    sums: Vec<ModularSum>,
    bands: Vec<Band<T>>,
}

impl<T: Real> PairGradient<T> {
    /// Buffers for `net` on `sums`.
    ///
    /// # Errors
    /// As for [`PairNetwork::score`].
    pub fn new(net: &PairNetwork<T>, sums: &[ModularSum]) -> Result<Self> {
        net.check(sums)?;
        let shape = (net.modulus(), net.weights.ncols());
        let band = |sums: &[ModularSum]| Band::new(sums.len(), shape);
        Ok(Self {
            sums: sums.to_vec(),
            bands: sums.chunks(BAND).map(band).collect(),
        })
    }

    /// The loss of `net`, [`PairScore::loss`], and its gradient into `gradient`, `(3p, m)`. What is not finite comes as it is.
    ///
    /// # Panics
    /// `net` or `gradient` has another shape than the network these buffers were made for.
    pub fn of(&mut self, net: &PairNetwork<T>, gradient: &mut Array2<T>) -> f64 {
        let entries = (self.sums.len() * net.modulus()) as f64;
        let _single = engine::single_thread();
        let jobs = self.bands.par_iter_mut().zip(self.sums.par_chunks(BAND));
        let losses: Vec<f64> = jobs
            .map(|(band, sums)| {
                band.forward(net, sums);
                let loss = band.loss(sums);
                band.backward(net, sums, T::of(2.0 / entries));
                loss
            })
            .collect();
        let (first, others) = self.bands.split_at(1);
        gradient.assign(&first[0].gradient);
        others.iter().for_each(|band| *gradient += &band.gradient);
        losses.iter().sum::<f64>() / entries
    }
}

/// The buffers of one band of examples.
#[derive(Debug)]
struct Band<T> {
    /// U_a + W_b, then the derivative by it, `(rows, m)`.
    z: Array2<T>,
    /// σ of it, `(rows, m)`.
    h: Array2<T>,
    /// Outputs, then f − y, `(rows, p)`.
    f: Array2<T>,
    /// `(3p, m)`.
    gradient: Array2<T>,
}

impl<T: Real> Band<T> {
    fn new(rows: usize, (p, m): (usize, usize)) -> Self {
        Self {
            z: Array2::zeros((rows, m)),
            h: Array2::zeros((rows, m)),
            f: Array2::zeros((rows, p)),
            gradient: Array2::zeros((3 * p, m)),
        }
    }

    /// Leaves the outputs in `f`.
    fn forward(&mut self, net: &PairNetwork<T>, sums: &[ModularSum]) {
        let [u, w, v] = net.parts();
        let m = u.ncols();
        let (u, w) = (slice(&u), slice(&w));
        let rows = slice_mut(&mut self.z).chunks_exact_mut(m);
        let rows = rows.zip(slice_mut(&mut self.h).chunks_exact_mut(m));
        for ((z, h), sum) in rows.zip(sums) {
            let columns = row(u, sum.a, m).iter().zip(row(w, sum.b, m));
            for (z, (u, w)) in z.iter_mut().zip(columns) {
                *z = *u + *w;
            }
            // Each loop of its own, without a choice inside.
            let both = h.iter_mut().zip(z);
            match net.activation {
                Activation::Quadratic => both.for_each(|(h, z)| *h = *z * *z),
                Activation::Relu => both.for_each(|(h, z)| *h = relu(*z)),
                other => both.for_each(|(h, z)| *h = other.value(*z)),
            }
        }
        general_mat_mul(T::one(), &self.h, &v.t(), T::zero(), &mut self.f);
    }

    /// How many examples have their largest output at their sum, after `forward`. A NaN is never right.
    fn right(&self, sums: &[ModularSum]) -> usize {
        let is_right = |(f, sum): &(ndarray::ArrayView1<'_, T>, &ModularSum)| {
            let others = f.iter().enumerate().filter(|(c, _)| *c != sum.c);
            others
                .map(|(_, other)| *other)
                .all(|other| other < f[sum.c])
        };
        self.f.rows().into_iter().zip(sums).filter(is_right).count()
    }

    /// Σ (f − y)², leaving f − y, after `forward`.
    fn loss(&mut self, sums: &[ModularSum]) -> f64 {
        let mut sum_of_squares = 0.0;
        for (mut f, sum) in self.f.rows_mut().into_iter().zip(sums) {
            f[sum.c] -= T::one();
            let f = f.as_slice().expect(ROW_MAJOR);
            sum_of_squares += f.iter().fold(T::zero(), |s, f| s + *f * *f).as_f64();
        }
        sum_of_squares
    }

    /// Leaves `scale`·∂(½Σ (f − y)²) in `gradient`, after `loss`.
    fn backward(&mut self, net: &PairNetwork<T>, sums: &[ModularSum], scale: T) {
        let [.., v] = net.parts();
        let (p, m) = v.dim();
        let (mut first, mut last): (ArrayViewMut2<'_, T>, ArrayViewMut2<'_, T>) =
            self.gradient.view_mut().split_at(Axis(0), 2 * p);
        general_mat_mul(scale, &self.f.t(), &self.h, T::zero(), &mut last);
        // h is not wanted any more: the derivative by it.
        general_mat_mul(scale, &self.f, &v, T::zero(), &mut self.h);
        first.fill(T::zero());
        let (u, w) = first.as_slice_mut().expect(ROW_MAJOR).split_at_mut(p * m);
        let rows = slice_mut(&mut self.h).chunks_exact_mut(m);
        let rows = rows.zip(slice(&self.z.view()).chunks_exact(m));
        for ((delta, z), sum) in rows.zip(sums) {
            let both = delta.iter_mut().zip(z);
            match net.activation {
                Activation::Quadratic => both.for_each(|(d, z)| *d *= *z + *z),
                Activation::Relu => both.for_each(|(d, z)| *d *= step(*z)),
                other => both.for_each(|(d, z)| *d *= other.derivative(*z)),
            }
            for (part, number) in [(&mut *u, sum.a), (&mut *w, sum.b)] {
                let part = &mut part[number * m..(number + 1) * m];
                part.iter_mut().zip(&*delta).for_each(|(g, d)| *g += *d);
            }
        }
    }
}

fn slice<'a, T>(array: &ArrayView2<'a, T>) -> &'a [T] {
    array.to_slice().expect(ROW_MAJOR)
}

fn slice_mut<T>(array: &mut Array2<T>) -> &mut [T] {
    array.as_slice_mut().expect(ROW_MAJOR)
}

fn row<T>(numbers: &[T], index: usize, m: usize) -> &[T] {
    &numbers[index * m..(index + 1) * m]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ModularTable;
    use crate::model::mlp::Layer;
    use crate::model::{Loss, MlpOf};
    use crate::rng::stream;
    use ndarray::concatenate;

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
            let theirs = other.loss_gradient(&x, &y, Loss::Mse).expect("valid");
            let mut gradient = Array2::zeros(net.weights.raw_dim());
            let mut buffers = PairGradient::new(&net, &sums).expect("valid");
            let loss = buffers.of(&net, &mut gradient);
            assert!((loss - theirs.0).abs() < 1e-12, "{loss} {}", theirs.0);
            let (first, second) = (&theirs.1.layers[0].weights, &theirs.1.layers[1].weights);
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
