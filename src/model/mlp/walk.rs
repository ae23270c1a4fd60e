//! One walk through the layers for the derivatives of both kinds of perceptrons: forward along a direction, backward, and
//! backward along a direction.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{
    Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, ArrayViewMut2, Zip, s,
};

use super::Layer;
use crate::model::Activation;
use crate::model::batch_norm::{BatchNormOf, BatchNormTangent, BatchNormTrace};
use crate::model::differentiate::{Direction, Vjp};
use crate::real::Real;

/// A network and what its forward pass computed.
pub(super) struct Walk<'a, T> {
    pub layers: &'a [Layer<T>],
    pub activation: Activation,
    /// h_0 = x, …, h_{L−1}.
    pub h: &'a [Array2<T>],
    /// What each hidden activation takes in.
    pub before: Vec<&'a Array2<T>>,
    /// The normalisations before the hidden activations and their passes, or none at all.
    pub norms: &'a [BatchNormOf<T>],
    pub passes: &'a [BatchNormTrace<T>],
}

/// The derivatives of a forward pass along a direction.
#[derive(Clone, Debug)]
pub struct WalkTangent<T> {
    /// Of h_0 = x, …, h_{L−1}.
    h: Vec<Array2<T>>,
    /// Of what each hidden activation takes in.
    before: Vec<Array2<T>>,
    norms: Vec<BatchNormTangent<T>>,
    /// Of f, `(n, k)`.
    pub(super) outputs: Array2<T>,
}

/// Where the parameters of one layer stand in a flat vector. What a layer does not have is empty.
struct Place {
    shape: (usize, usize),
    weights: Range<usize>,
    bias: Range<usize>,
    gamma: Range<usize>,
    beta: Range<usize>,
}

impl Place {
    fn weights<'b, T: Real>(&self, flat: &'b ArrayRef1<T>) -> ArrayView2<'b, T> {
        let weights = flat.slice(s![self.weights.clone()]);
        weights.into_shape_with_order(self.shape).expect(AS_MANY)
    }

    fn weights_mut<'b, T: Real>(&self, flat: &'b mut Array1<T>) -> ArrayViewMut2<'b, T> {
        let weights = flat.slice_mut(s![self.weights.clone()]);
        weights.into_shape_with_order(self.shape).expect(AS_MANY)
    }
}

const AS_MANY: &str = "the range is as long as the weights are many";

fn slice<'b, T: Real>(flat: &'b ArrayRef1<T>, range: &Range<usize>) -> ArrayView1<'b, T> {
    flat.slice(s![range.clone()])
}

fn put<T: Real>(flat: &mut Array1<T>, range: &Range<usize>, values: &Array1<T>) {
    flat.slice_mut(s![range.clone()]).assign(values);
}

impl<T: Real> Walk<'_, T> {
    /// The places of all layers, and p.
    fn places(&self) -> (Vec<Place>, usize) {
        let mut p = 0;
        let mut next = |count: usize| {
            p += count;
            p - count..p
        };
        let places = self.layers.iter().enumerate().map(|(index, layer)| {
            let features = self.norms.get(index).map_or(0, BatchNormOf::features);
            Place {
                shape: layer.weights.dim(),
                weights: next(layer.weights.len()),
                bias: next(layer.bias.as_ref().map_or(0, Array1::len)),
                gamma: next(features),
                beta: next(features),
            }
        });
        (places.collect(), p)
    }

    /// The derivatives of Σ v_i·f(x_i).
    pub(super) fn pull(&self, v: &ArrayRef2<T>) -> Vjp<T> {
        let (places, p) = self.places();
        let (mut flat, mut delta) = (Array1::zeros(p), v.to_owned());
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let place = &places[index];
            if index + 1 < self.layers.len() {
                delta = self.activation.back(delta, self.before[index]);
                if let Some(norm) = self.norms.get(index) {
                    let back = norm.pull(&self.passes[index], &delta);
                    put(&mut flat, &place.gamma, &back.gamma);
                    put(&mut flat, &place.beta, &back.beta);
                    delta = back.inputs;
                }
            }
            let (c, weights) = (layer.multiplier, &mut place.weights_mut(&mut flat));
            general_mat_mul(c, &delta.t(), &self.h[index], T::zero(), weights);
            if layer.bias.is_some() {
                put(&mut flat, &place.bias, &super::column_sums(&delta));
            }
            delta = product(layer, &delta, &layer.weights.view());
        }
        Vjp {
            parameters: flat,
            inputs: delta,
        }
    }

    /// The derivatives of Σ v_i·f(x_i) by x alone.
    pub(super) fn pull_inputs(&self, v: &ArrayRef2<T>) -> Array2<T> {
        let (last, hidden) = self.layers.split_last().expect("a checked network");
        let mut delta = product(last, v, &last.weights.view());
        for (index, layer) in hidden.iter().enumerate().rev() {
            delta = self.activation.back(delta, self.before[index]);
            if let Some(norm) = self.norms.get(index) {
                delta = norm.pull(&self.passes[index], &delta).inputs;
            }
            delta = product(layer, &delta, &layer.weights.view());
        }
        delta
    }

    /// The forward pass along a direction.
    pub(super) fn push(&self, along: Direction<'_, T>) -> WalkTangent<T> {
        let (places, _) = self.places();
        let moving = along.parameters;
        let mut tangent = WalkTangent {
            h: vec![along.inputs.to_owned()],
            before: Vec::new(),
            norms: Vec::new(),
            outputs: Array2::zeros((0, 0)),
        };
        for (index, (layer, place)) in self.layers.iter().zip(&places).enumerate() {
            let mut z = tangent.h[index].dot(&layer.weights.t());
            z += &self.h[index].dot(&place.weights(moving).t());
            z *= layer.multiplier;
            if layer.bias.is_some() {
                z += &slice(moving, &place.bias);
            }
            if index + 1 == self.layers.len() {
                tangent.outputs = z;
                break;
            }
            if let Some(norm) = self.norms.get(index) {
                let [gamma, beta] =
                    [&place.gamma, &place.beta].map(|range| slice(moving, range).to_owned());
                let pushed = norm.push(&self.passes[index], &z, gamma, &beta);
                z = pushed.outputs.clone();
                tangent.norms.push(pushed);
            }
            tangent
                .h
                .push(self.activation.back(z.clone(), self.before[index]));
            tangent.before.push(z);
        }
        tangent
    }

    /// The derivative of [`pull`](Self::pull) along a direction, as v moves along `rate`.
    pub(super) fn pull_rate(
        &self,
        tangent: &WalkTangent<T>,
        along: Direction<'_, T>,
        v: &ArrayRef2<T>,
        rate: &ArrayRef2<T>,
    ) -> Vjp<T> {
        let (places, p) = self.places();
        let mut flat = Array1::zeros(p);
        let (mut delta, mut delta_rate) = (v.to_owned(), rate.to_owned());
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let place = &places[index];
            if index + 1 < self.layers.len() {
                let (before, bent) = (self.before[index], &tangent.before[index]);
                delta_rate = self.activation.back(delta_rate, before);
                Zip::from(&mut delta_rate)
                    .and(&delta)
                    .and(before)
                    .and(bent)
                    .for_each(|rate, &delta, &z, &bent| {
                        *rate += delta * self.activation.second_derivative(z) * bent
                    });
                delta = self.activation.back(delta, before);
                if let Some(norm) = self.norms.get(index) {
                    let pass = &self.passes[index];
                    let back = norm.pull_rate(pass, &tangent.norms[index], &delta, &delta_rate);
                    put(&mut flat, &place.gamma, &back.gamma);
                    put(&mut flat, &place.beta, &back.beta);
                    delta_rate = back.inputs;
                    delta = norm.pull(pass, &delta).inputs;
                }
            }
            let (c, weights) = (layer.multiplier, &mut place.weights_mut(&mut flat));
            general_mat_mul(c, &delta_rate.t(), &self.h[index], T::zero(), weights);
            general_mat_mul(c, &delta.t(), &tangent.h[index], T::one(), weights);
            if layer.bias.is_some() {
                put(&mut flat, &place.bias, &super::column_sums(&delta_rate));
            }
            delta_rate = product(layer, &delta_rate, &layer.weights.view())
                + product(layer, &delta, &place.weights(along.parameters));
            delta = product(layer, &delta, &layer.weights.view());
        }
        Vjp {
            parameters: flat,
            inputs: delta_rate,
        }
    }
}

/// c·δ W.
fn product<T: Real>(
    layer: &Layer<T>,
    delta: &ArrayRef2<T>,
    weights: &ArrayView2<'_, T>,
) -> Array2<T> {
    let mut out = delta.dot(weights);
    if layer.multiplier != T::one() {
        out *= layer.multiplier;
    }
    out
}
