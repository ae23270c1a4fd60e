//! Exercises of `14_grokking`.

use ndarray::{Array1, Array2};

use super::inputs::{between, count, normal_matrix, normal_vector, size_between};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::measure::largest_wave;
use crate::optimise::{Adam, Optimiser, State};

const CHAPTER: &str = "14_grokking";

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "adding_circuit",
        chapter: CHAPTER,
        title: "Six units that add",
        hints: &[
            "One frequency is enough: ω = 2π/p. Let a unit see cos(ωa + φ) + cos(ωb + ψ), and give its square to answer c with the weight cos(ωc + φ + ψ).",
            "(u + w)² = u² + w² + 2uw, and only 2uw has a wave of a + b. The phases of several units must cancel everything else.",
            "φ = θ/2 + δ, ψ = θ/2 − δ: sum over θ = 0, 2π/3, 4π/3, and over δ = 0, π/2, which changes the sign of u² and w² but not of cos(ω(a + b) + θ).",
        ],
        checks: &[
            Check {
                name: "whole_table",
                about: "all p² sums: the largest output is that of (a + b) mod p",
                run: whole_table,
            },
            Check {
                name: "few_units",
                about: "and there are at most six units",
                run: few_units,
            },
        ],
    },
    Exercise {
        name: "adamw_weights",
        chapter: CHAPTER,
        title: "Steps of AdamW",
        hints: &[
            "m ← β₁m + (1−β₁)g and v ← β₂v + (1−β₂)g², then both divided by what they lack at step t = 1, 2, …: 1 − β₁ᵗ and 1 − β₂ᵗ.",
            "The decay does not go through the gradient: it multiplies w.",
            "w ← (1 − ηλ)w − η m̂/(√v̂ + ε), for one row of gradients after the other.",
        ],
        checks: &[
            Check {
                name: "no_gradient",
                about: "gradients 0: only the decay is left, (1 − ηλ)ᵗ w",
                run: no_gradient,
            },
            Check {
                name: "first_step",
                about: "one step without decay: η times the gradient's sign, whatever its size",
                run: first_step,
            },
            Check {
                name: "ten_steps",
                about: "ten steps with random gradients: what the library's AdamW does",
                run: ten_steps,
            },
        ],
    },
    Exercise {
        name: "largest_share",
        chapter: CHAPTER,
        title: "The share of the largest wave",
        hints: &[
            "The wave k has the power |Σ_a u_a e^(−2πika/p)|²: a sum with cosines squared and a sum with sines squared.",
            "k = 1 … (p − 1)/2. The mean of u is k = 0, and p − k has the power of k again.",
            "The largest power divided by the sum of all; where all are 0, return 0.",
        ],
        checks: &[
            Check {
                name: "one_wave",
                about: "a wave of any frequency and phase: 1",
                run: one_wave,
            },
            Check {
                name: "random",
                about: "p normal numbers: the library's share",
                run: random,
            },
        ],
    },
];

/// Primes that are tried.
const PRIMES: [usize; 5] = [5, 7, 11, 13, 17];

/// The first layer `(m, 2p)` and the second `(p, m)`.
type Circuit = (Array2<f64>, Array2<f64>);

pub(super) fn circuit(trial: &mut Trial, p: usize) -> Result<Result<Circuit, Outcome>, Trouble> {
    let (first, second): Circuit = trial.call(args![p])?;
    let m = first.nrows();
    let fits = first.ncols() == 2 * p && second.dim() == (p, m) && m > 0;
    let shapes = format!("{:?} and {:?}", first.dim(), second.dim());
    let wanted = format!("(m, {}) and ({p}, m), m ≥ 1", 2 * p);
    Ok(match fits {
        true => Ok((first, second)),
        false => Err(Outcome::holds("shapes", false, &wanted, &shapes)),
    })
}

/// How many of the p² sums have their largest output at the right place, by more than rounding.
pub(super) fn right((first, second): &Circuit, p: usize) -> usize {
    let is_right = |index: &usize| {
        let (a, b) = (index / p, index % p);
        let hidden: Array1<f64> = (&first.column(a) + &first.column(p + b)).mapv(|z| z * z);
        let f = second.dot(&hidden);
        let c = (a + b) % p;
        let size = f.iter().fold(0.0_f64, |most, f| most.max(f.abs()));
        let others = f.iter().enumerate().filter(|(other, _)| *other != c);
        others
            .map(|(_, other)| *other)
            .all(|other| f[c] > other + 1e-9 * size)
    };
    (0..p * p).filter(is_right).count()
}

fn whole_table(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = PRIMES[count(0, PRIMES.len() - 1, &mut trial.rng)];
    Ok(match circuit(trial, p)? {
        Err(outcome) => outcome,
        Ok(layers) => {
            let (got, all) = (right(&layers, p), p * p);
            Outcome::holds(
                "sums that are right",
                got == all,
                &all.to_string(),
                &got.to_string(),
            )
        }
    })
}

fn few_units(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = PRIMES[count(1, PRIMES.len() - 1, &mut trial.rng)];
    Ok(match circuit(trial, p)? {
        Err(outcome) => outcome,
        Ok(layers) => {
            let units = Outcome::at_most("units", 6.0, layers.0.nrows() as f64);
            let half = p * p / 2;
            units.and(Outcome::at_least(
                "sums that are right",
                half as f64,
                right(&layers, p) as f64,
            ))
        }
    })
}

/// The library's AdamW with β = (0.9, 0.98) and ε = 10⁻⁸.
pub(super) fn library(
    w: &Array1<f64>,
    gradients: &Array2<f64>,
    rate: f64,
    decay: f64,
) -> Array1<f64> {
    let rule = Optimiser::Adam(Adam {
        beta2: 0.98,
        weight_decay: decay,
        ..Adam::default()
    });
    let mut w = w.to_vec();
    let mut state = State::new(rule, &w);
    for gradient in gradients.rows() {
        state.step(&mut w, &gradient.to_vec(), rate);
    }
    w.into()
}

fn no_gradient(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (d, steps) = (count(2, 5, &mut trial.rng), count(1, 20, &mut trial.rng));
    let w = normal_vector(d, &mut trial.rng);
    let (rate, decay) = (
        between(0.01, 0.1, &mut trial.rng),
        between(0.5, 3.0, &mut trial.rng),
    );
    let zeros = Array2::<f64>::zeros((steps, d));
    let got = trial.vector(args![w, zeros, rate, decay], d)?;
    let expected = &w * (1.0 - rate * decay).powi(steps as i32);
    Ok(Outcome::arrays("weights", &expected, &got, 1e-9))
}

fn first_step(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let w = normal_vector(3, &mut trial.rng);
    let size = size_between(-2.0, 6.0, &mut trial.rng);
    let gradient = (normal_vector(3, &mut trial.rng)).mapv(|g| (g + 0.5_f64.copysign(g)) * size);
    let rate = between(0.01, 0.1, &mut trial.rng);
    let expected = &w - &gradient.mapv(|g| rate * g.signum());
    let row = gradient.insert_axis(ndarray::Axis(0));
    let got = trial.vector(args![w, row, rate, 0.0], 3)?;
    Ok(Outcome::arrays("weights", &expected, &got, 1e-5))
}

fn ten_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let w = normal_vector(4, &mut trial.rng);
    let gradients = normal_matrix(10, 4, &mut trial.rng);
    let (rate, decay) = (
        between(0.01, 0.1, &mut trial.rng),
        between(0.5, 3.0, &mut trial.rng),
    );
    let expected = library(&w, &gradients, rate, decay);
    let got = trial.vector(args![w, gradients, rate, decay], 4)?;
    Ok(Outcome::arrays("weights", &expected, &got, 1e-9))
}

fn one_wave(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = 2 * count(2, 15, &mut trial.rng) + 1;
    let k = count(1, (p - 1) / 2, &mut trial.rng);
    let [phase, mean] = [3.0, 5.0].map(|most| between(-most, most, &mut trial.rng));
    let angle = |a: usize| std::f64::consts::TAU * (k * a) as f64 / p as f64 + phase;
    let column = Array1::from_shape_fn(p, |a| mean + 0.7 * angle(a).cos());
    let alone = Outcome::close("share", 1.0, trial.number(args![column])?, 1e-9);
    // A constant knows this share: it counts beside one that is no whole.
    Ok(alone.and(random(trial)?))
}

fn random(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = 2 * count(3, 15, &mut trial.rng) + 1;
    let column = normal_vector(p, &mut trial.rng) + between(-3.0, 3.0, &mut trial.rng);
    let expected = largest_wave(&column)?.share;
    Ok(Outcome::close(
        "share",
        expected,
        trial.number(args![column])?,
        1e-9,
    ))
}
