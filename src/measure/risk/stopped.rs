//! The risk of least squares by gradient descent after so many steps, where features do not mix.

use crate::error::{Error, Result, check_scale};

/// Features of one variance, learnt with one step size.
#[derive(Debug, Clone, Copy)]
pub struct FeatureGroup {
    /// Features p_g.
    pub count: usize,
    /// Variance λ_g of each.
    pub variance: f64,
    /// Their part of the signal's variance, s_g = λ_g‖θ_g‖².
    pub signal: f64,
    /// The step η_g of descent on (1/2n)‖Xw − y‖², with η_gλ_g ≤ 1.
    pub step: f64,
}

/// E(ŷ − x·θ)² after t steps of gradient descent from w = 0 on (1/2n)‖Xw − y‖², y = Xθ + σξ, where XᵀX/n is diagonal: each
/// group g of features has a trade-off of its own, on a clock of its own.
///
/// # Formula
/// R(t) = Σ_g s_g (1 − η_gλ_g)^{2t} + σ² (p_g/n) (1 − (1 − η_gλ_g)^t)².
///
/// The first part is bias², what is not learnt yet; the second variance, the noise learnt so far. Exact for orthogonal columns; for
/// Gaussian ones what remains as n/p grows.
///
/// Takes the `groups`, the noise variance `noise` σ², the number of examples `n` and of `steps` t.
///
/// # Errors
/// A negative or infinite number; η_gλ_g above 1; n = 0.
///
/// # Reference
/// Heckel & Yilmaz 2021, "Early stopping in deep networks: double descent and how to eliminate it", arXiv:2007.10099.
///
/// ```
/// use dltheory::measure::{FeatureGroup, stopped_risk};
/// let group = FeatureGroup { count: 5, variance: 2.0, signal: 3.0, step: 0.25 };
/// assert_eq!(stopped_risk(&[group], 1.0, 10, 0)?, 3.0);
/// assert_eq!(stopped_risk(&[group], 1.0, 10, 1)?, 3.0 / 4.0 + 0.5 / 4.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn stopped_risk(groups: &[FeatureGroup], noise: f64, n: usize, steps: usize) -> Result<f64> {
    check_scale("the noise variance σ²", noise)?;
    if n == 0 {
        return Err(Error::domain("the number of examples", "at least 1", n));
    }
    let mut risk = 0.0;
    for group in groups {
        check_scale("the variance of features", group.variance)?;
        check_scale("the signal of features", group.signal)?;
        let rate = group.step * group.variance;
        if !(0.0..=1.0).contains(&rate) {
            return Err(Error::domain("step times variance", "0 to 1", rate));
        }
        let left = (1.0 - rate).powf(steps as f64);
        let learnt = noise * group.count as f64 / n as f64 * (1.0 - left).powi(2);
        risk += group.signal * left * left + learnt;
    }
    crate::error::within_range("the risk", risk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::least;

    #[test]
    fn one_group_has_one_valley_where_theory_puts_it() {
        let group = FeatureGroup {
            count: 30,
            variance: 1.0,
            signal: 2.0,
            step: 0.001,
        };
        // s(1−u)² + vu² is least at u = s/(s+v), with v = 1·30/30.
        let risk = |t| stopped_risk(&[group], 1.0, 30, t).expect("valid");
        let best = least((0..20_000).map(risk));
        assert!((best - 2.0 / 3.0).abs() < 1e-6, "{best}");
        assert!((risk(1_000_000) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn bad_input_is_an_error() {
        let good = FeatureGroup {
            count: 3,
            variance: 1.0,
            signal: 2.0,
            step: 0.1,
        };
        assert!(stopped_risk(&[good], -1.0, 5, 1).is_err());
        assert!(stopped_risk(&[good], 1.0, 0, 1).is_err());
        for bad in [
            FeatureGroup { step: 1.1, ..good },
            FeatureGroup {
                step: f64::NAN,
                ..good
            },
            FeatureGroup {
                signal: f64::INFINITY,
                ..good
            },
            FeatureGroup {
                variance: -1.0,
                ..good
            },
        ] {
            assert!(stopped_risk(&[bad], 1.0, 5, 1).is_err());
        }
    }
}
