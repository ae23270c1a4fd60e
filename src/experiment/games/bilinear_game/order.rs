//! How near the methods are to the proximal point method as the step shrinks.

use super::settings::Point;
use super::steps::{factor, measured, one_step, path};
use crate::error::Result;
use crate::game::linear::{Complex, ppm};
use crate::stats::larger;

/// The steps at which the distances are taken.
pub(super) const STEPS: [f64; 5] = [0.02, 0.04, 0.08, 0.16, 0.32];

/// Distances and moduli beside those of the proximal point method.
pub(super) struct Order {
    /// One step of EG and of OGDA from a history of the proximal point method.
    pub(super) distances: Vec<Point>,
    /// The factors of whole paths.
    pub(super) moduli: Vec<Point>,
    /// The largest distance of OGDA's step from EG's.
    pub(super) apart: f64,
}

pub(super) fn order() -> Result<Order> {
    let mut order = Order {
        distances: Vec::new(),
        moduli: Vec::new(),
        apart: 0.0,
    };
    for alpha in STEPS {
        let f = ppm(Complex::new(0.0, -alpha));
        let (before, z) = (Complex::ONE, f);
        let implicit = one_step("ppm", alpha, before, z)?;
        let mut moved = Vec::new();
        for method in ["eg", "ogda"] {
            let end = one_step(method, alpha, before, z)?;
            moved.push(end);
            order.distances.push(Point {
                quantity: "distance",
                method,
                alpha,
                predicted: alpha.powi(3) * f.abs(),
                measured: (end - implicit).abs() / z.abs(),
            });
            let of_path =
                |method| Ok::<f64, crate::Error>(measured(method, &path(method, alpha, 8)?));
            order.moduli.push(Point {
                quantity: "modulus",
                method,
                alpha,
                predicted: (factor(method, alpha) - factor("ppm", alpha)).abs(),
                measured: (of_path(method)? - of_path("ppm")?).abs(),
            });
        }
        order.apart = larger(order.apart, (moved[0] - moved[1]).abs());
    }
    Ok(order)
}
