//! One batch forward and backward in buffers that are made once.
//!
//! The formulas are those of [`MlpOf::gradient`]; a test holds the two against each other. Here
//! bias and activation take one pass over what a product left, and pre-activations are kept only
//! where σ' needs them. A large batch is divided twice: its examples among the threads, which go
//! through all layers forward or backward without waiting for each other, and then the rows of
//! the gradients. BLAS itself stays on one thread: it would wait at every product.

use ndarray::linalg::{general_mat_mul, general_mat_vec_mul};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis, s};

use super::threads::Threads;
use crate::engine;
use crate::model::activation::{relu, step};
use crate::model::loss::{TargetKind, mistakes};
use crate::model::mlp::{LayerGradient, MlpOf};
use crate::model::{Activation, Loss};
use crate::real::Real;

/// Fewer multiplications than this in a pass are not worth dividing.
const WORK: usize = 1 << 20;

/// Why buffers have slices.
pub(super) const ROW_MAJOR: &str = "buffers and the run's network are made in row-major order";

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
    _single: Option<engine::SingleThread>,
}

impl<T: Real> Workspace<T> {
    /// Buffers for a network whose layers fit each other.
    pub(super) fn new(net: &MlpOf<T>, capacity: usize) -> Self {
        let outputs: Vec<usize> = net.layers.iter().map(|l| l.weights.nrows()).collect();
        let zeros = |m: usize| Array2::zeros((capacity, m));
        let needs_z = net.activation == Activation::Quadratic;
        let hidden = outputs[..outputs.len() - 1].iter().filter(|_| needs_z);
        let threads = Threads::with_blas();
        Self {
            rows: 0,
            x: zeros(net.n_inputs()),
            y: zeros(net.n_outputs()),
            z: hidden.map(|m| zeros(*m)).collect(),
            h: outputs.iter().map(|m| zeros(*m)).collect(),
            delta: outputs.iter().map(|m| zeros(*m)).collect(),
            ones: Array1::ones(capacity),
            threads,
            _single: (threads.count() > 1).then(engine::single_thread),
        }
    }

    pub(super) fn threads(&self) -> Threads {
        self.threads
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
        let threads = self.threads;
        threads.each(self.bands(net), |band| band.forward(net));
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
        let threads = self.threads;
        threads.each(self.bands(net), |band| band.pull_back(net));

        let used = s![..self.rows, ..];
        let (count, ones) = (self.count(net), self.ones.slice(s![..self.rows]));
        let mut shares: Vec<Vec<Share<'_, T>>> = (0..count).map(|_| Vec::new()).collect();
        for (index, gradient) in gradients.iter_mut().enumerate() {
            let input = match index {
                0 => &self.x,
                _ => &self.h[index - 1],
            };
            let size = gradient.weights.nrows().div_ceil(count);
            let weights = gradient.weights.axis_chunks_iter_mut(Axis(0), size);
            let delta = &self.delta[index];
            let mut bias = gradient.bias.iter_mut();
            let mut bias = bias
                .next()
                .map(|bias| bias.axis_chunks_iter_mut(Axis(0), size));
            for (part, (share, weights)) in shares.iter_mut().zip(weights).enumerate() {
                let first = part * size;
                let columns = s![..self.rows, first..first + weights.nrows()];
                share.push(Share {
                    scale: net.layers[index].multiplier,
                    delta: delta.slice(columns),
                    input: input.slice(used),
                    ones,
                    weights,
                    bias: bias.as_mut().and_then(Iterator::next),
                });
            }
        }
        threads.each(shares, |share| share.into_iter().for_each(Share::add));
    }

    /// In how many parts the loaded rows are worth dividing.
    fn count(&self, net: &MlpOf<T>) -> usize {
        match self.rows.saturating_mul(net.n_parameters()) < WORK {
            true => 1,
            false => self.threads.count().min(self.rows),
        }
    }

    /// The loaded rows, divided among the threads.
    fn bands(&mut self, net: &MlpOf<T>) -> Vec<Band<'_, T>> {
        let (rows, size) = (self.rows, self.rows.div_ceil(self.count(net)).max(1));
        let starts = (0..rows).step_by(size);
        let mut bands: Vec<Band<'_, T>> = starts
            .map(|start| Band {
                x: self.x.slice(s![start..rows.min(start + size), ..]),
                z: Vec::new(),
                h: Vec::new(),
                delta: Vec::new(),
            })
            .collect();
        let cut = |buffer| divide(buffer, rows, size);
        for z in self.z.iter_mut().map(cut) {
            bands.iter_mut().zip(z).for_each(|(band, z)| band.z.push(z));
        }
        for h in self.h.iter_mut().map(cut) {
            bands.iter_mut().zip(h).for_each(|(band, h)| band.h.push(h));
        }
        for delta in self.delta.iter_mut().map(cut) {
            let pairs = bands.iter_mut().zip(delta);
            pairs.for_each(|(band, delta)| band.delta.push(delta));
        }
        bands
    }
}

/// Consecutive rows of all buffers, for one thread.
struct Band<'a, T> {
    x: ArrayView2<'a, T>,
    z: Vec<ArrayViewMut2<'a, T>>,
    h: Vec<ArrayViewMut2<'a, T>>,
    delta: Vec<ArrayViewMut2<'a, T>>,
}

impl<T: Real> Band<'_, T> {
    /// Computes h_1 … h_L.
    fn forward(mut self, net: &MlpOf<T>) {
        let last = net.layers.len() - 1;
        for (index, layer) in net.layers.iter().enumerate() {
            let (before, after) = self.h.split_at_mut(index);
            let input = before.last().map_or(self.x, |h| h.view());
            let h = &mut after[0];
            let z = match self.z.get_mut(index) {
                Some(z) => z,
                None => &mut *h,
            };
            let weights = layer.weights.t();
            general_mat_mul(layer.multiplier, &input, &weights, T::zero(), z);
            let bias = layer.bias.as_ref().map(|b| b.as_slice().expect(ROW_MAJOR));
            let (z, m) = (numbers(z), weights.ncols());
            match net.activation {
                Activation::Relu if index < last => add_and_map(z, m, bias, relu),
                Activation::Tanh if index < last => add_and_map(z, m, bias, |z| z.tanh()),
                _ if bias.is_some() => add_and_map(z, m, bias, |z| z),
                _ => {}
            }
            if let Some(z) = self.z.get_mut(index) {
                let squares = numbers(h).iter_mut().zip(numbers(z));
                squares.for_each(|(h, z)| *h = *z * *z);
            }
        }
    }

    /// Computes δ_{L−1} … δ_1 from δ_L.
    fn pull_back(mut self, net: &MlpOf<T>) {
        for (index, layer) in net.layers.iter().enumerate().skip(1).rev() {
            let (before, after) = self.delta.split_at_mut(index);
            let (delta, product) = (&after[0], &mut before[index - 1]);
            general_mat_mul(layer.multiplier, delta, &layer.weights, T::zero(), product);
            let source = self.z.get_mut(index - 1).unwrap_or(&mut self.h[index - 1]);
            let (delta, source) = (numbers(product), numbers(source));
            match net.activation {
                Activation::Linear => {}
                Activation::Relu => multiply(delta, source, step),
                Activation::Tanh => multiply(delta, source, |h| T::one() - h * h),
                Activation::Quadratic => multiply(delta, source, |z| z + z),
            }
        }
    }
}

/// Consecutive rows of one layer's gradient, for one thread.
struct Share<'a, T> {
    scale: T,
    /// The columns of δ_l for these rows, `(n, rows)`.
    delta: ArrayView2<'a, T>,
    /// h_{l−1}, `(n, in)`.
    input: ArrayView2<'a, T>,
    ones: ArrayView1<'a, T>,
    weights: ArrayViewMut2<'a, T>,
    bias: Option<ArrayViewMut1<'a, T>>,
}

impl<T: Real> Share<'_, T> {
    /// Adds c·δᵀh and Σδ.
    fn add(mut self) {
        let (delta, one) = (self.delta.t(), T::one());
        general_mat_mul(self.scale, &delta, &self.input, one, &mut self.weights);
        if let Some(bias) = &mut self.bias {
            general_mat_vec_mul(one, &delta, &self.ones, one, bias);
        }
    }
}

/// The first `rows` rows of a buffer in bands of `size`.
fn divide<T>(buffer: &mut Array2<T>, rows: usize, size: usize) -> Vec<ArrayViewMut2<'_, T>> {
    let (mut rest, _) = buffer.view_mut().split_at(Axis(0), rows);
    let mut bands = Vec::new();
    while rest.nrows() > size {
        let (band, after) = rest.split_at(Axis(0), size);
        bands.push(band);
        rest = after;
    }
    bands.push(rest);
    bands
}

/// All numbers of whole rows of a buffer.
fn numbers<'a, T>(rows: &'a mut ArrayViewMut2<'_, T>) -> &'a mut [T] {
    rows.as_slice_mut().expect(ROW_MAJOR)
}

/// The first `rows` rows of a buffer, which is in row-major order because it was made here.
fn front<T>(buffer: &mut Array2<T>, rows: usize) -> &mut [T] {
    let m = buffer.ncols();
    let whole = buffer.as_slice_mut().expect(ROW_MAJOR);
    &mut whole[..rows * m]
}

/// values ← f(values + bias) for rows of `m` numbers.
fn add_and_map<T: Real>(values: &mut [T], m: usize, bias: Option<&[T]>, f: impl Fn(T) -> T) {
    match bias {
        None => values.iter_mut().for_each(|v| *v = f(*v)),
        Some(bias) => {
            for row in values.chunks_exact_mut(m) {
                row.iter_mut().zip(bias).for_each(|(v, b)| *v = f(*v + *b));
            }
        }
    }
}

/// delta ← delta · slope(source).
fn multiply<T: Real>(delta: &mut [T], source: &[T], slope: impl Fn(T) -> T) {
    let pairs = delta.iter_mut().zip(source);
    pairs.for_each(|(d, s)| *d *= slope(*s));
}
