//! Checks: what may be done to an input, and to a training point.

use ndarray::{Array1, Array2, Axis, concatenate};

use crate::attack::pixel_gains;
use crate::data::synthetic::uniform_cube;
use crate::exercise::inputs::{between, count, normal_matrix, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Check, Exercise, Outcome, Trial, Trouble};
use crate::fit::ridge;
use crate::linalg::symmetric_eigen;

const CHAPTER: &str = "02_adversarial_examples";

pub(super) const FREE_PIXELS: Exercise = Exercise {
    name: "free_pixels",
    chapter: CHAPTER,
    title: "Change k pixels, any way you like",
    hints: &[
        "Pixels do not wait for each other: find what each alone can add to g·z, then take the k best.",
        "A pixel with g > 0 goes up to 1, one with g < 0 down to 0. A white pixel has no room above it, whatever its slope.",
        "The gain of pixel i is g_i (1 − x_i) where g_i > 0 and −g_i x_i where g_i < 0. Sort the places by it, the largest first; change the first k.",
    ],
    checks: &[
        Check {
            name: "budget",
            about: "at most k pixels differ, all lie in [0, 1], and g·z rises",
            run: budget,
        },
        Check {
            name: "largest",
            about: "g·z rises by the sum of the k largest gains, for 9 and for 784 pixels",
            run: largest,
        },
    ],
};

pub(super) const POISONED_PREDICTION: Exercise = Exercise {
    name: "poisoned_prediction",
    chapter: CHAPTER,
    title: "One more training point, without training",
    hints: &[
        "The new point adds zzᵀ, a matrix of rank one, to A = XᵀX + λI, and t z to Xᵀy. Its inverse changes by a matrix of rank one too.",
        "w' = w + A⁻¹z (t − w·z)/(1 + zᵀA⁻¹z): what the point still has to tell, shared out.",
        "a·w + (a·A⁻¹z)(t − w·z)/(1 + z·A⁻¹z); compute A⁻¹z once.",
    ],
    checks: &[
        Check {
            name: "retrained",
            about: "it is the prediction of ridge regression fitted anew with the point among its data",
            run: retrained,
        },
        Check {
            name: "expected",
            about: "a point that is as predicted changes nothing",
            run: expected,
        },
    ],
};

/// Slopes, and pixels uniform on [0, 1].
pub(in crate::exercise) fn picture(
    d: usize,
    trial: &mut Trial,
) -> Result<(Array1<f64>, Array1<f64>), Trouble> {
    let g = normal_vector(d, &mut trial.rng);
    Ok((g, uniform_cube(1, d, &mut trial.rng)?.row(0).to_owned()))
}

/// Whether `z` differs from `x` in at most k places and stays in [0, 1].
pub(in crate::exercise) fn allowed(x: &Array1<f64>, z: &Array1<f64>, k: usize) -> Outcome {
    let changed = x.iter().zip(z).filter(|(x, z)| x != z).count();
    let outside = z.iter().filter(|z| !(0.0..=1.0).contains(*z)).count();
    let few = Outcome::at_most("pixels that differ", k as f64, changed as f64);
    few.and(Outcome::at_most(
        "pixels outside [0, 1]",
        0.0,
        outside as f64,
    ))
}

/// The sum of the k largest gains.
pub(in crate::exercise) fn best_gain(
    g: &Array1<f64>,
    x: &Array1<f64>,
    k: usize,
) -> Result<f64, Trouble> {
    let mut gains = pixel_gains(g, x, (0.0, 1.0))?.to_vec();
    gains.sort_by(|a, b| b.total_cmp(a));
    Ok(gains.iter().take(k).sum())
}

fn budget(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = count(1, 6, &mut trial.rng);
    let (g, x) = picture(30, trial)?;
    let z = trial.vector(args![g, x, k], 30)?;
    let gain = g.dot(&(&z - &x));
    let rises = Outcome::holds("g·z", gain > 0.0, "more than g·x", "not more");
    Ok(allowed(&x, &z, k).and(rises))
}

/// In many pixels the k steepest slopes and the k largest gains are not the same pixels.
fn largest(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("gain", true, "the largest", "the largest");
    for (d, most) in [(9, 4), (784, 40)] {
        let k = count(2, most, &mut trial.rng);
        let (g, x) = picture(d, trial)?;
        let z = trial.vector(args![g, x, k], d)?;
        let gain = Outcome::close("gain", best_gain(&g, &x, k)?, g.dot(&(&z - &x)), 1e-9);
        outcome = outcome.and(gain).and(allowed(&x, &z, k));
    }
    Ok(outcome)
}

/// A ridge regression: A⁻¹ and w, and the data it is of.
pub(in crate::exercise) struct Fit {
    pub(in crate::exercise) inverse: Array2<f64>,
    pub(in crate::exercise) weights: Array1<f64>,
    x: Array2<f64>,
    y: Array1<f64>,
    lambda: f64,
}

impl Fit {
    /// n examples with d inputs.
    pub(in crate::exercise) fn new(n: usize, d: usize, trial: &mut Trial) -> Result<Self, Trouble> {
        let x = normal_matrix(n, d, &mut trial.rng);
        let y = normal_vector(n, &mut trial.rng);
        let lambda = between(0.2, 3.0, &mut trial.rng);
        let eigen = symmetric_eigen(&x.t().dot(&x))?;
        let scaled = &eigen.vectors / &(eigen.values + lambda);
        Ok(Self {
            inverse: scaled.dot(&eigen.vectors.t()),
            weights: ridge(&x, &y.clone().insert_axis(Axis(1)), lambda)?
                .weights
                .column(0)
                .to_owned(),
            x,
            y,
            lambda,
        })
    }

    /// The prediction at `a` after the point (z, t) was added, fitted anew.
    pub(in crate::exercise) fn anew(
        &self,
        a: &Array1<f64>,
        z: &Array1<f64>,
        t: f64,
    ) -> Result<f64, Trouble> {
        let x = concatenate![Axis(0), self.x, z.clone().insert_axis(Axis(0))];
        let y = concatenate![Axis(0), self.y, ndarray::array![t]].insert_axis(Axis(1));
        Ok(a.dot(&ridge(&x, &y, self.lambda)?.weights.column(0)))
    }
}

/// More examples than inputs, and fewer.
fn retrained(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("prediction", true, "as retrained", "as retrained");
    for (n, d) in [(12, 4), (6, 15)] {
        let fit = Fit::new(n, d, trial)?;
        let [a, z] = [(); 2].map(|()| normal_vector(d, &mut trial.rng));
        let t = between(3.0, 9.0, &mut trial.rng);
        let got = trial.number(args![fit.inverse, fit.weights, a, z, t])?;
        let prediction = Outcome::within("prediction", fit.anew(&a, &z, t)?, got, 1e-8);
        outcome = outcome.and(prediction);
    }
    Ok(outcome)
}

fn expected(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let fit = Fit::new(10, 5, trial)?;
    let [a, z] = [(); 2].map(|()| normal_vector(5, &mut trial.rng));
    let t = fit.weights.dot(&z);
    let got = trial.number(args![fit.inverse, fit.weights, a, z, t])?;
    Ok(Outcome::within(
        "prediction",
        a.dot(&fit.weights),
        got,
        1e-9,
    ))
}
