//! The right penalty removes the double descent: on real digits and in the isotropic closed form.
//!
//! # What a peak is, and what it is not
//! The tuned error falls from narrow to wide models, the farther the fewer features it starts from. Its largest over its
//! least value (`tuned_max_over_min`) measures that fall and says nothing of a peak. A peak is a rise: an error
//! above that of a narrower model. With the best penalty theory allows none (Simon, Karkada, Ghosh & Belkin 2024,
//! arXiv:2311.14646, Theorem 1: the tuned risk of random-feature regression never grows with the features), so
//! the claim is about the largest rise.
//!
//! # How high the ridgeless peak must be
//! At m = n an interpolating model predicts f(x) = Σ c_j y_j, where φ(x) = Σ c_j φ(x_j). Exchange x and x_j, which
//! changes nothing in the joint law of examples drawn alike: c_j becomes 1/c_j. So |c_j| has the same law as 1/|c_j|,
//! is at least 1 with probability ½, and E min(c_j², 1) ≥ ½. Label noise of variance σ² adds σ² Σ c_j², which
//! is σ²n/2 or more in the mean, even if every c_j² is cut at 1. A label ±1 flipped with probability η has
//! σ² = 4η(1 − η).

mod digits;
mod figure;
mod findings;
mod isotropic;
mod landmarks;

use ndarray::s;
use rayon::prelude::*;

use crate::data::Source;
use crate::engine;
use crate::error::Result;
use crate::experiment::problems::digit_features::{
    Design, DigitFeatures, fitted, widths_around_threshold,
};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::ridge_path;
use crate::measure::IsotropicProblem;
use digits::{DigitCurve, Errors};
use findings::{Results, findings};
use isotropic::Isotropic;

settings! {
    /// Settings of `optimal_ridge`.
    pub struct OptimalRidge {
        /// Training digits a draw.
        n: usize = 300, quick 80, in 20..=2000;
        /// The two classes told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
        /// Share of training and validation labels flipped.
        label_noise: f64 = 0.1, in 0.0..=0.5;
        /// Bandwidth σ of the Gaussian kernel, in units of the input norm (pixels are 0 to 1).
        sigma: f64 = 5.0, in 0.01..=1000.0;
        /// The smallest number of feature columns, in units of n.
        min_ratio: f64 = 0.3, in 0.05..=0.9;
        /// The largest number of feature columns, in units of n.
        max_ratio: f64 = 4.0, in 1.5..=20.0;
        /// About how many widths, densest around n.
        points: usize = 20, quick 10, in 4..=500;
        /// Penalties λ tried at each width, evenly spaced in ln λ from 10⁻³ to 10².
        penalties: usize = 26, in 6..=500;
        /// Further digits with noisy labels that choose a penalty, a draw.
        validation: usize = 300, quick 100, in 10..=5000;
        /// Draws of training set, validation set and features.
        draws: usize = 8, in 3..=1000;
        /// Test digits, the same in every draw.
        test: usize = 800, quick 400, in 10..=10_000;
        /// Signal over noise r²/σ² of the isotropic problem.
        snr: f64 = 5.0, in 0.1..=20.0;
        /// Examples n, and features p where n varies, of the isotropic problem.
        isotropic_n: usize = 80, quick 30, in 20..=400;
        /// Independent training sets of the isotropic problem, a point.
        isotropic_draws: usize = 200, quick 60, in 20..=100_000;
    }
}

impl Study for OptimalRidge {
    const ABOUT: About = About {
        id: "optimal_ridge",
        title: "Optimally tuned ridge regression has no double descent",
        what: "Fits noisy ±1 labels of two digits on nested random Fourier features by ridge regression, \
               at every width with many penalties λ in ‖Φw − y‖² + λ‖w‖² (features with φ·φ = 1). \
               The test error without a penalty peaks at m = n; with the best λ of each width, or the \
               one a validation set chooses, it has no peak. Then the same for isotropic \
               Gaussian features, where the best λ* and its risk have closed forms, and where the tuned \
               risk falls with every further example.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Double descent curve in \
                practice (III)\"; after Nakkiran, Venkat, Kakade & Ma 2021, arXiv:2003.01897",
        columns: &[
            Column::new(
                "problem",
                "",
                "digits; isotropic_p (features vary) or isotropic_n (examples vary)",
            ),
            Column::new("n", "", "training examples"),
            Column::new("columns", "", "features m or p"),
            Column::new("ratio", "", "features over examples"),
            Column::new(
                "ridgeless",
                "label²",
                "test error without a penalty (isotropic: excess risk), mean over draws",
            ),
            Column::new("ridgeless_se", "label²", "its standard error over draws"),
            Column::new(
                "tuned",
                "label²",
                "with the penalty of least mean test error (isotropic: with λ*)",
            ),
            Column::new("tuned_se", "label²", "its standard error over draws"),
            Column::new(
                "tuned_predicted",
                "label²",
                "limit of the risk at λ* for isotropic features",
            ),
            Column::new(
                "validated",
                "label²",
                "with the penalty the validation set of each draw chooses",
            ),
            Column::new("validated_se", "label²", "its standard error over draws"),
            Column::new(
                "lambda",
                "",
                "the penalty of tuned, on the scale of ‖Φw − y‖² + λ‖w‖²",
            ),
            Column::new(
                "lambda_validated",
                "",
                "geometric mean over draws of the chosen penalty",
            ),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(
            self,
            |s| &s.digits,
            &[("n", 1), ("validation", 1), ("test", 1)],
            data,
        )
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let mut widths = widths_around_threshold(self.n, self.max_ratio, self.points);
        let least = (self.min_ratio * self.n as f64).round() as usize;
        widths.retain(|&m| m > least);
        widths.insert(0, least.max(1));
        let digits = self.digit_curve(&widths, seed, context)?;
        let isotropic = Isotropic {
            problem: IsotropicProblem::with_snr(self.snr),
            n: self.isotropic_n,
            draws: self.isotropic_draws,
            seed,
        };
        findings(&Results {
            digits,
            label_noise: self.label_noise,
            isotropic: isotropic.curves(&context.progress)?,
        })
    }
}

impl OptimalRidge {
    /// 0, then the penalties tried.
    fn lambdas(&self) -> Vec<f64> {
        let share = |i: usize| i as f64 / (self.penalties - 1) as f64;
        let tried = (0..self.penalties).map(|i| 10f64.powf(5.0 * share(i) - 3.0));
        std::iter::once(0.0).chain(tried).collect()
    }

    fn digit_curve(&self, widths: &[usize], seed: u64, context: &Context) -> Result<DigitCurve> {
        let design = Design {
            digits: &self.digits,
            n: self.n + self.validation,
            test: self.test,
            columns: widths.last().copied().unwrap_or(self.n),
            sigma: self.sigma,
            label_noise: self.label_noise,
        };
        let problem = DigitFeatures::new(&context.data, &design, seed)?;
        let lambdas = self.lambdas();
        context.progress.start(self.draws, "draws");
        let _single = engine::single_thread();
        let draws = (0..self.draws as u64)
            .into_par_iter()
            .map(|index| {
                let done = self.one_draw(&problem, widths, &lambdas, index);
                context.progress.step();
                done
            })
            .collect::<Result<Vec<Errors>>>()?;
        DigitCurve::over(&draws, self.n, widths, &lambdas, problem.mnist)
    }

    /// Test and validation errors at every width and penalty.
    fn one_draw(
        &self,
        problem: &DigitFeatures,
        widths: &[usize],
        lambdas: &[f64],
        index: u64,
    ) -> Result<Errors> {
        let draw = problem.draw(index)?;
        let (train, held_out) = draw.train.view().split_at(ndarray::Axis(0), self.n);
        let (targets, held_out_targets) = draw.targets.view().split_at(ndarray::Axis(0), self.n);
        let mut errors = Errors::default();
        for &m in widths {
            let scale = draw.features.scale(m);
            let columns = |features: &ndarray::ArrayView2<'_, f64>| {
                features.slice(s![.., ..m]).mapv(|value| value * scale)
            };
            let path = ridge_path(&columns(&train), &targets, lambdas)?;
            errors
                .validation
                .push(path.test_mse(&columns(&held_out), &held_out_targets)?);
            errors
                .test
                .push(path.test_mse(&columns(&draw.test.view()), &problem.test.y)?);
        }
        Ok(errors)
    }
}
