//! How many labellings a class can fit.
//!
//! | question | theory | draws |
//! |---|---|---|
//! | does a hyperplane separate random labels? | `hyperplane`: Cover's theorem | `hyperplane_simulated` |
//! | how many does least squares get right? | `least_squares` | |
//! | how many ReLU units may any labels take? | `labellings`: a count | |
//! | which points can be labelled in every way? | `growth`: the most labellings, bounds from them | `shattering`: all tried |
//! | how many examples are enough? | `pac`: a finite class | `pac_simulated` |

mod growth;
mod hyperplane;
mod hyperplane_simulated;
mod labellings;
mod least_squares;
mod pac;
mod pac_simulated;
mod shattering;

pub use growth::SignClass;
pub use hyperplane::{cover_probability, ln_cover_count, ln_cover_probability};
pub use hyperplane_simulated::separable_fraction;
pub use labellings::least_relu_units;
pub use least_squares::least_squares_sign_agreement;
pub use pac::{OneBetter, pac_examples};
pub use pac_simulated::Thresholds;
pub use shattering::{all_labellings, radon_labelling, separable_labellings};
