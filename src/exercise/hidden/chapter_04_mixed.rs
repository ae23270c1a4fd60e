//! Hidden checks of `04_minimax`: mixed.

use super::Hidden;

pub(crate) static CHECKS: Hidden = &[];
