//! Figures of everything but curves: heatmaps, trajectories, images, bars, points.

use dltheory::plot::{ColorScale, Figure, Panel};
use dltheory::rng::stream;
use ndarray::Array2;
use rand::RngExt as _;

use crate::gallery::{map, span};

/// Every figure with its file name.
pub(crate) fn all() -> Vec<(&'static str, Figure)> {
    vec![
        ("heatmap", heatmap()),
        ("trajectories", trajectories()),
        ("digits", digits()),
        ("bars", bars()),
        ("histogram", histogram()),
        ("three", three()),
    ]
}

fn heatmap() -> Figure {
    let edges = span(-2.0, 2.0, 61);
    let f = Array2::from_shape_fn((60, 60), |(i, j)| {
        let (y, x) = (edges[i] + 1.0 / 30.0, edges[j] + 1.0 / 30.0);
        (1.0 - x).powi(2) + 5.0 * (y - x * x).powi(2)
    });
    let widths: Vec<f64> = [8.0, 16.0, 32.0, 64.0, 128.0, 256.0].to_vec();
    let steps: Vec<f64> = span(0.0, 1.0, 6);
    let signed = Array2::from_shape_fn((5, 5), |(i, j)| {
        if (i, j) == (2, 2) {
            f64::NAN
        } else {
            (i as f64 - 2.0) * (j as f64 - 1.0)
        }
    });
    let t = span(0.0, 6.0, 80);
    Figure::new("Heatmaps")
        .panel(
            Panel::new("x", "y")
                .title("logarithmic colours, a path on top")
                .equal_aspect()
                .heatmap("f(x, y)", &edges, &edges, &f)
                .log_colors()
                .path(
                    "descent",
                    &map(&t, |v| 1.0 - 2.2 * (-0.6 * v).exp()),
                    &map(&t, |v| 1.0 + 0.8 * (-v).exp() - (-0.5 * v).exp()),
                )
                .color(1),
        )
        .panel(
            Panel::new("width m", "label noise")
                .title("signed numbers, one missing")
                .log_x()
                .heatmap("difference", &widths, &steps, &signed)
                .colors(ColorScale::Diverging)
                .color_range(-4.0, 4.0),
        )
}

fn trajectories() -> Figure {
    let t = span(0.0, 20.0, 2000);
    let spiral = |sign: f64| -> (Vec<f64>, Vec<f64>) {
        let r = |v: f64| (sign * 0.06 * v).exp() * if sign > 0.0 { 0.4 } else { 1.3 };
        (map(&t, |v| r(v) * v.cos()), map(&t, |v| r(v) * v.sin()))
    };
    let mut field = (Vec::new(), Vec::new());
    for x in span(-1.4, 1.4, 12) {
        for y in span(-1.4, 1.4, 12) {
            field.0.push(x);
            field.1.push(y);
        }
    }
    let (ox, oy) = spiral(1.0);
    let (ix, iy) = spiral(-1.0);
    Figure::new("Min-max games in the plane")
        .panel(
            Panel::new("x", "y")
                .title("bilinear game f = xy")
                .equal_aspect()
                .arrows(
                    "field (−∇ₓf, ∇ᵧf)",
                    &field.0,
                    &field.1,
                    &map(&field.1, |v| -v),
                    &field.0,
                )
                .path("gradient descent-ascent", &ox, &oy)
                .path("extragradient", &ix, &iy),
        )
        .panel(
            Panel::new("x", "y")
                .title("clipped by fixed ranges")
                .equal_aspect()
                .x_range(-1.0, 1.0)
                .y_range(-1.0, 1.0)
                .path("outwards", &ox, &oy)
                .points("equilibrium", &[0.0], &[0.0]),
        )
}

fn digits() -> Figure {
    let digit = |k: usize| {
        Array2::from_shape_fn((28, 28), |(i, j)| {
            let (y, x) = ((i as f64 - 13.5) / 9.0, (j as f64 - 13.5) / 6.0);
            let r = (x * x + y * y).sqrt();
            (1.0 - 4.0 * (r - 0.5 - 0.05 * k as f64).abs()).max(0.0)
        })
    };
    let images: Vec<Array2<f64>> = (0..20).map(digit).collect();
    let captions: Vec<String> = (0..20)
        .map(|k| format!("true {k}, said {}", (k * 3) % 10))
        .collect();
    Figure::new("Digits")
        .panel(Panel::images(&images, 10).captions(&captions))
        .caption("Every image is drawn pixel by pixel.")
}

fn bars() -> Figure {
    let names = [
        "GD",
        "momentum",
        "AdaGrad",
        "Adam",
        "extragradient with a long name",
    ];
    Figure::new("Bars")
        .panel(
            Panel::new("", "test error")
                .bars("train", &names, &[0.02, 0.03, 0.05, 0.01, 0.08])
                .error_bars(
                    &[0.01, 0.02, 0.04, 0.005, 0.06],
                    &[0.03, 0.04, 0.06, 0.015, 0.1],
                )
                .bars("test", &names, &[0.12, 0.1, 0.14, 0.11, 0.13])
                .bars("test, noisy labels", &names, &[0.22, 0.2, 0.24, 0.21, 0.19]),
        )
        .panel(Panel::new("optimiser", "seconds").log_y().bars(
            "",
            &names[..3],
            &[0.02, 3.0, 150.0],
        ))
}

fn histogram() -> Figure {
    let mut rng = stream(2, "gallery", 0);
    let values: Vec<f64> = (0..5000)
        .map(|_| (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0)
        .collect();
    let x = span(-4.0, 4.0, 200);
    let normal = map(&x, |v| (-0.5 * v * v).exp() / std::f64::consts::TAU.sqrt());
    Figure::new("Sum of 12 uniforms").panel(
        Panel::new("sum − 6", "density")
            .histogram("5000 draws", &values, 40)
            .line("N(0, 1)", &x, &normal),
    )
}

fn three() -> Figure {
    let mut rng = stream(3, "gallery", 0);
    let mut moon = |shift: f64| -> (Vec<f64>, Vec<f64>) {
        (0..400)
            .map(|_| {
                let t = std::f64::consts::PI * rng.random::<f64>();
                let (e, f) = (0.2 * rng.random::<f64>(), 0.2 * rng.random::<f64>());
                (
                    t.cos() + shift + e,
                    if shift > 0.0 {
                        0.5 - t.sin() + f
                    } else {
                        t.sin() + f
                    },
                )
            })
            .unzip()
    };
    let (a, b) = (moon(0.0), moon(1.0));
    let x = span(0.0, 3.0, 60);
    Figure::new("Three in a row")
        .panel(
            Panel::new("x₁", "x₂")
                .title("two moons")
                .points("class +1", &a.0, &a.1)
                .points("class −1", &b.0, &b.1),
        )
        .panel(
            Panel::new("epoch", "loss")
                .title("training")
                .log_y()
                .line("train", &x, &map(&x, |v| (-3.0 * v).exp()))
                .line("test", &x, &map(&x, |v| 0.1 + (-3.0 * v).exp())),
        )
        .panel(
            Panel::new("ε", "robust accuracy")
                .title("attack")
                .line("PGD", &x, &map(&x, |v| 1.0 / (1.0 + v * v)))
                .line("certified", &x, &map(&x, |v| (1.0 - v).max(0.0))),
        )
}
