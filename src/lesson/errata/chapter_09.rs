//! Robustness.

use super::Erratum;
use crate::error::Result;
use crate::experiment::Claim;
use crate::measure::isoperimetry::{cube_expansion_bound, diagonal_half_cube_outside};

pub(super) const ERRATA: &[Erratum] = &[Erratum {
    id: "cube_exponent",
    chapter: 9,
    slide: "CMSC 828W, \"Are adversarial examples inevitable?\", after whose source any half of the cube leaves at most exp(−2πη²)/(2πη) of it farther than \
            ε away, η = ε d^(1/2 − 1/p*). (The notes misprint that further.) The derivation gives half of that exponent.",
    claims: cube_exponent,
}];

/// The half below the plane across the cube's diagonal.
fn cube_exponent(_seed: u64) -> Result<[Claim; 2]> {
    let (d, epsilon) = (1000, 1.2);
    let bound = cube_expansion_bound(d, epsilon, 2.0)?;
    let left = diagonal_half_cube_outside(d, epsilon)?;
    let claim = |text, covered: f64| Claim::at_most(text, 1.0 - covered, left, 0.0);
    Ok([
        claim(
            "d = 1000, ε = 1.2: the half Σx ≤ d/2 leaves at most exp(−2πη²)/(2πη)",
            bound.printed,
        ),
        claim(
            "the half Σx ≤ d/2 leaves at most exp(−πη²)/(2πη)",
            bound.tail,
        ),
    ])
}
