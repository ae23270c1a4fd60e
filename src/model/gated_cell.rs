//! The gated cell: a state that a gate, not a weight, carries from step to step.

use crate::error::{Error, Result, check_finite, within_range};

/// One gate of one cell: what it sees before its sigmoid or tanh, w·x_t + u·tanh(c_{t−1}) + b.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gate {
    /// w, by which the input enters.
    pub input: f64,
    /// u, by which the cell's own output tanh(c_{t−1}) enters.
    pub state: f64,
    /// b.
    pub bias: f64,
}

/// A gated cell with one number of state: c_t = f_t c_{t−1} + i_t g_t, its output tanh(c_t).
///
/// f = σ(·) forgets, i = σ(·) lets in, g = tanh(·) is the candidate, with σ(z) = 1/(1 + e^{−z}); each sees what its
/// [`Gate`] says.
///
/// # Reference
/// Gers, Schmidhuber & Cummins 2000, "Learning to forget: continual prediction with LSTM", Neural Computation 12(10); Scaman,
/// "Stability and robustness": "Gates in RNNs".
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GatedCell {
    /// f, the forget gate.
    pub forget: Gate,
    /// i, the input gate.
    pub input: Gate,
    /// g, the candidate.
    pub candidate: Gate,
}

/// What a gated cell did with a sequence of T inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct GatedTrace {
    /// c_0 … c_T, `(T + 1,)`.
    pub cells: Vec<f64>,
    /// f_1 … f_T, `(T,)`.
    pub forget: Vec<f64>,
    /// dc_t/dc_{t−1} by every way, t = 1 … T, `(T,)`.
    pub slopes: Vec<f64>,
}

impl Gate {
    fn sees(&self, x: f64, output: f64) -> f64 {
        self.input * x + self.state * output + self.bias
    }
}

impl GatedCell {
    /// Runs the cell from c_0 = `start` over `inputs` x_1 … x_T, `(T,)`.
    ///
    /// # Formula
    /// With h = tanh(c_{t−1}) and u the weights by which h enters,
    /// dc_t/dc_{t−1} = f_t + (1 − h²)·(c_{t−1} f_t(1 − f_t) u_f + g_t i_t(1 − i_t) u_i + i_t(1 − g_t²) u_g).
    /// The first term is the way along the cell; the others go through the gates.
    ///
    /// # Errors
    /// No inputs; inputs or a start that are not finite; a cell beyond the range of f64.
    pub fn trace(&self, inputs: &[f64], start: f64) -> Result<GatedTrace> {
        if inputs.is_empty() {
            return Err(Error::shape("the inputs", "(T,) with T ≥ 1", &[0]));
        }
        check_finite("the inputs", inputs)?;
        check_finite("the start", &[start])?;
        let mut trace = GatedTrace {
            cells: vec![start],
            forget: Vec::with_capacity(inputs.len()),
            slopes: Vec::with_capacity(inputs.len()),
        };
        let mut c = start;
        for &x in inputs {
            let h = c.tanh();
            let f = sigmoid(self.forget.sees(x, h));
            let i = sigmoid(self.input.sees(x, h));
            let g = self.candidate.sees(x, h).tanh();
            let through = c * f * (1.0 - f) * self.forget.state
                + g * i * (1.0 - i) * self.input.state
                + i * (1.0 - g * g) * self.candidate.state;
            trace.forget.push(f);
            trace.slopes.push(f + (1.0 - h * h) * through);
            c = within_range("the cell", f * c + i * g)?;
            trace.cells.push(c);
        }
        Ok(trace)
    }
}

impl GatedTrace {
    /// Π_t f_t: the derivative of the last cell by the first along the cell alone.
    #[must_use]
    pub fn along_the_cell(&self) -> f64 {
        self.forget.iter().product()
    }

    /// dc_T/dc_0 = Π_t dc_t/dc_{t−1}, by every way.
    #[must_use]
    pub fn derivative(&self) -> f64 {
        self.slopes.iter().product()
    }
}

/// σ(z) = 1/(1 + e^{−z}).
#[must_use]
pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derivative_is_that_of_differences() {
        let gate = |input, state, bias| Gate { input, state, bias };
        let cell = GatedCell {
            forget: gate(0.5, 1.5, 1.0),
            input: gate(-0.3, 0.7, 0.2),
            candidate: gate(1.0, -0.8, 0.1),
        };
        let inputs = [0.3, -1.0, 2.0, 0.5];
        let end = |start: f64| cell.trace(&inputs, start).expect("valid").cells[4];
        let trace = cell.trace(&inputs, 0.4).expect("valid");
        let slope = (end(0.4 + 1e-5) - end(0.4 - 1e-5)) / 2e-5;
        assert!((trace.derivative() - slope).abs() < 1e-9, "{slope}");
        assert!((trace.along_the_cell() - slope).abs() > 0.01);
        // Gates that do not see the cell: the way along it is the only one.
        let blind = GatedCell {
            forget: gate(0.5, 0.0, 1.0),
            ..GatedCell::default()
        };
        let trace = blind.trace(&inputs, 0.4).expect("valid");
        assert_eq!(trace.derivative(), trace.along_the_cell());
    }

    #[test]
    fn bad_input_is_an_error() {
        let cell = GatedCell::default();
        assert!(cell.trace(&[], 0.0).is_err());
        assert!(cell.trace(&[f64::NAN], 0.0).is_err());
        assert!(cell.trace(&[1.0], f64::INFINITY).is_err());
        assert_eq!(
            (sigmoid(0.0), sigmoid(-800.0), sigmoid(800.0)),
            (0.5, 0.0, 1.0)
        );
    }
}
