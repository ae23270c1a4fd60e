//! Isotropic Gaussian features: the best penalty in closed form, beside simulation.

use ndarray::Axis;
use rand::RngExt;

use crate::data::Decay;
use crate::data::synthetic::{gaussian, linear_targets};
use crate::error::Result;
use crate::experiment::Context;
use crate::fit::ridge_path;
use crate::measure::{
    IsotropicProblem, RidgePoint, RidgelessPoint, Vertex, ridge_curve, ridgeless_curve, vertex,
};
use crate::rng::stream;
use crate::stats::{Estimate, mean};

/// Features p over n where features vary.
const RATIOS: [f64; 9] = [0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 2.0, 3.0, 5.0];
/// Examples n over p where examples vary.
const INVERSE_RATIOS: [f64; 8] = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0];
/// λ/λ* at which the best penalty is looked for, in steps of this factor to both sides.
const STEP: f64 = 1.3;
const STEPS: i32 = 4;

/// What to simulate.
pub(super) struct Isotropic {
    pub problem: IsotropicProblem,
    pub n: usize,
    pub draws: usize,
    pub seed: u64,
}

/// What simulation gave.
pub(super) struct Curves {
    pub problem: IsotropicProblem,
    /// n fixed, p varies.
    pub by_features: Vec<Point>,
    /// p fixed, n varies.
    pub by_examples: Vec<Point>,
    pub best: BestPenalty,
}

/// One n and p.
pub(super) struct Point {
    pub n: usize,
    pub ridge: RidgePoint,
    pub ridgeless: RidgelessPoint,
}

/// ln(λ/λ*) at the least simulated risk for p = n: 0 if λ* is best.
pub(super) struct BestPenalty {
    pub measured: Estimate,
    /// How far a parabola through the limit itself misses 0.
    pub bias: f64,
}

impl Isotropic {
    pub(super) fn curves(&self, context: &Context) -> Result<Curves> {
        let progress = &context.progress;
        progress.start(RATIOS.len() + INVERSE_RATIOS.len(), "isotropic points");
        let p = self.n;
        let times = |ratio: f64| ((ratio * p as f64).round() as usize).max(1);
        let point = |n, p| {
            let done = self.point(n, p);
            progress.step();
            done
        };
        let by_features = RATIOS.iter().map(|&ratio| point(self.n, times(ratio)));
        let by_examples = INVERSE_RATIOS.iter().map(|&ratio| point(times(ratio), p));
        Ok(Curves {
            problem: self.problem,
            by_features: by_features.collect::<Result<_>>()?,
            by_examples: by_examples.collect::<Result<_>>()?,
            best: self.best_penalty(context)?,
        })
    }

    fn point(&self, n: usize, p: usize) -> Result<Point> {
        let (problem, draws) = (&self.problem, self.draws);
        // Each n and p has draws of its own.
        let seed = stream(self.seed, &format!("isotropic, n = {n}"), p as u64).random();
        let ridge = ridge_curve(problem, None, n, &[p], draws, seed)?;
        let ridgeless = ridgeless_curve(problem, n, &[p], draws, seed)?;
        Ok(Point {
            n,
            ridge: ridge[0],
            ridgeless: ridgeless[0],
        })
    }

    /// Simulates p = n on the same draws for penalties around λ*.
    fn best_penalty(&self, context: &Context) -> Result<BestPenalty> {
        let (n, problem) = (self.n, &self.problem);
        let star = problem.optimal_penalty(1.0)?;
        let places: Vec<f64> = (-STEPS..=STEPS).map(|i| f64::from(i) * STEP.ln()).collect();
        let lambdas: Vec<f64> = places.iter().map(|u| n as f64 * star * u.exp()).collect();
        let beta = Decay::Flat.coefficients(n, problem.signal.sqrt())?;
        let risks = context.draws("draws around λ*", self.draws, self.seed, |draw| {
            let rng = &mut draw.rng("best penalty");
            let x = gaussian(n, n, rng)?;
            let y = linear_targets(&x, &beta, problem.noise.sqrt(), rng)?;
            let path = ridge_path(&x, &y, &lambdas)?;
            let off = path.weights.axis_iter(Axis(0)).map(|weights| {
                let off = &weights.column(0) - &beta;
                off.dot(&off)
            });
            Ok(off.collect::<Vec<f64>>())
        })?;
        let means = (0..lambdas.len()).map(|i| mean(risks.iter().map(|risk| risk[i])));
        let means: Vec<f64> = means.collect();
        let fit: Vertex = vertex(&places, &means)?;
        // The same draws serve every penalty, so errors are propagated draw by draw.
        let shifts: Vec<f64> = risks.iter().map(|risk| fit.shift(risk)).collect();
        let limit = lambdas
            .iter()
            .map(|l| problem.ridge_risk(l / n as f64, 1.0));
        Ok(BestPenalty {
            measured: Estimate {
                mean: fit.at,
                ..Estimate::from_values(&shifts)?
            },
            bias: vertex(&places, &limit.collect::<Result<Vec<f64>>>()?)?.at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_have_a_point_each_and_do_not_depend_on_each_other() {
        let isotropic = Isotropic {
            problem: IsotropicProblem::with_snr(5.0),
            n: 20,
            draws: 20,
            seed: 1,
        };
        let curves = isotropic.curves(&Context::default()).expect("valid");
        assert_eq!((curves.by_features.len(), curves.by_examples.len()), (9, 8));
        let alone = isotropic.point(20, 40).expect("valid");
        let found = curves.by_features.iter().find(|point| point.ridge.p == 40);
        assert_eq!(found.map(|point| point.ridge), Some(alone.ridge));
        assert!(curves.best.measured.se > 0.0 && curves.best.bias.abs() < 0.2);
    }
}
