//! The same images attacked from many random starts.

use ndarray::{Array2, Axis, concatenate};

use crate::attack::{NormBall, Objective, PgdSettings, Threat, Victim, pgd};
use crate::error::Result;
use crate::experiment::problems::attacked_digits::trained;
use crate::experiment::problems::noisy_digits::NoisyDigits;
use crate::experiment::{row, settings};
use crate::model::{Differentiable, Mlp, MlpSettings};
use crate::optimise::Norm;
use crate::rng::stream;
use crate::stats::{larger, largest, smaller};

settings! {
    /// Settings of `perturbation_diversity`.
    pub struct PerturbationDiversity {
        /// Random starts of each image.
        restarts: usize = 20, quick 12, in 2..=200;
        /// ε of the ℓ∞ ball.
        epsilon: f64 = 0.3, in 0.001..=1.0;
        /// Steps of each ascent.
        steps: usize = 150, quick 110, in 2..=10_000;
        /// The length of a step, in parts of ε.
        step: f64 = 0.02, in 0.001..=1.0;
        /// Test images attacked.
        images: usize = 20, quick 8, in 2..=1000;
        /// Training images, of all classes.
        n: usize = 1000, quick 400, in 20..=60_000;
        /// Hidden units in each of two layers.
        width: usize = 128, quick 32, in 2..=2048;
        /// Passes over the training images.
        epochs: usize = 15, in 1..=1000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 1, quick 2, in 1..=28;
    }
}

row! {
    /// One image.
    pub(super) struct Point {
        /// number of the image
        image: usize;
        /// its loss
        clean: f64;
        /// the least loss that a start ends in
        least_loss: f64;
        /// their mean
        mean_loss: f64;
        /// the greatest
        greatest_loss: f64;
        /// the least ℓ2 distance between two perturbations, over ε√d
        least_distance: f64;
        /// the mean distance
        mean_distance: f64;
    }
}

/// What the starts of one image end in.
pub(super) struct Image {
    pub clean: f64,
    pub losses: Vec<f64>,
    /// Distances of all pairs over ε√d: of what is found, and of the starts.
    pub distances: Vec<f64>,
    pub start_distances: Vec<f64>,
    /// ‖u − u'‖² over its expectation, of pairs that share no start.
    pub start_pairs: Vec<f64>,
    /// The largest distance on a linear model.
    pub linear_distance: f64,
    pub pixels: Vec<f64>,
    /// Some of the perturbations, over ε.
    pub shown: Vec<Vec<f64>>,
}

/// Perturbations that are shown.
const SHOWN: usize = 4;

impl PerturbationDiversity {
    pub(super) fn found(&self, digits: &NoisyDigits, seed: u64) -> Result<Vec<Image>> {
        let rng = &mut stream(seed, "network", 0);
        let net = trained(&digits.draw(0)?.train, self.width, self.epochs, rng)?;
        let (x, y) = (&digits.test.x, &digits.test.y);
        let d = x.ncols();
        let linear = Mlp::new(
            &MlpSettings::of_sizes(&[d, 1]),
            &mut stream(seed, "linear", 0),
        )?;
        let ball = NormBall::new(Norm::LInf, self.epsilon);
        let settings = PgdSettings {
            steps: self.steps,
            step: self.step * self.epsilon,
            random_start: true,
            ..PgdSettings::default()
        };
        let copies = |a: &Array2<f64>| {
            let rows = a.rows().into_iter();
            let many =
                rows.flat_map(|row| std::iter::repeat_n(row.insert_axis(Axis(0)), self.restarts));
            concatenate(Axis(0), &many.collect::<Vec<_>>()).expect("rows of one length")
        };
        let (many_x, many_y) = (copies(x), copies(y));
        let victim = net.checked()?;
        let found = pgd(
            &victim,
            &many_x,
            &many_y,
            &ball,
            &settings,
            &mut stream(seed, "starts", 0),
        )?;
        let signs = Array2::ones((many_x.nrows(), 1));
        let margin = PgdSettings {
            objective: Objective::Margin,
            ..settings
        };
        let of_linear = pgd(
            &linear.checked()?,
            &many_x,
            &signs,
            &ball,
            &margin,
            &mut stream(seed, "starts", 0),
        )?;
        // The same stream gives the same starts again.
        let mut starts = many_x.clone();
        let rng = &mut stream(seed, "starts", 0);
        for (x, mut z) in many_x.rows().into_iter().zip(starts.rows_mut()) {
            let mut point = x.to_vec();
            ball.start(&x.to_vec(), &mut point, rng);
            z.iter_mut().zip(point).for_each(|(z, v)| *z = v);
        }
        let clean = victim.ascent(x, y, Objective::default())?.values;
        let scale = self.epsilon * (d as f64).sqrt();
        let images = (0..x.nrows()).map(|index| {
            let rows = index * self.restarts..(index + 1) * self.restarts;
            let of = |all: &Array2<f64>| -> Vec<Vec<f64>> {
                rows.clone().map(|row| all.row(row).to_vec()).collect()
            };
            let (ends, begins) = (of(&found.inputs), of(&starts));
            let pixels = x.row(index).to_vec();
            let widths = pixels
                .iter()
                .map(|x| smaller(x + self.epsilon, 1.0) - larger(x - self.epsilon, 0.0));
            let expected = widths.map(|w| w * w).sum::<f64>() / 6.0;
            let pairs = begins.as_chunks::<2>().0;
            let shown = ends.iter().take(SHOWN);
            let over = |z: &Vec<f64>| {
                z.iter()
                    .zip(&pixels)
                    .map(|(z, x)| (z - x) / self.epsilon)
                    .collect()
            };
            Image {
                clean: clean[index],
                losses: found.values[rows.clone()].to_vec(),
                distances: apart(&ends).into_iter().map(|far| far / scale).collect(),
                start_distances: apart(&begins).into_iter().map(|far| far / scale).collect(),
                start_pairs: pairs
                    .iter()
                    .map(|[a, b]| distance(a, b).powi(2) / expected)
                    .collect(),
                linear_distance: largest(apart(&of(&of_linear.inputs))) / scale,
                shown: shown.map(over).collect(),
                pixels,
            }
        });
        Ok(images.collect())
    }
}

/// The distances of all pairs.
fn apart(points: &[Vec<f64>]) -> Vec<f64> {
    let pairs = points.iter().enumerate();
    let pairs = pairs.flat_map(|(i, a)| points[..i].iter().map(move |b| distance(a, b)));
    pairs.collect()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).powi(2))
        .sum::<f64>()
        .sqrt()
}
