//! Complexity measures and the generalisation gap: which measure ranks networks as the gap does?

mod checks;
mod claims;
mod figure;
mod findings;
mod grid;
mod measures;
mod network;

use rayon::prelude::*;

use crate::data::Source;
use crate::engine;
use crate::error::Result;
use crate::experiment::sizes::share_out;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use findings::findings;
use grid::Grid;
use network::{Network, Problem};

settings! {
    /// Settings of `complexity_correlation`.
    pub struct ComplexityCorrelation {
        /// How many networks are trained: a multiple of the number of combinations of the varied hyper-parameters. A
        /// multiple k trains each combination k times, from other initial weights and in another order of the examples.
        networks: usize = 144, quick 64, in 2..=20_000;
        /// The hyper-parameters that are varied. The others keep the first value of their list.
        hyper: Vec<&'static str> = vec!["width", "depth", "learning_rate", "batch", "weight_decay"],
            in ["width", "depth", "learning_rate", "batch", "weight_decay"], len 1..=5;
        /// Units of each hidden layer.
        widths: Vec<usize> = vec![32, 128], quick vec![16, 64], in 1..=1024, len 1..=6;
        /// Hidden layers.
        depths: Vec<usize> = vec![1, 2, 3], quick vec![1, 2], in 1..=8, len 1..=6;
        /// Learning rates of SGD with momentum 0.9.
        learning_rates: Vec<f64> = vec![0.02, 0.06], in 1e-6..=10.0, len 1..=6;
        /// Examples a step.
        batches: Vec<usize> = vec![32, 128], in 1..=10_000, len 1..=6;
        /// Weight decay λ: training adds (λ/2)‖weights‖² to the loss.
        weight_decays: Vec<f64> = vec![0.0, 3e-4], in 0.0..=1.0, len 1..=6;
        /// Training images, the same for all networks.
        n: usize = 1000, quick 300, in 20..=50_000;
        /// Test images, the same for all networks.
        test: usize = 4000, quick 1000, in 50..=50_000;
        /// Training stops where the mean cross-entropy of the training images is at most this.
        target: f64 = 0.01, in 1e-4..=1.0;
        /// Epochs after which training stops anyway; such a network is counted and left out.
        epochs: usize = 400, in 1..=10_000;
    }
}

impl Study for ComplexityCorrelation {
    const ABOUT: About = About {
        id: "complexity_correlation",
        title: "Do complexity measures rank networks as the generalisation gap does?",
        what: "Trains ReLU networks without biases on all ten digits over a grid of width, depth, learning rate, batch \
               size and weight decay, all to the same cross-entropy. Computes the norms, path norm and margins that \
               bounds on the generalisation gap contain, and ranks the networks by each: Kendall's τ over all \
               networks, and Ψ, its mean over comparisons that change one hyper-parameter only.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"How well do complexity measures correlate \
                with generalization?\"; protocol of Jiang, Neyshabur, Mobahi, Krishnan & Bengio 2020, arXiv:1912.02178",
        columns: &[
            Column::new("network", "", "number of the network, from 0"),
            Column::new("repeat", "", "which repeat of the grid, from 0"),
            Column::new("width", "units", "units of each hidden layer"),
            Column::new("depth", "", "hidden layers"),
            Column::new(
                "learning_rate",
                "",
                "learning rate of SGD with momentum 0.9",
            ),
            Column::new("batch", "examples", "examples a step"),
            Column::new("weight_decay", "", "λ of the penalty (λ/2)‖weights‖²"),
            Column::new(
                "reached",
                "",
                "1 if the target cross-entropy was reached, else 0",
            ),
            Column::new("epochs", "", "epochs trained"),
            Column::new(
                "train_loss",
                "nat",
                "mean cross-entropy of the training images at the end",
            ),
            Column::new(
                "train_error",
                "",
                "share of training images classified wrongly",
            ),
            Column::new("test_error", "", "share of test images classified wrongly"),
            Column::new("gap", "", "test error − train error"),
            Column::new(
                "margin",
                "",
                "10th percentile of (output of the class − largest other output), training images",
            ),
            Column::new(
                "distance",
                "",
                "squared Frobenius distance to the initialisation, Σ‖X − X⁰‖_F²",
            ),
            Column::new(
                "spectral_complexity",
                "",
                "Π‖X‖ (Σ(‖(X − X⁰)ᵀ‖₂,₁/‖X‖)^⅔)^{3/2}",
            ),
            Column::new("parameter_norm", "", "Σ‖X‖_F²"),
            Column::new(
                "path_norm",
                "",
                "√ of the sum over paths of squared weights",
            ),
            Column::new(
                "spectral_product",
                "",
                "Π‖X‖, product of the layers' spectral norms",
            ),
            Column::new("spec_orig", "", "ln of Π‖X‖² Σ(‖X‖_F²/‖X‖²)/margin²"),
            Column::new("inverse_margin", "", "1/margin²"),
            Column::new("n_parameters", "", "number of weights"),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let words = format!("the images of {}", images.name);
        share_out(self, &[("n", 1), ("test", 1)], images.len(), &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let grid = Grid::new(self)?;
        let problem = Problem::new(&context.data, self, seed)?;
        context.progress.start(self.networks, "networks");
        let _single = engine::single_thread();
        let networks = (0..self.networks)
            .into_par_iter()
            .map(|index| {
                let done = problem.network(grid.run(index));
                context.progress.step();
                done
            })
            .collect::<Result<Vec<Network>>>()?;
        findings(&grid, &networks, seed, problem.mnist)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two learning rates one is too small to get anywhere.
    fn half_of_them(hyper: Vec<&'static str>) -> ComplexityCorrelation {
        ComplexityCorrelation {
            networks: if hyper.len() == 2 { 4 } else { 2 },
            hyper,
            widths: vec![8, 16],
            depths: vec![1],
            learning_rates: vec![0.05, 1e-6],
            n: 40,
            test: 60,
            epochs: 200,
            ..Default::default()
        }
    }

    #[test]
    fn networks_that_do_not_reach_the_target_are_counted_and_left_out() {
        let settings = half_of_them(vec!["width", "learning_rate"]);
        let report = settings
            .run_in(1, &Context::default())
            .expect("two reach it");
        let number = |name| report.measured.number(name).expect("measured");
        assert_eq!(number("networks_that_reached_the_target"), 2.0);
        assert_eq!(
            report
                .measured
                .list("psi_by_hyper_path_norm")
                .expect("a list")
                .len(),
            1
        );
        assert!(!report.claims.as_slice()[0].holds());
        let norms = report.table.numbers("path_norm").expect("numbers");
        assert_eq!(norms.iter().filter(|v| v.is_nan()).count(), 2);
        let error = half_of_them(vec!["learning_rate"])
            .run(1)
            .expect_err("one reaches it");
        assert!(error.to_string().contains("is 1 of 2"), "{error}");
    }
}
