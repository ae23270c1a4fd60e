//! Initialisation and batch normalisation.

use ndarray::array;

use super::{Erratum, LEVEL};
use crate::data::synthetic::uniform_cube;
use crate::error::Result;
use crate::experiment::Claim;
use crate::model::{BatchNorm, Init};
use crate::rng::stream;
use crate::stats::Estimate;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "uniform_variance",
        chapter: 8,
        slide: "Scaman, \"Derivation of optimal weights\": V = r/3 for weights uniform on [−r, r]. It is r²/3, from which the \
                slide's radius √(6/d) follows.",
        claims: uniform_variance,
    },
    Erratum {
        id: "xavier_mean",
        chapter: 8,
        slide: "Scaman, \"Derivation of optimal weights\": 4/(d + d') is \"the average\" of 2/d and 2/d'. It is their \
                harmonic mean.",
        claims: xavier_mean,
    },
    Erratum {
        id: "running_mean",
        chapter: 8,
        slide: "Scaman, batch normalisation: the running mean is (1 − ρ) Σ ρ^t E_t. These weights forget the newest batch \
                first; it is (1 − ρ) Σ ρ^(T − t) E_t.",
        claims: running_mean,
    },
];

fn uniform_variance(seed: u64) -> Result<[Claim; 2]> {
    let r = 0.3;
    let cube = uniform_cube(1000, 100, &mut stream(seed, "erratum: uniform", 0))?;
    let measured = Estimate::of(&cube, |u| (r * (2.0 * u - 1.0)).powi(2))?;
    let claim = |text, predicted| Claim::mean_equals(text, predicted, measured, 0.0, LEVEL);
    Ok([
        claim("U[−0.3, 0.3] has the variance r/3", r / 3.0)?,
        claim("U[−0.3, 0.3] has the variance r²/3", r * r / 3.0)?,
    ])
}

fn xavier_mean(_seed: u64) -> Result<[Claim; 2]> {
    let (d, to) = (100, 400);
    let [one, other] = [2.0 / d as f64, 2.0 / to as f64];
    // For ReLU units, twice the table's.
    let measured = 2.0 * Init::XAVIER.hidden.variance.value(d, to);
    let claim = |text, mean| Claim::equals(text, mean, measured, 1e-15);
    Ok([
        claim(
            "d = 100, d' = 400: Xavier's variance is (2/d + 2/d')/2",
            f64::midpoint(one, other),
        ),
        claim(
            "Xavier's variance is 2/(d/2 + d'/2)",
            2.0 / (1.0 / one + 1.0 / other),
        ),
    ])
}

/// A layer that sees 50 batches, batch t of mean t.
fn running_mean(_seed: u64) -> Result<[Claim; 2]> {
    let (batches, rho) = (50_i32, 0.9_f64);
    let mut layer = BatchNorm::new(1)?;
    for t in 0..batches {
        let mean = f64::from(t);
        let trace = layer.trace(&array![[mean - 1.0], [mean + 1.0]])?;
        layer.remember(&trace)?;
    }
    let sum = |age: fn(i32, i32) -> i32| -> f64 {
        let terms = (0..batches).map(|t| (1.0 - rho) * rho.powi(age(batches, t)) * f64::from(t));
        terms.sum()
    };
    let measured = layer.running_mean[0];
    let claim = |text, predicted| Claim::equals(text, predicted, measured, 1e-10);
    Ok([
        claim(
            "batch t has mean t, t = 0 … 49, ρ = 0.9: the layer remembers (1 − ρ) Σ ρ^t t",
            sum(|_, t| t),
        ),
        claim(
            "the layer remembers (1 − ρ) Σ ρ^(49 − t) t",
            sum(|all, t| all - 1 - t),
        ),
    ])
}
