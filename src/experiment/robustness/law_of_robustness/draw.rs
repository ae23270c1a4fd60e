//! One data set with random labels, and its fit by P random features.

use ndarray::{Array1, Array2, ArrayRef2, Axis, concatenate};

use crate::data::synthetic::unit_sphere;
use crate::error::Result;
use crate::experiment::{Draw, settings};
use crate::fit::min_norm;
use crate::measure::robustness::{relu_sphere_moments, robustness_law};
use crate::model::{Kernel, RandomFeatures};
use crate::stats::{Estimate, larger, largest};

/// Random points where slopes are sampled.
pub(super) const SAMPLED: usize = 1000;

settings! {
    /// Settings of `law_of_robustness`.
    pub struct LawOfRobustness {
        /// Points n, uniform on the unit sphere S^(d−1), half of them labelled +1, half −1; even.
        n: usize = 100, in 4..=500;
        /// Their dimension d.
        input_dim: usize = 50, in 3..=1000;
        /// P/n: how many random ReLU features, whose P output weights are fitted, for each point.
        ratios: Vec<f64> = vec![1.25, 1.5, 2.0, 3.0, 4.0, 8.0, 16.0], quick vec![1.25, 1.5, 2.0, 4.0, 8.0], in 1.05..=32.0, len 2..=20, increasing;
        /// Draws of points and features at each P.
        draws: usize = 16, quick 10, in 3..=10_000;
    }
}

/// One fit.
pub(super) struct Fit {
    /// E‖∇f‖² along the sphere, exact.
    pub square: f64,
    /// Var f, exact.
    pub variance: f64,
    /// (d−1)n/(P·E‖∇f‖²), at most 1 on average.
    pub law: f64,
    /// |sampled − exact|/s.e. of the mean square slope.
    pub distance: f64,
    /// The largest slope at the data and at random points.
    pub found: f64,
    /// Between the two nearest points of different labels: the largest slope on the way, over 2/distance.
    pub way: f64,
    /// 2/distance of those two.
    pub opposite: f64,
    /// The largest |f(x_i) − y_i|.
    pub misfit: f64,
    /// Mean square slope of the fit by the kernel that P → ∞ gives, at the same random points.
    pub limit: f64,
}

/// f(x) = Σ_j a_j max(0, w_j·x).
struct Sum {
    w: Array2<f64>,
    a: Array1<f64>,
}

impl Sum {
    fn values(&self, x: &ArrayRef2<f64>) -> Array1<f64> {
        x.dot(&self.w.t()).mapv(|z| larger(z, 0.0)).dot(&self.a)
    }

    /// ∇f at each row of `x`, `(n, d)`.
    fn gradients(&self, x: &ArrayRef2<f64>) -> Array2<f64> {
        let mut on = x.dot(&self.w.t());
        on.mapv_inplace(|z| if z > 0.0 { 1.0 } else { 0.0 });
        on *= &self.a;
        on.dot(&self.w)
    }

    /// ‖∇f‖² without the part along x, which is f(x), at points of the sphere.
    fn squares_along(&self, x: &ArrayRef2<f64>) -> Vec<f64> {
        let (gradients, values) = (self.gradients(x), self.values(x));
        let rows = gradients.rows().into_iter().zip(values);
        rows.map(|(g, f)| larger(g.dot(&g) - f * f, 0.0)).collect()
    }

    /// The largest ‖∇f‖ between two points: at the middle of each piece on which f is linear.
    fn steepest_between(&self, from: &Array1<f64>, to: &Array1<f64>) -> f64 {
        let (start, end) = (self.w.dot(from), self.w.dot(to));
        let crossed = start.iter().zip(&end).filter(|(s, e)| *s * *e < 0.0);
        let mut ends: Vec<f64> = crossed.map(|(s, e)| s / (s - e)).collect();
        ends.extend([0.0, 1.0]);
        ends.sort_by(f64::total_cmp);
        let way = to - from;
        let middles: Vec<f64> = ends.windows(2).map(|t| f64::midpoint(t[0], t[1])).collect();
        let points = Array2::from_shape_fn((middles.len(), from.len()), |(i, k)| {
            from[k] + middles[i] * way[k]
        });
        let gradients = self.gradients(&points);
        largest(gradients.rows().into_iter().map(|g| g.dot(&g).sqrt()))
    }
}

/// The least distance between points with labels +1 and −1, and which.
fn nearest_opposite(x: &ArrayRef2<f64>, y: &Array2<f64>) -> (f64, usize, usize) {
    let mut nearest = (f64::INFINITY, 0, 0);
    for i in 0..x.nrows() {
        for j in (0..i).filter(|&j| y[[i, 0]] != y[[j, 0]]) {
            let gap = &x.row(i) - &x.row(j);
            let distance = gap.dot(&gap).sqrt();
            if distance < nearest.0 {
                nearest = (distance, i, j);
            }
        }
    }
    nearest
}

/// ‖∇f‖² along the sphere at `points`, for f = Σ_i α_i K(x_i, ·) through the labels, K(x, x') = E max(0, w·x) max(0, w·x').
fn limit_squares(x: &ArrayRef2<f64>, y: &Array2<f64>, points: &ArrayRef2<f64>) -> Result<Vec<f64>> {
    let gram = Kernel::ReluNngp { hidden_layers: 1 }.matrix(x, x)?;
    let alpha = min_norm(&gram, y, None)?.weights.column(0).to_owned();
    let cosines = points.dot(&x.t()).mapv(|c| c.clamp(-1.0, 1.0));
    let mut pulls = cosines.mapv(|c| 0.5 - c.acos() / std::f64::consts::TAU);
    pulls *= &alpha;
    let gradients = pulls.dot(x);
    let along = (&pulls * &cosines).sum_axis(Axis(1));
    let rows = gradients.rows().into_iter().zip(along);
    Ok(rows
        .map(|(g, radial)| larger(g.dot(&g) - radial * radial, 0.0))
        .collect())
}

impl LawOfRobustness {
    /// One draw; those with the same number have the same points at every number of parameters.
    pub(super) fn one(&self, parameters: usize, draw: Draw) -> Result<Fit> {
        let (n, d) = (self.n, self.input_dim);
        let x = unit_sphere(n, d, &mut draw.rng("points"))?;
        let y = Array2::from_shape_fn((n, 1), |(i, _)| if 2 * i < n { 1.0 } else { -1.0 });
        let features = RandomFeatures::relu(parameters, d, &mut draw.rng("directions"))?;
        let fit = min_norm(&features.apply(&x)?, &y, None)?;
        let sum = Sum {
            a: fit.weights.column(0).to_owned(),
            w: features.directions,
        };
        let moments = relu_sphere_moments(&sum.w, &sum.a)?;
        let points = unit_sphere(SAMPLED, d, &mut draw.rng("where slopes are sampled"))?;
        let squares = sum.squares_along(&points);
        let sampled = Estimate::from_values(&squares)?;
        let all = sum.squares_along(&concatenate![Axis(0), points, x]);
        let (distance, i, j) = nearest_opposite(&x, &y);
        let opposite = 2.0 / distance;
        let way = sum.steepest_between(&x.row(i).to_owned(), &x.row(j).to_owned());
        let missed = sum.values(&x) - y.column(0);
        let limit = limit_squares(&x, &y, &points)?;
        Ok(Fit {
            square: moments.square_slope,
            variance: moments.variance,
            law: robustness_law(n, d, parameters)?.powi(2) / moments.square_slope,
            distance: sampled.distance(moments.square_slope),
            found: largest(all).sqrt(),
            way: way / opposite,
            opposite,
            misfit: largest(missed.iter().map(|m| m.abs())),
            limit: Estimate::from_values(&limit)?.mean,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_steepest_piece_between_two_points() {
        // Slopes 2 on the right, 1 on the left.
        let sum = Sum {
            w: array![[1.0, 0.0], [-1.0, 0.0]],
            a: array![2.0, 1.0],
        };
        let between = sum.steepest_between(&array![-1.0, 0.0], &array![1.0, 0.0]);
        assert!((between - 2.0).abs() < 1e-15);
        let left = sum.steepest_between(&array![-1.0, 0.0], &array![-0.5, 0.0]);
        assert!((left - 1.0).abs() < 1e-15);
    }

    /// On the circle the slope along it is a derivative by the angle.
    #[test]
    fn the_slope_of_the_kernels_fit_is_a_difference_quotient() {
        let at = |angle: f64| array![[angle.cos(), angle.sin()]];
        let x = concatenate![Axis(0), at(0.1), at(1.3), at(2.9), at(4.4)];
        let y = array![[1.0], [-1.0], [1.0], [-1.0]];
        let kernel = Kernel::ReluNngp { hidden_layers: 1 };
        let alpha = min_norm(&kernel.matrix(&x, &x).expect("valid"), &y, None);
        let alpha = alpha.expect("valid").weights;
        let value = |angle: f64| {
            let row = kernel.matrix(&at(angle), &x).expect("valid");
            row.dot(&alpha)[[0, 0]]
        };
        for angle in [0.5, 2.0, 3.6] {
            let quotient = (value(angle + 1e-5) - value(angle - 1e-5)) / 2e-5;
            let square = limit_squares(&x, &y, &at(angle)).expect("valid")[0];
            assert!(
                (square - quotient * quotient).abs() < 1e-6 * square,
                "{angle}"
            );
        }
    }
}
