//! The table and the claims of a curve-fitting run.

use super::curve::{Curve, Point};
use super::figure::figure;
use super::{CurveFitting, Repeat};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::stats::{larger, largest};

/// What a solve may leave of a residual, relative to the numbers in it: the path stops refining its weights at a
/// relative correction of 10⁻¹³.
const ROUNDING: f64 = 1e-13;

/// Everything a run computed.
pub(super) struct Results {
    pub n: usize,
    /// The numbers of parameters of the four fits shown.
    pub shown: Vec<usize>,
    pub grid: Vec<f64>,
    pub target: Vec<f64>,
    pub curve: Curve,
    pub repeats: Vec<Repeat>,
}

/// The points that claims and pictures speak of.
pub(super) struct Landmarks {
    /// Where the median test error is largest.
    pub peak: (usize, f64),
    /// Where it is least below n.
    pub sweet: (usize, f64),
    /// Where the formula for Gaussian features is least.
    pub predicted_sweet: usize,
    /// Where it is least beyond n.
    pub second: (usize, f64),
    /// Where the median norm is largest.
    pub norm_peak: usize,
}

impl Results {
    pub(super) fn landmarks(&self) -> Result<Landmarks> {
        let find = |part: &dyn Fn(&Point) -> bool, of: &dyn Fn(&Point) -> f64| {
            let found = self.curve.largest(part, of).map(|p| (p.parameters, p.test));
            found.ok_or_else(|| Error::shape("the curve", "points on both sides of P = n", &[]))
        };
        let formula = |p: &Point| -p.gaussian.unwrap_or(f64::INFINITY);
        Ok(Landmarks {
            peak: find(&|_| true, &|p| p.test)?,
            sweet: find(&|p| p.parameters < self.n, &|p| -p.test)?,
            predicted_sweet: find(&|p| p.gaussian.is_some(), &formula)?.0,
            second: find(&|p| p.parameters > self.n, &|p| -p.test)?,
            norm_peak: find(&|_| true, &|p| p.norm)?.0,
        })
    }
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let landmarks = results.landmarks()?;
    Ok(Findings {
        measured: measured(results, &landmarks),
        claims: claims(results, &landmarks),
        table: table(&results.curve)?,
        figure: figure(results, &landmarks),
    })
}

fn measured(results: &Results, landmarks: &Landmarks) -> Measured {
    let mut measured = Measured::default();
    measured.insert("peak_parameters", landmarks.peak.0);
    measured.insert("peak_mse", landmarks.peak.1);
    measured.insert("sweet_spot_parameters", landmarks.sweet.0);
    measured.insert("sweet_spot_mse", landmarks.sweet.1);
    measured.insert("second_valley_parameters", landmarks.second.0);
    measured.insert("second_valley_mse", landmarks.second.1);
    measured.insert("peak_over_sweet_spot", landmarks.peak.1 / landmarks.sweet.1);
    measured.insert("norm_peak_parameters", landmarks.norm_peak);
    measured.insert(
        "widest_mse",
        results.curve.points.last().map_or(f64::NAN, |p| p.test),
    );
    measured
}

fn claims(results: &Results, landmarks: &Landmarks) -> Claims {
    let n = results.n as f64;
    let points = &results.curve.points;
    let worst = |of: &dyn Fn(&Repeat) -> f64| largest(results.repeats.iter().map(of));
    let mut claims = Claims::default();
    claims.push(Claim::equals(
        "the median test error peaks where the parameters equal the training points, P = n",
        n,
        landmarks.peak.0 as f64,
        0.0,
    ));
    claims.push(Claim::equals(
        "so does the median norm of the coefficients",
        n,
        landmarks.norm_peak as f64,
        0.0,
    ));
    claims.push(Claim::at_most(
        "with P = n least squares is Lagrange's polynomial through all points but for rounding: largest relative \
         distance in a repeat, in units of κε, what rounding the features changes; at most n",
        n,
        worst(&|r| r.from_lagrange / (r.condition * f64::EPSILON)),
        0.0,
    ).identity());
    claims.push(Claim::equals(
        "beyond, every fit passes through all points but for rounding: largest root mean square residual of a repeat, as \
         a share of √P‖w‖, the size of the sum it cancels in",
        0.0,
        worst(&|r| residual_share(points, r, results.n)),
        ROUNDING,
    ).identity());
    claims.push(Claim::at_most(
        "more parameters never raise the training error: largest rise, as a share of the labels' size",
        0.0,
        worst(&|r| error_rise(points, r, results.n)),
        1e-9,
    ).identity());
    claims.push(Claim::at_most(
        "beyond P = n they never raise the norm, at first that of Lagrange's polynomial: largest rise, as a share of it",
        0.0,
        worst(&|r| norm_rise(points, r, results.n)),
        1e-9,
    ).identity());
    let sweet = Claim::equals(
        "the sweet spot is where the formula for Gaussian features has its minimum: P (± 1)",
        landmarks.predicted_sweet as f64,
        landmarks.sweet.0 as f64,
        1.0,
    );
    claims.push(sweet.against(n, "the threshold"));
    // 1000 for the 15 points of the default.
    let high = 10_f64.powf(n / 5.0);
    claims.push(Claim::greater_than(
        "the peak is more than 10^(n/5) times the sweet spot (trend)",
        high,
        landmarks.peak.1 / landmarks.sweet.1,
        0.0,
    ));
    claims.push(Claim::greater_than(
        "and more than 10^(n/5) times the second valley, P > n (trend)",
        high,
        landmarks.peak.1 / landmarks.second.1,
        0.0,
    ));
    claims
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

fn table(curve: &Curve) -> Result<Table> {
    let mut table = Table::new(CurveFitting::ABOUT.columns);
    for p in &curve.points {
        table.push(vec![
            p.parameters.into(),
            p.test.into(),
            p.band.0.into(),
            p.band.1.into(),
            p.mean.into(),
            p.gaussian.into(),
            p.train.into(),
            p.norm.into(),
        ])?;
    }
    Ok(table)
}
