//! The four terms of the risk: approximation, statistical, optimisation and generalisation error.

mod findings;
mod problem;

use rayon::prelude::*;

use crate::engine;
use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use findings::{Results, findings};
use problem::{Draw, Problem};

settings! {
    /// Settings of `error_decomposition`.
    pub struct ErrorDecomposition {
        /// Training examples n.
        n: usize = 200, quick 100, in 10..=2000;
        /// Numbers of ReLU features m of the student.
        widths: Vec<usize> = vec![5, 10, 20, 30, 40, 60, 80, 120, 160, 200, 280, 400], quick vec![5, 10, 20, 40, 60, 100, 160], in 1..=2000, len 2..=40;
        /// Steps of gradient descent t.
        steps: usize = 4096, quick 1024, in 1..=1_000_000;
        /// Features of the teacher: the first of the student's.
        teacher: usize = 40, in 1..=1000;
        /// Input dimension d. On a line the features are all multiples of two, so that no best
        /// parameter is the only one; in a plane they nearly are.
        dim: usize = 20, in 3..=500;
        /// Variance σ² of the label noise; the teacher's outputs have mean square 1.
        noise: f64 = 0.2, in 0.0001..=100.0;
        /// Draws of the training set.
        draws: usize = 200, quick 60, in 10..=10_000;
        /// Fresh examples to check population risks with.
        fresh: usize = 40_000, quick 10_000, in 100..=1_000_000;
    }
}

/// The four terms and the risk they sum to, for a parameter θ_t. L is the population's mean squared
/// error, L_n that of the training set, θ* the least of L among the student's parameters.
#[derive(Clone, Copy)]
struct Terms {
    /// L(θ_t).
    risk: f64,
    /// L(θ_t) − L_n(θ_t).
    generalisation: f64,
    /// L_n(θ_t) − L_n(θ*).
    optimisation: f64,
    /// L_n(θ*) − L(θ*).
    statistical: f64,
    /// L(θ*).
    approximation: f64,
}

impl Study for ErrorDecomposition {
    const ABOUT: About = About {
        id: "error_decomposition",
        title: "The four terms of the risk",
        what: "A teacher of random ReLU features, a student of m features trained by gradient descent from 0. The \
               risk is split into approximation, statistical, optimisation and generalisation error, each with a \
               closed form, by width and by steps.",
        slide: "Deep learning theory, generalization beyond the training samples: \"Decomposition of the error\"; \
                after Bottou & Bousquet 2007, The tradeoffs of large scale learning",
        columns: &[
            Column::new("width", "", "features m of the student"),
            Column::new("steps", "", "steps t of gradient descent"),
            Column::new("risk", "label²", "L(θ_t), mean over draws"),
            Column::new("risk_se", "label²", "its standard error"),
            Column::new(
                "generalisation",
                "label²",
                "L(θ_t) − L_n(θ_t), mean over draws",
            ),
            Column::new(
                "optimisation",
                "label²",
                "L_n(θ_t) − L_n(θ*), mean over draws",
            ),
            Column::new("statistical", "label²", "L_n(θ*) − L(θ*), mean over draws"),
            Column::new("approximation", "label²", "L(θ*), noise included"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let _single = engine::single_thread();
        let problem = Problem::new(self, seed)?;
        let times = self.times();
        context.progress.start(self.draws, "draws");
        let draws = (0..self.draws as u64)
            .into_par_iter()
            .map(|index| {
                let done = problem.draw(&times, index);
                context.progress.step();
                done
            })
            .collect::<Result<Vec<Draw>>>()?;
        let checks = problem.checks(self, seed)?;
        findings(&Results {
            settings: self,
            problem: &problem,
            times,
            draws,
            checks,
        })
    }
}

impl ErrorDecomposition {
    /// The numbers of steps shown: powers of 2 and the last.
    fn times(&self) -> Vec<usize> {
        let mut times: Vec<usize> = (0..usize::BITS)
            .map(|power| 1 << power)
            .take_while(|t| *t < self.steps)
            .collect();
        times.push(self.steps);
        times
    }
}
