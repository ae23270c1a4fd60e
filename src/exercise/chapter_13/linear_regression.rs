//! Checks about linear regression with p of D features: its risk, and orders of the features.

use ndarray::Array1;

use crate::exercise::inputs::{between, count, normal_vector};
use crate::exercise::law::ERRORS_OF_MANY;
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};
use crate::measure::{FeatureOrder, LinearRiskSettings, exact_linear_risk, linear_risk_curve};

/// With β = 0 the fit is to noise alone: catches σ for σ² and a missing −1.
pub(super) fn pure_noise(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let beta = Array1::<f64>::zeros(40);
    let sigma = between(1.5, 3.0, &mut trial.rng);
    let left = trial.number(args![beta, 20_usize, 9_usize, sigma])?;
    let right = trial.number(args![beta, 10_usize, 31_usize, sigma])?;
    let noise = sigma * sigma;
    Ok(
        Outcome::close("risk, n = 20, p = 9", 1.9 * noise, left, 1e-9).and(Outcome::close(
            "risk, n = 10, p = 31",
            1.5 * noise,
            right,
            1e-9,
        )),
    )
}

/// Fits, not the formula: catches unseen features or the unreached part left out.
pub(super) fn simulated(trial: &mut Trial) -> Result<Outcome, Trouble> {
    use rand::RngExt;
    let beta = normal_vector(32, &mut trial.rng);
    let settings = LinearRiskSettings {
        n: 14,
        noise: 0.5,
        order: FeatureOrder::Given,
        draws: 1000,
        seed: trial.rng.random(),
    };
    let mut outcome = Outcome::holds("risks", true, "two", "two");
    for fits in linear_risk_curve(&beta, &[4, 26], &settings)? {
        let got = trial.number(args![beta, 14_usize, fits.p, 0.5])?;
        let what = format!("risk, p = {}", fits.p);
        outcome = outcome.and(Outcome::within(
            &what,
            fits.risk.mean,
            got,
            ERRORS_OF_MANY * fits.risk.se,
        ));
    }
    Ok(outcome)
}

pub(super) fn peak(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let beta = normal_vector(30, &mut trial.rng);
    let n = count(3, 20, &mut trial.rng);
    let mut infinite = Vec::new();
    for p in 1..=30_usize {
        let risk: f64 = trial.call(args![beta, n, p, 1.0])?;
        if risk == f64::INFINITY {
            infinite.push(p);
        } else if !(risk > 0.0 && risk.is_finite()) {
            let expected = "a positive risk, or ∞".to_owned();
            return Err(Trouble::Unusable(expected, format!("{risk} for p = {p}")));
        }
    }
    let expected = vec![n - 1, n, n + 1];
    Ok(Outcome::holds(
        &format!("n = {n}, risk infinite for p"),
        infinite == expected,
        &format!("{expected:?}"),
        &format!("{infinite:?}"),
    ))
}

/// Coefficients and the exact risks for p = 0 to D.
type Curve = (Array1<f64>, Vec<f64>);

/// Asks for the two vectors: n, and the vectors with their risks for σ = 0.
fn orders(trial: &mut Trial) -> Result<(usize, [Curve; 2]), Trouble> {
    let n = count(5, 20, &mut trial.rng);
    let dims = count(2 * n, 4 * n, &mut trial.rng);
    let (first, second): (Array1<f64>, Array1<f64>) = trial.call(args![n, dims])?;
    let settings = LinearRiskSettings {
        n,
        noise: 0.0,
        order: FeatureOrder::Given,
        ..LinearRiskSettings::default()
    };
    let widths: Vec<usize> = (0..=dims).collect();
    let curve = |beta: Array1<f64>| {
        if beta.len() != dims || !beta.iter().all(|b| b.abs() <= 1e100) {
            let expected = format!("{dims} numbers, none above 10¹⁰⁰");
            return Err(Trouble::Unusable(expected, format!("{beta}")));
        }
        let risks = exact_linear_risk(&beta, &widths, &settings)?;
        Ok((beta, risks))
    };
    Ok((n, [curve(first)?, curve(second)?]))
}

fn least(risks: &[f64]) -> f64 {
    risks.iter().copied().fold(f64::INFINITY, f64::min)
}

pub(super) fn same_numbers(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (_, curves) = orders(trial)?;
    let [first, second] = curves.map(|(beta, _)| {
        let mut sorted = beta.to_vec();
        sorted.sort_by(f64::total_cmp);
        Array1::from(sorted)
    });
    let same = Outcome::arrays("second, sorted", &first, &second, 1e-9);
    Ok(same.and(not_all_equal(&first)))
}

/// Equal numbers have one order only.
fn not_all_equal(beta: &Array1<f64>) -> Outcome {
    let differ = beta.iter().any(|b| *b != beta[0]);
    let got = if differ { "so" } else { "all equal" };
    Outcome::holds("the numbers", differ, "not all equal", got)
}

pub(super) fn classical_wins(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (n, [(_, risks), _]) = orders(trial)?;
    let beyond = least(&risks[n + 2..]);
    let holds = least(&risks[..n - 1]) < 0.99 * beyond;
    Ok(Outcome::holds(
        &format!("n = {n}, least risk for p ≤ n − 2"),
        holds,
        &format!("below {beyond:.4}, that for p ≥ n + 2"),
        &format!("{:.4}", least(&risks[..n - 1])),
    ))
}

pub(super) fn all_features_win(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (n, [_, (beta, risks)]) = orders(trial)?;
    let (others, all) = (least(&risks[..beta.len()]), risks[beta.len()]);
    Ok(Outcome::holds(
        &format!("n = {n}, risk for p = D = {}", beta.len()),
        all < 0.99 * others,
        &format!("below {others:.4}, the least of the others"),
        &format!("{all:.4}"),
    )
    .and(not_all_equal(&beta)))
}
