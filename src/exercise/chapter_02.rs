//! Exercises of `02_adversarial_examples`.

pub(super) mod inputs;
pub(super) mod linear;
pub(super) mod steps;

use super::Exercise;

pub(super) static EXERCISES: &[Exercise] = &[
    linear::WORST_MARGIN,
    linear::LEAST_PERTURBATION,
    steps::SIGN_STEP,
    steps::PROJECT_DIGIT,
    inputs::FREE_PIXELS,
    inputs::POISONED_PREDICTION,
];
