//! Exercises of `05_gans`.

pub(super) mod transport;

use super::Exercise;

const CHAPTER: &str = "05_gans";

pub(super) static EXERCISES: &[Exercise] = &[
    transport::SORTED_DISTANCE,
    transport::BURES_DISTANCE,
    transport::PUSHED_DENSITY,
];
