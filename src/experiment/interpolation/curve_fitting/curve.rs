//! Errors and norms by number of parameters, summed up over repeats.

use super::repeat::{Repeat, grid};
use super::settings::CurveFitting;
use crate::error::{Error, Result};
use crate::experiment::{Context, row};
use crate::measure::isotropic_risk;
use crate::model::legendre_features;
use crate::stats::{larger, largest_by, mean, median, quantile};

row! {
    /// One number of parameters, over repeats. Near P = n a mean is that of the one worst repeat.
    pub(super) struct Point {
        /// parameters P; the degree is P − 1
        parameters: usize;
        /// mean squared error to the noise-free target, median over repeats
        test_mse: f64, unit "label²";
        /// its 10 % quantile over repeats
        test_mse_low: f64, unit "label²";
        /// its 90 % quantile over repeats
        test_mse_high: f64, unit "label²";
        /// its mean over repeats
        test_mse_mean: f64, unit "label²";
        /// what uncorrelated Gaussian features of the same energies would give; to P = n − 2
        gaussian_mse: Option<f64>, unit "label²";
        /// mean squared training error, median over repeats
        train_mse: f64, unit "label²";
        /// norm of the coefficients, median over repeats
        norm: f64;
    }
}

/// Everything a run computed.
pub(super) struct Results {
    pub n: usize,
    /// The numbers of parameters of the four fits shown.
    pub shown: Vec<usize>,
    pub grid: Vec<f64>,
    pub target: Vec<f64>,
    pub points: Vec<Point>,
    pub repeats: Vec<Repeat>,
}

/// The points that claims and pictures speak of.
pub(super) struct Landmarks<'a> {
    /// Where the median test error is largest.
    pub peak: &'a Point,
    /// Where it is least below n.
    pub sweet: &'a Point,
    /// Where the formula for Gaussian features is least.
    pub predicted_sweet: &'a Point,
    /// Where it is least beyond n.
    pub second: &'a Point,
    /// Where the median norm is largest.
    pub norm_peak: &'a Point,
}

impl Results {
    pub(super) fn landmarks(&self) -> Result<Landmarks<'_>> {
        let largest = |part: &dyn Fn(&Point) -> bool, of: fn(&Point) -> f64| {
            let points = self.points.iter().filter(|point| part(point));
            let found = largest_by(points, |point| of(point));
            let expected = "points on both sides of P = n, none NaN";
            found.ok_or_else(|| Error::shape("the curve", expected, &[]))
        };
        Ok(Landmarks {
            peak: largest(&|_| true, |p| p.test_mse)?,
            sweet: largest(&|p| p.parameters < self.n, |p| -p.test_mse)?,
            predicted_sweet: largest(&|p| p.gaussian_mse.is_some(), |p| {
                -p.gaussian_mse.unwrap_or(f64::INFINITY)
            })?,
            second: largest(&|p| p.parameters > self.n, |p| -p.test_mse)?,
            norm_peak: largest(&|_| true, |p| p.norm)?,
        })
    }
}

impl CurveFitting {
    pub(super) fn results(&self, seed: u64, context: &Context) -> Result<Results> {
        let shown: Vec<usize> = self.degrees.iter().map(|degree| degree + 1).collect();
        let widths = self.widths(&shown);
        let repeats = context.draws("repeats", self.repeats, seed, |draw| {
            self.one_repeat(&widths, &shown, draw)
        })?;
        let gaussian = self.gaussian_mse(&widths)?;
        let points = widths.iter().zip(gaussian).enumerate();
        let points = points.map(|(i, (&parameters, gaussian_mse))| {
            let each = |of: fn(&Repeat) -> &Vec<f64>| -> Vec<f64> {
                repeats.iter().map(|repeat| of(repeat)[i]).collect()
            };
            let test = each(|repeat| &repeat.test_mse);
            Ok(Point {
                parameters,
                test_mse: median(&test)?,
                test_mse_low: quantile(&test, 0.1)?,
                test_mse_high: quantile(&test, 0.9)?,
                test_mse_mean: mean(test),
                gaussian_mse,
                train_mse: median(&each(|repeat| &repeat.train_mse))?,
                norm: median(&each(|repeat| &repeat.norm))?,
            })
        });
        Ok(Results {
            n: self.n,
            shown,
            grid: grid().to_vec(),
            target: grid().mapv(|x| self.target(x)).to_vec(),
            points: points.collect::<Result<_>>()?,
            repeats,
        })
    }

    /// The expected test error for P ≤ n − 2 if the features were Gaussian: Legendre polynomials of a
    /// uniform input are uncorrelated too, and least squares does not mind their scales, so with
    /// what P polynomials cannot follow as noise it is the isotropic formula.
    fn gaussian_mse(&self, widths: &[usize]) -> Result<Vec<Option<f64>>> {
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
