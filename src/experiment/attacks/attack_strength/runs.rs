//! One network under all attacks.

use ndarray::{Array2, Axis};
use rand::RngExt;

use crate::attack::{
    Attacked, NormBall, Objective, PgdSettings, Threat, Victim, certified_accuracy, clean_accuracy,
    fgsm, pgd, robust_accuracy, tried,
};
use crate::error::Result;
use crate::experiment::problems::attacked_digits::{budget, trained};
use crate::experiment::problems::noisy_digits::NoisyDigits;
use crate::experiment::{Draw, row, settings};
use crate::measure::lipschitz::certified_lipschitz;
use crate::model::Differentiable;
use crate::optimise::Norm;
use crate::stats::{Estimate, largest, mean};

settings! {
    /// Settings of `attack_strength`.
    pub struct AttackStrength {
        /// ε, as if every pixel moved by it: the budget is ε in ℓ∞, ε√d in ℓ2, εd in ℓ1. The figure's steps and digits are of the last but one.
        epsilon: Vec<f64> = vec![0.001, 0.01, 0.03, 0.1, 0.2], in 1e-6..=1.0, len 2..=12;
        /// The norm of the perturbation.
        norm: &'static str = "linf", in ["linf", "l2", "l1"];
        /// Steps of PGD, each of 2.5 budgets over their number.
        steps: usize = 20, quick 10, in 2..=1000;
        /// Starts of PGD: the digit itself, then random ones.
        restarts: usize = 3, quick 2, in 1..=100;
        /// Training images, of all classes.
        n: usize = 1000, quick 400, in 20..=60_000;
        /// Test images, the same in every draw.
        test: usize = 200, quick 100, in 10..=10_000;
        /// Hidden units in each of two layers.
        width: usize = 128, quick 32, in 2..=2048;
        /// Passes over the training images.
        epochs: usize = 15, in 1..=1000;
        /// Side of the squares of pixels that are averaged.
        pool: usize = 1, quick 2, in 1..=28;
        /// Networks trained, each with a training set and a substitute of its own.
        draws: usize = 3, in 2..=100;
    }
}

row! {
    /// What is right under each attack with one ε.
    pub(super) struct Point {
        /// ε
        epsilon: f64;
        /// accuracy under random signs
        random: Estimate, and random_se "its standard error";
        /// accuracy under PGD made on another network
        transfer: Estimate, and transfer_se "its standard error";
        /// accuracy under one step
        fgsm: Estimate, and fgsm_se "its standard error";
        /// accuracy under many steps from the digit itself, or the one
        steps: Estimate, and steps_se "its standard error";
        /// accuracy under many steps from several starts, or the one
        pgd: Estimate, and pgd_se "its standard error";
        /// accuracy that a Lipschitz bound certifies
        certified: Estimate, and certified_se "its standard error";
    }
}

/// Accuracies of one network with one ε, and more.
pub(super) struct At {
    pub random: f64,
    pub transfer: f64,
    pub fgsm: f64,
    pub steps: f64,
    pub pgd: f64,
    pub certified: f64,
    /// The rise of the mean loss by random signs and by one step, with no better point kept.
    pub random_gain: f64,
    pub fgsm_gain: f64,
    /// The largest perturbation found, in budgets.
    pub size: f64,
    /// The mean loss before each step of PGD's first start and after the last.
    pub by_step: Vec<f64>,
    /// The first test images under PGD, and the classes they are taken for.
    pub worst: Vec<Seen>,
}

/// One image and the class it is taken for.
pub(super) struct Seen {
    pub image: Vec<f64>,
    pub class: usize,
}

/// One network.
pub(super) struct Run {
    pub clean: f64,
    pub at: Vec<At>,
    /// The first test images.
    pub images: Vec<Seen>,
    /// Σ g·s over test images for random signs s, and √Σ‖g‖₂².
    pub random_slope: f64,
    pub root_of_squares: f64,
    /// Mean of ‖g‖₁/‖g‖₂.
    pub amplification: f64,
    /// One standard deviation of ε g·ξ for random signs ξ, over the rise by FGSM to first order; mean.
    pub deviation: f64,
}

/// Images that are shown.
const SHOWN: usize = 6;

impl AttackStrength {
    pub(super) fn one(&self, digits: &NoisyDigits, draw: Draw) -> Result<Run> {
        let train = digits.draw(2 * draw.index)?.train;
        let other = digits.draw(2 * draw.index + 1)?.train;
        let net = trained(&train, self.width, self.epochs, &mut draw.rng("network"))?;
        let substitute = trained(&other, self.width, self.epochs, &mut draw.rng("substitute"))?;
        let (victim, substitute) = (net.checked()?, substitute.checked()?);
        let (x, y) = (&digits.test.x, &digits.test.y);
        let d = x.ncols();
        let rng = &mut draw.rng("signs");
        let signs = Array2::from_shape_simple_fn(x.raw_dim(), || {
            if rng.random::<bool>() { 1.0 } else { -1.0 }
        });
        let objective = Objective::default();
        let start = victim.ascent(x, y, objective)?;
        // √2·L bounds the slope of f_c − f_j in ℓ2; every budget here lies within ε√d of ℓ2, or, for ℓ1, εd.
        let slope = 2_f64.sqrt() * certified_lipschitz(&net)?;
        let at = self.epsilon.iter().map(|&epsilon| {
            let (norm, budget) = budget(self.norm, epsilon, d);
            let ball = NormBall::new(norm, budget);
            let settings = PgdSettings {
                steps: self.steps,
                step: 2.5 * budget / self.steps as f64,
                restarts: self.restarts,
                ..PgdSettings::default()
            };
            let moved = x + &(&signs * epsilon);
            let random = tried(&victim, x, y, &ball, &moved, objective)?;
            let made = pgd(
                &substitute,
                x,
                y,
                &ball,
                &settings,
                &mut draw.rng("substitute starts"),
            )?;
            let transfer = tried(&victim, x, y, &ball, &made.inputs, objective)?;
            let one = fgsm(&victim, x, y, &ball, objective)?;
            let single = PgdSettings {
                restarts: 1,
                ..settings
            };
            let steps = pgd(&victim, x, y, &ball, &single, &mut draw.rng("starts"))?;
            let many = pgd(&victim, x, y, &ball, &settings, &mut draw.rng("starts"))?;
            let size = |attack: &Attacked<f64>| {
                let rows = x.rows().into_iter().zip(attack.inputs.rows());
                let sizes = rows.map(|(x, z)| ball.size(&x.to_vec(), &z.to_vec()) / budget);
                largest(sizes)
            };
            let clean = mean(start.values.iter().copied());
            let projected = project(&ball, x, &moved);
            let after = objective.of_outputs(&victim.outputs(&projected)?, y)?.0;
            let in_two = match norm {
                Norm::L1 => budget,
                _ => epsilon * (d as f64).sqrt(),
            };
            Ok(At {
                random: robust_accuracy(&[&random])?,
                transfer: robust_accuracy(&[&transfer])?,
                fgsm: robust_accuracy(&[&one])?,
                steps: robust_accuracy(&[&one, &steps])?,
                pgd: robust_accuracy(&[&one, &many])?,
                certified: certified_accuracy(&start.outputs, y, in_two, |_, _| slope)?,
                random_gain: mean(after.iter().copied()) - clean,
                fgsm_gain: mean(one.by_step.row(1).iter().copied()) - clean,
                size: largest([&random, &transfer, &one, &steps, &many].map(size)),
                by_step: steps
                    .by_step
                    .rows()
                    .into_iter()
                    .map(|row| mean(row.iter().copied()))
                    .collect(),
                worst: seen(&victim, &many.inputs)?,
            })
        });
        let at = at.collect::<Result<Vec<At>>>()?;
        let lengths = start.gradient.axis_iter(Axis(0)).map(|g| {
            let (one, two) = (g.iter().map(|g| g.abs()).sum::<f64>(), g.dot(&g).sqrt());
            let top = largest(g.iter().map(|g| g.abs()));
            let first_order = match self.norm {
                "linf" => one,
                "l2" => (d as f64).sqrt() * two,
                _ => d as f64 * top,
            };
            match two > 0.0 {
                true => (one / two, two / first_order),
                false => (0.0, 0.0),
            }
        });
        let (amplification, deviation): (Vec<f64>, Vec<f64>) = lengths.unzip();
        Ok(Run {
            clean: clean_accuracy(&victim, x, y)?,
            images: seen(&victim, x)?,
            random_slope: (&start.gradient * &signs).sum(),
            root_of_squares: start.gradient.iter().map(|g| g * g).sum::<f64>().sqrt(),
            amplification: mean(amplification),
            deviation: mean(deviation),
            at,
        })
    }
}

fn project(ball: &NormBall, x: &Array2<f64>, z: &Array2<f64>) -> Array2<f64> {
    let mut z = z.clone();
    for (x, mut row) in x.rows().into_iter().zip(z.rows_mut()) {
        let mut point = row.to_vec();
        ball.project(&x.to_vec(), &mut point);
        row.iter_mut().zip(point).for_each(|(to, v)| *to = v);
    }
    z
}

/// The first images and what they are taken for.
fn seen(victim: &impl Victim<f64>, x: &Array2<f64>) -> Result<Vec<Seen>> {
    let first = x.slice(ndarray::s![..SHOWN.min(x.nrows()), ..]).to_owned();
    let outputs = victim.outputs(&first)?;
    let rows = first.rows().into_iter().zip(outputs.rows());
    let seen = rows.map(|(x, f)| {
        let better = |best: usize, j: usize| if f[j] > f[best] { j } else { best };
        Seen {
            image: x.to_vec(),
            class: (1..f.len()).fold(0, better),
        }
    });
    Ok(seen.collect())
}
