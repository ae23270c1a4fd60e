//! Methods for games, one file each, and the loop they share.
//!
//! | | a step, without noise and constraint | converges for a monotone V of Lipschitz constant L if |
//! |---|---|---|
//! | [`Gda`] | z − αV(z), at once or in turns | V is more than monotone |
//! | [`Ppm`] | z⁺ = z − αV(z⁺) | always |
//! | [`Eg`] | z − αV(z̄), z̄ = z − αV(z) | α < 1/L |
//! | [`Ogda`] | z − α(2V(z) − V(z before)) | α < 1/(2L) |
//! | [`Rfbs`] | z − αV(2z − z before) | α < (√2 − 1)/L |
//! | [`EgPlus`] | z − αγV(z̄), z̄ = z − γV(z) | γ ≤ 1/L, α < 1; and beyond: ρ > −(1 − α)γ/2 in the weak Minty inequality |
//! | [`Seg`] | z − α_kγV(z̄), z̄ = z − β_kγV(z) | through noise: Σα_kβ_k = ∞, Σα_k² < ∞ |
//! | [`BcSegPlus`] | as [`EgPlus`] | through noise and a projection too, as α_k → 0 |
//! | [`ExtraAdam`] | [`Eg`] with Adam's steps | no theorem |
//! | [`MirrorDescent`] | on simplices: multiplies | on average |
//!
//! All of them are Robbins–Monro schemes: see [`robbins_monro`].

use crate::error::{Error, Result, check_count, check_finite, check_positive, check_scale};
use crate::game::StochasticField;
use crate::optimise::{Field, Iterate, Observer, Prox, Schedule, Status};
use crate::real::norm;

pub mod alternated_eg;
pub mod bc_seg_plus;
pub mod curvature_eg_plus;
pub mod eg;
pub mod eg_plus;
pub mod extra_adam;
pub mod gda;
pub mod mirror_descent;
pub mod ogda;
pub mod ppm;
pub mod rfbs;
pub mod robbins_monro;
pub mod seg;

pub use alternated_eg::AlternatedEg;
pub use bc_seg_plus::BcSegPlus;
pub use curvature_eg_plus::CurvatureEgPlus;
pub use eg::Eg;
pub use eg_plus::EgPlus;
pub use extra_adam::ExtraAdam;
pub use gda::{Gda, Turns};
pub use mirror_descent::MirrorDescent;
pub use ogda::Ogda;
pub use ppm::Ppm;
pub use rfbs::Rfbs;
pub use robbins_monro::{implied_bias, square_summable};
pub use seg::Seg;

/// One way to play.
pub trait Method {
    /// What it remembers from step to step; S is a sample of the noise.
    type Memory<S>;

    /// Checks its own numbers.
    ///
    /// # Errors
    /// One is out of its range.
    fn check(&self) -> Result<()>;

    /// What it remembers before its first step, at z₀.
    ///
    /// # Errors
    /// The field cannot be asked.
    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Self::Memory<F::Sample>>;

    /// Step k, from 0: z is moved in place, and stays where `prox` allows.
    ///
    /// # Errors
    /// The field cannot be asked.
    fn step<F: StochasticField>(
        &self,
        field: &F,
        prox: &impl Prox,
        k: usize,
        z: &mut [f64],
        memory: &mut Self::Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()>;
}

/// Settings of [`play`].
#[derive(Clone, Debug, PartialEq)]
pub struct PlaySettings {
    /// The most steps, at least 1.
    pub steps: usize,
    /// Stop where ‖V(z)‖ is at most this.
    pub stop: Option<f64>,
    /// An entry of z beyond this is divergence, > 0.
    pub limit: f64,
}

impl Default for PlaySettings {
    /// 1,000 steps; divergence is beyond 10⁶.
    fn default() -> Self {
        Self {
            steps: 1_000,
            stop: None,
            limit: 1e6,
        }
    }
}

/// Where a game came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// The last iterate, `(p,)`; after divergence the last sound one.
    pub z: Vec<f64>,
    /// ‖V(z)‖ there, without noise.
    pub field_norm: f64,
    /// Steps taken to it.
    pub steps: usize,
    /// How it ended.
    pub status: Status,
}

/// Plays from `start`, `(p,)`, or where `prox` puts it if that is not allowed, inside what `prox` allows. An observer sees z before each step and after the last, with V(z)
/// without noise as the gradient and ‖V(z)‖ as the value.
///
/// # Errors
/// A number of the method, a setting or a set out of its range; a start of another length than the field's, or not finite; a
/// field that cannot be asked. Divergence is not an error: see [`Status`].
pub fn play<F: StochasticField, M: Method, O: Observer>(
    field: &F,
    method: &M,
    prox: &impl Prox,
    start: &[f64],
    settings: &PlaySettings,
    rng: &mut impl rand::Rng,
    observer: &mut O,
) -> Result<Played> {
    let p = field.mean().dimension();
    settings.check()?;
    method.check()?;
    if start.len() != p {
        return Err(Error::shape("the start", format!("({p},)"), &[start.len()]));
    }
    check_finite("the start", start)?;
    prox.fits(p)?;
    let mut z = start.to_vec();
    prox.enter(&mut z);
    let mut memory = method.begin(field, &z)?;
    let mut sound = z.clone();
    let mut v = vec![f64::NAN; p];
    let mut status = Status::Finished;
    let mut step = 0;
    while step <= settings.steps {
        if !z.iter().all(|z| z.abs() <= settings.limit) {
            let value = norm([&z[..]]);
            if step == 0 {
                let expected = format!("entries of at most {}", settings.limit);
                return Err(Error::domain("the start", expected, value));
            }
            status = Status::Diverged { step, value };
            break;
        }
        sound.copy_from_slice(&z);
        if O::LOOKS || settings.stop.is_some() {
            field.mean().at(&z, &mut v)?;
            let value = norm([&v[..]]);
            let seen = observer.see(&Iterate {
                step,
                x: &z,
                value,
                gradient: &v,
                clipped: None,
                rate: f64::NAN,
            });
            if settings.stop.is_some_and(|limit| value <= limit) {
                status = Status::Reached;
                break;
            }
            if seen.is_break() {
                status = Status::StoppedByObserver;
                break;
            }
        }
        if step < settings.steps {
            method.step(field, prox, step, &mut z, &mut memory, rng)?;
        }
        step += 1;
    }
    field.mean().at(&sound, &mut v)?;
    Ok(Played {
        field_norm: norm([&v[..]]),
        steps: match status {
            Status::Diverged { step, .. } => step - 1,
            _ => step.min(settings.steps),
        },
        z: sound,
        status,
    })
}

impl PlaySettings {
    fn check(&self) -> Result<()> {
        check_count("the number of steps", self.steps)?;
        if let Some(stop) = self.stop {
            check_scale("the length of the field to stop at", stop)?;
        }
        check_positive("the limit", self.limit)
    }
}

/// z ← z − αv.
#[inline]
fn step_against(z: &mut [f64], rate: f64, v: &[f64]) {
    for (z, v) in z.iter_mut().zip(v) {
        *z -= rate * v;
    }
}

/// Checks a schedule, and that the number of the step says all: a method does not know how many there will be.
fn check_by_step(schedule: &Schedule) -> Result<()> {
    if matches!(schedule, Schedule::Step { .. } | Schedule::Cosine { .. }) {
        let expected = "one that goes by the number of the step alone";
        return Err(Error::domain(
            "the schedule",
            expected,
            format!("{schedule:?}"),
        ));
    }
    schedule.check()
}

#[cfg(test)]
mod tests;
