//! Times the min-norm path on matrices that `compare_min_norm_path.py` wrote.
//!
//! Run by `./lab bench`. Reads `train.f64`, `test.f64`, `targets.f64` (row-major, little-endian)
//! and `problem.json` from the folder named first; writes `predictions_<set>.f64` and prints one
//! JSON line with the seconds of every repeat and this library's own dgemm rate.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use dltheory::engine;
use dltheory::fit::min_norm_path;
use ndarray::Array2;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` adds `--bench`; without a folder there is nothing to compare with.
    let Some(folder) = std::env::args().skip(1).find(|arg| !arg.starts_with("--")) else {
        eprintln!("min_norm_path: run it through `./lab bench`, which makes the matrices");
        return Ok(());
    };
    let folder = PathBuf::from(folder);
    let problem: Value = serde_json::from_str(&fs::read_to_string(folder.join("problem.json"))?)?;
    let number = |key: &str| problem[key].as_u64().unwrap_or(0) as usize;
    let (n, t, columns, repeats) = (
        number("n"),
        number("t"),
        number("columns"),
        number("repeats").max(1),
    );
    engine::set_threads(number("threads"));
    let train = read(&folder.join("train.f64"), n, columns)?;
    let test = read(&folder.join("test.f64"), t, columns)?;
    let targets = read(&folder.join("targets.f64"), n, 1)?;

    let mut answer = serde_json::Map::new();
    answer.insert("engine".into(), json!(engine::about().to_string()));
    answer.insert("dgemm_gflops".into(), json!(dgemm_rate(repeats)));
    for (name, widths) in problem["widths"].as_object().into_iter().flatten() {
        let widths: Vec<usize> = serde_json::from_value(widths.clone())?;
        let mut seconds = Vec::new();
        let mut path = None;
        for _ in 0..repeats {
            let start = Instant::now();
            path = Some(min_norm_path(&train, &test, &targets, &widths)?);
            seconds.push(start.elapsed().as_secs_f64());
        }
        let Some(path) = path else { continue };
        let bytes: Vec<u8> = path
            .test_predictions
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        fs::write(folder.join(format!("predictions_{name}.f64")), bytes)?;
        let routes: Vec<String> = path
            .route
            .iter()
            .map(|route| format!("{route:?}"))
            .collect();
        let condition = path
            .condition
            .iter()
            .fold(0.0, |worst: f64, c| worst.max(*c));
        answer.insert(
            name.clone(),
            json!({"seconds": seconds, "routes": routes, "condition": condition}),
        );
    }
    println!("{}", Value::Object(answer));
    Ok(())
}

fn read(path: &Path, rows: usize, columns: usize) -> Result<Array2<f64>, Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let values = bytes
        .chunks_exact(8)
        .map(|chunk| chunk.try_into().map(f64::from_le_bytes))
        .collect::<Result<Vec<f64>, _>>()?;
    Ok(Array2::from_shape_vec((rows, columns), values)?)
}

/// The best of a few products of two 2,048² matrices, in GFlop/s.
fn dgemm_rate(repeats: usize) -> f64 {
    let side = 2048;
    let a = Array2::from_shape_fn((side, side), |(i, j)| {
        ((i * 7 + j * 13) % 101) as f64 / 101.0
    });
    let mut best = f64::INFINITY;
    for _ in 0..repeats.max(3) {
        let start = Instant::now();
        let product = a.dot(&a);
        assert!(product[[0, 0]].is_finite());
        best = best.min(start.elapsed().as_secs_f64());
    }
    2.0 * (side as f64).powi(3) / best / 1e9
}
