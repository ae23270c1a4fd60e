//! The lazy ratio during training, by width, for scalings of the start that are lazy and that are not.

mod runs;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::sizes::{of_classes, share_out, usual_pair};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, exact_power_law, largest};
pub use runs::LazyTraining;
use runs::{Point, Series};

/// How far an exponent may be from its limit beside chance: nearer to it than to any other multiple of ¼.
const NEARER: f64 = 0.125;

/// The chance that it is farther than that and what chance allows.
const LEVEL: f64 = 0.001;

impl Study for LazyTraining {
    const ABOUT: About = About {
        id: "lazy_training",
        title: "Lazy and non-lazy training",
        what: "Trains two-layer ReLU networks of several widths on two digits and follows the lazy ratio κ, the distance \
               of all weights from their start over their norm at the start. Under the NTK scaling every width learns, \
               the weights move by the same distance, and κ falls like 1/√m; under the mean-field scaling, with \
               time multiplied by m, κ does not depend on the width.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Lazy-training\", \"Lazy training regime: \
                visualization\"; Zhu et al., Robustness in deep learning: \"Why function space theory is needed?\"; after \
                Chizat, Oyallon & Bach 2019, arXiv:1812.07956",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let (negative, positive) = usual_pair(&images)?;
        let pair = [negative.into(), positive.into()];
        let (available, words) = of_classes(&images, &pair)?;
        share_out(self, &[("n", 1)], available, &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let (series, mnist) = self.series(seed, context)?;
        let slopes = series.iter().map(|s| s.slope(|run| run.last().kappa));
        let slopes = slopes.collect::<Result<Vec<Estimate>>>()?;
        let kappas = series
            .iter()
            .map(|s| s.widths[s.widths.len() - 1].end().kappa.mean);
        let rows = series
            .iter()
            .flat_map(|s| &s.widths)
            .flat_map(|w| &w.points);
        let mut found = Findings::of(rows)
            .measure("slope", slopes.iter().map(|s| s.mean).collect::<Vec<_>>())
            .measure("slope_se", slopes.iter().map(|s| s.se).collect::<Vec<_>>())
            .measure("kappa_at_largest_width", kappas.collect::<Vec<_>>());
        for (s, slope) in series.iter().zip(&slopes) {
            found = found
                .claims(slope_claims(s, *slope)?)
                .claim(learns(s))
                .trend(mnist);
        }
        Ok(found.figure(figure(&series, &slopes)?))
    }
}

/// What the width does to the last κ as m → ∞, where both layers' shares have one exponent.
fn predicted(init: &str) -> Option<f64> {
    match init {
        "ntk_parametrised" => Some(-0.5),
        "mean_field" => Some(0.0),
        _ => None,
    }
}

fn slope_claims(s: &Series, kappa: Estimate) -> Result<Vec<Claim>> {
    let init = s.init;
    let mut claims = Vec::new();
    if let Some(predicted) = predicted(init) {
        let text = format!("{init}: exponent of the final κ by width");
        let kappa = Claim::mean_equals(&text, predicted, kappa, NEARER, LEVEL)?;
        claims.push(match predicted {
            0.0 => kappa.against(-0.5, "lazy training"),
            _ => kappa.against(0.0, "no lazier with the width"),
        });
        let (predicted, words) = match init {
            "mean_field" => (1.0, "steps, and so time, multiplied by m"),
            _ => (0.0, "the same steps at every width"),
        };
        let text = format!("{init}: {words}; exponent of the learning rate by width");
        let rate = s.slope(|run| run.learning_rate)?;
        let rate = Claim::mean_equals(&text, predicted, rate, NEARER, LEVEL)?;
        claims.push(rate.against(1.0 - predicted, "the other scaling"));
    }
    if init == "ntk_parametrised" {
        let text = format!(
            "{init}: the weights move by one distance; exponent of ‖W(t) − W(0)‖ of the input \
             weights by width"
        );
        let moved = s.slope(|run| run.last().distances[0])?;
        let moved = Claim::mean_equals(&text, 0.0, moved, NEARER, LEVEL)?;
        claims.push(moved.against(0.5, "a share of ‖W‖ that stays"));
    }
    Ok(claims)
}

fn learns(s: &Series) -> Claim {
    let runs = s.widths.iter().flat_map(|w| &w.runs);
    let left = runs.map(|run| run.last().loss / run.moments[0].loss);
    Claim::less_than(
        &format!(
            "{}: every run loses more than half of its loss; the largest share that a run has left \
             (trend)",
            s.init
        ),
        0.5,
        largest(left),
        0.0,
    )
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
        for (index, w) in s.widths.iter().enumerate() {
            let (later, epoch) = (&w.points[1..], |p: &Point| p.epoch as f64);
            let name = format!("m = {}", w.end().width);
            panel = panel
                .line_of(&name, later, epoch, |p| p.kappa.mean)
                // The first colours are the schemes'.
                .color(series.len() + index);
            let label = if index == 0 { s.init } else { "" };
            losses = losses
                .line_of(label, later, epoch, |p| p.loss)
                .color(color)
                .width(1.0);
        }
        figure = figure.panel(panel);
        let ends = || s.widths.iter().map(|w| w.end());
        let m = |p: &Point| p.width as f64;
        let label = format!("{}, slope {:.2}", s.init, slope.mean);
        finals = finals
            .points_of(&label, ends(), m, |p| p.kappa.mean)
            .error_bars_of(ends(), |p| p.kappa.bar(2.0))
            .color(color);
        if let Some(predicted) = predicted(s.init) {
            let widths: Vec<f64> = ends().map(m).collect();
            let kappas: Vec<f64> = ends().map(|p| p.kappa.mean).collect();
            let middle = (widths[0] * widths[widths.len() - 1]).sqrt();
            let level = exact_power_law(&widths, &kappas)?.at(middle);
            finals = finals
                .line_of("", ends(), m, |p| level * (m(p) / middle).powf(predicted))
                .color(color)
                .width(1.0)
                .dashed();
        }
    }
    Ok(figure.panel(losses).panel(finals).columns(2).caption(
        "Means over draws. Dashed: the predicted slope. In the first panels a colour is a width, in the last \
         two a scheme, with all its widths.",
    ))
}
