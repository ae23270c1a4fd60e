//! Errors of the slides that chapter 3 corrects.

use super::Erratum;

pub(super) const ERRATA: &[Erratum] = &[];
