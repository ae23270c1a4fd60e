//! Errors of the slides that chapter 5 corrects: empirical measures and push-forward densities.

use super::{Erratum, LEVEL};
use crate::data::synthetic::{gaussian, uniform_cube};
use crate::error::Result;
use crate::experiment::Claim;
use crate::rng::stream;
use crate::stats::{Estimate, PowerLaw};
use crate::transport::{LineMeasure, PushForward, line_distance};

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "empirical_measure",
        chapter: 5,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), and deep learning, lecture 10 (EE-556), \"Learning without \
            concentration\": \"μ̂_n = Σ δ_i\". That has the mass n. A distribution has the mass 1, and W₁ compares equal masses: μ̂_n = (1/n) Σ δ_i.",
        claims: empirical_measure,
    },
    Erratum {
        id: "empirical_rate",
        chapter: 5,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), and deep learning, lecture 10 (EE-556), \"Slow convergence of \
            empirical measures in 1-Wasserstein\": \"converges, in the worst case, at the rate W₁(μ, μ̂_n) ≳ n^(−1/p)\" on R^p for any p. That is \
            the rate from p = 3 on. At p = 1 it is n^(−1/2), at p = 2 √(ln n/n) for the uniform law: no sample is faster than chance (Fournier & \
            Guillin 2015, arXiv:1312.2128).",
        claims: empirical_rate,
    },
    Erratum {
        id: "push_forward_branches",
        chapter: 5,
        slide: "Deep learning, lecture 10 (EE-556), \"Explanation: Change of variables\" under \"Example: Chi-square distribution\": \
            \"p_Y(y) = p_Ω(h⁻¹(y)) det(J h⁻¹(y))\" for a monotone h explains ω². The square is not monotone: √y and −√y go to y, and the density is the sum \
            over both.",
        claims: push_forward_branches,
    },
    Erratum {
        id: "push_forward_determinant",
        chapter: 5,
        slide: "Deep learning, lecture 10 (EE-556), \"Explanation: Change of variables\": \"p_Y(y) = p_Ω(h⁻¹(y)) det(J h⁻¹(y))\". For a map that \
            falls the determinant is negative, and so would be the density: it is |det|.",
        claims: push_forward_determinant,
    },
];

/// The mean of 1,000 uniform numbers is that of d(a) = a under their empirical measure.
fn empirical_measure(seed: u64) -> Result<[Claim; 2]> {
    let a = uniform_cube(1000, 1, &mut stream(seed, "empirical measure", 0))?;
    let mean = Estimate::of(&a, |a| *a)?;
    let claim = |text, predicted| Claim::mean_equals(text, predicted, mean, 0.0, LEVEL);
    Ok([
        claim("E a under μ̂_n = Σ δ_i, for 1,000 uniform numbers: n/2", 500.0)?,
        claim("E a under μ̂_n = (1/n) Σ δ_i: 1/2", 0.5)?,
    ])
}

/// The exponent of W₁ between two samples of the uniform law on the interval.
fn empirical_rate(seed: u64) -> Result<[Claim; 2]> {
    let sizes = [64, 256, 1024];
    let mut means = Vec::new();
    for (index, n) in sizes.into_iter().enumerate() {
        let distance = |draw: u64| {
            let rng = &mut stream(seed, "empirical rate", 1000 * index as u64 + draw);
            let x = uniform_cube(2, n, rng)?;
            let [a, b] = [0, 1].map(|row| LineMeasure::sample(&x.row(row).to_vec()));
            line_distance(&a?, &b?, 1.0)
        };
        let distances = (0..200).map(distance).collect::<Result<Vec<f64>>>()?;
        means.push((n as f64, Estimate::from_values(&distances)?));
    }
    let slope = PowerLaw::of(&means, |m| m.0, |m| m.1)?.slope();
    // The exact exponent over these sizes is −0.5015.
    let claim = |text, predicted| Claim::mean_equals(text, predicted, slope, 0.002, LEVEL);
    Ok([
        claim("p = 1, n from 64 to 1,024: W₁ falls like n^(−1/p), exponent −1", -1.0)?,
        claim("it falls like n^(−1/2), as sums of independent numbers do", -0.5)?,
    ])
}

/// How many normal numbers are mapped.
const SAMPLES: usize = 20_000;

/// The share of mapped normal numbers that are at most 1.
fn below_one(seed: u64, label: &str, h: fn(f64) -> f64) -> Result<Estimate> {
    let omega = gaussian(SAMPLES, 1, &mut stream(seed, label, 0))?;
    Estimate::of(&omega, |w| f64::from(u8::from(h(*w) <= 1.0)))
}

/// ∫ of a density in y up to 1, by the substitution y = x⁴, which takes its pole at 0 away.
fn mass_below_one(density: impl Fn(f64) -> f64) -> f64 {
    let steps = 2000;
    let width = 1.0 / f64::from(steps);
    let middles = (0..steps).map(|k| (f64::from(k) + 0.5) * width);
    middles
        .map(|x| density(x.powi(4)) * 4.0 * x.powi(3) * width)
        .sum()
}

fn normal(w: f64) -> f64 {
    (-0.5 * w * w).exp() / std::f64::consts::TAU.sqrt()
}

fn push_forward_branches(seed: u64) -> Result<[Claim; 2]> {
    let square = PushForward::new(|w: f64| w * w, |w: f64| 2.0 * w, &[-11.0, 0.0, 11.0])?;
    let share = below_one(seed, "square", |w| w * w)?;
    let claim = |text, density: &dyn Fn(f64) -> f64| {
        Claim::mean_equals(text, mass_below_one(density), share, 1e-5, LEVEL)
    };
    Ok([
        claim(
            "ω² of 20,000 normal ω: the share up to 1 is the integral of p(√y)/(2√y)",
            &|y| square.one_branch(y, normal),
        )?,
        claim(
            "it is the integral of (p(√y) + p(−√y))/(2√y)",
            &|y| square.density(y, normal),
        )?,
    ])
}

fn push_forward_determinant(seed: u64) -> Result<[Claim; 2]> {
    let decay = PushForward::new(|w: f64| (-w).exp(), |w: f64| -(-w).exp(), &[-11.0, 11.0])?;
    let share = below_one(seed, "decay", |w| (-w).exp())?;
    let claim = |text, density: &dyn Fn(f64) -> f64| {
        Claim::mean_equals(text, mass_below_one(density), share, 1e-5, LEVEL)
    };
    Ok([
        claim(
            "e^(−ω) of 20,000 normal ω: the share up to 1 is the integral of p(−ln y) · (−1/y)",
            &|y| decay.one_branch(y, normal),
        )?,
        claim(
            "it is the integral of p(−ln y) · |−1/y|",
            &|y| decay.density(y, normal),
        )?,
    ])
}
