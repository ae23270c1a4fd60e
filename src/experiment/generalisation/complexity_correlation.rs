//! Complexity measures and the generalisation gap: which measure ranks networks as the gap does?

mod checks;
mod claims;
mod figure;
mod grid;
mod linear;
mod measures;
mod network;
mod results;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::sizes::share_out;
use crate::experiment::{About, Context, Findings, Study};
use claims::{claims, measured};
use figure::figure;
pub use grid::ComplexityCorrelation;
use grid::Grid;
pub use measures::compared;
use network::{Network, Point, Problem};
use results::Results;

impl Study for ComplexityCorrelation {
    const ABOUT: About = About {
        id: "complexity_correlation",
        title: "Do complexity measures rank networks as the generalisation gap does?",
        what: "Trains ReLU networks without biases on all ten digits over a grid of width, depth, learning rate, batch \
               size and weight decay, all to the same cross-entropy. Computes the norms, path norm, margins and sharpness that \
               bounds on the generalisation gap contain, and ranks the networks by each: Kendall's τ over all \
               networks, and Ψ, its mean over comparisons that change one hyper-parameter only.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"How well do complexity measures correlate \
                with generalization?\"; protocol of Jiang, Neyshabur, Mobahi, Krishnan & Bengio 2020, arXiv:1912.02178",
        columns: Point::COLUMNS,
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
        let networks = context.each("networks", 0..self.networks, |index| {
            problem.network(grid.run(index))
        })?;
        let results = Results::new(grid.repeats, &networks, seed, problem.mnist)?;
        let found = Findings::of(networks.iter().map(Network::point));
        let found = claims(measured(found, &results), &results)?;
        Ok(found.figure(figure(&results)))
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
