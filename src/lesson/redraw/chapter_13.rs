//! Double descent.

use ndarray::{Array1, Array2, s};

use crate::error::{Error, Result};
use crate::fit::min_norm_path;
use crate::plot::{Figure, Panel};

/// Widths at which the reader's function solves.
const POINTS: usize = 12;

/// The second descent: the test error of interpolants at widths from n to all m columns, solved by `solve` (x `(n, d)`, y
/// `(n,)` ↦ w `(d,)`), on top of the library's curve. `train` is `(n, m)`, `test` `(t, m)`, targets are `(n, 1)` and `(t, 1)`.
///
/// # Errors
/// Fewer columns than examples; arrays that do not fit; weights of another length than the columns.
pub fn second_descent(
    (train, y): (&Array2<f64>, &Array2<f64>),
    (test, targets): (&Array2<f64>, &Array2<f64>),
    solve: impl Fn(&Array2<f64>, &Array1<f64>) -> Array1<f64>,
) -> Result<Figure> {
    let (n, m) = train.dim();
    if m < n {
        let expected = format!("at least {n} columns, one an example");
        return Err(Error::shape("the features", expected, &[n, m]));
    }
    let growth = (m as f64 / n as f64).powf(1.0 / (POINTS - 1) as f64);
    let width = |i: usize| (n as f64 * growth.powi(i as i32)).round() as usize;
    let mut widths: Vec<usize> = (0..POINTS).map(|i| width(i).clamp(n, m)).collect();
    widths.dedup();
    let library = min_norm_path(train, test, y, &widths)?.test_mse(targets)?;
    let labels = y.column(0).to_owned();
    let yours = widths.iter().map(|&width| {
        let weights = solve(&train.slice(s![.., ..width]).to_owned(), &labels);
        if weights.len() != width {
            let expected = format!("({width},)");
            return Err(Error::shape("your weights", expected, &[weights.len()]));
        }
        let errors = test.slice(s![.., ..width]).dot(&weights) - targets.column(0);
        Ok(errors.mapv(|e| e * e).mean().unwrap_or(f64::NAN))
    });
    let yours = yours.collect::<Result<Vec<f64>>>()?;
    let ratio: Vec<f64> = widths.iter().map(|m| *m as f64 / n as f64).collect();
    Ok(Figure::new("The second descent, by your function").panel(
        Panel::new(
            "feature columns / training digits, m/n",
            "test error (label²)",
        )
        .log_x()
        .log_y()
        .line("the library's", &ratio, &library)
        .points("yours", &ratio, &yours),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::linalg::thin_svd;
    use crate::rng::stream;

    #[test]
    fn a_right_function_lies_on_the_curve() {
        let rng = &mut stream(1, "redraw", 0);
        let (train, test) = (
            gaussian(5, 20, rng).expect("valid"),
            gaussian(4, 20, rng).expect("valid"),
        );
        let (y, targets) = (
            gaussian(5, 1, rng).expect("valid"),
            gaussian(4, 1, rng).expect("valid"),
        );
        let solve = |x: &Array2<f64>, y: &Array1<f64>| {
            let svd = thin_svd(x).expect("finite");
            svd.vt.t().dot(&(svd.u.t().dot(y) / &svd.s))
        };
        let figure = second_descent((&train, &y), (&test, &targets), solve).expect("fits");
        let [
            crate::plot::Layer::Line(line),
            crate::plot::Layer::Points(points),
        ] = &figure.panels[0].layers[..]
        else {
            panic!("a line and points");
        };
        for (a, b) in line.y.iter().zip(&points.y) {
            assert!((a - b).abs() < 1e-8 * a.abs(), "{a} {b}");
        }
        let short = |_: &Array2<f64>, _: &Array1<f64>| Array1::zeros(2);
        let error = second_descent((&train, &y), (&test, &targets), short).expect_err("too short");
        assert!(error.to_string().contains("your weights"), "{error}");
        assert!(second_descent((&test, &targets), (&test, &targets), solve).is_ok());
    }
}
