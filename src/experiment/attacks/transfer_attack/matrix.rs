//! Inputs made on each classifier, shown to all.

use ndarray::Array2;
use rand::RngExt;

use super::networks::Networks;
use super::settings::TransferAttack;
use crate::attack::{NormBall, Objective, PgdSettings, Victim, pgd};
use crate::error::Result;
use crate::experiment::{Context, Draw, row};
use crate::model::{Differentiable, Loss};
use crate::optimise::Norm;
use crate::stats::{larger, mean};

row! {
    /// Inputs of one origin, shown to one classifier.
    pub(super) struct Pair {
        /// clean; random: a random sign of ε a pixel; else the classifier whose gradients made them
        made_on: &'static str;
        /// the classifier that is asked
        shown_to: &'static str;
        /// share of test images told right
        accuracy: f64;
    }
}

/// Who is fooled by what.
pub(super) struct Matrix {
    pub pairs: Vec<Pair>,
    /// For each classifier as the source, each as the victim, each test image: 1 where it is fooled.
    pub fooled: Vec<Vec<Vec<f64>>>,
    /// For each victim and test image by random signs.
    pub by_chance: Vec<Vec<f64>>,
    /// The largest ‖z − x‖∞ and the largest distance of a pixel from \[0, 1\], of all that were made.
    pub spent: (f64, f64),
}

pub(super) fn matrix(
    settings: &TransferAttack,
    networks: &Networks,
    seed: u64,
    context: &Context,
) -> Result<Matrix> {
    let (x, y) = (&networks.test.x, &networks.test.y);
    let ball = NormBall::new(Norm::LInf, settings.epsilon);
    let how = PgdSettings {
        steps: settings.steps,
        step: 2.5 * settings.epsilon / settings.steps as f64,
        objective: Objective::Loss(Loss::CrossEntropy),
        ..PgdSettings::default()
    };
    let made = context.each("attacks", (0..).zip(&networks.nets), |(index, net)| {
        let rng = &mut Draw::new(seed, index).rng("transfer: attack");
        Ok(pgd(&net.checked()?, x, y, &ball, &how, rng)?.inputs)
    })?;
    let rng = &mut Draw::new(seed, 0).rng("transfer: random signs");
    let random = x.mapv(|v| {
        let sign = if rng.random::<bool>() { 1.0 } else { -1.0 };
        (v + sign * settings.epsilon).clamp(0.0, 1.0)
    });
    let shown = |z: &Array2<f64>| -> Result<Vec<Vec<f64>>> {
        networks
            .nets
            .iter()
            .map(|net| fooled(&net.checked()?, z, y))
            .collect()
    };
    let mut found = Matrix {
        pairs: Vec::new(),
        fooled: Vec::new(),
        by_chance: shown(&random)?,
        spent: (0.0, 0.0),
    };
    let mut rows = |made_on: &'static str, by: &[Vec<f64>]| {
        let names = settings.substitute.iter().zip(by);
        found.pairs.extend(names.map(|(shown_to, fooled)| Pair {
            made_on,
            shown_to,
            accuracy: 1.0 - mean(fooled.iter().copied()),
        }));
    };
    rows("clean", &shown(x)?);
    rows("random", &found.by_chance);
    for (name, z) in settings.substitute.iter().zip(&made) {
        let by = shown(z)?;
        rows(name, &by);
        found.fooled.push(by);
    }
    for z in &made {
        for (z, x) in z.iter().zip(x) {
            found.spent.0 = larger(found.spent.0, (z - x).abs());
            found.spent.1 = larger(found.spent.1, larger(-z, z - 1.0));
        }
    }
    Ok(found)
}

/// 1 for each row that is told wrong.
fn fooled(net: &impl Victim<f64>, z: &Array2<f64>, y: &Array2<f64>) -> Result<Vec<f64>> {
    let fooled = Objective::Margin.fooled(&net.outputs(z)?, y)?;
    Ok(fooled.into_iter().map(f64::from).collect())
}
