//! Hidden checks of `07_kernels_and_ntk`.

use ndarray::{Array1, Array2, Axis};

use super::Hidden;
use crate::exercise::chapter_07::features::fewest;
use crate::exercise::inputs::{between, normal_matrix, normal_vector};
use crate::exercise::law::ERRORS;
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use crate::model::two_layer_ntk;

pub(crate) static CHECKS: Hidden = &[
    (
        "fourier_features",
        &[Check {
            name: "spread",
            about: "300 draws of 16 columns miss the kernel by (1 − k²)²/m in the mean square, and by 0 in the mean",
            run: spread,
        }],
    ),
    (
        "features_for_error",
        &[Check {
            name: "one_pair",
            about: "where nothing is asked for, one pair is enough; elsewhere the fewest",
            run: one_pair,
        }],
    ),
    (
        "tangent_of_weights",
        &[
            Check {
                name: "one_unit",
                about: "one unit and one input, known by hand, switched on, switched off and on the kink",
                run: one_unit,
            },
            Check {
                name: "limit",
                about: "10,000 units come near the closed form",
                run: limit,
            },
        ],
    ),
    (
        "flow_residual",
        &[Check {
            name: "long",
            about: "after a long time only the part that K does not see is left; at t = 0 nothing has changed; one input",
            run: long,
        }],
    ),
    (
        "unfittable_pair",
        &[Check {
            name: "every_width",
            about: "the gradients are parallel in every finite network too, also for one coordinate",
            run: every_width,
        }],
    ),
];

/// Two inputs, as rows, and their Gaussian kernel at bandwidth `sigma`.
fn pair(sigma: f64, trial: &mut Trial) -> (Array2<f64>, f64) {
    let mut x = normal_matrix(2, 3, &mut trial.rng);
    let step = normal_vector(3, &mut trial.rng);
    let r = between(0.7, 1.5, &mut trial.rng);
    let second = &x.row(0) + &(&step * (sigma * r / step.dot(&step).sqrt()));
    x.row_mut(1).assign(&second);
    (x, (-r * r / 2.0).exp())
}

/// Equal frequencies, or a generator that always starts anew, show here. Eight frequencies leave
/// the squared error a relative variance below 3; six standard errors.
fn spread(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let sigma = between(0.5, 2.0, &mut trial.rng);
    let (x, k) = pair(sigma, trial);
    let (mut squares, mut mean) = (0.0, 0.0);
    for _ in 0..300 {
        let seed = trial.seed();
        let phi = trial.matrix(args![x, 16_usize, sigma, seed], (2, 16))?;
        let got = phi.row(0).dot(&phi.row(1));
        mean += got / 300.0;
        squares += (got - k).powi(2) / 300.0;
    }
    let expected = (1.0 - k * k).powi(2) / 16.0;
    let tolerance = 6.0 * (3.0_f64 / 300.0).sqrt() * expected;
    let error = ERRORS * (expected / 300.0).sqrt();
    Ok(
        Outcome::within("mean squared error", expected, squares, tolerance).and(Outcome::within(
            "mean of 300 draws",
            k,
            mean,
            error,
        )),
    )
}

fn one_pair(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let error = between(0.01, 0.5, &mut trial.rng);
    let same: usize = trial.call(args![1.0, error])?;
    let loose: usize = trial.call(args![0.5, 2.0])?;
    Ok(
        Outcome::holds("m for k = 1", same == 2, "2", &same.to_string())
            .and(Outcome::holds(
                "m for k = 0.5, error 2",
                loose == 2,
                "2",
                &loose.to_string(),
            ))
            .and(fewest(trial)?),
    )
}

fn one_unit(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_matrix(1, 2, &mut trial.rng);
    let b = normal_vector(1, &mut trial.rng);
    let on = &x * between(0.5, 2.0, &mut trial.rng);
    let lit = trial.matrix(args![on, b, x], (1, 1))?[[0, 0]];
    let dark = trial.matrix(args![-&on, b, x], (1, 1))?[[0, 0]];
    // Exactly on the kink, σ'(0) = 0.
    let across = ndarray::array![[0.0, 1.5]];
    let kink = trial.matrix(args![across, b, ndarray::array![[2.0, 0.0]]], (1, 1))?[[0, 0]];
    let (z, square) = (on.row(0).dot(&x.row(0)), x.row(0).dot(&x.row(0)));
    let expected = b[0] * b[0] * square + z * z;
    Ok(Outcome::close("K, unit on", expected, lit, 1e-9)
        .and(Outcome::within("K, unit off", 0.0, dark, 1e-12))
        .and(Outcome::within("K on the kink", 0.0, kink, 1e-12)))
}

/// One unit's share of K(x, x') has a mean square of at most 4‖x‖²‖x'‖²; six standard errors.
fn limit(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let m = 10_000;
    let a = normal_matrix(m, 3, &mut trial.rng);
    let b = normal_vector(m, &mut trial.rng);
    let x = normal_matrix(3, 3, &mut trial.rng);
    let k = trial.matrix(args![a, b, x], (3, 3))?;
    let ntk = two_layer_ntk(&x, &x)?;
    let sizes: Array1<f64> = x.map_axis(Axis(1), |row| row.dot(&row).sqrt());
    let mut most = 0.0_f64;
    for ((i, j), got) in k.indexed_iter() {
        let gap = got - ntk.first[[i, j]] - ntk.second[[i, j]];
        most = most.max(gap.abs() / (sizes[i] * sizes[j]));
    }
    let bound = 6.0 * 2.0 / (m as f64).sqrt();
    Ok(Outcome::at_most("largest distance / ‖x‖‖x'‖", bound, most))
}

/// Eigenvalues 3, 1, 0, 0, 0 at t = 1000: what decays is gone, what does not is exact.
fn long(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let g = normal_matrix(5, 2, &mut trial.rng);
    let q = dltheory_workbench::linalg::svd(&g).u;
    let k = (&q * &ndarray::array![3.0, 1.0]).dot(&q.t());
    let start = normal_vector(5, &mut trial.rng);
    let u = trial.vector(args![k, start, 1000.0], 5)?;
    let expected = &start - &q.dot(&q.t().dot(&start));
    let now = trial.vector(args![k, start, 0.0], 5)?;
    let single = trial.vector(args![ndarray::array![[2.0]], ndarray::array![3.0], 0.5], 1)?;
    Ok(Outcome::arrays("u(1000)", &expected, &u, 1e-6)
        .and(Outcome::arrays("u(0)", &start, &now, 1e-9))
        .and(Outcome::close(
            "u for K = (2)",
            3.0 * (-1.0_f64).exp(),
            single[0],
            1e-9,
        )))
}

fn every_width(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut worst = 0.0_f64;
    for d in [1, 2, 10] {
        let x = normal_vector(d, &mut trial.rng) * 100.0;
        let other = trial.vector(args![x], d)?;
        let a = normal_matrix(30, d, &mut trial.rng);
        let b = normal_vector(30, &mut trial.rng);
        let gradient = |x: &Array1<f64>| -> Array1<f64> {
            let units = a.rows().into_iter().zip(&b);
            units
                .flat_map(|(row, b)| {
                    let z = row.dot(x);
                    let slope = if z > 0.0 { *b } else { 0.0 };
                    let by_a = x.iter().map(move |v| slope * v);
                    by_a.chain([z.max(0.0)]).collect::<Vec<_>>()
                })
                .collect()
        };
        let (one, two) = (gradient(&x), gradient(&other));
        let cosine = one.dot(&two) / (one.dot(&one) * two.dot(&two)).sqrt();
        // f64::max would drop a NaN.
        worst = if cosine.is_finite() {
            worst.max(1.0 - cosine)
        } else {
            1.0
        };
    }
    Ok(Outcome::at_most("1 − cosine of the gradients", 1e-9, worst))
}
