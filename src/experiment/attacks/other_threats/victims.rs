//! The two classifiers, and the pictures they are asked about.

use ndarray::{Array1, Array2, ArrayRef2, Axis, concatenate, s};

use super::settings::OtherThreats;
use crate::data::{Dataset, Source, mean_pool, train_test_split};
use crate::error::{Error, Result};
use crate::fit::ridge;
use crate::fit::train::{TrainSettings, train};
use crate::model::{Differentiable, Loss, Mlp, MlpSettings};
use crate::rng::stream;

/// What pixels may be.
pub(super) const RANGE: (f64, f64) = (0.0, 1.0);

/// Which classifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Model {
    Linear,
    Network,
}

impl Model {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Network => "network",
        }
    }
}

/// Trained classifiers of two classes, and data.
pub(super) struct Victims {
    /// (height, width) of the grey pictures.
    pub shape: (usize, usize),
    /// Training pictures, `(n, d)`, and ±1, `(n, 1)`.
    pub train: Dataset,
    /// Test pictures, `(t, d)`, and ±1, `(t, 1)`.
    pub test: Dataset,
    /// Weights of the linear model, `(d + 1, 1)`: the last is its constant.
    pub weights: Array2<f64>,
    pub net: Mlp,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
}

impl Victims {
    pub(super) fn new(settings: &OtherThreats, seed: u64, source: &Source) -> Result<Self> {
        let images = source.load()?;
        let class = |i: usize| {
            let digit = settings.digits[i];
            u8::try_from(digit).map_err(|_| Error::domain("a class", "at most 255", digit))
        };
        let (negative, positive) = (class(0)?, class(1)?);
        if negative == positive {
            return Err(Error::domain(
                "digits",
                "two classes",
                format!("{:?}", settings.digits),
            ));
        }
        let mnist = images.is_mnist();
        let images = images.of_classes(&[negative, positive])?;
        let (height, width, channels) = images.shape;
        let pooled = mean_pool(&images, settings.pool)?;
        let shape = (height / settings.pool, width / settings.pool);
        let d = shape.0 * shape.1;
        // Planes stand one behind the other.
        let mut grey = pooled.slice(s![.., ..d]).to_owned();
        for c in 1..channels {
            grey += &pooled.slice(s![.., c * d..(c + 1) * d]);
        }
        grey /= channels as f64;
        let signs: Vec<f64> = images
            .labels
            .iter()
            .map(|label| if *label == positive { 1.0 } else { -1.0 })
            .collect();
        let all = Dataset::new(grey, Array1::from(signs).insert_axis(Axis(1)))?;
        let rng = &mut stream(seed, "threats: split", 0);
        let split = train_test_split(all.len(), settings.n, settings.test, rng)?;
        let (train_set, test) = (all.select(&split.train)?, all.select(&split.test)?);
        let weights = ridge(&with_constant(&train_set.x)?, &train_set.y, settings.lambda)?.weights;
        let sizes = [d, settings.width, 1];
        let start = Mlp::new(
            &MlpSettings::of_sizes(&sizes),
            &mut stream(seed, "threats: net", 0),
        )?;
        let how = TrainSettings {
            loss: Loss::Logistic,
            epochs: settings.epochs,
            batch: 32,
            record_every: settings.epochs,
            ..TrainSettings::default()
        };
        let trained = train(
            &start,
            &train_set,
            None,
            &how,
            &mut stream(seed, "threats: order", 0),
        )?;
        Ok(Self {
            shape,
            train: train_set,
            test,
            weights,
            net: trained.net,
            mnist,
        })
    }

    /// (height, width, channels).
    pub(super) fn picture(&self) -> (usize, usize, usize) {
        (self.shape.0, self.shape.1, 1)
    }

    /// −y f for the test pictures changed to `z`, `(t, d)`: at least 0 where the class is wrong.
    pub(super) fn objective(&self, model: Model, z: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        let outputs = match model {
            Model::Linear => with_constant(z)?.dot(&self.weights),
            Model::Network => self.net.forward(z)?,
        };
        Ok(-(&outputs * &self.test.y).column(0).to_owned())
    }

    /// The derivatives of the objective by the pixels, `(t, d)`.
    pub(super) fn slopes(&self, model: Model, z: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        let cotangent = -&self.test.y;
        match model {
            Model::Linear => {
                let w = self.weights.slice(s![..z.ncols(), ..]);
                Ok(cotangent.dot(&w.t()))
            }
            Model::Network => {
                let checked = self.net.checked()?;
                Ok(checked.vjp(&checked.trace(z)?, &cotangent)?.inputs)
            }
        }
    }
}

/// The pictures with a 1 behind their pixels.
pub(super) fn with_constant(x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    let ones = Array2::ones((x.nrows(), 1));
    Ok(concatenate![Axis(1), x.view(), ones])
}
