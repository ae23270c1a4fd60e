//! The ℓ₁ norm over paths, the norm of the space that wide two-layer networks fill.

use ndarray::Array1;

use super::layer::effective_weights;
use crate::error::{Result, check_finite};
use crate::model::mlp::MlpOf;
use crate::real::Real;

/// Σ over all paths of the absolute value of the path's weight.
///
/// # Formula
/// Σ_{(i₀,…,i_L)} Π_l |X_l|_{i_l, i_{l−1}}, by one forward pass of 1 through the absolute weights. For a two-layer network
/// f = (1/m) Σ a_i σ(w_i·x) it is (1/m) Σ |a_i|‖w_i‖₁, whatever scaling f was trained in: one written with 1/√m has √m·a_i for
/// a_i. Biases are left out. For ReLU networks it does not change when a layer is multiplied by α > 0 and the next one divided.
///
/// # Errors
/// The network is empty, not finite, or its layers do not fit; the sum is not finite.
///
/// # Reference
/// E, Ma & Wu 2022, "The Barron space and the flow-induced function spaces for neural network models", arXiv:1906.08039; Zhu et
/// al., "Why function space theory is needed? (non-lazy training regime)".
pub fn l1_path_norm<T: Real>(net: &MlpOf<T>) -> Result<f64> {
    net.check()?;
    let ones = Array1::ones(net.n_inputs());
    let outputs = net.layers.iter().fold(ones, |v, layer| {
        effective_weights(layer).mapv(f64::abs).dot(&v)
    });
    let sum = outputs.sum();
    check_finite("the sum over paths", [&sum])?;
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Init, Mlp, MlpSettings};
    use crate::rng::stream;

    #[test]
    fn of_two_layers_it_is_the_mean_of_products() {
        let settings = MlpSettings {
            biases: false,
            init: Init::MEAN_FIELD,
            ..MlpSettings::of_sizes(&[3, 10, 1])
        };
        let mut net = Mlp::new(&settings, &mut stream(1, "l1 path norm", 0)).expect("valid");
        let [first, last] = &net.layers[..] else {
            panic!("two layers")
        };
        let rows = first.weights.rows().into_iter().zip(last.weights.row(0));
        let sum: f64 = rows
            .map(|(w, a)| a.abs() * w.iter().map(|w| w.abs()).sum::<f64>())
            .sum();
        let norm = l1_path_norm(&net).expect("valid");
        assert!((norm - sum / 10.0).abs() < 1e-14, "{norm}");
        net.layers[0].weights *= 4.0;
        net.layers[1].weights /= 4.0;
        assert!((l1_path_norm(&net).expect("valid") - norm).abs() < 1e-14);
    }
}
