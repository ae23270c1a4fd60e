//! The picture: outputs, weights, modes, gradients by layer, losses, accuracies.

use super::depth::{Pair, Trained};
use super::findings::{Results, normalised_growth};
use crate::plot::{Figure, LegendPosition, Panel};

/// Losses are averaged over so many steps.
const SMOOTH: usize = 10;

pub(super) fn figure(results: &Results<'_>) -> Figure {
    Figure::new("Batch normalisation")
        .panel(outputs(results))
        .panel(weights(results))
        .panel(modes(results))
        .panel(layers(results))
        .panel(losses(&results.pairs))
        .panel(accuracies(results))
        .columns(3)
        .caption(
            "Dots measured, lines predicted. Below, networks of the same depth on the same digits, with the same learning \
             rate and steps.",
        )
}

fn outputs(results: &Results<'_>) -> Panel {
    let moments = &results.moments;
    let x: Vec<f64> = moments.iter().map(|m| m.deviation).collect();
    let relative = |of: fn(&super::moments::Moment) -> f64| -> Vec<f64> {
        let squares = moments.iter().map(|m| of(m) / (m.gamma * m.gamma));
        squares.collect()
    };
    Panel::new(
        "standard deviation of the input",
        "variance of the output / γ²",
    )
    .title("Training outputs")
    .log_x()
    .line("V/(V + ε)", &x, &relative(|m| m.predicted_variance))
    .color(6)
    .points("measured", &x, &relative(|m| m.variance))
    .color(0)
}

fn weights(results: &Results<'_>) -> Panel {
    let weights = &results.weights;
    let x: Vec<f64> = (0..weights.measured.len()).map(|t| t as f64).collect();
    let reversed: Vec<f64> = weights.predicted.iter().rev().copied().collect();
    Panel::new("batch t", "weight in the running mean")
        .title("Running averages")
        .line("(1−ρ)ρ^(T−t)", &x, &weights.predicted)
        .color(6)
        .line("slide: (1−ρ)ρ^t", &x, &reversed)
        .color(1)
        .dashed()
        .points("measured", &x, &weights.measured)
        .color(0)
        .size(4.0)
}

fn modes(results: &Results<'_>) -> Panel {
    let modes = &results.modes;
    let x: Vec<f64> = modes.iter().map(|mode| mode.batch as f64).collect();
    let each = |of: fn(&super::modes::Mode) -> f64| -> Vec<f64> { modes.iter().map(of).collect() };
    Panel::new("batch size b", "mean squared distance")
        .title("Training against evaluation")
        .log_x()
        .log_y()
        .line("by the true moments", &x, &each(|mode| mode.true_predicted))
        .color(6)
        .points("measured", &x, &each(|mode| mode.true_statistics.mean))
        .color(0)
        .line(
            "by running averages",
            &x,
            &each(|mode| mode.running_predicted),
        )
        .color(1)
        .dashed()
        .points("measured so", &x, &each(|mode| mode.running.mean))
        .color(1)
}

fn layers(results: &Results<'_>) -> Panel {
    let layers = &results.layers;
    let count = layers.plain.len();
    let x: Vec<f64> = (2..count + 2).map(|l| l as f64).collect();
    let law = |growth: f64| -> Vec<f64> {
        (0..count)
            .map(|index| growth.powi((count - 1 - index) as i32))
            .collect()
    };
    Panel::new("hidden layer", "gradient / gradient in the last")
        .title("Gradients at the start")
        .log_y()
        .line("× √(π/(π−1)) a layer back", &x, &law(normalised_growth()))
        .color(0)
        .points("normalised", &x, &layers.normalised)
        .color(0)
        .line("× √½ a layer back", &x, &law(0.5_f64.sqrt()))
        .color(1)
        .points("plain", &x, &layers.plain)
        .color(1)
        .legend(LegendPosition::Below)
}

fn losses(pairs: &[Pair]) -> Panel {
    let mean = |of: fn(&Pair) -> &Trained| -> (Vec<f64>, Vec<f64>) {
        let longest = pairs.iter().map(|pair| of(pair).losses.len()).min();
        let blocks = longest.unwrap_or(0) / SMOOTH;
        let block = |index: usize| {
            let part = |pair: &Pair| {
                let losses = &of(pair).losses[index * SMOOTH..(index + 1) * SMOOTH];
                losses.iter().sum::<f64>() / SMOOTH as f64
            };
            pairs.iter().map(part).sum::<f64>() / pairs.len() as f64
        };
        let step = |index: usize| ((index + 1) * SMOOTH) as f64;
        (
            (0..blocks).map(step).collect(),
            (0..blocks).map(block).collect(),
        )
    };
    let (x, plain) = mean(|pair| &pair.plain);
    let (z, normalised) = mean(|pair| &pair.normalised);
    Panel::new("step of training", "training loss, mean over pairs")
        .title("Training")
        .line("plain", &x, &plain)
        .color(1)
        .line("normalised", &z, &normalised)
        .color(0)
}

fn accuracies(results: &Results<'_>) -> Panel {
    let pairs = &results.pairs;
    let x: Vec<f64> = (1..=pairs.len()).map(|i| i as f64).collect();
    let each = |of: fn(&Pair) -> f64| -> Vec<f64> { pairs.iter().map(of).collect() };
    Panel::new("pair of networks", "accuracy on test digits")
        .title("After training")
        .y_range(0.0, 1.05)
        .points("plain", &x, &each(|pair| pair.plain.test_accuracy))
        .color(1)
        .points(
            "normalised",
            &x,
            &each(|pair| pair.normalised.test_accuracy),
        )
        .color(0)
        .legend(LegendPosition::Below)
}
