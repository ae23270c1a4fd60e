//! Some steps of training, and what has become of the networks.

use super::images::{Images, Kind, Place};
use super::settings::ConvStability;
use super::start::slopes;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::fit::descent::{Descent, DescentSettings, descend};
use crate::measure::robustness::ball_constant;
use crate::model::{ConvNet, Differentiable, Loss};
use crate::stats::{Estimate, larger, mean, median};
use ndarray::{Array2, Axis};

/// A run that ends above the loss it began with is tried again with a quarter of the step, so many times.
const TRIES: i32 = 4;

/// One trained network.
struct Trained {
    before: f64,
    after: f64,
    kappa: f64,
    loss: f64,
}

/// One kind, depth and number of channels after training.
pub(super) struct End {
    pub place: Place,
    /// P/ε on the training digits, before and after, over networks.
    pub before: Estimate,
    pub after: Estimate,
    /// Medians over networks: Σ‖ΔW‖/Σ‖W‖, and the mean squared error.
    pub kappa: f64,
    pub loss: f64,
}

impl ConvStability {
    /// Plain and residual networks, shallowest and deepest, of the fewest and most channels.
    pub(super) fn ends(&self, images: &Images, seed: u64, context: &Context) -> Result<Vec<End>> {
        let ends = |list: &[usize]| {
            let mut ends = vec![list[0], list[list.len() - 1]];
            ends.dedup();
            ends
        };
        let mut places = Vec::new();
        for kind in [Kind::Plain, Kind::Residual] {
            for &depth in &ends(&self.depths) {
                for &channels in &ends(&self.channels) {
                    places.push(Place {
                        kind,
                        depth,
                        channels,
                    });
                }
            }
        }
        let train = |&place: &Place, draw: Draw| self.train(place, images, draw);
        let runs = context.sweep("trained networks", &places, self.trained_draws, seed, train)?;
        let ends = places.iter().zip(runs).map(|(&place, runs)| {
            let each = |of: fn(&Trained) -> f64| runs.iter().map(of).collect::<Vec<f64>>();
            Ok(End {
                place,
                before: Estimate::from_values(&each(|run| run.before))?,
                after: Estimate::from_values(&each(|run| run.after))?,
                kappa: median(&each(|run| run.kappa))?,
                loss: median(&each(|run| run.loss))?,
            })
        });
        ends.collect()
    }

    /// Full-batch descent, its step a quarter of the limit that the mean squared gradient at the start sets.
    fn train(&self, place: Place, images: &Images, draw: Draw) -> Result<Trained> {
        let data = &images.data;
        let rng = &mut draw.rng("trained conv net");
        let start = ConvNet::new(&self.net(place, images.shape), rng)?;
        let checked = start.checked()?;
        let mut squares = 0.0;
        for row in data.x.axis_chunks_iter(Axis(0), 1) {
            let pulled = checked.vjp(&checked.trace(&row)?, &Array2::ones((1, 1)))?;
            squares += pulled.parameters.dot(&pulled.parameters) / data.len() as f64;
        }
        let loss = |net: &ConvNet| -> Result<f64> {
            let outputs = net.forward(&data.x)?;
            Ok(Loss::Mse.value_and_derivative(&outputs, &data.y)?.0)
        };
        let attempt = |tried: i32| -> Result<(Descent<ConvNet>, f64)> {
            let settings = DescentSettings {
                loss: Loss::Mse,
                learning_rate: 0.25_f64.powi(1 + tried) / larger(squares, f64::MIN_POSITIVE),
                epochs: self.steps,
                batch: data.len(),
                clip: None,
            };
            let done = descend(&start, data, &settings, &mut draw.rng("order"))?;
            let end = loss(&done.model)?;
            Ok((done, end))
        };
        let first = loss(&start)?;
        let (mut done, mut end) = attempt(0)?;
        for tried in 1..TRIES {
            if done.diverged.is_none() && end < first {
                break;
            }
            (done, end) = attempt(tried)?;
        }
        let constant = ball_constant(data.x.ncols())?;
        let stability =
            |net: &ConvNet| -> Result<f64> { Ok(constant * mean(slopes(net, &data.x.view())?)) };
        Ok(Trained {
            before: stability(&start)?,
            after: stability(&done.model)?,
            kappa: lazy_ratio(&done.model, &start),
            loss: end,
        })
    }
}

/// Σ_l‖W_l − W_l(0)‖_F/Σ_l‖W_l(0)‖_F.
fn lazy_ratio(net: &ConvNet, start: &ConvNet) -> f64 {
    let layers = |net: &ConvNet| {
        let layers = net.convolutions.iter().chain([&net.last]);
        layers
            .map(|layer| layer.weights.clone())
            .collect::<Vec<Array2<f64>>>()
    };
    let norm = |w: &Array2<f64>| w.iter().map(|w| w * w).sum::<f64>().sqrt();
    let (now, then) = (layers(net), layers(start));
    let moved: f64 = now
        .iter()
        .zip(&then)
        .map(|(now, then)| norm(&(now - then)))
        .sum();
    moved / then.iter().map(norm).sum::<f64>()
}
