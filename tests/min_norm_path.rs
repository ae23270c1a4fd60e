//! The path against the obvious: an SVD solve at every width.

use dltheory::fit::{MinNormPath, Route, min_norm, min_norm_path};
use dltheory::rng::stream;
use ndarray::{Array2, ArrayRef2, Axis, concatenate, s};
use proptest::prelude::*;
use rand_distr::{Distribution, StandardNormal};

fn gaussian(rows: usize, columns: usize, index: u64) -> Array2<f64> {
    let mut rng = stream(11, "path test", index);
    Array2::from_shape_simple_fn((rows, columns), || StandardNormal.sample(&mut rng))
}

struct Worst {
    prediction: f64,
    train: f64,
    norm: f64,
}

/// The largest relative difference between the path and the SVD solve over all widths.
fn worst_difference(
    train: &Array2<f64>,
    test: &Array2<f64>,
    y: &Array2<f64>,
) -> (Worst, MinNormPath) {
    let widths: Vec<usize> = (1..=train.ncols()).collect();
    let path = min_norm_path(train, test, y, &widths).expect("valid problem");
    let mut worst = Worst {
        prediction: 0.0,
        train: 0.0,
        norm: 0.0,
    };
    for (i, &m) in widths.iter().enumerate() {
        let fit = min_norm(&train.slice(s![.., ..m]), y, None).expect("valid problem");
        let size = |a: &ArrayRef2<f64>| a.iter().map(|x| x * x).sum::<f64>().sqrt();
        let compare = |a: &ArrayRef2<f64>, b: &Array2<f64>| {
            size(&(&a.view() - b)) / size(b).max(size(y)).max(1e-300)
        };
        let test_naive = test.slice(s![.., ..m]).dot(&fit.weights);
        let train_naive = train.slice(s![.., ..m]).dot(&fit.weights);
        let p = compare(&path.test_predictions.index_axis(Axis(0), i), &test_naive);
        let t = compare(&path.train_predictions.index_axis(Axis(0), i), &train_naive);
        let norm = size(&fit.weights);
        worst.prediction = worst.prediction.max(p);
        worst.train = worst.train.max(t);
        worst.norm = worst
            .norm
            .max((path.norm[i] - norm).abs() / norm.max(1e-300));
    }
    (worst, path)
}

#[test]
fn every_width_of_a_gaussian_problem_matches_the_svd() {
    for (n, columns, outputs) in [(12, 40, 1), (30, 90, 3), (20, 15, 2), (1, 5, 1), (9, 9, 1)] {
        let (train, test) = (gaussian(n, columns, 0), gaussian(17, columns, 1));
        let (worst, path) = worst_difference(&train, &test, &gaussian(n, outputs, 2));
        assert!(
            worst.prediction < 1e-9,
            "({n}, {columns}): test {}",
            worst.prediction
        );
        assert!(
            worst.train < 1e-9,
            "({n}, {columns}): train {}",
            worst.train
        );
        assert!(worst.norm < 1e-9, "({n}, {columns}): norm {}", worst.norm);
        let svd = path
            .route
            .iter()
            .filter(|route| **route == Route::Svd)
            .count();
        assert_eq!(svd, 0, "a Gaussian problem needs no SVD");
    }
}

/// Dependent columns below n, dependent rows above, a zero column first, and low rank throughout.
#[test]
fn rank_deficient_problems_match_the_svd() {
    let (n, columns) = (14, 36);
    let mut repeated_columns = gaussian(n, columns, 3);
    for j in [4, 5, 9] {
        let copy = repeated_columns.column(j - 2).to_owned();
        repeated_columns.column_mut(j).assign(&copy);
    }
    let mut zero_first = gaussian(n, columns, 4);
    zero_first.column_mut(0).fill(0.0);
    let mut repeated_rows = gaussian(n, columns, 5);
    let copy = repeated_rows.row(0).to_owned();
    repeated_rows.row_mut(7).assign(&copy);
    let low_rank = gaussian(n, 5, 6).dot(&gaussian(5, columns, 7));

    let cases = [
        ("repeated columns", repeated_columns),
        ("zero first column", zero_first),
        ("repeated rows", repeated_rows),
        ("low rank", low_rank),
    ];
    for (name, train) in cases {
        // Test rows in the span of the training rows: elsewhere the solution is not unique to
        // rounding, because dependent columns may split a weight in any way.
        let test = gaussian(6, n, 8).dot(&train);
        let (worst, path) = worst_difference(&train, &test, &gaussian(n, 1, 9));
        assert!(worst.prediction < 1e-8, "{name}: test {}", worst.prediction);
        assert!(worst.train < 1e-8, "{name}: train {}", worst.train);
        assert!(worst.norm < 1e-8, "{name}: norm {}", worst.norm);
        assert!(path.route.contains(&Route::Svd), "{name} must be noticed");
    }
}

/// Columns that decay over ten decades: every route meets a bad condition number.
#[test]
fn ill_conditioned_problems_stay_stable() {
    let (n, columns) = (20, 50);
    let mut all = gaussian(n + 8, columns, 10);
    for (j, mut column) in all.columns_mut().into_iter().enumerate() {
        column *= 10f64.powf(-10.0 * j as f64 / columns as f64);
    }
    let (train, test) = (
        all.slice(s![..n, ..]).to_owned(),
        all.slice(s![n.., ..]).to_owned(),
    );
    let truth = gaussian(columns, 1, 11);
    let y = train.dot(&truth);
    let (worst, _) = worst_difference(&train, &test, &y);
    assert!(
        worst.train < 1e-9 && worst.prediction < 1e-6,
        "{} {}",
        worst.train,
        worst.prediction
    );
}

#[test]
fn a_subset_of_widths_gives_the_same_numbers() {
    let (train, test, y) = (
        gaussian(15, 60, 12),
        gaussian(4, 60, 13),
        gaussian(15, 1, 14),
    );
    let all: Vec<usize> = (1..=60).collect();
    let some = [3, 14, 15, 16, 40, 60];
    let full = min_norm_path(&train, &test, &y, &all).expect("valid");
    let part = min_norm_path(&train, &test, &y, &some).expect("valid");
    for (i, m) in some.iter().enumerate() {
        let difference = (full.norm[m - 1] - part.norm[i]).abs() / part.norm[i];
        assert!(difference < 1e-10, "width {m}: {difference}");
    }
}

#[test]
fn bad_widths_and_shapes_are_errors() {
    let (train, test, y) = (gaussian(5, 8, 0), gaussian(3, 8, 1), gaussian(5, 1, 2));
    for widths in [&[][..], &[0], &[9], &[3, 3], &[4, 2]] {
        let error = min_norm_path(&train, &test, &y, widths).expect_err("invalid widths");
        assert!(error.to_string().contains("1..=8"), "{error}");
    }
    assert!(min_norm_path(&train, &gaussian(3, 7, 1), &y, &[2]).is_err());
    assert!(min_norm_path(&train, &test, &gaussian(4, 1, 2), &[2]).is_err());
    let mut broken = train.clone();
    broken[[2, 3]] = f64::NAN;
    let error = min_norm_path(&broken, &test, &y, &[2]).expect_err("NaN");
    assert!(
        error
            .to_string()
            .contains("the features holds NaN at index 19"),
        "{error}"
    );
    assert!(
        path_of(&train, &test, &y)
            .test_mse(&gaussian(2, 1, 3))
            .is_err()
    );
}

fn path_of(train: &Array2<f64>, test: &Array2<f64>, y: &Array2<f64>) -> MinNormPath {
    min_norm_path(train, test, y, &[1, 5, 8]).expect("valid")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Beyond the interpolation threshold the norm falls with every column: more freedom never
    /// costs norm. Up to it, the training error falls.
    #[test]
    fn norm_and_training_error_are_monotone(n in 1usize..12, extra in 1usize..20, seed in 0u64..1000) {
        let columns = n + extra;
        let all = gaussian(n + 3, columns, 100 + seed);
        let (train, test) = (all.slice(s![..n, ..]), all.slice(s![n.., ..]));
        let y = gaussian(n, 1, 5000 + seed);
        let widths: Vec<usize> = (1..=columns).collect();
        let path = min_norm_path(&train, &test, &y, &widths).expect("valid");
        for i in n..columns {
            prop_assert!(path.norm[i] <= path.norm[i - 1] * (1.0 + 1e-9));
            prop_assert!(path.train_mse[i] < 1e-18);
        }
        for i in 1..n {
            prop_assert!(path.train_mse[i] <= path.train_mse[i - 1] + 1e-12);
        }
    }

    /// Any small problem, of any rank, agrees with the SVD on its own training inputs.
    #[test]
    fn training_predictions_are_projections(n in 1usize..8, columns in 1usize..16, rank in 1usize..8, seed in 0u64..1000) {
        let train = gaussian(n, rank, seed).dot(&gaussian(rank, columns, 9000 + seed));
        let y = gaussian(n, 2, 7000 + seed);
        let (worst, _) = worst_difference(&train, &train.clone(), &y);
        prop_assert!(worst.train < 1e-7, "{}", worst.train);
        prop_assert!(worst.prediction < 1e-7, "{}", worst.prediction);
    }
}

#[test]
fn test_error_is_the_mean_square_over_all_entries() {
    let (train, test, y) = (gaussian(5, 8, 20), gaussian(3, 8, 21), gaussian(5, 2, 22));
    let path = path_of(&train, &test, &y);
    let targets = gaussian(3, 2, 23);
    let mse = path.test_mse(&targets).expect("shapes match");
    let last = path.test_predictions.index_axis(Axis(0), 2);
    let by_hand = concatenate(Axis(0), &[(&last - &targets).view()]).expect("one array");
    assert!((mse[2] - by_hand.mapv(|x| x * x).mean().expect("not empty")).abs() < 1e-12);
}
