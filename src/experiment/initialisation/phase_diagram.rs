//! How far the weights of two-layer networks move, at every scaling of the start with the width.

mod figure;
mod findings;

use rayon::prelude::*;

use crate::data::Dataset;
use crate::data::synthetic::{noise, unit_sphere};
use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::{FlowSettings, network_flow};
use crate::measure::{Scaling, lazy_ratio};
use crate::model::{Activation, Mlp, MlpSettings};
use crate::rng::stream;
use crate::stats::{Estimate, PowerLaw, exact_power_law};
use findings::findings;

settings! {
    /// Settings of `phase_diagram`.
    pub struct PhaseDiagram {
        /// Widths m, from small to large.
        widths: Vec<usize> = vec![100, 300, 1000, 3000], quick vec![50, 200, 800], in 10..=100_000, len 2..=10;
        /// Grid of γ = −ln(β₁β₂/α)/ln m: how small the output starts.
        gamma: Vec<f64> = vec![0.5, 0.75, 1.0, 1.25, 1.5, 1.75], quick vec![0.5, 1.0, 1.5], in 0.0..=3.0, len 1..=20;
        /// Grid of γ' = −ln(β₁/β₂)/ln m: how small the output weights start beside the input weights.
        gamma_prime: Vec<f64> = vec![-0.5, -0.25, 0.0, 0.25, 0.5], quick vec![-0.5, 0.0, 0.5], in -2.0..=2.0, len 1..=20;
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

/// One training run.
struct Run {
    /// ‖W(end) − W(0)‖_F/‖W(0)‖_F of the input weights.
    change: f64,
    /// The lazy ratio, of both layers.
    kappa: f64,
    steps: usize,
    reached: bool,
}

/// All runs at one point of the diagram and one width.
struct AtWidth {
    width: usize,
    runs: Vec<Run>,
}

impl AtWidth {
    /// The geometric mean over draws.
    fn mean(&self, of: fn(&Run) -> f64) -> Result<f64> {
        let logs: Vec<f64> = self.runs.iter().map(|run| of(run).ln()).collect();
        Ok(Estimate::from_values(&logs)?.mean.exp())
    }

    fn reached(&self) -> f64 {
        let reached = self.runs.iter().filter(|run| run.reached).count();
        reached as f64 / self.runs.len() as f64
    }
}

/// One point of the diagram.
struct Point {
    at: Scaling,
    widths: Vec<AtWidth>,
    /// The change by width, over all draws together.
    law: PowerLaw,
    /// Its exponent, mean over draws: a draw has its data set in common at all widths.
    slope: Estimate,
}

impl Study for PhaseDiagram {
    const ABOUT: About = About {
        id: "phase_diagram",
        title: "Lazy or not: the phase diagram of two-layer networks",
        what: "Trains two-layer ReLU networks of several widths m from starts at points (γ, γ') of the phase diagram and \
               measures by how much the input weights change, relative to their start. The slope of that change by the \
               width, in logarithms, is negative where training is lazy, 0 on the boundary, positive where neurons \
               condense; theory predicts its value everywhere.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Summary on initialization\" (phase \
                diagram), \"Lazy training: a consequence of overparametrization or scaling?\"; after Luo, Xu, Ma & Zhang \
                2021, arXiv:2007.07497",
        columns: &[
            Column::new("gamma", "", "γ"),
            Column::new("gamma_prime", "", "γ'"),
            Column::new("width", "", "neurons m"),
            Column::new(
                "change",
                "",
                "‖W(end) − W(0)‖/‖W(0)‖ of the input weights, geometric mean over draws",
            ),
            Column::new(
                "kappa",
                "",
                "lazy ratio of both layers, geometric mean over draws",
            ),
            Column::new("steps", "", "mean number of steps"),
            Column::new("reached", "", "share of runs that reached the target loss"),
            Column::new(
                "slope",
                "",
                "of ln change by ln width at this (γ, γ'), over all widths",
            ),
            Column::new(
                "predicted_slope",
                "",
                "the same in the limit of many neurons",
            ),
            Column::new("regime", "", "lazy, critical or condensed"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.widths.windows(2).any(|pair| pair[0] >= pair[1]) {
            let got = format!("{:?}", self.widths);
            return Err(Error::domain("the widths", "from small to large", got));
        }
        for (what, grid) in [
            ("the grid of γ", &self.gamma),
            ("the grid of γ'", &self.gamma_prime),
        ] {
            if grid.windows(2).any(|pair| pair[0] >= pair[1]) {
                return Err(Error::domain(
                    what,
                    "from small to large",
                    format!("{grid:?}"),
                ));
            }
        }
        let mut tasks = Vec::new();
        for &gamma in &self.gamma {
            for &gamma_prime in &self.gamma_prime {
                for &width in &self.widths {
                    for draw in 0..self.draws {
                        tasks.push((Scaling::new(gamma, gamma_prime), width, draw as u64));
                    }
                }
            }
        }
        context.progress.start(tasks.len(), "runs");
        let _single = engine::single_thread();
        let runs = tasks
            .into_par_iter()
            .map(|(at, width, draw)| {
                let run = self.run_one(at, width, seed, draw);
                context.progress.step();
                run
            })
            .collect::<Result<Vec<Run>>>()?;
        let mut runs = runs.into_iter();
        let mut points = Vec::new();
        for &gamma in &self.gamma {
            for &gamma_prime in &self.gamma_prime {
                let widths = self.widths.iter().map(|&width| AtWidth {
                    width,
                    runs: runs.by_ref().take(self.draws).collect(),
                });
                points.push(Point::new(
                    Scaling::new(gamma, gamma_prime),
                    widths.collect(),
                )?);
            }
        }
        findings(self, &points)
    }
}

impl Point {
    fn new(at: Scaling, widths: Vec<AtWidth>) -> Result<Self> {
        let m: Vec<f64> = widths.iter().map(|w| w.width as f64).collect();
        let draws = widths.first().map_or(0, |w| w.runs.len());
        let exponents = (0..draws).map(|draw| {
            let change: Vec<f64> = widths.iter().map(|w| w.runs[draw].change).collect();
            Ok(exact_power_law(&m, &change)?.exponent)
        });
        let slope = Estimate::from_values(&exponents.collect::<Result<Vec<f64>>>()?)?;
        let mean = widths.iter().map(|w| w.mean(|run| run.change));
        let law = exact_power_law(&m, &mean.collect::<Result<Vec<f64>>>()?)?;
        Ok(Self {
            at,
            widths,
            law,
            slope,
        })
    }
}

impl PhaseDiagram {
    fn run_one(&self, at: Scaling, width: usize, seed: u64, draw: u64) -> Result<Run> {
        let rng = &mut stream(seed, "data", draw);
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
        let net = Mlp::new(
            &settings,
            &mut stream(seed, &format!("start {width}"), draw),
        )?;
        let size = data.y.mapv(|y| y * y).mean().unwrap_or(1.0);
        let flow = FlowSettings {
            target: self.target * size,
            max_steps: self.steps,
            ..FlowSettings::default()
        };
        let flow = network_flow(&net, &data, &flow)?;
        let movement = lazy_ratio(&flow.net, &net)?;
        if movement.distances[0] == 0.0 {
            let expected =
                "below the share of the loss that every network starts from, so that weights move";
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
