//! Exercises of `04_minimax`.

pub(super) mod methods;
pub(super) mod minty;
pub(super) mod mixed;
pub(super) mod points;

use super::Exercise;

const CHAPTER: &str = "04_minimax";

pub(super) static EXERCISES: &[Exercise] = &[
    points::LOCAL_NASH,
    methods::EXTRAGRADIENT_POINT,
    methods::OPTIMISTIC_FACTOR,
    points::CYCLE_RADIUS,
    minty::LARGEST_SHARE,
    minty::WEAK_MINTY_CONSTANT,
    mixed::DUALITY_GAP,
    mixed::MIRROR_STEP,
];
