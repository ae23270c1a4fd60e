//! Exercises of `04_minimax`.

pub(super) mod methods;
pub(super) mod minty;
pub(super) mod mixed;
pub(super) mod points;

use super::Exercise;

const CHAPTER: &str = "04_minimax";

pub(super) static EXERCISES: &[Exercise] = &[
    points::LOCAL_NASH,
    points::CYCLE_RADIUS,
    methods::EXTRAGRADIENT_POINT,
    methods::OPTIMISTIC_FACTOR,
    minty::LARGEST_SHARE,
    minty::WEAK_MINTY_CONSTANT,
    mixed::MIRROR_STEP,
    mixed::DUALITY_GAP,
];
