//! One defence at one ε under five attacks.

use ndarray::{Array1, Array2, ArrayRef2, Axis};
use rand::RngExt;

use super::settings::MaskedGradients;
use crate::attack::{
    Backward, NormBall, Objective, PgdSettings, Quantised, QuerySettings, Randomised, Victim,
    coordinate_search, fgsm, pgd,
};
use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::{Draw, row};
use crate::model::differentiate::Checked;
use crate::model::{Differentiable, Loss, Mlp};
use crate::optimise::Norm;
use crate::rng::stream;
use crate::stats::{larger, mean};

/// What an attack makes large.
const OBJECTIVE: Objective = Objective::Loss(Loss::CrossEntropy);

row! {
    /// One attack on one defence.
    pub(super) struct Point {
        /// quantise or random
        defence: &'static str;
        /// plain, by the defence's own gradient; one step of it; adaptive; black box; undefended: the adaptive attack on the classifier alone;
        /// plain and adaptive without a bound, ε = 1
        attack: &'static str;
        /// largest change of a pixel
        epsilon: f64;
        /// share of test images told right afterwards; of the random defence, over fresh noise
        accuracy: f64;
    }
}

/// One attack on one defence.
pub(super) struct Cell {
    pub defence: &'static str,
    pub attack: &'static str,
    pub epsilon: f64,
    /// Of each test image, the share of judgements that are wrong: 0 or 1 without noise.
    pub fooled: Vec<f64>,
    /// The same of the clean images.
    pub clean: Vec<f64>,
    /// The largest way of a pixel over ε.
    pub spent: f64,
}

impl Cell {
    pub(super) fn accuracy(&self) -> f64 {
        1.0 - mean(self.fooled.iter().copied())
    }

    pub(super) fn point(&self) -> Point {
        Point {
            defence: self.defence,
            attack: self.attack,
            epsilon: self.epsilon,
            accuracy: self.accuracy(),
        }
    }
}

/// A classifier, its test images, and what is tried.
pub(super) struct Defended<'a> {
    pub settings: &'a MaskedGradients,
    pub net: &'a Mlp,
    pub test: &'a Dataset,
    pub seed: u64,
}

impl Defended<'_> {
    /// Every attack on this defence at this ε; without one, by the gradients alone at ε = 1, which makes any image of any other.
    pub(super) fn attacked(
        &self,
        defence: &'static str,
        epsilon: Option<f64>,
        index: u64,
    ) -> Result<Vec<Cell>> {
        let bounded = epsilon.is_some();
        let epsilon = epsilon.unwrap_or(1.0);
        let net = self.net.checked()?;
        let draw = Draw::new(self.seed, index);
        let noise = |draws, what: u64| {
            let key = stream(self.seed, "masked: noise", 10 * index + what).random();
            Randomised::new(net, self.settings.sigma, draws, key)
        };
        let rounding = |backward| Quantised {
            inner: net,
            levels: self.settings.levels,
            backward,
        };
        let made = match defence {
            "quantise" => {
                let (plain, adaptive) = (
                    rounding(Backward::Exact),
                    rounding(Backward::StraightThrough),
                );
                self.made(&plain, &adaptive, (epsilon, bounded), draw)?
            }
            _ => {
                let (plain, adaptive) = (noise(1, 0)?, noise(self.settings.draws, 1)?);
                self.made(&plain, &adaptive, (epsilon, bounded), draw)?
            }
        };
        // Each set of inputs is judged by noise of its own draws, the same for all.
        let judged = |z: &Array2<f64>| -> Result<Vec<f64>> {
            let (y, draws) = (&self.test.y, self.settings.judged);
            match defence {
                "quantise" => {
                    let fooled = OBJECTIVE.fooled(&rounding(Backward::Exact).outputs(z)?, y)?;
                    Ok(fooled.into_iter().map(f64::from).collect())
                }
                _ => Ok(noise(1, 2)?.share_fooled(z, y, OBJECTIVE, draws)?.to_vec()),
            }
        };
        let clean = judged(&self.test.x)?;
        let mut cells = Vec::new();
        for (attack, z) in made {
            cells.push(Cell {
                defence,
                attack,
                epsilon,
                fooled: judged(&z)?,
                clean: clean.clone(),
                spent: self.spent(&z) / epsilon,
            });
        }
        if !bounded {
            return Ok(cells);
        }
        let alone = |z: &Array2<f64>| -> Result<Vec<f64>> {
            let fooled = OBJECTIVE.fooled(&net.outputs(z)?, &self.test.y)?;
            Ok(fooled.into_iter().map(f64::from).collect())
        };
        let z = self.undefended(net, epsilon, draw)?;
        cells.push(Cell {
            defence,
            attack: "undefended",
            epsilon,
            fooled: alone(&z)?,
            clean: alone(&self.test.x)?,
            spent: self.spent(&z) / epsilon,
        });
        Ok(cells)
    }

    fn how(&self, epsilon: f64) -> PgdSettings {
        PgdSettings {
            steps: self.settings.steps,
            step: 2.5 * epsilon / self.settings.steps as f64,
            objective: OBJECTIVE,
            ..PgdSettings::default()
        }
    }

    fn undefended(&self, net: Checked<'_, Mlp>, epsilon: f64, draw: Draw) -> Result<Array2<f64>> {
        let ball = NormBall::new(Norm::LInf, epsilon);
        let rng = &mut draw.rng("masked: undefended");
        Ok(pgd(
            &net,
            &self.test.x,
            &self.test.y,
            &ball,
            &self.how(epsilon),
            rng,
        )?
        .inputs)
    }

    /// The inputs that each attack makes: by the plain gradient, by the adaptive one, by scores of the adaptive model.
    fn made(
        &self,
        plain: &impl Victim<f64>,
        adaptive: &impl Victim<f64>,
        (epsilon, bounded): (f64, bool),
        draw: Draw,
    ) -> Result<Vec<(&'static str, Array2<f64>)>> {
        let (x, y) = (&self.test.x, &self.test.y);
        let (ball, how) = (NormBall::new(Norm::LInf, epsilon), self.how(epsilon));
        let asked = QuerySettings {
            epsilon,
            queries: self.settings.queries,
            ..QuerySettings::default()
        };
        let scores = |rows: &[usize], z: &ArrayRef2<f64>| -> Result<Array1<f64>> {
            let labels = y.select(Axis(0), rows);
            Ok(OBJECTIVE.of_outputs(&plain.outputs(z)?, &labels)?.0)
        };
        let rng = &mut draw.rng("masked: attacks");
        if !bounded {
            return Ok(vec![
                (
                    "unbounded plain",
                    pgd(plain, x, y, &ball, &how, rng)?.inputs,
                ),
                ("unbounded", pgd(adaptive, x, y, &ball, &how, rng)?.inputs),
            ]);
        }
        let made = vec![
            ("plain", pgd(plain, x, y, &ball, &how, rng)?.inputs),
            ("one step", fgsm(plain, x, y, &ball, OBJECTIVE)?.inputs),
            ("adaptive", pgd(adaptive, x, y, &ball, &how, rng)?.inputs),
            (
                "adaptive step",
                fgsm(adaptive, x, y, &ball, OBJECTIVE)?.inputs,
            ),
            (
                "black box",
                coordinate_search(x, scores, &asked, rng)?.inputs,
            ),
        ];
        Ok(made)
    }

    fn spent(&self, z: &Array2<f64>) -> f64 {
        let pairs = z.iter().zip(&self.test.x);
        pairs.fold(0.0, |most, (z, x)| larger(most, (z - x).abs()))
    }
}
