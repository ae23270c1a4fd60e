//! The loop of every first-order method.

use super::average::Mean;
use super::{
    Average, Clip, Iterate, Observer, Optimiser, Oracle, Prox, Schedule, State, StochasticOracle,
};
use crate::error::{Error, Result, check_finite, check_positive};
use crate::real::{all_finite, norm};

/// Settings of [`solve`](fn@solve) and [`solve_stochastic`].
#[derive(Clone, Debug, PartialEq)]
pub struct SolveSettings {
    /// From gradients to steps.
    pub rule: Optimiser,
    /// The base learning rate η > 0.
    pub rate: f64,
    /// How it changes; what [`Schedule`] calls an epoch is one step here.
    pub schedule: Schedule,
    /// The most steps, at least 1.
    pub steps: usize,
    /// How gradients are cut before the rule sees them, if at all.
    pub clip: Option<Clip>,
    /// Which iterates the mean is of.
    pub average: Average,
    /// When to stop before the steps are used up.
    pub stop: Stop,
    /// A value above this is divergence.
    pub limit: f64,
}

impl Default for SolveSettings {
    /// Plain descent at the constant rate 0.1 for 1,000 steps; divergence is what leaves the range of f64.
    fn default() -> Self {
        Self {
            rule: Optimiser::sgd(),
            rate: 0.1,
            schedule: Schedule::Constant,
            steps: 1_000,
            clip: None,
            average: Average::Last,
            stop: Stop::default(),
            limit: f64::INFINITY,
        }
    }
}

/// When a run has come far enough: at either of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stop {
    /// ‖∇f‖ at most this.
    pub gradient: Option<f64>,
    /// f at most this.
    pub value: Option<f64>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    /// All steps were taken.
    Finished,
    /// A criterion of [`Stop`] was met.
    Reached,
    /// The observer ended it.
    StoppedByObserver,
    /// Step `step`, from 1, led to a point whose value, gradient or place is beyond the limit or the range of f64. The
    /// solution is the point before.
    Diverged {
        /// Which step.
        step: usize,
        /// The value there.
        value: f64,
    },
}

/// Where a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The last iterate, `(p,)`; after divergence the last sound one.
    pub x: Vec<f64>,
    /// f(x).
    pub value: f64,
    /// The mean that [`SolveSettings::average`] asks for, `(p,)`; `x` for [`Average::Last`], and where a run ended
    /// before the part that is averaged.
    pub average: Vec<f64>,
    /// Steps taken to `x`.
    pub steps: usize,
    /// How it ended.
    pub status: Status,
}

impl Solution {
    /// The solution itself, for whoever has no use for a run that diverged.
    ///
    /// # Errors
    /// [`Error::Diverged`] of `method`, with a `hint` of what to set.
    pub fn not_diverged(self, method: impl Into<String>, hint: &str) -> Result<Self> {
        match self.status {
            Status::Diverged { step, value } => Err(Error::Diverged {
                method: method.into(),
                step,
                quantity: "the loss".to_owned(),
                value,
                hint: format!("; {hint}"),
            }),
            _ => Ok(self),
        }
    }
}

/// The most steps a run may take: 2⁴⁰, weeks of work.
const MAX_STEPS: usize = match 1_usize.checked_shl(40) {
    Some(steps) => steps,
    None => usize::MAX,
};

/// Makes f + g small, from `start`, `(p,)`: f has a gradient, g a proximal step.
///
/// # Algorithm
/// x ← prox_{ηg}(rule(x, ∇f(x), η)): with [`Unconstrained`](super::Unconstrained) the rule's own method, with a
/// [`Set`](super::Set) its projected form, with [`L1Norm`](super::L1Norm) and plain descent ISTA. Values, criteria and
/// divergence are f's. A start outside a set is projected first.
///
/// # Errors
/// A setting, a set or a weight out of its range; a start of another length than the problem's, or not finite; a problem that cannot be
/// asked, or whose value at the start is not finite. Divergence is not an error: see [`Status`].
pub fn solve(
    oracle: &impl Oracle,
    prox: &impl Prox,
    start: &[f64],
    settings: &SolveSettings,
    observer: &mut impl Observer,
) -> Result<Solution> {
    let ask = |x: &[f64], g: &mut Vec<f64>, _| oracle.value_and_gradient(x, g);
    run(oracle.dimension(), ask, prox, start, settings, observer)
}

/// As [`solve`](fn@solve), for a problem that is seen through noise. [`Solution::value`] is without noise, and so is
/// the look after the last step; values and gradients on the way are those drawn, and criteria and divergence go by them.
///
/// # Errors
/// As for [`solve`](fn@solve).
pub fn solve_stochastic(
    oracle: &mut impl StochasticOracle,
    prox: &impl Prox,
    start: &[f64],
    settings: &SolveSettings,
    observer: &mut impl Observer,
    rng: &mut impl rand::Rng,
) -> Result<Solution> {
    let dimension = oracle.dimension();
    let ask = through_noise(oracle, rng);
    let mut solution = run(dimension, ask, prox, start, settings, observer)?;
    if solution.status != Status::Finished {
        solution.value = oracle.value(&solution.x)?;
    }
    Ok(solution)
}

/// Draws on the way, and the value without noise at the end.
pub(super) fn through_noise(
    oracle: &mut impl StochasticOracle,
    rng: &mut impl rand::Rng,
) -> impl FnMut(&[f64], &mut Vec<f64>, Look) -> Result<f64> {
    |x, gradient, look| match look {
        Look::OnTheWay => oracle.draw(x, gradient, rng),
        Look::AtTheEnd => {
            // The last step's gradient is not that of this point.
            gradient.clear();
            oracle.value(x)
        }
    }
}

/// Why a problem is asked.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Look {
    /// For a step.
    OnTheWay,
    /// For the value of the last point; with its gradient, or with none at all.
    AtTheEnd,
}

fn run(
    p: usize,
    mut ask: impl FnMut(&[f64], &mut Vec<f64>, Look) -> Result<f64>,
    prox: &impl Prox,
    start: &[f64],
    settings: &SolveSettings,
    observer: &mut impl Observer,
) -> Result<Solution> {
    settings.check()?;
    check_start(start, p)?;
    prox.fits(p)?;
    let mut x = start.to_vec();
    prox.enter(&mut x);
    let mut sound = Solution {
        x: x.clone(),
        value: f64::NAN,
        average: Vec::new(),
        steps: 0,
        status: Status::Finished,
    };
    let mut gradient = vec![0.0; p];
    let mut state = State::new(settings.rule, &x);
    let mut mean = Mean::new(p);
    let first_averaged = settings.steps + 1 - settings.average.count(settings.steps);
    let averages = settings.average != Average::Last;
    loop {
        let step = state.steps() as usize;
        let last = step == settings.steps;
        let look = if last { Look::AtTheEnd } else { Look::OnTheWay };
        // No problem is asked at a point that is none.
        let value = match all_finite(&x) {
            true => ask(&x, &mut gradient, look)?,
            false => f64::NAN,
        };
        let reached = settings.stop.is_met(value, &gradient);
        let whole = value.is_finite() && all_finite(&gradient);
        let clipped = match settings.clip.filter(|_| whole && !gradient.is_empty()) {
            None => Ok(None),
            Some(clip) => clip.apply(&mut gradient).map(Some),
        };
        // Entries may fit where the length does not.
        let too_long = clipped.as_ref().is_err_and(Error::is_out_of_range);
        if !whole || too_long || value > settings.limit {
            if step == 0 {
                clipped?;
                let expected = "finite, with a finite gradient, and below the limit";
                return Err(Error::domain("the value at the start", expected, value));
            }
            sound.status = Status::Diverged { step, value };
            break;
        }
        sound.x.copy_from_slice(&x);
        (sound.value, sound.steps) = (value, step);
        if averages && step >= first_averaged {
            mean.add(&x);
        }
        let rate = settings.rate * settings.schedule.factor(step, settings.steps, 1);
        let seen = observer.see(&Iterate {
            step,
            x: &x,
            value,
            gradient: &gradient,
            clipped: clipped?,
            rate,
        });
        sound.status = match (reached, seen.is_break()) {
            (true, _) => Status::Reached,
            (false, true) => Status::StoppedByObserver,
            (false, false) => Status::Finished,
        };
        if last || sound.status != Status::Finished {
            break;
        }
        state.step(&mut x, &gradient, rate);
        prox.prox(&mut x, rate);
    }
    sound.average = match mean.is_empty() {
        true => sound.x.clone(),
        false => mean.mean,
    };
    Ok(sound)
}

/// Checks a number of steps.
pub(super) fn check_steps(steps: usize) -> Result<()> {
    match (1..=MAX_STEPS).contains(&steps) {
        true => Ok(()),
        false => {
            let expected = format!("1 to {MAX_STEPS}");
            Err(Error::domain("the number of steps", expected, steps))
        }
    }
}

/// A start as it is given: finite, and of the problem's dimension.
pub(super) fn check_start(start: &[f64], p: usize) -> Result<()> {
    if start.len() != p {
        return Err(Error::shape("the start", format!("({p},)"), &[start.len()]));
    }
    check_finite("the start", start)
}

impl Stop {
    pub(super) fn check(&self) -> Result<()> {
        for (what, limit) in [
            ("the gradient to stop at", self.gradient),
            ("the value to stop at", self.value),
        ] {
            if let Some(limit) = limit.filter(|limit| limit.is_nan()) {
                return Err(Error::domain(what, "a number", limit));
            }
        }
        Ok(())
    }

    pub(super) fn is_met(&self, value: f64, gradient: &[f64]) -> bool {
        let short = |limit: f64| !gradient.is_empty() && norm([gradient]) <= limit;
        self.value.is_some_and(|limit| value <= limit) || self.gradient.is_some_and(short)
    }
}

impl SolveSettings {
    /// Checks every number.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<()> {
        check_positive("the learning rate", self.rate)?;
        check_steps(self.steps)?;
        if self.limit.is_nan() {
            return Err(Error::domain("the limit of the value", "a number", "NaN"));
        }
        self.stop.check()?;
        self.clip.map_or(Ok(()), Clip::check)?;
        self.average.check()?;
        self.schedule.check()?;
        self.rule.check()
    }
}
