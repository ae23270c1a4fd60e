//! One curve: the exact and the simulated risk at every width.

use super::settings::LinearDoubleDescent;
use crate::data::Decay;
use crate::error::Result;
use crate::measure::{
    FeatureOrder, LinearRiskSettings, WidthRisk, isotropic_risk_variance, linear_risk_curve,
};
use crate::stats::Estimate;

/// More widths than this are thinned out away from p = n.
const MOST_WIDTHS: usize = 80;

/// One width p.
pub(super) struct Width {
    pub p: usize,
    /// The formula for the mean risk; ∞ for |p − n| ≤ 1.
    pub exact: f64,
    /// The simulated risk, with the standard error of the draws.
    pub risk: Estimate,
    /// The exact standard error of the simulated risk; ∞ for |p − n| ≤ 3.
    pub se: f64,
}

impl Width {
    /// The signed distance of simulation and formula in exact standard errors.
    pub(super) fn distance(&self) -> f64 {
        (self.risk.mean - self.exact) / self.se
    }

    /// Whether the simulated mean has a finite variance.
    pub(super) fn testable(&self) -> bool {
        self.se.is_finite()
    }
}

impl LinearDoubleDescent {
    pub(super) fn curve(&self, decay: Decay, order: FeatureOrder, seed: u64) -> Result<Vec<Width>> {
        let beta = decay.coefficients(self.features, 1.0)?;
        let settings = LinearRiskSettings {
            n: self.n,
            noise: self.noise,
            order,
            draws: self.draws,
            seed,
        };
        // The coefficients come sorted.
        let seen = |p: usize| beta.iter().take(p).map(|b| b * b).sum::<f64>();
        let width = |WidthRisk { p, exact, risk, .. }: WidthRisk| {
            let unseen = beta.iter().skip(p).map(|b| b * b).sum();
            let noise = self.noise * self.noise;
            let variance = isotropic_risk_variance(self.n, p, seen(p), unseen, noise)?;
            // A random order adds a variance of its own, which the formula does not have.
            let se = match order {
                FeatureOrder::Random if variance.is_finite() => risk.se,
                _ => (variance / self.draws as f64).sqrt(),
            };
            Ok(Width { p, exact, risk, se })
        };
        let curve = linear_risk_curve(&beta, &self.widths(), &settings)?;
        curve.into_iter().map(width).collect()
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
}
