//! Half spheres and half cubes by sampling.

use ndarray::ArrayView1;

use super::{CapClass, cube, sphere};
use crate::data::synthetic::{uniform_cube, unit_sphere};
use crate::error::{Error, Result, within_range};
use crate::rng::stream;
use crate::stats::Estimate;

/// [`half_sphere_expansion`](super::half_sphere_expansion) by sampling: the share of `draws` uniform points whose angle to the half sphere is at most ε.
/// Points come in batches of at most 1,000, the standard error is that of a share.
///
/// # Errors
/// As [`half_sphere_expansion`](super::half_sphere_expansion); no draws.
pub fn half_sphere_expansion_monte_carlo(
    d: usize,
    epsilon: f64,
    draws: usize,
    seed: u64,
) -> Result<Estimate> {
    sphere::check(d, epsilon)?;
    let label = format!("half sphere {d} {epsilon}");
    share(draws, |batch, count| {
        let points = unit_sphere(count, d, &mut stream(seed, &label, batch))?;
        // The angle to the half sphere x₁ ≤ 0 is arcsin x₁.
        let near = |x: &ArrayView1<'_, f64>| x[0].clamp(-1.0, 1.0).asin() <= epsilon;
        Ok(points.rows().into_iter().filter(near).count() as f64)
    })
}

/// The share of `draws` uniform points within ℓp distance ε of the half cube x₁ ≤ ½, by sampling.
///
/// # Errors
/// d is 0 or too large to draw; ε negative or not finite; no draws.
pub fn half_cube_expansion_monte_carlo(
    d: usize,
    epsilon: f64,
    draws: usize,
    seed: u64,
) -> Result<Estimate> {
    cube::check(d, epsilon, 2.0)?;
    let label = format!("half cube {d} {epsilon}");
    share(draws, |batch, count| {
        let points = uniform_cube(count, d, &mut stream(seed, &label, batch))?;
        // The nearest point of the half differs in x₁ only, whatever p.
        let near = |x: &ArrayView1<'_, f64>| x[0] - 0.5 <= epsilon;
        Ok(points.rows().into_iter().filter(near).count() as f64)
    })
}

/// [`CapClass::near_others`] by sampling: of `draws` uniform points of the sphere those inside the class are kept, about s of them, and
/// counted where the angle to what is called otherwise is at most ε. [`Estimate::draws`] is how many were kept.
///
/// # Errors
/// As [`CapClass::near_others`]; no draws, or none inside the class.
pub fn cap_class_monte_carlo(
    class: &CapClass,
    epsilon: f64,
    draws: usize,
    seed: u64,
) -> Result<Estimate> {
    class.near_others(epsilon)?;
    let (inside, edge) = class.heights()?;
    let (d, mut kept) = (class.dimension, 0);
    let label = format!("cap {d} {} {}", class.share, class.called);
    let near = count_of(draws, |batch, count| {
        let points = unit_sphere(count, d, &mut stream(seed, &label, batch))?;
        let own = points.column(0);
        let own = own.iter().filter(|x| **x >= inside);
        kept += own.clone().count();
        let near = own.filter(|x| x.clamp(-1.0, 1.0).asin() - edge <= epsilon);
        Ok(near.count() as f64)
    })?;
    if kept == 0 {
        let expected = "enough for one inside the class";
        return Err(Error::domain("the number of draws", expected, draws));
    }
    share_of(near, kept)
}

/// The share of `draws` points for which something is true.
fn share(draws: usize, count: impl FnMut(u64, usize) -> Result<f64>) -> Result<Estimate> {
    share_of(count_of(draws, count)?, draws)
}

/// How many of `draws` points something is true for, counted in batches of up to 1,000.
fn count_of(draws: usize, mut count: impl FnMut(u64, usize) -> Result<f64>) -> Result<f64> {
    if !(1..=1 << 27).contains(&draws) {
        let allowed = format!("1 to {}", 1 << 27);
        return Err(Error::domain("the number of draws", allowed, draws));
    }
    let (mut near, mut left, mut batch) = (0.0, draws, 0);
    while left > 0 {
        let now = left.min(1000);
        near += count(batch, now)?;
        left -= now;
        batch += 1;
    }
    Ok(near)
}

/// A share with its standard error.
fn share_of(near: f64, draws: usize) -> Result<Estimate> {
    let n = draws as f64;
    let mean = within_range("the share", near / n)?;
    Ok(Estimate {
        mean,
        se: match draws {
            1 => f64::NAN,
            _ => (mean * (1.0 - mean) / (n - 1.0)).sqrt(),
        },
        draws,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::isoperimetry::half_sphere_expansion;

    #[test]
    fn samples_agree_with_the_exact_shares() {
        for (d, epsilon) in [(2, 0.4), (10, 0.5), (30, 0.1)] {
            let sampled = half_sphere_expansion_monte_carlo(d, epsilon, 20_000, 1).expect("valid");
            let exact = half_sphere_expansion(d, epsilon).expect("valid");
            assert!(
                sampled.distance(exact) < 4.5,
                "{d} {epsilon}: {sampled} {exact}"
            );
        }
        assert!(half_sphere_expansion_monte_carlo(3, 0.1, 0, 1).is_err());
        for (share, called) in [(0.2, 0.2), (0.2, 0.5)] {
            let class = CapClass {
                dimension: 20,
                share,
                called,
            };
            let sampled = cap_class_monte_carlo(&class, 0.3, 20_000, 1).expect("valid");
            let exact = class.near_others(0.3).expect("valid");
            assert!(sampled.draws.abs_diff(4000) < 300);
            assert!(sampled.distance(exact) < 4.5, "{sampled} {exact}");
            assert!(cap_class_monte_carlo(&class, 0.3, 0, 1).is_err());
        }
        let sampled = half_cube_expansion_monte_carlo(5, 0.2, 20_000, 1).expect("valid");
        assert!(sampled.distance(0.7) < 4.5, "{sampled}");
    }
}
