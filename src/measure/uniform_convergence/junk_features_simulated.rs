//! One useful coordinate among very many useless ones, drawn: where interpolators converge uniformly and
//! the ball around them does not.

use ndarray::{Array1, Array2, Axis, s};
use rand_distr::{ChiSquared, Distribution, StandardNormal};

use super::junk_features::{ANGLES, JunkFeaturesSettings};
use super::norm_bound::norm_bound;
use crate::data::synthetic::gaussian;
use crate::error::{Error, Result};
use crate::stats::{Estimate, larger, largest, parallel_draws};

/// Interpolators among junk features: what they do, and what can be promised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JunkFeatures {
    /// The test error of the minimum-norm interpolator ŵ, σ² included.
    pub risk: Estimate,
    /// The exact largest test error of an interpolator with ‖w‖ ≤ B.
    pub worst: Estimate,
    /// The one-sided bound B² Tr(Σ)/n, here with Tr Σ = 1 + λ.
    pub bound: Estimate,
    /// A number that sup |R(w) − R_n(w)| over ‖w‖ ≤ ‖ŵ‖ is at least: the largest difference over a circle of witnesses.
    pub two_sided: Estimate,
}

/// Measures, for y = βx₀ + σξ with x₀ ~ N(0, 1) and q junk coordinates N(0, λ/q), how the minimum-norm interpolator
/// does, how badly any interpolator of norm ≤ B does, and how far R and R_n part within the ball.
///
/// # Formula
/// As q → ∞ and then n, λ → ∞ with λ/n → 0: R(ŵ) → σ²; the worst interpolator in the ball of radius α‖ŵ‖ → α²σ², and so
/// does the bound B² Tr(Σ)/n; but sup |R − R_n| over the ball ‖w‖ ≤ ‖ŵ‖ grows like σ²√(n/λ). First-order
/// predictions for finite n: [`junk_features_theory`](super::junk_features_theory).
///
/// Only (XX^T) of the junk matters for what follows, and (q/λ)·XX^T has a Wishart law: with L the lower triangular factor
/// of Bartlett's decomposition, a junk part of w that lies in the row space has n coordinates a, length ‖a‖, and adds
/// √(λ/q)·L a to the outputs. So a draw takes O(n²) numbers, whatever q. Given w₀, the least norm of an interpolator is
/// w₀² + ‖v − w₀u‖² with √(λ/q)·L (u, v) = (x₀, y): a parabola in w₀ with curvature A = 1 + ‖u‖². In the ball
/// |w₀ − ŵ₀| ≤ √((α² − 1)‖ŵ‖²/A), what is left of the norm goes into junk that no example sees, and the risk
/// σ² + (w₀ − β)² + (λ/q)(B² − w₀²) is largest at one of the two ends.
///
/// The witnesses are w = B(cos φ, −sin φ·a/‖a‖) with a = L^T x₀: junk that imitates the useful
/// coordinate on the training set.
///
/// # Errors
/// A number out of its range; q ≤ n; n² above 2³⁰; λ ≥ q, where the risk is no convex function of w₀.
///
/// # Reference
/// Zhou, Sutherland & Srebro 2020, "On uniform convergence and low-norm interpolation learning",
/// arXiv:2006.05942, §§3–5. Bartlett 1933, "On the theory of statistical regression".
pub fn junk_features(settings: &JunkFeaturesSettings) -> Result<JunkFeatures> {
    settings.check()?;
    let all = parallel_draws(settings.draws, settings.seed, "junk features", |rng| {
        settings.one_draw(rng)
    })?;
    let column = |i: usize| {
        let values: Vec<f64> = all.iter().map(|draw| draw[i]).collect();
        Estimate::from_values(&values)
    };
    Ok(JunkFeatures {
        risk: column(0)?,
        worst: column(1)?,
        bound: column(2)?,
        two_sided: column(3)?,
    })
}

impl JunkFeaturesSettings {
    /// Risk, worst risk, bound, two-sided floor.
    fn one_draw(&self, rng: &mut crate::rng::Rng) -> Result<[f64; 4]> {
        let Self {
            n,
            signal,
            noise,
            inflation,
            ..
        } = *self;
        let each = self.power / self.junk as f64;
        let x = gaussian(n, 1, rng)?.remove_axis(Axis(1));
        let y = &x * signal + gaussian(n, 1, rng)?.remove_axis(Axis(1)) * noise;
        let lower = self.outputs_of_junk(rng)?;
        // Least norms of the junk that adds up to x₀ and to y.
        let (u, v) = (forward_solve(&lower, &x), forward_solve(&lower, &y));
        let curvature = 1.0 + u.dot(&u);
        let best = u.dot(&v) / curvature;
        let norm2 = best * best + (&v - &(&u * best)).mapv(|e| e * e).sum();
        let ball2 = inflation * inflation * norm2;
        let risk = |useful: f64, length2: f64| {
            noise * noise + (useful - signal).powi(2) + each * (length2 - useful * useful)
        };
        let reach = (larger(ball2 - norm2, 0.0) / curvature).sqrt();
        let worst = larger(risk(best - reach, ball2), risk(best + reach, ball2));

        let imitation = lower.t().dot(&x);
        let imitation = &imitation / imitation.dot(&imitation).sqrt();
        let seen = lower.dot(&imitation);
        let radius = norm2.sqrt();
        let difference = |step: usize| {
            let (sin, cos) = (step as f64 / ANGLES as f64 * std::f64::consts::TAU).sin_cos();
            let missed = &x * (radius * cos) - &seen * (radius * sin) - &y;
            (missed.dot(&missed) / n as f64 - risk(radius * cos, norm2)).abs()
        };
        let two_sided = largest((0..ANGLES).map(difference));
        let bound = norm_bound(ball2, 1.0 + self.power, n)?;
        Ok([risk(best, norm2), worst, bound, two_sided])
    }

    /// √(λ/q)·L, `(n, n)`, lower triangular: L L^T has the Wishart law of q Gaussian columns.
    fn outputs_of_junk(&self, rng: &mut crate::rng::Rng) -> Result<Array2<f64>> {
        let scale = (self.power / self.junk as f64).sqrt();
        let mut lower = Array2::zeros((self.n, self.n));
        for i in 0..self.n {
            for j in 0..i {
                let entry: f64 = StandardNormal.sample(rng);
                lower[[i, j]] = scale * entry;
            }
            let freedom = (self.junk - i) as f64;
            let law = ChiSquared::new(freedom)
                .map_err(|_| Error::domain("the degrees of freedom", "positive", freedom))?;
            let square: f64 = law.sample(rng);
            lower[[i, i]] = scale * square.sqrt();
        }
        Ok(lower)
    }
}

/// L⁻¹ b by substitution.
fn forward_solve(lower: &Array2<f64>, b: &Array1<f64>) -> Array1<f64> {
    let mut solution = Array1::<f64>::zeros(b.len());
    for i in 0..b.len() {
        let row = lower.row(i);
        let before = row.slice(s![..i]).dot(&solution.slice(s![..i]));
        solution[i] = (b[i] - before) / row[i];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::min_norm;
    use crate::measure::junk_features_theory;
    use crate::rng::stream;
    use ndarray::concatenate;

    /// The short form of a draw against plain matrices with every junk column written out, in the mean.
    #[test]
    fn the_wishart_form_agrees_with_plain_columns() {
        let settings = JunkFeaturesSettings {
            n: 12,
            junk: 40,
            power: 4.0,
            inflation: 1.0,
            draws: 3000,
            ..Default::default()
        };
        let short = junk_features(&settings).expect("valid");
        let each = (4.0_f64 / 40.0).sqrt();
        let plain: Vec<(f64, f64)> = (0..3000)
            .map(|index| {
                let rng = &mut stream(1, "plain junk", index);
                let useful = gaussian(12, 1, rng).expect("valid");
                let junk = gaussian(12, 40, rng).expect("valid") * each;
                let y = &useful + &gaussian(12, 1, rng).expect("valid");
                let x = concatenate(Axis(1), &[useful.view(), junk.view()]).expect("rows");
                let w = min_norm(&x, &y, None).expect("valid").weights;
                let junk2: f64 = w.iter().skip(1).map(|w| w * w).sum();
                let norm2 = w[[0, 0]].powi(2) + junk2;
                let risk = 1.0 + (w[[0, 0]] - 1.0).powi(2) + each * each * junk2;
                (risk, norm2 * 5.0 / 12.0)
            })
            .collect();
        for (mean, of) in [
            (short.risk, plain.iter().map(|p| p.0).collect::<Vec<f64>>()),
            (short.bound, plain.iter().map(|p| p.1).collect()),
        ] {
            let other = Estimate::from_values(&of).expect("values");
            let se = mean.se.hypot(other.se);
            assert!((mean.mean - other.mean).abs() < 4.0 * se, "{mean} {other}");
        }
        // One interpolator in the ball of its own norm.
        assert!((short.worst.mean - short.risk.mean).abs() < 1e-9);
    }

    /// No interpolator of the allowed norm is worse: random ones, with all columns written out.
    #[test]
    fn no_interpolator_in_the_ball_is_worse() {
        let settings = JunkFeaturesSettings::default();
        let rng = &mut stream(1, "in the ball", 0);
        let (n, each) = (8, 0.2_f64);
        let lower = JunkFeaturesSettings {
            n,
            junk: 60,
            power: 2.4,
            ..settings
        }
        .outputs_of_junk(rng)
        .expect("valid");
        // Rows of useful + n junk coordinates + 3 that no example sees.
        let x = gaussian(n, 1, rng).expect("valid");
        let y = gaussian(n, 1, rng).expect("valid");
        let unseen = Array2::zeros((n, 3));
        let all = concatenate(Axis(1), &[x.view(), lower.view(), unseen.view()]).expect("rows");
        let (x, y1) = (x.column(0).to_owned(), y.column(0).to_owned());
        let (u, v) = (forward_solve(&lower, &x), forward_solve(&lower, &y1));
        let curvature = 1.0 + u.dot(&u);
        let best = u.dot(&v) / curvature;
        let fit = min_norm(&all, &y, None).expect("valid").weights;
        assert!((fit[[0, 0]] - best).abs() < 1e-10);
        let norm2: f64 = fit.iter().map(|w| w * w).sum();
        let ball2 = 2.25 * norm2;
        let risk = |w0: f64, length2: f64| (w0 - 0.5).powi(2) + each * each * (length2 - w0 * w0);
        let reach = ((ball2 - norm2) / curvature).sqrt();
        let worst = larger(risk(best - reach, ball2), risk(best + reach, ball2));
        for _ in 0..500 {
            let direction = gaussian(all.ncols(), 1, rng).expect("valid");
            let seen = min_norm(&all, &all.dot(&direction), None)
                .expect("valid")
                .weights;
            let free = &direction - &seen;
            let length: f64 = free.iter().map(|f| f * f).sum::<f64>().sqrt();
            let w = &fit + &(free * ((ball2 - norm2).sqrt() / length));
            assert!(risk(w[[0, 0]], ball2) <= worst + 1e-10);
        }
    }

    #[test]
    fn first_order_theory_is_met() {
        let settings = JunkFeaturesSettings {
            n: 300,
            junk: 30_000,
            power: 15.0,
            draws: 60,
            ..Default::default()
        };
        let theory = junk_features_theory(&settings).expect("valid");
        let found = junk_features(&settings).expect("valid");
        for (estimate, predicted) in [
            (found.risk, theory.risk),
            (found.worst, theory.worst),
            (found.bound, theory.bound),
        ] {
            let near = 4.0 * estimate.se + 2.0 * predicted / 300.0;
            assert!(
                (estimate.mean - predicted).abs() < near,
                "{estimate} {predicted}"
            );
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let fine = JunkFeaturesSettings {
            n: 3,
            junk: 20,
            draws: 2,
            ..Default::default()
        };
        assert!(junk_features(&fine).is_ok());
        for bad in [
            JunkFeaturesSettings { n: 0, ..fine },
            JunkFeaturesSettings { junk: 3, ..fine },
            JunkFeaturesSettings { power: 0.0, ..fine },
            JunkFeaturesSettings {
                power: 20.0,
                ..fine
            },
            JunkFeaturesSettings {
                noise: f64::NAN,
                ..fine
            },
            JunkFeaturesSettings {
                signal: f64::INFINITY,
                ..fine
            },
            JunkFeaturesSettings {
                inflation: 0.5,
                ..fine
            },
            JunkFeaturesSettings { draws: 0, ..fine },
        ] {
            assert!(junk_features(&bad).is_err(), "{bad:?}");
        }
    }
}
