//! From gradients to steps: one update each, over flat slices of parameters.
//!
//! [`Optimiser`] names the rule and its constants. [`Optimiser::at`] folds them, the step's number
//! and the learning rate into a [`Step`], whose [`apply`](Step::apply) moves parameters. [`State`]
//! holds what a rule remembers of a flat vector of parameters.
//!
//! What each needs of f and how fast it then is. L bounds the Hessian, μ > 0 is its least eigenvalue where f is strongly convex,
//! D bounds the distance to a minimiser, x̄ is the mean of the iterates; with noise x̄, and ‖∇f‖² in the mean over the steps, expected.
//!
//! | | needs | rate | source |
//! |---|---|---|---|
//! | gradient descent | L, η ≤ 1/L | convex: f(x_k) − f* ≤ ‖x₀ − x*‖²/(2ηk); not convex: min ‖∇f‖² ≤ 2(f(x₀) − f*)/(ηk) | Beck & Teboulle 2009, doi:10.1137/080716542, theorem 3.1; Nesterov 2004, doi:10.1007/978-1-4419-8853-9 |
//! | SGD | bounded variance; η ~ 1/√k | convex, with D: f(x̄) − f* = O(1/√k); not convex, with L: ‖∇f‖² = O(1/√k) | Nemirovski, Juditsky, Lan & Shapiro 2009, doi:10.1137/070704277; Ghadimi & Lan 2013, "Stochastic first- and zeroth-order methods for nonconvex stochastic programming" |
//! | heavy ball | L; convex: η < 2(1 − β)/L | convex: f(x̄) − f* = O(1/k); strongly convex: linear | Ghadimi, Feyzmahdavian & Johansson 2015, arXiv:1412.7457 |
//! | Nesterov's momentum, constant | L, μ, η = 1/L, β = (1 − √(μ/L))/(1 + √(μ/L)) | strongly convex: O((1 − √(μ/L))^k); a momentum that grows is [`Accelerated`](super::Accelerated) | Nesterov 2004, as above |
//! | AdaGrad | bounded gradients; convex: D, η ~ D | convex: f(x̄) − f* = O(1/√k); not convex, with L: ‖∇f‖² = O(ln k/√k) | Duchi, Hazan & Singer 2011; Défossez, Bottou, Bach & Usunier 2022, arXiv:2003.02395 |
//! | RMSProp, Adam | L, bounded gradients, η ~ 1/√k, 1 − β₂ ~ 1/k for k steps | ‖∇f‖² = O(ln k/√k); none for a β₂ that stays: see [`AdamTrap`](super::problem::AdamTrap) | Défossez et al. 2022; Reddi, Kale & Kumar 2018, arXiv:1904.09237 |
//! | AdamW | as Adam | none claimed: its fixed points are those of Adam's steps and ηλw together, not of a loss | Loshchilov & Hutter 2019, arXiv:1711.05101 |
//! | AMSGrad | convex, D, bounded gradients, η_t ~ 1/√t, β₁ that falls | f(x̄) − f* = O(1/√k), as regret O(√k) | Reddi, Kale & Kumar 2018 |

mod accumulated;
mod adam;
mod momentum;
mod state;

pub use accumulated::{AdaGrad, RmsProp};
pub use adam::Adam;
pub use momentum::Momentum;
pub use state::State;

use crate::engine::widest;
use crate::error::{Error, Result, check_positive};
use crate::real::Real;
use accumulated::AccumulatedStep;
use adam::AdamStep;
use momentum::MomentumStep;

/// The rule that turns gradients into steps. Each variant says its formula and its source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimiser {
    /// Gradient descent, with or without momentum: heavy ball or Nesterov's.
    Sgd(Momentum),
    /// AdaGrad: each parameter's rate falls with the gradients it has seen.
    AdaGrad(AdaGrad),
    /// RMSProp: the same with a memory that fades.
    RmsProp(RmsProp),
    /// Adam, AdamW or AMSGrad.
    Adam(Adam),
}

impl Default for Optimiser {
    /// SGD with momentum 0.9.
    fn default() -> Self {
        Self::Sgd(Momentum::default())
    }
}

impl Optimiser {
    /// Plain gradient descent.
    #[must_use]
    pub fn sgd() -> Self {
        Self::momentum(0.0)
    }

    /// SGD with heavy-ball momentum `beta`.
    #[must_use]
    pub fn momentum(beta: f64) -> Self {
        Self::Sgd(Momentum {
            beta,
            ..Momentum::default()
        })
    }

    /// AdamW with this weight decay.
    #[must_use]
    pub fn adam_w(weight_decay: f64) -> Self {
        Self::Adam(Adam {
            weight_decay,
            ..Adam::default()
        })
    }

    /// Checks the constants.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Sgd(momentum) => momentum.check(),
            Self::AdaGrad(AdaGrad { epsilon }) => check_positive("AdaGrad's ε", *epsilon),
            Self::RmsProp(rule) => rule.check(),
            Self::Adam(adam) => adam.check(),
        }
    }

    /// λ of the weight decay that goes through the gradient: what a gradient is added to at the
    /// first step is λ·w.
    #[must_use]
    pub fn coupled_decay(&self) -> f64 {
        match self {
            Self::Sgd(momentum) => momentum.weight_decay,
            Self::AdaGrad(_) | Self::RmsProp(_) => 0.0,
            Self::Adam(adam) => adam.coupled(),
        }
    }

    /// The rule without that decay.
    pub(super) fn without_coupled_decay(self) -> Self {
        match self {
            Self::Sgd(momentum) => Self::Sgd(Momentum {
                weight_decay: 0.0,
                ..momentum
            }),
            Self::Adam(adam) => Self::Adam(Adam {
                weight_decay: adam.weight_decay - adam.coupled(),
                ..adam
            }),
            other => other,
        }
    }

    /// How many numbers a rule remembers of each parameter besides what [`Step::apply`] leaves in
    /// the gradient, at most 3.
    #[must_use]
    pub fn memories(&self) -> usize {
        match self {
            Self::Sgd(momentum) => usize::from(momentum.nesterov),
            Self::AdaGrad(_) | Self::RmsProp(_) => 1,
            Self::Adam(adam) => 2 + usize::from(adam.amsgrad),
        }
    }

    /// The constants of step `t` = 1, 2, … at learning rate `eta`, in the parameters' type.
    #[must_use]
    pub fn at<T: Real>(&self, t: u64, eta: f64) -> Step<T> {
        Step(match self {
            Self::Sgd(momentum) if momentum.nesterov => Kind::Nesterov(momentum.at(eta)),
            Self::Sgd(momentum) => Kind::HeavyBall(momentum.at(eta)),
            Self::AdaGrad(rule) => Kind::Accumulated(rule.at(eta)),
            Self::RmsProp(rule) => Kind::Accumulated(rule.at(eta)),
            Self::Adam(adam) if adam.amsgrad => Kind::AmsGrad(adam.at(t, eta)),
            Self::Adam(adam) => Kind::Adam(adam.at(t, eta)),
        })
    }
}

impl std::fmt::Display for Optimiser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sgd(momentum) if momentum.beta == 0.0 => "gradient descent",
            Self::Sgd(momentum) if momentum.nesterov => "Nesterov momentum",
            Self::Sgd(_) => "heavy ball",
            Self::AdaGrad(_) => "AdaGrad",
            Self::RmsProp(_) => "RMSProp",
            Self::Adam(adam) if adam.amsgrad => "AMSGrad",
            Self::Adam(adam) if adam.weight_decay > 0.0 && adam.decoupled => "AdamW",
            Self::Adam(_) => "Adam",
        })
    }
}

/// One step of a rule with its constants folded in; see [`Optimiser::at`].
#[derive(Clone, Copy, Debug)]
pub struct Step<T>(Kind<T>);

#[derive(Clone, Copy, Debug)]
enum Kind<T> {
    HeavyBall(MomentumStep<T>),
    Nesterov(MomentumStep<T>),
    Accumulated(AccumulatedStep<T>),
    Adam(AdamStep<T>),
    AmsGrad(AdamStep<T>),
}

impl<T: Real> Step<T> {
    /// Moves parameters `w` by the sum `g` of their gradient and of what the last step left there,
    /// and leaves in `g` what the next gradient is to be added to: βv + λw of the heavy ball, whose
    /// velocity needs no place of its own, and λw of the others. So a step reads and writes each
    /// number once.
    ///
    /// `memory` has [`Optimiser::memories`] slices that begin as zeros, and empty ones behind them.
    /// All others are as long as `w`. Each parameter is moved on its own: slices may be cut and
    /// worked on apart.
    pub fn apply(self, w: &mut [T], g: &mut [T], memory: [&mut [T]; 3]) {
        let [first, second, third] = memory;
        match self.0 {
            Kind::HeavyBall(step) => step.heavy_ball(w, g),
            Kind::Nesterov(step) => step.nesterov(w, g, first),
            Kind::Accumulated(step) => step.apply(w, g, first),
            Kind::Adam(step) => step.adam(w, g, first, second),
            Kind::AmsGrad(step) => step.amsgrad(w, g, first, second, third),
        }
    }
}

impl<T: Real> Step<T> {
    /// Takes the step along λw + `gradient`. `sum` has what [`apply`](Self::apply) wants to be left of it, and is not needed for Adam.
    pub(super) fn along(
        self,
        w: &mut [T],
        lambda: T,
        gradient: &[T],
        sum: &mut [T],
        memory: [&mut [T]; 3],
    ) {
        if let Kind::Adam(step) = self.0 {
            let [first, second, _] = memory;
            return step.along(w, lambda, gradient, first, second);
        }
        widest(|| {
            for ((sum, g), w) in sum.iter_mut().zip(gradient).zip(&*w) {
                *sum += lambda * *w + *g;
            }
        });
        self.apply(w, sum, memory);
    }
}

/// Checks how much of a memory is kept.
fn check_kept(what: &str, beta: f64) -> Result<()> {
    match (0.0..1.0).contains(&beta) {
        true => Ok(()),
        false => Err(Error::domain(what, "in [0, 1)", beta)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the rule, slices may be cut anywhere.
    #[test]
    fn each_parameter_is_moved_on_its_own() {
        let amsgrad = Adam {
            amsgrad: true,
            weight_decay: 0.2,
            ..Adam::default()
        };
        let nesterov = Momentum {
            nesterov: true,
            weight_decay: 0.1,
            ..Momentum::default()
        };
        for rule in [
            Optimiser::sgd(),
            Optimiser::momentum(0.9),
            Optimiser::Sgd(nesterov),
            Optimiser::AdaGrad(AdaGrad::default()),
            Optimiser::RmsProp(RmsProp::default()),
            Optimiser::adam_w(0.1),
            Optimiser::Adam(amsgrad),
        ] {
            let wave = |shift: f64| [0.0, 1.0, 2.0, 3.0, 4.0].map(|i: f64| (i + shift).sin());
            let run = |cut: usize| {
                let (mut w, mut g) = (wave(0.0), wave(0.5));
                let mut memory = [[0.25; 5]; 3];
                let (w1, w2) = w.split_at_mut(cut);
                let (g1, g2) = g.split_at_mut(cut);
                let halves = memory.each_mut().map(|m| m.split_at_mut(cut));
                let [(a1, a2), (b1, b2), (c1, c2)] = halves;
                rule.at(3, 0.1).apply(w1, g1, [a1, b1, c1]);
                rule.at(3, 0.1).apply(w2, g2, [a2, b2, c2]);
                (w, g, memory)
            };
            assert_eq!(run(0), run(2), "{rule}");
            assert!(run(0).0 != wave(0.0), "{rule} moves nothing");
        }
    }

    #[test]
    fn numbers_out_of_range_are_errors() {
        for beta in [-0.1, 1.0, f64::NAN] {
            assert!(Optimiser::momentum(beta).check().is_err());
            let decay = RmsProp {
                decay: beta,
                ..RmsProp::default()
            };
            assert!(Optimiser::RmsProp(decay).check().is_err());
        }
        for decay in [-1.0, f64::INFINITY, f64::NAN] {
            assert!(Optimiser::adam_w(decay).check().is_err());
            let momentum = Momentum {
                weight_decay: decay,
                ..Momentum::default()
            };
            assert!(Optimiser::Sgd(momentum).check().is_err());
        }
        for epsilon in [0.0, -1.0, f64::NAN] {
            assert!(Optimiser::AdaGrad(AdaGrad { epsilon }).check().is_err());
        }
        assert!(Optimiser::default().check().is_ok() && Optimiser::sgd().check().is_ok());
        assert!(Optimiser::RmsProp(RmsProp::default()).check().is_ok());
    }
}
