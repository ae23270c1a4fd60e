//! What runs: gradient descent on four points, all methods on points with one support vector, and random problems.

use ndarray::{Array2, array};

use super::limit::separator;
use super::problem::{Margins, Mark, Path, angle, path_of};
use super::settings::{ImplicitBias, Point};
use crate::data::Spectrum;
use crate::data::synthetic::gaussian_design;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::optimise::{AdaGrad, Adam, Optimiser, Schedule, SolveSettings};
use crate::real::norm;
use crate::stats::largest;

/// No ε that a gradient of these runs could come near.
const TINY: f64 = 1e-200;

/// A method on the points with one support vector.
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) path: Path,
    /// The direction theory predicts.
    pub(super) predicted: Vec<f64>,
}

/// A random problem at a thousandth of the steps and at the last: error and loss on fresh points.
pub(super) struct Fresh {
    pub(super) errors: [f64; 2],
    pub(super) losses: [f64; 2],
    pub(super) train_error: f64,
}

impl ImplicitBias {
    fn margins(&self, z: Array2<f64>) -> Margins {
        Margins {
            z,
            exponential: self.loss == "exponential",
        }
    }

    /// The points of the figure; two support them.
    pub(super) fn four_points(&self) -> Margins {
        self.margins(array![[0.5, 1.5], [1.5, 0.3], [2.5, 1.0], [1.0, 3.0]])
    }

    /// One supports these; early gradients are long in the first coordinate.
    pub(super) fn one_support(&self) -> Margins {
        self.margins(array![[0.5, 1.0], [6.0, 1.0], [6.0, 1.5], [4.0, 2.0]])
    }

    fn descent(&self, rule: Optimiser, rate: f64) -> SolveSettings {
        SolveSettings {
            rule,
            rate,
            steps: self.steps,
            ..SolveSettings::default()
        }
    }

    pub(super) fn on_four_points(&self, problem: &Margins) -> Result<Path> {
        let settings = self.descent(Optimiser::sgd(), self.learning_rate);
        path_of(problem, &[1.0, -0.2], &settings)
    }

    /// Gradient descent and the methods asked for, from 0.
    pub(super) fn methods(&self, problem: &Margins) -> Result<Vec<Method>> {
        let mut names = vec!["descent"];
        for name in &self.optimiser {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let method = |name| {
            let path = path_of(problem, &[0.0, 0.0], &self.settings_of(name))?;
            let predicted = match name {
                // In u_j = v_j^(1/4) w_j a step of AdaGrad is one of gradient descent, once v = Σg² has settled.
                "adagrad" => {
                    let scale: Vec<f64> = path.squares.iter().map(|v| v.powf(-0.25)).collect();
                    let mut scaled = self.margins(problem.z.clone());
                    for mut row in scaled.z.rows_mut() {
                        row.iter_mut().zip(&scale).for_each(|(z, s)| *z *= s);
                    }
                    let weights = separator(&scaled)?.weights;
                    weights.iter().zip(&scale).map(|(w, s)| w * s).collect()
                }
                // The largest margin by weights of which none is above 1: here the first point decides, z₁ > 0.
                "adam" => vec![1.0, 1.0],
                _ => separator(problem)?.weights.column(0).to_vec(),
            };
            Ok(Method {
                name,
                path,
                predicted,
            })
        };
        names.into_iter().map(method).collect()
    }

    fn settings_of(&self, name: &str) -> SolveSettings {
        match name {
            // Its velocity multiplies the rate by ten; a larger one carries w far to the side at first.
            "momentum" => self.descent(Optimiser::momentum(0.9), 0.005),
            "adagrad" => self.descent(Optimiser::AdaGrad(AdaGrad { epsilon: TINY }), 0.5),
            "adam" => SolveSettings {
                schedule: Schedule::InverseSqrt { scale: 1.0 },
                ..self.descent(
                    Optimiser::Adam(Adam {
                        beta2: 0.99,
                        epsilon: TINY,
                        ..Adam::default()
                    }),
                    0.1,
                )
            },
            _ => self.descent(Optimiser::sgd(), 0.2),
        }
    }

    /// Random problems, all separable: the label is the side of a hyperplane.
    pub(super) fn fresh(&self, seed: u64, context: &Context) -> Result<Vec<Fresh>> {
        context.draws("random problems", self.draws, seed, |draw| {
            self.fresh_one(draw)
        })
    }

    fn fresh_one(&self, draw: Draw) -> Result<Fresh> {
        let rng = &mut draw.rng("implicit bias");
        let variances = Spectrum::Power(1.0).eigenvalues(self.dim)?;
        let mut signed = |n: usize| -> Result<Margins> {
            let mut x = gaussian_design(n, &variances, rng)?;
            for mut row in x.rows_mut() {
                // The teacher weighs all inputs alike, in units of their standard deviations.
                let side: f64 = row.iter().zip(&variances).map(|(x, v)| x / v.sqrt()).sum();
                if side < 0.0 {
                    row.mapv_inplace(|x| -x);
                }
            }
            Ok(self.margins(x))
        };
        let (train, test) = (signed(self.n)?, signed(self.test)?);
        let longest = largest(train.z.rows().into_iter().map(|row| row.dot(&row)));
        // ℓ'' ≤ ¼ of the logistic loss, ≤ 1 of the exponential one on the way down from ℓ = 1.
        let curvature = if train.exponential {
            longest
        } else {
            longest / 4.0
        };
        let settings = self.descent(Optimiser::sgd(), 1.0 / curvature);
        let path = path_of(&train, &vec![0.0; self.dim], &settings)?;
        let error = |problem: &Margins, mark: &Mark| {
            let margins = problem.of(&mark.w);
            margins.iter().filter(|m| **m <= 0.0).count() as f64 / margins.len() as f64
        };
        let marks = [path.at(1e-3), path.at(1.0)];
        Ok(Fresh {
            errors: marks.map(|mark| error(&test, mark)),
            losses: marks.map(|mark| test.mean(&mark.w)),
            train_error: error(&train, marks[1]),
        })
    }
}

/// The marks of a method as rows; `eta` of gradient descent on four points.
pub(super) fn rows(
    points: &'static str,
    method: &'static str,
    problem: &Margins,
    path: &Path,
    direction: &[f64],
    eta: Option<f64>,
) -> Vec<Point> {
    let row = |mark: &Mark| {
        let (t, w) = (mark.step as f64, &mark.w);
        let loss = problem.mean(w);
        let [gap_l2, gap_max] = problem.gaps(w);
        let residual = residual(mark, direction);
        Point {
            points,
            method,
            step: mark.step,
            loss,
            norm: norm([w.as_slice()]),
            angle: angle(w, direction),
            residual: eta.map(|_| norm([residual.as_slice()])),
            scaled_loss: eta.map(|eta| eta * t * loss),
            gap_l2,
            gap_max,
        }
    };
    path.marks.iter().map(row).collect()
}

/// w − ŵ ln t.
pub(super) fn residual(mark: &Mark, direction: &[f64]) -> Vec<f64> {
    let log = (mark.step as f64).ln();
    mark.w
        .iter()
        .zip(direction)
        .map(|(w, d)| w - d * log)
        .collect()
}
