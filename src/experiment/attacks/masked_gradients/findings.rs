//! Numbers and claims.

use super::attacks::{Cell, Point};
use super::figure::figure;
use super::settings::MaskedGradients;
use crate::error::Result;
use crate::experiment::{Claim, Findings};
use crate::stats::{Estimate, largest, mean};

/// How often chance alone may make a claim about means fail.
const LEVEL: f64 = 1e-3;

/// Fewer images than this leave standard errors as large as what is told.
const FEW: usize = 40;

/// From this many grey levels on rounding is no defence of its own: no pixel moves by more than 1/14.
const FINE: usize = 8;

pub(super) fn findings(
    settings: &MaskedGradients,
    cells: &[Cell],
    (pixels, classes): (usize, usize),
    mnist: bool,
) -> Result<Findings> {
    let points: Vec<Point> = cells.iter().map(Cell::point).collect();
    let of = |defence: &str, attack: &str| {
        let own = cells
            .iter()
            .filter(|c| c.defence == defence && c.attack == attack);
        own.collect::<Vec<&Cell>>()
    };
    // How much more often the second fools than the first: of each image the mean over all ε.
    let gain = |defence: &str, less: &str, more: &str| -> Result<Estimate> {
        let (less, more) = (of(defence, less), of(defence, more));
        let images = less[0].fooled.len();
        Estimate::of(0..images, |image| {
            let pairs = more.iter().zip(&less);
            mean(pairs.map(|(more, less)| more.fooled[image] - less.fooled[image]))
        })
    };
    let mut found = Findings::of(&points);
    for &defence in &settings.defence {
        let words = match defence {
            "quantise" => "rounded pixels",
            _ => "noise",
        };
        let of = |attack: &str| of(defence, attack);
        let gain = |less: &str, more: &str| gain(defence, less, more);
        let (around, clean) = (of("adaptive"), accuracy_of(&of("plain")[0].clean));
        found = found.measure(name(defence, "clean"), clean);
        for attack in [
            "plain",
            "one step",
            "adaptive",
            "adaptive step",
            "black box",
            "undefended",
        ] {
            let accuracies = of(attack)
                .iter()
                .map(|c| c.accuracy())
                .collect::<Vec<f64>>();
            found = found.measure(name(defence, attack), accuracies);
        }
        let blind = blind(clean, around[0].clean.len());
        let little = blind.or(little(&of("undefended")));
        if defence == "quantise" {
            let moved = of("plain").into_iter().chain(of("unbounded plain"));
            let moved = moved.flat_map(|c| {
                let pairs: Vec<f64> = c
                    .fooled
                    .iter()
                    .zip(&c.clean)
                    .map(|(a, b)| (a - b).abs())
                    .collect();
                pairs
            });
            let coarse = little.or((settings.levels < FINE)
                .then_some("so few levels are a defence of their own: set levels to 8 or more"));
            let short = coarse.or((2 * settings.queries < pixels).then_some(
                "the black box is asked too seldom: set queries to half of the pixels or more",
            ));
            // A network of one hidden layer is nearly linear within ε: there the number of steps is no sign.
            found = found
                .claim(Claim::at_most(
                    "rounded pixels have no derivative: the plain attack changes no answer at any ε, not at ε = 1 either, which makes any image of any \
                     other; largest change",
                    0.0,
                    largest(moved),
                    0.0,
                ))
                .identity()
                .measure("quantise_steps_gain", gain("adaptive step", "adaptive")?.mean)
                .claim(Claim::equals(
                    "rounded pixels: a sign of a hidden gradient, many steps of the plain attack fool no more images than one; difference, mean over ε",
                    0.0,
                    gain("one step", "plain")?.mean,
                    0.0,
                ))
                .identity()
                .claim(Claim::positive(
                    "rounded pixels (trend): straight through fools more images than the plain gradient; mean over ε",
                    gain("plain", "adaptive")?,
                    LEVEL,
                )?)
                .headline()
                .trend(mnist)
                .not_measured_if(coarse.is_some(), coarse.unwrap_or_default())
                .measured_as("straight_through_gain")
                .claim(Claim::positive(
                    "rounded pixels (trend): a sign of a hidden gradient, a black box fools more images than the plain gradient; mean over ε",
                    gain("plain", "black box")?,
                    LEVEL,
                )?)
                .trend(mnist)
                .not_measured_if(short.is_some(), short.unwrap_or_default())
                .measured_as("black_box_gain");
        } else {
            let unfit = little.or(settings.unfit());
            found = found
                .claim(Claim::positive(
                    "noise (trend): the mean gradient over draws fools more often than one draw's; mean over ε",
                    gain("plain", "adaptive")?,
                    LEVEL,
                )?)
                .headline()
                .trend(mnist)
                .not_measured_if(unfit.is_some(), unfit.unwrap_or_default())
                .measured_as("expectation_gain")
                .claim(Claim::positive(
                    "noise (trend): the plain attack lacks one of the signs, many steps fool more often than one; mean over ε",
                    gain("one step", "plain")?,
                    LEVEL,
                )?)
                .trend(mnist)
                .not_measured_if(unfit.is_some(), unfit.unwrap_or_default())
                .measured_as("random_plain_steps_gain")
                .claim(Claim::positive(
                    "noise (trend): the adaptive attack lacks one of the signs, many steps fool more often than one; mean over ε",
                    gain("adaptive step", "adaptive")?,
                    LEVEL,
                )?)
                .trend(mnist)
                .not_measured_if(unfit.is_some(), unfit.unwrap_or_default())
                .measured_as("random_steps_gain");
        }
        let (first, last) = (around[0], around[around.len() - 1]);
        let rise = Estimate::of(last.fooled.iter().zip(&first.fooled), |(a, b)| a - b)?;
        let level = little.or(if last.epsilon < 2.0 * first.epsilon {
            Some("ε are near each other: let epsilons end with twice the first or more")
        } else if first.accuracy() < 0.25 * clean {
            Some("the smallest ε fools most images: set a smaller one")
        } else {
            None
        });
        found = found
            .claim(Claim::positive(
                &format!("{words} (trend): a larger ε makes the adaptive attack fool more often, from the smallest to the largest"),
                rise,
                LEVEL,
            )?)
            .trend(mnist)
            .not_measured_if(level.is_some(), level.unwrap_or_default());
        let (hidden, left) = (
            of("unbounded plain")[0].accuracy(),
            of("unbounded")[0].accuracy(),
        );
        // What a gradient that says nothing leaves.
        let rival = match defence {
            "quantise" => (
                hidden,
                "what the plain gradient leaves, a sign that it is hidden",
            ),
            _ => (clean, "all that was right"),
        };
        found = found
            .claim(
                Claim::at_most(
                    &format!("{words} (trend): without a bound, at ε = 1, the adaptive attack leaves no more right than guessing would; accuracy"),
                    1.0 / classes as f64,
                    left,
                    0.0,
                )
                .against(rival.0, rival.1),
            )
            .trend(mnist)
            .not_measured_if(blind.is_some(), blind.unwrap_or_default())
            .measured_as(name(defence, "unbounded"))
            .measure(name(defence, "unbounded plain"), hidden);
    }
    let rounding = 4.0 * f64::EPSILON / settings.epsilons[0];
    found = found
        .claim(Claim::at_most(
            "no pixel of any attack goes farther than ε: largest way over ε",
            1.0,
            largest(cells.iter().map(|c| c.spent)),
            rounding,
        ))
        .bound();
    Ok(found.figure(figure(settings, cells, classes)))
}

/// Why nothing can be told of this defence, if so.
fn blind(clean: f64, images: usize) -> Option<&'static str> {
    if images < FEW {
        Some("too few images: set test to 40 or more")
    } else if clean < 0.5 {
        Some(
            "the defended classifier is hardly right: set more epochs, a larger n or a weaker defence",
        )
    } else {
        None
    }
}

/// Why no attack can be told from another, if so: the classifier alone, of which an attack without a defence tells what there is to gain.
fn little(undefended: &[&Cell]) -> Option<&'static str> {
    let over = |of: fn(&Cell) -> f64| mean(undefended.iter().map(|c| of(c)));
    let gained = over(|c| mean(c.fooled.iter().copied()) - mean(c.clean.iter().copied()));
    (gained < 0.1).then_some("attacks of these sizes fool few images: set larger epsilons")
}

fn accuracy_of(fooled: &[f64]) -> f64 {
    1.0 - mean(fooled.iter().copied())
}

fn name(defence: &str, attack: &str) -> &'static str {
    match (defence, attack) {
        ("quantise", "clean") => "quantise_clean",
        ("quantise", "plain") => "quantise_plain",
        ("quantise", "one step") => "quantise_one_step",
        ("quantise", "adaptive") => "quantise_adaptive",
        ("quantise", "adaptive step") => "quantise_adaptive_step",
        ("quantise", "black box") => "quantise_black_box",
        ("quantise", "unbounded") => "quantise_unbounded",
        ("quantise", "unbounded plain") => "quantise_unbounded_plain",
        ("quantise", _) => "quantise_undefended",
        (_, "clean") => "random_clean",
        (_, "plain") => "random_plain",
        (_, "one step") => "random_one_step",
        (_, "adaptive") => "random_adaptive",
        (_, "adaptive step") => "random_adaptive_step",
        (_, "unbounded") => "random_unbounded",
        (_, "unbounded plain") => "random_unbounded_plain",
        (_, "black box") => "random_black_box",
        (_, _) => "random_undefended",
    }
}
