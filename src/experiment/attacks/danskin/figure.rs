//! Paths in the plane, the cone of descent directions, runs that find the way down, training on digits.

use ndarray::{Array1, Array2};

use super::digits::Place;
use super::kinks::{both_ends, in_plane};
use super::plane::{Path, Runs};
use crate::attack::{Plane, directional_derivative};
use crate::error::Result;
use crate::experiment::problems::robust_digits::{LOOKS, RobustRun};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, larger};

/// Where the cone is drawn.
pub(super) const PLACE: [f64; 2] = [0.5, 0.0];

pub(super) struct Drawn<'a> {
    pub(super) title: &'a str,
    pub(super) paths: &'a [Path; 2],
    pub(super) runs: &'a [Runs],
    /// The digits' places, the runs with one attack and with a hull.
    pub(super) pairs: &'a [(Place, &'a [RobustRun], &'a [RobustRun])],
    pub(super) steps: usize,
    pub(super) epochs: usize,
}

pub(super) fn figure(drawn: &Drawn<'_>) -> Result<Figure> {
    Ok(Figure::new(drawn.title)
        .panel(paths(drawn.paths))
        .panel(cone()?)
        .panel(values(drawn.paths))
        .panel(shares(drawn.runs))
        .panel(training(drawn)?)
        .panel(ablation(drawn.pairs)?)
        .columns(2))
}

fn paths(paths: &[Path; 2]) -> Panel {
    let edges = |low: f64, high: f64, n: usize| -> Vec<f64> {
        (0..=n)
            .map(|i| low + (high - low) * i as f64 / n as f64)
            .collect()
    };
    let (x, y) = (edges(-0.2, 1.2, 70), edges(-0.35, 0.35, 35));
    let middle = |e: &[f64], i: usize| f64::midpoint(e[i], e[i + 1]);
    let z = Array2::from_shape_fn((35, 70), |(r, c)| {
        Plane::worst([middle(&x, c), middle(&y, r)])
    });
    let mut panel = Panel::new("x₁", "x₂")
        .title("paths from (1, 0) over f")
        .heatmap("f(x)", &x, &y, &z);
    for (label, path) in ["DDi", "one maximiser"].iter().zip(paths) {
        let (x, y): (Vec<f64>, Vec<f64>) = path.points.iter().map(|p| (p[0], p[1])).unzip();
        panel = panel.path(label, &x, &y).width(2.5);
    }
    panel.legend(LegendPosition::Below)
}

/// D_γ f at a point of the kink, by the direction's angle.
fn cone() -> Result<Panel> {
    let set = in_plane(PLACE, &both_ends())?;
    let angles: Vec<f64> = (0..=360).map(f64::from).collect();
    let slope = |degrees: f64| {
        let angle = degrees.to_radians();
        directional_derivative(
            &set.gradients,
            &Array1::from(vec![angle.cos(), angle.sin()]),
        )
    };
    let slopes = angles
        .iter()
        .map(|a| slope(*a))
        .collect::<Result<Vec<f64>>>()?;
    let angle = |g: &Array1<f64>| (-g[1]).atan2(-g[0]).to_degrees().rem_euclid(360.0);
    let ones: Vec<f64> = set
        .gradients
        .rows()
        .into_iter()
        .map(|g| angle(&g.to_owned()))
        .collect();
    let along = ones
        .iter()
        .map(|a| slope(*a))
        .collect::<Result<Vec<f64>>>()?;
    let shortest = angle(&set.least_norm()?.point);
    Ok(Panel::new("angle of γ, degrees", "D_γ f")
        .title("x = (½, 0): which directions lead down")
        .line("max ⟨γ, ∇Φ⟩", &angles, &slopes)
        .points("−∇Φ at either maximiser", &ones, &along)
        .size(7.0)
        .points("DDi", &[shortest], &[slope(shortest)?])
        .size(8.0)
        .horizontal(0.0, "")
        .x_range(0.0, 360.0))
}

fn values(paths: &[Path; 2]) -> Panel {
    let mut panel = Panel::new("step", "f(x)").title("f along the paths");
    for (label, path) in ["DDi", "one maximiser"].iter().zip(paths) {
        let values = path.values();
        let steps: Vec<f64> = (0..values.len()).map(|k| k as f64).collect();
        panel = panel.line(label, &steps, &values);
    }
    panel.horizontal(1.0, "least f")
}

fn shares(runs: &[Runs]) -> Panel {
    Panel::new("attacks K", "share of runs that take no wrong step")
        .title("both maximisers found at each step")
        .line_of(
            "(1 − 2^(1−K))^steps",
            runs,
            |r| r.attacks as f64,
            |r| r.chance,
        )
        .points_of("runs", runs, |r| r.attacks as f64, Runs::share)
        .error_bars_of(runs, |r| {
            let se = 2.0 * (r.share() * (1.0 - r.share()) / r.ends.len() as f64).sqrt();
            (larger(r.share() - se, 0.0), r.share() + se)
        })
        .y_range(-0.03, 1.05)
}

/// The robust error by the step, at the place nearest to what theory covers.
fn training(drawn: &Drawn<'_>) -> Result<Panel> {
    let (place, one, hull) = &drawn.pairs[0];
    let looks = one[0].robust.len();
    let every = drawn.steps.div_ceil(LOOKS);
    let epoch = |look: usize| {
        (look * every).min(drawn.steps) as f64 / drawn.steps as f64 * drawn.epochs as f64
    };
    let epochs: Vec<f64> = (0..looks).map(epoch).collect();
    let mut panel = Panel::new("epoch", "robust test error")
        .title(&format!("digits, added back: {}", place.label()));
    for (label, runs) in [("DDi", *hull), ("one attack", *one)] {
        let at = (0..looks)
            .map(|i| Estimate::of(runs, |r| r.robust[i]))
            .collect::<Result<Vec<Estimate>>>()?;
        let mean: Vec<f64> = at.iter().map(|e| e.mean).collect();
        let (low, high): (Vec<f64>, Vec<f64>) = at.iter().map(|e| e.bar(2.0)).unzip();
        panel = panel.line(label, &epochs, &mean).band(&epochs, &low, &high);
    }
    Ok(panel.band_label("± 2 s.e."))
}

/// How much more DDi's robust error is, draw by draw.
fn ablation(pairs: &[(Place, &[RobustRun], &[RobustRun])]) -> Result<Panel> {
    let labels: Vec<String> = pairs.iter().map(|(place, ..)| place.label()).collect();
    let names: Vec<&str> = labels.iter().map(String::as_str).collect();
    let changes = pairs.iter().map(|(_, one, hull)| {
        Estimate::of(one.iter().zip(*hull), |(one, hull)| hull.end() - one.end())
    });
    let changes = changes.collect::<Result<Vec<Estimate>>>()?;
    let (low, high): (Vec<f64>, Vec<f64>) = changes.iter().map(|e| e.bar(2.0)).unzip();
    let means: Vec<f64> = changes.iter().map(|e| e.mean).collect();
    let x = "added back: B batch norm, R ReLU, m momentum";
    Ok(Panel::new(x, "robust error: DDi less one attack")
        .title("digits, at the end; bars: 2 s.e.")
        .bars("", &names, &means)
        .error_bars(&low, &high)
        .horizontal(0.0, ""))
}
