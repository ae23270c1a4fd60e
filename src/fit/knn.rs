//! k nearest neighbours: brute force, for regression and classification.

use ndarray::{Array2, ArrayRef2, Axis, s};
use rayon::prelude::*;

use super::{check_examples, check_filled};
use crate::error::{Error, Result, check_finite};
use crate::model::squared_distances;

/// Test points handled at a time, to bound the memory for distances.
const BLOCK: usize = 256;

/// The k training rows nearest to each test row, `(t, k)`, nearest first; of equally near rows the
/// one with the lower index comes first.
///
/// Takes training inputs `x`, `(n, d)`, and test inputs, `(t, d)`. Up to 16 coordinates distances
/// are exact to rounding, so true ties are seen as ties; beyond, a tie may be broken by the last bit.
///
/// # Errors
/// k is 0 or above n; empty, non-finite or mismatched arrays.
pub fn nearest(x: &ArrayRef2<f64>, test: &ArrayRef2<f64>, k: usize) -> Result<Array2<usize>> {
    let n = x.nrows();
    check_filled("the inputs", x)?;
    check_filled("the test inputs", test)?;
    if !(1..=n).contains(&k) {
        let allowed = format!("1 to the number of training rows, {n}");
        return Err(Error::domain("the number of neighbours k", allowed, k));
    }
    if test.ncols() != x.ncols() {
        let expected = format!("(t, {})", x.ncols());
        return Err(Error::shape("the test inputs", expected, test.shape()));
    }
    let mut chosen = Array2::zeros((test.nrows(), k));
    for start in (0..test.nrows()).step_by(BLOCK) {
        let end = (start + BLOCK).min(test.nrows());
        let distances = squared_distances(&test.slice(s![start..end, ..]), x)?;
        let rows: Vec<Vec<usize>> = distances
            .axis_iter(Axis(0))
            .into_par_iter()
            .map(|row| {
                let order = |a: &usize, b: &usize| row[*a].total_cmp(&row[*b]).then(a.cmp(b));
                let mut index: Vec<usize> = (0..n).collect();
                if k < n {
                    index.select_nth_unstable_by(k - 1, order);
                    index.truncate(k);
                }
                index.sort_unstable_by(order);
                index
            })
            .collect();
        for (offset, row) in rows.iter().enumerate() {
            for (j, &index) in row.iter().enumerate() {
                chosen[[start + offset, j]] = index;
            }
        }
    }
    Ok(chosen)
}

/// The mean target of the k nearest training inputs, `(t, outputs)`.
///
/// Takes inputs `x`, `(n, d)`, targets `y`, `(n, outputs)`, test inputs, `(t, d)`, and k.
/// With pure-noise targets its risk is σ²(1 + 1/k): it overfits in a tempered way for fixed k, and
/// benignly where k grows with n.
///
/// # Errors
/// As [`nearest`], and targets that are not finite, of another n, or so large that their mean overflows.
///
/// # Reference
/// Cover & Hart 1967, "Nearest neighbor pattern classification", doi:10.1109/TIT.1967.1053964;
/// Mallinar et al. 2022, arXiv:2207.06569.
///
/// ```
/// use dltheory::fit::knn_regression;
/// use ndarray::array;
/// let (x, y) = (array![[0.0], [1.0], [5.0]], array![[2.0], [4.0], [9.0]]);
/// assert_eq!(knn_regression(&x, &y, &array![[0.4]], 2)?, array![[3.0]]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn knn_regression(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    test: &ArrayRef2<f64>,
    k: usize,
) -> Result<Array2<f64>> {
    check_examples(x, y)?;
    let neighbours = nearest(x, test, k)?;
    let mut means = Array2::zeros((test.nrows(), y.ncols()));
    for (mut mean, row) in means.rows_mut().into_iter().zip(neighbours.rows()) {
        for &index in row {
            mean += &y.row(index);
        }
        mean /= k as f64;
    }
    check_finite("the means of the targets", &means)?;
    Ok(means)
}

/// The most frequent label among the k nearest training inputs, one for each test row.
///
/// Of labels with equally many votes the one whose nearest member is nearest wins.
///
/// Takes inputs `x`, `(n, d)`, their `labels`, n of them, test inputs, `(t, d)`, and k.
///
/// # Errors
/// As [`nearest`], and another number of labels than n.
pub fn knn_classification(
    x: &ArrayRef2<f64>,
    labels: &[u8],
    test: &ArrayRef2<f64>,
    k: usize,
) -> Result<Vec<u8>> {
    if labels.len() != x.nrows() {
        let expected = format!("({},)", x.nrows());
        return Err(Error::shape("the labels", expected, &[labels.len()]));
    }
    let neighbours = nearest(x, test, k)?;
    let vote = |row: ndarray::ArrayView1<'_, usize>| {
        let mut counts = [0_usize; 256];
        for &index in row {
            counts[usize::from(labels[index])] += 1;
        }
        // The first among the nearest that reaches the highest count.
        let most = *counts.iter().max().expect("there are 256 counts");
        row.iter()
            .map(|&index| labels[index])
            .find(|&label| counts[usize::from(label)] == most)
            .expect("the most voted label is one of the voters'")
    };
    Ok(neighbours.rows().into_iter().map(vote).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn neighbours_match_a_full_sort() {
        for (n, t, d, k) in [(40, 300, 2, 3), (30, 7, 25, 30), (5, 4, 1, 1)] {
            let rng = &mut stream(1, "knn", n as u64);
            let x = gaussian(n, d, rng).expect("valid");
            let test = gaussian(t, d, rng).expect("valid");
            let got = nearest(&x, &test, k).expect("valid");
            for (i, row) in test.rows().into_iter().enumerate() {
                let distance = |j: usize| (&x.row(j) - &row).mapv(|v| v * v).sum();
                let mut all: Vec<usize> = (0..n).collect();
                all.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)));
                assert_eq!(got.row(i).to_vec(), all[..k]);
            }
        }
    }

    #[test]
    fn ties_go_to_the_lower_index() {
        // 0 is as far from −1 as from 1; the point 1 occurs twice.
        let x = array![[1.0], [-1.0], [1.0], [3.0]];
        let order = nearest(&x, &array![[0.0], [1.0]], 4).expect("valid");
        assert_eq!(order, array![[0, 1, 2, 3], [0, 2, 1, 3]]);
        // One vote each: the nearest decides. Then two against one.
        let labels = [7, 3, 3, 9];
        let vote =
            |test: f64, k| knn_classification(&x, &labels, &array![[test]], k).expect("valid");
        assert_eq!(
            (vote(0.5, 2), vote(2.9, 2), vote(0.5, 3)),
            (vec![7], vec![9], vec![3])
        );
    }

    #[test]
    fn every_neighbour_gives_the_mean() {
        let (x, y) = (
            array![[0.0], [1.0], [2.0]],
            array![[1.0, 0.0], [2.0, 0.0], [6.0, 3.0]],
        );
        let mean = knn_regression(&x, &y, &array![[9.0]], 3).expect("valid");
        assert_eq!(mean, array![[3.0, 1.0]]);
    }

    #[test]
    fn bad_input_is_an_error() {
        let (x, y) = (array![[0.0], [1.0]], array![[0.0], [1.0]]);
        for k in [0, 3, usize::MAX] {
            let error = knn_regression(&x, &y, &x, k).expect_err("only two rows");
            assert!(error.to_string().contains("expected 1 to"), "{error}");
        }
        assert!(knn_regression(&x, &array![[1.0]], &x, 1).is_err());
        assert!(knn_regression(&x, &y, &array![[f64::NAN]], 1).is_err());
        assert!(knn_regression(&x, &y, &array![[1.0, 2.0]], 1).is_err());
        assert!(knn_classification(&x, &[1], &x, 1).is_err());
        assert!(nearest(&x, &Array2::zeros((0, 1)), 1).is_err());
    }
}
