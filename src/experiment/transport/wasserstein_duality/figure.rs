//! The matching, the critic that proves it, critics that learn, and Sinkhorn's plans.

use ndarray::Array2;

use super::network::Learned;
use crate::error::Result;
use crate::plot::{Figure, Layer, LegendPosition, Line, Panel};
use crate::transport::{Assignment, ConeCritic, LearnedCones, Sinkhorn};

/// Everything that is drawn.
pub(super) struct Drawn<'a> {
    pub(super) title: &'a str,
    pub(super) samples: &'a [Array2<f64>; 2],
    pub(super) best: &'a Assignment,
    pub(super) critic: &'a ConeCritic,
    pub(super) cones: &'a LearnedCones,
    pub(super) network: &'a Learned,
    pub(super) plans: &'a [(f64, Sinkhorn)],
}

/// Cells along each side of the panel of the critic.
const CELLS: usize = 60;
/// Half the side.
const HALF: f64 = 3.0;

pub(super) fn figure(drawn: &Drawn<'_>) -> Result<Figure> {
    let [x, y] = drawn.samples;
    let w1 = drawn.best.mean_cost();
    let scatter = |panel: Panel| {
        panel
            .points("x", &x.column(0).to_vec(), &x.column(1).to_vec())
            .size(4.0)
            .points("y", &y.column(0).to_vec(), &y.column(1).to_vec())
            .size(4.0)
    };
    let mut plane = Panel::new("first coordinate", "second coordinate")
        .title("the best assignment")
        .equal_aspect()
        .legend(LegendPosition::Below);
    for (i, j) in drawn.best.columns().iter().enumerate() {
        plane = plane.layer(Layer::Line(Line {
            x: vec![x[[i, 0]], y[[*j, 0]]],
            y: vec![x[[i, 1]], y[[*j, 1]]],
            color: 2,
            width: 0.8,
            ..Line::default()
        }));
    }
    let edges: Vec<f64> = (0..=CELLS)
        .map(|k| HALF * (2.0 * k as f64 / CELLS as f64 - 1.0))
        .collect();
    let middle = |k: usize| f64::midpoint(edges[k], edges[k + 1]);
    let grid = Array2::from_shape_fn((CELLS * CELLS, 2), |(cell, axis)| match axis {
        0 => middle(cell % CELLS),
        _ => middle(cell / CELLS),
    });
    let surface = |values: Vec<f64>| {
        Array2::from_shape_vec((CELLS, CELLS), values).expect("as many as cells")
    };
    let map = |title: &str, values: Vec<f64>| {
        let panel = Panel::new("first coordinate", "second coordinate").title(title);
        panel
            .heatmap("d", &edges, &edges, &surface(values))
            .equal_aspect()
    };
    let of_prices = drawn.critic.values(&grid)?.to_vec();
    let of_network = drawn.network.critic.values(&grid)?.iter().copied().collect();
    let path = &drawn.network.path;
    // A learned value is drawn where it first is the best.
    let mut top = f64::NEG_INFINITY;
    let mut better = Vec::new();
    for (step, value) in drawn.cones.values.iter().enumerate() {
        if *value > top {
            top = *value;
            better.push((step as f64 + 1.0, top / w1));
        }
    }
    let learning = Panel::new("steps", "value of the critic / W₁")
        .title("critics that learn")
        .log_x()
        .y_range(0.0, 1.05)
        .line_of("cones, best so far", &better, |p| p.0, |p| p.1)
        .line_of(
            "network",
            path.iter().skip(1),
            |p| p.0 as f64,
            |p| p.1 / w1,
        )
        .horizontal(1.0, "W₁")
        .legend(LegendPosition::Below);
    let n = x.nrows() as f64;
    let entropy = Panel::new("ε", "⟨π, c⟩ / W₁")
        .title("Sinkhorn's plans")
        .log_x()
        .points_of("⟨π, c⟩", drawn.plans, |p| p.0, |p| p.1.cost / w1)
        .line_of(
            "bound 1 + ε ln n / W₁",
            drawn.plans,
            |p| p.0,
            |p| 1.0 + p.0 * n.ln() / w1,
        )
        .horizontal(1.0, "W₁")
        .legend(LegendPosition::Below);
    Ok(Figure::new(drawn.title)
        .panel(scatter(plane))
        .panel(map("the critic of its prices", of_prices))
        .panel(map("the network's critic", of_network))
        .panel(learning)
        .panel(entropy)
        .columns(3)
        .caption(
            "(a) Two samples and the permutation of least cost. (b) The 1-Lipschitz function made from its prices, which proves it: along \
             every line of (a) it falls as steeply as it may. (c) The same, learned by a network. (d) Values of the dual that two \
             learners reach. (e) What an entropy costs.",
        ))
}
