//! What noise in the action and in the parameters costs, where both are known exactly.

use super::ScalarLq;
use crate::error::Result;

/// How a deterministic policy explores.
///
/// # Reference
/// In the action: Silver et al. 2014, "Deterministic policy gradient algorithms"; Lillicrap et al. 2015, arXiv:1509.02971. In the
/// parameters: Plappert et al. 2017, "Parameter space noise for exploration", arXiv:1706.01905.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exploration {
    /// a = μ_θ(s) + σξ, ξ standard normal, a new one at every step.
    Action(f64),
    /// a = μ_θ̃(s), θ̃ = θ + σξ, a new θ̃ at every step.
    Parameter(f64),
    /// The same, where one θ̃ is kept for a whole walk. ξ is uniform with variance 1, on [−√3, √3]: of a normal law some
    /// θ̃ leave what keeps the cost finite, however small σ is, so that the expected cost is infinite.
    Walk(f64),
}

impl Exploration {
    /// σ.
    #[must_use]
    pub fn sigma(self) -> f64 {
        match self {
            Self::Action(sigma) | Self::Parameter(sigma) | Self::Walk(sigma) => sigma,
        }
    }

    /// The expected cost from s under the gain κ, as c₀ + c₂s²; ∞ where it is not finite.
    ///
    /// In the action: c₂ = C(κ) and c₀ = σ²(r + γb²C(κ))/(1 − γ): noise that is paid for at s = 0 too. In the parameters, at every
    /// step: c₀ = 0, c₂ = (1 + r(κ² + σ²))/(1 − γ((a − bκ)² + b²σ²)). A walk: c₂ is the mean of C over [κ − √3σ, κ + √3σ], with
    /// w = √(3γ) bσ equal to −r/(γb²) + (A/2w) ln((1 − q + w)/(1 − q − w)) + (B/2w) ln((1 + q + w)/(1 + q − w)).
    #[must_use]
    pub fn cost(self, lq: &ScalarLq, kappa: f64) -> (f64, f64) {
        let ScalarLq { a, b, r, gamma } = *lq;
        let plain = lq.cost(kappa);
        if self.sigma() == 0.0 {
            return (0.0, plain);
        }
        match self {
            Self::Action(sigma) => {
                let price = r + gamma * b * b * plain;
                (sigma * sigma * price / (1.0 - gamma), plain)
            }
            Self::Parameter(sigma) => {
                let square = sigma * sigma;
                let left = 1.0 - gamma * ((a - b * kappa).powi(2) + b * b * square);
                match left > 0.0 {
                    true => (0.0, (1.0 + r * (kappa * kappa + square)) / left),
                    false => (0.0, f64::INFINITY),
                }
            }
            Self::Walk(sigma) => {
                let (q, w) = (lq.pull(kappa), (3.0 * gamma).sqrt() * b * sigma);
                if q.abs() + w >= 1.0 {
                    return (0.0, f64::INFINITY);
                }
                let (above, below) = lq.poles();
                let mean = |room: f64| ((room + w) / (room - w)).ln() / (2.0 * w);
                let poles = above * mean(1.0 - q) + below * mean(1.0 + q);
                (0.0, poles - r / (gamma * b * b))
            }
        }
    }

    /// The cost of one walk of `steps` steps from s₀ = 1.
    pub fn walk(
        self,
        lq: &ScalarLq,
        kappa: f64,
        steps: usize,
        rng: &mut impl rand::Rng,
    ) -> f64 {
        use rand::RngExt;
        use rand_distr::{Distribution, StandardNormal};
        let kept = match self {
            Self::Walk(sigma) => 3.0_f64.sqrt() * sigma * (2.0 * rng.random::<f64>() - 1.0),
            Self::Action(_) | Self::Parameter(_) => 0.0,
        };
        lq.paid(steps, |s| {
            let xi: f64 = match self {
                Self::Walk(_) => 0.0,
                Self::Action(_) | Self::Parameter(_) => StandardNormal.sample(rng),
            };
            match self {
                Self::Action(sigma) => -kappa * s + sigma * xi,
                Self::Parameter(sigma) => -(kappa + sigma * xi) * s,
                Self::Walk(_) => -(kappa + kept) * s,
            }
        })
    }
}

/// How many steps a walk needs for what is left after it to be below `share` of its cost, where the state's expected square is
/// multiplied by `factor` ≥ 0 a step, γ · factor < 1, or stays: ln share/ln of the larger of γ and γ · factor.
///
/// # Errors
/// The larger of the two is 1 or more, or within 10⁻⁵ of it.
pub fn horizon(gamma: f64, factor: f64, share: f64) -> Result<usize> {
    let slowest = crate::stats::larger(gamma, gamma * factor);
    if !(slowest < 1.0 - 1e-5 && slowest > 0.0) {
        let expected = "between 0 and 0.99999";
        return Err(crate::error::Error::domain(
            "the factor of what a step adds to the cost",
            expected,
            slowest,
        ));
    }
    Ok((share.ln() / slowest.ln()).ceil() as usize)
}

#[cfg(test)]
mod tests {
    use super::super::lqr::tests::SOME;
    use super::*;
    use crate::rng::stream;
    use crate::stats::Estimate;

    #[test]
    fn each_kind_of_noise_costs_what_walks_cost() {
        for lq in SOME {
            let kappa = lq.optimum().kappa;
            let sigma = 0.2 / lq.b;
            for kind in [
                Exploration::Action(sigma),
                Exploration::Parameter(sigma),
                Exploration::Walk(sigma),
            ] {
                let (fixed, square) = kind.cost(&lq, kappa);
                let mut rng = stream(8, "walks", 0);
                let steps = horizon(lq.gamma, 1.0, 1e-8).expect("below 1");
                let walks = (0..4000).map(|_| kind.walk(&lq, kappa, steps, &mut rng));
                let found = Estimate::of(walks, |c| c).expect("many");
                assert!(found.distance(fixed + square) < 4.5, "{lq:?} {kind:?} {found}");
            }
            let none = Exploration::Walk(0.0).cost(&lq, kappa);
            assert_eq!(none, (0.0, lq.cost(kappa)));
            // Small noise: half the curvature times the variance, whatever the law.
            let (_, small) = Exploration::Walk(1e-3 / lq.b).cost(&lq, kappa);
            let half = 0.5 * lq.curvature(kappa) * (1e-3 / lq.b).powi(2);
            assert!((small - lq.cost(kappa) - half).abs() < 1e-2 * half);
        }
        assert!(horizon(0.9, 1.2, 1e-6).is_err());
    }
}
