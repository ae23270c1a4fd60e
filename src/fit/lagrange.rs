//! The polynomial through given points, by Lagrange's formula.

use ndarray::{Array2, ArrayRef1, ArrayRef2};

use crate::error::{Error, Result, check_finite, within_range};

/// The values at `points` of the polynomial of degree n − 1 through (`nodes`\[i\], `values`\[i\]), `(t, k)`.
///
/// # Formula
/// f(x) = Σ_j y_j Π_{i≠j} (x − x_i)/(x_j − x_i). No linear system is solved: each term has a relative rounding
/// error of a few n·ε, whatever the nodes.
///
/// Takes `nodes` x_i, `(n,)`, all different, `values` y, `(n, k)`, and `points`, `(t,)`. Costs O(n²(t + k)).
///
/// # Errors
/// Empty, non-finite or mismatched arrays; two equal nodes; differences or values beyond the range of
/// `f64`.
///
/// # Reference
/// Higham 2004, "The numerical stability of barycentric Lagrange interpolation", doi:10.1093/imanum/24.4.547.
///
/// ```
/// use dltheory::fit::lagrange_interpolation;
/// use ndarray::array;
/// // x² through three of its points.
/// let f = lagrange_interpolation(&array![0.0, 1.0, 3.0], &array![[0.0], [1.0], [9.0]], &array![2.0])?;
/// assert!((f[[0, 0]] - 4.0).abs() < 1e-14);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn lagrange_interpolation(
    nodes: &ArrayRef1<f64>,
    values: &ArrayRef2<f64>,
    points: &ArrayRef1<f64>,
) -> Result<Array2<f64>> {
    if nodes.is_empty() || points.is_empty() {
        let got = [nodes.len(), points.len()];
        return Err(Error::shape(
            "the nodes and points",
            "at least 1 each",
            &got,
        ));
    }
    if values.nrows() != nodes.len() || values.ncols() == 0 {
        let expected = format!("({}, k) with k ≥ 1", nodes.len());
        return Err(Error::shape("the values", expected, values.shape()));
    }
    check_finite("the nodes", nodes)?;
    check_finite("the values", values)?;
    check_finite("the points", points)?;
    let mut sorted = nodes.to_vec();
    sorted.sort_by(f64::total_cmp);
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        let got = format!("{} twice", pair[0]);
        return Err(Error::domain("the nodes", "all different", got));
    }
    // An infinite difference would make a factor 0 and the result wrong but finite.
    let least = points.iter().fold(sorted[0], |least, &x| least.min(x));
    let most = points
        .iter()
        .fold(sorted[sorted.len() - 1], |most, &x| most.max(x));
    within_range("the span of the nodes and points", most - least)?;

    let mut out = Array2::zeros((points.len(), values.ncols()));
    for (mut row, &x) in out.rows_mut().into_iter().zip(points) {
        for (j, (&node, value)) in nodes.iter().zip(values.rows()).enumerate() {
            let others = nodes.iter().enumerate().filter(|(i, _)| *i != j);
            let basis: f64 = others
                .map(|(_, other)| (x - other) / (node - other))
                .product();
            row.scaled_add(basis, &value);
        }
    }
    check_finite("the interpolating polynomial", &out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn reproduces_polynomials_and_passes_through_the_nodes() {
        let nodes = array![-1.0, -0.3, 0.1, 0.8];
        let cubic = |x: f64| 1.0 - 2.0 * x + 0.5 * x * x + 3.0 * x * x * x;
        let values = Array2::from_shape_fn(
            (4, 2),
            |(i, k)| {
                if k == 0 { cubic(nodes[i]) } else { nodes[i] }
            },
        );
        let points = array![-0.9, 0.0, 0.1, 2.0];
        let f = lagrange_interpolation(&nodes, &values, &points).expect("valid");
        for (row, &x) in f.rows().into_iter().zip(&points) {
            assert!((row[0] - cubic(x)).abs() < 1e-13 && (row[1] - x).abs() < 1e-13);
        }
        let at_nodes = lagrange_interpolation(&nodes, &values, &nodes).expect("valid");
        assert_eq!(at_nodes, values);
    }

    #[test]
    fn bad_input_is_an_error() {
        let (x, y) = (array![0.0, 1.0], array![[1.0], [2.0]]);
        assert!(lagrange_interpolation(&array![1.0, 1.0], &y, &x).is_err());
        assert!(lagrange_interpolation(&x, &array![[1.0]], &x).is_err());
        assert!(lagrange_interpolation(&x, &y, &array![]).is_err());
        assert!(lagrange_interpolation(&x, &y, &array![f64::NAN]).is_err());
        let huge = lagrange_interpolation(&array![0.0, 1e-300], &y, &array![1e300]);
        assert!(huge.is_err());
    }
}
