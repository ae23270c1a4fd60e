//! Checks of the exercise on cross-entropy.

use ndarray::Array1;

use crate::exercise::inputs::{between, count, normal_vector};
use crate::exercise::trial::args;
use crate::exercise::{Outcome, Trial, Trouble};

/// By the definition, for logits whose exponentials are harmless.
pub(in crate::exercise) fn slopes(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let mut outcome = Outcome::holds("gradients", true, "as defined", "as defined");
    for k in [2, count(3, 8, &mut trial.rng)] {
        let f = normal_vector(k, &mut trial.rng) * 2.0;
        let class = count(0, k - 1, &mut trial.rng);
        let mut exact = f.mapv(f64::exp);
        exact /= exact.sum();
        exact[class] -= 1.0;
        let got = trial.vector(args![f, class], k)?;
        let what = format!("gradient of {k} logits");
        outcome = outcome.and(Outcome::arrays(&what, &exact, &got, 1e-9));
    }
    Ok(outcome)
}

/// Zeros sum to 0 too, and do not change: one entry must be what it is.
pub(in crate::exercise) fn sums(trial: &mut Trial) -> Result<Outcome, Trouble> {
    let k = count(3, 8, &mut trial.rng);
    let f = normal_vector(k, &mut trial.rng);
    let class = count(0, k - 1, &mut trial.rng);
    let shift = between(1.0, 5.0, &mut trial.rng);
    let got = trial.vector(args![f, class], k)?;
    let moved: Array1<f64> = trial.vector(args![&f + shift, class], k)?;
    Ok(Outcome::within("sum of the entries", 0.0, got.sum(), 1e-12)
        .and(Outcome::arrays("all logits shifted", &got, &moved, 1e-9))
        .and(Outcome::at_most(
            "the entry of the class",
            -1e-6,
            got[class],
        )))
}
