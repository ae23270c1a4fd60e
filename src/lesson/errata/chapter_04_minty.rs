//! Errors of the slides that chapter 4 corrects: the weak Minty inequality and the steps it allows.

use super::Erratum;
use crate::error::Result;
use crate::experiment::Claim;
use crate::game::arena::Quadratic;
use crate::game::method::EgPlus;
use crate::game::{PlaySettings, play};
use crate::optimise::{Field, Unconstrained, Unseen};
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

/// EG+ with α → 0 fails below a ρ. With V's own norm that is −1/2L; a ρ by ‖z‖² would be L² times as large.
fn weak_minty_norm(_seed: u64) -> Result<[Claim; 2]> {
    let alpha = 1e-6;
    let rho = turns(-1.0 / L, 0.0, |rho| leaves(rho, alpha))?;
    let game = Quadratic::weak_minty(L, rho)?;
    let (z, mut v) = ([0.3, -1.1], [0.0; 2]);
    game.at(&z, &mut v)?;
    let push = v[0] * z[0] + v[1] * z[1];
    let by = |square: f64| push / square;
    // α moves the limit by α/2L; bisection leaves 2⁻⁴⁰.
    let claim = |text, measured| Claim::equals(text, -0.5 / L, measured, 1e-6);
    Ok([
        claim(
            "L = 3, the game at which EG+ with a small α just fails: its largest ρ in ⟨V, z − z*⟩ ≥ ρ‖z − z*‖² is −1/2L",
            by(norm([&z[..]]).powi(2)),
        ),
        claim(
            "its largest ρ in ⟨V, z − z*⟩ ≥ ρ‖V‖² is −1/2L",
            by(norm([&v[..]]).powi(2)),
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
