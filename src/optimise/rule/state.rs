//! What a rule remembers of a flat vector of parameters.

use super::Optimiser;
use crate::real::Real;

/// Steps between two sweeps.
const SWEEP: u64 = 64;

/// The root of the smallest normal `f32` is 10⁻¹⁹, which no sum with this notices.
const LEAST_EPSILON: f64 = 1e-11;

/// A rule at work on p parameters: the buffer for the gradient, the memories, the steps taken.
///
/// ```
/// use dltheory::optimise::{Optimiser, State};
/// // Heavy ball with β = 0.5 on L(w) = w²/2 at η = 0.1.
/// let mut w = [1.0_f64];
/// let mut state = State::new(Optimiser::momentum(0.5), &w);
/// for expected in [0.9, 0.76, 0.614] {
///     let gradient = w;
///     state.step(&mut w, &gradient, 0.1);
///     assert!((w[0] - expected).abs() < 1e-15);
/// }
/// ```
#[derive(Clone, Debug)]
pub struct State<T> {
    /// Without its coupled decay, which is added at every step: between two steps others may move the parameters.
    rule: Optimiser,
    decay: T,
    /// What the next gradient is to be added to: βv of the heavy ball.
    sum: Vec<T>,
    memory: [Vec<T>; 3],
    t: u64,
}

impl<T: Real> State<T> {
    /// Before the first step from `w`, `(p,)`. The rule's constants are taken as they are:
    /// [`Optimiser::check`] looks at them.
    #[must_use]
    pub fn new(rule: Optimiser, w: &[T]) -> Self {
        let zeros = |index: usize| match index < rule.memories() {
            true => vec![T::zero(); w.len()],
            false => Vec::new(),
        };
        Self {
            rule: rule.without_coupled_decay(),
            decay: T::of(rule.coupled_decay()),
            sum: vec![T::zero(); w.len()],
            memory: [zeros(0), zeros(1), zeros(2)],
            t: 0,
        }
    }

    /// Moves `w` by one step along `gradient` at learning rate `eta`.
    ///
    /// # Panics
    /// One of the two has another length than the vector this state was made for.
    pub fn step(&mut self, w: &mut [T], gradient: &[T], eta: f64) {
        let lengths = [w.len(), gradient.len()];
        assert_eq!(lengths, [self.sum.len(); 2], "parameters and gradient");
        self.t += 1;
        let memory = self.memory.each_mut().map(Vec::as_mut_slice);
        let step = self.rule.at(self.t, eta);
        step.along(w, self.decay, gradient, &mut self.sum, memory);
        if self.t.is_multiple_of(SWEEP) {
            self.sweep();
        }
    }

    /// Forgets what is lost beside Adam's ε: where gradients have ended, its means fade into numbers below the smallest normal one, with which a
    /// processor computes many times slower.
    fn sweep(&mut self) {
        let Optimiser::Adam(adam) = self.rule else {
            return;
        };
        if adam.epsilon < LEAST_EPSILON {
            return;
        }
        for mean in self.memory.iter_mut().flatten() {
            if mean.abs() < T::min_positive_value() {
                *mean = T::zero();
            }
        }
    }

    /// The steps taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.t
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::Adam;

    /// A gradient that ends after ten steps: the means fade to nothing, NaN stays, and where ε could notice nothing is forgotten.
    #[test]
    fn what_is_lost_beside_epsilon_is_forgotten() {
        let after = |epsilon: f64, gradient: f32| {
            let rule = Optimiser::Adam(Adam {
                epsilon,
                ..Adam::default()
            });
            let (mut w, mut state) = ([1.0_f32], State::new(rule, &[1.0]));
            for t in 0..1_280 {
                state.step(&mut w, &[if t < 10 { gradient } else { 0.0 }], 0.001);
            }
            state.memory[0][0]
        };
        assert_eq!(after(1e-8, 1.0), 0.0);
        assert!(after(1e-12, 1.0) > 0.0);
        assert!(after(1e-8, f32::NAN).is_nan());
    }
}
