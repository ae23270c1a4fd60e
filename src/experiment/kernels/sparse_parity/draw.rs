//! One training set: three kernels and a network.

use ndarray::{Array2, Axis, s};

use crate::data::Dataset;
use crate::data::synthetic::random_signs;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::single;
use crate::experiment::{Draw, settings};
use crate::fit::gram_ridge;
use crate::fit::train::{TrainSettings, train};
use crate::model::{Init, Kernel, Loss, Mlp32, MlpSettings, classification_error};
use crate::optimise::Optimiser;

/// In the table, and in words.
pub(super) const KERNELS: [(&str, &str); 3] = [
    ("quadratic", "quadratic kernel"),
    ("ntk", "tangent kernel"),
    ("gaussian", "Gaussian kernel"),
];

/// Penalties tried, in units of the mean of the kernel's diagonal.
const PENALTIES: [f64; 7] = [0.0, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0];

settings! {
    /// Settings of `sparse_parity`.
    pub struct SparseParity {
        /// Coordinates d of an input, signs ±1.
        dim: usize = 40, quick 24, in 4..=200;
        /// Training examples n, below d(d − 1)/2.
        sizes: Vec<usize> = vec![50, 100, 200, 300, 400], quick vec![60, 120, 180], in 4..=5000, len 1..=20, increasing;
        /// Hidden units of the network.
        width: usize = 128, quick 64, in 2..=4096;
        /// Passes over the training set.
        epochs: usize = 300, quick 200, in 1..=10_000;
        /// Learning rate of AdamW.
        learning_rate: f64 = 0.003, in 1e-6..=1.0;
        /// Weight decay of AdamW.
        weight_decay: f64 = 1.0, in 0.0..=100.0;
        /// Size of the starting weights, in units of He's.
        gain: f64 = 0.3, in 0.001..=10.0;
        /// Examples a step.
        batch: usize = 20, in 1..=5000;
        /// New inputs each error is measured on; as many others choose the kernels' penalties.
        test: usize = 2000, quick 1000, in 100..=100_000;
        /// Draws of inputs and weights a size.
        draws: usize = 8, in 4..=1000;
    }
}

/// One method.
pub(super) struct Scores {
    pub mse: f64,
    pub error: f64,
}

/// One draw.
pub(super) struct OneDraw {
    /// Of the kernels, then of the network.
    pub scores: Vec<Scores>,
    /// The mean squared error of the quadratic kernel without a penalty.
    pub interpolant: f64,
    /// The share of the first layer's squared weights on the two coordinates after training.
    pub turned: f64,
}

impl SparseParity {
    fn kernel(&self, name: &str) -> Kernel {
        match name {
            "quadratic" => Kernel::Polynomial {
                degree: 2,
                offset: 0.0,
            },
            "ntk" => Kernel::ReluNtk { hidden_layers: 1 },
            _ => Kernel::Gaussian {
                sigma: (self.dim as f64).sqrt(),
            },
        }
    }

    /// `n` inputs of random signs, and the products of their first two.
    fn examples(&self, n: usize, rng: &mut impl rand::Rng) -> Result<Dataset> {
        let d = self.dim;
        let signs = random_signs(n * d, rng)?;
        let x = Array2::from_shape_fn((n, d), |(i, j)| signs[[i * d + j, 0]]);
        let y = (&x.column(0) * &x.column(1)).insert_axis(Axis(1));
        Dataset::new(x, y)
    }

    pub(super) fn one_draw(&self, n: usize, draw: Draw) -> Result<OneDraw> {
        let train = self.examples(n, &mut draw.rng("training examples"))?;
        let test = self.examples(self.test, &mut draw.rng("test examples"))?;
        let choosing = self.examples(self.test, &mut draw.rng("choosing examples"))?;
        let score = |outputs: &Array2<f64>| -> Result<Scores> {
            Ok(Scores {
                mse: mse(outputs, &test.y),
                error: classification_error(outputs, &test.y)?,
            })
        };
        let mut scores = Vec::new();
        let mut interpolant = f64::NAN;
        for (name, _) in KERNELS {
            let kernel = self.kernel(name);
            let gram = kernel.matrix(&train.x, &train.x)?;
            let cross = kernel.matrix(&test.x, &train.x)?;
            let chooses = kernel.matrix(&choosing.x, &train.x)?;
            let unit = gram.diag().sum() / n as f64;
            let mut best = (f64::INFINITY, Array2::zeros((0, 0)));
            for penalty in PENALTIES {
                let fit = gram_ridge(&gram, &train.y, penalty * unit)?;
                let outputs = fit.predict(&cross)?;
                if name == "quadratic" && penalty == 0.0 {
                    interpolant = mse(&outputs, &test.y);
                }
                let chosen = mse(&fit.predict(&chooses)?, &choosing.y);
                if chosen < best.0 {
                    best = (chosen, outputs);
                }
            }
            scores.push(score(&best.1)?);
        }
        let net = self.trained(&train, draw)?;
        let outputs = net.forward(&single(&test.x))?.mapv(f64::from);
        scores.push(score(&outputs)?);
        let squares = net.layers[0].weights.mapv(|w| f64::from(w).powi(2));
        Ok(OneDraw {
            scores,
            interpolant,
            turned: squares.slice(s![.., ..2]).sum() / squares.sum(),
        })
    }

    fn trained(&self, data: &Dataset, draw: Draw) -> Result<Mlp32> {
        let settings = MlpSettings {
            init: Init::HE.with_gain(self.gain),
            ..MlpSettings::of_sizes(&[self.dim, self.width, 1])
        };
        let net = Mlp32::new(&settings, &mut draw.rng("network"))?;
        let settings = TrainSettings {
            loss: Loss::Mse,
            optimiser: Optimiser::adam_w(self.weight_decay),
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            batch: self.batch,
            record_every: self.epochs,
            ..TrainSettings::default()
        };
        let trained = train(&net, data, None, &settings, &mut draw.rng("order"))?;
        match trained.outcome.diverged() {
            false => Ok(trained.net),
            true => {
                let expected = "small enough that training does not diverge";
                Err(Error::domain(
                    "the learning rate",
                    expected,
                    self.learning_rate,
                ))
            }
        }
    }
}

fn mse(outputs: &Array2<f64>, y: &Array2<f64>) -> f64 {
    let squares = (outputs - y).mapv(|e| e * e);
    squares.sum() / squares.len() as f64
}
