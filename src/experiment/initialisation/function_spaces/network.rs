//! The same neuron by a network whose first layer is trained, and by the same first layer left as it starts.

use ndarray::{Array1, Array2, Axis};

use super::neuron::{Curve, inputs, neuron, target};
use super::settings::FunctionSpaces;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::experiment::{Claim, Context, Draw};
use crate::fit::{TrainSettings, min_norm, train};
use crate::measure::fixed_features_bound;
use crate::model::{Activation, Init, Loss, Mlp, MlpSettings};
use crate::optimise::Optimiser;
use crate::stats::{Estimate, larger, largest};

/// Adam's rate and batch.
const RATE: f64 = 0.01;
const BATCH: usize = 50;

/// The risks of one draw, on fresh inputs.
struct Risks {
    trained: f64,
    frozen: f64,
}

/// Over draws: risks on fresh inputs, in parts of the neuron's mean square.
pub(super) struct Networks {
    pub neurons: usize,
    pub trained: Estimate,
    pub frozen: Estimate,
    largest: f64,
}

impl FunctionSpaces {
    pub(super) fn networks(&self, seed: u64, context: &Context) -> Result<Networks> {
        if self.train <= 2 * self.neurons {
            let expected =
                "more than twice the neurons, so that the last layer alone is determined";
            return Err(Error::domain("train", expected, self.train));
        }
        let target = target(self.dim, seed)?;
        let risks = context.draws("networks", self.networks, seed, |draw| {
            self.one_network(&target, draw)
        })?;
        Ok(Networks {
            neurons: self.neurons,
            trained: Estimate::of(&risks, |r| r.trained)?,
            frozen: Estimate::of(&risks, |r| r.frozen)?,
            largest: largest(risks.iter().map(|r| r.trained)),
        })
    }

    fn one_network(&self, target: &Array1<f64>, draw: Draw) -> Result<Risks> {
        let d = self.dim;
        let sample = |count: usize, label: &str| -> Result<Dataset> {
            let x = inputs(count, d, &mut draw.rng(label))?;
            let y = neuron(&x, target).insert_axis(Axis(1));
            Dataset::new(x, y)
        };
        let (data, test) = (
            sample(self.train, "training inputs")?,
            sample(self.test, "test inputs")?,
        );
        let settings = MlpSettings {
            sizes: vec![d, self.neurons, 1],
            activation: Activation::Relu,
            biases: false,
            init: Init::HE,
        };
        let net = Mlp::new(&settings, &mut draw.rng("start"))?;
        let risk = |outputs: Array2<f64>| {
            (outputs - &test.y)
                .mapv(|r| r * r)
                .mean()
                .unwrap_or(f64::NAN)
        };
        // The last layer alone: least squares on the features of the start.
        let features = |x: &Array2<f64>| {
            x.dot(&net.layers[0].weights.t())
                .mapv_into(|z| larger(z, 0.0))
        };
        let frozen = min_norm(&features(&data.x), &data.y, None)?;
        let settings = TrainSettings {
            loss: Loss::Mse,
            optimiser: Optimiser::adam_w(0.0),
            learning_rate: RATE,
            epochs: self.epochs,
            batch: BATCH,
            record_every: self.epochs,
            ..TrainSettings::default()
        };
        let trained = train(&net, &data, None, &settings, &mut draw.rng("order"))?;
        Ok(Risks {
            trained: risk(trained.net.forward(&test.x)?),
            frozen: risk(features(&test.x).dot(&frozen.weights)),
        })
    }
}

pub(super) fn claims(networks: &Networks, curve: &Curve) -> Vec<Claim> {
    let bound = fixed_features_bound(&curve.parts, networks.neurons);
    vec![
        Claim::less_than(
            &format!(
                "{} trained neurons learn the one: largest risk on fresh inputs, in parts of what as many \
                 fixed functions must leave (trend)",
                networks.neurons
            ),
            1.0,
            networks.largest / bound,
            0.0,
        ),
        Claim::at_least(
            "the same network with its first layer left alone does not: its mean risk is no less than what \
             fixed functions must leave",
            bound,
            networks.frozen.mean,
            0.0,
        )
        .bound(),
    ]
}
