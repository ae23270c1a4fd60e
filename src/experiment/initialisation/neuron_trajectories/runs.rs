//! The teacher, and the students that learn it.

use ndarray::Array2;
use rand::RngExt;

use super::alignment::{Attractors, attractors};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::experiment::{Context, settings};
use crate::fit::{Flow, FlowSettings, network_flow};
use crate::measure::{Scaling, lazy_ratio};
use crate::model::mlp::Layer;
use crate::model::{Activation, Loss, Mlp, MlpSettings};
use crate::rng::{Rng, stream};
use crate::stats::Estimate;

/// The signs of the teacher's neurons, a quarter turn apart: together |x₁| − |x₂|, turned.
const TEACHER: [f64; 4] = [1.0, -1.0, 1.0, -1.0];

/// A layer changes by at most this share in a step of the run that is shown.
pub(super) const STEP: f64 = 0.02;

/// The same where only the distance of the end from the start counts.
const COARSE: f64 = 0.1;

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

/// One training run.
pub(super) struct Run {
    pub init: &'static str,
    pub at: Scaling,
    pub start: Mlp,
    pub flow: Flow,
    /// ‖W(end) − W(0)‖/‖W(0)‖ of the input weights, of each draw.
    pub change: Vec<f64>,
    /// The same at four times the width.
    pub change_wide: Vec<f64>,
    /// The directions to which small neurons turn, in radians.
    pub attractors: Attractors,
}

impl Run {
    /// The start, the copies on the way and the end, with their losses.
    pub(super) fn moments(&self) -> Vec<(f64, &Mlp)> {
        let flow = &self.flow;
        let mut moments = vec![(flow.loss[0], &self.start)];
        moments.extend(flow.snapshot_losses.iter().copied().zip(&flow.snapshots));
        moments.push((flow.loss[flow.loss.len() - 1], &flow.net));
        moments
    }

    /// The exponent of the relative change by width, from one width and four times it.
    pub(super) fn slope(&self) -> Result<Estimate> {
        let pairs = self.change.iter().zip(&self.change_wide);
        let slopes = pairs.map(|(one, four)| (four / one).ln() / 4_f64.ln());
        Estimate::from_values(&slopes.collect::<Vec<f64>>())
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
pub(super) fn teacher(turn: f64) -> Mlp {
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
    /// All runs, and the teacher.
    pub(super) fn runs(&self, seed: u64, context: &Context) -> Result<(Vec<Run>, Mlp)> {
        if self.init.len() == 2 && self.init[0] == self.init[1] {
            let got = self.init.join(",");
            return Err(Error::domain("the initialisations", "each once", got));
        }
        let turn: f64 = stream(seed, "teacher", 0).random();
        let teacher = teacher(turn);
        let offset: f64 = stream(seed, "inputs", 0).random();
        let x = directions((0..self.n).map(|i| (i as f64 + offset) / self.n as f64));
        let y = teacher.forward(&x)?;
        let data = Dataset::new(x, y)?;
        let run = |&init: &&'static str| {
            let at = Scaling::new(if init == "lazy" { 0.5 } else { self.gamma }, 0.0);
            let changes = |width: usize| {
                context.draws("runs", self.draws, seed, |draw| {
                    let rng = &mut draw.rng(&format!("student {width}"));
                    let (start, flow) = self.train(at, width, &data, COARSE, rng)?;
                    Ok(lazy_ratio(&flow.net, &start)?.relative()[0])
                })
            };
            let rng = &mut stream(seed, "shown", 0);
            let (start, flow) = self.train(at, self.width, &data, STEP, rng)?;
            Ok(Run {
                init,
                at,
                change: changes(self.width)?,
                change_wide: changes(4 * self.width)?,
                start,
                flow,
                attractors: attractors(&data),
            })
        };
        let runs = self.init.iter().map(run).collect::<Result<_>>()?;
        Ok((runs, teacher))
    }

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
