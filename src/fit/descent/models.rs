//! The models that descend.

use ndarray::Array1;

use super::Trainable;
use crate::data::{Dataset, Sequences};
use crate::error::Result;
use crate::model::{ConvNet, Differentiable, Loss, Mlp, NormalisedMlp, Recurrent};

/// `trainable!(MODEL, DATA, |model, batch, loss| …)`: what stands last is the mean loss of the batch and its gradient by
/// all parameters; the rest is the same for every model.
macro_rules! trainable {
    ($model:ty, $data:ty, |$net:ident, $batch:ident, $loss:ident| $gradient:expr) => {
        impl Trainable for $model {
            type Data = $data;

            fn n_examples(data: &$data) -> usize {
                data.y.nrows()
            }

            fn batch_gradient(
                &mut self,
                data: &$data,
                rows: &[usize],
                $loss: Loss,
            ) -> Result<(f64, Array1<f64>)> {
                let ($net, $batch) = (self, data.select(rows)?);
                Ok($gradient)
            }

            fn parameters(&self) -> Array1<f64> {
                self.parameters()
            }

            fn set_parameters(&mut self, parameters: &[f64]) {
                let places = self.parameters_mut().zip(parameters);
                places.for_each(|(to, p)| *to = *p);
            }
        }
    };
}

trainable!(Mlp, Dataset, |net, batch, loss| {
    let gradient = net.gradient(&batch.x, &batch.y, loss)?;
    (gradient.loss, gradient.flat())
});

trainable!(Recurrent, Sequences, |net, batch, loss| {
    let gradient = net.gradient(&batch.x, &batch.y, loss)?;
    (gradient.loss, gradient.flat())
});

trainable!(ConvNet, Dataset, |net, batch, loss| {
    let (value, gradient) = net.checked()?.loss_gradient(&batch.x, &batch.y, loss)?;
    (value, gradient.parameters)
});

// In training mode; the batch goes into the running averages.
trainable!(NormalisedMlp, Dataset, |net, batch, loss| {
    let trace = net.trace(&batch.x)?;
    let gradient = net.gradient_of(&trace, &batch.y, loss)?;
    net.remember(&trace)?;
    (gradient.loss, gradient.flat())
});
