//! Errors of the slides that chapter 4 corrects: the weak Minty inequality and the steps it allows.

use super::Erratum;
use crate::error::Result;
use crate::experiment::Claim;
use crate::game::arena::Quadratic;
use crate::game::method::EgPlus;
use crate::game::{PlaySettings, play};
use crate::optimise::{Unconstrained, Unseen};
use crate::real::norm;
use crate::rng::stream;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "weak_minty_norm",
        chapter: 4,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"When do the algorithms converge?\": weak MVI asks for \
        ⟨V(z), z − z*⟩ ≥ ρ‖z‖². It is ρ‖V(z)‖²: only so do the limits −1/8L and −1/2L have the unit of ρ. After Diakonikolas, \
        Daskalakis & Jordan 2021, arXiv:2011.00364.",
        claims: weak_minty_norm,
    },
    Erratum {
        id: "seg_plus_condition",
        chapter: 4,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Solving stochastic weak MVIs without increasing batch size\": \
        SEG+ \"converges for affine V, ρ > (1 − α_k)γ/2\". The sign is lost: ρ > −(1 − α_k)γ/2, which for γ = 1/L is α_k < 1 + 2ρL. \
        After Pethick, Fercoq, Latafat, Patrinos & Cevher 2023, arXiv:2302.09029.",
        claims: seg_plus_condition,
    },
];

/// L of the games tried.
const L: f64 = 3.0;

/// The least x between two at which `fails` turns false, by bisection.
fn turns(mut low: f64, mut high: f64, fails: impl Fn(f64) -> Result<bool>) -> Result<f64> {
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        match fails(middle)? {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(high)
}

/// Whether 40 steps of EG+ with γ = 1/L lead away on the quadratic game.
fn leaves(rho: f64, alpha: f64) -> Result<bool> {
    let game = Quadratic::weak_minty(L, rho)?;
    let settings = PlaySettings {
        steps: 40,
        ..PlaySettings::default()
    };
    let unused = &mut stream(0, "no noise", 0);
    let method = EgPlus::new(1.0 / L, alpha);
    let start = [0.6, 0.8];
    let end = play(
        &game,
        &method,
        &Unconstrained,
        &start,
        &settings,
        unused,
        &mut Unseen,
    )?;
    Ok(norm([&end.z[..]]) > 1.0)
}

/// On the quadratic game ⟨V(z), z⟩ = b‖z‖² = (b/L²)‖V(z)‖²: the least b at which EG+ with a small α still comes nearer tells which
/// of the two is at −1/2L there.
fn weak_minty_norm(_seed: u64) -> Result<[Claim; 2]> {
    let rho = turns(-1.0 / L, 0.0, |rho| leaves(rho, 1e-6))?;
    let push = Quadratic::weak_minty(L, rho)?.b;
    // α moves the limit by Lα/2.
    let claim = |text, predicted| Claim::equals(text, predicted, push, 1e-5);
    Ok([
        claim(
            "quadratic games with L = 3, γ = 1/L, small α: EG+ comes nearer while ⟨V, z − z*⟩ ≥ −‖z − z*‖²/2L, down to b = −1/2L",
            -0.5 / L,
        ),
        claim(
            "it comes nearer while ⟨V, z − z*⟩ ≥ −‖V‖²/2L, down to b = −L/2",
            -0.5 * L,
        ),
    ])
}

/// The least ρ at which EG+ with γ = 1/L, α = ¼ comes nearer.
fn seg_plus_condition(_seed: u64) -> Result<[Claim; 2]> {
    let alpha = 0.25;
    let rho = turns(-1.0 / L, 1.0 / L, |rho| leaves(rho, alpha))?;
    let bound = (1.0 - alpha) / (2.0 * L);
    let claim = |text, predicted| Claim::equals(text, predicted, rho, 1e-6);
    Ok([
        claim(
            "γ = 1/L, α = 1/4, no noise: it converges for ρ above (1 − α)γ/2; least ρ at which it comes nearer",
            bound,
        ),
        claim("it converges for ρ above −(1 − α)γ/2", -bound),
    ])
}
