//! Training runs of every scheme at every width.

use crate::data::{Dataset, mean_pool, train_test_split, two_classes};
use crate::error::{Error, Result};
use crate::experiment::sizes::{squares, usual_pair};
use crate::experiment::{Context, Draw, row, settings};
use crate::fit::TrainSettings;
use crate::fit::train::{Outcome, train};
use crate::linalg::spectral_norm;
use crate::measure::lazy_ratio;
use crate::model::{Activation, Init, Loss, Mlp, MlpSettings};
use crate::optimise::Optimiser;
use crate::stats::{Estimate, exact_power_law, larger};

/// Pixels of images of 28 × 28 are averaged over squares of this side: 49 inputs are left.
const POOL: usize = 4;

settings! {
    /// Settings of `lazy_training`.
    pub struct LazyTraining {
        /// Widths m.
        widths: Vec<usize> = vec![64, 256, 1024, 4096], quick vec![64, 256, 1024], in 8..=65_536, len 2..=10, increasing;
        /// How the weights are drawn.
        init: Vec<&'static str> = vec!["ntk_parametrised", "mean_field"],
            in ["ntk_parametrised", "mean_field", "he", "lecun", "ntk", "xavier"], len 1..=4;
        /// Multiplies the output of the network; a larger scale is lazier.
        scale: f64 = 1.0, in 0.01..=100.0;
        /// Training digits, 3 against 7; of data without these the first two classes.
        n: usize = 30, quick 16, in 4..=1000;
        /// Epochs of full-batch gradient descent, one step each.
        epochs: usize = 200, quick 60, in 20..=100_000;
        /// The learning rate in parts of the largest that is stable at the start.
        share: f64 = 0.25, in 0.001..=1.0;
        /// Training sets and starts drawn at each width.
        draws: usize = 12, quick 24, in 3..=1000;
    }
}

row! {
    /// One scheme at one width and epoch, over draws.
    pub(super) struct Point {
        /// how the weights are drawn
        init: &'static str;
        /// neurons m
        width: usize;
        /// epochs of training
        epoch: usize;
        /// lazy ratio, mean over draws
        kappa: Estimate, and kappa_se "its standard error";
        /// ‖W(t) − W(0)‖_F of the input weights, mean over draws
        distance_first: f64;
        /// the same of the output weights
        distance_last: f64;
        /// mean squared training error, mean over draws
        loss: f64, unit "label²";
        /// mean over draws
        learning_rate: f64;
    }
}

/// The network at some epoch.
pub(super) struct Moment {
    epoch: usize,
    pub kappa: f64,
    /// ‖W_l(t) − W_l(0)‖_F of the input and of the output weights.
    pub distances: [f64; 2],
    pub loss: f64,
}

/// One training run.
pub(super) struct Run {
    pub learning_rate: f64,
    pub moments: Vec<Moment>,
}

impl Run {
    pub(super) fn last(&self) -> &Moment {
        &self.moments[self.moments.len() - 1]
    }
}

/// All runs of one scheme at one width.
pub(super) struct AtWidth {
    pub points: Vec<Point>,
    pub runs: Vec<Run>,
}

impl AtWidth {
    fn new(init: &'static str, width: usize, runs: Vec<Run>) -> Result<Self> {
        let over = |of: &dyn Fn(&Run) -> f64| Estimate::of(&runs, of);
        let point = |at: usize| {
            Ok(Point {
                init,
                width,
                epoch: runs[0].moments[at].epoch,
                kappa: over(&|run| run.moments[at].kappa)?,
                distance_first: over(&|run| run.moments[at].distances[0])?.mean,
                distance_last: over(&|run| run.moments[at].distances[1])?.mean,
                loss: over(&|run| run.moments[at].loss)?.mean,
                learning_rate: over(&|run| run.learning_rate)?.mean,
            })
        };
        let points = (0..runs[0].moments.len()).map(point);
        Ok(Self {
            points: points.collect::<Result<_>>()?,
            runs,
        })
    }

    /// The last epoch.
    pub(super) fn end(&self) -> &Point {
        &self.points[self.points.len() - 1]
    }
}

/// All runs of one scheme.
pub(super) struct Series {
    pub init: &'static str,
    pub widths: Vec<AtWidth>,
}

impl Series {
    /// The exponent of a number by width: mean over draws, whose training sets are the same at all widths.
    pub(super) fn slope(&self, of: impl Fn(&Run) -> f64) -> Result<Estimate> {
        let m = self.widths.iter().map(|w| w.end().width as f64);
        let m: Vec<f64> = m.collect();
        let exponents = (0..self.widths[0].runs.len()).map(|draw| {
            let values: Vec<f64> = self.widths.iter().map(|w| of(&w.runs[draw])).collect();
            Ok(exact_power_law(&m, &values)?.exponent)
        });
        Estimate::from_values(&exponents.collect::<Result<Vec<f64>>>()?)
    }
}

impl LazyTraining {
    /// All schemes, and whether trends known from MNIST may be claimed.
    pub(super) fn series(&self, seed: u64, context: &Context) -> Result<(Vec<Series>, bool)> {
        let repeated = |(at, name): (usize, &&str)| self.init[..at].contains(name);
        if self.init.iter().enumerate().any(repeated) {
            let got = self.init.join(",");
            return Err(Error::domain("the initialisations", "each once", got));
        }
        let images = context.data.load()?;
        let (negative, positive) = usual_pair(&images)?;
        let digits = images.of_classes(&[negative, positive])?;
        let mut all = two_classes(&digits, negative, positive)?;
        all.x = mean_pool(&digits, squares(&digits, POOL))?;
        let widths = |&init: &&'static str| self.widths.iter().map(move |&width| (init, width));
        let places: Vec<(&'static str, usize)> = self.init.iter().flat_map(widths).collect();
        // The same training sets at every place.
        let runs = context.paired("runs", &places, self.draws, seed, |&(init, width), draw| {
            self.run_one(&all, init, width, draw)
        })?;
        let mut at_widths = places.iter().zip(runs);
        let series = self.init.iter().map(|&init| {
            let own = at_widths.by_ref().take(self.widths.len());
            let widths = own.map(|(&(_, width), runs)| AtWidth::new(init, width, runs));
            Ok(Series {
                init,
                widths: widths.collect::<Result<_>>()?,
            })
        });
        Ok((series.collect::<Result<_>>()?, images.is_mnist()))
    }

    fn run_one(&self, all: &Dataset, init: &str, width: usize, draw: Draw) -> Result<Run> {
        let rng = &mut draw.rng("digits");
        let split = train_test_split(all.len(), self.n, 0, rng)?;
        let mut data = all.select(&split.train)?;
        let d = data.x.ncols();
        // ‖x‖² = d: numbers of order 1, whatever the digit's ink.
        for mut x in data.x.rows_mut() {
            let norm = x.dot(&x).sqrt();
            x *= (d as f64).sqrt() / larger(norm, f64::MIN_POSITIVE);
        }
        let settings = MlpSettings {
            sizes: vec![d, width, 1],
            activation: Activation::Relu,
            biases: false,
            init: Init::named(init)?,
        };
        let mut net = Mlp::new(&settings, &mut draw.rng(&format!("start {width}")))?;
        if let Some(last) = net.layers.last_mut() {
            last.multiplier *= self.scale;
        }
        // The curvature of the mean squared error is (2/n) λ_max(K); up to twice its inverse is stable.
        let gradients = net.output_gradients(&data.x, 0)?;
        let kernel = gradients.inner_products(&gradients)?;
        let learning_rate = self.share * self.n as f64 / spectral_norm(&kernel)?;
        let train_settings = TrainSettings {
            loss: Loss::Mse,
            optimiser: Optimiser::sgd(),
            learning_rate,
            epochs: self.epochs,
            batch: self.n,
            snapshots: epochs(self.epochs),
            ..TrainSettings::default()
        };
        let trained = train(&net, &data, None, &train_settings, rng)?;
        if let Outcome::Diverged { step, loss, .. } = trained.outcome {
            return Err(Error::Diverged {
                method: format!("gradient descent from {init}, width {width}"),
                step,
                quantity: "the loss".to_owned(),
                value: loss,
                hint: "; set a smaller share".to_owned(),
            });
        }
        let losses = trained.history.train_loss();
        let moments = trained.snapshots.iter().map(|(epoch, now)| {
            let movement = lazy_ratio(now, &net)?;
            Ok(Moment {
                epoch: *epoch,
                kappa: movement.kappa,
                distances: [movement.distances[0], movement.distances[1]],
                loss: losses[*epoch],
            })
        });
        Ok(Run {
            learning_rate,
            moments: moments.collect::<Result<_>>()?,
        })
    }
}

/// About 20 epochs, closer at the start, with 0 and the last.
fn epochs(last: usize) -> Vec<usize> {
    let steps = (0..=20).map(|i| (last as f64).powf(f64::from(i) / 20.0).round() as usize);
    let mut epochs: Vec<usize> = std::iter::once(0).chain(steps).collect();
    epochs.dedup();
    epochs
}
