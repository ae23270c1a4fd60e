//! Where a legend hides no data.

use super::layer::Layer;
use super::legend::Legend;
use super::panel::{LegendPosition, Panel};
use super::shape::{self, Point, Rect};
use super::view::View;

/// Px between a legend and the frame around it.
const MARGIN: f64 = 8.0;

/// Where the legend goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Spot {
    /// Over the data, its top left corner here.
    Inside(Point),
    Below,
    Right,
}

/// Where a panel's legend goes, given what the panel shows in `view`.
pub(crate) fn spot(panel: &Panel, view: &View, legend: &Legend) -> Spot {
    let frame = &view.frame;
    let right = frame.right() - MARGIN - legend.width;
    let bottom = frame.bottom() - MARGIN - legend.height;
    let (left, top) = (frame.left + MARGIN, frame.top + MARGIN);
    let (middle, centre) = (0.5 * (left + right), 0.5 * (top + bottom));
    // A corner the caller chose is used wherever the legend fits at all.
    let fits = right >= left && bottom >= top;
    match panel.legend {
        LegendPosition::TopLeft if fits => return Spot::Inside((left, top)),
        LegendPosition::TopRight if fits => return Spot::Inside((right, top)),
        LegendPosition::BottomLeft if fits => return Spot::Inside((left, bottom)),
        LegendPosition::BottomRight if fits => return Spot::Inside((right, bottom)),
        LegendPosition::TopLeft
        | LegendPosition::TopRight
        | LegendPosition::BottomLeft
        | LegendPosition::BottomRight
        | LegendPosition::Below
        | LegendPosition::None => return Spot::Below,
        LegendPosition::Right => return Spot::Right,
        LegendPosition::Auto => {}
    }
    // A heatmap leaves no place empty.
    let heatmap = panel.layers.iter().any(|l| matches!(l, Layer::Heatmap(_)));
    let too_large = legend.width > 0.75 * frame.width || legend.height > 0.6 * frame.height;
    if heatmap || legend.len() > 6 || too_large {
        return Spot::Below;
    }
    let ink = ink(panel, view);
    let hidden = |&(left, top): &Point| {
        let rect = Rect {
            left,
            top,
            width: legend.width,
            height: legend.height,
        };
        ink.iter().filter(|&&p| rect.holds(p, 4.0)).count()
    };
    let places = [
        (right, top),
        (left, top),
        (right, bottom),
        (left, bottom),
        (middle, top),
        (middle, bottom),
        (right, centre),
        (left, centre),
    ];
    // The first of the best; `min_by_key` keeps the first of equals.
    match places
        .iter()
        .map(|p| (hidden(p), p))
        .min_by_key(|(hidden, _)| *hidden)
    {
        Some((0, &place)) => Spot::Inside(place),
        _ => Spot::Below,
    }
}

/// Positions about 4 px apart on everything drawn, so that a legend can avoid them.
fn ink(panel: &Panel, view: &View) -> Vec<Point> {
    const STEP: f64 = 4.0;
    let mut ink: Vec<Point> = Vec::new();
    let mut walk = |points: &[Point]| {
        ink.extend(points.first());
        for pair in points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let steps = ((a.0 - b.0).hypot(a.1 - b.1) / STEP)
                .ceil()
                .clamp(1.0, 2000.0);
            ink.extend((1..=steps as usize).map(|i| {
                let t = i as f64 / steps;
                (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1))
            }));
        }
    };
    let fill = |rect: &Rect, walk: &mut dyn FnMut(&[Point])| {
        for share in [0.05, 0.5, 0.95] {
            let x = rect.left + share * rect.width;
            walk(&[(x, rect.top), (x, rect.bottom())]);
        }
    };
    let count = panel
        .layers
        .iter()
        .filter(|l| matches!(l, Layer::Bars(_)))
        .count();
    let mut index = 0;
    for layer in &panel.layers {
        match layer {
            Layer::Line(l) => view.pieces(l, 500).iter().for_each(|piece| walk(piece)),
            Layer::Band(l) => {
                for area in view.areas(l, 300) {
                    shape::hatch(&area, 3.0 * STEP)
                        .iter()
                        .for_each(|&(from, to)| walk(&[from, to]));
                }
            }
            Layer::Points(l) => {
                for (i, (&a, &b)) in l.x.iter().zip(&l.y).enumerate().take(5000) {
                    // A marker covers more than a spot of a line.
                    view.visible(a, b).iter().for_each(|&p| walk(&[p, p, p]));
                    let ends = l.y_low.get(i).zip(l.y_high.get(i));
                    if let Some((p, q)) = ends
                        .and_then(|(&low, &high)| view.visible(a, low).zip(view.visible(a, high)))
                    {
                        walk(&[p, q]);
                    }
                }
            }
            Layer::Bars(l) => {
                for (_, rect) in view.bars(l, index, count) {
                    fill(&rect, &mut walk);
                }
                index += 1;
            }
            Layer::Histogram(l) => view.blocks(l).iter().for_each(|rect| fill(rect, &mut walk)),
            Layer::Arrows(l) => {
                for (&a, &b) in l.x.iter().zip(&l.y) {
                    view.visible(a, b).iter().for_each(|&p| walk(&[p, p]));
                }
            }
            Layer::Text(l) => view
                .visible(l.x, l.y)
                .iter()
                .for_each(|&p| walk(&[p, (p.0 + 60.0, p.1)])),
            _ => {}
        }
    }
    ink
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::axis::{Scale, Span};

    /// A view of [0, 1]² in 300 × 200 px.
    fn view() -> View {
        let span = Span {
            scale: Scale::Linear,
            low: 0.0,
            high: 1.0,
        };
        let frame = Rect {
            left: 0.0,
            top: 0.0,
            width: 300.0,
            height: 200.0,
        };
        View {
            frame,
            x: span,
            y: span,
        }
    }

    fn spot_of(panel: Panel) -> Spot {
        let legend = Legend::new(std::slice::from_ref(&panel), 200.0, 1).expect("a label");
        spot(&panel, &view(), &legend)
    }

    #[test]
    fn the_legend_takes_the_free_corner() {
        let x = [0.0, 0.5, 1.0];
        let rising = spot_of(Panel::default().line("f", &x, &x));
        assert!(matches!(rising, Spot::Inside((left, top)) if left < 20.0 && top < 20.0));
        let falling = spot_of(Panel::default().line("f", &x, &[1.0, 0.5, 0.0]));
        assert!(matches!(falling, Spot::Inside((left, top)) if left > 150.0 && top < 20.0));
    }

    #[test]
    fn the_legend_leaves_a_full_panel_and_the_inside_of_a_band() {
        let x = [0.0, 1.0];
        let band = Panel::default()
            .line("f", &x, &[0.5, 0.5])
            .band(&x, &[0.0, 0.0], &[1.0, 1.0]);
        assert_eq!(spot_of(band), Spot::Below);
        let bars = Panel::default().bars("f", &["a"], &[1.0]);
        assert!(matches!(spot_of(bars), Spot::Inside((left, _)) if left > 100.0));
    }

    #[test]
    fn a_corner_that_was_asked_for_is_taken_if_the_legend_fits() {
        let panel = Panel::default().line("f", &[0.0, 1.0], &[0.0, 1.0]);
        let asked = panel.clone().legend(LegendPosition::BottomLeft);
        assert!(matches!(spot_of(asked), Spot::Inside((left, top)) if left < 20.0 && top > 100.0));
        let long = Panel::default().line(&"word ".repeat(500), &[0.0], &[0.0]);
        let legend = Legend::new(std::slice::from_ref(&long), 1e4, 1).expect("a label");
        let asked = long.legend(LegendPosition::TopLeft);
        assert_eq!(spot(&asked, &view(), &legend), Spot::Below);
    }
}
