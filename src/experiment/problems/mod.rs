//! Problems that experiments of several themes share: their data, drawn anew for each draw.

pub(crate) mod attacked_digits;
pub(crate) mod digit_features;
pub(crate) mod noisy_digits;
