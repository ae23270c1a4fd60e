//! Convolutional networks: 3×3 kernels, stride 1, a linear output; with skip connections or without.
//!
//! Data types: [`ConvNetOf`] is a list of convolutions and a last [`Layer`]; [`ConvTrace`] holds what every layer computed;
//! [`Grid`] knows the positions of an image. [`ConvNet`] and [`ConvNet32`] are the networks of `f64` and `f32`. Derivatives
//! are those of [`Differentiable`].

mod differentiable;
mod expanded;
mod grid;

use ndarray::{Array1, Array2, ArrayRef2};

pub use differentiable::{ConvTangent, ConvTrace};
pub use grid::{Grid, Padding};

use super::activation::Activation;
use super::differentiate::Differentiable;
use super::init::Init;
use super::mlp::Layer;
use super::parameters;
use crate::error::{Error, Result};
use crate::real::Real;
use grid::TAPS;

/// The most parameters a network may have.
const MAX_PARAMETERS: usize = 1 << 28;

/// The most numbers all layers together may compute at once.
const MAX_ACTIVATIONS: usize = 1 << 30;

/// A network of `f64`.
pub type ConvNet = ConvNetOf<f64>;

/// A network of `f32`.
pub type ConvNet32 = ConvNetOf<f32>;

/// The shape and the start of a convolutional network.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvSettings {
    /// (height, width, channels) of an input, as in [`Images::shape`](crate::data::Images::shape).
    pub image: (usize, usize, usize),
    /// The channels of every hidden layer, each of which is a convolution.
    pub channels: Vec<usize>,
    /// k.
    pub outputs: usize,
    /// What stands beyond the edge of an image.
    pub padding: Padding,
    /// The activation of the hidden layers. The output is linear.
    pub activation: Activation,
    /// Whether layers add a bias: one number a channel.
    pub biases: bool,
    /// How the weights are drawn. A convolution has fan_in 9·c_in and, where a rule asks for it, fan_out c_out; the last
    /// layer has fan_in N·c for N positions.
    pub init: Init,
    /// The factor α of the branches of a residual network; none is a plain network.
    pub residual: Option<f64>,
}

impl Default for ConvSettings {
    /// Images of 28×28 grey pixels, three layers of 16 channels, 10 outputs, circular, ReLU, with biases, He, plain.
    fn default() -> Self {
        Self {
            image: (28, 28, 1),
            channels: vec![16; 3],
            outputs: 10,
            padding: Padding::Circular,
            activation: Activation::Relu,
            biases: true,
            init: Init::HE,
            residual: None,
        }
    }
}

/// A network of L layers: L − 1 convolutions, and a linear layer of all that the last of them gives.
///
/// # Formula
/// h_0 = x, and at every position s, with W_l(o) the part of the kernel for tap o of the 3×3 window,
///
/// z_l(s) = c_l Σ_o W_l(o) h_{l−1}(s + o) + b_l,   h_l = σ(z_l),   f = c_L W_L h_{L−1} + b_L.
///
/// A residual network has h_1 = σ(z_1), and then blocks of two convolutions: h_{l+2} = h_l + z_{l+2} with
/// h_{l+1} = σ(z_{l+1}) between them. The factor α of the branch stands in the multiplier of the second.
///
/// Inputs are rows `(n, d)`, d = height·width·channels, colour by colour as in [`Images`](crate::data::Images); inside, the
/// channels of a position stand side by side ([`Grid`]), also in the columns of the last layer's weights.
///
/// ```
/// use dltheory::model::{ConvNet, ConvSettings, Differentiable};
/// use dltheory::rng::stream;
/// use ndarray::Array2;
/// let settings = ConvSettings { image: (7, 7, 1), channels: vec![4; 3], outputs: 1, ..ConvSettings::default() };
/// let net = ConvNet::new(&settings, &mut stream(1, "doc", 0))?;
/// assert_eq!(net.n_parameters(), (4 * 9 + 4) + 2 * (4 * 36 + 4) + (4 * 49 + 1));
/// assert_eq!(net.forward(&Array2::ones((5, 49)))?.dim(), (5, 1));
/// # Ok::<(), dltheory::Error>(())
/// ```
///
/// # Reference
/// He, Zhang, Ren & Sun 2016, "Identity mappings in deep residual networks", arXiv:1603.05027: blocks whose sum passes
/// through no activation.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvNetOf<T> {
    /// The positions of an image.
    pub grid: Grid,
    /// The convolutions, weights `(c_out, 9·c_in)`: the taps row by row, the channels of a tap side by side.
    pub convolutions: Vec<Layer<T>>,
    /// The last layer, weights `(k, N·c)`.
    pub last: Layer<T>,
    /// σ.
    pub activation: Activation,
    /// Whether the convolutions after the first are blocks of two with a skip connection.
    pub residual: bool,
}

impl<T: Real> ConvNetOf<T> {
    /// Draws a network, layer by layer.
    ///
    /// # Errors
    /// A size of 0; no hidden layer; more than 2²⁸ parameters; an impossible scheme; a residual network whose hidden layers
    /// are not an odd number of equally many channels, or whose factor is not finite.
    pub fn new(settings: &ConvSettings, rng: &mut impl rand::Rng) -> Result<Self> {
        let (height, width, image_channels) = settings.image;
        let places = height
            .checked_mul(width)
            .filter(|n| (1..=MAX_PARAMETERS).contains(n));
        let Some(positions) = places else {
            let got = format!("{height} × {width}");
            return Err(Error::domain(
                "the size of an image",
                "1 to 2^28 positions",
                got,
            ));
        };
        let mut sizes = vec![image_channels];
        sizes.extend(&settings.channels);
        let shapes = sizes
            .windows(2)
            .map(|pair| Some((pair[1], pair[0].checked_mul(TAPS)?)));
        let head = positions.checked_mul(sizes[sizes.len() - 1]);
        let shapes = shapes.chain([head.map(|fan_in| (settings.outputs, fan_in))]);
        let shapes: Option<Vec<(usize, usize)>> = shapes.collect();
        let count = shapes.as_ref().and_then(|shapes| {
            shapes.iter().try_fold(0_usize, |sum, (out, fan_in)| {
                sum.checked_add(out.checked_mul(fan_in.checked_add(1)?)?)
            })
        });
        let small = count.is_some_and(|count| count <= MAX_PARAMETERS);
        let Some(shapes) = shapes.filter(|_| small && !sizes.contains(&0) && sizes.len() > 1)
        else {
            let got = format!("{sizes:?} and {} outputs", settings.outputs);
            let expected = "those of the image and one hidden layer or more, each at least 1; at most 2^28 parameters";
            return Err(Error::domain("the list of channels", expected, got));
        };
        let depth = shapes.len();
        let layers = shapes.iter().enumerate().map(|(index, &shape)| {
            Layer::draw(&settings.init, settings.biases, (index, depth), shape, rng)
        });
        let mut convolutions: Vec<Layer<T>> = layers.collect::<Result<_>>()?;
        let last = convolutions.pop().expect("two layers or more");
        if let Some(factor) = settings.residual {
            let branches = convolutions.iter_mut().skip(2).step_by(2);
            branches.for_each(|layer| layer.multiplier *= T::of(factor));
        }
        let net = Self {
            grid: Grid {
                height,
                width,
                padding: settings.padding,
            },
            convolutions,
            last,
            activation: settings.activation,
            residual: settings.residual.is_some(),
        };
        Differentiable::check(&net)?;
        Ok(net)
    }

    /// L.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.convolutions.len() + 1
    }

    /// f(x) for each row of `x`, `(n, d)`; returns `(n, k)`.
    ///
    /// # Errors
    /// `x` has no row, another width than the network's input, or is not finite; the layers do not fit each other; the outputs
    /// are not finite.
    pub fn forward(&self, x: &ArrayRef2<T>) -> Result<Array2<T>> {
        Ok(self.checked()?.trace(x)?.outputs)
    }

    /// All parameters in one vector, `(p,)`: layer by layer, the weights row by row, then the biases.
    #[must_use]
    pub fn parameters(&self) -> Array1<T> {
        let blocks = self.layers().flat_map(|layer| {
            let bias = layer.bias.iter().flatten();
            layer.weights.iter().chain(bias).copied()
        });
        blocks.collect()
    }

    /// A network of the same shape with these parameters, in the order of [`parameters`](Self::parameters).
    ///
    /// # Errors
    /// There are more or fewer than the network has, or one is not finite.
    pub fn with_parameters(&self, parameters: &[T]) -> Result<Self> {
        let mut net = self.clone();
        parameters::write(net.parameters_mut(), parameters)?;
        Ok(net)
    }

    /// Every parameter, in the order of [`parameters`](Self::parameters).
    pub(crate) fn parameters_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let layers = self.convolutions.iter_mut().chain([&mut self.last]);
        layers.flat_map(|layer| {
            let bias = layer.bias.iter_mut().flatten();
            layer.weights.iter_mut().chain(bias)
        })
    }

    /// The layers from input to output.
    pub(super) fn layers(&self) -> impl DoubleEndedIterator<Item = &Layer<T>> {
        self.convolutions.iter().chain([&self.last])
    }

    /// Whether convolution `index`, from 0, ends a block: what it gives is added to what entered the block.
    fn adds(&self, index: usize) -> bool {
        self.residual && index > 0 && index.is_multiple_of(2)
    }

    /// Whether convolution `index`, from 0, begins a block.
    fn begins(&self, index: usize) -> bool {
        self.residual && index % 2 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::{Direction, Loss};
    use crate::rng::{Rng, stream};

    /// Plain and residual, circular and with zeros, of two colours, smooth, with biases, of a scheme with multipliers.
    fn nets() -> Vec<ConvNet> {
        let mut nets = Vec::new();
        for padding in [Padding::Circular, Padding::Zero] {
            for (residual, channels) in [(None, vec![2, 4]), (Some(0.7), vec![3; 5])] {
                let settings = ConvSettings {
                    image: (3, 4, 2),
                    channels,
                    outputs: 2,
                    padding,
                    activation: Activation::Tanh,
                    biases: true,
                    init: Init {
                        bias_std: 0.3,
                        ..Init::NTK_PARAMETRISED
                    },
                    residual,
                };
                let rng = &mut stream(1, "conv", nets.len() as u64);
                nets.push(ConvNet::new(&settings, rng).expect("valid"));
            }
        }
        nets
    }

    fn rows(net: &ConvNet, n: usize, rng: &mut Rng) -> Array2<f64> {
        gaussian(n, net.n_inputs(), rng).expect("valid")
    }

    fn along(n: usize, rng: &mut Rng) -> Array1<f64> {
        gaussian(1, n, rng).expect("valid").row(0).to_owned()
    }

    fn dot<'a>(a: impl IntoIterator<Item = &'a f64>, b: impl IntoIterator<Item = &'a f64>) -> f64 {
        a.into_iter().zip(b).map(|(a, b)| a * b).sum()
    }

    /// With a step of 10⁻⁵ central differences err by about 10⁻¹⁰ times a third derivative, and as much by rounding.
    const STEP: f64 = 1e-5;

    #[test]
    fn first_derivatives_are_differences() {
        for (index, net) in nets().iter().enumerate() {
            let rng = &mut stream(2, "conv", index as u64);
            let (x, dx) = (rows(net, 3, rng), rows(net, 3, rng));
            let (p, dp) = (net.parameters(), along(net.n_parameters(), rng));
            let y = gaussian(3, 2, rng).expect("valid");
            let at = |t: f64| {
                let moved = &p + &(&dp * t);
                let moved = net.with_parameters(moved.as_slice().expect("whole"));
                (moved.expect("fits"), &x + &(&dx * t))
            };
            let (ahead, behind) = (at(STEP), at(-STEP));
            let outputs = |(net, x): &(ConvNet, Array2<f64>)| net.forward(x).expect("fits");
            let slope = (outputs(&ahead) - outputs(&behind)) / (2.0 * STEP);
            let checked = net.checked().expect("fits");
            let trace = checked.trace(&x).expect("fits");
            let direction = Direction {
                parameters: &dp,
                inputs: &dx,
            };
            let pushed = checked.jvp(&trace, direction).expect("fits");
            let error = (&pushed - &slope).mapv(f64::abs).sum();
            assert!(error < 1e-7, "{index}: jvp {error}");
            // The adjoint identity, exact but for rounding.
            let pulled = checked.vjp(&trace, &y).expect("fits");
            let back = dot(&pulled.parameters, &dp) + dot(&pulled.inputs, &dx);
            assert!((back - dot(&y, &pushed)).abs() < 1e-11, "{index}");
            // Each parameter and each input by itself, of a loss.
            let (_, gradient) = checked.loss_gradient(&x, &y, Loss::Mse).expect("fits");
            let loss = |net: &ConvNet, x: &Array2<f64>| {
                let f = net.forward(x).expect("fits");
                Loss::Mse.value_and_derivative(&f, &y).expect("fits").0
            };
            for k in 0..p.len() {
                let moved = |t: f64| {
                    let mut q = p.to_vec();
                    q[k] += t;
                    loss(&net.with_parameters(&q).expect("fits"), &x)
                };
                let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                assert!(
                    (slope - gradient.parameters[k]).abs() < 1e-8,
                    "{index}: {k}"
                );
            }
            for ((row, column), got) in gradient.inputs.indexed_iter() {
                let moved = |t: f64| {
                    let mut x = x.clone();
                    x[[row, column]] += t;
                    loss(net, &x)
                };
                let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                assert!((slope - got).abs() < 1e-8, "{index}: {row} {column}");
            }
        }
    }

    #[test]
    fn second_derivatives_are_differences() {
        for (index, net) in nets().iter().enumerate() {
            let rng = &mut stream(3, "conv", index as u64);
            let (x, dx) = (rows(net, 2, rng), rows(net, 2, rng));
            let (p, dp) = (net.parameters(), along(net.n_parameters(), rng));
            let [v, rate] = [(); 2].map(|()| gaussian(2, 2, rng).expect("valid"));
            let pulled = |t: f64| {
                let q = &p + &(&dp * t);
                let net = net
                    .with_parameters(q.as_slice().expect("whole"))
                    .expect("fits");
                let checked = net.checked().expect("fits");
                let trace = checked.trace(&(&x + &(&dx * t))).expect("fits");
                checked.vjp(&trace, &(&v + &(&rate * t))).expect("fits")
            };
            let (ahead, behind) = (pulled(STEP), pulled(-STEP));
            let checked = net.checked().expect("fits");
            let trace = checked.trace(&x).expect("fits");
            let direction = Direction {
                parameters: &dp,
                inputs: &dx,
            };
            let got = checked
                .vjp_rate(&trace, direction, &v, &rate)
                .expect("fits");
            let slope = (ahead.parameters - behind.parameters) / (2.0 * STEP);
            let error = (slope - got.parameters).fold(0.0_f64, |most, e| most.max(e.abs()));
            assert!(error < 1e-7, "{index}: parameters {error}");
            let slope = (ahead.inputs - behind.inputs) / (2.0 * STEP);
            let error = (slope - got.inputs).fold(0.0_f64, |most, e| most.max(e.abs()));
            assert!(error < 1e-7, "{index}: inputs {error}");
        }
    }

    /// Outputs and input gradients of a plain network and of the perceptron with its matrices; in f32 too.
    #[test]
    fn it_is_a_perceptron_with_shared_weights() {
        for padding in [Padding::Circular, Padding::Zero] {
            let settings = ConvSettings {
                image: (4, 3, 2),
                channels: vec![3, 2],
                outputs: 2,
                padding,
                init: Init {
                    bias_std: 0.2,
                    ..Init::HE
                },
                ..ConvSettings::default()
            };
            let net = ConvNet::new(&settings, &mut stream(4, "conv", 0)).expect("valid");
            let x = rows(&net, 5, &mut stream(4, "inputs", 0));
            let wide = net.expanded().expect("plain");
            let far = (net.forward(&x).expect("fits") - wide.forward(&x).expect("fits"))
                .mapv(f64::abs)
                .sum();
            assert!(far < 1e-12, "{padding:?}: {far}");
            let checked = net.checked().expect("fits");
            let trace = checked.trace(&x).expect("fits");
            let mut v = Array2::zeros((5, 2));
            v.column_mut(1).fill(1.0);
            let slopes = checked.vjp(&trace, &v).expect("fits").inputs;
            let far = (slopes - wide.output_input_gradient(&x, 1).expect("fits"))
                .mapv(f64::abs)
                .sum();
            assert!(far < 1e-12, "{padding:?}: {far}");
            let single = ConvNet32::new(&settings, &mut stream(4, "conv", 0)).expect("valid");
            let f = single.forward(&x.mapv(|v| v as f32)).expect("fits");
            let far = f.mapv(f64::from) - trace.outputs;
            assert!(far.iter().all(|e| e.abs() < 1e-5), "{far}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let rng = &mut stream(5, "conv", 0);
        let good = ConvSettings {
            image: (3, 3, 1),
            channels: vec![2; 3],
            outputs: 1,
            ..ConvSettings::default()
        };
        let mut refused = |settings: ConvSettings| ConvNet::new(&settings, rng).is_err();
        for (image, channels, outputs) in [
            ((0, 3, 1), vec![2], 1),
            ((3, 3, 0), vec![2], 1),
            ((usize::MAX, 3, 1), vec![2], 1),
            ((3, 3, 1), vec![], 1),
            ((3, 3, 1), vec![2, 0], 1),
            ((3, 3, 1), vec![2], 0),
            ((3, 3, 1), vec![usize::MAX, 2], 1),
        ] {
            assert!(refused(ConvSettings {
                image,
                channels,
                outputs,
                ..good.clone()
            }));
        }
        for (residual, channels) in [
            (1.0, vec![2; 2]),
            (1.0, vec![2, 2, 3]),
            (f64::NAN, vec![2; 3]),
        ] {
            assert!(refused(ConvSettings {
                residual: Some(residual),
                channels,
                ..good.clone()
            }));
        }
        let net = ConvNet::new(&good, rng).expect("valid");
        assert!(net.forward(&Array2::zeros((0, 9))).is_err());
        assert!(net.forward(&Array2::zeros((2, 8))).is_err());
        assert!(net.forward(&Array2::from_elem((2, 9), f64::NAN)).is_err());
        assert!(net.with_parameters(&[1.0]).is_err());
        let checked = net.checked().expect("fits");
        let mut trace = checked.trace(&Array2::ones((2, 9))).expect("fits");
        trace.h.pop();
        assert!(checked.vjp(&trace, &Array2::ones((2, 1))).is_err());
        let residual = ConvSettings {
            residual: Some(1.0),
            ..good
        };
        let residual = ConvNet::new(&residual, rng).expect("valid");
        assert!(residual.expanded().is_err());
        let mut broken = net.clone();
        broken.grid.height = 0;
        assert!(broken.forward(&Array2::ones((2, 9))).is_err());
        broken = net;
        broken.convolutions.clear();
        assert!(broken.forward(&Array2::ones((2, 9))).is_err());
    }
}
