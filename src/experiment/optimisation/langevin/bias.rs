//! What the size of the step does to the stationary density, by quadrature.

use super::chains::gibbs;
use super::settings::LangevinDynamics;
use crate::error::Result;
use crate::measure::ChainLaw;

/// How much smaller than the run's step the others are.
const PARTS: [f64; 3] = [1.0, 0.5, 0.25];

/// The most steps times standard deviations of a step on the line: some seconds.
const MOST: f64 = 3e7;

/// The bias of E f at one step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bias {
    pub(super) step: f64,
    /// E f under the chain's stationary density, less that of the Gibbs density.
    pub(super) bias: f64,
}

/// The biases, and what theory says of them.
pub(super) struct Biases {
    pub(super) at: Vec<Bias>,
    /// Cov_π(f, u), u the density's first-order part: bias/α for small steps.
    pub(super) slope: f64,
    /// E f of the Gibbs density.
    pub(super) gibbs: f64,
    /// The same at half the temperature: for noise √α in place of √(2α).
    pub(super) half: f64,
}

impl LangevinDynamics {
    /// From laws after a time in which the wells mix: 25 of Kramers' times 2π/√(f''(worse)·|f''(barrier)|)·e^{ΔF/τ}, ΔF the height of the barrier
    /// above the worse minimum, and of the time inside a well; none where that takes too long to compute.
    pub(super) fn biases(&self) -> Result<Option<Biases>> {
        let (well, tau) = (self.well(), self.temperature);
        let [_, barrier, worse] = well.critical_points();
        // f = (x² − 1)²/4 and a tilt: f'' = 3x² − 1.
        let bend = |x: f64| (3.0 * x * x - 1.0).abs();
        let passage = std::f64::consts::TAU / (bend(worse) * bend(barrier)).sqrt();
        let time = 25.0 * (passage + 5.0) * ((well.value(barrier) - well.value(worse)) / tau).exp();
        let smallest = self.step * PARTS[2];
        let (low, high) = well.line(tau);
        let points = (high - low) / (2.0 * smallest * tau).sqrt();
        if time / smallest * points > MOST {
            return Ok(None);
        }
        let height = |x: f64| well.value(x);
        let exact = gibbs(well, tau)?;
        let of_gibbs = exact.mean_of(height);
        let mean = exact.mean_of(|x| well.first_order(x, tau));
        let slope = exact.mean_of(|x| (height(x) - of_gibbs) * (well.first_order(x, tau) - mean));
        let mut at = Vec::new();
        for part in PARTS {
            let step = part * self.step;
            let steps = (time / step).ceil() as usize;
            let law = ChainLaw::after(steps, worse, |x| well.slope(x), step, tau, well.line(tau))?;
            at.push(Bias {
                step,
                bias: law.density().mean_of(height) - of_gibbs,
            });
        }
        let half = gibbs(well, 0.5 * tau)?.mean_of(height);
        Ok(Some(Biases {
            at,
            slope,
            gibbs: of_gibbs,
            half,
        }))
    }
}
