//! Axes: what the caller sets ([`Axis`]) and the interval that is drawn (`Span`).

/// How numbers are spaced along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences are equally long.
    #[default]
    Linear,
    /// Equal ratios are equally long. Numbers ≤ 0 have no place on it and are left out.
    Log10,
}

impl Scale {
    /// `v`, or log₁₀ `v`; `None` where the scale has no place for it. Numbers beyond
    /// ±1e300 count as infinite, so that differences of drawn numbers cannot overflow.
    pub(crate) fn transform(self, v: f64) -> Option<f64> {
        match self {
            Self::Linear => (v.abs() <= 1e300).then_some(v),
            Self::Log10 => (v > 0.0 && v.is_finite()).then(|| v.log10()),
        }
    }

    /// The inverse of [`Scale::transform`].
    pub(crate) fn invert(self, t: f64) -> f64 {
        match self {
            Self::Linear => t,
            Self::Log10 => 10_f64.powf(t),
        }
    }
}

/// One axis of a panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// The quantity, with its unit.
    pub label: String,
    /// How numbers are spaced.
    pub scale: Scale,
    /// The ends; none: chosen from the data. An infinite end is chosen from the data too, so
    /// `(0.0, f64::INFINITY)` starts at 0 and ends where the data ends.
    pub range: Option<(f64, f64)>,
    /// Positions and their labels, for named categories; empty: chosen from the range.
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis whose range is chosen from the data.
    #[must_use]
    pub fn new(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            ..Self::default()
        }
    }

    /// The lower and upper end the caller fixed.
    fn fixed(&self) -> (Option<f64>, Option<f64>) {
        let finite = |v: f64| v.is_finite().then_some(v);
        self.range
            .map_or((None, None), |(low, high)| (finite(low), finite(high)))
    }

    /// Does `v` lie in the range the caller fixed?
    pub(crate) fn admits(&self, v: f64) -> bool {
        let (low, high) = self.fixed();
        low.is_none_or(|low| v >= low) && high.is_none_or(|high| v <= high)
    }

    /// What is wrong with the range, if anything.
    pub(crate) fn check(&self, name: &str) -> Result<(), String> {
        let (low, high) = self.fixed();
        for end in [low, high].into_iter().flatten() {
            if self.scale.transform(end).is_none() {
                return Err(format!(
                    "the {name} axis has an end at {end}, which its {:?} scale cannot show",
                    self.scale
                ));
            }
        }
        match (low, high) {
            (Some(low), Some(high)) if low >= high => Err(format!(
                "the {name} axis runs from {low} to {high}, expected a lower end below the upper"
            )),
            _ => Ok(()),
        }
    }
}

/// The numbers that an axis must show, gathered layer by layer, in transformed units.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    ends: Option<(f64, f64)>,
    /// Data fills its box (heatmap) or grows out of this value (bars): no padding there.
    flush: Option<(f64, f64)>,
}

impl Extent {
    pub(crate) fn include(&mut self, t: f64) {
        let (low, high) = self.ends.unwrap_or((t, t));
        self.ends = Some((low.min(t), high.max(t)));
    }

    /// Includes `[low, high]`, whose ends, if they stay the outermost, get no padding.
    pub(crate) fn include_flush(&mut self, low: f64, high: f64) {
        self.include(low);
        self.include(high);
        let (a, b) = self.flush.unwrap_or((low, high));
        self.flush = Some((a.min(low), b.max(high)));
    }

    /// Was there no number at all?
    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_none()
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for t in other.ends.iter().flat_map(|&(a, b)| [a, b]) {
            self.include(t);
        }
        if let Some((low, high)) = other.flush {
            self.include_flush(low, high);
        }
    }
}

/// The interval an axis shows, in transformed units; `low < high`, both finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) scale: Scale,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Span {
    /// The interval for `axis` given its data: padded by the share `padding` of its length
    /// where the caller fixed no end, widened where the data is constant.
    pub(crate) fn new(axis: &Axis, extent: &Extent, padding: f64) -> Self {
        let scale = axis.scale;
        let (fixed_low, fixed_high) = axis.fixed();
        let fixed_low = fixed_low.and_then(|v| scale.transform(v));
        let fixed_high = fixed_high.and_then(|v| scale.transform(v));
        let (mut low, mut high) = extent.ends.unwrap_or(match scale {
            Scale::Linear => (0.0, 1.0),
            Scale::Log10 => (-1.0, 1.0),
        });
        low = fixed_low.unwrap_or(low);
        high = fixed_high.unwrap_or(high);
        let magnitude = low.abs().max(high.abs());
        let constant = match scale {
            // Below 1e-9 of the value, labels would differ only in their tenth digit.
            Scale::Linear => high - low <= 1e-9 * magnitude || magnitude < 1e-290,
            Scale::Log10 => high - low <= 1e-9,
        };
        if constant {
            let half = match scale {
                Scale::Linear if magnitude < 1e-290 => 0.5,
                Scale::Linear => 0.1 * magnitude,
                Scale::Log10 => 0.5,
            };
            match (fixed_low, fixed_high) {
                (Some(low), None) => {
                    return Self {
                        scale,
                        low,
                        high: low + 2.0 * half,
                    };
                }
                (None, Some(high)) => {
                    return Self {
                        scale,
                        low: high - 2.0 * half,
                        high,
                    };
                }
                _ => {
                    let middle = 0.5 * low + 0.5 * high;
                    return Self {
                        scale,
                        low: middle - half,
                        high: middle + half,
                    };
                }
            }
        }
        let pad = padding * (high - low);
        let flush = |t: f64, end: fn((f64, f64)) -> f64| extent.flush.map(end) == Some(t);
        if fixed_low.is_none() && !flush(low, |f| f.0) {
            low -= pad;
        }
        if fixed_high.is_none() && !flush(high, |f| f.1) {
            high += pad;
        }
        Self { scale, low, high }
    }

    /// Where a transformed number lies: 0 at the low end, 1 at the high end. Bounded, so
    /// that far-off numbers stay computable.
    pub(crate) fn fraction(&self, t: f64) -> f64 {
        ((t - self.low) / (self.high - self.low)).clamp(-1e5, 1e5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(axis: &Axis, data: &[f64]) -> Span {
        let mut extent = Extent::default();
        for t in data.iter().filter_map(|&v| axis.scale.transform(v)) {
            extent.include(t);
        }
        Span::new(axis, &extent, 0.05)
    }

    #[test]
    fn any_data_gives_a_proper_interval() {
        let values = [
            &[][..],
            &[0.0],
            &[3.0, 3.0],
            &[1e300, -1e300],
            &[f64::MAX, f64::NAN],
            &[5e-324],
            &[1.0, 1.0 + 1e-15],
            &[-2.0],
            &[1e-30, 1e300],
        ];
        for scale in [Scale::Linear, Scale::Log10] {
            for data in values {
                for range in [None, Some((0.5, f64::INFINITY)), Some((f64::NAN, 0.5))] {
                    let axis = Axis {
                        scale,
                        range,
                        ..Axis::default()
                    };
                    let span = span(&axis, data);
                    assert!(
                        span.low < span.high && (span.high - span.low).is_finite(),
                        "{scale:?} {data:?} {range:?} gave {span:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn half_open_ranges_fix_one_end() {
        let axis = Axis {
            range: Some((0.0, f64::INFINITY)),
            ..Axis::default()
        };
        let span = span(&axis, &[2.0, 10.0]);
        assert_eq!(span.low, 0.0);
        assert_eq!(span.high, 10.5);
    }

    #[test]
    fn bad_ranges_are_named() {
        let axis = Axis {
            range: Some((2.0, 1.0)),
            ..Axis::default()
        };
        assert!(axis.check("x").is_err_and(|e| e.contains("from 2 to 1")));
        let axis = Axis {
            scale: Scale::Log10,
            range: Some((0.0, 1.0)),
            ..Axis::default()
        };
        assert!(axis.check("y").is_err_and(|e| e.contains("end at 0")));
    }
}
