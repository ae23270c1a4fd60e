//! The recursion of the mean squares.

use super::{Moment, Propagation, gaussian_moments};
use crate::data::synthetic::check_scale;
use crate::error::{Error, Result, within_range};
use crate::model::{Activation, MlpSettings};

/// The mean squares of every layer of a random network, forward and backward.
///
/// Takes the network's settings, whose biases must start at 0 or not exist, and `norm2` = ‖x‖².
///
/// # Formula
/// With V_l the variance of c_l·W_l, m_l units in layer l (m_0 = d inputs):
///
/// - forward: E z_1² = V_1‖x‖², E z_{l+1}² = V_{l+1} m_l E σ(z_l)²;
/// - backward, for one output: E(∂f/∂z_L)² = 1, E(∂f/∂h_{l−1})² = V_l m_l E(∂f/∂z_l)²,
///   E(∂f/∂z_l)² = E σ'(z_l)² E(∂f/∂h_l)²
///
/// where the last m_L counts as 1. E σ² and E σ'² are those of
/// [`gaussian_moments`]. For linear and ReLU networks the means are exact at
/// every width and for every symmetric law of the weights: half of the units of a ReLU layer are on,
/// whatever their sizes. For tanh they are the limit of many units; the
/// error is of order L/m.
///
/// The scatter of one draw is exact for Gaussian weights: with r = 5 for ReLU and 2 for linear,
/// E(mean of z_l²)² / (E z_l²)² = (1 + 2/m_l)·Π_{k<l}(1 + r/m_k), backward
/// (1 + 2/m_{l−1})·Π_{l≤k<L}(1 + r/m_k). A deep narrow network is close to log-normal: the variance of the
/// logarithm grows like rL/m, and most draws lie below the mean.
///
/// # Errors
/// Fewer than two sizes or a size of 0; biases that do not start at 0; `norm2` negative or not finite; numbers beyond
/// the range of f64.
///
/// # Reference
/// He, Zhang, Ren & Sun 2015, arXiv:1502.01852, §2.2; for the scatter Hanin & Nica 2020, arXiv:1812.05994. Scaman,
/// "Stability during training" (the forward half).
pub fn predict(settings: &MlpSettings, norm2: f64) -> Result<Propagation<Moment>> {
    let sizes = &settings.sizes;
    if sizes.len() < 2 || sizes.contains(&0) {
        let expected = "two or more sizes, each at least 1";
        return Err(Error::domain(
            "the list of layer sizes",
            expected,
            format!("{sizes:?}"),
        ));
    }
    if settings.biases && settings.init.bias_std != 0.0 {
        let what = "the standard deviation of the biases";
        return Err(Error::domain(what, "0", settings.init.bias_std));
    }
    check_scale("the squared norm of the input", norm2)?;
    let depth = sizes.len() - 1;
    let variance = |index: usize| {
        let rule = settings.init.rule(index, depth);
        let value = rule.effective_variance(sizes[index], sizes[index + 1]);
        check_scale(&format!("the variance of layer {}", index + 1), value).map(|()| value)
    };
    let scatter = Scatter::of(settings.activation, sizes);

    let mut forward = Vec::with_capacity(depth);
    let mut slopes = Vec::with_capacity(depth);
    let mut sum = norm2;
    for index in 0..depth {
        let named = format!("the mean square of layer {}", index + 1);
        let q = within_range(&named, variance(index)? * sum)?;
        forward.push(Moment {
            mean: q,
            relative_sd: scatter.relative_sd(sizes[index + 1], 0, index),
        });
        if index + 1 < depth {
            let moments = gaussian_moments(settings.activation, q)?;
            slopes.push(moments.slope);
            sum = sizes[index + 1] as f64 * moments.value;
        }
    }
    let mut backward = Vec::with_capacity(depth);
    let mut squares = 1.0;
    for index in (0..depth).rev() {
        let named = format!(
            "the mean square of the derivative by the inputs of layer {}",
            index + 1
        );
        let mean = within_range(&named, variance(index)? * squares)?;
        backward.push(Moment {
            mean,
            relative_sd: scatter.relative_sd(sizes[index], index, depth - 1),
        });
        if index > 0 {
            squares = mean * slopes[index - 1] * sizes[index] as f64;
        }
    }
    backward.reverse();
    Ok(Propagation { forward, backward })
}

/// The scatter of products of random layers.
struct Scatter<'a> {
    /// r: each layer of m units multiplies the second moment by 1 + r/m, relative to the mean.
    rate: Option<f64>,
    sizes: &'a [usize],
}

impl<'a> Scatter<'a> {
    fn of(activation: Activation, sizes: &'a [usize]) -> Self {
        let rate = match activation {
            Activation::Relu => Some(5.0),
            Activation::Linear => Some(2.0),
            Activation::Tanh | Activation::Quadratic => None,
        };
        Self { rate, sizes }
    }

    /// Of the mean over `units` numbers after the hidden layers `from + 1` to `to`.
    fn relative_sd(&self, units: usize, from: usize, to: usize) -> Option<f64> {
        let rate = self.rate?;
        let hidden = self.sizes[from + 1..=to].iter();
        let logs = hidden.map(|&m| (rate / m as f64).ln_1p());
        let log = logs.sum::<f64>() + (2.0 / units as f64).ln_1p();
        Some(log.exp_m1().sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Init;

    fn settings(sizes: &[usize], init: Init, activation: Activation) -> MlpSettings {
        MlpSettings {
            init,
            activation,
            biases: false,
            ..MlpSettings::of_sizes(sizes)
        }
    }

    /// He keeps 2‖x‖²/d; LeCun and Xavier halve; the input gradient of He is 2 in squared norm.
    #[test]
    fn known_recursions() {
        let sizes = [50, 100, 100, 100, 1];
        let of = |init| {
            let settings = settings(&sizes, init, Activation::Relu);
            predict(&settings, 50.0).expect("valid")
        };
        let he = of(Init::HE);
        assert!(he.forward.iter().all(|m| (m.mean - 2.0).abs() < 1e-12));
        assert!((50.0 * he.backward[0].mean - 2.0).abs() < 1e-12);
        let lecun = of(Init::LECUN);
        for (layer, m) in lecun.forward.iter().enumerate() {
            assert!((m.mean - 0.5_f64.powi(layer as i32)).abs() < 1e-12);
        }
        // ‖∇f‖² = 2^{−(L−1)} under LeCun, d under the NTK scheme.
        assert!((50.0 * lecun.backward[0].mean - 0.125).abs() < 1e-12);
        assert!((50.0 * of(Init::NTK).backward[0].mean - 50.0).abs() < 1e-9);
    }

    #[test]
    fn bad_input_is_an_error() {
        let of = |sizes: &[usize], norm2, bias_std| {
            let init = Init {
                bias_std,
                ..Init::HE
            };
            let mut settings = settings(sizes, init, Activation::Relu);
            settings.biases = true;
            predict(&settings, norm2)
        };
        assert!(of(&[3], 1.0, 0.0).is_err() && of(&[3, 0, 1], 1.0, 0.0).is_err());
        assert!(of(&[3, 4, 1], -1.0, 0.0).is_err() && of(&[3, 4, 1], f64::NAN, 0.0).is_err());
        assert!(of(&[3, 4, 1], 1.0, 0.1).is_err() && of(&[3, 4, 1], 1.0, 0.0).is_ok());
    }
}
