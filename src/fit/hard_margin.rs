//! The separating hyperplane of largest margin, and the proof where there is none.

use ndarray::{Array1, Array2, ArrayRef2, Axis};

use super::{check_filled, frobenius};
use crate::error::{Error, Result, check_finite, within_range};
use crate::linalg::{solve_upper, thin_qr};

/// Below this margin, in units of the longest input, points count as not separable.
const SMALLEST_MARGIN: f64 = 1e-9;

/// The separator of largest margin through the origin.
#[derive(Clone, Debug)]
pub struct HardMargin {
    /// The weights w of least norm with y_i w·x_i ≥ 1, `(d, 1)`.
    pub weights: Array2<f64>,
    /// The margin 1/‖w‖: the least distance of a point from the hyperplane.
    pub margin: f64,
    /// Rows with y_i w·x_i = 1 and a positive multiplier: the support vectors, increasing.
    pub support: Vec<usize>,
    /// The multipliers α ≥ 0 with w = Σ_i α_i y_i x_i, `(n,)`; zero off the support.
    pub multipliers: Array1<f64>,
}

/// The minimiser of ‖w‖² subject to y_i w·x_i ≥ 1 for all i, or `None` where no hyperplane through the
/// origin has all points on their side.
///
/// # Formula
/// With rows z_i = y_i x_i, let u ≥ 0 minimise ‖Σ u_i z_i‖² + (1 − Σ u_i)². If the minimum is 0,
/// 0 is a convex combination of the z_i and nothing separates them. Otherwise
/// w = Σ u_i z_i/(1 − Σ u_i). Both outcomes carry their proof: y_i w·x_i ≥ 1 is checked on every row; and
/// `None` says that u/Σu puts a convex combination within 10⁻⁹ of 0, so no unit vector has a larger margin than that.
///
/// For a hyperplane with a free offset, append a constant column to `x`.
///
/// Takes inputs `x`, `(n, d)`, and `signs` y, `(n, 1)`, all ±1.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; a sign that is not ±1; no convergence within 3(n + d) steps
/// and a residual in between (nearly dependent rows); inputs so small or large that the answer leaves the range of
/// f64.
///
/// # Reference
/// Lawson & Hanson 1974, "Solving least squares problems", ch. 23, algorithms NNLS and LDP.
///
/// ```
/// use dltheory::fit::hard_margin;
/// use ndarray::array;
/// let x = array![[0.5, 1.5], [1.5, 0.3], [2.5, 1.0], [1.0, 3.0]];
/// let svm = hard_margin(&x, &array![[1.0], [1.0], [1.0], [1.0]])?.expect("separable");
/// assert!((svm.weights[[0, 0]] - 4.0 / 7.0).abs() < 1e-12);
/// assert_eq!(svm.support, [0, 1]);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn hard_margin(x: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> Result<Option<HardMargin>> {
    let mut z = signed_rows(x, signs)?;
    // By the largest entry first: the square of a tiny one would be 0.
    let largest = z.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    if largest == 0.0 {
        return Ok(None);
    }
    z /= largest;
    let rows = z.rows().into_iter();
    let relative = rows.map(|row| row.dot(&row).sqrt()).fold(0.0, f64::max);
    let longest = within_range("the length of the longest input", largest * relative)?;
    // The multipliers are in units of its inverse, and would be 0.
    within_range("the squared length of the longest input", longest * longest)?;
    z /= relative;
    let Some(u) = nearest_to_origin(&z, 1e-6)? else {
        return Ok(None);
    };
    let slack = 1.0 - u.sum();
    let unscaled = z.t().dot(&u.view().insert_axis(Axis(1))) / slack;
    let margin = within_range("the margin", longest / frobenius(&unscaled))?;
    let weights = unscaled / longest;
    let multipliers = u / slack / longest / longest;
    check_finite("the weights", &weights)?;
    check_finite("the multipliers", &multipliers)?;
    Ok(Some(HardMargin {
        margin,
        weights,
        support: multipliers
            .iter()
            .enumerate()
            .filter_map(|(i, value)| (*value > 0.0).then_some(i))
            .collect(),
        multipliers,
    }))
}

/// Whether some hyperplane through the origin has every x_i, `(n, d)`, on the side of its sign,
/// `(n, 1)`, none on the plane itself.
///
/// Rows are brought to unit length first, which changes no side, so that long and short rows are judged alike.
///
/// # Errors
/// As [`hard_margin`].
pub fn separable(x: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> Result<bool> {
    Ok(separator(x, signs)?.is_some())
}

/// Some w with y_i w·x_i > 0 for every row, `(d,)`, or `None` where there is none: what [`separable`] decides, with its
/// proof.
pub(crate) fn separator(x: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> Result<Option<Array1<f64>>> {
    let mut z = signed_rows(x, signs)?;
    for mut row in z.rows_mut() {
        let largest = row.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        // A zero row lies on every hyperplane.
        if largest == 0.0 {
            return Ok(None);
        }
        row /= largest;
        let norm = row.dot(&row).sqrt();
        row /= norm;
    }
    // Any margin of one sign is proof. With margins near 10⁻⁶ rounding alone costs 10⁻⁴ of them.
    Ok(nearest_to_origin(&z, 0.5)?.map(|u| z.t().dot(&u) / (1.0 - u.sum())))
}

fn signed_rows(x: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    check_filled("the inputs", x)?;
    if signs.dim() != (x.nrows(), 1) {
        return Err(Error::shape(
            "the signs",
            format!("({}, 1)", x.nrows()),
            signs.shape(),
        ));
    }
    check_finite("the signs", signs)?;
    match signs.iter().find(|sign| sign.abs() != 1.0) {
        Some(other) => Err(Error::domain("a sign", "-1 or 1", other)),
        None => Ok(x.to_owned() * signs),
    }
}

/// The u ≥ 0 that minimises ‖Zᵀu‖² + (1 − Σu)² for rows Z of length at most 1, or `None` where
/// the minimum is 0. Margins y_i w·x_i of the answer are 1 to `slack`. An active-set method: the free entries solve a least-squares
/// problem by QR; one entry joins a step, and those that turn negative leave.
fn nearest_to_origin(z: &Array2<f64>, slack: f64) -> Result<Option<Array1<f64>>> {
    let (n, d) = z.dim();
    // Columns (z_i, 1); target (0, …, 0, 1).
    let mut columns = Array2::ones((d + 1, n));
    columns.slice_mut(ndarray::s![..d, ..]).assign(&z.t());
    let mut target = Array2::zeros((d + 1, 1));
    target[[d, 0]] = 1.0;
    let mut u = Array1::<f64>::zeros(n);
    let mut free: Vec<usize> = Vec::new();
    let limit = 3 * (n + d);
    for _ in 0..limit {
        let residual = &target - &columns.dot(&u.view().insert_axis(Axis(1)));
        let size = frobenius(&residual);
        if size < SMALLEST_MARGIN {
            return Ok(None);
        }
        let gradient = columns.t().dot(&residual);
        let entering = (0..n)
            .filter(|i| !free.contains(i))
            .max_by(|&a, &b| gradient[[a, 0]].total_cmp(&gradient[[b, 0]]));
        // At the minimum every gradient is ≤ 0, which says z_i·w ≥ 1 with slack z_i·w − 1 ∝ −gradient.
        let Some(entering) = entering.filter(|&i| gradient[[i, 0]] > 1e-10 * size) else {
            return certified(z, u, slack, size, limit);
        };
        free.push(entering);
        loop {
            if free.len() > d + 1 {
                return Err(not_converged(limit, size));
            }
            let qr = thin_qr(&columns.select(Axis(1), &free))?;
            let solution = solve_upper(&qr.r, &qr.q.t().dot(&target))?;
            // How far from u towards the solution before an entry would turn negative.
            let mut step = 1.0_f64;
            for (j, &i) in free.iter().enumerate() {
                let goal = solution[[j, 0]];
                if goal <= 0.0 {
                    step = step.min(u[i] / (u[i] - goal));
                }
            }
            // An entering entry that would be negative at once is rounding: it goes back.
            for (j, &i) in free.iter().enumerate() {
                u[i] += step.max(0.0) * (solution[[j, 0]] - u[i]);
            }
            let before = free.len();
            free.retain(|&i| {
                let stays = u[i] > 1e-15;
                if !stays {
                    u[i] = 0.0;
                }
                stays
            });
            if free.len() == before || free.is_empty() {
                break;
            }
        }
    }
    let residual = &target - &columns.dot(&u.view().insert_axis(Axis(1)));
    certified(z, u, slack, frobenius(&residual), limit)
}

/// Checks y_i w·x_i ≥ 1 on every row, to `slack`, before the answer is believed.
fn certified(
    z: &Array2<f64>,
    u: Array1<f64>,
    slack: f64,
    size: f64,
    limit: usize,
) -> Result<Option<Array1<f64>>> {
    let w = z.t().dot(&u) / (1.0 - u.sum());
    let least = z.dot(&w).iter().copied().fold(f64::INFINITY, f64::min);
    // NaN fails too.
    if least > 1.0 - slack {
        Ok(Some(u))
    } else {
        Err(not_converged(limit, size))
    }
}

fn not_converged(steps: usize, residual: f64) -> Error {
    Error::NotConverged {
        method: "the active-set search for a separating hyperplane".to_owned(),
        steps,
        residual,
        tolerance: SMALLEST_MARGIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, random_signs};
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn the_optimality_conditions_hold() {
        let mut found = 0;
        for draw in 0..40 {
            let rng = &mut stream(1, "hard margin", draw);
            let (x, y) = (
                gaussian(14, 8, rng).expect("valid") * 5.0,
                random_signs(14, rng).expect("valid"),
            );
            let Some(svm) = hard_margin(&x, &y).expect("valid") else {
                continue;
            };
            found += 1;
            let margins = x.dot(&svm.weights) * &y;
            for i in 0..14 {
                let tight = (margins[[i, 0]] - 1.0).abs() < 1e-8;
                assert!(margins[[i, 0]] > 1.0 - 1e-8 && svm.multipliers[i] >= 0.0);
                // Complementary slackness.
                assert!(tight || svm.multipliers[i] == 0.0);
            }
            let rebuilt = (x * &y).t().dot(&svm.multipliers);
            assert!(
                (&rebuilt - &svm.weights.column(0))
                    .iter()
                    .all(|e| e.abs() < 1e-9)
            );
            assert!((svm.multipliers.sum() * svm.margin.powi(2) - 1.0).abs() < 1e-8);
        }
        assert!(found > 10, "{found}");
    }

    /// In general position exactly 2 Σ_{k<d} C(n−1, k) of the 2ⁿ sign patterns are separable,
    /// whatever the points: every pattern is tried.
    #[test]
    fn the_separable_patterns_are_counted_exactly() {
        for (n, d, want) in [
            (9, 1, 2),
            (9, 2, 18),
            (9, 3, 74),
            (10, 5, 512),
            (6, 6, 64),
            (7, 9, 128),
        ] {
            let x = gaussian(n, d, &mut stream(1, "patterns", d as u64)).expect("valid");
            let count = (0..1_u32 << n)
                .filter(|pattern| {
                    let y = Array2::from_shape_fn((n, 1), |(i, _)| {
                        if pattern >> i & 1 == 1 { 1.0 } else { -1.0 }
                    });
                    separable(&x, &y).expect("general position")
                })
                .count();
            assert_eq!(count, want, "n = {n}, d = {d}");
        }
    }

    #[test]
    fn degenerate_points_are_judged() {
        let plus = array![[1.0], [1.0]];
        assert!(!separable(&array![[1.0, 0.0], [-1.0, 0.0]], &plus).expect("valid"));
        assert!(!separable(&array![[1.0], [0.0]], &plus).expect("valid"));
        assert!(separable(&array![[1.0], [1.0]], &plus).expect("valid"));
        assert!(separable(&array![[1e-200], [1e200]], &plus).expect("valid"));
        assert!(
            hard_margin(&array![[0.0]], &array![[1.0]])
                .expect("valid")
                .is_none()
        );
        let three = array![[1.0], [1.0], [1.0]];
        let triangle = array![[1.0, 0.0], [-0.5, 0.9], [-0.5, -0.9]];
        assert!(hard_margin(&triangle, &three).expect("valid").is_none());
        let repeated = array![[2.0, 0.0], [2.0, 0.0], [4.0, 0.0]];
        let svm = hard_margin(&repeated, &three)
            .expect("valid")
            .expect("separable");
        assert!((svm.weights[[0, 0]] - 0.5).abs() < 1e-12 && (svm.margin - 2.0).abs() < 1e-12);
    }

    #[test]
    fn bad_input_is_an_error() {
        let x = array![[1.0], [2.0]];
        assert!(hard_margin(&x, &array![[1.0], [0.5]]).is_err());
        assert!(hard_margin(&x, &array![[1.0]]).is_err());
        assert!(separable(&x, &array![[1.0, 1.0], [1.0, 1.0]]).is_err());
        assert!(separable(&array![[f64::NAN]], &array![[1.0]]).is_err());
        assert!(hard_margin(&array![[1e200]], &array![[1.0]]).is_err());
    }
}
