//! Numbers and claims.

use super::cells::{Cell, Point, broken_promise, share_wrong};
use super::figure::figure;
use super::poison::Poisons;
use super::settings::OtherThreats;
use super::shift::Shift;
use super::victims::{Model, Victims};
use crate::error::Result;
use crate::experiment::{Claim, Findings};
use crate::stats::{Estimate, largest, least, mean, median};

/// How often chance alone may make a claim about means fail.
const LEVEL: f64 = 1e-3;

/// Rounding of sums over pixels and pictures, in units of the largest number.
const ROUNDING: f64 = 1e-9;

pub(super) fn findings(
    settings: &OtherThreats,
    victims: &Victims,
    shifts: Option<Vec<Shift>>,
    cells: &[Cell],
    poison: Option<Poisons>,
) -> Result<Findings> {
    let points: Vec<Point> = cells.iter().map(|c| c.point(&victims.test.x)).collect();
    let clean =
        |model| -> Result<f64> { Ok(share_wrong(&victims.objective(model, &victims.test.x)?)) };
    let mut found = Findings::of(&points)
        .measure("clean_error_linear", clean(Model::Linear)?)
        .measure("clean_error_network", clean(Model::Network)?);
    if let Some(shifts) = &shifts {
        found = found.claims(of_shifts(shifts, victims.mnist)?);
        if !shifts.is_empty() {
            found = found
                .measure(
                    "shift_relative_l2",
                    median(&shifts.iter().map(|s| s.relative).collect::<Vec<_>>())?,
                )
                .measure(
                    "shift_beside_other",
                    median(&shifts.iter().map(|s| s.beside_other).collect::<Vec<_>>())?,
                );
        }
    }
    let of = |kind: &'static str, model: Model| {
        let own = cells
            .iter()
            .filter(move |c| c.kind == kind && c.model == model);
        own.collect::<Vec<&Cell>>()
    };
    if settings.kind.contains(&"transport") {
        found = found.claims(of_transport(&of("transport", Model::Linear)));
    }
    if settings.kind.contains(&"patch") {
        let linear = of("patch", Model::Linear);
        let apart = linear.iter().flat_map(|c| {
            let rises = &c.values - &c.clean;
            let pairs: Vec<f64> = c
                .second
                .iter()
                .flatten()
                .zip(rises)
                .map(|(a, b)| (a - b).abs())
                .collect();
            pairs
        });
        found = found.claim(Claim::at_most(
            "patch, linear model: the place by sums of gains is as bad as the worst of all places, each asked of the model; largest \
             difference of the rises",
            0.0,
            largest(apart),
            ROUNDING * scale(&linear),
        ).identity());
    }
    if settings.kind.contains(&"pixels") {
        let linear = of("pixels", Model::Linear);
        let beside = linear.iter().flat_map(|c| {
            let rises = &c.values - &c.clean;
            let pairs: Vec<f64> = c
                .second
                .iter()
                .flatten()
                .zip(rises)
                .map(|(other, own)| own - other)
                .collect();
            pairs
        });
        let beside: Vec<f64> = beside.collect();
        found = found
            .claim(Claim::at_least(
                "free pixels, linear model: the k largest gains are never worth less than the k steepest slopes; least difference",
                0.0,
                least(&beside),
                ROUNDING * scale(&linear),
            ).bound())
            .measure("pixels_gain_over_steepest", mean(beside));
    }
    let promised: Vec<&Cell> = cells
        .iter()
        .filter(|c| c.model == Model::Linear && c.promised.is_some())
        .collect();
    if !promised.is_empty() {
        found = found.claim(Claim::at_most(
            "linear model: each attack by gains is worth what it promises; largest |promised − found| of all pictures and sizes",
            0.0,
            largest(promised.iter().map(|c| broken_promise(c))),
            ROUNDING * scale(&promised),
        ).identity());
    }
    for (kind, words) in [
        ("transport", "carried grey"),
        ("rotation", "turned and shifted pictures"),
        ("patch", "a patch"),
        ("pixels", "free pixels"),
    ] {
        for model in [Model::Linear, Model::Network] {
            let own = of(kind, model);
            let Some(last) = own.last() else { continue };
            let falls = own.windows(2).map(|pair| pair[1].error() - pair[0].error());
            found = found.measure(
                name(kind, model),
                own.iter().map(|c| c.error()).collect::<Vec<f64>>(),
            );
            // A search that asks of every place or angle cannot lose by a larger one; the other two follow slopes.
            if kind == "rotation" && own.len() > 1 {
                found = found.claim(
                    Claim::at_least(
                        &format!(
                            "{words}, {}: a larger angle never finds less; least rise of the error",
                            model.name()
                        ),
                        0.0,
                        least(falls),
                        0.0,
                    )
                    .identity(),
                );
            }
            let gain = Estimate::of(last.values.iter().zip(&last.random), |(a, b)| a - b)?;
            let text = format!(
                "{words}, {} (trend): aimed, the largest size costs more of the margin than at random; mean over pictures",
                model.name()
            );
            // Pictures that are neither turned nor shifted, or a network whose units are all off.
            let nothing = gain.mean == 0.0 && gain.se == 0.0;
            found = found
                .claim(Claim::positive(&text, gain, LEVEL)?)
                .not_measured_if(nothing, "nothing that was done changes an answer")
                .trend(victims.mnist);
        }
    }
    if let Some(poison) = &poison {
        found = found
            .claims(of_poison(settings, victims, poison))
            .measure("test_error_clean", poison.errors.0)
            .measure("test_error_poisoned", poison.errors.1)
            .measure("median_target_to_zero", median(&poison.targets)?);
    }
    Ok(found.figure(figure(
        settings,
        victims,
        shifts.is_some(),
        cells,
        poison.as_ref(),
    )?))
}

/// The name of a list of errors.
fn name(kind: &str, model: Model) -> &'static str {
    match (kind, model) {
        ("transport", Model::Linear) => "errors_transport_linear",
        ("transport", Model::Network) => "errors_transport_network",
        ("rotation", Model::Linear) => "errors_rotation_linear",
        ("rotation", Model::Network) => "errors_rotation_network",
        ("patch", Model::Linear) => "errors_patch_linear",
        ("patch", Model::Network) => "errors_patch_network",
        (_, Model::Linear) => "errors_pixels_linear",
        (_, Model::Network) => "errors_pixels_network",
    }
}

/// The largest rise of a score, at least 1.
fn scale(cells: &[&Cell]) -> f64 {
    let rises = cells.iter().flat_map(|c| (&c.values - &c.clean).to_vec());
    largest(rises.map(f64::abs).chain([1.0]))
}

fn of_shifts(shifts: &[Shift], mnist: bool) -> Result<Vec<Claim>> {
    let none = shifts.is_empty();
    let why = "every picture has grey at all four edges: each shift loses some";
    let off = |s: &Shift| (s.transport - 1.0).abs();
    let beside: Vec<f64> = shifts.iter().map(|s| s.beside_other).collect();
    let typical = if none { f64::NAN } else { median(&beside)? };
    Ok(vec![
        Claim::at_most(
            "a picture shifted by one pixel is at Wasserstein distance 1 from itself, whatever it shows; largest |W₁ − 1|",
            0.0,
            largest(shifts.iter().map(off)),
            ROUNDING,
        )
        .not_measured_if(none, why)
        .headline(),
        Claim::at_most(
            "a potential whose neighbours differ by 1 at most proves that no plan carries less: largest difference of the two sides",
            0.0,
            largest(shifts.iter().map(|s| s.unproved)),
            ROUNDING,
        )
        .identity()
        .not_measured_if(none, why),
        Claim::greater_than(
            "by ℓ₂ the shift is large (trend): median of its length over the distance to the nearest picture of the other class",
            0.5,
            typical,
            0.0,
        )
        .against(0.5, "half way: as far as a nearest neighbour may be off and still be right")
        .not_measured_if(none, why)
        .trend(mnist),
    ])
}

fn of_transport(linear: &[&Cell]) -> Vec<Claim> {
    let spent: Vec<f64> = linear.iter().flat_map(|c| c.transport.clone()).collect();
    let room = linear.iter().flat_map(|c| {
        let rises = &c.values - &c.clean;
        let pairs: Vec<f64> = c
            .second
            .iter()
            .flatten()
            .zip(rises)
            .map(|(most, own)| most - own)
            .collect();
        pairs
    });
    vec![
        Claim::at_most(
            "carried grey, linear model: W₁ of the changed picture over the budget, by the exact flow; largest",
            1.0,
            largest(&spent),
            ROUNDING,
        )
        .bound(),
        Claim::at_least(
            "carried grey, linear model: no attack inside [0, 1] gains more than the linear programme without that range; least room",
            0.0,
            least(room),
            ROUNDING * scale(linear),
        )
        .bound(),
    ]
}

fn of_poison(settings: &OtherThreats, victims: &Victims, poison: &Poisons) -> Vec<Claim> {
    let squares: f64 = victims.train.x.iter().map(|v| v * v).sum::<f64>() + settings.n as f64;
    // Rounding of a solve in d dimensions with the condition number of XᵀX + λI, as bounded by its trace.
    let d = victims.weights.nrows() as f64;
    let rounding = d * f64::EPSILON * (squares + settings.lambda) / settings.lambda;
    let first_order = poison
        .points
        .iter()
        .map(|p| (p.first_order - p.retrained).abs());
    vec![
        Claim::at_most(
            "poison: all scores with one more training point, by Sherman–Morrison and by fitting anew; largest difference",
            0.0,
            poison.apart,
            rounding * crate::stats::larger(poison.size, 1.0),
        )
        .against(largest(first_order), "the inverse left as it was")
        .identity()
        .headline(),
        Claim::at_most(
            "poison: the target that is to bring a picture's score to 0 does, fitted anew; largest |score|, in units of the target",
            0.0,
            poison.missed,
            rounding,
        )
        .identity(),
    ]
}
