//! How many random labels a hyperplane can fit.
//!
//! | question | theory | draws |
//! |---|---|---|
//! | does it separate all of them? | `hyperplane`: Cover's theorem | `hyperplane_simulated` |
//! | how many does least squares get right? | `least_squares` | |
//! | how many ReLU units may any labels take? | `labellings`: a count | |

mod hyperplane;
mod hyperplane_simulated;
mod labellings;
mod least_squares;

pub use hyperplane::{cover_probability, ln_cover_count, ln_cover_probability};
pub use hyperplane_simulated::separable_fraction;
pub use labellings::least_relu_units;
pub use least_squares::least_squares_sign_agreement;
