//! A network that has learned every wrong label, and is right on fresh points all the same: in high dimension.

use ndarray::Array2;
use rand::RngExt;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::data::Dataset;
use crate::data::synthetic::{gaussian, random_signs};
use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Draw, Findings, Study, once_in, row, settings};
use crate::fit::train::{TrainSettings, train};
use crate::measure::lazy_ratio;
use crate::model::init::Init;
use crate::model::{Loss, Mlp32, MlpSettings};
use crate::optimise::Optimiser;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::rng::Rng;
use crate::stats::{Estimate, largest, largest_distance, least};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

settings! {
    /// Settings of `benign_network`.
    pub struct BenignNetwork {
        /// Training examples n.
        n: usize = 40, in 4..=1000;
        /// Dimensions p of the inputs.
        dims: Vec<usize> = vec![20, 50, 100, 300, 1000, 3000], quick vec![20, 1500], in 2..=20_000;
        /// Distance ‖μ‖ of the two classes' centres from 0; around them inputs have variance 1 in every direction.
        signal: f64 = 10.0, in 0.1..=100.0;
        /// Share η of labels that are wrong, in training and test.
        label_noise: f64 = 0.15, in 0.0..=0.45;
        /// Hidden units.
        width: usize = 64, in 1..=1024;
        /// Size of the initial weights, over that of LeCun's initialisation; large ones make training lazy. With very small ones
        /// all units soon point along ±μ, and an example with a wrong label may find none that is active on it.
        init_size: f64 = 0.5, in 0.001..=1000.0;
        /// Learning rate of gradient descent, for inputs of length 1.
        learning_rate: f64 = 1.0, in 1e-4..=100.0;
        /// Most steps; a network stops once its loss is at most 0.01.
        epochs: usize = 3000, in 10..=1_000_000;
        /// Fresh points for each network.
        test: usize = 2000, in 100..=100_000;
        /// Networks at each p, each with its own data.
        draws: usize = 20, in 3..=1000;
    }
}

row! {
    /// The networks of one dimension.
    struct Point {
        /// dimension of the inputs
        p: usize;
        /// share of training examples on the wrong side of their labels, wrong labels included
        train_error: f64;
        /// error on fresh points with labels of which a share η is wrong
        noisy_error: Estimate, and noisy_se "its standard error";
        /// that less the share of their labels that is wrong
        excess: Estimate, and excess_se "its standard error";
        /// error on fresh points with right labels
        clean_error: Estimate, and clean_se "its standard error";
        /// the last for the linear classifier of largest margin, where examples are orthogonal but for their centres
        linear: f64;
        /// lazy ratio, how far the weights moved over their initial size
        kappa: Estimate, and kappa_se "its standard error";
    }
}

/// One network: its error on its training set, on fresh points with noisy and with right labels, and κ.
struct Run {
    train: f64,
    noisy: f64,
    excess: f64,
    clean: f64,
    kappa: f64,
}

impl Study for BenignNetwork {
    const ABOUT: About = About {
        id: "benign_network",
        title: "Benign overfitting of a network that is not lazy",
        what: "Trains two-layer ReLU networks by gradient descent from small weights on two clusters, a share η of whose \
               labels is wrong, until they have every label right. In a dimension near the number of examples the \
               wrong labels spoil the error on fresh points; far above it they do no harm, and the error is η, as \
               that of the best classifier. The weights move farther than they were long: training is not lazy.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Results for benign overfitting\", \"Beyond linear \
                regression: NNs in non-lazy training regimes\"; after Frei, Chatterji & Bartlett 2022, \
                arXiv:2202.05928, and Kou, Chen, Chen & Gu 2023, arXiv:2303.04145",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let mut dims = self.dims.clone();
        dims.sort_unstable();
        dims.dedup();
        let runs = context.sweep("networks", &dims, self.draws, seed, |&p, draw| {
            self.network(p, draw)
        })?;
        let points = dims.iter().zip(&runs).map(|(&p, runs)| {
            Ok(Point {
                p,
                train_error: largest(runs.iter().map(|run| run.train)),
                noisy_error: Estimate::of(runs, |run| run.noisy)?,
                excess: Estimate::of(runs, |run| run.excess)?,
                clean_error: Estimate::of(runs, |run| run.clean)?,
                linear: self.linear_error(p),
                kappa: Estimate::of(runs, |run| run.kappa)?,
            })
        });
        let points = points.collect::<Result<Vec<Point>>>()?;
        let kappa = least(runs.iter().flatten().map(|run| run.kappa));
        self.findings(&points, kappa)
    }
}

impl BenignNetwork {
    fn network(&self, p: usize, draw: Draw) -> Result<Run> {
        let rng = &mut draw.rng("benign network");
        let (data, _) = self.data(p, self.n, rng)?;
        let shape = MlpSettings {
            biases: false,
            init: Init::LECUN.with_gain(self.init_size),
            ..MlpSettings::of_sizes(&[p, self.width, 1])
        };
        let start = Mlp32::new(&shape, rng)?;
        let settings = TrainSettings {
            loss: Loss::Logistic,
            optimiser: Optimiser::sgd(),
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            batch: self.n,
            record_every: 10,
            target_loss: Some(0.01),
            ..TrainSettings::default()
        };
        let net = train(&start, &data, None, &settings, rng)?.net;
        let error = |outputs: &Array2<f32>, labels: &Array2<f64>| {
            let wrong = outputs
                .iter()
                .zip(labels)
                .filter(|(f, y)| f64::from(**f) * **y <= 0.0);
            wrong.count() as f64 / labels.len() as f64
        };
        let outputs = |x: &Array2<f64>| net.forward(&x.mapv(|x| x as f32));
        let (fresh, right) = self.data(p, self.test, rng)?;
        let on_fresh = outputs(&fresh.x)?;
        let flipped = (&fresh.y * &right)
            .iter()
            .filter(|same| **same < 0.0)
            .count();
        let noisy = error(&on_fresh, &fresh.y);
        Ok(Run {
            train: error(&outputs(&data.x)?, &data.y),
            noisy,
            excess: noisy - flipped as f64 / self.test as f64,
            clean: error(&on_fresh, &right),
            kappa: lazy_ratio(&net, &start)?.kappa,
        })
    }

    /// Points of both clusters with noisy labels, in units of their typical length, and the right labels.
    fn data(&self, p: usize, n: usize, rng: &mut Rng) -> Result<(Dataset, Array2<f64>)> {
        let right = random_signs(n, rng)?;
        let mut x = gaussian(n, p, rng)?;
        for (mut row, sign) in x.rows_mut().into_iter().zip(&right) {
            row[0] += sign * self.signal;
        }
        x /= (p as f64 + self.signal.powi(2)).sqrt();
        let noisy = right.mapv(|sign| match rng.random::<f64>() < self.label_noise {
            true => -sign,
            false => sign,
        });
        Ok((Dataset::new(x, noisy)?, right))
    }

    /// The error, with right labels, of the linear classifier of largest margin if the parts of the inputs about their
    /// centres were orthogonal, of squared length p each.
    ///
    /// Every example then supports it. With w = Σ α_i y_i x_i, a = w·μ and q = n‖μ‖²/p: a margin of 1 needs α_i p = 1 ∓ a, the upper
    /// sign for right labels; so a = (1 − 2η)q/(1 + q), and w·x has on a fresh point the mean a and the variance
    /// pΣα_i² + a²/‖μ‖².
    fn linear_error(&self, p: usize) -> f64 {
        let (n, p, eta) = (self.n as f64, p as f64, self.label_noise);
        let squared = self.signal * self.signal;
        let q = n * squared / p;
        let a = (1.0 - 2.0 * eta) * q / (1.0 + q);
        let spread = n / p * ((1.0 - eta) * (1.0 - a).powi(2) + eta * (1.0 + a).powi(2));
        Normal::standard().cdf(-a / (spread + a * a / squared).sqrt())
    }

    fn findings(&self, points: &[Point], kappa: f64) -> Result<Findings> {
        let missing = || Error::domain("dims", "one dimension at least", 0);
        let (low, high) = (
            points.first().ok_or_else(missing)?,
            points.last().ok_or_else(missing)?,
        );
        let eta = self.label_noise;
        let expected = eta + (1.0 - 2.0 * eta) * high.linear;
        let z = largest_distance(1, LEVEL, None)?;
        let tested = (self.test * self.draws) as f64;
        let apart = low.p < self.n && high.p > 30 * self.n;
        let reason = "the dimensions are not on both sides";
        Ok(Findings::of(points)
            .measure("clean_error_low", low.clean_error.mean)
            .measure("clean_error_high", high.clean_error.mean)
            .measure("kappa_high", high.kappa.mean)
            .claim(Claim::equals(
                "at the largest p every network has every training label right, wrong ones included: largest training error",
                0.0,
                high.train_error,
                0.0,
            ))
            .against(eta, "the wrong labels left alone")
            // Where inputs are few, a network in a hundred gets stuck one or two labels before the end.
            .claim(Claim::at_most(
                "at every p no network leaves more than a third of the wrong labels alone: largest training error",
                eta / 3.0,
                largest(points.iter().map(|point| point.train_error)),
                0.0,
            ))
            .against(eta, "the wrong labels left alone")
            .claim(Claim::equals(
                &format!(
                    "at p = {} the error on fresh points, labels as noisy, is that of the best classifier, η, and \
                     what a linear one of largest margin adds; within {z:.1} s.e. of so many points ({})",
                    high.p,
                    once_in(LEVEL)
                ),
                expected,
                high.noisy_error.mean,
                z * (expected * (1.0 - expected) / tested).sqrt(),
            ))
            .against(2.0 * eta * (1.0 - eta), "that of the nearest neighbour")
            .not_measured_if(!apart, reason)
            .headline()
            .measured_as("noisy_error_high")
            .claim(Claim::positive(
                &format!("at p = {} the wrong labels do harm: error on fresh points less the share of wrong labels among them", low.p),
                low.excess,
                LEVEL,
            )?)
            .not_measured_if(!apart, reason)
            .measured_as("excess_low")
            .claim(Claim::less_than(
                "error with right labels, high against low dimension, in standard errors of the difference",
                -largest_distance(1, 2.0 * LEVEL, Some(self.draws))?,
                (high.clean_error.mean - low.clean_error.mean)
                    / high.clean_error.se.hypot(low.clean_error.se),
                0.0,
            ))
            .not_measured_if(!apart, reason)
            .claim(Claim::greater_than(
                "not lazy: the weights moved farther than they were long, κ of every network above 1: least",
                1.0,
                kappa,
                0.0,
            ))
            .not_measured_if(self.init_size > 0.5, "the weights were not small")
            .measured_as("least_kappa")
            .figure(self.figure(points)))
    }

    fn figure(&self, points: &[Point]) -> Figure {
        let p = |point: &Point| point.p as f64;
        let errors = Panel::new("dimension p", "share of errors")
            .title(&format!("trained to no error on n = {}", self.n))
            .log_x()
            .y_range(-0.02, 0.5)
            .points_of("fresh points, noisy labels", points, p, |point| {
                point.noisy_error.mean
            })
            .error_bars_of(points, |point| point.noisy_error.bar(2.0))
            .points_of("fresh points, right labels", points, p, |point| {
                point.clean_error.mean
            })
            .error_bars_of(points, |point| point.clean_error.bar(2.0))
            .line_of("right labels, linear, largest margin", points, p, |point| {
                point.linear
            })
            .color(1)
            .horizontal(self.label_noise, "η")
            .legend(LegendPosition::Below);
        let moved = Panel::new("dimension p", "lazy ratio κ")
            .title("how far the weights moved")
            .log_x()
            .log_y()
            .points_of("", points, p, |point| point.kappa.mean)
            .error_bars_of(points, |point| point.kappa.bar(2.0))
            .horizontal(1.0, "as far as they were long")
            .legend(LegendPosition::Below);
        Figure::new(Self::ABOUT.title)
            .panel(errors)
            .panel(moved)
            .caption("Means over networks, each with its own data, with 2 standard errors.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linear_error_falls_and_rises_again() {
        let settings = BenignNetwork::default();
        let error = |p| settings.linear_error(p);
        assert!(error(40) > 0.1 && error(3000) < 1e-3);
        // n‖μ‖⁴/p is what counts: small again.
        assert!(error(10_000_000) > 0.2);
        let clean = BenignNetwork {
            label_noise: 0.0,
            ..settings
        };
        assert!(clean.linear_error(40) < 1e-4);
    }
}
