//! The errors of one gradient step on a signal beside much noise, predicted.

use statrs::function::erf::erfc;

use crate::error::{Result, check_count, check_positive};

/// What [`flipped_noise`](super::flipped_noise()) draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlippedNoiseSettings {
    /// The number of training examples n.
    pub n: usize,
    /// The number D of coordinates that hold noise only.
    pub noise_dim: usize,
    /// The mean squared length c > 0 of the noise part of an input.
    pub noise_power: f64,
    /// The margin m > 0 that the signal alone gives after the step.
    pub margin: f64,
    /// The number of test points of each draw.
    pub test_points: usize,
    /// The number of independent draws.
    pub draws: usize,
    /// The seed of all draws.
    pub seed: u64,
}

impl Default for FlippedNoiseSettings {
    fn default() -> Self {
        Self {
            n: 20,
            noise_dim: 40_000,
            noise_power: 32.0,
            margin: 4.0,
            test_points: 2000,
            draws: 20,
            seed: 1,
        }
    }
}

/// The shares of wrong labels that [`flipped_noise`](super::flipped_noise()) should find: on S, on new data, on S'.
///
/// # Formula
/// Φ(−(c + m)/(c√((n+1)/D))), Φ(−m/(c√(n/D))) and Φ((c − m)/(c√((n+1)/D))): the part of the margin that comes from the
/// noise is close to normal, with mean ±c on S and S' and 0 on new data, and variance c²·n/D from the other points and
/// c²·2/D from the length of the own. For D ≫ 1.
///
/// # Errors
/// As [`flipped_noise`](super::flipped_noise()).
pub fn flipped_noise_errors(settings: &FlippedNoiseSettings) -> Result<[f64; 3]> {
    let FlippedNoiseSettings {
        n,
        noise_dim,
        noise_power,
        margin,
        ..
    } = *settings;
    check_count("the number of examples n", n)?;
    check_count("the number of noise coordinates D", noise_dim)?;
    check_positive("the noise power c", noise_power)?;
    check_positive("the signal's margin m", margin)?;
    let spread = |others: f64| (others / noise_dim as f64).sqrt();
    // P(N(mean, spread²) ≤ 0), in units of c so that nothing overflows.
    let wrong = |mean: f64, spread: f64| 0.5 * erfc(mean / spread / std::f64::consts::SQRT_2);
    let (margin, n) = (margin / noise_power, n as f64);
    Ok([
        wrong(margin + 1.0, spread(n + 1.0)),
        wrong(margin, spread(n)),
        wrong(margin - 1.0, spread(n + 1.0)),
    ])
}
