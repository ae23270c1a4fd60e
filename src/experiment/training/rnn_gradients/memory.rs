//! The memory task: pairs of networks that differ in clipping only.

use super::settings::RnnGradients;
use crate::data::Sequences;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::fit::{Descent, DescentSettings, descend};
use crate::model::{Activation, Loss, Recurrent, RecurrentLaw, classification_error};
use crate::optimise::Clip;
use crate::stats::largest;

/// A trained network.
pub(super) struct Trained {
    /// On test sequences.
    pub accuracy: f64,
    /// The norm of each step's gradient, before and after clipping.
    pub norms: Vec<f64>,
    pub used: Vec<f64>,
    /// Gradients longer than the limit, whether or not they were clipped.
    pub spikes: usize,
}

impl Trained {
    /// The longest gradient before and after clipping.
    pub(super) fn largest(&self) -> (f64, f64) {
        let most = |norms: &[f64]| largest(norms);
        (most(&self.norms), most(&self.used))
    }
}

/// One start, trained twice.
pub(super) struct Pair {
    pub unclipped: Trained,
    pub clipped: Trained,
}

impl RnnGradients {
    pub(super) fn train_pairs(&self, seed: u64, context: &Context) -> Result<Vec<Pair>> {
        context.draws("pairs of networks", self.draws, seed, |draw| {
            self.train_pair(draw)
        })
    }

    fn train_pair(&self, draw: Draw) -> Result<Pair> {
        let task = |n, label| {
            let rng = &mut draw.rng(label);
            Sequences::first_symbol(n, self.steps, self.symbols, self.noise, rng)
        };
        let train = task(self.n, "training sequences")?;
        let test = task(self.test, "test sequences")?;
        let radius = self.spectral_radius;
        let settings = self.network(Activation::Tanh, RecurrentLaw::Orthogonal, radius);
        let start = Recurrent::new(&settings, &mut draw.rng("trained network"))?;
        let run = |clip| {
            let settings = DescentSettings {
                loss: Loss::CrossEntropy,
                learning_rate: self.learning_rate,
                epochs: self.epochs,
                batch: self.batch,
                clip,
            };
            let run = descend(&start, &train, &settings, &mut draw.rng("order"))?;
            self.measure(run, &test)
        };
        Ok(Pair {
            unclipped: run(None)?,
            clipped: run(Some(Clip::Norm(self.clip)))?,
        })
    }

    fn measure(&self, run: Descent<Recurrent>, test: &Sequences) -> Result<Trained> {
        let outputs = run.model.forward(&test.x)?;
        Ok(Trained {
            accuracy: 1.0 - classification_error(&outputs, &test.y)?,
            spikes: run.spikes(self.clip),
            norms: run.norms,
            used: run.used,
        })
    }
}
