//! Errors of the slides that chapter 4 corrects.

use super::Erratum;

pub(super) const ERRATA: &[Erratum] = &[];
