//! Variance by step, the histogram, wells by temperature, the bias.

use super::bias::Biases;
use super::chains::{Point, gibbs};
use super::settings::LangevinDynamics;
use crate::error::Result;
use crate::measure::ChainLaw;
use crate::plot::{Figure, Panel};

/// Everything that is drawn.
pub(super) struct Drawn<'a> {
    pub(super) title: &'a str,
    pub(super) parabola: &'a [Point],
    pub(super) bins: &'a [Point],
    pub(super) wells: &'a [Point],
    pub(super) law: &'a ChainLaw,
    pub(super) biases: Option<&'a Biases>,
}

impl LangevinDynamics {
    pub(super) fn figure(&self, drawn: &Drawn<'_>) -> Result<Figure> {
        let tau = self.temperature;
        let ratio = |p: &Point| p.measured.mean / tau;
        let steps: Vec<f64> = (1..=95).map(|i| 0.02 * f64::from(i)).collect();
        let law: Vec<f64> = steps.iter().map(|a| 1.0 / (1.0 - 0.5 * a)).collect();
        let parabola = Panel::new("step α", "mean square of x / τ")
            .title("the parabola ½x²")
            .log_y()
            .line("1/(1 − α/2)", &steps, &law)
            .horizontal(1.0, "Gibbs: 1")
            .points_of("chains", drawn.parabola, |p| p.step, ratio)
            .error_bars_of(drawn.parabola, |p| {
                let (low, high) = p.measured.bar(2.0);
                (low / tau, high / tau)
            });
        let exact = gibbs(self.well(), tau)?;
        let (low, high) = (
            drawn.bins[0].high - 0.3,
            drawn.bins[drawn.bins.len() - 1].low + 0.3,
        );
        let inner: Vec<&Point> = drawn.bins[1..drawn.bins.len() - 1].iter().collect();
        let width = |p: &Point| p.high - p.low;
        let density = Panel::new("x", "density of x")
            .title(&format!(
                "double well, τ = {tau}, α = {}, after {} steps",
                self.step,
                self.steps()
            ))
            .x_range(low, high)
            .line("Gibbs ∝ e^(−f/τ)", &exact.points, &exact.density)
            .line(
                "law of the chain",
                &drawn.law.density().points,
                &drawn.law.density().density,
            )
            .dashed()
            .points_of(
                "chains",
                inner.iter().copied(),
                |p| f64::midpoint(p.low, p.high),
                |p| p.measured.mean / width(p),
            )
            .error_bars_of(inner.iter().copied(), |p| {
                let (low, high) = p.measured.bar(2.0);
                (low / width(p), high / width(p))
            });
        let mut wells: Vec<&Point> = drawn.wells.iter().collect();
        wells.sort_by(|a, b| a.temperature.total_cmp(&b.temperature));
        let explored = Panel::new("temperature τ", "share in the better well")
            .title(&format!(
                "from the worse well, after a time of {}",
                self.time
            ))
            .log_x()
            .y_range(-0.02, 1.02)
            .line_of(
                "Gibbs: given for ever",
                wells.iter().copied(),
                |p| p.temperature,
                |p| p.gibbs,
            )
            .line_of(
                "law of the chain",
                wells.iter().copied(),
                |p| p.temperature,
                |p| p.law,
            )
            .dashed()
            .points_of(
                "chains",
                wells.iter().copied(),
                |p| p.temperature,
                |p| p.measured.mean,
            )
            .error_bars_of(wells.iter().copied(), |p| p.measured.bar(2.0))
            .horizontal(0.0, "plain descent: 0");
        let mut figure = Figure::new(drawn.title)
            .panel(parabola)
            .panel(density)
            .panel(explored);
        if let Some(biases) = drawn.biases {
            let at = &biases.at;
            figure = figure.panel(
                Panel::new("step α", "E f − Gibbs', long run")
                    .title("what the step does to the density")
                    .log_x()
                    .log_y()
                    .points_of("law of the chain", at, |b| b.step, |b| b.bias.abs())
                    .line_of(
                        "α·Cov(f, u)",
                        at,
                        |b| b.step,
                        |b| b.step * biases.slope.abs(),
                    ),
            );
        }
        Ok(figure.columns(2))
    }
}
