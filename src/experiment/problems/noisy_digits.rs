//! All classes of small images with label noise: what the network experiments share.

use ndarray::{Array2, Axis};

use crate::data::{Dataset, Source, change_labels, mean_pool, one_hot, train_test_split};
use crate::error::Result;
use crate::experiment::Settings;
use crate::experiment::sizes::{coarsened, share_out};
use crate::rng::stream;

/// A fixed test set and a pool to draw training sets from.
pub(crate) struct NoisyDigits {
    /// Test inputs `(t, d)` and clean one-hot targets, `(t, k)`.
    pub test: Dataset,
    pool: Dataset,
    design: Design,
    seed: u64,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
}

/// `settings` with sizes and squares of pixels that the images have; `parts` as in [`share_out`].
///
/// # Errors
/// Data that cannot be read; sizes that were set and do not fit.
pub(crate) fn fitted<S: Settings>(
    settings: &S,
    parts: &[(&'static str, usize)],
    source: &Source,
) -> Result<S> {
    let images = source.load()?;
    let words = format!("the images of {}", images.name);
    share_out(&coarsened(settings, &images), parts, images.len(), &words)
}

/// One training set.
pub(crate) struct NoisyDraw {
    /// Inputs `(n, d)` and one-hot targets `(n, k)`, some of them changed.
    pub train: Dataset,
    /// The rows whose label was changed, with the changed label.
    pub changed: Dataset,
}

/// What does not change between draws.
#[derive(Clone, Copy)]
pub(crate) struct Design {
    /// Training examples a draw.
    pub n: usize,
    /// Test examples, the same in every draw.
    pub test: usize,
    /// Share of training labels changed to another class.
    pub label_noise: f64,
    /// Side of the squares of pixels that are averaged.
    pub pool: usize,
}

impl NoisyDigits {
    /// Loads the images and sets the test examples apart.
    ///
    /// # Errors
    /// Data that cannot be read; squares that do not fit the images; too few images.
    pub(crate) fn new(source: &Source, design: Design, seed: u64) -> Result<Self> {
        let images = source.load()?;
        let all = Dataset::new(
            mean_pool(&images, design.pool)?,
            one_hot(&images.labels, images.classes)?,
        )?;
        let rng = &mut stream(seed, "test digits", 0);
        let split = train_test_split(
            all.len(),
            all.len().saturating_sub(design.test),
            design.test,
            rng,
        )?;
        Ok(Self {
            test: all.select(&split.test)?,
            pool: all.select(&split.train)?,
            design,
            seed,
            mnist: images.is_mnist(),
        })
    }

    /// Inputs and classes, d and k.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.test.x.ncols(), self.test.y.ncols())
    }

    /// Training set number `index` and its label noise, each from a stream of its own.
    ///
    /// # Errors
    /// More training examples than there are.
    pub(crate) fn draw(&self, index: u64) -> Result<NoisyDraw> {
        let rng = &mut stream(self.seed, "training digits", index);
        let rows = train_test_split(self.pool.len(), self.design.n, 0, rng)?.train;
        let clean = self.pool.select(&rows)?;
        let rng = &mut stream(self.seed, "label noise", index);
        let y = change_labels(&clean.y, self.design.label_noise, rng)?;
        let pairs = y.axis_iter(Axis(0)).zip(clean.y.axis_iter(Axis(0)));
        let changed: Vec<usize> = pairs
            .enumerate()
            .filter(|(_, (noisy, truth))| noisy != truth)
            .map(|(row, _)| row)
            .collect();
        let train = Dataset::new(clean.x, y)?;
        Ok(NoisyDraw {
            changed: train.select(&changed)?,
            train,
        })
    }
}

/// The same numbers in single precision.
pub(crate) fn single(x: &Array2<f64>) -> Array2<f32> {
    x.mapv(|v| v as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ_and_repeat_and_the_noise_is_known() {
        let design = Design {
            n: 40,
            test: 100,
            label_noise: 0.25,
            pool: 4,
        };
        let digits = NoisyDigits::new(&Source::Sample, design, 1).expect("the sample is large");
        assert_eq!(digits.sizes(), (49, 10));
        let (first, again, other) = (digits.draw(0), digits.draw(0), digits.draw(1));
        let (first, again, other) = (
            first.expect("valid"),
            again.expect("valid"),
            other.expect("valid"),
        );
        assert_eq!(first.train, again.train);
        assert_ne!(first.train.x, other.train.x);
        assert_eq!(first.changed.len(), 10);
        let calm = Design {
            label_noise: 0.0,
            ..design
        };
        let clean = NoisyDigits::new(&Source::Sample, calm, 1).and_then(|d| d.draw(0));
        let clean = clean.expect("valid");
        assert_eq!((&clean.train.x, clean.changed.len()), (&first.train.x, 0));
        let rows = clean.train.y.outer_iter().zip(first.train.y.outer_iter());
        assert_eq!(rows.filter(|(a, b)| a != b).count(), 10);
        let design = Design {
            test: 9_990,
            ..design
        };
        let digits = NoisyDigits::new(&Source::Sample, design, 1).expect("ten are left");
        assert!(digits.draw(0).is_err());
    }
}
