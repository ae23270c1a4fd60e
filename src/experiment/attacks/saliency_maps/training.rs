//! Networks trained against attacks, and their maps.

use ndarray::{Array1, Array2};

use super::settings::SaliencyMaps;
use crate::attack::saliency::{effective_pixels, saliency, share_on_ink};
use crate::attack::train::{Adversarial, Inner};
use crate::attack::{NormBall, Objective, PgdSettings, Victim};
use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::{Draw, row};
use crate::model::{Differentiable, Loss, Mlp, MlpSettings};
use crate::optimise::{Norm, Optimiser, SolveSettings, Unconstrained, Unseen, solve_stochastic};
use crate::stats::{Estimate, mean, median};

/// Examples a step.
const BATCH: usize = 20;

/// Steps of the attack in training.
const STEPS: usize = 5;

/// From which value on a pixel is ink.
pub(super) const INK: f64 = 0.25;

/// A step that is small enough for the lead to be straight.
const SMALL: f64 = 1e-7;

row! {
    /// Networks trained against one ε.
    pub(super) struct Point {
        /// the attack's ε in training
        epsilon: f64;
        /// test error without attack, mean over draws
        test_error: Estimate, and test_error_se "its standard error";
        /// ‖∇‖₁: what ε of ℓ∞ costs of the lead, to first order and by ε; median over test images, mean over draws; empty, as what
        /// follows, where a network answers all images alike
        slope: Option<Estimate>, and slope_se "its standard error";
        /// the lead over ‖∇‖₁: the ε at which it would be gone, to first order; median over the images that are right
        distance: Option<Estimate>, and distance_se "its standard error";
        /// pixels that a map is spread over, (Σ|g|)²/Σg²; mean over test images
        pixels: Option<Estimate>, and pixels_se "its standard error";
        /// share of Σ|g| on ink; mean over test images
        on_ink: Option<Estimate>, and on_ink_se "its standard error";
    }
}

/// A network.
pub(super) struct Run {
    pub test_error: f64,
    /// None where no gradient is left, or no image is right.
    pub maps: Option<Maps>,
    /// Map of the first test image.
    pub map: Array1<f64>,
    /// Numbers in a gradient by the parameters.
    pub parameters: usize,
}

/// What its maps are like.
pub(super) struct Maps {
    pub slope: f64,
    pub distance: f64,
    pub pixels: f64,
    pub on_ink: f64,
    /// What one small signed step costs of the lead, over α‖∇‖_1; median over images.
    pub first_order: f64,
    /// The same over α‖∇‖_2.
    pub by_euclid: f64,
}

/// A number of the maps of all networks, over draws; None where one of them has none.
pub(super) fn over(runs: &[Run], of: fn(&Maps) -> f64) -> Result<Option<Estimate>> {
    let maps: Option<Vec<&Maps>> = runs.iter().map(|run| run.maps.as_ref()).collect();
    maps.map(|maps| Estimate::of(maps, of)).transpose()
}

impl SaliencyMaps {
    pub(super) fn maps(
        &self,
        train: &Dataset,
        test: &Dataset,
        epsilon: f64,
        draw: Draw,
    ) -> Result<Run> {
        let net = self.train(train, epsilon, draw)?;
        let victim = net.checked()?;
        let maps = saliency(&victim, &test.x, &test.y)?;
        let lead = |x: &Array2<f64>| -> Result<Array1<f64>> {
            Ok(victim
                .ascent(x, &test.y, Objective::Margin)?
                .values
                .mapv(|v| -v))
        };
        let leads = lead(&test.x)?;
        let signs = maps.mapv(|g| if g == 0.0 { 0.0 } else { g.signum() });
        let moved = lead(&(&test.x - &(&signs * SMALL)))?;
        let rows: Vec<(f64, f64, f64)> = (0..test.len())
            .map(|i| {
                let g = maps.row(i);
                let one: f64 = g.iter().map(|g| g.abs()).sum();
                (one, g.dot(&g).sqrt(), (leads[i] - moved[i]) / SMALL)
            })
            .collect();
        // A network that has stopped answering has maps of zeros, which are spread over no pixels.
        let drawn: Vec<usize> = (0..test.len()).filter(|&i| rows[i].0 > 0.0).collect();
        let of = |f: &dyn Fn(&(f64, f64, f64)) -> f64| {
            median(&drawn.iter().map(|&i| f(&rows[i])).collect::<Vec<f64>>())
        };
        let right = drawn.iter().filter(|&&i| leads[i] > 0.0);
        let right: Vec<f64> = right.map(|&i| leads[i] / rows[i].0).collect();
        let images = || drawn.iter().map(|&i| (maps.row(i), test.x.row(i)));
        let maps_of = || -> Result<Maps> {
            Ok(Maps {
                slope: of(&|r| r.0)?,
                distance: median(&right)?,
                pixels: mean(images().map(|(g, _)| effective_pixels(&g))),
                on_ink: mean(images().map(|(g, x)| share_on_ink(&g, &x, INK))),
                first_order: of(&|r| r.2 / r.0)?,
                by_euclid: of(&|r| r.2 / r.1)?,
            })
        };
        let answers = !right.is_empty();
        Ok(Run {
            test_error: mean(leads.iter().map(|lead| f64::from(*lead <= 0.0))),
            maps: answers.then(maps_of).transpose()?,
            map: maps.row(0).to_owned(),
            parameters: net.n_parameters(),
        })
    }

    /// The same start and batches for every ε of a draw.
    fn train(&self, data: &Dataset, epsilon: f64, draw: Draw) -> Result<Mlp> {
        let (d, k) = (data.x.ncols(), data.y.ncols());
        let net = Mlp::new(
            &MlpSettings::of_sizes(&[d, self.width, k]),
            &mut draw.rng("start"),
        )?;
        let start = net.parameters().to_vec();
        let inner = if epsilon > 0.0 {
            Inner::One
        } else {
            Inner::Clean
        };
        // Standard training asks no attack; its threat is not used.
        let size = if epsilon > 0.0 { epsilon } else { 1.0 };
        let attack = PgdSettings {
            steps: STEPS,
            step: 0.5 * size,
            random_start: true,
            ..PgdSettings::default()
        };
        let ball = NormBall::new(Norm::LInf, size);
        let mut training = Adversarial::new(
            net.clone(),
            data,
            ball,
            (inner, attack),
            Loss::CrossEntropy,
            BATCH,
        )?;
        let settings = SolveSettings {
            rule: Optimiser::default(),
            rate: 0.02,
            steps: self.epochs * training.steps_per_epoch(),
            ..SolveSettings::default()
        };
        let rng = &mut draw.rng("batches");
        let end = solve_stochastic(
            &mut training,
            &Unconstrained,
            &start,
            &settings,
            &mut Unseen,
            rng,
        )?;
        let end = end.not_diverged("training against attacks", "set fewer epochs")?;
        net.with_parameters(&end.x)
    }
}
