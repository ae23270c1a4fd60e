//! Interpolation that is linear on simplices: between neighbours on a line, and inside one simplex in R^d.

use ndarray::{Array2, ArrayRef2, Axis, concatenate};

use super::{check_examples, check_filled, check_targets};
use crate::error::{Error, Result, check_finite};
use crate::linalg::{solve_upper, thin_qr};

/// A simplex is called flat where its edge matrix has a condition number above this.
const MAX_CONDITION: f64 = 1e12;

/// Linear interpolation between neighbouring points of a line, `(t, k)`; beyond the outermost
/// points, their targets.
///
/// Takes inputs `x`, `(n, 1)` with n ≥ 2, in any order, targets `y`, `(n, k)`, test inputs, `(t, 1)`.
/// With pure-noise targets its risk tends to σ²·5/3.
///
/// # Errors
/// n is 1, two inputs are equal, more than one column; empty, non-finite or mismatched arrays.
///
/// ```
/// use dltheory::fit::piecewise_linear;
/// use ndarray::array;
/// let (x, y) = (array![[2.0], [0.0]], array![[4.0], [0.0]]);
/// let f = piecewise_linear(&x, &y, &array![[0.5], [3.0]])?;
/// assert_eq!(f, array![[1.0], [4.0]]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn piecewise_linear(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    test: &ArrayRef2<f64>,
) -> Result<Array2<f64>> {
    check_examples(x, y)?;
    check_filled("the test inputs", test)?;
    for (what, array) in [("the inputs", x), ("the test inputs", test)] {
        if array.ncols() != 1 {
            return Err(Error::shape(
                what,
                "(n, 1): points of a line",
                array.shape(),
            ));
        }
    }
    let n = x.nrows();
    if n < 2 {
        return Err(Error::domain("the number of points", "at least 2", n));
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| x[[a, 0]].total_cmp(&x[[b, 0]]));
    let knots: Vec<f64> = order.iter().map(|&i| x[[i, 0]]).collect();
    if let Some(pair) = knots.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::domain(
            "an input",
            "to occur once",
            format!("{} twice", pair[0]),
        ));
    }
    let mut values = Array2::zeros((test.nrows(), y.ncols()));
    for (mut out, &point) in values.rows_mut().into_iter().zip(test) {
        // The first knot beyond the point, and the one before it.
        let right = knots.partition_point(|&knot| knot <= point).clamp(1, n - 1);
        let left = right - 1;
        // Halves keep the difference of opposite huge knots finite, but lose the tiniest.
        let far = !(knots[right] - knots[left]).is_finite();
        let scale = if far { 0.5 } else { 1.0 };
        let span = scale * knots[right] - scale * knots[left];
        let beyond = scale * point.clamp(knots[left], knots[right]) - scale * knots[left];
        let share = (beyond / span).clamp(0.0, 1.0);
        out.scaled_add(1.0 - share, &y.row(order[left]));
        out.scaled_add(share, &y.row(order[right]));
    }
    check_finite("the interpolated values", &values)?;
    Ok(values)
}

/// The barycentric coordinates of points in a simplex, `(t, d+1)`: each row sums to 1 and
/// reproduces its point, `point = Σ_j w_j vertex_j`. All are ≥ 0 exactly inside the simplex.
///
/// # Formula
/// With edges e_j = v_j − v_0, solve Σ_{j≥1} w_j e_j = p − v_0; w_0 = 1 − Σ_{j≥1} w_j.
///
/// Takes `vertices`, `(d+1, d)`, and `points`, `(t, d)`.
///
/// # Errors
/// Other shapes, non-finite numbers, or vertices that lie in a hyperplane to working precision
/// (which repeated vertices do).
pub fn barycentric(vertices: &ArrayRef2<f64>, points: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    let d = vertices.ncols();
    if d == 0 || vertices.nrows() != d + 1 {
        return Err(Error::shape(
            "the vertices",
            "(d + 1, d) with d ≥ 1",
            vertices.shape(),
        ));
    }
    if points.is_empty() || points.ncols() != d {
        return Err(Error::shape(
            "the points",
            format!("(t, {d})"),
            points.shape(),
        ));
    }
    check_finite("the vertices", vertices)?;
    check_finite("the points", points)?;
    let first = vertices.row(0);
    let edges = &vertices.slice(ndarray::s![1.., ..]) - &first;
    check_finite("the edges of the simplex", &edges)?;
    let qr = thin_qr(&edges.t())?;
    let diagonal = qr.r.diag().mapv(f64::abs);
    let least = diagonal.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = diagonal.iter().copied().fold(0.0, f64::max);
    // A NaN must count as flat, so the comparison comes first and is then denied.
    let spans = least * MAX_CONDITION > greatest;
    if !spans {
        return Err(Error::domain(
            "the simplex",
            "vertices that span R^d",
            "flat",
        ));
    }
    // Eᵀ wᵀ = (p − v₀)ᵀ and Eᵀ = QR give R wᵀ = Qᵀ(p − v₀)ᵀ.
    let rotated = (points.to_owned() - first).dot(&qr.q);
    let inner = solve_upper(&qr.r, &rotated.t())?.reversed_axes();
    let rest = 1.0 - inner.sum_axis(Axis(1)).insert_axis(Axis(1));
    let weights = concatenate(Axis(1), &[rest.view(), inner.view()])
        .map_err(|_| Error::shape("the weights", "matching parts", inner.shape()))?;
    check_finite("the barycentric coordinates", &weights)?;
    Ok(weights)
}

/// The linear function through the values at the vertices of one simplex, at `points`, `(t, k)`.
///
/// # Formula
/// f(p) = Σ_j w_j y_j with w the [`barycentric`] coordinates of p. For p uniform in the simplex, w is
/// uniform on the probability simplex, E Σ_j w_j² = 2/(d+2), so pure-noise targets give
/// risk σ²(1 + 2/(d+2)).
///
/// Takes `vertices`, `(d+1, d)`, their targets `y`, `(d+1, k)`, and `points`, `(t, d)`.
///
/// # Errors
/// As [`barycentric`], and targets that are not finite, of another number of rows, or so large that the value
/// overflows.
///
/// # Reference
/// Belkin, Hsu & Mitra 2018, "Overfitting or perfect fitting? Risk bounds for classification and regression rules
/// that interpolate", arXiv:1806.05161, §3.
pub fn simplex_interpolation(
    vertices: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    points: &ArrayRef2<f64>,
) -> Result<Array2<f64>> {
    let weights = barycentric(vertices, points)?;
    check_targets(vertices.nrows(), y)?;
    let values = weights.dot(y);
    check_finite("the interpolated values", &values)?;
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn a_line_interpolates_in_any_order() {
        let x = array![[3.0], [0.0], [1.0]];
        let y = array![[9.0, 1.0], [0.0, 1.0], [1.0, 1.0]];
        let f = piecewise_linear(&x, &y, &x).expect("valid");
        assert_eq!(f, y);
        let f = piecewise_linear(&x, &y, &array![[2.0], [-7.0], [0.25]]).expect("valid");
        assert_eq!(f, array![[5.0, 1.0], [0.0, 1.0], [0.25, 1.0]]);
        let huge = array![[-1.7e308], [1.7e308]];
        let f = piecewise_linear(&huge, &array![[0.0], [2.0]], &array![[0.0]]).expect("valid");
        assert_eq!(f, array![[1.0]]);
    }

    #[test]
    fn coordinates_reproduce_points_and_linear_functions() {
        for d in [1, 2, 5, 20] {
            let rng = &mut stream(1, "simplex", d as u64);
            let vertices = gaussian(d + 1, d, rng).expect("valid");
            let points = gaussian(3, d, rng).expect("valid");
            let weights = barycentric(&vertices, &points).expect("a Gaussian simplex is not flat");
            let off = weights.dot(&vertices) - &points;
            assert!(off.iter().all(|e| e.abs() < 1e-10), "d = {d}: {off}");
            assert!(
                weights
                    .sum_axis(Axis(1))
                    .iter()
                    .all(|sum| (sum - 1.0).abs() < 1e-12)
            );
            let slope = gaussian(d, 1, rng).expect("valid");
            let line = |x: &Array2<f64>| x.dot(&slope) + 3.0;
            let f = simplex_interpolation(&vertices, &line(&vertices), &points).expect("valid");
            assert!((f - line(&points)).iter().all(|e| e.abs() < 1e-9));
        }
        let corner = array![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
        let weights = barycentric(&corner, &array![[0.25, 0.5]]).expect("valid");
        assert!(
            (weights - array![[0.25, 0.25, 0.5]])
                .iter()
                .all(|e| e.abs() < 1e-15)
        );
    }

    #[test]
    fn bad_input_is_an_error() {
        let y = array![[0.0], [1.0]];
        assert!(piecewise_linear(&array![[1.0]], &array![[1.0]], &array![[1.0]]).is_err());
        let twice = piecewise_linear(&array![[1.0], [1.0]], &y, &array![[1.0]]);
        assert!(twice.expect_err("twice").to_string().contains("1 twice"));
        let plane = array![[1.0, 2.0], [3.0, 4.0]];
        assert!(piecewise_linear(&plane, &y, &plane).is_err());
        assert!(piecewise_linear(&array![[0.0], [1.0]], &y, &array![[f64::NAN]]).is_err());
        let flat = array![[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]];
        assert!(barycentric(&flat, &plane).is_err());
        assert!(barycentric(&array![[1.0], [1.0]], &array![[0.0]]).is_err());
        assert!(barycentric(&plane, &plane).is_err());
        let corner = array![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
        assert!(barycentric(&corner, &array![[0.0]]).is_err());
        assert!(simplex_interpolation(&corner, &y, &plane).is_err());
    }
}
