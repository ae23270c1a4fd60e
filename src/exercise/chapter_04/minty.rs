//! Exercises of `04_minimax`: how far a field may point away from the solution.

use ndarray::{Array2, array};

use super::CHAPTER;
use crate::exercise::inputs::{between, normal_matrix};
use crate::exercise::trial::args;
use crate::exercise::{Check, Exercise, Outcome, Trial, Trouble};

pub(in crate::exercise) const LARGEST_SHARE: Exercise = Exercise {
    name: "largest_extragradient_share",
    chapter: CHAPTER,
    title: "How much of the step EG+ may take",
    hints: &[
        "On the quadratic game with equality V(z) = L·Qz with Q a rotation by θ, cos θ = ρL. As complex numbers a step multiplies z by 1 − α(q − q²), q = e^(iθ).",
        "|1 − αw|² < 1 where α < 2 Re(w)/|w|². For w = q − q² both have a factor 1 − cos θ.",
        "That leaves 1 + 2 cos θ = 1 + 2ρL. No share is negative, none above 1.",
    ],
    checks: &[
        Check {
            name: "between",
            about: "−½ < ρL < 0: the share at which runs of EG+ on the quadratic game turn from in to out",
            run: between_limits,
        },
        Check {
            name: "too_far",
            about: "ρL below −½: no share will do; a share again where ρ is milder",
            run: too_far,
        },
        Check {
            name: "monotone",
            about: "ρ above 0: the whole step, extragradient itself; less where ρ is negative",
            run: monotone,
        },
    ],
};

pub(in crate::exercise) const WEAK_MINTY_CONSTANT: Exercise = Exercise {
    name: "weak_minty_constant",
    chapter: CHAPTER,
    title: "ρ of a linear field",
    hints: &[
        "The largest ρ is the least ratio ⟨Az, z⟩/‖Az‖² over all z. Which vector would make the denominator simple?",
        "With v = Az it is ⟨v, A⁻¹v⟩/‖v‖²: only the symmetric part of A⁻¹ matters.",
        "It is the smaller eigenvalue of ½(A⁻¹ + A⁻ᵀ): of a matrix (p, q; q, r) that is ½(p + r) − √(¼(p − r)² + q²).",
    ],
    checks: &[
        Check {
            name: "by_directions",
            about: "any field: the least ratio over all directions of z",
            run: by_directions,
        },
        Check {
            name: "turning",
            about: "a turned and stretched z: b/(a² + b²), in and out",
            run: turning,
        },
    ],
};

/// Whether EG+ with γ = 1/L comes nearer on the quadratic game, by 40 steps in real numbers.
fn comes_nearer(lipschitz: f64, rho: f64, alpha: f64) -> bool {
    let b = lipschitz * lipschitz * rho;
    let a = (lipschitz * lipschitz - b * b).sqrt();
    let field = |z: [f64; 2]| [b * z[0] + a * z[1], b * z[1] - a * z[0]];
    let mut z = [0.6, 0.8];
    for _ in 0..40 {
        let v = field(z);
        let ahead = [z[0] - v[0] / lipschitz, z[1] - v[1] / lipschitz];
        let v = field(ahead);
        z = [0, 1].map(|i| z[i] - alpha * v[i] / lipschitz);
    }
    z[0].hypot(z[1]) < 1.0
}

/// The share at which runs turn, by bisection.
pub(in crate::exercise) fn turning_share(lipschitz: f64, rho: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        match comes_nearer(lipschitz, rho, middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    low
}

fn between_limits(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let lipschitz = between(0.5, 5.0, &mut trial.rng);
    let rho = between(-0.45, -0.05, &mut trial.rng) / lipschitz;
    let got = trial.number(args![lipschitz, rho])?;
    let expected = turning_share(lipschitz, rho);
    Ok(Outcome::within("share α", expected, got, 1e-6))
}

fn too_far(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let lipschitz = between(0.5, 5.0, &mut trial.rng);
    let far = trial.number(args![lipschitz, -0.7 / lipschitz])?;
    let mild = trial.number(args![lipschitz, -0.2 / lipschitz])?;
    let expected = turning_share(lipschitz, -0.2 / lipschitz);
    Ok(
        Outcome::within("share at ρL = −0.7", 0.0, far, 1e-12).and(Outcome::within(
            "share at ρL = −0.2",
            expected,
            mild,
            1e-6,
        )),
    )
}

fn monotone(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let lipschitz = between(0.5, 5.0, &mut trial.rng);
    let all = trial.number(args![lipschitz, 0.3 / lipschitz])?;
    let less = trial.number(args![lipschitz, -0.3 / lipschitz])?;
    let expected = turning_share(lipschitz, -0.3 / lipschitz);
    Ok(
        Outcome::within("share at ρL = 0.3", 1.0, all, 1e-12).and(Outcome::within(
            "share at ρL = −0.3",
            expected,
            less,
            1e-6,
        )),
    )
}

/// The least ⟨Az, z⟩/‖Az‖² over directions: the best of many, then by golden sections.
pub(in crate::exercise) fn least_ratio(a: &Array2<f64>) -> f64 {
    let ratio = |angle: f64| {
        let z = [angle.cos(), angle.sin()];
        let v = [0, 1].map(|i| a[[i, 0]] * z[0] + a[[i, 1]] * z[1]);
        (v[0] * z[0] + v[1] * z[1]) / (v[0] * v[0] + v[1] * v[1])
    };
    let step = std::f64::consts::PI / 4000.0;
    let mut best = (0.0, f64::INFINITY);
    for i in 0..4000 {
        let angle = step * f64::from(i);
        if ratio(angle) < best.1 {
            best = (angle, ratio(angle));
        }
    }
    let (mut low, mut high) = (best.0 - step, best.0 + step);
    for _ in 0..60 {
        let (left, right) = (low + 0.382 * (high - low), low + 0.618 * (high - low));
        match ratio(left) < ratio(right) {
            true => high = right,
            false => low = left,
        }
    }
    ratio(0.5 * (low + high))
}

/// A matrix whose determinant has this sign and is not small.
pub(in crate::exercise) fn invertible(sign: f64, trial: &mut Trial) -> Array2<f64> {
    loop {
        let a = normal_matrix(2, 2, &mut trial.rng);
        let determinant = a[[0, 0]] * a[[1, 1]] - a[[0, 1]] * a[[1, 0]];
        if sign * determinant > 0.3 {
            return a;
        }
    }
}

fn by_directions(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = invertible(1.0, trial);
    let got = trial.number(args![a])?;
    Ok(Outcome::within("ρ", least_ratio(&a), got, 1e-7))
}

fn turning(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (a, b) = (
        between(0.5, 3.0, &mut trial.rng),
        between(0.2, 2.0, &mut trial.rng),
    );
    let inwards = trial.number(args![array![[b, a], [-a, b]]])?;
    let outwards = trial.number(args![array![[-b, a], [-a, -b]]])?;
    let expected = b / (a * a + b * b);
    Ok(
        Outcome::close("ρ of a field inwards", expected, inwards, 1e-9).and(Outcome::close(
            "ρ of one outwards",
            -expected,
            outwards,
            1e-9,
        )),
    )
}
