//! The picture.

use super::attacks::Cell;
use super::settings::MaskedGradients;
use crate::plot::{Figure, Panel};
use crate::stats::mean;

pub(super) fn figure(settings: &MaskedGradients, cells: &[Cell], classes: usize) -> Figure {
    let mut figure = Figure::new(
        "Hidden gradients: accuracy under attacks that know the defence, and that do not",
    );
    for &defence in &settings.defence {
        let title = match defence {
            "quantise" => format!("pixels rounded to {} levels", settings.levels),
            _ => format!("fresh noise, σ = {}", settings.sigma),
        };
        let mut panel = Panel::new("ε, largest change of a pixel", "accuracy")
            .title(&title)
            .y_range(-0.02, 1.02);
        for (color, (attack, label)) in [
            ("plain", "plain gradient"),
            ("one step", "one step of it"),
            ("black box", "black box"),
            ("adaptive", "adaptive"),
            ("undefended", "no defence"),
        ]
        .into_iter()
        .enumerate()
        {
            let own = cells
                .iter()
                .filter(|c| c.defence == defence && c.attack == attack);
            let own: Vec<&Cell> = own.collect();
            let start = own
                .first()
                .map(|c| (0.0, 1.0 - mean(c.clean.iter().copied())));
            let marks = start
                .into_iter()
                .chain(own.iter().map(|c| (c.epsilon, c.accuracy())));
            let (x, y): (Vec<f64>, Vec<f64>) = marks.unzip();
            panel = panel.line(label, &x, &y).color(color);
            // Lines may lie on each other.
            panel = match attack {
                "one step" | "adaptive" => panel.dashed(),
                "undefended" => panel.dotted(),
                _ => panel,
            };
            panel = panel.points("", &x, &y).color(color);
        }
        figure = figure.panel(panel.horizontal(1.0 / classes as f64, "").dotted());
    }
    figure.columns(2).caption(
        "Level dotted line: chance. Adaptive: straight through the rounding, or the mean gradient over draws of the noise. The random \
         defence is judged by fresh noise, the same for all attacks.",
    )
}
