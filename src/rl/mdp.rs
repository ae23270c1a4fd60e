//! Finite Markov decision processes.

use ndarray::{Array1, Array2, Array3, ArrayRef1, ArrayRef2, Axis};
use rand::RngExt;

use crate::error::{Error, Result, check_finite};
use crate::linalg::{solve_upper, thin_qr};

/// A Markov decision process of n states and k actions, with discounted returns Z = Σ_(t≥0) γᵗR(S_t, A_t).
///
/// A policy is a matrix `(n, k)` of probabilities π(a | s); a deterministic one is a list of actions, see
/// [`deterministic`](Self::deterministic).
#[derive(Clone, Debug, PartialEq)]
pub struct FiniteMdp {
    transitions: Array3<f64>,
    rewards: Array2<f64>,
    gamma: f64,
}

impl FiniteMdp {
    /// From T, `(n, k, n)`, whose entry (s, a, s') is the probability of s' after a in s; R, `(n, k)`; and γ in [0, 1).
    ///
    /// # Errors
    /// Shapes that do not fit; a probability that is negative, or a law whose sum is not 1; rewards that are not finite; γ out of
    /// its range.
    pub fn new(transitions: Array3<f64>, rewards: Array2<f64>, gamma: f64) -> Result<Self> {
        let (n, k, m) = transitions.dim();
        if n == 0 || k == 0 || m != n {
            let expected = "(n, k, n) with n, k ≥ 1";
            return Err(Error::shape(
                "the transitions",
                expected,
                transitions.shape(),
            ));
        }
        if rewards.dim() != (n, k) {
            let expected = format!("({n}, {k})");
            return Err(Error::shape("the rewards", expected, rewards.shape()));
        }
        check_finite("the rewards", rewards.iter())?;
        if !(0.0..1.0).contains(&gamma) {
            return Err(Error::domain("the discount γ", "in [0, 1)", gamma));
        }
        for law in transitions.lanes(Axis(2)) {
            let sum = law.sum();
            let negative = law.iter().any(|p| !(0.0..=1.0 + 1e-9).contains(p));
            if negative || (sum - 1.0).abs() > 1e-9 {
                let expected = "probabilities that sum to 1";
                return Err(Error::domain("a law of the next state", expected, sum));
            }
        }
        Ok(Self {
            transitions,
            rewards,
            gamma,
        })
    }

    /// n.
    #[must_use]
    pub fn n_states(&self) -> usize {
        self.rewards.nrows()
    }

    /// k.
    #[must_use]
    pub fn n_actions(&self) -> usize {
        self.rewards.ncols()
    }

    /// γ.
    #[must_use]
    pub fn gamma(&self) -> f64 {
        self.gamma
    }

    /// R, `(n, k)`.
    #[must_use]
    pub fn rewards(&self) -> &Array2<f64> {
        &self.rewards
    }

    /// T, `(n, k, n)`.
    #[must_use]
    pub fn transitions(&self) -> &Array3<f64> {
        &self.transitions
    }

    /// The policy that takes `actions[s]` in s, `(n, k)`.
    ///
    /// # Errors
    /// Another number of actions than states; an action that there is not.
    pub fn deterministic(&self, actions: &[usize]) -> Result<Array2<f64>> {
        let (n, k) = self.rewards.dim();
        if actions.len() != n {
            return Err(Error::shape(
                "the actions",
                format!("({n},)"),
                &[actions.len()],
            ));
        }
        let mut policy = Array2::zeros((n, k));
        for (s, &a) in actions.iter().enumerate() {
            if a >= k {
                return Err(Error::domain("an action", format!("below {k}"), a));
            }
            policy[[s, a]] = 1.0;
        }
        Ok(policy)
    }

    /// Q(s, a) = R(s, a) + γ Σ T(s' | s, a) V(s'), `(n, k)`, of `v`, `(n,)`.
    ///
    /// # Errors
    /// `v` has another length.
    pub fn q_of(&self, v: &ArrayRef1<f64>) -> Result<Array2<f64>> {
        let (n, k) = self.rewards.dim();
        if v.len() != n {
            return Err(Error::shape("V", format!("({n},)"), &[v.len()]));
        }
        Ok(Array2::from_shape_fn((n, k), |(s, a)| {
            let law = self.transitions.index_axis(Axis(0), s);
            self.rewards[[s, a]] + self.gamma * law.index_axis(Axis(0), a).dot(v)
        }))
    }

    /// V(s) of a policy, `(n,)`: the solution of (1 − γT_π)V = R_π, with T_π and R_π the means over the policy's actions. The system
    /// has a solution whatever the policy, since ‖γT_π‖∞ = γ < 1.
    ///
    /// # Errors
    /// No policy of this process.
    pub fn value_of(&self, policy: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        self.check_policy(policy)?;
        let n = self.n_states();
        let mut system = Array2::<f64>::eye(n);
        let mut pay = Array2::<f64>::zeros((n, 1));
        for s in 0..n {
            for (a, &p) in policy.row(s).iter().enumerate() {
                if p != 0.0 {
                    let law = self.transitions.index_axis(Axis(0), s);
                    let weight = -self.gamma * p;
                    system
                        .row_mut(s)
                        .scaled_add(weight, &law.index_axis(Axis(0), a));
                    pay[[s, 0]] += p * self.rewards[[s, a]];
                }
            }
        }
        let qr = thin_qr(&system)?;
        Ok(solve_upper(&qr.r, &qr.q.t().dot(&pay))?.column(0).to_owned())
    }

    /// The return of one walk of `steps` steps from `start`, Σ_(t<steps) γᵗR_t.
    ///
    /// # Errors
    /// No policy of this process; a state that there is not.
    pub fn walk(
        &self,
        policy: &ArrayRef2<f64>,
        start: usize,
        steps: usize,
        rng: &mut impl rand::Rng,
    ) -> Result<f64> {
        self.check_policy(policy)?;
        if start >= self.n_states() {
            let expected = format!("below {}", self.n_states());
            return Err(Error::domain("the state to start from", expected, start));
        }
        let (mut state, mut weight, mut sum) = (start, 1.0, 0.0);
        for _ in 0..steps {
            let action = pick(policy.row(state).iter(), rng);
            sum += weight * self.rewards[[state, action]];
            let law = self.transitions.index_axis(Axis(0), state);
            state = pick(law.index_axis(Axis(0), action).iter(), rng);
            weight *= self.gamma;
        }
        Ok(sum)
    }

    pub(super) fn check_policy(&self, policy: &ArrayRef2<f64>) -> Result<()> {
        let (n, k) = self.rewards.dim();
        if policy.dim() != (n, k) {
            let expected = format!("({n}, {k})");
            return Err(Error::shape("the policy", expected, policy.shape()));
        }
        for row in policy.rows() {
            let fair = row.iter().all(|p| (0.0..=1.0 + 1e-9).contains(p));
            if !fair || (row.sum() - 1.0).abs() > 1e-9 {
                let expected = "probabilities that sum to 1 in every state";
                return Err(Error::domain("the policy", expected, row.sum()));
            }
        }
        Ok(())
    }
}

/// A place drawn with these probabilities.
fn pick<'a>(law: impl ExactSizeIterator<Item = &'a f64>, rng: &mut impl rand::Rng) -> usize {
    let last = law.len() - 1;
    let mut left = rng.random::<f64>();
    for (place, p) in law.enumerate() {
        left -= p;
        if left < 0.0 {
            return place;
        }
    }
    last
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::rng::stream;
    use crate::stats::Estimate;

    /// Random laws and rewards.
    pub(in crate::rl) fn random(n: usize, k: usize, gamma: f64, seed: u64) -> FiniteMdp {
        let mut rng = stream(seed, "mdp", 0);
        let mut t = Array3::from_shape_simple_fn((n, k, n), || -rng.random::<f64>().ln());
        for mut law in t.lanes_mut(Axis(2)) {
            let sum = law.sum();
            law /= sum;
        }
        let r = Array2::from_shape_simple_fn((n, k), || rng.random::<f64>());
        FiniteMdp::new(t, r, gamma).expect("laws")
    }

    /// The linear system, its fixed point, and walks.
    #[test]
    fn the_value_is_what_walks_are_paid() {
        let mdp = random(5, 3, 0.8, 1);
        let mut rng = stream(2, "policy", 0);
        let mut policy = Array2::from_shape_simple_fn((5, 3), || rng.random::<f64>());
        for mut row in policy.rows_mut() {
            let sum = row.sum();
            row /= sum;
        }
        let v = mdp.value_of(&policy).expect("a policy");
        let again = (mdp.q_of(&v).expect("as long") * &policy).sum_axis(Axis(1));
        assert!((&v - &again).iter().all(|d| d.abs() < 1e-12));
        let walks = (0..20_000).map(|_| mdp.walk(&policy, 2, 100, &mut rng).expect("a walk"));
        let found = Estimate::of(walks, |z| z).expect("many");
        assert!(found.distance(v[2]) < 4.0, "{found} {}", v[2]);
    }

    #[test]
    fn what_is_no_process_or_no_policy_is_refused() {
        let mdp = random(3, 2, 0.5, 3);
        let (t, r) = (mdp.transitions().clone(), mdp.rewards().clone());
        assert!(FiniteMdp::new(t.clone(), r.clone(), 1.0).is_err());
        assert!(FiniteMdp::new(&t * 0.5, r.clone(), 0.5).is_err());
        assert!(FiniteMdp::new(t, r.t().to_owned(), 0.5).is_err());
        assert!(mdp.value_of(&Array2::from_elem((3, 2), 0.4)).is_err());
        assert!(mdp.deterministic(&[0, 2, 1]).is_err());
    }
}
