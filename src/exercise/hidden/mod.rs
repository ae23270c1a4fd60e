//! Hidden checks: only in the instructor's version. `dltheory release` empties this folder.

mod chapter_10;
mod chapter_11;
mod chapter_12;
mod chapter_13;

use super::Check;

/// The hidden checks of the exercise `name`.
#[must_use]
pub fn checks(name: &str) -> &'static [Check] {
    [
        chapter_10::CHECKS,
        chapter_11::CHECKS,
        chapter_12::CHECKS,
        chapter_13::CHECKS,
    ]
    .into_iter()
    .flatten()
    .find(|(exercise, _)| *exercise == name)
    .map_or(&[], |(_, checks)| checks)
}

/// Hidden checks of a chapter: the exercise's name and its checks.
pub(crate) type Hidden = &'static [(&'static str, &'static [Check])];
