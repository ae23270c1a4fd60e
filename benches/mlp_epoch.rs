//! Times epochs of a network on digits that `compare_mlp_epoch.py` wrote.
//!
//! Run by `./lab bench`. Reads `x.f64`, `(n, d)`, `y.f64`, `(n, k)`, the initial weights
//! `layer_<l>.f64`, `(out, in)`, and `problem.json` from the folder named first. Writes the order
//! of examples of every epoch, `order.u64`, and prints one JSON line with the seconds of every
//! epoch and the training loss after the last, for each type and batch.

mod problem;

use std::error::Error;
use std::fs;

use dltheory::data::Dataset;
use dltheory::engine;
use dltheory::fit::train::{TrainSettings, train};
use dltheory::model::mlp::{Layer, MlpOf};
use dltheory::model::{Activation, Loss};
use dltheory::optimise::Optimiser;
use dltheory::real::Real;
use dltheory::rng::stream;
use ndarray::{Array1, Array2};
use problem::Problem;
use rand::seq::SliceRandom;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(problem) = Problem::named_first("mlp_epoch")? else {
        return Ok(());
    };
    let sizes: Vec<usize> = serde_json::from_value(problem.value("sizes"))?;
    let batches: Vec<usize> = serde_json::from_value(problem.value("batches"))?;
    let (n, epochs) = (problem.count("n"), problem.count("epochs"));
    let real = |key: &str| problem.value(key).as_f64().unwrap_or(0.0);
    let data = Dataset::new(
        problem.array("x", n, sizes[0])?,
        problem.array("y", n, sizes[sizes.len() - 1])?,
    )?;
    let weights: Vec<Array2<f64>> = sizes
        .windows(2)
        .enumerate()
        .map(|(l, pair)| problem.array(&format!("layer_{l}"), pair[1], pair[0]))
        .collect::<Result<_, _>>()?;

    let mut runs = Vec::new();
    for batch in batches {
        let settings = TrainSettings {
            loss: Loss::CrossEntropy,
            optimiser: Optimiser::momentum(real("momentum")),
            learning_rate: real("learning_rate"),
            epochs,
            batch,
            ..TrainSettings::default()
        };
        runs.push(run::<f32>(&weights, &data, &settings)?);
        runs.push(run::<f64>(&weights, &data, &settings)?);
    }
    // The order `train` goes through, drawn once more from the same stream.
    let mut rng = stream(1, "order", 0);
    let mut order: Vec<u64> = (0..n as u64).collect();
    let mut bytes = Vec::new();
    for _ in 0..epochs {
        order.shuffle(&mut rng);
        bytes.extend(order.iter().flat_map(|index| index.to_le_bytes()));
    }
    fs::write(problem.folder.join("order.u64"), bytes)?;
    println!(
        "{}",
        json!({"engine": engine::about().to_string(), "threads": engine::threads(), "runs": runs})
    );
    Ok(())
}

fn run<T: Real>(
    weights: &[Array2<f64>],
    data: &Dataset,
    settings: &TrainSettings,
) -> Result<Value, Box<dyn Error>> {
    let layers = weights.iter().map(|w| Layer {
        weights: w.mapv(T::of),
        bias: Some(Array1::zeros(w.nrows())),
        multiplier: T::one(),
    });
    let net = MlpOf {
        layers: layers.collect(),
        activation: Activation::Relu,
    };
    let trained = train(&net, data, None, settings, &mut stream(1, "order", 0))?;
    let reports = &trained.history.reports;
    let seconds: Vec<f64> = reports
        .windows(2)
        .map(|pair| pair[1].seconds - pair[0].seconds)
        .collect();
    Ok(json!({
        "type": T::NAME,
        "batch": settings.batch,
        "seconds": seconds,
        "losses": trained.history.train_loss(),
    }))
}
