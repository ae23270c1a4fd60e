//! Which random labellings a class can fit: hyperplanes by Cover's count, networks by training.

mod digits;
mod figure;
mod findings;
mod hyperplanes;
mod networks;

use crate::data::Source;
use crate::engine;
use crate::error::Result;
use crate::experiment::sizes::{of_classes, share_out, usual_pair};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use findings::{Results, findings};

settings! {
    /// Settings of `random_sign_capacity`.
    pub struct RandomSignCapacity {
        /// Numbers of points for the hyperplanes; d and 2d are always among them.
        n: Vec<usize> = vec![10, 25, 30, 35, 45, 50, 60, 80, 160], quick vec![10, 30, 50, 100], in 1..=300;
        /// Dimension d of the Gaussian points.
        dim: usize = 20, in 1..=100;
        /// Labellings drawn for each number of points.
        draws: usize = 1000, quick 300, in 10..=1_000_000;
        /// Hidden neurons of the networks.
        widths: Vec<usize> = vec![1, 2, 4, 8, 16, 64], quick vec![1, 4, 32], in 1..=1024;
        /// Numbers of points for the networks.
        net_n: Vec<usize> = vec![20, 40, 80, 160, 320], quick vec![20, 80], in 2..=2000;
        /// Labellings drawn for each network.
        net_draws: usize = 6, quick 3, in 2..=1000;
        /// The most epochs of a network, one step each; it stops once every sign is right.
        epochs: usize = 3000, quick 1000, in 10..=1_000_000;
        /// Training digits, 3 against 7, with true and with random labels; of data without these the first two classes.
        digits: usize = 500, quick 100, in 20..=1500;
        /// Hidden neurons for the digits.
        digit_width: usize = 256, quick 64, in 8..=4096;
        /// Epochs on the digits.
        digit_epochs: usize = 60, quick 80, in 5..=10_000;
        /// Training sets of digits.
        digit_draws: usize = 6, quick 5, in 3..=1000;
    }
}

impl Study for RandomSignCapacity {
    const ABOUT: About = About {
        id: "random_sign_capacity",
        title: "Which random labellings hyperplanes and networks can fit",
        what: "Draws random signs for Gaussian points and asks whether a hyperplane separates them: the share is \
               Cover's, one half at n = 2d. Trains networks of several widths on random signs and measures how \
               many they follow; a wide one follows all, so its Rademacher complexity is 1. Trains one on digits with \
               true and with random labels.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"The mystery in deep learning\", \"Q4: \
                Can SGD converge to global minimizers?\"; CMSC 828W \"DL Generalization\"; after Cover 1965 and \
                Zhang et al. 2017, arXiv:1611.03530",
        columns: &[
            Column::new(
                "series",
                "",
                "separable; least_squares; network; true_ or random_ (labels of the digits) train, test",
            ),
            Column::new("n", "", "points or training digits"),
            Column::new("width", "", "hidden neurons"),
            Column::new("epoch", "", "epochs of training on the digits"),
            Column::new(
                "measured",
                "",
                "share separable; mean of σ_i h(x_i) for least squares and networks; error rate for digits",
            ),
            Column::new("se", "", "standard error over draws"),
            Column::new(
                "predicted",
                "",
                "Cover's share; the exact mean for least squares; 1/2 for test digits after random labels",
            ),
            Column::new(
                "upper",
                "",
                "the most any hyperplane can follow, from Massart's lemma and Cover's count",
            ),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let (negative, positive) = usual_pair(&images)?;
        let (all, words) = of_classes(&images, &[negative.into(), positive.into()])?;
        let words = format!("{words}, without {} for testing", digits::held_out(all));
        share_out(self, &[("digits", 1)], all - digits::held_out(all), &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let sizes = self.sizes();
        let steps = sizes.len() + self.widths.len() * self.net_n.len() + 2 * self.digit_draws;
        context.progress.start(steps, "steps");
        let _single = engine::single_thread();
        let hyperplanes = sizes
            .iter()
            .map(|&n| {
                let point = self.hyperplane(n, seed);
                context.progress.step();
                point
            })
            .collect::<Result<_>>()?;
        let networks = self.networks(seed, &context.progress)?;
        findings(
            self,
            &Results {
                hyperplanes,
                memorised: self.memorised(seed)?,
                networks,
                digits: self.on_digits(seed, context)?,
            },
        )
    }
}
