//! Exercises of `06_overparameterised_optimisation`.

pub(super) mod margins;

use margins::{conditions, descent, dual, rates};
use ndarray::{Array1, Array2};

use super::inputs::{between, count, normal_matrix, normal_vector, size_between};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::linalg::{symmetric_eigen, thin_svd};
use crate::model::two_layer_ntk;

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "infinite_width_kernel",
        chapter: "06_overparameterised_optimisation",
        title: "The kernel of an infinitely wide first layer",
        hints: &[
            "The mean of 1[w·x > 0] 1[w·x' > 0] over w ~ N(0, I) is the share of half spaces that hold both: it depends on the \
             angle θ alone.",
            "Two half planes, each bounded by a line across its own input, share the angle π − θ of 2π.",
            "H_ij = x_i·x_j (π − θ_ij)/(2π). Keep the cosine within −1 and 1 before its acos.",
        ],
        checks: &[
            Check {
                name: "diagonal",
                about: "an input meets itself in half of all units: ‖x‖²/2",
                run: diagonal,
            },
            Check {
                name: "units",
                about: "40,000 drawn units: within 6 standard errors at every pair",
                run: units,
            },
            Check {
                name: "lengths",
                about: "an input three times as long: its row and its column three times as large",
                run: lengths,
            },
        ],
    },
    Exercise {
        name: "pl_constant",
        chapter: "06_overparameterised_optimisation",
        title: "The PL constant of a linear model",
        hints: &[
            "∇L = Aᵀr with r = Aw − y. Which part of r does descent still see, and which part can no w change?",
            "With y within reach of A, ½‖Aᵀr‖² ≥ μ·½‖r‖² for every r = Av. Write v and r by the singular vectors of A.",
            "Each direction shrinks with its own σ². The slowest one decides: μ is the square of the smallest singular value of \
             the thin decomposition.",
        ],
        checks: &[
            Check {
                name: "holds",
                about: "wide A: ½‖∇L‖² ≥ μL at 200 random places",
                run: holds,
            },
            Check {
                name: "largest",
                about: "and a larger μ does not: along one direction the two are equal",
                run: largest_possible,
            },
            Check {
                name: "scale",
                about: "at 3A it is nine times as large",
                run: scale,
            },
        ],
    },
    Exercise {
        name: "descent_budget",
        chapter: "06_overparameterised_optimisation",
        title: "How many steps, and how far",
        hints: &[
            "At η = 1/β a step leaves at most the part 1 − μ/β of the loss. How often, until the target is reached?",
            "Solve (1 − μ/β)^t · loss ≤ target for t and round up. Then put in β = μ, and a target above the loss.",
            "t = ⌈ln(target/loss)/ln(1 − μ/β)⌉, not below 0; and R = 2√(2β·loss)/μ.",
        ],
        checks: &[
            Check {
                name: "enough",
                about: "after t steps the bound is at most the target",
                run: enough,
            },
            Check {
                name: "fewest",
                about: "after t − 1 steps it is not",
                run: fewest,
            },
            Check {
                name: "radius",
                about: "R = 2√(2βL₀)/μ: four times the loss doubles it, half of μ too",
                run: radius,
            },
            Check {
                name: "quadratic",
                about: "descent on a quadratic with these constants reaches the target within t steps and stays within R",
                run: quadratic,
            },
        ],
    },
    Exercise {
        name: "late_loss",
        chapter: "06_overparameterised_optimisation",
        title: "The loss after many steps",
        hints: &[
            "The mean loss of the limit is (1/n) Σ e^(−z_i·w) over the support vectors, w = ŵ ln t + ρ.",
            "With (η/n) e^(−z_i·ρ) = α_i a sum over the support is left: Σ α_i/(ηt).",
            "Σ α_i = ‖ŵ‖², and ‖ŵ‖ = 1/γ.",
        ],
        checks: &[
            Check {
                name: "descent",
                about: "one example at distance γ, 20,000 steps of gradient descent: their loss, within 2 %",
                run: descent,
            },
            Check {
                name: "rates",
                about: "twice the steps, or twice the rate: half the loss. Twice the margin: a quarter",
                run: rates,
            },
        ],
    },
    Exercise {
        name: "two_multipliers",
        chapter: "06_overparameterised_optimisation",
        title: "The multipliers of two examples",
        hints: &[
            "If both support the margin, z₁·w = z₂·w = 1 with w = α₁z₁ + α₂z₂: two equations for α.",
            "A negative solution is forbidden: then one example supports alone. Which?",
            "Alone it has α = 1/‖z‖². The other has 0, and a margin of at least 1: it is the shorter example that supports.",
        ],
        checks: &[
            Check {
                name: "conditions",
                about: "α ≥ 0, margins of w = Σ α_i z_i at least 1, and exactly 1 where α_i > 0",
                run: conditions,
            },
            Check {
                name: "dual",
                about: "Σ α_i = ‖w‖²",
                run: dual,
            },
        ],
    },
];

fn diagonal(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(count(2, 6, &mut trial.rng), 4, &mut trial.rng)
        * size_between(-1.0, 1.0, &mut trial.rng);
    let n = x.nrows();
    let h = trial.matrix(args![x], (n, n))?;
    let expected = x.map_axis(ndarray::Axis(1), |row| row.dot(&row) / 2.0);
    Ok(Outcome::arrays("the diagonal", &expected, &h.diag(), 1e-6))
}

/// Units of random numbers of the check's own: another route than the closed form.
fn units(trial: &mut Trial) -> Result<Outcome, Trouble> {
    const UNITS: usize = 40_000;
    let x = normal_matrix(4, 3, &mut trial.rng);
    let h = trial.matrix(args![x], (4, 4))?;
    let signs = x
        .dot(&normal_matrix(3, UNITS, &mut trial.rng))
        .mapv(|z| if z > 0.0 { 1.0 } else { 0.0 });
    let shares = signs.dot(&signs.t()) / UNITS as f64;
    let inner = x.dot(&x.t());
    let mut outcome = Outcome::holds("the kernel", true, "one of units", "one of units");
    for ((i, j), share) in shares.indexed_iter().filter(|((i, j), _)| i < j) {
        // A share of 0 or 1 has an error all the same: one unit more or less.
        let error = (share * (1.0 - share) / UNITS as f64).sqrt() + 1.0 / UNITS as f64;
        let what = format!("H[{i}, {j}]");
        let limit = 6.0 * error * inner[[i, j]].abs();
        outcome = outcome.and(Outcome::within(
            &what,
            inner[[i, j]] * share,
            h[[i, j]],
            limit,
        ));
    }
    Ok(outcome)
}

fn lengths(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(3, 5, &mut trial.rng);
    let mut longer = x.clone();
    longer.row_mut(1).mapv_inplace(|v| 3.0 * v);
    let (h, long) = (
        trial.matrix(args![x], (3, 3))?,
        trial.matrix(args![longer], (3, 3))?,
    );
    let expected = Array1::from(vec![
        3.0 * h[[0, 1]],
        9.0 * h[[1, 1]],
        3.0 * h[[2, 1]],
        h[[0, 2]],
    ]);
    let got = Array1::from(vec![long[[0, 1]], long[[1, 1]], long[[1, 2]], long[[2, 0]]]);
    let known = two_layer_ntk(&x, &x)?.first;
    Ok(
        Outcome::arrays("row and column of the longer input", &expected, &got, 1e-6)
            .and(Outcome::arrays("the kernel", &known, &h, 1e-6)),
    )
}

/// A wide matrix of full rank, of any size.
fn wide(trial: &mut Trial) -> Array2<f64> {
    let n = count(2, 5, &mut trial.rng);
    let m = n + count(1, 6, &mut trial.rng);
    normal_matrix(n, m, &mut trial.rng) * size_between(-1.0, 1.0, &mut trial.rng)
}

/// At two sizes of A, so that no one number passes.
fn holds(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let small = wide(trial);
    let mut outcome = Outcome::holds("μ", true, "a limit", "a limit");
    for a in [&small * 10.0, small] {
        let mu = trial.number(args![a])?;
        let ratio = |rng: &mut crate::rng::Rng| {
            let r = a.dot(&normal_vector(a.ncols(), rng)) - normal_vector(a.nrows(), rng);
            let gradient = a.t().dot(&r);
            gradient.dot(&gradient) / r.dot(&r)
        };
        let least = (0..200)
            .map(|_| ratio(&mut trial.rng))
            .fold(f64::INFINITY, f64::min);
        let known = thin_svd(&a)?.s[a.nrows() - 1].powi(2);
        outcome = Outcome::at_most("μ, beside the least ½‖∇L‖²/L", least * (1.0 + 1e-9), mu)
            .and(Outcome::at_least("μ", 0.3 * known, mu))
            .and(outcome);
    }
    Ok(outcome)
}

fn largest_possible(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = wide(trial);
    let mu = trial.number(args![a])?;
    let values = symmetric_eigen(&a.dot(&a.t()))?.values;
    Ok(Outcome::close("μ", values[values.len() - 1], mu, 1e-7))
}

fn scale(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = wide(trial);
    let once = trial.number(args![a])?;
    let thrice = trial.number(args![&a * 3.0])?;
    let known = thin_svd(&a)?.s[a.nrows() - 1].powi(2);
    Ok(Outcome::close("μ of 3A", 9.0 * once, thrice, 1e-7)
        .and(Outcome::close("μ of A", known, once, 1e-7)))
}

/// β, μ, the loss and a target below it.
fn problem(trial: &mut Trial) -> [f64; 4] {
    let rng = &mut trial.rng;
    let beta = size_between(-1.0, 2.0, rng);
    let loss = size_between(-1.0, 2.0, rng);
    [
        beta,
        beta / between(1.5, 200.0, rng),
        loss,
        loss * size_between(-8.0, -0.5, rng),
    ]
}

fn left([beta, mu, loss, _]: [f64; 4], steps: usize) -> f64 {
    (1.0 - mu / beta).powf(steps as f64) * loss
}

fn enough(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let all = problem(trial);
    let [beta, mu, loss, target] = all;
    let (steps, _): (usize, f64) = trial.call(args![beta, mu, loss, target])?;
    let most = 2.0 * (target / loss).ln() / (-mu / beta).ln_1p() + 10.0;
    let bound = Outcome::at_most(
        &format!("the bound after {steps} steps"),
        target * (1.0 + 1e-9),
        left(all, steps),
    );
    Ok(bound.and(Outcome::at_most("the number of steps", most, steps as f64)))
}

fn fewest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let all = problem(trial);
    let [beta, mu, loss, target] = all;
    let (steps, _): (usize, f64) = trial.call(args![beta, mu, loss, target])?;
    let before = left(all, steps.saturating_sub(1));
    let bound = Outcome::at_least(
        &format!("the bound one step before {steps}"),
        target * (1.0 - 1e-9),
        before,
    );
    let least = (target / loss).ln() / (-mu / beta).ln_1p() / 2.0;
    Ok(bound.and(Outcome::at_least(
        "the number of steps",
        least,
        steps as f64,
    )))
}

fn radius(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let [beta, mu, loss, target] = problem(trial);
    let (_, once): (usize, f64) = trial.call(args![beta, mu, loss, target])?;
    let (_, more): (usize, f64) = trial.call(args![beta, mu, 4.0 * loss, target])?;
    let (_, weaker): (usize, f64) = trial.call(args![beta, mu / 2.0, loss, target])?;
    let expected = 2.0 * (2.0 * beta * loss).sqrt() / mu;
    Ok(Outcome::close("R", expected, once, 1e-9)
        .and(Outcome::close(
            "R at four times the loss",
            2.0 * expected,
            more,
            1e-9,
        ))
        .and(Outcome::close(
            "R at half of μ",
            2.0 * expected,
            weaker,
            1e-9,
        )))
}

/// ½(βa² + μb²) by descent at 1/β from a random place: only b is left after a step.
fn quadratic(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let [beta, mu, _, _] = problem(trial);
    let (a, b) = (
        between(0.5, 2.0, &mut trial.rng),
        between(0.5, 2.0, &mut trial.rng),
    );
    let loss = 0.5 * (beta * a * a + mu * b * b);
    let target = loss * 1e-6;
    let (steps, radius): (usize, f64) = trial.call(args![beta, mu, loss, target])?;
    // (1 − μ/β)^(2t) of b² is left.
    let rest = 0.5 * mu * b * b * (1.0 - mu / beta).powf(2.0 * steps as f64);
    let most = 2.0 * 1e-6_f64.ln() / (-mu / beta).ln_1p() + 10.0;
    Ok(Outcome::at_most("the loss after these steps", target, rest)
        .and(Outcome::at_least("R", a.hypot(b), radius))
        .and(Outcome::at_most(
            "R",
            2.0 * (2.0 * beta * loss).sqrt() / mu * (1.0 + 1e-9),
            radius,
        ))
        .and(Outcome::at_most("the number of steps", most, steps as f64)))
}
