//! Figures of the chapters, drawn with functions of the reader's.

mod chapter_01;
mod chapter_02;
mod chapter_03;
mod chapter_04;
mod chapter_06;
mod chapter_07;
mod chapter_08;
mod chapter_09;
mod chapter_10;
mod chapter_11;
mod chapter_12;
mod chapter_13;
mod chapter_14;

pub use chapter_01::variance_by_step;
pub use chapter_02::errors_by_features;
pub use chapter_03::descent_in_plane;
pub use chapter_04::gap_by_steps;
pub use chapter_06::kernel_error_by_width;
pub use chapter_07::kernel_error;
pub use chapter_08::signal_by_layer;
pub use chapter_09::stability_by_dimension;
pub use chapter_10::complexity_by_size;
pub use chapter_11::excess_by_neighbours;
pub use chapter_12::tau_by_chance;
pub use chapter_13::second_descent;
pub use chapter_14::shares_of_waves;

use crate::error::{Error, Result};

/// What a reader's function gave back must have this shape.
fn fits(what: &str, expected: &[usize], got: &[usize]) -> Result<()> {
    match expected == got {
        true => Ok(()),
        false => Err(Error::shape(what, format!("{expected:?}"), got)),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2, Axis};

    use super::*;
    use crate::data::synthetic::{gaussian, random_signs, unit_ball};
    use crate::measure::kendall;
    use crate::model::{Init, RandomFeatures, two_layer_ntk};
    use crate::plot::{Figure, Layer};
    use crate::stats::{largest, mean};

    /// The largest |ln(yours/line)| of a figure that has a line and points at the same places.
    fn off(figure: &Figure) -> f64 {
        let layers = &figure.panels[0].layers;
        let [Layer::Line(line), Layer::Points(points)] = &layers[..] else {
            panic!("a line and points, not {layers:?}");
        };
        let pairs = line.y.iter().zip(&points.y);
        largest(pairs.map(|(a, b)| (b / a).ln().abs()).collect::<Vec<f64>>())
    }

    #[test]
    fn right_functions_lie_on_their_lines() {
        let langevin =
            |x: &Array1<f64>, g: &Array1<f64>, a: f64, tau: f64, rng: &mut crate::rng::Rng| {
                let z = gaussian(1, x.len(), rng).expect("valid").row(0).to_owned();
                x - g * a + z * (2.0 * a * tau).sqrt()
            };
        assert!(off(&variance_by_step(langevin).expect("drawn")) < 0.3);
        let shortest = |a: &Array1<f64>, b: &Array1<f64>| {
            let way = b - a;
            let t = (-a.dot(&way) / way.dot(&way)).clamp(0.0, 1.0);
            a + &(way * t)
        };
        assert!(off(&descent_in_plane(shortest).expect("drawn")) < 1e-9);
        let mirror = |p: &Array1<f64>, losses: &Array1<f64>, rate: f64| {
            let weights = p * &losses.mapv(|loss| (-rate * loss).exp());
            let total = weights.sum();
            weights / total
        };
        assert!(off(&gap_by_steps(mirror).expect("drawn")) < 1e-6);
        let limit = |x: &Array2<f64>| two_layer_ntk(x, x).expect("valid").first;
        assert!(off(&kernel_error_by_width(limit).expect("drawn")) < 0.4);
        let figure = kernel_error(|x, m, sigma, rng| {
            let features = RandomFeatures::fourier(m, x.ncols(), sigma, rng).expect("valid");
            // Of unit amplitude, before the factor.
            features.apply(x).expect("valid") * (2.0 / m as f64).sqrt()
        });
        assert!(off(&figure.expect("drawn")) < 0.4);
        let he = |to, from, rng: &mut crate::rng::Rng| {
            Init::HE
                .draw::<f64>((1, 3), (to, from), rng)
                .expect("valid")
                .0
        };
        assert!(off(&signal_by_layer(he).expect("drawn")) < 1.0);
        let steps = |gradient: &Array1<f64>, epsilon: f64, draws, rng: &mut crate::rng::Rng| {
            let steps = unit_ball(draws, gradient.len(), rng).expect("valid") * epsilon;
            (
                steps
                    .dot(gradient)
                    .mapv(f64::abs)
                    .mean()
                    .unwrap_or(f64::NAN),
                0.0,
            )
        };
        assert!(off(&stability_by_dimension(steps).expect("drawn")) < 0.1);
        let nearest = |x: &Array2<f64>, y: &Array1<f64>, test: &Array2<f64>, k: usize| {
            let one = |at: ndarray::ArrayView1<'_, f64>| {
                let distance = |i: &usize| (&x.row(*i) - &at).mapv(|v| v * v).sum();
                let mut order: Vec<usize> = (0..x.nrows()).collect();
                order.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
                mean(order[..k].iter().map(|i| y[*i]))
            };
            test.rows().into_iter().map(one).collect::<Array1<f64>>()
        };
        assert!(off(&excess_by_neighbours(nearest).expect("drawn")) < 0.4);
        let tau = |a: &Array1<f64>, b: &Array1<f64>| {
            kendall(&a.to_vec(), &b.to_vec()).unwrap_or(f64::NAN)
        };
        assert!(off(&tau_by_chance(tau).expect("drawn")) < 0.2);
    }

    #[test]
    fn classes_stay_below_their_bound() {
        let sampled = |values: &Array2<f64>, draws: usize, rng: &mut crate::rng::Rng| {
            let n = values.ncols();
            let suprema = (0..draws).map(|_| {
                let signs = random_signs(n, rng).expect("valid");
                largest(values.dot(&signs.index_axis(Axis(1), 0)).to_vec()) / n as f64
            });
            (mean(suprema.collect::<Vec<f64>>()), 0.0)
        };
        let figure = complexity_by_size(sampled).expect("drawn");
        let [Layer::Line(line), Layer::Points(points)] = &figure.panels[0].layers[..] else {
            panic!("a line and points");
        };
        assert!(
            line.y
                .iter()
                .zip(&points.y)
                .all(|(bound, found)| found < bound)
        );
    }

    /// The largest distance of points from the line before them: 16 shares of 2000 examples each, 4.5 standard errors of a half.
    #[test]
    fn worst_margins_make_the_errors_of_the_law() {
        let distance = |figure: &Figure| {
            let pairs = figure.panels[0].layers.chunks(2);
            largest(pairs.flat_map(|pair| {
                let [Layer::Line(line), Layer::Points(points)] = pair else {
                    panic!("a line and points, not {pair:?}");
                };
                let both = line.y.iter().zip(&points.y);
                both.map(|(a, b)| (a - b).abs()).collect::<Vec<f64>>()
            }))
        };
        let length = |w: &Array1<f64>, q: f64| match q.is_infinite() {
            true => largest(w.iter().map(|w| w.abs())),
            false => w.mapv(|w| w.abs().powf(q)).sum().powf(1.0 / q),
        };
        let dual = |p: f64| 1.0 / (1.0 - 1.0 / p);
        let right =
            errors_by_features(|w, x, y, epsilon, p| y * w.dot(x) - epsilon * length(w, dual(p)));
        assert!(distance(&right.expect("drawn")) < 0.05);
        let own_norm =
            errors_by_features(|w, x, y, epsilon, p| y * w.dot(x) - epsilon * length(w, p));
        assert!(distance(&own_norm.expect("drawn")) > 0.2);
    }

    #[test]
    fn another_shape_is_an_error() {
        let error = kernel_error(|_, m, _, _| Array2::zeros((3, m))).expect_err("3 rows");
        assert!(error.to_string().contains("your features"), "{error}");
        let error = kernel_error_by_width(|_| Array2::zeros((2, 2))).expect_err("2 × 2");
        assert!(error.to_string().contains("your kernel"), "{error}");
        let error = signal_by_layer(|_, _, _| Array2::zeros((1, 1))).expect_err("1 × 1");
        assert!(error.to_string().contains("your weights"), "{error}");
        let error = excess_by_neighbours(|_, _, _, _| Array1::zeros(1)).expect_err("one");
        assert!(error.to_string().contains("your predictions"), "{error}");
        let error = gap_by_steps(|_, _, _| Array1::zeros(2)).expect_err("two");
        assert!(error.to_string().contains("your strategy"), "{error}");
        let nan = stability_by_dimension(|_, _, _, _| (f64::NAN, 0.0));
        assert!(nan.is_ok(), "a gap");
    }
}
