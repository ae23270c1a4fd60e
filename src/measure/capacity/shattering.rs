//! Which points a hyperplane shatters: all labellings tried, and one that no hyperplane has.

use ndarray::{Array2, ArrayRef2, Axis};

use crate::error::{Error, Result};
use crate::fit::separable;
use crate::linalg::thin_qr;
use crate::stats::largest_by;

/// The most points of which all 2ⁿ labellings are tried.
const MAX_POINTS: usize = 16;

/// All 2ⁿ labellings of n points, each `(n, 1)` of ±1: bit i of its number is the sign of point i.
///
/// # Errors
/// n above 16.
pub fn all_labellings(n: usize) -> Result<impl Iterator<Item = Array2<f64>>> {
    if n > MAX_POINTS {
        let expected = format!("at most {MAX_POINTS}");
        return Err(Error::domain("the number of points n", expected, n));
    }
    let sign = |bits: u32, i: usize| if bits >> i & 1 == 1 { 1.0 } else { -1.0 };
    Ok((0..1_u32 << n).map(move |bits| Array2::from_shape_fn((n, 1), |(i, _)| sign(bits, i))))
}

/// How many of the 2ⁿ labellings of the points `x`, `(n, d)`, a hyperplane through the origin separates, by trying them
/// all; each answer has its proof (see [`crate::fit::separable`]). The points are shattered where it is 2ⁿ. For a hyperplane
/// with an offset append a column of ones.
///
/// The VC dimension of a class is the largest n for which *some* n points are shattered: d here, and d + 1 with an offset
/// (Vapnik & Chervonenkis 1971, doi:10.1137/1116025).
///
/// # Errors
/// As [`crate::fit::separable`]; n above 16.
///
/// ```
/// use dltheory::measure::separable_labellings;
/// use ndarray::array;
/// let x = array![[0.0, 0.0, 1.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0]];
/// // Lines in the plane: all of the square's labellings but the two of exclusive or.
/// assert_eq!(separable_labellings(&x)?, 14);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn separable_labellings(x: &ArrayRef2<f64>) -> Result<usize> {
    let mut count = 0;
    for signs in all_labellings(x.nrows())? {
        count += usize::from(separable(x, &signs)?);
    }
    Ok(count)
}

/// A labelling, `(n, 1)`, of n = d + 1 points `x`, `(n, d)`, that no hyperplane through the origin has, wherever the points
/// lie: Radon's argument.
///
/// # Formula
/// More points than dimensions are dependent, Σ c_i x_i = 0 with c ≠ 0. Label by the signs of c (1 where c_i = 0). If w had
/// them all right, c_i w·x_i would be ≥ 0 for all i and > 0 for some; but their sum is w·0 = 0.
///
/// Here c is what is left of the coordinate vector that lies farthest from the columns of `x`, once it has been projected
/// on them.
///
/// # Errors
/// Not (d + 1, d), or not finite.
pub fn radon_labelling(x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    let (n, d) = x.dim();
    if n != d + 1 {
        return Err(Error::shape(
            "the points",
            format!("({}, {d})", d + 1),
            x.shape(),
        ));
    }
    let q = thin_qr(x)?.q;
    // |e_i − QQᵀe_i|² = 1 − |row i of Q|².
    let left = q.map_axis(Axis(1), |row| 1.0 - row.dot(&row));
    let farthest = largest_by(0..n, |&i| left[i]);
    let i = farthest.expect("n = d + 1 is not 0, and Q is finite");
    let mut c = -q.dot(&q.row(i));
    c[i] += 1.0;
    Ok(c.mapv(|c| if c < 0.0 { -1.0 } else { 1.0 })
        .insert_axis(Axis(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn points_in_a_row_are_not_in_general_position() {
        // Three points on a line, with an offset: the middle one may not differ from both others.
        let x = array![[0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [2.0, 2.0, 1.0]];
        assert_eq!(separable_labellings(&x).expect("valid"), 6);
        let mut labellings = all_labellings(3).expect("few");
        assert_eq!(
            labellings.nth(5).expect("of 8"),
            array![[1.0], [-1.0], [1.0]]
        );
    }

    #[test]
    fn a_labelling_without_a_hyperplane() {
        for d in 1..6 {
            let x = gaussian(d + 1, d, &mut stream(1, "radon", d as u64)).expect("valid");
            let signs = radon_labelling(&x).expect("one point more");
            assert!(!separable(&x, &signs).expect("valid"), "d = {d}");
        }
        // A square: its diagonals cross.
        let square = array![
            [0.0, 0.0, 1.0],
            [1.0, 0.0, 1.0],
            [0.0, 1.0, 1.0],
            [1.0, 1.0, 1.0]
        ];
        let signs = radon_labelling(&square).expect("one point more");
        assert_eq!(signs[[0, 0]], signs[[3, 0]]);
        assert_eq!(signs[[1, 0]], -signs[[0, 0]]);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(all_labellings(17).is_err());
        assert!(radon_labelling(&array![[1.0, 2.0], [3.0, 4.0]]).is_err());
        assert!(separable_labellings(&array![[f64::NAN]]).is_err());
    }
}
