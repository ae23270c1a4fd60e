//! Figures from any numbers and texts.

use dltheory::plot::{Axis, LegendPosition, Panel, Scale};
use proptest::prelude::*;

/// Any number at all, with a liking for those that cause trouble.
pub(crate) fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => -100.0..100.0_f64,
        2 => any::<f64>(),
        1 => prop::sample::select(vec![
            f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, f64::MAX, f64::MIN,
            f64::MIN_POSITIVE, 5e-324, 1e300, 1e-300, 1.0, 1.0 + f64::EPSILON,
        ]),
    ]
}

pub(crate) fn numbers(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(any_number(), len)
}

fn axis() -> impl Strategy<Value = Axis> {
    let range = prop_oneof![
        4 => Just(None),
        1 => (any_number(), any_number()).prop_map(Some),
    ];
    (any::<String>(), any::<bool>(), range).prop_map(|(label, log, range)| Axis {
        label,
        scale: if log { Scale::Log10 } else { Scale::Linear },
        range,
        ticks: Vec::new(),
    })
}

/// A panel with one layer of every kind, all fed from the same numbers.
pub(crate) fn panel() -> impl Strategy<Value = Panel> {
    let legend = prop::sample::select(vec![
        LegendPosition::Auto,
        LegendPosition::TopLeft,
        LegendPosition::BottomRight,
        LegendPosition::Below,
        LegendPosition::Right,
        LegendPosition::None,
    ]);
    (
        axis(),
        axis(),
        legend,
        numbers(0..40),
        any::<String>(),
        any::<[bool; 10]>(),
        any::<bool>(),
    )
        .prop_map(|(x_axis, y_axis, legend, values, text, kinds, equal)| {
            let n = values.len() / 4;
            let part = |i: usize| &values[i * n..(i + 1) * n];
            let (x, y, u, v) = (part(0), part(1), part(2), part(3));
            let mut p = Panel {
                x: x_axis,
                y: y_axis,
                legend,
                equal_aspect: equal,
                ..Panel::default()
            };
            p = p.title(&text);
            if kinds[0] {
                p = p.line(&text, x, y).band(x, u, v);
            }
            if kinds[1] {
                p = p.points("p", x, y).error_bars(u, v);
            }
            if kinds[2] {
                let width = x.first().copied().unwrap_or(1.0);
                p = p.path("path", y, u).width(width).opacity(width);
            }
            if kinds[3] {
                p = p.arrows("field", x, y, u, v);
            }
            if kinds[4] {
                let names: Vec<&str> = x.iter().map(|_| text.as_str()).collect();
                p = p
                    .bars("bars", &names, u)
                    .error_bars(v, y)
                    .bars("more", &names, v);
            }
            if kinds[5] {
                p = p.histogram("h", &values, 1 + values.len() / 3);
            }
            if kinds[6] && !y.is_empty() {
                let z = ndarray::Array2::from_shape_vec((1, n), u.to_vec()).expect("n numbers");
                let edges: Vec<f64> = (0..=n).map(|i| i as f64).collect();
                p = p.heatmap(&text, &edges, &[-1.0, 3.0], &z);
                if equal {
                    p = p.log_colors();
                }
            }
            if kinds[7] {
                for &at in x {
                    p = p.vertical(at, &text).horizontal(at, "");
                }
            }
            if kinds[8] {
                for (&a, &b) in x.iter().zip(y) {
                    p = p.note(a, b, &text);
                }
            }
            if kinds[9] && !y.is_empty() && !kinds[0] {
                let image = ndarray::Array2::from_shape_vec((n, 1), u.to_vec()).expect("n numbers");
                let images = Panel::images(&[image.clone(), image], usize::from(equal));
                p.layers
                    .extend(images.captions(&[text.clone(), text]).layers);
            }
            p
        })
}
