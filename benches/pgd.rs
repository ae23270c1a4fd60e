//! Times projected ascent on digits that `compare_pgd.py` or `compare_attack_suite.py` wrote.
//!
//! Run by `./lab bench`. Reads `x.f64`, `(n, d)`, `y.f64`, `(n, k)`, the weights `layer_<l>.f64` of a ReLU network, and `problem.json` from
//! the folder named first. Prints one JSON line with the seconds of every attack: `steps` sign steps within ε of ℓ∞ and within [0, 1], from
//! `restarts` starts. Beside them the mean loss after the last step of the first start and the share of digits that stand.

mod problem;

use std::error::Error;
use std::time::Instant;

use dltheory::attack::{NormBall, PgdSettings, pgd, robust_accuracy};
use dltheory::engine;
use dltheory::model::mlp::Layer;
use dltheory::model::{Activation, Differentiable, MlpOf};
use dltheory::optimise::Norm;
use dltheory::real::Real;
use dltheory::rng::stream;
use ndarray::{Array1, Array2};
use problem::Problem;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let Some(problem) = Problem::named_first("pgd")? else {
        return Ok(());
    };
    let sizes: Vec<usize> = serde_json::from_value(problem.value("sizes"))?;
    let types: Vec<String> = serde_json::from_value(problem.value("types"))?;
    let n = problem.count("n");
    let x = problem.array("x", n, sizes[0])?;
    let y = problem.array("y", n, sizes[sizes.len() - 1])?;
    let weights = sizes.windows(2).enumerate();
    let weights = weights.map(|(l, pair)| problem.array(&format!("layer_{l}"), pair[1], pair[0]));
    let weights = weights.collect::<Result<Vec<_>, _>>()?;
    let runs = types.iter().map(|name| match name.as_str() {
        "f32" => run::<f32>(&problem, &weights, &x, &y),
        _ => run::<f64>(&problem, &weights, &x, &y),
    });
    let runs = runs.collect::<Result<Vec<Value>, _>>()?;
    println!(
        "{}",
        json!({"engine": engine::about().to_string(), "threads": engine::threads(), "runs": runs})
    );
    Ok(())
}

fn run<T: Real>(
    problem: &Problem,
    weights: &[Array2<f64>],
    x: &Array2<f64>,
    y: &Array2<f64>,
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
    let number = |key: &str| problem.value(key).as_f64().ok_or("a number is missing");
    let ball = NormBall::new(Norm::LInf, number("epsilon")?);
    let settings = PgdSettings {
        steps: problem.count("steps"),
        step: number("step")?,
        restarts: problem.count("restarts"),
        random_start: problem.value("random_start").as_bool().unwrap_or(false),
        until_fooled: problem.value("until_fooled").as_bool().unwrap_or(false),
        ..PgdSettings::default()
    };
    let (x, y) = (x.mapv(T::of), y.mapv(T::of));
    let (mut seconds, mut last) = (Vec::new(), None);
    for _ in 0..=problem.count("repeats") {
        let started = Instant::now();
        let rng = &mut stream(1, "pgd", 0);
        let found = pgd(&net.checked()?, &x, &y, &ball, &settings, rng)?;
        seconds.push(started.elapsed().as_secs_f64());
        last = Some(found);
    }
    let found = last.ok_or("no run")?;
    let losses = found.by_step.row(settings.steps);
    Ok(json!({
        "type": T::NAME,
        // The first warms up.
        "seconds": seconds[1..],
        "loss": losses.sum() / losses.len() as f64,
        "accuracy": robust_accuracy(&[&found])?,
    }))
}
