//! Exercises of `04_minimax`: points and cycles.

use ndarray::{Array1, Array2};

use super::CHAPTER;
use crate::exercise::inputs::{between, count, normal_matrix};
use crate::exercise::trial::args;
use crate::exercise::{Check, Exercise, Outcome, Trial, Trouble};
use crate::linalg::thin_qr;
use crate::rng::Rng;

pub(in crate::exercise) const LOCAL_NASH: Exercise = Exercise {
    name: "local_nash",
    chapter: CHAPTER,
    title: "What a player gains by moving alone",
    hints: &[
        "At a critical point the first derivatives are 0. If the first player alone moves by tu, ‖u‖ = 1, the payoff changes by ½t²uᵀAu; they want \
         it small. What does the second want?",
        "The first gains ½t² times −uᵀAu, at most −λ_min(A). The second gains ½t² times vᵀBv, at most λ_max(B).",
        "The larger of −λ_min(A) and λ_max(B), and 0 where both are negative: nobody has to move.",
    ],
    checks: &[
        Check {
            name: "one_each",
            about: "a player has one coordinate: signs",
            run: one_each,
        },
        Check {
            name: "rotated",
            about: "blocks with known eigenvalues in unknown directions",
            run: rotated,
        },
        Check {
            name: "swapped",
            about: "a local Nash equilibrium, and the same with the players swapped",
            run: swapped,
        },
    ],
};

pub(in crate::exercise) const CYCLE_RADIUS: Exercise = Exercise {
    name: "cycle_radius",
    chapter: CHAPTER,
    title: "A cycle that a step moves",
    hints: &[
        "In the game xy + ε(½y² − ¼y⁴) the flow turns nearly as a circle does: y ≈ r sin t. By how much does ½r² change over a turn?",
        "d(½r²)/dt = ε(y² − y⁴), and over a turn the mean of sin² is ½, that of sin⁴ is ⅜. So ½r² changes at the rate ε(½r² − ⅜r⁴). A method that \
         steps z + αf + cα²f′f, f = −V, follows f + α(c − ½)f′f. What is f′f in a rotation?",
        "f′f ≈ −z: the rate is ε(½r² − ⅜r⁴) − α(c − ½)r². Its root is r² = (4/3)(1 − α(2c − 1)/ε); where that is negative nothing turns any more.",
    ],
    checks: &[
        Check {
            name: "without_looking",
            about: "c = 0, descent–ascent: the radius its iterates come to, and that of the flow",
            run: without_looking,
        },
        Check {
            name: "looking_ahead",
            about: "c = 1, extragradient: the radius its iterates come to",
            run: looking_ahead,
        },
    ],
};

/// A symmetric matrix with these eigenvalues in random directions.
pub(in crate::exercise) fn with_eigenvalues(values: &[f64], rng: &mut Rng) -> Array2<f64> {
    let q = thin_qr(&normal_matrix(values.len(), values.len(), rng))
        .expect("square and finite")
        .q;
    let scaled = &q * &Array1::from(values.to_vec());
    let product = scaled.dot(&q.t());
    0.5 * (&product + &product.t())
}

fn one_each(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (a, b) = (
        between(0.5, 2.0, &mut trial.rng),
        between(2.5, 4.0, &mut trial.rng),
    );
    let block = |value: f64| Array2::from_elem((1, 1), value);
    let first = trial.number(args![block(-a), block(-b)])?;
    let second = trial.number(args![block(a), block(b)])?;
    let both = trial.number(args![block(-a), block(b)])?;
    Ok(
        Outcome::close("the first player is on a hill", a, first, 1e-12)
            .and(Outcome::close(
                "the second is in a valley",
                b,
                second,
                1e-12,
            ))
            .and(Outcome::close("both: the larger", b, both, 1e-12)),
    )
}

fn rotated(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (m, n) = (count(2, 4, &mut trial.rng), count(2, 4, &mut trial.rng));
    let gain = between(0.5, 2.0, &mut trial.rng);
    // The first player's least eigenvalue is −gain; the second's largest is a little less than gain.
    let spread = |k: usize, end: f64, step: f64| -> Vec<f64> {
        (0..k).map(|i| end + step * i as f64).collect()
    };
    let xx = with_eigenvalues(&spread(m, -gain, 1.3), &mut trial.rng);
    let yy = with_eigenvalues(&spread(n, 0.8 * gain, -1.1), &mut trial.rng);
    let first = trial.number(args![xx, yy])?;
    let second = trial.number(args![(-&yy), (-&xx)])?;
    Ok(
        Outcome::close("the first player gains more", gain, first, 1e-9).and(Outcome::close(
            "the payoff's sign and the players changed",
            gain,
            second,
            1e-9,
        )),
    )
}

fn swapped(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (low, high) = (
        between(0.2, 1.0, &mut trial.rng),
        between(1.5, 3.0, &mut trial.rng),
    );
    let xx = with_eigenvalues(&[low, high, 2.0], &mut trial.rng);
    let yy = with_eigenvalues(&[-low, -high - 1.0], &mut trial.rng);
    let at_rest = trial.number(args![xx, yy])?;
    let restless = trial.number(args![yy, xx])?;
    Ok(
        Outcome::within("a local Nash equilibrium", 0.0, at_rest, 1e-12).and(Outcome::close(
            "everybody wants the opposite",
            high + 1.0,
            restless,
            1e-9,
        )),
    )
}

/// The mean radius over whole turns of z ← z − αV(z − cαV(z)) in the almost bilinear game, once it is on its cycle.
pub(in crate::exercise) fn measured_radius(epsilon: f64, alpha: f64, ahead: f64) -> f64 {
    let v = |z: [f64; 2]| [z[1], -z[0] - epsilon * (z[1] - z[1].powi(3))];
    let mut z = [1.0, 0.0];
    let turn = (std::f64::consts::TAU / alpha).round() as usize;
    let settled = (20.0 / epsilon / alpha) as usize;
    let mut sum = 0.0;
    for k in 0..settled + 4 * turn {
        let look = v(z);
        let seen = v([0, 1].map(|i| z[i] - ahead * alpha * look[i]));
        z = [0, 1].map(|i| z[i] - alpha * seen[i]);
        if k >= settled {
            sum += z[0].hypot(z[1]);
        }
    }
    sum / (4 * turn) as f64
}

fn without_looking(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let epsilon = between(0.02, 0.04, &mut trial.rng);
    let alpha = epsilon * between(0.2, 0.5, &mut trial.rng);
    let moved = trial.number(args![epsilon, alpha, 0.0])?;
    let flow = trial.number(args![epsilon, 0.0, 0.0])?;
    let expected = measured_radius(epsilon, alpha, 0.0);
    // What is left out is of order ε² and α².
    Ok(
        Outcome::close("the method's radius", expected, moved, 5e-3).and(Outcome::close(
            "the flow's radius",
            2.0 / 3.0_f64.sqrt(),
            flow,
            1e-9,
        )),
    )
}

fn looking_ahead(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let epsilon = between(0.02, 0.04, &mut trial.rng);
    let alpha = epsilon * between(0.2, 0.6, &mut trial.rng);
    let got = trial.number(args![epsilon, alpha, 1.0])?;
    let expected = measured_radius(epsilon, alpha, 1.0);
    Ok(Outcome::close("the method's radius", expected, got, 5e-3))
}
