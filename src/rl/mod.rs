//! Decisions one after another: what they are worth, how they are learned, and what an adversary can do to them.
//!
//! | | |
//! |---|---|
//! | [`mdp`] | finite Markov decision processes: V and Q of a policy by a linear system |
//! | [`solve`] | value iteration and policy iteration |
//! | [`robust_mdp`] | an adversary who takes over some of the actions: robust Bellman operators |
//! | [`cliff`] | a walk along a cliff, in a wind |
//! | [`lqr`] | one state, one action, quadratic costs: gains in closed form, with an adversary too |
//! | [`robust_lq`] | the three forms of robustness as games of two numbers |
//! | [`exploration`] | what noise in the action and in the parameters costs |
//! | [`langevin`] | Langevin dynamics of two players: populations, and one chain each |
//! | [`rest`] | the laws that populations come to rest at, by quadrature |
//! | [`pendulum`] | a pendulum to be held upright |
//! | [`dpg`] | deterministic policy gradients with a learned critic, for one player and for two |
//!
//! One index convention throughout. Time begins at 0: S₀ is drawn from P₀, at every t = 0, 1, … the agent sees S_t and takes
//! A_t, is paid R_t = R(S_t, A_t), and S_(t+1) is drawn from T(· | S_t, A_t). The return is Z = Σ_(t≥0) γᵗR_t, and V(s) = E[Z | S₀ = s],
//! Q(s, a) = E[Z | S₀ = s, A₀ = a], so that V = R + γTV. The slides draw S₀ and then count from S₁, with R_(t+1) = R(S_t, A_t) yet
//! Z = Σ_(t≥1) γ^(t−1)R_t: in their V the reward of the first action has the weight γ.
//!
//! One sign for games: x is the agent, who pays the cost −J, y the adversary, who gets it.

pub mod cliff;
//DPG
pub mod exploration;
pub mod langevin;
pub mod lqr;
pub mod mdp;
//PEND
pub mod rest;
pub mod robust_lq;
pub mod robust_mdp;
pub mod solve;

pub use cliff::Cliff;
pub use langevin::{LangevinChains, LangevinPair, Pair};
pub use lqr::{Gain, RobustGain, ScalarLq};
pub use mdp::FiniteMdp;
//USEP
pub use rest::{Rest, rest};
pub use robust_lq::{Form, RobustLq};
pub use solve::{Swept, policy_iteration, value_iteration};
