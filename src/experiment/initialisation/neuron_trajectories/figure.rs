//! The two pictures, and the losses.

use super::findings::moments;
use super::{Run, points};
use crate::model::Mlp;
use crate::plot::{Figure, Panel};
use crate::stats::larger;

pub(super) fn figure(runs: &[Run], teacher: &Mlp) -> Figure {
    let mut figure = Figure::new("Where neurons go");
    let mut losses = Panel::new("step", "loss / loss at the start")
        .title("the loss falls in both")
        .log_x()
        .log_y();
    for (color, run) in runs.iter().enumerate() {
        figure = figure.panel(plane(run, teacher));
        let steps: Vec<f64> = (1..=run.flow.loss.len()).map(|i| i as f64).collect();
        let share: Vec<f64> = run
            .flow
            .loss
            .iter()
            .map(|loss| loss / run.flow.loss[0])
            .collect();
        losses = losses.line(&name(run), &steps, &share).color(color);
    }
    figure.panel(losses).caption(
        "Each neuron a·σ(w·x) is a point |a|w: small dots at the start, lines while it learns, large dots at the end. \
         Dashed: directions of the teacher's neurons.",
    )
}

fn name(run: &Run) -> String {
    format!("{}, γ = {}", run.init.replace('_', "-"), run.at.gamma)
}

fn plane(run: &Run, teacher: &Mlp) -> Panel {
    let ways: Vec<_> = moments(run).iter().map(|(_, net)| points(net)).collect();
    let (first, last) = (&ways[0], &ways[ways.len() - 1]);
    let reach = ways
        .iter()
        .flat_map(|p| p.iter())
        .fold(0.0, |most, v| larger(most, v.abs()));
    let mut panel = Panel::new("|a| w₁", "|a| w₂")
        .title(&name(run))
        .equal_aspect();
    for direction in teacher.layers[0].weights.rows() {
        let (x, y) = (1.1 * reach * direction[0], 1.1 * reach * direction[1]);
        panel = panel
            .line("", &[0.0, x], &[0.0, y])
            .color(6)
            .width(0.8)
            .dashed();
    }
    let colour = |k: usize| usize::from(run.flow.net.layers[1].weights[[0, k]] < 0.0);
    for k in 0..first.nrows() {
        let x: Vec<f64> = ways.iter().map(|p| p[[k, 0]]).collect();
        let y: Vec<f64> = ways.iter().map(|p| p[[k, 1]]).collect();
        panel = panel
            .line("", &x, &y)
            .color(colour(k))
            .width(0.8)
            .opacity(0.6)
            .solid();
    }
    for (side, label) in [(0, "a > 0"), (1, "a < 0")] {
        let of = |way: &ndarray::Array2<f64>| -> (Vec<f64>, Vec<f64>) {
            let own = (0..way.nrows()).filter(|k| colour(*k) == side);
            own.map(|k| (way[[k, 0]], way[[k, 1]])).unzip()
        };
        let ((x0, y0), (x1, y1)) = (of(first), of(last));
        panel = panel
            .points("", &x0, &y0)
            .color(side)
            .size(2.5)
            .opacity(0.5)
            .points(label, &x1, &y1)
            .color(side)
            .size(5.0);
    }
    panel
}
