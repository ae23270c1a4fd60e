//! What theory says of every single trained network.

use ndarray::{Array2, ArrayRef2, Axis};

use crate::error::Result;
use crate::measure::complexity::{Norms, effective_weights, path_norm};
use crate::model::mlp::Layer;
use crate::model::{Mlp, Mlp32};
use crate::stats::largest;

/// By how much a layer is scaled up and the next one down.
pub(super) const ALPHA: f64 = 3.0;

/// Numbers of one network that theory predicts or bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Checks {
    /// The largest ‖f(x) − f(x')‖/‖x − x'‖ over neighbouring test images, over Π‖X‖.
    pub slope: f64,
    /// Path norm over Π‖X‖_F.
    pub path_share: f64,
    /// Relative changes when the first layer is scaled by α and the second by 1/α: of the outputs,
    /// the path norm, and Π‖X‖.
    pub function_change: f64,
    pub path_change: f64,
    pub product_change: f64,
    /// The parameter norm after it, over what the layers' norms predict, minus 1.
    pub norm_error: f64,
}

impl Checks {
    /// Checks `net` on test images `x`, `(t, d)`.
    pub(super) fn new(net: &Mlp32, x: &Array2<f64>) -> Result<Self> {
        let layers = net.layers.iter().map(|layer| Layer {
            weights: effective_weights(layer),
            bias: None,
            multiplier: 1.0,
        });
        let net = Mlp {
            layers: layers.collect(),
            activation: net.activation,
        };
        let mut scaled = net.clone();
        scaled.layers[0].weights *= ALPHA;
        scaled.layers[1].weights /= ALPHA;
        let (before, after) = (Norms::of(&net, None)?, Norms::of(&scaled, None)?);
        let square = |index: usize| before.layers[index].frobenius.powi(2);
        let kept: f64 = (2..before.layers.len()).map(square).sum();
        let predicted = ALPHA * ALPHA * square(0) + square(1) / (ALPHA * ALPHA) + kept;
        let (outputs, again) = (net.forward(x)?, scaled.forward(x)?);
        let most = |a: &Array2<f64>| largest(a.iter().map(|v| v.abs()));
        let change = |new: f64, old: f64| (new / old - 1.0).abs();
        let path = path_norm(&net)?;
        let frobenius: f64 = before.layers.iter().map(|layer| layer.frobenius).product();
        Ok(Self {
            slope: steepest(x, &outputs) / before.spectral_product(),
            path_share: path / frobenius,
            function_change: most(&(&again - &outputs)) / most(&outputs),
            path_change: change(path_norm(&scaled)?, path),
            product_change: change(after.spectral_product(), before.spectral_product()),
            norm_error: change(after.parameter_norm(), predicted),
        })
    }
}

/// The largest ratio of the lengths of output and input differences of neighbouring rows.
fn steepest(x: &ArrayRef2<f64>, outputs: &ArrayRef2<f64>) -> f64 {
    let lengths = |a: &ArrayRef2<f64>| -> Vec<f64> {
        let pairs = a.axis_windows(Axis(0), 2);
        let length = |pair: ndarray::ArrayView2<'_, f64>| {
            let difference = &pair.row(1) - &pair.row(0);
            difference.dot(&difference).sqrt()
        };
        pairs.into_iter().map(length).collect()
    };
    let pairs = lengths(outputs).into_iter().zip(lengths(x));
    let ratios = pairs.filter(|(_, input)| *input != 0.0);
    largest(ratios.map(|(output, input)| output / input))
}
