//! Hidden checks of `02_adversarial_examples`: steps of an attack.

use super::Hidden;

pub(crate) static CHECKS: Hidden = &[];
