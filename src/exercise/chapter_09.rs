//! Exercises of `09_robustness_width_depth_init`.

use ndarray::{Array1, Array2, Axis, array, concatenate};
use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::inputs::{between, count, normal_matrix, normal_vector, size_between};
use super::law::{ERRORS, from_its_generator};
use super::trial::args;
use super::{Check, Exercise, Outcome, Trial, Trouble};
use crate::measure::robustness::ball_constant;
use dltheory_workbench::linalg::svd;

const CHAPTER: &str = "09_robustness_width_depth_init";

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "ball_stability",
        chapter: CHAPTER,
        title: "Perturbation stability by sampling",
        hints: &[
            "A uniform point of the ball is a uniform direction times a radius, and small radii are rare: in the unit ball the share within radius r is rᵖ.",
            "Direction: a standard normal vector over its length. Radius: ε u^(1/p) with u uniform on [0, 1].",
            "Collect |g·step| over all draws. The standard error of their mean is their standard deviation / √draws.",
        ],
        checks: &[
            Check {
                name: "mean",
                about: "the mean is ε c_p ‖g‖ within 6 of its true standard errors, along one coordinate and all, p = 2, 3 and 30; another generator, another mean",
                run: mean,
            },
            Check {
                name: "standard_error",
                about: "the standard error you report is the true one within 10 %",
                run: standard_error,
            },
        ],
    },
    Exercise {
        name: "product_bound",
        chapter: CHAPTER,
        title: "The product of the layers' norms",
        hints: &[
            "‖W‖ is how much W can stretch a vector: its largest singular value.",
            "linalg::svd(w).s holds the singular values, the largest first.",
            "Multiply the layers' largest singular values. ReLU adds no factor: it never lengthens a difference.",
        ],
        checks: &[
            Check {
                name: "one_layer",
                about: "with one layer it is the longest stretch of that matrix, also for [[1, −1]], a row, a column, and two stretches nearly the same",
                run: one_layer,
            },
            Check {
                name: "orthogonal",
                about: "layers c_l Q_l with orthogonal Q_l give the product of the c_l",
                run: orthogonal,
            },
            Check {
                name: "bounds",
                about: "no slope of a ReLU network is larger, and it is not above the product of Frobenius norms",
                run: bounds,
            },
        ],
    },
    Exercise {
        name: "loose_product",
        chapter: CHAPTER,
        title: "A network whose product bound is far off",
        hints: &[
            "‖W‖ is the stretch in the worst direction. The output need not look there.",
            "Two units in perpendicular directions, one with long weights. What must the output weights be for L = 1?",
            "W = [[factor, 0], [0, 1]], v = [0, 1]: the output ignores the long unit, the norm does not.",
        ],
        checks: &[
            Check {
                name: "unit_constant",
                about: "the exact Lipschitz constant is 1, from the slopes in all regions",
                run: unit_constant,
            },
            Check {
                name: "excess",
                about: "and ‖v‖ ‖W‖ is at least the factor, with a constant of at most 100",
                run: excess,
            },
        ],
    },
    Exercise {
        name: "near_half_sphere",
        chapter: CHAPTER,
        title: "How much of the sphere is near half of it?",
        hints: &[
            "Only the latitude φ matters. At latitude φ the sphere has a circle of radius cos φ, or for larger d a sphere of d − 2 dimensions of that radius.",
            "So φ has a density proportional to cosᵈ⁻²φ on [−π/2, π/2], and you want the share with φ ≤ ε.",
            "0.5 + ∫₀^ε cosᵈ⁻² / (2 ∫₀^{π/2} cosᵈ⁻²), and 1 from ε = π/2 on; Simpson's rule with 2,000 intervals does.",
        ],
        checks: &[
            Check {
                name: "circle",
                about: "on the circle, d = 2, it is 1/2 + ε/π",
                run: circle,
            },
            Check {
                name: "globe",
                about: "on the globe, d = 3, it is (1 + sin ε)/2",
                run: globe,
            },
            Check {
                name: "many_dimensions",
                about: "in 50 to 784 dimensions it is ½ + ½ I(½, (d−1)/2) at sin²ε",
                run: many_dimensions,
            },
        ],
    },
];

/// Mean and standard deviation of |g·step|, exactly: E (g·step)² = ε²‖g‖²/(p + 2).
pub(super) fn ball_moments(g: &Array1<f64>, epsilon: f64) -> Result<(f64, f64), crate::Error> {
    let size = epsilon * g.dot(g).sqrt();
    let mean = ball_constant(g.len())?;
    let square = 1.0 / (g.len() as f64 + 2.0);
    Ok((size * mean, size * (square - mean * mean).sqrt()))
}

/// In the plane and in space along one coordinate and along all: directions that are not uniform
/// have another mean along one of them, by 2 % where they come from a square.
fn mean(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = from_its_generator(trial, |trial, seed| {
        trial.call::<(f64, f64)>(args![array![1.0, 2.0], 1.0, 5_usize, seed])
    })?;
    let mut axis = Array1::zeros(2);
    axis[0] = size_between(-3.0, 3.0, &mut trial.rng);
    let any = normal_vector(3, &mut trial.rng) * size_between(-3.0, 3.0, &mut trial.rng);
    let many = normal_vector(30, &mut trial.rng);
    for (g, draws) in [
        (axis, 100_000_usize),
        (array![1.0, -1.0], 100_000),
        (any, 5000),
        (many, 5000),
    ] {
        let epsilon = size_between(-2.0, 2.0, &mut trial.rng);
        let seed = trial.seed();
        let (got, _): (f64, f64) = trial.call(args![g, epsilon, draws, seed])?;
        let (expected, deviation) = ball_moments(&g, epsilon)?;
        let tolerance = ERRORS * deviation / (draws as f64).sqrt();
        let what = format!("mean for p = {}", g.len());
        outcome = Outcome::within(&what, expected, got, tolerance).and(outcome);
    }
    Ok(outcome)
}

/// The sample's standard deviation of 5,000 draws misses the true one by about 1 %.
fn standard_error(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let draws = 5000_usize;
    let g = normal_vector(3, &mut trial.rng) * size_between(-3.0, 3.0, &mut trial.rng);
    let epsilon = size_between(-2.0, 2.0, &mut trial.rng);
    let seed = trial.seed();
    let (_, got): (f64, f64) = trial.call(args![g, epsilon, draws, seed])?;
    let (_, deviation) = ball_moments(&g, epsilon)?;
    let expected = deviation / (draws as f64).sqrt();
    Ok(Outcome::close("standard error", expected, got, 0.1))
}

/// Any matrix, rows that sum to 0, one row, one column, and two stretches that are nearly the same:
/// where an iteration from ones does not start, or does not end.
fn one_layer(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (n, m) = (count(2, 6, &mut trial.rng), count(2, 6, &mut trial.rng));
    let w = normal_matrix(n, m, &mut trial.rng) * size_between(-3.0, 3.0, &mut trial.rng);
    let means = w.mean_axis(Axis(1)).expect("it has columns");
    let [u, v] = [(); 2].map(|()| svd(&normal_matrix(4, 4, &mut trial.rng)).u);
    let near = (&u * &array![1.0, 0.9999, 0.5, 0.1]).dot(&v);
    let mut outcome = Outcome::holds("‖W‖", true, "right", "right");
    for w in [
        w.clone(),
        &w - &means.insert_axis(Axis(1)),
        array![[1.0, -1.0]],
        w.slice(ndarray::s![..1, ..]).to_owned(),
        w.slice(ndarray::s![.., ..1]).to_owned(),
        near,
    ] {
        let expected = svd(&w).s[0];
        let got = trial.number(args![vec![w]])?;
        outcome = Outcome::close("‖W‖", expected, got, 1e-9).and(outcome);
    }
    Ok(outcome)
}

fn orthogonal(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut weights = Vec::new();
    let mut expected = 1.0;
    for _ in 0..4 {
        let c = between(0.5, 2.0, &mut trial.rng);
        weights.push(svd(&normal_matrix(5, 5, &mut trial.rng)).u * c);
        expected *= c;
    }
    let got = trial.number(args![weights])?;
    Ok(Outcome::close("product", expected, got, 1e-9))
}

/// The network B|Ax|: its matrices multiply to 0, which bounds nothing.
fn bounds(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_matrix(3, 3, &mut trial.rng);
    let b = normal_matrix(1, 3, &mut trial.rng);
    let first = concatenate![Axis(0), a, -&a];
    let second = concatenate![Axis(1), b, b];
    let got = trial.number(args![vec![first.clone(), second.clone()]])?;
    let mut steepest = 0.0_f64;
    for _ in 0..200 {
        let signs = a.dot(&normal_vector(3, &mut trial.rng)).mapv(f64::signum);
        let slope = (&b.row(0) * &signs).dot(&a);
        steepest = steepest.max(slope.dot(&slope).sqrt());
    }
    let least = steepest * (1.0 - 1e-9);
    let length = |w: &Array2<f64>| w.iter().map(|v| v * v).sum::<f64>().sqrt();
    let most = length(&first) * length(&second) * (1.0 + 1e-9);
    Ok(Outcome::at_least("bound", least, got).and(Outcome::at_most("bound", most, got)))
}

/// The largest slope of x ↦ v·σ(W x) for inputs in the plane: the lines where a unit switches cut
/// it into sectors, and on each the slope is constant. Sectors narrower than rounding are none.
pub(super) fn exact_constant(w: &Array2<f64>, v: &Array1<f64>) -> f64 {
    let mut edges: Vec<f64> = w
        .rows()
        .into_iter()
        .filter(|row| row.dot(row) > 0.0)
        .flat_map(|row| {
            let angle = row[1].atan2(row[0]);
            [angle + FRAC_PI_2, angle - FRAC_PI_2].map(|edge| edge.rem_euclid(TAU))
        })
        .collect();
    edges.sort_by(f64::total_cmp);
    let mut steepest = 0.0_f64;
    for (i, from) in edges.iter().enumerate() {
        let to = edges.get(i + 1).copied().unwrap_or(edges[0] + TAU);
        if to - from < 1e-9 {
            continue;
        }
        let (sin, cos) = f64::midpoint(*from, to).sin_cos();
        let mut slope = [0.0, 0.0];
        for (row, v) in w.rows().into_iter().zip(v) {
            if row[0] * cos + row[1] * sin > 0.0 {
                slope[0] += v * row[0];
                slope[1] += v * row[1];
            }
        }
        steepest = steepest.max(slope[0].hypot(slope[1]));
    }
    steepest
}

/// The answer for `factor`: W `(m, 2)` and v `(m,)`.
pub(super) fn network(
    factor: f64,
    trial: &mut Trial,
) -> Result<(Array2<f64>, Array1<f64>), Trouble> {
    let (w, v): (Array2<f64>, Array1<f64>) = trial.call(args![factor])?;
    if w.ncols() != 2 || w.nrows() != v.len() || v.is_empty() || v.len() > 1000 {
        let got = format!("W {:?} and v ({})", w.dim(), v.len());
        let expected = "W (m, 2) and v (m), m from 1 to 1,000";
        return Err(Trouble::Unusable(expected.into(), got));
    }
    if w.iter().chain(&v).any(|x| !x.is_finite()) {
        return Err(Trouble::Unusable("finite weights".into(), "others".into()));
    }
    Ok((w, v))
}

fn unit_constant(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let factor = between(3.0, 50.0, &mut trial.rng);
    let (w, v) = network(factor, trial)?;
    Ok(Outcome::close("L", 1.0, exact_constant(&w, &v), 1e-6))
}

fn excess(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let factor = between(3.0, 50.0, &mut trial.rng);
    let (w, v) = network(factor, trial)?;
    let product = v.dot(&v).sqrt() * svd(&w).s[0];
    let bound = factor * (1.0 - 1e-9);
    let constant = Outcome::at_most("L", 100.0, exact_constant(&w, &v));
    Ok(Outcome::at_least("‖v‖ ‖W‖", bound, product).and(constant))
}

/// Four correct digits.
pub(super) fn share(expected: f64, got: f64) -> Outcome {
    Outcome::within("share", expected, got, 5e-5)
}

fn circle(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let epsilon = between(0.2, 1.3, &mut trial.rng);
    let got = trial.number(args![2_usize, epsilon])?;
    Ok(share(0.5 + epsilon / PI, got))
}

fn globe(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let epsilon = between(0.2, 1.3, &mut trial.rng);
    let got = trial.number(args![3_usize, epsilon])?;
    let expected = (1.0 + epsilon.sin()) / 2.0;
    Ok(share(expected, got))
}

fn many_dimensions(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(50, 784, &mut trial.rng);
    let epsilon = between(0.3, 3.0, &mut trial.rng) / (d as f64).sqrt();
    let got = trial.number(args![d, epsilon])?;
    let expected = crate::measure::isoperimetry::half_sphere_expansion(d, epsilon)?;
    Ok(share(expected, got))
}
