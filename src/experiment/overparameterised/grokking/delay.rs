//! What the networks with one λ have in common.

use super::runs::Run;
use crate::error::Result;
use crate::stats::Estimate;

/// How many times later than memory knowledge must come for a delay.
const LATE: f64 = 3.0;

/// The networks with one λ.
pub(super) struct Delay {
    pub(super) weight_decay: f64,
    /// Steps until they knew the seen sums by heart, where all did.
    pub(super) memorised: Option<Estimate>,
    /// Steps until they knew the others, where all did.
    pub(super) known: Option<Estimate>,
    /// ln of the ratio of the two.
    pub(super) ratio: Option<Estimate>,
    /// Chance, 1/p, less the accuracy on the others when the seen sums were known.
    pub(super) below_chance: Option<Estimate>,
}

impl Delay {
    pub(super) fn of(runs: &[Run], p: f64) -> Result<Self> {
        let all = |of: &dyn Fn(&Run) -> Option<f64>| -> Result<Option<Estimate>> {
            let values: Option<Vec<f64>> = runs.iter().map(of).collect();
            values
                .map(|values| Estimate::from_values(&values))
                .transpose()
        };
        let steps = |steps: Option<usize>| steps.filter(|step| *step > 0).map(|step| step as f64);
        Ok(Self {
            weight_decay: runs[0].weight_decay,
            memorised: all(&|run| steps(run.memorised))?,
            known: all(&|run| steps(run.known))?,
            ratio: all(&|run| Some((steps(run.known)? / steps(run.memorised)?).ln()))?,
            below_chance: all(&|run| Some(1.0 / p - run.test_then?))?,
        })
    }

    /// Whether knowledge came late, as far as that was measured.
    pub(super) fn is_late(&self) -> bool {
        self.weight_decay > 0.0 && self.ratio.is_some_and(|ratio| ratio.mean > LATE.ln())
    }
}

/// The units of the networks with one λ, after training.
pub(super) struct Ends {
    pub(super) gain: Estimate,
    pub(super) agreement: Estimate,
    pub(super) alone: Estimate,
}

impl Ends {
    pub(super) fn of(runs: &[Run]) -> Result<Self> {
        Ok(Self {
            gain: Estimate::of(runs, |run| run.end.share - run.start.share)?,
            agreement: Estimate::of(runs, |run| run.end.agreement)?,
            alone: Estimate::of(runs, |run| run.end.alone)?,
        })
    }
}
