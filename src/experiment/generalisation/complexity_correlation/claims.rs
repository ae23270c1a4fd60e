//! What theory predicts, and which trends chance does not explain.

use rand::RngExt;

use super::checks::{ALPHA, Checks};
use super::findings::Results;
use super::grid::HYPER;
use super::measures::place;
use crate::error::Result;
use crate::experiment::{Claim, Claims};
use crate::measure::{kendall, kendall_difference_null_se, untied_share};
use crate::rng::stream;
use crate::stats::{largest, least};

/// Measures of pure chance that are drawn.
const RANDOM: u64 = 400;

pub(super) fn claims(results: &Results<'_>) -> Result<Claims> {
    let mut claims = Claims::default();
    let reach = Claim::at_least(
        "19 of 20 networks reach the target cross-entropy (trend), and the others are left out: how many do",
        (0.95 * results.networks.len() as f64).ceil(),
        results.reached.len() as f64,
        0.0,
    );
    claims.push(reach.trend(results.mnist));
    every_network(&mut claims, results);
    chance(&mut claims, results)?;
    blind(&mut claims, results)?;
    trends(&mut claims, results)?;
    Ok(claims)
}

/// What holds for each trained network.
fn every_network(claims: &mut Claims, results: &Results<'_>) {
    let slack = results.details.iter().map(|d| d.margin - d.least_margin);
    claims.push(Claim::at_least(
        "a cross-entropy ℓ forces the 10th percentile of margins to at least −ln(e^{10ℓ} − 1): least excess over networks",
        0.0,
        least(slack),
        1e-6,
    ).bound());
    let most = |of: fn(&Checks) -> f64| {
        let all = results.details.iter().map(|d| of(&d.checks));
        largest(all)
    };
    claims.push(Claim::at_most(
        "Π‖X‖ bounds how fast a network's outputs change: steepest slope between test images / Π‖X‖, largest over networks",
        1.0,
        most(|c| c.slope),
        1e-9,
    ).bound());
    claims.push(
        Claim::at_most(
            "the path norm is at most Π‖X‖_F: ratio, largest over networks",
            1.0,
            most(|c| c.path_share),
            1e-9,
        )
        .bound(),
    );
    let scaled = format!("first layer times {ALPHA}, second divided by {ALPHA}");
    type Change = fn(&Checks) -> f64;
    let unchanged: [(&str, Change); 3] = [
        ("the outputs", |c| c.function_change),
        ("the path norm", |c| c.path_change),
        ("Π‖X‖", |c| c.product_change),
    ];
    for (what, of) in unchanged {
        claims.push(
            Claim::equals(
                &format!("{scaled}: largest relative change of {what}"),
                0.0,
                most(of),
                1e-9,
            )
            .identity(),
        );
    }
    claims.push(Claim::equals(
        &format!("{scaled}: parameter norm over α²‖X₁‖_F² + ‖X₂‖_F²/α² + the other layers, largest distance from 1"),
        0.0,
        most(|c| c.norm_error),
        1e-9,
    ).identity());
}

/// What τ is for the gap itself and for pure chance.
fn chance(claims: &mut Claims, results: &Results<'_>) -> Result<()> {
    claims.push(
        Claim::equals(
            "τ of the gap with itself is the share of pairs whose gaps differ (1 without ties)",
            untied_share(&results.gaps)?,
            kendall(&results.gaps, &results.gaps)?,
            1e-9,
        )
        .identity(),
    );
    let drawn = (0..RANDOM).map(|index| {
        let rng = &mut stream(results.seed, "random measure", index);
        let values: Vec<f64> = results.gaps.iter().map(|_| rng.random()).collect();
        let granulated = results.granulated(&values)?;
        Ok((kendall(&values, &results.gaps)?, granulated))
    });
    let drawn = drawn.collect::<Result<Vec<_>>>()?;
    let count = RANDOM as f64;
    let mean = drawn.iter().map(|d| d.0).sum::<f64>() / count;
    claims.push(
        Claim::equals(
            "random measures have τ = 0: mean over 400 of them (4 standard errors)",
            0.0,
            mean,
            4.0 * results.tau_null_se / count.sqrt(),
        )
        .against(results.tau_null_se, "the τ of one random measure"),
    );
    // The relative standard error of a standard deviation of nearly normal numbers is 1/√(2·400).
    let share = 4.0 / (2.0 * count).sqrt();
    let spread = |of: &dyn Fn(usize) -> f64| {
        let squares = (0..drawn.len()).map(|i| of(i).powi(2));
        (squares.sum::<f64>() / count).sqrt()
    };
    claims.push(Claim::equals_within(
        "and spread by √(2(2N + 5)/(9N(N − 1))), corrected for ties: standard deviation of τ",
        results.tau_null_se,
        spread(&|i| drawn[i].0),
        share,
    ));
    claims.push(Claim::equals_within(
        "the same of Ψ, by the formula for weighted pairs",
        results.correlations[0].granulated.null_se,
        spread(&|i| drawn[i].1.mean),
        share,
    ));
    Ok(())
}

/// A measure made of width and depth alone cannot see the rest.
fn blind(claims: &mut Claims, results: &Results<'_>) -> Result<()> {
    let Some(weights) = place("n_parameters") else {
        return Ok(());
    };
    let psi = &results.correlations[weights].granulated.psi;
    for (&hyper, &psi) in results.varied.iter().zip(psi) {
        let name = HYPER[hyper].replace('_', " ");
        let Some(at) = results.varied.iter().position(|&other| other == hyper) else {
            continue;
        };
        let predicted = match HYPER[hyper] {
            "width" | "depth" => {
                let values: Vec<f64> = results.reached.iter().map(|n| n.run.hyper[hyper]).collect();
                results.granulated(&values)?.psi[at]
            }
            _ => 0.0,
        };
        let text = match HYPER[hyper] {
            "width" | "depth" => {
                format!(
                    "ψ of the number of weights for {name} is that of the {name} itself, since it rises with it"
                )
            }
            _ => format!("ψ of the number of weights for {name} is 0: it cannot see it"),
        };
        claims.push(Claim::equals(&text, predicted, psi, 1e-12).identity());
    }
    Ok(())
}

/// What chance does not explain: ψ beyond twice the standard deviation it has for random measures.
fn trends(claims: &mut Claims, results: &Results<'_>) -> Result<()> {
    let mut trend = |claim: Claim| claims.push(claim.trend(results.mnist));
    let width = results.varied.iter().position(|&h| HYPER[h] == "width");
    let found = |column: &str| Some(&results.correlations[place(column)?].granulated);
    if let (Some(at), Some(path), Some(norm)) = (width, found("path_norm"), found("parameter_norm"))
    {
        trend(Claim::greater_than(
            "when the width alone changes, the gap rises with the path norm (trend): ψ beyond 2 standard deviations of chance",
            2.0 * path.psi_null_se[at],
            path.psi[at],
            0.0,
        ));
        trend(Claim::less_than(
            "and falls as the parameter norm rises (trend): the larger norm is that of the wider, better network",
            -2.0 * norm.psi_null_se[at],
            norm.psi[at],
            0.0,
        ));
    }
    if let (Some(path), Some(spectral)) = (place("path_norm"), place("spectral_complexity")) {
        let values = |index: usize| results.measure(index);
        let se = kendall_difference_null_se(&values(path), &values(spectral), &results.gaps)?;
        let tau = |index: usize| results.correlations[index].tau;
        trend(Claim::greater_than(
            "as on the slide, the path norm ranks networks better than the spectral complexity (trend): difference of τ beyond \
             2 standard deviations of chance",
            2.0 * se,
            tau(path) - tau(spectral),
            0.0,
        ));
    }
    if results.varied.len() > 1 {
        let least = results.correlations.iter().map(|c| {
            let scores = c.granulated.psi.iter().zip(&c.granulated.psi_null_se);
            let scores = scores.map(|(psi, se)| psi / se);
            least(scores)
        });
        trend(Claim::less_than(
            "no measure follows the gap beyond chance for every hyper-parameter (trend): least ψ over its standard deviation by \
             chance, of the best measure",
            2.0,
            largest(least),
            0.0,
        ));
    }
    Ok(())
}
