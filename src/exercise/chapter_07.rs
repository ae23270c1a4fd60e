//! Exercises of `07_kernels_and_ntk`.

pub(super) mod features;

use ndarray::{Array1, Array2, Axis};

use features::{enough, fewest, kernel, measured, shift, unit_length};

use super::inputs::{between, count, normal_matrix, normal_vector};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::model::two_layer_ntk;
use dltheory_workbench::linalg::eigh;

const CHAPTER: &str = "07_kernels_and_ntk";

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "fourier_features",
        chapter: CHAPTER,
        title: "Random Fourier features",
        hints: &[
            "Draw the m/2 frequencies once; every input uses the same ones.",
            "A frequency of N(0, I/σ²) is a standard normal vector divided by σ. All angles at once: x ωᵀ.",
            "Half the columns are cosines of the angles X Ωᵀ, half are sines; the factor makes every row one unit long.",
        ],
        checks: &[
            Check {
                name: "unit_length",
                about: "every φ(x) has length 1, since cos² + sin² = 1",
                run: unit_length,
            },
            Check {
                name: "shift",
                about: "φ(x + s)·φ(x' + s) = φ(x)·φ(x'): only the difference counts",
                run: shift,
            },
            Check {
                name: "kernel",
                about: "with m = 20,000 columns, φ(x)·φ(x') is the Gaussian kernel within 7 standard errors, whatever the direction; another generator, another draw",
                run: kernel,
            },
        ],
    },
    Exercise {
        name: "features_for_error",
        chapter: CHAPTER,
        title: "How many features for an error?",
        hints: &[
            "The mean squared error is (1 − k²)²/m. Its root is the error that is asked for.",
            "Solve (1 − k²)/√m ≤ error for m. Then round up, to an even number: features come in pairs.",
            "Solve error = √(variance / pairs) for the pairs, round up, and double: a pair is two columns.",
        ],
        checks: &[
            Check {
                name: "enough",
                about: "m is even, not ten times too large, and the root mean square error with m columns is at most the error",
                run: enough,
            },
            Check {
                name: "fewest",
                about: "with m − 2 columns it is larger",
                run: fewest,
            },
            Check {
                name: "measured",
                about: "2,000 draws of m columns miss the kernel by that much",
                run: measured,
            },
        ],
    },
    Exercise {
        name: "tangent_of_weights",
        chapter: CHAPTER,
        title: "The tangent kernel from the weights",
        hints: &[
            "z = x aᵀ, (n, m), holds every a_i·x. σ(z) and σ'(z) are two more arrays of this shape.",
            "K⁽ᵇ⁾ = σ(z) σ(z)ᵀ/m. In K⁽ᵃ⁾ the sum over units is a product of matrices too, with b_i σ'(z) in place of σ(z).",
            "Two Gram matrices: of the outer weights' derivatives, and, entry by entry times X Xᵀ, of the hidden weights'.",
        ],
        checks: &[
            Check {
                name: "jacobian",
                about: "K = J Jᵀ, where J holds the derivatives of f by all weights, measured by differences",
                run: jacobian,
            },
            Check {
                name: "positive",
                about: "K is symmetric, no eigenvalue is below 0, and their sum is Σ‖∇f(x)‖²",
                run: positive,
            },
        ],
    },
    Exercise {
        name: "flow_residual",
        chapter: CHAPTER,
        title: "The residual under gradient flow",
        hints: &[
            "Along an eigenvector of K nothing mixes: that part of u only shrinks.",
            "K = Q diag(λ) Qᵀ. Turn u₀ into the eigenbasis, multiply by e^(−λt), turn back.",
            "Write u(0) in the eigenvectors of K (linalg::eigh), shrink each coefficient by its own exponential, put them together again.",
        ],
        checks: &[
            Check {
                name: "eigenvector",
                about: "an eigenvector decays as e^(−λt)",
                run: eigenvector,
            },
            Check {
                name: "semigroup",
                about: "s and then t is the same as s + t, and u has decayed",
                run: semigroup,
            },
            Check {
                name: "steps",
                about: "20,000 tiny steps of gradient descent end nearby",
                run: steps,
            },
        ],
    },
    Exercise {
        name: "unfittable_pair",
        chapter: CHAPTER,
        title: "Two inputs that cannot be fitted independently",
        hints: &[
            "The network has no biases. What is f(c x) for c > 0?",
            "f(c x) = c f(x) for every choice of the weights. So two inputs on one ray have parallel gradients.",
            "ReLU is positively homogeneous: what happens to the kernel's rows along one ray?",
        ],
        checks: &[
            Check {
                name: "different",
                about: "x' is neither near x nor near 0, and the determinant is 0",
                run: different,
            },
            Check {
                name: "singular",
                about: "the limit kernel of the pair has determinant 0",
                run: singular,
            },
        ],
    },
];

/// f(x) of every row, for the weights in one vector: a row by row, then b.
fn outputs(weights: &Array1<f64>, m: usize, x: &Array2<f64>) -> Array1<f64> {
    let d = x.ncols();
    let unit = |i: usize, row: usize| -> f64 {
        let z: f64 = (0..d).map(|k| weights[i * d + k] * x[[row, k]]).sum();
        weights[m * d + i] * z.max(0.0) / (m as f64).sqrt()
    };
    (0..x.nrows())
        .map(|row| (0..m).map(|i| unit(i, row)).sum())
        .collect()
}

/// In each weight alone f is linear away from kinks, so differences are exact there: inputs near
/// a kink are drawn again.
fn jacobian(trial: &mut Trial) -> Result<Outcome, Trouble> {
    const H: f64 = 1e-4;
    let (m, d, n) = (12, 3, 5);
    let (a, x) = loop {
        let a = normal_matrix(m, d, &mut trial.rng);
        let x = normal_matrix(n, d, &mut trial.rng);
        if x.dot(&a.t()).iter().all(|z| z.abs() > 0.005) {
            break (a, x);
        }
    };
    let b = normal_vector(m, &mut trial.rng);
    let weights: Array1<f64> = a.iter().chain(&b).copied().collect();
    let mut slopes = Array2::zeros((n, weights.len()));
    for j in 0..weights.len() {
        let (mut up, mut down) = (weights.clone(), weights.clone());
        up[j] += H;
        down[j] -= H;
        let slope = (outputs(&up, m, &x) - outputs(&down, m, &x)) / (2.0 * H);
        slopes.column_mut(j).assign(&slope);
    }
    let k = trial.matrix(args![a, b, x], (n, n))?;
    Ok(Outcome::arrays("K", &slopes.dot(&slopes.t()), &k, 1e-7))
}

fn positive(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_matrix(20, 2, &mut trial.rng);
    let b = normal_vector(20, &mut trial.rng);
    let x = normal_matrix(6, 2, &mut trial.rng);
    let k = trial.matrix(args![a, b, x], (6, 6))?;
    let size = k.diag().sum();
    let trace = Outcome::close("trace of K", squared_gradients(&a, &b, &x), size, 1e-9);
    let smallest = eigh(&k).values[5];
    Ok(Outcome::arrays("Kᵀ", &k, &k.t().to_owned(), 1e-9)
        .and(Outcome::at_least(
            "smallest eigenvalue / trace",
            -1e-9,
            smallest / size,
        ))
        .and(trace))
}

/// Σ‖∇f(x)‖² over the rows x: of each unit that is on, b²‖x‖² and z², over m.
fn squared_gradients(a: &Array2<f64>, b: &Array1<f64>, x: &Array2<f64>) -> f64 {
    let mut sum = 0.0;
    for (row, z) in x.rows().into_iter().zip(x.dot(&a.t()).rows()) {
        let on = z.iter().zip(b).filter(|(z, _)| **z > 0.0);
        sum += on.map(|(z, b)| b * b * row.dot(&row) + z * z).sum::<f64>();
    }
    sum / a.nrows() as f64
}

/// A kernel matrix `(n, n)` of full rank.
fn gram(n: usize, trial: &mut Trial) -> Array2<f64> {
    let g = normal_matrix(n, 2 * n, &mut trial.rng);
    g.dot(&g.t()) / (2 * n) as f64
}

fn eigenvector(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = gram(5, trial);
    let t = between(0.3, 2.0, &mut trial.rng);
    let eigen = eigh(&k);
    let i = count(0, 4, &mut trial.rng);
    let start = eigen.vectors.column(i).to_owned();
    let u = trial.vector(args![k, start, t], 5)?;
    let expected = &start * (-eigen.values[i] * t).exp();
    Ok(Outcome::arrays("u(t)", &expected, &u, 1e-8))
}

fn semigroup(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = gram(5, trial);
    let start = normal_vector(5, &mut trial.rng);
    let (s, t) = (0.7, between(0.3, 2.0, &mut trial.rng));
    let halfway = trial.vector(args![k, start, s], 5)?;
    let two = trial.vector(args![k, halfway, t], 5)?;
    let one = trial.vector(args![k, start, s + t], 5)?;
    let eigen = eigh(&k);
    let decayed = eigen.vectors.t().dot(&start) * eigen.values.mapv(|l| (-l * (s + t)).exp());
    let length = |u: &Array1<f64>| u.dot(u).sqrt();
    Ok(
        Outcome::arrays("u(s + t)", &two, &one, 1e-8).and(Outcome::close(
            "‖u(s + t)‖",
            length(&decayed),
            length(&one),
            1e-8,
        )),
    )
}

fn steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = gram(4, trial);
    let start = normal_vector(4, &mut trial.rng);
    let mut expected = start.clone();
    for _ in 0..20_000 {
        expected = &expected - &(k.dot(&expected) / 20_000.0);
    }
    let u = trial.vector(args![k, start, 1.0], 4)?;
    Ok(Outcome::arrays("u(1)", &expected, &u, 2e-3))
}

/// A constant is different too, so the pair must be singular as well.
fn different(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_vector(4, &mut trial.rng);
    let other = trial.vector(args![x], 4)?;
    let gap = &other - &x;
    let size = x.dot(&x).sqrt();
    let (far, length) = (gap.dot(&gap).sqrt() / size, other.dot(&other).sqrt() / size);
    Ok(Outcome::at_least("‖x' − x‖/‖x‖", 0.1, far)
        .and(Outcome::at_least("‖x'‖/‖x‖", 0.1, length))
        .and(dependent(&x, &other)?))
}

fn singular(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let x = normal_vector(4, &mut trial.rng);
    let other = trial.vector(args![x], 4)?;
    dependent(&x, &other)
}

/// At a small angle δ between the inputs the ratio is about δ/π. Lengths that overflow are told
/// as what they are.
fn dependent(x: &Array1<f64>, other: &Array1<f64>) -> Result<Outcome, Trouble> {
    let length = (other.dot(other) / x.dot(x)).sqrt();
    let sizes = Outcome::at_most("‖x'‖/‖x‖", 1e9, length);
    if !sizes.passed() || length == 0.0 {
        return Ok(sizes.and(Outcome::at_least("‖x'‖/‖x‖", 0.1, length)));
    }
    let pair = ndarray::stack![Axis(0), *x, *other];
    let ntk = two_layer_ntk(&pair, &pair)?;
    let k = &ntk.first + &ntk.second;
    let ratio = 1.0 - k[[0, 1]] * k[[1, 0]] / (k[[0, 0]] * k[[1, 1]]);
    Ok(Outcome::at_most("det K / (K₁₁K₂₂)", 1e-6, ratio))
}
