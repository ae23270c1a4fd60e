//! Hidden checks of `04_minimax`: points.

use super::Hidden;

pub(crate) static CHECKS: Hidden = &[];
