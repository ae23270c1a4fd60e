//! The table, the claims and the picture of a run of kernels against networks.

use super::{KernelVsNetwork, Results, WidthPoint};
use crate::error::{Error, Result};
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, PowerLaw, largest_distance, power_law};

/// The chance that one claim about a mean over draws fails although theory is right.
const LEVEL: f64 = 0.001;

/// The limits: name in the table, words.
const LIMITS: [(&str, &str); 3] = [
    ("ntk_regression", "NTK regression"),
    ("nngp_regression", "NNGP regression"),
    ("infinite_network", "infinite network"),
];

/// Why there is no slope.
const ONE_WIDTH: &str = "one width has no slope: set two or more";

/// The power law of the distances; none for one width.
fn law(points: &[WidthPoint]) -> Result<Option<PowerLaw>> {
    if points.len() < 2 {
        return Ok(None);
    }
    let widths: Vec<f64> = points.iter().map(|p| p.width as f64).collect();
    let distances: Vec<Estimate> = points.iter().map(|p| p.distance).collect();
    power_law(&widths, &distances).map(Some)
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    Ok(Findings {
        measured: measured(results)?,
        claims: claims(results)?,
        table: table(results)?,
        figure: figure(results),
    })
}

fn widest(points: &[WidthPoint]) -> Result<&WidthPoint> {
    let missing = || Error::shape("the widths", "one or more", &[0]);
    points.last().ok_or_else(missing)
}

fn measured(results: &Results) -> Result<Measured> {
    let mut measured = Measured::default();
    let names = [
        "ntk_regression_error",
        "nngp_regression_error",
        "infinite_network_error",
    ];
    for (name, error) in names.into_iter().zip(results.limits) {
        measured.insert(name, error.mean);
    }
    measured.insert(
        "widest_network_error",
        widest(&results.networks)?.error.mean,
    );
    measured.insert(
        "widest_features_error",
        widest(&results.features)?.error.mean,
    );
    for (name, points) in [
        ("network_slope", &results.networks),
        ("features_slope", &results.features),
    ] {
        match law(points)? {
            Some(law) => measured.insert(name, law.exponent),
            None => measured.insert_not_measured(name, ONE_WIDTH),
        }
    }
    Ok(measured)
}

fn claims(results: &Results) -> Result<Claims> {
    let mut claims = Claims::default();
    let quantile = largest_distance(1, LEVEL, Some(results.draws))?;
    for (points, limit, slope_text, error_text) in [
        (
            &results.networks,
            results.limits[2],
            "trained networks approach the infinite one, output by output, as their kernel does: slope of ln ‖f − f_∞‖ by ln m is \
             −1/2, within 0.1 and 3 s.e.",
            "the widest network reads as many digits wrongly as the infinite one: difference of test errors over draws",
        ),
        (
            &results.features,
            results.limits[1],
            "ridge regression on random ReLU features approaches NNGP regression: slope −1/2, within 0.1 and 3 s.e.",
            "the widest random features read as many digits wrongly as NNGP regression",
        ),
    ] {
        claims.push(match law(points)? {
            Some(law) => Claim::equals(slope_text, -0.5, law.exponent, 0.1 + 3.0 * law.se)
                .against(0.0, "no approach"),
            None => Claim::equals(slope_text, -0.5, f64::NAN, 0.1).not_measured_if(true, ONE_WIDTH),
        });
        let excess = widest(points)?.excess;
        let claim = Claim::equals(
            &format!(
                "{error_text}, within {quantile:.1} s.e. (by chance beyond once in 1,000 runs) and one test digit"
            ),
            0.0,
            excess.mean,
            // Errors come in steps: draws may agree closer than their number of digits can tell.
            quantile * excess.se + 1.0 / results.test as f64,
        );
        claims.push(claim.against(0.5 - limit.mean, "a network that only guesses"));
    }
    Ok(claims)
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(KernelVsNetwork::ABOUT.columns);
    for ((name, _), error) in LIMITS.into_iter().zip(results.limits) {
        table.push(vec![
            name.into(),
            Cell::Empty,
            error.mean.into(),
            error.se.into(),
            Cell::Empty,
            Cell::Empty,
        ])?;
    }
    for (name, points) in [
        ("network", &results.networks),
        ("random_features", &results.features),
    ] {
        for point in points {
            table.push(vec![
                name.into(),
                point.width.into(),
                point.error.mean.into(),
                point.error.se.into(),
                point.distance.mean.into(),
                point.distance.se.into(),
            ])?;
        }
    }
    Ok(table)
}

fn figure(results: &Results) -> Figure {
    let label = "hidden units or columns m";
    let mut distance = Panel::new(label, "‖f − f_∞‖ / ‖f_∞‖, test outputs")
        .title("distance from the limit")
        .log_x()
        .log_y();
    let mut error = Panel::new(label, "test error")
        .title("digits read wrongly")
        .log_x();
    for (color, name, points) in [
        (0, "trained network", &results.networks),
        (1, "random ReLU features", &results.features),
    ] {
        let widths: Vec<f64> = points.iter().map(|p| p.width as f64).collect();
        let each =
            |of: &dyn Fn(&WidthPoint) -> f64| -> Vec<f64> { points.iter().map(of).collect() };
        let bars = |panel: Panel, of: fn(&WidthPoint) -> Estimate| {
            panel
                .points(name, &widths, &each(&|p| of(p).mean))
                .color(color)
                .error_bars(
                    &each(&|p| of(p).mean - 2.0 * of(p).se),
                    &each(&|p| of(p).mean + 2.0 * of(p).se),
                )
        };
        distance = bars(distance, |p| p.distance);
        error = bars(error, |p| p.error);
        let first = points.first().map_or(0.0, |p| p.distance.mean);
        let guide: Vec<f64> = widths
            .iter()
            .map(|m| first * (m / widths[0]).powf(-0.5))
            .collect();
        distance = distance
            .line("", &widths, &guide)
            .color(color)
            .dashed()
            .width(1.0);
    }
    for ((_, words), limit) in LIMITS.into_iter().zip(results.limits) {
        error = error.horizontal(limit.mean, words);
    }
    Figure::new("Kernels of infinite width and finite networks on the same digits")
        .panel(distance)
        .panel(error)
        .caption("Means over draws, ± 2 s.e. Dashed on the left: slope −1/2 from the first point.")
}
