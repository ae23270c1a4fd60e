//! Sharpness where it is known exactly: of a linear classifier.

use ndarray::Axis;

use crate::data::one_hot;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::measure::complexity::{
    Perturbation, accuracy, linear_drop, linear_std, margins, noise_like, perturbation_std,
    perturbed,
};
use crate::model::{Mlp, MlpSettings};
use crate::rng::stream;
use crate::stats::{Estimate, largest_distance};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-4;

/// Examples, inputs, and draws of the noise.
const SIZE: (usize, usize, usize) = (200, 20, 400);

/// The drop of accuracy.
const DROP: f64 = 0.1;

/// Claims about two clusters and the difference of their means as a classifier.
pub(super) fn claims(found: Draft, seed: u64) -> Result<Draft> {
    let (n, d, draws) = SIZE;
    let rng = &mut stream(seed, "linear sharpness", 0);
    let mut x = gaussian(n, d, rng)?;
    let classes: Vec<u8> = (0..n).map(|i| (i % 2) as u8).collect();
    for (mut row, class) in x.rows_mut().into_iter().zip(&classes) {
        row[0] += if *class == 0 { 3.0 } else { -3.0 };
    }
    let shape = MlpSettings {
        biases: false,
        ..MlpSettings::of_sizes(&[d, 2])
    };
    let mut net = Mlp::new(&shape, rng)?;
    net.layers[0].weights.fill(0.0);
    net.layers[0].weights[[0, 0]] = 0.5;
    net.layers[0].weights[[1, 0]] = -0.5;
    let targets = one_hot(&classes, 2)?;
    let all = margins(&net.forward(&x)?, &targets)?;
    // What is wrong without noise is left out: the formula is about what noise turns.
    let right: Vec<usize> = (0..n).filter(|&i| all[i] > 0.0).collect();
    let (x, targets) = (x.select(Axis(0), &right), targets.select(Axis(0), &right));
    let margins: Vec<f64> = right.iter().map(|&i| all[i]).collect();
    let norms: Vec<f64> = x
        .rows()
        .into_iter()
        .map(|row| row.dot(&row).sqrt())
        .collect();
    let exact = linear_std(&margins, &norms, DROP)?;
    let dropped = (0..draws as u64).map(|draw| {
        let noise = noise_like(&net, &mut stream(seed, "linear noise", draw));
        Ok(1.0 - accuracy(&perturbed(&net, &noise, exact), &x, &targets)?)
    });
    let dropped = Estimate::from_values(&dropped.collect::<Result<Vec<f64>>>()?)?;
    let settings = Perturbation {
        drop: DROP,
        draws,
        ..Default::default()
    };
    let searched = perturbation_std(&net, &x, &targets, &settings, rng)?;
    let step = 1e-4 * exact;
    let slope = (linear_drop(&margins, &norms, exact + step)?
        - linear_drop(&margins, &norms, exact - step)?)
        / (2.0 * step);
    let z = largest_distance(1, LEVEL, Some(draws))?;
    let resolution = settings.largest / (settings.steps as f64).exp2();
    Ok(found
        .claim(Claim::mean_equals(
            "sharpness of a linear classifier: noise of the exact σ, where the mean of Φ(−m/(√2σ‖x‖)) is 0.1, costs this \
             share of accuracy",
            DROP,
            dropped,
            0.0,
            LEVEL,
        )?)
        .against(
            linear_drop(&margins, &norms, exact * exact)?,
            "the drop if σ², the variance, were the standard deviation of the noise",
        )
        .claim(Claim::equals(
            "sharpness of a linear classifier: bisection finds the exact σ, within the error of its own draws by the slope \
             there",
            exact,
            searched,
            z * dropped.se / slope + resolution,
        ))
        .against(exact * exact, "σ², the variance of that noise"))
}
