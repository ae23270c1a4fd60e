//! The norm of trained networks by width, lazy and not.

use ndarray::ArrayRef1;

use super::settings::FunctionSpaces;
use crate::data::Dataset;
use crate::data::synthetic::{noise, unit_sphere};
use crate::error::Result;
use crate::experiment::{Claim, Context, Draw};
use crate::fit::{FlowSettings, network_flow};
use crate::measure::{Scaling, l1_path_norm};
use crate::model::{Activation, Mlp, MlpSettings};
use crate::stats::{Estimate, exact_power_law, least};

/// The input dimension.
const DIM: usize = 5;

/// Training stops at this share of the targets' mean square.
const TARGET: f64 = 1e-3;

/// The most steps.
const STEPS: usize = 20_000;

/// How far an exponent may be from its limit beside chance: nearer to it than to any other multiple of ¼.
const NEARER: f64 = 0.125;

/// The chance that it is farther than that and what chance allows.
const LEVEL: f64 = 0.001;

/// What is trained: its name, its scaling, the exponent of the norm by the width and that of the change of the weights.
const REGIMES: [(&str, Scaling, f64); 2] = [
    ("mean field, 1/m", Scaling::MEAN_FIELD, 0.0),
    ("lazy, 1/√m", Scaling::NTK_PARAMETRISED, 0.5),
];

/// One trained network.
struct Run {
    norm: f64,
    /// Σ over neurons of what its path weights changed to first order: |a|‖Δw‖₁ + |Δa|‖w‖₁, from the start.
    change: f64,
    reached: bool,
}

/// One regime at all widths.
pub(super) struct Regime {
    pub name: &'static str,
    pub widths: Vec<usize>,
    /// (1/m) Σ |a|‖w‖₁ after training.
    pub norms: Vec<Estimate>,
    /// That of the tangent function.
    pub changes: Vec<Estimate>,
    /// Exponents by width, over draws; predicted.
    norm: Estimate,
    change: Estimate,
    predicted: f64,
    /// The share of runs that fit.
    reached: f64,
}

impl FunctionSpaces {
    pub(super) fn regimes(&self, seed: u64, context: &Context) -> Result<Vec<Regime>> {
        let widths = |index: usize| self.widths.iter().map(move |&width| (index, width));
        let places: Vec<(usize, usize)> = (0..REGIMES.len()).flat_map(widths).collect();
        let runs = context.paired(
            "runs",
            &places,
            self.draws,
            seed,
            |&(index, width), draw| self.run_one(REGIMES[index].1, width, draw),
        )?;
        let runs = runs.chunks(self.widths.len()).zip(REGIMES);
        runs.map(|(runs, (name, _, predicted))| self.regime(name, predicted, runs))
            .collect()
    }

    fn regime(&self, name: &'static str, predicted: f64, runs: &[Vec<Run>]) -> Result<Regime> {
        let m: Vec<f64> = self.widths.iter().map(|&width| width as f64).collect();
        let over = |of: fn(&Run) -> f64| -> Result<Vec<Estimate>> {
            runs.iter().map(|runs| Estimate::of(runs, of)).collect()
        };
        // A draw has its data set in common at all widths.
        let slope = |of: fn(&Run) -> f64| -> Result<Estimate> {
            let exponents = (0..self.draws).map(|draw| {
                let values: Vec<f64> = runs.iter().map(|runs| of(&runs[draw])).collect();
                Ok(exact_power_law(&m, &values)?.exponent)
            });
            Estimate::from_values(&exponents.collect::<Result<Vec<f64>>>()?)
        };
        let shares = runs
            .iter()
            .map(|runs| runs.iter().filter(|run| run.reached).count() as f64 / runs.len() as f64);
        Ok(Regime {
            name,
            widths: self.widths.clone(),
            norms: over(|run| run.norm)?,
            changes: over(|run| run.change)?,
            norm: slope(|run| run.norm)?,
            change: slope(|run| run.change)?,
            predicted,
            reached: least(shares),
        })
    }

    fn run_one(&self, at: Scaling, width: usize, draw: Draw) -> Result<Run> {
        let rng = &mut draw.rng("data");
        let x = unit_sphere(self.n, DIM, rng)?;
        let data = Dataset::new(x, noise(self.n, 1.0, rng)?)?;
        let settings = MlpSettings {
            sizes: vec![DIM, width, 1],
            activation: Activation::Relu,
            biases: false,
            init: at.init(width)?,
        };
        let start = Mlp::new(&settings, &mut draw.rng(&format!("start {width}")))?;
        let size = data.y.mapv(|y| y * y).mean().expect("one example or more");
        let flow = FlowSettings {
            target: TARGET * size,
            max_steps: STEPS,
            ..FlowSettings::default()
        };
        let flow = network_flow(&start, &data, &flow)?;
        Ok(Run {
            norm: l1_path_norm(&flow.net)?,
            change: tangent_norm(&start, &flow.net),
            reached: flow.reached,
        })
    }
}

/// Σ |a|‖Δw‖₁ + |Δa|‖w‖₁ of the two-layer networks `start` and `now`, whose multipliers are 1.
fn tangent_norm(start: &Mlp, now: &Mlp) -> f64 {
    let [(w, w_now), (a, a_now)] =
        [0, 1].map(|layer| (&start.layers[layer].weights, &now.layers[layer].weights));
    let length = |w: &ArrayRef1<f64>| w.iter().map(|w| w.abs()).sum::<f64>();
    let neuron = |i: usize| {
        let (a, moved) = (a[[0, i]], a_now[[0, i]] - a[[0, i]]);
        a.abs() * length(&(&w_now.row(i) - &w.row(i))) + moved.abs() * length(&w.row(i))
    };
    (0..w.nrows()).map(neuron).sum()
}

pub(super) fn claims(regimes: &[Regime]) -> Result<Vec<Claim>> {
    let mut claims = Vec::new();
    for one in regimes {
        let name = one.name;
        let text = format!("{name}: exponent of (1/m)Σ|a_i|‖w_i‖₁ after training by the width");
        let norm = Claim::mean_equals(&text, one.predicted, one.norm, NEARER, LEVEL)?;
        claims.push(match one.predicted {
            0.0 => norm.against(0.5, "the lazy exponent"),
            _ => norm.against(0.0, "a bounded norm"),
        });
        let text = format!("{name}: of what training changed, (1/m)Σ|a|‖Δw‖₁ + |Δa|‖w‖₁, it is 0");
        let change = Claim::mean_equals(&text, 0.0, one.change, NEARER, LEVEL)?;
        claims.push(change.against(0.5, "that of the lazy network itself"));
        claims.push(Claim::equals(
            &format!("{name}: and it fits; least share of runs that reach 0.1 % of the targets' mean square"),
            1.0,
            one.reached,
            0.0,
        ));
    }
    Ok(claims)
}
