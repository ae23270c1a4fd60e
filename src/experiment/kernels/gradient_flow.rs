//! Training a wide network beside its linearisation, mode by mode.

mod run;

use ndarray::s;

use super::wide_network::{guide, network};
use crate::data::Dataset;
use crate::data::synthetic::unit_sphere;
use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Findings, Study, row, settings};
use crate::fit::gradient_flow::Elapsed;
use crate::model::Activation;
use crate::plot::{Figure, Panel};
use crate::rng::{Rng, stream};
use crate::stats::{Estimate, PowerLaw, largest, root_mean_square};
use run::{Look, ROUNDING, Run};

/// The networks compared have these parts of the width.
const PARTS: [usize; 4] = [64, 16, 4, 1];

/// The chance that an exponent is farther from its limit than half-way to its neighbours and what chance allows.
const LEVEL: f64 = 0.001;

settings! {
    /// Settings of `gradient_flow`.
    pub struct GradientFlowOfNetwork {
        /// Training inputs, uniform on the unit sphere; the label is the sign of the first coordinate.
        n: usize = 20, in 2..=200;
        /// Hidden units m of the network shown; m/4, m/16 and m/64 are compared.
        width: usize = 4096, quick 1024, in 256..=65_536;
        /// Dimension d of the inputs.
        input_dim: usize = 10, in 2..=1000;
        /// Steps of gradient descent, each of size η = 1/(2 λ_max).
        steps: usize = 400, quick 200, in 10..=100_000;
        /// Draws of the weights a width.
        draws: usize = 12, quick 6, in 2..=1000;
        /// Test inputs.
        test: usize = 50, in 1..=10_000;
    }
}

row! {
    /// One mode of the network shown at one step.
    struct Point {
        /// steps of gradient descent
        step: usize;
        /// eigenvector of the first kernel, from 1, largest eigenvalue first
        mode: usize;
        /// its eigenvalue λ
        eigenvalue: f64;
        /// residual of the linearisation along the mode, over the norm of the first residual
        predicted: f64;
        /// the same of the network
        measured: f64;
    }
}

/// How far networks of one width go from their linearisations, over draws.
struct Width {
    m: usize,
    off: Estimate,
    test_off: Estimate,
}

/// How far a network goes from its linearisation, on the training and on the test set, and its run if that is kept.
type End = (f64, f64, Option<Run>);

impl Study for GradientFlowOfNetwork {
    const ABOUT: About = About {
        id: "gradient_flow",
        title: "Training a wide network beside its linearisation, mode by mode",
        what: "Trains two-layer ReLU networks by gradient descent on the squared loss. The residual in each eigenvector of \
               the first tangent kernel stands beside (1 − ηλ)^t; the loss beside the Polyak–Łojasiewicz bound; the \
               distance between network and linearisation beside a bound from the kernel's measured change, by width.",
        slide: "CMSC 828W: \"Analyze GD\", u(t) = e^(−Kt) u(0), and \"Theorem 4.1 (Uniform conditioning implies PL* \
                condition)\"; after Liu, Zhu & Belkin 2022, arXiv:2003.00307",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let widths = PARTS.map(|part| self.width / part);
        let rng = &mut stream(seed, "inputs", 0);
        let labelled = |n: usize, rng: &mut Rng| -> Result<Dataset> {
            let x = unit_sphere(n, self.input_dim, rng)?;
            let y = x
                .slice(s![.., ..1])
                .mapv(|v| if v < 0.0 { -1.0 } else { 1.0 });
            Dataset::new(x, y)
        };
        let (train, test) = (labelled(self.n, rng)?, labelled(self.test, rng)?);
        // Of the widest networks the whole runs are kept, of the others how far they go.
        let places: Vec<(usize, bool)> = widths
            .into_iter()
            .zip(PARTS)
            .map(|(m, part)| (m, part == 1))
            .collect();
        let ends = context.sweep(
            "networks",
            &places,
            self.draws,
            seed,
            |&(m, widest), draw| {
                let shape = (self.input_dim, m, 1);
                let net = network::<f64>(shape, 1, Activation::Relu, &mut draw.rng("weights"))?;
                let run = Run::of(&net, &train, &test.x, self.steps)?;
                Ok((run.off, run.test_off, widest.then_some(run)))
            },
        )?;
        let distances = widths.into_iter().zip(&ends).map(|(m, ends)| {
            let off = |of: fn(&End) -> f64| {
                root_mean_square(&ends.iter().map(|end| of(end).powi(2)).collect::<Vec<f64>>())
            };
            Ok(Width {
                m,
                off: off(|end| end.0)?,
                test_off: off(|end| end.1)?,
            })
        });
        let distances = distances.collect::<Result<Vec<Width>>>()?;
        let runs: Vec<Run> = ends.into_iter().flatten().filter_map(|end| end.2).collect();
        findings(&distances, &runs)
    }
}

impl Run {
    fn points(&self) -> Vec<Point> {
        let mode = |look: &Look, (mode, &eigenvalue): (usize, &f64)| Point {
            step: look.step,
            mode: mode + 1,
            eigenvalue,
            predicted: look.linear_modes[[mode, 0]] / self.start,
            measured: look.modes[[mode, 0]] / self.start,
        };
        let modes = || self.flow.eigen.values.iter().enumerate();
        let looks = self.looks.iter();
        looks
            .flat_map(|look| modes().map(|at| mode(look, at)))
            .collect()
    }
}

/// The numbers and claims, of the `runs` of the widest network; the first is shown.
fn findings(widths: &[Width], runs: &[Run]) -> Result<Findings> {
    let run = &runs[0];
    let points = run.points();
    let values = &run.flow.eigen.values;
    let law = |of: fn(&Width) -> Estimate| PowerLaw::of(widths, |w| w.m as f64, of);
    let (off, test_off) = (law(|w| w.off)?, law(|w| w.test_off)?);
    let most = |of: &dyn Fn(&Run) -> f64| largest(runs.iter().map(of));
    let look = |of: fn(&Look) -> f64| largest(runs.iter().flat_map(|run| &run.looks).map(of));
    let slope = |text, law: PowerLaw| {
        let claim = Claim::mean_equals(text, -0.75, law.slope(), 0.25, LEVEL)?;
        Ok::<_, Error>(claim.against(0.0, "a distance that stays"))
    };
    Ok(Findings::of(&points)
        .measure("largest_eigenvalue", values[0])
        .measure("smallest_eigenvalue", values[values.len() - 1])
        .measure("step_size", run.eta)
        .measure(
            "last_loss_over_first",
            run.losses[run.losses.len() - 1] / run.losses[0],
        )
        .measure("distance", run.off)
        .claim(Claim::at_most(
            "the network stays as near to its linearisation as the kernel's measured change \
             demands: largest ‖u − û‖/bound over steps and draws, bound Σ η ‖K_s − K_0‖ ‖u_s‖",
            1.0,
            look(|look| {
                if look.step == 0 {
                    0.0
                } else {
                    look.distance / look.bound
                }
            }),
            0.0,
        ))
        .bound()
        .claim(Claim::at_most(
            "the Polyak–Łojasiewicz inequality ½‖∇L‖² ≥ λ_min(K) L, with the kernel of each \
             step: largest λ_min(K) L/(½‖∇L‖²)",
            1.0,
            look(|look| look.floor / look.half_slope2),
            ROUNDING,
        ).headline())
        .bound()
        .claim(Claim::at_most(
            "the loss is multiplied by 1 − ημ or less in every step, μ the least λ_min(K) met: \
             largest (L_{t+1}/L_t)/(1 − ημ)",
            1.0,
            most(&|run| run.worst_log_step().exp() / (1.0 - run.eta * run.mu())),
            ROUNDING,
        ))
        .bound()
        .claim(Claim::at_most(
            "the proof wastes a factor: for the squared loss every step gives (1 − ημ)² or less; \
             largest ln(L_{t+1}/L_t) − 2 ln(1 − ημ), within 2η‖K_s − K_r‖ of neighbouring looks",
            most(&|run| 2.0 * run.eta * largest(run.looks.iter().map(|look| look.drift))),
            most(&|run| run.worst_log_step() - 2.0 * (1.0 - run.eta * run.mu()).ln()),
            0.0,
        ).headline())
        .claim(slope(
            "the distance to the linearisation falls with the width as the kernel's change does, \
             m^(−3/4) for ReLU (trend): slope of ln max‖u − û‖, between −1/2 and −1",
            off,
        )?)
        .measured_as("distance_slope")
        .headline()
        .claim(slope(
            "the distance to the linearisation on test inputs falls with the width as well (trend): slope, between \
             −1/2 and −1",
            test_off,
        )?)
        .measured_as("test_distance_slope")
        .figure(figure(widths, run, &points)?))
}

fn figure(widths: &[Width], run: &Run, points: &[Point]) -> Result<Figure> {
    let m: Vec<usize> = widths.iter().map(|w| w.m).collect();
    let off = Panel::new("hidden units m", "largest distance")
        .title("network to linearisation")
        .log_x()
        .log_y()
        .points_of(
            "training, ‖u − û‖/‖u(0)‖",
            widths,
            |w| w.m as f64,
            |w| w.off.mean,
        )
        .points_of(
            "test outputs, r.m.s.",
            widths,
            |w| w.m as f64,
            |w| w.test_off.mean,
        );
    let off = guide(off, "slope −3/4", &m, -0.75, widths[0].off.mean)
        .color(6)
        .dashed();
    Ok(Figure::new("A wide network follows its linearisation")
        .panel(loss(run)?)
        .panel(modes(run, points))
        .panel(off)
        .caption(&format!(
            "(a) and (b): one network of {} hidden units; in (b) lines are the \
             linearisation.",
            m[m.len() - 1]
        )))
}

fn loss(run: &Run) -> Result<Panel> {
    let linear = |count| {
        let eta = run.eta;
        Ok(run.flow.loss(Elapsed::Steps { count, eta })? / run.losses[0])
    };
    let linear = (0..run.losses.len())
        .map(linear)
        .collect::<Result<Vec<f64>>>()?;
    let rate = 1.0 - run.eta * run.mu();
    let steps = 0..run.losses.len();
    let t = |step: usize| step as f64;
    Ok(Panel::new("step", "loss, over the first")
        .title("training loss")
        .log_y()
        .line_of("network", steps.clone(), t, |step| {
            run.losses[step] / run.losses[0]
        })
        .line_of("linearised", steps.clone(), t, |step| linear[step])
        .dashed()
        .line_of("bound (1 − ημ)^t", steps, t, |step| rate.powf(t(step)))
        .dotted())
}

fn modes(run: &Run, points: &[Point]) -> Panel {
    let values = &run.flow.eigen.values;
    let n = values.len();
    let mut shown = vec![0, n / 3, 2 * n / 3, n - 1];
    shown.dedup();
    let panel = Panel::new("step + 1", "|q·u| / ‖u(0)‖")
        .title("mode by mode")
        .log_x()
        .log_y()
        .y_range(1e-5, 1.0);
    shown
        .into_iter()
        .enumerate()
        .fold(panel, |panel, (color, mode)| {
            let own = || points.iter().filter(|p| p.mode == mode + 1);
            let at = |p: &Point| p.step as f64 + 1.0;
            let name = format!("λ = {:.2}", values[mode]);
            panel
                .line_of("", own(), at, |p| p.predicted.abs())
                .color(color)
                .points_of(&name, own(), at, |p| p.measured.abs())
                .color(color)
                .size(4.0)
        })
}
