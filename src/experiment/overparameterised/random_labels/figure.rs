//! The picture of `random_labels`.

use super::cells::{Cell, Point, last};
use super::training::RandomLabels;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, mean};

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
            let rows: Vec<(f64, Estimate)> = own
                .enumerate()
                .map(|(at, (p, _))| {
                    (
                        at as f64,
                        if of_train {
                            p.train_error
                        } else {
                            p.test_error
                        },
                    )
                })
                .collect();
            let mut panel = Panel::new(
                "regulariser, in the order of the setting",
                "share of errors",
            )
            .title(title)
            .points_of("mean over draws", rows.clone(), |r| r.0, |r| r.1.mean)
            .error_bars_of(rows.clone(), |r| r.1.bar(2.0))
            .x_range(-0.5, self.regulariser.len() as f64 - 0.5)
            .legend(LegendPosition::Below);
            if of_train {
                panel = panel.horizontal(chance, "chance").y_range(-0.02, 1.0);
            }
            for (at, regulariser) in self.regulariser.iter().enumerate() {
                panel = panel.note(at as f64, rows[at].1.mean, name(regulariser));
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
        "weight_decay" => "weight decay",
        other => other,
    }
}
