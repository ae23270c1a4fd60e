//! Value iteration and policy iteration.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

use super::FiniteMdp;
use crate::error::{Result, check_positive};

/// The most sweeps and rounds.
const ROUNDS: usize = 1_000_000;

/// Optimal values and a policy that has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Swept {
    /// V, `(n,)`.
    pub v: Array1<f64>,
    /// An action a state that is greedy for V, the first of equals.
    pub actions: Vec<usize>,
    /// ‖V_k − V_(k−1)‖∞ for k = 1, 2, …: of value iteration, of each sweep; of policy iteration, of each policy's V.
    pub changes: Vec<f64>,
}

/// The first action of the greatest value in each state of `q`, `(n, k)`.
#[must_use]
pub fn greedy(q: &ArrayRef2<f64>) -> Vec<usize> {
    let best = |row: ndarray::ArrayView1<'_, f64>| {
        let mut best = 0;
        for a in 1..row.len() {
            if row[a] > row[best] {
                best = a;
            }
        }
        best
    };
    q.rows().into_iter().map(best).collect()
}

/// V ← max_a Q(·, a) from V = 0 until no entry is further than `tolerance` from the optimal V. Each sweep brings V nearer by the
/// factor γ in the largest entry, so that the distance left is at most γ/(1 − γ) times the last change.
///
/// # Errors
/// The tolerance is not positive.
///
/// # Reference
/// Bellman 1957, "A Markovian decision process", doi:10.1512/iumj.1957.6.56038.
pub fn value_iteration(mdp: &FiniteMdp, tolerance: f64) -> Result<Swept> {
    iterate(mdp.n_states(), mdp.gamma(), tolerance, |v| {
        let q = mdp.q_of(v)?;
        Ok((largest_of(&q), greedy(&q)))
    })
}

/// V ← F(V) from 0, F a γ-contraction in the largest entry that says its actions too.
pub(super) fn iterate(
    n: usize,
    gamma: f64,
    tolerance: f64,
    sweep: impl Fn(&ArrayRef1<f64>) -> Result<(Array1<f64>, Vec<usize>)>,
) -> Result<Swept> {
    check_positive("the tolerance of value iteration", tolerance)?;
    let mut v = Array1::zeros(n);
    let mut changes = Vec::new();
    loop {
        let (next, actions) = sweep(&v)?;
        let change = distance(&next, &v);
        changes.push(change);
        v = next;
        if change * gamma <= tolerance * (1.0 - gamma) || changes.len() == ROUNDS {
            return Ok(Swept {
                v,
                actions,
                changes,
            });
        }
    }
}

/// From the policy that takes action 0 everywhere: V by the linear system, then another action wherever Q is greater, until none
/// is. No V is below the one before, and no policy comes twice.
///
/// # Errors
/// None for a process that is one.
///
/// # Reference
/// Howard's method: Puterman 1994, "Markov Decision Processes", doi:10.1002/9780470316887.
pub fn policy_iteration(mdp: &FiniteMdp) -> Result<Swept> {
    let mut actions = vec![0; mdp.n_states()];
    let mut v = mdp.value_of(&mdp.deterministic(&actions)?)?;
    let mut changes = Vec::new();
    loop {
        let q = mdp.q_of(&v)?;
        let better = greedy(&q);
        let mut moved = false;
        for (s, a) in actions.iter_mut().enumerate() {
            // Rounding may part equals.
            if q[[s, better[s]]] > q[[s, *a]] + 1e-12 * (1.0 + q[[s, *a]].abs()) {
                *a = better[s];
                moved = true;
            }
        }
        if !moved || changes.len() == ROUNDS {
            return Ok(Swept {
                v,
                actions,
                changes,
            });
        }
        let next = mdp.value_of(&mdp.deterministic(&actions)?)?;
        changes.push(distance(&next, &v));
        v = next;
    }
}

/// max_a of each row.
pub(super) fn largest_of(q: &Array2<f64>) -> Array1<f64> {
    q.map_axis(ndarray::Axis(1), |row| {
        row.fold(f64::NEG_INFINITY, |best, q| best.max(*q))
    })
}

/// ‖a − b‖∞.
pub(super) fn distance(a: &ArrayRef1<f64>, b: &ArrayRef1<f64>) -> f64 {
    let pairs = a.iter().zip(b);
    pairs.fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()))
}

#[cfg(test)]
mod tests {
    use super::super::mdp::tests::random;
    use super::*;

    /// Against all 3⁴ policies.
    #[test]
    fn both_find_the_best_of_all_policies() {
        let mdp = random(4, 3, 0.9, 5);
        let swept = value_iteration(&mdp, 1e-11).expect("a process");
        let rounds = policy_iteration(&mdp).expect("a process");
        assert_eq!(swept.actions, rounds.actions);
        assert!(distance(&swept.v, &rounds.v) < 1e-10);
        let mut best = Array1::from_elem(4, f64::NEG_INFINITY);
        for code in 0..81_usize {
            let actions = [1, 3, 9, 27].map(|place| code / place % 3);
            let policy = mdp.deterministic(&actions).expect("actions");
            let v = mdp.value_of(&policy).expect("a policy");
            best.zip_mut_with(&v, |best, v| *best = best.max(*v));
        }
        assert!(distance(&best, &rounds.v) < 1e-10);
        // Each change is at most γ times the one before.
        let shrinks = |pair: &[f64]| pair[1] <= 0.9 * pair[0] + 1e-15;
        assert!(swept.changes.windows(2).all(shrinks));
    }
}
