//! The proximal point method.

use super::{Method, check_by_step, step_against};
use crate::error::{Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::{Prox, Schedule};
use crate::real::norm;

/// Newton steps that an implicit step may take.
const NEWTON_STEPS: usize = 50;

/// Halvings of one of them until it comes nearer to the root.
const HALVINGS: i32 = 30;

/// PPM: z_(k+1) = prox(z_k − αV(z_(k+1), ζ_k)), an implicit step.
///
/// On minₓ maxᵧ xy its factor is 1/√(1 + α²) a step, below 1 for every α. For a monotone V it converges for every α.
///
/// The implicit step is a root of r(u) = u − prox(z − αV(u, ζ)), found by Newton's method from u = z, each step halved until ‖r‖ falls; r'
/// is taken by differences, since a method may ask for V alone, and then holds for a projection too. The fixed-point iteration
/// u ← z − αV(u) would need α < 1/L, just what an implicit step is to be free of. A root is found if ‖r(u)‖ falls to 10⁻¹⁴ of the
/// sizes of z and u, or stops falling below 10⁻⁹ of them; without one, z becomes NaN, which is divergence. Among several roots of a V
/// that is not monotone it is the one Newton's method comes to.
///
/// # Reference
/// Rockafellar 1976, "Monotone operators and the proximal point algorithm", doi:10.1137/0314056. Slide "Basic algorithms for minimax".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ppm {
    /// α > 0, of the first step.
    pub rate: f64,
    /// How α changes, by the number of the step alone.
    pub schedule: Schedule,
}

impl Ppm {
    /// A constant step α.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self {
            rate,
            schedule: Schedule::Constant,
        }
    }
}

/// Buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    u: Vec<f64>,
    residual: Vec<f64>,
    trial: Vec<f64>,
    /// r at the trial.
    there: Vec<f64>,
    direction: Vec<f64>,
    v: Vec<f64>,
    /// r', row after row.
    slopes: Vec<f64>,
    sample: S,
}

impl Method for Ppm {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_by_step(&self.schedule)
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        let zeros = || vec![0.0; z.len()];
        Ok(Memory {
            u: zeros(),
            residual: zeros(),
            trial: zeros(),
            there: zeros(),
            direction: zeros(),
            v: zeros(),
            slopes: vec![0.0; z.len() * z.len()],
            sample: field.blank(),
        })
    }

    fn step<F: StochasticField>(
        &self,
        field: &F,
        prox: &impl Prox,
        k: usize,
        z: &mut [f64],
        memory: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let rate = self.rate * self.schedule.factor(k, 1, 1);
        let Memory {
            u,
            residual,
            trial,
            there,
            direction,
            v,
            slopes,
            sample,
        } = memory;
        let p = z.len();
        field.draw(sample, rng);
        let mut ask = |u: &[f64], residual: &mut [f64]| -> Result<f64> {
            field.sampled(u, sample, v)?;
            residual.copy_from_slice(z);
            step_against(residual, rate, v);
            prox.prox(residual, rate);
            for (r, u) in residual.iter_mut().zip(u) {
                *r = u - *r;
            }
            Ok(norm([&*residual]))
        };
        u.copy_from_slice(z);
        let mut size = ask(u, residual)?;
        let mut found = false;
        for _ in 0..NEWTON_STEPS {
            let scale = norm([&*z]) + norm([&u[..]]) + f64::MIN_POSITIVE;
            if size <= 1e-14 * scale {
                found = true;
                break;
            }
            for j in 0..p {
                trial.copy_from_slice(u);
                trial[j] += f64::EPSILON.sqrt() * scale;
                ask(trial, there)?;
                let step = trial[j] - u[j];
                for (i, (there, r)) in there.iter().zip(&*residual).enumerate() {
                    slopes[i * p + j] = (there - r) / step;
                }
            }
            direction.copy_from_slice(residual);
            eliminate(slopes, direction);
            let mut nearer = false;
            for halvings in 0..HALVINGS {
                trial.copy_from_slice(u);
                step_against(trial, 0.5_f64.powi(halvings), direction);
                let next = ask(trial, there)?;
                if next < size {
                    (size, nearer) = (next, true);
                    break;
                }
            }
            if !nearer {
                found = size <= 1e-9 * scale;
                break;
            }
            std::mem::swap(u, trial);
            std::mem::swap(residual, there);
        }
        match found {
            true => z.copy_from_slice(u),
            false => z.fill(f64::NAN),
        }
        Ok(())
    }
}

/// b ← A⁻¹b by elimination with the largest pivot of a column; A is used up. Entries are infinite or NaN if A is singular.
pub(in crate::game) fn eliminate(a: &mut [f64], b: &mut [f64]) {
    let p = b.len();
    for j in 0..p {
        let size = |i: &usize| a[i * p + j].abs();
        let pivot = (j..p).max_by(|i, k| size(i).total_cmp(&size(k)));
        let pivot = pivot.expect("j is below p");
        b.swap(j, pivot);
        for column in 0..p {
            a.swap(j * p + column, pivot * p + column);
        }
        for i in j + 1..p {
            let share = a[i * p + j] / a[j * p + j];
            for column in j..p {
                a[i * p + column] -= share * a[j * p + column];
            }
            b[i] -= share * b[j];
        }
    }
    for i in (0..p).rev() {
        let rest: f64 = (i + 1..p).map(|j| a[i * p + j] * b[j]).sum();
        b[i] = (b[i] - rest) / a[i * p + i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elimination_solves_and_swaps_rows() {
        let a = [0.0, 2.0, 1.0, 1.0, -1.0, 3.0, 4.0, 0.5, -2.0];
        let x = [1.0, -2.0, 0.5];
        let mut b: Vec<f64> = (0..3)
            .map(|i| (0..3).map(|j| a[3 * i + j] * x[j]).sum())
            .collect();
        eliminate(&mut a.clone(), &mut b);
        for (b, x) in b.iter().zip(x) {
            assert!((b - x).abs() < 1e-14);
        }
        let mut b = vec![1.0, 2.0];
        eliminate(&mut [1.0, 2.0, 2.0, 4.0], &mut b);
        assert!(b.iter().all(|b| !b.is_finite()));
    }
}
