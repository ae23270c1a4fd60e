//! What a run claims.

use super::curve::{Curve, Kind, Name, Point, Regime};
use super::network::INTERPOLATED;
use super::{OverfittingRegimes, Results};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims};
use crate::measure::overfitting::limit;
use crate::stats::{larger, largest, largest_distance, least};

/// The chance that one claim fails although theory is right: a run has some dozen that can.
const LEVEL: f64 = 0.0005;

/// The largest share of draws lost to rounding with which a median still speaks of the method.
const MOST_UNRESOLVED: f64 = 0.05;

/// What the interpolating network's excess may be times or divided by to count as of the order of σ².
const ORDER: f64 = 4.0;

pub(super) fn claims(settings: &OverfittingRegimes, results: &Results) -> Result<Claims> {
    let mut claims = Claims::default();
    exact(settings, results, &mut claims)?;
    residuals(settings, results, &mut claims)?;
    framework(settings, results, &mut claims)?;
    circle(settings, results, &mut claims)?;
    catastrophic(settings, results, &mut claims)?;
    networks(results, &mut claims)?;
    benign(results, &mut claims)?;
    Ok(claims)
}

fn first(curve: &Curve) -> Result<&Point> {
    let none = || Error::shape("the curve", "at least one point", &[0]);
    curve.points.first().ok_or_else(none)
}

fn last(curve: &Curve) -> Result<&Point> {
    let none = || Error::shape("the curve", "at least one point", &[0]);
    curve.points.last().ok_or_else(none)
}

impl Results {
    /// Claims that all points of the chosen curves lie near their predictions: the largest distance in standard errors,
    /// not counting `slack` of the predicted excess over n.
    fn near(
        &self,
        text: &str,
        draws: usize,
        slack: fn(f64) -> f64,
        chosen: impl Fn(Kind) -> bool,
    ) -> Result<Claim> {
        let curves = self.curves.iter().filter(|curve| chosen(curve.method));
        let distance = |point: &Point| {
            let predicted = point.predicted.unwrap_or(f64::NAN);
            let away = point.distance(slack(predicted) / point.n as f64);
            away.unwrap_or(f64::INFINITY)
        };
        let distances = curves.flat_map(|curve| &curve.points).map(distance);
        Claim::all_within(text, distances, LEVEL, Some(draws))
    }
}

fn exact(settings: &OverfittingRegimes, results: &Results, claims: &mut Claims) -> Result<()> {
    let draws = settings.draws;
    claims.push(results.near(
        "k-NN regression, k constant or ⌈ln n⌉: excess σ²/k at every n",
        draws,
        |_| 0.0,
        |method| matches!(method, Kind::Neighbours(_) | Kind::LogNeighbours),
    )?);
    if settings.neighbours.iter().any(|k| k % 2 == 1) {
        claims.push(results.near(
            "k-NN vote on labels of which a share η is wrong: error q(1−η) + (1−q)η, q = P(Binomial(k, η) > k/2); \
             2η(1−η) for k = 1",
            draws,
            |_| 0.0,
            |method| matches!(method, Kind::Vote(_)),
        )?);
    }
    claims.push(results.near(
        "Nadaraya–Watson with weights 1/|x−x'| (Hilbert): excess = its integral for every n",
        draws,
        |_| 0.0,
        |method| method == Kind::Hilbert,
    )?);
    claims.push(results.near(
        "on a line, linear pieces, 2/3 + (2/3)/(n+1), and the Laplace kernel, its integral for every n",
        draws,
        |_| 0.0,
        |method| matches!(method, Kind::PiecewiseLinear | Kind::LaplaceLine),
    )?);
    claims.push(results.near(
        "linear on a simplex of d dimensions: excess 2/(d+2)",
        settings.simplices,
        |_| 0.0,
        |method| matches!(method, Kind::Simplex(_)),
    )?);
    Ok(())
}

fn residuals(settings: &OverfittingRegimes, results: &Results, claims: &mut Claims) -> Result<()> {
    for residual in &results.residuals {
        let quantile = largest_distance(1, LEVEL, Some(settings.draws))?;
        let text = match residual.method.interpolates() {
            true => "interpolates",
            false => "does not interpolate: training error 1 − 1/k of σ²",
        };
        claims.push(Claim::equals(
            &format!("{} {text}", residual.method.label()),
            residual.predicted,
            residual.measured.mean,
            quantile * residual.measured.se,
        ));
    }
    Ok(())
}

fn framework(settings: &OverfittingRegimes, results: &Results, claims: &mut Claims) -> Result<()> {
    claims.push(results.near(
        "Gaussian designs without a penalty, spectra of two kernels and i^−α: excess = eigenframework, whose own error \
         (1 + excess)/n is not counted",
        settings.draws,
        |excess| 1.0 + excess,
        |method| matches!(method, Kind::Design(_) | Kind::PowerDesign(_)),
    )?);
    claims.push(results.near(
        "kernel ridge regression on the circle, penalty tuned by the eigenframework: excess = eigenframework, whose \
         own error 2·excess/n is not counted",
        settings.ridge_draws(),
        |excess| 2.0 * excess,
        |method| matches!(method, Kind::TunedRidge(_)),
    )?);
    Ok(())
}

/// Kernels with a cusp on the circle, without a penalty.
fn circle(settings: &OverfittingRegimes, results: &Results, claims: &mut Claims) -> Result<()> {
    let quantile = largest_distance(1, LEVEL, Some(settings.draws))?;
    let straight = limit::LINE - 1.0;
    let standard_error = |point: &Point| point.estimate.map_or(f64::NAN, |estimate| estimate.se);
    let laplace = last(results.curve(Kind::Ring(Name::Laplace))?)?;
    claims.push(Claim::equals(
        &format!(
            "Laplace kernel on the circle, n = {}: excess 2/3 as on a line, within 2/n and the noise of the draws",
            laplace.n
        ),
        straight,
        laplace.excess,
        2.0 / laplace.n as f64 + quantile * standard_error(laplace),
    ));
    claims.push(Claim::less_than(
        "that is less than the eigenframework's limit α − 1 = 1: the kernel's features are no Gaussian numbers",
        limit::power_law(2.0) - 1.0,
        laplace.excess,
        0.0,
    ));
    let ntk = last(results.curve(Kind::Ring(Name::ReluNtk))?)?;
    let above = Claim::at_least(
        &format!(
            "ReLU NTK on the circle, n = {}: not below the straight line's 2/3, but for the noise of the draws",
            ntk.n
        ),
        straight,
        ntk.excess,
        quantile * standard_error(ntk),
    );
    claims.push(above.against(0.0, "benign overfitting"));
    let design = last(results.curve(Kind::Design(Name::ReluNtk))?)?;
    claims.push(Claim::less_than(
        "and below what the eigenframework predicts for its spectrum (trend): it sinks slowly from there towards 2/3",
        design.predicted.unwrap_or(f64::NAN),
        ntk.excess,
        0.0,
    ));
    Ok(())
}

fn catastrophic(
    settings: &OverfittingRegimes,
    results: &Results,
    claims: &mut Claims,
) -> Result<()> {
    let critical = results.curve(Kind::Critical)?;
    let draws = settings.wild_draws * critical.points.len();
    claims.push(Claim::equals(
        "least squares at p = n: half of all draws lie below the exact median n/t², t the upper quartile of Student's law",
        0.5,
        results.below_median,
        largest_distance(1, LEVEL, None)? * 0.5 / (draws as f64).sqrt(),
    ));
    let flat = &results.polynomial;
    claims.push(Claim::equals(
        &format!(
            "a wide Gaussian kernel is the polynomial of degree n − 1, with a distance of the order of 1/bandwidth² (trend): \
             power of its fall, n = {}, bandwidths {} and {} times the interval",
            flat.n,
            flat.bandwidth,
            2.0 * flat.bandwidth
        ),
        2.0,
        (flat.distance / flat.distance_twice).log2(),
        0.25,
    ));
    for (method, name) in [
        (Kind::Ring(Name::Gaussian), "Gaussian kernel on the circle"),
        (Kind::Polynomial, "polynomial of degree n − 1 on a line"),
    ] {
        let points = &results.curve(method)?.points;
        let sound: Vec<&Point> = points
            .iter()
            .filter(|point| point.unresolved <= MOST_UNRESOLVED)
            .collect();
        let (Some(few), Some(many)) = (sound.first(), sound.last()) else {
            continue;
        };
        if few.n < many.n {
            claims.push(Claim::greater_than(
                &format!(
                    "{name}: from n = {} to {} the median excess grows faster than in proportion to n (trend): factor",
                    few.n, many.n
                ),
                many.n as f64 / few.n as f64,
                many.excess / few.excess,
                0.0,
            ));
        }
    }
    Ok(())
}

fn networks(results: &Results, claims: &mut Claims) -> Result<()> {
    let worst = results.net_train.iter().map(|net| net.worst);
    claims.push(Claim::at_most(
        "network trained on: its training error at every n, the worst of all draws, is that of an interpolator",
        INTERPOLATED,
        largest(worst),
        0.0,
    ));
    let lowest = results.net_train.iter().map(|net| net.early);
    claims.push(Claim::greater_than(
        "the same network stopped where validation is best does not interpolate: its least mean training error over n",
        10.0 * INTERPOLATED,
        least(lowest),
        0.0,
    ));
    let early = results.curve(Kind::EarlyStopped)?;
    let late = results.curve(Kind::InterpolatingNet)?;
    let (early_last, late_last) = (last(early)?, last(late)?);
    claims.push(Claim::less_than(
        &format!(
            "at n = {} the stopped network has less than half the excess of the one trained on (trend)",
            late_last.n
        ),
        late_last.excess / 2.0,
        early_last.excess,
        0.0,
    ));
    let order = Claim::equals(
        "there the interpolating network's excess is of the order of σ² (trend): its logarithm, within ln 4 of 0",
        0.0,
        late_last.excess.ln(),
        ORDER.ln(),
    );
    claims.push(order.against(early_last.excess.ln(), "that of the stopped network"));
    Ok(())
}

/// Methods are told apart by their trend: any one value may be met in every regime.
fn benign(results: &Results, claims: &mut Claims) -> Result<()> {
    let mut largest = 0.0_f64;
    for curve in &results.curves {
        if curve.method.regime() == Regime::Benign && curve.points.len() > 1 {
            largest = larger(largest, last(curve)?.excess / first(curve)?.excess);
        }
    }
    claims.push(Claim::less_than(
        "every benign method's excess falls (trend): the largest ratio of the last to the first",
        1.0,
        largest,
        0.0,
    ));
    let hilbert = last(results.curve(Kind::Hilbert)?)?;
    let n = hilbert.n as f64;
    let slow = Claim::equals(
        "the Hilbert estimate's only like 1/ln n (trend): excess times ln n, within 0.35 of 1",
        1.0,
        hilbert.excess * n.ln(),
        0.35,
    );
    claims.push(slow.against(n.ln() / n.sqrt(), "a fall like 1/√n"));
    Ok(())
}
