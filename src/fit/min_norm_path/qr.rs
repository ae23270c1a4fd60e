//! Widths up to n: running sums over one QR factorisation.

use ndarray::{Array2, s};

use super::{Problem, Route, Solution};
use crate::error::Result;
use crate::fit::frobenius;
use crate::linalg::{Qr, column_major, divide_by_upper, thin_qr};

/// Above this κ_F(Φ_m) a width is left to the SVD.
const MAX_CONDITION: f64 = 1e8;

/// Solves every width (all ≤ n, increasing); `None` where the columns are nearly dependent.
pub(super) fn solve(problem: &Problem<'_>, widths: &[usize]) -> Result<Vec<Option<Solution>>> {
    let Some(&widest) = widths.last() else {
        return Ok(Vec::new());
    };
    let Qr { q, r } = thin_qr(&problem.train.slice(s![.., ..widest]))?;
    // A column in the span of the earlier ones has a tiny diagonal entry: sums stop before it.
    let floor = f64::EPSILON * widest as f64 * frobenius(&r);
    let sound = r.diag().iter().take_while(|d| d.abs() > floor).count();
    if sound == 0 {
        return Ok(widths.iter().map(|_| None).collect());
    }

    // Both quotients at once: T = Φ_test R⁻¹ above, R⁻¹ itself below.
    let t = problem.test.nrows();
    let mut stacked = Array2::zeros((t + sound, sound));
    stacked
        .slice_mut(s![..t, ..])
        .assign(&problem.test.slice(s![.., ..sound]));
    stacked.slice_mut(s![t.., ..]).diag_mut().fill(1.0);
    let quotient = divide_by_upper(&stacked, &r.slice(s![..sound, ..sound]))?;
    let test_columns = column_major(&quotient.slice(s![..t, ..]));
    let inverse = column_major(&quotient.slice(s![t.., ..]));
    let coefficients = q.t().dot(&problem.targets);

    let k = problem.targets.ncols();
    let mut residual = problem.targets.to_owned();
    let mut test_sum = Array2::<f64>::zeros((t, k));
    let mut weights = Array2::<f64>::zeros((sound, k));
    let (mut r_squares, mut inverse_squares) = (0.0, 0.0);
    let mut solutions = Vec::with_capacity(widths.len());
    let mut wanted = widths.iter().peekable();
    for j in 0..sound {
        for output in 0..k {
            let c = coefficients[[j, output]];
            residual.column_mut(output).scaled_add(-c, &q.column(j));
            test_sum
                .column_mut(output)
                .scaled_add(c, &test_columns.column(j));
            let mut head = weights.slice_mut(s![..=j, output]);
            head.scaled_add(c, &inverse.slice(s![..=j, j]));
        }
        r_squares += r.slice(s![..=j, j]).iter().map(|x| x * x).sum::<f64>();
        inverse_squares += inverse
            .slice(s![..=j, j])
            .iter()
            .map(|x| x * x)
            .sum::<f64>();
        if wanted.next_if(|&&m| m == j + 1).is_some() {
            let condition = (r_squares * inverse_squares).sqrt();
            let sound = condition.is_finite() && condition <= MAX_CONDITION;
            solutions.push(sound.then(|| Solution {
                train: &problem.targets - &residual,
                test: test_sum.clone(),
                norm: frobenius(&weights),
                train_mse: residual.iter().map(|x| x * x).sum::<f64>() / residual.len() as f64,
                condition,
                route: Route::Qr,
            }));
        }
    }
    solutions.extend(wanted.map(|_| None));
    Ok(solutions)
}
