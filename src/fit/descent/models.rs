//! The models that descend.

use ndarray::Array1;

use super::Trainable;
use crate::data::{Dataset, Sequences};
use crate::error::Result;
use crate::model::{Loss, Mlp, NormalisedMlp, Recurrent};

/// θ ← θ − rate·gradient.
fn shift<'a>(places: impl Iterator<Item = &'a mut f64>, gradient: &Array1<f64>, rate: f64) {
    places.zip(gradient).for_each(|(to, g)| *to -= rate * g);
}

impl Trainable for Recurrent {
    type Data = Sequences;

    fn n_examples(data: &Sequences) -> usize {
        data.y.nrows()
    }

    fn batch_gradient(
        &mut self,
        data: &Sequences,
        rows: &[usize],
        loss: Loss,
    ) -> Result<(f64, Array1<f64>)> {
        let batch = data.select(rows)?;
        let gradient = self.gradient(&batch.x, &batch.y, loss)?;
        Ok((gradient.loss, gradient.flat()))
    }

    fn descend_by(&mut self, gradient: &Array1<f64>, rate: f64) {
        shift(self.parameters_mut(), gradient, rate);
    }
}

impl Trainable for NormalisedMlp {
    type Data = Dataset;

    fn n_examples(data: &Dataset) -> usize {
        data.x.nrows()
    }

    /// In training mode; the batch goes into the running averages.
    fn batch_gradient(
        &mut self,
        data: &Dataset,
        rows: &[usize],
        loss: Loss,
    ) -> Result<(f64, Array1<f64>)> {
        let batch = data.select(rows)?;
        let trace = self.train(&batch.x)?;
        let gradient = self.gradient_of(&trace, &batch.y, loss)?;
        self.remember(&trace)?;
        Ok((gradient.loss, gradient.flat()))
    }

    fn descend_by(&mut self, gradient: &Array1<f64>, rate: f64) {
        shift(self.parameters_mut(), gradient, rate);
    }
}

impl Trainable for Mlp {
    type Data = Dataset;

    fn n_examples(data: &Dataset) -> usize {
        data.x.nrows()
    }

    fn batch_gradient(
        &mut self,
        data: &Dataset,
        rows: &[usize],
        loss: Loss,
    ) -> Result<(f64, Array1<f64>)> {
        let batch = data.select(rows)?;
        let gradient = self.gradient(&batch.x, &batch.y, loss)?;
        Ok((gradient.loss, gradient.flat()))
    }

    fn descend_by(&mut self, gradient: &Array1<f64>, rate: f64) {
        let places = self.layers.iter_mut().flat_map(|layer| {
            let bias = layer.bias.iter_mut().flatten();
            layer.weights.iter_mut().chain(bias)
        });
        shift(places, gradient, rate);
    }
}
