//! One solver over widths, summed up over draws.

use ndarray::{Array2, ArrayView2, Axis};

use super::stack_draws;
use crate::error::Result;
use crate::measure::{BiasVariance, bias_variance};
use crate::stats::{largest, least};

/// One solver in one draw.
pub(super) struct Fits {
    /// Test predictions, `(widths, t)`; a row of NaN where the solver diverged.
    pub predictions: Array2<f64>,
    /// Training error at each width.
    pub train_mse: Vec<f64>,
    /// Norm of the weights at each width, for features with φ·φ = 1.
    pub norm: Vec<f64>,
}

/// One solver over widths.
pub(super) struct Curve {
    /// Its name in the table.
    pub solver: &'static str,
    /// The widths at which no draw diverged.
    pub points: Vec<Point>,
    /// The widths at which some draw did.
    pub diverged: Vec<usize>,
}

/// One solver at one width, over draws.
pub(super) struct Point {
    /// Feature columns m.
    pub columns: usize,
    /// m/n.
    pub ratio: f64,
    /// Test error with its bias and variance.
    pub parts: BiasVariance,
    /// Test error of each draw.
    pub mses: Vec<f64>,
    /// 10 % and 90 % quantiles of the test error.
    pub band: (f64, f64),
    /// Training error, mean over draws.
    pub train_mse: f64,
    /// The largest and smallest training error of a draw.
    pub train_mse_range: (f64, f64),
    /// Norm of the weights, mean over draws.
    pub norm: f64,
    /// Share of test digits told wrong, mean over draws.
    pub test_error: f64,
}

impl Curve {
    pub(super) fn over(
        draws: &[Fits],
        solver: &'static str,
        n: usize,
        widths: &[usize],
        targets: ArrayView2<'_, f64>,
    ) -> Result<Self> {
        let (mut points, mut diverged) = (Vec::new(), Vec::new());
        for (i, &columns) in widths.iter().enumerate() {
            let rows: Vec<ArrayView2<'_, f64>> = draws
                .iter()
                .map(|fits| fits.predictions.row(i).insert_axis(Axis(1)))
                .collect();
            if rows
                .iter()
                .any(|row| row.iter().any(|value| value.is_nan()))
            {
                diverged.push(columns);
                continue;
            }
            let mut errors: Vec<f64> = rows.iter().map(|row| mse(row, &targets)).collect();
            let wrong = rows
                .iter()
                .map(|row| mean_over(row, &targets, |f, y| f64::from(u8::from(f * y <= 0.0))));
            let count = draws.len() as f64;
            let train = draws.iter().map(|fits| fits.train_mse[i]);
            let mses = errors.clone();
            errors.sort_unstable_by(f64::total_cmp);
            points.push(Point {
                columns,
                ratio: columns as f64 / n as f64,
                parts: bias_variance(&stack_draws(&rows)?, &targets)?,
                mses,
                band: (quantile(&errors, 0.1), quantile(&errors, 0.9)),
                train_mse: train.clone().sum::<f64>() / count,
                train_mse_range: (least(train.clone()), largest(train)),
                norm: draws.iter().map(|fits| fits.norm[i]).sum::<f64>() / count,
                test_error: wrong.sum::<f64>() / count,
            });
        }
        Ok(Self {
            solver,
            points,
            diverged,
        })
    }

    /// One number of every point.
    pub(super) fn each(&self, of: impl Fn(&Point) -> f64) -> Vec<f64> {
        self.points.iter().map(of).collect()
    }

    /// The point whose ratio is nearest to `ratio`.
    pub(super) fn nearest(&self, ratio: f64) -> Option<&Point> {
        let far = |point: &&Point| (point.ratio - ratio).abs();
        self.points.iter().min_by(|a, b| far(a).total_cmp(&far(b)))
    }
}

/// The mean squared error of predictions `(t, 1)`.
pub(super) fn mse(row: &ArrayView2<'_, f64>, targets: &ArrayView2<'_, f64>) -> f64 {
    mean_over(row, targets, |f, y| (f - y) * (f - y))
}

fn mean_over(
    row: &ArrayView2<'_, f64>,
    targets: &ArrayView2<'_, f64>,
    of: impl Fn(f64, f64) -> f64,
) -> f64 {
    row.iter()
        .zip(targets.iter())
        .map(|(f, y)| of(*f, *y))
        .sum::<f64>()
        / row.len() as f64
}

/// The quantile `share` of sorted values, linear between neighbours.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (place - place.floor()) * (sorted[high] - sorted[low])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.5), 2.0);
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert_eq!(quantile(&[5.0], 0.9), 5.0);
    }

    #[test]
    fn a_width_where_a_draw_diverged_has_no_point() {
        let fits = |value: f64| Fits {
            predictions: array![[1.0, -1.0], [value, 0.5]],
            train_mse: vec![0.0, 0.1],
            norm: vec![1.0, 3.0],
        };
        let targets = array![[1.0], [1.0]];
        let curve = Curve::over(
            &[fits(0.0), fits(f64::NAN)],
            "sgd",
            2,
            &[1, 4],
            targets.view(),
        );
        let curve = curve.expect("valid shapes");
        assert_eq!((curve.points.len(), curve.diverged), (1, vec![4]));
        assert_eq!(curve.points[0].test_error, 0.5);
        assert_eq!(curve.points[0].parts.mse, 2.0);
    }
}
