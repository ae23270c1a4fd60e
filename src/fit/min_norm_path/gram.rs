//! Widths beyond n: a growing Gram matrix, a refined Cholesky solve every few widths.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayRef2, ArrayView2, Axis, s};
use rayon::prelude::*;

use super::{Problem, Route, Solution, update};
use crate::error::Result;
use crate::fit::{frobenius, mean_square_difference};
use crate::linalg::Cholesky;

/// Above this estimate of κ(K) the refinement works with the features themselves.
pub(super) const FORMED_CONDITION: f64 = 1e5;
/// Above this estimate of κ(K) a width is left to the SVD.
const MAX_CONDITION: f64 = 1e12;
/// The refinement stops when a correction is this small beside the solution.
const SMALL_CORRECTION: f64 = 1e-13;
/// More corrections than this mean that it stalls.
const MAX_CORRECTIONS: usize = 6;

/// Rows of a product that one task computes. Fixed, so that rounding does not depend on the number
/// of threads.
const ROWS: usize = 128;
/// The most widths that one task solves, one after the other in the same memory. Fixed too.
const SEGMENT: usize = 8;

/// K_m = Φ_m Φ_mᵀ, `(n, n)`, and C_m = Φ_test,m Φ_mᵀ, `(t, n)`, of the first m columns.
#[derive(Clone)]
struct Products {
    gram: Array2<f64>,
    cross: Array2<f64>,
    columns: usize,
}

impl Products {
    fn grow(&mut self, problem: &Problem<'_>, columns: usize) {
        let added = s![.., self.columns..columns];
        let block = problem.train.slice(added);
        add_products(&mut self.gram, block, block);
        add_products(&mut self.cross, problem.test.slice(added), block);
        self.columns = columns;
    }
}

/// Solves every width (all > n, increasing); `None` where K is too ill-conditioned.
///
/// One BLAS thread a task: for matrices of this size OpenBLAS's own threads spend their time
/// waiting for each other.
pub(super) fn solve(problem: &Problem<'_>, widths: &[usize]) -> Result<Vec<Option<Solution>>> {
    let n = problem.train.nrows();
    let mut products = Products {
        gram: Array2::zeros((n, n)),
        cross: Array2::zeros((problem.test.nrows(), n)),
        columns: 0,
    };
    // A few tasks at least, so that a short list of widths also uses several threads.
    let length = widths.len().div_ceil(4).clamp(1, SEGMENT);
    let segments: Vec<&[usize]> = widths.chunks(length).collect();
    let mut solutions = Vec::with_capacity(widths.len());
    for round in segments.chunks(rayon::current_num_threads()) {
        let starts: Vec<Products> = round
            .iter()
            .map(|segment| {
                products.grow(problem, segment[0]);
                products.clone()
            })
            .collect();
        let solved = round.par_iter().zip(starts);
        let solved = solved.map(|(segment, start)| solve_segment(problem, start, segment));
        for segment in solved.collect::<Result<Vec<_>>>()? {
            solutions.extend(segment);
        }
    }
    Ok(solutions)
}

/// sum += a bᵀ, a few rows a task.
fn add_products(sum: &mut Array2<f64>, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) {
    sum.axis_chunks_iter_mut(Axis(0), ROWS)
        .into_par_iter()
        .zip(a.axis_chunks_iter(Axis(0), ROWS))
        .for_each(|(mut sum, a)| general_mat_mul(1.0, &a, &b.t(), 1.0, &mut sum));
}

/// Solves the widths of one segment; `start` holds the products of its first width.
fn solve_segment(
    problem: &Problem<'_>,
    start: Products,
    widths: &[usize],
) -> Result<Vec<Option<Solution>>> {
    let Products {
        mut gram,
        cross,
        mut columns,
    } = start;
    let first = columns;
    let mut buffer = Array2::zeros(gram.raw_dim());
    let mut solved: Vec<Option<Solved>> = Vec::with_capacity(widths.len());
    while let Some(&m) = widths.get(solved.len()) {
        let block = problem.train.slice(s![.., columns..m]);
        general_mat_mul(1.0, &block, &block.t(), 1.0, &mut gram);
        columns = m;
        buffer.assign(&gram);
        let Some(cholesky) = Cholesky::in_place(std::mem::take(&mut buffer)) else {
            buffer = Array2::zeros(gram.raw_dim());
            solved.push(None);
            continue;
        };
        let base = Base {
            gram: &gram,
            cholesky: &cholesky,
            columns,
        };
        let own = solve_with(problem, &base)?;
        let sound = matches!(own, Some(Solved::Dual(..)));
        solved.push(own);
        if sound {
            let near = update::reach(gram.nrows(), m, &widths[solved.len()..]);
            let updated = update::solve(problem, &base, near)?;
            solved.extend(updated.into_iter().map_while(|width| width).map(Some));
        }
        buffer = cholesky.into_buffer();
    }
    Ok(add_test_predictions(problem, &cross, first, widths, solved))
}

/// C_m α = C_first α + Φ_test,added Φ_addedᵀ α: products that read their matrices for all widths.
fn add_test_predictions(
    problem: &Problem<'_>,
    cross: &Array2<f64>,
    first: usize,
    widths: &[usize],
    solved: Vec<Option<Solved>>,
) -> Vec<Option<Solution>> {
    let k = problem.targets.ncols();
    let mut duals = Array2::zeros((cross.ncols(), widths.len() * k));
    for (solved, mut columns) in solved.iter().zip(duals.axis_chunks_iter_mut(Axis(1), k)) {
        if let Some(Solved::Dual(_, dual)) = solved {
            columns.assign(dual);
        }
    }
    let last = widths.last().copied().unwrap_or(first);
    let added = s![.., first..last];
    let mut weights = problem.train.slice(added).t().dot(&duals);
    update::clear_beyond(&mut weights, widths.iter().map(|m| m - first), k);
    let mut predictions = cross.dot(&duals);
    general_mat_mul(
        1.0,
        &problem.test.slice(added),
        &weights,
        1.0,
        &mut predictions,
    );
    let finish = |(solved, test): (Option<Solved>, ArrayView2<'_, f64>)| match solved? {
        Solved::Whole(solution) => Some(solution),
        Solved::Dual(mut solution, _) => {
            solution.test = test.to_owned();
            Some(solution)
        }
    };
    let predictions = predictions.axis_chunks_iter(Axis(1), k);
    solved.into_iter().zip(predictions).map(finish).collect()
}

/// A width with the Cholesky factor of its own Gram matrix K = Φ_m Φ_mᵀ.
pub(super) struct Base<'a> {
    /// K, `(n, n)`.
    pub gram: &'a Array2<f64>,
    /// Its factor.
    pub cholesky: &'a Cholesky,
    /// m.
    pub columns: usize,
}

/// One width, solved.
pub(super) enum Solved {
    /// All of it.
    Whole(Solution),
    /// All but its test predictions C_m α, and α, `(n, k)`.
    Dual(Solution, Array2<f64>),
}

/// Solves one width with the Cholesky factor of its Gram matrix.
fn solve_with(problem: &Problem<'_>, base: &Base<'_>) -> Result<Option<Solved>> {
    let Base { gram, cholesky, .. } = base;
    let targets = &problem.targets;
    let mut dual = cholesky.solve(targets)?;
    let residual = targets - &gram.dot(&dual);
    let correction = cholesky.solve(&residual)?;
    let inverse_norm = inverse_norm(targets, &dual, &residual, &correction).max(cholesky.gain());
    let condition = frobenius(gram) * inverse_norm;
    if !condition.is_finite() || condition > MAX_CONDITION {
        return Ok(None);
    }

    if condition <= FORMED_CONDITION {
        dual += &correction;
        let train = gram.dot(&dual);
        return Ok(Some(Solved::dual(targets, dual, train, condition)));
    }

    let features = problem.train.slice(s![.., ..base.columns]);
    let Some((weights, train)) = refine(cholesky, features, problem, dual)? else {
        return Ok(None);
    };
    Ok(Some(Solved::Whole(Solution {
        test: problem.test.slice(s![.., ..base.columns]).dot(&weights),
        norm: frobenius(&weights),
        train_mse: mean_square_difference(&train, targets),
        train,
        condition: condition.sqrt(),
        route: Route::Gram,
    })))
}

impl Solved {
    /// The width whose refined α is `dual`, with Kα = `train`, `(n, k)` each.
    pub(super) fn dual(
        targets: &ArrayRef2<f64>,
        dual: Array2<f64>,
        train: Array2<f64>,
        condition: f64,
    ) -> Self {
        let solution = Solution {
            test: Array2::default((0, 0)),
            norm: (&dual * &train).sum().max(0.0).sqrt(),
            train_mse: mean_square_difference(&train, targets),
            train,
            condition: condition.sqrt(),
            route: Route::Gram,
        };
        Self::Dual(solution, dual)
    }
}

/// The larger of two lower bounds of ‖K⁻¹‖. The residual is rounding noise, so close to a random
/// direction: √n‖K⁻¹r‖/‖r‖ sees every small eigenvalue.
pub(super) fn inverse_norm(
    targets: &ArrayRef2<f64>,
    dual: &ArrayRef2<f64>,
    residual: &ArrayRef2<f64>,
    correction: &ArrayRef2<f64>,
) -> f64 {
    let stretch = |out: &ArrayRef2<f64>, into: &ArrayRef2<f64>| {
        let length = frobenius(into);
        if length > 0.0 {
            frobenius(out) / length
        } else {
            0.0
        }
    };
    let noise_gain = stretch(correction, residual) * (targets.nrows() as f64).sqrt();
    noise_gain.max(stretch(dual, targets))
}

/// Corrects α until Φ(Φᵀα) = y to rounding; returns w = Φᵀα and Φw, or `None` if it stalls.
fn refine(
    cholesky: &Cholesky,
    features: ArrayView2<'_, f64>,
    problem: &Problem<'_>,
    dual: Array2<f64>,
) -> Result<Option<(Array2<f64>, Array2<f64>)>> {
    let mut weights = features.t().dot(&dual);
    let mut last = f64::INFINITY;
    for _ in 0..MAX_CORRECTIONS {
        let train = features.dot(&weights);
        let correction = features
            .t()
            .dot(&cholesky.solve(&(&problem.targets - &train))?);
        let size = frobenius(&correction) / frobenius(&weights).max(f64::MIN_POSITIVE);
        if size <= SMALL_CORRECTION {
            return Ok(Some((weights, train)));
        }
        // Once corrections stop shrinking they are rounding: of the last size, or a stall.
        if size > 0.5 * last {
            return Ok((last < 1e-10).then_some((weights, train)));
        }
        weights += &correction;
        last = size;
    }
    Ok(None)
}
