//! Exercises of `05_gans`: transport.

use ndarray::{Array1, Array2, array};

use super::CHAPTER;
use crate::exercise::inputs::{between, count, normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Exercise, Outcome, Trial, Trouble};
use crate::rng::Rng;

pub(super) const SORTED_DISTANCE: Exercise = Exercise {
    name: "sorted_distance",
    chapter: CHAPTER,
    title: "W_p of two samples on a line",
    hints: &[
        "A plan pairs each number of one sample with one of the other. If two pairs cross, what happens to the cost when they are uncrossed?",
        "No best plan crosses: the least goes to the least, the next to the next.",
        "Sort both; the mean of |difference|^p, and its p-th root.",
    ],
    checks: &[
        Check {
            name: "all_plans",
            about: "no pairing of the two samples is cheaper, and one costs as much, for p = 1, 2 and 3",
            run: all_plans,
        },
        Check {
            name: "moved",
            about: "a sample that is mixed up and moved by c is |c| away, whatever p",
            run: moved,
        },
    ],
};

pub(super) const BURES_DISTANCE: Exercise = Exercise {
    name: "bures_distance",
    chapter: CHAPTER,
    title: "W₂ of two Gaussians",
    hints: &[
        "Means and covariances count apart: W₂² = ‖m₁ − m₂‖² + a number of Σ₁ and Σ₂ alone, which is (σ₁ − σ₂)² on a line.",
        "That number is tr Σ₁ + tr Σ₂ − 2 tr (Σ₁^½ Σ₂ Σ₁^½)^½. The root of a positive semidefinite matrix has the same eigenvectors, and the roots of the eigenvalues.",
        "Eigenvalues that are 0 may come out as −1e−17, and so may W₂² of a Gaussian and itself: cut both at 0 before the root.",
    ],
    checks: &[
        Check {
            name: "on_a_line",
            about: "in one dimension W₂² = (m₁ − m₂)² + (σ₁ − σ₂)²",
            run: on_a_line,
        },
        Check {
            name: "carried",
            about: "if a symmetric A ≥ 0 carries the first covariance to the second, Σ₂ = AΣ₁A, the cost is that of carrying x to Ax",
            run: carried,
        },
        Check {
            name: "one_basis",
            about: "covariances with common eigenvectors: each axis on its own",
            run: one_basis,
        },
    ],
};

pub(super) const PUSHED_DENSITY: Exercise = Exercise {
    name: "pushed_density",
    chapter: CHAPTER,
    title: "The density of y = h(ω) for a normal ω",
    hints: &[
        "A small interval around y of width dy comes from one small interval around each ω with h(ω) = y. How wide is each?",
        "Around ω_b it is dy/|h'(ω_b)| wide, and holds the normal density there times that.",
        "The sum of e^(−ω_b²/2)/√(2π) divided by |slope_b|; 0 where no ω goes to y.",
    ],
    checks: &[
        Check {
            name: "square",
            about: "ω² has the χ² law with one degree of freedom, e^(−y/2)/√(2πy)",
            run: square,
        },
        Check {
            name: "falling",
            about: "e^(−ω) has the density of e^ω: log-normal",
            run: falling,
        },
    ],
};

/// (the least of all pairings' mean |x − y|^p)^(1/p), one pairing after another.
pub(in crate::exercise) fn by_pairings(x: &Array1<f64>, y: &Array1<f64>, p: f64) -> f64 {
    fn least(x: &[f64], y: &mut Vec<f64>, p: f64) -> f64 {
        let Some((first, rest)) = x.split_first() else {
            return 0.0;
        };
        let mut best = f64::INFINITY;
        for i in 0..y.len() {
            let taken = y.swap_remove(i);
            let cost = (first - taken).abs().powf(p) + least(rest, y, p);
            best = if cost < best { cost } else { best };
            y.push(taken);
            let last = y.len() - 1;
            y.swap(i, last);
        }
        best
    }
    let total = least(&x.to_vec(), &mut y.to_vec(), p);
    (total / x.len() as f64).powf(1.0 / p)
}

fn all_plans(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(4, 6, &mut trial.rng);
    let (x, y) = (normal_vector(n, &mut trial.rng), normal_vector(n, &mut trial.rng));
    let mut outcome = Outcome::holds("distance", true, "right", "right");
    for p in [1.0, 2.0, 3.0] {
        let got = trial.number(args![x, y, p])?;
        outcome = outcome.and(Outcome::close(&format!("W_{p}"), by_pairings(&x, &y, p), got, 1e-9));
    }
    Ok(outcome)
}

fn moved(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(10, 40, &mut trial.rng);
    let x = normal_vector(n, &mut trial.rng);
    let by = between(0.5, 4.0, &mut trial.rng);
    let by = if count(0, 1, &mut trial.rng) == 0 { by } else { -by };
    let turn = count(1, n - 1, &mut trial.rng);
    let y = Array1::from_shape_fn(n, |i| x[(i + turn) % n] + by);
    let p = between(1.0, 4.0, &mut trial.rng);
    let got = trial.number(args![x, y, p])?;
    Ok(Outcome::close("distance", by.abs(), got, 1e-9))
}

/// A positive semidefinite matrix with eigenvalues between `low` and `high`.
pub(in crate::exercise) fn covariance(d: usize, low: f64, high: f64, rng: &mut Rng) -> Array2<f64> {
    let basis = basis(d, rng);
    let values = Array1::from_shape_simple_fn(d, || between(low, high, rng));
    (&basis * &values).dot(&basis.t())
}

/// Orthonormal columns.
fn basis(d: usize, rng: &mut Rng) -> Array2<f64> {
    let a = normal_matrix(d, d, rng);
    let spread = dltheory_workbench::linalg::svd(&a);
    spread.u
}

/// W₂ of N(m₁, Σ₁) and N(m₂, AΣ₁A), A symmetric and positive semidefinite: ‖m₁ − m₂‖² + tr (1 − A)Σ₁(1 − A), rooted.
pub(in crate::exercise) fn cost_of_carrying(
    apart: &Array1<f64>,
    first: &Array2<f64>,
    a: &Array2<f64>,
) -> f64 {
    let rest = Array2::<f64>::eye(a.nrows()) - a;
    (apart.dot(apart) + rest.dot(first).dot(&rest).diag().sum()).sqrt()
}

fn on_a_line(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let m = normal_vector(2, &mut trial.rng) * 2.0;
    let (s, t) = (between(0.2, 3.0, &mut trial.rng), between(0.2, 3.0, &mut trial.rng));
    let got = trial.number(args![
        (array![m[0]]),
        (array![[s * s]]),
        (array![m[1]]),
        (array![[t * t]])
    ])?;
    Ok(Outcome::close("distance", (m[0] - m[1]).hypot(s - t), got, 1e-9))
}

fn carried(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(2, 4, &mut trial.rng);
    let (m1, m2) = (normal_vector(d, &mut trial.rng), normal_vector(d, &mut trial.rng));
    let first = covariance(d, 0.2, 4.0, &mut trial.rng);
    let a = covariance(d, 0.1, 3.0, &mut trial.rng);
    let second = a.dot(&first).dot(&a);
    // Symmetric to the last digit.
    let second = (&second + &second.t()) * 0.5;
    let got = trial.number(args![m1, first, m2, second])?;
    let expected = cost_of_carrying(&(&m1 - &m2), &first, &a);
    Ok(Outcome::close("distance", expected, got, 1e-7))
}

fn one_basis(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(2, 5, &mut trial.rng);
    let basis = basis(d, &mut trial.rng);
    let mut roots = || Array1::from_shape_simple_fn(d, || between(0.2, 2.0, &mut trial.rng));
    let (s, t) = (roots(), roots());
    let of = |roots: &Array1<f64>| (&basis * &(roots * roots)).dot(&basis.t());
    let (m1, m2) = (normal_vector(d, &mut trial.rng), normal_vector(d, &mut trial.rng));
    let got = trial.number(args![m1, (of(&s)), m2, (of(&t))])?;
    let (apart, wider) = (&m1 - &m2, &s - &t);
    let expected = (apart.dot(&apart) + wider.dot(&wider)).sqrt();
    Ok(Outcome::close("distance", expected, got, 1e-7))
}

fn square(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let y = between(0.1, 5.0, &mut trial.rng);
    let root = y.sqrt();
    let got = trial.number(args![(array![-root, root]), (array![-2.0 * root, 2.0 * root])])?;
    let expected = (-0.5 * y).exp() / (std::f64::consts::TAU * y).sqrt();
    Ok(Outcome::close("density", expected, got, 1e-9))
}

fn falling(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let y = between(0.1, 5.0, &mut trial.rng);
    let got = trial.number(args![(array![-y.ln()]), (array![-y])])?;
    let expected = (-0.5 * y.ln().powi(2)).exp() / (y * std::f64::consts::TAU.sqrt());
    Ok(Outcome::close("density", expected, got, 1e-9))
}
