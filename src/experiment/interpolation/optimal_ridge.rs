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
mod settings;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::digit_features::fitted;
use crate::experiment::{About, Context, Findings, Study};
use crate::measure::IsotropicProblem;
use findings::findings;
use isotropic::Isotropic;

pub use settings::OptimalRidge;

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
        columns: findings::Entry::COLUMNS,
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
        let digits = self.digit_curve(seed, context)?;
        let isotropic = Isotropic {
            problem: IsotropicProblem::with_snr(self.snr),
            n: self.isotropic_n,
            draws: self.isotropic_draws,
            seed,
        };
        findings(self.label_noise, &digits, &isotropic.curves(context)?)
    }
}
