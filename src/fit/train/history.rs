//! What a training run reports: numbers by epoch, and how it ended.

use crate::display::Html;

/// How well a network does on one data set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The mean loss, without weight decay.
    pub loss: f64,
    /// The fraction classified wrongly; `None` where the targets are no classes.
    pub error: Option<f64>,
}

/// One line of a [`History`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochReport {
    /// Epochs done; 0 is the network before training.
    pub epoch: usize,
    /// Steps done.
    pub steps: usize,
    /// The learning rate of the step that comes next.
    pub learning_rate: f64,
    /// On the training set, by the network as it is now.
    pub train: Score,
    /// On the test set, if there is one.
    pub test: Option<Score>,
    /// Seconds spent on steps so far. Measuring, recording and waiting for the caller do not count.
    pub seconds: f64,
}

/// What was recorded, in the order of epochs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The lines; the first is epoch 0.
    pub reports: Vec<EpochReport>,
}

impl History {
    /// The recorded epochs, `(r,)`.
    #[must_use]
    pub fn epochs(&self) -> Vec<usize> {
        self.reports.iter().map(|r| r.epoch).collect()
    }

    /// The training loss at each, `(r,)`.
    #[must_use]
    pub fn train_loss(&self) -> Vec<f64> {
        self.reports.iter().map(|r| r.train.loss).collect()
    }

    /// The training error at each, `(r,)`; empty where the targets are no classes.
    #[must_use]
    pub fn train_error(&self) -> Vec<f64> {
        self.reports.iter().filter_map(|r| r.train.error).collect()
    }

    /// The test loss at each, `(r,)`; empty without a test set.
    #[must_use]
    pub fn test_loss(&self) -> Vec<f64> {
        let scores = self.reports.iter().filter_map(|r| r.test);
        scores.map(|score| score.loss).collect()
    }

    /// The test error at each, `(r,)`; empty without a test set or classes.
    #[must_use]
    pub fn test_error(&self) -> Vec<f64> {
        let scores = self.reports.iter().filter_map(|r| r.test);
        scores.filter_map(|score| score.error).collect()
    }

    /// The last line; `None` only for an empty history.
    #[must_use]
    pub fn last(&self) -> Option<&EpochReport> {
        self.reports.last()
    }

    /// The line with the least test loss or error, the first of equals; `None` without a test set
    /// or, for the error, without classes.
    #[must_use]
    pub fn best(&self, monitor: Monitor) -> Option<&EpochReport> {
        let lines = self.reports.iter();
        let scored = lines.filter_map(|r| Some((r, monitor.of(r)?)));
        scored.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(r, _)| r)
    }

    /// Shows at most 12 lines, evenly spread, in a notebook.
    pub fn evcxr_display(&self) {
        Html::new(self.html()).evcxr_display();
    }

    fn html(&self) -> String {
        let n = self.reports.len();
        let shown = n.min(12);
        let cell = |value: Option<f64>| value.map_or("–".to_owned(), |v| format!("{v:.4}"));
        let lines = (0..shown).map(|i| {
            let r = &self.reports[i * (n - 1) / (shown - 1).max(1)];
            let (loss, error) = (r.test.map(|t| t.loss), r.test.and_then(|t| t.error));
            let cells = [
                r.epoch.to_string(),
                cell(Some(r.train.loss)),
                cell(r.train.error),
                cell(loss),
                cell(error),
                format!("{:.2e}", r.learning_rate),
                format!("{:.2}", r.seconds),
            ];
            let cells = cells.map(|text| format!("<td>{text}</td>"));
            format!("<tr>{}</tr>", cells.concat())
        });
        let names = [
            "epoch",
            "train loss",
            "train error",
            "test loss",
            "test error",
            "learning rate",
            "s",
        ];
        let heads = names.map(|name| format!("<th>{name}</th>"));
        let lines: String = lines.collect();
        format!("<table><tr>{}</tr>{lines}</table>", heads.concat())
    }
}

/// The number on the test set that early stopping watches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Monitor {
    /// The mean loss.
    #[default]
    TestLoss,
    /// The fraction classified wrongly.
    TestError,
}

impl Monitor {
    /// The watched number of a line, if it is there.
    pub(super) fn of(self, report: &EpochReport) -> Option<f64> {
        match self {
            Self::TestLoss => report.test.map(|score| score.loss),
            Self::TestError => report.test.and_then(|score| score.error),
        }
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// All epochs were run.
    Finished,
    /// The training loss reached its target.
    ReachedTarget {
        /// Epochs done.
        epoch: usize,
    },
    /// The test set showed no progress for as long as early stopping allows.
    StoppedEarly {
        /// Epochs done.
        epoch: usize,
    },
    /// The caller's hook asked to stop.
    StoppedByCaller {
        /// Epochs done.
        epoch: usize,
    },
    /// The loss grew without bound or was no number any more. The network and the history are
    /// those of the last record before.
    Diverged {
        /// The epoch, from 1, in which it was noticed.
        epoch: usize,
        /// Steps done when it was noticed.
        step: usize,
        /// The loss of the batch, or of the training set, that showed it; may be NaN or infinite.
        loss: f64,
    },
}

impl Outcome {
    /// Whether the run diverged.
    #[must_use]
    pub fn diverged(&self) -> bool {
        matches!(self, Self::Diverged { .. })
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Finished => write!(f, "finished"),
            Self::ReachedTarget { epoch } => {
                write!(f, "reached the target loss after epoch {epoch}")
            }
            Self::StoppedEarly { epoch } => write!(f, "stopped early after epoch {epoch}"),
            Self::StoppedByCaller { epoch } => {
                write!(f, "stopped by the caller after epoch {epoch}")
            }
            Self::Diverged { epoch, step, loss } => {
                write!(
                    f,
                    "diverged in epoch {epoch}, after step {step}: loss {loss:.3e}"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(tests: &[f64]) -> History {
        let reports = tests.iter().enumerate().map(|(epoch, loss)| EpochReport {
            epoch,
            steps: 10 * epoch,
            learning_rate: 0.1,
            train: Score {
                loss: 1.0,
                error: None,
            },
            test: Some(Score {
                loss: *loss,
                error: Some(1.0 - loss),
            }),
            seconds: 0.5,
        });
        History {
            reports: reports.collect(),
        }
    }

    #[test]
    fn columns_and_the_best_line() {
        let history = history(&[0.9, 0.4, 0.5, 0.4]);
        assert_eq!(history.test_loss(), [0.9, 0.4, 0.5, 0.4]);
        assert_eq!(history.epochs(), [0, 1, 2, 3]);
        assert!(history.train_error().is_empty());
        let best = |monitor| history.best(monitor).map(|r| r.epoch);
        assert_eq!(
            (best(Monitor::TestLoss), best(Monitor::TestError)),
            (Some(1), Some(0))
        );
        assert!(History::default().best(Monitor::TestLoss).is_none());
    }

    #[test]
    fn a_table_shows_the_first_and_the_last() {
        let html = history(&[0.5; 100]).html();
        assert_eq!(html.matches("<tr>").count(), 13);
        assert!(html.contains("<td>0</td>") && html.contains("<td>99</td>"));
        assert_eq!(history(&[0.5]).html().matches("<tr>").count(), 2);
        assert_eq!(History::default().html().matches("<tr>").count(), 1);
    }
}
