//! Risk, SGD, saddles.

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::{Erratum, LEVEL};
use crate::error::Result;
use crate::experiment::Claim;
use crate::measure::{EscapeLaw, second_moments};
use crate::optimise::problem::{AdamTrap, Order};
use crate::optimise::{
    Adam, CriticalPoint, Cuboid, Inertia, Iterate, Optimiser, Schedule, SolveSettings,
    solve_stochastic,
};
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
        id: "critical_points",
        chapter: 1,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Recall (Classification of critical points)\": a saddle if \"λ_i > 0, λ_j < 0 for \
            some i, j and λ_i ≠ 0 for all i\", and other cases are inconclusive. The last condition is not needed: f rises along one eigenvector and falls along the other.",
        claims: critical_points,
    },
    Erratum {
        id: "escape_time",
        chapter: 1,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Q2: Does SGD avoid saddle points?\": \"with probability 1 − ζ, PSGD with \
            constant α escapes strict saddles after Ω(log(1/ζ)/α²) iterations\". That order is at best one that suffices: a quadratic saddle takes log(1/ζ)/α.",
        claims: escape_time,
    },
    Erratum {
        id: "one_over_k",
        chapter: 1,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Q3: How fast does SGD converge to local minimizers?\": \"Using α_k = O(1/k), \
            SGD enjoys a O(1/k) convergence rate in objective value\". Only steps γ/k with 2γλ > 1 do, λ the least curvature at the minimum; shorter ones have k^(−2γλ).",
        claims: one_over_k,
    },
    Erratum {
        id: "adam_convex",
        chapter: 1,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Basic results on adaptive algorithms\": O(1/√k) in the cell of \
            \"Adam/AMSGrad\", convex and stochastic. It is AMSGrad's: the source it cites shows that Adam need not converge.",
        claims: adam_convex,
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

/// f = ½(x² − y²) and random terms of third and fourth order in x, y, z: how often it has larger and smaller values near 0 than
/// there, and the second-derivative test says so too.
fn critical_points(seed: u64) -> Result<[Claim; 2]> {
    let (near, functions) = (1e-3_f64, 1000);
    let says_saddle =
        Inertia::of(&ndarray::array![1.0, -1.0, 0.0], 0.0)?.kind() == CriticalPoint::Saddle;
    let rng = &mut stream(seed, "terms of higher order", 0);
    // Along x and y, whatever is mixed with z is 0.
    let saddles = (0..functions).filter(|_| {
        let mut along = |curvature: f64| -> [f64; 2] {
            let [third, fourth]: [f64; 2] = [0; 2].map(|_| StandardNormal.sample(rng));
            [near, -near].map(|t| 0.5 * curvature * t * t + third * t.powi(3) + fourth * t.powi(4))
        };
        let values = [along(1.0), along(-1.0)].concat();
        says_saddle && values.iter().any(|f| *f > 0.0) && values.iter().any(|f| *f < 0.0)
    });
    let measured = saddles.count() as f64 / f64::from(functions);
    Ok([
        Claim::less_than(
            "curvatures 1, −1, 0 leave it open: terms of higher order make some points no saddles; share of saddles",
            1.0,
            measured,
            0.0,
        ),
        Claim::equals(
            "curvatures 1, −1, 0 make a saddle, whatever the terms of higher order: share of saddles",
            1.0,
            measured,
            0.0,
        ),
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
    // Before the first of the two times all but (1 + α)^(−2k) < 10⁻⁵ of the growth is (1 + α)^k; a thousandth is room for both.
    let claim = |text, predicted| Claim::equals(text, predicted, measured, 1e-3);
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

/// γ = ¼ on f = ½x², so that 2γλ = ½: the exponent of the exact E f between 2¹⁶ and 2¹⁸ steps.
fn one_over_k(_seed: u64) -> Result<[Claim; 2]> {
    let rates = (1..=1 << 18).map(|k| 0.25 / f64::from(k));
    let moments = second_moments(1.0, 1.0, 1.0, rates)?;
    let measured = (moments[1 << 18] / moments[1 << 16]).ln() / 4.0_f64.ln();
    // Nearer than half way between the two.
    let claim = |text, predicted| Claim::equals(text, predicted, measured, 0.25);
    Ok([
        claim(
            "steps k^(−1)/4 on x²/2: E f falls like 1/k, exponent −1",
            -1.0,
        ),
        claim("it falls like k^(−2γλ), exponent −½", -0.5).against(-1.0, "1/k"),
    ])
}

/// Reddi's losses, C = 3: Adam's regret a loss over the last third of 9,000, at rates ½/√t.
fn adam_convex(seed: u64) -> Result<[Claim; 2]> {
    let (steps, mut late) = (9_000, 0.0);
    let mut watch = |at: &Iterate<'_>| {
        if (6_000..steps).contains(&at.step) {
            late += (at.value + at.gradient[0]) / 3_000.0;
        }
        std::ops::ControlFlow::Continue(())
    };
    let settings = SolveSettings {
        rule: Optimiser::Adam(Adam {
            beta1: 0.0,
            beta2: 0.1,
            ..Adam::default()
        }),
        rate: 0.5,
        schedule: Schedule::InverseSqrt { scale: 1.0 },
        steps,
        ..SolveSettings::default()
    };
    let set = Cuboid {
        low: vec![-1.0],
        high: vec![1.0],
    };
    let mut trap = AdamTrap::new(3.0, Order::Cycle)?;
    let rng = &mut stream(seed, "no chance in a cycle", 0);
    solve_stochastic(&mut trap, &set, &[1.0], &settings, &mut watch, rng)?;
    // Two of three losses are met one steep step, at most η/√(1 − β₂), away from the end.
    let tolerance = 2.0 / 3.0 * 0.5 / (6_000.0_f64 * 0.9).sqrt();
    let claim = |text, predicted| Claim::equals(text, predicted, late, tolerance);
    Ok([
        claim(
            "losses 3x, −x, −x on [−1, 1]: Adam's regret a loss goes to 0",
            0.0,
        ),
        claim("it stays at ⅔, that of the worst point", 2.0 / 3.0),
    ])
}
