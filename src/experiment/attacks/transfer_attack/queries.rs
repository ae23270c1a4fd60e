//! A black box, asked for its scores.

use ndarray::{Array2, ArrayRef2, Axis};

use super::networks::Networks;
use super::settings::TransferAttack;
use crate::attack::{Objective, QuerySettings, coordinate_search};
use crate::error::Result;
use crate::experiment::Draw;
use crate::model::Mlp;
use crate::stats::larger;

/// What questions found.
pub(super) struct Asked {
    /// For each classifier, its accuracy after so many queries an image, in the order of the settings.
    pub accuracy: Vec<Vec<f64>>,
    /// For each classifier and image, queries until it was fooled, if it was.
    pub until: Vec<Vec<Option<usize>>>,
    /// Of the classifier without a hidden layer.
    pub linear: Option<Linear>,
}

/// The score of one rival over the true class is linear.
pub(super) struct Linear {
    /// The largest |found − exact| over the images, after every pixel was tried.
    pub apart: f64,
    /// The largest |ε‖w‖₁ − exact|: without the range of pixels.
    pub without_range: f64,
    /// The most queries used.
    pub queries: usize,
    /// d.
    pub pixels: usize,
}

pub(super) fn queries(settings: &TransferAttack, networks: &Networks, seed: u64) -> Result<Asked> {
    let count = settings.asked.min(networks.test.len());
    let data = networks.test.select(&(0..count).collect::<Vec<usize>>())?;
    let (x, y) = (&data.x, &data.y);
    let most = settings.queries.iter().copied().max().unwrap_or(1);
    let how = QuerySettings {
        epsilon: settings.epsilon,
        queries: most,
        // At 0 the first of two equals may be the true class.
        stop_above: 0.0,
        ..QuerySettings::default()
    };
    let mut found = Asked {
        accuracy: Vec::new(),
        until: Vec::new(),
        linear: None,
    };
    for (index, net) in networks.nets.iter().enumerate() {
        let margins = |rows: &[usize], z: &ArrayRef2<f64>| {
            Ok(Objective::Margin
                .of_outputs(&net.forward(z)?, &y.select(Axis(0), rows))?
                .0)
        };
        let rng = &mut Draw::new(seed, index as u64).rng("transfer: queries");
        let asked = coordinate_search(x, margins, &how, rng)?;
        let fooled = asked.values.iter().zip(&asked.queries);
        let until: Vec<Option<usize>> = fooled
            .map(|(value, used)| (*value > 0.0).then_some(*used))
            .collect();
        let accuracy = |budget: &usize| {
            let fooled = until
                .iter()
                .flatten()
                .filter(|used| *used <= budget)
                .count();
            1.0 - fooled as f64 / count as f64
        };
        found
            .accuracy
            .push(settings.queries.iter().map(accuracy).collect());
        found.until.push(until);
        if settings.substitute[index] == "linear" {
            found.linear = Some(linear(settings, net, x, y, seed)?);
        }
    }
    Ok(found)
}

fn linear(
    settings: &TransferAttack,
    net: &Mlp,
    x: &Array2<f64>,
    y: &Array2<f64>,
    seed: u64,
) -> Result<Linear> {
    let (n, d) = x.dim();
    let outputs = net.forward(x)?;
    let (_, slopes) = Objective::Margin.of_outputs(&outputs, y)?;
    let weights = &net.layers[0].weights;
    let how = QuerySettings {
        epsilon: settings.epsilon,
        queries: 2 * d + 1,
        ..QuerySettings::default()
    };
    let mut found = Linear {
        apart: 0.0,
        without_range: 0.0,
        queries: 0,
        pixels: d,
    };
    for row in 0..n {
        // +1 at the rival, −1 at the true class: fixed, so that the score is linear.
        let slope = slopes.row(row);
        let score = |_: &[usize], z: &ArrayRef2<f64>| Ok(net.forward(z)?.dot(&slope));
        let rng = &mut Draw::new(seed, row as u64).rng("transfer: linear queries");
        let clean = x.select(Axis(0), &[row]);
        let asked = coordinate_search(&clean, score, &how, rng)?;
        let before = outputs.row(row).dot(&slope);
        let (mut exact, mut dual) = (before, before);
        for (w, x) in weights.t().dot(&slope).iter().zip(&clean) {
            let end = (x + settings.epsilon.copysign(*w)).clamp(0.0, 1.0);
            exact += w * (end - x);
            dual += settings.epsilon * w.abs();
        }
        found.apart = larger(found.apart, (asked.values[0] - exact).abs());
        found.without_range = larger(found.without_range, (dual - exact).abs());
        found.queries = found.queries.max(asked.queries[0]);
    }
    Ok(found)
}
