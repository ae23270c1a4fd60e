//! Training a wide network beside its linearisation, mode by mode.

mod findings;

use ndarray::Array2;
use rayon::prelude::*;

use super::wide_network::{descend, extremes, log_steps, network};
use crate::data::Dataset;
use crate::data::synthetic::unit_sphere;
use crate::engine;
use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::frobenius;
use crate::fit::gradient_flow::{GradientFlow, Progress, gradient_flow};
use crate::linalg::spectral_norm;
use crate::model::{Activation, KernelForm, Loss, Mlp};
use crate::rng::stream;
use crate::stats::{Estimate, larger, root_mean_square};
use findings::findings;

/// About how many steps of a run are looked at.
const LOOKS: usize = 40;
/// The step size in units of 1/λ_max of the first kernel: inside the smoothness bound 1/β.
const STEP: f64 = 0.5;
/// The narrowest network compared has this part of the width; in between, powers of 4.
const NARROWEST: usize = 64;

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

/// What one step looked at has.
pub(crate) struct Look {
    pub step: usize,
    /// q_i·u of the network and of its linearisation, for each mode.
    pub modes: Array2<f64>,
    pub linear_modes: Array2<f64>,
    /// ‖u − û‖, and its bound from the measured change of the kernel.
    pub distance: f64,
    pub bound: f64,
    /// ½‖∇L‖² and λ_min(K) L, with the kernel of this step.
    pub half_slope2: f64,
    pub floor: f64,
    /// λ_min of the kernel of this step.
    pub lowest: f64,
    /// ‖K_s − K_r‖ to the step r looked at before.
    pub drift: f64,
}

/// One network's run.
pub(crate) struct Run {
    pub eta: f64,
    pub flow: GradientFlow,
    /// ‖u(0)‖.
    pub start: f64,
    /// The loss ½‖u‖² at every step.
    pub losses: Vec<f64>,
    pub looks: Vec<Look>,
    /// The largest ‖u − û‖/‖u(0)‖ on the training set.
    pub off: f64,
    /// The largest root mean square difference of the test outputs.
    pub test_off: f64,
}

/// One width, over draws.
pub(crate) struct WidthPoint {
    pub width: usize,
    pub off: Estimate,
    pub test_off: Estimate,
}

pub(crate) struct Results {
    pub width: usize,
    pub points: Vec<WidthPoint>,
    /// All runs of the widest network; the first is shown.
    pub runs: Vec<Run>,
}

impl Study for GradientFlowOfNetwork {
    const ABOUT: About = About {
        id: "gradient_flow",
        title: "Training a wide network beside its linearisation, mode by mode",
        what: "Trains two-layer ReLU networks by gradient descent on the squared loss. The residual in each eigenvector of \
               the first tangent kernel stands beside (1 − ηλ)^t; the loss beside the Polyak–Łojasiewicz bound; the \
               distance between network and linearisation beside a bound from the kernel's measured change, by width.",
        slide: "CMSC 828W: \"Analyze GD\", u(t) = e^(−Kt) u(0), and \"Theorem 4.1 (Uniform conditioning implies PL* \
                condition)\"; after Liu, Zhu & Belkin 2022, arXiv:2003.00307",
        columns: &[
            Column::new("step", "", "steps of gradient descent"),
            Column::new(
                "mode",
                "",
                "eigenvector of the first kernel, from 1, largest eigenvalue first",
            ),
            Column::new("eigenvalue", "", "its eigenvalue λ"),
            Column::new(
                "predicted",
                "",
                "residual of the linearisation along the mode, over the norm of the first residual",
            ),
            Column::new("measured", "", "the same of the network"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let widths = [64, 16, 4, 1].map(|part| self.width * NARROWEST / part / NARROWEST);
        let rng = &mut stream(seed, "inputs", 0);
        let labelled = |n: usize, rng: &mut crate::rng::Rng| -> Result<Dataset> {
            let x = unit_sphere(n, self.input_dim, rng)?;
            let y = x
                .slice(ndarray::s![.., ..1])
                .mapv(|v| if v < 0.0 { -1.0 } else { 1.0 });
            Dataset::new(x, y)
        };
        let (train, test) = (labelled(self.n, rng)?, labelled(self.test, rng)?);
        let _single = engine::single_thread();
        context
            .progress
            .start(widths.len() * self.draws, "networks");
        let mut points = Vec::new();
        let mut widest = Vec::new();
        for (place, width) in widths.into_iter().enumerate() {
            let first = (place * self.draws) as u64;
            let runs = (first..first + self.draws as u64).into_par_iter();
            let runs = runs.map(|index| {
                let rng = &mut stream(seed, "weights", index);
                let shape = (self.input_dim, width, 1);
                let net = network::<f64>(shape, 1, Activation::Relu, rng)?;
                let done = self.one_run(&net, &train, &test.x);
                context.progress.step();
                done
            });
            let runs = runs.collect::<Result<Vec<Run>>>()?;
            let squares = |of: fn(&Run) -> f64| -> Vec<f64> {
                runs.iter().map(|run| of(run).powi(2)).collect()
            };
            points.push(WidthPoint {
                width,
                off: root_mean_square(&squares(|run| run.off))?,
                test_off: root_mean_square(&squares(|run| run.test_off))?,
            });
            widest = runs;
        }
        findings(&Results {
            width: self.width,
            points,
            runs: widest,
        })
    }
}

impl GradientFlowOfNetwork {
    fn one_run(&self, net: &Mlp, train: &Dataset, test: &Array2<f64>) -> Result<Run> {
        let kernel = net.tangent_gram(&train.x, KernelForm::Trace)?;
        let cross = net.tangent_kernel(test, &train.x, KernelForm::Trace)?;
        let (start, start_test) = (net.forward(&train.x)?, net.forward(test)?);
        let flow = gradient_flow(&kernel, &train.y, &start)?;
        let eta = STEP / extremes(&kernel)?.0;
        let trained = descend(net, train, eta, self.steps, &log_steps(self.steps, LOOKS))?;
        let scale = train.y.len() as f64 / 2.0;
        let losses: Vec<f64> = trained
            .history
            .train_loss()
            .iter()
            .map(|l| scale * l)
            .collect();
        let mut run = Run {
            eta,
            start: frobenius(&(start - &train.y)),
            losses,
            looks: Vec::new(),
            off: 0.0,
            test_off: 0.0,
            flow,
        };
        let (mut bound, mut last_change, mut last_step) = (0.0, 0.0, 0);
        let mut before = kernel.clone();
        for (step, net) in &trained.snapshots {
            let at = Progress::Steps { count: *step, eta };
            let now = net.tangent_gram(&train.x, KernelForm::Trace)?;
            let change = spectral_norm(&(&now - &kernel))?;
            // ‖u − û‖ ≤ Σ η ‖K_s − K_0‖ ‖u_s‖; between looks the larger of both changes counts.
            let norms = run.losses[last_step..*step]
                .iter()
                .map(|l| (2.0 * l).sqrt());
            bound += eta * larger(change, last_change) * norms.sum::<f64>();
            (last_change, last_step) = (change, *step);
            let residual = net.forward(&train.x)? - &train.y;
            let linear = run.flow.residual(at)?;
            let slope = net.gradient(&train.x, &train.y, Loss::Mse)?.flat() * scale;
            let lowest = extremes(&now)?.1;
            let distance = frobenius(&(&residual - &linear));
            run.off = larger(run.off, distance / run.start);
            let predicted = run.flow.predict(&cross, &start_test, at)?;
            let test_off = frobenius(&(net.forward(test)? - predicted)) / (self.test as f64).sqrt();
            run.test_off = larger(run.test_off, test_off);
            run.looks.push(Look {
                step: *step,
                modes: run.flow.eigen.vectors.t().dot(&residual),
                linear_modes: run.flow.modes_at(at)?,
                distance,
                bound,
                half_slope2: slope.dot(&slope) / 2.0,
                floor: lowest * frobenius(&residual).powi(2) / 2.0,
                lowest,
                drift: spectral_norm(&(&now - &before))?,
            });
            before = now;
        }
        Ok(run)
    }
}
