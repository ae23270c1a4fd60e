//! Errors of the slides that chapter 2 corrects.

use super::Erratum;

pub(super) const ERRATA: &[Erratum] = &[];
