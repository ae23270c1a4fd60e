//! The multi-layer perceptron.
//!
//! Data types: [`MlpOf`] is a list of [`Layer`]s and an activation; [`Trace`] holds what every
//! layer computed for every example; [`PerExample`] holds each example's parameter gradient in
//! the form of two thin factors per layer. [`Mlp`] and [`Mlp32`] are the networks of `f64` and
//! `f32`.

mod differentiable;
mod gradient;
mod normalised;
mod per_example;
mod tangent_kernel;
mod trace;
mod walk;

use ndarray::{Array1, Array2, ArrayRef2, Axis};
use rand_distr::{Distribution, StandardNormal};

pub use gradient::{LayerGradient, LossGradient};
pub use normalised::{NormalisedGradient, NormalisedMlp, NormalisedMlpOf, NormalisedTrace};
pub use per_example::{PerExample, PerExampleLayer};
pub use tangent_kernel::KernelForm;
pub use trace::Trace;
pub use walk::WalkTangent;

use super::activation::Activation;
use super::init::Init;
use super::parameters;
use crate::display::Html;
use crate::error::{Error, Result, check_finite, within_range};
use crate::real::{Real, check_array, check_rows};

/// The most parameters a network may have: 2²⁸, two gigabytes of `f64`.
const MAX_PARAMETERS: usize = 1 << 28;

/// The most numbers all layers together may compute at once: 2³⁰.
const MAX_ACTIVATIONS: usize = 1 << 30;

/// A network of `f64`.
pub type Mlp = MlpOf<f64>;

/// A network of `f32`: about twice as fast, with 7 digits.
pub type Mlp32 = MlpOf<f32>;

/// The shape and the start of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct MlpSettings {
    /// The numbers of units from input to output: `[784, 512, 10]` has two layers of weights.
    pub sizes: Vec<usize>,
    /// The activation of the hidden layers. The output is linear.
    pub activation: Activation,
    /// Whether layers add a bias.
    pub biases: bool,
    /// How the weights are drawn.
    pub init: Init,
}

impl Default for MlpSettings {
    /// 784-128-10, ReLU, with biases, He.
    fn default() -> Self {
        Self {
            sizes: vec![784, 128, 10],
            activation: Activation::Relu,
            biases: true,
            init: Init::HE,
        }
    }
}

impl MlpSettings {
    /// The default with these sizes.
    #[must_use]
    pub fn of_sizes(sizes: &[usize]) -> Self {
        Self {
            sizes: sizes.to_vec(),
            ..Self::default()
        }
    }
}

/// One layer: z = c·W h + b.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<T> {
    /// W, `(out, in)`.
    pub weights: Array2<T>,
    /// b, `(out,)`, if the layer has one.
    pub bias: Option<Array1<T>>,
    /// c, a constant that is not trained: 1 unless the initialisation puts a scale outside the
    /// weights.
    pub multiplier: T,
}

impl<T: Real> Layer<T> {
    /// Draws layer `index` of `depth`, `(out, in)`: the weights row by row, then the biases, if there are `biases`.
    ///
    /// # Errors
    /// An impossible scheme, or more than 2³⁰ weights.
    pub(in crate::model) fn draw(
        init: &Init,
        biases: bool,
        place: (usize, usize),
        shape: (usize, usize),
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        let bias_std = init.bias_std;
        if !(bias_std.is_finite() && bias_std >= 0.0) {
            let what = "the standard deviation of the biases";
            return Err(Error::domain(what, "a finite number ≥ 0", bias_std));
        }
        let (weights, multiplier) = init.draw(place, shape, rng)?;
        let bias = biases.then(|| match bias_std {
            0.0 => Array1::zeros(shape.0),
            std => Array1::from_shape_simple_fn(shape.0, || {
                let unit: f64 = StandardNormal.sample(rng);
                T::of(std * unit)
            }),
        });
        Ok(Self {
            weights,
            bias,
            multiplier,
        })
    }

    /// Checks layer number `number`, from 1, which takes `inputs` numbers: shapes fit, all numbers are finite.
    ///
    /// # Errors
    /// They do not, or are not.
    pub(in crate::model) fn check(&self, number: usize, inputs: usize) -> Result<()> {
        let named = |what: &str| format!("the {what} of layer {number}");
        let out = self.weights.nrows();
        if self.weights.ncols() != inputs || out == 0 {
            let (what, got) = (named("weights"), self.weights.shape());
            return Err(Error::shape(
                &what,
                format!("(out, {inputs}) with out ≥ 1"),
                got,
            ));
        }
        check_array(&named("weights"), &self.weights)?;
        if let Some(bias) = &self.bias {
            if bias.len() != out {
                let expected = format!("({out},)");
                return Err(Error::shape(&named("bias"), expected, bias.shape()));
            }
            check_array(&named("bias"), bias)?;
        }
        check_finite(&named("multiplier"), [&self.multiplier])
    }
}

/// A network f(x) = z_L with h_0 = x, z_l = c_l·W_l h_{l−1} + b_l, h_l = σ(z_l) for l < L.
///
/// ```
/// use dltheory::model::{Mlp, MlpSettings};
/// use dltheory::rng::stream;
/// use ndarray::Array2;
/// let net = Mlp::new(&MlpSettings::of_sizes(&[2, 8, 3]), &mut stream(1, "doc", 0))?;
/// assert_eq!(net.n_parameters(), 8 * 2 + 8 + 3 * 8 + 3);
/// assert_eq!(net.forward(&Array2::ones((5, 2)))?.dim(), (5, 3));
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MlpOf<T> {
    /// The layers from input to output; each takes what the one before gives.
    pub layers: Vec<Layer<T>>,
    /// σ, between layers. The last layer has none.
    pub activation: Activation,
}

impl<T: Real> MlpOf<T> {
    /// Draws a network: the layers in order, each row by row, weights before biases.
    ///
    /// # Errors
    /// Fewer than two sizes, a size of 0, more than 2²⁸ parameters, or an impossible scheme.
    pub fn new(settings: &MlpSettings, rng: &mut impl rand::Rng) -> Result<Self> {
        let sizes = &settings.sizes;
        let wrong = |expected: &str| {
            let got = format!("{sizes:?}");
            Err(Error::domain("the list of layer sizes", expected, got))
        };
        if sizes.len() < 2 || sizes.contains(&0) {
            return wrong("two or more sizes, each at least 1");
        }
        let count = sizes.windows(2).try_fold(0_usize, |sum, pair| {
            let weights = pair[0].checked_mul(pair[1])?;
            sum.checked_add(weights)?.checked_add(pair[1])
        });
        if count.is_none_or(|count| count > MAX_PARAMETERS) {
            return wrong("at most 2^28 parameters in all");
        }
        let depth = sizes.len() - 1;
        let layers = (0..depth).map(|index| {
            let shape = (sizes[index + 1], sizes[index]);
            Layer::draw(&settings.init, settings.biases, (index, depth), shape, rng)
        });
        let net = Self {
            layers: layers.collect::<Result<_>>()?,
            activation: settings.activation,
        };
        net.check()?;
        Ok(net)
    }

    /// d, the numbers the network takes; 0 without layers.
    #[must_use]
    pub fn n_inputs(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.weights.ncols())
    }

    /// k, the numbers the network gives; 0 without layers.
    #[must_use]
    pub fn n_outputs(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.weights.nrows())
    }

    /// L, the number of layers.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// The number of weights and biases.
    #[must_use]
    pub fn n_parameters(&self) -> usize {
        let blocks = self.layers.iter();
        blocks
            .map(|layer| layer.weights.len() + layer.bias.as_ref().map_or(0, Array1::len))
            .sum()
    }

    /// f(x) for each row of `x`, `(n, d)`; returns `(n, k)`.
    ///
    /// # Errors
    /// `x` has no row, another width than the network's input, or is not finite; the layers do
    /// not fit each other; the outputs are not finite.
    pub fn forward(&self, x: &ArrayRef2<T>) -> Result<Array2<T>> {
        self.check_inputs(x)?;
        let mut outputs = self.affine(0, x);
        for index in 1..self.layers.len() {
            outputs.mapv_inplace(|z| self.activation.value(z));
            outputs = self.affine(index, &outputs);
        }
        check_array("the network's outputs", &outputs)?;
        Ok(outputs)
    }

    /// All parameters in one vector, `(p,)`: layer by layer, the weights row by row, then the
    /// biases.
    #[must_use]
    pub fn parameters(&self) -> Array1<T> {
        let blocks = self.layers.iter().flat_map(|layer| {
            let bias = layer.bias.iter().flatten();
            layer.weights.iter().chain(bias).copied()
        });
        blocks.collect()
    }

    /// A network of the same shape with these parameters, in the order of
    /// [`parameters`](Self::parameters).
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
        self.layers.iter_mut().flat_map(|layer| {
            let bias = layer.bias.iter_mut().flatten();
            layer.weights.iter_mut().chain(bias)
        })
    }

    /// ‖W_l − W'_l‖_F for every layer l, biases left out, `(L,)`: how far training has moved each
    /// layer, when `other` is the network at its start.
    ///
    /// # Errors
    /// The two have other shapes, or weights that are not finite; a distance beyond the range of f64.
    pub fn weight_distances(&self, other: &Self) -> Result<Vec<f64>> {
        let shapes = |net: &Self| -> Vec<Vec<usize>> {
            let layers = net.layers.iter();
            layers.map(|layer| layer.weights.shape().to_vec()).collect()
        };
        if shapes(self) != shapes(other) {
            let expected = format!("layers {:?}", shapes(self));
            let got = format!("{:?}", shapes(other));
            return Err(Error::domain("the other network", expected, got));
        }
        let pairs = self.layers.iter().zip(&other.layers);
        let distances = pairs.map(|(a, b)| {
            let pairs = a.weights.iter().zip(&b.weights);
            let squares = pairs.map(|(a, b)| (a.as_f64() - b.as_f64()).powi(2));
            within_range("the distance of a layer", squares.sum::<f64>().sqrt())
        });
        distances.collect()
    }

    /// ‖W_l‖_F for every layer l, `(L,)`.
    #[must_use]
    pub fn weight_norms(&self) -> Vec<f64> {
        let norm = |layer: &Layer<T>| {
            let squares = layer.weights.iter().map(|w| w.as_f64().powi(2));
            squares.sum::<f64>().sqrt()
        };
        self.layers.iter().map(norm).collect()
    }

    /// Shows the layers in a notebook.
    pub fn evcxr_display(&self) {
        let rows = self.layers.iter().enumerate().map(|(index, layer)| {
            let (out, inputs) = layer.weights.dim();
            let bias = if layer.bias.is_some() { "yes" } else { "no" };
            let after = match index + 1 == self.layers.len() {
                true => "linear".to_owned(),
                false => self.activation.to_string(),
            };
            format!(
                "<tr><td>{}</td><td>({out}, {inputs})</td><td>{bias}</td><td>{}</td><td>{after}</td></tr>",
                index + 1,
                layer.multiplier
            )
        });
        let html = format!(
            "<table><tr><th>layer</th><th>weights</th><th>bias</th><th>multiplier</th><th>then</th></tr>{}</table><p>{} parameters of type {}</p>",
            rows.collect::<String>(),
            self.n_parameters(),
            T::NAME
        );
        Html::new(html).evcxr_display();
    }

    /// c_l·h W_lᵀ + b_l for rows `h`.
    fn affine(&self, index: usize, h: &ArrayRef2<T>) -> Array2<T> {
        let layer = &self.layers[index];
        let mut z = h.dot(&layer.weights.t());
        if layer.multiplier != T::one() {
            z *= layer.multiplier;
        }
        if let Some(bias) = &layer.bias {
            z += bias;
        }
        z
    }

    /// The fields are public, so whoever computes asks first whether they fit and are finite.
    pub(crate) fn check(&self) -> Result<()> {
        if self.layers.is_empty() || self.n_inputs() == 0 {
            let expected = "at least one layer with at least one input";
            return Err(Error::domain("the network", expected, "empty"));
        }
        let mut inputs = self.n_inputs();
        for (index, layer) in self.layers.iter().enumerate() {
            layer.check(index + 1, inputs)?;
            inputs = layer.weights.nrows();
        }
        Ok(())
    }

    /// Checks the network and inputs `(n, d)` for it.
    pub(crate) fn check_inputs(&self, x: &ArrayRef2<T>) -> Result<()> {
        self.check()?;
        check_rows("the inputs", x, self.n_inputs())?;
        self.check_room(x.nrows())
    }

    /// Checks that all layers together can hold this many examples.
    pub(crate) fn check_room(&self, rows: usize) -> Result<()> {
        let units = self.layers.iter().map(|layer| layer.weights.nrows());
        let units = units.sum::<usize>() + self.n_inputs();
        if rows
            .checked_mul(units)
            .is_none_or(|all| all > MAX_ACTIVATIONS)
        {
            return Err(Error::domain(
                &format!("the number of examples at once for {units} units"),
                format!("at most {}", MAX_ACTIVATIONS / units),
                rows,
            ));
        }
        Ok(())
    }

    /// A copy whose arrays are in row-major order, whatever order a caller gave them.
    pub(crate) fn standard(&self) -> Self {
        let layers = self.layers.iter().map(|layer| Layer {
            weights: layer.weights.as_standard_layout().into_owned(),
            bias: layer
                .bias
                .as_ref()
                .map(|b| b.as_standard_layout().into_owned()),
            multiplier: layer.multiplier,
        });
        Self {
            layers: layers.collect(),
            activation: self.activation,
        }
    }
}

/// The sums of the columns of `(n, m)`, `(m,)`.
fn column_sums<T: Real>(a: &ArrayRef2<T>) -> Array1<T> {
    a.sum_axis(Axis(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use ndarray::array;

    fn small() -> Mlp {
        let layer = |weights, bias: Option<Array1<f64>>| Layer {
            weights,
            bias,
            multiplier: 1.0,
        };
        Mlp {
            layers: vec![
                layer(array![[1.0, -1.0], [2.0, 0.5]], Some(array![0.5, -4.0])),
                layer(array![[3.0, 1.0]], None),
            ],
            activation: Activation::Relu,
        }
    }

    #[test]
    fn a_network_computes_what_its_formula_says() {
        let x = array![[1.0, 0.5], [4.0, 2.0]];
        // z = (1, −1.75) and (2.5, 5): f = 3 and 12.5.
        assert_eq!(small().forward(&x).expect("valid"), array![[3.0], [12.5]]);
        let mut scaled = small();
        scaled.layers[0].multiplier = 2.0;
        // z = (1.5, 0.5) and (4.5, 14): f = 5 and 27.5.
        assert_eq!(scaled.forward(&x).expect("valid"), array![[5.0], [27.5]]);
    }

    #[test]
    fn parameters_go_out_and_in_again() {
        let net = small();
        let flat = net.parameters();
        assert_eq!(flat.to_vec(), [1.0, -1.0, 2.0, 0.5, 0.5, -4.0, 3.0, 1.0]);
        let moved = net.with_parameters((&flat + 1.0).as_slice().expect("contiguous"));
        let moved = moved.expect("as many");
        assert_eq!(moved.parameters(), flat + 1.0);
        assert_eq!(
            moved.weight_distances(&net).expect("same shape"),
            [2.0, 2_f64.sqrt()]
        );
        assert_eq!(net.weight_norms(), [6.25_f64.sqrt(), 10_f64.sqrt()]);
        assert!(net.with_parameters(&[1.0]).is_err());
        assert!(net.with_parameters(&[f64::NAN; 8]).is_err());
    }

    #[test]
    fn both_types_start_from_the_same_draw() {
        let settings = MlpSettings {
            init: Init {
                bias_std: 0.1,
                ..Init::HE
            },
            ..MlpSettings::of_sizes(&[3, 4, 2])
        };
        let double = Mlp::new(&settings, &mut stream(1, "net", 0)).expect("valid");
        let single = Mlp32::new(&settings, &mut stream(1, "net", 0)).expect("valid");
        assert_eq!(double.parameters().mapv(|v| v as f32), single.parameters());
    }

    #[test]
    fn impossible_networks_are_errors() {
        let new = |sizes: &[usize]| {
            Mlp::new(&MlpSettings::of_sizes(sizes), &mut stream(1, "bad", 0))
                .expect_err("refused")
                .to_string()
        };
        assert!(new(&[]).contains("two or more sizes") && new(&[3]).contains("is [3]"));
        assert!(new(&[3, 0, 2]).contains("each at least 1"));
        assert!(new(&[usize::MAX, 3]).contains("2^28 parameters"));
        assert!(new(&[1 << 20, 1 << 20]).contains("2^28 parameters"));

        let x = array![[1.0, 2.0]];
        let refusal = |net: Mlp| net.forward(&x).expect_err("refused").to_string();
        let mut net = small();
        net.layers.clear();
        assert!(refusal(net).contains("at least one layer"));
        let mut net = small();
        net.layers[1].weights = array![[1.0]];
        assert!(
            refusal(net).contains("the weights of layer 2 has shape [1, 1], expected (out, 2)")
        );
        let mut net = small();
        net.layers[0].bias = Some(array![1.0]);
        assert!(refusal(net).contains("the bias of layer 1"));
        let mut net = small();
        net.layers[1].weights[[0, 1]] = f64::NAN;
        assert!(refusal(net).contains("the weights of layer 2 holds NaN at index 1"));
        let mut net = small();
        net.layers[0].weights.fill(1e308);
        assert!(refusal(net).contains("the network's outputs holds inf"));
        assert!(small().forward(&array![[1.0]]).is_err());
        assert!(small().forward(&Array2::zeros((0, 2))).is_err());
        assert!(small().forward(&array![[1.0, f64::INFINITY]]).is_err());
    }
}
