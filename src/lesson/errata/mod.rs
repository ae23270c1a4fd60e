//! Every error of the slides that a number can decide: the statement as printed, tested and failing, beside its correction.

mod chapter_01;
mod chapter_02;
mod chapter_02_threats;
mod chapter_03;
mod chapter_04;
mod chapter_04_methods;
mod chapter_04_minty;
mod chapter_05_transport;
mod chapter_06;
mod chapter_07;
mod chapter_08;
mod chapter_09;
mod chapter_10;
mod chapter_12;
mod chapter_13;
mod margins;
mod sign_steps;

use super::Correction;
use crate::error::{Error, Result};
use crate::experiment::Claim;

/// An error of the slides.
#[derive(Clone, Copy, Debug)]
pub struct Erratum {
    /// Its name, as in [`erratum`].
    pub id: &'static str,
    /// The chapter that corrects it.
    pub chapter: u8,
    /// Where it is printed.
    pub slide: &'static str,
    /// Tests the statement as printed, then the correction, both on the same measured number.
    pub claims: fn(seed: u64) -> Result<[Claim; 2]>,
}

/// All of them, by chapter.
pub const ERRATA: &[&[Erratum]] = &[
    chapter_01::ERRATA,
    chapter_02::ERRATA,
    sign_steps::ERRATA,
    chapter_02_threats::ERRATA,
    chapter_03::ERRATA,
    chapter_04::ERRATA,
    chapter_04_methods::ERRATA,
    chapter_04_minty::ERRATA,
    chapter_05_transport::ERRATA,
    chapter_06::ERRATA,
    margins::ERRATA,
    chapter_07::ERRATA,
    chapter_08::ERRATA,
    chapter_09::ERRATA,
    chapter_10::ERRATA,
    chapter_12::ERRATA,
    chapter_13::ERRATA,
];

/// How often chance alone may make a correction fail that is right.
const LEVEL: f64 = 1e-4;

/// Tests the erratum `id`.
///
/// # Errors
/// [`Error::Unknown`] lists the names.
///
/// ```
/// let correction = dltheory::lesson::erratum("uniform_variance")?;
/// assert!(correction.stands());
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn erratum(id: &str) -> Result<Correction> {
    let all = || ERRATA.iter().copied().flatten();
    let found = all().find(|erratum| erratum.id == id);
    let found = found.ok_or_else(|| Error::unknown("erratum", id, all().map(|e| e.id)))?;
    found.test(1)
}

impl Erratum {
    /// Tests it with random numbers from `seed`.
    ///
    /// # Errors
    /// None for any seed, as its inputs are fixed.
    pub fn test(&self, seed: u64) -> Result<Correction> {
        let [printed, corrected] = (self.claims)(seed)?;
        Ok(Correction {
            slide: self.slide,
            printed,
            corrected,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_correction_stands_whatever_the_seed() {
        let mut ids = HashSet::new();
        for erratum in ERRATA.iter().copied().flatten() {
            assert!(ids.insert(erratum.id), "{} twice", erratum.id);
            for seed in 1..=3 {
                let correction = erratum.test(seed).expect("valid");
                assert!(correction.stands(), "{}: {correction:#?}", erratum.id);
            }
        }
    }

    #[test]
    fn an_unknown_name_lists_what_there_is() {
        let error = erratum("typo").expect_err("unknown").to_string();
        assert!(error.contains("uniform_variance"), "{error}");
    }
}
