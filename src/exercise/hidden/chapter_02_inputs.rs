//! Hidden checks of `02_adversarial_examples`: what may be done to an input.

use super::Hidden;

pub(crate) static CHECKS: Hidden = &[];
