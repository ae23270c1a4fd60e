//! Exercises of `03_danskin_and_ddi`.

use super::Exercise;

pub(super) static EXERCISES: &[Exercise] = &[];
