//! Exercises of `04_minimax`.

pub(super) mod methods;
pub(super) mod mixed;
pub(super) mod points;

use super::Exercise;

pub(super) static EXERCISES: &[Exercise] =
    &[methods::EXTRAGRADIENT_POINT, methods::OPTIMISTIC_FACTOR];
