//! Moments, the threshold of 1/k, the mean of a run, cool-down.

use super::cooling::Cooling;
use super::quadratic::Moments;
use super::tails::Excursions;
use super::well::Well;
use crate::plot::{Figure, Panel};
use crate::stats::Estimate;

fn curves<'a>(
    mut panel: Panel,
    all: impl Iterator<Item = (String, &'a [usize], &'a [Estimate], &'a [f64])>,
) -> Panel {
    for (color, (name, looks, measured, exact)) in all.take(5).enumerate() {
        let rows: Vec<(f64, Estimate, f64)> = looks
            .iter()
            .zip(measured)
            .zip(exact)
            .map(|((k, measured), exact)| (*k as f64, *measured, *exact))
            .collect();
        panel = panel
            .line_of(&name, rows.iter().filter(|r| r.2 > 0.0), |r| r.0, |r| r.2)
            .color(color)
            .solid()
            .points_of("", rows.iter(), |r| r.0, |r| r.1.mean)
            .color(color);
    }
    panel.log_x()
}

pub(super) fn figure(
    moments: &[Moments],
    tails: &[Excursions],
    well: &Well,
    cooling: &Cooling,
) -> Figure {
    let of = |part: &'static str, symbol: &'static str| {
        let own = moments.iter().filter(move |m| m.steps.part == part);
        own.map(move |m| {
            let name = format!("{symbol} = {}", m.steps.setting);
            (name, &m.looks[..], &m.measured[..], &m.exact[..])
        })
    };
    let powers = Panel::new("steps k", "E x²")
        .title("α_k = γ(1+k)^(−κ)")
        .log_y();
    let gains = Panel::new("steps k", "E x²").title("α_k = γ/(1+k)").log_y();
    let shares = Panel::new("steps k", "share beyond ε since k/2")
        .title("heavy tails: runs (marks), lower bound (lines)");
    let excursions = tails.iter().map(|t| {
        let name = format!("κ = {:.2}", t.power);
        (name, &t.looks[..], &t.shares[..], &t.bounds[..])
    });
    let path = &well.path;
    let mean = Panel::new("steps k", "x")
        .title("double well: a run and its mean")
        .line_of("x_k", path, |p| p[0], |p| p[1])
        .width(0.8)
        .opacity(0.6)
        .line_of("mean so far", path, |p| p[0], |p| p[2])
        .solid()
        .horizontal(1.0, "")
        .horizontal(-1.0, "");
    let mut cool = Panel::new("epoch", "training loss").title("digits: 1/k after a cut-off");
    for (color, (cut, curve)) in cooling
        .cut_offs
        .iter()
        .zip(&cooling.curves)
        .enumerate()
        .take(5)
    {
        let rows: Vec<(f64, Estimate)> = curve
            .iter()
            .enumerate()
            .map(|(e, v)| (e as f64, *v))
            .collect();
        let name = match *cut >= 1.0 {
            true => "constant".to_owned(),
            false => format!("from {:.0} % on", 100.0 * cut),
        };
        cool = cool
            .line_of(&name, &rows, |r| r.0, |r| r.1.mean)
            .color(color)
            .solid()
            .band_of(&rows, |r| r.0, |r| r.1.bar(2.0))
            .color(color);
    }
    Figure::new("What the steps of SGD decide")
        .panel(curves(powers, of("quadratic", "κ")))
        .panel(curves(gains, of("one over k", "2γλ")))
        .panel(curves(shares, excursions))
        .panel(mean)
        .panel(cool)
        .columns(3)
        .caption(
            "(a), (b): exact (lines) and runs (marks) on ½x². (e): mean over networks ± 2 s.e.",
        )
}
