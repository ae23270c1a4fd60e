//! Tick labels of an axis: the names a caller gave, or round numbers; and the room they take.

use super::axis::{Axis, Span};
use super::ticks::{self, Run, Tick};
use super::{style, text};

/// Px that the widest tick label takes.
pub(crate) fn widest_tick(ticks: &[Tick]) -> f64 {
    let lines = ticks.iter().flat_map(|t| t.label.lines());
    lines
        .map(|line| text::width(line, style::TICK))
        .fold(0.0, f64::max)
}

/// Px that horizontal tick labels take in height.
pub(crate) fn tick_height(ticks: &[Tick]) -> f64 {
    let lines = ticks
        .iter()
        .map(|t| t.label.lines().count())
        .max()
        .unwrap_or(0);
    text::height(lines, style::TICK)
}

/// The caller's ticks, or round numbers. Names that would stand too close are left out.
pub(crate) fn axis_ticks(axis: &Axis, span: &Span, length: f64, run: Run) -> Vec<Tick> {
    if axis.ticks.is_empty() {
        return ticks::ticks(span, length, run);
    }
    let mut named: Vec<(f64, &str)> = axis
        .ticks
        .iter()
        .filter_map(|(v, label)| Some((span.scale.transform(*v)?, label.as_str())))
        .filter(|(t, _)| (span.low..=span.high).contains(t))
        .collect();
    named.sort_by(|a, b| a.0.total_cmp(&b.0));
    let gaps = named
        .windows(2)
        .map(|p| (span.fraction(p[1].0) - span.fraction(p[0].0)) * length);
    let gap = gaps.fold(f64::INFINITY, f64::min).min(length);
    if run == Run::Vertical {
        let every = every_nth(1.6 * style::TICK, gap);
        return name(named.into_iter().step_by(every), 140.0, 1);
    }
    let every = every_nth(40.0, gap);
    let pitch = gap * every as f64;
    let widest_word = named
        .iter()
        .flat_map(|(_, label)| label.split_whitespace())
        .map(|word| text::width(word, style::TICK))
        .fold(0.0, f64::max);
    if widest_word <= pitch - 8.0 || named.len() < 2 {
        return name(named.into_iter().step_by(every), pitch - 8.0, 3);
    }
    // Words wider than the pitch: every second name one step lower, with twice the room.
    let mut ticks = name(named.into_iter().step_by(every), 2.0 * pitch - 8.0, 2);
    let upper = ticks
        .iter()
        .step_by(2)
        .map(|t| t.label.lines().count())
        .max();
    for tick in ticks.iter_mut().skip(1).step_by(2) {
        tick.label = format!("{}{}", "\n".repeat(upper.unwrap_or(1)), tick.label);
    }
    ticks
}

/// Every how many-th name fits, if names need `least` px and are `gap` px apart.
fn every_nth(least: f64, gap: f64) -> usize {
    (least / gap.max(1e-3)).ceil().clamp(1.0, 1e6) as usize
}

fn name<'a>(ticks: impl Iterator<Item = (f64, &'a str)>, room: f64, lines: usize) -> Vec<Tick> {
    ticks
        .map(|(at, label)| Tick {
            at,
            label: text::wrap(label, room.max(24.0), style::TICK, lines).join("\n"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::axis::Scale;

    fn named(names: &[&str], length: f64, run: Run) -> Vec<String> {
        let ticks = names
            .iter()
            .enumerate()
            .map(|(i, n)| (i as f64, (*n).to_owned()));
        let axis = Axis {
            ticks: ticks.collect(),
            ..Axis::default()
        };
        let high = names.len() as f64 - 0.5;
        let span = Span {
            scale: Scale::Linear,
            low: -0.5,
            high,
        };
        let ticks = axis_ticks(&axis, &span, length, run);
        ticks.into_iter().map(|t| t.label).collect()
    }

    #[test]
    fn names_are_kept_wrapped_staggered_or_thinned() {
        let names = ["gradient descent", "momentum", "Adam"];
        assert_eq!(named(&names, 900.0, Run::Horizontal), names);
        let narrow = named(&names, 240.0, Run::Horizontal);
        assert_eq!(narrow, ["gradient\ndescent", "momentum", "Adam"]);
        let staggered = named(&names, 150.0, Run::Horizontal);
        assert_eq!(staggered[1], "\n\nmomentum");
        let many = ["a"; 50];
        assert!(named(&many, 300.0, Run::Horizontal).len() <= 8);
        assert!(named(&many, 300.0, Run::Vertical).len() <= 18);
    }
}
