//! Double descent of linear regression, where the exact risk is known.

mod findings;

use rand::RngExt;

use crate::data::Decay;
use crate::error::{Error, Result};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::measure::{
    FeatureOrder, LinearRiskSettings, isotropic_risk_variance, linear_risk_curve,
};
use crate::rng::stream;
use crate::stats::Estimate;
use findings::{Results, findings};

/// More widths than this are thinned out away from p = n.
const MOST_WIDTHS: usize = 80;

settings! {
    /// Settings of `linear_double_descent`.
    pub struct LinearDoubleDescent {
        /// Training examples a draw.
        n: usize = 20, in 4..=100;
        /// Features D in all; the fit sees the first p of them. At least n + 6.
        features: usize = 60, in 10..=500;
        /// Standard deviation σ of the noise in the labels.
        noise: f64 = 0.0, in 0.0..=10.0;
        /// How the squared coefficients fall: all the same, or as 1/j².
        decay: &'static str = "flat", in ["flat", "inverse_square"];
        /// Independent training sets.
        draws: usize = 6000, quick 1000, in 100..=1_000_000;
    }
}

/// One width p.
struct Row {
    p: usize,
    /// The formula for the mean risk; ∞ for |p − n| ≤ 1.
    exact: f64,
    /// The simulated risk, with the standard error of the draws.
    risk: Estimate,
    /// The exact standard error of the simulated risk; ∞ for |p − n| ≤ 3.
    se: f64,
}

impl Row {
    /// The signed distance of simulation and formula in exact standard errors.
    fn distance(&self) -> f64 {
        (self.risk.mean - self.exact) / self.se
    }
}

impl Study for LinearDoubleDescent {
    const ABOUT: About = About {
        id: "linear_double_descent",
        title: "Double descent of linear regression: the exact formula beside simulation",
        what: "Fits a linear target by least squares on p of its D Gaussian features, for every p: the \
               minimum-norm solution. What the fit cannot see acts as noise. Compares the exact risk \
               of every finite n and p with simulation, and the prescient order of the features, \
               largest coefficient first, with a random one.",
        slide: "CMSC 828W \"DL Generalization\": the double descent curve for a simple model, prescient \
                feature selection; after Belkin, Hsu & Xu 2020, arXiv:1903.07571",
        columns: &[
            Column::new("p", "", "features the fit sees"),
            Column::new(
                "exact",
                "label²",
                "exact mean of E(y − ŵ·x)²; inf for n − 1 ≤ p ≤ n + 1",
            ),
            Column::new("monte_carlo", "label²", "mean over draws of E(y − ŵ·x)²"),
            Column::new(
                "se",
                "label²",
                "exact standard error of monte_carlo; inf for |p − n| ≤ 3, where the variance is infinite",
            ),
            Column::new(
                "sample_se",
                "label²",
                "standard error of monte_carlo estimated from the draws",
            ),
            Column::new(
                "prescient_exact",
                "label²",
                "exact for β_j² ∝ 1/j², largest first",
            ),
            Column::new(
                "prescient_monte_carlo",
                "label²",
                "monte_carlo for β_j² ∝ 1/j², largest first",
            ),
            Column::new(
                "prescient_se",
                "label²",
                "exact standard error of prescient_monte_carlo",
            ),
            Column::new(
                "random_exact",
                "label²",
                "exact for β_j² ∝ 1/j² in random order, mean over orders",
            ),
            Column::new(
                "random_monte_carlo",
                "label²",
                "monte_carlo for β_j² ∝ 1/j² in random order",
            ),
            Column::new(
                "random_se",
                "label²",
                "standard error of random_monte_carlo estimated from the draws",
            ),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.features < self.n + 6 {
            let expected = format!("at least n + 6 = {}", self.n + 6);
            return Err(Error::domain("setting `features`", expected, self.features));
        }
        let inverse_square = self.decay == "inverse_square";
        context
            .progress
            .start(if inverse_square { 2 } else { 3 }, "curves");
        let curve = |decay, order, label| {
            let rows = self.rows(decay, order, stream(seed, label, 0).random());
            context.progress.step();
            rows
        };
        let prescient = curve(Decay::InverseSquare, FeatureOrder::Prescient, "prescient")?;
        let random = curve(Decay::InverseSquare, FeatureOrder::Random, "random order")?;
        let flat = if inverse_square {
            None
        } else {
            Some(curve(Decay::Flat, FeatureOrder::Given, "flat")?)
        };
        findings(&Results {
            n: self.n,
            decay: self.decay,
            null_risk: 1.0 + self.noise * self.noise,
            flat,
            prescient,
            random,
        })
    }
}

impl LinearDoubleDescent {
    fn rows(&self, decay: Decay, order: FeatureOrder, seed: u64) -> Result<Vec<Row>> {
        let beta = decay.coefficients(self.features, 1.0)?;
        let settings = LinearRiskSettings {
            n: self.n,
            noise: self.noise,
            order,
            draws: self.draws,
            seed,
        };
        let curve = linear_risk_curve(&beta, &self.widths(), &settings)?;
        // The coefficients come sorted.
        let seen = |p: usize| beta.iter().take(p).map(|b| b * b).sum::<f64>();
        let row = |point: crate::measure::WidthRisk| {
            let unseen = beta.iter().skip(point.p).map(|b| b * b).sum();
            let noise = self.noise * self.noise;
            let variance = isotropic_risk_variance(self.n, point.p, seen(point.p), unseen, noise)?;
            Ok(Row {
                p: point.p,
                exact: point.exact,
                // A random order adds a variance of its own, which the formula does not have.
                se: match order {
                    FeatureOrder::Random => point.risk.se,
                    _ => (variance / self.draws as f64).sqrt(),
                },
                risk: point.risk,
            })
        };
        curve.into_iter().map(row).collect()
    }

    /// Every p from 1 to D; of more than 80 only those near n, and others evenly spaced.
    fn widths(&self) -> Vec<usize> {
        let (n, features) = (self.n, self.features);
        let stride = features.div_ceil(MOST_WIDTHS);
        let landmarks = [(n / 4).max(1), 3 * n / 2, features];
        (1..=features)
            .filter(|&p| p % stride == 0 || p.abs_diff(n) <= 6 || landmarks.contains(&p))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_all_or_thinned_with_landmarks() {
        let all = LinearDoubleDescent::default().widths();
        assert_eq!(all, (1..=60).collect::<Vec<usize>>());
        let many = LinearDoubleDescent {
            n: 50,
            features: 500,
            ..Default::default()
        };
        let widths = many.widths();
        assert!(widths.len() <= 100 && widths.windows(2).all(|pair| pair[0] < pair[1]));
        for p in [12, 44, 50, 56, 75, 500] {
            assert!(widths.contains(&p), "{p}");
        }
    }

    /// With n = 4 no width below n has a finite variance: claims about them are left out, not failed.
    #[test]
    fn few_examples_leave_no_claim_without_a_tolerance() {
        for decay in ["flat", "inverse_square"] {
            let few = LinearDoubleDescent {
                n: 4,
                decay,
                draws: 300,
                ..Default::default()
            };
            let report = few.run(1).expect("valid");
            assert!(report.claims.all_hold(), "{decay}:\n{}", report.claims);
        }
    }

    #[test]
    fn too_few_features_are_refused() {
        let few = LinearDoubleDescent {
            n: 20,
            features: 25,
            ..Default::default()
        };
        let error = few.run(1).expect_err("25 < 26").to_string();
        assert!(error.contains("at least n + 6 = 26"), "{error}");
    }
}
