//! First-order methods, and one of second order, on flat vectors of parameters, for whatever has a gradient.
//!
//! | | |
//! |---|---|
//! | [`oracle`] | what a method may ask of a problem: value, gradient, a noisy gradient, a proximal step, a field |
//! | [`rule`] | from gradients to steps: SGD, momentum, AdaGrad, RMSProp, Adam; what each needs, and its rate |
//! | [`schedule`] | how the learning rate changes |
//! | [`clip`] | a bound on the gradient |
//! | [`set`] | balls, boxes, the simplex: projections, and the least of a linear function |
//! | [`average`] | means of the iterates |
//! | [`solve`](mod@solve) | the loop of a method with one sequence: until when, and whether it diverged |
//! | [`accelerated`] | methods of several sequences, with a loop of their own: Nesterov's, AcceleGrad, UniXGrad, Extra-Newton |
//! | [`problem`] | problems whose minimisers and constants are known |
//! | [`trajectory`] | what was seen on the way |
//! | [`noise`] | laws of noise whose moments are known |
//! | [`perturbed`] | noise on purpose: perturbed gradients, Langevin dynamics |
//! | [`critical`] | Hessians, their inertia, kinds of critical points |
//!
//! A method that diverges is a finding: it is a [`Status`], and the solution is the last sound point. An error is for
//! what a caller can mend. Models of [`model`](crate::model) come here through [`fit`](crate::fit), which makes their
//! losses oracles; fast training of networks, [`fit::train`](mod@crate::fit::train), has buffers of its own and shares
//! the rules, schedules and clipping.

pub mod accelerated;
pub mod average;
pub mod clip;
pub mod critical;
pub mod noise;
pub mod oracle;
pub mod perturbed;
pub mod problem;
pub mod rule;
pub mod schedule;
pub mod set;
pub mod solve;
pub mod trajectory;

pub use accelerated::{
    Accelerated, AcceleratedSettings, ExtraNewton, solve_accelerated, solve_accelerated_stochastic,
    solve_extra_newton,
};
pub use average::Average;
pub use clip::{Clip, Clipped};
pub use critical::{CriticalPoint, Curved, Inertia, hessian, hessian_extremes};
pub use noise::{Noise, NoiseLaw};
pub use oracle::{Field, GradientField, L1Norm, Oracle, Prox, StochasticOracle, Unconstrained};
pub use perturbed::{Exact, Langevin, Perturbed};
pub use rule::{AdaGrad, Adam, Momentum, Optimiser, RmsProp, State, Step};
pub use schedule::Schedule;
pub use set::{Ball, Cuboid, Norm, Set, Simplex};
pub use solve::{Solution, SolveSettings, Status, Stop, solve, solve_stochastic};
pub use trajectory::{Iterate, Observer, Trajectory, Unseen};
