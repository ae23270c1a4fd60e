//! One network's training beside its linearisation.

use ndarray::Array2;

use super::super::wide_network::{extremes, log_steps, train_wide};
use crate::data::Dataset;
use crate::error::Result;
use crate::fit::frobenius;
use crate::fit::gradient_flow::{Elapsed, GradientFlow, gradient_flow};
use crate::linalg::spectral_norm;
use crate::model::{KernelForm, Loss, Mlp};
use crate::stats::{larger, largest, least};

/// About how many steps of a run are looked at.
const LOOKS: usize = 40;

/// The step size in units of 1/λ_max of the first kernel: inside the smoothness bound 1/β.
const STEP: f64 = 0.5;

/// Rounding of losses and squared gradients, each a sum of some 10⁵ terms.
pub(super) const ROUNDING: f64 = 1e-9;

/// What one step looked at has.
pub(super) struct Look {
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
pub(super) struct Run {
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

impl Run {
    /// Trains for `steps` steps and measures on the way.
    pub(super) fn of(net: &Mlp, train: &Dataset, test: &Array2<f64>, steps: usize) -> Result<Self> {
        let kernel = net.tangent_gram(&train.x, KernelForm::Trace)?;
        let cross = net.tangent_kernel(test, &train.x, KernelForm::Trace)?;
        let (start, start_test) = (net.forward(&train.x)?, net.forward(test)?);
        let flow = gradient_flow(&kernel, &train.y, &start)?;
        let eta = STEP / extremes(&kernel)?.0;
        let trained = train_wide(net, train, eta, steps, &log_steps(steps, LOOKS))?;
        let scale = train.y.len() as f64 / 2.0;
        let losses = trained.history.train_loss();
        let mut run = Self {
            eta,
            start: frobenius(&(start - &train.y)),
            losses: losses.iter().map(|l| scale * l).collect(),
            looks: Vec::new(),
            off: 0.0,
            test_off: 0.0,
            flow,
        };
        let (mut bound, mut last_change, mut last_step) = (0.0, 0.0, 0);
        let mut before = kernel.clone();
        for (step, net) in &trained.snapshots {
            let at = Elapsed::Steps { count: *step, eta };
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
            let test_off =
                frobenius(&(net.forward(test)? - predicted)) / (test.nrows() as f64).sqrt();
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

    /// μ, the least λ_min(K) met.
    pub(super) fn mu(&self) -> f64 {
        let lowest = self.looks.iter().map(|look| look.lowest);
        least(lowest)
    }

    /// The largest ln(L_{t+1}/L_t).
    pub(super) fn worst_log_step(&self) -> f64 {
        // Outputs are exact to some 100 ε, so a residual smaller than 100 ε/ROUNDING of the first has a ratio that is
        // not exact to ROUNDING.
        let told = (100.0 * f64::EPSILON / ROUNDING).powi(2) * self.losses[0];
        let lost = |loss: f64| loss <= told;
        let steps = self.losses.windows(2).filter(|pair| !lost(pair[1]));
        let ratios = steps.map(|pair| pair[1] / pair[0]);
        largest(ratios).ln()
    }
}
