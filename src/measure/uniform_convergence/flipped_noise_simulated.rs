//! A classifier that generalises although no two-sided uniform bound can say so, drawn.

use ndarray::{Array1, Axis};
use rand_distr::{Distribution, StandardNormal};

use super::flipped_noise::FlippedNoiseSettings;
use crate::data::synthetic::{gaussian, random_signs};
use crate::error::{Result, check_count, check_finite, check_positive, check_size};
use crate::stats::{Estimate, parallel_draws};

/// Errors of one gradient step on a signal beside much noise; all are shares of wrong labels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlippedNoise {
    /// On the training set S.
    pub train: Estimate,
    /// On new data: the classifier generalises.
    pub test: Estimate,
    /// On S', the training set with its noise part negated, which is as likely a training set as S.
    pub flipped: Estimate,
    /// |flipped − test| in the mean over draws: no two-sided bound that holds for this classifier on
    /// most training sets can be below it.
    pub two_sided: Estimate,
}

/// Measures why uniform convergence cannot explain a linear classifier that generalises.
///
/// # Formula
/// Labels y = ±1, inputs x = (y√(m/n), z), z ~ N(0, (c/D) I_D). One gradient step of rate 1 from 0 on
/// −Σ y_i w·x_i gives w = (√(mn), Σ_i y_i z_i). With q = Σ_j y_j z_j:
///
/// - new data: y w·x = m + y q·z, and q·z has standard deviation about c√(n/D), small for D ≫ n c²/m²;
/// - S: m + ‖z_i‖² + …, larger still: no error;
/// - S' = {(y√(m/n), −z)}: m − ‖z_i‖² − …, about m − c: every point wrong if c > m.
///
/// With a signal s that does not depend on n, m = n s²: [`flipped_noise_errors`](super::flipped_noise_errors) has the three shares.
///
/// z and −z have the same law, so S' is a typical training set on which w has error 1 and test error 0. A bound
/// on sup |L − L_S| over what the algorithm may return is then at least 1 − test error.
///
/// # Errors
/// A count is 0 or too large, or the noise power or the margin is not positive and finite.
///
/// # Reference
/// After Nagarajan & Kolter 2019, "Uniform convergence may be unable to explain generalization in deep learning",
/// arXiv:1902.04742, §3.
pub fn flipped_noise(settings: &FlippedNoiseSettings) -> Result<FlippedNoise> {
    let FlippedNoiseSettings {
        n,
        noise_dim,
        noise_power,
        margin,
        test_points,
        draws,
        seed,
    } = *settings;
    check_size("the test points", test_points, 1)?;
    check_count("the number of noise coordinates D", noise_dim)?;
    check_positive("the noise power c", noise_power)?;
    check_positive("the signal's margin m", margin)?;
    let sigma = (noise_power / noise_dim as f64).sqrt();
    let all = parallel_draws(draws, seed, "flipped noise", |rng| {
        let y = random_signs(n, rng)?;
        let z = gaussian(n, noise_dim, rng)? * sigma;
        let q = z.t().dot(&y).remove_axis(Axis(1));
        // y_i q·z_i, the noise's part of each training margin.
        let own: Array1<f64> = z.dot(&q) * y.column(0);
        check_finite("the noise's part of the margins", &own)?;
        let wrong = |sign: f64| {
            own.iter()
                .filter(|part| margin + sign * **part <= 0.0)
                .count() as f64
                / n as f64
        };
        // Given q, y q·z is exactly N(0, σ²‖q‖²).
        let spread = sigma * q.dot(&q).sqrt();
        let missed = (0..test_points)
            .filter(|_| {
                let draw: f64 = StandardNormal.sample(rng);
                margin + spread * draw <= 0.0
            })
            .count();
        let test = missed as f64 / test_points as f64;
        Ok([wrong(1.0), test, wrong(-1.0), (wrong(-1.0) - test).abs()])
    })?;
    let column = |i: usize| {
        let values: Vec<f64> = all.iter().map(|draw| draw[i]).collect();
        Estimate::from_values(&values)
    };
    Ok(FlippedNoise {
        train: column(0)?,
        test: column(1)?,
        flipped: column(2)?,
        two_sided: column(3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::flipped_noise_errors;

    #[test]
    fn it_generalises_and_every_two_sided_bound_is_vacuous() {
        let result = flipped_noise(&FlippedNoiseSettings {
            draws: 8,
            ..Default::default()
        })
        .expect("valid");
        assert_eq!(result.train.mean, 0.0);
        assert!(result.test.mean < 1e-3, "{result:?}");
        assert_eq!(result.flipped.mean, 1.0);
        assert!(result.two_sided.mean > 0.999);
    }

    /// A signal weak enough that all three shares are seen.
    #[test]
    fn the_predicted_shares_are_met() {
        let settings = FlippedNoiseSettings {
            n: 60,
            noise_dim: 3000,
            noise_power: 8.0,
            margin: 1.5,
            draws: 200,
            ..Default::default()
        };
        let (found, predicted) = (
            flipped_noise(&settings).expect("valid"),
            flipped_noise_errors(&settings).expect("valid"),
        );
        assert!(found.train.mean <= predicted[0] + 1e-9, "{found:?}");
        assert!(
            found.test.distance(predicted[1]) < 4.0,
            "{found:?} {predicted:?}"
        );
        let weak = FlippedNoiseSettings {
            margin: 7.0,
            ..settings
        };
        let (found, predicted) = (
            flipped_noise(&weak).expect("valid"),
            flipped_noise_errors(&weak).expect("valid"),
        );
        assert!(
            found.flipped.distance(predicted[2]) < 4.0,
            "{found:?} {predicted:?}"
        );
    }

    /// With D too small the noise drowns the signal on new data: the test can see that.
    #[test]
    fn little_noise_room_spoils_the_test_error() {
        let settings = FlippedNoiseSettings {
            noise_dim: 50,
            draws: 20,
            ..Default::default()
        };
        // Margin 4 beside a standard deviation of about 32·√(20/50) ≈ 20: error Φ(−0.2) ≈ 0.42.
        let result = flipped_noise(&settings).expect("valid");
        assert!(
            result.test.mean > 0.35 && result.test.mean < 0.5,
            "{result:?}"
        );
    }

    #[test]
    fn bad_input_is_an_error() {
        let fine = FlippedNoiseSettings {
            noise_dim: 10,
            draws: 2,
            ..Default::default()
        };
        for bad in [
            FlippedNoiseSettings { n: 0, ..fine },
            FlippedNoiseSettings {
                noise_dim: 0,
                ..fine
            },
            FlippedNoiseSettings {
                noise_power: 0.0,
                ..fine
            },
            FlippedNoiseSettings {
                noise_power: f64::NAN,
                ..fine
            },
            FlippedNoiseSettings {
                margin: 0.0,
                ..fine
            },
            FlippedNoiseSettings {
                test_points: 0,
                ..fine
            },
            FlippedNoiseSettings { draws: 0, ..fine },
        ] {
            assert!(flipped_noise(&bad).is_err(), "{bad:?}");
        }
    }
}
