//! Times Adam on a diagonal quadratic, beside `compare_optimise.py`.
//!
//! Run by `./lab bench`. `cargo bench --bench optimise -- DIMENSION STEPS EARLY ROUNDS` prints one JSON line: in f32 and f64 the seconds of
//! every round of so many steps on f = ½Σλ_i(x_i − b_i)², λ evenly spaced in ln λ from 1 to 10⁻⁴, b_i = √i/10, i = 1, …, from x = 1 at the rate 0.001;
//! and ‖x − b‖ after the first EARLY of them.

use std::hint::black_box;
use std::time::Instant;

use dltheory::engine;
use dltheory::optimise::{Adam, Optimiser, State};
use dltheory::real::Real;
use serde_json::{Value, json};

fn main() {
    let numbers: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let [p, steps, early, rounds] = numbers[..] else {
        eprintln!("optimise: run it through `./lab bench`, which names the sizes");
        return;
    };
    let runs = [
        run::<f32>(p, steps, early, rounds),
        run::<f64>(p, steps, early, rounds),
    ];
    println!(
        "{}",
        json!({"engine": engine::about().to_string(), "runs": runs})
    );
}

fn run<T: Real>(p: usize, steps: usize, early: usize, rounds: usize) -> Value {
    let last = p.max(2) as f64 - 1.0;
    let lambda: Vec<T> = (0..p)
        .map(|i| T::of(10.0_f64.powf(-4.0 * i as f64 / last)))
        .collect();
    let b: Vec<T> = (1..=p).map(|i| T::of((i as f64).sqrt() / 10.0)).collect();
    let descend = |steps: usize| {
        let mut x = vec![T::one(); p];
        let mut gradient = vec![T::zero(); p];
        let mut state = State::new(Optimiser::Adam(Adam::default()), &x);
        for _ in 0..steps {
            engine::widest(|| {
                for (((g, l), x), b) in gradient.iter_mut().zip(&lambda).zip(&x).zip(&b) {
                    *g = *l * (*x - *b);
                }
            });
            state.step(&mut x, &gradient, 0.001);
        }
        x
    };
    let round = |_| {
        let started = Instant::now();
        black_box(descend(steps));
        started.elapsed().as_secs_f64()
    };
    let seconds: Vec<f64> = (0..rounds).map(round).collect();
    let squares = descend(early)
        .into_iter()
        .zip(&b)
        .map(|(x, b)| (x - *b).as_f64().powi(2));
    json!({"type": T::NAME, "seconds": seconds, "length": squares.sum::<f64>().sqrt()})
}
