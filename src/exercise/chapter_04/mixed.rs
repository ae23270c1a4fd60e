//! Exercises of `04_minimax`: mixed.

use ndarray::{Array1, Array2, array};

use super::CHAPTER;
use crate::exercise::inputs::{between, count, normal_matrix, normal_vector, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Check, Exercise, Outcome, Trial, Trouble};
use crate::rng::Rng;

pub(super) const MIRROR_STEP: Exercise = Exercise {
    name: "mirror_step",
    chapter: CHAPTER,
    title: "A step of mirror descent on the simplex",
    hints: &[
        "Each weight is multiplied by e^(−η · its loss). What is left to do so that they sum to 1?",
        "e^(−η · loss) is 0 or ∞ for large losses. All exponents may be changed by the same number first: which?",
        "With logs = ln p − η · losses and top = the largest of them: e^(logs − top), divided by its sum.",
    ],
    checks: &[
        Check {
            name: "ratios",
            about: "x_i/x_j is p_i/p_j times e^(−η(loss_i − loss_j)), the minimum of η⟨losses, x⟩ + KL(x‖p), and the sum is 1",
            run: ratios,
        },
        Check {
            name: "in_two_steps",
            about: "two steps with two losses are one step with their sum",
            run: in_two_steps,
        },
        Check {
            name: "same_for_all",
            about: "a loss that all entries share changes nothing",
            run: same_for_all,
        },
    ],
};

pub(super) const DUALITY_GAP: Exercise = Exercise {
    name: "duality_gap",
    chapter: CHAPTER,
    title: "What both players could still gain",
    hints: &[
        "If the first player keeps p, the second gets (Aᵀp)_j for column j: which j does she take?",
        "If the second keeps q, the first pays (Aq)_i for row i, and takes the cheapest.",
        "max_j (Aᵀp)_j − min_i (Aq)_i.",
    ],
    checks: &[
        Check {
            name: "replies",
            about: "the best of all columns against p, less the cheapest of all rows against q",
            run: replies,
        },
        Check {
            name: "at_equilibrium",
            about: "0 at the mixed equilibrium of a game of two rows and columns, and more beside it",
            run: at_equilibrium,
        },
        Check {
            name: "other_units",
            about: "payoffs in another unit and with a fee scale the gap, and the fee does not count",
            run: other_units,
        },
    ],
};

/// Positive numbers that sum to 1.
pub(in crate::exercise) fn strategy(n: usize, rng: &mut Rng) -> Array1<f64> {
    let weights = normal_vector(n, rng).mapv(f64::exp);
    let total = weights.sum();
    weights / total
}

fn ratios(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(3, 6, &mut trial.rng);
    let p = strategy(n, &mut trial.rng);
    let losses = normal_vector(n, &mut trial.rng);
    let rate = between(0.2, 2.0, &mut trial.rng);
    let got = trial.vector(args![p, losses, rate], n)?;
    let logs = p.mapv(f64::ln) - &losses * rate;
    let expected = Array1::from_shape_fn(n, |i| logs[i] - logs[(i + 1) % n]);
    let found = Array1::from_shape_fn(n, |i| (got[i] / got[(i + 1) % n]).ln());
    Ok(
        Outcome::close("sum of the weights", 1.0, got.sum(), 1e-12).and(Outcome::arrays(
            "ln of the ratios of neighbours",
            &expected,
            &found,
            1e-9,
        )),
    )
}

fn in_two_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(3, 6, &mut trial.rng);
    let p = strategy(n, &mut trial.rng);
    let first = normal_vector(n, &mut trial.rng);
    let second = normal_vector(n, &mut trial.rng);
    let rate = between(0.2, 1.0, &mut trial.rng);
    let half = trial.vector(args![p, first, rate], n)?;
    let twice = trial.vector(args![half, second, rate], n)?;
    let once = trial.vector(args![p, (&first + &second), rate], n)?;
    // Whoever forgets p, or stays there, has steps that compose too.
    Ok(Outcome::arrays("after two steps", &once, &twice, 1e-9).and(ratios(trial)?))
}

fn same_for_all(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(3, 6, &mut trial.rng);
    let p = strategy(n, &mut trial.rng);
    let shared = between(-3.0, 3.0, &mut trial.rng);
    let rate = between(0.2, 2.0, &mut trial.rng);
    let got = trial.vector(args![p, (Array1::from_elem(n, shared)), rate], n)?;
    let losses = normal_vector(n, &mut trial.rng);
    let without = trial.vector(args![p, losses, rate], n)?;
    let with = trial.vector(args![p, (&losses + shared), rate], n)?;
    Ok(Outcome::arrays("p", &p, &got, 1e-9).and(Outcome::arrays(
        "beside other losses",
        &without,
        &with,
        1e-9,
    )))
}

/// By sums over entries, one pure reply after another.
pub(in crate::exercise) fn gap_by_replies(
    a: &Array2<f64>,
    p: &Array1<f64>,
    q: &Array1<f64>,
) -> f64 {
    let (m, n) = a.dim();
    let column = |j: usize| (0..m).map(|i| p[i] * a[[i, j]]).sum::<f64>();
    let row = |i: usize| (0..n).map(|j| a[[i, j]] * q[j]).sum::<f64>();
    let best = (0..n).map(column).fold(f64::NEG_INFINITY, f64::max);
    let cheapest = (0..m).map(row).fold(f64::INFINITY, f64::min);
    best - cheapest
}

fn replies(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let m = count(2, 4, &mut trial.rng);
    let n = m + count(1, 3, &mut trial.rng);
    let a = normal_matrix(m, n, &mut trial.rng);
    let (p, q) = (strategy(m, &mut trial.rng), strategy(n, &mut trial.rng));
    let got = trial.number(args![a, p, q])?;
    Ok(Outcome::close("gap", gap_by_replies(&a, &p, &q), got, 1e-9))
}

fn at_equilibrium(trial: &mut Trial) -> Result<Outcome, Trouble> {
    // The diagonal above the rest: no saddle of pure strategies.
    let [low, high] = [[-2.0, 0.0], [0.5, 2.0]];
    let mut draw = |[from, to]: [f64; 2]| between(from, to, &mut trial.rng);
    let (a, b, c, d) = (draw(high), draw(low), draw(low), draw(high));
    let sum = a + d - b - c;
    let p = array![(d - c) / sum, (a - b) / sum];
    let q = array![(d - b) / sum, (a - c) / sum];
    let game = array![[a, b], [c, d]];
    let got = trial.number(args![game, p, q])?;
    let [p_aside, q_aside] = [&p, &q].map(|s| array![0.5 * s[0], 1.0 - 0.5 * s[0]]);
    let more = trial.number(args![game, p_aside, q_aside])?;
    Ok(Outcome::within("gap", 0.0, got, 1e-9).and(Outcome::close(
        "gap beside it",
        gap_by_replies(&game, &p_aside, &q_aside),
        more,
        1e-9,
    )))
}

fn other_units(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_matrix(4, 3, &mut trial.rng);
    let (p, q) = (strategy(4, &mut trial.rng), strategy(3, &mut trial.rng));
    let unit = size_between(-2.0, 2.0, &mut trial.rng);
    let fee = between(4.0, 6.0, &mut trial.rng) * unit;
    let got = trial.number(args![(&a * unit + fee), p, q])?;
    let expected = unit * gap_by_replies(&a, &p, &q);
    Ok(Outcome::close("gap", expected, got, 1e-9))
}
