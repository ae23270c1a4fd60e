//! Optimal transport: how far apart two distributions are, if mass must be carried from one to the other.
//!
//! W_p(μ, ν) = (inf over couplings π of E‖a − a'‖^p)^(1/p). Here it is exact wherever it can be:
//!
//! | | |
//! |---|---|
//! | [`line`](mod@line) | any weights on the real line, any p ≥ 1; the monotone coupling |
//! | [`line_law`] | theory: what samples of the uniform law are expected to be apart |
//! | [`torus_law`] | theory: the same on a torus, in two dimensions and more |
//! | [`gaussian`] | W₂ of Gaussians in closed form, and Monge's map between them |
//! | [`cost`] | what it costs to carry each point of a cloud to each of another |
//! | [`assignment`] | two clouds of n points: the best permutation, with prices that prove it |
//! | [`coupling`] | a plan, which may split mass where a map may not |
//! | [`sinkhorn`](mod@sinkhorn) | plans with an entropy, in the log domain |
//! | [`critic`] | the dual of Kantorovich and Rubinstein: 1-Lipschitz functions made from prices, and learned |
//! | [`push_forward`] | the density of h(ω), summed over all branches of h |
//!
//! Mass on the pixels of a picture, carried along their grid, is in [`attack`](crate::attack::transport_distance).

pub mod assignment;
pub mod cost;
pub mod coupling;
pub mod critic;
pub mod gaussian;
pub mod line;
pub mod line_law;
pub mod push_forward;
pub mod sinkhorn;
pub mod torus_law;

pub use assignment::{Assignment, assign};
pub use cost::{distances, powers, torus_powers};
pub use coupling::Coupling;
pub use critic::{ConeCritic, LearnedCones, learn_cones};
pub use gaussian::{Gaussian, gaussian_distance, gaussian_map};
pub use line::{LineMeasure, line_coupling, line_distance};
pub use push_forward::PushForward;
pub use sinkhorn::{Sinkhorn, SinkhornSettings, sinkhorn};
