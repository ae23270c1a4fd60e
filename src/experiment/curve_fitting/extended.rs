//! Fits for which 64-bit numbers are too short: the same least squares with pairs of them, 106 bits.
//!
//! Random points lie badly for polynomials: near P = n the condition number κ of the features reaches 10¹⁵ in one set of
//! points in a thousand. A solver that rounds each step to ε has lost the fit when κ ε nears 1.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, LinalgScalar, s};
use twofloat::TwoFloat;

use crate::error::{Result, within_range};
use crate::fit::MinNormPath;
use crate::model::legendre_row;

/// Fits of a larger condition number are solved again. Below, 64 bits leave a relative error of at most about n² κ ε,
/// 5·10⁻¹⁰ for 15 points.
const MAX_CONDITION: f64 = 1e4;

/// Solves the ill-conditioned fits of `path` again, for training inputs `x` and labels `y`, both `(n,)`. `grid` holds the
/// features of the test points, `(t, columns)`.
pub(super) fn solve_ill_conditioned(
    path: &mut MinNormPath,
    x: &ArrayRef1<f64>,
    y: &ArrayRef1<f64>,
    grid: &ArrayRef2<f64>,
) -> Result<()> {
    let hard = |&i: &usize| path.condition[i] > MAX_CONDITION;
    let hard: Vec<usize> = (0..path.widths.len()).filter(hard).collect();
    let Some(&widest) = hard.last() else {
        return Ok(());
    };
    let features = legendre::<TwoFloat>(x, path.widths[widest]);
    let y = y.mapv(TwoFloat::from);
    for i in hard {
        let columns = s![.., ..path.widths[i]];
        let features = features.slice(columns);
        let weights = least_squares(&features, &y);
        let residual = &y - &features.dot(&weights);
        let weights = weights.mapv(f64::from);
        let norm2 = within_range(
            "the squared norm of the coefficients",
            weights.dot(&weights),
        )?;
        path.norm[i] = norm2.sqrt();
        path.train_mse[i] = f64::from(residual.dot(&residual)) / y.len() as f64;
        let fit = grid.slice(columns).dot(&weights);
        path.test_predictions.slice_mut(s![i, .., 0]).assign(&fit);
    }
    Ok(())
}

fn legendre<T: LinalgScalar + From<f64>>(x: &ArrayRef1<f64>, columns: usize) -> Array2<T> {
    let mut features = Array2::ones((x.len(), columns));
    for (mut row, &x) in features.rows_mut().into_iter().zip(x) {
        legendre_row(&mut row, T::from(x));
    }
    features
}

/// The least-squares solution of Φw = y, that of smallest norm where there are several, for Φ `(n, P)` of full rank.
fn least_squares(features: &ArrayRef2<TwoFloat>, y: &Array1<TwoFloat>) -> Array1<TwoFloat> {
    let (n, p) = features.dim();
    let zero = TwoFloat::from(0.0);
    if p <= n {
        // Φ = QR: R w = Qᵀy.
        let (q, r) = orthonormal(features.to_owned());
        let mut w = q.t().dot(y);
        for i in (0..p).rev() {
            let known = (i + 1..p).fold(zero, |sum, j| sum + r[[i, j]] * w[j]);
            w[i] = (w[i] - known) / r[[i, i]];
        }
        w
    } else {
        // Φᵀ = QR: w = Q c with Rᵀc = y.
        let (q, r) = orthonormal(features.t().to_owned());
        let mut c = y.clone();
        for i in 0..n {
            let known = (0..i).fold(zero, |sum, j| sum + r[[j, i]] * c[j]);
            c[i] = (c[i] - known) / r[[i, i]];
        }
        q.dot(&c)
    }
}

/// A = QR with orthonormal columns in Q, by Gram and Schmidt's method. Each column goes through it twice, which keeps Q
/// orthonormal to rounding.
fn orthonormal(mut q: Array2<TwoFloat>) -> (Array2<TwoFloat>, Array2<TwoFloat>) {
    let columns = q.ncols();
    let mut r = Array2::from_elem((columns, columns), TwoFloat::from(0.0));
    for j in 0..columns {
        let (before, mut rest) = q.multi_slice_mut((s![.., ..j], s![.., j]));
        for _ in 0..2 {
            for (i, direction) in before.columns().into_iter().enumerate() {
                let along = direction.dot(&rest);
                rest.zip_mut_with(&direction, |v, &d| *v -= along * d);
                r[[i, j]] += along;
            }
        }
        let length = rest.dot(&rest).sqrt();
        rest.mapv_inplace(|v| v / length);
        r[[j, j]] = length;
    }
    (q, r)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::min_norm_path;
    use crate::model::legendre_features;
    use ndarray::{Axis, array};

    /// Two of five points are 10⁻¹³ apart, and one side is empty: κ is about 10¹⁶.
    fn hard() -> (Array1<f64>, Array1<f64>) {
        let x = array![-0.95, -0.9, -0.85, -0.8, -0.8 + 1e-13];
        let y = x.mapv(|x: f64| (3.0 * x).sin());
        (x, y)
    }

    /// Lagrange's formula in 106 bits: in 64 its terms of size 10¹³ would cancel to nothing.
    fn lagrange(x: &Array1<f64>, y: &Array1<f64>, grid: &Array1<f64>) -> Array1<f64> {
        let [x, y, grid] = [x, y, grid].map(|a| a.mapv(TwoFloat::from));
        let basis = |j: usize, at: TwoFloat| {
            let others = (0..x.len()).filter(|&i| i != j);
            others.fold(TwoFloat::from(1.0), |p, i| p * (at - x[i]) / (x[j] - x[i]))
        };
        grid.mapv(|at| {
            let terms = (0..x.len()).map(|j| y[j] * basis(j, at));
            f64::from(terms.fold(TwoFloat::from(0.0), |sum, term| sum + term))
        })
    }

    #[test]
    fn the_interpolant_is_lagranges_where_64_bits_lose_it() {
        let (x, y) = hard();
        let grid = Array1::linspace(-1.0, 1.0, 21);
        let features = legendre_features(&grid, 7).expect("valid");
        let own = legendre_features(&x, 7).expect("valid");
        let column = y.clone().insert_axis(Axis(1));
        let widths: Vec<usize> = (1..=7).collect();
        let mut path = min_norm_path(&own, &features, &column, &widths).expect("valid");
        let exact = lagrange(&x, &y, &grid);
        let size = exact.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let distance = |path: &MinNormPath| {
            let fit = path.test_predictions.slice(s![4, .., 0]);
            let off = &fit - &exact;
            off.iter().fold(0.0_f64, |most, v| most.max(v.abs())) / size
        };
        assert!(distance(&path) > 1e-3);
        solve_ill_conditioned(&mut path, &x, &y, &features).expect("valid");
        // The weights and the grid's features are 64-bit numbers again: a few hundred roundings.
        assert!(distance(&path) < 1e-11, "{}", distance(&path));
        assert!(path.train_mse[4..].iter().all(|mse| *mse < 1e-30));
        assert!(path.norm[4] > path.norm[5] && path.norm[5] > path.norm[6]);
        assert!(
            path.train_mse
                .windows(2)
                .all(|pair| pair[1] <= pair[0] + 1e-30)
        );
    }

    /// Σ r_i Φ_ij = 0 for every column: the residual of least squares is orthogonal to the features.
    #[test]
    fn least_squares_leaves_a_residual_orthogonal_to_the_features() {
        let (x, _) = hard();
        // The near pair disagrees: no cubic can follow both, so each is missed by about ½.
        let y = array![1.0, -1.0, 2.0, 0.0, 1.0].mapv(TwoFloat::from);
        let features = legendre::<TwoFloat>(&x, 4);
        let residual = &y - &features.dot(&least_squares(&features, &y));
        let squares = f64::from(residual.dot(&residual));
        assert!((squares - 0.5).abs() < 1e-3, "{squares}");
        for product in features.t().dot(&residual) {
            assert!(f64::from(product).abs() < 1e-26, "{product:?}");
        }
    }
}
