//! Checks: steps of an attack.

use ndarray::Array1;
use rand::RngExt;

use crate::attack::{NormBall, Threat};
use crate::exercise::inputs::{between, count, normal_vector, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Check, Exercise, Outcome, Trial, Trouble};
use crate::optimise::Norm;
use crate::rng::Rng;

pub(super) const SIGN_STEP: Exercise = Exercise {
    name: "sign_step",
    chapter: "02_adversarial_examples",
    title: "The sign step that maximises the minoriser",
    hints: &[
        "Fix t first: among all points of the ball with ‖z − η‖∞ ≤ t, where is ⟨g, z − η⟩ largest? Each entry goes by itself.",
        "Each entry moves min(t, room) the way of its slope, so what is left is a function of t alone: Σ|g_i| min(t, room_i) − L t²/2. It is \
         concave.",
        "Its slope at t is the sum of |g_i| over the entries that still have room, less L t. Bisect for the t between 0 and 2ε where that \
         turns negative, then clip(η + t sign g) to [−ε, ε].",
    ],
    checks: &[
        Check {
            name: "one_entry",
            about: "one entry: |g|/L the way of its slope, or to the end of the ball",
            run: one_entry,
        },
        Check {
            name: "best",
            about: "inside the ball, and the surrogate is nowhere larger, at 400 points far and near",
            run: best,
        },
        Check {
            name: "linear",
            about: "with hardly any curvature: the corner that the gradient points to",
            run: linear,
        },
    ],
};

pub(super) const PROJECT_DIGIT: Exercise = Exercise {
    name: "project_digit",
    chapter: "02_adversarial_examples",
    title: "The nearest image within the budget",
    hints: &[
        "Shortening the move to ε and clipping to [0, 1] are two projections one after the other: the result is allowed, but is it the \
         nearest? What clipping takes from some pixels, the others may use.",
        "With a multiplier for the ball every pixel goes by itself: z_i = clip(x_i + s·(moved_i − x_i)) with one s for all, 0 < s ≤ 1.",
        "The distance ‖z − x‖ grows with s. If s = 1 is within ε, that is the answer; else bisect for the s at which it is ε.",
    ],
    checks: &[
        Check {
            name: "allowed",
            about: "what is allowed stays; what only leaves [0, 1] is clipped",
            run: allowed,
        },
        Check {
            name: "nearest",
            about: "within ε and [0, 1], and no allowed image is nearer",
            run: nearest,
        },
    ],
};

/// A place in the ball, a gradient, ε and L.
pub(in crate::exercise) struct Problem {
    pub eta: Array1<f64>,
    pub gradient: Array1<f64>,
    pub epsilon: f64,
    pub smoothness: f64,
}

impl Problem {
    /// With `d` entries, where the step of the whole surrogate ends inside the ball in some entries and at its edge in others.
    pub(in crate::exercise) fn new(d: usize, rng: &mut Rng) -> Self {
        let epsilon = size_between(-2.0, 2.0, rng);
        let gradient = normal_vector(d, rng) * size_between(-1.0, 1.0, rng);
        let eta = Array1::from_shape_simple_fn(d, || rng.random_range(-epsilon..epsilon));
        // t* near a part of ε.
        let slope: f64 = gradient.iter().map(|g| g.abs()).sum();
        let smoothness = slope / (epsilon * between(0.3, 1.5, rng));
        Self {
            eta,
            gradient,
            epsilon,
            smoothness,
        }
    }

    pub(in crate::exercise) fn answer(&self, trial: &mut Trial) -> Result<Array1<f64>, Trouble> {
        let Self {
            eta,
            gradient,
            epsilon,
            smoothness,
        } = self;
        trial.vector(
            args![eta.clone(), gradient.clone(), *epsilon, *smoothness],
            eta.len(),
        )
    }

    /// ⟨g, z − η⟩ − (L/2)‖z − η‖∞².
    fn surrogate(&self, z: &Array1<f64>) -> f64 {
        let moves = z - &self.eta;
        let far = moves.iter().fold(0.0_f64, |most, m| most.max(m.abs()));
        self.gradient.dot(&moves) - self.smoothness / 2.0 * far * far
    }
}

/// d = 1: η + min(|g|/L, room) sign g.
pub(super) fn one_entry(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut problem = Problem::new(1, &mut trial.rng);
    // Short enough to stay inside.
    problem.eta *= 0.5;
    let g = problem.gradient[0];
    problem.smoothness = g.abs() / (problem.epsilon * between(0.1, 0.4, &mut trial.rng));
    let inside = problem.answer(trial)?;
    let expected = problem.eta[0] + g / problem.smoothness;
    problem.smoothness *= 1e-3;
    let edge = problem.answer(trial)?;
    Ok(
        Outcome::close("the new η", expected, inside[0], 1e-7).and(Outcome::close(
            "with L a thousandth of that, where the ball ends first",
            problem.epsilon.copysign(g),
            edge[0],
            1e-7,
        )),
    )
}

/// Its definition: no point of the ball has a larger surrogate.
pub(super) fn best(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(2, 6, &mut trial.rng);
    let problem = Problem::new(d, &mut trial.rng);
    let answer = problem.answer(trial)?;
    let mine = problem.surrogate(&answer);
    let epsilon = problem.epsilon;
    let mut rival = f64::NEG_INFINITY;
    for index in 0..400 {
        // Of the whole ball, then nearer and nearer to the answer.
        let reach = epsilon * 10.0_f64.powi(-(index % 4));
        let z = answer.mapv(|v| {
            (v + trial.rng.random_range(-2.0 * reach..2.0 * reach)).clamp(-epsilon, epsilon)
        });
        rival = rival.max(problem.surrogate(&z));
    }
    let far = answer.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    let slack = 1e-9 * (1.0 + mine.abs());
    Ok(
        Outcome::at_most("the largest entry", epsilon * (1.0 + 1e-12), far).and(Outcome::at_most(
            "the surrogate at the best of 400 other points, beside yours",
            mine + slack,
            rival,
        )),
    )
}

/// L near 0: the corner.
pub(super) fn linear(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(3, 8, &mut trial.rng);
    let mut problem = Problem::new(d, &mut trial.rng);
    problem.smoothness *= 1e-12;
    let answer = problem.answer(trial)?;
    let corner = problem.gradient.mapv(|g| problem.epsilon.copysign(g));
    Ok(Outcome::arrays("the new η", &corner, &answer, 1e-6))
}

/// A digit with many pixels at 0 and 1, and an image moved away from it, also out of the range.
pub(in crate::exercise) fn images(d: usize, rng: &mut Rng) -> (Array1<f64>, Array1<f64>) {
    let digit = Array1::from_shape_simple_fn(d, || rng.random_range(-0.6..1.6_f64).clamp(0.0, 1.0));
    let moved = &digit + &(normal_vector(d, rng) * 0.5);
    (digit, moved)
}

fn size(z: &Array1<f64>, digit: &Array1<f64>) -> f64 {
    (z - digit).mapv(|v| v * v).sum().sqrt()
}

pub(in crate::exercise) fn nearest_image(
    digit: &Array1<f64>,
    moved: &Array1<f64>,
    epsilon: f64,
) -> Array1<f64> {
    let mut z = moved.to_vec();
    NormBall::new(Norm::L2, epsilon).project(&digit.to_vec(), &mut z);
    Array1::from(z)
}

pub(super) fn allowed(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(3, 30, &mut trial.rng);
    let (digit, moved) = images(d, &mut trial.rng);
    let clipped = moved.mapv(|v| v.clamp(0.0, 1.0));
    let epsilon = size(&clipped, &digit) * between(1.01, 2.0, &mut trial.rng);
    let same = trial.vector(args![digit.clone(), clipped.clone(), epsilon], d)?;
    let outside = trial.vector(args![digit, moved, epsilon], d)?;
    Ok(
        Outcome::arrays("an image that is allowed already", &clipped, &same, 1e-9).and(
            Outcome::arrays("one that only leaves [0, 1]", &clipped, &outside, 1e-9),
        ),
    )
}

/// No allowed image is nearer: ⟨moved − z, q − z⟩ ≤ 0 for every allowed q.
pub(super) fn nearest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(5, 30, &mut trial.rng);
    let (digit, moved) = images(d, &mut trial.rng);
    let epsilon = size(&moved, &digit) * between(0.1, 0.6, &mut trial.rng);
    let z = trial.vector(args![digit.clone(), moved.clone(), epsilon], d)?;
    let range = z.iter().fold(0.0_f64, |most, v| most.max(-v).max(v - 1.0));
    let mut product = f64::NEG_INFINITY;
    for _ in 0..200 {
        let q = &digit + &(normal_vector(d, &mut trial.rng) * epsilon);
        let q = nearest_image(&digit, &q, epsilon);
        product = product.max((&moved - &z).dot(&(q - &z)));
    }
    let exact = nearest_image(&digit, &moved, epsilon);
    let squares = epsilon * size(&moved, &digit);
    Ok(Outcome::at_most(
        "the distance from the digit",
        epsilon * (1.0 + 1e-9),
        size(&z, &digit),
    )
    .and(Outcome::at_most(
        "the most that a pixel leaves [0, 1] by",
        1e-12,
        range,
    ))
    .and(Outcome::at_most(
        "⟨moved − z, q − z⟩, the largest of 200 allowed images q",
        1e-9 * squares,
        product,
    ))
    .and(Outcome::arrays(
        "the nearest allowed image",
        &exact,
        &z,
        1e-6,
    )))
}
