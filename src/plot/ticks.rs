//! Ticks: few, round, and never so many that their labels collide.

use super::axis::{Scale, Span};
use super::{style, text};

/// A mark on an axis, in transformed units; minor ticks have no label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) at: f64,
    pub(crate) label: String,
}

impl Tick {
    fn minor(at: f64) -> Self {
        Self {
            at,
            label: String::new(),
        }
    }
}

/// Which way the axis runs decides what makes two labels collide: their widths or heights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    Horizontal,
    Vertical,
}

/// Ticks for an axis `length` px long.
pub(crate) fn ticks(span: &Span, length: f64, run: Run) -> Vec<Tick> {
    // Labels that do not collide may still be too many to read; short axes take what fits.
    let most = match run {
        Run::Horizontal => ((length / 50.0) as usize).clamp(5, 10),
        Run::Vertical => ((length / 40.0) as usize).clamp(3, 8),
    };
    let candidates: Vec<Vec<Tick>> = match span.scale {
        Scale::Linear => linear_candidates(span.low, span.high, most, |v| v),
        Scale::Log10 => log_candidates(span, most),
    };
    let last = candidates.len().saturating_sub(1);
    candidates
        .into_iter()
        .enumerate()
        .find(|(i, ticks)| *i == last || fits(ticks, span, length, run, most))
        .map(|(_, ticks)| ticks)
        .unwrap_or_default()
}

fn fits(ticks: &[Tick], span: &Span, length: f64, run: Run, most: usize) -> bool {
    let labelled: Vec<&Tick> = ticks.iter().filter(|t| !t.label.is_empty()).collect();
    let size = |tick: &Tick| match run {
        Run::Horizontal => text::width(&tick.label, style::TICK) + 8.0,
        Run::Vertical => 1.6 * style::TICK,
    };
    labelled.len() <= most + 1
        && labelled.windows(2).all(|pair| {
            let apart = (span.fraction(pair[1].at) - span.fraction(pair[0].at)) * length;
            apart >= 0.5 * (size(pair[0]) + size(pair[1]))
        })
}

/// Round ticks between two numbers, densest first, from some more than `most` to a few;
/// `place` maps a number to its position.
fn linear_candidates(
    low: f64,
    high: f64,
    most: usize,
    place: impl Fn(f64) -> f64,
) -> Vec<Vec<Tick>> {
    let raw = (high - low) / (most + 1) as f64;
    let power = 10_f64.powf(raw.log10().floor());
    [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
        .into_iter()
        .map(|factor| factor * power)
        .filter(|step| step.is_normal())
        .map(|step| linear(low, high, step, &place))
        .filter(|ticks| !ticks.is_empty())
        .collect()
}

/// The multiples of `step` in `[low, high]`.
fn linear(low: f64, high: f64, step: f64, place: impl Fn(f64) -> f64) -> Vec<Tick> {
    let first = (low / step - 1e-6).ceil();
    let last = (high / step + 1e-6).floor();
    // The bound guards against rounding only: steps are not much shorter than labels.
    let values: Vec<f64> = (0..=(last - first).clamp(-1.0, 100.0) as i64)
        .map(|k| (first + k as f64) * step)
        .filter(|_| last >= first)
        .collect();
    let labels = linear_labels(&values, step);
    values
        .into_iter()
        .zip(labels)
        .map(|(v, label)| Tick {
            at: place(v),
            label,
        })
        .collect()
}

/// Labels with as many decimals as the step needs; with a power of ten where numbers are
/// very large or very small.
fn linear_labels(values: &[f64], step: f64) -> Vec<String> {
    let magnitude = values.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    let decade = |v: f64| (v * (1.0 + 1e-9)).log10().floor() as i32;
    let exponent = if magnitude > 0.0 {
        decade(magnitude)
    } else {
        0
    };
    let shift = if (-3..5).contains(&exponent) {
        0
    } else {
        exponent
    };
    let decimals = (shift - decade(step)).clamp(0, 15) as usize;
    values
        .iter()
        .map(|&v| {
            if v.abs() < 1e-6 * step {
                return "0".to_owned();
            }
            let sign = if v < 0.0 { "−" } else { "" };
            // Two factors, since 10³⁰⁰ is the largest power the data can need.
            let mantissa = v.abs() / 10_f64.powi(shift);
            let digits = format!("{mantissa:.decimals$}");
            match shift {
                0 => format!("{sign}{digits}"),
                _ if digits == "1" => format!("{sign}10{}", text::superscript(shift)),
                _ => format!("{sign}{digits}×10{}", text::superscript(shift)),
            }
        })
        .collect()
}

/// Logarithmic ticks, best first: decades where at least three fit in the range, else
/// 1-2-5, else numbers as on a linear axis.
fn log_candidates(span: &Span, most: usize) -> Vec<Vec<Tick>> {
    let first = (span.low - 1e-9).ceil() as i32;
    let last = (span.high + 1e-9).floor() as i32;
    let decades = last - first + 1;
    let mut candidates = Vec::new();
    if decades < 3 {
        for factors in [&[1, 2, 5][..], &[1, 3], &[1]] {
            let ticks = multiples(span, factors);
            if ticks.iter().filter(|t| !t.label.is_empty()).count() >= 2 {
                candidates.push(ticks);
            }
        }
        if candidates.is_empty() {
            let (low, high) = (span.scale.invert(span.low), span.scale.invert(span.high));
            candidates = linear_candidates(low, high, most, f64::log10);
            candidates
                .iter_mut()
                .for_each(|ticks| ticks.retain(|t| t.at.is_finite()));
        }
        return candidates;
    }
    for step in [1, 2, 3, 5, 10, 20, 50, 100, 200] {
        let mut ticks: Vec<Tick> = (first..=last)
            .map(|k| Tick {
                at: f64::from(k),
                label: if k % step == 0 {
                    format!("10{}", text::superscript(k))
                } else {
                    String::new()
                },
            })
            .collect();
        if decades > 60 {
            ticks.retain(|t| !t.label.is_empty());
        } else if step == 1 && decades <= 8 {
            ticks.extend(minor_ticks(span, first, last));
            ticks.sort_by(|a, b| a.at.total_cmp(&b.at));
        }
        candidates.push(ticks);
    }
    candidates
}

/// 2, 3, …, 9 times every power of ten.
fn minor_ticks(span: &Span, first: i32, last: i32) -> Vec<Tick> {
    (first - 1..=last)
        .flat_map(|k| (2..10).map(move |m| f64::from(k) + f64::from(m).log10()))
        .filter(|t| (span.low..=span.high).contains(t))
        .map(Tick::minor)
        .collect()
}

/// Ticks at all multiples 1…9 of powers of ten, labelled where the factor is in `factors`.
fn multiples(span: &Span, factors: &[i32]) -> Vec<Tick> {
    let (low, high) = (span.low.floor() as i32, span.high.floor() as i32);
    let plain = low >= -3 && high <= 3;
    let mut ticks = Vec::new();
    for k in low..=high {
        for m in 1..10 {
            let at = f64::from(k) + f64::from(m).log10();
            if !(span.low - 1e-9..=span.high + 1e-9).contains(&at) {
                continue;
            }
            let label = if !factors.contains(&m) {
                String::new()
            } else if plain {
                format!("{:.*}", (-k).max(0) as usize, f64::from(m) * 10_f64.powi(k))
            } else if m == 1 {
                format!("10{}", text::superscript(k))
            } else {
                format!("{m}×10{}", text::superscript(k))
            };
            ticks.push(Tick { at, label });
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, low: f64, high: f64, run: Run) -> Vec<String> {
        let t = |v| scale.transform(v).expect("test ranges are drawable");
        let span = Span {
            scale,
            low: t(low),
            high: t(high),
        };
        let mut labels: Vec<String> = ticks(&span, 300.0, run)
            .into_iter()
            .map(|t| t.label)
            .collect();
        labels.retain(|l| !l.is_empty());
        labels
    }

    #[test]
    fn linear_ticks_are_round() {
        let got = labels(Scale::Linear, 0.0, 8.0, Run::Horizontal);
        assert_eq!(got, ["0", "2", "4", "6", "8"]);
        let got = labels(Scale::Linear, -0.1, 0.1, Run::Vertical);
        assert_eq!(got, ["−0.10", "−0.05", "0", "0.05", "0.10"]);
        let got = labels(Scale::Linear, 0.0, 2e6, Run::Vertical);
        assert_eq!(got, ["0", "0.5×10⁶", "1.0×10⁶", "1.5×10⁶", "2.0×10⁶"]);
    }

    #[test]
    fn log_ticks_are_decades_when_there_are_enough() {
        let got = labels(Scale::Log10, 1e-2, 10.0, Run::Vertical);
        assert_eq!(got, ["10⁻²", "10⁻¹", "10⁰", "10¹"]);
        let got = labels(Scale::Log10, 0.05, 8.0, Run::Horizontal);
        assert_eq!(got, ["0.05", "0.1", "0.2", "0.5", "1", "2", "5"]);
        let got = labels(Scale::Log10, 1e-30, 1e300, Run::Vertical);
        assert_eq!(
            got,
            ["10⁰", "10⁵⁰", "10¹⁰⁰", "10¹⁵⁰", "10²⁰⁰", "10²⁵⁰", "10³⁰⁰"]
        );
        let got = labels(Scale::Log10, 0.31, 0.34, Run::Vertical);
        assert!(
            got.len() >= 2 && got.iter().all(|l| l.starts_with("0.3")),
            "{got:?}"
        );
    }

    #[test]
    fn labels_never_collide_and_always_differ() {
        let ends = [
            -1e300, -12345.678, -1.0, 0.0, 1e-300, 1e-12, 0.3, 0.31, 1.0, 777.0, 1e22, 1e300,
        ];
        for scale in [Scale::Linear, Scale::Log10] {
            for low in ends {
                for high in ends {
                    let (Some(a), Some(b)) = (scale.transform(low), scale.transform(high)) else {
                        continue;
                    };
                    if b - a <= 1e-9 * a.abs().max(b.abs()) || b.abs().max(a.abs()) < 1e-290 {
                        continue;
                    }
                    let span = Span {
                        scale,
                        low: a,
                        high: b,
                    };
                    for run in [Run::Horizontal, Run::Vertical] {
                        let all = ticks(&span, 300.0, run);
                        assert!(fits(&all, &span, 300.0, run, 12), "{low} {high}: {all:?}");
                        let mut got: Vec<&str> = all.iter().map(|t| t.label.as_str()).collect();
                        got.retain(|l| !l.is_empty());
                        assert!(!got.is_empty(), "{scale:?} {low} {high} has no label");
                        let before = got.len();
                        got.sort_unstable();
                        got.dedup();
                        assert_eq!(before, got.len(), "{low} {high}: {all:?}");
                    }
                }
            }
        }
    }
}
