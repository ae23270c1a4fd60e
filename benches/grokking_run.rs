//! Times full-batch AdamW on sums modulo p from weights that `compare_grokking.py` wrote.
//!
//! Run by `./lab bench`. Reads the weights U, W and V under each other, `weights.f64`, `(3p, m)`, the seen sums as pairs a, b,
//! `pairs.f64`, `(n, 2)`, and `problem.json` from the folder named first. Prints one JSON line: for f32 and f64 the seconds of
//! all steps, and the losses before the first and before the last.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use dltheory::data::ModularSum;
use dltheory::engine;
use dltheory::model::{Activation, PairGradient, PairNetwork};
use dltheory::optimise::{Adam, Optimiser, State};
use dltheory::real::Real;
use ndarray::Array2;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` adds `--bench`; without a folder there is nothing to compare with.
    let Some(folder) = std::env::args().skip(1).find(|arg| !arg.starts_with("--")) else {
        eprintln!("grokking_run: run it through `./lab bench`, which writes the weights");
        return Ok(());
    };
    let folder = PathBuf::from(folder);
    let problem: Value = serde_json::from_str(&fs::read_to_string(folder.join("problem.json"))?)?;
    let count = |key: &str| problem[key].as_u64().unwrap_or(0) as usize;
    let (p, m, n) = (count("modulus"), count("width"), count("n"));
    engine::set_threads(count("threads"));
    let weights = read(&folder.join("weights.f64"), 3 * p, m)?;
    let pairs = read(&folder.join("pairs.f64"), n, 2)?;
    let sums = pairs.rows().into_iter().map(|pair| {
        let (a, b) = (pair[0] as usize, pair[1] as usize);
        let c = (a + b) % p;
        ModularSum { a, b, c }
    });
    let sums: Vec<ModularSum> = sums.collect();
    let rates = (
        problem["rate"].as_f64().ok_or("no rate")?,
        problem["decay"].as_f64().ok_or("no decay")?,
    );
    let runs = [
        run::<f32>(&weights, &sums, rates, count("steps"))?,
        run::<f64>(&weights, &sums, rates, count("steps"))?,
    ];
    println!(
        "{}",
        json!({"engine": engine::about().to_string(), "threads": engine::threads(), "runs": runs})
    );
    Ok(())
}

fn run<T: Real>(
    weights: &Array2<f64>,
    sums: &[ModularSum],
    (rate, decay): (f64, f64),
    steps: usize,
) -> Result<Value, Box<dyn Error>> {
    let mut net = PairNetwork {
        weights: weights.mapv(T::of),
        activation: Activation::Quadratic,
    };
    let mut buffers = PairGradient::new(&net, sums)?;
    let mut gradient = Array2::zeros(net.weights.raw_dim());
    let rule = Optimiser::Adam(Adam {
        beta2: 0.98,
        weight_decay: decay,
        ..Adam::default()
    });
    let standard = "made in row-major order";
    let mut state = State::new(rule, net.weights.as_slice().ok_or(standard)?);
    // Warms up, and moves nothing.
    let first = buffers.of(&net, &mut gradient);
    let mut last = first;
    let started = Instant::now();
    for _ in 0..steps {
        last = buffers.of(&net, &mut gradient);
        let gradient = gradient.as_slice().ok_or(standard)?;
        state.step(net.weights.as_slice_mut().ok_or(standard)?, gradient, rate);
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(json!({"type": T::NAME, "seconds": seconds, "first": first, "last": last}))
}

fn read(path: &Path, rows: usize, columns: usize) -> Result<Array2<f64>, Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let values = bytes
        .chunks_exact(8)
        .map(|chunk| chunk.try_into().map(f64::from_le_bytes))
        .collect::<Result<Vec<f64>, _>>()?;
    Ok(Array2::from_shape_vec((rows, columns), values)?)
}
