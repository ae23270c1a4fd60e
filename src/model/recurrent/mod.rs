//! The Elman network: one hidden state, carried from step to step.
//!
//! Data types: [`Recurrent`] holds five blocks of weights; [`RecurrentTrace`] holds the state after
//! every step; [`RecurrentGradient`] the derivative by every block. Sequences are `(T, n, d)`: T
//! steps of n examples with d inputs each, as in PyTorch.

mod gradient;
mod lag;

use ndarray::{Array1, Array2, ArrayRef2, ArrayRef3, Axis};

pub use gradient::RecurrentGradient;
pub use lag::{LagNorm, fuss_catalan_norm, power_growth};

use super::{Activation, parameters};
use crate::data::synthetic::{gaussian, orthonormal_rows};
use crate::error::{Error, Result, check_finite};
use crate::linalg::spectral_radius;

/// The most units: above, the recurrent matrix alone has more than 2²⁶ entries.
const MAX_WIDTH: usize = 1 << 13;

/// The most numbers all states of a batch together may have: 2²⁷, a gigabyte.
const MAX_STATES: usize = 1 << 27;

/// What the recurrent matrix starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecurrentLaw {
    /// ρ times a uniformly random orthogonal matrix: every direction is scaled by ρ at each step.
    #[default]
    Orthogonal,
    /// A matrix of independent normal entries, scaled to spectral radius ρ: only the slowest
    /// direction is scaled by ρ a step, and only in the long run.
    Gaussian,
}

/// The shape and the start of a recurrent network.
#[derive(Clone, Debug, PartialEq)]
pub struct RecurrentSettings {
    /// d, the numbers it takes at each step.
    pub inputs: usize,
    /// m, the units of the state, at most 8,192.
    pub width: usize,
    /// k, the numbers it gives at the end.
    pub outputs: usize,
    /// σ of the state. The output is linear.
    pub activation: Activation,
    /// The law of the recurrent matrix.
    pub law: RecurrentLaw,
    /// ρ > 0, the spectral radius of the recurrent matrix at the start.
    pub spectral_radius: f64,
}

impl Default for RecurrentSettings {
    /// 1-32-1, tanh, orthogonal with ρ = 1.
    fn default() -> Self {
        Self {
            inputs: 1,
            width: 32,
            outputs: 1,
            activation: Activation::Tanh,
            law: RecurrentLaw::Orthogonal,
            spectral_radius: 1.0,
        }
    }
}

/// A network that reads a sequence x_1 … x_T and answers once, at the end:
/// h_0 = 0, z_t = U x_t + W h_{t−1} + b, h_t = σ(z_t), f = V h_T + c.
///
/// ```
/// use dltheory::model::{Recurrent, RecurrentSettings};
/// use dltheory::rng::stream;
/// use ndarray::Array3;
/// let net = Recurrent::new(&RecurrentSettings::default(), &mut stream(1, "doc", 0))?;
/// // 3 sequences of 20 steps.
/// assert_eq!(net.forward(&Array3::ones((20, 3, 1)))?.dim(), (3, 1));
/// # Ok::<(), dltheory::Error>(())
/// ```
///
/// # Reference
/// Elman 1990, "Finding structure in time", doi:10.1207/s15516709cog1402_1.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrent {
    /// U, from inputs to state, `(m, d)`.
    pub input: Array2<f64>,
    /// W, from state to state, `(m, m)`.
    pub recurrent: Array2<f64>,
    /// b, `(m,)`.
    pub bias: Array1<f64>,
    /// V, from state to outputs, `(k, m)`.
    pub output: Array2<f64>,
    /// c, `(k,)`.
    pub output_bias: Array1<f64>,
    /// σ.
    pub activation: Activation,
}

/// What a batch of sequences did to the state.
#[derive(Clone, Debug)]
pub struct RecurrentTrace {
    /// h_0 = 0, h_1, …, h_T: entry t is `(n, m)`. There are T + 1.
    pub h: Vec<Array2<f64>>,
    /// z_1, …, z_T: entry t − 1 is `(n, m)`.
    pub z: Vec<Array2<f64>>,
    /// f, `(n, k)`.
    pub outputs: Array2<f64>,
}

impl Recurrent {
    /// Draws a network: W by its law, then U with entries N(0, 1/d) and V with N(0, 1/m); biases
    /// start at 0.
    ///
    /// # Errors
    /// A size of 0 or out of range; a spectral radius that is not a positive finite number.
    pub fn new(settings: &RecurrentSettings, rng: &mut impl rand::Rng) -> Result<Self> {
        let (d, m, k) = (settings.inputs, settings.width, settings.outputs);
        if !(1..=MAX_WIDTH).contains(&m) {
            let expected = format!("1 to {MAX_WIDTH}");
            return Err(Error::domain("the width of the state", expected, m));
        }
        let rho = settings.spectral_radius;
        if !(rho.is_finite() && rho > 0.0) {
            let expected = "a positive finite number";
            return Err(Error::domain("the spectral radius", expected, rho));
        }
        let recurrent = match settings.law {
            RecurrentLaw::Orthogonal => orthonormal_rows(m, m, rng)? * rho,
            RecurrentLaw::Gaussian => {
                let drawn = gaussian(m, m, rng)?;
                let scale = rho / spectral_radius(&drawn)?;
                drawn * scale
            }
        };
        let net = Self {
            input: gaussian(m, d, rng)? / (d as f64).sqrt(),
            recurrent,
            bias: Array1::zeros(m),
            output: gaussian(k, m, rng)? / (m as f64).sqrt(),
            output_bias: Array1::zeros(k),
            activation: settings.activation,
        };
        net.check()?;
        Ok(net)
    }

    /// d, the numbers it takes at each step.
    #[must_use]
    pub fn n_inputs(&self) -> usize {
        self.input.ncols()
    }

    /// m, the units of the state.
    #[must_use]
    pub fn width(&self) -> usize {
        self.input.nrows()
    }

    /// k, the numbers it gives.
    #[must_use]
    pub fn n_outputs(&self) -> usize {
        self.output.nrows()
    }

    /// The numbers of all blocks in the order U, W, b, V, c, each row by row, `(p,)`.
    #[must_use]
    pub fn parameters(&self) -> Array1<f64> {
        let [u, w, v] = [&self.input, &self.recurrent, &self.output].map(|block| block.iter());
        let all = u.chain(w).chain(&self.bias).chain(v);
        all.chain(&self.output_bias).copied().collect()
    }

    /// A network of the same shape with these parameters, in the order of
    /// [`parameters`](Self::parameters).
    ///
    /// # Errors
    /// There are more or fewer than the network has, or one is not finite.
    pub fn with_parameters(&self, parameters: &[f64]) -> Result<Self> {
        let mut net = self.clone();
        parameters::write(net.parameters_mut(), parameters)?;
        Ok(net)
    }

    /// Every parameter, in the order of [`parameters`](Self::parameters).
    pub(crate) fn parameters_mut(&mut self) -> impl Iterator<Item = &mut f64> {
        let inner = self.input.iter_mut().chain(&mut self.recurrent);
        let outer = self.output.iter_mut().chain(&mut self.output_bias);
        inner.chain(&mut self.bias).chain(outer)
    }

    /// f for each sequence of `x`, `(T, n, d)`; returns `(n, k)`.
    ///
    /// # Errors
    /// `x` is empty, not finite or of another width; the network's blocks do not fit each other;
    /// a state or an output is beyond the range of f64.
    pub fn forward(&self, x: &ArrayRef3<f64>) -> Result<Array2<f64>> {
        Ok(self.trace(x)?.outputs)
    }

    /// As [`forward`](Self::forward), keeping every state.
    ///
    /// # Errors
    /// As for [`forward`](Self::forward).
    pub fn trace(&self, x: &ArrayRef3<f64>) -> Result<RecurrentTrace> {
        self.check_sequences(x)?;
        let trace = self.unroll(x);
        check_finite("the outputs of the recurrent network", &trace.outputs)?;
        for h in &trace.h {
            check_finite("the states of the recurrent network", h)?;
        }
        Ok(trace)
    }

    /// The forward pass of sequences that fit; numbers out of range stay as they come.
    fn unroll(&self, x: &ArrayRef3<f64>) -> RecurrentTrace {
        let mut h = vec![Array2::zeros((x.len_of(Axis(1)), self.width()))];
        let mut z = Vec::with_capacity(x.len_of(Axis(0)));
        for (t, x) in x.axis_iter(Axis(0)).enumerate() {
            let sum = x.dot(&self.input.t()) + h[t].dot(&self.recurrent.t()) + &self.bias;
            h.push(sum.mapv(|z| self.activation.value(z)));
            z.push(sum);
        }
        let outputs = h[h.len() - 1].dot(&self.output.t()) + &self.output_bias;
        RecurrentTrace { h, z, outputs }
    }

    /// The fields are public: do they fit, and are they finite?
    fn check(&self) -> Result<()> {
        let (m, d, k) = (self.width(), self.n_inputs(), self.n_outputs());
        let fits = |what: &str, got: &[usize], want: &[usize]| {
            let sound = got == want && !want.contains(&0);
            let expected = format!("{want:?}, without a 0, as the other blocks say");
            sound
                .then_some(())
                .ok_or_else(|| Error::shape(what, expected, got))
        };
        fits("the input weights", self.input.shape(), &[m, d])?;
        fits("the recurrent weights", self.recurrent.shape(), &[m, m])?;
        fits("the bias", self.bias.shape(), &[m])?;
        fits("the output weights", self.output.shape(), &[k, m])?;
        fits("the output bias", self.output_bias.shape(), &[k])?;
        check_finite("the input weights", &self.input)?;
        check_finite("the recurrent weights", &self.recurrent)?;
        check_finite("the bias", &self.bias)?;
        check_finite("the output weights", &self.output)?;
        check_finite("the output bias", &self.output_bias)
    }

    /// Checks the network and sequences for it.
    pub(crate) fn check_sequences(&self, x: &ArrayRef3<f64>) -> Result<()> {
        self.check()?;
        let d = self.n_inputs();
        if x.is_empty() || x.len_of(Axis(2)) != d {
            let expected = format!("(T, n, {d}) with T, n ≥ 1");
            return Err(Error::shape("the sequences", expected, x.shape()));
        }
        let states = (x.len() / d).checked_mul(self.width());
        if states.is_none_or(|states| states > MAX_STATES) {
            let expected = format!("at most {MAX_STATES} states in all");
            return Err(Error::shape("the sequences", expected, x.shape()));
        }
        check_finite("the sequences", x)
    }
}

/// The sums of the columns of `(n, m)`, `(m,)`.
fn column_sums(a: &ArrayRef2<f64>) -> Array1<f64> {
    a.sum_axis(Axis(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use ndarray::{Array3, array};

    /// One unit by hand: h = 0.5·1 + 0.1 = 0.6, then 0.5·2 + 2·0.6 + 0.1 = 2.3; f = 3·2.3 − 1.
    #[test]
    fn a_linear_unit_by_hand() {
        let net = Recurrent {
            input: array![[0.5]],
            recurrent: array![[2.0]],
            bias: array![0.1],
            output: array![[3.0]],
            output_bias: array![-1.0],
            activation: Activation::Linear,
        };
        let f = net.forward(&array![[[1.0]], [[2.0]]]).expect("fits");
        assert!((f[[0, 0]] - 5.9).abs() < 1e-14, "{f}");
    }

    #[test]
    fn both_laws_have_the_spectral_radius_asked_for() {
        for law in [RecurrentLaw::Orthogonal, RecurrentLaw::Gaussian] {
            let settings = RecurrentSettings {
                law,
                spectral_radius: 1.3,
                ..RecurrentSettings::default()
            };
            let net = Recurrent::new(&settings, &mut stream(1, "radius", 0)).expect("valid");
            let radius = spectral_radius(&net.recurrent).expect("finite");
            assert!((radius - 1.3).abs() < 1e-12, "{law:?}: {radius}");
        }
    }

    #[test]
    fn parameters_go_out_and_in() {
        let settings = RecurrentSettings {
            inputs: 3,
            width: 4,
            outputs: 2,
            ..RecurrentSettings::default()
        };
        let net = Recurrent::new(&settings, &mut stream(1, "flat", 0)).expect("valid");
        let flat = net.parameters();
        assert_eq!(flat.len(), 12 + 16 + 4 + 8 + 2);
        assert_eq!(net.with_parameters(&flat.to_vec()).expect("as many"), net);
        let other: Vec<f64> = (0..flat.len()).map(|i| i as f64).collect();
        let other = net.with_parameters(&other).expect("as many");
        assert_eq!(other.recurrent[[0, 1]], 13.0);
        assert_eq!(other.parameters()[41], 41.0);
        assert!(net.with_parameters(&[1.0]).is_err());
    }

    #[test]
    fn bad_shapes_and_numbers_are_errors() {
        let new = |change: &dyn Fn(&mut RecurrentSettings)| {
            let mut settings = RecurrentSettings::default();
            change(&mut settings);
            Recurrent::new(&settings, &mut stream(1, "bad", 0))
        };
        assert!(new(&|s| s.width = 0).is_err() && new(&|s| s.width = 1 << 40).is_err());
        assert!(new(&|s| s.inputs = 0).is_err() && new(&|s| s.outputs = 0).is_err());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(new(&|s| s.spectral_radius = bad).is_err());
        }
        let net = new(&|_| {}).expect("valid");
        let refused = |shape: (usize, usize, usize)| net.forward(&Array3::zeros(shape)).is_err();
        assert!(refused((0, 1, 1)) && refused((2, 0, 1)) && refused((2, 1, 2)));
        let mut broken = net.clone();
        broken.bias = Array1::zeros(5);
        let error = broken
            .forward(&Array3::zeros((1, 1, 1)))
            .expect_err("5 ≠ 32");
        assert!(
            error.to_string().starts_with("the bias has shape [5]"),
            "{error}"
        );
        let explosive = Recurrent {
            activation: Activation::Linear,
            ..new(&|s| s.spectral_radius = 1e300).expect("valid")
        };
        assert!(explosive.forward(&Array3::ones((5, 1, 1))).is_err());
    }
}
