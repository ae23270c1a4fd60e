//! Rademacher complexity: how well a class of functions can follow random signs on given inputs.
//!
//! | file | what | kind |
//! |---|---|---|
//! | `ball` | [`LinearBall`]: linear functions on given inputs, sampled between two closed bounds | theory, estimator |
//! | `gaussian` | the same in the mean over Gaussian inputs | theory, exact |
//! | `finite` | a finite class: enumerated, sampled, Massart's bound | theory, estimator |
//! | `thresholds` | thresholds on a line | theory, exact |
//! | `fit` | [`learned_complexity`] of any class that can be trained | estimator |
//! | `network` | networks as such a class | estimator |
//! | `bound` | [`generalisation_gap`]: from complexity to a bound on the test error | theory |

mod ball;
mod bound;
mod finite;
mod fit;
mod gaussian;
mod network;
mod thresholds;

pub use ball::{LinearBall, Sandwich};
pub use bound::{Complexity, generalisation_gap, is_vacuous};
pub use finite::{exact_finite_class_complexity, finite_class_complexity, massart_bound};
pub use fit::{SignFn, SignInterpolator, SignLearner, learned_complexity};
pub use network::{MemorisingNetwork, NetworkLearner};
pub use thresholds::{threshold_complexity, threshold_patterns};
