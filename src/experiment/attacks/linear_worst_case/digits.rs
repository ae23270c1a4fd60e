//! Two classes of small images, and a linear model of them, trained as usual and against the worst inputs.

use ndarray::{Array1, Array2};

use super::settings::{LinearWorstCase, NORMS};
use crate::attack::linear::{
    LinearModel, RobustFit, RobustSettings, length_by, robust_logistic, steepest,
};
use crate::data::synthetic::gaussian;
use crate::data::{Dataset, mean_pool, train_test_split, two_classes};
use crate::error::{Error, Result};
use crate::experiment::sizes::squares;
use crate::experiment::{Context, row};
use crate::model::Loss;
use crate::optimise::Norm;
use crate::rng::stream;
use crate::stats::{larger, largest, least, mean};

/// The side of the squares of pixels that are averaged: digits of 14×14.
const POOL: usize = 2;

/// Sizes at which the error is looked at, from 0 to twice ε.
const SIZES: usize = 24;

/// Images on which all pairs of free pixels are tried.
const TRIED: usize = 24;

row! {
    /// One size of the attack.
    pub(super) struct Point {
        /// size ε of the perturbations, in the norm of the setting
        epsilon: f64;
        /// share of test images that the standard model gets wrong under attack, by m − ε‖w‖_*
        standard: f64;
        /// the same, counted on the attacked images themselves
        standard_counted: f64;
        /// the same for the model trained against the attack, by m − ε‖w‖_*
        robust: f64;
        /// counted on the attacked images
        robust_counted: f64;
        /// the standard model on images moved as far in a random direction: signs for linf and l1, uniform for l2
        random: f64;
    }
}

/// The data and both models.
pub(super) struct Problem {
    pub train: Dataset,
    pub test: Dataset,
    /// (height, width) of the images; none for colours.
    pub shape: Option<(usize, usize)>,
    pub standard: RobustFit,
    pub robust: RobustFit,
    pub mnist: bool,
}

impl LinearWorstCase {
    pub(super) fn problem(&self, seed: u64, context: &Context) -> Result<Problem> {
        let class = |digit: usize| {
            u8::try_from(digit).map_err(|_| Error::domain("a class", "at most 255", digit))
        };
        let images = context.data.load()?;
        let (negative, positive) = (class(self.digits[0])?, class(self.digits[1])?);
        let side = squares(&images, POOL);
        let mut all = two_classes(&images, negative, positive)?;
        all.x = mean_pool(&images.of_classes(&[negative, positive])?, side)?;
        let rng = &mut stream(seed, "digits", 0);
        let split = train_test_split(all.len(), self.n, self.test, rng)?;
        let (train, test) = (all.select(&split.train)?, all.select(&split.test)?);
        let fit = |epsilon: f64| {
            let settings = RobustSettings {
                norm: self.attack(),
                epsilon,
                ridge: self.ridge,
                ..RobustSettings::default()
            };
            robust_logistic(&train.x, &train.y, &settings)
        };
        let (height, width, channels) = images.shape;
        Ok(Problem {
            standard: fit(0.0)?,
            robust: fit(self.epsilon)?,
            shape: (channels == 1).then_some((height / side, width / side)),
            mnist: images.is_mnist(),
            train,
            test,
        })
    }

    /// The error of both models against the size of the attack.
    pub(super) fn curve(&self, problem: &Problem, seed: u64) -> Result<Vec<Point>> {
        let (x, y, norm) = (&problem.test.x, &problem.test.y, self.attack());
        let directions = random_directions(norm, x.raw_dim(), seed)?;
        let wrong = |model: &LinearModel, x: &Array2<f64>| -> Result<f64> {
            let margins = model.margins(x, y)?;
            Ok(mean(margins.iter().map(|m| f64::from(*m <= 0.0))))
        };
        let point = |step: usize| {
            let epsilon = 2.0 * self.epsilon * step as f64 / SIZES as f64;
            let both = |fit: &RobustFit| -> Result<(f64, f64)> {
                let model = &fit.model;
                let moved = model.worst_inputs(x, y, norm, epsilon)?;
                let share = model.error_under_attack(x, y, norm, epsilon)?;
                Ok((share, wrong(model, &moved)?))
            };
            let (standard, standard_counted) = both(&problem.standard)?;
            let (robust, robust_counted) = both(&problem.robust)?;
            Ok(Point {
                epsilon,
                standard,
                standard_counted,
                robust,
                robust_counted,
                random: wrong(&problem.standard.model, &(x + &(&directions * epsilon)))?,
            })
        };
        (0..=SIZES).map(point).collect()
    }
}

/// A random direction of size 1 an image: signs for ℓ∞, one pixel for ℓ1, uniform for ℓ2.
fn random_directions(norm: Norm, shape: ndarray::Ix2, seed: u64) -> Result<Array2<f64>> {
    let rng = &mut stream(seed, "random directions", 0);
    let (n, d) = (shape[0], shape[1]);
    let mut v = gaussian(n, d, rng)?;
    for mut row in v.rows_mut() {
        let towards = row.to_owned();
        row.assign(&steepest(norm, &towards));
    }
    Ok(v)
}

/// How the closed form compares with the attacked images themselves, for one norm.
pub(super) struct Attained {
    /// The size at which the attack costs as much margin as the setting's.
    pub epsilon: f64,
    /// The largest |y h(x + δ) − (m − ε‖w‖_*)|.
    pub off: f64,
    /// What that may be by rounding: 10⁻¹² of the largest sum that a margin is made of.
    pub rounding: f64,
    /// The least of y h(x + δ) − (m − ε‖w‖_*) over random δ of that size.
    pub random: f64,
    /// Its mean.
    pub random_mean: f64,
}

impl Problem {
    /// For each norm, at sizes that cost the standard model the same margin ε‖w‖_*.
    pub(super) fn attained(&self, cost: f64, seed: u64) -> Result<[Attained; 3]> {
        let (x, y, model) = (&self.test.x, &self.test.y, &self.standard.model);
        let largest_sum = |x: &Array2<f64>| {
            let rows = x.rows().into_iter();
            let sums =
                rows.map(|row| mean(row.iter().zip(&model.weights).map(|(x, w)| (x * w).abs())));
            largest(sums.collect::<Vec<f64>>()) * x.ncols() as f64 + model.bias.abs()
        };
        let of = |norm: Norm| -> Result<Attained> {
            let epsilon = cost / model.sensitivity(norm);
            let worst = model.worst_margins(x, y, norm, epsilon)?;
            let moved = model.worst_inputs(x, y, norm, epsilon)?;
            let there = model.margins(&moved, y)?;
            let other = x + &(random_directions(norm, x.raw_dim(), seed)? * epsilon);
            let left = model.margins(&other, y)? - &worst;
            Ok(Attained {
                epsilon,
                off: largest((&there - &worst).iter().map(|gap| gap.abs())),
                rounding: 1e-12 * larger(largest_sum(x), largest_sum(&moved)),
                random: least(left.iter()),
                random_mean: mean(left.iter().copied()),
            })
        };
        let [a, b, c] = NORMS.map(|(_, norm)| of(norm));
        Ok([a?, b?, c?])
    }

    /// The mean training loss of `model` under attack, with its ridge term: what the robust fit makes least.
    pub(super) fn attacked_loss(
        &self,
        model: &LinearModel,
        (norm, epsilon, ridge): (Norm, f64, f64),
    ) -> Result<f64> {
        let moved = model.worst_inputs(&self.train.x, &self.train.y, norm, epsilon)?;
        let margins = model
            .margins(&moved, &self.train.y)?
            .insert_axis(ndarray::Axis(1));
        let loss = Loss::Logistic.mean(&margins, &Array2::ones(margins.raw_dim()))?;
        Ok(loss + 0.5 * ridge * model.weights.dot(&model.weights))
    }

    /// The test error with k free pixels in [0, 1], for k = 0, …, `most`: the k largest gains, and the k largest weights instead.
    pub(super) fn free_pixels(&self, most: usize) -> Result<Vec<(f64, f64, f64)>> {
        let (x, y, model) = (&self.test.x, &self.test.y, &self.standard.model);
        let by_weight = order_of(&model.weights);
        let wrong = |x: &Array2<f64>| -> Result<f64> {
            let margins = model.margins(x, y)?;
            Ok(mean(margins.iter().map(|m| f64::from(*m <= 0.0))))
        };
        let of = |k: usize| {
            let gains = model.free_pixels(x, y, k, (0.0, 1.0))?;
            let mut weights = x.clone();
            for (mut row, y) in weights.rows_mut().into_iter().zip(y) {
                for &j in by_weight.iter().take(k) {
                    row[j] = end(model.weights[j], *y);
                }
            }
            Ok((k as f64, wrong(&gains)?, wrong(&weights)?))
        };
        (0..=most).map(of).collect()
    }

    /// Two free pixels on a few images, (the least margin of all pairs less that of the two largest gains, the same of the two largest
    /// weights, the largest sum a margin is made of), the largest over the images.
    pub(super) fn all_pairs(&self) -> Result<(f64, f64, f64)> {
        let model = &self.standard.model;
        let w = &model.weights;
        let by_weight = order_of(w);
        let (mut gains, mut weights, mut scale) = (0.0, 0.0, 0.0);
        for i in 0..TRIED.min(self.test.len()) {
            let rows = self.test.select(&[i])?;
            let (x, y) = (rows.x.row(0), rows.y[[0, 0]]);
            let with = |pair: [usize; 2]| {
                let mut x = x.to_owned();
                for j in pair {
                    x[j] = end(w[j], y);
                }
                y * (x.dot(w) + model.bias)
            };
            let d = w.len();
            let pairs = (0..d).flat_map(|a| (a + 1..d).map(move |b| [a, b]));
            let best = least(pairs.map(with));
            let moved = model.free_pixels(&rows.x, &rows.y, 2, (0.0, 1.0))?;
            gains = larger(gains, (model.margins(&moved, &rows.y)?[0] - best).abs());
            // Beside one pixel the second is whatever it is.
            let two = [by_weight[0], by_weight[by_weight.len().min(2) - 1]];
            weights = larger(weights, with(two) - best);
            scale = larger(scale, length_by(Norm::L1, w) + model.bias.abs());
        }
        Ok((gains, weights, scale))
    }

    /// One step of projected gradient ascent from the image, clip(α∇f, ±ε), beside FGSM, ε sign ∇f.
    pub(super) fn one_step(&self, epsilon: f64) -> Result<OneStep> {
        let model = &self.standard.model;
        let margins = model.margins(&self.test.x, &self.test.y)?;
        let mut found = OneStep::default();
        let (mut off, mut far, mut shares) = (Vec::new(), Vec::new(), Vec::new());
        for (m, y) in margins.iter().zip(&self.test.y) {
            // f = log(1 + e^{−m}): its gradient by the image.
            let slope = -y / (1.0 + m.exp());
            let g = &model.weights * slope;
            let sizes: Vec<f64> = g.iter().map(|g| g.abs()).filter(|g| *g > 0.0).collect();
            let fgsm = g.mapv(|g| epsilon * if g == 0.0 { 0.0 } else { g.signum() });
            let step = |alpha: f64| g.mapv(|g| (alpha * g).clamp(-epsilon, epsilon));
            let differ = |alpha: f64| {
                let gaps = (&step(alpha) - &fgsm).mapv(f64::abs);
                let beyond = gaps.iter().filter(|gap| **gap > 1e-9 * epsilon).count();
                (largest(gaps.iter()), beyond as f64 / gaps.len() as f64)
            };
            // The least α with α|g_i| ≥ ε for each g_i that is not 0, up to rounding.
            let enough = epsilon / least(&sizes) * (1.0 + 1e-12);
            off.push(differ(enough).0);
            far.push(differ(0.5 * enough).0);
            // Twice what the norm of the whole gradient asks for.
            shares.push(differ(2.0 * epsilon / length_by(Norm::L2, &g)).1);
        }
        found.off = largest(off);
        found.half = least(far);
        found.by_norm = mean(shares);
        Ok(found)
    }
}

/// Where one step of projected ascent is FGSM.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OneStep {
    /// The largest difference where α|∇_i f| ≥ ε for every i, over all pixels and images.
    pub off: f64,
    /// The largest difference for half that α, the least over images.
    pub half: f64,
    /// The share of pixels that differ where only α‖∇f‖ > ε, the mean over images.
    pub by_norm: f64,
}

/// Where a free pixel of this weight goes.
fn end(w: f64, y: f64) -> f64 {
    if y * w < 0.0 { 1.0 } else { 0.0 }
}

/// Pixels by falling |w|.
fn order_of(w: &Array1<f64>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..w.len()).collect();
    order.sort_by(|&a, &b| w[b].abs().total_cmp(&w[a].abs()));
    order
}

/// The share of weights that are exactly 0.
pub(super) fn zeros(model: &LinearModel) -> f64 {
    mean(model.weights.iter().map(|w| f64::from(*w == 0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_directions_have_size_1_and_differ() {
        for (_, norm) in NORMS {
            let v = random_directions(norm, ndarray::Dim([3, 5]), 1).expect("valid");
            for row in v.rows() {
                assert!((length_by(norm, &row) - 1.0).abs() < 1e-14);
            }
            assert_ne!(v.row(0), v.row(1));
        }
        assert_eq!(
            [end(1.0, 1.0), end(1.0, -1.0), end(-2.0, 1.0)],
            [0.0, 1.0, 1.0]
        );
    }
}
