//! The arc-cosine kernels, and the two halves of the two-layer tangent kernel made of them.
//!
//! Everything here is a function of two lengths and of the angle θ between two inputs.

use std::f64::consts::PI;

use ndarray::{Array1, Array2, ArrayRef2, Axis, Zip};

use super::distance::{check_pair, squared_distances, squared_norms};
use crate::error::{Error, Result, check_finite};

/// κ₀(θ) = (π − θ)/π for an angle `theta` in \[0, π\], in radians: twice the chance that a random
/// half space holds both of two inputs at this angle.
///
/// # Formula
/// E 1\[a·x > 0\] 1\[a·x' > 0\] = κ₀(θ)/2 for a ~ N(0, I).
///
/// # Errors
/// `theta` is not in \[0, π\].
///
/// # Reference
/// Cho & Saul 2009, "Kernel methods for deep learning", §2.
///
/// ```
/// use dltheory::model::kappa0;
/// assert_eq!((kappa0(0.0)?, kappa0(std::f64::consts::PI)?), (1.0, 0.0));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn kappa0(theta: f64) -> Result<f64> {
    check_angle(theta)?;
    Ok(kappa0_of(theta))
}

/// κ₁(θ) = (sin θ + (π − θ) cos θ)/π for an angle `theta` in \[0, π\], in radians: the cosine of the
/// angle after a wide layer of ReLU units.
///
/// # Formula
/// E max(0, a·x) max(0, a·x') = ‖x‖‖x'‖ κ₁(θ)/2 for a ~ N(0, I).
///
/// # Errors
/// `theta` is not in \[0, π\].
///
/// # Reference
/// Cho & Saul 2009, "Kernel methods for deep learning", §2.
pub fn kappa1(theta: f64) -> Result<f64> {
    check_angle(theta)?;
    Ok(1.0 - one_minus_kappa1(theta))
}

/// J₂(θ)/π = (3 sin θ cos θ + (π − θ)(1 + 2 cos² θ))/π, the arc-cosine kernel of order 2, for an
/// angle `theta` in \[0, π\], in radians.
///
/// # Formula
/// E max(0, a·x)² max(0, a·x')² = ‖x‖²‖x'‖² J₂(θ)/(2π) for a ~ N(0, I): the fourth moment that
/// says how far a finite network is from its limit.
///
/// # Errors
/// `theta` is not in \[0, π\].
///
/// # Reference
/// Cho & Saul 2009, "Kernel methods for deep learning", eq. 4.
pub fn kappa2(theta: f64) -> Result<f64> {
    check_angle(theta)?;
    Ok(kappa2_of(theta))
}

/// The angle between each row of `a`, `(n, d)`, and each of `b`, `(m, d)`; returns `(n, m)`, in
/// \[0, π\]. Accurate near 0 and near π; 0 where a row is zero.
///
/// # Formula
/// θ = 2 atan2(‖u − v‖, ‖u + v‖) for unit vectors u, v (Kahan 2006, "How futile are mindless
/// assessments of roundoff", §12). An arc cosine would be √ε off at both ends.
///
/// # Errors
/// Empty, non-finite or mismatched inputs; lengths beyond the range of f64.
pub fn angles(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
    check_pair(a, b)?;
    let (a_norms, b_norms) = norms(a, b)?;
    let unit = |x: &ArrayRef2<f64>, norms: Array1<f64>| {
        let safe = norms.mapv_into(|norm| if norm > 0.0 { norm } else { 1.0 });
        x.to_owned() / safe.insert_axis(Axis(1))
    };
    let (u, v) = (unit(a, a_norms), unit(b, b_norms));
    let mut theta = squared_distances(&u, &v)?;
    let sums = squared_distances(&u, &(-&v))?;
    Zip::from(&mut theta)
        .and(&sums)
        .for_each(|value, sum| *value = 2.0 * value.sqrt().atan2(sum.sqrt()));
    Ok(theta)
}

/// The tangent kernel of a wide two-layer ReLU network, layer by layer.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoLayerNtk {
    /// K_a, from training the first layer, `(n, m)`.
    pub first: Array2<f64>,
    /// K_b, from training the second layer, `(n, m)`: also the NNGP kernel.
    pub second: Array2<f64>,
    /// n' times this is E ‖K_n' − K‖² entry by entry for a network of n' hidden units, `(n, m)`:
    /// the variance of one unit's term.
    pub variance: Array2<f64>,
}

impl TwoLayerNtk {
    /// K = K_a + K_b, `(n, m)`.
    #[must_use]
    pub fn total(&self) -> Array2<f64> {
        &self.first + &self.second
    }

    /// The root of the mean of ‖K_m − K‖²_F/‖K‖²_F over draws of a network with `width` hidden
    /// units: c/√m, with a constant c that belongs to the inputs.
    #[must_use]
    pub fn relative_error(&self, width: usize) -> f64 {
        let norm2: f64 = self.total().iter().map(|k| k * k).sum();
        (self.variance.sum() / norm2 / width as f64).sqrt()
    }
}

/// The tangent kernel between inputs `a`, `(n, d)`, and `b`, `(m, d)`, of the two-layer network
/// f(x) = (1/√m) Σ_i b_i max(0, a_i·x) with a ~ N(0, I) and b ~ N(0, 1), as m → ∞.
///
/// # Formula
/// With θ the angle between x and x':
/// - K_a = E b² 1\[a·x > 0\] 1\[a·x' > 0\] x·x' = x·x' (π − θ)/(2π);
/// - K_b = E max(0, a·x) max(0, a·x') = ‖x‖‖x'‖ (sin θ + (π − θ) cos θ)/(2π);
/// - one unit gives k = b² s s' x·x' + r r' with s = 1\[a·x > 0\], r = max(0, a·x), and since E b⁴ = 3
///   its variance is 3(x·x')² κ₀/2 + 2 x·x' ‖x‖‖x'‖ κ₁/2 + ‖x‖²‖x'‖² J₂/(2π) − (K_a + K_b)².
///
/// # Errors
/// Empty, non-finite or mismatched inputs, or values beyond the range of f64.
///
/// # Reference
/// CMSC 828W, "Neural Tangent Kernels"; Jacot, Gabriel & Hongler 2018, arXiv:1806.07572. The
/// variance is derived here.
///
/// ```
/// use dltheory::model::two_layer_ntk;
/// use ndarray::array;
/// let ntk = two_layer_ntk(&array![[3.0, 4.0]], &array![[3.0, 4.0]])?;
/// assert_eq!((ntk.first[[0, 0]], ntk.second[[0, 0]]), (12.5, 12.5)); // ‖x‖²/2 each
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn two_layer_ntk(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<TwoLayerNtk> {
    let theta = angles(a, b)?;
    let (a_norms, b_norms) = norms(a, b)?;
    let inner = a.dot(&b.t());
    let mut first = &inner * &theta.mapv(|theta| kappa0_of(theta) / 2.0);
    let mut second = theta.mapv(|theta| (1.0 - one_minus_kappa1(theta)) / 2.0);
    let mut variance = theta.mapv(|theta| kappa2_of(theta) / 2.0);
    for ((i, j), inner) in inner.indexed_iter() {
        let norms = a_norms[i] * b_norms[j];
        second[[i, j]] *= norms;
        let (k_a, k_b) = (first[[i, j]], second[[i, j]]);
        let squares = inner * (3.0 * k_a + 2.0 * k_b) + norms * norms * variance[[i, j]];
        variance[[i, j]] = squares - (k_a + k_b) * (k_a + k_b);
    }
    // −0 of a right angle.
    first.mapv_inplace(|k| k + 0.0);
    for (what, array) in [
        ("the kernel of the first layer", &first),
        ("the kernel of the second layer", &second),
        ("the variance of the kernel", &variance),
    ] {
        check_finite(what, array)?;
    }
    Ok(TwoLayerNtk {
        first,
        second,
        variance,
    })
}

/// The lengths of the rows of both inputs.
pub(super) fn norms(a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<(Array1<f64>, Array1<f64>)> {
    let norms = |what: &str, x: &ArrayRef2<f64>| -> Result<Array1<f64>> {
        Ok(squared_norms(what, x)?.mapv_into(f64::sqrt))
    };
    Ok((
        norms("the first inputs", a)?,
        norms("the second inputs", b)?,
    ))
}

/// κ₀(θ), unchecked.
pub(super) fn kappa0_of(theta: f64) -> f64 {
    (PI - theta) / PI
}

/// J₂(θ)/π, unchecked.
pub(super) fn kappa2_of(theta: f64) -> f64 {
    let (sine, cosine) = theta.sin_cos();
    (3.0 * sine * cosine + (PI - theta) * (1.0 + 2.0 * cosine * cosine)) / PI
}

/// 1 − κ₁(θ) = \[π(1 − cos θ) − (sin θ − θ cos θ)\]/π, to full relative accuracy.
pub(super) fn one_minus_kappa1(theta: f64) -> f64 {
    let half = (theta / 2.0).sin();
    let t2 = theta * theta;
    let rest = if theta < 0.1 {
        // sin θ − θ cos θ = θ³(1/3 − θ²/30 + θ⁴/840 − θ⁶/45360 + …)
        theta * t2 * (1.0 / 3.0 - t2 * (1.0 / 30.0 - t2 * (1.0 / 840.0 - t2 / 45360.0)))
    } else {
        theta.sin() - theta * theta.cos()
    };
    2.0 * half * half - rest / PI
}

fn check_angle(theta: f64) -> Result<()> {
    if (0.0..=PI).contains(&theta) {
        return Ok(());
    }
    Err(Error::domain("the angle θ", "0 to π", theta))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::Kernel;
    use crate::rng::stream;
    use crate::stats::Estimate;

    /// The mean over 40,000 units, and the variance of the terms, within 5 standard errors.
    #[test]
    fn both_halves_and_the_variance_match_monte_carlo() {
        let rng = &mut stream(1, "two layer", 0);
        let x = gaussian(3, 4, rng).expect("valid");
        let ntk = two_layer_ntk(&x, &x).expect("valid");
        let units = 40_000;
        let z = x.dot(&gaussian(4, units, rng).expect("valid"));
        let b = gaussian(1, units, rng).expect("valid");
        for (i, j) in [(0, 0), (0, 1), (1, 2), (2, 0)] {
            let inner = x.row(i).dot(&x.row(j));
            let both = |u: usize| f64::from(z[[i, u]] > 0.0 && z[[j, u]] > 0.0);
            let first = |u: usize| b[[0, u]].powi(2) * both(u) * inner;
            let second = |u: usize| z[[i, u]] * z[[j, u]] * both(u);
            let estimate = |of: &dyn Fn(usize) -> f64| {
                let terms: Vec<f64> = (0..units).map(of).collect();
                Estimate::from_values(&terms).expect("many")
            };
            let near = |estimate: Estimate, want: f64| {
                assert!(
                    estimate.distance(want) < 5.0,
                    "({i}, {j}): {estimate} {want}"
                );
            };
            near(estimate(&first), ntk.first[[i, j]]);
            near(estimate(&second), ntk.second[[i, j]]);
            let total = ntk.first[[i, j]] + ntk.second[[i, j]];
            let square = |u: usize| (first(u) + second(u) - total).powi(2);
            near(estimate(&square), ntk.variance[[i, j]]);
        }
    }

    #[test]
    fn the_sum_is_the_deep_kernel_at_one_layer() {
        let rng = &mut stream(1, "two layer", 1);
        let a = gaussian(5, 3, rng).expect("valid");
        let b = gaussian(4, 3, rng).expect("valid");
        let ntk = two_layer_ntk(&a, &b).expect("valid");
        let want = Kernel::ReluNtk { hidden_layers: 1 }.matrix(&a, &b);
        let off = ntk.total() - want.expect("valid");
        assert!(off.iter().all(|e| e.abs() < 1e-14), "{off}");
    }

    #[test]
    fn kappas_have_their_known_values() {
        let right = PI / 2.0;
        let at = |f: fn(f64) -> Result<f64>, theta| f(theta).expect("an angle");
        assert_eq!(at(kappa0, right), 0.5);
        assert!((at(kappa1, right) - 1.0 / PI).abs() < 1e-15 && at(kappa1, 0.0) == 1.0);
        assert!((at(kappa2, right) - 0.5).abs() < 1e-15 && at(kappa2, 0.0) == 3.0);
        for theta in [-0.1, 3.2, f64::NAN] {
            for f in [kappa0, kappa1, kappa2] {
                assert!(f(theta).is_err());
            }
        }
    }
}
