//! How a variance or a multiplier depends on the sizes of a layer.

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
    /// The larger of inputs and outputs.
    FanMax,
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
            Size::FanMax => fan_in.max(fan_out) as f64,
        };
        self.factor / size.powf(self.power)
    }
}

impl Ratio {
    /// `factor` times as much.
    #[must_use]
    pub const fn times(self, factor: f64) -> Self {
        Self {
            factor: self.factor * factor,
            ..self
        }
    }

    /// The ratio as text, for a layer whose sizes have these names: `2/(p + m)`. A size named `1`
    /// is the number, and (m + m) is 2m.
    ///
    /// ```
    /// use dltheory::model::init::{Ratio, Size};
    /// let xavier = Ratio::over(2.0, Size::FanSum);
    /// assert_eq!(xavier.formula("p", "m"), "2/(p + m)");
    /// assert_eq!(xavier.formula("m", "m"), "1/m");
    /// assert_eq!(xavier.formula("m", "1"), "2/(m + 1)");
    /// ```
    #[must_use]
    pub fn formula(&self, fan_in: &str, fan_out: &str) -> String {
        let mut factor = self.factor;
        let size = match self.size {
            Size::One => "1".to_owned(),
            Size::FanIn => fan_in.to_owned(),
            Size::FanOut => fan_out.to_owned(),
            Size::FanSum if fan_in == fan_out => {
                factor /= 2_f64.powf(self.power);
                fan_in.to_owned()
            }
            Size::FanSum => format!("({fan_in} + {fan_out})"),
            Size::FanMax if fan_in == fan_out || fan_out == "1" => fan_in.to_owned(),
            Size::FanMax if fan_in == "1" => fan_out.to_owned(),
            Size::FanMax => format!("max({fan_in}, {fan_out})"),
        };
        let square = (factor * factor).round();
        let factor = match factor.fract() != 0.0 && (factor * factor - square).abs() < 1e-12 {
            true => format!("√{square}"),
            false => ((factor * 1e4).round() / 1e4).to_string(),
        };
        match self.power {
            _ if size == "1" => factor.to_string(),
            1.0 => format!("{factor}/{size}"),
            0.5 => format!("{factor}/√{size}"),
            power => format!("{factor}/{size}^{power}"),
        }
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.formula("fan_in", "fan_out"))
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

    /// The same multiplier, and `factor` times the variance.
    #[must_use]
    pub const fn with_variance_times(self, factor: f64) -> Self {
        Self {
            variance: self.variance.times(factor),
            ..self
        }
    }

    /// c²V, the variance of multiplier times weight for a layer from `fan_in` to `fan_out`: what
    /// forward and backward pass see.
    #[must_use]
    pub fn effective_variance(&self, fan_in: usize, fan_out: usize) -> f64 {
        let multiplier = self.multiplier.value(fan_in, fan_out);
        multiplier * multiplier * self.variance.value(fan_in, fan_out)
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
