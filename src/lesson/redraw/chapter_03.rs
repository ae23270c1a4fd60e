//! A path downhill.

use ndarray::{Array1, array};

use super::fits;
use crate::attack::{Plane, maximisers};
use crate::error::Result;
use crate::optimise::Cuboid;
use crate::plot::{Figure, Panel};

/// Steps of a tenth.
const STEPS: usize = 10;

/// f after each step in the plane from (1, 0), along the shortest vector between the gradients at y = 0 and y = 1, the two maximisers on the
/// axis: the line is by theory, 1 + (1 − k/10)². `shortest` takes two gradients `(2,)` and returns the shortest vector of their segment, `(2,)`.
///
/// # Errors
/// A vector of another length, or not finite.
pub fn descent_in_plane(
    shortest: impl Fn(&Array1<f64>, &Array1<f64>) -> Array1<f64>,
) -> Result<Figure> {
    let interval = Cuboid {
        low: vec![0.0],
        high: vec![1.0],
    };
    let mut x = [1.0, 0.0];
    let mut yours = vec![Plane::worst(x)];
    // At the minimum there is no way down: the last step but one.
    for _ in 1..STEPS {
        let found = maximisers(&Plane, &interval, &x, &array![[0.0], [1.0]], 1.0, 1)?;
        let way = shortest(
            &found.gradients.row(0).to_owned(),
            &found.gradients.row(1).to_owned(),
        );
        fits("your vector", &[2], way.shape())?;
        let length = way.dot(&way).sqrt();
        x = [0, 1].map(|i| x[i] - 0.1 * way[i] / length);
        yours.push(Plane::worst(x));
    }
    let steps: Vec<f64> = (0..STEPS).map(|k| k as f64).collect();
    let theory: Vec<f64> = steps
        .iter()
        .map(|k| 1.0 + (1.0 - k / 10.0).powi(2))
        .collect();
    Ok(Figure::new("Descent in the plane, with your vector").panel(
        Panel::new("step k", "f(x)")
            .line("1 + (1 − k/10)²", &steps, &theory)
            .points("yours", &steps, &yours),
    ))
}
