//! Methods that keep several sequences of points: Nesterov's, AcceleGrad, UniXGrad, and Extra-Newton of second order.
//!
//! Each says what it needs of the problem, how fast it is, and its source. All report one point a step, the one that their
//! theorem is about.

mod accele_grad;
mod drive;
mod extra_newton;
mod nesterov;
mod unix_grad;

pub use extra_newton::{ExtraNewton, solve_extra_newton};

use super::oracle::{Oracle, Prox, StochasticOracle};
use super::solve::{Look, Solution, Stop, check_start, check_steps, through_noise};
use super::trajectory::Observer;
use crate::error::{Result, check_count, check_positive, check_scale};
use drive::{Method, drive};

/// Which method of first order.
///
/// | | needs | f(x_k) − f* for convex f | through noise |
/// |---|---|---|---|
/// | `Nesterov` | L | 2‖x₀ − x*‖²/(η(k+1)²) | with η ~ k^(−3/2) chosen beforehand, O(1/√k) |
/// | `AcceleGrad` | a diameter D | O(LD² ln(LD)/k²) | O(1/√k) with G of the order of the gradients |
/// | `UniXGrad` | a diameter D | O(LD²/k²) | O(1/√k) |
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Accelerated {
    /// Nesterov's method with the momentum of theory, (k−1)/(k+2), which grows: a constant one gives no 1/k².
    ///
    /// # Formula
    /// y = x_{k−1} + ((k−2)/(k+1))(x_{k−1} − x_{k−2}), x_k = prox(y − η∇f(y)), for k = 1, 2, …; at the first step y = x₀.
    /// f has an L-Lipschitz gradient, η ≤ 1/L.
    ///
    /// # Reference
    /// Beck & Teboulle 2009, doi:10.1137/080716542, theorem 4.4, after Nesterov 1983; this momentum is in Su, Boyd &
    /// Candès 2016, arXiv:1503.01243, equation 1.
    Nesterov {
        /// η > 0.
        rate: f64,
    },
    /// AcceleGrad.
    ///
    /// # Formula
    /// α_t = 1 for t = 0, 1, 2 and (t+1)/4 after, x = z/α_t + (1 − 1/α_t)y, g = ∇f(x),
    /// η_t = 2D/√(G² + Σ_{s ≤ t} α_s²‖g_s‖²), z ← prox(z − α_t η_t g), y ← x − η_t g, from y = z = x₀; the point reported is the
    /// mean of the y with weights α_t. f is convex on all of ℝᵖ; a minimiser lies in the set that z is kept in.
    ///
    /// # Reference
    /// Levy, Yurtsever & Cevher 2018, "Online adaptive methods, universality and acceleration", arXiv:1809.02864,
    /// algorithm 2.
    AcceleGrad {
        /// D > 0, of the order of the distance to a minimiser.
        diameter: f64,
        /// G ≥ 0: a bound on the gradients, which only noise and kinks need.
        gradients: f64,
    },
    /// UniXGrad.
    ///
    /// # Formula
    /// α_t = t, A_t = Σ_{s ≤ t} α_s. With S = Σ_{s < t} α_s x_s: M = ∇f((α_t y + S)/A_t), x_t = prox(y − η_t α_t M),
    /// x̄ = (α_t x_t + S)/A_t, g = ∇f(x̄), y ← prox(y − η_t α_t g), η_t = 2D/√(1 + Σ_{s<t} α_s²‖g_s − M_s‖²), from
    /// y = x₀; x̄ is reported. f is convex on the set.
    ///
    /// # Reference
    /// Kavis, Levy, Bach & Cevher 2019, "UniXGrad: a universal, adaptive algorithm with optimal guarantees for constrained
    /// optimization", Advances in Neural Information Processing Systems 32, 6260–6269, algorithm 1.
    UniXGrad {
        /// D > 0, of the order of the set's diameter.
        diameter: f64,
    },
}

/// Settings of [`solve_accelerated`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AcceleratedSettings {
    /// Which method.
    pub method: Accelerated,
    /// The most steps, at least 1.
    pub steps: usize,
    /// The point is looked at, and shown to the observer, before the first step, after every `every`-th and after the
    /// last; at least 1. Such a look asks the problem once more.
    pub every: usize,
    /// When to stop before the steps are used up.
    pub stop: Stop,
}

impl AcceleratedSettings {
    /// This method for so many steps, looked at after each.
    #[must_use]
    pub fn new(method: Accelerated, steps: usize) -> Self {
        Self {
            method,
            steps,
            every: 1,
            stop: Stop::default(),
        }
    }

    /// Checks every number.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<()> {
        check_steps(self.steps)?;
        check_count("the steps between two looks", self.every)?;
        self.stop.check()?;
        match self.method {
            Accelerated::Nesterov { rate } => check_positive("the learning rate", rate),
            Accelerated::AcceleGrad {
                diameter,
                gradients,
            } => {
                check_positive("AcceleGrad's diameter D", diameter)?;
                check_scale("AcceleGrad's bound G of the gradients", gradients)
            }
            Accelerated::UniXGrad { diameter } => check_positive("UniXGrad's diameter D", diameter),
        }
    }
}

/// Makes f + g small from `start`, `(p,)`, where g has a proximal step: a set, or nothing.
///
/// # Errors
/// As for [`solve`](fn@super::solve). Divergence is not an error: see [`Status`](super::Status).
///
/// ```
/// use dltheory::optimise::problem::Quadratic;
/// use dltheory::optimise::{Accelerated, AcceleratedSettings, Unconstrained, Unseen, solve_accelerated};
/// let bowl = Quadratic::around_zero(vec![1.0, 100.0])?;
/// let settings = AcceleratedSettings::new(Accelerated::Nesterov { rate: 0.01 }, 300);
/// let solution = solve_accelerated(&bowl, &Unconstrained, &[1.0, 1.0], &settings, &mut Unseen)?;
/// assert!(solution.value <= 2.0 * 2.0 / (0.01 * 301.0_f64.powi(2)));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn solve_accelerated(
    oracle: &impl Oracle,
    prox: &impl Prox,
    start: &[f64],
    settings: &AcceleratedSettings,
    observer: &mut impl Observer,
) -> Result<Solution> {
    let ask = |x: &[f64], g: &mut Vec<f64>, _| oracle.value_and_gradient(x, g);
    run(oracle.dimension(), ask, prox, start, settings, observer)
}

/// As [`solve_accelerated`], for a problem that is seen through noise. Values that are shown and returned are without
/// noise, and no gradient is shown.
///
/// # Errors
/// As for [`solve_accelerated`].
pub fn solve_accelerated_stochastic(
    oracle: &mut impl StochasticOracle,
    prox: &impl Prox,
    start: &[f64],
    settings: &AcceleratedSettings,
    observer: &mut impl Observer,
    rng: &mut impl rand::Rng,
) -> Result<Solution> {
    let dimension = oracle.dimension();
    let ask = through_noise(oracle, rng);
    run(dimension, ask, prox, start, settings, observer)
}

fn run<A: FnMut(&[f64], &mut Vec<f64>, Look) -> Result<f64>>(
    p: usize,
    ask: A,
    prox: &impl Prox,
    start: &[f64],
    settings: &AcceleratedSettings,
    observer: &mut impl Observer,
) -> Result<Solution> {
    settings.check()?;
    check_start(start, p)?;
    prox.fits(p)?;
    let mut x = start.to_vec();
    prox.enter(&mut x);
    let mut method: Box<dyn Method> = match settings.method {
        Accelerated::Nesterov { rate } => Box::new(nesterov::Nesterov::new(&x, rate)),
        Accelerated::AcceleGrad {
            diameter,
            gradients,
        } => Box::new(accele_grad::AcceleGrad::new(&x, diameter, gradients)),
        Accelerated::UniXGrad { diameter } => Box::new(unix_grad::UniXGrad::new(&x, diameter)),
    };
    let near = |x: &mut [f64], step: f64| prox.prox(x, step);
    let step = |k: usize, x: &mut [f64], ask: &mut A| {
        let mut slope = |x: &[f64], g: &mut Vec<f64>| drive::ask_at(x, g, ask);
        let rate = method.step(k, &mut slope, &near)?;
        x.copy_from_slice(method.point());
        Ok(rate)
    };
    let pace = (settings.steps, settings.every, settings.stop);
    drive(x, pace, ask, step, observer)
}

#[cfg(test)]
mod tests;
