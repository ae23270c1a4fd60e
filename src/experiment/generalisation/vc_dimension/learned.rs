//! Finite classes: how often the hypothesis of least training error is ε worse than the best.

use super::settings::{LEVEL, Point, VcDimension};
use crate::error::Result;
use crate::experiment::{Claim, Context, Draft};
use crate::measure::{OneBetter, Thresholds, pac_examples};
use crate::plot::{LegendPosition, Panel};
use crate::stats::{Estimate, binomial_p_value, least, smaller};

/// Both classes on n examples.
struct Learned {
    n: usize,
    /// Training sets on which the choice is ε worse: of one better among coins, of thresholds.
    coins: usize,
    thresholds: usize,
    /// The probability of the first.
    exact: f64,
}

/// At all n.
pub(super) struct Learning {
    draws: usize,
    delta: f64,
    points: Vec<Learned>,
    /// Examples that the theorem asks for, and that the coins really take.
    theorem: usize,
    enough: usize,
    /// The exact probability of failure along n.
    curve: Vec<(f64, f64)>,
}

impl VcDimension {
    pub(super) fn learning(&self, seed: u64, context: &Context) -> Result<Learning> {
        let theorem = pac_examples(self.hypotheses, self.epsilon, self.delta)?;
        let mut sizes = self.n.clone();
        sizes.push(theorem);
        sizes.sort_unstable();
        sizes.dedup();
        let coins = OneBetter {
            hypotheses: self.hypotheses,
            epsilon: self.epsilon,
        };
        let thresholds = Thresholds {
            hypotheses: self.hypotheses,
            label_noise: self.label_noise,
        };
        let failed = context.sweep("training sets", &sizes, self.draws, seed, |&n, draw| {
            let error = thresholds.estimation_error(n, &mut draw.rng("thresholds"))?;
            Ok((
                coins.fails(n, &mut draw.rng("coins")),
                error >= self.epsilon,
            ))
        })?;
        let points = sizes.iter().zip(&failed).map(|(&n, failed)| {
            Ok(Learned {
                n,
                coins: failed.iter().filter(|one| one.0).count(),
                thresholds: failed.iter().filter(|one| one.1).count(),
                exact: coins.failure(n)?,
            })
        });
        let shown = (1..=60).map(|step| (theorem * step).div_ceil(50));
        let curve = shown.map(|n| Ok((n as f64, coins.failure(n)?)));
        Ok(Learning {
            draws: self.draws,
            delta: self.delta,
            points: points.collect::<Result<_>>()?,
            theorem,
            enough: coins.enough(self.delta, theorem)?,
            curve: curve.collect::<Result<_>>()?,
        })
    }
}

impl Learning {
    fn share(&self, failures: usize) -> f64 {
        failures as f64 / self.draws as f64
    }

    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        self.points.iter().flat_map(|one| {
            let point = |series, failures, predicted| Point {
                series,
                d: None,
                n: one.n,
                measured: Some(self.share(failures)),
                predicted,
                bound: None,
            };
            [
                point("coins", one.coins, Some(one.exact)),
                point("thresholds", one.thresholds, None),
            ]
        })
    }

    pub(super) fn claims(&self, found: Draft) -> Result<Draft> {
        let p_values = self
            .points
            .iter()
            .map(|one| binomial_p_value(one.exact, one.coins as u64, self.draws as u64));
        let p_values = p_values.collect::<Result<Vec<f64>>>()?;
        let count = p_values.len();
        let first = &self.points[0];
        let at_theorem = self.points.iter().find(|one| one.n == self.theorem);
        let at_theorem = at_theorem.expect("it is among the sizes");
        let sooner = Estimate {
            mean: first.exact - self.share(first.thresholds),
            se: (first.exact * (1.0 - first.exact) / self.draws as f64).sqrt(),
            draws: self.draws,
        };
        Ok(found
            .claim(Claim::at_least(
                &format!(
                    "one better among coins: how often a coin is chosen, against its exact probability at {count} numbers \
                     of examples, by binomial tests: the smallest p-value times their number (below {LEVEL} by chance once in \
                     1000 runs)"
                ),
                LEVEL,
                smaller(least(p_values) * count as f64, 1.0),
                0.0,
            ))
            .claim(Claim::at_most(
                "with as many examples as the theorem asks for it fails with probability at most δ: share of training sets",
                self.delta,
                self.share(at_theorem.coins),
                0.0,
            ))
            .bound()
            .measured_as("failures_at_theorem")
            .claim(Claim::at_most(
                "examples after which it fails with probability at most δ",
                self.theorem as f64,
                self.enough as f64,
                0.0,
            ))
            .bound()
            .headline()
            .measured_as("enough_for_coins")
            .claim(Claim::at_most(
                "as many thresholds on a line as coins: the choice fails with probability at most δ after the theorem's \
                 number of examples, share",
                self.delta,
                self.share(at_theorem.thresholds),
                0.0,
            ))
            .bound()
            .claim(Claim::positive(
                &format!(
                    "thresholds are learned far sooner than coins, since most of them agree on the data: share of failures at \
                     n = {} of coins, less that of thresholds",
                    first.n
                ),
                sooner,
                LEVEL,
            )?)
            .measure("failures_of_thresholds", self.share(first.thresholds))
            .measure("examples_of_the_theorem", self.theorem)
            .measure("failures_of_coins", self.share(first.coins)))
    }

    pub(super) fn panel(&self) -> Panel {
        let bar = |share: f64| {
            let se = (share * (1.0 - share) / self.draws as f64).sqrt();
            (share - 2.0 * se, share + 2.0 * se)
        };
        let n = |one: &Learned| one.n as f64;
        Panel::new(
            "examples n",
            "share of training sets: ε worse than the best",
        )
        .title("Finite classes of the same size")
        .y_range(0.0, 1.05)
        .line_of(
            "one better among coins, exact",
            &self.curve,
            |at| at.0,
            |at| at.1,
        )
        .color(0)
        .points_of("the same, measured", &self.points, n, |one| {
            self.share(one.coins)
        })
        .color(0)
        .error_bars_of(&self.points, |one| bar(self.share(one.coins)))
        .points_of("thresholds, measured", &self.points, n, |one| {
            self.share(one.thresholds)
        })
        .color(1)
        .error_bars_of(&self.points, |one| bar(self.share(one.thresholds)))
        .horizontal(self.delta, "δ")
        .vertical(self.theorem as f64, "theorem")
        .legend(LegendPosition::Below)
    }
}
