//! Two classes on a line: thresholds, which are poor, and nearest neighbours, which fit anything.

use ndarray::Array2;
use rand::RngExt;

use super::settings::{Class, Rademacher};
use crate::data::synthetic::{random_signs, uniform_cube};
use crate::error::Result;
use crate::fit::knn_regression;
use crate::measure::{
    finite_class_complexity, learned_complexity, threshold_complexity, threshold_patterns,
};
use crate::rng::{Rng, stream};
use crate::stats::{Estimate, larger, largest, parallel_draws, smaller};

/// Points in \[−1, 1\], increasing, with labels ±1.
pub(super) struct Sample {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    /// Which labels are wrong.
    pub wrong: Vec<bool>,
}

/// A step: −side left of `at`, side right of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Threshold {
    pub at: f64,
    pub side: f64,
    /// The share of training labels it gets wrong.
    pub train_error: f64,
}

/// What is found on the line.
pub(super) struct Line {
    /// The thresholds.
    pub poor: Class,
    /// Nearest neighbours, by fitting signs.
    pub rich: Class,
    /// Over training sets: errors of the best threshold and of the nearest neighbour.
    pub poor_train: Estimate,
    pub poor_test: Estimate,
    pub rich_test: Estimate,
    /// The largest test error minus training error over all thresholds: of each training set, and the mean.
    pub gaps: Vec<f64>,
    pub gap: Estimate,
    /// One sample with random signs, one with noisy labels.
    pub random: Sample,
    pub noisy: Sample,
}

impl Rademacher {
    pub(super) fn line(&self, seed: u64) -> Result<Line> {
        let (n, count) = (self.line_n, 2 * self.line_n);
        let patterns = threshold_patterns(n)?;
        let draw = |rng: &mut Rng| Sample::noisy(n, self.label_noise, rng);
        let all = parallel_draws(self.line_draws, seed, "line", |rng| {
            let sample = draw(rng)?;
            let best = sample.best_threshold();
            Ok([
                best.train_error,
                self.risk(best.wrong_share()),
                self.risk(sample.nearest_wrong_share()),
                sample.largest_gap(self.label_noise),
            ])
        })?;
        let column = |i: usize| all.iter().map(|draw| draw[i]).collect::<Vec<f64>>();
        let mean = |i: usize| Estimate::from_values(&column(i));
        let inputs = uniform_cube(n, 1, &mut stream(seed, "line inputs", 0))?;
        let nearest =
            |x: &Array2<f64>, signs: &Array2<f64>, _: &mut Rng| knn_regression(x, signs, x, 1);
        Ok(Line {
            poor: Class {
                class: "thresholds",
                n,
                functions: Some(count),
                measured: finite_class_complexity(&patterns, self.line_draws, seed)?,
                exact: threshold_complexity(n)?,
                lower: None,
                upper: Some((2.0 * (count as f64).ln() / n as f64).sqrt()),
            },
            rich: Class {
                class: "nearest",
                n,
                functions: None,
                measured: learned_complexity(&nearest, &inputs, 200, seed)?,
                exact: 1.0,
                lower: None,
                upper: None,
            },
            poor_train: mean(0)?,
            poor_test: mean(1)?,
            rich_test: mean(2)?,
            gaps: column(3),
            gap: mean(3)?,
            random: Sample::random(n, &mut stream(seed, "picture", 0))?,
            noisy: draw(&mut stream(seed, "picture", 1))?,
        })
    }

    /// The error against noisy labels of a function that differs from the clean ones on this share of the line.
    fn risk(&self, share: f64) -> f64 {
        self.label_noise + (1.0 - 2.0 * self.label_noise) * share
    }
}

impl Sample {
    /// Points uniform in \[−1, 1\].
    fn points(n: usize, rng: &mut Rng) -> Result<Vec<f64>> {
        let mut x: Vec<f64> = uniform_cube(n, 1, rng)?
            .iter()
            .map(|u| 2.0 * u - 1.0)
            .collect();
        x.sort_by(f64::total_cmp);
        Ok(x)
    }

    fn random(n: usize, rng: &mut Rng) -> Result<Self> {
        let x = Self::points(n, rng)?;
        let y = random_signs(n, rng)?.iter().copied().collect();
        let wrong = vec![false; n];
        Ok(Self { x, y, wrong })
    }

    /// Labels sign(x), each wrong with probability `noise`.
    fn noisy(n: usize, noise: f64, rng: &mut Rng) -> Result<Self> {
        let x = Self::points(n, rng)?;
        let wrong: Vec<bool> = x.iter().map(|_| rng.random::<f64>() < noise).collect();
        let label = |(x, wrong): (&f64, &bool)| if (*x < 0.0) == *wrong { 1.0 } else { -1.0 };
        let y = x.iter().zip(&wrong).map(label).collect();
        Ok(Self { x, y, wrong })
    }

    /// Every threshold that differs on the points: where it may stand, its side, its training error.
    fn thresholds(&self) -> Vec<(f64, f64, Threshold)> {
        let n = self.x.len();
        let mut found = Vec::with_capacity(2 * n + 2);
        // Mistakes of −1 on the first k points and +1 on the others.
        let mut mistakes = self.y.iter().filter(|y| **y < 0.0).count();
        for k in 0..=n {
            let left = if k == 0 { -1.0 } else { self.x[k - 1] };
            let right = if k == n { 1.0 } else { self.x[k] };
            for (side, count) in [(1.0, mistakes), (-1.0, n - mistakes)] {
                let step = Threshold {
                    at: f64::midpoint(left, right),
                    side,
                    train_error: count as f64 / n as f64,
                };
                found.push((left, right, step));
            }
            match self.y.get(k) {
                Some(y) if *y < 0.0 => mistakes -= 1,
                Some(_) => mistakes += 1,
                None => {}
            }
        }
        found
    }

    /// The threshold with the fewest mistakes; of several the leftmost.
    pub(super) fn best_threshold(&self) -> Threshold {
        let mut best = Threshold {
            at: -1.0,
            side: 1.0,
            train_error: f64::INFINITY,
        };
        for (_, _, step) in self.thresholds() {
            if step.train_error < best.train_error {
                best = step;
            }
        }
        best
    }

    /// sup over all thresholds of test error − training error, test errors with labels sign(x) of which a share
    /// `noise` is wrong.
    fn largest_gap(&self, noise: f64) -> f64 {
        let gap = |(left, right, step): (f64, f64, Threshold)| {
            // Between two points the training error stays; the test error is largest at an end or, for a step
            // that looks the wrong way, nearest to 0.
            let worst = match step.side > 0.0 {
                true => larger(left.abs(), right.abs()),
                false if left < 0.0 && right > 0.0 => 0.0,
                false => smaller(left.abs(), right.abs()),
            };
            let share = Threshold { at: worst, ..step }.wrong_share();
            noise + (1.0 - 2.0 * noise) * share - step.train_error
        };
        let all = self.thresholds().into_iter().map(gap);
        largest(all)
    }

    /// Where the nearest neighbour changes: the intervals of \[−1, 1\] and their labels.
    pub(super) fn cells(&self) -> Vec<(f64, f64, f64)> {
        let n = self.x.len();
        let between = |k: usize| f64::midpoint(self.x[k], self.x[k + 1]);
        let cell = |k: usize| {
            let left = if k == 0 { -1.0 } else { between(k - 1) };
            let right = if k + 1 == n { 1.0 } else { between(k) };
            (left, right, self.y[k])
        };
        (0..n).map(cell).collect()
    }

    /// The share of \[−1, 1\] on which the nearest neighbour's label is not sign(x).
    fn nearest_wrong_share(&self) -> f64 {
        let wrong = |(left, right, label): (f64, f64, f64)| match label > 0.0 {
            true => smaller(right, 0.0) - smaller(left, 0.0),
            false => larger(right, 0.0) - larger(left, 0.0),
        };
        self.cells().into_iter().map(wrong).sum::<f64>() / 2.0
    }
}

impl Threshold {
    /// The share of \[−1, 1\] on which the step is not sign(x).
    fn wrong_share(&self) -> f64 {
        let between = self.at.abs() / 2.0;
        if self.side > 0.0 {
            between
        } else {
            1.0 - between
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(x: &[f64], y: &[f64]) -> Sample {
        Sample {
            x: x.to_vec(),
            y: y.to_vec(),
            wrong: vec![false; x.len()],
        }
    }

    #[test]
    fn steps_by_hand() {
        let three = sample(&[-0.5, 0.1, 0.7], &[-1.0, -1.0, 1.0]);
        let best = three.best_threshold();
        assert_eq!((best.train_error, best.side), (0.0, 1.0));
        assert!((best.at - 0.4).abs() < 1e-15 && (best.wrong_share() - 0.2).abs() < 1e-15);
        // Cells: −1 up to −0.2, −1 up to 0.4, +1 after: wrong on (0, 0.4).
        assert!((three.nearest_wrong_share() - 0.2).abs() < 1e-15);
        // Nothing is noisy: −1 from −0.5 on is wrong on 3/4 of the line but at one point only.
        assert!((three.largest_gap(0.0) - (0.75 - 1.0 / 3.0)).abs() < 1e-15);
    }

    /// No threshold on a fine grid has a larger gap, and one comes close.
    #[test]
    fn the_largest_gap_is_largest() {
        for index in 0..20 {
            let sample = Sample::noisy(9, 0.2, &mut stream(1, "gap", index)).expect("valid");
            let most = sample.largest_gap(0.2);
            let mut seen = f64::NEG_INFINITY;
            for i in 0..=20_000 {
                let at = f64::from(i) / 10_000.0 - 1.0;
                for side in [1.0, -1.0] {
                    let h = |x: f64| if x >= at { side } else { -side };
                    let pairs = sample.x.iter().zip(&sample.y);
                    let mistakes = pairs.filter(|(x, y)| h(**x) != **y).count() as f64;
                    let share = Threshold {
                        at,
                        side,
                        train_error: 0.0,
                    }
                    .wrong_share();
                    seen = larger(seen, 0.2 + 0.6 * share - mistakes / 9.0);
                }
            }
            assert!(seen <= most + 1e-12 && seen > most - 1e-3, "{seen} {most}");
        }
    }

    #[test]
    fn labels_follow_the_sign_unless_wrong() {
        let sample = Sample::noisy(200, 0.3, &mut stream(1, "labels", 0)).expect("valid");
        assert!(sample.x.windows(2).all(|pair| pair[0] < pair[1]));
        for ((x, y), wrong) in sample.x.iter().zip(&sample.y).zip(&sample.wrong) {
            assert_eq!(x.signum() == *y, !wrong);
        }
        let wrong = sample.wrong.iter().filter(|wrong| **wrong).count();
        assert!((30..=90).contains(&wrong), "{wrong}");
    }
}
