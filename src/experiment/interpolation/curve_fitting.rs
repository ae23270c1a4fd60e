//! Polynomial curve fitting: under-fitting, the sweet spot, over-fitting, and far beyond.

mod curve;
mod figure;
mod findings;
mod repeat;
mod settings;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};

pub use settings::CurveFitting;

impl Study for CurveFitting {
    const ABOUT: About = About {
        id: "curve_fitting",
        title: "Curve fitting with too few, enough, too many and far too many parameters",
        what: "Fits y = 2x + cos ωx at n random points by Legendre polynomials with P parameters: \
               least squares up to P = n, the interpolant of smallest norm beyond. The test error \
               falls, rises to a peak of many orders of magnitude at P = n, and falls again.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"A toy example: curve \
                fitting\"; after Schaeffer et al. 2023, arXiv:2303.14151",
        columns: curve::Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        findings::findings(&self.results(seed, context)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Residuals are rounding, so they grow with the weights: seed 8 leaves 10⁻¹⁸, σ = 10 leaves 10⁻¹⁴.
    #[test]
    fn claims_hold_whatever_the_size_of_the_numbers() {
        for (seed, n, noise) in [(8, 15, 0.0), (1, 15, 10.0), (1, 4, 0.0), (2, 4, 10.0)] {
            let settings = CurveFitting {
                n,
                noise,
                ..Default::default()
            };
            let report = settings.run(seed).expect("valid");
            assert!(
                report.claims.all_hold(),
                "seed {seed}, n = {n}, σ = {noise}:\n{}",
                report.claims
            );
        }
    }
}
