//! How far a run is: a bar in a terminal, whole lines in a notebook, or nothing.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Where progress is shown.
#[derive(Debug)]
enum Sink {
    Silent,
    Stdout,
    #[cfg(feature = "cli")]
    Stderr,
    #[cfg(feature = "cli")]
    Bar(indicatif::ProgressBar),
}

/// Counts the steps of a run and shows them. Threads may share it.
///
/// ```
/// use dltheory::experiment::Progress;
/// let progress = Progress::silent();
/// progress.start(20, "draws");
/// (0..20).for_each(|_| progress.step());
/// progress.finish();
/// ```
#[derive(Debug)]
pub struct Progress {
    sink: Sink,
    phase: Mutex<Phase>,
}

impl Default for Progress {
    /// Lines on stdout in a notebook (the kernel shows whole lines only), silent elsewhere.
    fn default() -> Self {
        match std::env::var_os("EVCXR_IS_RUNTIME") {
            Some(_) => Self::new(Sink::Stdout),
            None => Self::silent(),
        }
    }
}

impl Progress {
    fn new(sink: Sink) -> Self {
        let phase = Mutex::new(Phase::new(0, ""));
        Self { sink, phase }
    }

    /// Shows nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(Sink::Silent)
    }

    /// For the command line: a bar named `name` if stderr is a terminal, lines on stderr if not.
    #[cfg(feature = "cli")]
    #[must_use]
    pub fn terminal(name: &str) -> Self {
        use std::io::IsTerminal;
        if !std::io::stderr().is_terminal() {
            return Self::new(Sink::Stderr);
        }
        let style = indicatif::ProgressStyle::with_template(
            "{prefix} {bar:30} {pos}/{len} {msg}, {elapsed} so far, {eta} left",
        )
        .expect("the template is well formed");
        let bar = indicatif::ProgressBar::new(0)
            .with_style(style)
            .with_prefix(name.to_owned());
        Self::new(Sink::Bar(bar))
    }

    /// Begins a phase of `total` steps; `what` names them in the plural: "draws".
    pub fn start(&self, total: usize, what: &str) {
        *self.lock() = Phase::new(total, what);
        #[cfg(feature = "cli")]
        if let Sink::Bar(bar) = &self.sink {
            bar.reset();
            bar.set_length(total as u64);
            bar.set_message(what.to_owned());
            bar.tick();
            bar.enable_steady_tick(Duration::from_millis(500));
        }
    }

    /// One more step is done.
    pub fn step(&self) {
        #[cfg(feature = "cli")]
        if let Sink::Bar(bar) = &self.sink {
            bar.inc(1);
        }
        let mut phase = self.lock();
        let now = phase.started.elapsed();
        // Written under the lock, so that lines stand in order. Nobody may be listening.
        if let Some(line) = phase.step(now) {
            let _ = match self.sink {
                Sink::Stdout => writeln!(std::io::stdout(), "{line}"),
                #[cfg(feature = "cli")]
                Sink::Stderr => writeln!(std::io::stderr(), "{line}"),
                _ => Ok(()),
            };
        }
    }

    /// Takes a bar off the screen.
    pub fn finish(&self) {
        #[cfg(feature = "cli")]
        if let Sink::Bar(bar) = &self.sink {
            bar.finish_and_clear();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Phase> {
        // A count is whole after any panic elsewhere.
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A count of steps and when it was last told.
#[derive(Debug)]
struct Phase {
    what: String,
    total: usize,
    done: usize,
    started: Instant,
    told: Duration,
    tenths: usize,
}

impl Phase {
    fn new(total: usize, what: &str) -> Self {
        Self {
            what: what.to_owned(),
            total,
            done: 0,
            started: Instant::now(),
            told: Duration::ZERO,
            tenths: 0,
        }
    }

    /// Counts one step at time `now` after the start. A line is due when a further tenth is done
    /// and the last line, or the start, is a second old: quick phases say nothing, slow ones at
    /// most nine times; none when less than a second is left.
    fn step(&mut self, now: Duration) -> Option<String> {
        self.done += 1;
        let tenths = 10 * self.done.min(self.total) / self.total.max(1);
        if tenths <= self.tenths || now < self.told + Duration::from_secs(1) {
            return None;
        }
        (self.tenths, self.told) = (tenths, now);
        let seconds = now.as_secs_f64();
        let left = seconds / self.done as f64 * self.total.saturating_sub(self.done) as f64;
        // Who is told that a second is left has waited it out by then.
        (left >= 1.0).then(|| {
            format!(
                "{}: {} of {} in {seconds:.0} s, about {left:.0} s left",
                self.what, self.done, self.total
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(total: usize, step: Duration) -> Vec<String> {
        let mut phase = Phase::new(total, "draws");
        let times = (1..=total).map(|i| step * u32::try_from(i).expect("small"));
        times.filter_map(|now| phase.step(now)).collect()
    }

    #[test]
    fn a_slow_phase_tells_every_tenth() {
        let lines = lines(20, Duration::from_secs(3));
        assert_eq!(lines.len(), 9);
        assert_eq!(lines[0], "draws: 2 of 20 in 6 s, about 54 s left");
    }

    #[test]
    fn a_middling_phase_tells_once_a_second_and_a_quick_one_nothing() {
        assert_eq!(lines(1000, Duration::from_millis(4)).len(), 3);
        assert!(lines(1000, Duration::from_micros(900)).is_empty());
    }

    #[test]
    fn counts_from_many_threads_and_past_the_end() {
        use rayon::prelude::*;
        let progress = Progress::silent();
        progress.start(50, "draws");
        (0..1000).into_par_iter().for_each(|_| progress.step());
        assert_eq!(progress.lock().done, 1000);
        progress.start(0, "nothing");
        progress.step();
        progress.finish();
    }
}
