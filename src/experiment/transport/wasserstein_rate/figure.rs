//! Distances by n, the plane's logarithm, what data tell of a generator.

use super::gaussians::Shifted;
use super::rates::scaled_square;
use super::settings::{Point, WassersteinRate};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::transport::line_law::uniform_constant;
use crate::transport::torus_law::plane_growth;

impl WassersteinRate {
    pub(super) fn figure(&self, title: &str, points: &[Point], shifted: &[Shifted]) -> Figure {
        let n = |point: &Point| point.n as f64;
        let mut rates = Panel::new("points n of each sample", "W₁ of two samples, mean")
            .title("slower in more dimensions")
            .log_x()
            .log_y()
            .legend(LegendPosition::Below);
        for &d in &self.dims {
            let own: Vec<&Point> = points.iter().filter(|p| p.dimension == d).collect();
            rates = rates
                .points_of(&format!("p = {d}"), &own, |p| n(p), |p| p.w1.mean)
                .error_bars_of(own.iter(), |p| p.w1.bar(2.0));
            let last = own[own.len() - 1];
            let law = |n: f64| match d {
                1 => 2.0_f64.sqrt() * uniform_constant() / n.sqrt(),
                2 => {
                    let whole = |n: f64| (n.ln() / n).sqrt();
                    last.w1.mean * whole(n) / whole(last.n as f64)
                }
                _ => last.w1.mean * (n / last.n as f64).powf(-1.0 / d as f64),
            };
            rates = rates.line_of("", &own, |p| n(p), |p| law(n(p))).dotted();
        }
        let figure = Figure::new(title).panel(rates);
        let plane: Vec<&Point> = points.iter().filter(|p| p.dimension == 2).collect();
        let figure = match plane.last() {
            None => figure,
            Some(last) => {
                let scaled = scaled_square(last).mean;
                let line = |n: f64| scaled + plane_growth() * (n / last.n as f64).ln();
                figure.panel(
                    Panel::new("points n of each sample", "n · W₂², mean")
                        .title("two dimensions: a logarithm")
                        .log_x()
                        .line_of("slope 1/(2π) in ln n", &plane, |p| n(p), |p| line(n(p)))
                        .points_of("p = 2", &plane, |p| n(p), |p| scaled_square(p).mean)
                        .error_bars_of(plane.iter(), |p| scaled_square(p).bar(2.0))
                        .legend(LegendPosition::Below),
                )
            }
        };
        let mut seen = Panel::new("how far the generator is off", "W₁ of data and generator")
            .title(&format!("what {} data tell of it", self.gaussian_n))
            .legend(LegendPosition::Below);
        let mut dims: Vec<usize> = shifted.iter().map(|s| s.dimension).collect();
        dims.dedup();
        for d in dims {
            let own: Vec<&Shifted> = shifted.iter().filter(|s| s.dimension == d).collect();
            seen = seen.line_of(&format!("p = {d}"), &own, |s| s.shift, |s| s.to_data.mean);
        }
        let off: Vec<f64> = shifted.iter().map(|s| s.shift).collect();
        let figure = figure.panel(seen.line("the truth", &off, &off).dotted());
        figure.caption(
            "(a) Means over pairs of samples of the uniform law, on the interval for p = 1 and on the torus beyond, with 2 standard \
             errors; dotted: the law for p = 1, for p = 2 √(ln n/n) and beyond n^(−1/p) through the last point. The last panel: \
             normal data, and samples of the same law shifted; a perfect generator is at 0.",
        )
    }
}
