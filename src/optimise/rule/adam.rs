//! Adam, AdamW and AMSGrad.

use super::check_kept;
use crate::engine::widest;
use crate::error::{Result, check_positive, check_scale};
use crate::real::Real;

/// Settings of Adam.
///
/// # Formula
/// With gradient g_t (plus λw, unless decoupled), t = 1, 2, …:
/// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
/// w ← w − η (m/(1−β₁^t)) / (√(v/(1−β₂^t)) + ε), and, if decoupled, first w ← (1 − ηλ)w.
/// AMSGrad has u ← max(u, v) in place of v in the last line, from u = 0, so that no large square is forgotten: but for
/// the correction 1−β₂^t, which its source leaves out like the other, rates only fall.
///
/// What it needs, and its rate: [`rule`](super).
///
/// # Reference
/// Kingma & Ba 2015, arXiv:1412.6980, algorithm 1. Decoupled: Loshchilov & Hutter 2019,
/// "Decoupled weight decay regularization", arXiv:1711.05101. AMSGrad: Reddi, Kale & Kumar 2018,
/// "On the convergence of Adam and beyond", ICLR.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// β₁, the memory of the gradient, in [0, 1).
    pub beta1: f64,
    /// β₂, the memory of its square, in [0, 1).
    pub beta2: f64,
    /// ε > 0.
    pub epsilon: f64,
    /// λ ≥ 0, on weights and biases alike.
    pub weight_decay: f64,
    /// Whether the decay acts on the weights (AdamW) or through the gradient (Adam with L2).
    pub decoupled: bool,
    /// Whether the largest v so far takes the place of v (AMSGrad).
    pub amsgrad: bool,
}

impl Default for Adam {
    /// β = (0.9, 0.999), ε = 10⁻⁸, no decay.
    fn default() -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            weight_decay: 0.0,
            decoupled: true,
            amsgrad: false,
        }
    }
}

/// The constants of step t, with the corrections folded in, in the network's type.
#[derive(Clone, Copy, Debug)]
pub(super) struct AdamStep<T> {
    beta1: T,
    beta2: T,
    /// λ in the gradient.
    coupled: T,
    /// 1 − ηλ on the weight.
    keep: T,
    /// η/(1−β₁^t).
    rate: T,
    /// 1/√(1−β₂^t).
    root: T,
    epsilon: T,
}

impl Adam {
    /// The constants of step `t` = 1, 2, … at learning rate `eta`.
    pub(super) fn at<T: Real>(&self, t: u64, eta: f64) -> AdamStep<T> {
        // β^t ≤ e^(−(1−β)t), and beyond e^(−40) nothing of it is left beside 1.
        let power = |beta: f64| match (1.0 - beta) * t as f64 > 40.0 {
            true => 1.0,
            false => 1.0 - beta.powf(t as f64),
        };
        let decoupled = self.weight_decay - self.coupled();
        AdamStep {
            beta1: T::of(self.beta1),
            beta2: T::of(self.beta2),
            coupled: T::of(self.coupled()),
            keep: T::of(1.0 - eta * decoupled),
            rate: T::of(eta / power(self.beta1)),
            root: T::of(1.0 / power(self.beta2).sqrt()),
            epsilon: T::of(self.epsilon),
        }
    }

    /// λ of the part that goes through the gradient.
    pub(super) fn coupled(&self) -> f64 {
        match self.decoupled {
            true => 0.0,
            false => self.weight_decay,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        check_kept("Adam's β₁", self.beta1)?;
        check_kept("Adam's β₂", self.beta2)?;
        check_positive("Adam's ε", self.epsilon)?;
        check_scale("the weight decay λ", self.weight_decay)
    }
}

impl<T: Real> AdamStep<T> {
    pub(super) fn adam(self, w: &mut [T], g: &mut [T], m: &mut [T], v: &mut [T]) {
        widest(|| {
            for (((w, g), m), v) in w.iter_mut().zip(g).zip(m).zip(v) {
                self.one(w, *g, m, v);
                *g = self.coupled * *w;
            }
        });
    }

    /// As [`adam`](Self::adam) with the gradient λw + `gradient`, in one pass.
    pub(super) fn along(self, w: &mut [T], lambda: T, gradient: &[T], m: &mut [T], v: &mut [T]) {
        widest(|| {
            for (((w, g), m), v) in w.iter_mut().zip(gradient).zip(m).zip(v) {
                self.one(w, lambda * *w + *g, m, v);
            }
        });
    }

    /// One parameter's step. Part of the loop that calls it, so that it is compiled for the same vectors.
    #[inline(always)]
    fn one(self, w: &mut T, g: T, m: &mut T, v: &mut T) {
        *m = self.beta1 * *m + (T::one() - self.beta1) * g;
        *v = self.beta2 * *v + (T::one() - self.beta2) * g * g;
        *w = self.keep * *w - self.rate * *m / (v.sqrt() * self.root + self.epsilon);
    }

    /// As [`adam`](Self::adam), with the largest v so far in `u`.
    pub(super) fn amsgrad(self, w: &mut [T], g: &mut [T], m: &mut [T], v: &mut [T], u: &mut [T]) {
        let (fresh1, fresh2) = (T::one() - self.beta1, T::one() - self.beta2);
        widest(|| {
            for ((((w, g), m), v), u) in w.iter_mut().zip(g).zip(m).zip(v).zip(u) {
                *m = self.beta1 * *m + fresh1 * *g;
                *v = self.beta2 * *v + fresh2 * *g * *g;
                // A NaN stays: a broken step must not look sound.
                if *v > *u || v.is_nan() {
                    *u = *v;
                }
                *w = self.keep * *w - self.rate * *m / (u.sqrt() * self.root + self.epsilon);
                *g = self.coupled * *w;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On L(w) = w²/2 from w = 1 with η = 0.1, β = (0.5, 0.75), by hand.
    /// t = 1: g = 1, m̂ = v̂ = 1, w = 1 − 0.1 = 0.9 (the first step has length η whatever g is).
    /// t = 2: g = 0.9, m = 0.25 + 0.45 = 0.7, v = 0.1875 + 0.2025 = 0.39;
    /// m̂ = 0.7/0.75, v̂ = 0.39/0.4375.
    #[test]
    fn two_steps_on_a_parabola_by_hand() {
        let adam = Adam {
            beta1: 0.5,
            beta2: 0.75,
            epsilon: 1e-12,
            ..Adam::default()
        };
        let second = 0.1 * (0.7 / 0.75) / (0.39_f64 / 0.4375).sqrt();
        // With λ = 0.2 decoupled, both weights shrink by 1 − ηλ = 0.98 first; the second gradient
        // is then 0.88.
        let first = 0.98 - 0.1;
        let (m, v) = (0.25 + 0.5 * first, 0.1875 + 0.25 * first * first);
        let decayed = 0.98 * first - 0.1 * (m / 0.75) / (v / 0.4375_f64).sqrt();
        for (decay, expected) in [(0.0, 0.9 - second), (0.2, decayed)] {
            let adam = Adam {
                weight_decay: decay,
                ..adam
            };
            let (mut w, mut m, mut v) = ([1.0_f64], [0.0], [0.0]);
            for t in 1..=2 {
                let mut g = w;
                adam.at(t, 0.1).adam(&mut w, &mut g, &mut m, &mut v);
                assert_eq!(g, [0.0]);
            }
            assert!((w[0] - expected).abs() < 1e-11, "{} {expected}", w[0]);
        }
    }

    /// Decay through the gradient is the gradient of L + λw²/2.
    #[test]
    fn coupled_decay_is_part_of_the_gradient() {
        let coupled = Adam {
            weight_decay: 0.3,
            decoupled: false,
            ..Adam::default()
        };
        let (mut a, mut b) = ([2.0_f64], [2.0_f64]);
        let (mut ma, mut va, mut mb, mut vb) = ([0.0], [0.0], [0.0], [0.0]);
        let mut ga = [0.3 * a[0]];
        for t in 1..=5 {
            ga[0] += a[0].sin();
            let mut gb = [b[0].sin() + 0.3 * b[0]];
            let (one, other) = (coupled.at(t, 0.1), Adam::default().at(t, 0.1));
            one.adam(&mut a, &mut ga, &mut ma, &mut va);
            other.adam(&mut b, &mut gb, &mut mb, &mut vb);
        }
        assert!((a[0] - b[0]).abs() < 1e-14);
    }

    /// Gradients 2, then 0: Adam's v falls, the largest so far does not. By hand with
    /// β = (0, ½), no decay: v = 2, 1; u = 2, 2; the corrections are ½ and ¾.
    #[test]
    fn amsgrad_remembers_the_largest_square() {
        let rule = Adam {
            beta1: 0.0,
            beta2: 0.5,
            epsilon: 1e-15,
            amsgrad: true,
            ..Adam::default()
        };
        let (mut w, mut m, mut v, mut u) = ([0.0_f64], [0.0], [0.0], [0.0]);
        for (t, gradient) in [(1, 2.0), (2, 0.0), (3, 1.0)] {
            rule.at(t, 0.1)
                .amsgrad(&mut w, &mut [gradient], &mut m, &mut v, &mut u);
        }
        // v = 2, 1, 1 and u = 2 throughout; the third step is 0.1·1/√(2/(7/8)).
        let expected = -0.1 - 0.1 / (2.0_f64 / 0.875).sqrt();
        assert_eq!((v[0], u[0]), (1.0, 2.0));
        assert!((w[0] - expected).abs() < 1e-14, "{} {expected}", w[0]);
        let broken = &mut [f64::NAN];
        rule.at(4, 0.1)
            .amsgrad(&mut w, broken, &mut m, &mut v, &mut u);
        assert!(u[0].is_nan() && w[0].is_nan());
    }

    #[test]
    fn numbers_out_of_range_are_errors() {
        let refused = |adam: Adam| adam.check().is_err();
        for bad in [-0.1, 1.0, f64::NAN] {
            assert!(refused(Adam {
                beta1: bad,
                ..Adam::default()
            }));
            assert!(refused(Adam {
                beta2: bad,
                ..Adam::default()
            }));
        }
        assert!(refused(Adam {
            epsilon: 0.0,
            ..Adam::default()
        }));
        assert!(refused(Adam {
            weight_decay: -1.0,
            ..Adam::default()
        }));
        assert!(!refused(Adam::default()));
    }
}
