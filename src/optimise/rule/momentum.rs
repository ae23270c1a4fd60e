//! Gradient descent with momentum.

use super::check_kept;
use crate::engine::widest;
use crate::error::{Result, check_scale};
use crate::real::Real;

/// Settings of SGD with momentum.
///
/// # Formula
/// v ← βv + g + λw, then w ← w − ηv (heavy ball), or w ← w − η(g + λw + βv) with Nesterov's
/// look-ahead. β = 0 is plain gradient descent. η multiplies v as it is used, so that a change of
/// rate acts at once.
///
/// What it needs, and its rate: [`rule`](super).
///
/// # Reference
/// Polyak 1964, doi:10.1016/0041-5553(64)90137-5; Nesterov's form as in Sutskever, Martens, Dahl &
/// Hinton 2013, "On the importance of initialization and momentum in deep learning".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum {
    /// β, the part of the velocity that is kept, in \[0, 1).
    pub beta: f64,
    /// Whether the gradient counts once more, ahead of the velocity.
    pub nesterov: bool,
    /// λ ≥ 0: the objective is loss + (λ/2)‖θ‖², over weights and biases alike.
    pub weight_decay: f64,
}

impl Default for Momentum {
    /// β = 0.9, heavy ball, no decay.
    fn default() -> Self {
        Self {
            beta: 0.9,
            nesterov: false,
            weight_decay: 0.0,
        }
    }
}

impl Momentum {
    pub(super) fn check(&self) -> Result<()> {
        check_kept("the momentum β", self.beta)?;
        check_scale("the weight decay λ", self.weight_decay)
    }

    pub(super) fn at<T: Real>(&self, eta: f64) -> MomentumStep<T> {
        MomentumStep {
            beta: T::of(self.beta),
            decay: T::of(self.weight_decay),
            eta: T::of(eta),
        }
    }
}

/// β, λ and η in the parameters' type.
#[derive(Clone, Copy, Debug)]
pub(super) struct MomentumStep<T> {
    beta: T,
    decay: T,
    eta: T,
}

impl<T: Real> MomentumStep<T> {
    /// The velocity is in `g`.
    pub(super) fn heavy_ball(self, w: &mut [T], g: &mut [T]) {
        widest(|| {
            for (w, g) in w.iter_mut().zip(g) {
                *w -= self.eta * *g;
                *g = self.beta * *g + self.decay * *w;
            }
        });
    }

    pub(super) fn nesterov(self, w: &mut [T], g: &mut [T], v: &mut [T]) {
        widest(|| {
            for ((w, g), v) in w.iter_mut().zip(g).zip(v) {
                *v = self.beta * *v + *g;
                *w -= self.eta * (*g + self.beta * *v);
                *g = self.decay * *w;
            }
        });
    }
}
