//! Hidden checks of `03_danskin_and_ddi`.

use super::Hidden;

pub(crate) static CHECKS: Hidden = &[];
