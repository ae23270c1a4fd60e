//! Exercises of `11_overfitting_regimes`.

use ndarray::Array1;

use super::inputs::{between, count, normal_matrix, normal_vector, size_between};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::fit::knn_regression;

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "singular_mean",
        chapter: "11_overfitting_regimes",
        title: "A weighted mean that interpolates",
        hints: &[
            "At a training point the weight is infinite, and ∞/∞ is NaN. Divide all weights by the largest first.",
            "The relative weight (nearest/distance)^a lies in [0, 1]; the nearest point has 1.",
            "A point at the nearest distance has relative weight 1, also where that distance is 0.",
        ],
        checks: &[
            Check {
                name: "interpolates",
                about: "at the training points it returns their labels",
                run: interpolates,
            },
            Check {
                name: "weights",
                about: "elsewhere: the mean with weights 1/distance^a, whether distances are near 10⁻³⁰, 1 or 10³⁰",
                run: weights,
            },
        ],
    },
    Exercise {
        name: "neighbour_mean",
        chapter: "11_overfitting_regimes",
        title: "The mean of the k nearest labels",
        hints: &[
            "For each test point: the distances to all training points, then their order.",
            "order.sort_by(|a, b| distances[*a].total_cmp(&distances[*b])) sorts indices by distance, and keeps equals as they were.",
            "Sort the indices by distance, keep the first k, average their labels.",
        ],
        checks: &[
            Check {
                name: "one_neighbour",
                about: "k = 1 interpolates: at training points it returns their labels",
                run: one_neighbour,
            },
            Check {
                name: "all_of_them",
                about: "k = n gives the mean of all labels everywhere",
                run: all_of_them,
            },
            Check {
                name: "nearest_ones",
                about: "5 of 30 points in 3 dimensions, Euclidean distance",
                run: nearest_ones,
            },
        ],
    },
    Exercise {
        name: "vote_error",
        chapter: "11_overfitting_regimes",
        title: "The error of a vote among noisy labels",
        hints: &[
            "First q: the chance that more than half of k labels are wrong. It is a binomial law.",
            "q = Σ_{j > k/2} C(k, j) ηʲ (1 − η)ᵏ⁻ʲ. For large k build it up label by label.",
            "The vote and the test label disagree if exactly one of them is wrong: q(1 − η) + (1 − q)η.",
        ],
        checks: &[
            Check {
                name: "one_neighbour",
                about: "k = 1: exactly one of two labels is wrong, 2η(1 − η)",
                run: one_vote,
            },
            Check {
                name: "coin",
                about: "η = ½: labels say nothing, the error is ½ for every k, and 2η(1 − η) for one",
                run: coin,
            },
            Check {
                name: "all_cases",
                about: "k = 5: the sum over all 64 cases of right and wrong labels",
                run: all_cases,
            },
        ],
    },
    Exercise {
        name: "worst_labels",
        chapter: "11_overfitting_regimes",
        title: "Small labels, huge polynomial",
        hints: &[
            "The polynomial's value at t is linear in the labels: Σ y_i ℓ_i(t).",
            "A sum Σ y_i ℓ_i with |y_i| ≤ 1 is largest where every term is positive.",
            "ℓ_i(t) = Π_{j ≠ i} (t − x_j)/(x_i − x_j); take y_i = 1 or −1 by its sign.",
        ],
        checks: &[Check {
            name: "grid",
            about: "equally spaced points: no labels in [−1, 1] give more at t",
            run: grid,
        }],
    },
];

fn interpolates(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(20, 2, &mut trial.rng) * size_between(-30.0, 30.0, &mut trial.rng);
    let y = normal_vector(20, &mut trial.rng);
    let got = trial.vector(args![x, y, x, 2.0], 20)?;
    Ok(Outcome::arrays(
        "values at the training points",
        &y,
        &got,
        1e-9,
    ))
}

/// Distances of all sizes: near is a question of proportions.
fn weights(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("values", true, "right", "right");
    for size in [1e-30, 1.0, 1e30] {
        let x = normal_matrix(12, 3, &mut trial.rng) * size;
        let y = normal_vector(12, &mut trial.rng) * size_between(-6.0, 6.0, &mut trial.rng);
        let test = normal_matrix(7, 3, &mut trial.rng) * size;
        let exponent = between(0.5, 4.0, &mut trial.rng);
        let got = trial.vector(args![x, y, test, exponent], 7)?;
        let mean = |point: ndarray::ArrayView1<f64>| {
            let w: Array1<f64> = x
                .rows()
                .into_iter()
                .map(|row| ((&row - &point) / size).mapv(|v| v * v).sum())
                .map(|square| square.powf(-exponent / 2.0))
                .collect();
            w.dot(&y) / w.sum()
        };
        let expected: Array1<f64> = test.rows().into_iter().map(mean).collect();
        let what = format!("values, distances near {size:e}");
        outcome = outcome.and(Outcome::arrays(&what, &expected, &got, 1e-9));
    }
    Ok(outcome)
}

fn one_neighbour(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(25, 2, &mut trial.rng);
    let y = normal_vector(25, &mut trial.rng);
    let got = trial.vector(args![x, y, x, 1_usize], 25)?;
    Ok(Outcome::arrays(
        "values at the training points",
        &y,
        &got,
        1e-12,
    ))
}

fn all_of_them(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(5, 15, &mut trial.rng);
    let x = normal_matrix(n, 2, &mut trial.rng);
    let y = normal_vector(n, &mut trial.rng) + 1.0;
    let test = normal_matrix(6, 2, &mut trial.rng);
    let got = trial.vector(args![x, y, test, n], 6)?;
    let mean = Array1::from_elem(6, y.sum() / n as f64);
    Ok(Outcome::arrays("values", &mean, &got, 1e-9))
}

fn nearest_ones(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let size = size_between(-6.0, 6.0, &mut trial.rng);
    let x = normal_matrix(30, 3, &mut trial.rng) * size;
    let y = normal_matrix(30, 1, &mut trial.rng);
    let test = normal_matrix(20, 3, &mut trial.rng) * size;
    let labels = y.column(0).to_owned();
    let got = trial.vector(args![x, labels, test, 5_usize], 20)?;
    let expected = knn_regression(&x, &y, &test, 5)?;
    Ok(Outcome::arrays(
        "values",
        &expected.column(0),
        &got.view(),
        1e-9,
    ))
}

fn one_vote(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let eta = between(0.05, 0.45, &mut trial.rng);
    let got = trial.number(args![1_usize, eta])?;
    Ok(Outcome::close("error", 2.0 * eta * (1.0 - eta), got, 1e-9))
}

fn coin(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = 2 * count(1, 20, &mut trial.rng) + 1;
    let got = trial.number(args![k, 0.5])?;
    let half = Outcome::close(&format!("error for k = {k}"), 0.5, got, 1e-9);
    // A constant knows the half too.
    Ok(half.and(one_vote(trial)?))
}

/// Of six labels five vote and one is the test label: all 64 cases, each with its chance.
pub(super) fn all_cases(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let eta = between(0.05, 0.45, &mut trial.rng);
    let chance = |case: u32| {
        let wrong = case.count_ones() as i32;
        eta.powi(wrong) * (1.0 - eta).powi(6 - wrong)
    };
    let error = |case: &u32| ((case & 31).count_ones() > 2) != (case & 32 != 0);
    let expected: f64 = (0..64).filter(error).map(chance).sum();
    let got = trial.number(args![5_usize, eta])?;
    Ok(Outcome::close("error for k = 5", expected, got, 1e-9))
}

fn grid(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(8, 16, &mut trial.rng);
    let place = |i: f64| 2.0 * i / (n - 1) as f64 - 1.0;
    let x = Array1::from_shape_fn(n, |i| place(i as f64));
    let interval = count(0, n - 2, &mut trial.rng) as f64;
    let t = place(interval + between(0.1, 0.9, &mut trial.rng));
    largest(trial, &x, t)
}

/// No labels in [−1, 1] give more than Σ|ℓ_i(t)|, and some reach it.
pub(super) fn largest(trial: &mut Trial, x: &Array1<f64>, t: f64) -> Result<Outcome, Trouble> {
    let n = x.len();
    let y = trial.vector(args![x, t], n)?;
    let factor = |i: usize, j: usize| (t - x[j]) / (x[i] - x[j]);
    let lagrange = Array1::from_shape_fn(n, |i| {
        (0..n).filter(|j| *j != i).map(|j| factor(i, j)).product()
    });
    let most: f64 = lagrange.iter().map(|l: &f64| l.abs()).sum();
    let size = y.iter().fold(0.0, |most: f64, y| most.max(y.abs()));
    Ok(
        Outcome::at_most("largest |y_i|", 1.0, size).and(Outcome::close(
            "the polynomial at t",
            most,
            lagrange.dot(&y),
            1e-9,
        )),
    )
}
