//! The path norm.

use ndarray::Array1;

use super::layer::effective_weights;
use crate::error::{Result, check_finite};
use crate::model::mlp::MlpOf;
use crate::real::Real;

/// The path norm of a network: the Euclidean length of the vector of all its path weights.
///
/// # Formula
/// √Σ_{(i₀,…,i_L)} Π_{l=1}^L (X_l)²_{i_l, i_{l−1}}, the sum over all paths from an input to an
/// output. It is one forward pass, v ← (X_l ∘ X_l)v from v = 1 through the squared weights, summed
/// over outputs at the end: no path is ever listed. Biases are left out; paths start at inputs.
///
/// For ReLU networks it does not change when a layer is multiplied by α > 0 and the next one
/// divided by it, and neither does the function.
///
/// # Errors
/// The network is empty, not finite, or its layers do not fit; the sum is not finite.
///
/// # Reference
/// Neyshabur, Tomioka & Srebro 2015, arXiv:1503.00036, section 3.
///
/// ```
/// use dltheory::measure::complexity::path_norm;
/// use dltheory::model::mlp::{Layer, Mlp};
/// use dltheory::model::Activation;
/// use ndarray::array;
/// let layer = |weights| Layer { weights, bias: None, multiplier: 1.0 };
/// let net = Mlp {
///     layers: vec![layer(array![[1.0, 2.0], [3.0, 0.0]]), layer(array![[2.0, 1.0]])],
///     activation: Activation::Relu,
/// };
/// // Paths: 1·2, 2·2 and 3·1 (and one of weight 0).
/// assert!((path_norm(&net)? - 29_f64.sqrt()).abs() < 1e-14);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn path_norm<T: Real>(net: &MlpOf<T>) -> Result<f64> {
    net.check()?;
    let ones = Array1::ones(net.n_inputs());
    let outputs = net.layers.iter().fold(ones, |v, layer| {
        effective_weights(layer).mapv(|x| x * x).dot(&v)
    });
    let sum = outputs.sum();
    check_finite("the sum over paths", [&sum])?;
    Ok(sum.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::complexity::Norms;
    use crate::model::{Activation, Init, Mlp, MlpSettings};
    use crate::rng::stream;
    use proptest::prelude::*;

    /// Every path, one at a time: its squared weight from `unit` of layer `index` onwards.
    fn paths_from(net: &Mlp, index: usize, unit: usize) -> f64 {
        let Some(layer) = net.layers.get(index) else {
            return 1.0;
        };
        let targets = 0..layer.weights.nrows();
        let step = |to: usize| {
            let weight = layer.multiplier * layer.weights[[to, unit]];
            weight * weight * paths_from(net, index + 1, to)
        };
        targets.map(step).sum()
    }

    fn drawn(sizes: &[usize], seed: u64) -> Mlp {
        let settings = MlpSettings {
            init: Init::NTK_PARAMETRISED,
            ..MlpSettings::of_sizes(sizes)
        };
        Mlp::new(&settings, &mut stream(seed, "path norm", 0)).expect("valid")
    }

    proptest! {
        #[test]
        fn the_forward_pass_sums_over_all_paths(
            sizes in prop::collection::vec(1_usize..5, 2..6), seed in 0_u64..1000,
        ) {
            let net = drawn(&sizes, seed);
            let listed: f64 = (0..sizes[0]).map(|input| paths_from(&net, 0, input)).sum();
            let passed = path_norm(&net).expect("valid");
            prop_assert!((passed - listed.sqrt()).abs() <= 1e-12 * passed);
            // Paths are some of the ways to choose one weight a layer.
            let norms = Norms::of(&net, None).expect("valid");
            let product: f64 = norms.layers.iter().map(|layer| layer.frobenius).product();
            prop_assert!(passed <= product * (1.0 + 1e-12));
        }

        #[test]
        fn scaling_one_layer_up_and_the_next_down_changes_nothing(
            seed in 0_u64..1000, alpha in 0.01..100.0_f64, at in 0_usize..3,
        ) {
            let net = drawn(&[3, 5, 4, 6, 2], seed);
            let mut scaled = net.clone();
            scaled.layers[at].weights *= alpha;
            scaled.layers[at + 1].weights /= alpha;
            let (before, after) = (path_norm(&net).expect("valid"), path_norm(&scaled).expect("valid"));
            prop_assert!((after / before - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn bad_networks_are_errors() {
        let mut net = drawn(&[2, 3, 1], 1);
        net.layers[0].weights.fill(1e200);
        assert!(path_norm(&net).is_err());
        net.layers[0].weights.fill(f64::NAN);
        assert!(path_norm(&net).is_err());
        let empty = Mlp {
            layers: Vec::new(),
            activation: Activation::Relu,
        };
        assert!(path_norm(&empty).is_err());
    }
}
