//! Extra-Newton, a method of second order that finds its own rate.

use ndarray::{Array1, Array2, Axis};

use super::drive::{ask_at, drive};
use crate::error::{Error, Result, check_count, check_positive};
use crate::linalg::Cholesky;
use crate::optimise::critical::{Curved, hessian};
use crate::optimise::solve::{Look, Solution, Stop, check_start, check_steps};
use crate::optimise::trajectory::Observer;
use crate::real::all_finite;

/// Settings of [`solve_extra_newton`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExtraNewton {
    /// γ > 0: the rate is γ_t = γ/√(β + Σ_{s<t} a_s²‖∇f(X̄_{s+½}) − model‖²).
    pub rate: f64,
    /// β > 0.
    pub floor: f64,
    /// The most steps, at least 1.
    pub steps: usize,
    /// The point is looked at before the first step, after every `every`-th and after the last; at least 1.
    pub every: usize,
    /// When to stop before the steps are used up.
    pub stop: Stop,
}

impl Default for ExtraNewton {
    /// γ = β = 1, 100 steps, each looked at.
    fn default() -> Self {
        Self {
            rate: 1.0,
            floor: 1.0,
            steps: 100,
            every: 1,
            stop: Stop::default(),
        }
    }
}

impl ExtraNewton {
    /// Checks every number.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<()> {
        check_positive("Extra-Newton's rate γ", self.rate)?;
        check_positive("Extra-Newton's floor β", self.floor)?;
        check_steps(self.steps)?;
        check_count("the steps between two looks", self.every)?;
        self.stop.check()
    }
}

/// Makes a convex f with a Lipschitz Hessian small by Extra-Newton, from `start`, `(p,)`.
///
/// # Algorithm
/// a_t = t², A_t = Σ_{s ≤ t} a_s, S = Σ_{s<t} a_s X_{s+½}, X_1 = start. At X̄_t = (a_t X_t + S)/A_t the model of the gradient is
/// m(x) = ∇f(X̄_t) + ∇²f(X̄_t)(x − X̄_t). Half a step is implicit in the model, at the mean it leads to,
/// X_{t+½} = X_t − γ_t a_t m(X̄_{t+½}), X̄_{t+½} = (a_t X_{t+½} + S)/A_t, which is one linear system,
/// (I + (γ_t a_t²/A_t)∇²f(X̄_t))(X_{t+½} − X_t) = −γ_t a_t ∇f(X̄_t). The whole step has the gradient there:
/// X_{t+1} = X_t − γ_t a_t ∇f(X̄_{t+½}). X̄_{t+½} is reported; on a compact set f(X̄_{t+½}) − f* = O(1/t³), and O(1/√t) through
/// noise. Here there is no set but ℝᵖ.
///
/// On a quadratic the model is exact, γ_t stays γ/√β, and A_t(f(X̄_{t+½}) − f*) ≤ √β‖start − x*‖²/(2γ).
///
/// # Reference
/// Antonakopoulos, Kavis & Cevher 2022, "Extra-Newton: a first approach to noise-adaptive accelerated second-order methods",
/// arXiv:2211.01832.
///
/// # Errors
/// As for [`solve`](fn@crate::optimise::solve); a Hessian that shows that f is not convex.
/// Divergence is not an error: see [`Status`](crate::optimise::Status).
pub fn solve_extra_newton(
    oracle: &impl Curved,
    start: &[f64],
    settings: &ExtraNewton,
    observer: &mut impl Observer,
) -> Result<Solution> {
    settings.check()?;
    let p = oracle.dimension();
    check_start(start, p)?;
    let mut ask = |x: &[f64], g: &mut Vec<f64>, _: Look| oracle.value_and_gradient(x, g);
    let mut position = start.to_vec();
    let mut mean = start.to_vec();
    let (mut at, mut g) = (vec![0.0; p], vec![0.0; p]);
    let (mut weights, mut squares) = (0.0, settings.floor);
    let step = |t: usize, reported: &mut [f64], _: &mut _| {
        let weight = (t as f64).powi(2);
        weights += weight;
        let share = weight / weights;
        let rate = settings.rate / squares.sqrt();
        for ((at, x), mean) in at.iter_mut().zip(&position).zip(&mean) {
            *at = mean + (x - mean) * share;
        }
        ask_at(&at, &mut g, &mut ask)?;
        if !all_finite(&g) {
            reported.fill(f64::NAN);
            return Ok(rate);
        }
        let shift = implicit(hessian(oracle, &at)?, &g, rate * weight, share)?;
        // The model's gradient at the new mean is what moved there.
        for ((mean, x), shift) in mean.iter_mut().zip(&position).zip(&shift) {
            *mean += (x + shift - *mean) * share;
        }
        ask_at(&mean, &mut g, &mut ask)?;
        for ((x, g), shift) in position.iter_mut().zip(&g).zip(&shift) {
            let model = -shift / (rate * weight);
            squares += (weight * (g - model)).powi(2);
            *x -= rate * weight * g;
        }
        reported.copy_from_slice(&mean);
        Ok(rate)
    };
    let look = |x: &[f64], g: &mut Vec<f64>, _: Look| oracle.value_and_gradient(x, g);
    let pace = (settings.steps, settings.every, settings.stop);
    drive(start.to_vec(), pace, look, step, observer)
}

/// d with (I + scale·share·H)d = −scale·g.
fn implicit(hessian: Array2<f64>, g: &[f64], scale: f64, share: f64) -> Result<Vec<f64>> {
    let mut matrix = hessian * (scale * share);
    matrix.diag_mut().mapv_inplace(|d| d + 1.0);
    let Some(factor) = Cholesky::in_place(matrix) else {
        let expected = "positive semidefinite: the method is for convex functions";
        return Err(Error::domain("the Hessian", expected, "indefinite"));
    };
    let side: Array1<f64> = g.iter().map(|g| -scale * g).collect();
    Ok(factor
        .solve(&side.insert_axis(Axis(1)))?
        .iter()
        .copied()
        .collect())
}
