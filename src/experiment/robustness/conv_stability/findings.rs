//! The numbers and the claims.

use super::figure::figure;
use super::images::{Images, Kind};
use super::settings::ConvStability;
use super::start::Start;
use super::training::End;
use crate::error::Result;
use crate::experiment::{Claim, Draft, Findings, row};
use crate::stats::{Estimate, largest_distance, mean};

/// How often chance alone may break a claim about means.
const LEVEL: f64 = 1e-4;

row! {
    /// One kind, depth and number of channels, before training or after.
    pub(super) struct Entry {
        /// plain; residual; zeros: plain, with zeros around the images
        kind: &'static str;
        /// layers of weights L
        depth: usize, unit "layers";
        /// channels of every hidden layer
        channels: usize;
        /// initial, trained
        stage: &'static str;
        /// P/ε by gradients, c_p‖∇h‖, mean over networks
        stability: Estimate, unit "output per input", and se "its standard error";
        /// P/ε of the same networks before training; empty before it
        before: Option<f64>, unit "output per input";
        /// ‖∇h‖², mean over networks; empty after training
        square: Option<f64>;
        /// its standard error
        square_se: Option<f64>;
        /// its exact mean
        exact: Option<f64>;
        /// P/ε by sampled steps over P/ε by gradients, mean over networks; empty after training
        by_steps: Option<f64>;
        /// lazy ratio Σ‖ΔW‖/Σ‖W‖ of the training, median; empty before it
        kappa: Option<f64>;
        /// mean squared training error, median; empty before training
        train_loss: Option<f64>, unit "label²";
    }
}

fn rows(starts: &[Start], ends: &[End]) -> Vec<Entry> {
    let starts = starts.iter().map(|s| Entry {
        kind: s.place.kind.name(),
        depth: s.place.depth,
        channels: s.place.channels,
        stage: "initial",
        stability: s.stability,
        before: None,
        square: Some(s.square.mean),
        square_se: Some(s.square.se),
        exact: Some(s.exact),
        by_steps: (!s.ratios.is_empty()).then(|| mean(s.ratios.iter().copied())),
        kappa: None,
        train_loss: None,
    });
    let ends = ends.iter().map(|e| Entry {
        kind: e.place.kind.name(),
        depth: e.place.depth,
        channels: e.place.channels,
        stage: "trained",
        stability: e.after,
        before: Some(e.before.mean),
        square: None,
        square_se: None,
        exact: None,
        by_steps: None,
        kappa: Some(e.kappa),
        train_loss: Some(e.loss),
    });
    starts.chain(ends).collect()
}

pub(super) fn findings(
    settings: &ConvStability,
    images: &Images,
    starts: &[Start],
    ends: &[End],
) -> Result<Findings> {
    let mut found = Findings::of(rows(starts, ends));
    for (kind, text) in [
        (
            Kind::Plain,
            "plain, on a torus: E‖∇h‖² is 2 at every depth and number of channels",
        ),
        (
            Kind::Residual,
            "residual: E‖∇h‖² is 2(1 + 2α²) to the number of blocks",
        ),
        (
            Kind::Zeros,
            "plain, zeros around the images: E‖∇h‖² is what the sum over windows says",
        ),
    ] {
        let own = starts.iter().filter(|s| s.place.kind == kind);
        let distances = own.map(|s| s.square.distance(s.exact));
        let draws = Some(settings.draws);
        found = found.claim(Claim::all_within(text, distances, LEVEL, draws)?);
    }
    found = ends_of_depth(found, settings, starts)?;
    found = two_routes(found, starts)?;
    Ok(trained(found, ends).figure(figure(settings, images, starts, ends)?))
}

/// What depth does, with the most channels.
fn ends_of_depth(mut found: Draft, settings: &ConvStability, starts: &[Start]) -> Result<Draft> {
    let most = settings.channels[settings.channels.len() - 1];
    let of = |kind: Kind| {
        let own = starts.iter();
        own.filter(move |s| s.place.kind == kind && s.place.channels == most)
    };
    let deepest = |kind| {
        of(kind)
            .next_back()
            .expect("settings have a depth and channels")
    };
    let (plain, zeros) = (deepest(Kind::Plain), deepest(Kind::Zeros));
    found = found
        .claim(Claim::mean_equals(
            "plain, deepest, most channels: E‖∇h‖²",
            plain.exact,
            plain.square,
            0.0,
            LEVEL,
        )?)
        .against(zeros.exact, "zeros around the images")
        .measured_as("plain_deepest")
        .claim(Claim::mean_equals(
            "zeros around the images, deepest, most channels: E‖∇h‖² falls with depth",
            zeros.exact,
            zeros.square,
            0.0,
            LEVEL,
        )?)
        .against(plain.exact, "the torus")
        .measured_as("zeros_deepest");
    let (shallow, deep) = (of(Kind::Residual).next(), deepest(Kind::Residual));
    if let Some(shallow) = shallow.filter(|s| s.place.depth < deep.place.depth) {
        let blocks = (deep.place.depth - shallow.place.depth) / 2;
        let relative = |s: &Start| s.square.se / s.square.mean;
        let measured = deep.square.mean / shallow.square.mean;
        let predicted = deep.exact / shallow.exact;
        let se = largest_distance(1, LEVEL, Some(settings.draws))?;
        let spread = relative(deep).hypot(relative(shallow));
        let rival = (1.0 + settings.branch.powi(2)).powi(blocks as i32);
        found = found
            .claim(Claim::equals(
                &format!(
                    "residual, most channels: {blocks} more block(s) multiply E‖∇h‖² by (1 + 2α²) each; {se:.1} standard errors"
                ),
                predicted,
                measured,
                se * predicted * spread,
            ))
            .against(rival, "1 + α² a block, a branch of the size of its input")
            .measured_as("residual_growth");
    }
    Ok(found)
}

/// Steps against gradients.
fn two_routes(found: Draft, starts: &[Start]) -> Result<Draft> {
    let all: Vec<f64> = starts
        .iter()
        .flat_map(|s| s.ratios.iter().copied())
        .collect();
    let text = "P/ε by steps carried forward over c_p‖∇h‖ by backpropagation, mean over networks of all kinds";
    // Without two networks that have a gradient there is nothing to compare.
    let claim = match all.len() {
        0 | 1 => Claim::equals(text, 1.0, f64::NAN, 0.0)
            .not_measured_if(true, "no networks with a gradient: allow more channels"),
        _ => Claim::mean_equals(text, 1.0, Estimate::from_values(&all)?, 0.0, LEVEL)?,
    };
    let rival = std::f64::consts::FRAC_PI_2.sqrt();
    Ok(found
        .claim(claim)
        .against(rival, "a step's root mean square in the place of its mean")
        .measured_as("steps_over_gradients"))
}

/// What a few steps of training did: reported, since few networks of few steps resolve no trend.
fn trained(found: Draft, ends: &[End]) -> Draft {
    if ends.is_empty() {
        return found;
    }
    let change = |kind| -> Vec<f64> {
        let own = ends.iter().filter(|e| e.place.kind == kind);
        own.map(|e| e.after.mean / e.before.mean).collect()
    };
    let before: Vec<f64> = ends.iter().map(|e| e.before.mean).collect();
    let found = found
        .measure("stability_before_training", before)
        .measure("trained_over_start_plain", change(Kind::Plain))
        .measure("trained_over_start_residual", change(Kind::Residual));
    // The fewest and the most channels of every kind and depth.
    let pairs = ends.iter().filter_map(|narrow| {
        let wide = ends.iter().find(|wide| {
            let (a, b) = (narrow.place, wide.place);
            (a.kind, a.depth) == (b.kind, b.depth) && a.channels < b.channels
        })?;
        Some(wide.kappa / narrow.kappa)
    });
    found.measure("kappa_most_over_fewest", pairs.collect::<Vec<f64>>())
}
