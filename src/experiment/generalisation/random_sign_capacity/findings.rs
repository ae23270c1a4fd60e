//! The table and the claims of a run on random signs.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::RandomSignCapacity;
use super::digits::Digits;
use super::figure::figure;
use super::hyperplanes::{Hyperplane, hyperplane_bound};
use super::networks::Network;
use crate::error::{Error, Result};
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::stats::{Estimate, largest, largest_distance, least, smaller};

/// The chance that one claim fails although theory is right: a run has some five that can, so that it fails by chance less
/// than once in 100.
const LEVEL: f64 = 0.001;

/// Everything a run computed.
pub(super) struct Results {
    pub hyperplanes: Vec<Hyperplane>,
    /// Points, and the complexity that the network of 2n + d numbers reaches on them.
    pub memorised: (usize, Estimate),
    pub networks: Vec<Network>,
    pub digits: Digits,
}

pub(super) fn findings(settings: &RandomSignCapacity, results: &Results) -> Result<Findings> {
    let mut claims = Claims::default();
    cover_claims(settings, &results.hyperplanes, &mut claims)?;
    network_claims(settings, results, &mut claims)?;
    digit_claims(settings, &results.digits, &mut claims)?;
    Ok(Findings {
        measured: measured(settings, results)?,
        claims,
        table: table(settings, results)?,
        figure: figure(settings, results)?,
    })
}

/// The two-sided p-value of `successes` of `draws` under probability `p`.
fn p_value(p: f64, successes: u64, draws: u64) -> Result<f64> {
    let law = Binomial::new(p, draws)
        .map_err(|_| Error::domain("Cover's probability", "from 0 to 1", p))?;
    let at_least = match successes {
        0 => 1.0,
        count => law.sf(count - 1),
    };
    Ok(smaller(2.0 * smaller(law.cdf(successes), at_least), 1.0))
}

fn at(hyperplanes: &[Hyperplane], n: usize) -> Result<&Hyperplane> {
    let found = hyperplanes.iter().find(|point| point.n == n);
    found.ok_or_else(|| Error::domain("the number of points", "one that was drawn", n))
}

fn cover_claims(
    settings: &RandomSignCapacity,
    points: &[Hyperplane],
    claims: &mut Claims,
) -> Result<()> {
    let (d, draws) = (settings.dim, settings.draws);
    let half = at(points, 2 * d)?;
    claims.push(Claim::equals(
        "n = 2d: half of the random labellings are separable",
        0.5,
        half.separable.mean,
        largest_distance(1, LEVEL, None)? * (0.25 / draws as f64).sqrt(),
    ));
    claims.push(
        Claim::equals(
            "n = d: all of them",
            1.0,
            at(points, d)?.separable.mean,
            0.0,
        )
        .identity(),
    );
    let mut least = 1.0_f64;
    for point in points {
        let successes = (point.separable.mean * draws as f64).round() as u64;
        least = smaller(least, p_value(point.cover, successes, draws as u64)?);
    }
    claims.push(Claim::at_least(
        &format!(
            "at all {} n the share is Cover's 2^(1−n) Σ_{{k<d}} C(n−1,k), by exact binomial tests: the smallest p-value times \
             their number (below {LEVEL} by chance once in 1000 runs)",
            points.len()
        ),
        LEVEL,
        smaller(least * points.len() as f64, 1.0),
        0.0,
    ));
    let distances = points.iter().map(|p| p.least_squares.distance(p.agreement));
    claims.push(Claim::all_within(
        "the least-squares hyperplane follows its exact share of random signs at every n",
        distances,
        LEVEL,
        Some(draws),
    )?);
    let excess = points.iter().map(|p| p.least_squares.mean - p.upper);
    claims.push(
        Claim::at_most(
            "and never more than the class can, √(2 ln C(n,d)/n): largest excess",
            0.0,
            largest(excess),
            0.0,
        )
        .bound(),
    );
    Ok(())
}

fn network_claims(
    settings: &RandomSignCapacity,
    results: &Results,
    claims: &mut Claims,
) -> Result<()> {
    let (n, written) = &results.memorised;
    claims.push(Claim::equals(
        &format!("a network of 2n + d numbers, written down, fits any signs on n = {n} points: complexity 1"),
        1.0,
        written.mean,
        1e-6,
    ).identity());
    let widest = settings.widths.iter().copied().max().unwrap_or(1);
    let of_width = |width: usize| {
        results
            .networks
            .iter()
            .filter(move |net| net.width == width)
    };
    let lowest = of_width(widest).map(|net| net.complexity.mean);
    claims.push(Claim::equals(
        &format!("trained networks of width {widest} fit every labelling drawn, at every n: smallest complexity"),
        1.0,
        least(lowest),
        0.0,
    ));
    let narrowest = settings.widths.iter().copied().min().unwrap_or(1);
    let largest = |width| of_width(width).max_by_key(|net| net.n);
    if let (1, Some(net)) = (narrowest, largest(1)) {
        claims.push(Claim::at_most(
            &format!(
                "one neuron is a hyperplane with an offset: on n = {} points at most √(2 ln C(n,d+1)/n)",
                net.n
            ),
            hyperplane_bound(net.n, settings.dim + 1)?,
            net.complexity.mean,
            0.0,
        ).bound());
    }
    Ok(())
}

fn digit_claims(settings: &RandomSignCapacity, digits: &Digits, claims: &mut Claims) -> Result<()> {
    let last = |errors: &[Estimate]| {
        let found = errors.last().copied();
        found.ok_or_else(|| Error::shape("the errors by epoch", "at least one", &[0]))
    };
    for (text, errors) in [
        (
            "digits with true labels (trend): training error at the end",
            &digits.truth,
        ),
        (
            "digits with random labels (trend): training error at the end, just so",
            &digits.random,
        ),
    ] {
        let fits = Claim::equals(text, 0.0, last(&errors.train)?.mean, 0.0);
        claims.push(fits.trend(digits.mnist));
    }
    let (truth, random) = (last(&digits.truth.test)?, last(&digits.random.test)?);
    let half = Claim::equals(
        "after random labels the test error is ½, since flipping all labels flips the network",
        0.5,
        random.mean,
        largest_distance(1, LEVEL, Some(settings.digit_draws))? * random.se,
    );
    claims.push(half.against(truth.mean, "the test error after true labels"));
    let learns = Claim::less_than(
        "the same network, started and trained alike, generalises from true labels (trend): test error well below ½",
        0.1,
        truth.mean,
        0.0,
    );
    claims.push(learns.trend(digits.mnist));
    Ok(())
}

fn measured(settings: &RandomSignCapacity, results: &Results) -> Result<Measured> {
    let mut measured = Measured::default();
    let half = at(&results.hyperplanes, 2 * settings.dim)?;
    measured.insert("separable_at_2d", half.separable.mean);
    measured.insert("least_squares_at_2d", half.least_squares.mean);
    let digits = &results.digits;
    let end = |errors: &[Estimate]| errors.last().map_or(f64::NAN, |error| error.mean);
    for (name, errors) in [
        ("epochs_to_fit_true_labels", &digits.truth),
        ("epochs_to_fit_random_labels", &digits.random),
    ] {
        match errors.epochs_to_fit {
            Some(epochs) => measured.insert(name, epochs.mean),
            None => measured.insert_not_measured(name, "some network has not fitted its labels"),
        }
    }
    measured.insert("test_error_true_labels", end(&digits.truth.test));
    measured.insert("test_error_random_labels", end(&digits.random.test));
    Ok(measured)
}

fn table(settings: &RandomSignCapacity, results: &Results) -> Result<Table> {
    let mut table = Table::new(RandomSignCapacity::ABOUT.columns);
    let mut push =
        |series: &str, place: [Option<usize>; 3], measured: &Estimate, theory: [Option<f64>; 2]| {
            let [n, width, epoch] = place.map(Cell::from);
            let [predicted, upper] = theory.map(Cell::from);
            let (mean, se) = (measured.mean.into(), measured.se.into());
            table.push(vec![
                series.into(),
                n,
                width,
                epoch,
                mean,
                se,
                predicted,
                upper,
            ])
        };
    for p in &results.hyperplanes {
        let place = [Some(p.n), None, None];
        push("separable", place, &p.separable, [Some(p.cover), None])?;
        push(
            "least_squares",
            place,
            &p.least_squares,
            [Some(p.agreement), Some(p.upper)],
        )?;
    }
    for net in &results.networks {
        push(
            "network",
            [Some(net.n), Some(net.width), None],
            &net.complexity,
            [None, None],
        )?;
    }
    let digits = &results.digits;
    for (series, errors, predicted) in [
        ("true_train", &digits.truth.train, None),
        ("true_test", &digits.truth.test, None),
        ("random_train", &digits.random.train, None),
        ("random_test", &digits.random.test, Some(0.5)),
    ] {
        for (epoch, error) in errors.iter().enumerate() {
            let place = [
                Some(settings.digits),
                Some(settings.digit_width),
                Some(epoch),
            ];
            push(series, place, error, [predicted, None])?;
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_by_hand() {
        // Three heads of three: twice 1/8.
        assert!((p_value(0.5, 3, 3).expect("valid") - 0.25).abs() < 1e-12);
        assert_eq!(p_value(1.0, 10, 10).expect("valid"), 1.0);
        assert!(p_value(1.0, 9, 10).expect("valid") < 1e-12);
        assert!(p_value(1e-9, 1, 100).expect("valid") < 1e-6);
        assert_eq!(p_value(0.5, 5, 10).expect("valid"), 1.0);
    }
}
