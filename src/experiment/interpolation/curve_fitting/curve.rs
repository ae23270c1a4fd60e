//! Errors and norms by number of parameters, summed up over repeats.

use super::{CurveFitting, Repeat, grid};
use crate::error::Result;
use crate::measure::isotropic_risk;
use crate::model::legendre_features;
use crate::stats::{larger, median, quantile};

/// All numbers of parameters.
pub(super) struct Curve {
    pub points: Vec<Point>,
}

/// One number of parameters, over repeats.
pub(super) struct Point {
    /// P.
    pub parameters: usize,
    /// Median test error: near P = n the mean is that of the one worst repeat.
    pub test: f64,
    /// 10 % and 90 % quantiles of the test error.
    pub band: (f64, f64),
    /// Mean test error.
    pub mean: f64,
    /// The test error with Gaussian features of the same energies; `None` for P > n − 2.
    pub gaussian: Option<f64>,
    /// Median training error.
    pub train: f64,
    /// Median norm.
    pub norm: f64,
}

impl Curve {
    pub(super) fn over(
        repeats: &[Repeat],
        widths: &[usize],
        gaussian: &[Option<f64>],
    ) -> Result<Self> {
        let point = |(i, (&parameters, &gaussian)): (usize, (&usize, &Option<f64>))| {
            let each = |of: fn(&Repeat) -> &Vec<f64>| -> Vec<f64> {
                repeats.iter().map(|repeat| of(repeat)[i]).collect()
            };
            let (test, train) = (each(|r| &r.test_mse), each(|r| &r.train_mse));
            Ok(Point {
                parameters,
                test: median(&test)?,
                band: (quantile(&test, 0.1)?, quantile(&test, 0.9)?),
                mean: test.iter().sum::<f64>() / test.len() as f64,
                gaussian,
                train: median(&train)?,
                norm: median(&each(|r| &r.norm))?,
            })
        };
        let points = widths.iter().zip(gaussian).enumerate();
        Ok(Self {
            points: points.map(point).collect::<Result<_>>()?,
        })
    }

    /// One number of every point.
    pub(super) fn each(&self, of: impl Fn(&Point) -> f64) -> Vec<f64> {
        self.points.iter().map(of).collect()
    }

    /// The point among those `part` picks where `of` is largest.
    pub(super) fn largest(
        &self,
        part: impl Fn(&Point) -> bool,
        of: impl Fn(&Point) -> f64,
    ) -> Option<&Point> {
        let points = self.points.iter().filter(|point| part(point));
        points.max_by(|a, b| of(a).total_cmp(&of(b)))
    }
}

impl CurveFitting {
    /// The expected test error for P ≤ n − 2 if the features were Gaussian: Legendre polynomials of a
    /// uniform input are uncorrelated too, and least squares does not mind their scales, so with
    /// what P polynomials cannot follow as noise it is the isotropic formula.
    pub(super) fn gaussian_mse(&self, widths: &[usize]) -> Result<Vec<Option<f64>>> {
        let x = grid();
        let target = x.mapv(|x| self.target(x));
        let mean = |values: &ndarray::Array1<f64>| values.sum() / values.len() as f64;
        let energy = mean(&(&target * &target));
        let features = legendre_features(&x, self.n)?;
        let mut seen = vec![0.0];
        for (j, column) in features.columns().into_iter().enumerate() {
            // E f P_j over √E P_j², squared.
            let along = mean(&(&target * &column)).powi(2) * (2 * j + 1) as f64;
            seen.push(seen[j] + along);
        }
        widths
            .iter()
            .map(|&p| {
                if p + 2 > self.n {
                    return Ok(None);
                }
                let (noise, unseen) = (self.noise * self.noise, larger(energy - seen[p], 0.0));
                let risk = isotropic_risk(self.n, p, seen[p], unseen, noise)?;
                Ok(Some(risk - noise))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A straight line has E f² = 4/3, all of it in P_1: two parameters leave nothing, one all.
    #[test]
    fn the_gaussian_formula_knows_what_polynomials_follow() {
        let line = CurveFitting {
            frequency: 0.0,
            ..Default::default()
        };
        let mse = line.gaussian_mse(&[1, 2, 13, 14]).expect("valid");
        // 2x + 1: P_0 takes the 1; (4/3)(1 + 1/(15 − 1 − 1)) is left.
        let one = mse[0].expect("P ≤ n − 2");
        assert!((one - 4.0 / 3.0 * (1.0 + 1.0 / 13.0)).abs() < 1e-5, "{one}");
        assert!(mse[1].expect("P ≤ n − 2") < 1e-5);
        assert!(mse[2].is_some() && mse[3].is_none());
    }
}
