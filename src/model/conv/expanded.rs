//! A convolutional network written as a perceptron.

use ndarray::Array2;

use super::ConvNetOf;
use super::grid::TAPS;
use crate::error::{Error, Result, check_size};
use crate::model::differentiate::Differentiable;
use crate::model::mlp::{Layer, MlpOf};
use crate::real::Real;

impl<T: Real> ConvNetOf<T> {
    /// The same function as a perceptron, whose matrices hold every kernel once a position: with circular padding they are
    /// block-circulant. `(N·c_out, N·c_in)` numbers a layer, of which 9·c_in a row are not 0: for tests, and to look at.
    ///
    /// # Errors
    /// A residual network, which no perceptron is; numbers that do not fit; matrices with more than 2³⁰ entries.
    pub fn expanded(&self) -> Result<MlpOf<T>> {
        Differentiable::check(self)?;
        if self.residual {
            return Err(Error::domain(
                "the network",
                "a plain one",
                "a residual one",
            ));
        }
        let positions = self.grid.positions();
        let mut layers = Vec::with_capacity(self.depth());
        for (index, layer) in self.convolutions.iter().enumerate() {
            let (out, inputs) = (layer.weights.nrows(), layer.weights.ncols() / TAPS);
            check_size("the expanded weights", positions * out, positions * inputs)?;
            let mut weights = Array2::zeros((positions * out, positions * inputs));
            for ((row, column), &w) in layer.weights.indexed_iter() {
                let (tap, channel) = (column / inputs, column % inputs);
                for position in 0..positions {
                    let Some(from) = self.grid.neighbour(position, tap) else {
                        continue;
                    };
                    let from = match index {
                        0 => channel * positions + from,
                        _ => from * inputs + channel,
                    };
                    weights[[position * out + row, from]] += w;
                }
            }
            let bias = layer.bias.as_ref();
            layers.push(Layer {
                weights,
                bias: bias.map(|b| (0..positions * out).map(|at| b[at % out]).collect()),
                multiplier: layer.multiplier,
            });
        }
        layers.push(self.last.clone());
        Ok(MlpOf {
            layers,
            activation: self.activation,
        })
    }
}
