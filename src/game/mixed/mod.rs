//! Mixed strategies: players who choose a law, not a point.
//!
//! | | |
//! |---|---|
//! | [`gap`] | what both players could still gain: a bracket around the value |
//! | [`value`](mod@value) | the value of a matrix game and an equilibrium, by linear programming |
//! | [`separable`] | payoffs Σ f_r(x) g_r(y): laws meet through R means |
//! | [`entropic`] | the equilibrium of laws that pay τ for entropy, by quadrature |
//! | [`particles`] | Langevin dynamics of two populations |
//!
//! Entropic mirror descent, for finite games, is a [`Method`](super::Method):
//! [`MirrorDescent`](super::method::MirrorDescent).

pub mod entropic;
pub mod gap;
pub mod particles;
pub mod separable;
pub mod value;

pub use entropic::{EntropicEquilibrium, entropic_equilibrium};
pub use gap::{Bracket, bracket};
pub use particles::{MixedLangevin, Populations};
pub use separable::Separable;
pub use value::{Equilibrium, solve_matrix_game};
