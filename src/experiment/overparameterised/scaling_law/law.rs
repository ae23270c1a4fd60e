//! The problem, theory's errors, and a law fitted to measured ones.

use ndarray::{Array1, Array2, ArrayRef1, Axis};

use super::settings::{Point, ScalingLaw};
use crate::data::Spectrum;
use crate::data::synthetic::gaussian_design;
use crate::error::Result;
use crate::experiment::Draw;
use crate::fit::solve_positive;
use crate::measure::spectral_risk;
use crate::stats::{Estimate, PowerLaw, exact_power_law};

/// What grows, its name, and its exponent where the source's and its own limit are as far apart.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Grows {
    /// n examples: f is fitted without an error by the least weights, with all p features.
    Examples,
    /// m random features, sums of the p with normal weights, and examples without end.
    Width,
}

/// The eigenvalues λ, and √λβ, whose squares are the target's parts.
pub(super) struct Problem {
    eigenvalues: Array1<f64>,
    parts: Array1<f64>,
    beta: Array1<f64>,
}

impl Problem {
    pub(super) fn new(settings: &ScalingLaw) -> Result<Self> {
        let eigenvalues = Spectrum::Power(settings.exponent).eigenvalues(settings.modes)?;
        let index = Array1::from_iter((1..=settings.modes).map(|i| i as f64));
        let parts = index.mapv(|i| i.powf(-0.5 * (1.0 + settings.source)));
        let beta = &parts / &eigenvalues.mapv(f64::sqrt);
        Ok(Self {
            eigenvalues,
            parts,
            beta,
        })
    }

    /// The two errors of one draw X, `(size, p)`, rows normal with variances λ.
    ///
    /// As examples: the least weights that fit are β projected to the rows' span, and the error is what is missing, weighed by λ.
    /// As features, X = WΛ^½ with normal W: the best weights leave of Λ^½β what is orthogonal to the rows.
    pub(super) fn errors(&self, size: usize, draw: Draw) -> Result<[f64; 2]> {
        let x = gaussian_design(size, &self.eigenvalues, &mut draw.rng("scaling law"))?;
        let targets = ndarray::stack![Axis(1), self.beta, self.parts];
        let dual = solve_positive(&x.dot(&x.t()), &x.dot(&targets), 0.0)?.dual;
        let missing: Array2<f64> = &targets - &x.t().dot(&dual);
        let square = |place: usize, weights: Option<&Array1<f64>>| {
            let column = missing.column(place);
            let squares = column
                .iter()
                .enumerate()
                .map(|(i, v)| v * v * weights.map_or(1.0, |w| w[i]));
            squares.sum::<f64>()
        };
        Ok([square(0, Some(&self.eigenvalues)), square(1, None)])
    }

    /// What theory says, with κ from Σ λ/(λ+κ) = size: n/(n − Σℒ²) Σ (1−ℒ)² λβ², ℒ = λ/(λ+κ), for examples; Σ (1−ℒ) λβ² for
    /// features.
    fn theory(&self, grows: Grows, size: usize) -> Result<f64> {
        let risk = spectral_risk(&self.eigenvalues, &self.beta, size, 0.0, 0.0)?;
        Ok(match grows {
            Grows::Examples => risk.risk,
            Grows::Width => unlearned(&self.eigenvalues, &self.parts, risk.kappa),
        })
    }
}

fn unlearned(eigenvalues: &ArrayRef1<f64>, parts: &ArrayRef1<f64>, kappa: f64) -> f64 {
    let each = eigenvalues.iter().zip(parts);
    each.map(|(l, c)| c * c * kappa / (l + kappa)).sum()
}

/// A fitted law and what it was fitted to.
pub(super) struct Law {
    pub(super) grows: Grows,
    pub(super) points: Vec<Point>,
    pub(super) fit: PowerLaw,
    /// ln of the predicted error at the last size, with the standard error that those of the points leave.
    pub(super) predicted: Estimate,
    /// What the same fit through theory's numbers misses at the last size: theory is no straight line.
    pub(super) bend: f64,
    /// The exponent of the same fit through theory's numbers.
    pub(super) smooth: f64,
}

impl Law {
    pub(super) fn new(
        problem: &Problem,
        grows: Grows,
        sizes: &[usize],
        errors: &[Estimate],
    ) -> Result<Self> {
        let x: Vec<f64> = sizes.iter().map(|size| *size as f64).collect();
        let theory = sizes.iter().map(|&size| problem.theory(grows, size));
        let theory: Vec<f64> = theory.collect::<Result<_>>()?;
        let small = x.len() - 1;
        let pairs = || x.iter().zip(errors).take(small);
        let fit = PowerLaw::of(pairs(), |pair| *pair.0, |pair| *pair.1)?;
        let smooth = exact_power_law(&x[..small], &theory[..small])?;
        let logs: Vec<f64> = x[..small].iter().map(|x| x.ln()).collect();
        let middle = logs.iter().sum::<f64>() / small as f64;
        let spread: f64 = logs.iter().map(|log| (log - middle).powi(2)).sum();
        let far = x[small].ln() - middle;
        // The fit at the last size is Σ ω_i ln y_i.
        let parts = logs.iter().zip(errors).map(|(log, error)| {
            let weight = 1.0 / small as f64 + far * (log - middle) / spread;
            (weight * error.se / error.mean).powi(2)
        });
        let predicted = Estimate {
            mean: fit.at(x[small]).ln(),
            se: parts.sum::<f64>().sqrt(),
            draws: fit.draws,
        };
        let point = |place: usize| Point {
            grows: grows.name(),
            size: sizes[place],
            error: errors[place],
            theory: theory[place],
            fitted: fit.at(x[place]),
        };
        Ok(Self {
            grows,
            points: (0..sizes.len()).map(point).collect(),
            fit,
            predicted,
            bend: (smooth.at(x[small]) / theory[small]).ln().abs(),
            smooth: smooth.exponent,
        })
    }
}

impl Grows {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Examples => "examples",
            Self::Width => "width",
        }
    }

    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Examples => "n",
            Self::Width => "m",
        }
    }

    /// The least exponent the features allow, whatever the target.
    pub(super) fn floor(self, alpha: f64) -> f64 {
        match self {
            Self::Examples => -2.0 * alpha,
            Self::Width => -alpha,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Theory's exponents at sizes far beyond those of a run.
    #[test]
    fn theory_has_the_exponents() {
        let problem = Problem::new(&ScalingLaw {
            modes: 20_000,
            ..ScalingLaw::default()
        })
        .expect("valid");
        for (grows, expected) in [(Grows::Examples, -3.0), (Grows::Width, -2.0)] {
            let at = |size| problem.theory(grows, size).expect("valid");
            let slope = (at(400) / at(200)).ln() / 2.0_f64.ln();
            assert!((slope - expected).abs() < 0.15, "{slope} {expected}");
        }
    }
}
