//! Benign, tempered, catastrophic: what each method of the taxonomy pays for fitting noise, as n grows.

mod claims;
mod curve;
mod figure;
mod findings;
mod kernels;
mod linear;
mod local;
mod network;
mod ridge;

use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use curve::Curve;
use findings::findings;

settings! {
    /// Settings of `overfitting_regimes`.
    pub struct OverfittingRegimes {
        /// The largest training set; the curves halve it down to 16 at least.
        n: usize = 512, quick 128, in 64..=8192;
        /// Standard deviation σ of the labels' noise; where there is a signal it has power 1.
        noise: f64 = 1.0, in 0.05..=20.0;
        /// Dimensions d of the simplices that are interpolated linearly.
        dims: Vec<usize> = vec![1, 2, 5, 20], quick vec![1, 5], in 1..=100;
        /// Numbers of neighbours that stay constant as n grows.
        neighbours: Vec<usize> = vec![1, 5], in 1..=16;
        /// Share η of wrong labels where neighbours vote on two classes.
        label_noise: f64 = 0.2, in 0.01..=0.5;
        /// Independent training sets for each point of most curves.
        draws: usize = 60, quick 30, in 10..=10_000;
        /// Simplices for each dimension.
        simplices: usize = 4000, quick 1000, in 100..=1_000_000;
        /// Bandwidth of the Laplace kernel, in units of the circle's radius.
        laplace: f64 = 1.0, in 0.1..=100.0;
        /// Bandwidth of the Gaussian kernel, in units of the circle's radius.
        gaussian: f64 = 0.5, in 0.2..=2.0;
        /// Training-set sizes of the Gaussian kernel without a penalty; f64 ends soon after.
        gaussian_n: Vec<usize> = vec![4, 8, 12, 16], quick vec![4, 8, 12], in 2..=24;
        /// Training sets for each of these sizes, and for each p = n.
        wild_draws: usize = 400, quick 200, in 50..=100_000;
        /// The largest p = n.
        critical_n: usize = 64, quick 32, in 16..=512;
        /// Exponent α of the Gaussian design with eigenvalues i^−α.
        alpha: f64 = 1.5, in 1.2..=4.0;
        /// The largest training set of Gaussian designs.
        design_n: usize = 128, quick 64, in 32..=512;
        /// Training-set sizes of the network.
        net_n: Vec<usize> = vec![32, 64, 128, 256], quick vec![32, 128], in 16..=2000;
        /// Hidden units of the network.
        net_width: usize = 256, quick 128, in 16..=4096;
        /// Dimension of the network's inputs.
        net_dim: usize = 5, in 2..=100;
        /// The most epochs of the network; it stops where it interpolates.
        net_epochs: usize = 8192, quick 4096, in 64..=1_000_000;
        /// Networks, each with its own data, for each size.
        net_draws: usize = 8, quick 4, in 2..=1000;
    }
}

impl Study for OverfittingRegimes {
    const ABOUT: About = About {
        id: "overfitting_regimes",
        title: "Benign, tempered, catastrophic: the taxonomy of overfitting",
        what: "Fits labels with noise of variance σ² by every method of the taxonomy, and follows the excess risk in \
               units of σ² as n grows: to 0 it is benign, to a constant tempered, to infinity catastrophic. Local \
               methods, regression at p = n and kernels on a line have exact values or limits; kernels on the circle \
               and designs with their spectra stand beside the eigenframework; one training run gives an interpolating \
               and an early-stopped network.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Beyond benign overfitting\" (three \
                slides); after Mallinar et al. 2022, \"Benign, tempered, or catastrophic: a taxonomy of overfitting\", \
                arXiv:2207.06569",
        columns: &[
            Column::new("regime", "", "benign, tempered or catastrophic, as n → ∞"),
            Column::new("method", "", "the method"),
            Column::new(
                "interpolates",
                "",
                "yes if it fits every training label, no if it does not",
            ),
            Column::new("n", "", "training examples"),
            Column::new(
                "excess",
                "σ² or share",
                "risk above the noise in units of σ²; for votes, errors above the share of wrong labels",
            ),
            Column::new("statistic", "", "what excess is over draws: mean or median"),
            Column::new(
                "low",
                "as excess",
                "3 standard errors below a mean; the first quartile for a median",
            ),
            Column::new(
                "high",
                "as excess",
                "3 standard errors above a mean; the third quartile for a median",
            ),
            Column::new(
                "predicted",
                "as excess",
                "by formula for this n, where there is one",
            ),
            Column::new("limit", "as excess", "as n → ∞, where it is known"),
            Column::new(
                "unresolved",
                "",
                "share of draws in which f64 lost directions of the kernel matrix to rounding",
            ),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        context.progress.start(6, "parts");
        let done = |curves: Vec<Curve>| {
            context.progress.step();
            curves
        };
        let mut curves = done(self.local(seed)?);
        curves.extend(done(self.simplices(seed)?));
        let critical = self.critical(seed)?;
        curves.extend(done(vec![critical.curve]));
        curves.extend(done(self.ridge(seed)?));
        let polynomial = self.polynomial_limit(seed)?;
        curves.extend(done(self.kernels(seed)?));
        let nets = self.networks(seed)?;
        curves.extend(done(nets.curves));
        findings(
            self,
            &Results {
                curves,
                residuals: self.residuals(seed)?,
                below_median: critical.below_median,
                polynomial,
                net_train: nets.train,
            },
        )
    }
}

/// Everything a run computed.
struct Results {
    curves: Vec<Curve>,
    /// The training error in units of σ² at the largest n, measured and predicted, of methods that are local.
    residuals: Vec<local::Residual>,
    /// The share of draws at p = n below the exact median.
    below_median: f64,
    /// How near a wide Gaussian kernel comes to the polynomial through the same points.
    polynomial: kernels::Polynomial,
    /// The mean training error of the interpolating and of the early-stopped network in units of σ², by size.
    net_train: Vec<network::TrainError>,
}
