//! Games: players who each follow a gradient of their own, so that together they follow a field that is nobody's gradient.
//!
//! | | |
//! |---|---|
//! | [`field`] | what a method may ask of a game: the field V, its Jacobian, a payoff, a sample of the noise |
//! | [`linear`] | what a method does to a linear field, by one complex number |
//! | [`method`] | methods, one file each, and the loop they share |
//! | [`flow`](mod@flow) | the flow ż = −V(z), and the field that a method's iterates follow |
//! | [`points`] | critical points: what the flow does beside them, whether they are equilibria |
//! | [`cycles`](mod@cycles) | cycles that attract and that repel |
//! | [`basins`](mod@basins) | where each start ends |
//! | [`mixed`] | mixed strategies: values of matrix games, duality gaps, populations |
//! | [`weak_minty`](mod@weak_minty) | L and ρ over a region, each between two bounds |
//!
//! One sign throughout: V(z) = (∇ₓΦ, −∇ᵧΦ) for minₓ maxᵧ Φ(x, y), and a step is z ← z − αV.

pub mod arena;
pub mod basins;
pub mod cycles;
pub mod field;
pub mod flow;
pub mod linear;
pub mod method;
pub mod mixed;
pub mod points;
pub mod weak_minty;

pub use basins::{Attractors, End, Grid, basins};
pub use cycles::{Cycle, Return, cycles, return_map};
pub use field::{Biased, Game, Noisy, StochasticField};
pub use flow::{FlowSettings, Followed, Time, Walk, flow};
pub use method::*;
pub use points::{Critical, Nash, Stability, critical_points, planar_eigenvalues};
