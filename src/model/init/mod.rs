//! How a network's weights are drawn before training, as data.
//!
//! A scheme is three [`Rule`]s, for the first, the hidden and the last layer. A rule says with
//! which variance the weights are drawn and by what the layer multiplies them; both are a
//! [`Ratio`], such as 2/fan_in. Nothing else in the crate knows a scheme by name, so a new one is
//! one more constant.

mod ratio;
mod schemes;
mod summary;

pub use ratio::{Ratio, Rule, Size};
pub use summary::{Betas, init_table};

use ndarray::Array2;
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::data::synthetic::orthonormal_rows;
use crate::error::{Error, Result, check_finite, check_size};
use crate::real::Real;

/// The distribution of the weights; all have mean 0 and the variance of the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Law {
    /// N(0, V).
    #[default]
    Normal,
    /// Uniform on \[−r, r\] with r = √(3V), whose variance is r²/3 = V.
    Uniform,
    /// W = √(V·k) Q for k = max(fan_in, fan_out), where Q has orthonormal rows (or columns, if there
    /// are more rows than columns) and is uniform among all such. Each weight has variance V; they
    /// are not independent.
    Orthogonal,
}

/// An initialisation scheme.
///
/// | constant | first layer | hidden | last |
/// |---|---|---|---|
/// | [`HE`](Self::HE) | 2/fan_in | 2/fan_in | 2/fan_in |
/// | [`LECUN`](Self::LECUN) | 1/fan_in | 1/fan_in | 1/fan_in |
/// | [`XAVIER`](Self::XAVIER) | 2/(fan_in + fan_out) | the same | the same |
/// | [`NTK`](Self::NTK) | 2/fan_out | 2/fan_in | 1 |
/// | [`e_et_al`](Self::e_et_al) | 1 | 1 | β_c² |
/// | [`ORTHOGONAL`](Self::ORTHOGONAL) | 1/max(fan_in, fan_out) | the same | the same |
/// | [`MEAN_FIELD`](Self::MEAN_FIELD) | 1 | 1 | 1, output times 1/fan_in |
/// | [`NTK_PARAMETRISED`](Self::NTK_PARAMETRISED) | 1, times √(2/fan_in) | the same | 1, times √(1/fan_in) |
///
/// [`HE_UNIFORM`](Self::HE_UNIFORM) and [`XAVIER_UNIFORM`](Self::XAVIER_UNIFORM) have the
/// variances of their namesakes, [`with_gain`](Self::with_gain) multiplies those of any scheme;
/// [`init_table`] shows them all in the letters β₁², β², β_L², α of the tutorial.
///
/// The numbers are variances. A network of one layer follows the rule of the last. Biases start
/// at 0, or are drawn from N(0, `bias_std`²).
///
/// A scheme of one's own is a changed copy: `Init { law: Law::Uniform, ..Init::HE }`.
///
/// # Reference
/// LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp"; Glorot & Bengio 2010, "Understanding
/// the difficulty of training deep feedforward neural networks"; He, Zhang, Ren & Sun 2015,
/// arXiv:1502.01852; Jacot, Gabriel & Hongler 2018, arXiv:1806.07572; Mei, Montanari & Nguyen
/// 2018, arXiv:1804.06561; E, Ma & Wu 2020, arXiv:1904.04326; Saxe, McClelland & Ganguli 2014,
/// arXiv:1312.6120 (orthogonal weights).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Init {
    /// What to call it.
    pub name: &'static str,
    /// The distribution of the weights.
    pub law: Law,
    /// The first of two or more layers.
    pub first: Rule,
    /// The layers between first and last.
    pub hidden: Rule,
    /// The last layer.
    pub last: Rule,
    /// The standard deviation of the biases, where there are any.
    pub bias_std: f64,
}

impl Init {
    /// The rule of layer `index` of `depth` layers.
    #[must_use]
    pub fn rule(&self, index: usize, depth: usize) -> Rule {
        if index >= depth.saturating_sub(1) {
            self.last
        } else if index == 0 {
            self.first
        } else {
            self.hidden
        }
    }

    /// Draws the weights of layer `index` of `depth`, `(fan_out, fan_in)`, and its multiplier.
    ///
    /// The numbers are drawn as `f64` and then rounded: networks of either type that start from
    /// one generator state start from the same weights, up to rounding.
    ///
    /// # Errors
    /// A variance is negative or not finite; a multiplier is not finite or is 0; a size is 0, or the layer has more
    /// than 2³⁰ weights; weights beyond the range of `T`.
    pub fn draw<T: Real>(
        &self,
        (index, depth): (usize, usize),
        (fan_out, fan_in): (usize, usize),
        rng: &mut impl rand::Rng,
    ) -> Result<(Array2<T>, T)> {
        check_size("the weights", fan_out, fan_in)?;
        let rule = self.rule(index, depth);
        let named = |what: &str| format!("the {what} of layer {}", index.saturating_add(1));
        let variance = rule.variance.value(fan_in, fan_out);
        if !(variance.is_finite() && variance >= 0.0) {
            let what = named("variance of the weights");
            return Err(Error::domain(&what, "a finite number ≥ 0", variance));
        }
        let multiplier = T::of(rule.multiplier.value(fan_in, fan_out));
        if !multiplier.is_finite() || multiplier == T::zero() {
            let what = named("multiplier");
            return Err(Error::domain(&what, "a finite number, not 0", multiplier));
        }
        let std = variance.sqrt();
        let shape = (fan_out, fan_in);
        let weights = match self.law {
            Law::Normal => Array2::from_shape_simple_fn(shape, || {
                let unit: f64 = StandardNormal.sample(rng);
                T::of(std * unit)
            }),
            Law::Uniform => {
                let r = 3_f64.sqrt() * std;
                Array2::from_shape_simple_fn(shape, || T::of(r * (2.0 * rng.random::<f64>() - 1.0)))
            }
            Law::Orthogonal => orthogonal(shape, std, rng)?,
        };
        check_finite(&named("weights"), &weights)?;
        Ok((weights, multiplier))
    }
}

/// √k·`std`·Q with k = max(fan_out, fan_in), `(fan_out, fan_in)`.
fn orthogonal<T: Real>(
    (fan_out, fan_in): (usize, usize),
    std: f64,
    rng: &mut impl rand::Rng,
) -> Result<Array2<T>> {
    let (few, many) = (fan_out.min(fan_in), fan_out.max(fan_in));
    let rows = orthonormal_rows(few, many, rng)?;
    let q = if fan_out <= fan_in {
        rows
    } else {
        rows.reversed_axes()
    };
    let scale = (many as f64).sqrt() * std;
    let scaled = q.as_standard_layout().mapv(|w| T::of(scale * w));
    Ok(scaled)
}

impl Default for Init {
    /// [`Init::HE`].
    fn default() -> Self {
        Self::HE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    #[test]
    fn rules_follow_the_place_of_the_layer() {
        let variances = |init: Init, depth: usize| -> Vec<f64> {
            let rules = (0..depth).map(|index| init.rule(index, depth));
            rules.map(|rule| rule.variance.value(8, 4)).collect()
        };
        assert_eq!(variances(Init::NTK, 3), [0.5, 0.25, 1.0]);
        assert_eq!(variances(Init::NTK, 1), [1.0]);
        assert_eq!(variances(Init::XAVIER, 2), [2.0 / 12.0; 2]);
        assert_eq!(variances(Init::normal(3.0), 2), [9.0, 9.0]);
        assert_eq!(Init::MEAN_FIELD.last.multiplier.value(8, 1), 0.125);
        let scale = Init::NTK_PARAMETRISED.hidden.multiplier;
        assert!((scale.value(8, 8) - 0.5).abs() < 1e-15);
        assert_eq!(scale.to_string(), "√2/√fan_in");
        assert_eq!(
            Init::XAVIER.hidden.variance.to_string(),
            "2/(fan_in + fan_out)"
        );
    }

    /// The mean square of 40,000 weights has relative standard error √(2/40,000) = 0.7 % under the
    /// normal law and √(0.8/40,000) = 0.45 % under the uniform; within 4.5 of these.
    #[test]
    fn weights_have_the_variance_of_the_rule() {
        for (law, tolerance) in [(Law::Normal, 0.032), (Law::Uniform, 0.020)] {
            let init = Init { law, ..Init::HE };
            let rng = &mut stream(1, "init", 0);
            let (weights, _) = init
                .draw::<f64>((0, 2), (200, 200), rng)
                .expect("valid scheme");
            let ratio = weights.mapv(|w| w * w).mean().expect("not empty") / 0.01;
            assert!((ratio - 1.0).abs() < tolerance, "{law:?}: {ratio}");
            if law == Law::Uniform {
                // r = √(6/fan_in).
                assert!(weights.iter().all(|w| w.abs() <= 0.03_f64.sqrt()));
            }
        }
    }

    #[test]
    fn orthogonal_layers_keep_lengths() {
        for (out, inputs) in [(4, 4), (3, 7), (7, 3), (1, 5)] {
            let rng = &mut stream(1, "orthogonal", 0);
            let drawn = Init::ORTHOGONAL.draw::<f64>((0, 2), (out, inputs), rng);
            let (w, _) = drawn.expect("valid scheme");
            let gram = if out <= inputs {
                w.dot(&w.t())
            } else {
                w.t().dot(&w)
            };
            let error = (&gram - &Array2::<f64>::eye(out.min(inputs)))
                .mapv(f64::abs)
                .sum();
            assert!(w.dim() == (out, inputs) && error < 1e-12, "{error}");
        }
    }

    /// Mean and variance of one corner over 4,000 draws of (3, 5), whose weights have variance 1/5
    /// and fourth moment 3/35: 4 standard errors of each.
    #[test]
    fn orthogonal_weights_have_mean_zero_and_the_variance_of_the_rule() {
        let draw = |index| {
            let rng = &mut stream(2, "orthogonal", index);
            let drawn = Init::ORTHOGONAL.draw::<f64>((0, 2), (3, 5), rng);
            drawn.expect("valid scheme").0[[0, 0]]
        };
        let corner: Vec<f64> = (0..4000).map(draw).collect();
        let mean = corner.iter().sum::<f64>() / 4000.0;
        let square = corner.iter().map(|w| w * w).sum::<f64>() / 4000.0;
        assert!(mean.abs() < 4.0 * (0.2_f64 / 4000.0).sqrt(), "{mean}");
        let spread = (3.0_f64 / 35.0 - 0.04).sqrt();
        assert!(
            (square - 0.2).abs() < 4.0 * spread / 4000_f64.sqrt(),
            "{square}"
        );
    }

    #[test]
    fn gains_and_named_schemes_agree() {
        let gained = Init::LECUN.with_gain(std::f64::consts::SQRT_2);
        for (fan_in, fan_out) in [(8, 4), (3, 100)] {
            let variance = |init: Init| init.hidden.variance.value(fan_in, fan_out);
            assert!((variance(gained) - variance(Init::HE)).abs() < 1e-15);
            assert_eq!(variance(Init::HE_UNIFORM), variance(Init::HE));
        }
        assert_eq!(Init::e_et_al(0.1).last.variance.value(8, 1), 0.1 * 0.1);
        assert_eq!(Init::two_layer(2.0, 3.0).first.variance.value(8, 4), 9.0);
        let effective = Init::NTK_PARAMETRISED.hidden.effective_variance(8, 8);
        assert!((effective - 0.25).abs() < 1e-15);
    }

    #[test]
    fn bad_schemes_are_errors() {
        let draw = |init: Init| init.draw::<f32>((0, 1), (2, 2), &mut stream(1, "bad", 0));
        let rule = |variance, multiplier| Rule {
            variance: Ratio::constant(variance),
            multiplier: Ratio::constant(multiplier),
        };
        let with = |last| Init { last, ..Init::HE };
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            let error = draw(with(rule(bad, 1.0))).expect_err("a bad variance");
            assert!(error.to_string().contains("weights of layer 1"), "{error}");
        }
        for bad in [0.0, f64::NAN, 1e300] {
            let error = draw(with(rule(1.0, bad))).expect_err("a bad multiplier");
            assert!(error.to_string().contains("multiplier of layer 1"));
        }
    }
}
