//! The law of Langevin's chain on a line, step by step, and the Gibbs density it is near to.

use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use crate::error::{Error, Result, check_count, check_finite, check_positive, within_range};

/// Equally spaced points with a density on them; integrals by the trapezoidal rule, which for a smooth function that has died
/// away at both ends is as exact as its spacing is fine beside the function's width.
#[derive(Clone, Debug, PartialEq)]
pub struct LineDensity {
    /// The points, increasing.
    pub points: Vec<f64>,
    /// The density there.
    pub density: Vec<f64>,
    spacing: f64,
}

impl LineDensity {
    /// The density ∝ e^(−f(x)/τ) on `count` points from `low` to `high`, for f = `potential` and a temperature τ > 0.
    ///
    /// # Errors
    /// A temperature that is not positive; ends that are not finite and increasing; fewer than two points; a potential that
    /// is not finite on them.
    pub fn gibbs(
        potential: impl Fn(f64) -> f64,
        temperature: f64,
        (low, high): (f64, f64),
        count: usize,
    ) -> Result<Self> {
        check_positive("the temperature", temperature)?;
        check_finite("the ends of the line", &[low, high])?;
        if low >= high {
            return Err(Error::domain(
                "the ends of the line",
                "increasing",
                format!("{low}, {high}"),
            ));
        }
        if count < 2 {
            return Err(Error::domain("the number of points", "at least 2", count));
        }
        let spacing = (high - low) / (count - 1) as f64;
        let points: Vec<f64> = (0..count).map(|i| low + spacing * i as f64).collect();
        let values: Vec<f64> = points.iter().map(|x| potential(*x)).collect();
        check_finite("the potential", &values)?;
        // From the lowest: else all may be 0.
        let least = crate::stats::least(values.iter().copied());
        let mut found = Self {
            density: values
                .iter()
                .map(|f| ((least - f) / temperature).exp())
                .collect(),
            points,
            spacing,
        };
        let total = found.mean_of(|_| 1.0);
        found.density.iter_mut().for_each(|p| *p /= total);
        Ok(found)
    }

    /// ∫ g(x) p(x) dx.
    pub fn mean_of(&self, g: impl Fn(f64) -> f64) -> f64 {
        let sum: f64 = self
            .points
            .iter()
            .zip(&self.density)
            .map(|(x, p)| p * g(*x))
            .sum();
        sum * self.spacing
    }
}

/// The law of x_{k+1} = x_k − α f'(x_k) + √(2ατ) ξ_k, ξ standard normal.
///
/// # Formula
/// Given x_k, x_{k+1} is normal, so p_{k+1}(y) = ∫ p_k(x) φ((y − x + αf'(x))/s)/s dx, s² = 2ατ. The integral is a sum
/// over points s/2 apart: its error is of the order e^(−2π²·4).
///
/// Its stationary density is the Gibbs density π times 1 + α(u − E_π u) + O(α²), u = f'²/(4τ) − f''/2; on ½x² it is normal
/// with variance τ/(1 − α/2). (From the expansion of one step: E g(x_{k+1}) = g + α(−f'g' + τg'') + ½α²(f'²g'' −
/// 2τf'g''' + τ²g'''') + …, whose mean is that of g under the stationary density.)
#[derive(Clone, Debug)]
pub struct ChainLaw {
    /// p_k.
    law: LineDensity,
    /// Where each point goes to before the noise: x − αf'(x).
    targets: Vec<f64>,
    /// s.
    deviation: f64,
    /// p_{k−1}, whose next step gives shares without an error of interpolation.
    before: Vec<f64>,
}

/// Spacings to a standard deviation of a step.
const FINENESS: f64 = 2.0;

/// The most points: beyond, the matrix of transitions is gigabytes.
const MAX_POINTS: f64 = 8192.0;

impl ChainLaw {
    /// The law after `steps` ≥ 1 steps of size α from the point `start`, for the derivative f' = `slope`, on the line from `low`
    /// to `high`; what leaves it is lost.
    ///
    /// # Errors
    /// A step or a temperature that is not positive; ends that are not increasing; steps so small that the line would take more
    /// than 8,192 points; more than a millionth lost.
    pub fn after(
        steps: usize,
        start: f64,
        slope: impl Fn(f64) -> f64,
        step: f64,
        temperature: f64,
        (low, high): (f64, f64),
    ) -> Result<Self> {
        check_count("the number of steps", steps)?;
        check_positive("the step", step)?;
        check_positive("the temperature", temperature)?;
        check_finite("the start", &[start])?;
        let deviation = (2.0 * step * temperature).sqrt();
        let count = (FINENESS * (high - low) / deviation).ceil() + 1.0;
        if count.is_nan() || count > MAX_POINTS {
            let expected = format!(
                "at least {:.2e} on this line",
                step * (count / MAX_POINTS).powi(2)
            );
            return Err(Error::domain("the step", expected, step));
        }
        let mut law =
            LineDensity::gibbs(|_| 0.0, temperature, (low, high), (count as usize).max(2))?;
        let targets: Vec<f64> = law.points.iter().map(|x| x - step * slope(*x)).collect();
        check_finite("the slope of the potential", &targets)?;
        let normal = Normal::standard();
        let first = start - step * slope(start);
        let bell = |y: f64, middle: f64| normal.pdf((y - middle) / deviation) / deviation;
        law.density = law.points.iter().map(|y| bell(*y, first)).collect();
        // Row j: what each point gives to point j, within 9 deviations.
        let rows: Vec<Vec<(usize, f64)>> = law
            .points
            .iter()
            .map(|y| {
                let near = targets
                    .iter()
                    .enumerate()
                    .filter(|(_, t)| (*y - **t).abs() <= 9.0 * deviation);
                near.map(|(i, t)| (i, law.spacing * bell(*y, *t))).collect()
            })
            .collect();
        let mut before = Vec::new();
        for _ in 1..steps {
            let next = rows
                .iter()
                .map(|row| row.iter().map(|(i, w)| w * law.density[*i]).sum())
                .collect();
            before = std::mem::replace(&mut law.density, next);
        }
        let total = law.mean_of(|_| 1.0);
        let off = (total - 1.0).abs();
        if off.is_nan() || off >= 1e-6 {
            return Err(Error::domain(
                "the share of the law left on the line",
                "1",
                total,
            ));
        }
        Ok(Self {
            law,
            targets,
            deviation,
            before,
        })
    }

    /// p_k.
    #[must_use]
    pub fn density(&self) -> &LineDensity {
        &self.law
    }

    /// P(x_k ≤ b), after two steps or more.
    ///
    /// # Errors
    /// The law is that after one step, which is normal.
    pub fn share_below(&self, b: f64) -> Result<f64> {
        if self.before.is_empty() {
            return Err(Error::domain("the number of steps", "at least 2", 1));
        }
        let normal = Normal::standard();
        let parts = self.targets.iter().zip(&self.before);
        let sum: f64 = parts
            .map(|(t, p)| p * normal.cdf((b - t) / self.deviation))
            .sum();
        within_range("the share", sum * self.law.spacing)
    }
}

/// The variance after k steps from 0 on f = ½x², τ(1 − (1 − α)^{2k})/(1 − α/2), for a step 0 < α < 2.
///
/// # Errors
/// A step outside (0, 2), where it is not stable; a temperature that is not positive.
pub fn langevin_variance(step: f64, temperature: f64, k: usize) -> Result<f64> {
    check_positive("the temperature", temperature)?;
    if !(step > 0.0 && step < 2.0) {
        return Err(Error::domain("the step", "between 0 and 2", step));
    }
    // (1 − α)² < 1, and where k is beyond i32 its power is long 0.
    let kept = ((1.0 - step) * (1.0 - step)).powi(k.min(i32::MAX as usize) as i32);
    Ok(temperature * (1.0 - kept) / (1.0 - 0.5 * step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_a_parabola_the_law_is_normal() {
        for (step, steps) in [(0.1, 7), (0.5, 100), (1.5, 40)] {
            let law = ChainLaw::after(steps, 0.0, |x| x, step, 0.4, (-12.0, 12.0)).expect("valid");
            let variance = langevin_variance(step, 0.4, steps).expect("valid");
            assert!((law.density().mean_of(|x| x * x) / variance - 1.0).abs() < 1e-9);
            let normal = Normal::new(0.0, variance.sqrt()).expect("positive");
            for b in [-1.0, 0.0, 0.3] {
                assert!((law.share_below(b).expect("many steps") - normal.cdf(b)).abs() < 1e-9);
            }
        }
        let gibbs = LineDensity::gibbs(|x| 0.5 * x * x, 0.4, (-8.0, 8.0), 400).expect("valid");
        assert!((gibbs.mean_of(|x| x * x) - 0.4).abs() < 1e-12);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(LineDensity::gibbs(|x| x, 0.0, (0.0, 1.0), 5).is_err());
        assert!(LineDensity::gibbs(|x| x, 1.0, (1.0, 1.0), 5).is_err());
        assert!(LineDensity::gibbs(|_| f64::NAN, 1.0, (0.0, 1.0), 5).is_err());
        let after = |steps, step| ChainLaw::after(steps, 0.0, |x| x, step, 1.0, (-5.0, 5.0));
        assert!(after(0, 0.1).is_err() && after(3, 0.0).is_err() && after(3, 1e-12).is_err());
        // Most of it leaves the line.
        assert!(ChainLaw::after(9, 0.0, |x| -x, 0.9, 1.0, (-5.0, 5.0)).is_err());
        assert!(langevin_variance(2.0, 1.0, 3).is_err());
    }
}
