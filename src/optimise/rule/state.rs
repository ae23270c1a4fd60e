//! What a rule remembers of a flat vector of parameters.

use super::Optimiser;
use crate::engine::widest;
use crate::real::Real;

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
        widest(|| {
            for ((sum, g), w) in self.sum.iter_mut().zip(gradient).zip(&*w) {
                *sum += self.decay * *w + *g;
            }
        });
        let memory = self.memory.each_mut().map(Vec::as_mut_slice);
        self.rule.at(self.t, eta).apply(w, &mut self.sum, memory);
    }

    /// The steps taken.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.t
    }
}
