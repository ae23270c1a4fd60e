//! Back-propagation through time.

use ndarray::{Array1, Array2, ArrayRef2, ArrayRef3, Axis, Zip};

use super::{Recurrent, RecurrentTrace, column_sums};
use crate::error::{Result, check_finite, within_range};
use crate::model::{Activation, Loss};

/// The mean loss and its derivative by each block.
#[derive(Clone, Debug, PartialEq)]
pub struct RecurrentGradient {
    /// (1/n) Σ_i ℓ_i.
    pub loss: f64,
    /// By U, `(m, d)`.
    pub input: Array2<f64>,
    /// By W, `(m, m)`.
    pub recurrent: Array2<f64>,
    /// By b, `(m,)`.
    pub bias: Array1<f64>,
    /// By V, `(k, m)`.
    pub output: Array2<f64>,
    /// By c, `(k,)`.
    pub output_bias: Array1<f64>,
}

impl RecurrentGradient {
    /// All derivatives in the order of [`Recurrent::parameters`], `(p,)`.
    #[must_use]
    pub fn flat(&self) -> Array1<f64> {
        let inner = self.input.iter().chain(&self.recurrent).chain(&self.bias);
        let outer = self.output.iter().chain(&self.output_bias);
        inner.chain(outer).copied().collect()
    }
}

impl Recurrent {
    /// The mean loss of sequences `x`, `(T, n, d)`, with targets `y`, `(n, k)`, and its gradient by
    /// every parameter, by back-propagation through time.
    ///
    /// # Formula
    /// With δ_t = ∂L/∂z_t = ∂L/∂h_t ∘ σ'(z_t), ∂L/∂h_T = Vᵀ ∂L/∂f and ∂L/∂h_{t−1} = Wᵀδ_t:
    /// ∂L/∂W = Σ_t δ_t h_{t−1}ᵀ, ∂L/∂U = Σ_t δ_t x_tᵀ, ∂L/∂b = Σ_t δ_t. The same W acts at every
    /// step, so that its powers appear.
    ///
    /// # Errors
    /// Sequences or targets that are empty, not finite, or do not fit the network or the loss;
    /// states, loss or derivatives beyond the range of f64.
    ///
    /// # Reference
    /// Werbos 1990, "Backpropagation through time: what it does and how to do it",
    /// doi:10.1109/5.58337.
    pub fn gradient(
        &self,
        x: &ArrayRef3<f64>,
        y: &ArrayRef2<f64>,
        loss: Loss,
    ) -> Result<RecurrentGradient> {
        let trace = self.trace(x)?;
        let (value, slope) = loss.value_and_derivative(&trace.outputs, y)?;
        let slope = slope / x.len_of(Axis(1)) as f64;
        let gradient = self.accumulate(x, &trace, value, &slope);
        check_finite("the gradient", &gradient.flat())?;
        Ok(gradient)
    }

    fn accumulate(
        &self,
        x: &ArrayRef3<f64>,
        trace: &RecurrentTrace,
        loss: f64,
        slope: &ArrayRef2<f64>,
    ) -> RecurrentGradient {
        let steps = trace.z.len();
        let mut gradient = RecurrentGradient {
            loss,
            input: Array2::zeros(self.input.raw_dim()),
            recurrent: Array2::zeros(self.recurrent.raw_dim()),
            bias: Array1::zeros(self.width()),
            output: slope.t().dot(&trace.h[steps]),
            output_bias: column_sums(slope),
        };
        let mut by_state = slope.dot(&self.output);
        for t in (0..steps).rev() {
            let delta = self.through_step(by_state, trace, t);
            gradient.input += &delta.t().dot(&x.index_axis(Axis(0), t));
            gradient.recurrent += &delta.t().dot(&trace.h[t]);
            gradient.bias += &column_sums(&delta);
            by_state = delta.dot(&self.recurrent);
        }
        gradient
    }

    /// ∂L/∂z_{t+1} from ∂L/∂h_{t+1}. For tanh, σ' is known from the state: 1 − h².
    fn through_step(
        &self,
        mut by_state: Array2<f64>,
        trace: &RecurrentTrace,
        t: usize,
    ) -> Array2<f64> {
        if self.activation != Activation::Tanh {
            return self.activation.back(by_state, &trace.z[t]);
        }
        Zip::from(&mut by_state)
            .and(&trace.h[t + 1])
            .for_each(|delta, &h| *delta *= 1.0 - h * h);
        by_state
    }

    /// How much of the loss's gradient is left k steps before the end: the root mean square over
    /// examples of ‖∂ℓ_i/∂h_{T−k}‖, for k = 0, …, T; `(T + 1,)`.
    ///
    /// For a linear state with W = ρQ, Q orthogonal, entry k is ρ^k times entry 0, exactly.
    ///
    /// # Errors
    /// As for [`gradient`](Self::gradient).
    pub fn state_gradient_norms(
        &self,
        x: &ArrayRef3<f64>,
        y: &ArrayRef2<f64>,
        loss: Loss,
    ) -> Result<Vec<f64>> {
        let trace = self.trace(x)?;
        let slope = loss.derivative(&trace.outputs, y)?;
        let rms = |a: &Array2<f64>| {
            let squares: f64 = a.iter().map(|v| v * v).sum();
            within_range(
                "the gradient by a state",
                (squares / a.nrows() as f64).sqrt(),
            )
        };
        let mut by_state = slope.dot(&self.output);
        let mut norms = vec![rms(&by_state)?];
        for t in (0..trace.z.len()).rev() {
            by_state = self.through_step(by_state, &trace, t).dot(&self.recurrent);
            norms.push(rms(&by_state)?);
        }
        Ok(norms)
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Sequences;
    use crate::model::{Activation, Loss, Recurrent, RecurrentSettings};
    use crate::rng::stream;
    use ndarray::Array2;

    fn problem(activation: Activation, steps: usize) -> (Recurrent, Sequences) {
        let settings = RecurrentSettings {
            inputs: 4,
            width: 5,
            outputs: 3,
            activation,
            spectral_radius: 1.1,
            ..RecurrentSettings::default()
        };
        let rng = &mut stream(3, "through time", 0);
        let net = Recurrent::new(&settings, rng).expect("valid");
        let data = Sequences::first_symbol(6, steps, 3, 0.5, rng).expect("valid");
        (net, data)
    }

    /// Central differences with h = 10⁻⁵ err by h²|L'''|/6 and by ε|L|/h: both below 10⁻⁹ for
    /// derivatives of order 1.
    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let h = 1e-5;
        for activation in [Activation::Linear, Activation::Tanh] {
            for steps in [1, 2, 7] {
                let (net, data) = problem(activation, steps);
                let exact = net.gradient(&data.x, &data.y, Loss::CrossEntropy);
                let exact = exact.expect("fits").flat();
                let start = net.parameters().to_vec();
                for index in 0..start.len() {
                    let shifted = |by: f64| {
                        let mut moved = start.clone();
                        moved[index] += by;
                        let f = net.with_parameters(&moved).and_then(|n| n.forward(&data.x));
                        let f: Array2<f64> = f.expect("fits");
                        Loss::CrossEntropy.mean(&f, &data.y).expect("fits")
                    };
                    let numeric = (shifted(h) - shifted(-h)) / (2.0 * h);
                    let error = (numeric - exact[index]).abs();
                    assert!(error < 1e-8, "{activation} {steps} {index}: {error}");
                }
            }
        }
    }

    #[test]
    fn a_linear_orthogonal_state_keeps_the_norm_times_rho_to_the_lag() {
        let (net, data) = problem(Activation::Linear, 12);
        let norms = net.state_gradient_norms(&data.x, &data.y, Loss::CrossEntropy);
        let norms = norms.expect("fits");
        assert_eq!(norms.len(), 13);
        for (lag, norm) in norms.iter().enumerate() {
            let predicted = norms[0] * 1.1_f64.powi(lag as i32);
            assert!((norm / predicted - 1.0).abs() < 1e-12, "{lag}");
        }
    }
}
