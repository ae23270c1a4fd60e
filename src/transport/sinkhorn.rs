//! Plans with an entropy: Sinkhorn's iteration, in the log domain.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

use crate::error::{Error, Result, check_count, check_finite, check_positive, check_size};

/// Settings of [`sinkhorn`](fn@sinkhorn).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SinkhornSettings {
    /// ε > 0, the weight of the entropy, in the unit of the costs.
    pub epsilon: f64,
    /// The most iterations at each of the ε that lead to it.
    pub steps: usize,
    /// Ends where Σ_i |Σ_j π_ij − a_i| is at most this.
    pub tolerance: f64,
}

impl Default for SinkhornSettings {
    fn default() -> Self {
        Self {
            epsilon: 0.05,
            steps: 10_000,
            tolerance: 1e-9,
        }
    }
}

/// A plan between transport and independence.
#[derive(Clone, Debug, PartialEq)]
pub struct Sinkhorn {
    /// π, `(n, m)`; its columns sum to b, its rows to a within [`violation`](Self::violation).
    pub plan: Array2<f64>,
    /// f, `(n,)`: π_ij = a_i b_j e^((f_i + g_j − c_ij)/ε).
    pub row_potentials: Array1<f64>,
    /// g, `(m,)`.
    pub column_potentials: Array1<f64>,
    /// ⟨π, c⟩.
    pub cost: f64,
    /// ⟨π, c⟩ + ε KL(π ‖ a bᵀ), which is what π minimises.
    pub objective: f64,
    /// Σ_i |Σ_j π_ij − a_i| at the end.
    pub violation: f64,
    /// Iterations taken at the last ε.
    pub steps: usize,
}

impl Sinkhorn {
    /// Whether the rows sum to what they should within the tolerance that was asked for.
    #[must_use]
    pub fn converged(&self, settings: &SinkhornSettings) -> bool {
        self.violation <= settings.tolerance
    }
}

/// The coupling π of masses `a`, `(n,)`, and `b`, `(m,)`, with the least ⟨π, c⟩ + ε KL(π ‖ a bᵀ).
///
/// # Formula
/// f_i = −ε ln Σ_j b_j e^((g_j − c_ij)/ε), and the same for g with rows and columns exchanged, in turn. With W the least ⟨π, c⟩ of
/// all couplings, W ≤ ⟨π, c⟩ ≤ W + ε · min(H(a), H(b)), H the entropy −Σ a ln a: ln n for n equal masses.
///
/// # Algorithm
/// Sums of exponentials by their largest, so that no ε is too small; ε is halved from the size of the costs down to its value,
/// each begun where the one before ended.
///
/// # Errors
/// Costs of another shape than the masses, or not finite; masses that are not positive, or do not sum to 1; ε or the tolerance not positive; no steps.
/// What has not converged is no error: [`Sinkhorn::violation`] says how far it is.
///
/// # Reference
/// Cuturi 2013, "Sinkhorn distances: lightspeed computation of optimal transport", arXiv:1306.0895; the log domain: Peyré &
/// Cuturi 2019, arXiv:1803.00567, section 4.4.
///
/// ```
/// use dltheory::transport::{SinkhornSettings, sinkhorn};
/// use ndarray::array;
/// let half = array![0.5, 0.5];
/// let found = sinkhorn(&array![[0.0, 1.0], [1.0, 0.0]], &half, &half, &SinkhornSettings::default())?;
/// // Two by two by hand: the odd entries have e^(−1/ε) of the even ones.
/// assert!((found.cost - 1.0 / (1.0 + f64::exp(20.0))).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn sinkhorn(
    cost: &ArrayRef2<f64>,
    a: &ArrayRef1<f64>,
    b: &ArrayRef1<f64>,
    settings: &SinkhornSettings,
) -> Result<Sinkhorn> {
    check(cost, a, b, settings)?;
    // Rows are read in both directions.
    let (c, ct) = (
        cost.as_standard_layout(),
        cost.t().as_standard_layout().into_owned(),
    );
    let [log_a, log_b] = [a, b].map(|masses| masses.mapv(f64::ln));
    let size = cost.iter().fold(0.0_f64, |most, c| most.max(c.abs()));
    let mut epsilon = settings.epsilon;
    while epsilon < size {
        epsilon *= 2.0;
    }
    let (mut f, mut g) = (Array1::<f64>::zeros(a.len()), Array1::<f64>::zeros(b.len()));
    let (mut violation, mut steps) = (f64::INFINITY, 0);
    loop {
        for step in 1..=settings.steps {
            // With f and then g renewed, the columns are right; how far the rows are off shows when f is renewed next.
            let renewed = potentials(&c, &g, &log_b, epsilon);
            violation = (0..a.len())
                .map(|i| a[i] * (((f[i] - renewed[i]) / epsilon).exp() - 1.0).abs())
                .sum();
            steps = step;
            if step > 1 && violation <= settings.tolerance {
                break;
            }
            f = renewed;
            g = potentials(&ct, &f, &log_a, epsilon);
        }
        if epsilon <= settings.epsilon {
            break;
        }
        epsilon = (0.5 * epsilon).max(settings.epsilon);
    }
    let mut objective = 0.0;
    let plan = Array2::from_shape_fn(cost.dim(), |(i, j)| {
        let log = (f[i] + g[j] - cost[[i, j]]) / epsilon;
        let mass = (log_a[i] + log_b[j] + log).exp();
        objective += mass * (cost[[i, j]] + epsilon * log);
        mass
    });
    let cost = plan.iter().zip(cost).map(|(mass, c)| mass * c).sum();
    Ok(Sinkhorn {
        plan,
        row_potentials: f,
        column_potentials: g,
        cost,
        objective,
        violation,
        steps,
    })
}

/// −ε ln Σ_j b_j e^((g_j − c_ij)/ε) for each row.
fn potentials(
    cost: &ArrayRef2<f64>,
    g: &Array1<f64>,
    log_b: &Array1<f64>,
    epsilon: f64,
) -> Array1<f64> {
    let shifted: Array1<f64> = g / epsilon + log_b;
    let rows = cost.rows().into_iter().map(|row| {
        let exponents = || row.iter().zip(&shifted).map(|(c, s)| s - c / epsilon);
        let top = exponents().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = exponents().map(|e| (e - top).exp()).sum();
        -epsilon * (top + sum.ln())
    });
    rows.collect()
}

/// How far the sum of masses may be from 1.
const ROUNDING: f64 = 1e-9;

fn check(
    cost: &ArrayRef2<f64>,
    a: &ArrayRef1<f64>,
    b: &ArrayRef1<f64>,
    settings: &SinkhornSettings,
) -> Result<()> {
    check_size("the costs", cost.nrows(), cost.ncols())?;
    check_finite("the costs", cost)?;
    if cost.dim() != (a.len(), b.len()) {
        let expected = format!("({}, {})", a.len(), b.len());
        return Err(Error::shape("the costs", expected, cost.shape()));
    }
    for (what, masses) in [("the first masses", a), ("the second masses", b)] {
        if let Some(bad) = masses.iter().find(|m| !(m.is_finite() && **m > 0.0)) {
            return Err(Error::domain(what, "positive numbers", bad));
        }
        if (masses.sum() - 1.0).abs() > ROUNDING {
            return Err(Error::domain(what, "of sum 1", masses.sum()));
        }
    }
    check_positive("ε", settings.epsilon)?;
    check_positive("the tolerance", settings.tolerance)?;
    check_count("the number of steps", settings.steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::uniform_cube;
    use crate::rng::stream;
    use crate::transport::{assign, distances};
    use ndarray::{Axis, array};

    fn clouds(n: usize, m: usize) -> Array2<f64> {
        let rng = &mut stream(1, "sinkhorn", 0);
        let (x, y) = (
            uniform_cube(n, 2, rng).unwrap(),
            uniform_cube(m, 2, rng).unwrap(),
        );
        distances(&x, &y).unwrap()
    }

    #[test]
    fn it_couples_and_lies_within_its_bounds() {
        let n = 30;
        let cost = clouds(n, n);
        let masses = Array1::from_elem(n, 1.0 / n as f64);
        let best = assign(&cost).unwrap().mean_cost();
        let mut before = f64::INFINITY;
        for epsilon in [1.0, 0.1, 0.01, 0.001] {
            let settings = SinkhornSettings {
                epsilon,
                ..SinkhornSettings::default()
            };
            let found = sinkhorn(&cost, &masses, &masses, &settings).unwrap();
            assert!(found.converged(&settings), "{epsilon}: {}", found.violation);
            let sums = [found.plan.sum_axis(Axis(0)), found.plan.sum_axis(Axis(1))];
            assert!(
                sums.iter()
                    .flatten()
                    .all(|s| (s * n as f64 - 1.0).abs() < 1e-7)
            );
            let most = best + epsilon * (n as f64).ln();
            assert!(best - 1e-8 < found.cost && found.cost < most && found.cost < before);
            // The dual has no gap at the optimum: ⟨a, f⟩ + ⟨b, g⟩.
            let dual = (found.row_potentials.sum() + found.column_potentials.sum()) / n as f64;
            assert!(
                (dual - found.objective).abs() < 1e-7,
                "{dual} {}",
                found.objective
            );
            before = found.cost;
        }
    }

    #[test]
    fn a_large_entropy_makes_them_independent() {
        let cost = clouds(4, 6);
        let a = array![0.1, 0.2, 0.3, 0.4];
        let b = Array1::from_elem(6, 1.0 / 6.0);
        let settings = SinkhornSettings {
            epsilon: 1e6,
            ..SinkhornSettings::default()
        };
        let found = sinkhorn(&cost, &a, &b, &settings).unwrap();
        for ((i, j), mass) in found.plan.indexed_iter() {
            assert!((mass - a[i] * b[j]).abs() < 1e-6);
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let cost = array![[1.0, 2.0]];
        let (a, b) = (array![1.0], array![0.5, 0.5]);
        let settings = SinkhornSettings::default();
        assert!(sinkhorn(&cost, &a, &b, &settings).is_ok());
        assert!(sinkhorn(&cost, &b, &a, &settings).is_err());
        assert!(sinkhorn(&cost, &a, &array![0.0, 1.0], &settings).is_err());
        assert!(sinkhorn(&cost, &a, &array![0.5, 0.6], &settings).is_err());
        for epsilon in [0.0, f64::NAN] {
            let settings = SinkhornSettings {
                epsilon,
                ..settings
            };
            assert!(sinkhorn(&cost, &a, &b, &settings).is_err());
        }
    }
}
