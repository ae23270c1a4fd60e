//! How far apart the digits' classes are, beside the perturbations they should withstand.

mod findings;

use ndarray::Array1;
use rand::RngExt;

use crate::data::Source;
use crate::error::{Error, Result};
use crate::experiment::sizes::{of_classes, share_out, with_classes};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::measure::separation::{Norm, nearest_other_class, nearest_same_class};
use crate::rng::stream;
use crate::stats::least;
use findings::{Results, findings};

settings! {
    /// Settings of `class_separation`.
    pub struct ClassSeparation {
        /// The classes to tell apart.
        digits: Vec<usize> = vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9], in 0..=255;
        /// How distances are measured: linf (largest difference of a pixel) or l2 (Euclidean).
        norm: &'static str = "linf", in ["linf", "l2"];
        /// Training images.
        train: usize = 5_000, quick 1_500, in 20..=60_000;
        /// Test images.
        test: usize = 1_500, quick 400, in 10..=10_000;
        /// The perturbation ε of each pixel that a classifier should withstand; pixels are 0 to 1.
        epsilon: f64 = 0.1, in 0.0..=1.0;
    }
}

/// The separation of the first n training images.
struct Nested {
    n: usize,
    train: f64,
    test: f64,
}

impl Study for ClassSeparation {
    const ABOUT: About = About {
        id: "class_separation",
        title: "How far apart the classes are",
        what: "Finds for each digit the nearest one of another class, among the training digits, and for each test digit the \
               nearest training digit of another class. The least of these distances is the separation; half of it is a radius within \
               which a perfectly accurate and perfectly robust classifier exists: the nearest neighbour.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Why robust generalization is difficult?\"; after Yang, \
                Rashtchian, Zhang, Salakhutdinov & Chaudhuri 2020, arXiv:2003.02460, table 1",
        columns: &[
            Column::new("pair", "", "train-train or test-train"),
            Column::new("norm", "", "linf or l2"),
            Column::new("n", "", "training images, the first n of the run's order"),
            Column::new(
                "separation",
                "pixel levels of 0 to 1",
                "least distance between different classes",
            ),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let chosen = with_classes(self, &self.digits, &images);
        let (available, words) = of_classes(&images, &chosen.digits)?;
        share_out(&chosen, &[("train", 1), ("test", 1)], available, &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let classes = self.digits.iter().map(|&digit| {
            u8::try_from(digit).map_err(|_| Error::domain("class", "0 to 255", digit))
        });
        let images = context.data.load()?;
        let mnist = images.is_mnist();
        let images = images.of_classes(&classes.collect::<Result<Vec<u8>>>()?)?;
        let mut distinct = self.digits.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < 2 {
            let got = format!("{:?}", self.digits);
            return Err(Error::domain("digits", "two classes or more", got));
        }
        let (train, test) = (self.train, self.test);
        let split = crate::data::train_test_split(
            images.len(),
            train,
            test,
            &mut stream(seed, "separation split", 0),
        )?;
        let part = |rows: &[usize]| {
            let x = images
                .pixels
                .select(ndarray::Axis(0), rows)
                .mapv(|v| f64::from(v) / 255.0);
            let labels: Vec<u8> = rows.iter().map(|&row| images.labels[row]).collect();
            (x, labels)
        };
        let (x, labels) = part(&split.train);
        let (tx, tl) = part(&split.test);
        let norm = if self.norm == "linf" {
            Norm::LInf
        } else {
            Norm::L2
        };
        context.progress.start(6, "searches");
        let nested_sizes = [train / 8, train / 4, train / 2, train];
        let mut nested = Vec::new();
        let (mut within, mut across) = (Array1::zeros(0), Array1::zeros(0));
        for n in nested_sizes {
            let few = x.slice(ndarray::s![..n, ..]);
            within = nearest_other_class(&few, &labels[..n], &few, &labels[..n], norm)?;
            across = nearest_other_class(&tx, &tl, &few, &labels[..n], norm)?;
            nested.push(Nested {
                n,
                train: least(&within),
                test: least(&across),
            });
            context.progress.step();
        }
        // The same numbers in the other norm, for the two inequalities between norms.
        let other = if norm == Norm::LInf {
            Norm::L2
        } else {
            Norm::LInf
        };
        let in_other = nearest_other_class(&tx, &tl, &x, &labels, other)?;
        context.progress.step();
        // Training images shaken by ±ε a pixel: is the nearest neighbour still of the right class?
        let shaken = self.shake(&x, test.min(train), seed);
        let own = nearest_same_class(&shaken, &labels[..shaken.nrows()], &x, &labels, Norm::LInf)?;
        let foreign =
            nearest_other_class(&shaken, &labels[..shaken.nrows()], &x, &labels, Norm::LInf)?;
        context.progress.step();
        let linf_gap = match norm {
            Norm::LInf => least(&within),
            Norm::L2 => least(&nearest_other_class(&x, &labels, &x, &labels, Norm::LInf)?),
        };
        findings(&Results {
            settings: self,
            mnist,
            all: mnist && distinct.len() == 10,
            dimension: x.ncols() as f64,
            nested,
            within: within.to_vec(),
            across: across.to_vec(),
            in_other: in_other.to_vec(),
            linf_gap,
            margins: (&foreign - &own).to_vec(),
        })
    }
}

impl ClassSeparation {
    /// The first `count` rows of `x` with ε or −ε added to each pixel.
    fn shake(&self, x: &ndarray::Array2<f64>, count: usize, seed: u64) -> ndarray::Array2<f64> {
        let mut shaken = x.slice(ndarray::s![..count, ..]).to_owned();
        let rng = &mut stream(seed, "shaken digits", 0);
        shaken.mapv_inplace(|v| {
            if rng.random::<bool>() {
                v + self.epsilon
            } else {
                v - self.epsilon
            }
        });
        shaken
    }
}
