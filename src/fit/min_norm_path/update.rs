//! Widths a few columns beyond a factorised one, without factorising them.
//!
//! With K = L Lᵀ at width m and the next columns U, `(n, u)`, the wider Gram matrix is
//! K_e = K + U_e U_eᵀ, where U_e holds the first e columns of U. Woodbury's formula gives
//!
//! K_e⁻¹ r = K⁻¹ (r − U_e c), with S_e c = V_eᵀ L⁻¹ r, V = L⁻¹ U, S = I + VᵀV.
//!
//! S_e is the leading block of S, and the factor of a leading block is the leading block of the
//! factor: one Cholesky of S, `(u, u)`, serves every e, and all widths are solved together.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayRef2, ArrayView2, Axis, s};

use super::Problem;
use super::gram::{Base, FORMED_CONDITION, Solved, inverse_norm};
use crate::error::Result;
use crate::fit::frobenius;
use crate::linalg::Cholesky;

/// An update whose correction is larger than this, beside the solution, is not trusted.
const LARGE_CORRECTION: f64 = 1e-8;
/// The most columns added to one factor, as a share of n: beyond, the updates cost more each.
const MAX_SHARE: f64 = 0.4;

/// The longest start of `widths` (all > m) that is cheaper by update than by a factor a width.
///
/// In units of n³, with x = u/n: V and S cost x + 2x², and each factor saved costs 1/3.
pub(super) fn reach(n: usize, m: usize, widths: &[usize]) -> &[usize] {
    let cheaper = |count: &usize| {
        let share = (widths[count - 1] - m) as f64 / n as f64;
        share <= MAX_SHARE && share + 2.0 * share * share < *count as f64 / 3.0
    };
    let count = (1..=widths.len()).rev().find(cheaper).unwrap_or(0);
    &widths[..count]
}

/// Sets to zero what lies beyond row `ends[i]` of the i-th group of `k` columns.
pub(super) fn clear_beyond(a: &mut Array2<f64>, ends: impl Iterator<Item = usize>, k: usize) {
    for (mut columns, end) in a.axis_chunks_iter_mut(Axis(1), k).zip(ends) {
        columns.slice_mut(s![end.., ..]).fill(0.0);
    }
}

/// Solves `widths` by updates of `base`; `None` where an update is not accurate enough.
pub(super) fn solve<'a>(
    problem: &'a Problem<'_>,
    base: &'a Base<'a>,
    widths: &[usize],
) -> Result<Vec<Option<Solved>>> {
    let Some(update) = Update::new(problem, base, widths)? else {
        return Ok(widths.iter().map(|_| None).collect());
    };
    let targets = &problem.targets;
    let k = targets.ncols();
    let copies = Array2::from_shape_fn((targets.nrows(), widths.len() * k), |(i, j)| {
        targets[[i, j % k]]
    });
    let mut duals = update.solve(&copies)?;
    let residuals = &copies - &update.apply(&duals);
    let corrections = update.solve(&residuals)?;
    let first = duals.clone();
    duals += &corrections;
    let trains = update.apply(&duals);

    let gram_norm = frobenius(base.gram);
    let solved = update.ends.iter().enumerate().map(|(i, &end)| {
        let own = s![.., i * k..(i + 1) * k];
        let (dual, correction) = (first.slice(own), corrections.slice(own));
        // ‖K_e‖_F ≤ ‖K‖_F + ‖U_e‖_F²
        let added = frobenius(&update.columns.slice(s![.., ..end]));
        let inverse_norm = inverse_norm(targets, &dual, &residuals.slice(own), &correction);
        let condition = (gram_norm + added * added) * inverse_norm;
        let sound = condition <= FORMED_CONDITION
            && frobenius(&correction) <= LARGE_CORRECTION * frobenius(&dual);
        let (dual, train) = (duals.slice(own), trains.slice(own));
        sound.then(|| Solved::dual(targets, dual.to_owned(), train.to_owned(), condition))
    });
    Ok(solved.collect())
}

struct Update<'a> {
    base: &'a Base<'a>,
    /// U, `(n, u)`.
    columns: ArrayView2<'a, f64>,
    /// e of every width.
    ends: Vec<usize>,
    /// V = L⁻¹ U, `(n, u)`.
    v: Array2<f64>,
    /// S = I + VᵀV, `(u, u)`.
    inner: Cholesky,
}

impl<'a> Update<'a> {
    /// `None` for no widths, or if S is not finite.
    fn new(problem: &'a Problem<'_>, base: &'a Base<'a>, widths: &[usize]) -> Result<Option<Self>> {
        let Some(&last) = widths.last() else {
            return Ok(None);
        };
        let columns = problem.train.slice(s![.., base.columns..last]);
        let v = base.cholesky.forward(&columns)?;
        let mut s = v.t().dot(&v);
        s.diag_mut().iter_mut().for_each(|entry| *entry += 1.0);
        Ok(Cholesky::in_place(s).map(|inner| Self {
            base,
            columns,
            ends: widths.iter().map(|m| m - base.columns).collect(),
            v,
            inner,
        }))
    }

    /// K_e⁻¹ R, `(n, widths·k)`, each group of k columns with its own e.
    fn solve(&self, r: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        let projected = self.v.t().dot(&self.base.cholesky.forward(r)?);
        // Zeros below row e make both substitutions those of the leading block.
        let mut half = self.inner.forward(&projected)?;
        self.clear(&mut half);
        let c = self.inner.backward(&half)?;
        let mut rest = r.to_owned();
        general_mat_mul(-1.0, &self.columns, &c, 1.0, &mut rest);
        Ok(self.base.cholesky.solve(&rest)?)
    }

    /// K_e X, `(n, widths·k)`, each group of k columns with its own e.
    fn apply(&self, x: &Array2<f64>) -> Array2<f64> {
        let mut weights = self.columns.t().dot(x);
        self.clear(&mut weights);
        let mut product = self.base.gram.dot(x);
        general_mat_mul(1.0, &self.columns, &weights, 1.0, &mut product);
        product
    }

    fn clear(&self, a: &mut Array2<f64>) {
        let k = a.ncols() / self.ends.len();
        clear_beyond(a, self.ends.iter().copied(), k);
    }
}
