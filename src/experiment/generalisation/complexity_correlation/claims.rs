//! What is measured, what theory predicts, and which trends chance does not explain.

use rand::RngExt;

use super::checks::{ALPHA, Checks};
use super::grid::HYPER;
use super::linear;
use super::measures::{MEASURES, place};
use super::results::Results;
use crate::error::Result;
use crate::experiment::{Claim, Draft, once_in};
use crate::measure::{kendall, kendall_difference_null_se, untied_share};
use crate::rng::stream;
use crate::stats::{largest, largest_distance, least};

/// Measures of pure chance that are drawn.
const RANDOM: u64 = 400;

/// The chance that one of their numbers is farther from its value than its claim allows.
const LEVEL: f64 = 1e-4;

pub(super) fn measured(found: Draft, results: &Results<'_>) -> Draft {
    let (all, reached) = (results.networks.len(), results.reached.len());
    let losses = || results.reached.iter().map(|n| n.train_loss);
    let count = results.gaps.len() as f64;
    let mean = results.gaps.iter().sum::<f64>() / count;
    let squares: f64 = results.gaps.iter().map(|g| (g - mean).powi(2)).sum();
    let mut found = found
        .measure("networks_trained", all)
        .measure("networks_that_reached_the_target", reached)
        .measure("networks_that_missed_the_target", all - reached)
        .measure("train_loss_least", least(losses()))
        .measure("train_loss_largest", largest(losses()))
        .measure("gap_mean", mean)
        .measure("gap_spread", (squares / (count - 1.0)).sqrt())
        .measure("tau_by_chance", results.tau_null_se)
        .measure("psi_by_chance", results.correlations[0].granulated.null_se);
    for (measure, correlation) in MEASURES.iter().zip(&results.correlations) {
        found = found
            .measure(measure.tau, correlation.tau)
            .measure(measure.psi, correlation.granulated.mean)
            .measure(measure.sign_error, 0.5 * (1.0 - correlation.tau))
            .measure(measure.worst_sign_error, correlation.worst_sign_error());
        if let Some(repeats) = correlation.repeats {
            found = found.measure(measure.psi_se, repeats.se);
        }
        found = found.measure(measure.by_hyper, correlation.granulated.psi.clone());
    }
    found
}

pub(super) fn claims(found: Draft, results: &Results<'_>) -> Result<Draft> {
    let found = found
        .claim(Claim::at_least(
            "19 of 20 networks reach the target cross-entropy (trend), and the others are left \
             out: how many do",
            (0.95 * results.networks.len() as f64).ceil(),
            results.reached.len() as f64,
            0.0,
        ))
        .trend(results.mnist);
    let found = chance(every_network(found, results), results)?;
    let found = linear::claims(found, results.seed)?;
    let trends = trends(results)?;
    let trends = trends.into_iter().map(|claim| claim.trend(results.mnist));
    Ok(found.claims(blind(results)?).claims(trends))
}

/// What holds for each trained network.
fn every_network(found: Draft, results: &Results<'_>) -> Draft {
    let slack = results.details.iter().map(|d| d.margin - d.least_margin);
    let most = |of: fn(&Checks) -> f64| largest(results.details.iter().map(|d| of(&d.checks)));
    let scaled = format!("first layer times {ALPHA}, second divided by {ALPHA}");
    let unchanged = |what: &str, of| {
        let text = format!("{scaled}: largest relative change of {what}");
        Claim::equals(&text, 0.0, most(of), 1e-9).identity()
    };
    found
        .claim(Claim::at_least(
            "a cross-entropy ℓ forces the 10th percentile of margins to at least −ln(e^{10ℓ} − 1): \
             least excess over networks",
            0.0,
            least(slack),
            1e-6,
        ))
        .bound()
        .claim(Claim::at_most(
            "Π‖X‖ bounds how fast a network's outputs change: steepest slope between test images / \
             Π‖X‖, largest over networks",
            1.0,
            most(|c| c.slope),
            1e-9,
        ))
        .bound()
        .claim(Claim::at_most(
            "the path norm is at most Π‖X‖_F: ratio, largest over networks",
            1.0,
            most(|c| c.path_share),
            1e-9,
        ))
        .bound()
        .claim(unchanged("the outputs", |c| c.function_change))
        .claim(unchanged("the path norm", |c| c.path_change))
        .claim(unchanged("Π‖X‖", |c| c.product_change))
        .claim(Claim::equals(
            &format!(
                "{scaled}: parameter norm over α²‖X₁‖_F² + ‖X₂‖_F²/α² + the other layers, largest \
                 distance from 1"
            ),
            0.0,
            most(|c| c.norm_error),
            1e-9,
        ))
        .identity()
}

/// What τ is for the gap itself and for pure chance.
fn chance(found: Draft, results: &Results<'_>) -> Result<Draft> {
    let drawn = (0..RANDOM).map(|index| {
        let rng = &mut stream(results.seed, "random measure", index);
        let values: Vec<f64> = results.gaps.iter().map(|_| rng.random()).collect();
        let granulated = results.granulated(&values)?;
        Ok((kendall(&values, &results.gaps)?, granulated.mean))
    });
    let drawn = drawn.collect::<Result<Vec<(f64, f64)>>>()?;
    let count = RANDOM as f64;
    // The relative standard error of a standard deviation of nearly normal numbers is 1/√(2·400).
    let z = largest_distance(1, LEVEL, None)?;
    let (share, chance) = (z / (2.0 * count).sqrt(), once_in(LEVEL));
    let spread = |of: fn(&(f64, f64)) -> f64| {
        let squares = drawn.iter().map(|draw| of(draw).powi(2));
        (squares.sum::<f64>() / count).sqrt()
    };
    Ok(found
        .claim(Claim::equals(
            "τ of the gap with itself is the share of pairs whose gaps differ (1 without ties)",
            untied_share(&results.gaps)?,
            kendall(&results.gaps, &results.gaps)?,
            1e-9,
        ))
        .identity()
        .claim(Claim::equals(
            &format!("random measures have τ = 0: mean over {RANDOM} of them; within {z:.1} s.e. ({chance})"),
            0.0,
            drawn.iter().map(|d| d.0).sum::<f64>() / count,
            z * results.tau_null_se / count.sqrt(),
        ))
        .against(results.tau_null_se, "the τ of one random measure")
        .claim(Claim::equals_within(
            &format!(
                "the τ of random measures spreads by √(2(2N + 5)/(9N(N − 1))), corrected for ties: standard \
                 deviation over {RANDOM} of them; within {z:.1} s.e. ({chance})"
            ),
            results.tau_null_se,
            spread(|d| d.0),
            share,
        ))
        .claim(Claim::equals_within(
            &format!(
                "the Ψ of random measures spreads by the formula for weighted pairs: standard deviation \
                 over {RANDOM} of them; within {z:.1} s.e. ({chance})"
            ),
            results.correlations[0].granulated.null_se,
            spread(|d| d.1),
            share,
        )))
}

/// A measure made of width and depth alone cannot see the rest.
fn blind(results: &Results<'_>) -> Result<Vec<Claim>> {
    let psi = &results.correlations[place("n_parameters")].granulated.psi;
    let claim = |(at, (&hyper, &psi)): (usize, (&usize, &f64))| {
        let name = HYPER[hyper].replace('_', " ");
        let (text, predicted) = match HYPER[hyper] {
            "width" | "depth" => {
                let values: Vec<f64> = results.reached.iter().map(|n| n.run.hyper[hyper]).collect();
                let text = format!(
                    "ψ of the number of weights for {name} is that of the {name} itself, since it \
                     rises with it"
                );
                (text, results.granulated(&values)?.psi[at])
            }
            _ => {
                let text = format!("ψ of the number of weights for {name} is 0: it cannot see it");
                (text, 0.0)
            }
        };
        Ok(Claim::equals(&text, predicted, psi, 1e-12).identity())
    };
    results
        .varied
        .iter()
        .zip(psi)
        .enumerate()
        .map(claim)
        .collect()
}

/// What chance does not explain: ψ beyond twice the standard deviation it has for random measures.
fn trends(results: &Results<'_>) -> Result<Vec<Claim>> {
    let mut claims = Vec::new();
    let of = |column: &str| &results.correlations[place(column)];
    let (path, spectral) = (of("path_norm"), of("spectral_complexity"));
    if let Some(at) = results.varied.iter().position(|&h| HYPER[h] == "width") {
        let (path, norm) = (&path.granulated, &of("parameter_norm").granulated);
        claims.push(Claim::greater_than(
            "when the width alone changes, the gap rises with the path norm (trend): ψ beyond 2 \
             standard deviations of chance",
            2.0 * path.psi_null_se[at],
            path.psi[at],
            0.0,
        ).headline());
        claims.push(Claim::less_than(
            "when the width alone changes, the gap falls as the parameter norm rises (trend): the larger norm is that of the wider, \
             better network",
            -2.0 * norm.psi_null_se[at],
            norm.psi[at],
            0.0,
        ));
    }
    let values = |column: &str| results.measure(place(column));
    let se = kendall_difference_null_se(
        &values("path_norm"),
        &values("spectral_complexity"),
        &results.gaps,
    )?;
    claims.push(
        Claim::greater_than(
            "as on the slide, the path norm ranks networks better than the spectral complexity \
         (trend): difference of τ beyond 2 standard deviations of chance",
            2.0 * se,
            path.tau - spectral.tau,
            0.0,
        )
        .headline(),
    );
    if results.varied.len() > 1 {
        let lowest = results.correlations.iter().map(|c| {
            let scores = c.granulated.psi.iter().zip(&c.granulated.psi_null_se);
            least(scores.map(|(psi, se)| psi / se))
        });
        claims.push(Claim::less_than(
            "no measure follows the gap beyond chance for every hyper-parameter (trend): least ψ \
             over its standard deviation by chance, of the best measure",
            2.0,
            largest(lowest),
            0.0,
        ).headline());
    }
    Ok(claims)
}
