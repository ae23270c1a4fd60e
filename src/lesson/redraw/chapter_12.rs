//! Rank correlation.

use ndarray::Array1;

use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::measure::kendall_null_se;
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::Estimate;

/// Networks N that are ranked.
const SIZES: [usize; 5] = [5, 10, 20, 40, 80];
/// Pairs of random rankings of each.
const DRAWS: u64 = 200;

/// How large the τ of two random rankings is, by the number N of what is ranked: its standard deviation, beside
/// √(2(2N + 5)/(9N(N − 1))). `tau` takes a measure and a gap, each `(N,)`.
///
/// # Errors
/// A τ that is not finite.
pub fn tau_by_chance(tau: impl Fn(&Array1<f64>, &Array1<f64>) -> f64) -> Result<Figure> {
    let at = |n: usize| -> Result<(f64, f64, Estimate)> {
        let squares = (0..DRAWS).map(|draw| {
            let both = gaussian(n, 2, &mut stream(1, "redraw: rankings", draw))?;
            let found = tau(&both.column(0).to_owned(), &both.column(1).to_owned());
            Ok(found * found)
        });
        let square = Estimate::from_values(&squares.collect::<Result<Vec<f64>>>()?)?;
        let gaps: Vec<f64> = (0..n).map(|i| i as f64).collect();
        Ok((n as f64, kendall_null_se(&gaps)?, square.root()))
    };
    let points = SIZES.iter().map(|&n| at(n)).collect::<Result<Vec<_>>>()?;
    Ok(Figure::new("The τ of pure chance, by your function").panel(
        Panel::new("networks N", "standard deviation of τ")
            .log_x()
            .log_y()
            .line_of("formula", &points, |p| p.0, |p| p.1)
            .points_of("yours", &points, |p| p.0, |p| p.2.mean)
            .error_bars_of(&points, |p| p.2.bar(2.0)),
    ))
}
