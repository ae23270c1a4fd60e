//! Paths, shares still there, quantiles.

use super::runs::{Escapes, SHARES};
use super::settings::SaddleEscape;
use crate::error::Result;
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, larger};

/// The gap between the two times, at one step.
#[derive(Clone, Copy)]
pub(super) struct Gap {
    pub(super) step: f64,
    pub(super) measured: Estimate,
    pub(super) law: f64,
}

/// Everything that is drawn.
pub(super) struct Drawn<'a> {
    pub(super) title: &'a str,
    pub(super) paths: Vec<(String, Vec<f64>)>,
    pub(super) constant: &'a [Escapes],
    pub(super) vanishing: &'a [Escapes],
    pub(super) gaps: &'a [Gap],
}

impl SaddleEscape {
    pub(super) fn figure(&self, drawn: &Drawn<'_>) -> Result<Figure> {
        let mut figure = Figure::new(drawn.title).panel(self.paths(drawn));
        let title = "constant steps: share still there (marks: runs)";
        figure = figure.panel(self.shares(title, drawn.constant, |e| format!("α = {}", e.step))?);
        figure = figure.panel(gaps(drawn.gaps));
        let title = "vanishing steps α₀/(k+1)^κ";
        let vanishing = self.shares(title, drawn.vanishing, |e| format!("κ = {}", e.kappa))?;
        Ok(figure.panel(vanishing.log_x()).columns(2))
    }

    fn paths(&self, drawn: &Drawn<'_>) -> Panel {
        let mut panel = Panel::new("step k", "|y_k|")
            .title(&format!("α = {}: paths of y", self.middle_step()))
            .log_y()
            .horizontal(self.radius(), "left: 10 σ");
        for (label, path) in &drawn.paths {
            // The saddle itself has no logarithm.
            let shown = path.iter().enumerate().filter(|(_, y)| **y > 0.0);
            let (k, y): (Vec<f64>, Vec<f64>) = shown.map(|(k, y)| (k as f64, *y)).unzip();
            panel = panel.path(label, &k, &y);
        }
        panel
    }

    fn shares(
        &self,
        title: &str,
        all: &[Escapes],
        label: impl Fn(&Escapes) -> String,
    ) -> Result<Panel> {
        let mut panel = Panel::new("step k", "share with |y| < 10 σ so far")
            .title(title)
            .log_y()
            .y_range(2e-3, 1.2);
        let radius = self.radius();
        for (color, found) in all.iter().enumerate() {
            let last = found
                .law
                .quantile(2e-3, radius)?
                .unwrap_or(super::runs::MOST as f64);
            let mut ks: Vec<usize> = (0..=80)
                .map(|i| last.powf(f64::from(i) / 80.0).round() as usize)
                .collect();
            ks.extend((1..=40).map(|i| (last * f64::from(i) / 40.0) as usize));
            ks.retain(|k| *k > 0);
            ks.sort_unstable();
            ks.dedup();
            let x: Vec<f64> = ks.iter().map(|k| *k as f64).collect();
            let law = ks
                .iter()
                .map(|k| found.law.survival(*k, radius))
                .collect::<Result<Vec<f64>>>()?;
            let mut marks = Vec::new();
            for zeta in SHARES {
                if let Some(k) = found.law.quantile(zeta, radius)? {
                    let k = larger(k.round(), 1.0);
                    marks.push((k, found.share(k as usize)));
                }
            }
            let n = found.times.len() as f64;
            let se = |share: f64| 2.0 * (share * (1.0 - share) / n).sqrt();
            let marks: Vec<(f64, f64)> = marks.into_iter().filter(|m| m.1 > 0.0).collect();
            panel = panel
                .line(&label(found), &x, &law)
                .color(color)
                .solid()
                .points_of("", &marks, |m| m.0, |m| m.1)
                .color(color)
                .error_bars_of(&marks, |m| (larger(m.1 - se(m.1), 1e-4), m.1 + se(m.1)));
        }
        Ok(panel)
    }
}

fn gaps(gaps: &[Gap]) -> Panel {
    let mut panel = Panel::new("step α", "steps from 10 % to 1 % still there")
        .title("what a tenth of ζ costs")
        .log_x()
        .log_y();
    let Some(last) = gaps.iter().max_by(|a, b| a.step.total_cmp(&b.step)) else {
        return panel;
    };
    panel = panel
        .points_of("runs", gaps, |g| g.step, |g| g.measured.mean)
        .error_bars_of(gaps, |g| g.measured.bar(2.0))
        .line_of("law: ln 10/ln(1 + α)", gaps, |g| g.step, |g| g.law)
        .line_of(
            "as printed, ∝ 1/α²",
            gaps,
            |g| g.step,
            |g| last.law * (last.step / g.step).powi(2),
        )
        .dashed();
    panel
}
