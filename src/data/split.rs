//! Who trains, who tests, and whose label is wrong.
//!
//! Each function shuffles all rows once and then takes from the ends, so under one generator state
//! a larger choice contains the smaller one: curves over n or over the noise level
//! compare like with like.

use ndarray::{Array2, ArrayRef2, ArrayView1};
use rand::RngExt;
use rand::seq::SliceRandom;

use crate::display::Html;
use crate::{Error, Result};

/// The most rows that can be split: 2²⁶, half a gigabyte of indices.
const MAX_ROWS: usize = 1 << 26;

/// Rows to train on and rows to test on, none in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Training rows, `(n_train,)`, in random order.
    pub train: Vec<usize>,
    /// Test rows, `(n_test,)`, in random order.
    pub test: Vec<usize>,
}

impl Split {
    /// The two sizes in a sentence.
    #[must_use]
    pub fn html(&self) -> Html {
        let (train, test) = (self.train.len(), self.test.len());
        Html::paragraph(&format!(
            "{train} training rows, {test} test rows, none in both"
        ))
    }

    /// Shows the two sizes in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

/// Draws `n_train` training rows and `n_test` test rows out of `n_total`, uniformly and without replacement.
///
/// From the same generator state and `n_total`, a larger training set contains the smaller one, and the test
/// rows do not depend on `n_train`.
///
/// # Errors
/// [`Error::Domain`] when n_train + n_test > n_total, or n_total is above 2²⁶.
pub fn train_test_split(
    n_total: usize,
    n_train: usize,
    n_test: usize,
    rng: &mut impl rand::Rng,
) -> Result<Split> {
    if n_train.checked_add(n_test).is_none_or(|sum| sum > n_total) {
        return Err(Error::domain(
            "number of training and test rows",
            format!("at most {n_total} in all"),
            format!("{n_train} + {n_test}"),
        ));
    }
    let order = shuffled(n_total, rng)?;
    Ok(Split {
        train: order[..n_train].to_vec(),
        test: order[n_total - n_test..].to_vec(),
    })
}

/// Label noise: a copy of the ±1 labels `y`, `(n, 1)`, with exactly round(`fraction`·n) of them negated, chosen uniformly
/// without replacement.
///
/// From the same generator state, a larger fraction flips what the smaller one flips, and more.
///
/// # Errors
/// [`Error::Shape`] when `y` has not one column; [`Error::Domain`] when `fraction` is not in \[0, 1\] or a label is
/// neither −1 nor 1.
pub fn flip_labels(
    y: &ArrayRef2<f64>,
    fraction: f64,
    rng: &mut impl rand::Rng,
) -> Result<Array2<f64>> {
    let n = y.nrows();
    if y.ncols() != 1 || n == 0 {
        return Err(Error::shape("the labels", "(n, 1) with n ≥ 1", y.shape()));
    }
    check_fraction("fraction of flipped labels", fraction)?;
    if let Some((index, value)) = y.iter().enumerate().find(|(_, value)| value.abs() != 1.0) {
        return Err(Error::domain(&format!("label {index}"), "-1 or 1", value));
    }
    // At most n, since the fraction is at most 1.
    let flips = (fraction * n as f64).round() as usize;
    let mut flipped = y.to_owned();
    for &row in shuffled(n, rng)?.iter().take(flips) {
        flipped[[row, 0]] *= -1.0;
    }
    Ok(flipped)
}

/// Label noise for k classes: a copy of the one-hot labels `y`, `(n, k)`, in which exactly round(`fraction`·n) rows
/// name another class, the rows chosen uniformly without replacement and the class uniformly among the k − 1 others.
///
/// Where a text replaces each label with probability q by one drawn from all k classes, the expected fraction that
/// changes is q(k − 1)/k.
///
/// From the same generator state, a larger fraction changes what the smaller one changes, to the same classes, and more.
///
/// # Errors
/// [`Error::Shape`] when `y` has fewer than two columns; [`Error::Domain`] when `fraction` is not in \[0, 1\] or a row is
/// not 1 in one place and 0 elsewhere.
pub fn change_labels(
    y: &ArrayRef2<f64>,
    fraction: f64,
    rng: &mut impl rand::Rng,
) -> Result<Array2<f64>> {
    let (n, k) = y.dim();
    if k < 2 || n == 0 {
        let expected = "(n, k) with n ≥ 1, k ≥ 2";
        return Err(Error::shape("the labels", expected, y.shape()));
    }
    check_fraction("fraction of changed labels", fraction)?;
    let class = |row: ArrayView1<'_, f64>| {
        let ones = row.iter().filter(|value| **value == 1.0).count();
        let zeros = row.iter().filter(|value| **value == 0.0).count();
        let one_hot = ones == 1 && zeros == k - 1;
        row.iter()
            .position(|value| *value == 1.0)
            .filter(|_| one_hot)
    };
    let classes = y.outer_iter().enumerate().map(|(index, row)| {
        let what = format!("label {index}");
        class(row).ok_or_else(|| Error::domain(&what, "1 in one place and 0 elsewhere", row))
    });
    let classes: Vec<usize> = classes.collect::<Result<_>>()?;
    let changes = (fraction * n as f64).round() as usize;
    let mut changed = y.to_owned();
    for &row in shuffled(n, rng)?.iter().take(changes) {
        let other = (classes[row] + rng.random_range(1..k)) % k;
        changed[[row, classes[row]]] = 0.0;
        changed[[row, other]] = 1.0;
    }
    Ok(changed)
}

/// Checks a part of a whole.
fn check_fraction(what: &str, fraction: f64) -> Result<()> {
    match (0.0..=1.0).contains(&fraction) {
        true => Ok(()),
        false => Err(Error::domain(what, "0 to 1", fraction)),
    }
}

/// 0..n in uniformly random order.
fn shuffled(n: usize, rng: &mut impl rand::Rng) -> Result<Vec<usize>> {
    if n > MAX_ROWS {
        return Err(Error::domain(
            "number of rows",
            format!("at most {MAX_ROWS}"),
            n,
        ));
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(rng);
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Rng, stream};

    fn rng() -> Rng {
        stream(1, "split tests", 0)
    }

    #[test]
    fn first_values_are_pinned() {
        let split = train_test_split(10, 4, 3, &mut rng()).expect("7 of 10");
        let html = split.html();
        assert!(html.as_str().contains("4 training rows, 3 test rows"));
        assert_eq!((split.train, split.test), (vec![1, 9, 4, 5], vec![2, 0, 3]));
    }

    #[test]
    fn larger_choices_contain_smaller_ones() {
        let draw = |n_train| train_test_split(50, n_train, 20, &mut rng()).expect("fits");
        let (small, large) = (draw(5), draw(30));
        assert_eq!(
            (&small.train[..], &small.test),
            (&large.train[..5], &large.test)
        );

        let y = Array2::ones((50, 1));
        let flip = |fraction| flip_labels(&y, fraction, &mut rng()).expect("valid");
        let (few, many) = (flip(0.1), flip(0.4));
        assert_eq!((few.sum(), many.sum()), (40.0, 10.0));
        assert!(few.iter().zip(&many).all(|(a, b)| *a == 1.0 || *b == -1.0));
    }

    #[test]
    fn too_many_rows_are_refused_with_the_numbers() {
        let refusal = |total, train, test| {
            let split = train_test_split(total, train, test, &mut rng());
            split.expect_err("refused").to_string()
        };
        assert_eq!(
            refusal(10, 8, 3),
            "number of training and test rows is 8 + 3, expected at most 10 in all"
        );
        assert!(refusal(10, usize::MAX, 1).contains("expected at most 10"));
        assert!(refusal(usize::MAX, 1, 1).contains("expected at most 67108864"));
    }

    #[test]
    fn bad_noise_is_refused() {
        let refusal = |y: &Array2<f64>, fraction| {
            flip_labels(y, fraction, &mut rng())
                .expect_err("refused")
                .to_string()
        };
        let ones = Array2::ones((4, 1));
        assert!(refusal(&ones, 1.1).contains("is 1.1, expected 0 to 1"));
        assert!(refusal(&ones, f64::NAN).contains("is NaN, expected 0 to 1"));
        assert!(refusal(&Array2::ones((4, 2)), 0.1).contains("[4, 2], expected (n, 1)"));
        assert!(refusal(&Array2::zeros((4, 1)), 0.1).contains("label 0 is 0, expected -1 or 1"));
    }

    /// Of 3,000 rows of class 1 of 4, 1,500 change, 500 to each other class: binomial with standard
    /// deviation √(1500·⅓·⅔) = 18.3, within 5 of these.
    #[test]
    fn changed_labels_are_the_asked_number_and_spread_evenly() {
        let y = Array2::from_shape_fn((3000, 4), |(_, j)| f64::from(u8::from(j == 1)));
        let change = |fraction| change_labels(&y, fraction, &mut rng()).expect("valid");
        let (few, many) = (change(0.1), change(0.5));
        let counts = |y: &Array2<f64>| y.sum_axis(ndarray::Axis(0)).to_vec();
        assert_eq!((counts(&few)[1], counts(&many)[1]), (2700.0, 1500.0));
        assert!(many.outer_iter().all(|row| row.sum() == 1.0));
        for class in [0, 2, 3] {
            assert!(
                (counts(&many)[class] - 500.0).abs() < 92.0,
                "{:?}",
                counts(&many)
            );
        }
        let pairs = few.outer_iter().zip(many.outer_iter());
        assert!(pairs.into_iter().all(|(a, b)| a[1] == 1.0 || a == b));
        assert_eq!(change(0.0), y);
    }

    #[test]
    fn bad_class_noise_is_refused() {
        let refusal = |y: &Array2<f64>, fraction| {
            let changed = change_labels(y, fraction, &mut rng());
            changed.expect_err("refused").to_string()
        };
        let eye = Array2::eye(3);
        assert!(refusal(&eye, -0.1).contains("is -0.1, expected 0 to 1"));
        assert!(refusal(&Array2::ones((3, 1)), 0.1).contains("k ≥ 2"));
        assert!(refusal(&Array2::ones((3, 2)), 0.1).contains("label 0 is [1, 1]"));
        assert!(refusal(&(eye * 0.5), 0.1).contains("label 0"));
    }

    #[test]
    fn every_row_is_equally_likely_to_train() {
        // Binomial(2000, 0.3): mean 600, standard deviation 20.5; ten rows within 5 of these.
        let mut counts = [0_usize; 10];
        for draw in 0..2000 {
            let split = train_test_split(10, 3, 2, &mut stream(2, "uniform", draw)).expect("fits");
            split.train.iter().for_each(|&row| counts[row] += 1);
        }
        assert!(
            counts.iter().all(|count| count.abs_diff(600) < 103),
            "{counts:?}"
        );
    }
}
