//! The picture: by dimension, by training-set size among junk, by training-set size for the classifier.

use super::claims::Exact;
use super::{DimPoint, FlipPoint, JunkPoint, Results, UniformConvergence};
use crate::error::Result;
use crate::plot::{Figure, LegendPosition, Panel};

pub(super) fn figure(settings: &UniformConvergence, results: &Results) -> Result<Figure> {
    Ok(Figure::new("Uniform convergence of interpolators")
        .panel(by_dimension(settings, &results.dims)?)
        .panel(among_junk(settings, &results.junk))
        .panel(classifier(&results.flips))
        .caption("Dots: means over training sets. Lines: predictions. The noise level σ² is the best any predictor can do."))
}

fn by_dimension(settings: &UniformConvergence, points: &[DimPoint]) -> Result<Panel> {
    let n = settings.n as f64;
    let exact = points.iter().map(|point| Exact::new(settings, point.p));
    let exact = exact.collect::<Result<Vec<Exact>>>()?;
    let x: Vec<f64> = points.iter().map(|point| point.p as f64 / n).collect();
    let line = |of: fn(&Exact) -> f64| -> Vec<f64> { exact.iter().map(of).collect() };
    let dots = |of: fn(&DimPoint) -> f64| -> Vec<f64> { points.iter().map(of).collect() };
    let far: Vec<usize> = (0..points.len()).filter(|&i| x[i] >= 4.0).collect();
    let of_far = |all: &[f64]| -> Vec<f64> { far.iter().map(|&i| all[i]).collect() };
    let alpha = settings.inflation;
    Ok(
        Panel::new("dimension / training examples, p/n", "squared error")
            .title(&format!("pure noise, n = {}", settings.n))
            .log_x()
            .log_y()
            .line("test error of ŵ", &x, &line(|e| e.risk))
            .points("test error of ŵ", &x, &dots(|p| p.found.risk.mean))
            .line(
                &format!("worst with ‖w‖ ≤ {alpha}‖ŵ‖"),
                &x,
                &line(|e| e.worst),
            )
            .points(
                &format!("worst with ‖w‖ ≤ {alpha}‖ŵ‖"),
                &x,
                &dots(|p| p.found.worst.map_or(f64::NAN, |worst| worst.mean)),
            )
            .line("one-sided bound B² Tr(Σ)/n", &x, &line(|e| e.bound))
            .points(
                "one-sided bound B² Tr(Σ)/n",
                &x,
                &dots(|p| p.found.bound.mean),
            )
            .line(
                "|R − R_n| at −ŵ",
                &of_far(&x),
                &of_far(&line(|e| e.two_sided)),
            )
            .points(
                "|R − R_n| at −ŵ",
                &of_far(&x),
                &of_far(&dots(|p| p.found.two_sided.mean)),
            )
            .horizontal(settings.noise * settings.noise, "noise level σ²")
            .legend(LegendPosition::Below),
    )
}

fn among_junk(settings: &UniformConvergence, points: &[JunkPoint]) -> Panel {
    let each = |of: fn(&JunkPoint) -> f64| -> Vec<f64> { points.iter().map(of).collect() };
    let n = each(|p| p.n as f64);
    let (alpha, variance) = (settings.inflation, settings.noise * settings.noise);
    Panel::new("training examples n", "squared error")
        .title("one useful coordinate among junk")
        .log_x()
        .log_y()
        .line("test error of ŵ", &n, &each(|p| p.theory.risk))
        .points("test error of ŵ", &n, &each(|p| p.found.risk.mean))
        .line(
            &format!("worst with ‖w‖ ≤ {alpha}‖ŵ‖"),
            &n,
            &each(|p| p.theory.worst),
        )
        .points(
            &format!("worst with ‖w‖ ≤ {alpha}‖ŵ‖"),
            &n,
            &each(|p| p.found.worst.mean),
        )
        .line("one-sided bound B² Tr(Σ)/n", &n, &each(|p| p.theory.bound))
        .points(
            "one-sided bound B² Tr(Σ)/n",
            &n,
            &each(|p| p.found.bound.mean),
        )
        .line("two-sided, at least", &n, &each(|p| p.theory.two_sided))
        .points("two-sided, at least", &n, &each(|p| p.found.two_sided.mean))
        .horizontal(variance, "noise level σ²")
        .horizontal(alpha * alpha * variance, &format!("{alpha}²σ²"))
        .legend(LegendPosition::Below)
}

fn classifier(points: &[FlipPoint]) -> Panel {
    let each = |of: fn(&FlipPoint) -> f64| -> Vec<f64> { points.iter().map(of).collect() };
    let n = each(|p| p.n as f64);
    Panel::new("training examples n", "share of errors")
        .title("a classifier that generalises")
        .log_x()
        .y_range(-0.02, 1.05)
        .line("training set", &n, &each(|p| p.theory[0]))
        .points("training set", &n, &each(|p| p.found.train.mean))
        .line("new data", &n, &each(|p| p.theory[1]))
        .points("new data", &n, &each(|p| p.found.test.mean))
        .line("training set, noise negated", &n, &each(|p| p.theory[2]))
        .points(
            "training set, noise negated",
            &n,
            &each(|p| p.found.flipped.mean),
        )
        .legend(LegendPosition::Below)
}
