//! Numbers and claims.

use super::attacks::{Cell, Point};
use super::figure::figure;
use super::settings::MaskedGradients;
use crate::error::Result;
use crate::experiment::{Claim, Findings};
use crate::stats::{Estimate, largest, mean};

/// How often chance alone may make a claim about means fail.
const LEVEL: f64 = 1e-3;

pub(super) fn findings(
    settings: &MaskedGradients,
    cells: &[Cell],
    classes: usize,
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
        let (around, clean) = (
            of(defence, "adaptive"),
            of(defence, "plain")[0].clean.clone(),
        );
        found = found.measure(name(defence, "clean"), 1.0 - mean(clean.iter().copied()));
        for attack in [
            "plain",
            "one step",
            "adaptive",
            "adaptive step",
            "black box",
            "undefended",
        ] {
            let accuracies = of(defence, attack)
                .iter()
                .map(|c| c.accuracy())
                .collect::<Vec<f64>>();
            found = found.measure(name(defence, attack), accuracies);
        }
        if defence == "quantise" {
            let plain = of(defence, "plain");
            let moved = plain.iter().flat_map(|c| {
                let pairs: Vec<f64> = c
                    .fooled
                    .iter()
                    .zip(&c.clean)
                    .map(|(a, b)| (a - b).abs())
                    .collect();
                pairs
            });
            found = found.claim(
                Claim::at_most(
                    "rounded pixels have no derivative: the plain attack changes no answer at any ε; largest change",
                    0.0,
                    largest(moved),
                    0.0,
                )
                .identity(),
            );
            let through = gain(defence, "plain", "adaptive")?;
            let asked = gain(defence, "plain", "black box")?;
            // A network of one hidden layer is nearly linear within ε: there the number of steps is no sign.
            let steps = gain(defence, "adaptive step", "adaptive")?;
            found = found
                .measure("straight_through_gain", through.mean)
                .measure("black_box_gain", asked.mean)
                .measure("quantise_steps_gain", steps.mean);
            if settings.resolves_rounding() {
                let text = "rounded pixels (trend): straight through fools more images than the plain gradient; mean over ε";
                let sign = "rounded pixels (trend): a sign of a hidden gradient, a black box fools more images than the plain gradient; mean \
                            over ε";
                found = found
                    .claim(Claim::positive(text, through, LEVEL)?.headline())
                    .trend(mnist)
                    .claim(Claim::positive(sign, asked, LEVEL)?)
                    .trend(mnist);
            }
        } else {
            let expected = gain(defence, "plain", "adaptive")?;
            let steps = gain(defence, "adaptive step", "adaptive")?;
            found = found
                .measure("expectation_gain", expected.mean)
                .measure("random_steps_gain", steps.mean);
            if settings.resolves_noise() {
                let text = "noise (trend): the mean gradient over draws fools more often than one draw's; mean over ε";
                let sign = "noise (trend): the adaptive attack lacks one of the signs, many steps fool more often than one; mean over ε";
                found = found
                    .claim(Claim::positive(text, expected, LEVEL)?.headline())
                    .trend(mnist)
                    .claim(Claim::positive(sign, steps, LEVEL)?)
                    .trend(mnist);
            }
        }
        let resolved = match defence {
            "quantise" => settings.resolves_rounding(),
            _ => settings.resolves_noise(),
        };
        if around.len() > 1 && resolved {
            let (first, last) = (around[0], around[around.len() - 1]);
            let rise = Estimate::of(last.fooled.iter().zip(&first.fooled), |(a, b)| a - b)?;
            found = found
                .claim(Claim::positive(
                    &format!("{words} (trend): a larger ε makes the adaptive attack fool more often, from the smallest to the largest"),
                    rise,
                    LEVEL,
                )?)
                .trend(mnist);
        }
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

fn name(defence: &str, attack: &str) -> &'static str {
    match (defence, attack) {
        ("quantise", "clean") => "quantise_clean",
        ("quantise", "plain") => "quantise_plain",
        ("quantise", "one step") => "quantise_one_step",
        ("quantise", "adaptive") => "quantise_adaptive",
        ("quantise", "adaptive step") => "quantise_adaptive_step",
        ("quantise", "black box") => "quantise_black_box",
        ("quantise", _) => "quantise_undefended",
        (_, "clean") => "random_clean",
        (_, "plain") => "random_plain",
        (_, "one step") => "random_one_step",
        (_, "adaptive") => "random_adaptive",
        (_, "adaptive step") => "random_adaptive_step",
        (_, "black box") => "random_black_box",
        (_, _) => "random_undefended",
    }
}
