//! Methods that look at close training points only: neighbours, the Hilbert estimate, linear pieces.

use super::curve::{Curve, Kind, Point};
use super::settings::OverfittingRegimes;
use crate::data::synthetic::{noise, uniform_cube};
use crate::error::{Error, Result};
use crate::fit::Weighting;
use crate::measure::overfitting::limit;
use crate::measure::{
    Method, NoiseRiskSettings, hilbert_noise_risk, knn_classification_risk, noise_risk,
    piecewise_linear_noise_risk, simplicial_noise_risk,
};
use crate::rng::stream;
use crate::stats::Estimate;

/// The training error of a method on pure noise, in units of σ².
pub(super) struct Residual {
    pub method: Kind,
    pub measured: Estimate,
    pub predicted: f64,
}

/// The estimate whose weights are 1/|x − x_i|.
const HILBERT: Method = Method::LocalMean(Weighting::Singular { exponent: 1.0 });

/// ⌈ln n⌉.
pub(super) fn log_neighbours(n: usize) -> usize {
    (n as f64).ln().ceil() as usize
}

/// An estimate of R/σ², as one of the excess.
pub(super) fn excess(risk: Estimate) -> Estimate {
    Estimate {
        mean: risk.mean - 1.0,
        ..risk
    }
}

impl OverfittingRegimes {
    /// `largest`, half of it, and so on down to 16 at least, ascending.
    pub(super) fn sizes(&self, largest: usize) -> Vec<usize> {
        let mut sizes: Vec<usize> = std::iter::successors(Some(largest), |n| Some(n / 2))
            .take_while(|n| *n >= 16)
            .collect();
        sizes.reverse();
        sizes
    }

    /// What [`noise_risk`] draws on a line: other data for another n.
    pub(super) fn noise_settings(&self, n: usize, seed: u64) -> NoiseRiskSettings {
        NoiseRiskSettings {
            n,
            test_points: 400,
            draws: self.draws,
            seed: seed ^ ((n as u64) << 32),
            ..NoiseRiskSettings::default()
        }
    }

    /// Neighbours, their votes, the Hilbert estimate and linear pieces on a line.
    pub(super) fn local(&self, seed: u64) -> Result<Vec<Curve>> {
        type Predict<'a> = &'a dyn Fn(usize) -> Result<f64>;
        let curve = |method, fit: &dyn Fn(usize) -> Method, predict: Predict<'_>, limit| {
            let point = |n| {
                let risk = noise_risk(&fit(n), &self.noise_settings(n, seed))?.risk;
                Ok(Point::mean(n, excess(risk), Some(predict(n)? - 1.0)))
            };
            Curve::over(method, Some(limit), self.sizes(self.n), point)
        };
        let mut curves = vec![
            curve(
                Kind::LogNeighbours,
                &|n| Method::Neighbours {
                    k: log_neighbours(n),
                },
                &|n| Ok(limit::knn(log_neighbours(n))),
                0.0,
            )?,
            curve(Kind::Hilbert, &|_| HILBERT, &hilbert_noise_risk, 0.0)?,
            curve(
                Kind::PiecewiseLinear,
                &|_| Method::PiecewiseLinear,
                &piecewise_linear_noise_risk,
                limit::LINE - 1.0,
            )?,
        ];
        for &k in &self.neighbours {
            let exact = limit::knn(k);
            curves.push(curve(
                Kind::Neighbours(k),
                &|_| Method::Neighbours { k },
                &|_| Ok(exact),
                exact - 1.0,
            )?);
        }
        for &k in self.neighbours.iter().filter(|k| *k % 2 == 1) {
            curves.push(self.vote(k, seed)?);
        }
        Ok(curves)
    }

    fn vote(&self, k: usize, seed: u64) -> Result<Curve> {
        // The Bayes error is η.
        let eta = self.label_noise;
        let exact = limit::knn_classification(k, eta) - eta;
        let point = |n| {
            let risk = knn_classification_risk(k, eta, &self.noise_settings(n, seed))?;
            let above = Estimate {
                mean: risk.mean - eta,
                ..risk
            };
            Ok(Point::mean(n, above, Some(exact)))
        };
        Curve::over(Kind::Vote(k), Some(exact), self.sizes(self.n), point)
    }

    /// One simplex of R^d, which has d + 1 training points, with test points uniform inside.
    pub(super) fn simplices(&self, seed: u64) -> Result<Vec<Curve>> {
        let curve = |&d: &usize| {
            let risk = simplicial_noise_risk(d, 20, self.simplices, seed ^ ((d as u64) << 32))?;
            let exact = limit::simplicial(d) - 1.0;
            Ok(Curve {
                method: Kind::Simplex(d),
                points: vec![Point::mean(d + 1, excess(risk), Some(exact))],
                limit: Some(exact),
            })
        };
        self.dims.iter().map(curve).collect()
    }

    /// How far local methods miss their own training labels at the largest n. The mean of k labels, one's own among
    /// them, misses that label by σ²(1 − 1/k).
    pub(super) fn residuals(&self, seed: u64) -> Result<Vec<Residual>> {
        let k = log_neighbours(self.n);
        let miss = |method, fit: Method, predicted| {
            let of_draw = |index| {
                let rng = &mut stream(seed, "training error of local methods", index);
                let x = uniform_cube(self.n, 1, rng)?;
                let y = noise(self.n, 1.0, rng)?;
                let off = fit.fit_predict(&x, &y, &x)?.predictions - &y;
                Ok(off.iter().map(|e| e * e).sum::<f64>() / self.n as f64)
            };
            let values = (0..self.draws as u64).map(of_draw);
            Ok::<Residual, Error>(Residual {
                method,
                measured: Estimate::from_values(&values.collect::<Result<Vec<f64>>>()?)?,
                predicted,
            })
        };
        Ok(vec![
            miss(
                Kind::LogNeighbours,
                Method::Neighbours { k },
                1.0 - 1.0 / k as f64,
            )?,
            miss(Kind::Hilbert, HILBERT, 0.0)?,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_halve_down_to_sixteen_at_least() {
        let settings = OverfittingRegimes::default();
        assert_eq!(settings.sizes(512), [16, 32, 64, 128, 256, 512]);
        assert_eq!(settings.sizes(100), [25, 50, 100]);
        assert_eq!((log_neighbours(16), log_neighbours(512)), (3, 7));
    }
}
