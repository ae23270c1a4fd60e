//! The picture of `targeted_attack`.

use ndarray::Array2;

use super::linear::{capped, printed};
use super::network::{Iterations, Matrix, Problem, image};
use super::settings::TargetedAttack;
use crate::error::Result;
use crate::plot::{ColorScale, LegendPosition, Panel};
use crate::stats::{larger, largest, least};

impl TargetedAttack {
    /// Success of every pair; the diagonal is no attack.
    pub(super) fn matrix_panel(&self, problem: &Problem, matrix: &Matrix) -> Panel {
        let k = problem.classes;
        let mut share = Array2::from_elem((k, k), f64::NAN);
        for cell in &matrix.cells {
            share[[cell.source, cell.target]] = cell.success;
        }
        let edges: Vec<f64> = (0..=k).map(|i| i as f64 - 0.5).collect();
        Panel::new("target", "true class")
            .title("taken for the target")
            .heatmap("share", &edges, &edges, &share)
            .color_range(0.0, 1.0)
    }

    /// The share taken for the target, by step.
    pub(super) fn iterations_panel(&self, iterations: &Iterations) -> Panel {
        let lines = [
            ("x − (ε/4) sign ∇L", &iterations.quarter),
            ("x − ε sign ∇L", &iterations.minus),
            ("x + ε sign ∇L, as printed", &iterations.plus),
        ];
        let panel = Panel::new("step", &format!("share taken for {}", self.target))
            .title("the iteration of the slide")
            .legend(LegendPosition::Below)
            .y_range(0.0, 1.0);
        lines.iter().fold(panel, |panel, (label, shares)| {
            let steps: Vec<f64> = (0..shares.len()).map(|k| k as f64).collect();
            panel.line(label, &steps, shares)
        })
    }

    /// The first image that every target is tried on, and what became of it.
    pub(super) fn gallery(
        &self,
        problem: &Problem,
        matrix: &Matrix,
        shape: (usize, usize),
    ) -> Result<Panel> {
        let at = problem
            .labels
            .iter()
            .position(|label| *label != self.target)
            .unwrap_or(0);
        let images: Vec<Array2<f64>> = matrix
            .inputs
            .iter()
            .map(|z| image(&z.row(at).to_owned(), shape))
            .collect();
        let outputs = matrix
            .inputs
            .iter()
            .map(|z| problem.net.forward(&z.select(ndarray::Axis(0), &[at])));
        let mut captions = Vec::new();
        for (target, outputs) in outputs.enumerate() {
            let f = outputs?;
            let best = (0..f.ncols()).reduce(|a, b| if f[[0, b]] > f[[0, a]] { b } else { a });
            captions.push(format!("→ {target}: {}", best.unwrap_or(0)));
        }
        Ok(Panel::images(&images, 5)
            .title(&format!(
                "a {} made for each target: what it is taken for",
                problem.labels[at]
            ))
            .colors(ColorScale::Ink)
            .color_range(0.0, 1.0)
            .captions(&captions))
    }
}

/// Both Lagrange forms along the way out, for a margin of 2.
pub(super) fn forms() -> Panel {
    let grid: Vec<f64> = (0..=80).map(|i| f64::from(i) / 40.0).collect();
    let curve = |form: fn(f64, f64, f64) -> f64, c: f64| -> Vec<f64> {
        grid.iter().map(|s| form(*s, c, 2.0)).collect()
    };
    Panel::new("length of δ, in m/‖w‖_*", "‖δ‖ + penalty, in m/‖w‖_*")
        .title("the Lagrange form, λ in 1/‖w‖_*")
        .legend(LegendPosition::Below)
        .line("margin, λ = 0.5", &grid, &curve(capped, 0.5))
        .line("margin, λ = 2", &grid, &curve(capped, 2.0))
        .line("−loss, λ = 0.5", &grid, &curve(printed, 0.5))
        .dashed()
        .line("−loss, λ = 2", &grid, &curve(printed, 2.0))
        .dashed()
        .vertical(1.0, "boundary")
}

/// The share fooled against λ: the least and the most of the three norms.
pub(super) fn threshold(found: &[Vec<(f64, f64, f64)>; 3]) -> Panel {
    let points: Vec<(f64, f64, f64)> = (0..found[0].len())
        .map(|i| {
            let shares = found.iter().map(|norm| norm[i].1);
            (found[0][i].0, least(shares.clone()), largest(shares))
        })
        .collect();
    Panel::new("λ‖w‖_*", "share fooled")
        .title("a penalty is exact beyond 1/‖w‖_*")
        .legend(LegendPosition::Below)
        .y_range(-0.05, 1.05)
        .points_of("most of three norms", &points, |p| p.0, |p| p.2)
        .points_of("least of three norms", &points, |p| p.0, |p| p.1)
        .vertical(1.0, "")
}

/// The least changes of the network by both ways.
pub(super) fn least_changes(pairs: &[(f64, f64)]) -> Panel {
    let top = pairs
        .iter()
        .fold(0.0_f64, |top, (a, b)| larger(top, larger(*a, *b)));
    Panel::new("‖δ‖₂ by growing budgets", "‖δ‖₂ by the penalty")
        .title("least changes towards the target")
        .legend(LegendPosition::Below)
        .line("equal", &[0.0, top], &[0.0, top])
        .dashed()
        .points_of("an image", pairs, |p| p.0, |p| p.1)
}
