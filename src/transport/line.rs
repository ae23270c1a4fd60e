//! Transport on the real line, where the best plan keeps the order.

use super::Coupling;
use super::cost::check_power;
use crate::error::{Error, Result, check_finite, within_range};

/// Points on the line, each with a mass; all masses sum to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct LineMeasure {
    points: Vec<f64>,
    weights: Vec<f64>,
}

impl LineMeasure {
    /// The empirical measure (1/n) Σ δ_{x_i} of a sample.
    ///
    /// # Errors
    /// No points, or one that is not finite.
    pub fn sample(points: &[f64]) -> Result<Self> {
        Self::weighted(points, &vec![1.0; points.len()])
    }

    /// Σ w_i δ_{x_i}/Σ w_i.
    ///
    /// # Errors
    /// No points, or one that is not finite; another number of weights; a weight below 0, or none above 0.
    pub fn weighted(points: &[f64], weights: &[f64]) -> Result<Self> {
        check_finite("the points", points)?;
        if points.is_empty() || points.len() != weights.len() {
            let expected = format!("({},), at least one", points.len());
            return Err(Error::shape("the weights", expected, &[weights.len()]));
        }
        if let Some(bad) = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
            return Err(Error::domain("a weight", "a finite number ≥ 0", bad));
        }
        let total: f64 = weights.iter().sum();
        if !(total > 0.0 && total.is_finite()) {
            return Err(Error::domain("the sum of the weights", "above 0", total));
        }
        let mut pairs: Vec<(f64, f64)> = points
            .iter()
            .copied()
            .zip(weights.iter().copied())
            .collect();
        pairs.retain(|pair| pair.1 > 0.0);
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (points, weights) = pairs.into_iter().map(|(x, w)| (x, w / total)).unzip();
        Ok(Self { points, weights })
    }

    /// The points that have mass, ascending.
    #[must_use]
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// Their masses, which sum to 1.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// F(t) = mass at or below t.
    #[must_use]
    pub fn cdf(&self, t: f64) -> f64 {
        let below = self.points.iter().zip(&self.weights);
        below.take_while(|(x, _)| **x <= t).map(|(_, w)| w).sum()
    }
}

/// W_p(μ, ν) of two measures on the line, p ≥ 1, exactly.
///
/// # Formula
/// (∫₀¹ |F⁻¹(u) − G⁻¹(u)|^p du)^(1/p): the best plan for every p at once is the one that keeps the order. For two samples
/// of n points it is ((1/n) Σ |x₍ᵢ₎ − y₍ᵢ₎|^p)^(1/p).
///
/// # Errors
/// p below 1 or not finite; a distance beyond the range of f64.
///
/// # Reference
/// Peyré & Cuturi 2019, "Computational optimal transport", arXiv:1803.00567, section 2.6.
///
/// ```
/// use dltheory::transport::{LineMeasure, line_distance};
/// let a = LineMeasure::sample(&[3.0, 0.0, 1.0])?;
/// let b = LineMeasure::sample(&[5.0, 6.0, 8.0])?;
/// assert!((line_distance(&a, &b, 1.0)? - 5.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn line_distance(a: &LineMeasure, b: &LineMeasure, p: f64) -> Result<f64> {
    check_power(p)?;
    let mut largest = 0.0_f64;
    for_each_piece(a, b, |i, j, _| {
        largest = crate::stats::larger(largest, (a.points[i] - b.points[j]).abs());
    });
    within_range("the distance", largest)?;
    if largest == 0.0 {
        return Ok(0.0);
    }
    // In parts of the largest gap, so that no power leaves the range.
    let mut sum = 0.0;
    for_each_piece(a, b, |i, j, mass| {
        sum += mass * ((a.points[i] - b.points[j]).abs() / largest).powf(p);
    });
    Ok(largest * sum.powf(1.0 / p))
}

/// The coupling that keeps the order: optimal on the line for every p ≥ 1. Its rows are [`LineMeasure::points`] of `a`, its
/// columns those of `b`.
///
/// # Errors
/// None: measures have been checked.
///
/// ```
/// use dltheory::transport::{LineMeasure, line_coupling};
/// // All mass at 0, wanted half at −1 and half at 1: no map does that, a coupling does.
/// let (a, b) = (LineMeasure::sample(&[0.0])?, LineMeasure::sample(&[-1.0, 1.0])?);
/// assert!(!line_coupling(&a, &b)?.is_map());
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn line_coupling(a: &LineMeasure, b: &LineMeasure) -> Result<Coupling> {
    let mut entries = Vec::new();
    for_each_piece(a, b, |i, j, mass| entries.push((i, j, mass)));
    Coupling::new((a.points.len(), b.points.len()), entries)
}

/// What is left of a point's mass below this is rounding.
const ROUNDING: f64 = 1e-14;

/// Goes through the pieces of the monotone coupling: from point i to point j, so much.
fn for_each_piece(a: &LineMeasure, b: &LineMeasure, mut each: impl FnMut(usize, usize, f64)) {
    let (mut i, mut j) = (0, 0);
    let (mut left, mut wanted) = (a.weights[0], b.weights[0]);
    loop {
        let mass = if left < wanted { left } else { wanted };
        each(i, j, mass);
        left -= mass;
        wanted -= mass;
        let (last_i, last_j) = (i + 1 == a.points.len(), j + 1 == b.points.len());
        let (spent, filled) = (left <= ROUNDING, wanted <= ROUNDING);
        if (spent && last_i) || (filled && last_j) {
            return;
        }
        if spent {
            i += 1;
            left = a.weights[i];
        }
        if filled {
            j += 1;
            wanted = b.weights[j];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, uniform_cube};
    use crate::rng::stream;
    use crate::transport::{assign, powers};
    use ndarray::Array2;

    fn draw(n: usize, index: u64) -> (Vec<f64>, Vec<f64>) {
        let rng = &mut stream(1, "line", index);
        let x = gaussian(n, 1, rng).unwrap().into_raw_vec_and_offset().0;
        let w = uniform_cube(n, 1, rng).unwrap().into_raw_vec_and_offset().0;
        (x, w)
    }

    fn cloud(x: &[f64]) -> Array2<f64> {
        Array2::from_shape_vec((x.len(), 1), x.to_vec()).unwrap()
    }

    #[test]
    fn it_is_the_best_assignment() {
        for (index, p) in [(0, 1.0), (1, 2.0), (2, 3.0)] {
            let (x, y) = (draw(40, 2 * index).0, draw(40, 2 * index + 1).0);
            let [a, b] = [&x, &y].map(|x| LineMeasure::sample(x).unwrap());
            let best = assign(&powers(&cloud(&x), &cloud(&y), p).unwrap()).unwrap();
            let by_order = line_distance(&a, &b, p).unwrap().powf(p);
            assert!((best.mean_cost() - by_order).abs() < 1e-12, "p = {p}");
        }
    }

    /// W₁ is the area between the distribution functions.
    #[test]
    fn with_weights_it_is_the_area_between_distribution_functions() {
        for index in 0..10 {
            let ((x, v), (y, w)) = (draw(15, 2 * index), draw(22, 2 * index + 1));
            let (a, b) = (
                LineMeasure::weighted(&x, &v).unwrap(),
                LineMeasure::weighted(&y, &w).unwrap(),
            );
            let mut ends: Vec<f64> = x.iter().chain(&y).copied().collect();
            ends.sort_by(f64::total_cmp);
            let area: f64 = ends
                .windows(2)
                .map(|e| (a.cdf(e[0]) - b.cdf(e[0])).abs() * (e[1] - e[0]))
                .sum();
            assert!((line_distance(&a, &b, 1.0).unwrap() - area).abs() < 1e-12);
            let coupling = line_coupling(&a, &b).unwrap();
            let [rows, columns] = coupling.marginals();
            for (got, wanted) in rows
                .iter()
                .zip(a.weights())
                .chain(columns.iter().zip(b.weights()))
            {
                assert!((got - wanted).abs() < 1e-12);
            }
            let cost = powers(&cloud(a.points()), &cloud(b.points()), 2.0).unwrap();
            let squared = line_distance(&a, &b, 2.0).unwrap().powi(2);
            assert!((coupling.cost(&cost).unwrap() - squared).abs() < 1e-12);
        }
    }

    #[test]
    fn order_and_size_of_the_numbers_do_not_matter() {
        let a = LineMeasure::sample(&[1e200, -1e200]).unwrap();
        let b = LineMeasure::weighted(&[-1e200, 1e200, 0.0], &[2.0, 2.0, 0.0]).unwrap();
        assert_eq!(line_distance(&a, &b, 3.0).unwrap(), 0.0);
        let c = LineMeasure::sample(&[0.0]).unwrap();
        assert!((line_distance(&a, &c, 3.0).unwrap() / 1e200 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn bad_measures_are_errors() {
        assert!(LineMeasure::sample(&[]).is_err());
        assert!(LineMeasure::sample(&[f64::NAN]).is_err());
        assert!(LineMeasure::weighted(&[1.0], &[0.0]).is_err());
        assert!(LineMeasure::weighted(&[1.0, 2.0], &[2.0, -1.0]).is_err());
        assert!(LineMeasure::weighted(&[1.0], &[1.0, 1.0]).is_err());
        let a = LineMeasure::sample(&[0.0]).unwrap();
        assert!(line_distance(&a, &a, 0.9).is_err());
    }
}
