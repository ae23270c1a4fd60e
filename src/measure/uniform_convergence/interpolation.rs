//! Drawn interpolators: their risk, the bound by the norm, and what every two-sided bound must allow.

use ndarray::{ArrayRef1, Axis, concatenate};

use super::norm_bound::norm_bound;
use crate::data::synthetic::{gaussian_design, linear_targets};
use crate::error::{Error, Result, check_count, check_eigenvalues, check_finite, check_scale};
use crate::fit::solve_positive;
use crate::stats::{Estimate, larger, parallel_draws};

/// What [`interpolation_point`] draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InterpolationSettings {
    /// The number of training examples n, below the number of positive eigenvalues.
    pub n: usize,
    /// The noise's standard deviation σ.
    pub noise: f64,
    /// The ball's radius in units of the least norm of an interpolator: B = `inflation`·‖ŵ‖, at least 1.
    pub inflation: f64,
    /// The number of independent training sets.
    pub draws: usize,
    /// The seed of all draws.
    pub seed: u64,
}

impl Default for InterpolationSettings {
    fn default() -> Self {
        Self {
            n: 50,
            noise: 1.0,
            inflation: 1.0,
            draws: 50,
            seed: 1,
        }
    }
}

/// Interpolators of one problem: their risk, and the bounds on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InterpolationPoint {
    /// The test error of the minimum-norm interpolator ŵ, σ² included.
    pub risk: Estimate,
    /// ‖ŵ‖².
    pub norm2: Estimate,
    /// The one-sided bound B² Tr(Σ)/n with B = inflation·‖ŵ‖.
    pub bound: Estimate,
    /// The exact largest test error of an interpolator with ‖w‖ ≤ B, which the bound is about; `None`
    /// unless all eigenvalues are equal, where it has a closed form.
    pub worst: Option<Estimate>,
    /// |R(w') − R_n(w')| of the one predictor w' = −ŵ, which lies in every ball that holds ŵ. No
    /// two-sided bound over such a ball can promise less than this.
    pub two_sided: Estimate,
}

/// Measures the minimum-norm interpolator of y = β·x + σξ, x ~ N(0, diag λ), against the one-sided
/// bound of [`norm_bound`] and the two-sided floor.
///
/// # Formula
/// R(w) = σ² + Σ_i λ_i (w_i − β_i)², exact in each draw. For λ_i = λ the worst interpolator in the ball adds to
/// ŵ a vector of length √(B² − ‖ŵ‖²) in the null space of X, pointing away from β:
/// σ² + λ\[‖(ŵ−β)_∥‖² + (‖β_⊥‖ + √(B²−‖ŵ‖²))²\], ∥ and ⊥ being the row space of X and its complement.
///
/// With pure noise, β = 0: R_n(−ŵ) = (4/n)‖y‖² ≈ 4σ² while R(−ŵ) = R(ŵ) → σ²: the floor is 3σ², three
/// times the risk it would have to bound. [`super::flipped_noise()`] does the same for classification, where
/// the floor reaches the largest error there is.
///
/// Takes `eigenvalues` λ, `(p,)`, and coefficients `beta` β, `(p,)`.
///
/// # Errors
/// Empty, negative, non-finite or mismatched arrays; not more than n positive eigenvalues; an
/// inflation below 1; a bad σ; n or the draws are 0.
///
/// # Reference
/// Koehler et al. 2021, arXiv:2106.09276; Zhou, Sutherland & Srebro 2020, "On uniform convergence and low-norm
/// interpolation learning", arXiv:2006.05942.
pub fn interpolation_point(
    eigenvalues: &ArrayRef1<f64>,
    beta: &ArrayRef1<f64>,
    settings: &InterpolationSettings,
) -> Result<InterpolationPoint> {
    let InterpolationSettings {
        n,
        noise,
        inflation,
        draws,
        seed,
    } = *settings;
    check(eigenvalues, beta, settings)?;
    let trace = eigenvalues.sum();
    let flat = eigenvalues.iter().all(|value| *value == eigenvalues[0]);
    let all = parallel_draws(draws, seed, "interpolation point", |rng| {
        let x = gaussian_design(n, eigenvalues, rng)?;
        let y = linear_targets(&x, beta, noise, rng)?;
        // Two right-hand sides: the labels, and the part of them that β explains.
        let explained = x.dot(beta).insert_axis(Axis(1));
        let both = concatenate(Axis(1), &[y.view(), explained.view()])
            .map_err(|_| Error::shape("the targets", "matching columns", y.shape()))?;
        let solved = solve_positive(&x.dot(&x.t()), &both, 0.0)?;
        let weights = x.t().dot(&solved.dual);
        let (w, beta_seen) = (weights.column(0), weights.column(1));
        let risk = |sign: f64| {
            let excess: f64 = w
                .iter()
                .zip(beta)
                .zip(eigenvalues)
                .map(|((w, b), value)| value * (sign * w - b) * (sign * w - b))
                .sum();
            noise * noise + excess
        };
        let norm2 = w.dot(&w);
        // X ŵ = y, so −ŵ misses every label by twice the label.
        let flipped_train = 4.0 * y.iter().map(|v| v * v).sum::<f64>() / n as f64;
        let spare = larger((inflation * inflation - 1.0) * norm2, 0.0).sqrt();
        let farthest = farthest_interpolator(&w, beta, &beta_seen, spare);
        let worst = noise * noise + eigenvalues[0] * farthest;
        let bound = norm_bound(inflation * inflation * norm2, trace, n)?;
        Ok([
            risk(1.0),
            norm2,
            bound,
            worst,
            (flipped_train - risk(-1.0)).abs(),
        ])
    })?;
    let column = |i: usize| {
        let values: Vec<f64> = all.iter().map(|draw| draw[i]).collect();
        Estimate::from_values(&values)
    };
    Ok(InterpolationPoint {
        risk: column(0)?,
        norm2: column(1)?,
        bound: column(2)?,
        worst: if flat { Some(column(3)?) } else { None },
        two_sided: column(4)?,
    })
}

/// max ‖ŵ + u − β‖² over u in the null space of X with ‖u‖ ≤ `spare`: ŵ − β splits into its part
/// in the row space, which u cannot change, and −β_⊥, which u best lengthens.
fn farthest_interpolator(
    w: &ArrayRef1<f64>,
    beta: &ArrayRef1<f64>,
    beta_seen: &ArrayRef1<f64>,
    spare: f64,
) -> f64 {
    let along: f64 = w
        .iter()
        .zip(beta_seen)
        .map(|(w, b)| (w - b) * (w - b))
        .sum();
    let unseen: f64 = beta
        .iter()
        .zip(beta_seen)
        .map(|(b, s)| (b - s) * (b - s))
        .sum();
    along + (unseen.sqrt() + spare).powi(2)
}

fn check(
    eigenvalues: &ArrayRef1<f64>,
    beta: &ArrayRef1<f64>,
    settings: &InterpolationSettings,
) -> Result<()> {
    check_eigenvalues(eigenvalues)?;
    if beta.len() != eigenvalues.len() {
        let expected = format!("({},)", eigenvalues.len());
        return Err(Error::shape("the coefficients β", expected, beta.shape()));
    }
    check_finite("the coefficients β", beta)?;
    check_count("the number of examples n", settings.n)?;
    check_scale("the noise σ", settings.noise)?;
    let present = eigenvalues.iter().filter(|value| **value > 0.0).count();
    if present <= settings.n {
        let allowed = format!("more than n = {}", settings.n);
        return Err(Error::domain(
            "the number of positive eigenvalues",
            allowed,
            present,
        ));
    }
    if !(settings.inflation.is_finite() && settings.inflation >= 1.0) {
        return Err(Error::domain(
            "the inflation of the ball",
            "at least 1",
            settings.inflation,
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::data::{Decay, Spectrum};
    use crate::fit::min_norm;
    use crate::measure::IsotropicProblem;
    use crate::rng::stream;
    use ndarray::{Array1, Array2, array};

    /// Pure noise, isotropic: E risk = σ²(1 + n/(p−n−1)), E bound = σ²p/(p−n−1), E floor = 4σ² − E risk.
    #[test]
    fn pure_noise_matches_the_closed_forms() {
        let (n, p) = (30, 600);
        let settings = InterpolationSettings {
            n,
            noise: 2.0,
            draws: 200,
            ..Default::default()
        };
        let ones = Spectrum::Flat.eigenvalues(p).expect("valid");
        let point = interpolation_point(&ones, &Array1::zeros(p), &settings).expect("valid");
        let problem = IsotropicProblem {
            signal: 0.0,
            noise: 4.0,
        };
        let risk = 4.0 + problem.finite_risk(n, p).expect("valid");
        assert!(point.risk.distance(risk) < 4.0, "{point:?}");
        assert!(point.norm2.distance(risk - 4.0) < 4.0, "{point:?}");
        assert!(
            point.bound.distance(4.0 * p as f64 / (p - n - 1) as f64) < 4.0,
            "{point:?}"
        );
        assert!(point.two_sided.distance(16.0 - risk) < 4.0, "{point:?}");
        // With B = ‖ŵ‖ there is one interpolator in the ball.
        let worst = point.worst.expect("flat");
        assert!((worst.mean - point.risk.mean).abs() < 1e-10);
    }

    /// The farthest interpolator is reached by −β_⊥ stretched, and no random null-space vector gets farther.
    #[test]
    fn the_farthest_interpolator_is_farthest() {
        let rng = &mut stream(1, "farthest", 0);
        let x = gaussian(3, 7, rng).expect("valid");
        let (y, beta) = (
            gaussian(3, 1, rng).expect("valid"),
            gaussian(7, 1, rng).expect("valid"),
        );
        let fit = |targets: &Array2<f64>| min_norm(&x, targets, None).expect("valid").weights;
        let (w, seen) = (fit(&y), fit(&x.dot(&beta)));
        let spare = 0.8;
        let (w1, b1, s1) = (w.column(0), beta.column(0), seen.column(0));
        let most = farthest_interpolator(&w1, &b1, &s1, spare);
        let distance = |u: &Array2<f64>| (&w + u - &beta).mapv(|v| v * v).sum();
        let away = &seen - &beta;
        let reached = distance(&(&away * (spare / frobenius(&away))));
        assert!((reached - most).abs() < 1e-12);
        for _ in 0..200 {
            let v = gaussian(7, 1, rng).expect("valid");
            let u = &v - &fit(&x.dot(&v));
            let u = &u * (spare / frobenius(&u));
            assert!(x.dot(&u).iter().all(|e| e.abs() < 1e-12) && distance(&u) <= most);
        }
    }

    fn frobenius(a: &Array2<f64>) -> f64 {
        a.iter().map(|v| v * v).sum::<f64>().sqrt()
    }

    /// The worst interpolator in a larger ball stays below the bound.
    #[test]
    fn the_bound_holds_for_every_interpolator_in_the_ball() {
        let (n, p) = (30, 3000);
        let ones = Spectrum::Flat.eigenvalues(p).expect("valid");
        let beta = Decay::Flat.coefficients(p, 0.3).expect("valid");
        let mut last = 0.0;
        for inflation in [1.0, 1.5, 3.0] {
            let settings = InterpolationSettings {
                n,
                inflation,
                draws: 20,
                ..Default::default()
            };
            let point = interpolation_point(&ones, &beta, &settings).expect("valid");
            let worst = point.worst.expect("flat").mean;
            assert!(worst > last && worst >= point.risk.mean * (1.0 - 1e-12));
            // 1 + o(1): a tenth at p = 100 n.
            assert!(worst <= 1.1 * point.bound.mean, "{inflation}: {point:?}");
            last = worst;
        }
    }

    #[test]
    fn a_decaying_spectrum_has_no_closed_form_for_the_worst() {
        let eigenvalues = Spectrum::Power(1.0).eigenvalues(400).expect("valid");
        let settings = InterpolationSettings {
            n: 20,
            draws: 5,
            ..Default::default()
        };
        let point =
            interpolation_point(&eigenvalues, &Array1::zeros(400), &settings).expect("valid");
        assert!(point.worst.is_none() && point.bound.mean > 0.0);
    }

    #[test]
    fn bad_input_is_an_error() {
        let fine = InterpolationSettings {
            n: 2,
            draws: 2,
            ..Default::default()
        };
        let (three, zero) = (array![1.0, 1.0, 1.0], array![0.0, 0.0, 0.0]);
        assert!(interpolation_point(&three, &zero, &fine).is_ok());
        for bad in [
            InterpolationSettings { n: 0, ..fine },
            InterpolationSettings { n: 3, ..fine },
            InterpolationSettings {
                noise: f64::NAN,
                ..fine
            },
            InterpolationSettings {
                inflation: 0.9,
                ..fine
            },
            InterpolationSettings {
                inflation: f64::NAN,
                ..fine
            },
            InterpolationSettings { draws: 0, ..fine },
        ] {
            assert!(interpolation_point(&three, &zero, &bad).is_err(), "{bad:?}");
        }
        assert!(interpolation_point(&three, &array![0.0], &fine).is_err());
        assert!(interpolation_point(&array![1.0, 1.0, 0.0], &zero, &fine).is_err());
        assert!(interpolation_point(&array![1.0, 1.0, -1.0], &zero, &fine).is_err());
    }
}
