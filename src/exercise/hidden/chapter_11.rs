//! Hidden checks of `11_overfitting_regimes`.

use super::Hidden;
use crate::exercise::chapter_11::{all_cases, largest};
use crate::exercise::inputs::{between, count, normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use crate::measure::overfitting::limit;
use ndarray::{Array1, Array2, array};
use rand::seq::SliceRandom;

pub(crate) static CHECKS: Hidden = &[
    (
        "singular_mean",
        &[
            Check {
                name: "repeated_points",
                about: "training points at one place: the mean of their labels there",
                run: repeated_points,
            },
            Check {
                name: "extremes",
                about: "very near one point its label, very far from all their mean",
                run: extremes,
            },
        ],
    ),
    (
        "neighbour_mean",
        &[Check {
            name: "ties",
            about: "of equally near points the one with the lower index",
            run: ties,
        }],
    ),
    (
        "vote_error",
        &[
            Check {
                name: "many_neighbours",
                about: "1,001 votes, nearly half of the labels wrong",
                run: many_neighbours,
            },
            Check {
                name: "no_doubt",
                about: "η = 0 and η = 1: all labels agree; between them all 64 cases of k = 5",
                run: no_doubt,
            },
        ],
    ),
    (
        "worst_labels",
        &[
            Check {
                name: "any_order",
                about: "points not sorted",
                run: any_order,
            },
            Check {
                name: "at_a_node",
                about: "t is one of the points; and between them",
                run: at_a_node,
            },
        ],
    ),
];

fn repeated_points(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut x = normal_matrix(9, 2, &mut trial.rng);
    let place = x.row(2).to_owned();
    x.row_mut(5).assign(&place);
    x.row_mut(7).assign(&place);
    let y = normal_vector(9, &mut trial.rng);
    let mean = (y[2] + y[5] + y[7]) / 3.0;
    let test = array![[place[0], place[1]], [x[[0, 0]], x[[0, 1]]]];
    let got = trial.vector(args![x, y, test, 2.0], 2)?;
    Ok(Outcome::arrays("values", &array![mean, y[0]], &got, 1e-9))
}

/// 10^120 to the power 3 is beyond f64, and so is 10^−120 to the power −3.
fn extremes(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut x = normal_matrix(6, 2, &mut trial.rng);
    x.row_mut(3).fill(0.0);
    let y = normal_vector(6, &mut trial.rng) + 2.0;
    let got = trial.vector(args![x, y, array![[1e-120, 0.0], [0.0, 1e120]], 3.0], 2)?;
    let expected = array![y[3], y.sum() / 6.0];
    Ok(Outcome::arrays("values", &expected, &got, 1e-9))
}

/// Whole numbers, so that equal distances are equal in f64 too.
fn ties(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = array![[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [3.0, 0.0], [0.0, -1.0]];
    let y = normal_vector(5, &mut trial.rng);
    let k = count(1, 3, &mut trial.rng);
    let got = trial.vector(args![x, y, Array2::<f64>::zeros((1, 2)), k], 1)?;
    let order = [0, 1, 2];
    let mean = order[..k].iter().map(|i| y[*i]).sum::<f64>() / k as f64;
    Ok(Outcome::arrays("the value at 0", &array![mean], &got, 1e-9))
}

fn many_neighbours(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let eta = between(0.45, 0.49, &mut trial.rng);
    let got = trial.number(args![1001_usize, eta])?;
    let exact = limit::knn_classification(1001, eta);
    Ok(Outcome::close("error", exact, got, 1e-6))
}

fn no_doubt(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let none = trial.number(args![7_usize, 0.0])?;
    let all = trial.number(args![7_usize, 1.0])?;
    Ok(Outcome::within("error for η = 0", 0.0, none, 1e-9)
        .and(Outcome::within("error for η = 1", 0.0, all, 1e-9))
        .and(all_cases(trial)?))
}

fn any_order(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = shuffled(&mut trial.rng);
    let t = count(0, 7, &mut trial.rng) as f64 / 4.0 - 0.875;
    largest(trial, &x, t)
}

/// There every polynomial has its label: the most is 1.
fn at_a_node(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x: Array1<f64> = shuffled(&mut trial.rng);
    let t = x[count(0, 8, &mut trial.rng)];
    Ok(largest(trial, &x, t)?.and(any_order(trial)?))
}

/// Distinct points, not in order of size.
fn shuffled(rng: &mut crate::rng::Rng) -> Array1<f64> {
    let mut x: Vec<f64> = (0..9)
        .map(|i| f64::from(i) / 4.0 - 1.0 + between(-0.05, 0.05, rng))
        .collect();
    x.shuffle(rng);
    x.into()
}
