//! What a run on uniform convergence measures and claims.

use super::points::{DimPoint, FlipPoint, JunkPoint, UniformConvergence};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft};
use crate::stats::{Estimate, larger, largest, largest_distance};

/// The chance that one claim fails although theory is right: a run has some eight that can, so that it fails by chance less
/// than once in 100.
const LEVEL: f64 = 0.001;

fn last<T>(points: &[T]) -> Result<&T> {
    points
        .last()
        .ok_or_else(|| Error::shape("the curve", "at least one point", &[0]))
}

pub(super) fn isotropic(
    found: Draft,
    settings: &UniformConvergence,
    points: &[DimPoint],
) -> Result<Draft> {
    let (n, alpha) = (settings.n, settings.inflation);
    let draws = Some(settings.draws);
    let far = last(points)?;
    let variance = settings.noise * settings.noise;
    let safe: Vec<&DimPoint> = points.iter().filter(|point| point.p >= 4 * n).collect();
    let two_sided = || {
        Claim::all_within(
            "−ŵ lies in the ball too, and has |R − R_n| = 3σ² − σ²n/(p−n−1) in the mean (from p = 4n on, \
             where its sign is safe)",
            safe.iter()
                .map(|p| p.found.two_sided.distance(p.exact.two_sided)),
            LEVEL,
            draws,
        )
    };
    Ok(found
        .measure("isotropic_risk", far.found.risk.mean)
        .measure(
            "isotropic_bound_at_least_norm",
            far.found.bound.mean / alpha.powi(2),
        )
        .measure("isotropic_two_sided", far.found.two_sided.mean)
        .claim(Claim::all_within(
            &format!(
                "pure noise, minimum norm: E‖ŵ‖² = σ²n/(p−n−1) at every p, so test error σ² + \
                 ‖ŵ‖², worst in the ball σ² + {alpha}²‖ŵ‖², bound {alpha}²‖ŵ‖²p/n, whichever is \
                 farthest"
            ),
            points.iter().map(DimPoint::farthest),
            LEVEL,
            draws,
        )?)
        .claims((!safe.is_empty()).then(two_sided).transpose()?)
        // The bound for B = ‖ŵ‖ is that of the run without the inflation.
        .claim(Claim::equals(
            &format!(
                "p ≫ n is benign and the bound says so: with B = ‖ŵ‖, B² Tr(Σ)/n ≈ σ² at p = {}, \
                 within (n+1)/(p−n−1) of it and the noise of the draws",
                far.p
            ),
            variance,
            far.found.bound.mean / (alpha * alpha),
            variance * (n + 1) as f64 / (far.p - n - 1) as f64
                + largest_distance(1, LEVEL, draws)? * far.found.bound.se / (alpha * alpha),
        ))
        .claim(Claim::at_most(
            &format!(
                "at p = {} no interpolator in the ball exceeds the bound: the worst test error",
                far.p
            ),
            far.found.bound.mean,
            far.found.worst.map_or(f64::NAN, |worst| worst.mean),
            0.0,
        ))
        .bound())
}

impl DimPoint {
    /// The largest distance of a mean from its exact value.
    fn farthest(&self) -> f64 {
        let (found, exact) = (&self.found, &self.exact);
        found.worst.map_or(f64::NAN, |worst| {
            largest([
                found.risk.distance(exact.risk),
                found.bound.distance(exact.bound),
                worst.distance(exact.worst),
            ])
        })
    }
}

pub(super) fn junk(
    found: Draft,
    settings: &UniformConvergence,
    points: &[JunkPoint],
) -> Result<Draft> {
    let far = last(points)?;
    let (n, alpha, draws) = (far.n as f64, settings.inflation, Some(settings.junk_draws));
    let z = largest_distance(1, LEVEL, draws)?;
    // First order in 1/n: what is left out is a few 1/n of the whole.
    let close = |text: &str, predicted: f64, found: &Estimate| {
        let tolerance = z * found.se + 3.0 * predicted / n;
        Claim::equals(text, predicted, found.mean, tolerance)
    };
    let limit = alpha * alpha * settings.noise * settings.noise;
    let first = &points[0];
    let trends = (points.len() > 1).then(|| {
        [
            Claim::less_than(
                "bound and worst interpolator close in on that limit as n grows (trend): largest \
                 relative distance, last n against first",
                relative(first, limit),
                relative(far, limit),
                0.0,
            ),
            Claim::greater_than(
                "the measured floor of any two-sided bound grows with n (trend): last n against \
                 first",
                first.found.two_sided.mean,
                far.found.two_sided.mean,
                0.0,
            )
            .headline(),
            Claim::at_least(
                &format!(
                    "sup |R − R_n| over ‖w‖ ≤ ‖ŵ‖ is at least its first-order floor, which grows \
                     as σ²√(n/λ): n = {n}"
                ),
                far.theory.two_sided,
                far.found.two_sided.mean,
                z * far.found.two_sided.se,
            ),
        ]
    });
    Ok(found
        .measure("junk_risk", far.found.risk.mean)
        .measure("junk_worst", far.found.worst.mean)
        .measure("junk_bound", far.found.bound.mean)
        .measure("junk_two_sided", far.found.two_sided.mean)
        .claim(close(
            &format!(
                "one useful coordinate, much junk, n = {n}: test error of the minimum norm, \
                 first-order theory; → σ²"
            ),
            far.theory.risk,
            &far.found.risk,
        ))
        .claim(close(
            &format!("junk: test error of the worst interpolator with ‖w‖ ≤ {alpha}‖ŵ‖, first-order theory; → {alpha}²σ²"),
            far.theory.worst,
            &far.found.worst,
        ))
        .claim(close(
            &format!("junk: the bound B² Tr(Σ)/n with B = {alpha}‖ŵ‖, first-order theory; → {alpha}²σ², so it is tight"),
            far.theory.bound,
            &far.found.bound,
        ))
        .claims(trends.into_iter().flatten()))
}

fn relative(point: &JunkPoint, limit: f64) -> f64 {
    let far = |found: &Estimate| (found.mean / limit - 1.0).abs();
    larger(far(&point.found.bound), far(&point.found.worst))
}

pub(super) fn classifier(
    found: Draft,
    settings: &UniformConvergence,
    points: &[FlipPoint],
) -> Result<Draft> {
    let draws = Some(settings.flip_draws);
    // Where no error is seen the spread of the draws says nothing: use that of as many independent points.
    let spread = |found: &Estimate, share: f64, points: f64| {
        larger(found.se, (share * (1.0 - share) / points).sqrt())
    };
    let tested = 2000.0 * settings.flip_draws as f64;
    let far = last(points)?;
    let z = largest_distance(1, LEVEL, draws)?;
    let seen = (far.n * settings.flip_draws) as f64;
    let flipped = z * spread(&far.found.flipped, far.theory[2], seen);
    Ok(found
        .measure("classifier_test_error", far.found.test.mean)
        .measure("classifier_flipped_error", far.found.flipped.mean)
        .claim(Claim::equals(
            "classifier: no training error at any n",
            0.0,
            largest(points.iter().map(|p| p.found.train.mean)),
            0.0,
        ))
        .claim(Claim::all_within(
            "classifier: the test error falls with n as Φ(−m/(c√(n/D)))",
            points.iter().map(|p| {
                let off = (p.found.test.mean - p.theory[1]).abs();
                off / spread(&p.found.test, p.theory[1], tested)
            }),
            LEVEL,
            draws,
        )?)
        .claim(Claim::equals(
            &format!(
                "on the training set with its noise negated, as likely a training set, it is \
                 wrong on nearly every point at n = {}: Φ((c−m)/(c√((n+1)/D))), within the noise \
                 of the draws",
                far.n
            ),
            far.theory[2],
            far.found.flipped.mean,
            flipped,
        ))
        .claim(Claim::at_least(
            "no two-sided bound can promise less than the error with the noise negated minus the test error, near 1 \
             where the test error is near 0, within the noise of both",
            far.theory[2] - far.theory[1],
            far.found.two_sided.mean,
            flipped + z * spread(&far.found.test, far.theory[1], tested),
        ).headline()))
}
