//! Networks fit labels that mean nothing, with explicit regularisation too.

mod cells;
mod figure;
mod training;

use crate::data::{Dataset, Source};
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{About, Claim, Context, Draft, Findings, Study};
use crate::stats::{Estimate, largest, largest_distance, mean};
use cells::{Cell, Point, last, still_falling};
pub use training::RandomLabels;
use training::corrupted;

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

/// The same for the claims about differences between ways of training.
const GAIN_LEVEL: f64 = 0.01;

impl Study for RandomLabels {
    const ABOUT: About = About {
        id: "random_labels",
        title: "Random labels are fitted, also with weight decay and dropout",
        what: "Trains one network on digits, on digits with labels drawn anew, with shuffled pixels, with pixels shuffled in each image, \
               and on noise: all are fitted to the last label, and only the time differs. Then weight decay, dropout and shifted \
               images: they lower the test error on true labels, or do not; random labels are learned all the same.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"The mystery in deep learning\", \"Q4: Can SGD converge to \
                global minimizers?\"; CMSC 828W: \"DL Generalization\"; after Zhang, Bengio, Hardt, Recht & Vinyals 2017, \
                arXiv:1611.03530",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        for (what, list) in [
            ("corruption", &self.corruption),
            ("regulariser", &self.regulariser),
        ] {
            let again = |(at, name): (usize, &&str)| list[..at].contains(name);
            if list.iter().enumerate().any(again) {
                return Err(Error::domain(what, "each once", list.join(",")));
            }
        }
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let images = context.data.load()?;
        let (height, width, _) = images.shape;
        let side = (height / self.pool, width / self.pool);
        // Corruptions without regularisation; then true and random labels with each regulariser, to the last epoch.
        let mut places: Vec<(&str, &str, bool)> = self
            .corruption
            .iter()
            .map(|c| (*c, "none", false))
            .collect();
        for &regulariser in &self.regulariser {
            places.extend(
                ["none", "random_labels"].map(|corruption| (corruption, regulariser, true)),
            );
        }
        let runs = context.paired(
            "runs",
            &places,
            self.draws,
            seed,
            |&(how, regulariser, whole), draw| {
                let clean = digits.draw(draw.index)?.train;
                let train = corrupted(&clean, how, &mut draw.rng(how))?;
                let test = match how {
                    // The same permutation.
                    "shuffled_pixels" => corrupted(&digits.test, how, &mut draw.rng(how))?,
                    _ => Dataset::new(digits.test.x.clone(), digits.test.y.clone())?,
                };
                self.train(&train, &test, regulariser, side, !whole, draw)
            },
        )?;
        let cells = places
            .into_iter()
            .zip(runs)
            .map(|((corruption, regulariser, whole), runs)| Cell {
                corruption,
                regulariser,
                whole,
                runs,
            });
        let cells: Vec<Cell> = cells.collect();
        self.findings(&cells, digits.sizes().1, digits.mnist)
    }
}

impl RandomLabels {
    fn findings(&self, cells: &[Cell], classes: usize, mnist: bool) -> Result<Findings> {
        let points = cells.iter().map(|cell| {
            let fitted: Option<Vec<f64>> = cell
                .runs
                .iter()
                .map(|r| r.fitted.map(|e| e as f64))
                .collect();
            Ok(Point {
                corruption: cell.corruption,
                regulariser: cell.regulariser,
                train_error: Estimate::of(&cell.runs, last)?,
                test_error: Estimate::of(&cell.runs, |r| r.test_error)?,
                epochs: fitted.map(mean),
            })
        });
        let points = points.collect::<Result<Vec<Point>>>()?;
        let chance = 1.0 - 1.0 / classes as f64;
        let find = |corruption: &str, whole: bool, regulariser: &str| {
            cells.iter().find(|c| {
                c.corruption == corruption && c.whole == whole && c.regulariser == regulariser
            })
        };
        let stopped = || cells.iter().filter(|cell| !cell.whole);
        let falling = stopped().flat_map(|c| &c.runs).any(still_falling);
        let mut found = Findings::of(&points)
            .claim(Claim::at_most(
                "without regularisation every training set is fitted to the last label, whatever was done to its labels or pixels; largest \
                 training error at the end",
                0.0,
                largest(stopped().flat_map(|c| &c.runs).map(last)),
                0.0,
            ).against(chance, "labels that mean nothing are not learned")
            .not_measured_if(falling, "training ended while a training error still fell: set more epochs or a larger learning_rate")
            .headline());
        if let (Some(plain), Some(random)) = (
            find("none", false, "none"),
            find("random_labels", false, "none"),
        ) {
            let pairs = plain.runs.iter().zip(&random.runs);
            let slower: Option<Vec<f64>> = pairs
                .map(|(a, b)| Some((b.fitted? as f64 / a.fitted?.max(1) as f64).ln()))
                .collect();
            let missing = slower.is_none();
            let slower = match slower {
                Some(values) => Estimate::from_values(&values)?,
                None => Estimate {
                    mean: f64::NAN,
                    se: f64::NAN,
                    draws: self.draws,
                },
            };
            found = found
                .claim(Claim::positive("random labels take longer (trend): ln of the epochs to fit them over those of true labels", slower, GAIN_LEVEL)?)
                .measured_as("log_time_ratio")
                .not_measured_if(missing, "some training set was not fitted: set more epochs")
                .trend(mnist)
                .claim(Claim::mean_equals(
                    "random labels teach nothing: test error is chance, 1 − 1/k for labels drawn uniformly",
                    chance,
                    Estimate::of(&random.runs, |r| r.test_error)?,
                    0.0,
                    LEVEL,
                )?.against(Estimate::of(&plain.runs, |r| r.test_error)?.mean, "as with true labels"))
                .measured_as("random_test_error");
        }
        if let (Some(plain), Some(shuffled)) = (
            find("none", false, "none"),
            find("shuffled_pixels", false, "none"),
        ) {
            let pairs = plain.runs.iter().zip(&shuffled.runs);
            let change = Estimate::of(pairs, |(a, b)| b.test_error - a.test_error)?;
            let rival = chance - mean(plain.runs.iter().map(|r| r.test_error));
            found = found
                .claim(Claim::mean_equals(
                    "one permutation of all pixels changes nothing for a network that knows no neighbours: test error less that of \
                     the images as they are",
                    0.0,
                    change,
                    0.0,
                    LEVEL,
                )?.against(rival, "nothing learned"))
                .measured_as("shuffled_change");
        }
        for &regulariser in &self.regulariser {
            let Some(random) = find("random_labels", true, regulariser) else {
                continue;
            };
            let text = format!(
                "random labels with {regulariser} (trend): training error at the last epoch, nearer to 0 than to chance, mean over draws"
            );
            let end = Estimate::of(&random.runs, last)?.mean;
            // What is below the limit and falls stays below it.
            let open = end > chance / 2.0 && random.runs.iter().any(still_falling);
            found = found
                .claim(
                    Claim::at_most(&text, chance / 2.0, end, 0.0)
                        .against(chance, "labels that mean nothing are not learned"),
                )
                .not_measured_if(
                    open,
                    "training ended while the training error still fell: set more epochs or a larger learning_rate",
                )
                .trend(mnist);
        }
        let gains = self.gains(cells);
        Ok(self.gain_claims(found, &gains, mnist)?.figure(self.figure(
            Self::ABOUT.title,
            cells,
            &points,
            chance,
        )))
    }

    /// By how much each regulariser lowers the test error on true labels, where both networks were trained to the last epoch;
    /// draw by draw.
    fn gains(&self, cells: &[Cell]) -> Vec<(&'static str, Vec<f64>)> {
        let trained = |regulariser: &str| {
            cells
                .iter()
                .find(|c| c.whole && c.corruption == "none" && c.regulariser == regulariser)
        };
        let Some(plain) = trained("none") else {
            return Vec::new();
        };
        let others = self.regulariser.iter().filter(|r| **r != "none");
        let pairs = others.filter_map(|r| Some((*r, trained(r)?)));
        pairs
            .map(|(regulariser, with)| {
                let pairs = plain.runs.iter().zip(&with.runs);
                let gains = pairs.map(|(a, b)| a.test_error - b.test_error).collect();
                (regulariser, gains)
            })
            .collect()
    }

    fn gain_claims(
        &self,
        mut found: Draft,
        gains: &[(&'static str, Vec<f64>)],
        mnist: bool,
    ) -> Result<Draft> {
        let z = largest_distance(1, 2.0 * GAIN_LEVEL, Some(self.draws))?;
        let shifts = gains.iter().find(|(r, _)| *r == "augment");
        for (regulariser, values) in gains {
            let gain = Estimate::from_values(values)?;
            let (names, text) = match *regulariser {
                "augment" => (
                    ("gain_of_augment", "gain_of_augment_se"),
                    "true labels (trend): shifted images lower the test error; mean over draws",
                ),
                "dropout" => (
                    ("gain_of_dropout", "gain_of_dropout_se"),
                    "true labels (trend): shifted images lower the test error more than dropout does; mean over draws",
                ),
                _ => (
                    ("gain_of_decay", "gain_of_decay_se"),
                    "true labels (trend): shifted images lower the test error more than weight decay does; mean over draws",
                ),
            };
            found = found.measure(names.0, gain.mean).measure(names.1, gain.se);
            // What is compared with shifts: nothing, or another regulariser.
            let compared = match shifts {
                Some((own, _)) if own == regulariser => gain,
                Some((_, shifts)) => Estimate::of(shifts.iter().zip(values), |(a, b)| a - b)?,
                None => continue,
            };
            found = found
                .claim(Claim::positive(text, compared, GAIN_LEVEL)?)
                .not_measured_if(
                    compared.distance(0.0) <= z,
                    "chance alone could be that far from 0: set more draws, n or epochs",
                )
                .trend(mnist);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    /// A permutation keeps every image's pixels; one for all keeps distances between images too.
    #[test]
    fn corruptions_keep_what_they_say() {
        let rng = &mut stream(1, "corruptions", 0);
        let x = crate::data::synthetic::gaussian(6, 9, rng).expect("valid");
        let y = crate::data::one_hot(&[0, 1, 2, 0, 1, 2], 3).expect("valid");
        let clean = Dataset::new(x, y).expect("valid");
        let sorted = |row: ndarray::ArrayView1<'_, f64>| {
            let mut values = row.to_vec();
            values.sort_by(f64::total_cmp);
            values
        };
        let gram = |x: &ndarray::Array2<f64>| x.dot(&x.t());
        for how in [
            "none",
            "random_labels",
            "shuffled_pixels",
            "random_pixels",
            "noise",
        ] {
            let other = corrupted(&clean, how, rng).expect("valid");
            assert_eq!(other.x.dim(), (6, 9));
            assert!(other.y.rows().into_iter().all(|row| row.sum() == 1.0));
            if how != "noise" {
                for (a, b) in clean.x.rows().into_iter().zip(other.x.rows()) {
                    assert_eq!(sorted(a), sorted(b), "{how}");
                }
            }
            let distance = (&gram(&clean.x) - &gram(&other.x)).mapv(f64::abs).sum();
            assert_eq!(
                distance < 1e-9,
                !["random_pixels", "noise"].contains(&how),
                "{how}"
            );
        }
    }

    /// A bright pixel in the middle of both channels goes to one place of nine, the same in both.
    #[test]
    fn colours_are_shifted_together() {
        let rng = &mut stream(1, "shifts", 0);
        let mut x = ndarray::Array2::zeros((200, 18));
        x.column_mut(4).fill(1.0);
        x.column_mut(9 + 4).fill(2.0);
        training::shift(&mut x, (3, 3), rng);
        let mut seen = [0; 9];
        for row in x.rows() {
            let place = row.iter().position(|v| *v == 1.0).expect("inside");
            seen[place] += 1;
            assert_eq!((row[9 + place], row.sum()), (2.0, 3.0));
        }
        assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    }
}
