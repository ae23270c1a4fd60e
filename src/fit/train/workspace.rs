//! One batch forward and backward in buffers that are made once.
//!
//! The formulas are those of [`MlpOf::gradient`]; a test holds the two against each other. Here
//! nothing is allocated in a step, bias and activation take one pass over what a product left,
//! pre-activations are kept only where σ' needs them, and long passes are shared out to threads.

use ndarray::linalg::{general_mat_mul, general_mat_vec_mul};
use ndarray::{Array1, Array2, s};

use super::threads::Threads;
use crate::model::activation::{relu, step};
use crate::model::loss::{TargetKind, mistakes};
use crate::model::mlp::{LayerGradient, MlpOf, Real};
use crate::model::{Activation, Loss};

/// Inputs `(n, d)` and targets `(n, k)` row after row.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a, T> {
    pub(super) x: &'a [T],
    pub(super) y: &'a [T],
}

/// Buffers for batches of up to `capacity` examples, of which the first `rows` are in use.
pub(super) struct Workspace<T> {
    rows: usize,
    /// Inputs, `(capacity, d)`, and targets, `(capacity, k)`.
    x: Array2<T>,
    y: Array2<T>,
    /// z_l of the hidden layers, `(capacity, m_l)`, only for activations that need it.
    z: Vec<Array2<T>>,
    /// h_1 … h_L, `(capacity, m_l)`.
    h: Vec<Array2<T>>,
    /// δ_1 … δ_L, `(capacity, m_l)`.
    delta: Vec<Array2<T>>,
    /// `(capacity,)`, to sum over examples by a product.
    ones: Array1<T>,
    threads: Threads,
}

impl<T: Real> Workspace<T> {
    /// Buffers for a network whose layers fit each other.
    pub(super) fn new(net: &MlpOf<T>, capacity: usize) -> Self {
        let outputs: Vec<usize> = net.layers.iter().map(|l| l.weights.nrows()).collect();
        let zeros = |m: usize| Array2::zeros((capacity, m));
        let needs_z = net.activation == Activation::Quadratic;
        let hidden = outputs[..outputs.len() - 1].iter().filter(|_| needs_z);
        Self {
            rows: 0,
            x: zeros(net.n_inputs()),
            y: zeros(net.n_outputs()),
            z: hidden.map(|m| zeros(*m)).collect(),
            h: outputs.iter().map(|m| zeros(*m)).collect(),
            delta: outputs.iter().map(|m| zeros(*m)).collect(),
            ones: Array1::ones(capacity),
            threads: Threads::with_blas(),
        }
    }

    pub(super) fn capacity(&self) -> usize {
        self.x.nrows()
    }

    /// Copies the rows with these indices, at most `capacity`, into the buffers.
    pub(super) fn load(&mut self, data: Rows<'_, T>, indices: &[usize]) {
        self.rows = indices.len();
        for (from, to) in [(data.x, &mut self.x), (data.y, &mut self.y)] {
            let m = to.ncols();
            let to = front(to, self.rows);
            self.threads.rows(to, m, &|first, to: &mut [T]| {
                for (to, index) in to.chunks_exact_mut(m).zip(&indices[first..]) {
                    to.copy_from_slice(&from[index * m..(index + 1) * m]);
                }
            });
        }
    }

    /// Computes h_1 … h_L of the loaded rows.
    pub(super) fn forward(&mut self, net: &MlpOf<T>) {
        let last = net.layers.len() - 1;
        let (used, threads) = (s![..self.rows, ..], self.threads);
        for (index, layer) in net.layers.iter().enumerate() {
            let (before, after) = self.h.split_at_mut(index);
            let input = before.last().unwrap_or(&self.x).slice(used);
            let h = &mut after[0];
            let z = match self.z.get_mut(index) {
                Some(z) => z,
                None => &mut *h,
            };
            let weights = layer.weights.t();
            let product = &mut z.slice_mut(used);
            general_mat_mul(layer.multiplier, &input, &weights, T::zero(), product);
            let bias = layer.bias.as_ref().and_then(|b| b.as_slice());
            let (z, m) = (front(z, self.rows), weights.ncols());
            match net.activation {
                Activation::Relu if index < last => add_and_map(threads, z, m, bias, relu),
                Activation::Tanh if index < last => add_and_map(threads, z, m, bias, |z| z.tanh()),
                _ if bias.is_some() => add_and_map(threads, z, m, bias, |z| z),
                _ => {}
            }
            if let Some(z) = self.z.get_mut(index) {
                let squares = front(h, self.rows).iter_mut().zip(front(z, self.rows));
                squares.for_each(|(h, z)| *h = *z * *z);
            }
        }
    }

    /// The mean loss of the loaded rows after [`forward`](Self::forward); leaves its derivative by
    /// the outputs in δ_L.
    pub(super) fn loss(&mut self, loss: Loss) -> f64 {
        let (rows, k) = (self.rows, self.y.ncols());
        let last = self.h.len() - 1;
        let weight = T::one() / T::of(rows as f64);
        let (f, y) = (front(&mut self.h[last], rows), front(&mut self.y, rows));
        loss.rows(k, f, y, front(&mut self.delta[last], rows), weight) / rows as f64
    }

    /// How many of the loaded rows are classified wrongly.
    pub(super) fn mistakes(&mut self, kind: TargetKind) -> usize {
        let (rows, k, last) = (self.rows, self.y.ncols(), self.h.len() - 1);
        let (f, y) = (front(&mut self.h[last], rows), front(&mut self.y, rows));
        mistakes(kind, k, f, y)
    }

    /// Adds the gradient of the mean loss by every parameter to `gradients`, after
    /// [`loss`](Self::loss).
    pub(super) fn backward(&mut self, net: &MlpOf<T>, gradients: &mut [LayerGradient<T>]) {
        let (used, threads) = (s![..self.rows, ..], self.threads);
        let ones = self.ones.slice(s![..self.rows]);
        for (index, layer) in net.layers.iter().enumerate().rev() {
            let (before, after) = self.delta.split_at_mut(index);
            let delta = after[0].slice(used);
            let input = match index {
                0 => &self.x,
                _ => &self.h[index - 1],
            };
            let gradient = &mut gradients[index];
            let (scale, input) = (layer.multiplier, input.slice(used));
            general_mat_mul(scale, &delta.t(), &input, T::one(), &mut gradient.weights);
            if let Some(bias) = &mut gradient.bias {
                general_mat_vec_mul(T::one(), &delta.t(), &ones, T::one(), bias);
            }
            let Some(previous) = before.last_mut() else {
                continue;
            };
            let product = &mut previous.slice_mut(used);
            general_mat_mul(scale, &delta, &layer.weights, T::zero(), product);
            let source = self.z.get_mut(index - 1).unwrap_or(&mut self.h[index - 1]);
            let (delta, source) = (front(previous, self.rows), front(source, self.rows));
            match net.activation {
                Activation::Linear => {}
                Activation::Relu => multiply(threads, delta, source, step),
                Activation::Tanh => multiply(threads, delta, source, |h| T::one() - h * h),
                Activation::Quadratic => multiply(threads, delta, source, |z| z + z),
            }
        }
    }
}

/// The first `rows` rows of a buffer, which is in row-major order because it was made here.
fn front<T>(buffer: &mut Array2<T>, rows: usize) -> &mut [T] {
    let m = buffer.ncols();
    let whole = buffer.as_slice_mut().unwrap_or_default();
    &mut whole[..rows * m]
}

/// values ← f(values + bias) for rows of `m` numbers.
fn add_and_map<T: Real>(
    threads: Threads,
    values: &mut [T],
    m: usize,
    bias: Option<&[T]>,
    f: impl Fn(T) -> T + Sync,
) {
    threads.rows(values, m, &|_, piece: &mut [T]| match bias {
        None => piece.iter_mut().for_each(|v| *v = f(*v)),
        Some(bias) => {
            for row in piece.chunks_exact_mut(m) {
                row.iter_mut().zip(bias).for_each(|(v, b)| *v = f(*v + *b));
            }
        }
    });
}

/// delta ← delta · slope(source).
fn multiply<T: Real>(
    threads: Threads,
    delta: &mut [T],
    source: &[T],
    slope: impl Fn(T) -> T + Sync,
) {
    threads.rows(delta, 1, &|first, piece: &mut [T]| {
        let pairs = piece.iter_mut().zip(&source[first..]);
        pairs.for_each(|(d, s)| *d *= slope(*s));
    });
}
