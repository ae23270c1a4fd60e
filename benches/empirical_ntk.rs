//! Times the empirical tangent kernel of a network on digits that `compare_empirical_ntk.py` wrote.
//!
//! Run by `./lab bench`. Reads `x.f64`, `(n, d)`, and for each network of `problem.json` its weights
//! `net_<i>_layer_<l>.f64`, `(out, in)`, from the folder named first. Writes each kernel, `(n, n)`, as
//! `kernel_<i>_<type>.f64` and prints one JSON line with the seconds of every repetition.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use dltheory::engine;
use dltheory::model::mlp::{Layer, MlpOf};
use dltheory::model::{Activation, KernelForm};
use dltheory::real::Real;
use ndarray::Array2;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` adds `--bench`; without a folder there is nothing to compare with.
    let Some(folder) = std::env::args().skip(1).find(|arg| !arg.starts_with("--")) else {
        eprintln!("empirical_ntk: run it through `./lab bench`, which writes the digits");
        return Ok(());
    };
    let folder = PathBuf::from(folder);
    let problem: Value = serde_json::from_str(&fs::read_to_string(folder.join("problem.json"))?)?;
    let networks: Vec<Vec<usize>> = serde_json::from_value(problem["networks"].clone())?;
    let count = |key: &str| problem[key].as_u64().unwrap_or(0) as usize;
    engine::set_threads(count("threads"));
    let mut runs = Vec::new();
    for (index, sizes) in networks.iter().enumerate() {
        let x = read(&folder.join("x.f64"), count("n"), sizes[0])?;
        let weights: Vec<Array2<f64>> = sizes
            .windows(2)
            .enumerate()
            .map(|(l, pair)| {
                let name = format!("net_{index}_layer_{l}.f64");
                read(&folder.join(name), pair[1], pair[0])
            })
            .collect::<Result<_, _>>()?;
        let place = (folder.as_path(), index, count("repeats"));
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

fn read(path: &Path, rows: usize, columns: usize) -> Result<Array2<f64>, Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let values = bytes
        .chunks_exact(8)
        .map(|chunk| chunk.try_into().map(f64::from_le_bytes))
        .collect::<Result<Vec<f64>, _>>()?;
    Ok(Array2::from_shape_vec((rows, columns), values)?)
}
