//! Checks of the exercises on steps, momentum and AMSGrad.

use ndarray::{Array1, Array2};

use crate::exercise::inputs::{between, count, normal_vector, size_between};
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};
use crate::measure::second_moments;

/// From 0 the recursion comes as near as (1 − αλ)^2k to where it hovers.
pub(in crate::exercise) fn hovers(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let lambda = size_between(-1.0, 1.0, &mut trial.rng);
    let sigma = size_between(-1.0, 1.0, &mut trial.rng);
    // αλ = 2q/(1 + q) with q = λ²m/σ².
    let ratio = between(0.05, 3.0, &mut trial.rng);
    let square = ratio * (sigma / lambda).powi(2);
    let step = trial.number(args![lambda, sigma, square])?;
    if !(step > 0.0 && step * lambda < 2.0) {
        let got = format!("{step}");
        return Ok(Outcome::holds(
            "the step",
            false,
            "above 0 and below 2/λ",
            &got,
        ));
    }
    let moments = second_moments(lambda, sigma, 0.0, std::iter::repeat_n(step, 4000))?;
    Ok(Outcome::close(
        "E x² after 4,000 steps",
        square,
        moments[4000],
        1e-6,
    ))
}

/// α = (2/λ)/(1 + σ²/(λ²m)): short of 2/λ by a share of σ²/(λ²m).
pub(in crate::exercise) fn little_noise(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let lambda = size_between(-2.0, 2.0, &mut trial.rng);
    let square = size_between(-2.0, 2.0, &mut trial.rng);
    let sigma = 1e-6 * lambda * square.sqrt();
    let step = trial.number(args![lambda, sigma, square])?;
    Ok(Outcome::close("the step", 2.0 / lambda, step, 1e-9))
}

/// A with eigenvalues over four decades, b, and the minimiser, which has all eigenvectors in it.
pub(in crate::exercise) fn problem(
    p: usize,
    trial: &mut Trial,
) -> (Array2<f64>, Array1<f64>, Array1<f64>) {
    // A reflection of a diagonal matrix.
    let v = normal_vector(p, &mut trial.rng);
    let unit = &v / v.dot(&v).sqrt();
    let reflect = Array2::from_shape_fn((p, p), |(i, j)| {
        f64::from(u8::from(i == j)) - 2.0 * unit[i] * unit[j]
    });
    let size = size_between(-1.0, 1.0, &mut trial.rng);
    let eigenvalues = (0..p).map(|i| size * 10.0_f64.powf(-4.0 * i as f64 / (p - 1) as f64));
    let middle = Array2::from_diag(&eigenvalues.collect::<Array1<f64>>());
    let a = reflect.dot(&middle).dot(&reflect);
    let a = 0.5 * (&a + &a.t());
    let best = reflect.dot(&Array1::ones(p));
    let b = a.dot(&best);
    (a, b, best)
}

/// x_k of Nesterov's method, all points kept.
pub(in crate::exercise) fn nesterov(
    a: &Array2<f64>,
    b: &Array1<f64>,
    rate: f64,
    steps: usize,
) -> Array1<f64> {
    let mut x = vec![Array1::zeros(b.len())];
    for k in 1..=steps {
        let last = &x[k - 1];
        let y = match k {
            1 => last.clone(),
            _ => last + &((last - &x[k - 2]) * ((k as f64 - 2.0) / (k as f64 + 1.0))),
        };
        x.push(&y - &((a.dot(&y) - b) * rate));
    }
    x.swap_remove(steps)
}

pub(in crate::exercise) fn first_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (a, b, _) = problem(4, trial);
    let rate = between(0.2, 0.9, &mut trial.rng) / largest(&a);
    let mut outcome = Outcome::holds("steps", true, "taken", "taken");
    for steps in 0..=3_usize {
        let got = trial.vector(args![a, b, rate, steps], 4)?;
        let exact = nesterov(&a, &b, rate, steps);
        let away = (&got - &exact).mapv(f64::abs).sum();
        let scale = 1e-9 * (rate * b.mapv(f64::abs).sum());
        outcome = Outcome::at_most(&format!("distance from x_{steps}"), scale, away).and(outcome);
    }
    Ok(outcome)
}

/// √Σa², not below the largest eigenvalue, and for those of [`problem`] not far above it.
fn largest(a: &Array2<f64>) -> f64 {
    a.mapv(|v| v * v).sum().sqrt()
}

pub(in crate::exercise) fn bound(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let (a, b, best) = problem(30, trial);
    let rate = 1.0 / largest(&a);
    let mut outcome = Outcome::holds("steps", true, "taken", "taken");
    for steps in [40_usize, 150, 400] {
        let x = trial.vector(args![a, b, rate, steps], 30)?;
        let away = &x - &best;
        let gap = 0.5 * away.dot(&a.dot(&away));
        let most = 2.0 * best.dot(&best) / (rate * (steps as f64 + 1.0).powi(2));
        outcome = Outcome::at_most(&format!("f − f* after {steps} steps"), most, gap).and(outcome);
    }
    Ok(outcome)
}

/// Every place of AMSGrad from 0.
pub(in crate::exercise) fn amsgrad(
    g: &Array1<f64>,
    rate: f64,
    beta1: f64,
    beta2: f64,
) -> Array1<f64> {
    let (mut x, mut largest) = (0.0, 0.0_f64);
    let place = |t: usize| {
        // Sums over all gradients so far, the newest first.
        let sum = |beta: f64, of: fn(f64) -> f64| -> f64 {
            let terms = (0..=t).map(|lag| beta.powi(lag as i32) * of(g[t - lag]));
            (1.0 - beta) * terms.sum::<f64>()
        };
        largest = largest.max(sum(beta2, |g| g * g));
        if largest > 0.0 {
            x -= rate * sum(beta1, |g| g) / largest.sqrt();
        }
        x
    };
    (0..g.len()).map(place).collect()
}

pub(in crate::exercise) fn first_step(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let sign = if between(0.0, 1.0, &mut trial.rng) < 0.5 {
        1.0
    } else {
        -1.0
    };
    let size = sign * size_between(-4.0, 4.0, &mut trial.rng);
    let rate = size_between(-2.0, 1.0, &mut trial.rng);
    let (beta1, beta2) = (
        between(0.0, 0.95, &mut trial.rng),
        between(0.0, 0.999, &mut trial.rng),
    );
    let got = trial.vector(args![Array1::from(vec![size]), rate, beta1, beta2], 1)?;
    let exact = -sign * rate * (1.0 - beta1) / (1.0 - beta2).sqrt();
    Ok(Outcome::close("the first place", exact, got[0], 1e-9))
}

pub(in crate::exercise) fn memory(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = 40;
    let mut g = normal_vector(n, &mut trial.rng).mapv(|v| v + v.signum());
    let at = count(3, 8, &mut trial.rng);
    g[at] = size_between(3.0, 4.0, &mut trial.rng);
    let (rate, beta2) = (
        size_between(-2.0, 1.0, &mut trial.rng),
        between(0.1, 0.9, &mut trial.rng),
    );
    let places = trial.vector(args![g, rate, 0.0, beta2], n)?;
    let mut outcome = Outcome::holds("steps", true, "taken", "taken");
    let mut before = f64::INFINITY;
    for t in 0..n {
        let from = if t == 0 { 0.0 } else { places[t - 1] };
        let scaled = (places[t] - from).abs() / g[t].abs();
        let what = format!("|step/gradient| at {}, by that before", t + 1);
        if t > 0 {
            // Differences of places round by the places.
            outcome = Outcome::at_most(&what, 1.0 + 1e-6, scaled / before).and(outcome);
        }
        before = scaled;
    }
    let last = before / rate * (1.0 - beta2).sqrt() * g[at];
    Ok(Outcome::close(
        "the last, by the one that the large gradient set",
        1.0,
        last,
        1e-3,
    )
    .and(outcome))
}

pub(in crate::exercise) fn path(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = count(5, 40, &mut trial.rng);
    let g = normal_vector(n, &mut trial.rng);
    let rate = size_between(-2.0, 1.0, &mut trial.rng);
    let (beta1, beta2) = (
        between(0.1, 0.95, &mut trial.rng),
        between(0.1, 0.99, &mut trial.rng),
    );
    let got = trial.vector(args![g, rate, beta1, beta2], n)?;
    Ok(Outcome::arrays(
        "the places",
        &amsgrad(&g, rate, beta1, beta2),
        &got,
        1e-9,
    ))
}
