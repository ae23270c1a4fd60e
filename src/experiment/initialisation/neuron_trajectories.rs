//! The neurons of two-layer networks in the plane while they learn.

mod alignment;
mod figure;
mod findings;

use ndarray::Array2;
use rand::RngExt;
use rayon::prelude::*;

use crate::data::Dataset;
use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::{Flow, FlowSettings, network_flow};
use crate::measure::{Scaling, lazy_ratio};
use crate::model::mlp::Layer;
use crate::model::{Activation, Loss, Mlp, MlpSettings};
use crate::rng::{Rng, stream};
use alignment::{Attractors, attractors};
use findings::findings;

settings! {
    /// Settings of `neuron_trajectories`.
    pub struct NeuronTrajectories {
        /// Neurons m.
        width: usize = 100, in 20..=5000;
        /// Where training starts: lazy at γ = ½, non-lazy at the γ below, both with γ' = 0.
        init: Vec<&'static str> = vec!["lazy", "non_lazy"], in ["lazy", "non_lazy"], len 1..=2;
        /// γ of the non-lazy start: weights of size m^(−γ/2).
        gamma: f64 = 2.0, in 1.1..=4.0;
        /// Training inputs n, evenly spread over the unit circle.
        n: usize = 40, in 8..=2000;
        /// Training stops at this share of the loss at the start.
        target: f64 = 0.01, in 1e-6..=0.5;
        /// The most steps.
        steps: usize = 20_000, in 100..=10_000_000;
        /// Starts drawn to measure how the movement depends on the width.
        draws: usize = 40, quick 20, in 3..=10_000;
    }
}

/// The signs of the teacher's neurons, a quarter turn apart: together |x₁| − |x₂|, turned.
const TEACHER: [f64; 4] = [1.0, -1.0, 1.0, -1.0];

/// A layer changes by at most this share in a step of the run that is shown.
const STEP: f64 = 0.02;

/// The same where only the distance of the end from the start counts.
const COARSE: f64 = 0.1;

/// One training run.
struct Run {
    init: &'static str,
    at: Scaling,
    start: Mlp,
    flow: Flow,
    /// ‖W(end) − W(0)‖/‖W(0)‖ of the input weights, of each draw.
    change: Vec<f64>,
    /// The same at four times the width.
    change_wide: Vec<f64>,
    /// The directions to which small neurons turn, in radians.
    attractors: Attractors,
}

/// |a|·w for every neuron, `(m, 2)`: the point that says what the neuron does.
fn points(net: &Mlp) -> Array2<f64> {
    let (w, a) = (&net.layers[0].weights, &net.layers[1].weights);
    Array2::from_shape_fn((w.nrows(), 2), |(k, i)| a[[0, k]].abs() * w[[k, i]])
}

impl Study for NeuronTrajectories {
    const ABOUT: About = About {
        id: "neuron_trajectories",
        title: "Where neurons go: lazy and non-lazy",
        what: "Two-layer ReLU networks learn a teacher of four neurons, |x₁| − |x₂| turned, from inputs on the circle. \
               Each neuron a·σ(w·x) is a point |a|w in the plane. From a lazy start the points hardly move and the loss \
               falls; from a small one they first turn to a few directions, which can be computed from the data, then \
               grow.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Lazy training regime: visualization\", \
                \"Non-lazy training regime: visualization\"; Zhu et al., Robustness in deep learning: the same figures; \
                after Chizat, Oyallon & Bach 2019, arXiv:1812.07956",
        columns: &[
            Column::new("init", "", "lazy or non_lazy"),
            Column::new("neuron", "", "from 1"),
            Column::new(
                "loss",
                "",
                "mean squared training error, from the start to the end",
            ),
            Column::new("x", "", "first coordinate of |a|w"),
            Column::new("y", "", "second coordinate of |a|w"),
            Column::new("sign", "", "of a, 1 or -1"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.init.len() == 2 && self.init[0] == self.init[1] {
            let got = self.init.join(",");
            return Err(Error::domain("the initialisations", "each once", got));
        }
        let _single = engine::single_thread();
        let turn: f64 = stream(seed, "teacher", 0).random();
        let teacher = teacher(turn);
        let offset: f64 = stream(seed, "inputs", 0).random();
        let x = directions((0..self.n).map(|i| (i as f64 + offset) / self.n as f64));
        let y = teacher.forward(&x)?;
        let data = Dataset::new(x, y)?;
        context
            .progress
            .start(2 * self.init.len() * self.draws, "runs");
        let runs = self.init.iter().map(|&init| {
            let at = Scaling::new(if init == "lazy" { 0.5 } else { self.gamma }, 0.0);
            let changes = |width: usize| {
                let draw = |draw: u64| {
                    let rng = &mut stream(seed, &format!("student {width}"), draw);
                    let (start, flow) = self.train(at, width, &data, COARSE, rng)?;
                    context.progress.step();
                    Ok(lazy_ratio(&flow.net, &start)?.relative()[0])
                };
                let draws = (0..self.draws as u64).into_par_iter().map(draw);
                draws.collect::<Result<Vec<f64>>>()
            };
            let (start, flow) =
                self.train(at, self.width, &data, STEP, &mut stream(seed, "shown", 0))?;
            Ok(Run {
                init,
                at,
                change: changes(self.width)?,
                change_wide: changes(4 * self.width)?,
                start,
                flow,
                attractors: attractors(&data),
            })
        });
        findings(&runs.collect::<Result<Vec<_>>>()?, &teacher)
    }
}

/// Unit vectors at these angles, in turns, `(n, 2)`.
fn directions(turns: impl ExactSizeIterator<Item = f64>) -> Array2<f64> {
    let mut rows = Array2::zeros((turns.len(), 2));
    for (mut row, turn) in rows.rows_mut().into_iter().zip(turns) {
        let (sin, cos) = (std::f64::consts::TAU * turn).sin_cos();
        row[0] = cos;
        row[1] = sin;
    }
    rows
}

/// The teacher, turned by `turn` in turns.
fn teacher(turn: f64) -> Mlp {
    let layer = |weights| Layer {
        weights,
        bias: None,
        multiplier: 1.0,
    };
    let w = directions((0..TEACHER.len()).map(|k| k as f64 / TEACHER.len() as f64 + turn));
    let a = Array2::from_shape_fn((1, TEACHER.len()), |(_, k)| TEACHER[k]);
    Mlp {
        layers: vec![layer(w), layer(a)],
        activation: Activation::Relu,
    }
}

impl NeuronTrajectories {
    fn train(
        &self,
        at: Scaling,
        width: usize,
        data: &Dataset,
        relative: f64,
        rng: &mut Rng,
    ) -> Result<(Mlp, Flow)> {
        let settings = MlpSettings {
            sizes: vec![2, width, 1],
            activation: Activation::Relu,
            biases: false,
            init: at.init(width)?,
        };
        let net = Mlp::new(&settings, rng)?;
        let first = net.gradient(&data.x, &data.y, Loss::Mse)?.loss;
        let shares = [
            0.999, 0.99, 0.97, 0.93, 0.85, 0.75, 0.6, 0.45, 0.3, 0.2, 0.12, 0.07, 0.04, 0.02,
        ];
        let levels = shares.iter().filter(|share| **share > self.target);
        let settings = FlowSettings {
            relative,
            target: self.target * first,
            max_steps: self.steps,
            levels: levels.map(|share| share * first).collect(),
            ..FlowSettings::default()
        };
        let flow = network_flow(&net, data, &settings)?;
        Ok((net, flow))
    }
}
