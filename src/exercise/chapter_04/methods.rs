//! Exercises of `04_minimax`: methods.

use ndarray::{Array1, Array2};

use crate::exercise::inputs::{between, count, normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Exercise, Outcome, Trial, Trouble};

pub(in crate::exercise) const EXTRAGRADIENT_POINT: Exercise = Exercise {
    name: "extragradient_point",
    chapter: "04_minimax",
    title: "Extragradient on a linear field",
    hints: &[
        "A step asks the field twice: where z is, and at the point ahead that the first answer leads to.",
        "ahead = z − α(Az + b), and then z moves from where it was: z ← z − α(A·ahead + b).",
        "Take the loop `for _ in 0..steps`; for no steps at all z is returned as it came.",
    ],
    checks: &[
        Check {
            name: "one_step",
            about: "one step on random fields of 2 to 6 coordinates",
            run: one_step,
        },
        Check {
            name: "spiral",
            about: "on xy the distance from the saddle is multiplied by √(1 − α² + α⁴) a step",
            run: spiral,
        },
    ],
};

pub(in crate::exercise) const OPTIMISTIC_FACTOR: Exercise = Exercise {
    name: "optimistic_factor",
    chapter: "04_minimax",
    title: "By what an optimistic step multiplies the distance",
    hints: &[
        "With z as x + iy the field of xy is V(z) = −iz: the step is z⁺ = (1 + 2iα)z − iα·(z before).",
        "Try z_k = λᵏ: λ² − (1 + 2iα)λ + iα = 0. The root of the larger modulus rules in the end.",
        "λ = ((1 + 2iα) ± √(1 − 4α²))/2. For α ≤ ½ the square root is real, above it is imaginary: |λ|² is then (1 + (2α + √(4α² − 1))²)/4.",
    ],
    checks: &[
        Check {
            name: "short_steps",
            about: "α between 0.05 and 0.45: the ratio of distances after 2,000 steps of the method",
            run: short_steps,
        },
        Check {
            name: "long_steps",
            about: "α between 0.55 and 3: the same, where the roots have turned",
            run: long_steps,
        },
    ],
};

/// z after `steps` steps of extragradient on V(z) = Az + b, each of them z − αV + α²AV.
pub(in crate::exercise) fn extragradient(
    a: &Array2<f64>,
    b: &Array1<f64>,
    z: &Array1<f64>,
    rate: f64,
    steps: usize,
) -> Array1<f64> {
    let mut z = z.clone();
    for _ in 0..steps {
        let v = a.dot(&z) + b;
        z = z + a.dot(&v) * (rate * rate) - v * rate;
    }
    z
}

fn one_step(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = count(2, 6, &mut trial.rng);
    let a = normal_matrix(p, p, &mut trial.rng);
    let (b, z) = (
        normal_vector(p, &mut trial.rng),
        normal_vector(p, &mut trial.rng),
    );
    let rate = between(0.1, 0.8, &mut trial.rng);
    let exact = extragradient(&a, &b, &z, rate, 1);
    let got = trial.vector(args![a, b, z, rate, 1_usize], p)?;
    Ok(Outcome::arrays("z₁", &exact, &got, 1e-9))
}

fn spiral(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let rate = between(0.2, 1.2, &mut trial.rng);
    let steps = count(5, 40, &mut trial.rng);
    let a = ndarray::array![[0.0, 1.0], [-1.0, 0.0]];
    let saddle = normal_vector(2, &mut trial.rng);
    let start = normal_vector(2, &mut trial.rng);
    let b = -a.dot(&saddle);
    let z = &saddle + &start;
    let got = trial.vector(args![a, b, z, rate, steps], 2)?;
    let away = &got - &saddle;
    let square = 1.0 - rate.powi(2) + rate.powi(4);
    let expected = (start.dot(&start) * square.powi(steps as i32)).sqrt();
    let what = format!("distance from the saddle after {steps} steps, α = {rate:.3}");
    Ok(Outcome::close(
        &what,
        expected,
        away.dot(&away).sqrt(),
        1e-9,
    ))
}

/// |z_(k+1)|/|z_k| of the optimistic method on xy after many steps, by playing it; lengths are kept near 1 on the way.
fn played(alpha: f64, [x, y]: [f64; 2]) -> f64 {
    let (mut before, mut z) = ([x, y], [y, x + 1.0]);
    let mut ratio = f64::NAN;
    for _ in 0..2000 {
        // V = (y, −x).
        let v = [2.0 * z[1] - before[1], before[0] - 2.0 * z[0]];
        let next = [z[0] - alpha * v[0], z[1] - alpha * v[1]];
        let length = z[0].hypot(z[1]);
        ratio = next[0].hypot(next[1]) / length;
        (before, z) = (z.map(|c| c / length), next.map(|c| c / length));
    }
    ratio
}

fn against_played(trial: &mut Trial, low: f64, high: f64) -> Result<Outcome, Trouble> {
    let alpha = between(low, high, &mut trial.rng);
    let start = normal_vector(2, &mut trial.rng);
    let expected = played(alpha, [start[0], start[1]]);
    let got = trial.number(args![alpha])?;
    Ok(Outcome::close(
        &format!("factor at α = {alpha:.3}"),
        expected,
        got,
        1e-9,
    ))
}

fn short_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    against_played(trial, 0.05, 0.45)
}

fn long_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    against_played(trial, 0.55, 3.0)
}
