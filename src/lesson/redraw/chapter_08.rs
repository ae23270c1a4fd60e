//! Signals through the layers.

use ndarray::{Array1, Array2};

use super::fits;
use crate::error::Result;
use crate::plot::{Figure, Panel};
use crate::rng::{Rng, stream};
use crate::stats::{Estimate, larger};

/// Units a layer, layers, and networks drawn.
const WIDTH: usize = 128;
const LAYERS: usize = 20;
const NETWORKS: u64 = 40;

/// The mean square of what goes into each of 20 ReLU layers of 128 units, over networks whose weights `weights` draws:
/// `(outputs, inputs)` from the two numbers and a generator. He's weights keep it at that of the first layer.
///
/// # Errors
/// Weights of another shape, or a signal that is not finite.
pub fn signal_by_layer(weights: impl Fn(usize, usize, &mut Rng) -> Array2<f64>) -> Result<Figure> {
    let mut squares = vec![Vec::new(); LAYERS];
    for index in 0..NETWORKS {
        let rng = &mut stream(1, "redraw: network", index);
        // Of mean square 1 itself, so that a layer of variance 2/m gives 2.
        let mut h = Array1::<f64>::ones(WIDTH);
        for layer in &mut squares {
            let w = weights(WIDTH, WIDTH, rng);
            fits("your weights", &[WIDTH, WIDTH], w.shape())?;
            let z = w.dot(&h);
            layer.push(z.dot(&z) / WIDTH as f64);
            h = z.mapv(|v| larger(v, 0.0));
        }
    }
    let layers = (1..).zip(&squares);
    let points =
        layers.map(|(layer, squares)| Ok((f64::from(layer), Estimate::from_values(squares)?)));
    let points = points.collect::<Result<Vec<(f64, Estimate)>>>()?;
    Ok(
        Figure::new("A signal on its way through your weights").panel(
            Panel::new("layer", "mean square before the ReLU")
                .log_y()
                .line_of("He: kept", &points, |p| p.0, |_| 2.0)
                .points_of("yours", &points, |p| p.0, |p| p.1.mean)
                .error_bars_of(&points, |p| p.1.bar(2.0)),
        ),
    )
}
