//! The picture: norms by lag, gradients during training, accuracies.

use super::findings::Results;
use super::lags::Lags;
use super::memory::Pair;
use crate::error::Result;
use crate::model::fuss_catalan_norm;
use crate::plot::{Figure, LegendPosition, Panel};

pub(super) fn figure(results: &Results<'_>) -> Result<Figure> {
    Ok(Figure::new("Recurrent networks: gradients through time")
        .panel(by_lag(results)?)
        .panel(training(results))
        .panel(accuracies(results))
        .caption(
            "Left: what a nudge of the state is multiplied by, k steps later; dots measured, lines predicted. Middle: \
             the first pair of networks. Right: both of a pair start from the same weights.",
        ))
}

fn by_lag(results: &Results<'_>) -> Result<Panel> {
    let lags = &results.lags;
    let places = |lags: &Lags| -> Vec<f64> { lags.norms.iter().map(|n| n.lag as f64).collect() };
    let found = |lags: &Lags| -> Vec<f64> { lags.norms.iter().map(|n| n.spectral).collect() };
    let predicted =
        |lags: &Lags| -> Vec<f64> { lags.norms.iter().map(|n| lags.predicted(n.lag)).collect() };
    let x = places(&lags.exploding);
    let scale = lags.gaussian.norms[1].typical;
    let law = lags.gaussian.norms.iter().take(9);
    let law = law.map(|n| Ok(scale.powi(n.lag as i32) * fuss_catalan_norm(n.lag)?));
    let law: Vec<f64> = law.collect::<Result<_>>()?;
    let rounded = |radius: f64| format!("{:.2}", radius);
    Ok(Panel::new("lag k (steps)", "‖∂h_T/∂h_(T−k)‖")
        .title("Norm by time lag")
        .log_y()
        .line("ρ^k", &x, &predicted(&lags.exploding))
        .color(6)
        .line("(1/ρ)^k", &x, &predicted(&lags.vanishing))
        .color(6)
        .dashed()
        .line("law for a large Gaussian W", &x[..law.len()], &law)
        .color(3)
        .points(
            &format!("linear, orthogonal, ρ = {}", rounded(lags.exploding.radius)),
            &x,
            &found(&lags.exploding),
        )
        .color(0)
        .points(
            &format!("the same, ρ = {}", rounded(lags.vanishing.radius)),
            &x,
            &found(&lags.vanishing),
        )
        .color(5)
        .points("linear, Gaussian", &x, &found(&lags.gaussian))
        .color(3)
        .points("tanh, orthogonal", &x, &found(&lags.tanh))
        .color(1)
        .legend(LegendPosition::Below))
}

fn training(results: &Results<'_>) -> Panel {
    let panel = Panel::new("step of training", "norm of the gradient")
        .title("Gradients during training")
        .log_y();
    let Some(pair) = results.pairs.first() else {
        return panel;
    };
    let steps = |norms: &[f64]| -> Vec<f64> { (1..=norms.len()).map(|i| i as f64).collect() };
    let (without, with) = (&pair.unclipped.norms, &pair.clipped);
    panel
        .line("without clipping", &steps(without), without)
        .color(1)
        .width(1.0)
        .line("before clipping", &steps(&with.norms), &with.norms)
        .color(5)
        .width(1.0)
        .line("after clipping", &steps(&with.used), &with.used)
        .color(0)
        .width(1.4)
        .horizontal(results.settings.clip, "limit c")
        .legend(LegendPosition::Below)
}

fn accuracies(results: &Results<'_>) -> Panel {
    let pairs = &results.pairs;
    let x: Vec<f64> = (1..=pairs.len()).map(|i| i as f64).collect();
    let each = |of: fn(&Pair) -> f64| -> Vec<f64> { pairs.iter().map(of).collect() };
    Panel::new("pair of networks", "accuracy on test sequences")
        .title("Remembering the first symbol")
        .y_range(0.0, 1.05)
        .points(
            "without clipping",
            &x,
            &each(|pair| pair.unclipped.accuracy),
        )
        .color(1)
        .points("with clipping", &x, &each(|pair| pair.clipped.accuracy))
        .color(0)
        .horizontal(1.0 / results.settings.symbols as f64, "chance")
        .legend(LegendPosition::Below)
}
