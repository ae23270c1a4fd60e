//! One neuron by many random ones: the risk of their best combination.

use ndarray::{Array1, Array2};

use super::settings::FunctionSpaces;
use crate::data::synthetic::unit_sphere;
use crate::error::Result;
use crate::experiment::{Claim, Context, row};
use crate::measure::{
    SphereDegree, fixed_features_bound, fixed_neurons, random_neurons_risk, relu_on_sphere,
};
use crate::rng::stream;
use crate::stats::{Estimate, larger, largest, least};

/// Degrees counted one by one; what is above is never learned here.
const DEGREES: usize = 64;

/// How often chance alone breaks a true claim.
const LEVEL: f64 = 1e-5;

/// The law at some N is told from its limit where it differs by more than this share.
const TOLD: f64 = 0.3;

/// A dimension in which the limit is seen.
const HIGH: usize = 100_000;

row! {
    /// One number of random neurons.
    pub(super) struct Point {
        /// random neurons N
        columns: usize;
        /// risk of their best combination as one more neuron, in parts of its mean square, over draws
        risk: Estimate, and risk_se "its standard error";
        /// the same by the eigenvalues of the kernel, as the dimension grows
        predicted: f64;
        /// what any N fixed functions leave at least, mean over directions of the neuron
        bound: f64;
    }
}

/// The risk by the number of random neurons.
pub(super) struct Curve {
    pub parts: Vec<SphereDegree>,
    pub points: Vec<Point>,
    /// Of the draws at the last N: mean square left on fresh inputs, in parts of the exact risk.
    fresh: Estimate,
}

impl Curve {
    /// The share of a neuron above the degree `degree`.
    pub(super) fn above(&self, degree: usize) -> f64 {
        1.0 - self.parts[..=degree]
            .iter()
            .map(|part| part.share)
            .sum::<f64>()
    }

    /// The least risk of random neurons in parts of what any fixed functions leave.
    pub(super) fn nearest_to_bound(&self) -> f64 {
        least(self.points.iter().map(|p| p.risk.mean / p.bound))
    }
}

impl FunctionSpaces {
    pub(super) fn curve(&self, seed: u64, context: &Context) -> Result<Curve> {
        let (d, last) = (self.dim, self.columns[self.columns.len() - 1]);
        let parts = relu_on_sphere(d, DEGREES)?;
        let target = target(d, seed)?;
        let draws = context.sweep(
            "random neurons",
            &self.columns,
            self.feature_draws,
            seed,
            |&columns, draw| {
                let directions = unit_sphere(columns, d, &mut draw.rng("random neurons"))?;
                let found = fixed_neurons(&directions, &target)?;
                let fresh = match columns == last {
                    true => {
                        let x = inputs(self.test, d, &mut draw.rng("fresh inputs"))?;
                        let fitted = x
                            .dot(&directions.t())
                            .mapv_into(|z| larger(z, 0.0))
                            .dot(&found.coefficients);
                        let left = neuron(&x, &target) - fitted * 2_f64.sqrt();
                        left.dot(&left) / self.test as f64 / found.risk
                    }
                    false => f64::NAN,
                };
                Ok((found.risk, fresh))
            },
        )?;
        let points = self.columns.iter().zip(&draws).map(|(&columns, draws)| {
            Ok(Point {
                columns,
                risk: Estimate::of(draws, |(risk, _)| *risk)?,
                predicted: random_neurons_risk(&parts, columns)?,
                bound: fixed_features_bound(&parts, columns),
            })
        });
        let points = points.collect::<Result<_>>()?;
        let fresh = Estimate::of(&draws[draws.len() - 1], |(_, fresh)| *fresh)?;
        Ok(Curve {
            parts,
            points,
            fresh,
        })
    }
}

/// The direction of the neuron to be learned, a unit vector `(d,)`.
pub(super) fn target(d: usize, seed: u64) -> Result<Array1<f64>> {
    Ok(unit_sphere(1, d, &mut stream(seed, "target neuron", 0))?
        .row(0)
        .to_owned())
}

/// Inputs uniform on the sphere of radius √d, `(n, d)`.
pub(super) fn inputs(n: usize, d: usize, rng: &mut impl rand::Rng) -> Result<Array2<f64>> {
    Ok(unit_sphere(n, d, rng)? * (d as f64).sqrt())
}

/// √2·max(0, w·x), whose mean square is 1, at `x`, `(n, d)`.
pub(super) fn neuron(x: &Array2<f64>, target: &Array1<f64>) -> Array1<f64> {
    x.dot(target).mapv_into(|z| 2_f64.sqrt() * larger(z, 0.0))
}

pub(super) fn claims(curve: &Curve, d: usize) -> Result<Vec<Claim>> {
    let points = &curve.points;
    let under = points.iter().map(|p| (p.bound - p.risk.mean) / p.risk.se);
    let nearest = curve.nearest_to_bound();
    let mut claims = vec![
        Claim::all_within(
            &format!(
                "N random neurons leave no less than any N fixed functions must, the eigenvalues beyond \
                 the N largest (nearest: {nearest:.2} times that)"
            ),
            under,
            LEVEL,
            Some(points[0].risk.draws),
        )?
        .bound(),
        Claim::mean_equals(
            "the risk without inputs, 1 − bᵀK⁻¹b, is that on fresh ones: quotient, largest N",
            1.0,
            curve.fresh,
            0.0,
            LEVEL,
        )?
        .against(0.0, "a neuron that is learned"),
    ];
    let (above_0, above_1) = (curve.above(0), curve.above(1));
    // Where the law at this N and its limit for d → ∞ can be told apart.
    let apart = points
        .iter()
        .filter(|p| (p.predicted - above_1).abs() > TOLD * above_1);
    let off = apart.map(|p| (p.risk.mean - p.predicted).abs() / (p.predicted - above_1).abs());
    let off: Vec<f64> = off.collect();
    claims.push(
        Claim::at_most(
            "the risk follows ε = Σ F_k/(1 + Nλ_k/ε) at this N, not their limit for d → ∞, the share \
             above degree 1: largest distance from the law, in parts of that between law and limit",
            0.5,
            largest(&off),
            0.0,
        )
        .against(1.0, "the limit")
        .not_measured_if(off.is_empty(), "at every N the law is near its limit"),
    );
    let high = relu_on_sphere(HIGH, 16)?;
    let root = (HIGH as f64).sqrt();
    let left = random_neurons_risk(&high, (HIGH as f64 * root).round() as usize)?;
    let above = |degree: usize| 1.0 - high[..=degree].iter().map(|part| part.share).sum::<f64>();
    claims.push(
        Claim::equals(
            "the limit: in d = 100,000 dimensions N = d^(3/2) neurons leave the share above degree 1, by \
             the eigenvalues, within 2/√d; in parts of it",
            1.0,
            left / above(1),
            2.0 / root,
        )
        .against(above(0) / above(1), "degree 0 alone is learned"),
    );
    claims.push(
        Claim::equals(
            "one ReLU neuron: the share above degree 1, near 1/2 − 1/π",
            0.5 - std::f64::consts::FRAC_1_PI,
            above_1,
            1.0 / d as f64,
        )
        .against(above_0, "above degree 0"),
    );
    Ok(claims)
}
