//! How numbers and derivatives flow through a convolutional network.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView2, Axis, Zip, s};

use super::grid::TAPS;
use super::{ConvNetOf, MAX_ACTIVATIONS};
use crate::error::{Error, Result};
use crate::model::differentiate::{Differentiable, Direction, Vjp};
use crate::model::mlp::Layer;
use crate::real::Real;

/// The forward pass of n images with everything kept. Inside, the channels of a position stand side by side.
#[derive(Clone, Debug)]
pub struct ConvTrace<T> {
    /// x, `(n, d)`, as it came.
    pub inputs: Array2<T>,
    /// h_0, …, h_{L−1}: entry l is `(n, N·c_l)`.
    pub h: Vec<Array2<T>>,
    /// z_1, …, z_{L−1}, what the convolutions give: entry l − 1 is `(n, N·c_l)`.
    pub z: Vec<Array2<T>>,
    /// f(x), `(n, k)`.
    pub outputs: Array2<T>,
}

/// The derivatives of a forward pass along a direction.
#[derive(Clone, Debug)]
pub struct ConvTangent<T> {
    h: Vec<Array2<T>>,
    z: Vec<Array2<T>>,
    outputs: Array2<T>,
}

/// Where the parameters of a layer stand in a flat vector; the second is empty without biases.
type Place = (Range<usize>, Range<usize>);

impl<T: Real> ConvNetOf<T> {
    fn places(&self) -> Vec<Place> {
        let mut p = 0;
        let mut next = |count: usize| {
            p += count;
            p - count..p
        };
        let place = |layer: &Layer<T>| {
            let biases = layer.bias.as_ref().map_or(0, Array1::len);
            (next(layer.weights.len()), next(biases))
        };
        self.layers().map(place).collect()
    }

    /// Channels of an input.
    fn image_channels(&self) -> usize {
        let first = self.convolutions.first();
        first.map_or(0, |layer| layer.weights.ncols() / TAPS)
    }

    /// From colour by colour to position by position.
    fn by_position(&self, x: &ArrayRef2<T>) -> Array2<T> {
        let (c, n) = (self.image_channels(), self.grid.positions());
        let at = |(row, at): (usize, usize)| x[[row, at % c * n + at / c]];
        match c {
            1 => x.as_standard_layout().into_owned(),
            _ => Array2::from_shape_fn(x.raw_dim(), at),
        }
    }

    /// From position by position to colour by colour.
    fn by_colour(&self, h: Array2<T>) -> Array2<T> {
        let (c, n) = (self.image_channels(), self.grid.positions());
        let at = |(row, at): (usize, usize)| h[[row, at % n * c + at / n]];
        match c {
            1 => h,
            _ => Array2::from_shape_fn(h.raw_dim(), at),
        }
    }

    /// h_{l+1} from what convolution `index` gives, or the same along a direction, with `activate` in the place of σ.
    fn after(
        &self,
        index: usize,
        z: &Array2<T>,
        h: &[Array2<T>],
        activate: impl Fn(&Array2<T>) -> Array2<T>,
    ) -> Array2<T> {
        match self.adds(index) {
            true => z + &h[index - 1],
            false => activate(z),
        }
    }

    /// Carries derivatives from what follows convolution `index` to what it gives; those that skip it go into `skips`.
    fn before(
        &self,
        index: usize,
        delta: Array2<T>,
        z: &Array2<T>,
        skips: &mut Option<Array2<T>>,
    ) -> Array2<T> {
        if self.adds(index) {
            *skips = Some(delta.clone());
            return delta;
        }
        self.activation.back(delta, z)
    }

    /// The network's arrays, `(n, columns)` each: inputs, h, z, outputs.
    fn shapes(&self) -> [Vec<usize>; 4] {
        let wide = |layer: &Layer<T>| self.grid.positions() * layer.weights.nrows();
        let z: Vec<usize> = self.convolutions.iter().map(wide).collect();
        let d = self.n_inputs();
        let h = [d].into_iter().chain(z.iter().copied()).collect();
        [vec![d], h, z, vec![self.n_outputs()]]
    }
}

impl<T: Real> Differentiable for ConvNetOf<T> {
    type Number = T;
    type Trace = ConvTrace<T>;
    type Tangent = ConvTangent<T>;

    fn n_inputs(&self) -> usize {
        self.grid.positions() * self.image_channels()
    }

    fn n_outputs(&self) -> usize {
        self.last.weights.nrows()
    }

    fn n_parameters(&self) -> usize {
        self.places().last().map_or(0, |place| place.1.end)
    }

    fn check(&self) -> Result<()> {
        let places = self.grid.height.checked_mul(self.grid.width);
        let fits = places.is_some_and(|n| (1..=MAX_ACTIVATIONS).contains(&n));
        if !fits || self.image_channels() == 0 {
            let got = format!("{:?}, {} convolutions", self.grid, self.convolutions.len());
            let expected = "at least one position and one convolution of at least one channel";
            return Err(Error::domain("the network", expected, got));
        }
        let mut channels = self.image_channels();
        for (index, layer) in self.convolutions.iter().enumerate() {
            layer.check(index + 1, TAPS * channels)?;
            channels = layer.weights.nrows();
        }
        let equal = |layer: &Layer<T>| layer.weights.nrows() == channels;
        if self.residual && (self.depth() % 2 == 1 || !self.convolutions.iter().all(equal)) {
            let sizes: Vec<usize> = self
                .convolutions
                .iter()
                .map(|l| l.weights.nrows())
                .collect();
            let expected = "an odd number of equal numbers of channels";
            let what = "the channels of a residual network";
            return Err(Error::domain(what, expected, format!("{sizes:?}")));
        }
        let inputs = self.grid.positions().saturating_mul(channels);
        self.last.check(self.depth(), inputs)
    }

    fn check_room(&self, rows: usize) -> Result<()> {
        let [_, h, z, _] = self.shapes();
        let units = h.iter().chain(&z).sum::<usize>();
        match rows.checked_mul(units) {
            Some(all) if all <= MAX_ACTIVATIONS => Ok(()),
            _ => Err(Error::domain(
                &format!("the number of images at once for {units} numbers each"),
                format!("at most {}", MAX_ACTIVATIONS / units),
                rows,
            )),
        }
    }

    fn check_trace(&self, trace: &ConvTrace<T>) -> Result<()> {
        let n = trace.inputs.nrows();
        let same = |arrays: &[Array2<T>], columns: &[usize]| {
            let fits = |(a, c): (&Array2<T>, &usize)| a.dim() == (n, *c) && a.is_standard_layout();
            arrays.len() == columns.len() && arrays.iter().zip(columns).all(fits)
        };
        let [inputs, h, z, outputs] = self.shapes();
        let (x, f) = (trace.inputs.dim(), trace.outputs.dim());
        let outer = x == (n, inputs[0]) && f == (n, outputs[0]);
        if n == 0 || !outer || !same(&trace.h, &h) || !same(&trace.z, &z) {
            let expected = format!("made by this network: rows of {h:?} numbers");
            let got: Vec<_> = trace.h.iter().map(|a| a.shape().to_vec()).collect();
            return Err(Error::domain("the trace", expected, format!("{got:?}")));
        }
        Ok(())
    }

    fn forward(&self, x: &ArrayRef2<T>) -> Result<ConvTrace<T>> {
        let mut h = vec![self.by_position(x)];
        let mut z = Vec::with_capacity(self.convolutions.len());
        for (index, layer) in self.convolutions.iter().enumerate() {
            let mut gives = self
                .grid
                .convolve(&layer.weights, layer.multiplier, &h[index]);
            if let Some(bias) = &layer.bias {
                add_bias(&mut gives, bias);
            }
            h.push(self.after(index, &gives, &h, |z| z.mapv(|z| self.activation.value(z))));
            z.push(gives);
        }
        let mut outputs = h[h.len() - 1].dot(&self.last.weights.t());
        outputs *= self.last.multiplier;
        if let Some(bias) = &self.last.bias {
            outputs += bias;
        }
        Ok(ConvTrace {
            inputs: x.to_owned(),
            h,
            z,
            outputs,
        })
    }

    fn outputs(trace: &ConvTrace<T>) -> &Array2<T> {
        &trace.outputs
    }

    fn inputs(trace: &ConvTrace<T>) -> &Array2<T> {
        &trace.inputs
    }

    fn pull(&self, trace: &ConvTrace<T>, v: &ArrayRef2<T>) -> Vjp<T> {
        let places = self.places();
        let (mut flat, mut skips) = (Array1::zeros(self.n_parameters()), None);
        let (c, top) = (self.last.multiplier, places.len() - 1);
        put(
            &mut flat,
            &places[top],
            &last_slope(c, v, &trace.h[top]),
            || v.sum_axis(Axis(0)),
        );
        let mut delta = v.dot(&self.last.weights) * c;
        for (index, layer) in self.convolutions.iter().enumerate().rev() {
            delta = self.before(index, delta, &trace.z[index], &mut skips);
            let (h, c) = (&trace.h[index], layer.multiplier);
            let (weights, back) = self.grid.pull(&layer.weights, c, h, &delta);
            put(&mut flat, &places[index], &weights, || {
                sums(&delta, weights.nrows())
            });
            delta = back;
            if self.begins(index) {
                delta += &skips.take().expect(SKIPPED);
            }
        }
        Vjp {
            parameters: flat,
            inputs: self.by_colour(delta),
        }
    }

    fn push(&self, trace: &ConvTrace<T>, along: Direction<'_, T>) -> ConvTangent<T> {
        let (places, moving) = (self.places(), along.parameters);
        let mut h = vec![self.by_position(along.inputs)];
        let mut z = Vec::with_capacity(self.convolutions.len());
        for (index, layer) in self.convolutions.iter().enumerate() {
            let c = layer.multiplier;
            let mut gives = self.grid.convolve(&layer.weights, c, &h[index]);
            let moved = weights(layer, &places[index], moving);
            gives += &self.grid.convolve(&moved, c, &trace.h[index]);
            if layer.bias.is_some() {
                add_bias(
                    &mut gives,
                    &moving.slice(s![places[index].1.clone()]).to_owned(),
                );
            }
            let bent = |z: &Array2<T>| self.activation.back(z.clone(), &trace.z[index]);
            h.push(self.after(index, &gives, &h, bent));
            z.push(gives);
        }
        let top = places.len() - 1;
        let mut outputs = h[top].dot(&self.last.weights.t());
        outputs += &trace.h[top].dot(&weights(&self.last, &places[top], moving).t());
        outputs *= self.last.multiplier;
        if self.last.bias.is_some() {
            outputs += &moving.slice(s![places[top].1.clone()]);
        }
        ConvTangent { h, z, outputs }
    }

    fn pushed_outputs(tangent: &ConvTangent<T>) -> &Array2<T> {
        &tangent.outputs
    }

    fn pull_rate(
        &self,
        trace: &ConvTrace<T>,
        tangent: &ConvTangent<T>,
        along: Direction<'_, T>,
        v: &ArrayRef2<T>,
        rate: &ArrayRef2<T>,
    ) -> Vjp<T> {
        let (places, moving) = (self.places(), along.parameters);
        let mut flat = Array1::zeros(self.n_parameters());
        let (mut skips, mut rate_skips) = (None, None);
        let (c, top) = (self.last.multiplier, places.len() - 1);
        let slope = last_slope(c, rate, &trace.h[top]) + last_slope(c, v, &tangent.h[top]);
        put(&mut flat, &places[top], &slope, || rate.sum_axis(Axis(0)));
        let mut delta = v.dot(&self.last.weights) * c;
        let mut delta_rate = rate.dot(&self.last.weights) * c;
        delta_rate += &(v.dot(&weights(&self.last, &places[top], moving)) * c);
        for (index, layer) in self.convolutions.iter().enumerate().rev() {
            let (z, bent) = (&trace.z[index], &tangent.z[index]);
            let above = delta.clone();
            delta_rate = self.before(index, delta_rate, z, &mut rate_skips);
            if !self.adds(index) {
                let curved = Zip::from(&mut delta_rate).and(&above).and(z).and(bent);
                curved.for_each(|rate, &delta, &z, &bent| {
                    *rate += delta * self.activation.second_derivative(z) * bent;
                });
            }
            delta = self.before(index, delta, z, &mut skips);
            let (h, c) = (&trace.h[index], layer.multiplier);
            let moved = weights(layer, &places[index], moving);
            let (mut slope, mut back_rate) = self.grid.pull(&layer.weights, c, h, &delta_rate);
            let (turned, back) = self.grid.pull(&layer.weights, c, &tangent.h[index], &delta);
            slope += &turned;
            back_rate += &self.grid.pull(&moved, c, h, &delta).1;
            put(&mut flat, &places[index], &slope, || {
                sums(&delta_rate, slope.nrows())
            });
            (delta, delta_rate) = (back, back_rate);
            if self.begins(index) {
                delta += &skips.take().expect(SKIPPED);
                delta_rate += &rate_skips.take().expect(SKIPPED);
            }
        }
        Vjp {
            parameters: flat,
            inputs: self.by_colour(delta_rate),
        }
    }
}

const SKIPPED: &str = "a block ends where another began";

/// The derivative of Σ v·(c·W h) by W.
fn last_slope<T: Real>(c: T, v: &ArrayRef2<T>, h: &Array2<T>) -> Array2<T> {
    let mut slope = Array2::zeros((v.ncols(), h.ncols()));
    general_mat_mul(c, &v.t(), h, T::zero(), &mut slope);
    slope
}

/// The part of a direction that belongs to a layer's weights.
fn weights<'b, T: Real>(
    layer: &Layer<T>,
    place: &Place,
    flat: &'b ArrayRef1<T>,
) -> ArrayView2<'b, T> {
    let part = flat.slice(s![place.0.clone()]);
    let part = part.into_shape_with_order(layer.weights.dim());
    part.expect("a place is as long as the weights are many")
}

/// Writes a layer's derivatives to their place.
fn put<T: Real>(
    flat: &mut Array1<T>,
    place: &Place,
    weights: &Array2<T>,
    bias: impl FnOnce() -> Array1<T>,
) {
    let mut to = flat.slice_mut(s![place.0.clone()]);
    to.iter_mut().zip(weights).for_each(|(to, w)| *to = *w);
    if !place.1.is_empty() {
        flat.slice_mut(s![place.1.clone()]).assign(&bias());
    }
}

/// Adds one number a channel to images `(n, N·c)`.
fn add_bias<T: Real>(z: &mut Array2<T>, bias: &Array1<T>) {
    for position in z
        .as_slice_mut()
        .expect(IN_ORDER)
        .chunks_exact_mut(bias.len())
    {
        position.iter_mut().zip(bias).for_each(|(z, b)| *z += *b);
    }
}

/// The sums of the c channels of images `(n, N·c)`, `(c,)`.
fn sums<T: Real>(delta: &Array2<T>, c: usize) -> Array1<T> {
    let mut sums = Array1::zeros(c);
    for position in delta.as_slice().expect(IN_ORDER).chunks_exact(c) {
        Zip::from(&mut sums)
            .and(position)
            .for_each(|sum, d| *sum += *d);
    }
    sums
}

const IN_ORDER: &str = "made row by row";
