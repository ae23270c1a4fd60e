//! Double descent of a fully connected network, trained from one width to the next.

mod curve;
mod figure;
mod findings;
mod fit;
mod settings;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::fitted;
use crate::experiment::{About, Context, Findings, Study};

pub use settings::NetworkDoubleDescent;

impl Study for NetworkDoubleDescent {
    const ABOUT: About = About {
        id: "network_double_descent",
        title: "Double descent of a fully connected network on MNIST digits",
        what: "Trains networks with one hidden ReLU layer on few digits, some wrongly labelled, by squared loss \
               until they fit all labels or the epochs end: test and training error by the number of parameters, \
               bias and variance over draws, and the same networks stopped early. Beside them the hidden layer is \
               frozen at random and the last layer solved exactly. Both are trained afresh at each width: no \
               weights are reused.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Double descent curve in practice \
                (I)\", random features and a fully connected network on MNIST; after Belkin, Hsu, Ma & Mandal \
                2019, arXiv:1812.11118",
        columns: curve::Entry::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        findings::findings(&self.results(seed, context)?)
    }
}
