//! Exercises of `10_rademacher`.

pub(super) mod promised_gap;

use ndarray::{Array1, Array2};
use rand::RngExt;

use super::inputs::{between, count, normal_matrix, size_between};
use super::law::{ERRORS, from_its_generator};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::linalg::thin_svd;
use crate::measure::{LinearBall, hoeffding_gap};
use crate::rng::Rng;

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "examples_needed",
        chapter: "10_rademacher",
        title: "How many examples for m classifiers",
        hints: &[
            "Set the bound equal to the gap and solve for n. Then round up.",
            "The 0–1 loss lies in [0, 1]: its bound is ½ √(2 ln(2m/δ)/n).",
            "n is the least whole number that is at least ln(2m/δ) / (2 gap²).",
        ],
        checks: &[
            Check {
                name: "enough",
                about: "with n examples the bound is at most the gap, and n is not ten times too large",
                run: enough,
            },
            Check {
                name: "no_more",
                about: "with n − 1 examples it is not, and n is not ten times too small",
                run: no_more,
            },
        ],
    },
    Exercise {
        name: "sampled_complexity",
        chapter: "10_rademacher",
        title: "The complexity of a finite class, with its standard error",
        hints: &[
            "Each draw gives one number: draw n signs, take the largest of the m means.",
            "One draw: values.dot(&signs) has m entries; take the largest and divide by n.",
            "The standard error is √(Σ(s − mean)²/(draws − 1)) / √draws, s the number of a draw.",
        ],
        checks: &[
            Check {
                name: "estimate",
                about: "4,000 draws, four classes: within 6 standard errors of the mean over all signs; another generator, another mean",
                run: estimate,
            },
            Check {
                name: "standard_error",
                about: "the second number is the standard deviation of the first",
                run: standard_error,
            },
        ],
    },
    Exercise {
        name: "promised_gap",
        chapter: "10_rademacher",
        title: "What the theorem promises you",
        hints: &[
            "Three things are asked for: how many functions there are, their complexity, and the price of being sure.",
            "One of d features, one of k thresholds, and two ways to say which side is +1: so many functions.",
            "Massart's bound is the complexity of the functions, twice that of their losses: it enters once. ln is the natural logarithm.",
        ],
        checks: &[Check {
            name: "number",
            about: "the right number for the name beside it, to four significant digits",
            run: promised_gap::number,
        }],
    },
    Exercise {
        name: "ball_complexity",
        chapter: "10_rademacher",
        title: "The complexity of an ℓ2 ball, exactly",
        hints: &[
            "For given signs the supremum has a closed form: (B/n) ‖g‖ with g = Σ σ_i x_i.",
            "Bit i of a number from 0 to 2ⁿ − 1 says whether σ_i is −1: pattern >> i & 1.",
            "Add up signs.dot(x)'s length over all patterns; divide by n and by 2ⁿ; times B.",
        ],
        checks: &[
            Check {
                name: "orthonormal",
                about: "orthonormal inputs: ‖g‖ = √n for all signs, so B/√n",
                run: orthonormal,
            },
            Check {
                name: "repeated_point",
                about: "one point n times: B ‖x‖ E|σ₁ + … + σₙ| / n",
                run: repeated_point,
            },
            Check {
                name: "any_inputs",
                about: "random inputs, ball of radius B: the mean over all signs",
                run: any_inputs,
            },
        ],
    },
    Exercise {
        name: "inseparable_labels",
        chapter: "10_rademacher",
        title: "Labels that no hyperplane fits",
        hints: &[
            "d + 1 vectors in d dimensions are dependent: Σ c_i x_i = 0 with numbers c_i.",
            "If all y_i w·x_i > 0, then Σ |c_i| y_i w·x_i > 0. For which y is that sum 0 for every w?",
            "Set the last c to 1, solve for the others, and take y_i = sign(c_i).",
        ],
        checks: &[
            Check {
                name: "plane",
                about: "three points of the plane: no line through 0 separates the labels",
                run: |trial| inseparable(trial, 2),
            },
            Check {
                name: "space",
                about: "six points of ℝ⁵",
                run: |trial| inseparable(trial, 5),
            },
        ],
    },
];

/// The numbers m, gap and δ of a problem whose bound needs many examples.
fn problem(rng: &mut Rng) -> (usize, f64, f64) {
    let delta = between(0.01, 0.2, rng);
    (count(2, 100_000, rng), between(0.02, 0.2, rng), delta)
}

/// Half of Hoeffding's bound: that of the 0–1 loss.
fn bound(n: usize, m: usize, delta: f64) -> Result<f64, Trouble> {
    Ok(0.5 * hoeffding_gap(n, delta, 1.0, m)?)
}

fn enough(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (m, gap, delta) = problem(&mut trial.rng);
    let n: usize = trial.call(args![m, gap, delta])?;
    let most = 10.0 * n_exact(m, gap, delta) + 10.0;
    Ok(Outcome::at_most(
        &format!("bound for n = {n}, m = {m}"),
        gap * (1.0 + 1e-9),
        bound(n.max(1), m, delta)?,
    )
    .and(Outcome::at_most("n", most, n as f64)))
}

/// What n must not be below: ln(2m/δ)/(2 gap²).
fn n_exact(m: usize, gap: f64, delta: f64) -> f64 {
    (2.0 * m as f64 / delta).ln() / (2.0 * gap * gap)
}

/// Catches bounds that hold with too many examples; what is far too few is no answer either.
fn no_more(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (m, gap, delta) = problem(&mut trial.rng);
    let n: usize = trial.call(args![m, gap, delta])?;
    let fewer = n.saturating_sub(1).max(1);
    Ok(Outcome::at_least(
        &format!("bound for n − 1 = {fewer}, m = {m}"),
        gap * (1.0 - 1e-9),
        bound(fewer, m, delta)?,
    )
    .and(Outcome::at_least(
        "n",
        n_exact(m, gap, delta) / 10.0,
        n as f64,
    )))
}

/// The n signs of a pattern.
pub(super) fn signs(n: usize, pattern: usize) -> Array1<f64> {
    Array1::from_shape_fn(n, |i| if pattern >> i & 1 == 1 { -1.0 } else { 1.0 })
}

/// Mean, variance and fourth central moment of the supremum over all signs.
pub(super) fn moments(values: &Array2<f64>) -> [f64; 3] {
    let n = values.ncols();
    let largest = |sums: Array1<f64>| sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let suprema: Vec<f64> = (0..1 << n)
        .map(|pattern| largest(values.dot(&signs(n, pattern))) / n as f64)
        .collect();
    let mean =
        |f: &dyn Fn(f64) -> f64| suprema.iter().map(|s| f(*s)).sum::<f64>() / suprema.len() as f64;
    let first = mean(&|s| s);
    [
        first,
        mean(&|s| (s - first).powi(2)),
        mean(&|s| (s - first).powi(4)),
    ]
}

const DRAWS: usize = 4000;

/// Values of all sizes; classes of one function, of few and of many; a single input.
fn estimate(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let many = normal_matrix(2, 40, &mut trial.rng);
    let mut outcome = from_its_generator(trial, |trial, seed| {
        trial.call::<(f64, f64)>(args![many, 20_usize, seed])
    })?;
    for (m, n) in [(2, 5), (40, 4), (3, 1), (6, 8)] {
        let size = size_between(-3.0, 3.0, &mut trial.rng);
        let values = normal_matrix(m, n, &mut trial.rng) * size;
        let [mean, variance, _] = moments(&values);
        let seed = trial.seed();
        let (got, _): (f64, f64) = trial.call(args![values, DRAWS, seed])?;
        let error = (variance / DRAWS as f64).sqrt();
        let what = format!("the mean for {m} functions on {n} inputs");
        outcome = Outcome::within(&what, mean, got, ERRORS * error + 1e-9 * size).and(outcome);
    }
    Ok(outcome)
}

/// The standard deviation of a standard error is known too, from the fourth moment.
fn standard_error(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let values = normal_matrix(6, 8, &mut trial.rng);
    let [_, variance, fourth] = moments(&values);
    let seed = trial.seed();
    let (_, got): (f64, f64) = trial.call(args![values, DRAWS, seed])?;
    let draws = DRAWS as f64;
    let relative = 0.5 * ((fourth - variance * variance) / draws).sqrt() / variance;
    let exact = (variance / draws).sqrt();
    let tolerance = 6.0 * relative + 1.0 / draws;
    Ok(Outcome::close("the standard error", exact, got, tolerance))
}

fn orthonormal(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(3, 8, &mut trial.rng);
    let x = thin_svd(&normal_matrix(n, 10, &mut trial.rng))?.vt;
    let radius = between(0.5, 3.0, &mut trial.rng);
    let got = trial.number(args![x, radius])?;
    let expected = radius / (n as f64).sqrt();
    Ok(Outcome::close("complexity", expected, got, 1e-9))
}

/// Here Jensen's bound is far off: the length of g is not its root mean square.
fn repeated_point(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(4, 9, &mut trial.rng);
    let point = normal_matrix(1, 3, &mut trial.rng);
    let x = Array2::from_shape_fn((n, 3), |(_, j)| point[[0, j]]);
    let walk: f64 = (0..1 << n)
        .map(|pattern| signs(n, pattern).sum().abs())
        .sum();
    let length = point.iter().map(|v| v * v).sum::<f64>().sqrt();
    let expected = 2.0 * length * walk / n as f64 / f64::from(1 << n);
    let got = trial.number(args![x, 2.0])?;
    Ok(Outcome::close("complexity", expected, got, 1e-9))
}

fn any_inputs(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(9, 3, &mut trial.rng) * size_between(-3.0, 3.0, &mut trial.rng);
    let radius = size_between(-2.0, 2.0, &mut trial.rng);
    let exact = LinearBall::L2 { radius }.exact_complexity(&x)?;
    let got = trial.number(args![x, radius])?;
    Ok(Outcome::close("complexity", exact, got, 1e-9))
}

/// Points of ℝᵈ with Σ c_i x_i = 0 for c drawn first, no |c_i| small. By Gordan's theorem labels
/// are inseparable only if Σ a_i y_i x_i = 0 with a ≥ 0 not 0, and a dependence is c or a multiple.
/// The signs of c are not all the same: one label for all points would be right by chance.
pub(super) fn inseparable(trial: &mut Trial, d: usize) -> Result<Outcome, Trouble> {
    let mut x = normal_matrix(d + 1, d, &mut trial.rng);
    let sign = |rng: &mut Rng| if rng.random() { 1.0 } else { -1.0 };
    let c: Array1<f64> = loop {
        let c = Array1::from_shape_simple_fn(d + 1, || {
            sign(&mut trial.rng) * between(0.3, 1.0, &mut trial.rng)
        });
        if c.iter().any(|other| other * c[0] < 0.0) {
            break c;
        }
    };
    let mut last = Array1::<f64>::zeros(d);
    for i in 0..d {
        last = last - &x.row(i) * (c[i] / c[d]);
    }
    x.row_mut(d).assign(&last);
    let y = trial.vector(args![x], d + 1)?;
    let sum = (&c.mapv(f64::abs) * &y).dot(&x);
    let far = y.iter().map(|y| (y.abs() - 1.0).abs()).fold(0.0, f64::max);
    Ok(
        Outcome::at_most("largest | |y_i| − 1 |", 0.0, far).and(Outcome::at_most(
            "‖Σ |c_i| y_i x_i‖, 0 only if inseparable",
            1e-9,
            sum.dot(&sum).sqrt(),
        )),
    )
}
