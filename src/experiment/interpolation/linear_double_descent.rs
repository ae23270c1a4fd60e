//! Double descent of linear regression, where the exact risk is known.

mod curve;
mod figure;
mod findings;
mod landmarks;
mod run;
mod settings;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};

pub use settings::LinearDoubleDescent;

impl Study for LinearDoubleDescent {
    const ABOUT: About = About {
        id: "linear_double_descent",
        title: "Double descent of linear regression: the exact formula beside simulation",
        what: "Fits a linear target by least squares on p of its D Gaussian features, for every p: the \
               minimum-norm solution. What the fit cannot see acts as noise. Compares the exact risk \
               of every finite n and p with simulation, and the prescient order of the features, \
               largest coefficient first, with a random one.",
        slide: "CMSC 828W \"DL Generalization\": the double descent curve for a simple model, prescient \
                feature selection; after Belkin, Hsu & Xu 2020, arXiv:1903.07571",
        columns: run::Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let curves = self.curves(seed, &context.progress)?;
        findings::findings(self, &curves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With n = 4 no width below n has a finite variance: claims about them are left out, not failed.
    #[test]
    fn few_examples_leave_no_claim_without_a_tolerance() {
        for decay in ["flat", "inverse_square"] {
            let few = LinearDoubleDescent {
                n: 4,
                decay,
                draws: 300,
                ..Default::default()
            };
            let report = few.run(1).expect("valid");
            assert!(report.claims.all_hold(), "{decay}:\n{}", report.claims);
        }
    }

    #[test]
    fn too_few_features_are_refused() {
        let few = LinearDoubleDescent {
            n: 20,
            features: 25,
            ..Default::default()
        };
        let error = few.run(1).expect_err("25 < 26").to_string();
        assert!(error.contains("at least n + 6 = 26"), "{error}");
    }
}
