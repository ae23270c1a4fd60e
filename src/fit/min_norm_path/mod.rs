//! Minimum-norm solutions at every width of one nested feature matrix, for about one fit's price.
//!
//! A double-descent curve asks for w_m = Φ_m⁺ y for many widths m, where Φ_m is the first m
//! columns of Φ. Solving each from scratch repeats almost all the work. Two facts avoid that:
//!
//! - **m ≤ n.** One QR of the first n columns holds the QR of every narrower matrix. With
//!   T = Φ_test R⁻¹, the test predictions at width m are Σ_{j≤m} T_j (q_jᵀ y): a running sum.
//!   The weights are the running sum Σ_{j≤m} (R⁻¹)_j (q_jᵀ y), which gives their norm.
//! - **m > n.** The n×n Gram matrix K_m = Φ_m Φ_mᵀ and the test-train cross matrix grow by a
//!   block of columns at a time; every few widths cost one Cholesky of K_m, and those between are
//!   updates of it (Woodbury), all from one small Cholesky whose leading blocks serve every width.
//!
//! # How the route is chosen
//! Every width has a condition number beside its solution, from numbers that are there anyway:
//!
//! - QR: κ_F = ‖R_m‖_F ‖R_m⁻¹‖_F, exact, by running sums. Above 10⁸ the width is solved by SVD.
//! - Update: only from a width that is itself well conditioned (below 10⁵), and only while the
//!   correction that follows is below 10⁻⁸ of the solution; else the width is factorised itself.
//! - Gram: a lower bound of κ(K_m) from the Cholesky diagonal and from the two solves. Squaring
//!   the matrix squares its condition, so above 10⁵ the refinement works with Φ_m itself
//!   (residual y − Φ_m(Φ_mᵀα), which rounds like κ(Φ_m), not its square); where Cholesky fails,
//!   the refinement stalls, or κ(K_m) > 10¹², the width is solved by SVD.
//!
//! So a well-conditioned curve costs a few products; the widths at m ≈ n cost a little more; a
//! rank-deficient or very smooth problem costs an SVD at each width concerned, in parallel.
//! [`MinNormPath::route`] tells which was taken.

mod gram;
mod qr;
mod update;

use ndarray::{Array2, Array3, ArrayRef2, ArrayView2, Axis, s};
use rayon::prelude::*;

use super::{check_filled, check_problem, frobenius, mean_square_difference, min_norm};
use crate::display::{Html, format_number, html_table};
use crate::engine;
use crate::error::{Error, Result, check_finite, within_range};

/// How one width was solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// A running sum over one QR factorisation (m ≤ n).
    Qr,
    /// Cholesky of the Gram matrix, refined (m > n).
    Gram,
    /// A singular value decomposition of this width alone.
    Svd,
}

/// Minimum-norm solutions at several widths of one nested feature matrix.
///
/// Entry i of every field belongs to `widths[i]`.
#[derive(Clone, Debug)]
pub struct MinNormPath {
    /// The widths m, increasing.
    pub widths: Vec<usize>,
    /// Φ_m w_m on the training inputs, `(widths, n, k)`.
    pub train_predictions: Array3<f64>,
    /// Φ_m w_m on the test inputs, `(widths, t, k)`.
    pub test_predictions: Array3<f64>,
    /// ‖w_m‖_F for features as given; features scaled by c have norm ‖w_m‖/c.
    pub norm: Vec<f64>,
    /// The mean squared training residual over all n·k entries.
    pub train_mse: Vec<f64>,
    /// The condition number that decided the route: κ_F(Φ_m) for `Qr`, an estimate of √κ(Φ_mΦ_mᵀ)
    /// for `Gram`, s₁/s_r of the r singular values kept for `Svd`.
    pub condition: Vec<f64>,
    /// How each width was solved.
    pub route: Vec<Route>,
}

impl MinNormPath {
    /// The mean squared error on the test inputs at every width, for targets `(t, k)`.
    ///
    /// # Errors
    /// The targets have another shape than the predictions, or are not finite; errors beyond the range of f64.
    pub fn test_mse(&self, targets: &ArrayRef2<f64>) -> Result<Vec<f64>> {
        let (_, t, k) = self.test_predictions.dim();
        if targets.dim() != (t, k) {
            return Err(Error::shape(
                "the test targets",
                format!("({t}, {k})"),
                targets.shape(),
            ));
        }
        check_finite("the test targets", targets)?;
        let errors = self.test_predictions.outer_iter().map(|prediction| {
            let error = mean_square_difference(&prediction, targets);
            within_range("the mean squared test error", error)
        });
        errors.collect()
    }
}

impl MinNormPath {
    /// How many widths each route solved, and the worst condition number it met, as a table.
    #[must_use]
    pub fn html(&self) -> Html {
        let rows = [Route::Qr, Route::Gram, Route::Svd].map(|route| {
            let solved = self
                .route
                .iter()
                .zip(&self.condition)
                .filter(|(r, _)| **r == route);
            let worst = solved.clone().fold(0.0, |worst: f64, (_, c)| worst.max(*c));
            vec![
                format!("{route:?}"),
                solved.count().to_string(),
                format_number(worst),
            ]
        });
        let header = ["route", "widths solved", "worst condition number"];
        Html::new(html_table(&header, &rows))
    }

    /// Shows [`MinNormPath::html`] in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

/// What a route returns for one width.
struct Solution {
    train: Array2<f64>,
    test: Array2<f64>,
    norm: f64,
    train_mse: f64,
    condition: f64,
    route: Route,
}

/// The problem a route works on: every array is checked.
struct Problem<'a> {
    train: ArrayView2<'a, f64>,
    test: ArrayView2<'a, f64>,
    targets: ArrayView2<'a, f64>,
}

/// Solves min ‖w‖ subject to ‖Φ_m w − y‖ least, for every m in `widths`.
///
/// Takes the widest training features Φ, `(n, M)`, the test features, `(t, M)`, the targets y,
/// `(n, k)`, and strictly increasing `widths` in 1..=M. Works on rayon's threads, with one BLAS
/// thread each; the numbers do not depend on how many there are.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; widths that are empty, not increasing, or beyond M; predictions or norms
/// beyond the range of f64.
///
/// # Reference
/// The solution: Golub & Van Loan 2013, "Matrix computations", §5.5–5.6. The refinement with
/// Φ itself: Björck 1987, "Stability analysis of the method of seminormal equations",
/// doi:10.1016/0024-3795(87)90101-7.
///
/// ```
/// use dltheory::{fit::min_norm_path, model::RandomFeatures, rng::stream};
/// use ndarray::{Array2, s};
/// let rng = &mut stream(1, "doc", 0);
/// let x = Array2::from_shape_fn((30, 2), |(i, j)| ((i * (j + 2)) as f64 * 0.37).sin());
/// let z = RandomFeatures::relu(60, 2, rng)?.apply(&x)?;
/// let (train, test) = (z.slice(s![..10, ..]), z.slice(s![10.., ..]));
/// let y = x.slice(s![..10, ..1]).to_owned();
/// let path = min_norm_path(&train, &test, &y, &[5, 10, 20, 60])?;
/// assert!(path.train_mse[3] < 1e-20); // 60 columns interpolate 10 points
/// assert_eq!(path.test_predictions.dim(), (4, 20, 1));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn min_norm_path(
    train: &ArrayRef2<f64>,
    test: &ArrayRef2<f64>,
    targets: &ArrayRef2<f64>,
    widths: &[usize],
) -> Result<MinNormPath> {
    check_problem(train, targets)?;
    if test.ncols() != train.ncols() {
        let expected = format!("(t, {}) with t ≥ 1", train.ncols());
        return Err(Error::shape("the test features", expected, test.shape()));
    }
    check_filled("the test features", test)?;
    check_widths(widths, train.ncols())?;

    let problem = Problem {
        train: train.view(),
        test: test.view(),
        targets: targets.view(),
    };
    let split = widths.partition_point(|&m| m <= train.nrows());
    let _single = engine::single_thread();
    let (narrow, wide) = rayon::join(
        || qr::solve(&problem, &widths[..split]),
        || gram::solve(&problem, &widths[split..]),
    );
    let mut solutions = narrow?;
    solutions.extend(wide?);
    solve_rest_by_svd(&problem, widths, &mut solutions)?;
    let shape = (train.nrows(), test.nrows(), targets.ncols());
    let path = assemble(widths, solutions, shape);
    check_finite("the norms of the weights", &path.norm)?;
    check_finite("the mean squared residuals", &path.train_mse)?;
    check_finite("the training predictions", &path.train_predictions)?;
    check_finite("the test predictions", &path.test_predictions)?;
    Ok(path)
}

fn check_widths(widths: &[usize], columns: usize) -> Result<()> {
    let increasing = widths.windows(2).all(|pair| pair[0] < pair[1]);
    let in_range = |m: &usize| (1..=columns).contains(m);
    if widths.is_empty() || !increasing || !widths.iter().all(in_range) {
        let expected = format!("one or more strictly increasing numbers in 1..={columns}");
        return Err(Error::domain(
            "the list of widths",
            expected,
            format!("{widths:?}"),
        ));
    }
    Ok(())
}

/// Fills the widths that the fast routes left open; each is independent, so in parallel.
fn solve_rest_by_svd(
    problem: &Problem<'_>,
    widths: &[usize],
    solutions: &mut [Option<Solution>],
) -> Result<()> {
    if solutions.iter().all(Option::is_some) {
        return Ok(());
    }
    let open = solutions
        .par_iter_mut()
        .zip(widths)
        .filter(|(slot, _)| slot.is_none());
    open.try_for_each(|(slot, &m)| {
        let narrow = problem.train.slice(s![.., ..m]);
        let fit = min_norm(&narrow, &problem.targets, None)?;
        let smallest = fit.singular_values.get(fit.rank.wrapping_sub(1));
        *slot = Some(Solution {
            train: narrow.dot(&fit.weights),
            test: problem.test.slice(s![.., ..m]).dot(&fit.weights),
            norm: frobenius(&fit.weights),
            train_mse: fit.train_mse,
            condition: smallest.map_or(1.0, |last| fit.singular_values[0] / last),
            route: Route::Svd,
        });
        Ok(())
    })
}

fn assemble(
    widths: &[usize],
    solutions: Vec<Option<Solution>>,
    (n, t, k): (usize, usize, usize),
) -> MinNormPath {
    let mut path = MinNormPath {
        widths: widths.to_vec(),
        train_predictions: Array3::zeros((widths.len(), n, k)),
        test_predictions: Array3::zeros((widths.len(), t, k)),
        norm: Vec::new(),
        train_mse: Vec::new(),
        condition: Vec::new(),
        route: Vec::new(),
    };
    for (i, solution) in solutions.into_iter().flatten().enumerate() {
        path.train_predictions
            .index_axis_mut(Axis(0), i)
            .assign(&solution.train);
        path.test_predictions
            .index_axis_mut(Axis(0), i)
            .assign(&solution.test);
        path.norm.push(solution.norm);
        path.train_mse.push(solution.train_mse);
        path.condition.push(solution.condition);
        path.route.push(solution.route);
    }
    path
}
