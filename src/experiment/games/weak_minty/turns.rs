//! How long γ may be if players take turns, on xy.

use super::settings::{Point, eg_plus, growth, last_true};
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::game::Method;
use crate::game::arena::Bilinear;
use crate::game::method::AlternatedEg;
use crate::stats::largest;

/// Steps after which growth is measured, for as many more.
const STEPS: usize = 600;

/// Shares α of panel (f).
const SHARES: [f64; 10] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// The largest γ of both players at once and of turns, at one α.
pub(super) struct Longest {
    pub alpha: f64,
    pub together: f64,
    pub turns: f64,
}

/// √((2 − α)/α).
pub(super) fn by_law_together(alpha: f64) -> f64 {
    ((2.0 - alpha) / alpha).sqrt()
}

/// 2/√(α(4 − α)).
pub(super) fn by_law_turns(alpha: f64) -> f64 {
    2.0 / (alpha * (4.0 - alpha)).sqrt()
}

fn longest<M: Method>(method: impl Fn(f64) -> M) -> Result<f64> {
    last_true([1e-3, 10.0], |gamma| {
        Ok(growth(&Bilinear, &method(gamma), STEPS)? < 1.0)
    })
}

pub(super) fn measure() -> Result<Vec<Longest>> {
    let at = |alpha: f64| {
        Ok(Longest {
            alpha,
            together: longest(|gamma| eg_plus(gamma, alpha))?,
            turns: longest(|gamma| AlternatedEg {
                gamma,
                alpha,
                first: 1,
            })?,
        })
    };
    SHARES.into_iter().map(at).collect()
}

impl Longest {
    pub(super) fn points(&self) -> [Point; 2] {
        let point = |what, measured, law: fn(f64) -> f64| Point {
            part: "turns",
            what,
            rho_l: None,
            alpha: Some(self.alpha),
            measured,
            predicted: Some(law(self.alpha)),
        };
        [
            point("together", self.together, by_law_together),
            point("in turns", self.turns, by_law_turns),
        ]
    }
}

pub(super) fn claims(found: Draft, all: &[Longest]) -> Draft {
    let apart = largest(all.iter().flat_map(Longest::points).map(|p| p.apart()));
    let of = |alpha: f64| all.iter().find(|l| l.alpha == alpha);
    let number = |alpha: f64, of_it: fn(&Longest) -> f64| of(alpha).map_or(f64::NAN, of_it);
    let (together, turns) = (number(1.0, |l| l.together), number(1.0, |l| l.turns));
    found
        .claim(Claim::equals(
            "xy, α = 1: both at once, the longest γ at which EG comes nearer",
            1.0,
            together,
            1e-6,
        ))
        .against(by_law_turns(1.0), "as in turns")
        .measured_as("largest_gamma_together")
        .claim(Claim::equals(
            "xy, α = 1: in turns γ may be longer, 2/√3",
            by_law_turns(1.0),
            turns,
            1e-6,
        ))
        .against(1.0, "as both at once")
        .headline()
        .measured_as("largest_gamma_in_turns")
        .claim(Claim::at_most(
            "xy, ten shares α: the longest γ is √((2 − α)/α) both at once and 2/√(α(4 − α)) in turns: largest relative distance",
            0.0,
            apart,
            1e-6,
        ))
        .claim(Claim::less_than(
            "xy: with α below 3 − √5 turns allow less, not more: at α = 1/2 the longest γ in turns, against both at once",
            number(0.5, |l| l.together),
            number(0.5, |l| l.turns),
            0.0,
        ))
}
