//! Gaussian problems whose risk under attack is known.

use ndarray::{Array1, Array2};
use statrs::distribution::{ContinuousCDF, Normal};

use super::settings::NORMS;
use crate::attack::linear::{LinearModel, attacked_risk, length_by, steepest};
use crate::data::synthetic::{gaussian, random_signs};
use crate::error::Result;
use crate::optimise::Norm;
use crate::rng::stream;
use crate::stats::{Estimate, binomial_p_value};

/// Inputs of the regression.
const INPUTS: usize = 20;

/// Features of the two classes.
pub(super) const FEATURES: usize = 64;

/// How far apart the class means are, in standard deviations: ‖μ‖.
const SEPARATION: f64 = 2.0;

/// The squared error under one attack.
pub(super) struct Risk {
    pub norm: Norm,
    /// ε‖w‖_*/s.
    pub strength: f64,
    /// The mean of (y − w·(x + δ))²/s² over examples.
    pub measured: Estimate,
    /// The same by the closed form.
    pub exact: f64,
}

/// Regression y = β·x + σξ with x ~ N(0, I), predicted by a w that is a bit off: every residual is attacked by a δ of its own.
pub(super) fn risks(examples: usize, seed: u64) -> Result<Vec<Risk>> {
    let rng = &mut stream(seed, "regression", 0);
    let truth = gaussian(2, INPUTS, rng)?;
    let beta = truth.row(0).to_owned();
    let w = &beta + &(&truth.row(1) * 0.3);
    let noise = 0.5;
    let x = gaussian(examples, INPUTS, rng)?;
    let y = x.dot(&beta) + gaussian(examples, 1, rng)?.column(0).mapv(|z| noise * z);
    let off = &w - &beta;
    let s = (off.dot(&off) + noise * noise).sqrt();
    let model = LinearModel::new(w, 0.0)?;
    let mut risks = Vec::new();
    for (_, norm) in NORMS {
        let sensitivity = model.sensitivity(norm);
        let v = steepest(norm, &model.weights);
        for strength in [0.0, 0.25, 0.5, 1.0, 1.5, 2.0] {
            let epsilon = strength * s / sensitivity;
            let rows = x.rows().into_iter().zip(&y);
            let errors = rows.map(|(x, y)| {
                let residual = y - x.dot(&model.weights);
                let moved = &x - &(&v * (epsilon * residual.signum()));
                ((y - moved.dot(&model.weights)) / s).powi(2)
            });
            risks.push(Risk {
                norm,
                strength,
                measured: Estimate::from_values(&errors.collect::<Vec<f64>>())?,
                exact: attacked_risk(s, sensitivity, epsilon)? / (s * s),
            });
        }
    }
    Ok(risks)
}

/// The error of the best linear model of two classes N(±μ, I) where k of the features tell them apart, all alike.
pub(super) struct Sparse {
    pub norm: Norm,
    pub features: usize,
    /// The share of examples wrong under attack.
    pub measured: f64,
    /// Φ(−‖μ‖ + ε‖w‖_*), w = μ/‖μ‖.
    pub exact: f64,
    /// Two-sided, of the count.
    pub p_value: f64,
}

/// The size of each attack: the dense model loses all it knows to ℓ∞, half to ℓ2.
pub(super) fn size(norm: Norm) -> f64 {
    match norm {
        Norm::LInf => SEPARATION / (FEATURES as f64).sqrt(),
        Norm::L2 => 0.5 * SEPARATION,
        Norm::L1 => 0.75 * SEPARATION,
    }
}

/// For k = 1, 4, 16, 64: all as good without attack, ‖w‖_2 = 1, ‖w‖_1 = √k, ‖w‖_∞ = 1/√k.
pub(super) fn sparse_models(examples: usize, seed: u64) -> Result<Vec<Sparse>> {
    let mut found = Vec::new();
    for k in [1, 4, 16, FEATURES] {
        let mut w = Array1::zeros(FEATURES);
        w.slice_mut(ndarray::s![..k]).fill(1.0 / (k as f64).sqrt());
        let rng = &mut stream(seed, "two classes", k as u64);
        let y = random_signs(examples, rng)?;
        let centres: Array2<f64> = &y * &(&w * SEPARATION).insert_axis(ndarray::Axis(0));
        let x = gaussian(examples, FEATURES, rng)? + centres;
        let model = LinearModel::new(w, 0.0)?;
        for (_, norm) in NORMS {
            let epsilon = size(norm);
            let moved = model.worst_inputs(&x, &y, norm, epsilon)?;
            let margins = model.margins(&moved, &y)?;
            let wrong = margins.iter().filter(|m| **m <= 0.0).count() as u64;
            let left = SEPARATION * length_by(Norm::L2, &model.weights)
                - epsilon * model.sensitivity(norm);
            let exact = Normal::standard().cdf(-left);
            found.push(Sparse {
                norm,
                features: k,
                measured: wrong as f64 / examples as f64,
                exact,
                p_value: binomial_p_value(exact, wrong, examples as u64)?,
            });
        }
    }
    Ok(found)
}
