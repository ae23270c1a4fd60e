//! The picture: norms by width, the risk by the number of neurons, the neuron by degree.

use super::network::Networks;
use super::neuron::{Curve, Point};
use super::norms::Regime;
use crate::error::Result;
use crate::measure::{fixed_features_bound, random_neurons_risk, relu_on_sphere};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, larger};

pub(super) fn figure(regimes: &[Regime], curve: &Curve, networks: &Networks) -> Result<Figure> {
    Ok(Figure::new("What lazy networks and others can reach")
        .panel(norms("norm after training", "(1/m) Σ |a|‖w‖₁", regimes, |r| &r.norms))
        .panel(norms("what training changed", "(1/m) Σ |a|‖Δw‖₁ + |Δa|‖w‖₁", regimes, |r| &r.changes))
        .panel(risks(curve, networks)?)
        .panel(stairs()?)
        .columns(2)
        .caption(
            "Means over draws, ± 2 s.e. (a): dashed, slopes 0 and 1/2. (c): points, the best combination \
             of N random neurons; line, by eigenvalues; dashed, the least that N fixed functions leave. \
             (d): the line of (c) in other dimensions.",
        ))
}

/// The same law in higher dimensions, over ln N/ln d.
fn stairs() -> Result<Panel> {
    let exponents: Vec<f64> = (4..=100).map(|i| 0.025 * f64::from(i)).collect();
    let mut panel = Panel::new("ln N / ln d", "risk / mean square of the neuron")
        .title("the limit: stairs")
        .y_range(0.0, 1.0);
    for (color, d) in [20, 200, 10_000, 1_000_000].into_iter().enumerate() {
        let parts = relu_on_sphere(d, 16)?;
        let columns = |e: f64| (d as f64).powf(e).ceil() as usize;
        let risks = exponents
            .iter()
            .map(|&e| random_neurons_risk(&parts, columns(e)));
        let risks = risks.collect::<Result<Vec<f64>>>()?;
        panel = panel
            .line(&format!("d = {d}"), &exponents, &risks)
            .color(color);
    }
    Ok(panel.legend(LegendPosition::Below))
}

fn norms(title: &str, y: &str, regimes: &[Regime], of: fn(&Regime) -> &Vec<Estimate>) -> Panel {
    let mut panel = Panel::new("width m", y).title(title).log_x().log_y();
    for (color, one) in regimes.iter().enumerate() {
        let all = || one.widths.iter().zip(of(one));
        panel = panel
            .points_of(one.name, all(), |p| *p.0 as f64, |p| p.1.mean)
            .error_bars_of(all(), |p| p.1.bar(2.0))
            .color(color);
        if title == "norm after training" {
            let (first, start) = (one.widths[0] as f64, of(one)[0].mean);
            let slope = 0.5 * color as f64;
            panel = panel
                .line_of(
                    "",
                    all(),
                    |p| *p.0 as f64,
                    |p| start * (*p.0 as f64 / first).powf(slope),
                )
                .color(color)
                .dashed()
                .width(1.0);
        }
    }
    panel.legend(LegendPosition::Below)
}

fn risks(curve: &Curve, networks: &Networks) -> Result<Panel> {
    let points = &curve.points;
    let (first, last) = (points[0].columns, points[points.len() - 1].columns);
    let ratio = (last as f64 / first as f64).powf(1.0 / 60.0);
    let mut grid: Vec<usize> = (0..=60)
        .map(|i| (first as f64 * ratio.powi(i)).round() as usize)
        .collect();
    grid.dedup();
    let predicted = grid.iter().map(|&n| random_neurons_risk(&curve.parts, n));
    let predicted = predicted.collect::<Result<Vec<f64>>>()?;
    let x: Vec<f64> = grid.iter().map(|&n| n as f64).collect();
    let bound: Vec<f64> = grid
        .iter()
        .map(|&n| fixed_features_bound(&curve.parts, n))
        .collect();
    let (network, trained) = ([networks.neurons as f64], networks.trained);
    let (low, high) = trained.bar(2.0);
    Ok(Panel::new("neurons N", "risk / mean square of the neuron")
        .title("one neuron by many")
        .log_x()
        .log_y()
        .line("by eigenvalues", &x, &predicted)
        .color(0)
        .line("any N fixed functions", &x, &bound)
        .color(0)
        .dashed()
        .points_of(
            "N random neurons",
            points,
            |p: &Point| p.columns as f64,
            |p| p.risk.mean,
        )
        .error_bars_of(points, |p| p.risk.bar(2.0))
        .color(0)
        .points("first layer trained", &network, &[trained.mean])
        // On a logarithmic axis a bar ends above 0.
        .error_bars(&[larger(low, 0.01 * trained.mean)], &[high])
        .color(1)
        .horizontal(curve.above(1), "above degree 1")
        .legend(LegendPosition::Below))
}
