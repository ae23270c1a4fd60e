//! Residual networks: what the blocks do to signals and to gradients.

use ndarray::{Array1, ArrayRef1};

use super::settings::ShortcutsAndGates;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Claim, Context, Draw, row};
use crate::measure::Moment;
use crate::measure::propagation::predict_residual;
use crate::model::{Residual, ResidualSettings};
use crate::stats::{Estimate, larger, largest, largest_distance};

/// How often chance alone breaks a true claim.
pub(super) const LEVEL: f64 = 1e-5;

/// Chance must allow less than this share of a mean: beyond, a few networks make up all of it.
const KNOWN: f64 = 1.0;

row! {
    /// A residual network after some blocks, over draws.
    pub(super) struct State {
        /// what the branches do, and how they are scaled
        branches: String;
        /// blocks passed
        block: usize;
        /// mean over networks of ‖x_l‖²/‖x_0‖², or backward of ‖∂f/∂x_(L−l)‖²/‖∂f/∂x_L‖²: exact
        predicted: f64;
        /// forward, measured
        forward: Estimate, and forward_se "its standard error, from the draws";
        /// backward, measured
        backward: Estimate, and backward_se "its standard error, from the draws";
    }
}

/// One kind of residual network.
pub(super) struct Shortcuts {
    pub name: String,
    pub settings: ResidualSettings,
    pub states: Vec<State>,
    predicted: Vec<Moment>,
    /// ‖x_l‖²/‖x_{l−1}‖² over all blocks and draws.
    factor: Estimate,
}

/// What one network does: ‖x_l‖²/‖x_0‖² and the same of the gradient from the end, l = 0 … L.
struct Squares {
    forward: Vec<f64>,
    backward: Vec<f64>,
}

impl ShortcutsAndGates {
    /// Branches that keep, branches of He's variance, then branches that keep, scaled by 1/√L.
    pub(super) fn shortcuts(&self, seed: u64, context: &Context) -> Result<Vec<Shortcuts>> {
        let kind = |name: String, blocks: usize, branch_gain: f64, scale: f64| {
            let settings = ResidualSettings {
                width: self.width,
                blocks,
                branch_gain,
                scale,
            };
            (name, settings)
        };
        let mut kinds = vec![
            kind("branch keeps".to_owned(), self.depth, 1.0, 1.0),
            kind("branch of He's variance".to_owned(), self.depth, 2.0, 1.0),
        ];
        for &blocks in &self.scaled {
            let name = format!("branch keeps, times 1/√{blocks}");
            kinds.push(kind(name, blocks, 1.0, 1.0 / (blocks as f64).sqrt()));
        }
        let draws = context.sweep(
            "networks",
            &kinds,
            self.draws,
            seed,
            |(_, settings), draw| squares(settings, draw),
        )?;
        let kinds = kinds.into_iter().zip(draws);
        kinds
            .map(|((name, settings), draws)| Shortcuts::new(name, settings, &draws))
            .collect()
    }
}

fn squares(settings: &ResidualSettings, draw: Draw) -> Result<Squares> {
    let net = Residual::new(settings, &mut draw.rng("residual network"))?;
    let vector = |label: &str| -> Result<Array1<f64>> {
        Ok(gaussian(1, settings.width, &mut draw.rng(label))?
            .row(0)
            .to_owned())
    };
    let states = net.states(&vector("input")?)?;
    let gradients = net.gradients(&states, &vector("gradient at the end")?)?;
    let square = |x: &ArrayRef1<f64>| x.dot(x);
    let relative = |all: &[Array1<f64>]| -> Vec<f64> {
        all.iter()
            .map(|one| square(one) / square(&all[0]))
            .collect()
    };
    let backward: Vec<Array1<f64>> = gradients.into_iter().rev().collect();
    Ok(Squares {
        forward: relative(&states),
        backward: relative(&backward),
    })
}

impl Shortcuts {
    fn new(name: String, settings: ResidualSettings, draws: &[Squares]) -> Result<Self> {
        let predicted = predict_residual(&settings)?;
        let state = |block: usize| {
            Ok(State {
                branches: name.clone(),
                block,
                predicted: predicted[block].mean,
                forward: Estimate::of(draws, |draw| draw.forward[block])?,
                backward: Estimate::of(draws, |draw| draw.backward[block])?,
            })
        };
        let states = (0..=settings.blocks).map(state).collect::<Result<_>>()?;
        // The direction of a state does not matter to the next block: these are independent.
        let factors = draws
            .iter()
            .flat_map(|draw| draw.forward.windows(2).map(|x| x[1] / x[0]));
        let factor = Estimate::from_values(&factors.collect::<Vec<f64>>())?;
        Ok(Self {
            name,
            settings,
            states,
            predicted,
            factor,
        })
    }

    /// 1 + s²g.
    pub(super) fn predicted_factor(&self) -> f64 {
        self.predicted[1].mean
    }

    /// The mean factor of one block.
    pub(super) fn block(&self, rival: f64, meaning: &str) -> Result<Claim> {
        let text = format!(
            "{}: a block multiplies E‖x‖² by 1 + s²g; mean over blocks",
            self.name
        );
        let claim = Claim::mean_equals(&text, self.predicted_factor(), self.factor, 0.0, LEVEL)?;
        Ok(claim.against(rival, meaning))
    }

    /// The last state, forward.
    pub(super) fn end(&self, text: &str, rival: f64, meaning: &str) -> Result<Claim> {
        let last = &self.states[self.states.len() - 1];
        let error = self.error(last.block, largest_distance(1, LEVEL, None)?);
        let draws = last.forward.draws;
        let reason = format!(
            "chance allows the mean over {draws} networks as much as itself: set more draws, fewer \
             blocks or more units"
        );
        let text = format!("{text} [chance beyond in 1 of 100,000 runs]");
        Ok(
            Claim::equals_within(&text, last.predicted, last.forward.mean, error)
                .against(rival, meaning)
                .not_measured_if(error >= KNOWN, &reason),
        )
    }

    /// What chance allows the mean after `block` blocks, in parts of itself, where a normal mean is allowed `z`.
    fn error(&self, block: usize, z: f64) -> f64 {
        let draws = self.states[block].forward.draws;
        self.predicted[block].scatter.map_or(f64::NAN, |scatter| {
            scatter.reach(z, draws) * scatter.relative_sd / (draws as f64).sqrt()
        })
    }
}

/// Every state of every network in one direction: the largest distance in parts of what chance allows.
pub(super) fn all_states(
    all: &[Shortcuts],
    direction: &str,
    of: fn(&State) -> Estimate,
) -> Result<Claim> {
    let count: usize = all.iter().map(|one| one.settings.blocks).sum();
    let z = largest_distance(count, LEVEL, None)?;
    let mut told = Vec::new();
    for one in all {
        for state in &one.states[1..] {
            let error = one.error(state.block, z);
            if error < KNOWN {
                told.push((of(state).mean / state.predicted - 1.0).abs() / larger(error, 0.0));
            }
        }
    }
    let which = match told.len() == count {
        true => format!("all {count} means"),
        false => format!(
            "{} of {count} means; in the others chance allows as much as the value itself",
            told.len()
        ),
    };
    let text = format!(
        "{direction}: E‖·‖² after every block of every network is (1 + s²g)^l ({which}): the largest \
         distance, in parts of what chance allows"
    );
    let reason =
        "chance allows as much as the value itself everywhere: set more draws or more units";
    Ok(Claim::at_most(&text, 1.0, largest(&told), 0.0).not_measured_if(told.is_empty(), reason))
}
