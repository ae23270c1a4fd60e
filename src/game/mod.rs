//! Games: players who each follow a gradient of their own, so that together they follow a field that is nobody's gradient.
//!
//! | | |
//! |---|---|
//! | [`field`] | what a method may ask of a game: the field V, its Jacobian, a payoff, a sample of the noise |
//! | [`method`] | methods, one file each, and the loop they share |
//! | [`weak_minty`] | L and ρ over a region, each between two bounds |
//!
//! One sign throughout: V(z) = (∇ₓΦ, −∇ᵧΦ) for minₓ maxᵧ Φ(x, y), and a step is z ← z − αV.

pub mod arena;
pub mod field;
pub mod method;
pub mod weak_minty;

pub use field::{Biased, Game, Noisy, StochasticField};
pub use method::{Method, PlaySettings, Played, play};
