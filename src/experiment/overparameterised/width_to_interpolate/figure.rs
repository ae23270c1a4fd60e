//! The picture of `width_to_interpolate`.

use super::search::{Point, WidthToInterpolate};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::larger;

impl WidthToInterpolate {
    pub(super) fn figure(&self, title: &str, points: &[Point]) -> Figure {
        let n: Vec<f64> = self.n.iter().map(|&n| n as f64).collect();
        let first = n[0];
        let mut width = Panel::new("examples n", "smallest width m")
            .title("width")
            .log_x()
            .log_y()
            .legend(LegendPosition::Below);
        let mut count = Panel::new("examples n", "trained numbers")
            .title("parameters")
            .log_x()
            .log_y()
            .legend(LegendPosition::Below);
        let mut color = 0;
        for &trained in &self.train {
            // The last layer is the same in every dimension.
            let dims = match trained {
                "all" => &self.dims[..],
                _ => &self.dims[self.dims.len() - 1..],
            };
            for &dim in dims {
                let own: Vec<&Point> = points
                    .iter()
                    .filter(|p| p.train == trained && p.dim == dim && p.width.is_some())
                    .collect();
                let label = format!(
                    "{}, d = {dim}",
                    if trained == "all" {
                        "all layers"
                    } else {
                        "last layer"
                    }
                );
                let rows = || own.iter().copied();
                let examples = |p: &Point| p.examples as f64;
                width = width
                    .points_of(&label, rows(), examples, |p| p.width.unwrap_or(f64::NAN))
                    .color(color);
                count = count
                    .points_of(&label, rows(), examples, |p| {
                        p.parameters.unwrap_or(f64::NAN)
                    })
                    .error_bars_of(rows(), |p| {
                        let (mean, se) = (
                            p.parameters.unwrap_or(f64::NAN),
                            p.parameters_se.unwrap_or(f64::NAN),
                        );
                        (larger(mean - 2.0 * se, 0.5), mean + 2.0 * se)
                    })
                    .color(color);
                color += 1;
            }
        }
        let law = |power: f64| {
            n.iter()
                .map(|n| first * (n / first).powf(power))
                .collect::<Vec<f64>>()
        };
        let mut steps = Panel::new("examples n", "steps of descent")
            .title("last layer: steps to the target")
            .log_x()
            .log_y();
        let last: Vec<&Point> = points
            .iter()
            .filter(|p| p.train == "last_layer" && p.dim == self.dims[self.dims.len() - 1])
            .collect();
        let rows = || last.iter().copied();
        let finite = |v: Option<f64>| v.filter(|v| v.is_finite()).unwrap_or(f64::NAN);
        steps = steps
            .points_of(
                "m = n",
                rows().filter(|p| finite(p.steps_at_n).is_finite()),
                |p| p.examples as f64,
                |p| finite(p.steps_at_n),
            )
            .points_of(
                "m = 4n",
                rows().filter(|p| finite(p.steps_at_4n).is_finite()),
                |p| p.examples as f64,
                |p| finite(p.steps_at_4n),
            );
        let mut figure = Figure::new(title).panel(width).panel(
            count
                .line("n", &n, &law(1.0))
                .dashed()
                .color(6)
                .line("n^(3/2)", &n, &law(1.5))
                .dotted()
                .color(6),
        );
        if !last.is_empty() {
            figure = figure.panel(steps);
        }
        figure.caption("Means over draws, bars of 2 standard errors; steps are medians. The line n^(3/2) begins at the first n: the table leaves constants open.")
    }
}
