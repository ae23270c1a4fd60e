//! The template that every method here is one of.
//!
//! A generalised Robbins–Monro scheme is z_(k+1) = z_k − α_k(V(z_k) + U_k + ζ_k), with a bias U_k and noise ζ_k of mean 0. The plain one,
//! with steps that fall, is [`Gda`](super::Gda) with a schedule on a [`Noisy`](crate::game::Noisy) or a
//! [`Biased`](crate::game::Biased) field. Extragradient, optimistic and implicit steps are of the template too: what they do besides
//! −αV(z) is a bias of the order of α, which vanishes with it. So all of them, as α_k → 0, follow one flow ż = −V(z), and its cycles.
//!
//! # Reference
//! Hsieh, Mertikopoulos & Cevher 2021, "The limits of min-max optimization algorithms: convergence to spurious non-critical sets",
//! arXiv:2006.09065; slides "Where do the algorithms converge?", "Generalized Robbins-Monro schemes".

use super::Method;
use crate::error::{Error, Result, check_positive};
use crate::game::StochasticField;
use crate::optimise::{Field, Schedule, Unconstrained};

/// Whether Σα_k = ∞ and Σα_k² < ∞, Robbins and Monro's conditions on the steps α_k = α₀ · factor(k).
#[must_use]
pub fn square_summable(schedule: &Schedule) -> bool {
    match *schedule {
        Schedule::InverseTime { .. } | Schedule::CoolDown { .. } => true,
        Schedule::Power { exponent, .. } => exponent > 0.5 && exponent <= 1.0,
        // Of 1/√k the squares have an infinite sum; of what falls like a power of a number, the steps a finite one.
        Schedule::Constant
        | Schedule::InverseSqrt { .. }
        | Schedule::Step { .. }
        | Schedule::Cosine { .. } => false,
    }
}

/// U = (z − z⁺)/α − V(z), `(p,)`, for the step from z to z⁺ that a method takes, of length α, with `before` as the point before z.
///
/// # Errors
/// α not positive and finite; a number of the method out of its range; points of another length than the field's.
pub fn implied_bias<F: StochasticField, M: Method>(
    field: &F,
    method: &M,
    rate: f64,
    before: &[f64],
    z: &[f64],
    rng: &mut impl rand::Rng,
) -> Result<Vec<f64>> {
    check_positive("the length of the step", rate)?;
    method.check()?;
    let p = field.mean().dimension();
    for (what, point) in [("the point before", before), ("the point", z)] {
        if point.len() != p {
            return Err(Error::shape(what, format!("({p},)"), &[point.len()]));
        }
    }
    let mut memory = method.begin(field, before)?;
    let mut moved = z.to_vec();
    method.step(field, &Unconstrained, 0, &mut moved, &mut memory, rng)?;
    let mut v = vec![0.0; p];
    field.mean().at(z, &mut v)?;
    let triples = z.iter().zip(&moved).zip(&v);
    Ok(triples.map(|((z, m), v)| (z - m) / rate - v).collect())
}
