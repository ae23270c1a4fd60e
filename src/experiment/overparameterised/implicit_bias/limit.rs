//! What gradient descent on separable points tends to, and how fast.
//!
//! Let ŵ = Σα_i z_i have the largest margin, y_i ŵ·x_i = 1 on the support S. If w = ŵ ln t + ρ, the flow ẇ = (η/n) Σ e^(−z_i·w) z_i
//! asks for ŵ/t + ρ̇ = (1/t) Σ_S (η/n) e^(−z_i·ρ) z_i and parts that fall faster. So ρ tends to where
//! (η/n) e^(−z_i·ρ) = α_i on S. Then tηL tends to Σα_i = ‖ŵ‖², whatever n and η are. Near the limit a deviation δ follows
//! dδ/d ln t = −Mδ, M = Σ_S α_i z_i z_iᵀ: it falls like t^(−λ) with the eigenvalues λ of M, of which ŵ has 1; and what S leaves
//! out pushes with t^(1−m), m > 1 the next margin.

use ndarray::{Array1, Array2, Axis};

use super::problem::Margins;
use crate::error::{Error, Result};
use crate::fit::{HardMargin, hard_margin};
use crate::linalg::symmetric_eigen;
use crate::stats::{least, smaller};

/// The limit of gradient descent.
pub(super) struct Limit {
    pub(super) svm: HardMargin,
    /// ŵ, `(d,)`.
    pub(super) direction: Vec<f64>,
    /// ρ, `(d,)`, where the support spans the space.
    pub(super) residual: Vec<f64>,
    /// The exponents of t with which ρ and tηL are reached.
    pub(super) rates: (f64, f64),
    /// The next margin after the support's, and whose it is.
    pub(super) next: (usize, f64),
}

/// The separator of largest margin of points that have one.
pub(super) fn separator(problem: &Margins) -> Result<HardMargin> {
    let plus = Array2::ones((problem.z.nrows(), 1));
    let found = hard_margin(&problem.z, &plus)?;
    found.ok_or_else(|| Error::domain("the points", "separable", "points that are not"))
}

impl Limit {
    /// For points whose support vectors are a basis, at learning rate `eta`.
    pub(super) fn of(problem: &Margins, eta: f64) -> Result<Self> {
        let svm = separator(problem)?;
        let n = problem.z.nrows() as f64;
        let direction = svm.weights.column(0).to_vec();
        let support = problem.z.select(Axis(0), &svm.support);
        let alpha = svm.multipliers.select(Axis(0), &svm.support);
        let goal = alpha.mapv(|alpha| -(n * alpha / eta).ln());
        let scaled = &support * &alpha.view().insert_axis(Axis(1));
        let curvature = support.t().dot(&scaled);
        // M is positive: Mρ = Σα_i z_i (z_i·ρ).
        let eigen = symmetric_eigen(&curvature)?;
        let right: Array1<f64> = support.t().dot(&(&goal * &alpha));
        let along = eigen.vectors.t().dot(&right) / &eigen.values;
        let slowest = smaller(1.0, least(&eigen.values));
        let margins = problem.of(&direction).into_iter().enumerate();
        let others = margins.filter(|(i, _)| !svm.support.contains(i));
        let next = others.min_by(|a, b| a.1.total_cmp(&b.1));
        let next =
            next.ok_or_else(|| Error::domain("the points", "one off the support", "none"))?;
        let gap = next.1 - 1.0;
        Ok(Self {
            residual: eigen.vectors.dot(&along).to_vec(),
            rates: (smaller(slowest, gap), least([1.0, 2.0 * slowest, gap])),
            svm,
            direction,
            next,
        })
    }
}

/// The limit of what tends to it like t^(−rate), from its values at t/100 and at t; and how far that is from the latter.
pub(super) fn extrapolated(earlier: f64, last: f64, rate: f64) -> (f64, f64) {
    let left = 100_f64.powf(-rate);
    let correction = (last - earlier) * left / (1.0 - left);
    (last + correction, correction.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// Two support vectors are a basis: (η/n) e^(−z_i·ρ) = α_i by hand.
    #[test]
    fn the_limit_of_four_points() {
        let z = array![[0.5, 1.5], [1.5, 0.3], [2.5, 1.0], [1.0, 3.0]];
        let problem = Margins {
            z,
            exponential: false,
        };
        let limit = Limit::of(&problem, 0.5).expect("separable");
        assert_eq!(limit.svm.support, [0, 1]);
        let margins = problem.of(&limit.residual);
        for (margin, multiplier) in margins.iter().zip(&limit.svm.multipliers).take(2) {
            let share = 0.125 * (-margin).exp();
            assert!((share - multiplier).abs() < 1e-12, "{share}");
        }
        assert_eq!(limit.next.0, 2);
        assert!((limit.next.1 - 40.0 / 21.0).abs() < 1e-9);
        // M = Σα z zᵀ has ŵ with 1, and the rest of its trace.
        let trace: f64 = (0..2)
            .map(|i| limit.svm.multipliers[i] * problem.z.row(i).dot(&problem.z.row(i)))
            .sum();
        assert!(
            (limit.rates.0 - (trace - 1.0)).abs() < 1e-9,
            "{:?}",
            limit.rates
        );
    }

    #[test]
    fn a_power_is_extrapolated_exactly() {
        let at = |t: f64| 3.0 + 2.0 * t.powf(-0.4);
        let (limit, step) = extrapolated(at(1e3), at(1e5), 0.4);
        assert!((limit - 3.0).abs() < 1e-12 && (step - 2.0 * 1e5_f64.powf(-0.4)).abs() < 1e-12);
    }
}
