//! An adversary who takes over some of the actions of a finite process.

use ndarray::{Array1, Array2, ArrayRef2};

use super::FiniteMdp;
use super::solve::{Swept, distance, greedy, iterate, largest_of};
use crate::error::{Error, Result};

/// A finite process in which the adversary's action is taken with probability δ, and the agent's otherwise, anew at every step:
/// T and R of a pair (π, ν) are those of the policy (1 − δ)π + δν. In a finite process, where a policy is a law of actions, the noisy
/// and the probabilistic form of robustness are this one: with numbers for actions they part (see [`Form`](super::Form)).
///
/// Whose action was taken is seen only afterwards, so the Bellman operator of the game is
/// (FV)(s) = (1 − δ) max_a Q(s, a) + δ min_b Q(s, b): neither choice meets the other, and there is an equilibrium of pure strategies.
///
/// # Reference
/// Tessler, Efroni & Mannor 2019, "Action robust reinforcement learning and applications in continuous control", arXiv:1901.09184;
/// robust Bellman operators: Iyengar 2005, "Robust dynamic programming", doi:10.1287/moor.1040.0129.
#[derive(Clone, Copy, Debug)]
pub struct RobustMdp<'a> {
    mdp: &'a FiniteMdp,
    delta: f64,
}

/// The adversary's best reply, or both players' equilibrium.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// V of the pair, `(n,)`.
    pub v: Array1<f64>,
    /// The agent's action a state, empty where his policy was given.
    pub agent: Vec<usize>,
    /// The adversary's.
    pub adversary: Vec<usize>,
    /// ‖V_k − V_(k−1)‖∞ of each sweep.
    pub changes: Vec<f64>,
}

impl<'a> RobustMdp<'a> {
    /// δ in [0, 1].
    ///
    /// # Errors
    /// δ out of its range.
    pub fn new(mdp: &'a FiniteMdp, delta: f64) -> Result<Self> {
        if !(0.0..=1.0).contains(&delta) {
            return Err(Error::domain("the adversary's share δ", "0 to 1", delta));
        }
        Ok(Self { mdp, delta })
    }

    /// The policy (1 − δ)π + δν that a pair of policies, both `(n, k)`, makes.
    ///
    /// # Errors
    /// One is no policy of the process.
    pub fn mixed(&self, agent: &ArrayRef2<f64>, adversary: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        self.mdp.check_policy(agent)?;
        self.mdp.check_policy(adversary)?;
        Ok(agent * (1.0 - self.delta) + adversary * self.delta)
    }

    /// V of a pair, `(n,)`, by the linear system.
    ///
    /// # Errors
    /// As for [`mixed`](Self::mixed).
    pub fn value_of(
        &self,
        agent: &ArrayRef2<f64>,
        adversary: &ArrayRef2<f64>,
    ) -> Result<Array1<f64>> {
        self.mdp.value_of(&self.mixed(agent, adversary)?)
    }

    /// The worst that an adversary can do to `agent`: V ← (1 − δ) Σ_a π(a | s) Q(s, a) + δ min_b Q(s, b), to within `tolerance`.
    ///
    /// # Errors
    /// No policy of the process; the tolerance is not positive.
    pub fn worst_of(&self, agent: &ArrayRef2<f64>, tolerance: f64) -> Result<Played> {
        self.mdp.check_policy(agent)?;
        let swept = self.swept(tolerance, |q| {
            (agent.to_owned() * q).sum_axis(ndarray::Axis(1)) * (1.0 - self.delta)
        })?;
        Ok(Played {
            agent: Vec::new(),
            adversary: swept.actions,
            v: swept.v,
            changes: swept.changes,
        })
    }

    /// The value of the game and a pair of pure strategies that have it, to within `tolerance`.
    ///
    /// # Errors
    /// The tolerance is not positive.
    pub fn equilibrium(&self, tolerance: f64) -> Result<Played> {
        let swept = self.swept(tolerance, |q| largest_of(q) * (1.0 - self.delta))?;
        Ok(Played {
            agent: greedy(&self.mdp.q_of(&swept.v)?),
            adversary: swept.actions,
            v: swept.v,
            changes: swept.changes,
        })
    }

    fn swept(&self, tolerance: f64, agents: impl Fn(&Array2<f64>) -> Array1<f64>) -> Result<Swept> {
        iterate(self.mdp.n_states(), self.mdp.gamma(), tolerance, |v| {
            let q = self.mdp.q_of(v)?;
            let worst = q.mapv(|q| -q);
            let v = agents(&q) - largest_of(&worst) * self.delta;
            Ok((v, greedy(&worst)))
        })
    }
}

/// ‖V − W‖∞.
#[must_use]
pub fn value_distance(v: &Array1<f64>, w: &Array1<f64>) -> f64 {
    distance(v, w)
}

#[cfg(test)]
mod tests {
    use super::super::mdp::tests::random;
    use super::*;

    fn all(mdp: &FiniteMdp) -> Vec<Array2<f64>> {
        let (n, k) = (mdp.n_states(), mdp.n_actions());
        let codes = 0..k.pow(n as u32);
        let policy = |code: usize| {
            let actions: Vec<usize> = (0..n).map(|s| code / k.pow(s as u32) % k).collect();
            mdp.deterministic(&actions).expect("actions")
        };
        codes.map(policy).collect()
    }

    /// Every pair of pure strategies: max min = min max = the swept value.
    #[test]
    fn the_equilibrium_is_what_enumeration_finds() {
        let mdp = random(3, 3, 0.8, 11);
        let game = RobustMdp::new(&mdp, 0.3).expect("a share");
        let found = game.equilibrium(1e-12).expect("a game");
        let policies = all(&mdp);
        for s in 0..3 {
            let payoff = |a: &Array2<f64>, b: &Array2<f64>| game.value_of(a, b).expect("a pair")[s];
            let worst = |a| policies.iter().map(|b| payoff(a, b)).fold(9e9, f64::min);
            let best = |b| policies.iter().map(|a| payoff(a, b)).fold(-9e9, f64::max);
            let lower = policies.iter().map(worst).fold(-9e9, f64::max);
            let upper = policies.iter().map(best).fold(9e9, f64::min);
            assert!((lower - found.v[s]).abs() < 1e-10 && (upper - lower).abs() < 1e-10);
        }
        let policy = |actions: &[usize]| mdp.deterministic(actions).expect("actions");
        let pair = game.value_of(&policy(&found.agent), &policy(&found.adversary));
        assert!(value_distance(&pair.expect("a pair"), &found.v) < 1e-10);
        let worst = game
            .worst_of(&policy(&found.agent), 1e-12)
            .expect("a policy");
        assert!(value_distance(&worst.v, &found.v) < 1e-10);
    }
}
