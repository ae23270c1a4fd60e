//! The picture of `random_labels`.

use super::cells::{Cell, Point, last};
use super::training::RandomLabels;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, larger, mean};

impl RandomLabels {
    pub(super) fn figure(
        &self,
        title: &str,
        cells: &[Cell],
        points: &[Point],
        chance: f64,
    ) -> Figure {
        let mut curves = Panel::new("epoch", "training error")
            .title("no regularisation")
            .legend(LegendPosition::Below);
        for cell in cells.iter().filter(|cell| !cell.whole) {
            let longest = cell.runs.iter().map(|r| r.errors.len()).max().unwrap_or(0);
            let rows = (0..longest).map(|epoch| {
                // A run that stopped had no error left.
                let errors = cell
                    .runs
                    .iter()
                    .map(|r| r.errors.get(epoch).copied().unwrap_or_else(|| last(r)));
                (epoch as f64, mean(errors))
            });
            curves = curves.line_of(
                name(cell.corruption),
                rows.collect::<Vec<_>>(),
                |r| r.0,
                |r| r.1,
            );
        }
        let mut figure = Figure::new(title).panel(curves);
        for (title, of_train) in [
            ("random labels: training error", true),
            ("true labels: test error", false),
        ] {
            let corruption = if of_train { "random_labels" } else { "none" };
            let own = points
                .iter()
                .zip(cells)
                .filter(|(_, c)| c.whole && c.corruption == corruption);
            let own: Vec<Estimate> = own
                .map(|(p, _)| {
                    if of_train {
                        p.train_error
                    } else {
                        p.test_error
                    }
                })
                .collect();
            let bars: Vec<(f64, f64)> = own.iter().map(|e| e.bar(2.0)).collect();
            let (low, high): (Vec<f64>, Vec<f64>) = bars
                .into_iter()
                .map(|(low, high)| (larger(low, 0.0), high))
                .unzip();
            let heights: Vec<f64> = own.iter().map(|e| e.mean).collect();
            let names: Vec<&str> = self
                .regulariser
                .iter()
                .map(|r| name_of_regulariser(r))
                .collect();
            let mut panel = Panel::new("regulariser", "share of errors")
                .title(title)
                .bars("", &names, &heights)
                .error_bars(&low, &high);
            if of_train {
                panel = panel.horizontal(chance, "chance").y_range(0.0, 1.0);
            }
            figure = figure.panel(panel);
        }
        figure.caption("Means over draws; bars: 2 standard errors.")
    }
}

/// In words.
fn name(id: &str) -> &str {
    match id {
        "none" => "as they are",
        "random_labels" => "random labels",
        "shuffled_pixels" => "shuffled pixels",
        "random_pixels" => "random pixels",
        other => other,
    }
}

fn name_of_regulariser(id: &str) -> &str {
    match id {
        "weight_decay" => "decay",
        "augment" => "shifts",
        other => other,
    }
}
