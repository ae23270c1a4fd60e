//! What a run on uniform convergence claims.

use super::{DimPoint, FlipPoint, JunkPoint, Results, UniformConvergence};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims};
use crate::measure::IsotropicProblem;
use crate::stats::{Estimate, larger, largest, largest_distance};

/// The chance that one claim fails although theory is right: a run has some eight that can, so that it fails by chance less
/// than once in 100.
const LEVEL: f64 = 0.001;

/// The exact means of risk, worst risk, bound and two-sided floor for pure noise and isotropic inputs.
pub(super) struct Exact {
    pub risk: f64,
    pub worst: f64,
    pub bound: f64,
    pub two_sided: f64,
}

impl Exact {
    /// E‖ŵ‖² = σ²n/(p−n−1) gives all four.
    pub(super) fn new(settings: &UniformConvergence, p: usize) -> Result<Self> {
        let variance = settings.noise * settings.noise;
        let problem = IsotropicProblem {
            signal: 0.0,
            noise: variance,
        };
        let norm2 = problem.finite_norm2(settings.n, p)?;
        let ball2 = settings.inflation * settings.inflation * norm2;
        Ok(Self {
            risk: variance + norm2,
            worst: variance + ball2,
            bound: ball2 * p as f64 / settings.n as f64,
            two_sided: 3.0 * variance - norm2,
        })
    }
}

pub(super) fn claims(settings: &UniformConvergence, results: &Results) -> Result<Claims> {
    let mut claims = Claims::default();
    isotropic(settings, &results.dims, &mut claims)?;
    junk(settings, &results.junk, &mut claims)?;
    classifier(settings, &results.flips, &mut claims)?;
    Ok(claims)
}

fn last<T>(points: &[T]) -> Result<&T> {
    points
        .last()
        .ok_or_else(|| Error::shape("the curve", "at least one point", &[0]))
}

fn isotropic(
    settings: &UniformConvergence,
    points: &[DimPoint],
    claims: &mut Claims,
) -> Result<()> {
    let (n, alpha) = (settings.n, settings.inflation);
    let draws = Some(settings.draws);
    let mut distance = |text: &str, from: usize, of: &dyn Fn(&DimPoint, &Exact) -> Option<f64>| {
        let chosen: Vec<&DimPoint> = points.iter().filter(|point| point.p >= from).collect();
        let distance = |point: &&DimPoint| {
            let exact = Exact::new(settings, point.p)?;
            Ok(of(point, &exact).unwrap_or(f64::NAN))
        };
        if !chosen.is_empty() {
            let distances = chosen.iter().map(distance).collect::<Result<Vec<f64>>>()?;
            claims.push(Claim::all_within(text, distances, LEVEL, draws)?);
        }
        Ok::<(), Error>(())
    };
    distance(
        &format!(
            "pure noise, minimum norm: E‖ŵ‖² = σ²n/(p−n−1) at every p, so test error σ² + ‖ŵ‖², worst in the ball σ² + {alpha}²‖ŵ‖², \
             bound {alpha}²‖ŵ‖²p/n, whichever is farthest"
        ),
        0,
        &|point, exact| {
            let found = &point.found;
            Some(largest([
                found.risk.distance(exact.risk),
                found.bound.distance(exact.bound),
                found.worst?.distance(exact.worst),
            ]))
        },
    )?;
    distance(
        "−ŵ lies in the ball too: |R − R_n| = 3σ² − σ²n/(p−n−1), likewise (from p = 4n on, where its sign is safe)",
        4 * n,
        &|point, exact| Some(point.found.two_sided.distance(exact.two_sided)),
    )?;
    let far = last(points)?;
    let variance = settings.noise * settings.noise;
    // The bound for B = ‖ŵ‖ is that of the run without the inflation.
    let tight = far.found.bound.mean / (alpha * alpha);
    claims.push(Claim::equals(
        &format!(
            "p ≫ n is benign and the bound says so: with B = ‖ŵ‖, B² Tr(Σ)/n ≈ σ² at p = {}, within (n+1)/(p−n−1) of it and the \
             noise of the draws",
            far.p
        ),
        variance,
        tight,
        variance * (n + 1) as f64 / (far.p - n - 1) as f64
            + largest_distance(1, LEVEL, draws)? * far.found.bound.se / (alpha * alpha),
    ));
    let worst = far.found.worst.map_or(f64::NAN, |worst| worst.mean);
    claims.push(
        Claim::at_most(
            "there no interpolator in the ball exceeds the bound: the worst test error",
            far.found.bound.mean,
            worst,
            0.0,
        )
        .bound(),
    );
    Ok(())
}

fn junk(settings: &UniformConvergence, points: &[JunkPoint], claims: &mut Claims) -> Result<()> {
    let far = last(points)?;
    let (n, alpha, draws) = (far.n as f64, settings.inflation, Some(settings.junk_draws));
    let z = largest_distance(1, LEVEL, draws)?;
    let mut close = |text: &str, predicted: f64, found: &Estimate| {
        // First order in 1/n: what is left out is a few 1/n of the whole.
        claims.push(Claim::equals(
            text,
            predicted,
            found.mean,
            z * found.se + 3.0 * predicted / n,
        ));
    };
    close(
        &format!(
            "one useful coordinate, much junk, n = {n}: test error of the minimum norm, first-order theory; → σ²"
        ),
        far.theory.risk,
        &far.found.risk,
    );
    close(
        &format!("the worst interpolator with ‖w‖ ≤ {alpha}‖ŵ‖, likewise; → {alpha}²σ²"),
        far.theory.worst,
        &far.found.worst,
    );
    close(
        &format!("the bound B² Tr(Σ)/n, likewise; → {alpha}²σ², so it is tight"),
        far.theory.bound,
        &far.found.bound,
    );
    let limit = alpha * alpha * settings.noise * settings.noise;
    if points.len() > 1 {
        let first = &points[0];
        claims.push(Claim::less_than(
            "bound and worst interpolator close in on that limit as n grows (trend): largest relative distance, last n against \
             first",
            relative(first, limit),
            relative(far, limit),
            0.0,
        ));
        claims.push(Claim::greater_than(
            "while the measured floor of any two-sided bound grows (trend): last n against first",
            first.found.two_sided.mean,
            far.found.two_sided.mean,
            0.0,
        ));
        claims.push(Claim::at_least(
            &format!(
                "sup |R − R_n| over ‖w‖ ≤ ‖ŵ‖ is at least its first-order floor, which grows as σ²√(n/λ): n = {n}"
            ),
            far.theory.two_sided,
            far.found.two_sided.mean,
            z * far.found.two_sided.se,
        ));
    }
    Ok(())
}

fn relative(point: &JunkPoint, limit: f64) -> f64 {
    let far = |found: &Estimate| (found.mean / limit - 1.0).abs();
    larger(far(&point.found.bound), far(&point.found.worst))
}

fn classifier(
    settings: &UniformConvergence,
    points: &[FlipPoint],
    claims: &mut Claims,
) -> Result<()> {
    let worst = |of: &dyn Fn(&FlipPoint) -> f64| largest(points.iter().map(of));
    claims.push(Claim::equals(
        "classifier: no training error at any n",
        0.0,
        worst(&|p| p.found.train.mean),
        0.0,
    ));
    // Where no error is seen the spread of the draws says nothing: use that of as many independent points.
    let spread = |found: &Estimate, share: f64, points: f64| {
        larger(found.se, (share * (1.0 - share) / points).sqrt())
    };
    let tested = 2000.0 * settings.flip_draws as f64;
    claims.push(Claim::all_within(
        "its test error falls with n as Φ(−m/(c√(n/D)))",
        points.iter().map(|p| {
            let off = (p.found.test.mean - p.theory[1]).abs();
            off / spread(&p.found.test, p.theory[1], tested)
        }),
        LEVEL,
        Some(settings.flip_draws),
    )?);
    let far = last(points)?;
    let z = largest_distance(1, LEVEL, Some(settings.flip_draws))?;
    let seen = (far.n * settings.flip_draws) as f64;
    let flipped = z * spread(&far.found.flipped, far.theory[2], seen);
    claims.push(Claim::equals(
        &format!(
            "on the training set with its noise negated, as likely a training set, it is wrong on nearly every point at n = {}: \
             Φ((c−m)/(c√((n+1)/D))), within the noise of the draws",
            far.n
        ),
        far.theory[2],
        far.found.flipped.mean,
        flipped,
    ));
    claims.push(Claim::at_least(
        "so no two-sided bound can promise less than that error minus the test error, near 1 where the test error is near 0, within \
         the noise of both",
        far.theory[2] - far.theory[1],
        far.found.two_sided.mean,
        flipped + z * spread(&far.found.test, far.theory[1], tested),
    ));
    Ok(())
}
