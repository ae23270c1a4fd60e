//! What a panel shows, in words, for those who cannot see it: computed from what is drawn, so it is true.

use super::layer::Layer;
use super::panel::Panel;
use crate::display::format_number;

/// More series than this are counted, not told.
const MOST: usize = 8;

/// A turn must stand out by this share of what a series spans, or it is not told.
const STANDS_OUT: f64 = 0.05;

/// "test MSE by m/n. Test: from 0.3 at 0.02 to 0.05 at 8, highest 12 at 1. …"
pub(crate) fn describe(panel: &Panel) -> String {
    if let Some(images) = panel.layers.iter().find_map(|layer| match layer {
        Layer::Images(images) => Some(images),
        _ => None,
    }) {
        return match images.captions.is_empty() {
            true => format!("{} small images", images.images.len()),
            false => format!("Small images: {}", images.captions.join("; ")),
        };
    }
    let mut said = match (panel.y.label.trim(), panel.x.label.trim()) {
        ("", "") => Vec::new(),
        (y, "") => vec![y.to_owned()],
        ("", x) => vec![format!("By {x}")],
        (y, x) => vec![format!("{y} by {x}")],
    };
    let series: Vec<String> = panel.layers.iter().filter_map(told).collect();
    said.extend(series.iter().take(MOST).cloned());
    if series.len() > MOST {
        said.push(format!("{} more series", series.len() - MOST));
    }
    said.join(". ")
}

/// ". EG runs from (1, 0) to (0.2, 0.1) in 30 steps", for each path.
pub(crate) fn paths(panel: &Panel) -> String {
    let told = |layer: &Layer| match layer {
        Layer::Line(l) if l.directed => {
            let at = |i: usize| Some((format_number(*l.x.get(i)?), format_number(*l.y.get(i)?)));
            let steps = l.x.len().checked_sub(1)?;
            let ((x, y), (u, v)) = (at(0)?, at(steps)?);
            let label = if l.label.is_empty() {
                "a path"
            } else {
                &l.label
            };
            Some(format!(
                ". {label} runs from ({x}, {y}) to ({u}, {v}) in {steps} steps"
            ))
        }
        _ => None,
    };
    panel.layers.iter().filter_map(told).take(MOST).collect()
}

/// A layer in words; nothing for what only repeats or decorates.
fn told(layer: &Layer) -> Option<String> {
    let named = |label: &str, words: String| match label {
        "" => words,
        label => format!("{label}: {words}"),
    };
    match layer {
        Layer::Line(l) if l.directed => None,
        Layer::Line(l) => course(&l.x, &l.y).map(|words| named(&l.label, words)),
        Layer::Points(l) => course(&l.x, &l.y).map(|words| named(&l.label, words)),
        Layer::Bars(l) => course(&l.x, &l.height).map(|words| named(&l.label, words)),
        Layer::Histogram(l) => {
            let middles: Vec<f64> = l.edges.windows(2).map(|e| (e[0] + e[1]) / 2.0).collect();
            course(&middles, &l.heights).map(|words| named(&l.label, words))
        }
        Layer::VerticalLine(l) => Some(named(
            &l.label,
            format!("vertical line at {}", format_number(l.at)),
        )),
        Layer::HorizontalLine(l) => Some(named(
            &l.label,
            format!("horizontal line at {}", format_number(l.at)),
        )),
        Layer::Heatmap(l) => {
            let finite = || l.z.iter().copied().filter(|v| v.is_finite());
            let (low, high) = (finite().reduce(f64::min)?, finite().reduce(f64::max)?);
            let words = format!(
                "colours from {} to {}",
                format_number(low),
                format_number(high)
            );
            Some(named(&l.label, words))
        }
        Layer::Band(_) | Layer::Arrows(_) | Layer::Images(_) | Layer::Text(_) => None,
    }
}

/// Where a series begins and ends, left to right, and where it turns between, if it does; gaps are passed over.
fn course(x: &[f64], y: &[f64]) -> Option<String> {
    let pairs = x.iter().copied().zip(y.iter().copied());
    let mut points: Vec<(f64, f64)> = pairs
        .filter(|(x, y)| x.is_finite() && y.is_finite())
        .collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (&first, &last) = (points.first()?, points.last()?);
    let at = |(x, y): (f64, f64)| format!("{} at {}", format_number(y), format_number(x));
    if points.len() == 1 {
        return Some(at(first));
    }
    let mut words = format!("from {} to {}", at(first), at(last));
    let by_height = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
    let highest = points.iter().max_by(by_height)?;
    let lowest = points.iter().min_by(by_height)?;
    let slack = STANDS_OUT * (highest.1 - lowest.1);
    if highest.1 > first.1.max(last.1) + slack {
        words += &format!(", highest {}", at(*highest));
    }
    if lowest.1 < first.1.min(last.1) - slack {
        words += &format!(", lowest {}", at(*lowest));
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_told_by_its_ends_and_turns() {
        let x = [4.0, 1.0, 2.0, 3.0];
        let panel = Panel::new("m/n", "test MSE")
            .line("test", &x, &[0.1, 0.3, 9.0, 0.2])
            .line("flat", &x, &[1.0, f64::NAN, 1.0, 1.0])
            .line("none", &x, &[f64::NAN; 4])
            .vertical(2.0, "threshold");
        assert_eq!(
            describe(&panel),
            "test MSE by m/n. test: from 0.3 at 1 to 0.1 at 4, highest 9 at 2. flat: from 1 at 2 to 1 at 4. \
             threshold: vertical line at 2"
        );
        assert_eq!(describe(&Panel::default()), "");
    }

    #[test]
    fn many_series_are_counted() {
        let mut panel = Panel::new("x", "y");
        for i in 0..11 {
            panel = panel.line(&format!("s{i}"), &[0.0, 1.0], &[0.0, 1.0]);
        }
        assert!(describe(&panel).ends_with("s7: from 0 at 0 to 1 at 1. 3 more series"));
    }
}
