//! The models that descend.

use ndarray::Array1;

use super::Trainable;
use crate::data::{Dataset, Sequences};
use crate::error::Result;
use crate::model::{ConvNet, Differentiable, Loss, Mlp, NormalisedMlp, Recurrent};

fn put<'a>(places: impl Iterator<Item = &'a mut f64>, parameters: &[f64]) {
    places.zip(parameters).for_each(|(to, p)| *to = *p);
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

    fn parameters(&self) -> Array1<f64> {
        self.parameters()
    }

    fn set_parameters(&mut self, parameters: &[f64]) {
        put(self.parameters_mut(), parameters);
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
        let trace = self.trace(&batch.x)?;
        let gradient = self.gradient_of(&trace, &batch.y, loss)?;
        self.remember(&trace)?;
        Ok((gradient.loss, gradient.flat()))
    }

    fn parameters(&self) -> Array1<f64> {
        self.parameters()
    }

    fn set_parameters(&mut self, parameters: &[f64]) {
        put(self.parameters_mut(), parameters);
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

    fn parameters(&self) -> Array1<f64> {
        self.parameters()
    }

    fn set_parameters(&mut self, parameters: &[f64]) {
        put(self.parameters_mut(), parameters);
    }
}

impl Trainable for ConvNet {
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
        let (loss, gradient) = self.checked()?.loss_gradient(&batch.x, &batch.y, loss)?;
        Ok((loss, gradient.parameters))
    }

    fn parameters(&self) -> Array1<f64> {
        self.parameters()
    }

    fn set_parameters(&mut self, parameters: &[f64]) {
        put(self.parameters_mut(), parameters);
    }
}
