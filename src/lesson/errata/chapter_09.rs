//! Robustness.

use super::Erratum;
use crate::error::Result;
use crate::experiment::Claim;
use crate::measure::isoperimetry::{cube_expansion_bound, diagonal_half_cube_outside};
use crate::measure::least_relu_units;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "cube_exponent",
        chapter: 9,
        slide: "CMSC 828W, \"Are adversarial examples inevitable?\", after whose source any half of the cube leaves at most exp(−2πη²)/(2πη) of it farther than \
            ε away, η = ε d^(1/2 − 1/p*). (The notes misprint that further.) The derivation gives half of that exponent.",
        claims: cube_exponent,
    },
    Erratum {
        id: "separated_sets",
        chapter: 9,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Why robust generalization is difficult?\", theorem \"Curse of dimensionality\": \
            \"for any ε-separated set\" Ω(ε^(−p)) parameters are required. They are for some: two points take one unit.",
        claims: separated_sets,
    },
];

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

/// Two points ε apart, and the grid of all that are.
fn separated_sets(_seed: u64) -> Result<[Claim; 2]> {
    let (p, gaps) = (4, 10_usize);
    let points = (gaps + 1).pow(p as u32);
    let parameters = |units: usize| (units * (p + 2) + 1) as f64;
    let grid = points as f64;
    Ok([
        Claim::at_least(
            "p = 4, ε = 0.1: any set takes 1/ε⁴ parameters or more; two points have a network of one unit",
            (gaps as f64).powi(4),
            parameters(1),
            0.0,
        ),
        Claim::at_least(
            "some labels of the grid's N = 14,641 points take N/(2 log₂ N) parameters or more: by counting sign patterns, units of 6 numbers and an offset",
            grid / (2.0 * grid.log2()),
            parameters(least_relu_units(points, p)?),
            0.0,
        ),
    ])
}
