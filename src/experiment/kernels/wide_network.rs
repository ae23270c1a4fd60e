//! Wide networks in the tangent-kernel scaling, trained by full-batch descent: what the experiments on
//! tangent kernels share.

use ndarray::Array2;

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::fit::frobenius;
use crate::fit::train::{TrainSettings, TrainedOf, train};
use crate::linalg::symmetric_eigen;
use crate::model::init::{Ratio, Rule, Size};
use crate::model::mlp::MlpOf;
use crate::model::{Activation, Init, Loss, MlpSettings};
use crate::optimise::Optimiser;
use crate::plot::Panel;
use crate::real::Real;
use crate::rng::stream;

/// Weights N(0, 1), the first layer as it is, every later one over √fan_in: the scaling of the
/// two-layer network (1/√m) Σ b σ(a·x), whose kernel is `Kernel::ReluNtk`.
const INIT: Init = Init {
    name: "tangent",
    first: Rule::scaled(Ratio::constant(1.0)),
    hidden: Rule::scaled(Ratio::over_root(1.0, Size::FanIn)),
    last: Rule::scaled(Ratio::over_root(1.0, Size::FanIn)),
    ..Init::NTK_PARAMETRISED
};

/// A network d-m-…-m-k without biases, with `layers` hidden layers.
///
/// # Errors
/// More parameters than a network may have.
pub(super) fn network<T: Real>(
    (d, width, k): (usize, usize, usize),
    layers: usize,
    activation: Activation,
    rng: &mut impl rand::Rng,
) -> Result<MlpOf<T>> {
    let mut sizes = vec![width; layers + 2];
    (sizes[0], sizes[layers + 1]) = (d, k);
    let settings = MlpSettings {
        sizes,
        activation,
        biases: false,
        init: INIT,
    };
    MlpOf::new(&settings, rng)
}

/// Takes `steps` steps of gradient descent on ½ Σ_i ‖f(x_i) − y_i‖² with step `eta` η, and keeps the
/// network at every step of `keep`, in their order.
///
/// # Errors
/// The descent diverges; data that do not suit the network.
pub(super) fn train_wide<T: Real>(
    net: &MlpOf<T>,
    data: &Dataset,
    eta: f64,
    steps: usize,
    keep: &[usize],
) -> Result<TrainedOf<T>> {
    let settings = TrainSettings {
        loss: Loss::Mse,
        optimiser: Optimiser::sgd(),
        // The loss of the trainer is a mean over n·k entries; ours is half their sum.
        learning_rate: eta * data.y.len() as f64 / 2.0,
        epochs: steps,
        batch: data.len(),
        // Without looks on the way only both ends are measured.
        record_every: if keep.is_empty() { steps } else { 1 },
        snapshots: keep.to_vec(),
        ..TrainSettings::default()
    };
    // A full batch draws nothing.
    let trained = train(net, data, None, &settings, &mut stream(0, "unused", 0))?;
    if trained.outcome.diverged() {
        return Err(Error::Diverged {
            method: "gradient descent".to_owned(),
            step: trained.epoch,
            quantity: "loss".to_owned(),
            value: trained
                .history
                .train_loss()
                .last()
                .copied()
                .unwrap_or(f64::NAN),
            hint: "; a wider network or a smaller step may help".to_owned(),
        });
    }
    Ok(trained)
}

/// About `count` steps from 0 to `steps`, evenly spaced in their logarithm.
pub(super) fn log_steps(steps: usize, count: usize) -> Vec<usize> {
    let last = (steps as f64 + 1.0).ln();
    let mut kept: Vec<usize> = (0..=count)
        .map(|i| ((last * i as f64 / count as f64).exp() - 1.0).round() as usize)
        .collect();
    kept.dedup();
    kept
}

/// ‖A − B‖_F/‖B‖_F.
pub(super) fn relative_distance(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    frobenius(&(a - b)) / frobenius(b)
}

/// λ_max and λ_min of a symmetric matrix.
///
/// # Errors
/// LAPACK does not converge.
pub(super) fn extremes(a: &Array2<f64>) -> Result<(f64, f64)> {
    let values = symmetric_eigen(a)?.values;
    Ok((values[0], values[values.len() - 1]))
}

/// A line of slope `exponent` from the height `first` at the first of `widths`.
pub(super) fn guide(
    panel: Panel,
    name: &str,
    widths: &[usize],
    exponent: f64,
    first: f64,
) -> Panel {
    let m = |&width: &usize| width as f64;
    let height = |width| first * (m(width) / m(&widths[0])).powf(exponent);
    panel.line_of(name, widths, m, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{random_signs, unit_sphere};
    use crate::fit::gradient_flow::{Elapsed, gradient_flow};
    use crate::model::KernelForm;

    /// With a linear activation and one trained step, the kernel says exactly where the outputs go, up to η².
    #[test]
    fn a_step_of_descent_is_a_step_of_the_kernel() {
        let rng = &mut stream(1, "wide network", 0);
        let x = unit_sphere(6, 4, rng).expect("valid");
        let data = Dataset::new(x, random_signs(6, rng).expect("valid")).expect("valid");
        let net = network::<f64>((4, 50, 1), 2, Activation::Tanh, rng).expect("valid");
        let kernel = net.tangent_gram(&data.x, KernelForm::Trace).expect("valid");
        let start: Array2<f64> = net.forward(&data.x).expect("valid");
        let flow = gradient_flow(&kernel, &data.y, &start).expect("valid");
        let off = |eta: f64| {
            let trained = train_wide(&net, &data, eta, 1, &[]).expect("converges");
            let at = Elapsed::Steps { count: 1, eta };
            let residual = trained.net.forward(&data.x).expect("valid") - &data.y;
            frobenius(&(residual - flow.residual(at).expect("valid")))
        };
        let (coarse, fine) = (off(1e-3), off(1e-4));
        assert!(
            coarse < 1e-4 && (coarse / fine / 100.0 - 1.0).abs() < 0.1,
            "{coarse} {fine}"
        );
    }

    #[test]
    fn kept_steps_hold_both_ends() {
        let kept = log_steps(400, 40);
        assert_eq!((kept[0], kept[1], kept[kept.len() - 1]), (0, 1, 400));
        assert!(kept.windows(2).all(|pair| pair[0] < pair[1]) && kept.len() > 25);
    }
}
