//! What more data do to the error of a wide regression: with numbers of one's own.

use crate::error::Result;
use crate::exercise::inputs::count;
use crate::exercise::recipe::{Drawn, Recipe};
use crate::exercise::{Outcome, Trial, Trouble};
use crate::measure::isotropic_risk;
use crate::rng::Rng;

pub(in crate::exercise) static RECIPE: Recipe = Recipe {
    exercise: "more_data",
    symbols: &[
        ("p", "features, all of them seen"),
        ("before", "examples at first, fewer than p"),
        ("after", "examples later, more than p"),
        ("signal", "‖β‖²"),
        ("noise", "σ², the variance of the noise"),
    ],
    draw,
};

/// By what factor the expected test error changes from `before` < p to `after` > p examples. More data may hurt
/// (Nakkiran 2019, arXiv:1912.07242). Both numbers of examples are 2 or more away from p, where the
/// risk is infinite.
fn draw(rng: &mut Rng) -> Result<Drawn> {
    let p = count(15, 40, rng);
    let (mut before, after) = (count(p / 5, 4 * p / 5, rng), count(p + 3, 2 * p, rng));
    let (signal, mut tenths) = (count(3, 12, rng) as f64 / 2.0, count(1, 19, rng));
    // Numbers by which a mistake would go unseen: half of β is as much as the other half, and 1 is its square.
    before += usize::from(2 * before == p);
    tenths += usize::from(tenths >= 10);
    let noise = tenths as f64 / 10.0;
    let risk = |n: usize| isotropic_risk(n, p, signal, 0.0, noise);
    Ok(Drawn {
        answer: risk(after)? / risk(before)?,
        given: vec![p as f64, before as f64, after as f64, signal, noise],
    })
}

pub(super) fn number(trial: &mut Trial) -> std::result::Result<Outcome, Trouble> {
    RECIPE.judge(trial)
}
