//! Constant-step minibatch SGD for least squares, with iterate averaging.
//!
//! The loop is its own, not [`optimise`](crate::optimise)'s: a step in the coefficients of a wide problem changes one
//! number, so that it costs n operations and not m, and no gradient is ever written out.

use ndarray::{Array2, ArrayRef2, Axis};
use rand::RngExt;

use super::{check_filled, check_problem, check_solution, frobenius, mean_square_difference};
use crate::error::{Error, Result, check_finite, within_range};

/// Settings of [`sgd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SgdSettings {
    /// The constant step γ > 0, for the loss ½(f − y)² of one example.
    pub step: f64,
    /// Passes over the data: n·epochs/batch steps in all.
    pub epochs: usize,
    /// Examples a step, drawn with replacement, in 1..=n.
    pub batch: usize,
    /// Which last part of the iterates is averaged: 1 all of them, 0 the last one only.
    pub average: f64,
}

impl Default for SgdSettings {
    fn default() -> Self {
        Self {
            step: 1.0,
            epochs: 30,
            batch: 1,
            average: 1.0,
        }
    }
}

/// The most examples all steps together may use: 2⁴⁰, days of work.
const MAX_EXAMPLES: usize = match 1_usize.checked_shl(40) {
    Some(examples) => examples,
    None => usize::MAX,
};

/// What SGD returns.
#[derive(Clone, Debug)]
pub struct SgdFit {
    /// The averaged iterate w̄, `(m, k)`.
    pub weights: Array2<f64>,
    /// The last iterate, `(m, k)`.
    pub last: Array2<f64>,
    /// Steps taken.
    pub n_steps: usize,
    /// The mean squared residual of the averaged iterate over all n·k entries.
    pub train_mse: f64,
}

/// Runs SGD on (1/2n)‖Φw − y‖² from w = 0 with a constant step, and averages the iterates.
///
/// # Formula
/// w ← w − (γ/b) Σ_{i∈B} φ_i (φ_i·w − y_i), B drawn with replacement; w̄ is the mean of the
/// last `average` part of the iterates.
///
/// # Step-size limit
/// With full batches the iteration is stable iff γ < 2/λ_max((1/n)ΦᵀΦ)
/// ([`largest_stable_step`]). Single examples are noisier: γ < 2/max_i ‖φ_i‖² is enough for
/// stability in mean square, γ < 2/λ_max is still needed. On interpolating problems (m ≥ n,
/// full rank) the last iterate tends to the minimum-norm solution; otherwise it keeps a noise
/// floor and only the average converges.
///
/// Takes Φ, `(n, m)`, and y, `(n, k)`. For m > n the iteration runs on the coefficients α of
/// w = Φᵀα, which needs only the Gram matrix and n numbers a step; the iterates are the same.
///
/// # Errors
/// Empty, non-finite or mismatched arrays, or numbers so large that products of two leave the range of f64; a
/// setting out of its range; [`Error::Diverged`] when the residual grows beyond 10⁶ times that of w = 0, or an
/// iterate beyond the range of f64.
///
/// # Reference
/// Polyak & Juditsky 1992, doi:10.1137/0330046; Bach & Moulines 2013, arXiv:1306.2119.
pub fn sgd(
    features: &ArrayRef2<f64>,
    targets: &ArrayRef2<f64>,
    settings: &SgdSettings,
    rng: &mut impl rand::Rng,
) -> Result<SgdFit> {
    check_problem(features, targets)?;
    let wide = features.ncols() > features.nrows();
    let (average, last, n_steps) = if wide {
        let gram = features.dot(&features.t());
        check_finite("the Gram matrix of the features", &gram)?;
        let (average, last, n_steps) = iterate(&gram, Rows::Dual, targets, settings, rng)?;
        let weights = |dual: Array2<f64>| features.t().dot(&dual.t());
        (weights(average), weights(last), n_steps)
    } else {
        let rows = features.to_owned();
        let (average, last, n_steps) = iterate(&rows, Rows::Primal, targets, settings, rng)?;
        (average.reversed_axes(), last.reversed_axes(), n_steps)
    };
    let train_mse = mean_square_difference(&features.dot(&average), targets);
    check_solution(&average, train_mse)?;
    check_finite("the last weights", &last)?;
    Ok(SgdFit {
        weights: average,
        last,
        n_steps,
        train_mse,
    })
}

/// SGD in a Gram matrix K = ΦΦᵀ, `(n, n)`: returns the averaged and the last coefficients α,
/// each `(n, k)`, with w = Φᵀα. The steps are those of [`sgd`] on Φ with the same generator.
///
/// # Errors
/// As for [`sgd`]; K must be square.
pub fn sgd_dual(
    gram: &ArrayRef2<f64>,
    targets: &ArrayRef2<f64>,
    settings: &SgdSettings,
    rng: &mut impl rand::Rng,
) -> Result<(Array2<f64>, Array2<f64>)> {
    check_problem(gram, targets)?;
    if gram.nrows() != gram.ncols() {
        return Err(Error::shape("the Gram matrix", "(n, n)", gram.shape()));
    }
    let (average, last, _) = iterate(&gram.to_owned(), Rows::Dual, targets, settings, rng)?;
    Ok((average.reversed_axes(), last.reversed_axes()))
}

/// 2/λ_max((1/n)ΦᵀΦ), the largest step with which full-batch descent is stable.
///
/// # Errors
/// `features`, `(n, m)`, is empty, zero or not finite, or so small or large that the step is beyond the range of f64.
pub fn largest_stable_step(features: &ArrayRef2<f64>) -> Result<f64> {
    check_filled("the features", features)?;
    let first = crate::linalg::thin_svd(features)?.s[0];
    let step = 2.0 * features.nrows() as f64 / first / first;
    if !(step.is_finite() && step > 0.0) {
        return Err(Error::domain(
            "the largest singular value of the features",
            "above 0, with a square within the range of f64",
            first,
        ));
    }
    Ok(step)
}

/// What a row of the matrix stands for.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    /// Row i is φ_i: a step adds multiples of rows to the state w.
    Primal,
    /// Row i is K_i: a step adds to entry i of the state α.
    Dual,
}

/// The loop of both forms. The state is `(k, row length)`, so that one output is contiguous.
fn iterate(
    rows: &Array2<f64>,
    form: Rows,
    targets: &ArrayRef2<f64>,
    settings: &SgdSettings,
    rng: &mut impl rand::Rng,
) -> Result<(Array2<f64>, Array2<f64>, usize)> {
    let (n, k) = targets.dim();
    check_settings(settings, n)?;
    let examples = n.saturating_mul(settings.epochs);
    if examples > MAX_EXAMPLES {
        let expected = format!("at most {} for {n} examples", MAX_EXAMPLES / n);
        return Err(Error::domain(
            "the number of epochs",
            expected,
            settings.epochs,
        ));
    }
    let n_steps = examples.div_ceil(settings.batch);
    let averaged = ((settings.average * n_steps as f64).round() as usize).clamp(1, n_steps);
    let scale = settings.step / settings.batch as f64;
    let size = within_range("the norm of the targets", 1e6 * frobenius(targets))?;
    let limit = size.max(f64::MIN_POSITIVE);

    let mut state = Array2::<f64>::zeros((k, rows.ncols()));
    let mut sum = state.clone();
    let mut chosen = vec![0; settings.batch];
    let mut residuals = Array2::<f64>::zeros((settings.batch, k));
    for step in 0..n_steps {
        chosen.fill_with(|| rng.random_range(0..n));
        for (&i, mut residual) in chosen.iter().zip(residuals.axis_iter_mut(Axis(0))) {
            for output in 0..k {
                residual[output] = rows.row(i).dot(&state.row(output)) - targets[[i, output]];
            }
        }
        let size = frobenius(&residuals);
        if size.is_nan() || size > limit {
            return Err(diverged(rows, form, settings, step, size));
        }
        for (&i, residual) in chosen.iter().zip(residuals.axis_iter(Axis(0))) {
            for output in 0..k {
                let change = -scale * residual[output];
                match form {
                    Rows::Primal => state.row_mut(output).scaled_add(change, &rows.row(i)),
                    Rows::Dual => state[[output, i]] += change,
                }
            }
        }
        if step >= n_steps - averaged {
            sum += &state;
        }
    }
    // No batch has seen the last step.
    if let Some(lost) = sum.iter().chain(&state).find(|v| !v.is_finite()) {
        return Err(diverged(rows, form, settings, n_steps, *lost));
    }
    Ok((sum / averaged as f64, state, n_steps))
}

fn check_settings(settings: &SgdSettings, n: usize) -> Result<()> {
    let SgdSettings {
        step,
        epochs,
        batch,
        average,
    } = *settings;
    if !(step.is_finite() && step > 0.0) {
        return Err(Error::domain(
            "the SGD step",
            "a positive finite number",
            step,
        ));
    }
    if epochs == 0 {
        return Err(Error::domain("the number of epochs", "at least 1", epochs));
    }
    if !(1..=n).contains(&batch) {
        return Err(Error::domain(
            "the batch",
            format!("a number in 1..={n}"),
            batch,
        ));
    }
    if !(0.0..=1.0).contains(&average) {
        return Err(Error::domain(
            "the averaged part",
            "a number in 0..=1",
            average,
        ));
    }
    Ok(())
}

fn diverged(
    rows: &Array2<f64>,
    form: Rows,
    settings: &SgdSettings,
    step: usize,
    value: f64,
) -> Error {
    // λ_max((1/n)ΦᵀΦ) = λ_max(K)/n, so both forms know the limit.
    let limit = match form {
        Rows::Primal => largest_stable_step(rows).ok(),
        Rows::Dual => crate::linalg::thin_svd(rows)
            .ok()
            .map(|svd| 2.0 * rows.nrows() as f64 / svd.s[0]),
    };
    let hint = limit.map_or(String::new(), |limit| {
        format!(
            "; the step is {}, the limit 2/λ_max is {limit:.4}",
            settings.step
        )
    });
    Error::Diverged {
        method: "SGD".to_owned(),
        step,
        quantity: "the batch residual".to_owned(),
        value,
        hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::min_norm;
    use crate::rng::stream;
    use rand_distr::{Distribution, StandardNormal};

    fn problem(n: usize, m: usize, k: usize) -> (Array2<f64>, Array2<f64>) {
        let mut rng = stream(3, "sgd test", (n * m) as u64);
        let mut draw = |rows, columns| {
            Array2::from_shape_simple_fn((rows, columns), || StandardNormal.sample(&mut rng))
        };
        (draw(n, m) / (m as f64).sqrt(), draw(n, k))
    }

    #[test]
    fn both_forms_take_the_same_steps() {
        for (batch, average) in [(1, 1.0), (3, 0.5), (8, 0.0)] {
            let (features, targets) = problem(8, 20, 2);
            let settings = SgdSettings {
                step: 0.3,
                epochs: 5,
                batch,
                average,
            };
            let fit = sgd(&features, &targets, &settings, &mut stream(1, "s", 0)).expect("valid");
            let rng = &mut stream(1, "s", 0);
            let (average, last, n_steps) =
                iterate(&features, Rows::Primal, &targets, &settings, rng).expect("valid");
            let far = |a: &Array2<f64>, b: Array2<f64>| frobenius(&(a - &b.reversed_axes()));
            assert!(far(&fit.weights, average) < 1e-13 && far(&fit.last, last) < 1e-13);
            assert_eq!(fit.n_steps, n_steps);
        }
    }

    #[test]
    fn full_batches_without_averaging_tend_to_the_minimum_norm_solution() {
        for m in [4, 20] {
            let (features, targets) = problem(8, m, 1);
            let exact = min_norm(&features, &targets, None).expect("valid").weights;
            // A batch of 8 with replacement is noisy; interpolation (m = 20) removes the noise.
            let settings = SgdSettings {
                step: 0.5,
                epochs: 4000,
                batch: 8,
                average: 1.0,
            };
            let fit = sgd(&features, &targets, &settings, &mut stream(1, "s", 1)).expect("valid");
            let tolerance = if m == 20 { 1e-8 } else { 0.1 };
            let distance = frobenius(&(&fit.last - &exact)) / frobenius(&exact);
            let averaged = frobenius(&(&fit.weights - &exact)) / frobenius(&exact);
            assert!(
                m == 4 || distance < tolerance,
                "m = {m}: last iterate off by {distance}"
            );
            assert!(averaged < 0.1, "m = {m}: average off by {averaged}");
        }
    }

    #[test]
    fn too_long_a_step_is_reported_with_its_limit() {
        for m in [4, 20] {
            let (features, targets) = problem(8, m, 1);
            let step = 10.0 * largest_stable_step(&features).expect("not zero");
            let settings = SgdSettings {
                step,
                epochs: 2000,
                batch: 8,
                average: 1.0,
            };
            let error = sgd(&features, &targets, &settings, &mut stream(1, "s", 2))
                .expect_err("ten times the limit diverges");
            assert!(
                error.to_string().contains("the limit 2/λ_max is"),
                "{error}"
            );
        }
    }

    #[test]
    fn settings_out_of_range_are_errors() {
        let (features, targets) = problem(8, 4, 1);
        let fine = SgdSettings::default();
        for bad in [
            SgdSettings { step: 0.0, ..fine },
            SgdSettings {
                step: f64::NAN,
                ..fine
            },
            SgdSettings { epochs: 0, ..fine },
            SgdSettings { batch: 0, ..fine },
            SgdSettings { batch: 9, ..fine },
            SgdSettings {
                average: 1.5,
                ..fine
            },
        ] {
            assert!(
                sgd(&features, &targets, &bad, &mut stream(1, "s", 3)).is_err(),
                "{bad:?}"
            );
        }
    }
}
