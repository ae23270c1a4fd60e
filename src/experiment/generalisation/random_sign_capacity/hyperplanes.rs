//! Hyperplanes: the share of separable labellings, and how many signs least squares gets right.

use super::settings::{LEVEL, Point, RandomSignCapacity};
use crate::data::synthetic::{gaussian, random_signs};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft};
use crate::measure::{
    SignInterpolator, SignLearner, cover_probability, least_squares_sign_agreement, ln_cover_count,
    separable_fraction,
};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{
    Estimate, binomial_p_value, estimate, largest, largest_distance, least, smaller,
};

/// Hyperplanes through the origin on n points.
pub(super) struct Hyperplane {
    n: usize,
    /// The share separable, and Cover's.
    separable: Estimate,
    cover: f64,
    /// The mean of σ_i sign(f_i) of the least-squares fit, and its exact value.
    least_squares: Estimate,
    agreement: f64,
    /// √(2 ln C(n, d)/n), at most 1.
    upper: f64,
}

impl RandomSignCapacity {
    /// The numbers of points, with d and 2d.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let mut sizes = self.n.clone();
        sizes.extend([self.dim, 2 * self.dim]);
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    pub(super) fn hyperplane(&self, n: usize, seed: u64) -> Result<Hyperplane> {
        let d = self.dim;
        // Fresh points with every labelling.
        let label = format!("least squares on signs {n}");
        let least_squares = estimate(self.draws, seed, &label, |rng| {
            let (x, signs) = (gaussian(n, d, rng)?, random_signs(n, rng)?);
            let outputs = SignInterpolator.outputs(&x, &signs, rng)?;
            Ok((&outputs * &signs).sum() / n as f64)
        })?;
        Ok(Hyperplane {
            n,
            separable: separable_fraction(n, d, self.draws, seed ^ ((n as u64) << 32))?,
            cover: cover_probability(n, d)?,
            least_squares,
            agreement: least_squares_sign_agreement(n, d)?,
            upper: hyperplane_bound(n, d)?,
        })
    }
}

/// Massart's bound on the complexity of the sign patterns of hyperplanes through the origin in R^d,
/// √(2 ln C(n, d)/n); no complexity of ±1 outputs is above 1.
pub(super) fn hyperplane_bound(n: usize, d: usize) -> Result<f64> {
    Ok(smaller(
        (2.0 * ln_cover_count(n, d)? / n as f64).sqrt(),
        1.0,
    ))
}

impl Hyperplane {
    pub(super) fn points(&self) -> [Point; 2] {
        let point = |series, measured, predicted, upper| Point {
            series,
            n: self.n,
            width: None,
            epoch: None,
            measured,
            predicted: Some(predicted),
            upper,
        };
        [
            point("separable", self.separable, self.cover, None),
            point(
                "least_squares",
                self.least_squares,
                self.agreement,
                Some(self.upper),
            ),
        ]
    }

    /// How likely a share as far from Cover's is.
    fn p_value(&self, draws: usize) -> Result<f64> {
        let successes = (self.separable.mean * draws as f64).round() as u64;
        binomial_p_value(self.cover, successes, draws as u64)
    }
}

pub(super) fn claims(
    found: Draft,
    settings: &RandomSignCapacity,
    points: &[Hyperplane],
) -> Result<Draft> {
    let (d, draws, count) = (settings.dim, settings.draws, points.len());
    let at = |n: usize| {
        let found = points.iter().find(|point| point.n == n);
        found.ok_or_else(|| Error::domain("the number of points", "one that was drawn", n))
    };
    let half = at(2 * d)?;
    let p_values = points.iter().map(|point| point.p_value(draws));
    let p_values = p_values.collect::<Result<Vec<f64>>>()?;
    Ok(found
        .measure("separable_at_2d", half.separable.mean)
        .measure("least_squares_at_2d", half.least_squares.mean)
        .claim(
            Claim::equals(
                "n = 2d: half of the random labellings are separable",
                0.5,
                half.separable.mean,
                largest_distance(1, LEVEL, None)? * (0.25 / draws as f64).sqrt(),
            )
            .headline(),
        )
        .claim(Claim::equals(
            "n = d: all of them",
            1.0,
            at(d)?.separable.mean,
            0.0,
        ))
        .identity()
        .claim(Claim::at_least(
            &format!(
                "at all {count} n the share is Cover's 2^(1−n) Σ_{{k<d}} C(n−1,k), by exact \
                 binomial tests: the smallest p-value times their number (below {LEVEL} by chance \
                 once in 10,000 runs)"
            ),
            LEVEL,
            smaller(least(p_values) * count as f64, 1.0),
            0.0,
        ))
        .claim(Claim::all_within(
            "the least-squares hyperplane follows its exact share of random signs at every n",
            points.iter().map(|p| p.least_squares.distance(p.agreement)),
            LEVEL,
            Some(draws),
        )?)
        .claim(Claim::at_most(
            "the least-squares hyperplane never follows more of the signs than the class can, √(2 ln C(n,d)/n): largest excess",
            0.0,
            largest(points.iter().map(|p| p.least_squares.mean - p.upper)),
            0.0,
        ))
        .bound())
}

pub(super) fn panels(figure: Figure, dim: usize, points: &[Hyperplane]) -> Result<Figure> {
    Ok(figure
        .panel(separable(dim, points)?)
        .panel(complexity(dim, points)?))
}

fn separable(dim: usize, points: &[Hyperplane]) -> Result<Panel> {
    let mut panel = Panel::new("points / dimensions, n/d", "share of labellings separable")
        .title("Hyperplanes: Cover's count");
    let ratio = |p: &Hyperplane| p.n as f64 / dim as f64;
    // Beyond, all curves are at 0.
    let last = points.last().map_or(4.0, |p| smaller(ratio(p), 4.0));
    let mut dims = vec![5, dim, 200];
    dims.sort_unstable();
    dims.dedup();
    for d in dims {
        let sizes = 1..=(last * d as f64) as usize;
        let shares = sizes.map(|n| Ok((n as f64 / d as f64, cover_probability(n, d)?)));
        let shares = shares.collect::<Result<Vec<(f64, f64)>>>()?;
        panel = panel.line_of(&format!("exact, d = {d}"), shares, |at| at.0, |at| at.1);
    }
    let shown = || points.iter().filter(|p| ratio(p) <= last);
    Ok(panel
        .points_of(&format!("measured, d = {dim}"), shown(), ratio, |p| {
            p.separable.mean
        })
        .color(6)
        .error_bars_of(shown(), |p| p.separable.bar(2.0))
        .vertical(2.0, "n = 2d")
        .legend(LegendPosition::Below))
}

fn complexity(dim: usize, points: &[Hyperplane]) -> Result<Panel> {
    let last = points.last().map_or(4 * dim, |p| p.n).max(8 * dim);
    let ratio = |n: usize| n as f64 / dim as f64;
    let curve = |of: fn(usize, usize) -> Result<f64>| {
        let sizes = dim.div_ceil(4)..=last;
        let curve = sizes.map(|n| Ok((ratio(n), of(n, dim)?)));
        curve.collect::<Result<Vec<(f64, f64)>>>()
    };
    let (bound, exact) = (
        curve(hyperplane_bound)?,
        curve(least_squares_sign_agreement)?,
    );
    Ok(Panel::new("points / dimensions, n/d", "complexity R")
        .title(&format!("Hyperplanes, d = {dim}: R lies between"))
        .y_range(0.0, 1.05)
        .line_of("upper bound √(2 ln C(n,d)/n)", bound, |at| at.0, |at| at.1)
        .line_of("least squares, exact mean", exact, |at| at.0, |at| at.1)
        .points_of(
            "least squares, measured",
            points,
            |p| ratio(p.n),
            |p| p.least_squares.mean,
        )
        .color(6)
        .error_bars_of(points, |p| p.least_squares.bar(2.0))
        .legend(LegendPosition::Below))
}
