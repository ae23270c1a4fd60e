//! How a network's weights are drawn before training, as data.
//!
//! A scheme is three [`Rule`]s, for the first, the hidden and the last layer. A rule says with
//! which variance the weights are drawn and by what the layer multiplies them; both are a
//! [`Ratio`], such as 2/fan_in. Nothing else in the crate knows a scheme by name, so a new one is
//! one more constant.

use ndarray::Array2;
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::mlp::Real;
use super::mlp::real::check_finite;
use crate::data::synthetic::check_size;
use crate::error::{Error, Result};

/// What a [`Ratio`] is divided by, for a layer from `fan_in` to `fan_out` numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 1: the ratio is a constant.
    One,
    /// The layer's inputs.
    FanIn,
    /// The layer's outputs.
    FanOut,
    /// Inputs plus outputs.
    FanSum,
}

/// factor / size^power, the way a variance or a multiplier depends on a layer's sizes.
///
/// ```
/// use dltheory::model::init::{Ratio, Size};
/// let he = Ratio { factor: 2.0, size: Size::FanIn, power: 1.0 };
/// assert_eq!(he.value(784, 512), 2.0 / 784.0);
/// assert_eq!(he.to_string(), "2/fan_in");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The numerator, ≥ 0.
    pub factor: f64,
    /// The size in the denominator.
    pub size: Size,
    /// The power of that size: 1 for 1/m, ½ for 1/√m.
    pub power: f64,
}

impl Ratio {
    /// The constant `factor`.
    #[must_use]
    pub const fn constant(factor: f64) -> Self {
        Self::over(factor, Size::One)
    }

    /// `factor` / `size`.
    #[must_use]
    pub const fn over(factor: f64, size: Size) -> Self {
        Self {
            factor,
            size,
            power: 1.0,
        }
    }

    /// `factor` / √`size`.
    #[must_use]
    pub const fn over_root(factor: f64, size: Size) -> Self {
        Self {
            factor,
            size,
            power: 0.5,
        }
    }

    /// The number for a layer from `fan_in` to `fan_out`.
    #[must_use]
    pub fn value(&self, fan_in: usize, fan_out: usize) -> f64 {
        let size = match self.size {
            Size::One => 1.0,
            Size::FanIn => fan_in as f64,
            Size::FanOut => fan_out as f64,
            Size::FanSum => fan_in as f64 + fan_out as f64,
        };
        self.factor / size.powf(self.power)
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let factor = (self.factor * 1e4).round() / 1e4;
        let size = match self.size {
            Size::One => return write!(f, "{factor}"),
            Size::FanIn => "fan_in",
            Size::FanOut => "fan_out",
            Size::FanSum => "(fan_in + fan_out)",
        };
        match self.power {
            1.0 => write!(f, "{factor}/{size}"),
            0.5 => write!(f, "{factor}/√{size}"),
            power => write!(f, "{factor}/{size}^{power}"),
        }
    }
}

/// How one layer starts: weights of this variance, times this multiplier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// The variance of each weight.
    pub variance: Ratio,
    /// The multiplier c of the layer z = c·W h + b. It is not trained.
    pub multiplier: Ratio,
}

impl Rule {
    /// Weights of this variance in a layer with multiplier 1.
    #[must_use]
    pub const fn plain(variance: Ratio) -> Self {
        Self {
            variance,
            multiplier: Ratio::constant(1.0),
        }
    }

    /// Weights of variance 1 in a layer with this multiplier.
    #[must_use]
    pub const fn scaled(multiplier: Ratio) -> Self {
        Self {
            variance: Ratio::constant(1.0),
            multiplier,
        }
    }
}

/// The distribution of the weights; both have mean 0 and the variance of the rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Law {
    /// N(0, V).
    #[default]
    Normal,
    /// Uniform on \[−r, r\] with r = √(3V), whose variance is r²/3 = V.
    Uniform,
}

/// An initialisation scheme.
///
/// | constant | first layer | hidden | last |
/// |---|---|---|---|
/// | [`HE`](Self::HE) | 2/fan_in | 2/fan_in | 2/fan_in |
/// | [`LECUN`](Self::LECUN) | 1/fan_in | 1/fan_in | 1/fan_in |
/// | [`XAVIER`](Self::XAVIER) | 2/(fan_in + fan_out) | the same | the same |
/// | [`NTK`](Self::NTK) | 2/fan_out | 2/fan_in | 1 |
/// | [`MEAN_FIELD`](Self::MEAN_FIELD) | 1 | 1 | 1, output times 1/fan_in |
/// | [`NTK_PARAMETRISED`](Self::NTK_PARAMETRISED) | 1, times √(2/fan_in) | the same | 1, times √(1/fan_in) |
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
/// 2018, arXiv:1804.06561.
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
    const fn of_rules(name: &'static str, first: Rule, hidden: Rule, last: Rule) -> Self {
        Self {
            name,
            law: Law::Normal,
            first,
            hidden,
            last,
            bias_std: 0.0,
        }
    }

    const fn same(name: &'static str, variance: Ratio) -> Self {
        let rule = Rule::plain(variance);
        Self::of_rules(name, rule, rule, rule)
    }

    /// Keeps the mean square of ReLU layers going forward.
    pub const HE: Self = Self::same("He", Ratio::over(2.0, Size::FanIn));

    /// Keeps the mean square of linear layers going forward.
    pub const LECUN: Self = Self::same("LeCun", Ratio::over(1.0, Size::FanIn));

    /// The harmonic mean of what linear layers need forward and backward.
    pub const XAVIER: Self = Self::same("Xavier", Ratio::over(2.0, Size::FanSum));

    /// The scheme of the lazy regime with the scale in the weights.
    pub const NTK: Self = Self::of_rules(
        "NTK",
        Rule::plain(Ratio::over(2.0, Size::FanOut)),
        Rule::plain(Ratio::over(2.0, Size::FanIn)),
        Rule::plain(Ratio::constant(1.0)),
    );

    /// Weights of variance 1 and an output divided by the width: features move.
    pub const MEAN_FIELD: Self = Self::of_rules(
        "mean-field",
        Rule::plain(Ratio::constant(1.0)),
        Rule::plain(Ratio::constant(1.0)),
        Rule::scaled(Ratio::over(1.0, Size::FanIn)),
    );

    /// Weights of variance 1 with the scale of He outside them, in the multipliers, so that every
    /// layer contributes to the tangent kernel at the same order, whatever its width.
    pub const NTK_PARAMETRISED: Self = Self::of_rules(
        "NTK parametrised",
        Rule::scaled(Ratio::over_root(std::f64::consts::SQRT_2, Size::FanIn)),
        Rule::scaled(Ratio::over_root(std::f64::consts::SQRT_2, Size::FanIn)),
        Rule::scaled(Ratio::over_root(1.0, Size::FanIn)),
    );

    /// N(0, `std`²) in every layer, whatever its size.
    #[must_use]
    pub const fn normal(std: f64) -> Self {
        Self::same("normal", Ratio::constant(std * std))
    }

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
        let weights = Array2::from_shape_simple_fn((fan_out, fan_in), || {
            let unit: f64 = match self.law {
                Law::Normal => StandardNormal.sample(rng),
                Law::Uniform => 3_f64.sqrt() * (2.0 * rng.random::<f64>() - 1.0),
            };
            T::of(std * unit)
        });
        check_finite(&named("weights"), &weights)?;
        Ok((weights, multiplier))
    }
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
        assert_eq!(scale.to_string(), "1.4142/√fan_in");
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
                assert!(weights.iter().all(|w| w.abs() <= 0.03_f64.sqrt()));
            }
        }
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
