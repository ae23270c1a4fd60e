//! The triptych.

use super::curve::{Point, Results};
use crate::plot::{Figure, Panel};

/// The parts of the curve that have a colour of their own, and the colour.
const PARTS: [(&str, usize); 5] = [
    ("m < n/2", 0),
    ("n/2 ≤ m < n", 5),
    ("m = n", 6),
    ("n < m ≤ 2n", 4),
    ("m > 2n", 1),
];

/// The part of [`PARTS`] that `ratio` belongs to.
fn part(ratio: f64) -> usize {
    match ratio {
        r if r < 0.5 => 0,
        r if r < 1.0 => 1,
        1.0 => 2,
        r if r <= 2.0 => 3,
        _ => 4,
    }
}

pub(super) fn figure(results: &Results) -> Figure {
    let points = &results.points;
    let [ratio, mse, norm]: [fn(&Point) -> f64; 3] = [|p| p.ratio, |p| p.test_mse, |p| p.norm];
    let colored = |panel: Panel, x: fn(&Point) -> f64, y: fn(&Point) -> f64| {
        let mut panel = panel.color(6).width(1.0).opacity(0.5).log_x().log_y();
        for (index, (name, color)) in PARTS.iter().enumerate() {
            let own = points.iter().filter(|p| part(p.ratio) == index);
            panel = panel.points_of(name, own, x, y).color(*color);
        }
        panel
    };
    let by_parameters = |label: &str, title: &str, y: fn(&Point) -> f64| {
        let panel = Panel::new("parameters / training digits, m/n", label).title(title);
        colored(panel.line_of("", points, ratio, y), ratio, y).vertical(1.0, "")
    };
    let [norms, errors] = [norm, mse].map(|of| points.iter().map(of).collect::<Vec<f64>>());
    let by_norm = Panel::new("norm of the weights ‖w‖", "test error (label²)")
        .title("error by norm")
        .path("", &norms, &errors);
    Figure::new("Double descent by parameters and by norm")
        .panel(by_parameters("test error (label²)", "error by parameters", mse))
        .panel(by_parameters("norm of the weights ‖w‖", "norm by parameters", norm))
        .panel(colored(by_norm, norm, mse))
        .shared_legend()
        .caption("Medians over draws. In (c) the line runs from the fewest parameters (dots) to the most (crosses).")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ratio_has_its_part() {
        let ratios = [0.1, 0.5, 0.99, 1.0, 1.01, 2.0, 2.1];
        assert_eq!(ratios.map(part), [0, 1, 1, 2, 3, 3, 4]);
    }
}
