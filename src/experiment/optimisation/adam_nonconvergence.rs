//! Losses in a cycle of three, on which Adam goes to the worst point and AMSGrad to the best.

mod figure;
mod runs;
mod settings;
mod theory;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::optimise::problem::Order;
use crate::stats::{Estimate, largest};
use runs::{Point, Run, moved_per_cycle};
pub use settings::AdamNonconvergence;
use settings::Rule;

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

/// Of each run, the part whose regret is looked at: the second half.
const TRANSIENT: &str = "half of the steps are too few to arrive: more `steps`, or a larger `rate`";

impl Study for AdamNonconvergence {
    const ABOUT: About = About {
        id: "adam_nonconvergence",
        title: "Adam goes to the worst point, AMSGrad to the best",
        what: "Losses Cx, −x, −x, Cx, … on [−1, 1], C > 2: their mean is least at −1. Adam without momentum and with \
               β₂ = 1/(1 + C²) divides the steep gradient by the large √v that it has just made, and the two others by a small \
               one: it climbs to +1, and its regret grows like the steps. AMSGrad, which forgets no large v, comes to −1; its \
               regret stays below the bound that grows like their root. The same with the losses in random order, and for other β₂.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Basic results on adaptive algorithms\"; after Reddi, \
                Kale & Kumar 2018, arXiv:1904.09237",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let beta2 = self.beta2();
        let cycle = |rule| {
            Run::of(
                self,
                rule,
                beta2,
                Order::Cycle,
                &mut crate::rng::stream(seed, "cycle", 0),
            )
        };
        let [adam, amsgrad] = [cycle(Rule::Adam)?, cycle(Rule::AmsGrad)?];
        let memories = context.each("memories", &self.memories, |&beta2| {
            Run::of(
                self,
                Rule::Adam,
                beta2,
                Order::Cycle,
                &mut crate::rng::stream(seed, "cycle", 0),
            )
        })?;
        let order = Order::Random {
            delta: self.mean_gradient(),
        };
        let random = context.paired(
            "orders",
            &[Rule::Adam, Rule::AmsGrad],
            self.draws,
            seed,
            |&rule, draw| Run::of(self, rule, beta2, order, &mut draw.rng("order")),
        )?;
        self.findings([&adam, &amsgrad], &memories, &random)
    }
}

impl AdamNonconvergence {
    fn findings(
        &self,
        [adam, amsgrad]: [&Run; 2],
        memories: &[Run],
        random: &[Vec<Run>],
    ) -> Result<Findings> {
        let (c, beta2) = (self.c, self.beta2());
        let linear = 2.0 * self.mean_gradient();
        let steps = self.steps as f64;
        let (half, last) = (
            self.way_back(steps / 2.0, beta2),
            self.way_back(steps - 2.0, beta2),
        );
        let drift = theory::cycle_drift(c, beta2);
        let moved = moved_per_cycle(c, beta2)?;
        let ends = |runs: &[Run]| Estimate::of(runs, |run| run.late_mean);
        let (up, down) = (ends(&random[0])?, ends(&random[1])?);
        let bound = theory::amsgrad_regret_bound(c, beta2, self.rate, self.steps);
        let early = [!self.arrives(drift), !self.arrives((c - 2.0) / c)];
        let settled: Vec<&Run> = memories
            .iter()
            .filter(|run| self.arrives(run.drift))
            .collect();
        let wrong = settled.iter().map(|run| {
            (run.end - run.drift.signum()).abs() / self.way_back(steps - 2.0, run.beta2)
        });
        let points = [adam, amsgrad]
            .into_iter()
            .map(|run| Point::of(run, "in a cycle"));
        let others = memories.iter().map(|run| Point::of(run, "in a cycle"));
        let shuffled = random
            .iter()
            .flatten()
            .map(|run| Point::of(run, "at random"));
        Ok(Findings::of(points.chain(others).chain(shuffled))
            .claim(Claim::equals(
                "the losses in a cycle: Adam ends at the worst point, +1, within the steps of one cycle",
                1.0, adam.end, last,
            ))
            .not_measured_if(early[0], TRANSIENT)
            .against(-1.0, "the best point")
            .headline()
            .measured_as("adam_end")
            .claim(Claim::equals(
                "the losses in a cycle: AMSGrad, Adam but for one maximum, ends at the best point, −1",
                -1.0, amsgrad.end, last,
            ))
            .not_measured_if(early[1], TRANSIENT)
            .against(1.0, "the worst point")
            .headline()
            .measured_as("amsgrad_end")
            .claim(Claim::equals(
                "Adam's regret a step over the second half: 2(C − 2)/3, that of the worst point; up to 2/3 of the steps of a cycle",
                linear, adam.late_regret, 2.0 / 3.0 * half,
            ))
            .not_measured_if(early[0], TRANSIENT)
            .against(0.0, "no regret: what a rate of 1/√k promises")
            .measured_as("adam_regret")
            .claim(Claim::equals(
                "AMSGrad's regret a step over the second half: none, up to the way back of a cycle",
                0.0, amsgrad.late_regret, (c + 2.0) / 3.0 * half,
            ))
            .not_measured_if(early[1], TRANSIENT)
            .against(linear, "that of the worst point")
            .measured_as("amsgrad_regret")
            .claim(Claim::at_most(
                "AMSGrad's regret in all is below the bound of projected steps at falling rates, 2/η_T + ½Ση_t g_t², which \
                 grows like √T",
                bound, amsgrad.regret, 0.0,
            ))
            .bound()
            .against(linear * self.steps as f64, "a regret that grows like T: Adam's")
            .not_measured_if(
                bound >= linear * self.steps as f64,
                "after so few steps the bound is above a regret that grows like T: set more steps or a larger c",
            )
            .measured_as("amsgrad_regret_in_all")
            .claim(Claim::equals_within(
                "at a constant rate η and without ends a cycle moves Adam by η(1/√v₁ + 1/√v₂ − C/√v₀), v periodic: steps taken \
                 beside the formula",
                drift, moved, 1e-9,
            ))
            .against(0.0, "no movement")
            .measured_as("drift")
            .claim(Claim::at_most(
                "whatever the memory β₂, Adam ends where the sign of 1/√v₁ + 1/√v₂ − C/√v₀ says, where it is large enough to arrive: largest distance, in the \
                 longest ways back that a cycle can lead",
                1.0, largest(wrong), 0.0,
            ))
            .not_measured_if(settled.is_empty(), TRANSIENT)
            .against(2.0 / last, "one of them at the other end")
            .measure("memory_that_turns", theory::turning_memory(c))
            .claim(Claim::positive(
                "the losses in random order, one of three steep: Adam's mean place over the second half is above 0",
                up, LEVEL,
            )?)
            .not_measured_if(!self.arrives(theory::random_drift(c, beta2)), TRANSIENT)
            .measured_as("random_adam_place")
            .claim(Claim::positive(
                "the losses in random order: AMSGrad's mean place is below 0; with the sign changed",
                Estimate { mean: -down.mean, ..down }, LEVEL,
            )?)
            .not_measured_if(early[1], TRANSIENT)
            .measured_as("random_amsgrad_place")
            .figure(figure::figure(self, [adam, amsgrad], memories, random)?))
    }
}
