//! The work on bands of examples: outputs, loss, gradient.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis};
use rayon::prelude::*;

use super::PairNetwork;
use crate::data::modular::ModularSum;
use crate::engine;
use crate::error::Result;
use crate::model::Activation;
use crate::model::activation::{relu, step};
use crate::real::Real;

/// Examples that are worked on together, where no gradient is asked for.
pub(super) const BAND: usize = 512;

/// In how many bands examples are divided for a gradient, but none is shorter than [`SHORTEST`]. What bands leave is added
/// up in one order, whoever worked on them: the numbers do not depend on the number of threads.
const BANDS: usize = 8;

/// Fewer examples are not worth a gradient of their own.
const SHORTEST: usize = 256;

/// Entries of a gradient that are added up together.
const PIECE: usize = 1 << 13;

/// Why weights have slices.
const ROW_MAJOR: &str = "weights and buffers are made in row-major order";

/// Buffers for the gradient of a network's loss on the same sums, over and over.
#[derive(Debug)]
pub struct PairGradient<T> {
    sums: Vec<ModularSum>,
    /// Examples of a band; the last may have fewer.
    rows: usize,
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
        let rows = sums.len().div_ceil(BANDS).max(SHORTEST);
        Ok(Self {
            sums: sums.to_vec(),
            rows,
            bands: sums.chunks(rows).map(band).collect(),
        })
    }

    /// The loss of `net`, [`PairScore::loss`](super::PairScore::loss), and its gradient into `gradient`, `(3p, m)`. What is not finite comes as it is.
    ///
    /// # Panics
    /// `net` or `gradient` has another shape than the network these buffers were made for.
    pub fn of(&mut self, net: &PairNetwork<T>, gradient: &mut Array2<T>) -> f64 {
        let entries = (self.sums.len() * net.modulus()) as f64;
        let _single = engine::single_thread();
        let jobs = self
            .bands
            .par_iter_mut()
            .zip(self.sums.par_chunks(self.rows));
        let losses: Vec<f64> = jobs
            .map(|(band, sums)| {
                band.forward(net, sums);
                let loss = band.loss(sums);
                band.backward(net, sums, T::of(2.0 / entries));
                loss
            })
            .collect();
        let pieces = slice_mut(gradient).par_chunks_mut(PIECE).enumerate();
        pieces.for_each(|(index, piece)| {
            piece.fill(T::zero());
            for band in &self.bands {
                let own = &slice(&band.gradient.view())[index * PIECE..];
                piece.iter_mut().zip(own).for_each(|(g, own)| *g += *own);
            }
        });
        losses.iter().sum::<f64>() / entries
    }
}

/// The buffers of one band of examples.
#[derive(Debug)]
pub(super) struct Band<T> {
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
    pub(super) fn new(rows: usize, (p, m): (usize, usize)) -> Self {
        Self {
            z: Array2::zeros((rows, m)),
            h: Array2::zeros((rows, m)),
            f: Array2::zeros((rows, p)),
            gradient: Array2::zeros((3 * p, m)),
        }
    }

    /// Leaves the outputs in `f`.
    pub(super) fn forward(&mut self, net: &PairNetwork<T>, sums: &[ModularSum]) {
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
    pub(super) fn right(&self, sums: &[ModularSum]) -> usize {
        let is_right = |(f, sum): &(ndarray::ArrayView1<'_, T>, &ModularSum)| {
            let others = f.iter().enumerate().filter(|(c, _)| *c != sum.c);
            others
                .map(|(_, other)| *other)
                .all(|other| other < f[sum.c])
        };
        self.f.rows().into_iter().zip(sums).filter(is_right).count()
    }

    /// Σ (f − y)², leaving f − y, after `forward`.
    pub(super) fn loss(&mut self, sums: &[ModularSum]) -> f64 {
        let mut sum_of_squares = 0.0;
        for (mut f, sum) in self.f.rows_mut().into_iter().zip(sums) {
            f[sum.c] -= T::one();
            let (blocks, rest) = f.as_slice().expect(ROW_MAJOR).as_chunks::<16>();
            let mut lanes = [T::zero(); 16];
            for block in blocks {
                lanes.iter_mut().zip(block).for_each(|(s, f)| *s += *f * *f);
            }
            lanes[0] += rest.iter().fold(T::zero(), |s, f| s + *f * *f);
            sum_of_squares += lanes.iter().map(|s| s.as_f64()).sum::<f64>();
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
