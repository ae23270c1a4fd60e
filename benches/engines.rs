//! Times products and factorisations by every engine that is linked, on the same matrices.
//!
//! Run by `./lab bench engines`, under each of OpenBLAS's kernels and each number of threads. Prints
//! one JSON line: `{"engine": …, "threads": …, "chosen": {work: engine}, "seconds": {work: {engine: …}}}`.

use std::hint::black_box;
use std::time::Instant;

use dltheory::engine::{self, Cholesky, Engine, Triangle, Work};
use dltheory::rng::stream;
use ndarray::Array2;
use rand_distr::{Distribution, StandardNormal};
use serde_json::json;

fn gaussian(n: usize, m: usize, index: u64) -> Array2<f64> {
    let mut rng = stream(1, "benchmark", index);
    Array2::from_shape_simple_fn((n, m), || StandardNormal.sample(&mut rng))
}

/// The fastest of several runs: other programs only ever add to a time.
fn fastest(act: &dyn Fn()) -> f64 {
    let start = Instant::now();
    let mut best = f64::INFINITY;
    let mut runs = 0;
    while runs < 4 || (start.elapsed().as_secs_f64() < 0.4 && runs < 1000) {
        let start = Instant::now();
        act();
        best = best.min(start.elapsed().as_secs_f64());
        runs += 1;
    }
    best
}

fn main() {
    let threads = std::env::args().find_map(|argument| argument.parse().ok());
    engine::set_threads(threads.unwrap_or(1));
    let mut seconds = serde_json::Map::new();
    let mut chosen = serde_json::Map::new();
    let mut time = |work: Work, named: String, act: &dyn Fn(Engine)| {
        let each = Engine::ALL
            .iter()
            .map(|&engine| (format!("{engine:?}"), json!(fastest(&|| act(engine)))));
        chosen.insert(named.clone(), json!(format!("{:?}", Engine::best(work))));
        seconds.insert(named, each.collect::<serde_json::Map<_, _>>().into());
    };
    for (m, k, n) in [
        (16, 16, 16),
        (64, 64, 64),
        (128, 128, 128),
        (256, 256, 256),
        (600, 600, 600),
        (1200, 1200, 1200),
        (128, 784, 512),
        (784, 128, 512),
        (128, 512, 10),
        (600, 784, 3000),
    ] {
        let (a, b) = (gaussian(m, k, 1), gaussian(k, n, 2));
        time(
            Work::Product,
            format!("f64 product {m}×{k}×{n}"),
            &|engine| {
                black_box(engine.product(&a, &b));
            },
        );
        let (a, b) = (a.mapv(|v| v as f32), b.mapv(|v| v as f32));
        time(
            Work::Product,
            format!("f32 product {m}×{k}×{n}"),
            &|engine| {
                black_box(engine.product(&a, &b));
            },
        );
    }
    for n in [16, 64, 150, 300, 600, 1200] {
        let a = gaussian(n, n, 3);
        let k = a.dot(&a.t()) + Array2::<f64>::eye(n);
        let r = Engine::Faer.qr(&a).expect("a Gaussian matrix").r;
        let b = a.column(0).to_owned();
        time(Work::Cholesky, format!("Cholesky {n}"), &|engine| {
            drop(black_box(Cholesky::with(engine, k.clone())))
        });
        time(Work::Qr, format!("Qr {n}"), &|engine| {
            drop(black_box(engine.qr(&a)))
        });
        time(Work::Svd, format!("Svd {n}"), &|engine| {
            drop(black_box(engine.svd(&a)))
        });
        time(
            Work::SymmetricEigen,
            format!("SymmetricEigen {n}"),
            &|engine| drop(black_box(engine.symmetric_eigen(&k))),
        );
        time(Work::Eigenvalues, format!("Eigenvalues {n}"), &|engine| {
            drop(black_box(engine.eigenvalues(&a)))
        });
        time(Work::Triangular, format!("Triangular {n}"), &|engine| {
            drop(black_box(engine.solve_triangular(Triangle::Upper, &r, &a)));
        });
        time(Work::Lu, format!("Lu {n}"), &|engine| {
            drop(black_box(engine.solve(&a, &b)))
        });
    }
    println!(
        "{}",
        json!({"engine": engine::about().to_string(), "threads": engine::threads(), "chosen": chosen, "seconds": seconds})
    );
}
