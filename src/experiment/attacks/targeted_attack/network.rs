//! A network, and attacks that want a class of it.

use ndarray::{Array1, Array2, Axis};

use super::settings::TargetedAttack;
use crate::attack::minimal::{Penalty, PenaltySettings, least_change, penalised};
use crate::attack::{NormBall, Objective, PgdSettings, Victim, pgd};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits};
use crate::experiment::{Context, row};
use crate::fit::train::{TrainSettings, train};
use crate::model::{Differentiable, Loss, Mlp, MlpSettings};
use crate::optimise::Norm;
use crate::rng::stream;
use crate::stats::{larger, largest, mean};

/// A step that is small enough for the loss to be straight.
const SMALL: f64 = 1e-6;

row! {
    /// One pair of classes.
    pub(super) struct Cell {
        /// true class of the images
        source: usize;
        /// class that is wanted
        target: usize;
        /// images attacked: right without attack
        images: usize;
        /// share taken for the target after the attack
        success: f64;
    }
}

/// The network and the images that are attacked.
pub(super) struct Problem {
    pub net: Mlp,
    pub classes: usize,
    /// Right without attack, the same number of each class where there are as many.
    pub chosen: Dataset,
    /// Their classes.
    pub labels: Vec<usize>,
    pub test_error: f64,
    /// (height, width) of the images; none for colours.
    pub shape: Option<(usize, usize)>,
    pub mnist: bool,
}

impl TargetedAttack {
    pub(super) fn problem(&self, seed: u64, context: &Context) -> Result<Problem> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let (d, classes) = digits.sizes();
        if self.target >= classes {
            let expected = format!("one of the {classes} classes, from 0");
            return Err(Error::domain("target", expected, self.target));
        }
        let net = Mlp::new(
            &MlpSettings::of_sizes(&[d, self.width, classes]),
            &mut stream(seed, "start", 0),
        )?;
        let settings = TrainSettings {
            epochs: self.epochs,
            batch: 20,
            record_every: self.epochs,
            ..TrainSettings::default()
        };
        let train_set = digits.draw(0)?.train;
        let rng = &mut stream(seed, "batches", 0);
        let net = train(&net, &train_set, None, &settings, rng)?.net;
        let class = |row: ndarray::ArrayView1<'_, f64>| first_largest(&row.to_vec());
        let outputs = net.forward(&digits.test.x)?;
        let (mut rows, mut labels, mut wrong) = (Vec::new(), Vec::new(), 0);
        let mut counts = vec![0; classes];
        for (at, (f, y)) in outputs
            .rows()
            .into_iter()
            .zip(digits.test.y.rows())
            .enumerate()
        {
            let label = class(y);
            if class(f) != label {
                wrong += 1;
            } else if counts[label] < self.images {
                counts[label] += 1;
                rows.push(at);
                labels.push(label);
            }
        }
        if rows.is_empty() {
            let expected = "so many that the network gets an image right";
            return Err(Error::domain("epochs", expected, self.epochs));
        }
        let images = context.data.load()?;
        let (height, width, channels) = images.shape;
        Ok(Problem {
            net,
            classes,
            chosen: digits.test.select(&rows)?,
            labels,
            test_error: wrong as f64 / digits.test.len() as f64,
            shape: (channels == 1).then_some((height / self.pool, width / self.pool)),
            mnist: digits.mnist,
        })
    }

    fn ball(&self) -> NormBall {
        NormBall::new(Norm::LInf, self.epsilon)
    }

    fn towards(&self, step: f64) -> PgdSettings {
        PgdSettings {
            steps: self.steps,
            step,
            objective: Objective::Towards(Loss::CrossEntropy),
            ..PgdSettings::default()
        }
    }

    /// Every image towards every other class.
    pub(super) fn matrix(&self, problem: &Problem, seed: u64, context: &Context) -> Result<Matrix> {
        let victim = problem.net.checked()?;
        let targets: Vec<usize> = (0..problem.classes).collect();
        let attacks = context.each("targets", targets, |target| {
            let y = one_class(problem.labels.len(), problem.classes, target);
            let rng = &mut stream(seed, "targets", target as u64);
            let found = pgd(
                &victim,
                &problem.chosen.x,
                &y,
                &self.ball(),
                &self.towards(self.epsilon / 4.0),
                rng,
            )?;
            Ok((found.fooled, found.inputs))
        })?;
        let (fooled, inputs): (Vec<_>, Vec<_>) = attacks.into_iter().unzip();
        let mut cells = Vec::new();
        for source in 0..problem.classes {
            for target in (0..problem.classes).filter(|target| *target != source) {
                let own = problem.labels.iter().zip(&fooled[target]);
                let own: Vec<f64> = own
                    .filter(|(label, _)| **label == source)
                    .map(|(_, fooled)| f64::from(*fooled))
                    .collect();
                if !own.is_empty() {
                    cells.push(Cell {
                        source,
                        target,
                        images: own.len(),
                        success: mean(own),
                    });
                }
            }
        }
        let any = (0..problem.labels.len()).map(|row| {
            let other = |target: usize| target != problem.labels[row] && fooled[target][row];
            f64::from((0..problem.classes).any(other))
        });
        let beyond = inputs.iter().flat_map(|z| {
            let pairs = z.iter().zip(&problem.chosen.x);
            let over =
                pairs.map(|(z, x)| larger((z - x).abs() - self.epsilon, larger(-z, z - 1.0)));
            over.collect::<Vec<f64>>()
        });
        Ok(Matrix {
            any: mean(any),
            beyond: largest(beyond.collect::<Vec<f64>>()),
            cells,
            inputs,
        })
    }

    /// What one small step does to the target's loss: the change over α‖∇L‖_1, the mean over images that are not of the class, for
    /// x + α sign ∇L and x − α sign ∇L.
    pub(super) fn small_steps(&self, problem: &Problem) -> Result<[f64; 2]> {
        let victim = problem.net.checked()?;
        let others = problem.without(self.target)?;
        let y = one_class(others.nrows(), problem.classes, self.target);
        let objective = Objective::Loss(Loss::CrossEntropy);
        let here = victim.ascent(&others, &y, objective)?;
        let signs = here
            .gradient
            .mapv(|g| if g == 0.0 { 0.0 } else { g.signum() });
        let along = |alpha: f64| -> Result<f64> {
            let there = victim.ascent(&(&others + &(&signs * alpha)), &y, objective)?;
            let slopes = here
                .gradient
                .rows()
                .into_iter()
                .zip(&here.values)
                .zip(&there.values);
            // Where no unit is active there is no way up or down.
            Ok(mean(slopes.filter_map(|((g, a), b)| {
                let size: f64 = g.iter().map(|g| g.abs()).sum();
                (size > 0.0).then(|| (b - a) / (alpha.abs() * size))
            })))
        };
        Ok([along(SMALL)?, along(-SMALL)?])
    }

    /// The share taken for the target, at the end of the slide's iteration with its plus sign, with a minus sign, and with steps of
    /// ε/4.
    pub(super) fn iterations(&self, problem: &Problem, seed: u64) -> Result<Iterations> {
        let victim = problem.net.checked()?;
        let others = problem.without(self.target)?;
        let y = one_class(others.nrows(), problem.classes, self.target);
        let last = |sign: f64, step: f64| -> Result<Vec<f64>> {
            let mut z = others.clone();
            let mut shares = Vec::new();
            for k in 0..=self.steps {
                let here = victim.ascent(&z, &y, Objective::Loss(Loss::CrossEntropy))?;
                let wanted = here
                    .outputs
                    .rows()
                    .into_iter()
                    .map(|f| f64::from(first_largest(&f.to_vec()) == self.target));
                shares.push(mean(wanted));
                if k < self.steps {
                    ndarray::Zip::from(&mut z)
                        .and(&others)
                        .and(&here.gradient)
                        .for_each(|z, x, g| {
                            let moved = *z + sign * step * if *g == 0.0 { 0.0 } else { g.signum() };
                            let low = larger(x - self.epsilon, 0.0);
                            let high = crate::stats::smaller(x + self.epsilon, 1.0);
                            *z = moved.clamp(low, high);
                        });
                }
            }
            Ok(shares)
        };
        let rng = &mut stream(seed, "iterations", 0);
        let settings = PgdSettings {
            restarts: 3,
            ..self.towards(self.epsilon / 4.0)
        };
        Ok(Iterations {
            plus: last(1.0, self.epsilon)?,
            minus: last(-1.0, self.epsilon)?,
            quarter: last(-1.0, self.epsilon / 4.0)?,
            best: pgd(&victim, &others, &y, &self.ball(), &settings, rng)?.success(),
        })
    }

    /// The least ℓ2-changes towards the target that both forms find, of images for which both find one.
    pub(super) fn least_changes(&self, problem: &Problem, seed: u64) -> Result<Vec<(f64, f64)>> {
        let victim = problem.net.checked()?;
        let others = problem.without(self.target)?;
        let y = one_class(others.nrows(), problem.classes, self.target);
        let budgets: Vec<f64> = (0..8)
            .map(|i| 0.25 * 2.0_f64.powf(0.5 * f64::from(i)))
            .collect();
        let ball = NormBall::new(Norm::L2, 1.0);
        let rng = &mut stream(seed, "least", 0);
        let settings = self.towards(0.25);
        let bisected = least_change(&victim, &others, &y, (ball, &budgets), &settings, rng)?;
        let mut shortest: Vec<Option<f64>> = vec![None; others.nrows()];
        for weight in [0.5, 2.0] {
            let settings = PenaltySettings {
                norm: Norm::L2,
                weight,
                penalty: Penalty::Towards,
                rate: 0.1,
                steps: 10 * self.steps,
                range: Some((0.0, 1.0)),
            };
            let found = penalised(&victim, &others, &y, &settings)?.least.sizes;
            for (old, new) in shortest.iter_mut().zip(found) {
                *old = match (*old, new) {
                    (Some(a), Some(b)) => Some(crate::stats::smaller(a, b)),
                    (a, b) => a.or(b),
                };
            }
        }
        let pairs = bisected.sizes.into_iter().zip(shortest);
        Ok(pairs.filter_map(|(a, b)| Some((a?, b?))).collect())
    }
}

/// Success of every source and target.
pub(super) struct Matrix {
    pub cells: Vec<Cell>,
    /// The share of images taken for some other class by one of the attacks.
    pub any: f64,
    /// The most any pixel is beyond ε or outside [0, 1].
    pub beyond: f64,
    /// The attacked images, by target.
    pub inputs: Vec<Array2<f64>>,
}

/// The share taken for the target after each step.
pub(super) struct Iterations {
    pub plus: Vec<f64>,
    pub minus: Vec<f64>,
    pub quarter: Vec<f64>,
    /// By projected ascent with three starts, the best point kept.
    pub best: f64,
}

impl Problem {
    /// The images that are not of this class.
    fn without(&self, class: usize) -> Result<Array2<f64>> {
        let rows: Vec<usize> = (0..self.labels.len())
            .filter(|row| self.labels[*row] != class)
            .collect();
        if rows.is_empty() {
            let expected = "another class than that of the only images the network gets right";
            return Err(Error::domain("target", expected, class));
        }
        Ok(self.chosen.x.select(Axis(0), &rows))
    }
}

fn one_class(n: usize, classes: usize, class: usize) -> Array2<f64> {
    let mut y = Array2::zeros((n, classes));
    y.column_mut(class).fill(1.0);
    y
}

/// The class that outputs say.
fn first_largest(f: &[f64]) -> usize {
    let best = (0..f.len()).reduce(|best, j| if f[j] > f[best] { j } else { best });
    best.unwrap_or(0)
}

/// An image of a row.
pub(super) fn image(row: &Array1<f64>, (height, width): (usize, usize)) -> Array2<f64> {
    Array2::from_shape_fn((height, width), |(r, c)| row[r * width + c])
}
