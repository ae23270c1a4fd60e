//! The table, the claims and the figure of a run of class separations.

use super::{ClassSeparation, Nested};
use crate::error::Result;
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::plot::{Figure, Panel};
use crate::stats::{larger, largest, least, median, smaller};

/// The tutorial's table for all of MNIST in the ∞-norm: train–train and test–train.
const WHOLE: (f64, f64) = (0.737, 0.812);

/// The tutorial's perturbation.
const TUTORIAL: f64 = 0.1;

/// Everything a run computed.
pub(super) struct Results<'a> {
    pub settings: &'a ClassSeparation,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    /// All ten digits of MNIST.
    pub all: bool,
    pub dimension: f64,
    pub nested: Vec<Nested>,
    /// Each training image's distance to the nearest of another class.
    pub within: Vec<f64>,
    /// Each test image's.
    pub across: Vec<f64>,
    /// The same for test images in the other norm.
    pub in_other: Vec<f64>,
    /// The ∞-norm separation of the training images.
    pub linf_gap: f64,
    /// For shaken training images: distance to the nearest of another class minus to the nearest of their own.
    pub margins: Vec<f64>,
}

pub(super) fn findings(results: &Results<'_>) -> Result<Findings> {
    let mut table = Table::new(ClassSeparation::ABOUT.columns);
    for (pair, of) in [
        ("train-train", (|n| n.train) as fn(&Nested) -> f64),
        ("test-train", |n| n.test),
    ] {
        for nested in &results.nested {
            let row = vec![
                pair.into(),
                results.settings.norm.into(),
                nested.n.into(),
                of(nested).into(),
            ];
            table.push(row)?;
        }
    }
    let mut measured = Measured::default();
    measured.insert("train_train", least(&results.within));
    measured.insert("test_train", least(&results.across));
    measured.insert("median_train_train", median(&results.within)?);
    measured.insert("median_test_train", median(&results.across)?);
    measured.insert("robust_radius_linf", results.linf_gap / 2.0);
    measured.insert("least_margin_of_shaken", least(&results.margins));
    Ok(Findings {
        measured,
        claims: claims(results),
        table,
        figure: figure(results),
    })
}

fn claims(results: &Results<'_>) -> Claims {
    let ClassSeparation { norm, epsilon, .. } = *results.settings;
    let mut claims = Claims::default();
    // The table has three digits, and grey levels are 1/255 apart.
    let digits = 5e-4;
    if norm == "linf" && results.all {
        claims.push(Claim::at_least(
            "train–train: fewer images lie farther apart: at least the separation of the 60,000 training images in the tutorial's table (trend: the sample does not say which MNIST images it holds)",
            WHOLE.0,
            least(&results.within),
            digits,
        ));
        claims.push(Claim::at_least(
            "test–train: at least the least separation of the table (trend, for the same reason)",
            smaller(WHOLE.0, WHOLE.1),
            least(&results.across),
            digits,
        ));
    }
    let rises = results.nested.windows(2).map(|pair| {
        let (few, more) = (&pair[0], &pair[1]);
        larger(more.train - few.train, more.test - few.test)
    });
    claims.push(Claim::at_most(
        "more images never lie farther apart: largest rise of a separation from a subset to one with twice as many",
        0.0,
        largest(rises),
        1e-12,
    ).identity());
    let (inf, two) = match norm {
        "linf" => (&results.across, &results.in_other),
        _ => (&results.in_other, &results.across),
    };
    // Images alike in two classes are 0 apart in both norms and have no ratio.
    let apart = two.iter().zip(inf).filter(|(_, inf)| **inf != 0.0);
    let ratios: Vec<f64> = apart.map(|(two, inf)| two / inf).collect();
    let alike = "every test image is also one of another class";
    claims.push(
        Claim::at_least(
            "Euclidean distances are at least as long as the largest difference of a pixel: least ratio of nearest distances",
            1.0,
            least(&ratios),
            1e-9,
        ).bound()
        .not_measured_if(ratios.is_empty(), alike),
    );
    claims.push(
        Claim::at_most(
            "and at most √d times as long: largest ratio of nearest distances",
            results.dimension.sqrt(),
            largest(&ratios),
            1e-9,
        )
        .bound()
        .not_measured_if(ratios.is_empty(), alike),
    );
    claims.push(
        Claim::greater_than(
            "the tutorial's perturbation is less than half the separation (trend): a robust and accurate classifier of the training images exists",
            epsilon,
            results.linf_gap / 2.0,
            0.0,
        )
        .trend(results.mnist && epsilon <= TUTORIAL),
    );
    claims.push(Claim::at_least(
        "it is the nearest neighbour: with every pixel moved by ±ε, images stay nearer to their own class by at least separation − 2ε: least margin",
        results.linf_gap - 2.0 * epsilon,
        least(&results.margins),
        1e-12,
    ).bound());
    claims
}

fn figure(results: &Results<'_>) -> Figure {
    let name = match results.settings.norm {
        "linf" => "∞-norm",
        _ => "Euclidean",
    };
    let distances = Panel::new(
        &format!("distance to the nearest of another class ({name})"),
        "density",
    )
    .title("every digit")
    .histogram("train–train", &results.within, 40)
    .histogram("test–train", &results.across, 40);
    let sizes: Vec<f64> = results.nested.iter().map(|n| n.n as f64).collect();
    let each = |of: fn(&Nested) -> f64| results.nested.iter().map(of).collect::<Vec<f64>>();
    let mut least = Panel::new("training images", "least distance between classes")
        .title("the separation falls with more images")
        .log_x()
        .line("train–train", &sizes, &each(|n| n.train))
        .line("test–train", &sizes, &each(|n| n.test));
    if results.settings.norm == "linf" {
        if results.all {
            least = least
                .horizontal(WHOLE.0, "train–train, all of MNIST (table)")
                .horizontal(WHOLE.1, "test–train, all of MNIST (table)");
        }
        least = least.horizontal(2.0 * results.settings.epsilon, "2ε");
    }
    Figure::new("How far apart the classes are")
        .panel(distances)
        .panel(least)
}
