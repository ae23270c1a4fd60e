//! The largest wave in a column of p numbers.

use std::f64::consts::TAU;

use ndarray::ArrayRef1;

use crate::error::{Error, Result, check_finite};

/// One wave: u_a ≈ ū + amplitude·cos(2πka/p + phase).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wave {
    /// k, 1 … (p − 1)/2.
    pub frequency: usize,
    /// Its part of Σ(u_a − ū)², in \[0, 1\]; 0 if u is constant.
    pub share: f64,
    /// The amplitude.
    pub amplitude: f64,
    /// The phase, in (−π, π].
    pub phase: f64,
}

impl Wave {
    /// amplitude·cos(2πka/p + phase) for this a and p.
    #[must_use]
    pub fn at(&self, a: usize, p: usize) -> f64 {
        let angle = TAU * (self.frequency * a % p) as f64 / p as f64;
        self.amplitude * (angle + self.phase).cos()
    }
}

/// The wave with the largest share of `column` u, `(p,)`, p odd.
///
/// # Formula
/// û_k = Σ_a u_a e^{−2πika/p}; the wave k has amplitude 2|û_k|/p, phase arg û_k, and the share
/// (2/p)|û_k|²/Σ(u_a − ū)². The shares of k = 1 … (p − 1)/2 add up to 1.
///
/// # Errors
/// An even p, or one below 3; numbers that are not finite.
pub fn largest_wave(column: &ArrayRef1<f64>) -> Result<Wave> {
    let p = column.len();
    if p < 3 || p.is_multiple_of(2) {
        return Err(Error::shape(
            "the column",
            "an odd number, at least 3",
            &[p],
        ));
    }
    check_finite("the column", column)?;
    let turn: Vec<(f64, f64)> = (0..p)
        .map(|j| (TAU * j as f64 / p as f64).sin_cos())
        .collect();
    let mut largest = (1, 0.0, 0.0, -1.0);
    let mut total = 0.0;
    for k in 1..=(p - 1) / 2 {
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (a, u) in column.iter().enumerate() {
            let (sin, cos) = turn[k * a % p];
            real += u * cos;
            imaginary -= u * sin;
        }
        let power = real * real + imaginary * imaginary;
        total += power;
        if power > largest.3 {
            largest = (k, real, imaginary, power);
        }
    }
    let (frequency, real, imaginary, power) = largest;
    Ok(Wave {
        frequency,
        share: if total > 0.0 { power / total } else { 0.0 },
        amplitude: 2.0 * power.sqrt() / p as f64,
        phase: imaginary.atan2(real),
    })
}

/// The mean share of the largest of the K = (p − 1)/2 waves in p independent normal numbers of one variance, p odd: H_K/K,
/// with H_K = 1 + ½ + … + 1/K.
///
/// The powers of the waves are independent and exponential. Their largest is a sum of K spacings with means 1/K … 1, in
/// units of one mean; divided by the sum it is independent of the sum, whose mean is K.
///
/// # Errors
/// An even p, or one below 3.
///
/// # Reference
/// Spacings of exponential numbers: Rényi 1953, "On the theory of order statistics", Acta Mathematica Academiae Scientiarum
/// Hungaricae 4, 191–231, doi:10.1007/BF02127580.
pub fn largest_wave_by_chance(p: usize) -> Result<f64> {
    if p < 3 || p.is_multiple_of(2) {
        return Err(Error::domain("the length p", "odd, at least 3", p));
    }
    let waves = (p - 1) / 2;
    let harmonic: f64 = (1..=waves).map(|k| 1.0 / k as f64).sum();
    Ok(harmonic / waves as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use crate::stats::Estimate;
    use ndarray::{Array1, array};

    #[test]
    fn a_wave_is_found() {
        let wave = Wave {
            frequency: 4,
            share: 1.0,
            amplitude: 0.3,
            phase: -2.0,
        };
        let column = Array1::from_shape_fn(13, |a| 5.0 + wave.at(a, 13));
        let found = largest_wave(&column).expect("valid");
        assert_eq!(found.frequency, 4);
        for (a, b) in [
            (found.share, 1.0),
            (found.amplitude, 0.3),
            (found.phase, -2.0),
        ] {
            assert!((a - b).abs() < 1e-12, "{found:?}");
        }
        assert_eq!(
            largest_wave(&array![0.0, 0.0, 0.0]).expect("valid").share,
            0.0
        );
    }

    #[test]
    fn chance_gives_the_harmonic_share() {
        for p in [3, 5, 31] {
            let columns = gaussian(4000, p, &mut stream(1, "waves", p as u64)).expect("valid");
            let shares = columns
                .rows()
                .into_iter()
                .map(|row| largest_wave(&row).map(|w| w.share));
            let shares: Result<Vec<f64>> = shares.collect();
            let mean = Estimate::from_values(&shares.expect("valid")).expect("valid");
            let expected = largest_wave_by_chance(p).expect("valid");
            assert!(
                (mean.mean - expected).abs() <= 4.0 * mean.se + 1e-12,
                "{p}: {mean} {expected}"
            );
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(largest_wave(&array![1.0, 2.0]).is_err() && largest_wave_by_chance(4).is_err());
        assert!(largest_wave(&array![1.0, f64::NAN, 0.0]).is_err());
    }
}
