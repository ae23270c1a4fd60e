//! Hidden checks of `05_gans`: transport.

use ndarray::{Array1, Array2, array};
use statrs::distribution::{ContinuousCDF, Normal};

use super::Hidden;
use crate::exercise::chapter_05::transport::{by_pairings, cost_of_carrying, covariance};
use crate::exercise::inputs::{between, count, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "sorted_distance",
        &[
            Check {
                name: "many",
                about: "hundreds of numbers: the area between the two distribution functions, for p = 1",
                run: many,
            },
            Check {
                name: "few",
                about: "samples of one number, of equal numbers, and an odd p",
                run: few,
            },
        ],
    ),
    (
        "bures_distance",
        &[
            Check {
                name: "flat",
                about: "a covariance that is singular, as the second and as the first",
                run: flat,
            },
            Check {
                name: "itself",
                about: "a Gaussian and itself moved: the way it was moved",
                run: itself,
            },
        ],
    ),
    (
        "pushed_density",
        &[
            Check {
                name: "folded",
                about: "ω³ − 3ω between its turns: the slope of the distribution function, from three ω",
                run: folded,
            },
            Check {
                name: "nowhere",
                about: "a y that no ω goes to, beside one that is met",
                run: nowhere,
            },
        ],
    ),
];

fn many(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(200, 400, &mut trial.rng);
    let x = normal_vector(n, &mut trial.rng);
    let y = normal_vector(n, &mut trial.rng) * 1.5 + 0.3;
    let mut ends: Vec<f64> = x.iter().chain(&y).copied().collect();
    ends.sort_by(f64::total_cmp);
    let share = |sample: &Array1<f64>, t: f64| {
        sample.iter().filter(|v| **v <= t).count() as f64 / n as f64
    };
    let pieces = ends.windows(2);
    let area: f64 = pieces
        .map(|e| (share(&x, e[0]) - share(&y, e[0])).abs() * (e[1] - e[0]))
        .sum();
    let got = trial.number(args![x, y, 1.0])?;
    Ok(Outcome::close("distance", area, got, 1e-9))
}

fn few(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("distance", true, "right", "right");
    let (a, b) = (between(-3.0, -1.0, &mut trial.rng), between(1.0, 3.0, &mut trial.rng));
    let p = between(1.2, 5.0, &mut trial.rng);
    for (x, y) in [
        (array![a], array![b]),
        (array![a, a, b], array![b, a, b]),
        (array![b, a, a, b], array![a + b, b, a, a]),
    ] {
        let got = trial.number(args![x, y, p])?;
        outcome = outcome.and(Outcome::close("distance", by_pairings(&x, &y, p), got, 1e-9));
    }
    Ok(outcome)
}

fn flat(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("distance", true, "right", "right");
    for _ in 0..4 {
        let d = count(3, 6, &mut trial.rng);
        let (m1, m2) = (normal_vector(d, &mut trial.rng), normal_vector(d, &mut trial.rng));
        let full = covariance(d, 0.5, 3.0, &mut trial.rng);
        // On a line through the mean.
        let u = normal_vector(d, &mut trial.rng);
        let u = &u / u.dot(&u).sqrt();
        let a = Array2::from_shape_fn((d, d), |(i, j)| 1.3 * u[i] * u[j]);
        let thin = a.dot(&full).dot(&a);
        let thin = (&thin + &thin.t()) * 0.5;
        let expected = cost_of_carrying(&(&m1 - &m2), &full, &a);
        let there = trial.number(args![m1, full, m2, thin])?;
        let back = trial.number(args![m2, thin, m1, full])?;
        for got in [there, back] {
            outcome = outcome.and(Outcome::close("distance", expected, got, 1e-6));
        }
    }
    Ok(outcome)
}

fn itself(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("distance", true, "right", "right");
    for _ in 0..12 {
        let d = count(2, 6, &mut trial.rng);
        let m = normal_vector(d, &mut trial.rng);
        let s = covariance(d, 0.5, 3.0, &mut trial.rng);
        let by = normal_vector(d, &mut trial.rng);
        let moved = trial.number(args![m, s, (&m + &by), s])?;
        outcome = outcome.and(Outcome::close("distance", by.dot(&by).sqrt(), moved, 1e-6));
        let here = trial.number(args![m, s, m, s])?;
        outcome = outcome.and(Outcome::within("distance to itself", 0.0, here, 1e-5));
    }
    Ok(outcome)
}

fn folded(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let y = between(-1.8, 1.8, &mut trial.rng);
    // ω³ − 3ω = y is cos 3φ = y/2 with ω = 2 cos φ; ascending.
    let roots = |y: f64| {
        let third = (0.5 * y).acos() / 3.0;
        let turn = std::f64::consts::TAU / 3.0;
        [third + turn, third + 2.0 * turn, third].map(|phi| 2.0 * phi.cos())
    };
    let below = |y: f64| {
        let [a, b, c] = roots(y).map(|w| Normal::standard().cdf(w));
        a + c - b
    };
    let step = 1e-5;
    let expected = (below(y + step) - below(y - step)) / (2.0 * step);
    let omegas = Array1::from(roots(y).to_vec());
    let slopes = omegas.mapv(|w| 3.0 * w * w - 3.0);
    let got = trial.number(args![omegas, slopes])?;
    Ok(Outcome::close("density", expected, got, 1e-6))
}

fn nowhere(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let none: Array1<f64> = Array1::zeros(0);
    let got = trial.number(args![none, none])?;
    // A map that shrinks a hundredfold around 0.
    let slope = between(0.005, 0.02, &mut trial.rng);
    let met = trial.number(args![(array![0.0]), (array![-slope])])?;
    let expected = 1.0 / (slope * std::f64::consts::TAU.sqrt());
    Ok(Outcome::within("density where nothing goes", 0.0, got, 1e-12)
        .and(Outcome::close("density", expected, met, 1e-9)))
}
