//! Two classes under attack.

use ndarray::{Array1, Array2, Axis, s};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::data::synthetic::{gaussian, random_signs};
use crate::error::Result;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::rng::stream;
use crate::stats::mean;

/// Inputs of an example.
const INPUTS: usize = 64;
/// Of which so many tell the classes apart.
const FEATURES: [usize; 4] = [1, 4, 16, INPUTS];
/// Examples drawn for each of these.
const EXAMPLES: usize = 2000;
/// How far the class means are from 0, in standard deviations.
const SEPARATION: f64 = 2.0;
/// The exponent p of the attack's norm, the norm's name, and ε.
const ATTACKS: [(f64, &str, f64); 4] = [
    (f64::INFINITY, "p = ∞, ε = 1/4", 0.25),
    (4.0, "p = 4, ε = 1/2", 0.5),
    (2.0, "p = 2, ε = 1", 1.0),
    (1.0, "p = 1, ε = 3/2", 1.5),
];

/// Two classes N(±2w, I) in 64 dimensions, w_j = 1/√k for j ≤ k and 0 beyond, by k: the share of examples whose worst margin is not above 0,
/// counted with `worst`, which takes w, x, y, ε and p, beside Φ(ε k^(1/q − 1/2) − 2) with 1/p + 1/q = 1, as a line for each p.
///
/// # Errors
/// None; a margin that is not a number leaves a gap.
pub fn errors_by_features(
    worst: impl Fn(&Array1<f64>, &Array1<f64>, f64, f64, f64) -> f64,
) -> Result<Figure> {
    let count = |margin: f64| match margin.is_nan() {
        true => f64::NAN,
        false => f64::from(margin <= 0.0),
    };
    let mut yours = [const { Vec::new() }; ATTACKS.len()];
    for k in FEATURES {
        let rng = &mut stream(1, "redraw: two classes", k as u64);
        let mut w = Array1::<f64>::zeros(INPUTS);
        w.slice_mut(s![..k]).fill(1.0 / (k as f64).sqrt());
        let y = random_signs(EXAMPLES, rng)?;
        let centres: Array2<f64> = &y * &(&w * SEPARATION).insert_axis(Axis(0));
        let x = gaussian(EXAMPLES, INPUTS, rng)? + centres;
        for ((p, _, epsilon), shares) in ATTACKS.iter().zip(&mut yours) {
            let rows = x.rows().into_iter().zip(&y);
            let wrong = rows.map(|(x, y)| count(worst(&w, &x.to_owned(), *y, *epsilon, *p)));
            shares.push(mean(wrong));
        }
    }
    let k: Vec<f64> = FEATURES.iter().map(|k| *k as f64).collect();
    let law = |p: f64, epsilon: f64| -> Vec<f64> {
        let length = |k: &f64| k.powf(0.5 - 1.0 / p);
        let cdf = |k: &f64| Normal::standard().cdf(epsilon * length(k) - SEPARATION);
        k.iter().map(cdf).collect()
    };
    let panel = Panel::new("features k used, of 64", "error under attack")
        .log_x()
        .y_range(0.0, 0.6)
        .legend(LegendPosition::Below);
    let panel = ATTACKS
        .iter()
        .zip(&yours)
        .fold(panel, |panel, ((p, label, epsilon), shares)| {
            let law = law(*p, *epsilon);
            panel.line(label, &k, &law).points(label, &k, shares)
        });
    Ok(Figure::new("Errors under attack, by your worst margins").panel(panel))
}
