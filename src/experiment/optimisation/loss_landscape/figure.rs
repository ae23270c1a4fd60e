//! The neuron's loss, spectra, curvature beside a minimiser, and the set of minimisers.

use super::network::{ALONG, Point, RADII};
use super::neuron::{Neuron, W};
use crate::plot::{Figure, Panel};
use crate::stats::larger;

/// Below this an eigenvalue is drawn at this height: rounding.
const FLOOR: f64 = 1e-18;

pub(super) fn figure(title: &str, neuron: &Neuron, points: &[Point], n: usize) -> Figure {
    let first = |what: &'static str| {
        points
            .iter()
            .filter(move |p| p.what == what && p.network == 0)
    };
    let mean = |what: &'static str, place: f64, of: fn(&Point) -> f64| {
        let own: Vec<f64> = points
            .iter()
            .filter(|p| p.what == what && p.place == place)
            .map(of)
            .collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    let w: Vec<f64> = (-60..=300).map(|i| 0.1 * f64::from(i)).collect();
    let losses: Vec<f64> = w.iter().map(|w| neuron.loss(*w)).collect();
    let poor = neuron.poor();
    let one = Panel::new("w", "loss L(w)")
        .title("fewer parameters than examples: one neuron")
        .line("L(w)", &w, &losses)
        .points("poor minimum", &[poor], &[neuron.loss(poor)])
        .points("fits all but one", &[W], &[neuron.loss(W)]);
    let spectrum = Panel::new("index i", "|eigenvalue| of the Hessian")
        .title(&format!(
            "at a minimiser with more: n = {n} positive, the others 0"
        ))
        .log_y()
        .points_of(
            "Hessian",
            first("eigenvalue"),
            |p| p.place,
            |p| larger(p.value.abs(), FLOOR),
        )
        .line_of(
            "(2/n) × kernel",
            first("eigenvalue").filter(|p| p.law > 0.0),
            |p| p.place,
            |p| p.law,
        );
    let beside = Panel::new("distance ρ", "−(least eigenvalue)")
        .title("beside it: negative at every distance")
        .log_x()
        .log_y()
        .points_of(
            "mean of networks",
            &RADII,
            |r| *r,
            |r| -mean("least eigenvalue", *r, |p| p.value),
        )
        .line_of(
            "−cρ, from second derivatives",
            &RADII,
            |r| *r,
            |r| -mean("least eigenvalue", *r, |p| p.law),
        );
    let mut segment =
        Panel::new("part t of the way", "loss").title("straight from one minimiser to another");
    let networks = points
        .iter()
        .map(|p| p.network)
        .max()
        .map_or(0, |last| last + 1)
        .min(5);
    for network in 0..networks {
        let own = points
            .iter()
            .filter(|p| p.what == "segment" && p.network == network);
        segment = segment.line_of(
            &format!("network {}", network + 1),
            own,
            |p| p.place,
            |p| p.value,
        );
    }
    let nearby = Panel::new("ε", "loss halfway")
        .title("halfway to a minimiser 2ε away: the set is curved")
        .log_x()
        .log_y()
        .points_of(
            "mean of networks",
            &ALONG,
            |e| *e,
            |e| mean("nearby", *e, |p| p.value),
        )
        .line_of(
            "bε⁴, from second derivatives",
            &ALONG,
            |e| *e,
            |e| mean("nearby", *e, |p| p.law),
        );
    let panels = [one, spectrum, beside, segment, nearby];
    panels
        .into_iter()
        .fold(Figure::new(title), Figure::panel)
        .columns(3)
}
