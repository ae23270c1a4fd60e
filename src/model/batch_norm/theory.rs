//! What running averages weigh, and how far apart the two modes of batch normalisation are.

use ndarray::Array1;

use crate::error::{Error, Result, within_range};

/// The weights of T batches in a running average after the last of them, oldest first, `(T,)`:
/// (1 − ρ) ρ^{T−t} for t = 1, …, T. They sum to 1 − ρ^T; the rest is the start's.
///
/// # Errors
/// `momentum` = 1 − ρ outside (0, 1]; no batch, or more than 2²⁸.
pub fn running_weights(momentum: f64, batches: usize) -> Result<Array1<f64>> {
    if !(momentum > 0.0 && momentum <= 1.0) {
        let what = "the momentum of batch normalisation";
        return Err(Error::domain(what, "in (0, 1]", momentum));
    }
    if !(1..=1 << 28).contains(&batches) {
        return Err(Error::domain("the number of batches", "1 to 2^28", batches));
    }
    let age = |t: usize| (batches - 1 - t) as f64;
    let weights = (0..batches).map(|t| momentum * (1.0 - momentum).powf(age(t)));
    Ok(weights.collect())
}

/// How far a normalised number is from where the true mean and variance would put it, as a mean
/// square, for batches of `batch` independent normal numbers and ε → 0, γ = 1.
///
/// # Formula
/// With u = (x − E)/√V by the batch and e = (x − μ)/σ: E u² = E e² = 1, and, averaging over the
/// batch, E ue = E √V/σ = √(2/b) Γ(b/2)/Γ((b−1)/2), so that E(u − e)² = 2 − 2 E√V/σ ≈ 3/(2b).
///
/// # Errors
/// A batch below 2 or above 2³⁰.
pub fn batch_statistics_gap(batch: usize) -> Result<f64> {
    if !(2..=1 << 30).contains(&batch) {
        return Err(Error::domain("the batch", "2 to 2^30", batch));
    }
    let b = batch as f64;
    // Beyond, ln Γ cancels; 1 − E√V/σ = 3/(4b) + 7/(32b²) + …, the next term of order 1/b³.
    if batch > 2000 {
        return Ok(1.5 / b + 7.0 / (16.0 * b * b));
    }
    let log_gamma = statrs::function::gamma::ln_gamma;
    let log = 0.5 * (2.0 / b).ln() + log_gamma(b / 2.0) - log_gamma((b - 1.0) / 2.0);
    within_range("the gap", -2.0 * log.exp_m1())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BatchNorm;
    use ndarray::array;

    /// 50 batches with means 0, 1, …, 49 at ρ = 0.9.
    #[test]
    fn the_newest_batch_weighs_most() {
        let weights = running_weights(0.1, 50).expect("valid");
        let mut layer = BatchNorm::new(1).expect("1");
        for t in 0..50 {
            let t = f64::from(t);
            let trace = layer.trace(&array![[t - 1.0], [t + 1.0]]).expect("fits");
            layer.remember(&trace).expect("its own");
        }
        let predicted: f64 = weights.iter().enumerate().map(|(t, w)| w * t as f64).sum();
        assert!((layer.running_mean[0] - predicted).abs() < 1e-12);
        assert!((predicted - 40.05).abs() < 0.01, "{predicted}");
        let reversed = weights.iter().rev().enumerate();
        let slide: f64 = reversed.map(|(t, w)| w * t as f64).sum();
        assert!((slide - 8.69).abs() < 0.01, "{slide}");
        assert!((weights.sum() - (1.0 - 0.9_f64.powi(50))).abs() < 1e-14);
    }

    /// b = 2: E√V/σ = E|x₁ − x₂|/(2σ) = 1/√π; b = 3: √(2/3)·Γ(3/2)/Γ(1).
    #[test]
    fn the_gap_by_hand_and_in_the_limit() {
        let pi = std::f64::consts::PI;
        let gap = |b| batch_statistics_gap(b).expect("valid");
        assert!((gap(2) - (2.0 - 2.0 / pi.sqrt())).abs() < 1e-13);
        assert!((gap(3) - (2.0 - (2.0 / 3.0_f64).sqrt() * pi.sqrt())).abs() < 1e-13);
        // Where one formula takes over from the other: 7/24 of 1/2000 − 1/2001 is left.
        assert!((2000.0 * gap(2000) / (2001.0 * gap(2001)) - 1.0).abs() < 1e-6);
        assert!(batch_statistics_gap(1).is_err());
    }

    #[test]
    fn impossible_averages_are_errors() {
        assert!(running_weights(0.0, 3).is_err() && running_weights(1.1, 3).is_err());
        assert!(running_weights(0.1, 0).is_err() && running_weights(f64::NAN, 3).is_err());
    }
}
