//! The table, the claims and the figure of lazy and non-lazy training.

use super::{AtWidth, LazyTraining, Moment, Run, Series};
use crate::display::format_number;
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, exact_power_law, largest};

/// How far a slope may be from its limit: as many draws as by default leave a standard error of 0.03 or less.
const TOLERANCE: f64 = 0.1;

/// Standard errors of a slope that must fit into the tolerance.
const CERTAIN: f64 = 3.0;

impl AtWidth {
    /// A number of each draw at the moment with this index.
    fn at(&self, index: usize, of: impl Fn(&Moment) -> f64) -> Result<Estimate> {
        let values: Vec<f64> = self
            .runs
            .iter()
            .map(|run| of(&run.moments[index]))
            .collect();
        Estimate::from_values(&values)
    }

    fn rate(&self) -> Result<Estimate> {
        let rates: Vec<f64> = self.runs.iter().map(|run| run.learning_rate).collect();
        Estimate::from_values(&rates)
    }
}

impl Series {
    /// What the width does to the last κ as m → ∞, where both layers' shares have one exponent.
    fn predicted(&self) -> Option<f64> {
        match self.init {
            "ntk_parametrised" => Some(-0.5),
            "mean_field" => Some(0.0),
            _ => None,
        }
    }

    /// The exponent of a number by width: mean over draws, whose training sets are the same at all widths.
    fn slope(&self, of: impl Fn(&Run) -> f64) -> Result<Estimate> {
        let m: Vec<f64> = self.widths.iter().map(|w| w.width as f64).collect();
        let draws = self.widths.first().map_or(0, |w| w.runs.len());
        let exponents = (0..draws).map(|draw| {
            let values: Vec<f64> = self.widths.iter().map(|w| of(&w.runs[draw])).collect();
            Ok(exact_power_law(&m, &values)?.exponent)
        });
        Estimate::from_values(&exponents.collect::<Result<Vec<f64>>>()?)
    }

    fn widest(&self) -> Result<&AtWidth> {
        let missing = || Error::shape("the list of widths", "one or more", &[0]);
        self.widths.last().ok_or_else(missing)
    }
}

fn last(run: &Run) -> &Moment {
    &run.moments[run.moments.len() - 1]
}

pub(super) fn findings(series: &[Series], mnist: bool) -> Result<Findings> {
    let mut table = Table::new(LazyTraining::ABOUT.columns);
    for s in series {
        for w in &s.widths {
            let epochs = w.runs[0].moments.iter().map(|moment| moment.epoch);
            for (index, epoch) in epochs.enumerate() {
                let kappa = w.at(index, |m| m.kappa)?;
                table.push(vec![
                    s.init.into(),
                    w.width.into(),
                    epoch.into(),
                    kappa.mean.into(),
                    kappa.se.into(),
                    w.at(index, |m| m.distances[0])?.mean.into(),
                    w.at(index, |m| m.distances[1])?.mean.into(),
                    w.at(index, |m| m.loss)?.mean.into(),
                    w.rate()?.mean.into(),
                ])?;
            }
        }
    }
    let slopes = series.iter().map(|s| s.slope(|run| last(run).kappa));
    let slopes = slopes.collect::<Result<Vec<Estimate>>>()?;
    let mut measured = Measured::default();
    measured.insert("slope", slopes.iter().map(|s| s.mean).collect::<Vec<_>>());
    measured.insert("slope_se", slopes.iter().map(|s| s.se).collect::<Vec<_>>());
    let end = series[0].widest()?.runs[0].moments.len() - 1;
    let kappas = series
        .iter()
        .map(|s| Ok(s.widest()?.at(end, |m| m.kappa)?.mean));
    measured.insert(
        "kappa_at_largest_width",
        kappas.collect::<Result<Vec<f64>>>()?,
    );
    Ok(Findings {
        measured,
        claims: claims(series, &slopes, mnist)?,
        table,
        figure: figure(series, &slopes)?,
    })
}

fn claims(series: &[Series], slopes: &[Estimate], mnist: bool) -> Result<Claims> {
    let mut claims = Claims::default();
    let equals = |text: String, predicted: f64, slope: Estimate| {
        let reason = format!(
            "the slope has the standard error {}: set more draws or widths farther apart",
            format_number(slope.se)
        );
        let unknown = CERTAIN * slope.se > TOLERANCE;
        Claim::equals(&text, predicted, slope.mean, TOLERANCE).not_measured_if(unknown, &reason)
    };
    for (s, slope) in series.iter().zip(slopes) {
        let init = s.init;
        if let Some(predicted) = s.predicted() {
            let kappa = equals(
                format!("{init}: exponent of the final κ by width"),
                predicted,
                *slope,
            );
            claims.push(match predicted {
                0.0 => kappa.against(-0.5, "lazy training"),
                _ => kappa.against(0.0, "no lazier with the width"),
            });
        }
        let time = match init {
            "ntk_parametrised" => Some((0.0, "the same steps at every width")),
            "mean_field" => Some((1.0, "steps, and so time, multiplied by m")),
            _ => None,
        };
        if let Some((predicted, words)) = time {
            let rate = s.slope(|run| run.learning_rate)?;
            let rate = equals(
                format!("{init}: {words}; exponent of the learning rate by width"),
                predicted,
                rate,
            );
            claims.push(rate.against(1.0 - predicted, "the other scaling"));
        }
        if init == "ntk_parametrised" {
            let moved = equals(
                format!(
                    "{init}: the weights move by one distance; exponent of ‖W(t) − W(0)‖ of the input weights by width"
                ),
                0.0,
                s.slope(|run| last(run).distances[0])?,
            );
            claims.push(moved.against(0.5, "a share of ‖W‖ that stays"));
        }
        let runs = s.widths.iter().flat_map(|w| &w.runs);
        let left = runs.map(|run| last(run).loss / run.moments[0].loss);
        let learns = Claim::less_than(
            &format!(
                "{init}: every run loses more than half of its loss; the largest share that a run has left (trend)"
            ),
            0.5,
            largest(left),
            0.0,
        );
        claims.push(learns.trend(mnist));
    }
    Ok(claims)
}

fn figure(series: &[Series], slopes: &[Estimate]) -> Result<Figure> {
    let mut figure = Figure::new("Lazy and non-lazy training");
    let mut losses = Panel::new("epoch", "training error (label²)")
        .title("loss")
        .log_y();
    let mut finals = Panel::new("width m", "final κ")
        .title("final lazy ratio")
        .log_x()
        .log_y();
    for (color, (s, slope)) in series.iter().zip(slopes).enumerate() {
        let mut panel = Panel::new("epoch", "lazy ratio κ").title(s.init).log_y();
        let mut ends = Vec::new();
        for (index, w) in s.widths.iter().enumerate() {
            let count = w.runs[0].moments.len();
            let each = |of: fn(&Moment) -> f64| -> Result<Vec<f64>> {
                (1..count).map(|at| Ok(w.at(at, of)?.mean)).collect()
            };
            let epochs = each(|m| m.epoch as f64)?;
            panel = panel
                .line(&format!("m = {}", w.width), &epochs, &each(|m| m.kappa)?)
                .color(index);
            let label = if index == 0 { s.init } else { "" };
            losses = losses
                .line(label, &epochs, &each(|m| m.loss)?)
                .color(color)
                .width(1.0);
            ends.push((w.width as f64, w.at(count - 1, |m| m.kappa)?));
        }
        figure = figure.panel(panel);
        let m: Vec<f64> = ends.iter().map(|end| end.0).collect();
        let bar = |sign: f64| -> Vec<f64> {
            ends.iter()
                .map(|(_, e)| e.mean + sign * 2.0 * e.se)
                .collect()
        };
        let label = format!("{}, slope {:.2}", s.init, slope.mean);
        finals = finals
            .points(&label, &m, &bar(0.0))
            .error_bars(&bar(-1.0), &bar(1.0))
            .color(color);
        if let Some(predicted) = s.predicted() {
            let middle = (m[0] * m[m.len() - 1]).sqrt();
            let level = exact_power_law(&m, &bar(0.0))?.at(middle);
            let line: Vec<f64> = m
                .iter()
                .map(|m| level * (m / middle).powf(predicted))
                .collect();
            finals = finals.line("", &m, &line).color(color).width(1.0).dashed();
        }
    }
    Ok(figure
        .panel(losses)
        .panel(finals)
        .columns(2)
        .caption("Means over draws. Dashed: the predicted slope. All widths of one scheme have one colour in the panel of losses."))
}
