//! Balls of linear functions: the complexity by n, and two exact checks.

use rand::Rng as _;

use super::settings::{Class, LEVEL, Rademacher};
use crate::data::synthetic::{gaussian, orthonormal_rows};
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::measure::LinearBall;
use crate::plot::{LegendPosition, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, PowerLaw, larger, largest, largest_distance};

/// The curve halves n this many times.
const HALVINGS: usize = 6;

/// Orthonormal inputs.
const ORTHONORMAL: usize = 64;

/// Inputs whose sign patterns are all tried.
const ENUMERATED: usize = 12;

/// A ball along the curve.
pub(super) struct BallCurve {
    name: &'static str,
    pub points: Vec<Class>,
    /// How far the estimate of a set of inputs lies outside its own bounds, in standard errors, at most; negative: inside.
    outside: f64,
}

/// A ball on inputs where its complexity is known.
pub(super) struct BallCheck {
    name: &'static str,
    /// By all sign patterns, and by Monte Carlo.
    enumerated: (f64, Estimate),
    /// The mean and the spread of the supremum on orthonormal inputs; ℓ2 only.
    orthonormal: Option<Estimate>,
}

impl Rademacher {
    fn chosen(&self) -> Vec<(&'static str, LinearBall)> {
        let radius = self.radius;
        let both = [
            ("l2", LinearBall::L2 { radius }),
            ("l1", LinearBall::L1 { radius }),
        ];
        let wanted = |name: &str| self.norm == "both" || self.norm == name;
        both.into_iter().filter(|(name, _)| wanted(name)).collect()
    }

    pub(super) fn balls(&self, seed: u64) -> Result<Vec<BallCurve>> {
        let curve = |(name, ball): (&'static str, LinearBall)| {
            let sizes = (0..=HALVINGS).rev().map(|halvings| self.n >> halvings);
            let points = sizes.map(|n| self.point(name, ball, n, seed));
            let (points, outside): (Vec<_>, Vec<_>) =
                points.collect::<Result<Vec<_>>>()?.into_iter().unzip();
            Ok(BallCurve {
                name,
                points,
                outside: largest(outside),
            })
        };
        self.chosen().into_iter().map(curve).collect()
    }

    /// One number of inputs, and how far a set's estimate lies outside its bounds.
    fn point(
        &self,
        class: &'static str,
        ball: LinearBall,
        n: usize,
        seed: u64,
    ) -> Result<(Class, f64)> {
        let label = format!("ball inputs {n}");
        let (mut means, mut lower, mut upper) = (Vec::new(), 0.0, 0.0);
        let mut outside = f64::NEG_INFINITY;
        for set in 0..self.sets as u64 {
            let rng = &mut stream(seed, &label, set);
            let x = gaussian(n, self.dim, rng)?;
            // Signs of their own for each set.
            let estimate = ball.complexity(&x, self.draws, rng.next_u64())?;
            let bounds = ball.bounds(&x)?;
            let beyond = larger(estimate.mean - bounds.upper, bounds.lower - estimate.mean);
            outside = larger(outside, beyond / estimate.se);
            means.push(estimate.mean);
            lower += bounds.lower / self.sets as f64;
            upper += bounds.upper / self.sets as f64;
        }
        let class = Class {
            class,
            n,
            functions: None,
            measured: Estimate::from_values(&means)?,
            exact: ball.gaussian_complexity(n, self.dim)?,
            lower: Some(lower),
            upper: Some(upper),
        };
        Ok((class, outside))
    }

    pub(super) fn checks(&self, seed: u64) -> Result<Vec<BallCheck>> {
        let check = |(name, ball): (&'static str, LinearBall)| {
            let x = gaussian(ENUMERATED, self.dim, &mut stream(seed, "enumerated", 0))?;
            let draws = 10 * self.draws;
            let enumerated = (
                ball.exact_complexity(&x)?,
                ball.complexity(&x, draws, seed)?,
            );
            let orthonormal = match ball {
                LinearBall::L1 { .. } => None,
                LinearBall::L2 { .. } => {
                    let rng = &mut stream(seed, "orthonormal", 0);
                    let x = orthonormal_rows(ORTHONORMAL, ORTHONORMAL, rng)?;
                    Some(ball.complexity(&x, self.draws, seed)?)
                }
            };
            Ok(BallCheck {
                name,
                enumerated,
                orthonormal,
            })
        };
        self.chosen().into_iter().map(check).collect()
    }
}

fn ball_name(name: &str) -> &'static str {
    match name {
        "l2" => "ℓ2 ball",
        _ => "ℓ1 ball",
    }
}

/// The slope of ln R by ln n by least squares.
fn law(points: &[Class]) -> Result<PowerLaw> {
    PowerLaw::of(points, |p| p.n as f64, |p| p.measured)
}

pub(super) fn curve_claims(
    found: Draft,
    settings: &Rademacher,
    curve: &BallCurve,
) -> Result<Draft> {
    let (name, points) = (ball_name(curve.name), &curve.points);
    let (law, draws) = (law(points)?, Some(settings.sets));
    let (slope, last, mean) = match curve.name {
        "l2" => ("l2_slope", "l2_complexity", "(B/√n)·√2 Γ((d+1)/2)/Γ(d/2)"),
        _ => ("l1_slope", "l1_complexity", "(B/√n) E max_j |Z_j|"),
    };
    Ok(found
        .measure(slope, law.exponent)
        .measure(last, points[HALVINGS].measured.mean)
        .claim(Claim::all_within(
            &format!("{name}: the mean over inputs is {mean} at every n"),
            points.iter().map(Class::distance),
            LEVEL,
            draws,
        )?)
        .claim(Claim::largest_within(
            &format!(
                "{name}: every estimate lies between the bounds of its own inputs: how far outside"
            ),
            curve.outside,
            points.len() * settings.sets,
            LEVEL,
            Some(settings.draws),
        )?)
        .claim(
            Claim::equals(
                &format!("{name}: the complexity falls as 1/√n: slope of ln R by ln n"),
                -0.5,
                law.exponent,
                largest_distance(1, LEVEL, draws)? * law.se,
            )
            .headline(),
        ))
}

pub(super) fn check_claims(
    found: Draft,
    settings: &Rademacher,
    check: &BallCheck,
) -> Result<Draft> {
    let (name, (exact, sampled)) = (ball_name(check.name), check.enumerated);
    let orthonormal = check.orthonormal.map(|orthonormal| {
        Claim::equals(
            &format!("{name}, {ORTHONORMAL} orthonormal inputs: exactly B/√n"),
            settings.radius / (ORTHONORMAL as f64).sqrt(),
            orthonormal.mean,
            1e-12 * settings.radius,
        )
        .identity()
    });
    Ok(found
        .claim(Claim::equals(
            &format!(
                "{name}, {ENUMERATED} inputs: Monte Carlo against all {} sign patterns",
                1 << ENUMERATED
            ),
            exact,
            sampled.mean,
            largest_distance(1, LEVEL, None)? * sampled.se,
        ))
        .claims(orthonormal))
}

pub(super) fn panel(curves: &[BallCurve]) -> Panel {
    let mut panel = Panel::new("inputs n", "complexity R")
        .title("linear functions: R falls as 1/√n")
        .log_x()
        .log_y();
    for (color, curve) in curves.iter().enumerate() {
        let (n, name) = (|p: &Class| p.n as f64, ball_name(curve.name));
        panel = panel
            .line_of(&format!("{name}, exact mean"), &curve.points, n, |p| {
                p.exact
            })
            .color(color)
            .solid()
            .band_of(&curve.points, n, Class::bounds)
            .band_label(&format!("{name}, bounds"))
            .points_of("", &curve.points, n, |p| p.measured.mean)
            .color(color);
    }
    panel.legend(LegendPosition::Below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_power_law_has_its_slope() {
        let point = |n: usize| Class {
            class: "l2",
            n,
            functions: None,
            measured: Estimate {
                mean: 3.0 / (n as f64).sqrt(),
                se: 0.3 / (n as f64).sqrt(),
                draws: 9,
            },
            exact: 0.0,
            lower: None,
            upper: None,
        };
        let law = law(&[4, 16, 64].map(point)).expect("a power law");
        // Weights ∓1/(2 ln 16)·…: se = 0.1·√2/ln 16.
        assert!((law.exponent + 0.5).abs() < 1e-12);
        assert!(
            (law.se - 0.1 * 2.0_f64.sqrt() / 16.0_f64.ln()).abs() < 1e-12,
            "{}",
            law.se
        );
    }
}
