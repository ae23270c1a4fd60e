//! Uniform convergence of interpolators: the bound that holds on one side, and why none can on both.

mod claims;
mod figure;
mod findings;

use crate::data::Spectrum;
use crate::error::{Error, Result};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::measure::{
    FlippedNoise, FlippedNoiseSettings, InterpolationPoint, InterpolationSettings, JunkFeatures,
    JunkFeaturesSettings, JunkFeaturesTheory, flipped_noise, flipped_noise_errors,
    interpolation_point, junk_features, junk_features_theory,
};
use findings::findings;
use ndarray::Array1;

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
    }
}

/// One dimension of the sweep over p.
struct DimPoint {
    p: usize,
    found: InterpolationPoint,
}

/// One size of the sweep with junk features.
struct JunkPoint {
    n: usize,
    found: JunkFeatures,
    theory: JunkFeaturesTheory,
}

/// One size of the classifier's sweep.
struct FlipPoint {
    n: usize,
    found: FlippedNoise,
    /// On the training set, on new data, on the flipped set.
    theory: [f64; 3],
}

/// Everything a run computed.
struct Results {
    dims: Vec<DimPoint>,
    junk: Vec<JunkPoint>,
    flips: Vec<FlipPoint>,
}

impl Study for UniformConvergence {
    const ABOUT: About = About {
        id: "uniform_convergence",
        title: "Uniform convergence of interpolators: one side holds, both sides cannot",
        what: "Interpolates noise by the solution of least norm and compares its test error with B² Tr(Σ)/n, which \
               bounds every interpolator in the ball of radius B. Then lets the training set grow: with one useful \
               coordinate among junk the one-sided bound stays tight while the two-sided one over the same ball grows; \
               and a classifier that generalises is wrong on a training set as likely as its own.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Why uniform convergence fails in deep \
                learning?\", \"When does uniform convergence work?\"; after Koehler et al. 2021, arXiv:2106.09276, Zhou \
                et al. 2020, arXiv:2006.05942, and Nagarajan & Kolter 2019, arXiv:1902.04742",
        columns: &[
            Column::new(
                "part",
                "",
                "isotropic: by p; junk: one useful coordinate, by n; classifier: shares of errors, by n",
            ),
            Column::new("n", "", "training examples"),
            Column::new("p", "", "dimension of the inputs"),
            Column::new(
                "quantity",
                "",
                "risk, worst (interpolator in the ball), bound (one-sided), two_sided (floor of any two-sided bound); \
                 train, test, flipped",
            ),
            Column::new("measured", "label² or share", "mean over training sets"),
            Column::new("se", "label² or share", "standard error of measured"),
            Column::new(
                "predicted",
                "label² or share",
                "isotropic: exact mean; junk: to first order; classifier: normal approximation",
            ),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let least = self.n + NEAREST;
        if let Some(p) = self.dims.iter().find(|p| **p < least) {
            return Err(Error::domain(
                "dims",
                format!("at least n + {NEAREST} = {least}"),
                p,
            ));
        }
        let steps = self.dims.len() + self.sizes.len() + self.flip_sizes.len();
        context.progress.start(steps, "points");
        let done = || context.progress.step();
        let dims = sorted(&self.dims).into_iter().map(|p| {
            let point = self.dim_point(p, seed);
            done();
            point
        });
        let dims = dims.collect::<Result<_>>()?;
        let junk = sorted(&self.sizes).into_iter().map(|n| {
            let point = self.junk_point(n, seed);
            done();
            point
        });
        let junk = junk.collect::<Result<_>>()?;
        let flips = sorted(&self.flip_sizes).into_iter().map(|n| {
            let point = self.flip_point(n, seed);
            done();
            point
        });
        let flips = flips.collect::<Result<_>>()?;
        findings(self, &Results { dims, junk, flips })
    }
}

fn sorted(sizes: &[usize]) -> Vec<usize> {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

impl UniformConvergence {
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
        Ok(DimPoint { p, found })
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
