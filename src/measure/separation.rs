//! How far apart the classes of a data set are.

use ndarray::parallel::prelude::*;
use ndarray::{Array1, ArrayRef2, ArrayView1, Axis, s};

use crate::error::{Error, Result};
use crate::model::distance::check_pair;
use crate::model::squared_distances;
use crate::optimise::Norm;
use crate::stats::{larger, largest, smaller};

/// Rows whose Euclidean distances are in memory at a time.
const BLOCK: usize = 256;
/// Coordinates between two looks at whether a pair is already too far apart.
const STRIDE: usize = 56;

/// The distance of each example to the nearest of another class, `(n,)`.
///
/// Takes inputs `x`, `(n, d)`, with `labels`, `(n,)`, and `others`, `(m, d)`, with `other_labels`, `(m,)`. The two sets may be the
/// same: an example has its own class. An example all of whose others have its own class gets ∞.
///
/// The least of them is the separation of the classes: 2r in the words of Yang et al., for whom a set is r-separated if
/// examples of different classes are at least 2r apart. A classifier that is right on everything within r of every example
/// then exists: the nearest neighbour.
///
/// # Algorithm
/// Euclidean distances come block by block as matrix products. In the ∞-norm each pair is given up as soon as one coordinate
/// differs by more than the least distance so far.
///
/// # Errors
/// Empty, mismatched or non-finite arrays; one label an example; differences beyond the range of f64.
///
/// # Reference
/// Yang, Rashtchian, Zhang, Salakhutdinov & Chaudhuri 2020, "A closer look at accuracy vs. robustness",
/// arXiv:2003.02460, §3.
///
/// ```
/// use dltheory::measure::separation::nearest_other_class;
/// use dltheory::optimise::Norm;
/// use ndarray::array;
/// let x = array![[0.0, 0.0], [3.0, 4.0], [0.1, 0.0]];
/// let d = nearest_other_class(&x, &[0, 1, 0], &x, &[0, 1, 0], Norm::LInf)?;
/// assert_eq!(d.to_vec(), [4.0, 4.0, 4.0]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn nearest_other_class(
    x: &ArrayRef2<f64>,
    labels: &[u8],
    others: &ArrayRef2<f64>,
    other_labels: &[u8],
    norm: Norm,
) -> Result<Array1<f64>> {
    nearest(x, labels, others, other_labels, norm, |a, b| a != b)
}

/// As [`nearest_other_class`], to the nearest example of the same class.
///
/// # Errors
/// As [`nearest_other_class`].
pub fn nearest_same_class(
    x: &ArrayRef2<f64>,
    labels: &[u8],
    others: &ArrayRef2<f64>,
    other_labels: &[u8],
    norm: Norm,
) -> Result<Array1<f64>> {
    nearest(x, labels, others, other_labels, norm, |a, b| a == b)
}

fn nearest(
    x: &ArrayRef2<f64>,
    labels: &[u8],
    others: &ArrayRef2<f64>,
    other_labels: &[u8],
    norm: Norm,
    counts: fn(u8, u8) -> bool,
) -> Result<Array1<f64>> {
    check_pair(x, others)?;
    for (what, labels, x) in [
        ("the list of labels", labels, x),
        ("the list of other labels", other_labels, others),
    ] {
        if labels.len() != x.nrows() {
            return Err(Error::shape(
                what,
                format!("({},)", x.nrows()),
                &[labels.len()],
            ));
        }
    }
    match norm {
        Norm::L1 | Norm::LInf => {
            let rows = x.axis_iter(Axis(0)).into_par_iter().zip(labels);
            let nearest: Vec<f64> = rows
                .map(|(row, &label)| {
                    let others = others.axis_iter(Axis(0)).zip(other_labels);
                    let others = others.filter(|(_, other)| counts(label, **other));
                    others.fold(f64::INFINITY, |best, (other, _)| {
                        let distance = match norm {
                            Norm::L1 => row.iter().zip(other).map(|(a, b)| (a - b).abs()).sum(),
                            _ => largest_difference(row, other, best),
                        };
                        smaller(distance, best)
                    })
                })
                .collect();
            Ok(Array1::from(nearest))
        }
        Norm::L2 => {
            let mut nearest = Vec::with_capacity(x.nrows());
            for (start, own) in labels.chunks(BLOCK).enumerate() {
                let from = start * BLOCK;
                let block = x.slice(s![from..from + own.len(), ..]);
                let squares = squared_distances(&block, others)?;
                for (row, &label) in squares.rows().into_iter().zip(own) {
                    let pairs = row.into_iter().zip(other_labels);
                    let pairs = pairs.filter(|(_, other)| counts(label, **other));
                    let least =
                        pairs.fold(f64::INFINITY, |best, (square, _)| smaller(best, *square));
                    nearest.push(least.sqrt());
                }
            }
            Ok(Array1::from(nearest))
        }
    }
}

/// max_k |a_k − b_k|, or some number above `enough` if the maximum is above it.
fn largest_difference(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>, enough: f64) -> f64 {
    let mut most = 0.0_f64;
    match (a.as_slice(), b.as_slice()) {
        (Some(a), Some(b)) => {
            for (a, b) in a.chunks(STRIDE).zip(b.chunks(STRIDE)) {
                // Four running maxima, so that the loop is not one long chain.
                let mut four = [most; 4];
                let (quads, rest) = (a.chunks_exact(4), a.chunks_exact(4).remainder());
                let tail = &b[a.len() - rest.len()..];
                for (a, b) in quads.zip(b.chunks_exact(4)) {
                    for k in 0..4 {
                        let gap = (a[k] - b[k]).abs();
                        four[k] = if gap > four[k] { gap } else { four[k] };
                    }
                }
                most = four.into_iter().fold(most, larger);
                most = rest
                    .iter()
                    .zip(tail)
                    .fold(most, |m, (a, b)| larger(m, (a - b).abs()));
                if most > enough {
                    return most;
                }
            }
        }
        _ => most = largest(a.iter().zip(b).map(|(a, b)| (a - b).abs())),
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::{Array2, ShapeBuilder, array};

    /// Every pair, by the definition.
    fn naive(x: &Array2<f64>, labels: &[u8], norm: Norm) -> Vec<f64> {
        let distance = |a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>| {
            let gaps = &a - &b;
            match norm {
                Norm::LInf => largest(gaps.iter().map(|v| v.abs())),
                Norm::L2 => gaps.dot(&gaps).sqrt(),
                Norm::L1 => gaps.iter().map(|v| v.abs()).sum(),
            }
        };
        let nearest = |i: usize| {
            let others = (0..labels.len()).filter(|&j| labels[j] != labels[i]);
            let distances = others.map(|j| distance(x.row(i), x.row(j)));
            distances.fold(f64::INFINITY, smaller)
        };
        (0..labels.len()).map(nearest).collect()
    }

    #[test]
    fn all_pairs_by_the_definition() {
        for (n, d) in [(1, 1), (300, 3), (270, 61), (40, 130)] {
            let rng = &mut stream(1, "separation", d as u64);
            let x = gaussian(n, d, rng).expect("valid");
            let labels: Vec<u8> = (0..n).map(|i| (i % 3) as u8).collect();
            for norm in Norm::ALL {
                let fast = nearest_other_class(&x, &labels, &x, &labels, norm).expect("valid");
                for (a, b) in fast.iter().zip(naive(&x, &labels, norm)) {
                    assert!(*a == b || (a - b).abs() < 1e-12 * b, "{norm:?}: {a} {b}");
                }
                let mut columns = Array2::zeros((n, d).f());
                columns.assign(&x);
                let again = nearest_other_class(&columns, &labels, &x, &labels, norm);
                let again = again.expect("valid");
                assert!(
                    fast.iter()
                        .zip(&again)
                        .all(|(a, b)| a == b || (a - b).abs() < 1e-12)
                );
                let same = nearest_same_class(&x, &labels, &x, &labels, norm).expect("valid");
                assert!(same.iter().all(|d| *d == 0.0));
            }
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let x = array![[1.0], [2.0]];
        let with = |labels: &[u8], others: &Array2<f64>| {
            nearest_other_class(&x, labels, others, &[0, 1], Norm::L2)
        };
        assert!(with(&[0], &x).is_err() && with(&[0, 1], &array![[1.0, 2.0]]).is_err());
        assert!(with(&[0, 1], &array![[f64::NAN], [1.0]]).is_err());
        assert_eq!(with(&[0, 1], &x).expect("valid").to_vec(), [1.0, 1.0]);
    }
}
