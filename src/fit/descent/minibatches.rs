//! A model and its data, asked batch by batch.

use rand::seq::SliceRandom;

use super::Trainable;
use crate::error::Result;
use crate::model::Loss;
use crate::optimise::StochasticOracle;
use crate::optimise::oracle::or_nan;

/// The mean loss of all examples as a function of the parameters, seen through batches: whole ones,
/// from a fresh random order in every epoch.
pub(super) struct Minibatches<'a, M: Trainable> {
    model: M,
    data: &'a M::Data,
    loss: Loss,
    batch: usize,
    order: Vec<usize>,
    /// Examples of this epoch that have been used.
    used: usize,
    p: usize,
}

impl<'a, M: Trainable> Minibatches<'a, M> {
    /// Looks at all examples once, so that later trouble can only come from the descent itself.
    pub(super) fn new(model: &M, data: &'a M::Data, loss: Loss, batch: usize) -> Result<Self> {
        let order: Vec<usize> = (0..M::n_examples(data)).collect();
        let (_, gradient) = model.clone().batch_gradient(data, &order, loss)?;
        Ok(Self {
            model: model.clone(),
            data,
            loss,
            batch,
            used: order.len(),
            order,
            p: gradient.len(),
        })
    }

    pub(super) fn into_model(self) -> M {
        self.model
    }
}

impl<M: Trainable> StochasticOracle for Minibatches<'_, M> {
    fn dimension(&self) -> usize {
        self.p
    }

    fn draw(&mut self, x: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        if self.used + self.batch > self.order.len() {
            self.order.shuffle(rng);
            self.used = 0;
        }
        let rows = &self.order[self.used..self.used + self.batch];
        self.used += self.batch;
        self.model.set_parameters(x);
        let computed = self.model.batch_gradient(self.data, rows, self.loss);
        or_nan(computed.map(|(loss, slope)| {
            gradient.iter_mut().zip(&slope).for_each(|(to, g)| *to = *g);
            loss
        }))
    }

    /// The mean loss of all examples, on a copy: a look must not change running averages.
    fn value(&mut self, x: &[f64]) -> Result<f64> {
        let mut model = self.model.clone();
        model.set_parameters(x);
        let computed = model.batch_gradient(self.data, &self.order, self.loss);
        or_nan(computed.map(|(loss, _)| loss))
    }
}
