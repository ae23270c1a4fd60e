//! Gradient descent so careful that it follows gradient flow, for networks at any scale.
//!
//! The loop is its own, not [`optimise`](crate::optimise)'s: each step follows from the tangent kernel and from the norms
//! of the layers, which no rule over a flat vector of parameters sees.

use crate::data::Dataset;
use crate::error::{Error, Result, check_count, check_positive, within_range};
use crate::model::{Loss, Mlp};

/// Settings of [`network_flow`].
#[derive(Clone, Debug, PartialEq)]
pub struct FlowSettings {
    /// The step in parts of n/tr K, at most 1. K is the tangent kernel: n/tr K is at most half of what is stable for the
    /// linearised network.
    pub share: f64,
    /// The most a step may change a layer, in parts of its norm.
    pub relative: f64,
    /// The loss at which to stop.
    pub target: f64,
    /// The most steps.
    pub max_steps: usize,
    /// Losses at whose first undercutting a copy of the network is kept, from large to small.
    pub levels: Vec<f64>,
}

impl Default for FlowSettings {
    /// Share 1, at most 10 % a step, to a loss of 10⁻³ in at most 20,000 steps; no copies.
    fn default() -> Self {
        Self {
            share: 1.0,
            relative: 0.1,
            target: 1e-3,
            max_steps: 20_000,
            levels: Vec::new(),
        }
    }
}

/// Where a flow went.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The network at the end.
    pub net: Mlp,
    /// The time before each step, and at the end: the sum of the step sizes so far, `(steps + 1,)`.
    pub time: Vec<f64>,
    /// The mean squared error at these times, `(steps + 1,)`.
    pub loss: Vec<f64>,
    /// The network at the first time its loss was at or below each level, as far as it came.
    pub snapshots: Vec<Mlp>,
    /// The loss of each of these networks.
    pub snapshot_losses: Vec<f64>,
    /// Whether the target was reached.
    pub reached: bool,
}

/// Descends the mean squared error (1/n) Σ (f(x_i) − y_i)² of a network with one output, full batch.
///
/// # Algorithm
/// w ← w − η∇. The step η is new at every step: `share`·n/tr K, where tr K = Σ_i ‖∇f(x_i)‖² bounds the curvature of
/// the loss (2/n)·λ_max(K), and never so large that a layer changes by more than `relative` of its norm. The second
/// limit counts where weights start so small that the first would throw them across the landscape at once. So one
/// rule serves every scaling of the weights with the width, and time is that of gradient flow.
///
/// # Errors
/// Data that do not suit the network; more than one output; a setting out of its range; a network that starts with
/// loss or gradients beyond the range of f64.
pub fn network_flow(net: &Mlp, data: &Dataset, settings: &FlowSettings) -> Result<Flow> {
    settings.check()?;
    if net.n_outputs() != 1 {
        return Err(Error::domain("the number of outputs", "1", net.n_outputs()));
    }
    let n = data.len() as f64;
    let mut flow = Flow {
        net: net.clone(),
        time: vec![0.0],
        loss: Vec::new(),
        snapshots: Vec::new(),
        snapshot_losses: Vec::new(),
        reached: false,
    };
    loop {
        let gradient = flow.net.gradient(&data.x, &data.y, Loss::Mse)?;
        flow.loss.push(gradient.loss);
        while settings
            .levels
            .get(flow.snapshots.len())
            .is_some_and(|level| gradient.loss <= *level)
        {
            flow.snapshots.push(flow.net.clone());
            flow.snapshot_losses.push(gradient.loss);
        }
        flow.reached = gradient.loss <= settings.target;
        let steps = flow.loss.len() - 1;
        if flow.reached || steps == settings.max_steps {
            return Ok(flow);
        }
        let trace: f64 = flow
            .net
            .output_gradients(&data.x, 0)?
            .squared_norms()?
            .sum();
        let mut step = settings.share * n / trace;
        for (layer, gradient) in flow.net.layers.iter().zip(&gradient.layers) {
            let norm = layer.weights.iter().map(|w| w * w).sum::<f64>().sqrt();
            let slope = gradient.weights.iter().map(|g| g * g).sum::<f64>().sqrt();
            if norm > 0.0 && slope > 0.0 {
                step = step.min(settings.relative * norm / slope);
            }
        }
        // No gradient at all: nothing will ever move.
        if !step.is_finite() {
            return Ok(flow);
        }
        for (place, slope) in flow.net.parameters_mut().zip(&gradient.flat()) {
            *place -= step * slope;
        }
        flow.time
            .push(within_range("the time", flow.time[steps] + step)?);
    }
}

impl FlowSettings {
    fn check(&self) -> Result<()> {
        check_positive("the share of the largest step", self.share)?;
        if self.share > 1.0 {
            return Err(Error::domain(
                "the share of the largest step",
                "at most 1",
                self.share,
            ));
        }
        check_positive("the largest relative change of a layer", self.relative)?;
        check_positive("the target loss", self.target)?;
        check_count("the number of steps", self.max_steps)?;
        if self.levels.iter().any(|level| level.is_nan())
            || self.levels.windows(2).any(|p| p[0] < p[1])
        {
            let got = format!("{:?}", self.levels);
            return Err(Error::domain(
                "the losses to keep networks at",
                "from large to small",
                got,
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::{Activation, Init, MlpSettings};
    use crate::rng::stream;

    fn problem(activation: Activation, init: Init) -> (Mlp, Dataset) {
        let rng = &mut stream(3, "flow", 0);
        let x = gaussian(6, 4, rng).expect("not empty");
        let y = gaussian(6, 1, rng).expect("not empty");
        let settings = MlpSettings {
            sizes: vec![4, 50, 1],
            activation,
            biases: false,
            init,
        };
        let net = Mlp::new(&settings, rng).expect("valid");
        (net, Dataset { x, y })
    }

    /// Gradient flow conserves a_k² − ‖w_k‖² for every neuron; steps of 1 % err by about as much.
    #[test]
    fn the_difference_of_the_layers_is_conserved() {
        let (net, data) = problem(Activation::Relu, Init::two_layer(0.3, 0.3));
        let settings = FlowSettings {
            share: 0.1,
            relative: 0.01,
            levels: vec![1.0, 0.1, 0.01],
            ..FlowSettings::default()
        };
        let flow = network_flow(&net, &data, &settings).expect("valid");
        assert!(flow.reached && flow.loss.windows(2).all(|p| p[1] <= p[0]));
        assert!(flow.snapshots.len() == 3 && flow.time.len() == flow.loss.len());
        let difference = |net: &Mlp, k: usize| {
            let row = net.layers[0].weights.row(k).to_owned();
            let a = net.layers[1].weights[[0, k]];
            (a * a - row.dot(&row), a * a + row.dot(&row))
        };
        for k in 0..50 {
            let (start, _) = difference(&net, k);
            let (end, size) = difference(&flow.net, k);
            assert!((end - start).abs() < 0.02 * size.max(0.1), "{start} {end}");
        }
    }

    #[test]
    fn bad_settings_are_errors() {
        let (net, data) = problem(Activation::Relu, Init::HE);
        let refused = |change: &dyn Fn(&mut FlowSettings)| {
            let mut settings = FlowSettings::default();
            change(&mut settings);
            network_flow(&net, &data, &settings).is_err()
        };
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(refused(&|s| s.share = bad) && refused(&|s| s.relative = bad));
            assert!(refused(&|s| s.target = bad));
        }
        assert!(refused(&|s| s.share = 1.5) && refused(&|s| s.max_steps = 0));
        assert!(refused(&|s| s.levels = vec![0.1, 1.0]) && refused(&|s| s.levels = vec![f64::NAN]));
        // A network of zeros has no gradient: it stays, and says so.
        let dead = net
            .with_parameters(&vec![0.0; net.n_parameters()])
            .expect("as many");
        let flow = network_flow(&dead, &data, &FlowSettings::default()).expect("valid");
        assert!(!flow.reached && flow.loss.len() == 1);
    }
}
