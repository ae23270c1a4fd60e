//! The recursion of the mean squares.

use super::{Moment, Propagation, Scatter, gaussian_moments};
use crate::error::{Error, Result, check_scale, within_range};
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
///   E(∂f/∂z_l)² = E σ'(z_l)² E(∂f/∂h_l)², where for weights into
///   layer l E σ'² counts (1 − 1/m_{l−1}) times and E σ'² z²/E z² the rest: a large weight along the input means a large z
///
/// where the last m_L counts as 1. E σ² and E σ'² are those of
/// [`gaussian_moments`]. For linear and ReLU networks the means are exact at
/// every width and for every symmetric law of the weights: half of the units of a ReLU layer are on,
/// whatever their sizes. For tanh they are the limit of many units; the
/// error is of order L/m.
///
/// The scatter of one draw is exact for Gaussian weights: with r = 5 for ReLU and 2 for linear,
/// E(mean of z_l²)² / (E z_l²)² = (1 + 2/m_l)·Π_{k<l}(1 + r/m_k), backward
/// (1 + 2/m_{l−1})·Π_{l≤k<L}(1 + r/m_k), and the third moments likewise with 1 + 15/m + 44/m² for ReLU and
/// (1 + 2/m)(1 + 4/m) for linear. A deep narrow network is close to log-normal: the variance of the
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
    let layers = Layers::of(settings.activation, sizes);

    let mut forward = Vec::with_capacity(depth);
    let mut slopes = Vec::with_capacity(depth);
    let mut sum = norm2;
    for index in 0..depth {
        let named = format!("the mean square of layer {}", index + 1);
        let q = within_range(&named, variance(index)? * sum)?;
        forward.push(Moment {
            mean: q,
            scatter: layers.scatter(sizes[index + 1], 0, index),
        });
        if index + 1 < depth {
            let moments = gaussian_moments(settings.activation, q)?;
            // Of the weights into a unit one direction, that of its input, decides where on σ it is.
            let along = 1.0 / sizes[index] as f64;
            slopes.push((1.0 - along) * moments.slope + along * moments.slope_along);
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
            scatter: layers.scatter(sizes[index], index, depth - 1),
        });
        if index > 0 {
            squares = mean * slopes[index - 1] * sizes[index] as f64;
        }
    }
    backward.reverse();
    Ok(Propagation { forward, backward })
}

/// Products of random layers.
struct Layers<'a> {
    /// r, s, t: each layer of m units multiplies the second moment by 1 + r/m and the third by 1 + s/m + t/m², relative to
    /// the mean.
    rates: Option<[f64; 3]>,
    sizes: &'a [usize],
}

/// The factor of a linear layer is χ²_m/m: moments (1 + 2/m) and (1 + 2/m)(1 + 4/m).
const LINEAR: [f64; 3] = [2.0, 6.0, 8.0];

/// The factor of a ReLU layer is (2/m) Σ ξ_j z_j² with ξ_j = 0 or 1: moments 1 + 5/m and 1 + 15/m + 44/m².
const RELU: [f64; 3] = [5.0, 15.0, 44.0];

impl<'a> Layers<'a> {
    fn of(activation: Activation, sizes: &'a [usize]) -> Self {
        let rates = match activation {
            Activation::Relu => Some(RELU),
            Activation::Linear => Some(LINEAR),
            Activation::Tanh | Activation::Quadratic => None,
        };
        Self { rates, sizes }
    }

    /// Of the mean over `units` numbers after the hidden layers `from + 1` to `to`.
    fn scatter(&self, units: usize, from: usize, to: usize) -> Option<Scatter> {
        let rates = self.rates?;
        let logs = |[r, s, t]: [f64; 3], m: usize| {
            let m = m as f64;
            ((r / m).ln_1p(), (s / m + t / (m * m)).ln_1p())
        };
        let (mut second, mut third) = logs(LINEAR, units);
        for &m in &self.sizes[from + 1..=to] {
            let (two, three) = logs(rates, m);
            second += two;
            third += three;
        }
        // E(v − 1)² and E(v − 1)³ for E v = 1.
        let variance = second.exp_m1();
        let central = third.exp_m1() - 3.0 * variance;
        Some(Scatter {
            relative_sd: variance.sqrt(),
            skewness: central / variance.powf(1.5),
        })
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
