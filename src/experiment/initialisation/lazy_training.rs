//! The lazy ratio during training, by width, for scalings of the start that are lazy and that are not.

mod findings;

use rayon::prelude::*;

use crate::data::{Dataset, Source, mean_pool, train_test_split, two_classes};
use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::sizes::{of_classes, share_out, squares, usual_pair};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::TrainSettings;
use crate::fit::train::{Outcome, train};
use crate::linalg::spectral_norm;
use crate::measure::lazy_ratio;
use crate::model::{Activation, Init, Loss, Mlp, MlpSettings};
use crate::optimise::Optimiser;
use crate::rng::stream;
use crate::stats::larger;
use findings::findings;

settings! {
    /// Settings of `lazy_training`.
    pub struct LazyTraining {
        /// Widths m, from small to large.
        widths: Vec<usize> = vec![64, 256, 1024, 4096], quick vec![64, 256, 1024], in 8..=65_536, len 2..=10;
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

/// Pixels of images of 28 × 28 are averaged over squares of this side: 49 inputs are left.
const POOL: usize = 4;

/// The network at some epoch.
struct Moment {
    epoch: usize,
    kappa: f64,
    /// ‖W_l(t) − W_l(0)‖_F of the input and of the output weights.
    distances: [f64; 2],
    loss: f64,
}

/// One training run.
struct Run {
    learning_rate: f64,
    moments: Vec<Moment>,
}

/// All runs of one scheme at one width.
struct AtWidth {
    width: usize,
    runs: Vec<Run>,
}

/// All runs of one scheme.
struct Series {
    init: &'static str,
    widths: Vec<AtWidth>,
}

impl Study for LazyTraining {
    const ABOUT: About = About {
        id: "lazy_training",
        title: "Lazy and non-lazy training",
        what: "Trains two-layer ReLU networks of several widths on two digits and follows the lazy ratio κ, the distance \
               of all weights from their start over their norm at the start. Under the NTK scaling every width learns, \
               the weights move by the same distance, and κ falls like 1/√m; under the mean-field scaling, with \
               time multiplied by m, κ does not depend on the width.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Lazy-training\", \"Lazy training regime: \
                visualization\"; Zhu et al., Robustness in deep learning: \"Why function space theory is needed?\"; after \
                Chizat, Oyallon & Bach 2019, arXiv:1812.07956",
        columns: &[
            Column::new("init", "", "how the weights are drawn"),
            Column::new("width", "", "neurons m"),
            Column::new("epoch", "", "epochs of training"),
            Column::new("kappa", "", "lazy ratio, mean over draws"),
            Column::new("kappa_se", "", "its standard error"),
            Column::new(
                "distance_first",
                "",
                "‖W(t) − W(0)‖_F of the input weights, mean over draws",
            ),
            Column::new("distance_last", "", "the same of the output weights"),
            Column::new(
                "loss",
                "label²",
                "mean squared training error, mean over draws",
            ),
            Column::new("learning_rate", "", "mean over draws"),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let (negative, positive) = usual_pair(&images)?;
        let pair = [negative.into(), positive.into()];
        let (available, words) = of_classes(&images, &pair)?;
        share_out(self, &[("n", 1)], available, &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.widths.windows(2).any(|pair| pair[0] >= pair[1]) {
            let got = format!("{:?}", self.widths);
            return Err(Error::domain("the widths", "from small to large", got));
        }
        let repeated = |(at, name): (usize, &&str)| self.init[..at].contains(name);
        if self.init.iter().enumerate().any(repeated) {
            let got = self.init.join(",");
            return Err(Error::domain("the initialisations", "each once", got));
        }
        let images = context.data.load()?;
        let mnist = images.is_mnist();
        let (negative, positive) = usual_pair(&images)?;
        let digits = images.of_classes(&[negative, positive])?;
        let mut all = two_classes(&digits, negative, positive)?;
        all.x = mean_pool(&digits, squares(&digits, POOL))?;
        let mut tasks = Vec::new();
        for &init in &self.init {
            for &width in &self.widths {
                tasks.extend((0..self.draws as u64).map(|draw| (init, width, draw)));
            }
        }
        context.progress.start(tasks.len(), "runs");
        let _single = engine::single_thread();
        let runs = tasks
            .into_par_iter()
            .map(|(init, width, draw)| {
                let run = self.run_one(&all, init, width, seed, draw);
                context.progress.step();
                run
            })
            .collect::<Result<Vec<Run>>>()?;
        let mut runs = runs.into_iter();
        let series = self.init.iter().map(|&init| Series {
            init,
            widths: self
                .widths
                .iter()
                .map(|&width| AtWidth {
                    width,
                    runs: runs.by_ref().take(self.draws).collect(),
                })
                .collect(),
        });
        findings(&series.collect::<Vec<_>>(), mnist)
    }
}

impl LazyTraining {
    fn run_one(
        &self,
        all: &Dataset,
        init: &str,
        width: usize,
        seed: u64,
        draw: u64,
    ) -> Result<Run> {
        let rng = &mut stream(seed, "digits", draw);
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
        let mut net = Mlp::new(
            &settings,
            &mut stream(seed, &format!("start {width}"), draw),
        )?;
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
