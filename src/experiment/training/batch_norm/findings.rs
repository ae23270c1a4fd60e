//! The numbers, the claims and the table of a run.

use super::BatchNormalisation;
use super::depth::{Layers, Pair};
use super::figure::figure;
use super::modes::{Alone, Mode};
use super::moments::{Moment, Weights};
use crate::error::Result;
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::stats::{Estimate, largest, least};

/// The least batch at which the leading order in 1/b is compared.
const LEADING: usize = 8;

/// Everything a run computed.
pub(super) struct Results<'a> {
    pub settings: &'a BatchNormalisation,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub moments: Vec<Moment>,
    pub weights: Weights,
    pub modes: Vec<Mode>,
    pub alone: Alone,
    pub layers: Layers,
    pub pairs: Vec<Pair>,
}

pub(super) fn findings(results: &Results<'_>) -> Result<Findings> {
    let summary = results.summary()?;
    Ok(Findings {
        measured: measured(results, &summary),
        claims: claims(results, &summary),
        table: table(results)?,
        figure: figure(results),
    })
}

/// Test accuracies over draws.
struct Summary {
    plain: Estimate,
    normalised: Estimate,
    /// Normalised minus plain, pair by pair.
    gain: Estimate,
    /// The best plain and the worst normalised network.
    extremes: (f64, f64),
}

impl Results<'_> {
    fn summary(&self) -> Result<Summary> {
        let each = |of: fn(&Pair) -> f64| self.pairs.iter().map(of).collect::<Vec<f64>>();
        let plain = each(|pair| pair.plain.test_accuracy);
        let normalised = each(|pair| pair.normalised.test_accuracy);
        Ok(Summary {
            plain: Estimate::from_values(&plain)?,
            normalised: Estimate::from_values(&normalised)?,
            gain: Estimate::from_values(&each(|pair| {
                pair.normalised.test_accuracy - pair.plain.test_accuracy
            }))?,
            extremes: (largest(&plain), least(&normalised)),
        })
    }
}

/// By what normalisation multiplies the gradient from layer to layer, at the start, for ReLU.
pub(super) fn normalised_growth() -> f64 {
    let pi = std::f64::consts::PI;
    (pi / (pi - 1.0)).sqrt()
}

fn measured(results: &Results<'_>, summary: &Summary) -> Measured {
    let mut measured = Measured::default();
    let (newest, oldest) = results.weights.counts();
    measured.insert("running_mean_of_counting_batches", results.weights.counted);
    measured.insert("predicted_newest_first", newest);
    measured.insert("slide_oldest_first", oldest);
    let gaps = results.modes.iter().map(|mode| mode.running.mean);
    measured.insert("train_eval_distance", gaps.collect::<Vec<f64>>());
    measured.insert(
        "gradient_growth_plain",
        Layers::growth(&results.layers.plain),
    );
    let growth = Layers::growth(&results.layers.normalised);
    measured.insert("gradient_growth_normalised", growth);
    measured.insert("accuracy_plain", summary.plain.mean);
    measured.insert("accuracy_normalised", summary.normalised.mean);
    measured.insert("gain", summary.gain.mean);
    measured.insert("gain_se", summary.gain.se);
    measured
}

fn claims(results: &Results<'_>, summary: &Summary) -> Claims {
    let mut claims = Claims::default();
    moment_claims(results, &mut claims);
    mode_claims(results, &mut claims);
    depth_claims(results, summary, &mut claims);
    claims
}

fn moment_claims(results: &Results<'_>, claims: &mut Claims) {
    let moments = || results.moments.iter();
    claims.push(Claim::equals(
        "training outputs have mean β: largest error over features of deviation 10^−4 to 10^2 (rounding)",
        0.0,
        largest(moments().map(|m| (m.mean - m.beta).abs())),
        1e-9,
    ).identity());
    claims.push(
        Claim::equals(
            "and variance γ²V/(V + ε): largest relative error (rounding)",
            0.0,
            largest(moments().map(|m| (m.variance / m.predicted_variance - 1.0).abs())),
            1e-9,
        )
        .identity(),
    );
    let weights = &results.weights;
    let pairs = weights.measured.iter().zip(&weights.predicted);
    claims.push(Claim::equals(
        "batch t weighs (1 − ρ)ρ^(T−t) in the running mean: largest error over batches (rounding)",
        0.0,
        largest(pairs.map(|(m, p)| (m - p).abs())),
        1e-12,
    ).identity());
    let (newest, oldest) = weights.counts();
    claims.push(
        Claim::equals(
            "batches with means 0, 1, 2, …: the running mean is (1 − ρ)Σ ρ^(T−t) E_t (rounding)",
            newest,
            weights.counted,
            1e-9 * results.settings.history as f64,
        )
        .identity(),
    );
    // With ρ = 0 both are the last batch alone or the first.
    claims.push(Claim::greater_than(
        "so it lies above (1 − ρ)Σ ρ^t E_t, the slide's formula, in which the oldest batch weighs most",
        oldest,
        weights.counted,
        0.0,
    ));
}

fn mode_claims(results: &Results<'_>, claims: &mut Claims) {
    let alone = &results.alone;
    claims.push(Claim::equals(
        "evaluation sees each example alone: change of its output when the rest of the batch goes (rounding)",
        0.0,
        alone.evaluation,
        1e-12,
    ).identity());
    claims.push(Claim::greater_than(
        "training does not: change when the rest of the batch is another, far above rounding",
        1e-6,
        alone.training,
        0.0,
    ));
    for mode in &results.modes {
        claims.push(Claim::equals(
            &format!(
                "b = {}: training and evaluation with the true mean and variance differ by 2 − 2√(2/b)Γ(b/2)/Γ((b−1)/2) \
                 in mean square (5 standard errors)",
                mode.batch
            ),
            mode.true_predicted,
            mode.true_statistics.mean,
            5.0 * mode.true_statistics.se,
        ));
    }
    for mode in results.modes.iter().filter(|mode| mode.batch >= LEADING) {
        let higher = 3.0 / mode.batch as f64 * mode.running_predicted;
        let averaged = Claim::equals(
            &format!(
                "b = {}: with running averages, Σw²·(1/b + 1/(2(b−1))) more (5 standard errors, and 3/b of it for higher \
                 orders)",
                mode.batch
            ),
            mode.running_predicted,
            mode.running.mean,
            5.0 * mode.running.se + higher,
        );
        claims.push(averaged.against(0.0, "no distance at all"));
    }
    if let Some(mode) = results.modes.first() {
        claims.push(Claim::equals(
            &format!(
                "b = {}: the running variance is unbiased, 1 for inputs of variance 1 (5 standard errors)",
                mode.batch
            ),
            1.0,
            mode.running_variance.mean,
            5.0 * mode.running_variance.se,
        ));
    }
}

fn depth_claims(results: &Results<'_>, summary: &Summary, claims: &mut Claims) {
    claims.push(Claim::equals_within(
        "gradient by layer at the start, plain ReLU with variance 1/m: × √½ a layer going back (within 3 %)",
        0.5_f64.sqrt(),
        Layers::growth(&results.layers.plain),
        0.03,
    ));
    claims.push(Claim::equals_within(
        "with normalisation: × √(π/(π−1)) a layer, so it explodes going back (wide layers and batches; within 3 %)",
        normalised_growth(),
        Layers::growth(&results.layers.normalised),
        0.03,
    ));
    for claim in [
        Claim::greater_than(
            "normalisation raises the test accuracy (trend): mean gain over pairs, above 3 of its standard errors",
            3.0 * summary.gain.se,
            summary.gain.mean,
            0.0,
        ),
        Claim::greater_than(
            "every normalised network beats every plain one (trend): the worst against the best",
            summary.extremes.0,
            summary.extremes.1,
            0.0,
        ),
    ] {
        claims.push(claim.trend(results.mnist));
    }
}

fn table(results: &Results<'_>) -> Result<Table> {
    let mut table = Table::new(BatchNormalisation::ABOUT.columns);
    let mut push = |row: [Cell; 5], se: Cell, train: Cell| {
        let mut row = Vec::from(row);
        row.extend([se, train]);
        table.push(row)
    };
    let part = |part: &str, series: &str, at: f64, predicted: Cell, measured: f64| {
        [
            part.into(),
            series.into(),
            at.into(),
            predicted,
            measured.into(),
        ]
    };
    for m in &results.moments {
        let mean = part("moments", "mean", m.deviation, m.beta.into(), m.mean);
        push(mean, Cell::Empty, Cell::Empty)?;
        let predicted = m.predicted_variance.into();
        let variance = part("moments", "variance", m.deviation, predicted, m.variance);
        push(variance, Cell::Empty, Cell::Empty)?;
    }
    let weights = results.weights.predicted.iter();
    for (t, (predicted, measured)) in weights.zip(&results.weights.measured).enumerate() {
        let row = part("weights", "", t as f64, (*predicted).into(), *measured);
        push(row, Cell::Empty, Cell::Empty)?;
    }
    for mode in &results.modes {
        for (series, predicted, found) in [
            ("true", mode.true_predicted, mode.true_statistics),
            ("running", mode.running_predicted, mode.running),
        ] {
            let at = mode.batch as f64;
            let row = part("modes", series, at, predicted.into(), found.mean);
            push(row, found.se.into(), Cell::Empty)?;
        }
    }
    for (series, growth, gradients) in [
        ("plain", 0.5_f64.sqrt(), &results.layers.plain),
        (
            "normalised",
            normalised_growth(),
            &results.layers.normalised,
        ),
    ] {
        for (index, gradient) in gradients.iter().enumerate() {
            let back = (gradients.len() - 1 - index) as i32;
            let predicted = growth.powi(back).into();
            let row = part("layers", series, (index + 2) as f64, predicted, *gradient);
            push(row, Cell::Empty, Cell::Empty)?;
        }
    }
    for (draw, pair) in results.pairs.iter().enumerate() {
        for (series, run) in [("plain", &pair.plain), ("normalised", &pair.normalised)] {
            let row = part(
                "training",
                series,
                draw as f64,
                Cell::Empty,
                run.test_accuracy,
            );
            push(row, Cell::Empty, run.train_accuracy.into())?;
        }
    }
    Ok(table)
}
