//! The table, the claims and the figure of a run.

use super::{COMPARED, Run, VariancePropagation};
use crate::display::format_number;
use crate::error::Result;
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::measure::{Moment, Propagation};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, larger, largest, largest_distance};

/// The chance that a true claim about one run fails.
const LEVEL: f64 = 1e-6;

/// Standard errors that a single number may be away.
const Z: f64 = 5.0;

/// Five standard errors of a mean square must be less than itself: beyond, a few networks make up the whole mean, and
/// neither its size nor its logarithm is known.
const KNOWN: f64 = 1.0;

/// Factors of a layer differ by 2 or more from one variance to the next.
const RIVAL: f64 = 0.5;

/// One layer in one direction.
struct Row {
    layer: usize,
    predicted: f64,
    measured: f64,
    se: f64,
    /// How many of these the mean may be away by chance.
    reach: f64,
}

type Side = (&'static str, Vec<Row>);

pub(super) fn findings(
    settings: &VariancePropagation,
    chosen: &Run,
    compared: &[Run],
) -> Result<Findings> {
    let sides = sides(chosen)?;
    let mut table = Table::new(VariancePropagation::ABOUT.columns);
    for (direction, rows) in &sides {
        for row in rows {
            table.push(vec![
                (*direction).into(),
                row.layer.into(),
                row.predicted.into(),
                row.measured.into(),
                row.se.into(),
            ])?;
        }
    }
    let factors = factors(compared);
    let dead = dead(settings, &compared[1]);
    let drift = drift(settings, &compared[1])?;
    let mut measured = Measured::default();
    measured.insert(
        "forward_factor",
        factors.iter().map(|f| f.0).collect::<Vec<_>>(),
    );
    measured.insert(
        "backward_factor",
        factors.iter().map(|f| f.1).collect::<Vec<_>>(),
    );
    match &drift.0 {
        Some(drift) => measured.insert("log_of_a_typical_network", drift.mean),
        None => measured.insert_not_measured("log_of_a_typical_network", &dead),
    }
    Ok(Findings {
        measured,
        claims: claims(settings, &sides, compared, &factors, (drift, &dead))?,
        table,
        figure: figure(settings, &sides, compared),
    })
}

fn sides(run: &Run) -> Result<[Side; 2]> {
    let z = largest_distance(run.estimates.forward.len(), LEVEL, None)?;
    let Propagation { forward, backward } = &run.predicted;
    Ok([
        ("forward", rows(forward, &run.estimates.forward, z)),
        ("backward", rows(backward, &run.estimates.backward, z)),
    ])
}

fn rows(predicted: &[Moment], estimates: &[Estimate], z: f64) -> Vec<Row> {
    let row = |(index, (moment, estimate)): (usize, (&Moment, &Estimate))| Row {
        layer: index + 1,
        predicted: moment.mean,
        measured: estimate.mean,
        se: moment.scatter.map_or(estimate.se, |scatter| {
            scatter.relative_sd * moment.mean / (estimate.draws as f64).sqrt()
        }),
        reach: moment
            .scatter
            .map_or(z, |scatter| scatter.reach(z, estimate.draws)),
    };
    predicted
        .iter()
        .zip(estimates)
        .enumerate()
        .map(row)
        .collect()
}

/// The mean factor of a hidden layer, forward and backward: between the first and the last hidden layer.
fn factors(compared: &[Run]) -> Vec<(f64, f64)> {
    let factor = |run: &Run| {
        let Propagation { forward, backward } = &run.estimates;
        let last = forward.len() - 2;
        let root = |quotient: f64, steps: usize| quotient.powf(1.0 / steps as f64);
        (
            root(forward[last].mean / forward[0].mean, last),
            root(backward[1].mean / backward[last].mean, last - 1),
        )
    };
    compared.iter().map(factor).collect()
}

/// How many networks let nothing through.
fn dead(settings: &VariancePropagation, he: &Run) -> String {
    let last = settings.depth - 2;
    let draws = &he.measured.draws;
    let dead = draws.iter().filter(|draw| draw.forward[last] == 0.0);
    format!(
        "in {} of {} networks no unit of some layer is active: their logarithm is −∞",
        dead.count(),
        draws.len()
    )
}

/// ln(mean square of the last hidden layer / its mean over networks): mean over draws, none if some network lets nothing
/// through; and what theory says.
fn drift(settings: &VariancePropagation, he: &Run) -> Result<(Option<Estimate>, f64)> {
    let last = settings.depth - 2;
    let mean = he.predicted.forward[last].mean;
    let draws = &he.measured.draws;
    let measured = if draws.iter().any(|draw| draw.forward[last] == 0.0) {
        None
    } else {
        let logs = draws.iter().map(|draw| (draw.forward[last] / mean).ln());
        Some(Estimate::from_values(&logs.collect::<Vec<f64>>())?)
    };
    let m = settings.width as f64;
    let layer = -2.5 / m - 49.0 / 12.0 / (m * m);
    let first = -1.0 / m - 1.0 / (3.0 * m * m);
    Ok((measured, first + last as f64 * layer))
}

fn claims(
    settings: &VariancePropagation,
    sides: &[Side],
    compared: &[Run],
    factors: &[(f64, f64)],
    ((drift, typical), dead): ((Option<Estimate>, f64), &str),
) -> Result<Claims> {
    let mut claims = Claims::default();
    let (depth, width) = (settings.depth as f64, settings.width as f64);
    let (allowance, known) = match settings.activation {
        "tanh" => (
            0.5 * depth / width,
            "; beyond L/(2m) of the value, since the recursion is the limit m → ∞",
        ),
        _ => (0.0, ""),
    };
    for (direction, rows) in sides {
        let distance = |row: &&Row| {
            let off = (row.measured - row.predicted).abs() - allowance * row.predicted;
            larger(off, 0.0) / row.se / row.reach
        };
        // Where chance alone allows as much as the value, no measurement could be wrong.
        let told =
            |row: &&Row| row.reach * row.se + allowance * row.predicted < KNOWN * row.predicted;
        let distances = rows.iter().filter(told).map(|row| distance(&row));
        let largest = largest(distances);
        let count = rows.iter().filter(told).count();
        let layers = match rows.len() - count {
            0 => String::new(),
            rest => format!(
                " ({count} of {} layers; in the other {rest} chance allows as much as the value itself)",
                rows.len()
            ),
        };
        let text = format!(
            "{direction}, {}: every layer as predicted{layers}; the largest distance, in parts of what chance allows{known}",
            settings.init
        );
        let reason = "chance allows as much as the value itself in every layer: set more draws, fewer layers or more units";
        claims.push(Claim::at_most(&text, 1.0, largest, 0.0).not_measured_if(count == 0, reason));
    }
    for ((name, _, factor), (run, found)) in COMPARED.iter().zip(compared.iter().zip(factors)) {
        let draws = run.measured.draws.len() as f64;
        // The claim from the relative error of a mean square after so many layers.
        let claim = |text: &str, found: f64, moments: &[Moment], at: usize, steps: usize| {
            // Without a known scatter no claim can hold: NaN.
            let error = moments[at].scatter.map_or(f64::NAN, |scatter| {
                scatter.reach(Z, run.measured.draws.len()) * scatter.relative_sd / draws.sqrt()
            });
            let reason = format!(
                "chance allows the mean over {draws} networks {} of itself: set more draws, fewer layers or more units",
                format_number(error)
            );
            Claim::equals_within(text, *factor, found, error / steps as f64)
                .against(RIVAL * factor, "half the factor")
                .not_measured_if(error >= KNOWN, &reason)
        };
        let last = settings.depth - 2;
        let Propagation { forward, backward } = &run.predicted;
        // Xavier has other variances in the first and last layer, which are not used here.
        claims.push(claim(
            &format!("{name}: a ReLU layer multiplies the mean square by m·V/2, forward"),
            found.0,
            forward,
            last,
            last,
        ));
        claims.push(claim(
            &format!("{name}: and backward"),
            found.1,
            backward,
            1,
            last - 1,
        ));
    }
    let (mean, se) = drift.map_or((f64::NAN, f64::NAN), |drift| (drift.mean, drift.se));
    let shrinks = Claim::equals(
        "He: the mean stays, a typical network shrinks: mean of ln(mean square of the last hidden layer / its mean), \
         about −5L/(2m)",
        typical,
        mean,
        Z * se,
    );
    let shrinks = shrinks.against(0.0, "a typical network that keeps its size");
    claims.push(shrinks.not_measured_if(drift.is_none(), dead));
    // Deep and narrow, a few networks make up the whole mean: then the claim could not fail.
    claims.push(relu_at_the_end(&compared[1]).against(1.0, "no effect"));
    Ok(claims)
}

/// With σ on the output too, as one slide has it, half of the networks have no gradient at all.
fn relu_at_the_end(he: &Run) -> Claim {
    let draws = he.measured.draws.iter().zip(&he.measured.outputs);
    let (mut positive, mut all) = (0.0, 0.0);
    for (draw, output) in draws {
        all += draw.backward[0];
        if *output > 0.0 {
            positive += draw.backward[0];
        }
    }
    let scatter = he.predicted.backward[0].scatter;
    let sd = scatter.map_or(f64::NAN, |scatter| scatter.relative_sd);
    let count = he.measured.draws.len() as f64;
    Claim::equals(
        "σ on the last layer as well would halve the mean square of the input gradient: what is left of it",
        0.5,
        positive / all,
        Z * 0.5 * ((1.0 + sd * sd) / count).sqrt(),
    )
}

fn figure(settings: &VariancePropagation, sides: &[Side], compared: &[Run]) -> Figure {
    let mut figure = Figure::new("Signals and gradients through the layers");
    for (direction, rows) in sides {
        let each = |of: fn(&Row) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
        let x = each(|row| row.layer as f64);
        let y_label = match *direction {
            "forward" => "mean of z²",
            _ => "mean of (∂f/∂h)²",
        };
        figure = figure.panel(
            Panel::new("layer", y_label)
                .title(&format!(
                    "{direction}, {}, {}",
                    settings.init, settings.activation
                ))
                .line("predicted", &x, &each(|row| row.predicted))
                .points("measured", &x, &each(|row| row.measured))
                .error_bars(
                    &each(|row| row.measured - 2.0 * row.se),
                    &each(|row| row.measured + 2.0 * row.se),
                )
                .color(1)
                .log_y(),
        );
    }
    let mut panel = Panel::new("layer", "mean of z²")
        .title("forward, five variances, ReLU")
        .log_y();
    for (index, ((name, _, _), run)) in COMPARED.iter().zip(compared).enumerate() {
        let hidden = settings.depth - 1;
        let x: Vec<f64> = (1..=hidden).map(|layer| layer as f64).collect();
        let forward = &run.predicted.forward[..hidden];
        let predicted: Vec<f64> = forward.iter().map(|moment| moment.mean).collect();
        let estimates = &run.estimates.forward[..hidden];
        let measured: Vec<f64> = estimates.iter().map(|estimate| estimate.mean).collect();
        panel = panel
            .line("", &x, &predicted)
            .color(index)
            .points(name, &x, &measured)
            .color(index);
    }
    figure.panel(panel).caption(
        "Lines: the recursion. Points: means over draws, with two standard errors where bars are shown. The last layer has \
         one unit.",
    )
}
