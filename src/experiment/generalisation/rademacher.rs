//! Rademacher complexity: exact means and bounds beside Monte Carlo, and what it looks like.

mod balls;
mod figure;
mod findings;
mod finite;
mod line;

use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use findings::{Results, findings};

settings! {
    /// Settings of `rademacher`.
    pub struct Rademacher {
        /// The largest number of inputs; the curve halves it six times.
        n: usize = 1024, quick 256, in 128..=65_536;
        /// Dimension d of the Gaussian inputs of the linear functions.
        dim: usize = 20, in 1..=1000;
        /// Radius B of the balls of linear functions.
        radius: f64 = 1.0, in 0.001..=1000.0;
        /// The norm that bounds the weights.
        norm: &'static str = "both", in ["l1", "l2", "both"];
        /// Independent sets of inputs for each number of inputs.
        sets: usize = 50, quick 20, in 5..=1000;
        /// Sign patterns drawn for each set of inputs, and for each finite class.
        draws: usize = 2000, quick 500, in 10..=1_000_000;
        /// Inputs of the finite classes, whose sign patterns are all tried.
        finite_n: usize = 12, quick 9, in 3..=13;
        /// Points on the line of the four pictures.
        line_n: usize = 30, quick 30, in 8..=100;
        /// Share of wrong labels on the line.
        label_noise: f64 = 0.15, in 0.0..=0.45;
        /// Training sets on the line.
        line_draws: usize = 20_000, quick 4000, in 100..=1_000_000;
        /// Probability δ with which the bound on the gap may fail.
        delta: f64 = 0.05, in 0.0001..=0.5;
    }
}

impl Study for Rademacher {
    const ABOUT: About = About {
        id: "rademacher",
        title: "Rademacher complexity beside its exact values and bounds",
        what: "How well a class of functions follows random signs. For linear functions in an ℓ2 or ℓ1 ball the \
               supremum is exact for each sign pattern, and the mean over Gaussian inputs is known: it falls as \
               1/√n. Finite classes are enumerated beside Massart's bound. On a line, a rich class that \
               fits any signs stands beside a poor one, and beside what either makes of noisy labels.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Rademacher complexity\", \"Visualizing \
                Rademacher complexity\"; CMSC 828W \"DL Generalization\"; after Bartlett & Mendelson 2002, JMLR 3",
        columns: &[
            Column::new(
                "class",
                "",
                "l2, l1: linear functions in a ball; finite: random ±1 patterns; thresholds, nearest: on the line",
            ),
            Column::new("n", "", "inputs"),
            Column::new("functions", "", "functions of a finite class"),
            Column::new(
                "measured",
                "",
                "complexity by Monte Carlo; for balls the mean over sets of inputs",
            ),
            Column::new("se", "", "standard error of measured"),
            Column::new(
                "exact",
                "",
                "the same by formula (balls, thresholds) or by all sign patterns (finite)",
            ),
            Column::new("lower", "", "lower bound, for balls the mean over sets"),
            Column::new("upper", "", "upper bound, for balls the mean over sets"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        context.progress.start(4, "parts");
        let done = || context.progress.step();
        let balls = self.balls(seed)?;
        done();
        let checks = self.checks(seed)?;
        done();
        let finite = self.finite(seed)?;
        done();
        let line = self.line(seed)?;
        done();
        findings(
            self,
            &Results {
                balls,
                checks,
                finite,
                line,
            },
        )
    }
}
