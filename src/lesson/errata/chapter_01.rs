//! Risk, SGD, saddles.

use rand::RngExt;

use super::{Erratum, LEVEL};
use crate::error::Result;
use crate::experiment::Claim;
use crate::measure::EscapeLaw;
use crate::rng::stream;
use crate::stats::largest_distance;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "log_of_label",
        chapter: 1,
        slide: "CMSC 828W, \"A refresher of Machine Learning and Supervised Learning\", the loss \"y log(y(f(x)) + (1 − y) log(1 − g(f(x)))\", called \
            one for many classes. The first logarithm is of g(f(x)) too, or the loss is no log-likelihood and has no value for f ≤ 0; and it is that of two classes.",
        claims: log_of_label,
    },
    Erratum {
        id: "escape_time",
        chapter: 1,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Q2: Does SGD avoid saddle points?\": \"with probability 1 − ζ, PSGD with \
            constant α escapes strict saddles after Ω(log(1/ζ)/α²) iterations\". That order is at best one that suffices: a quadratic saddle takes log(1/ζ)/α.",
        claims: escape_time,
    },
];

/// Labels drawn with P(1) = g(f), f = 2: minus the log of how often 1 comes is what the loss of label 1 must be.
fn log_of_label(seed: u64) -> Result<[Claim; 2]> {
    let (f, draws) = (2.0_f64, 10_000);
    let g = 1.0 / (1.0 + (-f).exp());
    let rng = &mut stream(seed, "labels", 0);
    let ones = (0..draws).filter(|_| rng.random::<f64>() < g).count();
    let measured = -(ones as f64 / f64::from(draws)).ln();
    // The share has the variance g(1 − g)/n, its logarithm that over g².
    let tolerance = largest_distance(1, LEVEL, None)? * ((1.0 - g) / (g * f64::from(draws))).sqrt();
    let claim = |text, predicted| Claim::equals(text, predicted, measured, tolerance);
    Ok([
        claim(
            "f = 2: minus the log of the share of labels 1, drawn with probability g(2), is −log(y f)",
            -f.ln(),
        ),
        claim("f = 2: it is −log g(f)", -g.ln()),
    ])
}

/// Steps from ζ = 0.1 to 0.01, at α = 0.04 and 0.02: how many times as many.
fn escape_time(_seed: u64) -> Result<[Claim; 2]> {
    let gap = |alpha: f64| -> Result<f64> {
        let law = EscapeLaw::new(&[alpha; 2000], 0.002)?;
        let at = |zeta| -> Result<f64> { Ok(law.quantile(zeta, 0.02)?.unwrap_or(f64::NAN)) };
        Ok(at(0.01)? - at(0.1)?)
    };
    let measured = gap(0.02)? / gap(0.04)?;
    // ln 1.04/ln 1.02 = 1.981, and α² in place of α would be its square.
    let claim = |text, predicted| Claim::equals(text, predicted, measured, 0.05);
    Ok([
        claim(
            "−x²/2 with noise: half of the step α takes 4 times as many more steps from ζ = 0.1 to 0.01",
            4.0,
        ),
        claim(
            "it takes ln 1.04/ln 1.02 times as many",
            1.04_f64.ln() / 1.02_f64.ln(),
        ),
    ])
}
