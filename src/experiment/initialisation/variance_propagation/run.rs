//! Random networks, layer by layer: what theory says, what draws show.

use crate::data::synthetic::unit_sphere;
use crate::error::Result;
use crate::experiment::{row, settings};
use crate::measure::propagation::{measure, predict};
use crate::measure::{MeasuredPropagation, Moment, Propagation};
use crate::model::{Activation, Init, MlpSettings};
use crate::rng::stream;
use crate::stats::{Estimate, largest_distance};

/// The chance that a true claim about one run fails.
const LEVEL: f64 = 1e-6;

settings! {
    /// Settings of `variance_propagation`.
    pub struct VariancePropagation {
        /// How the weights are drawn; exploding and vanishing are He with twice and with a quarter of its variance.
        init: &'static str = "he", in [
            "he", "he_uniform", "lecun", "xavier", "xavier_uniform", "ntk", "ntk_parametrised", "mean_field",
            "orthogonal", "exploding", "vanishing",
        ];
        /// Layers L of weights.
        depth: usize = 20, quick 10, in 5..=100;
        /// Units m of each hidden layer.
        width: usize = 128, quick 64, in 16..=4096;
        /// Numbers p in the input, whose squared norm is p.
        input_dim: usize = 100, quick 50, in 1..=10_000;
        /// The function between layers.
        activation: &'static str = "relu", in ["relu", "linear", "tanh"];
        /// Networks drawn.
        draws: usize = 400, in 20..=100_000;
    }
}

/// The schemes that are always compared, with ReLU: name, scheme, factor of a square layer.
pub(super) const COMPARED: [(&str, Init, f64); 5] = [
    ("exploding", EXPLODING, 2.0),
    ("He", Init::HE, 1.0),
    ("LeCun", Init::LECUN, 0.5),
    ("Xavier", Init::XAVIER, 0.5),
    ("vanishing", VANISHING, 0.25),
];

/// Variance 4/fan_in.
pub(super) const EXPLODING: Init = Init::HE.with_gain(std::f64::consts::SQRT_2);

/// Variance 1/(2 fan_in).
pub(super) const VANISHING: Init = Init::HE.with_gain(0.5);

row! {
    /// One layer in one direction.
    pub(super) struct Layer {
        /// forward or backward
        direction: &'static str;
        /// the layer, from 1
        layer: usize;
        /// forward: mean over units of z²; backward: mean of (∂f/∂h)² over what the layer takes in
        predicted: f64;
        /// the same, mean over draws
        measured: f64;
        /// standard error of the measured mean: exact for ReLU and linear, from the draws for tanh
        se: f64;
    } beside {
        /// How many of these the mean may be away by chance.
        reach: f64;
    }
}

/// What theory says of a network, what draws show.
pub(super) struct Run {
    pub predicted: Propagation<Moment>,
    pub estimates: Propagation<Estimate>,
    pub measured: MeasuredPropagation,
}

impl VariancePropagation {
    pub(super) fn run_one(
        &self,
        init: Init,
        activation: Activation,
        seed: u64,
        index: u64,
    ) -> Result<Run> {
        let mut sizes = vec![self.input_dim];
        sizes.extend(vec![self.width; self.depth - 1]);
        sizes.push(1);
        let settings = MlpSettings {
            sizes,
            activation,
            biases: false,
            init,
        };
        let norm2 = self.input_dim as f64;
        let x = unit_sphere(1, self.input_dim, &mut stream(seed, "input", 0))? * norm2.sqrt();
        // The comparison is about a factor, which fewer draws show as well. Of He's a typical network is asked, too.
        let draws = if [0, 2].contains(&index) {
            self.draws
        } else {
            self.draws.div_ceil(2)
        };
        let seed = seed.wrapping_mul(16).wrapping_add(index);
        let measured = measure(&settings, &x.row(0), draws, seed)?;
        Ok(Run {
            predicted: predict(&settings, norm2)?,
            estimates: measured.estimates()?,
            measured,
        })
    }
}

impl Run {
    /// The layers, forward and backward.
    pub(super) fn sides(&self) -> Result<[Vec<Layer>; 2]> {
        let z = largest_distance(self.estimates.forward.len(), LEVEL, None)?;
        let (predicted, found) = (&self.predicted, &self.estimates);
        Ok([
            layers("forward", &predicted.forward, &found.forward, z),
            layers("backward", &predicted.backward, &found.backward, z),
        ])
    }

    /// The mean factor of a hidden layer, forward and backward: between the first and the last hidden layer.
    pub(super) fn factors(&self) -> (f64, f64) {
        let Propagation { forward, backward } = &self.estimates;
        let last = forward.len() - 2;
        let root = |quotient: f64, steps: usize| quotient.powf(1.0 / steps as f64);
        (
            root(forward[last].mean / forward[0].mean, last),
            root(backward[1].mean / backward[last].mean, last - 1),
        )
    }

    /// ln(mean square of the last hidden layer / its mean over networks): mean over draws, none if some network lets
    /// nothing through; and how many do.
    pub(super) fn drift(&self) -> Result<(Option<Estimate>, usize)> {
        let last = self.predicted.forward.len() - 2;
        let mean = self.predicted.forward[last].mean;
        let squares = self.measured.draws.iter().map(|draw| draw.forward[last]);
        let dead = squares.clone().filter(|square| *square == 0.0).count();
        let logs = || Estimate::from_values(&squares.map(|s| (s / mean).ln()).collect::<Vec<_>>());
        Ok(((dead == 0).then(logs).transpose()?, dead))
    }
}

fn layers(direction: &'static str, theory: &[Moment], found: &[Estimate], z: f64) -> Vec<Layer> {
    let layer = |(layer, (moment, estimate)): (usize, (&Moment, &Estimate))| Layer {
        direction,
        layer,
        predicted: moment.mean,
        measured: estimate.mean,
        se: moment.scatter.map_or(estimate.se, |scatter| {
            scatter.relative_sd * moment.mean / (estimate.draws as f64).sqrt()
        }),
        reach: moment
            .scatter
            .map_or(z, |scatter| scatter.reach(z, estimate.draws)),
    };
    (1..).zip(theory.iter().zip(found)).map(layer).collect()
}
