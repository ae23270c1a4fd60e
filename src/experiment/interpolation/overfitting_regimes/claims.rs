//! What a run claims.

use super::curve::{Kind, Name, Point, Regime};
use super::network::INTERPOLATED;
use super::run::Results;
use super::settings::OverfittingRegimes;
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::measure::overfitting::limit;
use crate::stats::{larger, largest, largest_distance, least};

/// The chance that one claim fails although theory is right: a run has some dozen that can.
const LEVEL: f64 = 0.0005;

/// The largest share of draws lost to rounding with which a median still speaks of the method.
const MOST_UNRESOLVED: f64 = 0.05;

/// What the interpolating network's excess may be times or divided by to count as of the order of σ².
const ORDER: f64 = 4.0;

pub(super) fn claims(
    found: Draft,
    settings: &OverfittingRegimes,
    results: &Results,
) -> Result<Draft> {
    let found = exact(found, settings, results)?;
    let found = residuals(found, settings, results)?;
    let found = framework(found, settings, results)?;
    let found = circle(found, settings, results)?;
    let found = catastrophic(found, settings, results)?;
    let found = networks(found, results)?;
    benign(found, results)
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

fn exact(found: Draft, settings: &OverfittingRegimes, results: &Results) -> Result<Draft> {
    let near = |text: &str, draws: usize, chosen: fn(Kind) -> bool| {
        results.near(text, draws, |_| 0.0, chosen)
    };
    let draws = settings.draws;
    let votes = settings.neighbours.iter().any(|k| k % 2 == 1);
    let vote = || {
        near(
            "k-NN vote on labels of which a share η is wrong: error q(1−η) + (1−q)η, q = \
             P(Binomial(k, η) > k/2); 2η(1−η) for k = 1",
            draws,
            |method| matches!(method, Kind::Vote(_)),
        )
    };
    Ok(found
        .claim(near(
            "k-NN regression, k constant or ⌈ln n⌉: excess σ²/k at every n",
            draws,
            |method| matches!(method, Kind::Neighbours(_) | Kind::LogNeighbours),
        )?)
        .claims(votes.then(vote).transpose()?)
        .claim(near(
            "Nadaraya–Watson with weights 1/|x−x'| (Hilbert): excess = its integral for every n",
            draws,
            |method| method == Kind::Hilbert,
        )?)
        .claim(near(
            "on a line, linear pieces, 2/3 + (2/3)/(n+1), and the Laplace kernel, its integral \
             for every n",
            draws,
            |method| matches!(method, Kind::PiecewiseLinear | Kind::LaplaceLine),
        )?)
        .claim(near(
            "linear on a simplex of d dimensions: excess 2/(d+2)",
            settings.simplices,
            |method| matches!(method, Kind::Simplex(_)),
        )?))
}

fn residuals(found: Draft, settings: &OverfittingRegimes, results: &Results) -> Result<Draft> {
    let quantile = largest_distance(1, LEVEL, Some(settings.draws))?;
    Ok(found.claims(results.residuals.iter().map(|residual| {
        let text = match residual.method.interpolates() {
            true => "interpolates",
            false => "does not interpolate: training error 1 − 1/k of σ²",
        };
        Claim::equals(
            &format!("{} {text}", residual.method.label()),
            residual.predicted,
            residual.measured.mean,
            quantile * residual.measured.se,
        )
    })))
}

fn framework(found: Draft, settings: &OverfittingRegimes, results: &Results) -> Result<Draft> {
    Ok(found
        .claim(results.near(
            "Gaussian designs without a penalty, spectra of two kernels and i^−α: excess = \
             eigenframework, whose own error (1 + excess)/n is not counted",
            settings.draws,
            |excess| 1.0 + excess,
            |method| matches!(method, Kind::Design(_) | Kind::PowerDesign(_)),
        )?)
        .claim(results.near(
            "kernel ridge regression on the circle, penalty tuned by the eigenframework: \
             excess = eigenframework, whose own error 2·excess/n is not counted",
            settings.ridge_draws(),
            |excess| 2.0 * excess,
            |method| matches!(method, Kind::TunedRidge(_)),
        )?))
}

/// Kernels with a cusp on the circle, without a penalty.
fn circle(found: Draft, settings: &OverfittingRegimes, results: &Results) -> Result<Draft> {
    let quantile = largest_distance(1, LEVEL, Some(settings.draws))?;
    let straight = limit::LINE - 1.0;
    let noise = |point: &Point| quantile * point.estimate.map_or(f64::NAN, |excess| excess.se);
    let laplace = results.curve(Kind::Ring(Name::Laplace))?.last()?;
    let ntk = results.curve(Kind::Ring(Name::ReluNtk))?.last()?;
    let design = results.curve(Kind::Design(Name::ReluNtk))?.last()?;
    Ok(found
        .claim(Claim::equals(
            &format!(
                "Laplace kernel on the circle, n = {}: excess 2/3 as on a line, within 2/n and \
                 the noise of the draws",
                laplace.n
            ),
            straight,
            laplace.excess,
            2.0 / laplace.n as f64 + noise(laplace),
        ))
        .claim(Claim::less_than(
            "Laplace kernel on the circle: the excess is less than the eigenframework's limit α − 1 = 1: the kernel's features are \
             no Gaussian numbers",
            limit::power_law(2.0) - 1.0,
            laplace.excess,
            0.0,
        ))
        .claim(Claim::at_least(
            &format!(
                "ReLU NTK on the circle, n = {}: not below the straight line's 2/3, but for the \
                 noise of the draws",
                ntk.n
            ),
            straight,
            ntk.excess,
            noise(ntk),
        ))
        .against(0.0, "benign overfitting")
        .may_stay_open(
            settings.draws < 60,
            "few draws: one with two inputs close together can be most of the mean",
        )
        .claim(Claim::less_than(
            "ReLU NTK on the circle: half of the draws lie below what the eigenframework predicts for its spectrum at \
             the largest design (trend): the excess sinks slowly from there towards 2/3",
            design.predicted.unwrap_or(f64::NAN),
            ntk.half_below.unwrap_or(f64::NAN),
            0.0,
        )))
}

fn catastrophic(found: Draft, settings: &OverfittingRegimes, results: &Results) -> Result<Draft> {
    let critical = results.curve(Kind::Critical)?;
    let draws = settings.wild_draws * critical.points.len();
    let flat = &results.polynomial;
    let mut found = found
        .claim(Claim::equals(
            "least squares at p = n: half of all draws lie below the exact median n/t², t the \
             upper quartile of Student's law",
            0.5,
            results.below_median,
            largest_distance(1, LEVEL, None)? * 0.5 / (draws as f64).sqrt(),
        ))
        .claim(Claim::equals(
            &format!(
                "a wide Gaussian kernel is the polynomial of degree n − 1, with a distance of \
                 the order of 1/bandwidth² (trend): power of its fall, n = {}, bandwidths {} \
                 and {} times the interval",
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
        let points = results.curve(method)?.points.iter();
        let mut sound = points.filter(|point| point.unresolved <= MOST_UNRESOLVED);
        // Of one point alone there is no next.
        let (Some(few), Some(many)) = (sound.next(), sound.next_back()) else {
            continue;
        };
        found = found.claim(Claim::greater_than(
            &format!(
                "{name}: from n = {} to {} the median excess grows faster than in proportion \
                 to n (trend): factor",
                few.n, many.n
            ),
            many.n as f64 / few.n as f64,
            many.excess / few.excess,
            0.0,
        ));
    }
    Ok(found)
}

fn networks(found: Draft, results: &Results) -> Result<Draft> {
    let nets = &results.net_train;
    let early = results.curve(Kind::EarlyStopped)?.last()?;
    let late = results.curve(Kind::InterpolatingNet)?.last()?;
    Ok(found
        .claim(Claim::at_most(
            "network trained on: its training error at every n, the worst of all draws, is \
             that of an interpolator",
            INTERPOLATED,
            largest(nets.iter().map(|net| net.worst)),
            0.0,
        ))
        .claim(Claim::greater_than(
            "the same network stopped where validation is best does not interpolate: its least \
             mean training error over n",
            10.0 * INTERPOLATED,
            least(nets.iter().map(|net| net.early)),
            0.0,
        ))
        .claim(Claim::less_than(
            &format!(
                "at n = {} the stopped network has less than half the excess of the one trained \
                 on (trend)",
                late.n
            ),
            late.excess / 2.0,
            early.excess,
            0.0,
        ))
        .claim(Claim::equals(
            &format!(
                "at n = {} the interpolating network's excess is of the order of σ² (trend): its \
                 logarithm, within ln 4 of 0",
                late.n
            ),
            0.0,
            late.excess.ln(),
            ORDER.ln(),
        ))
        .against(early.excess.ln(), "that of the stopped network"))
}

/// Methods are told apart by their trend: any one value may be met in every regime.
fn benign(found: Draft, results: &Results) -> Result<Draft> {
    let mut largest = 0.0_f64;
    for curve in &results.curves {
        if curve.method.regime() == Regime::Benign && curve.points.len() > 1 {
            largest = larger(largest, curve.last()?.excess / curve.first()?.excess);
        }
    }
    let hilbert = results.curve(Kind::Hilbert)?.last()?;
    let n = hilbert.n as f64;
    Ok(found
        .claim(Claim::less_than(
            "every benign method's excess falls (trend): the largest ratio of the last to the \
             first",
            1.0,
            largest,
            0.0,
        ))
        .claim(Claim::equals(
            "the Hilbert estimate's only like 1/ln n (trend): excess times ln n, within 0.35 of \
             1",
            1.0,
            hilbert.excess * n.ln(),
            0.35,
        ))
        .against(n.ln() / n.sqrt(), "a fall like 1/√n"))
}
