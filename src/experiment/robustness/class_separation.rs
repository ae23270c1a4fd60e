//! How far apart the digits' classes are, beside the perturbations they should withstand.

use ndarray::{Array1, Array2, ArrayView2, Axis, s};
use rand::RngExt;

use crate::data::{Images, Source, train_test_split};
use crate::error::{Error, Result};
use crate::experiment::sizes::{of_classes, share_out, with_classes};
use crate::experiment::{About, Claim, Context, Findings, Study, row, settings};
use crate::measure::separation::{nearest_other_class, nearest_same_class};
use crate::optimise::Norm;
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::{largest, least, median, smaller};

/// A row of the tutorial's table: separations of all images in the ∞-norm, and the perturbation beside them.
struct Published {
    name: &'static str,
    train_train: f64,
    test_train: f64,
    epsilon: f64,
}

const MNIST: Published = Published {
    name: "MNIST",
    train_train: 0.737,
    test_train: 0.812,
    epsilon: 0.1,
};

const CIFAR: Published = Published {
    name: "CIFAR-10",
    train_train: 0.212,
    test_train: 0.220,
    epsilon: 0.031,
};

/// Why there is no number for the table's second row.
const NO_CIFAR: &str = "needs CIFAR-10's six files, all ten classes and the ∞-norm: --data FOLDER";

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

row! {
    /// How far images lie from the first n training images of other classes.
    struct Separation {
        /// train-train or test-train
        pair: &'static str;
        /// linf or l2
        norm: &'static str;
        /// training images, the first n of the run's order
        n: usize;
        /// least distance between different classes
        separation: f64, unit "pixel levels of 0 to 1";
    }
}

/// Images as rows of pixels from 0 to 1, with their classes.
struct Labelled {
    x: Array2<f64>,
    labels: Vec<u8>,
}

/// Some of them, the first ones.
struct First<'a> {
    x: ArrayView2<'a, f64>,
    labels: &'a [u8],
}

/// Each image's distance to the nearest of another class among the first n training images.
struct Nearest {
    n: usize,
    /// Of these training images.
    within: Array1<f64>,
    /// Of the test images.
    across: Array1<f64>,
}

/// Everything a run computed.
struct Results {
    /// Whether trends known from MNIST may be claimed.
    mnist: bool,
    /// The row of the tutorial's table for all ten classes of MNIST, or of images in CIFAR-10's format.
    published: Option<&'static Published>,
    /// The subsets by size, all training images last.
    subsets: [Nearest; 4],
    /// The distances of the test images in the other norm, for the two inequalities between norms.
    in_other: Array1<f64>,
    /// The ∞-norm separation of the training images.
    linf_gap: f64,
    /// For shaken training images: distance to the nearest of another class minus to the nearest of their own.
    margins: Array1<f64>,
    /// √d: how many times longer than the ∞-norm the Euclidean can be.
    longest: f64,
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
        columns: Separation::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let chosen = with_classes(self, &self.digits, &images);
        let (available, words) = of_classes(&images, &chosen.digits)?;
        share_out(&chosen, &[("train", 1), ("test", 1)], available, &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let classes = self.classes()?;
        let images = context.data.load()?;
        let mnist = images.is_mnist();
        let published = match (mnist, in_format_of_cifar(&images)) {
            _ if classes.len() != 10 => None,
            (true, _) => Some(&MNIST),
            (false, true) => Some(&CIFAR),
            (false, false) => None,
        };
        let images = images.of_classes(&classes)?;
        if classes.len() < 2 {
            let got = format!("{:?}", self.digits);
            return Err(Error::domain("digits", "two classes or more", got));
        }
        let rng = &mut stream(seed, "separation split", 0);
        let split = train_test_split(images.len(), self.train, self.test, rng)?;
        let train = Labelled::of(&images, &split.train);
        let test = Labelled::of(&images, &split.test);
        let (norm, other) = match self.norm {
            "linf" => (Norm::LInf, Norm::L2),
            _ => (Norm::L2, Norm::LInf),
        };
        context.progress.start(6, "searches");
        let subset = |part: usize| -> Result<Nearest> {
            let few = train.first(self.train / part);
            let nearest = Nearest {
                n: self.train / part,
                within: few.nearest_other(&few, norm)?,
                across: test.all().nearest_other(&few, norm)?,
            };
            context.progress.step();
            Ok(nearest)
        };
        let subsets = [subset(8)?, subset(4)?, subset(2)?, subset(1)?];
        let in_other = test.all().nearest_other(&train.all(), other)?;
        context.progress.step();
        let margins = self.shaken(&train, seed).all().margins(&train.all())?;
        context.progress.step();
        let linf_gap = match norm {
            Norm::LInf => least(&subsets[3].within),
            _ => least(&train.all().nearest_other(&train.all(), Norm::LInf)?),
        };
        self.findings(&Results {
            mnist,
            published,
            subsets,
            in_other,
            linf_gap,
            margins,
            longest: (train.x.ncols() as f64).sqrt(),
        })
    }
}

impl Labelled {
    fn of(images: &Images, rows: &[usize]) -> Self {
        let pixels = images.pixels.select(Axis(0), rows);
        Self {
            x: pixels.mapv(|v| f64::from(v) / 255.0),
            labels: rows.iter().map(|&row| images.labels[row]).collect(),
        }
    }

    fn first(&self, n: usize) -> First<'_> {
        First {
            x: self.x.slice(s![..n, ..]),
            labels: &self.labels[..n],
        }
    }

    fn all(&self) -> First<'_> {
        self.first(self.labels.len())
    }
}

impl First<'_> {
    fn nearest_other(&self, others: &Self, norm: Norm) -> Result<Array1<f64>> {
        nearest_other_class(&self.x, self.labels, &others.x, others.labels, norm)
    }

    /// How much nearer than another class each image's own class is, in the ∞-norm.
    fn margins(&self, others: &Self) -> Result<Array1<f64>> {
        let own = nearest_same_class(&self.x, self.labels, &others.x, others.labels, Norm::LInf)?;
        Ok(self.nearest_other(others, Norm::LInf)? - own)
    }
}

impl ClassSeparation {
    /// The classes, each once.
    fn classes(&self) -> Result<Vec<u8>> {
        let class =
            |&digit| u8::try_from(digit).map_err(|_| Error::domain("class", "0 to 255", digit));
        let mut classes = self.digits.iter().map(class).collect::<Result<Vec<u8>>>()?;
        classes.sort_unstable();
        classes.dedup();
        Ok(classes)
    }

    /// As many training images as there are for testing, with ε or −ε added to each pixel.
    fn shaken(&self, train: &Labelled, seed: u64) -> Labelled {
        let few = train.first(self.test.min(self.train));
        let mut shaken = Labelled {
            x: few.x.to_owned(),
            labels: few.labels.to_vec(),
        };
        let rng = &mut stream(seed, "shaken digits", 0);
        shaken.x.mapv_inplace(|v| match rng.random() {
            true => v + self.epsilon,
            false => v - self.epsilon,
        });
        shaken
    }

    fn rows(&self, subsets: &[Nearest]) -> Vec<Separation> {
        let row = |pair, n, distances| Separation {
            pair,
            norm: self.norm,
            n,
            separation: least(distances),
        };
        let within = subsets.iter().map(|s| row("train-train", s.n, &s.within));
        let across = subsets.iter().map(|s| row("test-train", s.n, &s.across));
        within.chain(across).collect()
    }

    fn findings(&self, results: &Results) -> Result<Findings> {
        let (epsilon, linf_gap) = (self.epsilon, results.linf_gap);
        let [.., Nearest { within, across, .. }] = &results.subsets;
        let rows = self.rows(&results.subsets);
        let rises = rows.windows(2).filter(|pair| pair[0].pair == pair[1].pair);
        let rises = rises.map(|pair| pair[1].separation - pair[0].separation);
        let (inf, two) = match self.norm {
            "linf" => (across, &results.in_other),
            _ => (&results.in_other, across),
        };
        // Images alike in two classes are 0 apart in both norms and have no ratio.
        let apart = two.iter().zip(inf).filter(|(_, inf)| **inf != 0.0);
        let ratios: Vec<f64> = apart.map(|(two, inf)| two / inf).collect();
        let alike = "every test image is also one of another class";
        let published = results.published.filter(|_| self.norm == "linf");
        let table = published.map(|row| {
            let claims = as_far_as_all(row, least(within), least(across));
            // Only MNIST is told by its bytes.
            claims.map(|claim| match results.mnist {
                true => claim,
                false => claim.trend(false),
            })
        });
        let cifar = published.filter(|row| row.name == CIFAR.name);
        Ok(Findings::of(&rows)
            .measure("train_train", least(within))
            .measure("test_train", least(across))
            .measure("median_train_train", median(&within.to_vec())?)
            .measure("median_test_train", median(&across.to_vec())?)
            .measure("robust_radius_linf", linf_gap / 2.0)
            .measure("least_margin_of_shaken", least(&results.margins))
            .measure_or(
                "cifar10_train_train",
                cifar.map(|_| least(within)),
                NO_CIFAR,
            )
            .measure_or("cifar10_test_train", cifar.map(|_| least(across)), NO_CIFAR)
            .claims(table.into_iter().flatten())
            .claim(Claim::at_most(
                "more images never lie farther apart: largest rise of a separation from a \
                 subset to one with twice as many",
                0.0,
                largest(rises),
                1e-12,
            ))
            .identity()
            .claim(Claim::at_least(
                "Euclidean distances are at least as long as the largest difference of a \
                 pixel: least ratio of nearest distances",
                1.0,
                least(&ratios),
                1e-9,
            ))
            .bound()
            .not_measured_if(ratios.is_empty(), alike)
            .claim(Claim::at_most(
                "Euclidean distances are at most √d times as long as the largest difference of a pixel: largest ratio of nearest distances",
                results.longest,
                largest(&ratios),
                1e-9,
            ))
            .bound()
            .not_measured_if(ratios.is_empty(), alike)
            .claim(
                Claim::greater_than(
                    "the tutorial's perturbation is less than half the separation (trend): a \
                 robust and accurate classifier of the training images exists",
                    epsilon,
                    linf_gap / 2.0,
                    0.0,
                )
                .headline(),
            )
            .trend(results.mnist && epsilon <= MNIST.epsilon)
            .claim(Claim::at_least(
                "the nearest neighbour is such a classifier: with every pixel moved by ±ε, images stay \
                 nearer to their own class by at least separation − 2ε: least margin",
                linf_gap - 2.0 * epsilon,
                least(&results.margins),
                1e-12,
            ))
            .bound()
            .figure(self.figure(results, &rows)))
    }

    fn figure(&self, results: &Results, rows: &[Separation]) -> Figure {
        let linf = self.norm == "linf";
        let name = if linf { "∞-norm" } else { "Euclidean" };
        let words = format!("distance to the nearest of another class ({name})");
        let [.., Nearest { within, across, .. }] = &results.subsets;
        // Pixels have 256 values: shares, since a density of so few distances is all spikes.
        let share = |panel: Panel, label: &str, distances: &[f64]| {
            let mut sorted = distances.to_vec();
            sorted.sort_by(f64::total_cmp);
            let count = sorted.len() as f64;
            let steps = sorted.into_iter().zip(1..);
            panel.line_of(label, steps, |s| s.0, |s| f64::from(s.1) / count)
        };
        let distances = Panel::new(&words, "share of the digits").title("every digit");
        let distances = share(distances, "train–train", &within.to_vec());
        let distances = share(distances, "test–train", &across.to_vec());
        let mut least = Panel::new("training images", "least distance between classes")
            .title("the separation falls with more images")
            .log_x();
        for (label, pair) in [("train–train", "train-train"), ("test–train", "test-train")] {
            let own = rows.iter().filter(|row| row.pair == pair);
            least = least.line_of(label, own, |row| row.n as f64, |row| row.separation);
        }
        if let Some(row) = results.published.filter(|_| linf) {
            let name = row.name;
            least = least
                .horizontal(
                    row.train_train,
                    &format!("train–train, all of {name} (table)"),
                )
                .horizontal(
                    row.test_train,
                    &format!("test–train, all of {name} (table)"),
                );
        }
        if linf {
            least = least.horizontal(2.0 * self.epsilon, "2ε");
        }
        Figure::new(Self::ABOUT.title).panel(distances).panel(least)
    }
}

/// Whether images may be CIFAR-10's. Their bytes are not known here, so that what is published for it is shown beside them and not claimed.
fn in_format_of_cifar(images: &Images) -> bool {
    images.shape == (32, 32, 3) && images.classes == 10 && images.name.contains("CIFAR-10")
}

/// The separations beside the tutorial's table, which has three digits; grey levels are 1/255 apart.
fn as_far_as_all(row: &Published, within: f64, across: f64) -> [Claim; 2] {
    let name = row.name;
    [
        Claim::at_least(
            &format!(
                "train–train: fewer images lie farther apart: at least the separation of all \
                 training images of {name} in the tutorial's table, {} (trend: the run does not know \
                 which of them it holds)",
                row.train_train
            ),
            row.train_train,
            within,
            5e-4,
        ).headline(),
        Claim::at_least(
            &format!(
                "test–train: at least the least separation of the table, which has {} for test–train \
                 (trend, for the same reason)",
                row.test_train
            ),
            smaller(row.train_train, row.test_train),
            across,
            5e-4,
        ).headline(),
    ]
}
