//! Figures of curves: scales, legends, long texts, extreme numbers.

use dltheory::plot::{Figure, LegendPosition, Panel};
use dltheory::rng::stream;
use rand::RngExt as _;

/// Every figure with its file name.
pub(crate) fn all() -> Vec<(&'static str, Figure)> {
    vec![
        ("double_descent", double_descent()),
        ("grid", grid()),
        ("nine_series", nine_series()),
        ("shared_legend", shared_legend()),
        ("long_texts", long_texts()),
        ("extremes", extremes()),
        (
            "empty",
            Figure::new("Nothing to see").panel(Panel::new("x", "y")),
        ),
    ]
}

pub(crate) fn span(low: f64, high: f64, n: usize) -> Vec<f64> {
    (0..n)
        .map(|i| low + (high - low) * i as f64 / (n - 1) as f64)
        .collect()
}

pub(crate) fn map(x: &[f64], f: impl Fn(f64) -> f64) -> Vec<f64> {
    x.iter().map(|&v| f(v)).collect()
}

/// A curve of the shape of double descent: no data, only its look.
fn descent_panel(title: &str, peak: f64) -> Panel {
    let ratio = span(0.05, 5.0, 120);
    let variance = map(&ratio, |r| {
        let at = if r < 1.0 {
            r / (1.0 - r).max(peak)
        } else {
            0.6 / (r - 1.0).max(peak)
        };
        0.05 * at
    });
    let bias = map(&ratio, |r| 0.03 + 0.3 * (-2.0 * r).exp());
    let mse: Vec<f64> = variance.iter().zip(&bias).map(|(a, b)| a + b).collect();
    let scaled = |y: &[f64], c: f64| map(y, |v| v * c);
    Panel::new("m / n", "test MSE")
        .title(title)
        .log_y()
        .line("test MSE", &ratio, &mse)
        .band(&ratio, &scaled(&mse, 0.7), &scaled(&mse, 1.4))
        .line("bias²", &ratio, &bias)
        .band(&ratio, &scaled(&bias, 0.85), &scaled(&bias, 1.15))
        .line("variance", &ratio, &variance)
        .band(&ratio, &scaled(&variance, 0.6), &scaled(&variance, 1.5))
        .vertical(1.0, "interpolation threshold m = n")
}

fn double_descent() -> Figure {
    Figure::new("Double descent: digit 3 against 7, random Fourier features, n = 600")
        .panel(descent_panel("min-norm least squares", 0.004))
        .panel(descent_panel("SGD, constant step, averaged iterates", 0.06))
        .share_y()
        .caption(
            "Mean over 20 draws of training set and features; bands: 10th to 90th percentile. \
             The peak at m = n is variance: there the smallest singular value of the feature matrix is nearly 0.",
        )
}

fn grid() -> Figure {
    let k = span(1.0, 1000.0, 300);
    let mut rng = stream(1, "gallery", 0);
    let noisy: Vec<f64> = k
        .iter()
        .map(|v| (1.0 / v) * (0.7 + 0.6 * rng.random::<f64>()))
        .collect();
    let few = span(1.0, 10.0, 10);
    let measured = map(&few, |v| v.sqrt() + 0.05 * (7.0 * v).sin());
    Figure::new("Four panels")
        .panel(
            Panel::new("step k", "f(x_k) − f*")
                .title("log-log")
                .log_x()
                .log_y()
                .line("gradient descent", &k, &noisy)
                .line("bound 1/k", &k, &map(&k, |v| 1.4 / v))
                .dashed()
                .line("accelerated, 1/k²", &k, &map(&k, |v| 1.0 / (v * v))),
        )
        .panel(
            Panel::new("width m", "Rademacher complexity")
                .title("points with error bars over a theory line")
                .line("√m theory", &few, &map(&few, f64::sqrt))
                .points("measured, 95 % interval", &few, &measured)
                .error_bars(&map(&measured, |v| v - 0.2), &map(&measured, |v| v + 0.2)),
        )
        .panel(
            Panel::new("η λ_max", "spectral radius")
                .title("linear axes with negative values")
                .line(
                    "|1 − ηλ|",
                    &span(-1.0, 3.0, 200),
                    &map(&span(-1.0, 3.0, 200), |v| (1.0 - v).abs()),
                )
                .horizontal(1.0, "stability limit")
                .vertical(2.0, "η = 2/λ_max")
                .note(0.0, 1.9, "a note at (0, 1.9)"),
        )
        .panel(
            Panel::new("number of parameters", "seconds")
                .title("large numbers")
                .line(
                    "A",
                    &span(0.0, 4e7, 50),
                    &map(&span(0.0, 4e7, 50), |v| 1e-6 * v),
                )
                .points(
                    "B",
                    &span(0.0, 4e7, 12),
                    &map(&span(0.0, 4e7, 12), |v| 30.0 - 5e-7 * v),
                ),
        )
}

fn nine_series() -> Figure {
    let x = span(0.0, 1.0, 100);
    let mut panel = Panel::new("t", "value");
    for k in 0..9 {
        panel = panel.line(
            &format!("series number {}", k + 1),
            &x,
            &map(&x, |v| (v + 0.1 * f64::from(k)).powi(2)),
        );
    }
    let right = panel
        .clone()
        .legend(LegendPosition::Right)
        .title("legend to the right");
    Figure::new("Nine series")
        .columns(1)
        .panel(panel)
        .panel(right)
}

fn shared_legend() -> Figure {
    let x = span(0.0, 10.0, 50);
    let panel = |phase: f64| {
        Panel::new("time", "signal")
            .title(&format!("phase {phase}"))
            .line("sine", &x, &map(&x, |v| (v + phase).sin()))
            .line("cosine", &x, &map(&x, |v| (v + phase).cos()))
    };
    Figure::new("One legend for all")
        .panel(panel(0.0))
        .panel(panel(0.5))
        .shared_legend()
}

fn long_texts() -> Figure {
    let x = span(0.0, 1e-6, 5);
    let long = "the expected squared error of the minimum-norm interpolating solution on fresh data, averaged over draws";
    Figure::new(&format!(
        "A long title: {long}, and over the random features as well, and over the label noise"
    ))
    .panel(
        Panel::new(long, long)
            .title(long)
            .line(long, &x, &map(&x, |v| 3e8 * v))
            .line("short", &x, &x),
    )
    .panel(Panel::new("x", "y").line(
        "<b>&amp;\"quoted\"</b>",
        &[-1e9, 1e9],
        &[-123_456.0, 123_456.0],
    ))
    .caption(&format!("{long}. {long}. {long}."))
}

fn extremes() -> Figure {
    let x = [1e-30, 1e-10, 1.0, 1e100, 1e300];
    Figure::new("Extremes")
        .panel(
            Panel::new("x", "1e-30 … 1e300")
                .log_x()
                .log_y()
                .line("a", &x, &x),
        )
        .panel(Panel::new("x", "linear to 1e300").line("a", &[0.0, 1.0], &[-1e300, 1e300]))
        .panel(Panel::new("x", "constant").line("a", &[1.0, 2.0, 3.0], &[0.1, 0.1, 0.1]))
        .panel(
            Panel::new("x", "one point")
                .log_y()
                .points("a", &[2.0], &[3e-7]),
        )
        .panel(Panel::new("x", "gaps").line(
            "a",
            &span(0.0, 8.0, 9),
            &[
                1.0,
                2.0,
                f64::NAN,
                3.0,
                f64::NAN,
                2.0,
                1.0,
                f64::INFINITY,
                0.0,
            ],
        ))
        .panel(Panel::new("x", "less than a decade").log_y().line(
            "a",
            &span(0.0, 1.0, 9),
            &span(0.31, 0.38, 9),
        ))
}
