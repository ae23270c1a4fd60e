//! One training run, two networks: the one that stops where validation is best, the one that goes on to interpolate.

use super::curve::{Curve, Kind, Point};
use super::ridge::signal;
use super::settings::OverfittingRegimes;
use crate::data::Dataset;
use crate::data::synthetic::{noise, unit_sphere};
use crate::error::{Error, Result};
use crate::experiment::Context;
use crate::fit::train::{TrainSettings, evaluate, train};
use crate::model::{Loss, Mlp32, MlpSettings};
use crate::optimise::{Adam, Optimiser};
use crate::rng::{Rng, stream};
use crate::stats::{Estimate, largest};

/// The training error, in units of σ², at which a network counts as interpolating.
pub(super) const INTERPOLATED: f64 = 0.01;

/// Test inputs.
const TEST: usize = 2000;

/// The mean training error over draws, in units of σ².
pub(super) struct TrainError {
    pub n: usize,
    pub interpolating: f64,
    /// The largest of any draw.
    pub worst: f64,
    pub early: f64,
}

pub(super) struct Networks {
    pub curves: Vec<Curve>,
    pub train: Vec<TrainError>,
}

/// One run: excess and training error in units of σ².
struct Run {
    interpolating: (f64, f64),
    early: (f64, f64),
}

impl OverfittingRegimes {
    pub(super) fn networks(&self, seed: u64, context: &Context) -> Result<Networks> {
        let mut sizes = self.net_n.clone();
        sizes.sort_unstable();
        sizes.dedup();
        let runs = context.paired("networks", &sizes, self.net_draws, seed, |&n, one| {
            let seed = seed ^ ((n as u64) << 32);
            self.one_network(n, &mut stream(seed, "network", one.index))
        })?;
        let (mut late, mut early, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for (&n, runs) in sizes.iter().zip(&runs) {
            let each = |of: fn(&Run) -> f64| Estimate::of(runs, of);
            late.push(Point::mean(n, each(|run| run.interpolating.0)?, None));
            early.push(Point::mean(n, each(|run| run.early.0)?, None));
            errors.push(TrainError {
                n,
                interpolating: each(|run| run.interpolating.1)?.mean,
                worst: largest(runs.iter().map(|run| run.interpolating.1)),
                early: each(|run| run.early.1)?.mean,
            });
        }
        let curve = |method, points, limit| Curve {
            method,
            points,
            limit,
        };
        Ok(Networks {
            curves: vec![
                curve(Kind::EarlyStopped, early, Some(0.0)),
                curve(Kind::InterpolatingNet, late, None),
            ],
            train: errors,
        })
    }

    fn one_network(&self, n: usize, rng: &mut Rng) -> Result<Run> {
        let noise2 = self.noise * self.noise;
        let draw = |count: usize, sigma: f64, rng: &mut Rng| {
            let x = unit_sphere(count, self.net_dim, rng)?;
            let y = signal(&x) + noise(count, sigma, rng)?;
            Dataset::new(x, y)
        };
        let data = draw(n, self.noise, rng)?;
        let validation = draw(n, self.noise, rng)?;
        // Without noise: the error is the excess.
        let test = draw(TEST, 0.0, rng)?;
        let sizes = [self.net_dim, self.net_width, 1];
        let net = Mlp32::new(&MlpSettings::of_sizes(&sizes), rng)?;
        let doublings = std::iter::successors(Some(1), |epoch| Some(2 * epoch));
        let snapshots = doublings.take_while(|epoch| *epoch <= self.net_epochs);
        let settings = TrainSettings {
            loss: Loss::Mse,
            optimiser: Optimiser::Adam(Adam::default()),
            learning_rate: 0.005,
            epochs: self.net_epochs,
            batch: n,
            record_every: 32,
            target_loss: Some(0.5 * INTERPOLATED * noise2),
            snapshots: snapshots.collect(),
            ..TrainSettings::default()
        };
        let trained = train(&net, &data, None, &settings, rng)?;
        let loss = |net: &Mlp32, on: &Dataset| {
            Ok::<f64, Error>(evaluate(net, on, Loss::Mse)?.loss / noise2)
        };
        let mut best = (&trained.net, loss(&trained.net, &validation)?);
        for (_, net) in &trained.snapshots {
            let now = loss(net, &validation)?;
            if now < best.1 {
                best = (net, now);
            }
        }
        Ok(Run {
            interpolating: (loss(&trained.net, &test)?, loss(&trained.net, &data)?),
            early: (loss(best.0, &test)?, loss(best.0, &data)?),
        })
    }
}
