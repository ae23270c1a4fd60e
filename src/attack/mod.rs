//! Attacks on a trained model: what may be done to an input or a training point, how the worst of it is found, and training
//! against it.
//!
//! | | |
//! |---|---|
//! | [`victim`] | what an attack may ask of a model, and what it wants: a loss, a margin, a target |
//! | [`ball`] | what may be done to an input: a threat; ‖z − x‖ ≤ ε inside [0, 1]ᵈ |
//! | [`mod@pgd`] | the worst of it by projected ascent with restarts, by one step, of given inputs |
//! | [`evaluate`] | clean, robust and certified accuracy; the worst of several attacks |
//! | [`linear`] | linear models: the worst input, the least change that fools and robust training, all exactly |
//! | [`minimal`] | the least change that fools, by budgets and by a penalty |
//! | [`mod@saliency`] | gradients by the input as maps, and how concentrated they are |
//! | [`danskin`] | how a worst case changes with the parameters: all maximisers, directional derivatives, DDi |
//! | [`train`] | training against attacks: one of them, or the shortest vector in the hull of several |

pub mod ball;
mod capped_norms;
pub mod danskin;
pub mod evaluate;
mod least_norm;
pub mod linear;
pub mod minimal;
mod payoff;
pub mod pgd;
pub mod saliency;
pub mod train;
pub mod victim;

pub use ball::{NormBall, Threat};
pub use capped_norms::CappedNorms;
pub use danskin::{Maximisers, Payoff, directional_derivative, maximisers};
pub use evaluate::{certified_accuracy, clean_accuracy, robust_accuracy, worst_of};
pub use least_norm::{LeastNorm, least_norm_of_hull};
pub use payoff::{LinearAttack, Plane};
pub use pgd::{Attacked, Direction, PgdSettings, fgsm, pgd, tried};
pub use victim::{Ascent, Objective, Victim};
