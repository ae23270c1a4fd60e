//! The three sweeps: by dimension, by training-set size among junk, by training-set size for the classifier.

use ndarray::Array1;

use crate::data::Spectrum;
use crate::error::{Error, Result};
use crate::experiment::{Progress, row, settings};
use crate::measure::{
    FlippedNoise, FlippedNoiseSettings, InterpolationPoint, InterpolationSettings,
    IsotropicProblem, JunkFeatures, JunkFeaturesSettings, JunkFeaturesTheory, flipped_noise,
    flipped_noise_errors, interpolation_point, junk_features, junk_features_theory,
};
use crate::stats::Estimate;

/// Closer to p = n the variance of the risk, from which standard errors come, is infinite.
const NEAREST: usize = 8;

settings! {
    /// Settings of `uniform_convergence`.
    pub struct UniformConvergence {
        /// Training examples where the dimension varies.
        n: usize = 100, quick 40, in 10..=1000;
        /// Dimensions p, all at least n + 8.
        dims: Vec<usize> = vec![120, 150, 200, 400, 800, 1600, 3200, 6400], quick vec![60, 80, 160, 400, 1200], in 18..=100_000;
        /// Standard deviation σ of the labels' noise.
        noise: f64 = 1.0, in 0.001..=1000.0;
        /// Radius of the ball in units of the least norm of an interpolator.
        inflation: f64 = 1.5, in 1.0..=10.0;
        /// Training sets for each dimension.
        draws: usize = 100, quick 60, in 10..=100_000;
        /// Training-set sizes with one useful coordinate and much junk.
        sizes: Vec<usize> = vec![50, 100, 200, 400, 800, 1600], quick vec![50, 150, 400], in 20..=4000;
        /// Junk coordinates per training example.
        junk: usize = 100, in 10..=100_000;
        /// The junk's total variance is λ = n to this power.
        junk_power: f64 = 0.5, in 0.1..=0.9;
        /// Coefficient β of the useful coordinate, in units of σ.
        signal: f64 = 1.0, in 0.0..=10.0;
        /// Training sets for each size.
        junk_draws: usize = 50, quick 30, in 10..=10_000;
        /// Training-set sizes of the classifier.
        flip_sizes: Vec<usize> = vec![5, 10, 20, 50, 100, 200], quick vec![5, 20, 80], in 2..=1000;
        /// Noise coordinates of the classifier's inputs per example of the largest training set.
        flip_dims: usize = 50, in 10..=1000;
        /// Training sets for each of these sizes.
        flip_draws: usize = 100, quick 60, in 10..=10_000;
        /// Variance of the spikes, directions of large variance, in units of that of all others together: Tr Σ₁/Tr Σ₂.
        spike_ratios: Vec<f64> = vec![0.1, 1.0, 10.0, 100.0], quick vec![1.0, 10.0], in 1e-3..=1e6;
        /// Spikes k; the labels depend on their coordinates only.
        spikes: usize = 4, in 1..=20;
        /// Training examples with spikes.
        spike_n: usize = 200, quick 100, in 30..=1000;
        /// Other directions, each of variance 1.
        spike_dims: usize = 4000, quick 2000, in 38..=100_000;
        /// Training sets for each strength of the spikes.
        spike_draws: usize = 60, quick 30, in 10..=10_000;
    }
}

row! {
    /// One quantity of one problem.
    pub(super) struct Point {
        /// isotropic: by p; junk: one useful coordinate, by n; classifier: shares of errors, by n; spiked: by the spikes
        part: &'static str;
        /// training examples
        n: usize;
        /// dimension of the inputs
        p: usize;
        /// Tr Σ₁/Tr Σ₂ where there are spikes
        spikes: Option<f64>;
        /// risk, worst (interpolator in the ball), bound (one-sided), split (the same, spikes split off), two_sided (floor of
        /// any two-sided bound); train, test, flipped
        quantity: &'static str;
        /// mean over training sets
        measured: Estimate, unit "label² or share", and se "standard error of measured";
        /// isotropic: exact mean; junk, spiked: to first order; classifier: normal approximation
        predicted: f64, unit "label² or share";
    }
}

/// One dimension of the sweep over p.
pub(super) struct DimPoint {
    pub p: usize,
    pub found: InterpolationPoint,
    pub exact: Exact,
}

/// One size of the sweep with junk features.
pub(super) struct JunkPoint {
    pub n: usize,
    pub found: JunkFeatures,
    pub theory: JunkFeaturesTheory,
}

/// One size of the classifier's sweep.
pub(super) struct FlipPoint {
    pub n: usize,
    pub found: FlippedNoise,
    /// On the training set, on new data, on the flipped set.
    pub theory: [f64; 3],
}

/// The exact means of risk, worst risk, bound and two-sided floor for pure noise and isotropic inputs.
pub(super) struct Exact {
    pub risk: f64,
    pub worst: f64,
    pub bound: f64,
    pub two_sided: f64,
}

impl Exact {
    /// E‖ŵ‖² = σ²n/(p−n−1) gives all four.
    fn new(settings: &UniformConvergence, p: usize) -> Result<Self> {
        let variance = settings.noise * settings.noise;
        let problem = IsotropicProblem {
            signal: 0.0,
            noise: variance,
        };
        let norm2 = problem.finite_norm2(settings.n, p)?;
        let ball2 = settings.inflation * settings.inflation * norm2;
        Ok(Self {
            risk: variance + norm2,
            worst: variance + ball2,
            bound: ball2 * p as f64 / settings.n as f64,
            two_sided: 3.0 * variance - norm2,
        })
    }
}

/// A quantity by name, as measured and as predicted.
pub(super) type Quantity = (&'static str, Estimate, f64);

pub(super) fn points(
    part: &'static str,
    n: usize,
    p: usize,
    all: Vec<Quantity>,
) -> impl Iterator<Item = Point> {
    all.into_iter()
        .map(move |(quantity, measured, predicted)| Point {
            part,
            n,
            p,
            spikes: None,
            quantity,
            measured,
            predicted,
        })
}

fn sorted(sizes: &[usize]) -> Vec<usize> {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

/// One sweep, a step of progress a point.
fn sweep<T>(
    sizes: &[usize],
    progress: &Progress,
    point: impl Fn(usize) -> Result<T>,
) -> Result<Vec<T>> {
    let one = |size| {
        let done = point(size);
        progress.step();
        done
    };
    sorted(sizes).into_iter().map(one).collect()
}

impl UniformConvergence {
    /// The three sweeps.
    pub(super) fn sweeps(
        &self,
        seed: u64,
        progress: &Progress,
    ) -> Result<(Vec<DimPoint>, Vec<JunkPoint>, Vec<FlipPoint>)> {
        let least = self.n + NEAREST;
        if let Some(p) = self.dims.iter().find(|p| **p < least) {
            let expected = format!("at least n + {NEAREST} = {least}");
            return Err(Error::domain("dims", expected, p));
        }
        let steps = self.dims.len() + self.sizes.len() + self.flip_sizes.len();
        progress.start(steps, "points");
        Ok((
            sweep(&self.dims, progress, |p| self.dim_point(p, seed))?,
            sweep(&self.sizes, progress, |n| self.junk_point(n, seed))?,
            sweep(&self.flip_sizes, progress, |n| self.flip_point(n, seed))?,
        ))
    }

    /// The rows of the table.
    pub(super) fn points(
        &self,
        dims: &[DimPoint],
        junk: &[JunkPoint],
        flips: &[FlipPoint],
    ) -> Vec<Point> {
        let dims = dims.iter().flat_map(|DimPoint { p, found, exact }| {
            let mut all = vec![("risk", found.risk, exact.risk)];
            all.extend(found.worst.map(|worst| ("worst", worst, exact.worst)));
            all.push(("bound", found.bound, exact.bound));
            all.push(("two_sided", found.two_sided, exact.two_sided));
            points("isotropic", self.n, *p, all)
        });
        let junk = junk.iter().flat_map(|JunkPoint { n, found, theory }| {
            let all = vec![
                ("risk", found.risk, theory.risk),
                ("worst", found.worst, theory.worst),
                ("bound", found.bound, theory.bound),
                ("two_sided", found.two_sided, theory.two_sided),
            ];
            points("junk", *n, 1 + self.junk * n, all)
        });
        let largest = flips.last().map_or(0, |point| point.n);
        let flips = flips.iter().flat_map(|FlipPoint { n, found, theory }| {
            let all = vec![
                ("train", found.train, theory[0]),
                ("test", found.test, theory[1]),
                ("flipped", found.flipped, theory[2]),
            ];
            points("classifier", *n, 1 + self.flip_dims * largest, all)
        });
        dims.chain(junk).chain(flips).collect()
    }

    fn dim_point(&self, p: usize, seed: u64) -> Result<DimPoint> {
        let settings = InterpolationSettings {
            n: self.n,
            noise: self.noise,
            inflation: self.inflation,
            draws: self.draws,
            // Another dimension, other draws.
            seed: seed ^ ((p as u64) << 32),
        };
        let ones = Spectrum::Flat.eigenvalues(p)?;
        let found = interpolation_point(&ones, &Array1::zeros(p), &settings)?;
        Ok(DimPoint {
            p,
            found,
            exact: Exact::new(self, p)?,
        })
    }

    fn junk_point(&self, n: usize, seed: u64) -> Result<JunkPoint> {
        let power = (n as f64).powf(self.junk_power);
        let settings = JunkFeaturesSettings {
            n,
            junk: self.junk * n,
            power,
            signal: self.signal * self.noise,
            noise: self.noise,
            inflation: self.inflation,
            draws: self.junk_draws,
            seed: seed ^ ((n as u64) << 32),
        };
        Ok(JunkPoint {
            n,
            found: junk_features(&settings)?,
            theory: junk_features_theory(&settings)?,
        })
    }

    /// The signal is as strong as to give half the noise's power c = 8 as margin at the largest n, so that
    /// every flipped point is on the wrong side at every n.
    fn flip_point(&self, n: usize, seed: u64) -> Result<FlipPoint> {
        let largest = self.flip_sizes.iter().copied().max().unwrap_or(n);
        let noise_power = 8.0;
        let settings = FlippedNoiseSettings {
            n,
            noise_dim: self.flip_dims * largest,
            noise_power,
            margin: 0.5 * noise_power * n as f64 / largest as f64,
            test_points: 2000,
            draws: self.flip_draws,
            seed: seed ^ ((n as u64) << 32),
        };
        Ok(FlipPoint {
            n,
            found: flipped_noise(&settings)?,
            theory: flipped_noise_errors(&settings)?,
        })
    }
}
