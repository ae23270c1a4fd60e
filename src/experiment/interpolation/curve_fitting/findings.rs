//! The numbers and the claims.

use super::curve::{Point, Results};
use super::figure::figure;
use super::repeat::Repeat;
use crate::error::Result;
use crate::experiment::{Claim, Findings};
use crate::stats::{larger, largest};

/// What a solve may leave of a residual, relative to the numbers in it: the path stops refining its weights at a
/// relative correction of 10⁻¹³.
const ROUNDING: f64 = 1e-13;

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let marks = results.landmarks()?;
    let (peak, sweet, second) = (marks.peak, marks.sweet, marks.second);
    let (points, n) = (&results.points, results.n);
    let worst = |of: &dyn Fn(&Repeat) -> f64| largest(results.repeats.iter().map(of));
    // 1000 for the 15 points of the default.
    let high = 10_f64.powf(n as f64 / 5.0);
    Ok(Findings::of(points)
        .measure("peak_parameters", peak.parameters)
        .measure("peak_mse", peak.test_mse)
        .measure("sweet_spot_parameters", sweet.parameters)
        .measure("sweet_spot_mse", sweet.test_mse)
        .measure("second_valley_parameters", second.parameters)
        .measure("second_valley_mse", second.test_mse)
        .measure("peak_over_sweet_spot", peak.test_mse / sweet.test_mse)
        .measure("norm_peak_parameters", marks.norm_peak.parameters)
        .measure("widest_mse", points.last().map_or(f64::NAN, |p| p.test_mse))
        .claim(Claim::equals(
            "the median test error peaks where the parameters equal the training points, P = n",
            n as f64,
            peak.parameters as f64,
            0.0,
        ).headline())
        .claim(Claim::equals(
            "the median norm of the coefficients peaks there too",
            n as f64,
            marks.norm_peak.parameters as f64,
            0.0,
        ))
        .claim(Claim::at_most(
            "with P = n least squares is Lagrange's polynomial through all points but for \
             rounding: largest relative distance in a repeat, in units of κε, what rounding \
             the features changes; at most n",
            n as f64,
            worst(&|r| r.from_lagrange / (r.condition * f64::EPSILON)),
            0.0,
        ))
        .identity()
        .claim(Claim::equals(
            "beyond, every fit passes through all points but for rounding: largest root mean \
             square residual of a repeat, as a share of √P‖w‖, the size of the sum it cancels \
             in",
            0.0,
            worst(&|r| residual_share(points, r, n)),
            ROUNDING,
        ))
        .identity()
        .claim(Claim::at_most(
            "more parameters never raise the training error: largest rise, as a share of the \
             labels' size",
            0.0,
            worst(&|r| error_rise(points, r, n)),
            1e-9,
        ))
        .identity()
        .claim(Claim::at_most(
            "beyond P = n they never raise the norm, at first that of Lagrange's polynomial: \
             largest rise, as a share of it",
            0.0,
            worst(&|r| norm_rise(points, r, n)),
            1e-9,
        ))
        .identity()
        .claim(Claim::equals(
            "the sweet spot is where the formula for Gaussian features has its minimum: P (± 1)",
            marks.predicted_sweet.parameters as f64,
            sweet.parameters as f64,
            1.0,
        ).headline())
        .against(n as f64, "the threshold")
        .claim(Claim::greater_than(
            "the peak is more than 10^(n/5) times the sweet spot (trend)",
            high,
            peak.test_mse / sweet.test_mse,
            0.0,
        ))
        .claim(Claim::greater_than(
            "the peak is more than 10^(n/5) times the second valley, P > n (trend)",
            high,
            peak.test_mse / second.test_mse,
            0.0,
        ).headline())
        .figure(figure(results, &marks)))
}

/// The largest root mean square residual of an interpolant of this repeat over √P‖w‖. A backward stable solver
/// solves (Φ + δ)w = y with ‖δ‖ a few ε‖Φ‖, and ‖Φ‖ ≤ √(nP), since no entry is above 1.
fn residual_share(points: &[Point], repeat: &Repeat, n: usize) -> f64 {
    let beyond = points.iter().enumerate().filter(|(_, p)| p.parameters > n);
    let share = |(i, p): (usize, &Point)| {
        repeat.train_mse[i].sqrt() / ((p.parameters as f64).sqrt() * repeat.norm[i])
    };
    largest(beyond.map(share))
}

/// The largest rise of a repeat's training error from one P ≤ n to the next, as a share of the labels' size.
fn error_rise(points: &[Point], repeat: &Repeat, n: usize) -> f64 {
    let solved = points.partition_point(|p| p.parameters <= n);
    rise(&repeat.train_mse[..solved]) / mean_square(&repeat.y)
}

/// The largest rise of a repeat's norm from P = n on, as a share of the norm there, which is taken from Lagrange's
/// polynomial: at κε near 1 the path cuts a direction off at P = n.
fn norm_rise(points: &[Point], repeat: &Repeat, n: usize) -> f64 {
    let beyond = points.partition_point(|p| p.parameters <= n);
    let first = repeat.lagrange_norm;
    let norms: Vec<f64> = std::iter::once(first)
        .chain(repeat.norm[beyond..].iter().copied())
        .collect();
    rise(&norms) / first
}

/// The largest step up in a sequence, 0 where there is none.
fn rise(values: &[f64]) -> f64 {
    larger(
        0.0,
        largest(values.windows(2).map(|pair| pair[1] - pair[0])),
    )
}

fn mean_square(values: &ndarray::Array1<f64>) -> f64 {
    values.dot(values) / values.len() as f64
}
