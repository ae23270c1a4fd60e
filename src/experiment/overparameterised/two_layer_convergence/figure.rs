//! The picture of `two_layer_convergence`.

use super::run::{Drawn, Point, TwoLayerConvergence};
use crate::plot::{Figure, Panel};
use crate::stats::smaller;

impl TwoLayerConvergence {
    pub(super) fn figure(&self, title: &str, drawn: &Drawn, points: &[Point]) -> Figure {
        let m = |p: &Point| p.width as f64;
        Figure::new(title)
            .panel(self.losses(drawn))
            .panel(
                Panel::new("hidden units m", "‖H(0) − H∞‖²_F")
                    .title("the kernel at the start")
                    .log_x()
                    .log_y()
                    .line_of("variance of one unit, over m", points, m, |p| {
                        p.kernel_error_exact
                    })
                    .points_of("measured", points, m, |p| p.kernel_error.mean)
                    .error_bars_of(points, |p| p.kernel_error.bar(2.0)),
            )
            .panel(
                Panel::new("hidden units m", "λ_min / λ_0")
                    .title("the kernel's smallest eigenvalue")
                    .log_x()
                    .points_of("at the start", points, m, |p| p.least_start.mean)
                    .error_bars_of(points, |p| p.least_start.bar(2.0))
                    .points_of("least on the path", points, m, |p| p.least_path.mean)
                    .error_bars_of(points, |p| p.least_path.bar(2.0))
                    .horizontal(1.0, "H∞")
                    .horizontal(0.5, "the theorem needs"),
            )
            .panel(
                Panel::new("hidden units m", "largest ‖w_r − w_r(0)‖")
                    .title("how far units move")
                    .log_x()
                    .log_y()
                    .points_of("measured", points, m, |p| p.moved.mean)
                    .error_bars_of(points, |p| p.moved.bar(2.0))
                    .line_of("the theorem's bound", points, m, |p| p.moved_bound),
            )
            .columns(2)
            .caption("(a) the first data set. Bars: 2 standard errors over draws.")
    }

    /// The loss of the first draw at the largest and the smallest width, beside three rates.
    fn losses(&self, drawn: &Drawn) -> Panel {
        let problem = &drawn.problems[0];
        let mut panel = Panel::new("step k", "loss L_k / L_0")
            .title("the loss beside three rates")
            .log_y();
        for at in [0, self.width.len() - 1] {
            let losses = &drawn.runs[at][0].losses;
            let rows = losses
                .iter()
                .enumerate()
                .map(|(k, l)| (k as f64, l / losses[0]));
            let rows: Vec<(f64, f64)> = rows.step_by((losses.len() / 200).max(1)).collect();
            let name = format!("m = {}", self.width[at]);
            panel = panel.line_of(&name, rows, |r| r.0, |r| r.1);
        }
        let steps = drawn.runs[self.width.len() - 1][0].losses.len();
        let floor = 1e-22_f64;
        for (name, factor) in [
            (
                "(1 − ηλ_0)^2k",
                (1.0 - problem.rate * problem.least).powi(2),
            ),
            (
                "bound: (1 − ηλ_0/2)^k",
                1.0 - problem.rate * problem.least / 2.0,
            ),
            ("slide: (1 − η)^k", 1.0 - problem.rate),
        ] {
            let last = smaller(steps as f64, floor.ln() / factor.ln());
            panel = panel
                .line(name, &[0.0, last], &[1.0, factor.powf(last)])
                .dashed();
        }
        panel
    }
}
