//! Times gradient steps of a convolutional network on digits that `compare_conv.py` wrote.
//!
//! Run by `./lab bench`. Reads `x.f64`, `(n, d)`, `y.f64`, `(n, k)`, the weights `layer_<l>.f64` and `problem.json` from the folder
//! named first. Prints one JSON line with the seconds of every step: the mean loss of all n digits and its gradient by all
//! parameters. Beside them the loss and the length of the gradient.

mod problem;

use std::error::Error;
use std::time::Instant;

use dltheory::engine;
use dltheory::model::conv::Grid;
use dltheory::model::mlp::Layer;
use dltheory::model::{Activation, ConvNetOf, Differentiable, Loss, Padding};
use dltheory::real::Real;
use ndarray::{Array1, Array2};
use problem::Problem;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(problem) = Problem::named_first("conv_step")? else {
        return Ok(());
    };
    let channels: Vec<usize> = serde_json::from_value(problem.value("channels"))?;
    let [n, side, outputs, steps] = ["n", "side", "outputs", "steps"].map(|key| problem.count(key));
    let x = problem.array("x", n, side * side)?;
    let y = problem.array("y", n, outputs)?;
    // One colour, then the channels of every convolution, then the linear layer.
    let mut weights = Vec::new();
    for (l, &out) in channels.iter().enumerate() {
        let inputs = if l == 0 { 1 } else { channels[l - 1] };
        weights.push(problem.array(&format!("layer_{l}"), out, 9 * inputs)?);
    }
    let l = channels.len();
    let inputs = side * side * channels[l - 1];
    weights.push(problem.array(&format!("layer_{l}"), outputs, inputs)?);
    let runs = [
        run::<f32>(&weights, &x, &y, side, steps)?,
        run::<f64>(&weights, &x, &y, side, steps)?,
    ];
    println!(
        "{}",
        json!({"engine": engine::about().to_string(), "threads": engine::threads(), "runs": runs})
    );
    Ok(())
}

fn run<T: Real>(
    weights: &[Array2<f64>],
    x: &Array2<f64>,
    y: &Array2<f64>,
    side: usize,
    steps: usize,
) -> Result<Value, Box<dyn Error>> {
    let layer = |w: &Array2<f64>| Layer {
        weights: w.mapv(T::of),
        bias: Some(Array1::zeros(w.nrows())),
        multiplier: T::one(),
    };
    let mut convolutions: Vec<Layer<T>> = weights.iter().map(layer).collect();
    let last = convolutions.pop().ok_or("no layer")?;
    let net = ConvNetOf {
        grid: Grid {
            height: side,
            width: side,
            padding: Padding::Circular,
        },
        convolutions,
        last,
        activation: Activation::Relu,
        residual: false,
    };
    let (x, y) = (x.mapv(T::of), y.mapv(T::of));
    let (mut seconds, mut found) = (Vec::new(), (0.0, 0.0));
    for _ in 0..=steps {
        let started = Instant::now();
        let (loss, gradient) = net.checked()?.loss_gradient(&x, &y, Loss::CrossEntropy)?;
        seconds.push(started.elapsed().as_secs_f64());
        let squares = gradient.parameters.iter().map(|g| g.as_f64().powi(2));
        found = (loss, squares.sum::<f64>().sqrt());
    }
    Ok(json!({
        "type": T::NAME,
        // The first warms up.
        "seconds": seconds[1..],
        "loss": found.0,
        "length": found.1,
    }))
}
