//! Overparameterised optimisation.

use super::Erratum;
use crate::data::Dataset;
use crate::data::synthetic::{gaussian, random_signs, unit_sphere};
use crate::error::Result;
use crate::experiment::Claim;
use crate::fit::{HalfSquares, Outer};
use crate::linalg::symmetric_eigen;
use crate::measure::conditioning::PlConstants;
use crate::model::mlp::Layer;
use crate::model::{Activation, Mlp, two_layer_ntk};
use crate::optimise::{Oracle, SolveSettings, Trajectory, Unconstrained, solve};
use crate::rng::stream;
use crate::stats::least;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "two_layer_rate",
        chapter: 6,
        slide: "ICASSP 2023, \"Linear convergence of Gradient Descent\": a geometric rate of 1 − η, output weights uniform on [−1, 1], m = \
                Ω(n⁶/δ³). The theorem has 1 − ηλ_0/2, signs ±1, and m = Ω(n⁶/(λ_0⁴δ³)), with λ_0 the smallest eigenvalue of H∞.",
        claims: two_layer_rate,
    },
    Erratum {
        id: "pl_step",
        chapter: 6,
        slide: "CMSC 828W, \"Intuition of PL\": gradient descent w_{t+1} = w_t − μ∇L(w_t), with the PL constant μ for a step. The step of \
                the proof is η = 1/β.",
        claims: pl_step,
    },
    Erratum {
        id: "pl_outer_slope",
        chapter: 6,
        slide: "CMSC 828W, \"If f is mu-PL then φ∘f is μρ²-PL (|φ'(f(w,x))| > φ)\", and then L(w_t) ≤ (1 − ημρ²) L(w_0). It takes |φ'| ≥ ρ, \
                and the factor to the power t. The rows test the slope; panel (a) above shows that descent converges with this φ.",
        claims: pl_outer_slope,
    },
    Erratum {
        id: "pl_ball",
        chapter: 6,
        slide: "CMSC 828W, \"There is a tradeoff because for PL, we want a large μ … but that would require satisfying PL over a large ball\". \
                R = 2√(2βL_0)/μ falls with μ. So does the distance itself, which the rows test: √(2L_0/μ) on a quadratic.",
        claims: pl_ball,
    },
];

/// The loss ½ Σ λ_j w_j².
struct Bowl([f64; 2]);

impl Oracle for Bowl {
    fn dimension(&self) -> usize {
        2
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let Self([a, b]) = *self;
        gradient.copy_from_slice(&[a * x[0], b * x[1]]);
        Ok(0.5 * (a * x[0] * x[0] + b * x[1] * x[1]))
    }
}

/// Eight inputs of length 1 in ℝ⁸, 1000 units: the ratio of the loss from step to step once the slowest direction is left.
fn two_layer_rate(seed: u64) -> Result<[Claim; 2]> {
    let (n, m) = (8, 1000);
    let rng = &mut stream(seed, "erratum: two layers", 0);
    let data = Dataset::new(unit_sphere(n, n, rng)?, gaussian(n, 1, rng)?)?;
    let layer = |weights, multiplier| Layer {
        weights,
        bias: None,
        multiplier,
    };
    let net = Mlp {
        layers: vec![
            layer(gaussian(m, n, rng)?, 1.0),
            layer(
                random_signs(m, rng)?.reversed_axes(),
                1.0 / (m as f64).sqrt(),
            ),
        ],
        activation: Activation::Relu,
    };
    let spectrum = symmetric_eigen(&two_layer_ntk(&data.x, &data.x)?.first)?.values;
    let (rate, smallest) = (0.5 / spectrum[0], spectrum[n - 1]);
    let loss = HalfSquares::new(&net, &data, Outer::Identity, 0..m * n)?;
    // By then the slowest direction's part of the loss has shrunk by 10⁸.
    let steps = (1e-8_f64.ln() / (2.0 * (-rate * smallest).ln_1p())).ceil() as usize;
    let settings = SolveSettings {
        rate,
        steps: steps.clamp(10, 20_000),
        ..SolveSettings::default()
    };
    let mut seen = Trajectory::every(1);
    solve(&loss, &Unconstrained, &loss.start(), &settings, &mut seen)?;
    let last = seen.values.len() - 1;
    let ratio = (seen.values[last] / seen.values[last - 5]).powf(0.2);
    let claim = |what: &str, bound| {
        Claim::at_most(
            &format!("the loss shrinks by {what} a step, or faster: late ratio"),
            bound,
            ratio,
            0.0,
        )
    };
    Ok([
        claim("1 − η", 1.0 - rate),
        claim("1 − ηλ_0/2", 1.0 - rate * smallest / 2.0),
    ])
}

/// ½(4a² + b²) from (1, 1): β = 4, μ = 1, twenty steps.
fn pl_step(_seed: u64) -> Result<[Claim; 2]> {
    let constants = PlConstants::new(4.0, 1.0)?;
    let bowl = Bowl([constants.beta, constants.mu]);
    let left = |rate| -> Result<f64> {
        let settings = SolveSettings {
            rate,
            steps: 20,
            ..SolveSettings::default()
        };
        let end = solve(
            &bowl,
            &Unconstrained,
            &[1.0, 1.0],
            &settings,
            &mut crate::optimise::Unseen,
        )?;
        Ok(end.value / bowl.value(&[1.0, 1.0])?)
    };
    let bound = constants.factor(1.0 / constants.beta)?.powi(20);
    let claim = |step: &str, rate: f64| -> Result<Claim> {
        let text = format!("β = 4, μ = 1, step {step}: L_20/L_0 is at most (1 − μ/β)^20");
        Ok(Claim::at_most(&text, bound, left(rate)?, 1e-12))
    };
    Ok([
        claim("μ", constants.mu)?,
        claim("1/β", 1.0 / constants.beta)?,
    ])
}

/// φ(u) = u + ½(1 − cos u) has |φ'| ≥ ½ everywhere, and is larger than |φ'| itself from u = 2 on.
fn pl_outer_slope(_seed: u64) -> Result<[Claim; 2]> {
    let grid = || (-300..=300).map(|i| Outer::Wave.at(f64::from(i) / 100.0));
    let text = |what: &str| format!("a φ with which descent converges, u from −3 to 3: {what}");
    Ok([
        Claim::at_least(
            &text("|φ'| is above φ; least |φ'| − φ"),
            0.0,
            least(grid().map(|[value, slope, _]| slope.abs() - value)),
            0.0,
        ),
        Claim::at_least(
            &text("|φ'| is at least ρ = ½; least |φ'| − ρ"),
            0.0,
            least(grid().map(|[_, slope, _]| slope.abs() - Outer::Wave.least_slope())),
            1e-15,
        ),
    ])
}

/// The distance that descent goes on ½μb² from the loss 1, for μ from 0.1 to 1 at β = 1.
fn pl_ball(_seed: u64) -> Result<[Claim; 2]> {
    let distance = |mu: f64| -> Result<f64> {
        let start = [0.0, (2.0 / mu).sqrt()];
        let settings = SolveSettings {
            rate: 1.0,
            steps: 2000,
            ..SolveSettings::default()
        };
        let end = solve(
            &Bowl([1.0, mu]),
            &Unconstrained,
            &start,
            &settings,
            &mut crate::optimise::Unseen,
        )?;
        Ok((end.x[1] - start[1]).abs())
    };
    let ratio = distance(1.0)? / distance(0.1)?;
    Ok([
        Claim::at_least(
            "descent from the loss 1 goes further at μ = 1 than at μ = 0.1: ratio of distances",
            1.0,
            ratio,
            0.0,
        ),
        Claim::equals(
            "it goes √(2L_0/μ): the ratio is √0.1",
            0.1_f64.sqrt(),
            ratio,
            1e-9,
        ),
    ])
}
