//! Rademacher complexity.

use ndarray::Array2;

use crate::data::synthetic::random_signs;
use crate::error::Result;
use crate::plot::{Figure, Panel};
use crate::rng::{Rng, stream};

/// Functions in the class, and the points they are evaluated at.
const SIZES: [usize; 6] = [2, 8, 32, 128, 512, 2048];
const POINTS: usize = 40;

/// The complexity of classes of random ±1 functions on 40 points, by their number m, below Massart's bound √(2 ln m/n).
/// `complexity` takes the values `(m, n)`, the number of draws and a generator, and returns a mean and its standard error.
///
/// # Errors
/// None with the sizes chosen here.
pub fn complexity_by_size(
    complexity: impl Fn(&Array2<f64>, usize, &mut Rng) -> (f64, f64),
) -> Result<Figure> {
    let at = |m: usize| -> Result<(f64, f64, f64)> {
        let rng = &mut stream(1, "redraw: class", m as u64);
        let values = random_signs(m * POINTS, rng)?.into_raw_vec_and_offset().0;
        let values =
            Array2::from_shape_vec((m, POINTS), values).expect("as many as the shape holds");
        let (mean, se) = complexity(&values, 500, rng);
        Ok((m as f64, mean, se))
    };
    let points = SIZES.iter().map(|&m| at(m)).collect::<Result<Vec<_>>>()?;
    let bound = |m: f64| (2.0 * m.ln() / POINTS as f64).sqrt();
    Ok(Figure::new("More functions follow more signs").panel(
        Panel::new("functions m", "complexity ℛ")
            .log_x()
            .line_of("Massart's bound", &points, |p| p.0, |p| bound(p.0))
            .points_of("yours", &points, |p| p.0, |p| p.1)
            .error_bars_of(&points, |p| (p.1 - 2.0 * p.2, p.1 + 2.0 * p.2)),
    ))
}
