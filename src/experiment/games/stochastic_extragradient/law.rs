//! The exact law of each method on a quadratic game.
//!
//! V(z) = bx + ay, by − ax is multiplication of x + iy by c = b − ia, and the noise ζ is a complex normal number with E|ζ|² = 2σ². What a method
//! does is linear: z is complex normal, with a mean that is multiplied step by step, and with E|z − mean|², the spread, in three numbers:
//! E|z|², E|e|², E z·conj(e), where e is what bias correction has left of the noise. Hence 2|z − mean|²/spread is χ² with two degrees of freedom.

use super::runs::SCALE;
use super::settings::StochasticExtragradient;
use crate::game::linear::Complex;

/// The mean and the spread after a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Law {
    pub(super) mean: Complex,
    pub(super) spread: f64,
}

impl Law {
    /// E|z|².
    pub(super) fn square(self) -> f64 {
        self.spread + self.mean.abs().powi(2)
    }
}

impl StochasticExtragradient {
    /// The law of `method` at each of the steps `marks`, from x + iy = `start`, where V is multiplication by `c`.
    pub(super) fn law(
        &self,
        method: &str,
        c: Complex,
        start: Complex,
        marks: &[usize],
    ) -> Vec<Law> {
        let gamma = self.gamma;
        let noise = 2.0 * self.noise * self.noise;
        let mut now = Law {
            mean: start,
            spread: 0.0,
        };
        let (mut left, mut both) = (0.0, Complex::default());
        let mut laws = Vec::with_capacity(marks.len());
        for k in 0..=self.steps {
            if marks.get(laws.len()) == Some(&k) {
                laws.push(now);
            }
            let time = 1.0 + k as f64 / SCALE;
            let fallen = self.alpha / time;
            let [explore, update] = match method {
                "eg_plus" => [1.0, self.alpha],
                "seg_printed" => [1.0 / time, fallen],
                "seg_admissible" => [time.powf(-1.0 / 3.0), self.alpha * time.powf(-2.0 / 3.0)],
                _ => [1.0, fallen],
            }
            .map(|share| gamma * share);
            // z ← fz − gc·h's noise − gζ̄.
            let f = Complex::ONE - update * (c - explore * (c * c));
            let g = update * c;
            if method == "bc_seg_plus" {
                let keep = if k == 0 { 0.0 } else { 1.0 - fallen };
                let fresh = if k == 0 { gamma } else { fallen * gamma };
                left = keep * keep * left + fresh * fresh * noise;
                let met = keep * both;
                let cross = (f * g.conjugate() * met).re;
                now.spread = f.abs().powi(2) * now.spread + g.abs().powi(2) * left - 2.0 * cross
                    + update * update * noise;
                both = f * met - left * g;
            } else {
                now.spread = f.abs().powi(2) * now.spread
                    + (g.abs().powi(2) * explore * explore + update * update) * noise;
            }
            now.mean = f * now.mean;
        }
        laws
    }
}
