//! Double descent seen by the norm: error by parameters, norm by parameters, error by norm.

mod curve;
mod figure;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::digit_features::fitted;
use crate::experiment::{About, Claim, Context, Findings, Study};
use curve::Results;
use figure::figure;

pub use curve::NormCurve;

impl Study for NormCurve {
    const ABOUT: About = About {
        id: "norm_curve",
        title: "Double descent by parameters and by norm",
        what: "Fits noisy ±1 labels of two digits by the minimum-norm solution on m nested random Fourier \
               features. The norm of the weights peaks at m = n like the test error, so that plotted \
               against the norm the error comes closer to the classical U than to a double descent.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Double descent curve in \
                practice (III)\"; after Ma, Avati, Katanforoosh & Ng, CS229 lecture notes, and Nakkiran, Venkat, \
                Kakade & Ma 2021, arXiv:2003.01897, §5.2",
        columns: curve::Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, |s| &s.digits, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        findings(&self.results(seed, context)?)
    }
}

fn findings(results: &Results) -> Result<Findings> {
    let marks = results.landmarks()?;
    let (peak, norm_peak) = (marks.peak, marks.norm_peak);
    Ok(Findings::of(&results.points)
        .claim(Claim::equals(
            "the test error peaks where the parameters equal the training digits, m/n = 1 (to \
             the grid's step)",
            1.0,
            peak.ratio,
            marks.spacing,
        ))
        .measured_as("error_peak_ratio")
        .claim(Claim::equals(
            "the norm of the weights peaks where the parameters equal the training digits too, m/n = 1 (to the grid's step)",
            1.0,
            norm_peak.ratio,
            marks.spacing,
        ))
        .measured_as("norm_peak_ratio")
        .measure("peak_mse", peak.test_mse)
        .measure("peak_norm", norm_peak.norm)
        .measure("error_by_norm_slope", marks.slope)
        .measure("misfit_by_parameters", marks.misfit.0)
        .measure("misfit_by_norm", marks.misfit.1)
        .measure("squared_norm_extrapolated", marks.limit.0)
        .measure("squared_norm_of_kernel", marks.limit.1)
        .claim(Claim::at_most(
            "from m = n on, further columns never raise the norm (features of unit \
             amplitude): largest relative rise in a draw",
            0.0,
            results.largest_rise(),
            1e-9,
        ))
        .identity()
        .claim(Claim::equals_within(
            "m → ∞ is the kernel interpolant: squared norm extrapolated from m and m/2, with \
             a gap falling like 1/(m/n − 1), against yᵀK⁻¹y",
            marks.limit.1,
            marks.limit.0,
            0.1,
        ))
        .claim(Claim::equals(
            "around the threshold one small singular value s drives both, error and squared \
             norm as 1/s² (trend): slope of ln error by ln norm",
            2.0,
            marks.slope,
            0.4,
        ))
        .trend(results.mnist)
        .claim(Claim::less_than(
            "by norm the error is closer to a U than by parameters (trend): share of the \
             variation of ln error that the best falling-then-rising curve leaves",
            marks.misfit.0 / 2.0,
            marks.misfit.1,
            0.0,
        ))
        .trend(results.mnist)
        .figure(figure(results)))
}
