//! Hidden checks of `02_adversarial_examples`: steps of an attack.

use ndarray::Array1;

use super::Hidden;
use crate::attack::sign_step;
use crate::exercise::chapter_02::steps::{Problem, images, nearest_image};
use crate::exercise::inputs::{between, count};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};

pub(crate) static CHECKS: Hidden = &[
    (
        "sign_step",
        &[Check {
            name: "crowded",
            about: "many entries, some at the edge of the ball and with a gradient that points out: they stay, and leave their slope out of t*",
            run: crowded,
        }],
    ),
    (
        "project_digit",
        &[Check {
            name: "full_size",
            about: "784 pixels, most at 0 or 1, and budgets from tiny to nearly enough",
            run: full_size,
        }],
    ),
];

fn crowded(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let d = count(20, 60, &mut trial.rng);
    let mut problem = Problem::new(d, &mut trial.rng);
    for i in 0..d {
        if i % 3 != 0 {
            problem.eta[i] = problem.epsilon.copysign(problem.gradient[i]);
        }
    }
    let answer = problem.answer(trial)?;
    Ok(Outcome::arrays(
        "the new η",
        &exact(&problem)?,
        &answer,
        1e-7,
    ))
}

fn full_size(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (digit, moved) = images(784, &mut trial.rng);
    let far = (&moved - &digit).mapv(|v| v * v).sum().sqrt();
    let mut outcome = Outcome::holds("the image", true, "an image", "an image");
    for (low, high) in [(1e-6, 1e-4), (0.2, 0.4), (0.5, 0.65)] {
        let epsilon = far * between(low, high, &mut trial.rng);
        let z = trial.vector(args![digit.clone(), moved.clone(), epsilon], 784)?;
        let exact = nearest_image(&digit, &moved, epsilon);
        // Beside the move itself, which may be far shorter than the digit.
        let close = Outcome::arrays("what was added", &(&exact - &digit), &(&z - &digit), 1e-6);
        outcome = close.and(outcome);
    }
    Ok(outcome)
}

/// By the library.
fn exact(problem: &Problem) -> Result<Array1<f64>, Trouble> {
    let d = problem.eta.len();
    let ends = vec![problem.epsilon; d];
    let low: Vec<f64> = ends.iter().map(|v| -v).collect();
    let (at, g) = (problem.eta.to_vec(), problem.gradient.to_vec());
    Ok(Array1::from(
        sign_step(&at, &g, &low, &ends, problem.smoothness)?.point,
    ))
}
