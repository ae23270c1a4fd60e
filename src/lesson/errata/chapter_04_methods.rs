//! Errors of the slides on methods for games, which chapter 4 corrects.

use super::Erratum;
use crate::error::{Error, Result};
use crate::experiment::Claim;
use crate::game::arena::{Bilinear, SquareSaddle};
use crate::game::{Eg, ExtraAdam, Method, PlaySettings, Seg, play};
use crate::optimise::{Field, Schedule, Unconstrained, Unseen};
use crate::real::norm;
use crate::rng::stream;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "literal_extragradient",
        chapter: 4,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Basic algorithms for minimax\": extragradient as \
            \"z^(k+1) = z^k − αV(z^k − αV(z^(k−1)))\". The inner step asks the field at z^k, as in the lecture (EE-556) on GANs.",
        claims: literal_extragradient,
    },
    Erratum {
        id: "stochastic_exponents",
        chapter: 4,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Solving stochastic weak MVIs without increasing batch size\": \
            \"β_k ∝ 1/k and α_k ∝ 1/k for ρ = 0\". A step on xy brings z nearer by α_kβ_k: these must have an infinite sum, as k^(−2/3) and \
            k^(−1/3) have. Hsieh, Iutzeler, Malick & Mertikopoulos 2020, arXiv:2003.10162.",
        claims: stochastic_exponents,
    },
    Erratum {
        id: "extra_adam_sign",
        chapter: 4,
        slide: "Mathematics of Data (EE-556), lecture on GANs, \"ExtraAdam for GANs\": V = (−∇ₓΦ, +∇ᵧΦ), of which the moments are made, and \
            \"z^(k+1/2) = z^k − γ m̂/(√v̂ + ε)\". Either sign is meant once: V = (∇ₓΦ, −∇ᵧΦ) is subtracted.",
        claims: extra_adam_sign,
    },
    Erratum {
        id: "extra_adam_correction",
        chapter: 4,
        slide: "Mathematics of Data (EE-556), lecture on GANs, \"ExtraAdam for GANs\": the corrections 1 − ηᵏ from k = 0 on, for both halves of an \
            iteration. The first is 0. The moments have been updated 2k + 1 times in the first half, 2k + 2 times in the second.",
        claims: extra_adam_correction,
    },
];

/// A step of ½ on xy from (1, 0), fifty times.
fn literal_extragradient(_seed: u64) -> Result<[Claim; 2]> {
    const ALPHA: f64 = 0.5;
    const STEPS: usize = 50;
    let (mut before, mut z) = ([1.0, 0.0], [1.0, 0.0]);
    let field = |z: [f64; 2]| {
        let mut v = [0.0; 2];
        Bilinear.at(&z, &mut v).map(|()| v)
    };
    let step = |z: [f64; 2], v: [f64; 2]| [z[0] - ALPHA * v[0], z[1] - ALPHA * v[1]];
    for _ in 0..STEPS {
        let ahead = step(z, field(before)?);
        before = z;
        z = step(z, field(ahead)?);
    }
    let settings = PlaySettings {
        steps: STEPS,
        ..PlaySettings::default()
    };
    let end = play(
        &Bilinear,
        &Eg::new(ALPHA),
        &Unconstrained,
        &[1.0, 0.0],
        &settings,
        &mut stream(0, "no noise", 0),
        &mut Unseen,
    )?;
    Ok([
        Claim::less_than(
            "xy, α = ½, V asked at the point before in the inner step: distance from the saddle after 50 steps, from 1",
            1.0,
            norm([&z[..]]),
            0.0,
        ),
        Claim::equals(
            "V asked at z^k in both: (1 − α² + α⁴)^(50/2)",
            0.8125_f64.powi(25),
            norm([&end.z[..]]),
            1e-12,
        ),
    ])
}

/// SEG without noise on xy, from (1, 0): what the steps alone can do.
fn stochastic_exponents(_seed: u64) -> Result<[Claim; 2]> {
    const STEPS: usize = 100_000;
    let power = |exponent| Schedule::Power {
        scale: 1.0,
        exponent,
    };
    let left = |explore, update| -> Result<f64> {
        let seg = Seg {
            gamma: 0.5,
            beta: 1.0,
            explore,
            alpha: 1.0,
            update,
        };
        let settings = PlaySettings {
            steps: STEPS,
            ..PlaySettings::default()
        };
        let mut rng = stream(0, "no noise", 0);
        let all = &Unconstrained;
        let end = play(
            &Bilinear,
            &seg,
            all,
            &[1.0, 0.0],
            &settings,
            &mut rng,
            &mut Unseen,
        )?;
        Ok(norm([&end.z[..]]))
    };
    // |1 − αβγ² + iαγ|² = (1 − αβγ²)² + α²γ²; of the steps k^(−2/3), k^(−1/3) with γ = ½: at most (1 − 1/(4k))² + k^(−4/3)/4.
    let bound: f64 = (1..=STEPS)
        .map(|k| {
            let k = k as f64;
            ((1.0 - 0.25 / k).powi(2) + 0.25 * k.powf(-4.0 / 3.0)).ln()
        })
        .sum();
    let most = (0.5 * bound).exp();
    let printed = left(power(1.0), power(1.0))?;
    let admissible = left(power(1.0 / 3.0), power(2.0 / 3.0))?;
    Ok([
        Claim::at_most(
            "xy without noise, β_k = α_k = 1/k, γ = ½: distance after 100,000 steps, from 1, is what k^(−1/3) and k^(−2/3) leave",
            most,
            printed,
            1e-9,
        ),
        Claim::equals(
            "β_k = k^(−1/3), α_k = k^(−2/3): the distance left, by the product of its factors",
            most,
            admissible,
            1e-9,
        ),
    ])
}

/// x² − y², where each player has a best move, 0.
fn extra_adam_sign(_seed: u64) -> Result<[Claim; 2]> {
    /// The slide's V.
    struct Turned;
    impl Field for Turned {
        fn dimension(&self) -> usize {
            2
        }
        fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
            SquareSaddle.at(z, v)?;
            v.iter_mut().for_each(|v| *v = -*v);
            Ok(())
        }
    }
    let settings = PlaySettings {
        steps: 100,
        ..PlaySettings::default()
    };
    let adam = ExtraAdam::together(0.01);
    let start = [1.0, 1.0];
    let mut rng = stream(0, "no noise", 0);
    let all = &Unconstrained;
    let turned = play(
        &Turned,
        &adam,
        all,
        &start,
        &settings,
        &mut rng,
        &mut Unseen,
    )?;
    let right = play(
        &SquareSaddle,
        &adam,
        all,
        &start,
        &settings,
        &mut rng,
        &mut Unseen,
    )?;
    let before = norm([&start[..]]);
    let nearer = |text: &str, z: &[f64]| Claim::less_than(text, before, norm([z]), 0.0);
    Ok([
        nearer(
            "x² − y² from (1, 1), V = (−∇ₓΦ, +∇ᵧΦ) subtracted: nearer to the saddle after 100 steps of 0.01",
            &turned.z,
        ),
        nearer("V = (∇ₓΦ, −∇ᵧΦ) subtracted: nearer to the saddle", &right.z),
    ])
}

/// The length of the first exploring step, which Adam's corrections make γ for every field.
fn extra_adam_correction(_seed: u64) -> Result<[Claim; 2]> {
    const GAMMA: f64 = 0.01;
    let adam = ExtraAdam::together(GAMMA);
    let (g, k) = (0.3_f64, 0);
    let printed = GAMMA * ((1.0 - adam.eta1) * g / (1.0 - adam.eta1.powi(k)))
        / (((1.0 - adam.eta2) * g * g / (1.0 - adam.eta2.powi(k))).sqrt() + adam.epsilon);
    // A constant field: after both halves z has moved by γ too.
    struct Constant(f64);
    impl Field for Constant {
        fn dimension(&self) -> usize {
            1
        }
        fn at(&self, _: &[f64], v: &mut [f64]) -> Result<()> {
            v[0] = self.0;
            Ok(())
        }
    }
    let field = Constant(g);
    let mut z = [0.0];
    let mut memory = adam.begin(&field, &z)?;
    adam.step(
        &field,
        &Unconstrained,
        0,
        &mut z,
        &mut memory,
        &mut stream(0, "no noise", 0),
    )?;
    if z[0].is_nan() {
        return Err(Error::overflow("the step", z[0]));
    }
    let claim = |text, length| Claim::equals(text, GAMMA, length, 1e-3 * GAMMA);
    Ok([
        claim(
            "a constant field 0.3, γ = 0.01, corrections 1 − ηᵏ at k = 0: length of the first step",
            printed,
        ),
        claim(
            "corrections 1 − η^(2k+1) and 1 − η^(2k+2): length of the first iteration's step",
            -z[0],
        ),
    ])
}
