//! Times the empirical tangent kernel of a network on digits that `compare_empirical_ntk.py` wrote.
//!
//! Run by `./lab bench`. Reads `x.f64`, `(n, d)`, and for each network of `problem.json` its weights
//! `net_<i>_layer_<l>.f64`, `(out, in)`, from the folder named first. Writes each kernel, `(n, n)`, as
//! `kernel_<i>_<type>.f64` and prints one JSON line with the seconds of every repetition.

mod problem;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use dltheory::engine;
use dltheory::model::mlp::{Layer, MlpOf};
use dltheory::model::{Activation, KernelForm};
use dltheory::real::Real;
use ndarray::Array2;
use problem::Problem;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(problem) = Problem::named_first("empirical_ntk")? else {
        return Ok(());
    };
    let networks: Vec<Vec<usize>> = serde_json::from_value(problem.value("networks"))?;
    let mut runs = Vec::new();
    for (index, sizes) in networks.iter().enumerate() {
        let x = problem.array("x", problem.count("n"), sizes[0])?;
        let weights: Vec<Array2<f64>> = sizes
            .windows(2)
            .enumerate()
            .map(|(l, pair)| problem.array(&format!("net_{index}_layer_{l}"), pair[1], pair[0]))
            .collect::<Result<_, _>>()?;
        let place = (problem.folder.as_path(), index, problem.count("repeats"));
        runs.push(run::<f32>(&weights, &x, place)?);
        runs.push(run::<f64>(&weights, &x, place)?);
    }
    println!(
        "{}",
        json!({"engine": engine::about().to_string(), "threads": engine::threads(), "runs": runs})
    );
    Ok(())
}

fn run<T: Real>(
    weights: &[Array2<f64>],
    x: &Array2<f64>,
    (folder, index, repeats): (&Path, usize, usize),
) -> Result<Value, Box<dyn Error>> {
    let layers = weights.iter().map(|w| Layer {
        weights: w.mapv(T::of),
        bias: None,
        multiplier: T::one(),
    });
    let net = MlpOf {
        layers: layers.collect(),
        activation: Activation::Relu,
    };
    let x = x.mapv(T::of);
    let mut seconds = Vec::new();
    let mut kernel = Array2::zeros((0, 0));
    for _ in 0..repeats {
        let started = Instant::now();
        kernel = net.tangent_gram(&x, KernelForm::Trace)?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let bytes = kernel.iter().flat_map(|v| v.as_f64().to_le_bytes());
    let name = format!("kernel_{index}_{}.f64", T::NAME);
    fs::write(folder.join(name), bytes.collect::<Vec<u8>>())?;
    Ok(json!({"network": index, "type": T::NAME, "seconds": seconds}))
}
