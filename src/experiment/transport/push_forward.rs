//! Where a map sends a density: the sum over its branches.

mod figure;
mod histogram;
mod maps;
mod settings;

use histogram::{Sampled, sample};
use maps::MAPS;
use settings::Bin;
pub use settings::PushForwardDensity;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draft, Draw, Findings, Study};
use crate::stats::{Estimate, binomial_p_value, largest};

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

impl Study for PushForwardDensity {
    const ABOUT: About = About {
        id: "push_forward",
        title: "Push-forward densities: every branch counts",
        what: "Maps normal numbers by ω², ω³ − 3ω, e^(−ω), e^ω and ω³, and compares how often they fall into each bin with Σ p(ω)/|h'(ω)| over all ω \
               that go to y. The formula of the slide, with one inverse and without the absolute value, is right for maps that rise: it \
               gives half of the χ² law for the square, and a negative density for e^(−ω).",
        slide: "Deep learning, lecture 10 (EE-556): \"A way to model complex distributions: The push-forward measure\", \"Example: Chi-square \
                distribution\", \"Explanation: Change of variables\"",
        columns: Bin::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let jobs = MAPS.iter().enumerate();
        let sampled = context.each("maps", jobs, |(index, map)| {
            sample(self, map, &mut Draw::new(seed, index as u64).rng("mapped"))
        })?;
        let drawn = sampled.iter().find(|one| one.map.name == self.map);
        let drawn = drawn.expect("the limits of `map` name all maps");
        let figure = figure::figure(Self::ABOUT.title, drawn)?;
        let found = Findings::of(sampled.iter().flat_map(|one| &one.bins));
        Ok(about(found, &sampled)?.figure(figure))
    }
}

fn about(mut found: Draft, sampled: &[Sampled]) -> Result<Draft> {
    let mut p_values = Vec::new();
    for one in sampled {
        for bin in &one.bins {
            // Rounding may leave an empty bin a probability below 0.
            let p = crate::stats::larger(bin.all_branches, 0.0);
            p_values.push(binomial_p_value(p, bin.count, one.samples)?);
        }
    }
    found = found
        .claim(Claim::no_surprise(
            "histograms of all maps agree with the probabilities by all branches",
            p_values,
            LEVEL,
        ))
        .headline()
        .claim(Claim::at_most(
            "the density over all branches integrates to the probability of each bin: the largest difference",
            0.0,
            largest(sampled.iter().map(|one| one.off)),
            1e-6,
        ))
        .identity();
    for one in sampled {
        let (name, words, level) = (one.map.name, one.map.words, one.map.level);
        let share = one.below as f64 / one.samples as f64;
        let variance = share * (1.0 - share) / one.samples as f64;
        let share = Estimate {
            mean: share,
            se: variance.sqrt(),
            draws: one.samples as usize,
        };
        let claim = Claim::mean_equals(
            &format!("y = {words}: share of the samples with y ≤ {level}, by all branches"),
            one.predicted,
            share,
            0.0,
            LEVEL,
        )?;
        // For maps that rise the formula with one inverse says the same.
        let differs = (one.one_branch - one.predicted).abs() > 1e-6;
        let claim = match differs {
            true => claim.against(one.one_branch, "the formula as printed, with one inverse"),
            false => claim,
        };
        found = found.claim(match name {
            "square" | "decay" => claim.headline(),
            _ => claim,
        });
        found = found.measured_as(measured_name(name));
    }
    Ok(found)
}

fn measured_name(map: &str) -> &'static str {
    match map {
        "square" => "share_square",
        "fold" => "share_fold",
        "decay" => "share_decay",
        "exp" => "share_exp",
        _ => "share_cube",
    }
}
