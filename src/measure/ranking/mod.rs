//! Do two lists of numbers put the same runs in the same order?
//!
//! From data: `kendall` is the rank correlation τ, `granulated` the same one hyper-parameter at a time. `chance` is
//! theory: how far the two get by pure chance.

mod chance;
mod granulated;
mod kendall;

pub use chance::kendall_difference_null_se;
pub use granulated::{Granulated, granulated_kendall};
pub use kendall::{kendall, kendall_null_se, untied_share};
