//! Training runs at every point of the diagram.

use std::fmt::Debug;

use crate::data::Dataset;
use crate::data::synthetic::{noise, unit_sphere};
use crate::error::{Error, Result};
use crate::experiment::{Context, Draw, row, settings};
use crate::fit::{FlowSettings, network_flow};
use crate::measure::{Scaling, lazy_ratio};
use crate::model::{Activation, Mlp, MlpSettings};
use crate::stats::{Estimate, PowerLaw, exact_power_law};

settings! {
    /// Settings of `phase_diagram`.
    pub struct PhaseDiagram {
        /// Widths m.
        widths: Vec<usize> = vec![100, 300, 1000, 3000], quick vec![50, 200, 800], in 10..=100_000, len 2..=10, increasing;
        /// Grid of γ = −ln(β₁β₂/α)/ln m: how small the output starts.
        gamma: Vec<f64> = vec![0.5, 0.75, 1.0, 1.25, 1.5, 1.75], quick vec![0.5, 1.0, 1.5], in 0.0..=3.0, len 1..=20, increasing;
        /// Grid of γ' = −ln(β₁/β₂)/ln m: how small the output weights start beside the input weights.
        gamma_prime: Vec<f64> = vec![-0.5, -0.25, 0.0, 0.25, 0.5], quick vec![-0.5, 0.0, 0.5], in -2.0..=2.0, len 1..=20, increasing;
        /// Training examples n, on the unit sphere, with targets from N(0, 1).
        n: usize = 8, in 2..=200;
        /// Input dimension d.
        input_dim: usize = 5, in 2..=1000;
        /// Training stops at this share of the targets' mean square.
        target: f64 = 1e-3, quick 1e-2, in 1e-6..=0.5;
        /// The most steps of a run.
        steps: usize = 20_000, quick 3000, in 100..=10_000_000;
        /// Data sets and starts drawn at each point.
        draws: usize = 6, quick 8, in 3..=1000;
    }
}

row! {
    /// All runs at one point of the diagram and one width.
    pub(super) struct AtWidth {
        /// γ
        gamma: f64;
        /// γ'
        gamma_prime: f64;
        /// neurons m
        width: usize;
        /// ‖W(end) − W(0)‖/‖W(0)‖ of the input weights, geometric mean over draws
        change: f64;
        /// lazy ratio of both layers, geometric mean over draws
        kappa: f64;
        /// mean number of steps
        steps: f64;
        /// share of runs that reached the target loss
        reached: f64;
        /// of ln change by ln width at this (γ, γ'), over all widths
        slope: f64;
        /// the same in the limit of many neurons
        predicted_slope: f64;
        /// lazy, critical or condensed
        regime: String;
    }
}

/// One training run.
struct Run {
    /// ‖W(end) − W(0)‖_F/‖W(0)‖_F of the input weights.
    change: f64,
    /// The lazy ratio, of both layers.
    kappa: f64,
    steps: usize,
    reached: bool,
}

/// One point of the diagram.
pub(super) struct Point {
    pub at: Scaling,
    pub widths: Vec<AtWidth>,
    /// The change by width, over all draws together.
    pub law: PowerLaw,
    /// Its exponent, mean over draws: a draw has its data set in common at all widths.
    pub slope: Estimate,
}

impl Point {
    /// From the runs of each of `widths`.
    fn new(at: Scaling, widths: &[usize], runs: &[Vec<Run>]) -> Result<Self> {
        let m: Vec<f64> = widths.iter().map(|&width| width as f64).collect();
        let exponents = (0..runs[0].len()).map(|draw| {
            let change: Vec<f64> = runs.iter().map(|runs| runs[draw].change).collect();
            Ok(exact_power_law(&m, &change)?.exponent)
        });
        let slope = Estimate::from_values(&exponents.collect::<Result<Vec<f64>>>()?)?;
        let at_width = |(&width, runs): (&usize, &Vec<Run>)| {
            let share = |of: fn(&Run) -> usize| {
                runs.iter().map(of).sum::<usize>() as f64 / runs.len() as f64
            };
            Ok(AtWidth {
                gamma: at.gamma,
                gamma_prime: at.gamma_prime,
                width,
                change: geometric(runs, |run| run.change)?,
                kappa: geometric(runs, |run| run.kappa)?,
                steps: share(|run| run.steps),
                reached: share(|run| usize::from(run.reached)),
                slope: slope.mean,
                predicted_slope: at.slope(),
                regime: at.regime().to_string(),
            })
        };
        let widths = widths.iter().zip(runs).map(at_width);
        let widths = widths.collect::<Result<Vec<AtWidth>>>()?;
        let change: Vec<f64> = widths.iter().map(|w| w.change).collect();
        Ok(Self {
            at,
            law: exact_power_law(&m, &change)?,
            slope,
            widths,
        })
    }
}

/// The geometric mean over draws.
fn geometric(runs: &[Run], of: fn(&Run) -> f64) -> Result<f64> {
    let logs: Vec<f64> = runs.iter().map(|run| of(run).ln()).collect();
    Ok(Estimate::from_values(&logs)?.mean.exp())
}

impl PhaseDiagram {
    /// All points, γ by γ.
    pub(super) fn points(&self, seed: u64, context: &Context) -> Result<Vec<Point>> {
        let column = |&gamma: &f64| self.gamma_prime.iter().map(move |&other| (gamma, other));
        let grid = self.gamma.iter().flat_map(column);
        let grid: Vec<Scaling> = grid
            .map(|(gamma, other)| Scaling::new(gamma, other))
            .collect();
        let widths = |&at: &Scaling| self.widths.iter().map(move |&width| (at, width));
        let places: Vec<(Scaling, usize)> = grid.iter().flat_map(widths).collect();
        // The same data sets at every place.
        let runs = context.paired("runs", &places, self.draws, seed, |&(at, width), draw| {
            self.run_one(at, width, draw)
        })?;
        let runs = runs.chunks(self.widths.len());
        let points = grid
            .iter()
            .zip(runs)
            .map(|(at, runs)| Point::new(*at, &self.widths, runs));
        points.collect()
    }

    fn run_one(&self, at: Scaling, width: usize, draw: Draw) -> Result<Run> {
        let rng = &mut draw.rng("data");
        let data = Dataset::new(
            unit_sphere(self.n, self.input_dim, rng)?,
            noise(self.n, 1.0, rng)?,
        )?;
        let settings = MlpSettings {
            sizes: vec![self.input_dim, width, 1],
            activation: Activation::Relu,
            biases: false,
            init: at.init(width)?,
        };
        let net = Mlp::new(&settings, &mut draw.rng(&format!("start {width}")))?;
        let size = data.y.mapv(|y| y * y).mean().expect("one example or more");
        let flow = FlowSettings {
            target: self.target * size,
            max_steps: self.steps,
            ..FlowSettings::default()
        };
        let flow = network_flow(&net, &data, &flow)?;
        let movement = lazy_ratio(&flow.net, &net)?;
        if movement.distances[0] == 0.0 {
            let expected = "below the share of the loss that every network starts from, so that \
                            weights move";
            return Err(Error::domain("target", expected, self.target));
        }
        Ok(Run {
            change: movement.distances[0] / movement.norms[0],
            kappa: movement.kappa,
            steps: flow.loss.len() - 1,
            reached: flow.reached,
        })
    }
}
