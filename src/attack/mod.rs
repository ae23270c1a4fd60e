//! Attacks on a trained model: what may be done to an input or a training point, how the worst of it is found, and training
//! against it.
//!
//! | | |
//! |---|---|
//! | [`victim`] | what an attack may ask of a model, and what it wants: a loss, a margin, a target |
//! | [`ball`] | what may be done to an input: a threat; ‖z − x‖ ≤ ε inside [0, 1]ᵈ |
//! | [`pixels`] | k pixels, any way: exact for linear models |
//! | [`patch`] | a square patch, every place: exact for linear models |
//! | [`rotation`] | pictures turned and shifted |
//! | [`transport`] | grey carried from pixel to pixel: the exact Wasserstein distance, and attacks within it |
//! | [`mod@pgd`] | the worst of it by projected ascent with restarts, by one step, of given inputs |
//! | [`mod@sign_step`] | one sign step as the exact maximiser of a minoriser |
//! | [`candidates`] | the worst of finitely many changes, each tried |
//! | [`queries`] | a black box, by its scores |
//! | [`masked`] | models that hide their gradient, straight through and in expectation |
//! | [`poison`] | one training point more or less of ridge regression, exactly |
//! | [`evaluate`] | clean, robust and certified accuracy; the worst of several attacks |
//! | [`linear`] | linear models: the worst input, the least change that fools and robust training, all exactly |
//! | [`minimal`] | the least change that fools, by budgets and by a penalty |
//! | [`mod@saliency`] | gradients by the input as maps, and how concentrated they are |
//! | [`danskin`] | how a worst case changes with the parameters: all maximisers, directional derivatives, DDi |
//! | [`train`] | training against attacks: one of them, or the shortest vector in the hull of several |

pub mod ball;
pub mod candidates;
mod capped_norms;
pub mod danskin;
pub mod evaluate;
mod least_norm;
pub mod linear;
pub mod masked;
pub mod minimal;
pub mod patch;
mod payoff;
pub mod pgd;
mod picture;
pub mod pixels;
pub mod poison;
pub mod queries;
pub mod rotation;
pub mod saliency;
pub mod sign_step;
pub mod train;
pub mod transport;
pub mod victim;

pub use ball::{NormBall, Threat};
pub use candidates::{Candidates, worst_candidates};
pub use capped_norms::CappedNorms;
pub use danskin::{Maximisers, Payoff, directional_derivative, maximisers};
pub use evaluate::{certified_accuracy, clean_accuracy, robust_accuracy, worst_of};
pub use least_norm::{LeastNorm, least_norm_of_hull};
pub use masked::{Backward, Quantised, Randomised};
pub use patch::{PatchAt, Patched, worst_patch};
pub use payoff::{LinearAttack, Plane};
pub use pgd::{Attacked, Direction, PgdSettings, fgsm, pgd, tried};
pub use pixels::{FreePixels, free_pixels, pixel_gains};
pub use poison::Poison;
pub use queries::{Queried, QuerySettings, coordinate_search};
pub use rotation::Motion;
pub use sign_step::{SignStep, sign_step};
pub use transport::{Carried, Transport, carry_within_range, transport_distance, worst_carrying};
pub use victim::{Ascent, Objective, Victim};
