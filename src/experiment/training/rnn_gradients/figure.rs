//! The picture: norms by lag, gradients during training, accuracies.

use super::lags::{AllLags, Lags};
use super::memory::Pair;
use super::settings::RnnGradients;
use crate::error::Result;
use crate::model::{LagNorm, fuss_catalan_norm};
use crate::plot::{Figure, LegendPosition, Panel};

pub(super) fn figure(settings: &RnnGradients, lags: &AllLags, pairs: &[Pair]) -> Result<Figure> {
    Ok(Figure::new("Recurrent networks: gradients through time")
        .panel(by_lag(lags)?)
        .panel(training(settings, pairs))
        .panel(accuracies(settings, pairs))
        .caption(
            "(a): what a nudge of the state is multiplied by, k steps later; dots measured, lines \
             predicted. (b): the first pair of networks. (c): both of a pair start from the \
             same weights.",
        ))
}

fn by_lag(lags: &AllLags) -> Result<Panel> {
    let lag = |norm: &LagNorm| norm.lag as f64;
    let line = |panel: Panel, name: &str, lags: &Lags| {
        panel.line_of(name, &lags.norms, lag, |n| lags.predicted(n.lag))
    };
    let points = |panel: Panel, name: &str, lags: &Lags| {
        panel.points_of(name, &lags.norms, lag, |n| n.spectral)
    };
    let scale = lags.gaussian.norms[1].typical;
    let law = lags.gaussian.norms.iter().take(9);
    let law = law.map(|n| Ok((lag(n), scale.powi(n.lag as i32) * fuss_catalan_norm(n.lag)?)));
    let law: Vec<(f64, f64)> = law.collect::<Result<_>>()?;
    let panel = Panel::new("lag k (steps)", "‖∂h_T/∂h_(T−k)‖")
        .title("Norm by time lag")
        .log_y();
    let panel = line(panel, "ρ^k", &lags.exploding).color(6);
    let panel = line(panel, "(1/ρ)^k", &lags.vanishing)
        .color(6)
        .dashed()
        .line_of("law for a large Gaussian W", law, |at| at.0, |at| at.1)
        .color(3);
    let name = format!("linear, orthogonal, ρ = {:.2}", lags.exploding.radius);
    let panel = points(panel, &name, &lags.exploding).color(0);
    let name = format!("the same, ρ = {:.2}", lags.vanishing.radius);
    let panel = points(panel, &name, &lags.vanishing).color(5);
    let panel = points(panel, "linear, Gaussian", &lags.gaussian).color(3);
    let panel = points(panel, "tanh, orthogonal", &lags.tanh).color(1);
    Ok(panel.legend(LegendPosition::Below))
}

fn training(settings: &RnnGradients, pairs: &[Pair]) -> Panel {
    let line = |panel: Panel, name: &str, norms: &[f64]| {
        let steps = norms.iter().zip(1..);
        panel.line_of(name, steps, |(_, step)| f64::from(step), |(norm, _)| *norm)
    };
    let (without, with) = (&pairs[0].unclipped, &pairs[0].clipped);
    let panel = Panel::new("step of training", "norm of the gradient")
        .title("Gradients during training")
        .log_y();
    let panel = line(panel, "without clipping", &without.norms)
        .color(1)
        .width(1.0);
    let panel = line(panel, "before clipping", &with.norms)
        .color(5)
        .width(1.0);
    line(panel, "after clipping", &with.used)
        .color(0)
        .width(1.4)
        .horizontal(settings.clip, "limit c")
        .legend(LegendPosition::Below)
}

fn accuracies(settings: &RnnGradients, pairs: &[Pair]) -> Panel {
    let at = |pair: usize| (pair + 1) as f64;
    let all = 0..pairs.len();
    Panel::new("pair of networks", "accuracy on test sequences")
        .title("Remembering the first symbol")
        .y_range(0.0, 1.05)
        .points_of("without clipping", all.clone(), at, |pair| {
            pairs[pair].unclipped.accuracy
        })
        .color(1)
        .points_of("with clipping", all, at, |pair| {
            pairs[pair].clipped.accuracy
        })
        .color(0)
        .horizontal(1.0 / settings.symbols as f64, "chance")
        .legend(LegendPosition::Below)
}
