//! The double-descent curve of random features on real digits.

mod curve;
mod draw;
mod figure;
mod findings;
mod run;
mod settings;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::digit_features::fitted;
use crate::experiment::{About, Context, Findings, Study};

pub use settings::DoubleDescent;

impl Study for DoubleDescent {
    const ABOUT: About = About {
        id: "double_descent",
        title: "Double descent of random features on two MNIST digits",
        what: "Fits ±1 labels of two digits by least squares on m nested random Fourier features of \
               the Gaussian kernel, at many widths m around the interpolation threshold m = n: the \
               minimum-norm solution and averaged constant-step SGD. Over independent draws of \
               training set and features it splits the test error into bias² and variance.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Our understanding on \
                double descent\"; after Liu, Suykens & Cevher 2022, arXiv:2110.06910",
        columns: curve::Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, |s| &s.digits, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        findings::findings(&self.results(seed, context)?)
    }
}
