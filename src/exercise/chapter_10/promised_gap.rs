//! By how much the error may exceed the training error, by Massart's lemma: with numbers of one's own.

use rand::seq::IndexedRandom;

use crate::error::Result;
use crate::exercise::inputs::count;
use crate::exercise::recipe::{Drawn, Recipe};
use crate::exercise::{Outcome, Trial, Trouble};
use crate::measure::{Complexity, generalisation_gap};
use crate::rng::Rng;

pub(in crate::exercise) static RECIPE: Recipe = Recipe {
    exercise: "promised_gap",
    symbols: &[
        ("d", "features"),
        ("k", "thresholds for each feature"),
        ("n", "examples"),
        ("delta", "δ, the probability that the bound fails"),
    ],
    draw,
};

/// Stumps: one of d features against one of k thresholds, and either label above it; m = 2dk functions.
///
/// The gap is √(2 ln m/n) + √(ln(1/δ)/(2n)): Massart's bound on the complexity of ±1-valued functions, which
/// is twice that of their 0–1 losses (Mohri, Rostamizadeh & Talwalkar 2018, Theorems 3.3 and 3.7). All of them are below 1.
fn draw(rng: &mut Rng) -> Result<Drawn> {
    let [d, k, n] = [count(4, 20, rng), count(3, 15, rng), count(60, 400, rng)];
    let delta = *[0.01, 0.02, 0.05, 0.1, 0.2]
        .choose(rng)
        .expect("five numbers");
    let (class, examples) = ((2 * d * k) as f64, n as f64);
    let of_losses = 0.5 * (2.0 * class.ln() / examples).sqrt();
    Ok(Drawn {
        answer: generalisation_gap(of_losses, Complexity::Expected, n, delta, 1.0)?,
        given: vec![d as f64, k as f64, examples, delta],
    })
}

pub(super) fn number(trial: &mut Trial) -> std::result::Result<Outcome, Trouble> {
    RECIPE.judge(trial)
}
