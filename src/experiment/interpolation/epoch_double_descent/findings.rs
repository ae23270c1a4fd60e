//! The table, the claims and the picture of an epoch run.

use super::{EpochDoubleDescent, OneRun};
use crate::error::Result;
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, largest};

/// Standard errors that a difference must exceed.
const CERTAIN: f64 = 3.0;

/// Everything a run computed.
pub(super) struct Results<'a> {
    pub settings: &'a EpochDoubleDescent,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub epochs: Vec<usize>,
    /// By width, then with noise before without, then by run.
    pub runs: Vec<OneRun>,
}

impl OneRun {
    /// The recorded epoch with the least error on the digits set apart to choose it.
    fn stop(&self) -> usize {
        let each = self.choosing.iter().enumerate();
        let least = each.min_by(|a, b| a.1.total_cmp(b.1));
        least.map_or(0, |(index, _)| index)
    }

    /// What stopping there saves of the test error of the last epoch.
    fn saved(&self) -> f64 {
        self.test
            .last()
            .map_or(f64::NAN, |last| last - self.test[self.stop()])
    }

    /// How much of the changed labels is learnt after stopping would have ended the run.
    fn learnt_late(&self) -> f64 {
        let last = self.learnt.last();
        last.map_or(f64::NAN, |last| last - self.learnt[self.stop()])
    }
}

fn estimate(runs: &[OneRun], of: impl Fn(&OneRun) -> f64) -> Result<Estimate> {
    Estimate::from_values(&runs.iter().map(of).collect::<Vec<f64>>())
}

impl Results<'_> {
    /// The runs of width number `width`.
    fn of(&self, width: usize, noise: bool) -> &[OneRun] {
        let count = self.settings.runs;
        let start = (2 * width + usize::from(!noise)) * count;
        &self.runs[start..start + count]
    }

    fn curve(
        &self,
        width: usize,
        noise: bool,
        of: impl Fn(&OneRun) -> &Vec<f64>,
    ) -> Result<Vec<Estimate>> {
        (0..self.epochs.len())
            .map(|at| {
                estimate(self.of(width, noise), |run| {
                    of(run).get(at).copied().unwrap_or(f64::NAN)
                })
            })
            .collect()
    }
}

pub(super) fn findings(results: &Results<'_>) -> Result<Findings> {
    Ok(Findings {
        measured: measured(results)?,
        claims: claims(results)?,
        table: table(results)?,
        figure: figure(results)?,
    })
}

fn measured(results: &Results<'_>) -> Result<Measured> {
    let mut measured = Measured::default();
    let per_width =
        |of: &dyn Fn(usize) -> Result<f64>| (0..3).map(of).collect::<Result<Vec<f64>>>();
    let mean = |w: usize, of: &dyn Fn(&OneRun) -> f64| Ok(estimate(results.of(w, true), of)?.mean);
    let stop = |run: &OneRun| results.epochs[run.stop()] as f64;
    let last = |of: &[f64]| of.last().copied().unwrap_or(f64::NAN);
    measured.insert("stopping_epoch", per_width(&|w| mean(w, &stop))?);
    measured.insert(
        "stopped_test_error",
        per_width(&|w| mean(w, &|r| r.test[r.stop()]))?,
    );
    measured.insert(
        "last_test_error",
        per_width(&|w| mean(w, &|r| last(&r.test)))?,
    );
    measured.insert(
        "last_train_error",
        per_width(&|w| mean(w, &|r| last(&r.train)))?,
    );
    measured.insert(
        "last_learnt",
        per_width(&|w| mean(w, &|r| last(&r.learnt)))?,
    );
    // The largest mean test error after the stopping epoch, less that of the last epoch.
    let second = |w: usize| -> Result<f64> {
        let curve = results.curve(w, true, |run| &run.test)?;
        let least = curve
            .iter()
            .enumerate()
            .min_by(|a, b| a.1.mean.total_cmp(&b.1.mean));
        let from = least.map_or(0, |(index, _)| index);
        let peak = largest(curve[from..].iter().map(|e| e.mean));
        Ok(peak - curve.last().map_or(f64::NAN, |e| e.mean))
    };
    measured.insert("second_descent", per_width(&second)?);
    Ok(measured)
}

fn claims(results: &Results<'_>) -> Result<Claims> {
    let mut claims = Claims::default();
    let (widest, noise) = (2, results.settings.label_noise);
    let (noisy, clean) = (results.of(widest, true), results.of(widest, false));
    let beyond = |text: &str, gain: Estimate| {
        Claim::greater_than(text, CERTAIN * gain.se, gain.mean, 0.0).trend(results.mnist)
    };
    claims.push(beyond(
        "early stopping beats the last epoch for the widest network with label noise (trend): test error saved, against 3 s.e. \
         (the epoch is chosen on other digits)",
        estimate(noisy, OneRun::saved)?,
    ));
    claims.push(beyond(
        "after that epoch it still learns changed labels (trend): rise of the share given back, against 3 s.e.",
        estimate(noisy, OneRun::learnt_late)?,
    ));
    let pairs: Vec<f64> = noisy
        .iter()
        .zip(clean)
        .map(|(noisy, clean)| noisy.saved() - clean.saved())
        .collect();
    claims.push(beyond(
        "without label noise early stopping saves less (trend): difference between runs with and without, against 3 s.e.",
        Estimate::from_values(&pairs)?,
    ));
    let last =
        |runs: &[OneRun]| estimate(runs, |run| run.train.last().copied().unwrap_or(f64::NAN));
    claims.push(
        Claim::less_than(
            "the widest network ends below the share of changed labels in training error (trend), so it knows some by heart",
            noise,
            last(noisy)?.mean,
            0.0,
        )
        .trend(results.mnist),
    );
    Ok(claims)
}

fn table(results: &Results<'_>) -> Result<Table> {
    let mut table = Table::new(EpochDoubleDescent::ABOUT.columns);
    for (w, &width) in results.settings.width.iter().enumerate() {
        for noise in [true, false] {
            let test = results.curve(w, noise, |run| &run.test)?;
            let train = results.curve(w, noise, |run| &run.train)?;
            let learnt = match noise {
                true => Some(results.curve(w, noise, |run| &run.learnt)?),
                false => None,
            };
            for (at, &epoch) in results.epochs.iter().enumerate() {
                table.push(vec![
                    width.into(),
                    if noise {
                        results.settings.label_noise
                    } else {
                        0.0
                    }
                    .into(),
                    epoch.into(),
                    test[at].mean.into(),
                    test[at].se.into(),
                    train[at].mean.into(),
                    learnt.as_ref().map_or(f64::NAN, |l| l[at].mean).into(),
                ])?;
            }
        }
    }
    Ok(table)
}

fn figure(results: &Results<'_>) -> Result<Figure> {
    let epochs: Vec<f64> = results.epochs.iter().map(|e| *e as f64).collect();
    let means = |curve: Vec<Estimate>| curve.iter().map(|e| e.mean).collect::<Vec<f64>>();
    let mut figure = Figure::new("Test error by epoch with label noise");
    for (w, width) in results.settings.width.iter().enumerate() {
        let stops = results.of(w, true).iter();
        let mut stops: Vec<usize> = stops.map(|run| results.epochs[run.stop()]).collect();
        stops.sort_unstable();
        let panel = Panel::new("epochs", "share of digits or labels")
            .title(&format!("{width} hidden units"))
            .log_x()
            .line(
                "test error",
                &epochs,
                &means(results.curve(w, true, |r| &r.test)?),
            )
            .color(1)
            .line(
                "test error, no noise",
                &epochs,
                &means(results.curve(w, false, |r| &r.test)?),
            )
            .color(1)
            .dashed()
            .line(
                "training error",
                &epochs,
                &means(results.curve(w, true, |r| &r.train)?),
            )
            .color(0)
            .line(
                "changed labels learnt",
                &epochs,
                &means(results.curve(w, true, |r| &r.learnt)?),
            )
            .color(2)
            .vertical(stops[stops.len() / 2] as f64, "");
        figure = figure.panel(panel);
    }
    Ok(figure.shared_legend().share_y().caption(&format!(
        "Means over {} runs of n = {} digits, {} % of labels changed. Vertical: the median epoch early stopping chooses.",
        results.settings.runs,
        results.settings.n,
        100.0 * results.settings.label_noise
    )))
}
