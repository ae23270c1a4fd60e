//! One panel a row of the table, and the chain.

use super::rates::Rate;
use crate::plot::{Figure, Panel};

/// Methods that a panel has room for.
const SHOWN: [&str; 5] = [
    "gradient descent",
    "Nesterov",
    "AdaGrad",
    "UniXGrad",
    "AMSGrad",
];

fn panel(y: &str, title: &str, rates: &[Rate], names: &[&str]) -> Panel {
    let mut panel = Panel::new("steps k", y).title(title).log_x().log_y();
    for (color, name) in names.iter().enumerate() {
        for rate in rates.iter().filter(|r| r.method.name() == *name) {
            let rows: Vec<_> = rate
                .steps
                .iter()
                .zip(&rate.values)
                .filter(|r| r.1.mean > 1e-14)
                .collect();
            panel = panel
                .line_of(name, &rows, |r| *r.0 as f64, |r| r.1.mean)
                .color(color)
                .solid();
            if rows.iter().any(|r| r.1.se > 0.0) {
                panel = panel
                    .points_of("", &rows, |r| *r.0 as f64, |r| r.1.mean)
                    .color(color)
                    .error_bars_of(&rows, |r| r.1.bar(2.0));
            }
        }
    }
    panel
}

pub(super) fn figure(
    convex: &[Rate],
    noisy: &[Rate],
    shelf: &[Rate],
    rough: &[Rate],
    chains: &[Vec<Rate>; 2],
) -> Figure {
    let both = ["gradient descent", "Nesterov"];
    Figure::new("Printed rates are upper bounds")
        .panel(panel("f − f*", "convex, smooth", convex, &SHOWN))
        .panel(panel("f − f*", "convex, noise", noisy, &SHOWN))
        .panel(panel("chain: f − f*", "a chain of fixed length", &chains[0], &both))
        .panel(panel("min ‖∇f‖² so far", "not convex, smooth", shelf, &SHOWN))
        .panel(panel("mean ‖∇f‖²", "not convex, noise", rough, &SHOWN))
        .panel(panel("(f − f*)/(L‖x*‖²)", "for each k a chain of 2k + 1", &chains[1], &both))
        .columns(3)
        .caption("With noise: means over runs ± 2 s.e.; each number of steps has runs with the learning rate for it.")
}
