//! Random features of two digits: what the random-feature experiments share.

use ndarray::Array2;

use crate::data::{Dataset, Source, flip_labels, train_test_split, two_classes};
use crate::error::{Error, Result};
use crate::experiment::Settings;
use crate::experiment::sizes::{of_classes, share_out, with_classes};
use crate::linalg::Cholesky;
use crate::model::RandomFeatures;
use crate::rng::stream;

/// A fixed test set, a pool to draw training sets from, and how features are made.
pub(crate) struct DigitFeatures {
    /// Test inputs `(t, d)` and clean targets ∓1, `(t, 1)`.
    pub test: Dataset,
    pool: Dataset,
    n: usize,
    columns: usize,
    sigma: f64,
    label_noise: f64,
    seed: u64,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
}

/// `settings` with two classes and sizes that the images have; `parts` as in [`share_out`].
///
/// # Errors
/// Data that cannot be read; sizes that were set and do not fit.
pub(crate) fn fitted<S: Settings>(
    settings: &S,
    digits: fn(&S) -> &[usize],
    parts: &[(&'static str, usize)],
    source: &Source,
) -> Result<S> {
    let images = source.load()?;
    let chosen = with_classes(settings, digits(settings), &images);
    let (available, words) = of_classes(&images, digits(&chosen))?;
    share_out(&chosen, parts, available, &words)
}

/// One draw of a training set and of nested Fourier features of unit amplitude.
pub(crate) struct Draw {
    /// Training inputs, `(n, d)`.
    pub inputs: Array2<f64>,
    /// Training targets ∓1, some flipped, `(n, 1)`.
    pub targets: Array2<f64>,
    /// Features of the training inputs, `(n, columns)`.
    pub train: Array2<f64>,
    /// Features of the test inputs, `(t, columns)`.
    pub test: Array2<f64>,
    /// The features themselves.
    pub features: RandomFeatures,
}

/// What of a problem does not change between draws.
pub(crate) struct Design<'a> {
    /// The classes told −1 and +1.
    pub digits: &'a [usize],
    /// Training examples a draw.
    pub n: usize,
    /// Test examples, the same in every draw.
    pub test: usize,
    /// Feature columns drawn.
    pub columns: usize,
    /// Bandwidth σ.
    pub sigma: f64,
    /// Share of training labels flipped.
    pub label_noise: f64,
}

impl DigitFeatures {
    /// Loads the images and sets the test examples apart.
    ///
    /// # Errors
    /// Data that cannot be read; digits that are equal or not there; too few examples.
    pub(crate) fn new(source: &Source, design: &Design<'_>, seed: u64) -> Result<Self> {
        let class = |index: usize| {
            let digit = design.digits.get(index).copied().unwrap_or(usize::MAX);
            u8::try_from(digit).map_err(|_| Error::domain("a class", "at most 255", digit))
        };
        let images = source.load()?;
        let all = two_classes(&images, class(0)?, class(1)?)?;
        let rng = &mut stream(seed, "test digits", 0);
        if design.n + design.test > all.len() {
            let expected = format!("at most {} images of these two classes", all.len());
            let got = format!("{} + {}", design.n, design.test);
            return Err(Error::domain("n + test", expected, got));
        }
        let split = train_test_split(all.len(), all.len() - design.test, design.test, rng)?;
        Ok(Self {
            test: all.select(&split.test)?,
            pool: all.select(&split.train)?,
            n: design.n,
            columns: design.columns,
            sigma: design.sigma,
            label_noise: design.label_noise,
            seed,
            mnist: images.is_mnist(),
        })
    }

    /// Draw number `index`: a training set, its label noise and its features, each from a stream
    /// of its own.
    ///
    /// # Errors
    /// None with settings in their ranges.
    pub(crate) fn draw(&self, index: u64) -> Result<Draw> {
        let rng = &mut stream(self.seed, "training digits", index);
        let rows = train_test_split(self.pool.len(), self.n, 0, rng)?.train;
        let chosen = self.pool.select(&rows)?;
        let rng = &mut stream(self.seed, "label noise", index);
        let targets = flip_labels(&chosen.y, self.label_noise, rng)?;
        let rng = &mut stream(self.seed, "features", index);
        let features = RandomFeatures::fourier(self.columns, chosen.x.ncols(), self.sigma, rng)?;
        let train = features.apply(&chosen.x)?;
        let test = features.apply(&self.test.x)?;
        Ok(Draw {
            inputs: chosen.x,
            targets,
            train,
            test,
            features,
        })
    }

    /// Test predictions, `(t, 1)`, of the interpolant with infinitely many features: kernel
    /// regression without a penalty.
    ///
    /// # Errors
    /// LAPACK fails.
    pub(crate) fn kernel_limit(&self, draw: &Draw) -> Result<Array2<f64>> {
        let kernel = draw.features.limit_kernel(&draw.inputs, &draw.inputs)?;
        let dual = match Cholesky::new(&kernel) {
            Some(cholesky) => cholesky.solve(&draw.targets)?,
            None => crate::fit::min_norm(&kernel, &draw.targets, None)?.weights,
        };
        Ok(draw
            .features
            .limit_kernel(&self.test.x, &draw.inputs)?
            .dot(&dual))
    }
}

/// About `points` widths from n/20 to `max_ratio`·n, densest around n, with n/2, n and half the
/// largest width among them.
pub(crate) fn widths_around_threshold(n: usize, max_ratio: f64, points: usize) -> Vec<usize> {
    let half = (points / 2).max(2);
    let at = |ratio: f64| ((ratio * n as f64).round() as usize).max(1);
    let mut widths: Vec<usize> = (0..=half)
        .flat_map(|i| {
            let s = (i as f64 / half as f64).powi(2);
            [at(1.0 - 0.95 * s), at(max_ratio.powf(s))]
        })
        .chain([at(0.5), at(1.0), at(max_ratio / 2.0).max(n + 1)])
        .collect();
    widths.sort_unstable();
    widths.dedup();
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_have_the_landmarks_and_are_densest_at_the_threshold() {
        for (n, ratio, points) in [(600, 8.0, 40), (20, 1.5, 4), (37, 4.0, 12)] {
            let widths = widths_around_threshold(n, ratio, points);
            let last = (ratio * n as f64).round() as usize;
            assert!(widths.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(
                widths.contains(&n) && widths.last() == Some(&last),
                "{widths:?}"
            );
            assert!(widths.len() <= points + 5);
        }
        let widths = widths_around_threshold(600, 8.0, 40);
        assert!(widths.contains(&300) && widths.contains(&2400) && widths.contains(&30));
        let at = widths.partition_point(|&m| m < 600);
        assert!(
            widths[at + 1] - 600 <= 5 && 600 - widths[at - 1] <= 5,
            "{widths:?}"
        );
    }

    #[test]
    fn draws_differ_and_repeat_and_the_test_set_stays() {
        let design = Design {
            digits: &[3, 7],
            n: 20,
            test: 10,
            columns: 7,
            sigma: 5.0,
            label_noise: 0.25,
        };
        let problem = DigitFeatures::new(&Source::Sample, &design, 1).expect("the sample is large");
        let (first, again, other) = (problem.draw(0), problem.draw(0), problem.draw(1));
        let (first, again, other) = (
            first.expect("valid"),
            again.expect("valid"),
            other.expect("valid"),
        );
        assert_eq!(first.train, again.train);
        assert_ne!(first.inputs, other.inputs);
        assert_eq!((first.train.dim(), first.test.dim()), ((20, 7), (10, 7)));
        assert_eq!(problem.kernel_limit(&first).expect("valid").dim(), (10, 1));
        let design = Design {
            n: 2000,
            test: 200,
            ..design
        };
        let error = DigitFeatures::new(&Source::Sample, &design, 1)
            .err()
            .expect("too many");
        assert!(error.to_string().contains("2000 + 200"), "{error}");
    }
}
