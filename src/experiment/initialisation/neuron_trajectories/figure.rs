//! The two pictures, and the losses.

use super::alignment::points;
use super::runs::Run;
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
        let loss = &run.flow.loss;
        let share = |step: usize| loss[step - 1] / loss[0];
        losses = losses
            .line_of(&name(run), 1..=loss.len(), |step| step as f64, share)
            // Vermilion and blue are the signs of a.
            .color(color + 2);
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
    let ways: Vec<_> = run.moments().iter().map(|(_, net)| points(net)).collect();
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
        panel = panel
            .line_of("", &ways, |p| p[[k, 0]], |p| p[[k, 1]])
            .color(colour(k))
            .width(0.8)
            .opacity(0.6)
            .solid();
    }
    for (side, label) in [(0, "a > 0"), (1, "a < 0")] {
        let own = || (0..first.nrows()).filter(|k| colour(*k) == side);
        panel = panel
            .points_of("", own(), |k| first[[k, 0]], |k| first[[k, 1]])
            .color(side)
            .size(2.5)
            .opacity(0.5)
            .points_of(label, own(), |k| last[[k, 0]], |k| last[[k, 1]])
            .color(side)
            .size(5.0);
    }
    panel
}
