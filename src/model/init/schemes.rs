//! The schemes by name.

use super::{Init, Law, Ratio, Rule, Size};
use crate::error::{Error, Result};

impl Init {
    /// Schemes without a free constant, by the names settings use.
    pub const NAMED: [(&str, Self); 9] = [
        ("he", Self::HE),
        ("he_uniform", Self::HE_UNIFORM),
        ("lecun", Self::LECUN),
        ("xavier", Self::XAVIER),
        ("xavier_uniform", Self::XAVIER_UNIFORM),
        ("ntk", Self::NTK),
        ("ntk_parametrised", Self::NTK_PARAMETRISED),
        ("mean_field", Self::MEAN_FIELD),
        ("orthogonal", Self::ORTHOGONAL),
    ];

    /// The scheme called `name` in [`NAMED`](Self::NAMED).
    ///
    /// # Errors
    /// [`Error::Unknown`] lists the names.
    ///
    /// ```
    /// use dltheory::model::Init;
    /// assert_eq!(Init::named("he")?, Init::HE);
    /// assert!(Init::named("hi").is_err());
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn named(name: &str) -> Result<Self> {
        let known = Self::NAMED.iter().map(|(name, _)| *name);
        let found = Self::NAMED.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, init)| *init)
            .ok_or_else(|| Error::unknown("initialisation", name, known))
    }

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

    /// [`HE`](Self::HE) with uniform weights: r = √(6/fan_in), since U\[−r, r\] has variance r²/3.
    pub const HE_UNIFORM: Self = Self {
        name: "He uniform",
        law: Law::Uniform,
        ..Self::HE
    };

    /// [`XAVIER`](Self::XAVIER) with uniform weights: r = √(6/(fan_in + fan_out)).
    pub const XAVIER_UNIFORM: Self = Self {
        name: "Xavier uniform",
        law: Law::Uniform,
        ..Self::XAVIER
    };

    /// Rows or columns that are orthonormal, uniform among all such: variance 1/max(fan_in,
    /// fan_out). A square layer keeps every length exactly.
    pub const ORTHOGONAL: Self = Self {
        law: Law::Orthogonal,
        ..Self::same("orthogonal", Ratio::over(1.0, Size::FanMax))
    };

    /// Weights of variance 1 before the last layer, and `beta_c`² in the last; with a small
    /// `beta_c`, two-layer networks stay close to random features.
    #[must_use]
    pub const fn e_et_al(beta_c: f64) -> Self {
        let one = Rule::plain(Ratio::constant(1.0));
        let last = Rule::plain(Ratio::constant(beta_c * beta_c));
        Self::of_rules("E et al.", one, one, last)
    }

    /// Variance β₂² in the first layers and β₁² in the last: the two-layer network with output
    /// weights a ~ N(0, β₁²) and input weights w ~ N(0, β₂²), in the letters of Luo et al.
    #[must_use]
    pub const fn two_layer(beta_1: f64, beta_2: f64) -> Self {
        let first = Rule::plain(Ratio::constant(beta_2 * beta_2));
        let last = Rule::plain(Ratio::constant(beta_1 * beta_1));
        Self::of_rules("two-layer", first, first, last)
    }

    /// The same scheme with every weight `gain` times as large.
    ///
    /// ReLU halves the mean square, so that √2 is what it needs: `Init::LECUN.with_gain(√2)` is He.
    #[must_use]
    pub const fn with_gain(self, gain: f64) -> Self {
        let factor = gain * gain;
        Self {
            first: self.first.with_variance_times(factor),
            hidden: self.hidden.with_variance_times(factor),
            last: self.last.with_variance_times(factor),
            ..self
        }
    }

    /// N(0, `std`²) in every layer, whatever its size.
    #[must_use]
    pub const fn normal(std: f64) -> Self {
        Self::same("normal", Ratio::constant(std * std))
    }
}
