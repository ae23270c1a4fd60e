//! Times the min-norm path on matrices that `compare_min_norm_path.py` wrote.
//!
//! Run by `./lab bench`. Reads `train.f64`, `test.f64`, `targets.f64` (row-major, little-endian)
//! and `problem.json` from the folder named first; writes `predictions_<set>.f64` and prints one
//! JSON line with the seconds of every repeat and this library's own dgemm rate.

mod problem;

use std::error::Error;
use std::fs;
use std::time::Instant;

use dltheory::engine;
use dltheory::fit::min_norm_path;
use ndarray::Array2;
use problem::Problem;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(problem) = Problem::named_first("min_norm_path")? else {
        return Ok(());
    };
    let [n, t, columns, repeats] = ["n", "t", "columns", "repeats"].map(|key| problem.count(key));
    let repeats = repeats.max(1);
    let train = problem.array("train", n, columns)?;
    let test = problem.array("test", t, columns)?;
    let targets = problem.array("targets", n, 1)?;

    let mut answer = serde_json::Map::new();
    answer.insert("engine".into(), json!(engine::about().to_string()));
    answer.insert("dgemm_gflops".into(), json!(dgemm_rate(repeats)));
    for (name, widths) in problem.value("widths").as_object().into_iter().flatten() {
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
        fs::write(
            problem.folder.join(format!("predictions_{name}.f64")),
            bytes,
        )?;
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
