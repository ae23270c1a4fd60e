//! Checks of the exercises on the variance of weights and signals.

use ndarray::Array1;

use crate::exercise::inputs::{between, count, normal_matrix, normal_vector};
use crate::exercise::law::{ERRORS, ERRORS_OF_MANY, follows, from_its_generator, mean_square};
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};
use statrs::distribution::{ContinuousCDF, Normal};

/// Far from square, so that fan-in and fan-out differ; down to one row and one column.
pub(super) fn variance(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = from_its_generator(trial, |trial, seed| {
        trial.matrix(args![4_usize, 3_usize, seed], (4, 3))
    })?;
    for (outputs, inputs) in [(40_usize, 90_usize), (500, 8), (1, 2000), (2000, 1)] {
        let seed = trial.seed();
        let w = trial.matrix(args![outputs, inputs, seed], (outputs, inputs))?;
        let expected = 2.0 / inputs as f64;
        let got = w.mapv(|v| v * v).sum() / w.len() as f64;
        let what = format!("mean of W² for {outputs} × {inputs}");
        outcome = mean_square(&what, expected, got, w.len()).and(outcome);
    }
    Ok(outcome)
}

/// All of the law, not its moments alone. Of 360,000 normal numbers none is above 4 with probability
/// 10⁻¹⁰; a law that is cut off there has none.
pub(super) fn normal(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (outputs, inputs) = (600_usize, 600_usize);
    let seed = trial.seed();
    let w = trial.matrix(args![outputs, inputs, seed], (outputs, inputs))?;
    let (count, n) = (w.len(), w.len() as f64);
    let z = w / (2.0 / inputs as f64).sqrt();
    let mean = Outcome::within("mean of W / √V", 0.0, z.sum() / n, ERRORS / n.sqrt());
    // The eighth moment of a normal law is 105, and a fourth power's tail is long.
    let fourth = z.mapv(|v| v.powi(4)).sum() / n;
    let moment = Outcome::within("mean of W⁴ / V²", 3.0, fourth, 10.0 * (96.0 / n).sqrt());
    let square = z.mapv(|v| v * v).sum() / n;
    let variance = mean_square("mean of W² / V", 1.0, square, count);
    let largest = z.fold(0.0_f64, |most, v| most.max(v.abs()));
    let tail = Outcome::at_least("largest |W| / √V", 4.0, largest);
    let law = follows("W / √V", z.into_iter().collect(), |x| {
        Normal::standard().cdf(x)
    });
    Ok(moment.and(mean).and(variance).and(tail).and(law))
}

pub(super) fn one_layer(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_vector(6, &mut trial.rng);
    let v = between(0.1, 2.0, &mut trial.rng);
    let mut outcome = Outcome::holds("layers", true, "1", "1");
    for relu in [true, false] {
        let got = trial.number(args![a, vec![9_usize], vec![v], relu])?;
        outcome = Outcome::close("E z²", v * a.dot(&a), got, 1e-9).and(outcome);
    }
    Ok(outcome)
}

/// Layers of random sizes, so that fan-in and fan-out differ.
pub(super) fn keeps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let a = normal_vector(5, &mut trial.rng);
    let sizes: Vec<usize> = (0..6)
        .map(|l| count(10, 40, &mut trial.rng) + 50 * (l % 2))
        .collect();
    let mut outcome = Outcome::holds("layers", true, "6", "6");
    for (relu, gain) in [(true, 2.0), (false, 1.0)] {
        let inputs = [5].iter().chain(&sizes[..5]);
        let variances: Vec<f64> = inputs.map(|m| gain / *m as f64).collect();
        let got = trial.number(args![a, sizes, variances, relu])?;
        let what = if relu {
            "E z² with ReLU"
        } else {
            "E z², linear"
        };
        let expected = gain * a.dot(&a) / 5.0;
        outcome = outcome.and(Outcome::close(what, expected, got, 1e-9));
    }
    Ok(outcome)
}

/// The standard error is the sample's. The means have a skewness of about 3, which 7 of 4,000
/// draws' standard errors cover.
pub(super) fn measured(trial: &mut Trial) -> Result<Outcome, Trouble> {
    const DRAWS: f64 = 4000.0;
    let a = normal_vector(5, &mut trial.rng);
    let sizes: Vec<usize> = vec![20, 30, 15];
    let variances: Vec<f64> = (0..3).map(|_| between(0.02, 0.2, &mut trial.rng)).collect();
    let got = trial.number(args![a, sizes, variances, true])?;
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..4000 {
        let mut h = a.clone();
        let mut z = Array1::zeros(0);
        for (m, v) in sizes.iter().zip(&variances) {
            z = normal_matrix(*m, h.len(), &mut trial.rng).dot(&h) * v.sqrt();
            h = z.mapv(|z| z.max(0.0));
        }
        let square = z.dot(&z) / z.len() as f64;
        sum += square;
        squares += square * square;
    }
    let mean = sum / DRAWS;
    let error = ((squares / DRAWS - mean * mean) / DRAWS).sqrt();
    Ok(Outcome::within("E z²", mean, got, ERRORS_OF_MANY * error))
}
