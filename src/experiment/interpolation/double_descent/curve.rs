//! One solver over widths, summed up over draws.

use ndarray::{Array3, ArrayView2, Axis, stack};

use super::draw::Fits;
use crate::error::{Error, Result};
use crate::experiment::{Cell, Column, Row, row};
use crate::measure::bias_variance;
use crate::stats::{Estimate, least_by, mean, quantile};

row! {
    /// One solver at one width, over draws.
    pub(super) struct Point {
        /// min_norm or sgd
        solver: &'static str;
        /// feature columns m
        columns: usize;
        /// m/n; the interpolation threshold is 1
        ratio: f64;
        /// mean squared test error, mean over draws
        test_mse: Estimate, unit "label²", and test_mse_se "its standard error over draws";
        /// 10 % quantile of the test error over draws
        test_mse_low: f64, unit "label²";
        /// 90 % quantile of the test error over draws
        test_mse_high: f64, unit "label²";
        /// squared bias, test_mse = bias2 + variance
        bias2: f64, unit "label²";
        /// bias2 less the variance that so few draws leave in it
        bias2_corrected: Estimate, unit "label²", and bias2_se "standard error of bias2_corrected";
        /// variance over draws
        variance: f64, unit "label²";
        /// mean squared training error, mean over draws
        train_mse: f64, unit "label²";
        /// norm of the weights for features with φ·φ = 1, mean over draws
        norm: f64;
        /// share of test digits told wrong, mean over draws
        test_error: f64;
    } beside {
        /// Test error of each draw.
        test_mses: Vec<f64>;
        /// Training error of each draw.
        train_mses: Vec<f64>;
    }
}

/// One solver over widths.
pub(super) struct Curve {
    solver: &'static str,
    /// The widths at which no draw diverged.
    pub points: Vec<Point>,
    /// The widths at which some draw did.
    pub diverged: Vec<usize>,
}

/// A row of the table.
pub(super) enum Entry<'a> {
    Fitted(&'a Point),
    /// A solver and a width at which it diverged: the rest is empty.
    Diverged(&'static str, usize),
}

impl Row for Entry<'_> {
    const COLUMNS: &'static [Column] = Point::COLUMNS;

    fn cells(&self) -> Vec<Cell> {
        match *self {
            Self::Fitted(point) => point.cells(),
            Self::Diverged(solver, columns) => {
                let cell = |column: &Column| match column.name {
                    "solver" => solver.into(),
                    "columns" => columns.into(),
                    _ => Cell::Empty,
                };
                Self::COLUMNS.iter().map(cell).collect()
            }
        }
    }
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
            let rows = draws.iter().map(|fits| fits.predictions.row(i));
            let rows: Vec<_> = rows.map(|row| row.insert_axis(Axis(1))).collect();
            if rows.iter().flatten().any(|value| value.is_nan()) {
                diverged.push(columns);
                continue;
            }
            let test_mses: Vec<f64> = rows.iter().map(|row| mse(row, &targets)).collect();
            let train_mses: Vec<f64> = draws.iter().map(|fits| fits.train_mse[i]).collect();
            let wrong = |f: f64, y: f64| f64::from(u8::from(f * y <= 0.0));
            let wrongs = rows.iter().map(|row| mean_over(row, &targets, wrong));
            let parts = bias_variance(&stack_draws(&rows)?, &targets)?;
            let estimate = |mean, se| Estimate {
                mean,
                se,
                draws: parts.draws,
            };
            points.push(Point {
                solver,
                columns,
                ratio: columns as f64 / n as f64,
                test_mse: estimate(parts.mse, parts.mse_se),
                test_mse_low: quantile(&test_mses, 0.1)?,
                test_mse_high: quantile(&test_mses, 0.9)?,
                bias2: parts.bias2,
                bias2_corrected: estimate(parts.bias2_corrected, parts.bias2_se),
                variance: parts.variance,
                train_mse: mean(train_mses.iter().copied()),
                norm: mean(draws.iter().map(|fits| fits.norm[i])),
                test_error: mean(wrongs),
                test_mses,
                train_mses,
            });
        }
        Ok(Self {
            solver,
            points,
            diverged,
        })
    }

    /// Its rows of the table.
    pub(super) fn rows(&self) -> impl Iterator<Item = Entry<'_>> {
        let diverged = self.diverged.iter();
        let diverged = diverged.map(|&columns| Entry::Diverged(self.solver, columns));
        self.points.iter().map(Entry::Fitted).chain(diverged)
    }

    /// The point whose ratio is nearest to `ratio`.
    pub(super) fn nearest(&self, ratio: f64) -> Option<&Point> {
        least_by(&self.points, |point| (point.ratio - ratio).abs())
    }
}

/// Test predictions of several draws, each `(t, 1)`, as `(draws, t, 1)`.
pub(super) fn stack_draws(draws: &[ArrayView2<'_, f64>]) -> Result<Array3<f64>> {
    stack(Axis(0), draws).map_err(|_| Error::shape("the draws", "at least one", &[draws.len()]))
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
    mean(row.iter().zip(targets).map(|(f, y)| of(*f, *y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

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
        assert_eq!(curve.rows().count(), 2);
        assert_eq!((curve.points.len(), curve.diverged), (1, vec![4]));
        assert_eq!(curve.points[0].test_error, 0.5);
        assert_eq!(curve.points[0].test_mse.mean, 2.0);
    }

    /// A row of a width at which a solver diverged has these two and nothing else.
    #[test]
    fn the_first_columns_are_solver_and_width() {
        let names: Vec<&str> = Point::COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(names[..2], ["solver", "columns"]);
        let cells = Entry::Diverged("sgd", 600).cells();
        assert_eq!(cells.len(), names.len());
        assert_eq!(cells[..2], [Cell::from("sgd"), Cell::from(600)]);
        assert!(cells[2..].iter().all(|cell| *cell == Cell::Empty));
    }
}
