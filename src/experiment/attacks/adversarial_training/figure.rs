//! Errors by the way of training and by width.

use super::digits::{Cell, Run};
use super::settings::AdversarialTraining;
use crate::error::Result;
use crate::experiment::problems::robust_digits::LOOKS;
use crate::plot::{Figure, Panel};
use crate::stats::Estimate;

impl AdversarialTraining {
    pub(super) fn figure(&self, title: &str, cells: &[Cell]) -> Result<Figure> {
        let width = self.middle();
        let ways: Vec<&Cell> = self
            .attack
            .iter()
            .filter_map(|way| {
                cells
                    .iter()
                    .find(|c| c.place.training == *way && c.place.width == width)
            })
            .collect();
        Ok(Figure::new(title)
            .panel(bars(&ways)?)
            .panel(self.by_epoch(&ways)?)
            .panel(overfitting(&ways)?)
            .panel(by_width(cells)?)
            .columns(2))
    }

    fn by_epoch(&self, ways: &[&Cell]) -> Result<Panel> {
        let mut panel = Panel::new("epoch", "robust test error").title("while training");
        let steps = self.training("standard").steps(self.n);
        let every = steps.div_ceil(LOOKS);
        for cell in ways {
            let looks = cell.runs[0].of.robust.len();
            let at = (0..looks).map(|i| Estimate::of(&cell.runs, |r| r.of.robust[i]));
            let mean: Vec<f64> = at
                .collect::<Result<Vec<Estimate>>>()?
                .iter()
                .map(|e| e.mean)
                .collect();
            let epoch =
                |i: usize| (i * every).min(steps) as f64 / steps as f64 * self.epochs as f64;
            let epochs: Vec<f64> = (0..looks).map(epoch).collect();
            panel = panel.line(cell.place.training, &epochs, &mean);
        }
        Ok(panel)
    }
}

/// The last of a list.
fn last(values: &[f64]) -> f64 {
    values[values.len() - 1]
}

fn bars(ways: &[&Cell]) -> Result<Panel> {
    let names: Vec<&str> = ways.iter().map(|c| c.place.training).collect();
    let mut panel = Panel::new("trained", "test error").title("clean and under attack");
    type Value = fn(&Run) -> f64;
    let clean: Value = |r| last(&r.of.clean);
    let attacked: Value = |r| r.of.end();
    let open: Value = |r| 1.0 - r.certified;
    let labels = ["clean", "under attack", "not certified"];
    for (label, value) in labels.into_iter().zip([clean, attacked, open]) {
        let means = ways
            .iter()
            .map(|c| Estimate::of(&c.runs, value))
            .collect::<Result<Vec<Estimate>>>()?;
        let (low, high): (Vec<f64>, Vec<f64>) = means.iter().map(|e| e.bar(2.0)).unzip();
        let means: Vec<f64> = means.iter().map(|e| e.mean).collect();
        panel = panel.bars(label, &names, &means).error_bars(&low, &high);
    }
    Ok(panel)
}

/// What ten steps find beyond one: the sign of catastrophic overfitting.
fn overfitting(ways: &[&Cell]) -> Result<Panel> {
    let names: Vec<&str> = ways.iter().map(|c| c.place.training).collect();
    let gaps = ways
        .iter()
        .map(|c| Estimate::of(&c.runs, |r| r.of.end() - last(&r.of.one_step)));
    let gaps = gaps.collect::<Result<Vec<Estimate>>>()?;
    let (low, high): (Vec<f64>, Vec<f64>) = gaps.iter().map(|e| e.bar(2.0)).unzip();
    let means: Vec<f64> = gaps.iter().map(|e| e.mean).collect();
    Ok(Panel::new("trained", "error by ten steps less by one")
        .title("what one step misses")
        .bars("", &names, &means)
        .error_bars(&low, &high))
}

fn by_width(cells: &[Cell]) -> Result<Panel> {
    let mut panel = Panel::new("hidden units", "test error")
        .title("width")
        .log_x();
    for (color, training) in ["standard", "pgd", "features"].into_iter().enumerate() {
        let mut own: Vec<&Cell> = cells
            .iter()
            .filter(|c| c.place.training == training)
            .collect();
        own.sort_by_key(|c| c.place.width);
        let widths: Vec<f64> = own.iter().map(|c| c.place.width as f64).collect();
        for clean in [false, true] {
            let value = |r: &Run| if clean { last(&r.of.clean) } else { r.of.end() };
            let found = own
                .iter()
                .map(|c| Estimate::of(&c.runs, value))
                .collect::<Result<Vec<Estimate>>>()?;
            let means: Vec<f64> = found.iter().map(|e| e.mean).collect();
            let label = format!("{training}, {}", if clean { "clean" } else { "attacked" });
            panel = panel.line(&label, &widths, &means).color(color);
            panel = if clean { panel.dashed() } else { panel.solid() };
            if !clean {
                let (low, high): (Vec<f64>, Vec<f64>) = found.iter().map(|e| e.bar(2.0)).unzip();
                panel = panel.band(&widths, &low, &high);
            }
        }
    }
    Ok(panel.band_label("± 2 s.e."))
}
