//! The table, the claims and the picture of a gradient-flow run.

use super::{GradientFlowOfNetwork, Look, Results, Run};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::fit::gradient_flow::Progress;
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, PowerLaw, largest, least, power_law};

/// Rounding of losses and squared gradients, each a sum of some 10⁵ terms.
const ROUNDING: f64 = 1e-9;

impl Results {
    /// The run that is shown.
    fn shown(&self) -> Result<&Run> {
        let missing = || Error::shape("the runs", "one or more", &[0]);
        self.runs.first().ok_or_else(missing)
    }

    fn law(&self, of: &dyn Fn(&super::WidthPoint) -> Estimate) -> Result<PowerLaw> {
        let widths: Vec<f64> = self.points.iter().map(|p| p.width as f64).collect();
        power_law(&widths, &self.points.iter().map(of).collect::<Vec<_>>())
    }

    /// The largest of a number over all looks of all runs.
    fn largest(&self, of: impl Fn(&Look) -> f64) -> f64 {
        let looks = self.runs.iter().flat_map(|run| &run.looks);
        largest(looks.map(of))
    }
}

impl Run {
    /// μ, the least λ_min(K) met.
    fn mu(&self) -> f64 {
        let lowest = self.looks.iter().map(|look| look.lowest);
        least(lowest)
    }

    /// The largest ln(L_{t+1}/L_t).
    fn worst_log_step(&self) -> f64 {
        // Outputs are exact to some 100 ε, so a residual smaller than 100 ε/ROUNDING of the first has a ratio that is
        // not exact to ROUNDING.
        let told = (100.0 * f64::EPSILON / ROUNDING).powi(2) * self.losses[0];
        let steps = self.losses.windows(2).filter(|pair| pair[1] > told);
        let ratios = steps.map(|pair| pair[1] / pair[0]);
        largest(ratios).ln()
    }
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    Ok(Findings {
        measured: measured(results)?,
        claims: claims(results)?,
        table: table(results.shown()?)?,
        figure: figure(results)?,
    })
}

fn measured(results: &Results) -> Result<Measured> {
    let mut measured = Measured::default();
    let run = results.shown()?;
    let values = &run.flow.eigen.values;
    measured.insert("largest_eigenvalue", values[0]);
    measured.insert("smallest_eigenvalue", values[values.len() - 1]);
    measured.insert("step_size", run.eta);
    measured.insert(
        "last_loss_over_first",
        run.losses[run.losses.len() - 1] / run.losses[0],
    );
    measured.insert("distance", run.off);
    measured.insert("distance_slope", results.law(&|p| p.off)?.exponent);
    measured.insert(
        "test_distance_slope",
        results.law(&|p| p.test_off)?.exponent,
    );
    Ok(measured)
}

fn claims(results: &Results) -> Result<Claims> {
    let mut claims = Claims::default();
    let most = |of: &dyn Fn(&Run) -> f64| largest(results.runs.iter().map(of));
    claims.push(Claim::at_most(
        "the network stays as near to its linearisation as the kernel's measured change demands: largest ‖u − û‖/bound over \
         steps and draws, bound Σ η ‖K_s − K_0‖ ‖u_s‖",
        1.0,
        results.largest(|look| if look.step == 0 { 0.0 } else { look.distance / look.bound }),
        0.0,
    ).bound());
    claims.push(Claim::at_most(
        "the Polyak–Łojasiewicz inequality ½‖∇L‖² ≥ λ_min(K) L, with the kernel of each step: largest λ_min(K) L/(½‖∇L‖²)",
        1.0,
        results.largest(|look| look.floor / look.half_slope2),
        ROUNDING,
    ).bound());
    claims.push(Claim::at_most(
        "so the loss falls by 1 − ημ or more in every step, μ the least λ_min(K) met: largest (L_{t+1}/L_t)/(1 − ημ)",
        1.0,
        most(&|run| run.worst_log_step().exp() / (1.0 - run.eta * run.mu())),
        ROUNDING,
    ).bound());
    claims.push(Claim::at_most(
        "the proof wastes a factor: for the squared loss every step gives (1 − ημ)² or less; largest ln(L_{t+1}/L_t) − \
         2 ln(1 − ημ), within 2η‖K_s − K_r‖ of neighbouring looks",
        most(&|run| 2.0 * run.eta * largest(run.looks.iter().map(|look| look.drift))),
        most(&|run| run.worst_log_step() - 2.0 * (1.0 - run.eta * run.mu()).ln()),
        0.0,
    ));
    for (of, text) in [
        (
            results.law(&|p| p.off)?,
            "the distance to the linearisation falls with the width as the kernel's change does, m^(−3/4) for ReLU (trend): slope of \
             ln max‖u − û‖, between −1/2 and −1, and 3 s.e.",
        ),
        (
            results.law(&|p| p.test_off)?,
            "so does that of the outputs on test inputs (trend)",
        ),
    ] {
        let slope = Claim::equals(text, -0.75, of.exponent, 0.25 + 3.0 * of.se);
        claims.push(slope.against(0.0, "a distance that stays"));
    }
    Ok(claims)
}

fn table(run: &Run) -> Result<Table> {
    let mut table = Table::new(GradientFlowOfNetwork::ABOUT.columns);
    for look in &run.looks {
        for (mode, lambda) in run.flow.eigen.values.iter().enumerate() {
            table.push(vec![
                look.step.into(),
                (mode + 1).into(),
                (*lambda).into(),
                (look.linear_modes[[mode, 0]] / run.start).into(),
                (look.modes[[mode, 0]] / run.start).into(),
            ])?;
        }
    }
    Ok(table)
}

fn figure(results: &Results) -> Result<Figure> {
    let run = results.shown()?;
    let steps: Vec<f64> = (0..run.losses.len()).map(|t| t as f64).collect();
    let relative: Vec<f64> = run.losses.iter().map(|l| l / run.losses[0]).collect();
    let linear = (0..run.losses.len())
        .map(|count| {
            run.flow.loss(Progress::Steps {
                count,
                eta: run.eta,
            })
        })
        .collect::<Result<Vec<f64>>>()?;
    let linear: Vec<f64> = linear.iter().map(|l| l / run.losses[0]).collect();
    let rate = 1.0 - run.eta * run.mu();
    let bound: Vec<f64> = steps.iter().map(|t| rate.powf(*t)).collect();
    let loss = Panel::new("step", "loss, over the first")
        .title("training loss")
        .log_y()
        .line("network", &steps, &relative)
        .line("linearised", &steps, &linear)
        .dashed()
        .line("bound (1 − ημ)^t", &steps, &bound)
        .dotted();
    let n = run.flow.eigen.values.len();
    let mut modes = Panel::new("step + 1", "|q·u| / ‖u(0)‖")
        .title("mode by mode")
        .log_x()
        .log_y()
        .y_range(1e-5, 1.0);
    let mut shown = vec![0, n / 3, 2 * n / 3, n - 1];
    shown.dedup();
    for (color, mode) in shown.into_iter().enumerate() {
        let at: Vec<f64> = run
            .looks
            .iter()
            .map(|look| look.step as f64 + 1.0)
            .collect();
        let each = |of: fn(&Look) -> &ndarray::Array2<f64>| -> Vec<f64> {
            let looks = run.looks.iter();
            looks
                .map(|look| of(look)[[mode, 0]].abs() / run.start)
                .collect()
        };
        let name = format!("λ = {:.2}", run.flow.eigen.values[mode]);
        modes = modes
            .line("", &at, &each(|look| &look.linear_modes))
            .color(color)
            .points(&name, &at, &each(|look| &look.modes))
            .color(color)
            .size(4.0);
    }
    let widths: Vec<f64> = results.points.iter().map(|p| p.width as f64).collect();
    let mut off = Panel::new("hidden units m", "largest distance")
        .title("network to linearisation")
        .log_x()
        .log_y();
    for (name, of) in [
        (
            "training, ‖u − û‖/‖u(0)‖",
            (|p| p.off) as fn(&super::WidthPoint) -> Estimate,
        ),
        ("test outputs, r.m.s.", |p| p.test_off),
    ] {
        let means: Vec<f64> = results.points.iter().map(|p| of(p).mean).collect();
        off = off.points(name, &widths, &means);
    }
    let first = results.points[0].off.mean;
    let guide: Vec<f64> = widths
        .iter()
        .map(|m| first * (m / widths[0]).powf(-0.75))
        .collect();
    off = off.line("slope −3/4", &widths, &guide).color(6).dashed();
    Ok(Figure::new("A wide network follows its linearisation")
        .panel(loss)
        .panel(modes)
        .panel(off)
        .caption(&format!("Left and middle: one network of {} hidden units; in the middle lines are the linearisation.", results.width)))
}
