//! The norms of a network's layers, and the measures made of them.

use super::layer::{LayerNorms, layers_of};
use super::sums::power_sum;
use crate::error::{Error, Result, within_range};
use crate::model::mlp::MlpOf;
use crate::real::Real;

/// The product of numbers ≥ 0, where a 0 wins even over an overflow.
fn product(factors: impl Iterator<Item = f64>) -> f64 {
    factors.fold(1.0, |product, factor| {
        if product == 0.0 || factor == 0.0 {
            0.0
        } else {
            product * factor
        }
    })
}

/// The norms of the layers of a network, from input to output.
///
/// ```
/// use dltheory::measure::complexity::Norms;
/// use dltheory::model::mlp::{Layer, Mlp};
/// use dltheory::model::Activation;
/// use ndarray::array;
/// let layer = |weights| Layer { weights, bias: None, multiplier: 1.0 };
/// let net = Mlp {
///     layers: vec![layer(array![[3.0, 0.0], [0.0, 4.0]]), layer(array![[2.0, 0.0]])],
///     activation: Activation::Relu,
/// };
/// let norms = Norms::of(&net, None)?;
/// assert_eq!(norms.parameter_norm(), 9.0 + 16.0 + 4.0);
/// assert!((norms.spectral_product() - 4.0 * 2.0).abs() < 1e-14);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Norms {
    /// One entry a layer, `(L,)`.
    pub layers: Vec<LayerNorms>,
}

impl Norms {
    /// The norms of `net`, with the layers of `reference` for the matrices M_l: the network before
    /// training, or `None` for M_l = 0.
    ///
    /// # Errors
    /// A network is empty, not finite, or its layers do not fit; the two have other shapes.
    pub fn of<T: Real>(net: &MlpOf<T>, reference: Option<&MlpOf<T>>) -> Result<Self> {
        let layers = layers_of(net, reference)?;
        Ok(Self { layers })
    }

    /// Σ‖X_l‖_F².
    #[must_use]
    pub fn parameter_norm(&self) -> f64 {
        self.layers
            .iter()
            .map(|layer| layer.frobenius.powi(2))
            .sum()
    }

    /// Σ‖X_l − M_l‖_F²: with the network before training for M, the squared Frobenius distance to
    /// the initialisation.
    ///
    /// # Reference
    /// Nagarajan & Kolter 2019, arXiv:1901.01672, as listed in Jiang et al. 2020, arXiv:1912.02178.
    #[must_use]
    pub fn squared_distance(&self) -> f64 {
        self.layers.iter().map(|layer| layer.distance.powi(2)).sum()
    }

    /// Π‖X_l‖: no input difference grows by more on its way through a network of 1-Lipschitz
    /// activations such as the ReLU. 0 with a layer of zeros; ∞ beyond the range of f64.
    #[must_use]
    pub fn spectral_product(&self) -> f64 {
        product(self.layers.iter().map(|layer| layer.spectral))
    }

    /// ‖(X_l − M_l)ᵀ‖₂,₁/‖X_l‖ of every layer, `(L,)`; infinite or NaN where X_l is 0.
    #[must_use]
    pub fn unit_ratios(&self) -> Vec<f64> {
        let ratio = |layer: &LayerNorms| layer.unit_distance / layer.spectral;
        self.layers.iter().map(ratio).collect()
    }

    /// The spectral complexity of Bartlett, Foster & Telgarsky.
    ///
    /// # Formula
    /// R = Π_l‖X_l‖ · (Σ_l r_l^p)^{1/p}, r_l = ‖(X_l − M_l)ᵀ‖₂,₁/‖X_l‖, p = 2/3, for activations
    /// with Lipschitz constant 1. It is computed as (Σ_l(‖(X_l − M_l)ᵀ‖₂,₁ Π_{k≠l}‖X_k‖)^p)^{1/p},
    /// so that a layer of zeros is no division by zero.
    ///
    /// The exponents matter: L layers of one ratio r give L^{3/2}·r, and with 3/2 and 2/3 exchanged
    /// only L^{2/3}·r.
    ///
    /// # Reference
    /// Bartlett, Foster & Telgarsky 2017, arXiv:1706.08498, equation (1.2).
    #[must_use]
    pub fn spectral_complexity(&self) -> f64 {
        let terms: Vec<f64> = self.times_others(|layer| layer.unit_distance, |l| l.spectral);
        power_sum(&terms, 2.0 / 3.0)
    }

    /// ln(Π‖X_l‖² · Σ(‖X_l‖_F²/‖X_l‖²) / γ²): the margin-normalised measure "spec-orig".
    ///
    /// # Formula
    /// Σ_l ln‖X_l‖² + ln Σ_l(‖X_l‖_F²/‖X_l‖²) − 2 ln γ, with the margin γ > 0 of
    /// [`margin_percentile`](super::margin_percentile). The ratio ‖X‖_F²/‖X‖² is the stable rank.
    ///
    /// # Errors
    /// A margin that is not positive, since the measure would hide its sign; a network of zeros, or with a sum beyond the
    /// range of f64.
    ///
    /// # Reference
    /// Neyshabur, Bhojanapalli & Srebro 2018, arXiv:1707.09564, theorem 1; the name is that of Jiang
    /// et al. 2020, arXiv:1912.02178.
    pub fn ln_spec_orig(&self, margin: f64) -> Result<f64> {
        super::margin::check_margin(margin)?;
        let square = |x: f64| x * x;
        let terms = self.times_others(|l| square(l.frobenius), |l| square(l.spectral));
        let sum = within_range("the sum of ‖X_l‖_F² Π‖X_k‖²", terms.iter().sum())?;
        if sum <= 0.0 {
            let expected = "a positive sum of ‖X_l‖_F² Π‖X_k‖²";
            return Err(Error::domain("the network", expected, sum));
        }
        Ok(sum.ln() - 2.0 * margin.ln())
    }

    /// For every layer, `of` of it times the product of `factor` over the other layers.
    fn times_others(
        &self,
        of: impl Fn(&LayerNorms) -> f64,
        factor: impl Fn(&LayerNorms) -> f64,
    ) -> Vec<f64> {
        let layers = self.layers.iter().enumerate();
        let term = |(index, layer): (usize, &LayerNorms)| {
            let others = self.layers.iter().enumerate();
            let others = others.filter(|(other, _)| *other != index);
            product(others.map(|(_, other)| factor(other)).chain([of(layer)]))
        };
        layers.map(term).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Activation, Init, Mlp, Mlp32, MlpSettings, mlp::Layer};
    use crate::rng::stream;
    use crate::stats::larger;
    use ndarray::Array2;
    use proptest::prelude::*;

    fn equal_layers(depth: usize, factor: f64) -> Mlp {
        let layer = || Layer {
            weights: Array2::eye(4) * factor,
            bias: None,
            multiplier: 1.0,
        };
        Mlp {
            layers: (0..depth).map(|_| layer()).collect(),
            activation: Activation::Relu,
        }
    }

    /// Each layer is c·I: ‖X‖ = c, ‖Xᵀ‖₂,₁ = 4c, so r = 4 and R = cᴸ·L^{3/2}·4.
    #[test]
    fn equal_layers_count_to_the_power_three_halves() {
        for depth in 1..6 {
            let norms = Norms::of(&equal_layers(depth, 2.0), None).expect("valid");
            let l = depth as f64;
            let expected = 2_f64.powi(depth as i32) * l.powf(1.5) * 4.0;
            assert!((norms.spectral_complexity() / expected - 1.0).abs() < 1e-13);
            // The same with the exponents exchanged.
            let exchanged = power_sum(&norms.unit_ratios(), 1.5);
            assert!((exchanged / (l.powf(2.0 / 3.0) * 4.0) - 1.0).abs() < 1e-13);
            // ln(2^{2L}·L·4) − 2 ln γ.
            let spec = norms.ln_spec_orig(0.5).expect("positive");
            let expected = (4_f64.powi(depth as i32) * l * 4.0 / 0.25).ln();
            assert!((spec - expected).abs() < 1e-12, "{spec} {expected}");
        }
    }

    #[test]
    fn the_multiplier_counts_and_the_reference_is_taken_off() {
        let settings = MlpSettings {
            init: Init::NTK_PARAMETRISED,
            ..MlpSettings::of_sizes(&[3, 5, 2])
        };
        let net = Mlp::new(&settings, &mut stream(1, "norms", 0)).expect("valid");
        let norms = Norms::of(&net, Some(&net)).expect("valid");
        assert_eq!(
            (norms.squared_distance(), norms.spectral_complexity()),
            (0.0, 0.0)
        );
        let plain: f64 = net
            .layers
            .iter()
            .map(|l| l.multiplier.powi(2) * l.weights.mapv(|w| w * w).sum())
            .sum();
        assert!((norms.parameter_norm() / plain - 1.0).abs() < 1e-13);
        let mut moved = net.clone();
        moved.layers[0].weights[[1, 2]] += 3.0;
        let norms = Norms::of(&moved, Some(&net)).expect("valid");
        let step = 3.0 * net.layers[0].multiplier;
        assert!((norms.squared_distance() - step * step).abs() < 1e-12);
        // One unit of one layer has changed: R = step · ‖X_2‖.
        let expected = step * norms.layers[1].spectral;
        assert!((norms.spectral_complexity() - expected).abs() < 1e-12);
    }

    #[test]
    fn a_layer_of_zeros_is_no_division_by_zero() {
        let mut net = equal_layers(2, 1.0);
        let start = net.clone();
        net.layers[0].weights.fill(0.0);
        // The zero layer has moved by 4·1, the other not at all: R = 4·‖X_2‖.
        let norms = Norms::of(&net, Some(&start)).expect("valid");
        assert_eq!(norms.spectral_product(), 0.0);
        assert!((norms.spectral_complexity() - 4.0).abs() < 1e-14);
        assert!(norms.ln_spec_orig(1.0).is_err());
    }

    #[test]
    fn bad_input_is_an_error() {
        let (two, three) = (equal_layers(2, 1.0), equal_layers(3, 1.0));
        assert!(Norms::of(&two, Some(&three)).is_err());
        let empty = Mlp {
            layers: Vec::new(),
            activation: Activation::Relu,
        };
        assert!(Norms::of(&empty, None).is_err());
        let mut bad = two.clone();
        bad.layers[1].weights[[0, 0]] = f64::NAN;
        let error = Norms::of(&bad, None).expect_err("NaN");
        assert!(error.to_string().contains("layer 2"), "{error}");
        assert!(Norms::of(&two, Some(&bad)).is_err());
        let norms = Norms::of(&two, None).expect("valid");
        for margin in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = norms.ln_spec_orig(margin).expect_err("no margin");
            assert!(error.to_string().contains("margin"), "{error}");
        }
    }

    fn drawn(sizes: &[usize], seed: u64) -> (Mlp, Mlp) {
        let settings = MlpSettings {
            biases: false,
            ..MlpSettings::of_sizes(sizes)
        };
        let draw = |index| Mlp::new(&settings, &mut stream(seed, "norms", index)).expect("valid");
        (draw(0), draw(1))
    }

    proptest! {
        /// ‖X‖ ≤ ‖X‖_F ≤ ‖Xᵀ‖₂,₁ in every layer, so R ≥ Π‖X‖·L^{3/2} for M = 0.
        #[test]
        fn norms_stand_in_their_order(
            sizes in prop::collection::vec(1_usize..7, 2..6), seed in 0_u64..1000,
        ) {
            let (net, start) = drawn(&sizes, seed);
            let norms = Norms::of(&net, Some(&start)).expect("valid");
            for layer in &norms.layers {
                prop_assert!(layer.spectral <= layer.frobenius * (1.0 + 1e-12));
                prop_assert!(layer.distance <= layer.unit_distance * (1.0 + 1e-12));
            }
            let zero = Norms::of(&net, None).expect("valid");
            let depth = zero.layers.len() as f64;
            let least = zero.spectral_product() * depth.powf(1.5);
            prop_assert!(zero.spectral_complexity() >= least * (1.0 - 1e-12));
            let product = zero.spectral_product() * power_sum(&zero.unit_ratios(), 2.0 / 3.0);
            prop_assert!((zero.spectral_complexity() / product - 1.0).abs() < 1e-10);
            // A triangle: ‖X − M‖² ≤ 2‖X‖² + 2‖M‖².
            let other = Norms::of(&start, None).expect("valid");
            let bound = 2.0 * (zero.parameter_norm() + other.parameter_norm());
            prop_assert!(norms.squared_distance() <= bound * (1.0 + 1e-12));
        }

        /// Scaling a hidden layer up and the next one down changes neither the product of
        /// spectral norms nor spec-orig, but the parameter norm, exactly as the formula says.
        #[test]
        fn rescaling_layers(seed in 0_u64..1000, alpha in 0.1..10.0_f64) {
            let (net, _) = drawn(&[4, 6, 5, 3], seed);
            let before = Norms::of(&net, None).expect("valid");
            let mut scaled = net.clone();
            scaled.layers[1].weights *= alpha;
            scaled.layers[2].weights /= alpha;
            let after = Norms::of(&scaled, None).expect("valid");
            let same = |a: f64, b: f64| (a - b).abs() <= 1e-11 * larger(b.abs(), 1.0);
            prop_assert!(same(after.spectral_product(), before.spectral_product()));
            prop_assert!(same(after.spectral_complexity(), before.spectral_complexity()));
            let spec = |norms: &Norms| norms.ln_spec_orig(1.0).expect("positive");
            prop_assert!(same(spec(&after), spec(&before)));
            let square = |index: usize| before.layers[index].frobenius.powi(2);
            let expected = square(0) + alpha * alpha * square(1) + square(2) / alpha / alpha;
            prop_assert!(same(after.parameter_norm(), expected));
        }
    }

    #[test]
    fn single_precision_gives_the_same_norms() {
        let settings = MlpSettings::of_sizes(&[6, 9, 4]);
        let net = Mlp::new(&settings, &mut stream(1, "precision", 0)).expect("valid");
        let net32 = Mlp32::new(&settings, &mut stream(1, "precision", 0)).expect("valid");
        let (a, b) = (Norms::of(&net, None), Norms::of(&net32, None));
        let (a, b) = (a.expect("valid"), b.expect("valid"));
        assert!((a.spectral_complexity() / b.spectral_complexity() - 1.0).abs() < 1e-6);
        assert_eq!(a.unit_ratios().len(), 2);
    }
}
