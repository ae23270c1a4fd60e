//! The picture: Cover's curve, complexity by n, complexity by parameters, digits.

use super::RandomSignCapacity;
use super::digits::Digits;
use super::findings::Results;
use super::hyperplanes::{Hyperplane, hyperplane_bound};
use super::networks::Network;
use crate::error::Result;
use crate::measure::{cover_probability, least_squares_sign_agreement};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, smaller};

pub(super) fn figure(settings: &RandomSignCapacity, results: &Results) -> Result<Figure> {
    Ok(Figure::new("Which random labels can be fitted?")
        .panel(cover(settings.dim, &results.hyperplanes)?)
        .panel(hyperplanes(settings.dim, &results.hyperplanes)?)
        .panel(networks(settings, &results.networks))
        .panel(digits(&results.digits))
        .columns(2)
        .caption(
            "Dots with bars: means and standard errors over draws. The complexity R is the mean of σ·h(x); \
             1 means that all signs are followed.",
        ))
}

fn error_bars(panel: Panel, estimates: &[Estimate]) -> Panel {
    let ends = |sign: f64| -> Vec<f64> { estimates.iter().map(|e| e.mean + sign * e.se).collect() };
    panel.error_bars(&ends(-1.0), &ends(1.0))
}

fn means(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|e| e.mean).collect()
}

fn cover(dim: usize, points: &[Hyperplane]) -> Result<Panel> {
    let mut panel = Panel::new("points / dimensions, n/d", "share of labellings separable")
        .title("Hyperplanes: Cover's count");
    // Beyond, all curves are at 0.
    let last = points
        .last()
        .map_or(4.0, |p| smaller(p.n as f64 / dim as f64, 4.0));
    let mut dims = vec![5, dim, 200];
    dims.sort_unstable();
    dims.dedup();
    for d in dims {
        let sizes: Vec<usize> = (1..=(last * d as f64) as usize).collect();
        let ratio: Vec<f64> = sizes.iter().map(|n| *n as f64 / d as f64).collect();
        let shares = sizes.iter().map(|&n| cover_probability(n, d));
        panel = panel.line(
            &format!("exact, d = {d}"),
            &ratio,
            &shares.collect::<Result<Vec<_>>>()?,
        );
    }
    let ratio = |p: &&Hyperplane| p.n as f64 / dim as f64;
    let shown: Vec<&Hyperplane> = points.iter().filter(|p| ratio(p) <= last).collect();
    let found: Vec<Estimate> = shown.iter().map(|p| p.separable).collect();
    let ratio: Vec<f64> = shown.iter().map(ratio).collect();
    panel = panel
        .points(&format!("measured, d = {dim}"), &ratio, &means(&found))
        .color(6);
    Ok(error_bars(panel, &found)
        .vertical(2.0, "n = 2d")
        .legend(LegendPosition::Below))
}

fn hyperplanes(dim: usize, points: &[Hyperplane]) -> Result<Panel> {
    let last = points.last().map_or(4 * dim, |p| p.n).max(8 * dim);
    let sizes: Vec<usize> = (dim.div_ceil(4)..=last).collect();
    let ratio = |n: usize| n as f64 / dim as f64;
    let x: Vec<f64> = sizes.iter().map(|&n| ratio(n)).collect();
    let curve = |of: fn(usize, usize) -> Result<f64>| -> Result<Vec<f64>> {
        sizes.iter().map(|&n| of(n, dim)).collect()
    };
    let found: Vec<Estimate> = points.iter().map(|p| p.least_squares).collect();
    let places: Vec<f64> = points.iter().map(|p| ratio(p.n)).collect();
    let panel = Panel::new("points / dimensions, n/d", "complexity R")
        .title(&format!("Hyperplanes, d = {dim}: R lies between"))
        .y_range(0.0, 1.05)
        .line(
            "upper bound √(2 ln C(n,d)/n)",
            &x,
            &curve(hyperplane_bound)?,
        )
        .line(
            "least squares, exact mean",
            &x,
            &curve(least_squares_sign_agreement)?,
        )
        .points("least squares, measured", &places, &means(&found))
        .color(6);
    Ok(error_bars(panel, &found).legend(LegendPosition::Below))
}

fn networks(settings: &RandomSignCapacity, networks: &[Network]) -> Panel {
    let mut panel = Panel::new("points n", "complexity R")
        .title(&format!(
            "Networks trained on random signs, d = {}",
            settings.dim
        ))
        .log_x()
        .y_range(0.0, 1.05);
    for &width in &settings.widths {
        let own = || networks.iter().filter(|net| net.width == width);
        let n: Vec<f64> = own().map(|net| net.n as f64).collect();
        let found: Vec<Estimate> = own().map(|net| net.complexity).collect();
        let parameters = own().next().map_or(0, |net| net.parameters);
        let neurons = if width == 1 { "neuron" } else { "neurons" };
        let name = format!("{width} {neurons}, {parameters} weights");
        panel = error_bars(
            panel
                .line(&name, &n, &means(&found))
                .points(&name, &n, &means(&found)),
            &found,
        );
    }
    panel.legend(LegendPosition::Below)
}

fn digits(digits: &Digits) -> Panel {
    let mut panel = Panel::new("epoch", "share of errors")
        .title("Digits 3 and 7, true and random labels")
        .y_range(-0.02, 0.65);
    for (color, name, errors) in [
        (0, "true labels", &digits.truth),
        (1, "random labels", &digits.random),
    ] {
        let epochs: Vec<f64> = (0..errors.train.len()).map(|epoch| epoch as f64).collect();
        panel = panel
            .line(&format!("{name}: training"), &epochs, &means(&errors.train))
            .color(color)
            .solid()
            .line(&format!("{name}: test"), &epochs, &means(&errors.test))
            .color(color)
            .dashed();
    }
    panel.legend(LegendPosition::Below)
}
