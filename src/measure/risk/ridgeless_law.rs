//! The exact laws of the three numbers that make the risk and the norm of one ridgeless fit.

use statrs::distribution::{Beta, ContinuousCDF, FisherSnedecor, Normal};

use crate::error::{Error, Result};
use crate::stats::smaller;

/// One ridgeless fit ŵ = X⁺(Xβ + ε) of a unit β to errors ε of unit variance. With Π the projection on the rows of X, a
/// fit of r β and σ ε has ‖ŵ − rβ‖² = r²(1 − `seen`) + σ² `noise` and ‖ŵ‖² = r² `seen` + 2rσ `overlap` + σ² `noise`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pieces {
    /// ‖Πβ‖².
    pub seen: f64,
    /// ‖X⁺ε‖².
    pub noise: f64,
    /// Πβ · X⁺ε.
    pub overlap: f64,
}

/// How far the draws of [`RidgelessPoint`](super::RidgelessPoint) lie from their exact laws: mean normal scores times
/// √draws, each exactly standard normal if the law is right. `None` where the law is a constant.
///
/// # Formula
/// With m = min(n, p) and ν = |n − p| + 1, three independent numbers make a fit:
///
/// - 1 − ‖Πβ‖²/r² ~ Beta((p−n)/2, n/2) for p > n, 0 below: the bias, of mean 1 − n/p;
/// - ‖X⁺ε‖²/σ² ~ χ²_m/χ²_ν = (m/ν) F(m, ν): the variance, of mean m/(|n−p|−1) for |n − p| ≥ 2. The tail is heavy: the
///   k-th moment is finite for ν > 2k only, so that a mean over draws near p = n obeys no normal law;
/// - the angle θ between Πβ and X⁺ε is that of a direction uniform in m dimensions:
///   (1 + cos θ)/2 ~ Beta((m−1)/2, (m−1)/2).
///
/// A value v of the law F has the normal score Φ⁻¹(F(v)), standard normal whatever the tail of F.
///
/// Why: XXᵀ and XᵀX are Wishart, W, on the smaller side; uᵀW⁻¹u is 1/χ²_ν for any unit u, and the rows of X and the
/// errors have no preferred direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RidgelessScores {
    /// Of the bias ‖β − Πβ‖²; `None` for p ≤ n.
    pub bias: Option<f64>,
    /// Of the variance ‖X⁺ε‖².
    pub noise: f64,
    /// Of the angle between Πβ and X⁺ε; `None` for m = 1.
    pub angle: Option<f64>,
}

impl RidgelessScores {
    /// The scores of `draws` of `n` examples with `p` features.
    pub(super) fn of(n: usize, p: usize, draws: &[Pieces]) -> Result<Self> {
        let (least, freedom) = (n.min(p) as f64, (n.abs_diff(p) + 1) as f64);
        let beta = |a: f64, b: f64| Beta::new(a, b).map_err(|_| no_law(smaller(a, b)));
        let variance = FisherSnedecor::new(least, freedom).map_err(|_| no_law(least))?;
        let bias = (p > n).then(|| {
            let law = beta((p - n) as f64 / 2.0, n as f64 / 2.0)?;
            Ok::<f64, Error>(score(draws, &law, |d| inside(1.0 - d.seen)))
        });
        let angle = (least > 1.0).then(|| {
            let half = (least - 1.0) / 2.0;
            let cosine = |d: &Pieces| d.overlap / (d.seen * d.noise).sqrt();
            let law = beta(half, half)?;
            Ok::<f64, Error>(score(draws, &law, |d| inside(0.5 + 0.5 * cosine(d))))
        });
        Ok(Self {
            bias: bias.transpose()?,
            noise: score(draws, &variance, |d| d.noise * freedom / least),
            angle: angle.transpose()?,
        })
    }
}

fn no_law(got: f64) -> Error {
    Error::domain("the degrees of freedom of a law", "a positive number", got)
}

/// A share off 0 and 1, which rounding alone can reach.
fn inside(share: f64) -> f64 {
    share.clamp(f64::EPSILON, 1.0 - f64::EPSILON)
}

/// Σ Φ⁻¹(F(v))/√draws, from whichever tail is smaller: 1 − F would round.
fn score(
    draws: &[Pieces],
    law: &impl ContinuousCDF<f64, f64>,
    value: impl Fn(&Pieces) -> f64,
) -> f64 {
    let normal = Normal::standard();
    let one = |draw: &Pieces| {
        let v = value(draw);
        if v.is_nan() {
            return f64::NAN;
        }
        let (below, above) = (law.cdf(v), law.sf(v));
        if below < above {
            normal.inverse_cdf(below)
        } else {
            -normal.inverse_cdf(above)
        }
    };
    draws.iter().map(one).sum::<f64>() / (draws.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{IsotropicProblem, ridgeless_curve};
    use crate::rng::stream;
    use rand_distr::{ChiSquared, Distribution};
    use statrs::statistics::Distribution as _;

    /// The laws have the means that theory gives for the risk, on both sides of p = n.
    #[test]
    fn the_laws_have_the_exact_means() {
        let problem = IsotropicProblem {
            signal: 3.0,
            noise: 0.7,
        };
        for (n, p) in [(20_usize, 11), (20, 33), (9, 2), (9, 60)] {
            let (m, nu) = (n.min(p) as f64, (n.abs_diff(p) + 1) as f64);
            let f = FisherSnedecor::new(m, nu).expect("valid");
            let mut mean = problem.noise * m / nu * f.mean().expect("ν > 2");
            if p > n {
                let beta = Beta::new((p - n) as f64 / 2.0, n as f64 / 2.0).expect("valid");
                mean += problem.signal * beta.mean().expect("finite");
            }
            let exact = problem.finite_risk(n, p).expect("valid");
            assert!(
                (mean / exact - 1.0).abs() < 1e-12,
                "{n} {p}: {mean} {exact}"
            );
        }
    }

    /// 3 scores at 7 widths, 5 standard errors: by chance once in 80 000 seeds. p = n too, where no mean exists.
    #[test]
    fn fits_follow_the_laws_and_no_other() {
        let problem = IsotropicProblem::with_snr(2.0);
        let widths = [1, 2, 9, 12, 13, 30, 100];
        let points = ridgeless_curve(&problem, 12, &widths, 400, 3).expect("valid");
        for point in &points {
            let RidgelessScores { bias, noise, angle } = point.scores;
            assert_eq!(bias.is_some(), point.p > 12);
            assert_eq!(angle.is_some(), point.p > 1);
            for score in [bias, Some(noise), angle].into_iter().flatten() {
                assert!(score.abs() < 5.0, "p = {}: {:?}", point.p, point.scores);
            }
        }
        // The variance with one degree of freedom too few.
        let rng = &mut stream(1, "wrong law", 0);
        let chi = |k: f64| ChiSquared::new(k).expect("valid");
        let wrong: Vec<Pieces> = (0..4000)
            .map(|_| Pieces {
                seen: 1.0,
                noise: chi(9.0).sample(rng) / chi(3.0).sample(rng),
                overlap: 0.0,
            })
            .collect();
        let scores = RidgelessScores::of(12, 9, &wrong).expect("valid");
        assert!(scores.noise > 5.0, "{scores:?}");
    }

    #[test]
    fn what_no_law_gives_has_no_finite_score() {
        for noise in [-1.0, 0.0, f64::NAN] {
            let draw = Pieces {
                seen: 1.0,
                noise,
                overlap: 0.0,
            };
            let scores = RidgelessScores::of(5, 3, &[draw]).expect("valid");
            assert!(!scores.noise.is_finite(), "{noise}: {scores:?}");
        }
        assert!(RidgelessScores::of(0, 3, &[]).is_err());
    }
}
