//! Double descent by step in linear regression: two scales of features, each with a U of its own.

mod figure;
mod landmarks;
mod points;
mod run;

use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::measure::stopped_risk;
use crate::stats::{Estimate, least};
use figure::figure;
use landmarks::Landmarks;
use points::Point;
pub use run::LinearEpochDoubleDescent;
use run::{KINDS, OneRun};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

impl Study for LinearEpochDoubleDescent {
    const ABOUT: About = About {
        id: "linear_epoch_double_descent",
        title: "Double descent by step: two scales of features",
        what: "Fits noisy linear labels by gradient descent. Many features have variance 1, a few a hundredth of it. Each group \
               has a U of its own in the number of steps, the small features a hundred times later: the sum falls, rises and \
               falls again, as its formula says at every step. Steps matched to the scales put both valleys in one place.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Double descent curve in practice (II)\", right: \
                varying train epochs; after Heckel & Yilmaz 2021, arXiv:2007.10099",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.fast + self.slow > self.n {
            let got = format!("{} + {}", self.fast, self.slow);
            let expected = format!("at most n = {} together", self.n);
            return Err(Error::domain("the features, fast + slow", expected, got));
        }
        let landmarks = Landmarks::of(&self.curve(false)?);
        let kept = self.kept(landmarks.as_ref());
        let draws = context.draws("draws", self.draws, seed, |draw| self.one_draw(&kept, draw))?;
        let mut points = Vec::new();
        for (at, kind) in KINDS.into_iter().enumerate() {
            for (place, &step) in kept.iter().enumerate() {
                points.push(Point {
                    kind,
                    step,
                    risk: Estimate::of(&draws, |d: &[OneRun; 3]| d[at][place])?,
                    predicted: self.predicted(kind == KINDS[2], step)?,
                });
            }
        }
        self.findings(&points, &kept, &draws, landmarks)
    }
}

impl LinearEpochDoubleDescent {
    /// The formula at every step from 0.
    fn curve(&self, equalised: bool) -> Result<Vec<f64>> {
        let steps = 0..=self.steps;
        steps.map(|t| self.predicted(equalised, t)).collect()
    }

    fn predicted(&self, equalised: bool, step: usize) -> Result<f64> {
        stopped_risk(&self.groups(equalised), self.noise_variance(), self.n, step)
    }

    fn findings(
        &self,
        points: &[Point],
        kept: &[usize],
        draws: &[[OneRun; 3]],
        landmarks: Option<Landmarks>,
    ) -> Result<Findings> {
        let of_kind = |at: usize| {
            points
                .iter()
                .filter(move |p| p.kind == KINDS[at] && p.step > 0)
        };
        let exact = |text: &str, at: usize| {
            let distances = of_kind(at).map(|p| p.risk.distance(p.predicted));
            Claim::all_within(text, distances, LEVEL, Some(self.draws))
        };
        let matched = self.curve(true)?;
        let found = Findings::of(points.iter())
            .claim(exact(
                "gradient descent on columns that do not mix has the risk of the formula, Σ s(1 − ηλ)^2t + σ²(p/n)(1 − (1 \
                 − ηλ)^t)², at every step looked at",
                0,
            )?)
            .claim(exact(
                "gradient descent with steps matched to the scales, ηλ the same for both groups, has the risk of its formula",
                2,
            )?)
            .measure("least_matched_risk", least(&matched));
        let (rows, why) = match landmarks {
            Some(landmarks) => (landmarks, ""),
            None => (
                Landmarks::NONE,
                "the formula has no second descent with these settings",
            ),
        };
        let missing = !why.is_empty();
        let place = |step: usize| {
            let place = kept.iter().position(|&k| k == step);
            place.expect("0 and the landmarks are among the steps kept")
        };
        let [valley, peak, second] = [rows.valley, rows.peak, rows.second].map(place);
        // The change between two steps, draw by draw.
        let change = |at: usize, from: usize, to: usize| {
            Estimate::of(draws, |d: &[OneRun; 3]| d[at][to] - d[at][from])
        };
        let theory = |from: usize, to: usize| -> Result<f64> {
            Ok(self.predicted(false, kept[to])? - self.predicted(false, kept[from])?)
        };
        let equals = |text: &str, from: usize, to: usize| -> Result<Claim> {
            let change = change(0, from, to)?;
            let claim = Claim::mean_equals(text, theory(from, to)?, change, 0.0, LEVEL)?;
            Ok(claim
                .against(0.0, "no change")
                .not_measured_if(missing, why))
        };
        let positive = |text: &str, from: usize, to: usize, sign: f64| -> Result<Claim> {
            let change = change(1, from, to)?;
            let gain = Estimate {
                mean: sign * change.mean,
                ..change
            };
            Ok(Claim::positive(text, gain, LEVEL)?.not_measured_if(missing, why))
        };
        let number = |step: usize| (!missing).then_some(step as f64);
        Ok(found
            .claim(Claim::less_than(
                "formula: steps matched to the scales reach a lower risk than any step of the others",
                least(&self.curve(false)?),
                least(&matched),
                0.0,
            ))
            .not_measured_if(missing, why)
            .claim(Claim::equals(
                "formula: with matched steps the risk has one valley",
                1.0,
                landmarks::valleys(&matched) as f64,
                0.0,
            ))
            .not_measured_if(missing, why)
            .claim(equals(
                "after its first valley the risk rises, by as much as the formula says: peak less valley",
                valley,
                peak,
            )?)
            .headline()
            .measured_as("rise")
            .claim(equals(
                "after its peak the risk falls a second time, by as much as the formula says: second valley less peak",
                peak,
                second,
            )?)
            .headline()
            .measured_as("second_fall")
            .claim(positive(
                "Gaussian columns, which mix a little: the risk rises after the first valley, between the same steps",
                valley,
                peak,
                1.0,
            )?)
            .claim(positive("Gaussian columns: the risk falls a second time after the peak", peak, second, -1.0)?)
            .measure_or("first_valley_step", number(rows.valley), why)
            .measure_or("peak_step", number(rows.peak), why)
            .measure_or("second_valley_step", number(rows.second), why)
            .measure("start_risk", self.predicted(false, 0)?)
            .measure_or("first_valley_risk", (!missing).then_some(self.predicted(false, rows.valley)?), why)
            .measure_or("peak_risk", (!missing).then_some(self.predicted(false, rows.peak)?), why)
            .measure_or("second_valley_risk", (!missing).then_some(self.predicted(false, rows.second)?), why)
            .figure(figure(self, points)?))
    }
}
