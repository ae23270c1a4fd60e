//! Exercises of `04_minimax`.

pub(super) mod methods;
pub(super) mod mixed;
pub(super) mod points;

use super::Exercise;

pub(super) static EXERCISES: &[Exercise] = &[mixed::MIRROR_STEP, mixed::DUALITY_GAP];
