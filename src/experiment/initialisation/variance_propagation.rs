//! Mean squares of signals and gradients through the layers of a random network.

mod findings;

use crate::data::synthetic::unit_sphere;
use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::measure::propagation::{measure, predict};
use crate::measure::{MeasuredPropagation, Moment, Propagation};
use crate::model::{Activation, Init, MlpSettings};
use crate::rng::stream;
use crate::stats::Estimate;
use findings::findings;

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
const COMPARED: [(&str, Init, f64); 5] = [
    ("exploding", EXPLODING, 2.0),
    ("He", Init::HE, 1.0),
    ("LeCun", Init::LECUN, 0.5),
    ("Xavier", Init::XAVIER, 0.5),
    ("vanishing", VANISHING, 0.25),
];

/// Variance 4/fan_in.
const EXPLODING: Init = Init::HE.with_gain(std::f64::consts::SQRT_2);

/// Variance 1/(2 fan_in).
const VANISHING: Init = Init::HE.with_gain(0.5);

/// What theory says of a network, what draws show.
struct Run {
    predicted: Propagation<Moment>,
    estimates: Propagation<Estimate>,
    measured: MeasuredPropagation,
}

impl Study for VariancePropagation {
    const ABOUT: About = About {
        id: "variance_propagation",
        title: "Signals and gradients through the layers at initialisation",
        what: "Draws networks and measures, layer by layer, the mean square of what goes into the activation (forward) \
               and of the derivative of the output by what the layer takes in (backward), beside the recursion that \
               predicts both. Compares five variances: one layer of ReLU multiplies by m·V/2, so that He keeps, LeCun \
               and Xavier halve, and others explode or vanish.",
        slide: "Scaman, Stability and robustness: \"Weights initialization\", \"Derivation of optimal weights\", \"Usual \
                initialization strategies\"; Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Summary on \
                initialization\"; after He, Zhang, Ren & Sun 2015, arXiv:1502.01852",
        columns: &[
            Column::new("direction", "", "forward or backward"),
            Column::new("layer", "", "the layer, from 1"),
            Column::new(
                "predicted",
                "",
                "forward: mean over units of z²; backward: mean of (∂f/∂h)² over what the layer takes in",
            ),
            Column::new("measured", "", "the same, mean over draws"),
            Column::new(
                "se",
                "",
                "standard error of the measured mean: exact for ReLU and linear, from the draws for tanh",
            ),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        context.progress.start(1 + COMPARED.len(), "schemes");
        let activation = match self.activation {
            "relu" => Activation::Relu,
            "linear" => Activation::Linear,
            _ => Activation::Tanh,
        };
        let init = match self.init {
            "exploding" => EXPLODING,
            "vanishing" => VANISHING,
            name => Init::named(name)?,
        };
        let chosen = self.run_one(init, activation, seed, 0)?;
        context.progress.step();
        let mut compared = Vec::with_capacity(COMPARED.len());
        for (index, (_, init, _)) in (1..).zip(COMPARED) {
            compared.push(self.run_one(init, Activation::Relu, seed, index)?);
            context.progress.step();
        }
        findings(self, &chosen, &compared)
    }
}

impl VariancePropagation {
    fn run_one(&self, init: Init, activation: Activation, seed: u64, index: u64) -> Result<Run> {
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
