//! A multi-layer perceptron with batch normalisation before each activation.

use ndarray::{Array1, Array2, ArrayRef2};

use super::gradient::LayerGradient;
use super::{Mlp, MlpSettings, column_sums};
use crate::error::{Error, Result, check_finite};
use crate::model::batch_norm::{BatchNorm, BatchNormGradient, BatchNormTrace};
use crate::model::{Loss, parameters};
use crate::real::check_rows;

/// A network h_l = σ(BN_l(c_l W_l h_{l−1})) for l < L and f = c_L W_L h_{L−1} + b.
///
/// Hidden layers have no bias of their own: the normalisation would take it away, and has β.
///
/// ```
/// use dltheory::model::{MlpSettings, NormalisedMlp};
/// use dltheory::rng::stream;
/// use ndarray::Array2;
/// let settings = MlpSettings::of_sizes(&[2, 8, 3]);
/// let net = NormalisedMlp::new(&settings, 0.1, &mut stream(1, "doc", 0))?;
/// assert_eq!(net.evaluate(&Array2::ones((5, 2)))?.dim(), (5, 3));
/// assert_eq!(net.parameters().len(), 8 * 2 + 8 + 8 + 3 * 8 + 3);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NormalisedMlp {
    /// The layers and σ.
    pub net: Mlp,
    /// BN_1, …, BN_{L−1}.
    pub norms: Vec<BatchNorm>,
}

/// What a training pass of a batch computed.
#[derive(Clone, Debug)]
pub struct NormalisedTrace {
    /// h_0 = x, h_1, …, h_{L−1}: entry l is `(b, m_l)`.
    pub h: Vec<Array2<f64>>,
    /// The normalisation of each hidden layer.
    pub norms: Vec<BatchNormTrace>,
    /// f, `(b, k)`.
    pub outputs: Array2<f64>,
}

/// The mean loss of a batch in training mode, and its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalisedGradient {
    /// (1/b) Σ_i ℓ_i.
    pub loss: f64,
    /// By W_l, and by the bias of the last layer.
    pub layers: Vec<LayerGradient<f64>>,
    /// By the γ and β of each hidden layer, and by what goes into its normalisation.
    pub norms: Vec<BatchNormGradient>,
}

impl NormalisedGradient {
    /// All derivatives in the order of [`NormalisedMlp::parameters`], `(p,)`.
    #[must_use]
    pub fn flat(&self) -> Array1<f64> {
        let mut all = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            all.extend(layer.weights.iter().chain(layer.bias.iter().flatten()));
            if let Some(norm) = self.norms.get(index) {
                all.extend(norm.gamma.iter().chain(&norm.beta));
            }
        }
        all.into()
    }
}

impl NormalisedMlp {
    /// Draws the layers as [`Mlp::new`] does; γ = 1, β = 0. `momentum` is the weight of the newest
    /// batch in the running averages.
    ///
    /// # Errors
    /// As for [`Mlp::new`]; a momentum outside (0, 1].
    pub fn new(settings: &MlpSettings, momentum: f64, rng: &mut impl rand::Rng) -> Result<Self> {
        let mut net = Mlp::new(settings, rng)?;
        let hidden = net.depth() - 1;
        let norms = net.layers[..hidden].iter_mut().map(|layer| {
            layer.bias = None;
            let layer = BatchNorm {
                momentum,
                ..BatchNorm::new(layer.weights.nrows())?
            };
            layer.check()?;
            Ok(layer)
        });
        let norms = norms.collect::<Result<_>>()?;
        Ok(Self { net, norms })
    }

    /// The numbers layer by layer: W row by row, then the bias or γ and β; `(p,)`.
    #[must_use]
    pub fn parameters(&self) -> Array1<f64> {
        let mut copy = self.clone();
        copy.parameters_mut().map(|p| *p).collect()
    }

    /// Every parameter, in the order of [`parameters`](Self::parameters).
    pub(crate) fn parameters_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        let mut norms = self.norms.iter_mut();
        self.net.layers.iter_mut().flat_map(move |layer| {
            let own = layer.weights.iter_mut();
            let own = own.chain(layer.bias.iter_mut().flatten());
            let norm = norms.next().into_iter();
            own.chain(norm.flat_map(|norm| norm.gamma.iter_mut().chain(&mut norm.beta)))
        })
    }

    /// A network of the same shape with these parameters; the running averages are kept.
    ///
    /// # Errors
    /// There are more or fewer than the network has, or one is not finite.
    pub fn with_parameters(&self, parameters: &[f64]) -> Result<Self> {
        let mut net = self.clone();
        parameters::write(net.parameters_mut(), parameters)?;
        Ok(net)
    }

    /// f(x) for each row of `x`, `(n, d)`, by the running averages: each row on its own. Returns
    /// `(n, k)`.
    ///
    /// # Errors
    /// `x` does not fit or is not finite; the layers do not fit each other; outputs beyond the
    /// range of f64.
    pub fn evaluate(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        self.check_inputs(x)?;
        let mut h = x.to_owned();
        for (index, norm) in self.norms.iter().enumerate() {
            let y = norm.evaluate(&self.net.affine(index, &h))?;
            h = y.mapv(|y| self.net.activation.value(y));
        }
        let outputs = self.net.affine(self.norms.len(), &h);
        check_finite("the network's outputs", &outputs)?;
        Ok(outputs)
    }

    /// A training pass of the batch `x`, `(b, d)` with b ≥ 2. Running averages stay as they are.
    ///
    /// # Errors
    /// As for [`evaluate`](Self::evaluate); fewer than two rows.
    pub fn train(&self, x: &ArrayRef2<f64>) -> Result<NormalisedTrace> {
        self.check_inputs(x)?;
        let mut trace = NormalisedTrace {
            h: vec![x.to_owned()],
            norms: Vec::with_capacity(self.norms.len()),
            outputs: Array2::zeros((0, 0)),
        };
        for (index, norm) in self.norms.iter().enumerate() {
            let norm = norm.train(&self.net.affine(index, &trace.h[index]))?;
            trace
                .h
                .push(norm.outputs.mapv(|y| self.net.activation.value(y)));
            trace.norms.push(norm);
        }
        let last = self.norms.len();
        trace.outputs = self.net.affine(last, &trace.h[last]);
        check_finite("the network's outputs", &trace.outputs)?;
        Ok(trace)
    }

    /// Takes a training pass into all running averages.
    ///
    /// # Errors
    /// The trace is not of this network.
    pub fn remember(&mut self, trace: &NormalisedTrace) -> Result<()> {
        if trace.norms.len() != self.norms.len() {
            let expected = format!("({},)", self.norms.len());
            let got = [trace.norms.len()];
            return Err(Error::shape(
                "the normalisations of the trace",
                expected,
                &got,
            ));
        }
        let mut pairs = self.norms.iter_mut().zip(&trace.norms);
        pairs.try_for_each(|(norm, trace)| norm.remember(trace))
    }

    /// The mean loss of the batch `x`, `(b, d)`, with targets `y`, `(b, k)`, in training mode, and
    /// its gradient by every parameter.
    ///
    /// # Errors
    /// As for [`train`](Self::train); the targets do not suit the loss; derivatives beyond the
    /// range of f64.
    pub fn gradient(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef2<f64>,
        loss: Loss,
    ) -> Result<NormalisedGradient> {
        self.gradient_of(&self.train(x)?, y, loss)
    }

    /// As [`gradient`](Self::gradient), of a training pass of this network.
    pub(crate) fn gradient_of(
        &self,
        trace: &NormalisedTrace,
        y: &ArrayRef2<f64>,
        loss: Loss,
    ) -> Result<NormalisedGradient> {
        let (value, slope) = loss.value_and_derivative(&trace.outputs, y)?;
        let slope = slope / y.nrows() as f64;
        let last = self.norms.len();
        let activation = self.net.activation;
        let layer = |index: usize, delta: &Array2<f64>| LayerGradient {
            weights: delta.t().dot(&trace.h[index]) * self.net.layers[index].multiplier,
            bias: self.net.layers[index]
                .bias
                .as_ref()
                .map(|_| column_sums(delta)),
        };
        let mut layers = vec![layer(last, &slope)];
        let mut norms = Vec::with_capacity(last);
        let mut by_h = self.net.back(last, &slope);
        for index in (0..last).rev() {
            let normal = &trace.norms[index];
            let by_y = activation.back(by_h, &normal.outputs);
            let norm = self.norms[index].backward(normal, &by_y)?;
            layers.push(layer(index, &norm.inputs));
            by_h = self.net.back(index, &norm.inputs);
            norms.push(norm);
        }
        layers.reverse();
        norms.reverse();
        let gradient = NormalisedGradient {
            loss: value,
            layers,
            norms,
        };
        check_finite("the gradient", &gradient.flat())?;
        Ok(gradient)
    }

    fn check_inputs(&self, x: &ArrayRef2<f64>) -> Result<()> {
        self.net.check_inputs(x)?;
        check_rows("the inputs", x, self.net.n_inputs())?;
        let hidden = &self.net.layers[..self.net.depth() - 1];
        let want: Vec<usize> = hidden.iter().map(|layer| layer.weights.nrows()).collect();
        let got: Vec<usize> = self.norms.iter().map(BatchNorm::features).collect();
        if want != got {
            let what = "the features of the normalisations";
            return Err(Error::domain(what, format!("{want:?}"), format!("{got:?}")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::Activation;
    use crate::rng::stream;
    use ndarray::array;

    fn net(activation: Activation) -> NormalisedMlp {
        let settings = MlpSettings {
            activation,
            ..MlpSettings::of_sizes(&[3, 5, 4, 2])
        };
        NormalisedMlp::new(&settings, 0.1, &mut stream(1, "normalised", 0)).expect("valid")
    }

    fn inputs(rows: usize) -> Array2<f64> {
        gaussian(rows, 3, &mut stream(1, "inputs", 0)).expect("valid")
    }

    /// As for the plain network: central differences with h = 10⁻⁵ err by about 10⁻⁹ where third
    /// derivatives are of order 100. Tanh, so that there are no kinks.
    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let (net, x, h) = (net(Activation::Tanh), inputs(7), 1e-5);
        let y = Array2::from_shape_fn((7, 2), |(i, j)| f64::from(u8::from(i % 2 == j)));
        let exact = net
            .gradient(&x, &y, Loss::CrossEntropy)
            .expect("fits")
            .flat();
        let start = net.parameters().to_vec();
        assert_eq!(exact.len(), start.len());
        for index in 0..start.len() {
            let at = |by: f64| {
                let mut moved = start.clone();
                moved[index] += by;
                let moved = net.with_parameters(&moved).expect("as many");
                let f = moved.train(&x).expect("fits").outputs;
                Loss::CrossEntropy.mean(&f, &y).expect("fits")
            };
            let error = ((at(h) - at(-h)) / (2.0 * h) - exact[index]).abs();
            assert!(error < 1e-8, "{index}: {error}");
        }
    }

    #[test]
    fn the_scale_of_hidden_weights_does_not_matter_in_training() {
        let (net, x) = (net(Activation::Relu), inputs(6));
        let mut scaled = net.clone();
        scaled.net.layers[0].weights *= 1e4;
        let [a, b] = [&net, &scaled].map(|n| n.train(&x).expect("fits").outputs);
        // ε is 10⁻⁵ of a variance of order 1 in one of them.
        assert!((&a - &b).mapv(f64::abs).sum() < 1e-3);
        let y = net.evaluate(&x).expect("fits");
        let alone = net
            .evaluate(&x.select(ndarray::Axis(0), &[2]))
            .expect("fits");
        assert!((y.row(2).to_owned() - alone.row(0)).mapv(f64::abs).sum() < 1e-14);
    }

    #[test]
    fn misfits_are_errors() {
        let net = net(Activation::Relu);
        assert!(net.train(&inputs(1)).is_err() && net.evaluate(&array![[1.0]]).is_err());
        let mut broken = net.clone();
        broken.norms.pop();
        let error = broken.evaluate(&inputs(2)).expect_err("one is missing");
        assert!(error.to_string().contains("[5]") && error.to_string().contains("[5, 4]"));
        let trace = net.train(&inputs(4)).expect("fits");
        assert!(broken.remember(&trace).is_err() && net.clone().remember(&trace).is_ok());
        assert!(net.with_parameters(&[0.0]).is_err());
        let new = |momentum| {
            NormalisedMlp::new(&MlpSettings::default(), momentum, &mut stream(1, "new", 0))
        };
        assert!(new(0.0).is_err() && new(f64::NAN).is_err() && new(1.0).is_ok());
    }
}
