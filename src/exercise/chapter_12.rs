//! Exercises of `12_complexity_measures`.

use ndarray::{Array1, Array2, array};

use super::inputs::{between, count, normal_matrix, normal_vector, size_between};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::linalg::thin_svd;
use crate::rng::Rng;

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "power_iteration",
        chapter: "12_complexity_measures",
        title: "The spectral norm by power iteration",
        hints: &[
            "Two products a step, a.dot(&v) and a.t().dot(…): AᵀA is never needed as a matrix.",
            "Divide by the length after every step, and the start by its own before the first.",
            "The answer is the length of a.dot(&v), not of AᵀA v: that would be its square.",
        ],
        checks: &[
            Check {
                name: "first_steps",
                about: "after 0 to 3 steps: √(Σ s⁴ᵗ⁺² c² / Σ s⁴ᵗ c²), c the start in right singular vectors",
                run: first_steps,
            },
            Check {
                name: "converges",
                about: "after 200 steps: the largest singular value",
                run: converges,
            },
        ],
    },
    Exercise {
        name: "norm_of_paths",
        chapter: "12_complexity_measures",
        title: "The path norm in one pass",
        hints: &[
            "Square every weight, then pass a vector of ones through, without ReLUs.",
            "v has as many entries as the first layer has columns; each step is squared.dot(&v).",
            "Square all weights, send a vector of ones through the linear network, add up what comes out, take the root.",
        ],
        checks: &[
            Check {
                name: "by_hand",
                about: "the tiny network with some weights negative: √Σ(path weight)², path by path",
                run: by_hand,
            },
            Check {
                name: "rescaling",
                about: "one layer times α, the next divided: no change. The last times α: times α",
                run: rescaling,
            },
        ],
    },
    Exercise {
        name: "larger_norm",
        chapter: "12_complexity_measures",
        title: "The same function, a larger norm",
        hints: &[
            "Multiply the first layer by α > 0 and divide the second by it. Which α?",
            "With s = α², a = ‖X₁‖² and b = ‖X₂‖² the norm is a s + b/s: a quadratic equation.",
            "s = (norm + √(norm² − 4ab)) / (2a), and α is its root.",
        ],
        checks: &[
            Check {
                name: "same_function",
                about: "the new network has the outputs of the old on random inputs",
                run: same_function,
            },
            Check {
                name: "norm",
                about: "its parameter norm is what was asked for",
                run: norm,
            },
        ],
    },
    Exercise {
        name: "rank_correlation",
        chapter: "12_complexity_measures",
        title: "Kendall's τ",
        hints: &[
            "Two loops over the networks; each pair scores sign times sign.",
            "In Rust (0.0_f64).signum() is 1, not 0: a tie needs a case of its own.",
            "Sum over all ordered pairs and divide by N(N − 1), or over i < j and by half of it.",
        ],
        checks: &[
            Check {
                name: "extremes",
                about: "a list with itself 1, with its negative −1",
                run: extremes,
            },
            Check {
                name: "order_only",
                about: "growing functions of μ or of the gap change nothing; nor does exchanging the two; and a list with itself is 1",
                run: order_only,
            },
            Check {
                name: "five_runs",
                about: "the five runs of the text, in any order: −0.2",
                run: five_runs,
            },
        ],
    },
];

/// A matrix `(n, m)` with the given singular values, and its right singular vectors as rows.
fn with_values(n: usize, m: usize, s: &[f64], rng: &mut Rng) -> Result<[Array2<f64>; 2], Trouble> {
    let s: Array1<f64> = s.to_vec().into();
    let u = thin_svd(&normal_matrix(n, s.len(), rng))?.u;
    let vt = thin_svd(&normal_matrix(s.len(), m, rng))?.vt;
    Ok([(u * s).dot(&vt), vt])
}

/// Catches a start that is not normalised and a step too many or too few.
pub(super) fn first_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let s = [3.0_f64, 2.0, 1.0];
    let [a, vt] = with_values(5, 3, &s, &mut trial.rng)?;
    let start = normal_vector(3, &mut trial.rng) * size_between(-100.0, 100.0, &mut trial.rng);
    let c = vt.dot(&start);
    let size = start.dot(&start);
    let mut outcome = Outcome::holds("estimates", true, "as predicted", "as predicted");
    for steps in 0..4_usize {
        let sum = |power: usize| -> f64 {
            (s.iter().zip(&c))
                .map(|(s, c)| s.powi(power as i32) * c * c / size)
                .sum()
        };
        let exact = (sum(4 * steps + 2) / sum(4 * steps)).sqrt();
        let got = trial.number(args![a, start, steps])?;
        let what = format!("estimate after {steps} steps");
        outcome = outcome.and(Outcome::close(&what, exact, got, 1e-9));
    }
    Ok(outcome)
}

fn converges(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let top = between(2.0, 5.0, &mut trial.rng);
    let s = [top, 0.8 * top, 1.0, 0.1];
    let [a, _] = with_values(4, 9, &s, &mut trial.rng)?;
    let start = normal_vector(9, &mut trial.rng);
    let got = trial.number(args![a, start, 200_usize])?;
    Ok(Outcome::close("estimate after 200 steps", top, got, 1e-9))
}

/// A negative weight must not cancel anything.
fn by_hand(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut weight = || between(-3.0, 3.0, &mut trial.rng);
    let [a, b, c, d, e, f] = [weight(), weight(), weight(), weight(), weight(), weight()];
    let layers = vec![array![[a, b], [c, d]], array![[e, f]]];
    let paths = [a * e, b * e, c * f, d * f];
    let exact = paths.iter().map(|path| path * path).sum::<f64>().sqrt();
    let got = trial.number(args![layers])?;
    Ok(Outcome::close("path norm", exact, got, 1e-9))
}

fn rescaling(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut layer = |n, m| {
        let size = size_between(-6.0, 6.0, &mut trial.rng);
        normal_matrix(n, m, &mut trial.rng) * size
    };
    let layers = vec![layer(4, 3), layer(5, 4), layer(2, 5)];
    let alpha = between(3.0, 30.0, &mut trial.rng);
    let mut scaled = layers.clone();
    scaled[0] *= alpha;
    scaled[1] /= alpha;
    let mut longer = layers.clone();
    longer[2] *= alpha;
    let norm = trial.number(args![layers])?;
    let same = trial.number(args![scaled])?;
    let times = trial.number(args![longer])?;
    Ok(
        Outcome::close("after rescaling", norm, same, 1e-9).and(Outcome::close(
            "last layer times α",
            alpha * norm,
            times,
            1e-9,
        )),
    )
}

/// ‖X₁‖² + ‖X₂‖², Frobenius norms.
pub(super) fn parameter_norm(net: &(Array2<f64>, Array2<f64>)) -> f64 {
    net.0.iter().chain(&net.1).map(|w| w * w).sum()
}

/// A network `(d, hidden, outputs)`.
fn network(rng: &mut Rng) -> (Array2<f64>, Array2<f64>) {
    let hidden = count(3, 6, rng);
    (normal_matrix(hidden, 4, rng), normal_matrix(2, hidden, rng))
}

/// Asks for a network of parameter norm `norm`: its outputs beside those of `net`.
pub(super) fn outputs(
    trial: &mut Trial,
    net: &(Array2<f64>, Array2<f64>),
    norm: f64,
) -> Result<(Outcome, f64), Trouble> {
    let got: (Array2<f64>, Array2<f64>) = trial.call(args![net.0, net.1, norm])?;
    if (got.0.dim(), got.1.dim()) != (net.0.dim(), net.1.dim()) {
        let shapes = |net: &(Array2<f64>, Array2<f64>)| {
            format!("shapes {:?} and {:?}", net.0.dim(), net.1.dim())
        };
        return Err(Trouble::Unusable(shapes(net), shapes(&got)));
    }
    let x = normal_matrix(net.0.ncols(), 30, &mut trial.rng);
    let apply = |net: &(Array2<f64>, Array2<f64>)| net.1.dot(&net.0.dot(&x).mapv(|z| z.max(0.0)));
    let outcome = Outcome::arrays("outputs", &apply(net), &apply(&got), 1e-9);
    Ok((outcome, parameter_norm(&got)))
}

fn same_function(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let net = network(&mut trial.rng);
    let norm = parameter_norm(&net) * between(2.0, 50.0, &mut trial.rng);
    Ok(outputs(trial, &net, norm)?.0)
}

fn norm(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let net = network(&mut trial.rng);
    let norm = parameter_norm(&net) * between(2.0, 50.0, &mut trial.rng);
    let (_, got) = outputs(trial, &net, norm)?;
    Ok(Outcome::close("‖X₁‖² + ‖X₂‖²", norm, got, 1e-6))
}

pub(super) fn extremes(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let list = normal_vector(12, &mut trial.rng);
    let same = trial.number(args![list, list])?;
    let other = trial.number(args![list, -&list])?;
    Ok(
        Outcome::close("τ with itself", 1.0, same, 1e-9).and(Outcome::close(
            "τ with its negative",
            -1.0,
            other,
            1e-9,
        )),
    )
}

/// Catches correlations of the values instead of the ranks.
fn order_only(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let measure = normal_vector(15, &mut trial.rng);
    let gap = &normal_vector(15, &mut trial.rng) + &measure;
    let tau = trial.number(args![measure, gap])?;
    let bent = trial.number(args![
        measure.mapv(|x| (3.0 * x).exp()),
        gap.mapv(|x| x.powi(3))
    ])?;
    let exchanged = trial.number(args![gap, measure])?;
    Ok(
        Outcome::within("τ after growing functions", tau, bent, 1e-9)
            .and(Outcome::within("τ exchanged", tau, exchanged, 1e-9))
            .and(extremes(trial)?),
    )
}

fn five_runs(trial: &mut Trial) -> Result<Outcome, Trouble> {
    use rand::seq::SliceRandom;
    let mut runs = [
        (1.0, 0.20),
        (2.0, 0.30),
        (3.0, 0.40),
        (4.0, 0.10),
        (5.0, 0.15),
    ];
    runs.shuffle(&mut trial.rng);
    let measure: Array1<f64> = runs.iter().map(|run| run.0).collect();
    let gap: Array1<f64> = runs.iter().map(|run| run.1).collect();
    let tau = trial.number(args![measure, gap])?;
    Ok(Outcome::close("τ", -0.2, tau, 1e-9))
}
