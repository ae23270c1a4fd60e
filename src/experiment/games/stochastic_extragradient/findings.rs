//! What is claimed of each game.

use statrs::distribution::{Beta, ChiSquared, ContinuousCDF};

use super::law::Law;
use super::limits::{biased_end, exploring_end, forsaken_cycles};
use super::runs::{FORSAKEN_START, Runs};
use super::settings::StochasticExtragradient;
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::game::linear::Complex;
use crate::stats::{Estimate, largest, median, smaller};

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

/// What a method is called, what its distance is called among the numbers, and the method it must be told from.
fn words(method: &str) -> (&'static str, &'static str, &'static str) {
    match method {
        "eg_plus" => ("EG+, constant steps, hovers", "final_eg_plus", "seg_plus"),
        "seg_printed" => ("SEG, both steps ∝ 1/k", "final_seg_printed", "seg_plus"),
        "seg_admissible" => (
            "SEG, β ∝ k^(−1/3), α ∝ k^(−2/3)",
            "final_seg_admissible",
            "seg_plus",
        ),
        "seg_plus" => ("SEG+, only the update falls", "final_seg_plus", "eg_plus"),
        _ => ("BC-SEG+, bias corrected", "final_bc_seg_plus", "eg_plus"),
    }
}

/// By how much chance moves the root mean square distance of `n` runs, five standard errors of |z|²: its variance is s² + 2s|mean|².
fn chance(law: Law, n: usize) -> f64 {
    let variance = law.spread * (law.spread + 2.0 * law.mean.abs().powi(2));
    5.0 * (variance / n as f64).sqrt() / (2.0 * law.square().sqrt())
}

/// p-values of the spread of the ends around the law's mean, and of their mean: 2Σ|z − mean|²/s is χ² with 2n degrees of freedom,
/// 2n|z̄ − mean|²/s with 2.
fn p_values(runs: &Runs, law: Law) -> Result<[f64; 2]> {
    let n = runs.runs.len() as f64;
    let apart = |run: &super::runs::Run| Complex::of(&run.end) - law.mean;
    let total = runs
        .runs
        .iter()
        .map(apart)
        .fold(Complex::default(), |sum, d| sum + d);
    let spread: f64 = runs.runs.iter().map(|run| apart(run).abs().powi(2)).sum();
    let freedom = ChiSquared::new(2.0 * n).expect("runs there are");
    let statistic = 2.0 * spread / law.spread;
    if !statistic.is_finite() {
        return Ok([f64::NAN; 2]);
    }
    let both = 2.0 * smaller(freedom.cdf(statistic), freedom.sf(statistic));
    Ok([
        smaller(both, 1.0),
        (-total.abs().powi(2) / (n * law.spread)).exp(),
    ])
}

/// A game with its laws at the last step.
pub(super) struct Known<'a> {
    pub(super) runs: &'a [Runs],
    pub(super) laws: Vec<Law>,
}

impl Known<'_> {
    fn law(&self, method: &str) -> Law {
        let place = self.runs.iter().position(|runs| runs.method == method);
        self.laws[place.expect("every rival is played")]
    }
}

impl StochasticExtragradient {
    pub(super) fn quadratic_claims(
        &self,
        mut found: Draft,
        own: &Known<'_>,
        monotone: &Known<'_>,
    ) -> Result<Draft> {
        let mut p = Vec::new();
        let mut left = 0;
        for known in [own, monotone] {
            for (runs, law) in known.runs.iter().zip(&known.laws) {
                left += runs.diverged();
                p.extend(p_values(runs, *law)?);
            }
        }
        found = found.claim(
            Claim::no_surprise(
                "ends of all methods have the normal law of an exact recursion: their spread, χ², and their mean",
                p,
                LEVEL,
            )
            .not_measured_if(left > 0, "runs diverged"),
        );
        for (runs, law) in own.runs.iter().zip(&own.laws) {
            let (name, id, rival) = words(runs.method);
            let text = format!(
                "ρ = {}: {name}, distance after {} steps within 5 s.e. of the law",
                self.rho, self.steps
            );
            let claim = Claim::equals(
                &text,
                law.square().sqrt(),
                runs.final_distance()?,
                chance(*law, self.seeds),
            );
            let claim = claim
                .against(own.law(rival).square().sqrt(), words(rival).0)
                .not_measured_if(runs.diverged() > 0, "runs diverged");
            found = found
                .claim(if runs.method == "seg_admissible" {
                    claim.headline()
                } else {
                    claim
                })
                .measured_as(id);
        }
        for (runs, law, id, rival) in [
            (0, 0, "final_monotone_printed", "seg_admissible"),
            (1, 1, "final_monotone_admissible", "seg_printed"),
        ]
        .map(|(i, j, id, rival)| (&monotone.runs[i], monotone.laws[j], id, rival))
        {
            let text = format!(
                "ρ = 0, the slide's case: {}, distance after {} steps within 5 s.e. of the law",
                words(runs.method).0,
                self.steps
            );
            found = found
                .claim(
                    Claim::equals(
                        &text,
                        law.square().sqrt(),
                        runs.final_distance()?,
                        chance(law, self.seeds),
                    )
                    .against(monotone.law(rival).square().sqrt(), words(rival).0)
                    .not_measured_if(runs.diverged() > 0, "runs diverged")
                    .headline(),
                )
                .measured_as(id);
        }
        Ok(found)
    }

    pub(super) fn constrained_claims(
        &self,
        mut found: Draft,
        runs: &[Runs],
        interior: &[Law],
    ) -> Result<Draft> {
        for runs in runs {
            found = found.measure_or(words(runs.method).1, runs.settled_distance()?, LEFT);
        }
        let [plain, corrected] = [&runs[3], &runs[4]];
        let [hover, law] = [interior[3], interior[4]];
        let bias = biased_end(self.gamma, self.noise)?;
        found = found.measure("biased_end", bias);
        let fluctuation = hover.square().sqrt();
        let small = bias <= 5.0 * fluctuation;
        let why = "the bias is no larger than what fluctuates";
        // What e and z still fluctuate must not reach the sides of the box, a tenth away, at six standard deviations.
        let left = self.gamma
            * self.noise
            * (0.5 * self.alpha / (1.0 + self.steps as f64 / super::runs::SCALE)).sqrt();
        let reaches = 6.0 * (left + law.square().sqrt()) > 0.1;
        let transient = self.without_noise("bc_seg_plus")?;
        let (middle, allowed) = median_distance(law.spread, self.seeds)?;
        let gain: Vec<f64> = plain
            .distances()
            .iter()
            .zip(corrected.distances())
            .map(|(p, c)| p - c)
            .collect();
        Ok(found
            .measure("bc_seg_plus_without_noise", transient)
            .claim(
                Claim::mean_equals(
                    "SEG+ in the box ends where the mean of its projected steps vanishes: distance from the solution",
                    bias,
                    Estimate::from_values(&plain.distances())?,
                    fluctuation,
                    LEVEL,
                )?
                .against(0.0, "at the solution")
                .headline()
                .not_measured_if(small, why),
            )
            .claim(
                // The median: a few runs, held at a side early on, come home late.
                Claim::equals(
                    "BC-SEG+ in the box ends at the solution, hovering as if there were no box: median distance, by the law of a median of \
                     so many normal ends, and how far a run without noise still is",
                    middle,
                    median(&corrected.distances())?,
                    allowed + transient,
                )
                .against(bias, "where SEG+ ends")
                .headline()
                .not_measured_if(reaches, "after so few steps the noise still reaches the sides of the box")
                .not_measured_if(
                    transient > middle,
                    "what is left of the way from the start outweighs the noise: set more steps or more noise",
                )
                .not_measured_if(small, why),
            )
            .measured_as("median_bc_seg_plus")
            .claim(
                Claim::positive(
                    "run by run SEG+ ends farther from the solution than BC-SEG+: mean difference",
                    Estimate::from_values(&gain)?,
                    LEVEL,
                )?
                .not_measured_if(small, why),
            ))
    }

    pub(super) fn forsaken_claims(&self, mut found: Draft, runs: &[Runs]) -> Result<Draft> {
        let (repels, attracts) = forsaken_cycles()?;
        found = found
            .measure("unstable_radius", repels)
            .measure("cycle_nearest", attracts)
            .measure("exploring_end", exploring_end(self.gamma, FORSAKEN_START)?);
        let loud = self.noise > 0.2;
        for runs in runs {
            let (name, id, _) = words(runs.method);
            let inside = runs.distances().iter().filter(|d| **d < repels).count();
            let share = inside as f64 / runs.runs.len() as f64;
            let alone = self.without_noise(runs.method)?;
            // A run in some hundred crosses the cycle by its noise, so the claim is of most.
            let claim = match alone < repels {
                true => Claim::at_least(
                    &format!("forsaken, {name}: most runs end inside the cycle that repels, as the one without noise does; their share"),
                    0.5,
                    share,
                    0.0,
                )
                .against(0.0, "none come home"),
                false => Claim::at_most(
                    &format!("forsaken, {name}: most runs stay outside of the cycle that repels, as the one without noise does; share inside"),
                    0.5,
                    share,
                    0.0,
                )
                .against(1.0, "all come home"),
            };
            let claim = claim
                .not_measured_if(loud, "such noise crosses the cycles")
                .not_measured_if(runs.diverged() > 0, LEFT)
                .not_measured_if(
                    (alone - repels).abs() < 0.1,
                    "without noise it ends beside the cycle that repels: set more steps",
                );
            found = found
                .claim(if runs.method == "bc_seg_plus" {
                    claim.headline()
                } else {
                    claim
                })
                .measure_or(id, runs.settled_distance()?, LEFT);
        }
        Ok(found)
    }
}

/// Why a distance is not told.
const LEFT: &str = "runs diverged";

/// The median distance of an end with E|z|² = `spread` around the solution, √(spread ln 2), and by how much chance moves that of `n` of them:
/// uniform in their law, the middle one of n has a Beta law.
fn median_distance(spread: f64, n: usize) -> Result<(f64, f64)> {
    let at = |share: f64| (-spread * (1.0 - share).ln()).sqrt();
    let half = 0.5 * n as f64;
    let law = Beta::new(half, half).expect("there are runs");
    let ends = [0.5 * LEVEL, 1.0 - 0.5 * LEVEL].map(|p| (at(law.inverse_cdf(p)) - at(0.5)).abs());
    Ok((at(0.5), largest(ends)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use rand_distr::{Distribution, StandardNormal};

    /// Medians of 16 drawn distances: hardly one in 2,000 sets is farther from the law's than is allowed, and half of that is too little.
    #[test]
    fn a_median_of_normal_ends_is_within_its_law() {
        let rng = &mut stream(1, "medians", 0);
        let (middle, allowed) = median_distance(2.0, 16).expect("valid");
        let mut far = [0, 0];
        for _ in 0..2_000 {
            let mut distance = || -> f64 {
                let [x, y]: [f64; 2] = [StandardNormal.sample(rng), StandardNormal.sample(rng)];
                x.hypot(y)
            };
            let distances: Vec<f64> = (0..16).map(|_| distance()).collect();
            let off = (median(&distances).expect("finite") - middle).abs();
            far[0] += usize::from(off > allowed);
            far[1] += usize::from(off > 0.5 * allowed);
        }
        assert!(far[0] <= 3 && far[1] > 20, "{far:?}");
    }
}
