//! What may be set, and the tilted double well.

use crate::error::Result;
use crate::experiment::settings;
use crate::optimise::Oracle;

settings! {
    /// Settings of `langevin`.
    pub struct LangevinDynamics {
        /// Steps α on the parabola ½x².
        parabola_steps: Vec<f64> = vec![0.05, 0.2, 0.5, 1.0, 1.5], in 0.01..=1.9, len 1..=8;
        /// The step α on the double well.
        step: f64 = 0.05, in 0.002..=0.1;
        /// The temperature τ on the parabola, and of the histogram.
        temperature: f64 = 0.25, in 0.02..=0.5;
        /// Temperatures τ at which wells are compared.
        temperatures: Vec<f64> = vec![0.04, 0.06, 0.1, 0.16, 0.25, 0.4], in 0.02..=0.5, len 1..=8;
        /// c in f = (x² − 1)²/4 + c x: the left well is the better one.
        tilt: f64 = 0.1, in 0.0..=0.3;
        /// Time K·α a chain runs on the double well.
        time: f64 = 40.0, in 2.0..=1000.0;
        /// Independent chains.
        chains: usize = 10_000, quick 2500, in 500..=1_000_000;
    }
}

impl LangevinDynamics {
    /// The double well.
    pub(super) fn well(&self) -> Well {
        Well { tilt: self.tilt }
    }

    /// K.
    pub(super) fn steps(&self) -> usize {
        // At least two: shares of the law want one more than the first.
        ((self.time / self.step).round() as usize).max(2)
    }
}

/// f = (x² − 1)²/4 + c x.
#[derive(Clone, Copy, Debug)]
pub(super) struct Well {
    tilt: f64,
}

impl Well {
    pub(super) fn value(self, x: f64) -> f64 {
        0.25 * (x * x - 1.0).powi(2) + self.tilt * x
    }

    pub(super) fn slope(self, x: f64) -> f64 {
        x * x * x - x + self.tilt
    }

    /// u, the first-order part of the chain's stationary density at temperature τ.
    pub(super) fn first_order(self, x: f64, temperature: f64) -> f64 {
        self.slope(x).powi(2) / (4.0 * temperature) - 0.5 * (3.0 * x * x - 1.0)
    }

    /// The critical points, increasing: the better minimum, the barrier, the other minimum. By bisection: f' is monotone
    /// between its own turning points ±1/√3.
    pub(super) fn critical_points(self) -> [f64; 3] {
        let turn = 1.0 / 3.0_f64.sqrt();
        [(-2.0, -turn), (turn, -turn), (turn, 2.0)].map(|(mut low, mut high): (f64, f64)| {
            // f' < 0 at low, > 0 at high.
            for _ in 0..200 {
                let middle = f64::midpoint(low, high);
                match self.slope(middle) < 0.0 {
                    true => low = middle,
                    false => high = middle,
                }
            }
            f64::midpoint(low, high)
        })
    }

    /// Ends of a line that all but e^(−60) of the Gibbs density lies between.
    pub(super) fn line(self, temperature: f64) -> (f64, f64) {
        let end = (1.0 + (4.0 * (60.0 * temperature + 1.5 * self.tilt)).sqrt()).sqrt() + 0.4;
        (-end, end)
    }
}

impl Oracle for Well {
    fn dimension(&self) -> usize {
        1
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        gradient[0] = self.slope(x[0]);
        Ok(Well::value(*self, x[0]))
    }
}
