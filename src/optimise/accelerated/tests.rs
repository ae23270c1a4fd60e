use ndarray::array;

use super::*;
use crate::optimise::problem::{Known, Logistic, Quadratic, WorstCase};
use crate::optimise::{
    Ball, Exact, Iterate, NoiseLaw, Norm, Oracle, Perturbed, Set, Trajectory, Unconstrained,
    Unseen, hessian,
};
use crate::rng::stream;

fn bowl() -> Quadratic {
    Quadratic::new(vec![1.0, 0.3, 2.0], vec![1.0, -1.0, 0.5]).expect("valid")
}

fn slope(x: &[f64]) -> Vec<f64> {
    let mut g = vec![0.0; 3];
    bowl().value_and_gradient(x, &mut g).expect("valid");
    g
}

/// a·x + b·y.
fn mix(a: f64, x: &[f64], b: f64, y: &[f64]) -> Vec<f64> {
    x.iter().zip(y).map(|(x, y)| a * x + b * y).collect()
}

fn points(method: Accelerated, set: Option<&Ball>, steps: usize) -> Vec<Vec<f64>> {
    let mut seen = Vec::new();
    let mut keep = |at: &Iterate<'_>| {
        seen.push(at.x.to_vec());
        std::ops::ControlFlow::Continue(())
    };
    let settings = AcceleratedSettings::new(method, steps);
    let start = [0.2, 0.1, -0.3];
    match set {
        Some(set) => solve_accelerated(&bowl(), set, &start, &settings, &mut keep),
        None => solve_accelerated(&bowl(), &Unconstrained, &start, &settings, &mut keep),
    }
    .expect("valid");
    seen
}

fn same(a: &[f64], b: &[f64]) {
    let away = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    assert!(crate::stats::largest(away) < 1e-12, "{a:?} {b:?}");
}

/// The papers' lines with every sequence kept and every mean a sum, against the methods.
#[test]
fn literal_transcriptions_agree() {
    let start = vec![0.2, 0.1, -0.3];
    let ball = Ball::around_zero(Norm::L2, 0.6, 3);
    let inside = |x: &[f64]| {
        let mut x = x.to_vec();
        ball.project(&mut x);
        x
    };

    let seen = points(Accelerated::Nesterov { rate: 0.4 }, Some(&ball), 12);
    let (mut x, mut y) = (vec![start.clone()], start.clone());
    for k in 1..=12 {
        x.push(inside(&mix(1.0, &y, -0.4, &slope(&y))));
        let momentum = (k as f64 - 1.0) / (k as f64 + 2.0);
        y = mix(1.0 + momentum, &x[k], -momentum, &x[k - 1]);
        same(&seen[k], &x[k]);
    }

    let method = Accelerated::AcceleGrad {
        diameter: 1.5,
        gradients: 0.7,
    };
    let seen = points(method, Some(&ball), 12);
    let (mut y, mut z, mut squares) = (start.clone(), start.clone(), 0.49);
    let (mut sum, mut weights) = (vec![0.0; 3], 0.0);
    for t in 0..12 {
        let alpha = if t <= 2 { 1.0 } else { (t as f64 + 1.0) / 4.0 };
        let x = mix(1.0 / alpha, &z, 1.0 - 1.0 / alpha, &y);
        let g = slope(&x);
        squares += alpha * alpha * g.iter().map(|g| g * g).sum::<f64>();
        let eta = 3.0 / f64::sqrt(squares);
        z = inside(&mix(1.0, &z, -alpha * eta, &g));
        y = mix(1.0, &x, -eta, &g);
        sum = mix(1.0, &sum, alpha, &y);
        weights += alpha;
        same(&seen[t + 1], &mix(1.0 / weights, &sum, 0.0, &sum));
    }

    let seen = points(Accelerated::UniXGrad { diameter: 1.5 }, Some(&ball), 12);
    let (mut y, mut squares) = (start.clone(), 1.0);
    let mut x: Vec<Vec<f64>> = Vec::new();
    for t in 1..=12 {
        let total = (t * (t + 1) / 2) as f64;
        let before = x
            .iter()
            .zip(1..)
            .fold(vec![0.0; 3], |sum, (x, s)| mix(1.0, &sum, f64::from(s), x));
        let alpha = t as f64;
        let m = slope(&mix(alpha / total, &y, 1.0 / total, &before));
        let eta = 3.0 / f64::sqrt(squares);
        x.push(inside(&mix(1.0, &y, -eta * alpha, &m)));
        let mean = mix(alpha / total, &x[t - 1], 1.0 / total, &before);
        let g = slope(&mean);
        y = inside(&mix(1.0, &y, -eta * alpha, &g));
        squares += mix(alpha, &g, -alpha, &m)
            .iter()
            .map(|d| d * d)
            .sum::<f64>();
        same(&seen[t], &mean);
    }
}

/// Extra-Newton on a logistic problem in one dimension, where the implicit step is a division.
#[test]
fn extra_newton_by_hand() {
    let problem = Logistic::new(array![[2.0]], vec![0.8]).expect("valid");
    let mut seen = Vec::new();
    let mut keep = |at: &Iterate<'_>| {
        seen.push(at.x[0]);
        std::ops::ControlFlow::Continue(())
    };
    let settings = ExtraNewton {
        steps: 15,
        rate: 0.7,
        floor: 0.5,
        ..ExtraNewton::default()
    };
    solve_extra_newton(&problem, &[-1.0], &settings, &mut keep).expect("valid");
    let slope = |x: f64| {
        let mut g = [0.0];
        problem.value_and_gradient(&[x], &mut g).expect("valid");
        g[0]
    };
    let (mut x, mut halves, mut squares): (f64, Vec<f64>, f64) = (-1.0, Vec::new(), 0.5);
    for t in 1..=15_i32 {
        let a = f64::from(t * t);
        let total: f64 = (1..=t).map(|s| f64::from(s * s)).sum();
        let before: f64 = halves
            .iter()
            .zip(1..)
            .map(|(x, s)| f64::from(s * s) * x)
            .sum();
        let at = (a * x + before) / total;
        let (g, h) = (slope(at), hessian(&problem, &[at]).expect("valid")[[0, 0]]);
        let gamma = 0.7 / squares.sqrt();
        let half = x - gamma * a * g / (1.0 + gamma * a * a / total * h);
        let mean = (a * half + before) / total;
        let model = g + h * (mean - at);
        squares += (a * (slope(mean) - model)).powi(2);
        x -= gamma * a * slope(mean);
        halves.push(half);
        assert!(
            (seen[t as usize] - mean).abs() < 1e-12,
            "{t}: {} {mean}",
            seen[t as usize]
        );
    }
}

/// The bound of each theorem that has one in numbers, at every step; f* is approached.
#[test]
fn bounds_hold_at_every_step() {
    let chain = WorstCase::new(60, 1.0).expect("valid");
    let squared = chain.squared_distance();
    let check = |name: &str, trajectory: &Trajectory, bound: &dyn Fn(f64) -> f64| {
        for (k, value) in trajectory.steps.iter().zip(&trajectory.values).skip(1) {
            let (gap, most) = (value - chain.minimum(), bound(*k as f64));
            assert!(gap <= most, "{name} at {k}: {gap} above {most}");
            if *k < 60 && name == "Nesterov" {
                let least = chain.lower_bound(*k);
                assert!(gap >= least, "{name} at {k}: {gap} below {least}");
            }
        }
    };
    let mut nesterov = Trajectory::every(1);
    let settings = AcceleratedSettings::new(Accelerated::Nesterov { rate: 1.0 }, 400);
    let solution = solve_accelerated(&chain, &Unconstrained, &[0.0; 60], &settings, &mut nesterov);
    assert!(solution.expect("valid").value - chain.minimum() < 1e-3);
    check("Nesterov", &nesterov, &|k| {
        2.0 * squared / (k + 1.0).powi(2)
    });
    let mut newton = Trajectory::every(1);
    let settings = ExtraNewton {
        steps: 60,
        ..ExtraNewton::default()
    };
    solve_extra_newton(&chain, &[0.0; 60], &settings, &mut newton).expect("valid");
    let weights = |k: f64| k * (k + 1.0) * (2.0 * k + 1.0) / 6.0;
    check("Extra-Newton", &newton, &|k| squared / (2.0 * weights(k)));
}

/// At a minimum nothing moves; a method that runs away ends at the last sound point; noise repeats with its stream.
#[test]
fn ends() {
    let bowl = bowl();
    let best = bowl.minimiser().expect("attained");
    for method in [
        Accelerated::Nesterov { rate: 0.1 },
        Accelerated::AcceleGrad {
            diameter: 1.0,
            gradients: 0.0,
        },
        Accelerated::UniXGrad { diameter: 1.0 },
    ] {
        let settings = AcceleratedSettings::new(method, 20);
        let run =
            |start: &[f64]| solve_accelerated(&bowl, &Unconstrained, start, &settings, &mut Unseen);
        assert_eq!(run(&best).expect("valid").x, best);
        assert!(run(&[0.0; 2]).is_err() && run(&[f64::NAN; 3]).is_err());
        let noisy = || {
            let mut seen =
                Perturbed::new(Exact(&bowl), NoiseLaw::Gaussian { sigma: 1.0 }).expect("valid");
            let rng = &mut stream(3, "accelerated", 0);
            solve_accelerated_stochastic(
                &mut seen,
                &Unconstrained,
                &[0.0; 3],
                &settings,
                &mut Unseen,
                rng,
            )
        };
        let (one, other) = (noisy().expect("valid"), noisy().expect("valid"));
        assert!(one == other && one.value == bowl.value(&one.x).expect("valid"));
    }
    let wild = AcceleratedSettings::new(Accelerated::Nesterov { rate: 100.0 }, 2_000);
    let end =
        solve_accelerated(&bowl, &Unconstrained, &[0.0; 3], &wild, &mut Unseen).expect("valid");
    assert!(matches!(
        end.status,
        crate::optimise::Status::Diverged { .. }
    ));
    assert!(end.value.is_finite());
    let none = AcceleratedSettings::new(Accelerated::UniXGrad { diameter: 0.0 }, 3);
    assert!(none.check().is_err());
}
