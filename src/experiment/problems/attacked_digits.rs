//! Networks trained on digits, to be attacked.

use crate::data::Dataset;
use crate::error::Result;
use crate::fit::train::{TrainSettings, train};
use crate::model::{Mlp, MlpSettings};
use crate::optimise::{Adam, Norm, Optimiser};
use crate::rng::Rng;

/// A ReLU network with two hidden layers of `width` units, trained on `data` with cross-entropy: Adam, batches of 32.
///
/// # Errors
/// Data that do not suit it.
pub(crate) fn trained(data: &Dataset, width: usize, epochs: usize, rng: &mut Rng) -> Result<Mlp> {
    let sizes = [data.x.ncols(), width, width, data.y.ncols()];
    let net = Mlp::new(&MlpSettings::of_sizes(&sizes), rng)?;
    let settings = TrainSettings {
        optimiser: Optimiser::Adam(Adam::default()),
        learning_rate: 0.002,
        batch: 32,
        epochs,
        record_every: epochs,
        ..TrainSettings::default()
    };
    Ok(train(&net, data, None, &settings, rng)?.net)
}

/// The norm of this name and the budget in it that moves all d pixels by ε: ε, ε√d, εd.
pub(crate) fn budget(norm: &str, epsilon: f64, d: usize) -> (Norm, f64) {
    match norm {
        "l1" => (Norm::L1, epsilon * d as f64),
        "l2" => (Norm::L2, epsilon * (d as f64).sqrt()),
        _ => (Norm::LInf, epsilon),
    }
}
