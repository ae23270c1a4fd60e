//! What a training run may be told.

use super::Monitor;
use crate::error::{Error, Result};
use crate::model::{Loss, TargetKind};
use crate::optimise::{Clip, Optimiser, Schedule};

/// When to stop because the test set shows no progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlyStopping {
    /// The number that should fall.
    pub monitor: Monitor,
    /// Records in a row without a new least number after which the run ends, at least 1.
    pub patience: usize,
}

/// Settings of [`train`](fn@super::train).
#[derive(Clone, Debug, PartialEq)]
pub struct TrainSettings {
    /// What the mean of is made small.
    pub loss: Loss,
    /// The rule from gradients to steps, with momentum and weight decay.
    pub optimiser: Optimiser,
    /// The base learning rate η > 0.
    pub learning_rate: f64,
    /// How the rate changes.
    pub schedule: Schedule,
    /// Passes over the data.
    pub epochs: usize,
    /// How the gradient of a batch is cut before the optimiser sees it, if at all.
    pub clip: Option<Clip>,
    /// Examples a step, at least 1; with n or more, every step uses all.
    pub batch: usize,
    /// Epochs between two records, at least 1. The first and the last epoch are always recorded.
    /// A record costs a forward pass over the training and the test set.
    pub record_every: usize,
    /// Stop at a record whose training loss is at most this.
    pub target_loss: Option<f64>,
    /// Stop when the test set shows no progress, and give back the network that did best there.
    pub early_stopping: Option<EarlyStopping>,
    /// Epochs, from 0, after which a copy of the network is kept.
    pub snapshots: Vec<usize>,
}

impl Default for TrainSettings {
    /// Cross-entropy, momentum 0.9, constant rate 0.05, 10 epochs of batches of 128, all recorded.
    fn default() -> Self {
        Self {
            loss: Loss::CrossEntropy,
            optimiser: Optimiser::default(),
            learning_rate: 0.05,
            schedule: Schedule::Constant,
            epochs: 10,
            clip: None,
            batch: 128,
            record_every: 1,
            target_loss: None,
            early_stopping: None,
            snapshots: Vec::new(),
        }
    }
}

impl TrainSettings {
    /// Checks every number. `test` is what the test targets stand for, if there is a test set.
    pub(super) fn check(&self, test: Option<TargetKind>) -> Result<()> {
        if !(self.learning_rate.is_finite() && self.learning_rate > 0.0) {
            let expected = "a positive finite number";
            return Err(Error::domain(
                "the learning rate",
                expected,
                self.learning_rate,
            ));
        }
        for (what, count) in [
            ("the number of epochs", self.epochs),
            ("the batch", self.batch),
            ("the number of epochs between records", self.record_every),
        ] {
            if count == 0 {
                return Err(Error::domain(what, "at least 1", count));
            }
        }
        if let Some(target) = self.target_loss.filter(|t| !t.is_finite() || *t < 0.0) {
            return Err(Error::domain(
                "the target loss",
                "a finite number ≥ 0",
                target,
            ));
        }
        if let Some(late) = self.snapshots.iter().find(|epoch| **epoch > self.epochs) {
            let expected = format!("an epoch from 0 to {}", self.epochs);
            return Err(Error::domain("a snapshot", expected, late));
        }
        if let Some(stopping) = self.early_stopping {
            let what = "the patience of early stopping";
            if stopping.patience == 0 {
                return Err(Error::domain(what, "at least 1", 0));
            }
            let expected = match (test, stopping.monitor) {
                (None, _) => "a test set",
                (Some(TargetKind::Numbers), Monitor::TestError) => "test targets that are classes",
                _ => "",
            };
            if !expected.is_empty() {
                return Err(Error::domain("early stopping", expected, "none"));
            }
        }
        self.clip.map_or(Ok(()), Clip::check)?;
        self.schedule.check()?;
        self.optimiser.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_errors() {
        let refusal = |change: &dyn Fn(&mut TrainSettings), test| {
            let mut settings = TrainSettings::default();
            change(&mut settings);
            settings.check(test).expect_err("refused").to_string()
        };
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let said = refusal(&|s| s.learning_rate = rate, None);
            assert!(said.starts_with("the learning rate is"), "{said}");
        }
        assert!(refusal(&|s| s.epochs = 0, None).contains("number of epochs is 0"));
        assert!(refusal(&|s| s.batch = 0, None).contains("the batch is 0"));
        let limitless = Some(Clip::Norm(0.0));
        assert!(refusal(&|s| s.clip = limitless, None).contains("clipping limit is 0"));
        assert!(refusal(&|s| s.record_every = 0, None).contains("between records"));
        assert!(refusal(&|s| s.target_loss = Some(f64::NAN), None).contains("target loss"));
        assert!(refusal(&|s| s.snapshots = vec![3, 11], None).contains("is 11"));
        let stopping = |monitor, patience| Some(EarlyStopping { monitor, patience });
        let lazy = stopping(Monitor::TestLoss, 3);
        assert!(refusal(&|s| s.early_stopping = lazy, None).contains("expected a test set"));
        let numbers = Some(TargetKind::Numbers);
        let hasty = stopping(Monitor::TestLoss, 0);
        assert!(refusal(&|s| s.early_stopping = hasty, numbers).contains("patience"));
        let error = stopping(Monitor::TestError, 3);
        assert!(refusal(&|s| s.early_stopping = error, numbers).contains("are classes"));
        assert!(TrainSettings::default().check(None).is_ok());
    }
}
