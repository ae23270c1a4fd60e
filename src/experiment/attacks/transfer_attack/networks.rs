//! The classifiers.

use super::settings::TransferAttack;
use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits};
use crate::experiment::{Context, Draw};
use crate::fit::train::{TrainSettings, train};
use crate::model::{Mlp, MlpSettings};

/// Hidden units of `narrow`.
const NARROW: usize = 16;

/// Trained classifiers, and the images they are asked about.
pub(super) struct Networks {
    /// In the order of the settings.
    pub nets: Vec<Mlp>,
    /// Test images, `(t, d)`, and one-hot classes, `(t, k)`.
    pub test: Dataset,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
}

impl Networks {
    pub(super) fn new(settings: &TransferAttack, seed: u64, context: &Context) -> Result<Self> {
        let design = Design {
            n: 2 * settings.n,
            test: settings.test,
            label_noise: 0.0,
            pool: settings.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let both = digits.draw(0)?.train;
        let half = |from: usize| both.select(&(from..from + settings.n).collect::<Vec<usize>>());
        let (first, second) = (half(0)?, half(settings.n)?);
        let (d, k) = digits.sizes();
        let jobs: Vec<(u64, &'static str)> =
            (0..).zip(settings.substitute.iter().copied()).collect();
        let nets = context.each("networks", jobs, |(index, name)| {
            let mut sizes = vec![d];
            sizes.extend(match name {
                "linear" => vec![],
                "narrow" => vec![NARROW],
                "deep" => vec![settings.width.div_ceil(2); 3],
                _ => vec![settings.width],
            });
            sizes.push(k);
            let data = if name == "other_data" {
                &second
            } else {
                &first
            };
            let draw = Draw::new(seed, index);
            let start = Mlp::new(
                &MlpSettings::of_sizes(&sizes),
                &mut draw.rng("transfer: start"),
            )?;
            let how = TrainSettings {
                epochs: settings.epochs,
                batch: 32,
                record_every: settings.epochs,
                ..TrainSettings::default()
            };
            Ok(train(&start, data, None, &how, &mut draw.rng("transfer: order"))?.net)
        })?;
        Ok(Self {
            nets,
            test: digits.test,
            mnist: digits.mnist,
        })
    }
}
