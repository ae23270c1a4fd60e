//! Langevin dynamics by the reader's step.

use ndarray::Array1;

use super::fits;
use crate::error::{Result, check_finite};
use crate::measure::langevin_variance;
use crate::plot::{Figure, Panel};
use crate::rng::{Rng, stream};
use crate::stats::Estimate;

/// Steps α, and how many of each are taken.
const STEPS: [f64; 5] = [0.1, 0.4, 0.8, 1.2, 1.6];
const COUNT: usize = 60;
/// Chains, one a coordinate, and their temperature.
const CHAINS: usize = 1000;
const TEMPERATURE: f64 = 0.25;

/// The mean square of x over τ by the step α, of chains on ½x² that `step` moves: x `(p,)`, its gradient `(p,)`, α, τ and a
/// generator ↦ x `(p,)`. A coordinate is a chain. Exactly it is (1 − (1 − α)^(2K))/(1 − α/2) after K steps.
///
/// # Errors
/// Places of another length, or not finite.
pub fn variance_by_step(
    step: impl Fn(&Array1<f64>, &Array1<f64>, f64, f64, &mut Rng) -> Array1<f64>,
) -> Result<Figure> {
    let at = |(index, alpha): (u64, f64)| -> Result<(f64, f64, Estimate)> {
        let rng = &mut stream(1, "redraw: chains", index);
        let mut x = Array1::zeros(CHAINS);
        for _ in 0..COUNT {
            // On ½x² the gradient is x.
            x = step(&x, &x, alpha, TEMPERATURE, rng);
            fits("your places", &[CHAINS], x.shape())?;
        }
        check_finite("your places", x.iter())?;
        let squares = x.mapv(|x| x * x / TEMPERATURE).to_vec();
        let exact = langevin_variance(alpha, TEMPERATURE, COUNT)? / TEMPERATURE;
        Ok((alpha, exact, Estimate::from_values(&squares)?))
    };
    let points = (0..).zip(STEPS).map(at).collect::<Result<Vec<_>>>()?;
    Ok(Figure::new("A thousand chains that your step moves").panel(
        Panel::new("step α", "mean square of x / τ")
            .title("the parabola ½x²")
            .log_y()
            .line_of("exact", &points, |p| p.0, |p| p.1)
            .points_of("yours", &points, |p| p.0, |p| p.2.mean)
            .error_bars_of(&points, |p| p.2.bar(2.0)),
    ))
}
