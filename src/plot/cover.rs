//! What the axes of a panel must cover.

use super::axis::{Extent, Scale};
use super::layer::Layer;
use super::panel::Panel;

/// The least distance between neighbouring positions; 1 if there is none.
pub(crate) fn spacing(x: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = x.iter().copied().filter(|v| v.abs() <= 1e300).collect();
    sorted.sort_by(f64::total_cmp);
    let gaps = sorted.windows(2).map(|pair| pair[1] - pair[0]);
    let least = gaps.filter(|gap| *gap > 0.0).fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 1.0 }
}

/// What the two axes of a panel must cover.
pub(crate) fn extents(panel: &Panel) -> (Extent, Extent) {
    let (mut x, mut y) = (Extent::default(), Extent::default());
    for layer in &panel.layers {
        cover(panel, layer, &mut x, &mut y);
    }
    (x, y)
}

fn cover(panel: &Panel, layer: &Layer, x: &mut Extent, y: &mut Extent) {
    let mut point = |px: f64, py: f64| {
        // A point outside a range the caller fixed does not stretch the other axis.
        let place = panel.x.scale.transform(px).zip(panel.y.scale.transform(py));
        if let Some((tx, ty)) = place.filter(|_| panel.x.admits(px) && panel.y.admits(py)) {
            x.include(tx);
            y.include(ty);
        }
    };
    match layer {
        Layer::Line(l) => l.x.iter().zip(&l.y).for_each(|(&a, &b)| point(a, b)),
        Layer::Points(l) => {
            for heights in [&l.y, &l.y_low, &l.y_high] {
                l.x.iter().zip(heights).for_each(|(&a, &b)| point(a, b));
            }
        }
        Layer::Band(l) => {
            for heights in [&l.low, &l.high] {
                l.x.iter().zip(heights).for_each(|(&a, &b)| point(a, b));
            }
        }
        Layer::Text(l) => point(l.x, l.y),
        Layer::Arrows(l) => {
            // Without a given scale an arrow is as long as the tails are apart.
            let (dx, dy) = (0.5 * spacing(&l.x), 0.5 * spacing(&l.y));
            for i in 0..l.x.len() {
                point(l.x[i], l.y[i]);
                if l.scale.is_none() {
                    point(l.x[i] - dx, l.y[i] - dy);
                    point(l.x[i] + dx, l.y[i] + dy);
                }
                if let Some(scale) = l.scale {
                    point(l.x[i] + scale * l.dx[i], l.y[i] + scale * l.dy[i]);
                }
            }
        }
        Layer::Bars(l) => {
            let half = 0.5 * spacing(&l.x);
            for heights in [&l.height, &l.low, &l.high] {
                for (&a, &b) in l.x.iter().zip(heights) {
                    point(a - half, b);
                    point(a + half, b);
                }
            }
            from_zero(panel, y);
            // On a logarithmic axis the lowest bar still needs a height: up from its decade.
            let lowest = l
                .height
                .iter()
                .filter(|h| **h > 0.0)
                .fold(f64::INFINITY, |a, &b| a.min(b));
            if panel.y.scale == Scale::Log10 && lowest.is_finite() {
                let decade = (lowest.log10() - 0.1).floor();
                y.include_flush(decade, decade);
            }
        }
        Layer::Histogram(l) => {
            for (edges, &height) in l.edges.windows(2).zip(&l.heights) {
                point(edges[0], height);
                point(edges[1], height);
            }
            from_zero(panel, y);
        }
        Layer::VerticalLine(l) => panel
            .x
            .scale
            .transform(l.at)
            .iter()
            .for_each(|&t| x.include(t)),
        Layer::HorizontalLine(l) => {
            panel
                .y
                .scale
                .transform(l.at)
                .iter()
                .for_each(|&t| y.include(t));
        }
        Layer::Heatmap(l) => {
            for (axis, edges, extent) in [(&panel.x, &l.x_edges, x), (&panel.y, &l.y_edges, y)] {
                let ends: Vec<f64> = edges
                    .iter()
                    .filter_map(|&e| axis.scale.transform(e))
                    .collect();
                if let [low, .., high] = ends[..] {
                    extent.include_flush(low, high);
                }
            }
        }
        Layer::Images(_) => {}
    }
}

fn from_zero(panel: &Panel, y: &mut Extent) {
    if panel.y.scale == Scale::Linear {
        y.include_flush(0.0, 0.0);
    }
}
