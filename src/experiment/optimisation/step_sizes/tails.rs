//! Noise with heavy tails: which steps vanish fast enough.

use super::quadratic::{LINES, Steps, run};
use super::settings::{LEVEL, Point, StepSizes};
use crate::error::Result;
use crate::experiment::{Claim, Context, Draft};
use crate::measure::second_moments;
use crate::optimise::NoiseLaw;
use crate::stats::Estimate;

/// The limit ε that |x| is beyond, and the least |ξ|.
const LIMIT: f64 = 0.15;
const SCALE: f64 = 0.3;

/// How often runs leave (−ε, ε) between k/2 and k steps.
pub(super) struct Excursions {
    pub power: f64,
    pub looks: Vec<usize>,
    pub shares: Vec<Estimate>,
    /// Of a jump so long that one of its ends lies beyond.
    pub bounds: Vec<f64>,
    /// First less last block, by runs.
    fall: Estimate,
}

impl StepSizes {
    fn law(&self) -> NoiseLaw {
        NoiseLaw::Pareto {
            scale: SCALE,
            index: self.moment,
        }
    }

    /// Below 1/a, where no run converges; between it and the theorem's 2/(2 + a); above that.
    pub(super) fn tail_powers(&self) -> [f64; 3] {
        let (true_one, theorem) = (1.0 / self.moment, 2.0 / (2.0 + self.moment));
        [
            0.5 * true_one,
            f64::midpoint(true_one, theorem),
            f64::midpoint(theorem, 1.0),
        ]
    }

    pub(super) fn excursions(&self, seed: u64, context: &Context) -> Result<Vec<Excursions>> {
        let kinds = self.tail_powers().map(|power| Steps {
            part: "heavy tails",
            setting: power,
            rate: self.rate,
            schedule: Self::schedule(power),
        });
        let looks = self.looks();
        let all = context.sweep(
            "runs with heavy tails",
            &kinds,
            self.draws,
            seed,
            |steps, draw| {
                let mut beyond = vec![[false; LINES]; looks.len()];
                run(steps, self.law(), (0.0, self.steps), draw, |at| {
                    for (look, beyond) in looks.iter().zip(&mut beyond) {
                        if (look / 2..=*look).contains(&at.step) {
                            let pairs = beyond.iter_mut().zip(at.x);
                            pairs.for_each(|(beyond, x)| *beyond |= x.abs() > LIMIT);
                        }
                    }
                })?;
                let share = |lines: &[bool; LINES]| {
                    lines.iter().filter(|b| **b).count() as f64 / LINES as f64
                };
                Ok(beyond.iter().map(share).collect::<Vec<f64>>())
            },
        )?;
        let last = looks.len() - 1;
        let pairs = kinds.into_iter().zip(all);
        let found = pairs.map(|(steps, runs)| {
            let each = (0..looks.len()).map(|i| Estimate::of(&runs, |run| run[i]));
            Ok(Excursions {
                power: steps.setting,
                shares: each.collect::<Result<_>>()?,
                bounds: looks.iter().map(|k| self.jumps(&steps, *k)).collect(),
                fall: Estimate::of(&runs, |run| run[0] - run[last])?,
                looks: looks.clone(),
            })
        });
        found.collect()
    }

    /// 1 − Π(1 − P(α|ξ| > 2ε)) over the steps from k/2 to k: such a jump has an end beyond ε.
    fn jumps(&self, steps: &Steps, k: usize) -> f64 {
        let none = (k / 2..k).map(|step| {
            let rate = steps.rate * steps.schedule.factor(step, k, 1);
            (-self.law().beyond(2.0 * LIMIT / rate)).ln_1p()
        });
        -none.sum::<f64>().exp_m1()
    }

    pub(super) fn tail_claims(&self, mut found: Draft, tails: &[Excursions]) -> Result<Draft> {
        let shortfalls = tails.iter().flat_map(|t| {
            let pairs = t.shares.iter().zip(&t.bounds);
            // At a share of 0 or 1 the spread says nothing: that of the bound itself does.
            pairs.map(|(share, bound)| {
                let runs = (share.draws * LINES) as f64;
                let own = (bound * (1.0 - bound) / runs).sqrt() + 1.0 / runs;
                (bound - share.mean) / if share.se > own { share.se } else { own }
            })
        });
        found = found
            .claim(Claim::all_within(
                "noise with P(|ξ| > x) ~ x^(−a): runs leave (−ε, ε), ε = 0.15, between k/2 and k at least as often as one \
                 jump α_k|ξ_k| > 2ε comes; shortfall",
                shortfalls,
                LEVEL,
                Some(self.draws),
            )?)
            .bound();
        let [slow, between, fast] = [&tails[0], &tails[1], &tails[2]];
        let growth = |t: &Excursions| 1.0 - self.moment * t.power;
        let blocks = |t: &Excursions, k: usize| {
            let steps = Steps {
                part: "heavy tails",
                setting: t.power,
                rate: self.rate,
                schedule: Self::schedule(t.power),
            };
            let expected = |k: usize| -> f64 {
                let jumps = (k / 2..k).map(|step| {
                    let rate = steps.rate * steps.schedule.factor(step, k, 1);
                    self.law().beyond(2.0 * LIMIT / rate)
                });
                jumps.sum()
            };
            (expected(2 * k) / expected(k)).ln() / 2.0_f64.ln()
        };
        for (t, name, what, rival) in [
            (
                slow,
                "jumps_slow",
                "heavy tails, κ = ½/a: the number of long jumps in a block grows, no run converges",
                0.0,
            ),
            (
                between,
                "jumps_between",
                "heavy tails, κ between 1/a and the theorem's 2/(2 + a): the number of long jumps in a block falls, though the theorem is silent",
                0.0,
            ),
            (
                fast,
                "jumps_fast",
                "heavy tails, κ above 2/(2 + a), Σα^(1+a/2) < ∞: the number of long jumps in a block falls",
                0.0,
            ),
        ] {
            found = found
                .claim(Claim::equals(
                    &format!("{what}: exponent 1 − aκ of the expected jumps from k/2 to k, between 2¹⁵ and 2¹⁶ steps"),
                    growth(t),
                    blocks(t, 1 << 15),
                    // A sum beside its integral, from 2¹⁵ on.
                    1e-4,
                ))
                .identity()
                .against(rival, "as many in every block")
                .measured_as(name);
        }
        let first = self.looks()[0];
        let rates = (0..first).map(|k| self.rate * Self::schedule(fast.power).factor(k, first, 1));
        let moments = second_moments(1.0, self.law().moment(2.0).sqrt(), 0.0, rates)?;
        Ok(found
            .claim(Claim::positive(
                "heavy tails, κ above the theorem's power: fewer runs leave in the last block than in the first",
                fast.fall,
                LEVEL,
            )?)
            .not_measured_if(
                moments[first].sqrt() < LIMIT / 2.0,
                "in the first block the standard deviation of x is below ½ε: larger steps",
            )
            .measured_as("fall_of_excursions"))
    }
}

impl Excursions {
    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        let triples = self.looks.iter().zip(&self.shares).zip(&self.bounds);
        triples.map(|((step, share), bound)| Point {
            part: "heavy tails",
            setting: self.power,
            step: *step,
            measured: *share,
            predicted: Some(*bound),
        })
    }
}
