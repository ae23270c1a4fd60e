//! Training a network by minibatch descent.
//!
//! A run is [`TrainSettings`] plus a generator; it gives a [`TrainedOf`]: the network, the
//! [`History`] and the [`Outcome`]. The same network, data, settings, generator state, number type
//! and number of BLAS threads give the same numbers.
//!
//! A run that diverges is a finding, not an error: the outcome says when, and the network and the
//! history are those of the last record before, so no NaN is ever passed on as a result.
//!
//! The loop is its own, for speed: losses, gradients and steps share a workspace that is allocated once, in f32 or f64. The
//! rules are those of `optimise`.

mod history;
mod score;
mod settings;
mod state;
mod threads;
mod workspace;

use std::ops::ControlFlow;
use std::time::Instant;

use rand::seq::SliceRandom;

pub use history::{EpochReport, History, Monitor, Outcome, Score};
pub use score::evaluate;
pub use settings::{EarlyStopping, TrainSettings};

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::model::mlp::MlpOf;
use crate::real::Real;
use score::Measured;
use state::State;
use workspace::Workspace;

/// A loss this many times the first one, or this large if the first is below 1, is divergence.
const DIVERGENCE: f64 = 1e6;

/// The most steps a run may take: 2⁴⁰, years of work.
const MAX_STEPS: usize = match 1_usize.checked_shl(40) {
    Some(steps) => steps,
    None => usize::MAX,
};

/// What training a network of `f64` gives.
pub type Trained = TrainedOf<f64>;

/// What training a network of `f32` gives.
pub type Trained32 = TrainedOf<f32>;

/// A trained network and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedOf<T> {
    /// The network after `epoch` epochs. All its parameters are finite.
    pub net: MlpOf<T>,
    /// The epochs `net` was trained: of the last record, or with early stopping of the best.
    pub epoch: usize,
    /// How the run ended.
    pub outcome: Outcome,
    /// What was recorded.
    pub history: History,
    /// The networks asked for in [`TrainSettings::snapshots`], with their epochs, as far as the
    /// run came.
    pub snapshots: Vec<(usize, MlpOf<T>)>,
}

impl<T: Real> TrainedOf<T> {
    /// Shows the outcome and the history in a notebook.
    pub fn evcxr_display(&self) {
        println!(
            "{}; the network is that of epoch {}",
            self.outcome, self.epoch
        );
        self.history.evcxr_display();
    }
}

/// Trains a copy of `net` on `train`, measuring on `test` too if there is one.
///
/// # Algorithm
/// Every epoch goes once through the examples in a fresh random order, in batches of
/// [`TrainSettings::batch`]; the last batch of an epoch may be shorter. A step moves the
/// parameters by the gradient of the mean loss of its batch, through the [`Optimiser`](crate::optimise::Optimiser), at the
/// rate of the [`Schedule`](crate::optimise::Schedule). A batch of all examples or more is full-batch descent, and draws
/// nothing.
///
/// # Errors
/// Data that are empty, not finite, or do not suit the network or the loss; a setting out of its
/// range; a network whose first loss is not finite. Divergence is not an error: see [`Outcome`].
///
/// ```
/// use dltheory::data::Dataset;
/// use dltheory::fit::train::{TrainSettings, train};
/// use dltheory::model::{Loss, Mlp, MlpSettings};
/// use dltheory::optimise::Optimiser;
/// use dltheory::rng::stream;
/// use ndarray::array;
/// // Exclusive or: no linear function fits it.
/// let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
/// let data = Dataset::new(x, array![[-1.0], [1.0], [1.0], [-1.0]])?;
/// let net = Mlp::new(&MlpSettings::of_sizes(&[2, 16, 1]), &mut stream(1, "net", 0))?;
/// let settings = TrainSettings {
///     loss: Loss::Logistic,
///     optimiser: Optimiser::sgd(),
///     learning_rate: 0.5,
///     epochs: 200,
///     ..TrainSettings::default()
/// };
/// let trained = train(&net, &data, None, &settings, &mut stream(1, "order", 0))?;
/// assert_eq!(trained.history.last().and_then(|r| r.train.error), Some(0.0));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn train<T: Real>(
    net: &MlpOf<T>,
    train: &Dataset,
    test: Option<&Dataset>,
    settings: &TrainSettings,
    rng: &mut impl rand::Rng,
) -> Result<TrainedOf<T>> {
    let quiet = &mut |_: &EpochReport| ControlFlow::Continue(());
    train_with(net, train, test, settings, quiet, rng)
}

/// As [`train`](fn@train), calling `hook` at every record, epoch 0 included: to show progress, or
/// to stop by returning `ControlFlow::Break(())`.
///
/// # Errors
/// As for [`train`](fn@train).
pub fn train_with<T: Real>(
    net: &MlpOf<T>,
    train: &Dataset,
    test: Option<&Dataset>,
    settings: &TrainSettings,
    hook: &mut dyn FnMut(&EpochReport) -> ControlFlow<()>,
    rng: &mut impl rand::Rng,
) -> Result<TrainedOf<T>> {
    net.check()?;
    let measured = Measured::new(net, train, settings.loss, "the training")?;
    let tested = test.map(|test| Measured::new(net, test, settings.loss, "the test"));
    let tested = tested.transpose()?;
    settings.check(tested.as_ref().map(|test| test.kind))?;

    let n = measured.n;
    let batch = settings.batch.min(n);
    let per_epoch = n.div_ceil(batch);
    let n_steps = per_epoch.saturating_mul(settings.epochs);
    if n_steps > MAX_STEPS {
        let expected = format!(
            "at most {} of {per_epoch} steps each",
            MAX_STEPS / per_epoch
        );
        return Err(Error::domain(
            "the number of epochs",
            expected,
            settings.epochs,
        ));
    }
    let capacity = batch.max(score::ROWS.min(n.max(tested.as_ref().map_or(0, |t| t.n))));
    net.check_room(capacity)?;

    let workspace = Workspace::new(net, capacity);
    let mut run = Run {
        net: net.standard(),
        state: State::new(settings.optimiser, settings.clip, net, workspace.threads()),
        workspace,
        settings,
        measured,
        tested,
        limit: f64::INFINITY,
        seconds: 0.0,
        n_steps: 0,
        rates: (n_steps, per_epoch),
    };
    let first = run.report(0).map_err(|loss| {
        let expected = "finite; the inputs or the initial weights may be too large";
        Error::domain("the loss before training", expected, loss)
    })?;
    run.limit = DIVERGENCE * first.train.loss.max(1.0);
    let mut kept = Kept::new(&run.net, first);
    kept.take_snapshot(&run, 0);
    if hook(&first).is_break() {
        return Ok(kept.end(Outcome::StoppedByCaller { epoch: 0 }));
    }

    let mut order: Vec<usize> = (0..n).collect();
    for epoch in 1..=settings.epochs {
        if batch < n {
            order.shuffle(rng);
        }
        if let Err(loss) = run.epoch(&order, batch) {
            let step = run.n_steps;
            return Ok(kept.end(Outcome::Diverged { epoch, step, loss }));
        }
        if epoch % settings.record_every != 0 && epoch != settings.epochs {
            kept.take_snapshot(&run, epoch);
            continue;
        }
        let report = match run.report(epoch) {
            Ok(report) => report,
            Err(loss) => {
                let step = run.n_steps;
                return Ok(kept.end(Outcome::Diverged { epoch, step, loss }));
            }
        };
        kept.take_snapshot(&run, epoch);
        kept.record(&run, report);
        let asked = hook(&report).is_break();
        let asked = asked.then_some(Outcome::StoppedByCaller { epoch });
        if let Some(outcome) = kept.stop(settings, &report).or(asked) {
            return Ok(kept.end(outcome));
        }
    }
    Ok(kept.end(Outcome::Finished))
}

/// A run in progress.
struct Run<'a, T> {
    net: MlpOf<T>,
    workspace: Workspace<T>,
    state: State<T>,
    settings: &'a TrainSettings,
    measured: Measured<'a, T>,
    tested: Option<Measured<'a, T>>,
    /// The loss that counts as divergence.
    limit: f64,
    seconds: f64,
    /// Steps taken.
    n_steps: usize,
    /// Steps in all, and in an epoch.
    rates: (usize, usize),
}

impl<T: Real> Run<'_, T> {
    fn learning_rate(&self) -> f64 {
        let TrainSettings {
            learning_rate,
            schedule,
            ..
        } = self.settings;
        learning_rate * schedule.factor(self.n_steps, self.rates.0, self.rates.1)
    }

    /// One pass over the data; the loss of the batch, if it shows divergence.
    fn epoch(&mut self, order: &[usize], batch: usize) -> std::result::Result<(), f64> {
        let started = Instant::now();
        let threads = self.workspace.threads();
        let done = threads.enter(|| self.steps(order, batch));
        self.seconds += started.elapsed().as_secs_f64();
        done
    }

    fn steps(&mut self, order: &[usize], batch: usize) -> std::result::Result<(), f64> {
        for rows in order.chunks(batch) {
            self.workspace.load(self.measured.rows(), rows);
            self.workspace.forward(&self.net);
            let loss = self.workspace.loss(self.settings.loss);
            if loss.is_nan() || loss > self.limit {
                return Err(loss);
            }
            self.workspace.backward(&self.net, self.state.buffers());
            let eta = self.learning_rate();
            self.state.step(&mut self.net, eta);
            self.n_steps += 1;
        }
        Ok(())
    }

    /// Measures the network; the loss that shows it where the run has diverged.
    fn report(&mut self, epoch: usize) -> std::result::Result<EpochReport, f64> {
        let (net, workspace, loss) = (&self.net, &mut self.workspace, self.settings.loss);
        let train = self.measured.score(net, workspace, loss)?;
        // A ReLU turns −∞ into 0, so a finite loss alone does not prove finite weights.
        if train.loss > self.limit || net.check().is_err() {
            return Err(train.loss);
        }
        let test = match &self.tested {
            None => None,
            Some(tested) => Some(tested.score(net, workspace, loss)?),
        };
        Ok(EpochReport {
            epoch,
            steps: self.n_steps,
            learning_rate: self.learning_rate(),
            train,
            test,
            seconds: self.seconds,
        })
    }
}

/// What a run will give back, always sound.
struct Kept<T> {
    net: MlpOf<T>,
    epoch: usize,
    /// The best watched number so far, and the records since.
    best: Option<f64>,
    waited: usize,
    history: History,
    snapshots: Vec<(usize, MlpOf<T>)>,
}

impl<T: Real> Kept<T> {
    fn new(net: &MlpOf<T>, first: EpochReport) -> Self {
        Self {
            net: net.clone(),
            epoch: 0,
            best: None,
            waited: 0,
            history: History {
                reports: vec![first],
            },
            snapshots: Vec::new(),
        }
    }

    fn take_snapshot(&mut self, run: &Run<'_, T>, epoch: usize) {
        if run.settings.snapshots.contains(&epoch) && run.net.check().is_ok() {
            self.snapshots.push((epoch, run.net.clone()));
        }
    }

    /// Adds a record, and keeps its network unless early stopping has a better one.
    fn record(&mut self, run: &Run<'_, T>, report: EpochReport) {
        let watched = run.settings.early_stopping.and_then(|stopping| {
            let first = self.history.reports.first();
            self.best = self
                .best
                .or(first.and_then(|first| stopping.monitor.of(first)));
            stopping.monitor.of(&report)
        });
        self.history.reports.push(report);
        if let (Some(best), Some(now)) = (self.best, watched)
            && now >= best
        {
            self.waited += 1;
            return;
        }
        self.waited = 0;
        self.best = watched;
        self.net.clone_from(&run.net);
        self.epoch = report.epoch;
    }

    /// Whether the last record ends the run.
    fn stop(&self, settings: &TrainSettings, report: &EpochReport) -> Option<Outcome> {
        let epoch = report.epoch;
        if settings
            .target_loss
            .is_some_and(|target| report.train.loss <= target)
        {
            return Some(Outcome::ReachedTarget { epoch });
        }
        let patience = settings.early_stopping?.patience;
        (self.waited >= patience).then_some(Outcome::StoppedEarly { epoch })
    }

    fn end(self, outcome: Outcome) -> TrainedOf<T> {
        TrainedOf {
            net: self.net,
            epoch: self.epoch,
            outcome,
            history: self.history,
            snapshots: self.snapshots,
        }
    }
}
