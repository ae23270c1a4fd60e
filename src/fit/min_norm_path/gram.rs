//! Widths beyond n: a growing Gram matrix, one refined Cholesky solve a width.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayRef2, ArrayView2, Axis, s};
use rayon::prelude::*;

use super::{Problem, Route, Solution};
use crate::error::Result;
use crate::fit::frobenius;
use crate::linalg::Cholesky;

/// Above this estimate of κ(K) the refinement works with the features themselves.
const FORMED_CONDITION: f64 = 1e5;
/// Above this estimate of κ(K) a width is left to the SVD.
const MAX_CONDITION: f64 = 1e12;
/// The refinement stops when a correction is this small beside the solution.
const SMALL_CORRECTION: f64 = 1e-13;
/// More corrections than this mean that it stalls.
const MAX_CORRECTIONS: usize = 6;

/// Rows of a product that one task computes. Fixed, so that rounding does not depend on the number
/// of threads.
const ROWS: usize = 128;

/// Solves every width (all > n, increasing); `None` where K is too ill-conditioned.
///
/// One BLAS thread a task: for matrices of this size OpenBLAS's own threads spend their time
/// waiting for each other.
pub(super) fn solve(problem: &Problem<'_>, widths: &[usize]) -> Result<Vec<Option<Solution>>> {
    let n = problem.train.nrows();
    let mut gram = Array2::zeros((n, n));
    let mut cross = Array2::zeros((problem.test.nrows(), n));
    let mut done = 0;
    let mut solutions = Vec::with_capacity(widths.len());
    for group in widths.chunks(rayon::current_num_threads()) {
        let grown: Vec<(usize, Array2<f64>, Array2<f64>)> = group
            .iter()
            .map(|&m| {
                let columns = s![.., done..m];
                let block = problem.train.slice(columns);
                add_products(&mut gram, block, block);
                add_products(&mut cross, problem.test.slice(columns), block);
                done = m;
                (m, gram.clone(), cross.clone())
            })
            .collect();
        let solved = grown
            .par_iter()
            .map(|(m, gram, cross)| solve_one(problem, *m, gram, cross));
        solutions.extend(solved.collect::<Result<Vec<_>>>()?);
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

fn solve_one(
    problem: &Problem<'_>,
    m: usize,
    gram: &Array2<f64>,
    cross: &Array2<f64>,
) -> Result<Option<Solution>> {
    let Some(cholesky) = Cholesky::new(gram) else {
        return Ok(None);
    };
    let targets = &problem.targets;
    let mut dual = cholesky.solve(targets)?;
    let residual = targets - &gram.dot(&dual);
    let correction = cholesky.solve(&residual)?;

    // Three lower bounds of ‖K⁻¹‖. The residual is rounding noise, so close to a random
    // direction: √n‖K⁻¹r‖/‖r‖ sees every small eigenvalue.
    let stretch = |out: &ArrayRef2<f64>, into: &ArrayRef2<f64>| {
        let length = frobenius(into);
        if length > 0.0 {
            frobenius(out) / length
        } else {
            0.0
        }
    };
    let noise_gain = stretch(&correction, &residual) * (gram.nrows() as f64).sqrt();
    let inverse_norm = noise_gain.max(stretch(&dual, targets)).max(cholesky.gain());
    let condition = frobenius(gram) * inverse_norm;
    if !condition.is_finite() || condition > MAX_CONDITION {
        return Ok(None);
    }

    let route = Route::Gram;
    let squared_condition = condition.sqrt();
    if condition <= FORMED_CONDITION {
        dual += &correction;
        let train = gram.dot(&dual);
        let norm = (&dual * &train).sum().max(0.0).sqrt();
        let train_mse = mean_square(&(targets - &train));
        let test = cross.dot(&dual);
        return Ok(Some(Solution {
            train,
            test,
            norm,
            train_mse,
            condition: squared_condition,
            route,
        }));
    }

    let features = problem.train.slice(s![.., ..m]);
    let Some((weights, train)) = refine(&cholesky, features, problem, dual)? else {
        return Ok(None);
    };
    Ok(Some(Solution {
        test: problem.test.slice(s![.., ..m]).dot(&weights),
        norm: frobenius(&weights),
        train_mse: mean_square(&(targets - &train)),
        train,
        condition: squared_condition,
        route,
    }))
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

fn mean_square(a: &Array2<f64>) -> f64 {
    a.iter().map(|x| x * x).sum::<f64>() / a.len() as f64
}
