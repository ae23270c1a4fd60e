//! Times the assignment of two clouds of points, beside `compare_wasserstein.py`.
//!
//! Run by `./lab bench wasserstein`. `cargo bench --bench wasserstein -- FILE N ROUNDS LARGE DIM` reads ROUNDS pairs of clouds of N points in DIM
//! dimensions, as f64 in native order, one after another, from FILE, and prints one JSON line: the seconds that each pair's assignment by
//! Euclidean distances takes, its costs given; its mean cost; and for two clouds of LARGE points of our own the seconds, the mean cost, how far the
//! dual is from it, and the least reduced cost, which prove it.

use std::hint::black_box;
use std::time::Instant;

use dltheory::data::synthetic::uniform_cube;
use dltheory::engine;
use dltheory::rng::stream;
use dltheory::transport::{assign, distances};
use ndarray::Array2;
use serde_json::json;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let numbers: Vec<usize> = arguments.iter().skip(1).filter_map(|a| a.parse().ok()).collect();
    let [n, rounds, large, dim] = numbers[..] else {
        eprintln!("wasserstein: run it through `./lab bench wasserstein`, which names the sizes");
        return;
    };
    let bytes = std::fs::read(&arguments[0]).expect("the clouds were written");
    let numbers: Vec<f64> = bytes
        .chunks_exact(8)
        .map(|eight| f64::from_ne_bytes(eight.try_into().expect("eight bytes")))
        .collect();
    let cloud = |index: usize| {
        let size = n * dim;
        let own = numbers[index * size..(index + 1) * size].to_vec();
        Array2::from_shape_vec((n, dim), own).expect("as many as were cut")
    };
    let (mut seconds, mut means) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let cost = distances(&cloud(2 * round), &cloud(2 * round + 1)).expect("clouds");
        let started = Instant::now();
        let best = black_box(assign(&cost).expect("square costs"));
        seconds.push(started.elapsed().as_secs_f64());
        means.push(best.mean_cost());
    }
    let rng = &mut stream(1, "bench", 0);
    let [x, y] = [0, 1].map(|_| uniform_cube(large, dim, rng).expect("a cloud"));
    let cost = distances(&x, &y).expect("clouds");
    let started = Instant::now();
    let best = assign(&cost).expect("square costs");
    let large_seconds = started.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({
            "engine": engine::about().to_string(),
            "seconds": seconds,
            "means": means,
            "large_seconds": large_seconds,
            "large_mean": best.mean_cost(),
            "large_gap": best.dual() - best.mean_cost(),
            "large_reduced": best.least_reduced_cost(&cost).expect("the same costs"),
        })
    );
}
