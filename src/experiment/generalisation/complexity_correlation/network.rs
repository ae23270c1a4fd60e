//! Training one network and measuring it.

use ndarray::{Array2, s};

use super::checks::Checks;
use super::grid::{ComplexityCorrelation, Run};
use super::measures::measure;
use crate::data::{Dataset, Source, one_hot, train_test_split};
use crate::error::{Error, Result};
use crate::experiment::row;
use crate::fit::train::{Outcome, TrainSettings, evaluate, train};
use crate::measure::complexity::{
    Perturbation, margin_at_loss, margin_percentile, perturbation_std,
};
use crate::model::{Loss, Mlp32, MlpSettings};
use crate::optimise::{Momentum, Optimiser};
use crate::rng::stream;

/// Test images on which each network is checked.
const CHECKED: usize = 200;

/// Training images for the sharpness, and its search.
const SHARPNESS: (usize, Perturbation) = (
    250,
    Perturbation {
        drop: 0.1,
        draws: 5,
        steps: 12,
        largest: 0.5,
    },
);

/// The images, and how networks are trained on them.
pub(super) struct Problem<'a> {
    settings: &'a ComplexityCorrelation,
    seed: u64,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    train: Dataset,
    test: Dataset,
    /// The training images in single precision.
    inputs: Array2<f32>,
    /// Test images for the checks.
    checked: Array2<f64>,
}

row! {
    /// A trained network in the table.
    pub(super) struct Point {
        /// number of the network, from 0
        network: usize;
        /// which repeat of the grid, from 0
        repeat: usize;
        /// units of each hidden layer
        width: f64, unit "units";
        /// hidden layers
        depth: f64;
        /// learning rate of SGD with momentum 0.9
        learning_rate: f64;
        /// examples a step
        batch: f64, unit "examples";
        /// λ of the penalty (λ/2)‖weights‖²
        weight_decay: f64;
        /// 1 if the target cross-entropy was reached, else 0
        reached: usize;
        /// epochs trained
        epochs: usize;
        /// mean cross-entropy of the training images at the end
        train_loss: f64, unit "nat";
        /// share of training images classified wrongly
        train_error: f64;
        /// share of test images classified wrongly
        test_error: f64;
        /// test error − train error
        gap: f64;
        /// 10th percentile of (output of the class − largest other output), training images
        margin: Option<f64>;
        /// squared Frobenius distance to the initialisation, Σ‖X − X⁰‖_F²
        distance: Option<[f64; 9]>,
            and spectral_complexity "Π‖X‖ (Σ(‖(X − X⁰)ᵀ‖₂,₁/‖X‖)^⅔)^{3/2}",
            and parameter_norm "Σ‖X‖_F²",
            and path_norm "√ of the sum over paths of squared weights",
            and spectral_product "Π‖X‖, product of the layers' spectral norms",
            and spec_orig "ln of Π‖X‖² Σ(‖X‖_F²/‖X‖²)/margin²",
            and inverse_margin "1/margin²",
            and n_parameters "number of weights",
            and sharpness "1/σ², σ the noise on each weight that costs a tenth of the training accuracy";
    }
}

/// A trained network in numbers.
pub(super) struct Network {
    pub run: Run,
    pub epochs: usize,
    pub train_loss: f64,
    pub train_error: f64,
    pub test_error: f64,
    /// What is known if the target was reached.
    pub reached: Option<Reached>,
}

/// A network that reached the target.
pub(super) struct Reached {
    /// γ, the 10th percentile of the training margins.
    pub margin: f64,
    /// The least γ that its cross-entropy allows.
    pub least_margin: f64,
    /// In the order of [`MEASURES`](super::measures::MEASURES).
    pub measures: [f64; 9],
    pub checks: Checks,
}

impl Network {
    pub(super) fn gap(&self) -> f64 {
        self.test_error - self.train_error
    }

    pub(super) fn point(&self) -> Point {
        let [width, depth, learning_rate, batch, weight_decay] = self.run.hyper;
        let reached = self.reached.as_ref();
        Point {
            network: self.run.index,
            repeat: self.run.repeat,
            width,
            depth,
            learning_rate,
            batch,
            weight_decay,
            reached: usize::from(reached.is_some()),
            epochs: self.epochs,
            train_loss: self.train_loss,
            train_error: self.train_error,
            test_error: self.test_error,
            gap: self.gap(),
            margin: reached.map(|r| r.margin),
            distance: reached.map(|r| r.measures),
        }
    }
}

impl<'a> Problem<'a> {
    /// Loads the images and sets the test images apart.
    pub(super) fn new(
        source: &Source,
        settings: &'a ComplexityCorrelation,
        seed: u64,
    ) -> Result<Self> {
        let images = source.load()?;
        let all = Dataset::new(
            images.pixels.mapv(|pixel| f64::from(pixel) / 255.0),
            one_hot(&images.labels, images.classes)?,
        )?;
        let rng = &mut stream(seed, "complexity split", 0);
        let split = train_test_split(all.len(), settings.n, settings.test, rng)?;
        let (train, test) = (all.select(&split.train)?, all.select(&split.test)?);
        let inputs = train.x.mapv(|x| x as f32);
        let checked = test.x.slice(s![..CHECKED.min(test.len()), ..]).to_owned();
        Ok(Self {
            settings,
            seed,
            mnist: images.is_mnist(),
            train,
            test,
            inputs,
            checked,
        })
    }

    /// Trains network `run` from weights and in an order of examples of its own.
    pub(super) fn network(&self, run: Run) -> Result<Network> {
        let [width, depth, learning_rate, batch, weight_decay] = run.hyper;
        let hidden = std::iter::repeat_n(width as usize, depth as usize);
        let (d, k) = (self.train.x.ncols(), self.train.y.ncols());
        let sizes: Vec<usize> = std::iter::once(d).chain(hidden).chain([k]).collect();
        let shape = MlpSettings {
            biases: false,
            ..MlpSettings::of_sizes(&sizes)
        };
        let index = run.index as u64;
        let start = Mlp32::new(&shape, &mut stream(self.seed, "initial weights", index))?;
        let training = TrainSettings {
            optimiser: Optimiser::Sgd(Momentum {
                weight_decay,
                ..Momentum::default()
            }),
            learning_rate,
            batch: batch as usize,
            epochs: self.settings.epochs,
            target_loss: Some(self.settings.target),
            ..TrainSettings::default()
        };
        let rng = &mut stream(self.seed, "order of examples", index);
        let trained = train(&start, &self.train, None, &training, rng)?;
        let train_score = evaluate(&trained.net, &self.train, Loss::CrossEntropy)?;
        let test_score = evaluate(&trained.net, &self.test, Loss::CrossEntropy)?;
        let share = |error: Option<f64>| {
            error.ok_or_else(|| Error::domain("the labels", "classes", "numbers"))
        };
        let reached = match trained.outcome {
            Outcome::ReachedTarget { .. } => {
                Some(self.measured(&trained.net, &start, train_score.loss, index)?)
            }
            _ => None,
        };
        Ok(Network {
            run,
            epochs: trained.epoch,
            train_loss: train_score.loss,
            train_error: share(train_score.error)?,
            test_error: share(test_score.error)?,
            reached,
        })
    }

    fn measured(&self, net: &Mlp32, start: &Mlp32, loss: f64, index: u64) -> Result<Reached> {
        let outputs = net.forward(&self.inputs)?.mapv(f64::from);
        let margin = margin_percentile(&outputs, &self.train.y)?;
        let noisy = SHARPNESS.0.min(self.train.len());
        let (x, y) = (
            self.inputs.slice(s![..noisy, ..]),
            self.train.y.slice(s![..noisy, ..]),
        );
        let rng = &mut stream(self.seed, "sharpness", index);
        let sigma = perturbation_std(net, &x, &y, &SHARPNESS.1, rng)?;
        Ok(Reached {
            margin,
            least_margin: margin_at_loss(loss)?,
            measures: measure(net, start, margin, sigma)?,
            checks: Checks::new(net, &self.checked)?,
        })
    }
}
