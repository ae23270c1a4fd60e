//! Hidden checks of `04_minimax`: methods.

use super::Hidden;

pub(crate) static CHECKS: Hidden = &[];
