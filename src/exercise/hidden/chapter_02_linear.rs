//! Hidden checks of `02_adversarial_examples`: linear models.

use super::Hidden;

pub(crate) static CHECKS: Hidden = &[];
