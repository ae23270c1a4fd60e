//! One more training point, predicted and retrained.

use ndarray::{Array1, Array2, Axis, concatenate, s};

use super::settings::OtherThreats;
use super::victims::{Victims, with_constant};
use crate::attack::Poison;
use crate::data::train_test_split;
use crate::error::Result;
use crate::fit::ridge;
use crate::rng::stream;
use crate::stats::larger;

/// What one poisoned point does to one test picture's score.
pub(super) struct Poisoned {
    /// The change by the formula.
    pub predicted: f64,
    /// The change by fitting anew.
    pub retrained: f64,
    /// The change if the inverse stayed as it was: to first order in the point.
    pub first_order: f64,
}

/// All of it.
pub(super) struct Poisons {
    pub points: Vec<Poisoned>,
    /// The largest |predicted − retrained| over all scores of all test pictures.
    pub apart: f64,
    /// The largest size of a score that was predicted.
    pub size: f64,
    /// The largest |score − 0| of pictures whose score a target was chosen to bring to 0, retrained.
    pub missed: f64,
    /// The targets that bring it there.
    pub targets: Vec<f64>,
    /// Test error before, and after the training point of the other label that does most harm.
    pub errors: (f64, f64),
}

pub(super) fn poison(settings: &OtherThreats, victims: &Victims, seed: u64) -> Result<Poisons> {
    let (x, y) = (with_constant(&victims.train.x)?, &victims.train.y);
    let test = with_constant(&victims.test.x)?;
    let ridge_fit = Poison::new(&x, y, settings.lambda)?;
    let retrain = |z: &Array1<f64>, t: f64| -> Result<Array2<f64>> {
        let more = concatenate![Axis(0), x, z.clone().insert_axis(Axis(0))];
        let targets = concatenate![Axis(0), *y, ndarray::array![[t]]];
        Ok(ridge(&more, &targets, settings.lambda)?.weights)
    };
    let clean = test.dot(&ridge_fit.weights);
    let rng = &mut stream(seed, "threats: poison", 0);
    let count = settings.poisons.min(victims.test.len());
    let places = train_test_split(victims.test.len(), count, 0, rng)?.train;
    let mut found = Poisons {
        points: Vec::new(),
        apart: 0.0,
        size: 0.0,
        missed: 0.0,
        targets: Vec::new(),
        errors: (wrong(&clean, &victims.test.y), f64::NAN),
    };
    for &row in &places {
        // The picture itself, with the other label.
        let (z, t) = (test.row(row).to_owned(), -victims.test.y[[row, 0]]);
        let scores = test.dot(&ridge_fit.added(&z, &ndarray::array![t])?);
        let anew = test.dot(&retrain(&z, t)?);
        for (a, b) in scores.iter().zip(&anew) {
            found.apart = larger(found.apart, (a - b).abs());
            found.size = larger(found.size, a.abs());
        }
        let leverage = ridge_fit.leverage(&z)?;
        found.points.push(Poisoned {
            predicted: scores[[row, 0]] - clean[[row, 0]],
            retrained: anew[[row, 0]] - clean[[row, 0]],
            first_order: leverage * (t - clean[[row, 0]]),
        });
        // A target large enough that the score is 0.
        let target = ridge_fit.target_for(&z, &z, 0, 0.0)?;
        let zeroed = z.dot(&retrain(&z, target)?.column(0));
        found.missed = larger(found.missed, zeroed.abs() / larger(target.abs(), 1.0));
        found.targets.push(target.abs());
    }
    // Every training point once more with the other label: the formula tries them all.
    let mut worst = (0, f64::NEG_INFINITY);
    for row in 0..x.nrows() {
        let t = ndarray::array![-y[[row, 0]]];
        let weights = ridge_fit.added(&x.row(row), &t)?;
        let loss = (test.dot(&weights) - &victims.test.y).mapv(|r| r * r).sum();
        if loss > worst.1 {
            worst = (row, loss);
        }
    }
    let row = worst.0;
    let z = x.slice(s![row, ..]).to_owned();
    let scores = test.dot(&retrain(&z, -y[[row, 0]])?);
    found.errors.1 = wrong(&scores, &victims.test.y);
    Ok(found)
}

fn wrong(scores: &Array2<f64>, y: &Array2<f64>) -> f64 {
    super::cells::share_wrong(&-(scores * y).column(0).to_owned())
}
