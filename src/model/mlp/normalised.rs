//! A multi-layer perceptron with batch normalisation before each activation.

use ndarray::{Array1, Array2, ArrayRef2};

use super::gradient::LayerGradient;
use super::{MlpOf, MlpSettings, column_sums};
use crate::error::{Error, Result, check_finite};
use crate::model::batch_norm::{BatchNormGradient, BatchNormOf, BatchNormTrace};
use crate::model::{Loss, parameters};
use crate::real::Real;

/// A network of `f64`.
pub type NormalisedMlp = NormalisedMlpOf<f64>;

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
pub struct NormalisedMlpOf<T> {
    /// The layers and σ.
    pub net: MlpOf<T>,
    /// BN_1, …, BN_{L−1}.
    pub norms: Vec<BatchNormOf<T>>,
}

/// What a training pass of a batch computed.
#[derive(Clone, Debug)]
pub struct NormalisedTrace<T> {
    /// h_0 = x, h_1, …, h_{L−1}: entry l is `(b, m_l)`.
    pub h: Vec<Array2<T>>,
    /// The normalisation of each hidden layer.
    pub norms: Vec<BatchNormTrace<T>>,
    /// f, `(b, k)`.
    pub outputs: Array2<T>,
}

/// The mean loss of a batch in training mode, and its gradient layer by layer: as
/// [`Checked::loss_gradient`](crate::model::Checked::loss_gradient) has it in one vector, and with what goes into each
/// normalisation.
#[derive(Clone, Debug, PartialEq)]
pub struct NormalisedGradient<T> {
    /// (1/b) Σ_i ℓ_i.
    pub loss: f64,
    /// By W_l, and by the bias of the last layer.
    pub layers: Vec<LayerGradient<T>>,
    /// By the γ and β of each hidden layer, and by what goes into its normalisation.
    pub norms: Vec<BatchNormGradient<T>>,
}

impl<T: Real> NormalisedGradient<T> {
    /// All derivatives in the order of [`NormalisedMlpOf::parameters`], `(p,)`.
    #[must_use]
    pub fn flat(&self) -> Array1<T> {
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

impl<T: Real> NormalisedMlpOf<T> {
    /// Draws the layers as [`MlpOf::new`] does; γ = 1, β = 0. `momentum` is the weight of the newest
    /// batch in the running averages.
    ///
    /// # Errors
    /// As for [`MlpOf::new`]; a momentum outside (0, 1].
    pub fn new(settings: &MlpSettings, momentum: f64, rng: &mut impl rand::Rng) -> Result<Self> {
        let mut net = MlpOf::new(settings, rng)?;
        let hidden = net.depth() - 1;
        let norms = net.layers[..hidden].iter_mut().map(|layer| {
            layer.bias = None;
            let layer = BatchNormOf {
                momentum,
                ..BatchNormOf::new(layer.weights.nrows())?
            };
            layer.check()?;
            Ok(layer)
        });
        let norms = norms.collect::<Result<_>>()?;
        Ok(Self { net, norms })
    }

    /// The numbers layer by layer: W row by row, then the bias or γ and β; `(p,)`.
    #[must_use]
    pub fn parameters(&self) -> Array1<T> {
        let mut copy = self.clone();
        copy.parameters_mut().map(|p| *p).collect()
    }

    /// Every parameter, in the order of [`parameters`](Self::parameters).
    pub(crate) fn parameters_mut(&mut self) -> impl Iterator<Item = &mut T> {
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
    pub fn with_parameters(&self, parameters: &[T]) -> Result<Self> {
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
    pub fn evaluate(&self, x: &ArrayRef2<T>) -> Result<Array2<T>> {
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
    pub fn trace(&self, x: &ArrayRef2<T>) -> Result<NormalisedTrace<T>> {
        self.check_inputs(x)?;
        let trace = self.run(x)?;
        check_finite("the network's outputs", &trace.outputs)?;
        Ok(trace)
    }

    /// As [`trace`](Self::trace), of what has been checked.
    pub(super) fn run(&self, x: &ArrayRef2<T>) -> Result<NormalisedTrace<T>> {
        let mut trace = NormalisedTrace {
            h: vec![x.to_owned()],
            norms: Vec::with_capacity(self.norms.len()),
            outputs: Array2::zeros((0, 0)),
        };
        for (index, norm) in self.norms.iter().enumerate() {
            let norm = norm.trace(&self.net.affine(index, &trace.h[index]))?;
            trace
                .h
                .push(norm.outputs.mapv(|y| self.net.activation.value(y)));
            trace.norms.push(norm);
        }
        let last = self.norms.len();
        trace.outputs = self.net.affine(last, &trace.h[last]);
        Ok(trace)
    }

    /// Takes a training pass into all running averages.
    ///
    /// # Errors
    /// The trace is not of this network.
    pub fn remember(&mut self, trace: &NormalisedTrace<T>) -> Result<()> {
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
    /// As for [`trace`](Self::trace); the targets do not suit the loss; derivatives beyond the
    /// range of f64.
    pub fn gradient(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        loss: Loss,
    ) -> Result<NormalisedGradient<T>> {
        self.gradient_of(&self.trace(x)?, y, loss)
    }

    /// As [`gradient`](Self::gradient), of a training pass of this network.
    pub(crate) fn gradient_of(
        &self,
        trace: &NormalisedTrace<T>,
        y: &ArrayRef2<T>,
        loss: Loss,
    ) -> Result<NormalisedGradient<T>> {
        let (value, slope) = loss.value_and_derivative(&trace.outputs, y)?;
        let slope = slope / T::of(y.nrows() as f64);
        let last = self.norms.len();
        let activation = self.net.activation;
        let layer = |index: usize, delta: &Array2<T>| LayerGradient {
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

    fn check_inputs(&self, x: &ArrayRef2<T>) -> Result<()> {
        self.net.check_inputs(x)?;
        self.check_norms()
    }

    /// Whether layers and normalisations fit each other and are finite.
    pub(super) fn check(&self) -> Result<()> {
        self.net.check()?;
        self.check_norms()?;
        self.norms.iter().try_for_each(BatchNormOf::check)
    }

    /// Whether a trace is one of this network.
    pub(super) fn check_shapes(&self, trace: &NormalisedTrace<T>) -> Result<()> {
        let sizes = |arrays: &[Array2<T>]| -> Vec<[usize; 2]> {
            arrays.iter().map(|a| [a.nrows(), a.ncols()]).collect()
        };
        let n = trace.outputs.nrows();
        let layers = self.net.layers.iter();
        let want: Vec<_> = layers.map(|layer| [n, layer.weights.ncols()]).collect();
        let outputs = trace.outputs.ncols() == self.net.n_outputs();
        if n < 2 || !outputs || sizes(&trace.h) != want || trace.norms.len() != self.norms.len() {
            let expected = format!("made by this network: layers {want:?} with n ≥ 2");
            let got = format!("{:?}", sizes(&trace.h));
            return Err(Error::domain("the trace", expected, got));
        }
        let mut pairs = self.norms.iter().zip(&trace.norms);
        pairs.try_for_each(|(norm, pass)| norm.check_trace(pass))
    }

    /// Whether there is a normalisation of the right size behind every hidden layer.
    fn check_norms(&self) -> Result<()> {
        let hidden = &self.net.layers[..self.net.depth() - 1];
        let want: Vec<usize> = hidden.iter().map(|layer| layer.weights.nrows()).collect();
        let got: Vec<usize> = self.norms.iter().map(BatchNormOf::features).collect();
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
                let f = moved.trace(&x).expect("fits").outputs;
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
        let [a, b] = [&net, &scaled].map(|n| n.trace(&x).expect("fits").outputs);
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
        assert!(net.trace(&inputs(1)).is_err() && net.evaluate(&array![[1.0]]).is_err());
        let mut broken = net.clone();
        broken.norms.pop();
        let error = broken.evaluate(&inputs(2)).expect_err("one is missing");
        assert!(error.to_string().contains("[5]") && error.to_string().contains("[5, 4]"));
        let trace = net.trace(&inputs(4)).expect("fits");
        assert!(broken.remember(&trace).is_err() && net.clone().remember(&trace).is_ok());
        assert!(net.with_parameters(&[0.0]).is_err());
        let new = |momentum| {
            NormalisedMlp::new(&MlpSettings::default(), momentum, &mut stream(1, "new", 0))
        };
        assert!(new(0.0).is_err() && new(f64::NAN).is_err() && new(1.0).is_ok());
    }
}
