//! AdaGrad and RMSProp: rates by the squares of the gradients so far.

use super::check_kept;
use crate::engine::widest;
use crate::error::{Result, check_positive};
use crate::real::Real;

/// Settings of AdaGrad with a rate for each parameter.
///
/// # Formula
/// v ← v + g², w ← w − η g/(√v + ε), from v = 0.
///
/// What it needs, and its rate: [`rule`](super).
///
/// # Reference
/// Duchi, Hazan & Singer 2011, "Adaptive subgradient methods for online learning and stochastic
/// optimization", Journal of Machine Learning Research 12, 2121–2159.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdaGrad {
    /// ε > 0.
    pub epsilon: f64,
}

impl Default for AdaGrad {
    /// ε = 10⁻⁸.
    fn default() -> Self {
        Self { epsilon: 1e-8 }
    }
}

/// Settings of RMSProp.
///
/// # Formula
/// v ← ρv + (1 − ρ)g², w ← w − η g/(√v + ε), from v = 0.
///
/// What it needs, and its rate: [`rule`](super).
///
/// # Reference
/// Tieleman & Hinton 2012, "Lecture 6.5: rmsprop", of the course "Neural networks for machine
/// learning".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// ρ, the part of v that is kept, in \[0, 1).
    pub decay: f64,
    /// ε > 0.
    pub epsilon: f64,
}

impl Default for RmsProp {
    /// ρ = 0.99, ε = 10⁻⁸.
    fn default() -> Self {
        Self {
            decay: 0.99,
            epsilon: 1e-8,
        }
    }
}

impl AdaGrad {
    pub(super) fn at<T: Real>(&self, eta: f64) -> AccumulatedStep<T> {
        AccumulatedStep {
            keep: T::one(),
            fresh: T::one(),
            eta: T::of(eta),
            epsilon: T::of(self.epsilon),
        }
    }
}

impl RmsProp {
    pub(super) fn check(&self) -> Result<()> {
        check_kept("RMSProp's ρ", self.decay)?;
        check_positive("RMSProp's ε", self.epsilon)
    }

    pub(super) fn at<T: Real>(&self, eta: f64) -> AccumulatedStep<T> {
        AccumulatedStep {
            keep: T::of(self.decay),
            fresh: T::of(1.0 - self.decay),
            eta: T::of(eta),
            epsilon: T::of(self.epsilon),
        }
    }
}

/// v ← keep·v + fresh·g² and what follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct AccumulatedStep<T> {
    keep: T,
    fresh: T,
    eta: T,
    epsilon: T,
}

impl<T: Real> AccumulatedStep<T> {
    pub(super) fn apply(self, w: &mut [T], g: &mut [T], v: &mut [T]) {
        widest(|| {
            for ((w, g), v) in w.iter_mut().zip(g).zip(v) {
                *v = self.keep * *v + self.fresh * *g * *g;
                *w -= self.eta * *g / (v.sqrt() + self.epsilon);
                *g = T::zero();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On L(w) = w²/2 from w = 1 with η = 0.1, by hand. AdaGrad: v = 1, w = 0.9; v = 1.81,
    /// w = 0.9 − 0.09/√1.81. RMSProp with ρ = ¾: v = ¼, w = 1 − 0.1/½ = 0.8;
    /// v = 3/16 + 0.16 = 0.3475, w = 0.8 − 0.08/√0.3475.
    #[test]
    fn two_steps_on_a_parabola_by_hand() {
        let rms = RmsProp {
            decay: 0.75,
            epsilon: 1e-15,
        };
        let ada = AdaGrad { epsilon: 1e-15 };
        for (step, expected) in [
            (ada.at(0.1), [0.9, 0.9 - 0.09 / 1.81_f64.sqrt()]),
            (rms.at(0.1), [0.8, 0.8 - 0.08 / 0.3475_f64.sqrt()]),
        ] {
            let (mut w, mut v) = ([1.0_f64], [0.0]);
            for expected in expected {
                let mut g = w;
                step.apply(&mut w, &mut g, &mut v);
                assert!((w[0] - expected).abs() < 1e-14, "{} {expected}", w[0]);
            }
        }
    }
}
