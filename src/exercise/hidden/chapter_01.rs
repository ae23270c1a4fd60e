//! Hidden checks of `01_risk_sgd_and_saddles`.

use ndarray::Array1;
use statrs::distribution::{ContinuousCDF, Normal};

use super::Hidden;
use crate::exercise::chapter_01::methods::{amsgrad, nesterov, problem};
use crate::exercise::chapter_01::{after_one, slopes};
use crate::exercise::inputs::{between, count, normal_vector, size_between};
use crate::exercise::law::{ERRORS_OF_MANY, follows};
use crate::exercise::trial::args;
use crate::exercise::{Check, Outcome, Trial, Trouble};
use crate::measure::EscapeLaw;

pub(crate) static CHECKS: Hidden = &[
    (
        "logit_gradient",
        &[Check {
            name: "large_logits",
            about: "logits of size 1,000 and −1,000: nothing overflows",
            run: large_logits,
        }],
    ),
    (
        "escape_deviation",
        &[
            Check {
                name: "vanishing",
                about: "steps that fall: the order counts",
                run: vanishing,
            },
            Check {
                name: "no_steps",
                about: "no steps at all: 0; one: α σ",
                run: no_steps,
            },
        ],
    ),
    (
        "hovering_step",
        &[Check {
            name: "much_noise",
            about: "noise that drowns the slope: 2λm/σ²",
            run: much_noise,
        }],
    ),
    (
        "nesterov_point",
        &[Check {
            name: "path",
            about: "some hundred steps in two to twelve dimensions",
            run: far,
        }],
    ),
    (
        "amsgrad_path",
        &[Check {
            name: "zeros",
            about: "gradients of 0 before any other, between others and alone move nothing that rests",
            run: zeros,
        }],
    ),
    (
        "langevin_step",
        &[Check {
            name: "normal",
            about: "the noise is normal, and of one coordinate independent of the next",
            run: normal,
        }],
    ),
];

/// The class's own logit far above or below the others.
fn large_logits(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = count(3, 6, &mut trial.rng);
    let f = normal_vector(k, &mut trial.rng);
    let own = slopes(trial)?;
    let mut outcome = own;
    for shift in [1000.0, -1000.0] {
        let mut exact = f.mapv(f64::exp);
        exact /= exact.sum();
        exact[0] -= 1.0;
        let got = trial.vector(args![&f + shift, 0_usize], k)?;
        outcome = outcome.and(Outcome::arrays("all logits large", &exact, &got, 1e-9));
    }
    let mut one: Array1<f64> = f * 0.1;
    one[1] += 1000.0;
    let mut exact = Array1::zeros(k);
    (exact[0], exact[1]) = (-1.0, 1.0);
    let got = trial.vector(args![one, 0_usize], k)?;
    Ok(outcome.and(Outcome::arrays("one logit large", &exact, &got, 1e-9)))
}

fn vanishing(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let first = between(0.3, 0.9, &mut trial.rng);
    let kappa = between(0.3, 1.0, &mut trial.rng);
    let sigma = size_between(-3.0, 3.0, &mut trial.rng);
    let k = count(5, 60, &mut trial.rng);
    let steps: Vec<f64> = (1..=k).map(|i| first * (i as f64).powf(-kappa)).collect();
    let exact = EscapeLaw::new(&steps, sigma)?.deviation(k)?;
    let got = trial.number(args![steps, sigma])?;
    let risen: Vec<f64> = steps.iter().rev().copied().collect();
    let other = EscapeLaw::new(&risen, sigma)?.deviation(k)?;
    let reversed = trial.number(args![risen, sigma])?;
    Ok(
        Outcome::close("deviation, falling steps", exact, got, 1e-9).and(Outcome::close(
            "deviation, rising steps",
            other,
            reversed,
            1e-9,
        )),
    )
}

fn no_steps(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let got = trial.number(args![Vec::<f64>::new(), 1.5])?;
    Ok(Outcome::within("deviation after no step", 0.0, got, 0.0).and(after_one(trial)?))
}

fn normal(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let n = 20_000;
    let x = normal_vector(n, &mut trial.rng);
    let g = normal_vector(n, &mut trial.rng);
    let (step, temperature) = (0.3, 0.7_f64);
    let seed = trial.seed();
    let noise = trial.vector(args![x, g, step, temperature, seed], n)? - &x + &(&g * step);
    let z = noise / (2.0 * step * temperature).sqrt();
    let pairs: f64 = z.windows(2).into_iter().map(|pair| pair[0] * pair[1]).sum();
    let standard = Normal::standard();
    Ok(
        follows("noise", z.to_vec(), |x| standard.cdf(x)).and(Outcome::within(
            "mean product of neighbours",
            0.0,
            pairs / n as f64,
            ERRORS_OF_MANY / (n as f64).sqrt(),
        )),
    )
}

fn much_noise(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let lambda = size_between(-2.0, 2.0, &mut trial.rng);
    let square = size_between(-2.0, 2.0, &mut trial.rng);
    let sigma = 1e6 * lambda * square.sqrt();
    let step = trial.number(args![lambda, sigma, square])?;
    let exact = 2.0 * lambda * square / (sigma * sigma);
    Ok(Outcome::close("the step", exact, step, 1e-9))
}

fn far(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let p = count(2, 12, &mut trial.rng);
    let (a, b, _) = problem(p, trial);
    let rate = between(0.5, 1.0, &mut trial.rng) / a.mapv(|v| v * v).sum().sqrt();
    let steps = count(150, 300, &mut trial.rng);
    let got = trial.vector(args![a, b, rate, steps], p)?;
    let exact = nesterov(&a, &b, rate, steps);
    Ok(Outcome::arrays("the point", &exact, &got, 1e-9))
}

fn zeros(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("places", true, "found", "found");
    let g = between(0.5, 2.0, &mut trial.rng);
    let (rate, beta2) = (
        between(0.1, 1.0, &mut trial.rng),
        between(0.1, 0.9, &mut trial.rng),
    );
    for list in [vec![0.0, 0.0, g, 0.0, -g], vec![0.0; 3], Vec::new()] {
        let g = Array1::from(list);
        for beta1 in [0.0, 0.9] {
            let got = trial.vector(args![g, rate, beta1, beta2], g.len())?;
            let away = (&got - &amsgrad(&g, rate, beta1, beta2))
                .mapv(f64::abs)
                .sum();
            outcome = Outcome::at_most("distance from the places", 1e-12, away).and(outcome);
        }
    }
    Ok(outcome)
}
