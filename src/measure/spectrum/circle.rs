//! The eigenvalues of a kernel on the unit circle.

use std::f64::consts::PI;

use ndarray::{Array1, Array2};

use crate::error::{Error, Result, check_count};
use crate::model::Kernel;
use crate::stats::{larger, largest};

/// Points of the circle at which the kernel is sampled.
const GRID: usize = 1 << 13;

/// The largest eigenvalues of `kernel` for inputs uniform on the unit circle of R², `(count,)`, decreasing.
///
/// # Formula
/// Every [`Kernel`] depends on the angle θ between unit vectors alone, so its eigenfunctions are 1, cos kθ and
/// sin kθ, with λ_0 = (1/2π)∫ k(θ) dθ and twice λ_k = (1/2π)∫ k(θ) cos kθ dθ. Computed from 8192 angles; frequencies up
/// to 1024 are used, where aliasing adds less than 2 % to a power law of exponent 2. Values that are 0 up to
/// rounding are given as 0.
///
/// # Errors
/// The count is 0 or above 2049, or a kernel's parameter is out of range.
///
/// ```
/// use dltheory::{measure::circle_eigenvalues, model::Kernel};
/// // x·x' = cos θ: two directions with λ = ½.
/// let linear = Kernel::Polynomial { degree: 1, offset: 0.0 };
/// let eigenvalues = circle_eigenvalues(linear, 3)?;
/// assert!((eigenvalues[0] - 0.5).abs() < 1e-12 && (eigenvalues[1] - 0.5).abs() < 1e-12 && eigenvalues[2] == 0.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn circle_eigenvalues(kernel: Kernel, count: usize) -> Result<Array1<f64>> {
    check_count("the number of eigenvalues", count)?;
    let most = GRID / 8;
    if count > 2 * most + 1 {
        let expected = format!("at most {}", 2 * most + 1);
        return Err(Error::domain("the number of eigenvalues", expected, count));
    }
    let angle = |i: usize| 2.0 * PI * i as f64 / GRID as f64;
    let points = Array2::from_shape_fn((GRID, 2), |(i, axis)| match axis {
        0 => angle(i).cos(),
        _ => angle(i).sin(),
    });
    let start = Array2::from_shape_fn((1, 2), |(_, axis)| 1.0 - axis as f64);
    let values = kernel.matrix(&start, &points)?;
    // In units of the largest, so that the sum does not overflow.
    let largest = larger(f64::MIN_POSITIVE, largest(values.iter().map(|v| v.abs())));
    let coefficient = |k: usize| {
        // Modulo the grid the argument stays small and exact.
        let terms = values.iter().enumerate();
        terms
            .map(|(i, value)| value / largest * angle(i * k % GRID).cos())
            .sum::<f64>()
            / GRID as f64
    };
    let mut eigenvalues = Vec::with_capacity(2 * most + 1);
    for k in 0..=most {
        let value = match coefficient(k) {
            value if value < 1e-14 => 0.0,
            value => largest * value,
        };
        eigenvalues.extend(std::iter::repeat_n(value, if k == 0 { 1 } else { 2 }));
    }
    eigenvalues.sort_by(|a, b| b.total_cmp(a));
    eigenvalues.truncate(count);
    Ok(eigenvalues.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// K_b of the ReLU NTK has 1/π² at frequency 0, ¼ of cos θ from θ/2π…: the trace is the check that needs no series.
    #[test]
    fn eigenvalues_sum_to_the_diagonal() {
        for (kernel, tail) in [
            (Kernel::Gaussian { sigma: 0.5 }, 1e-12),
            (Kernel::Laplace { sigma: 1.0 }, 1e-3),
            (Kernel::ReluNtk { hidden_layers: 1 }, 1e-3),
        ] {
            let sum = circle_eigenvalues(kernel, 2049).expect("valid").sum();
            assert!((sum - 1.0).abs() < tail, "{kernel:?}: {sum}");
        }
    }

    /// Without a bias a ReLU network is even plus linear: odd frequencies from 3 on are missing.
    #[test]
    fn a_cusp_gives_a_power_law_and_relu_misses_odd_frequencies() {
        let laplace = circle_eigenvalues(Kernel::Laplace { sigma: 1.0 }, 801).expect("valid");
        // λ_k = c/k² for a cusp −c'|θ|: twice the frequency, a quarter.
        assert!((laplace[200] / laplace[400] / 4.0 - 1.0).abs() < 0.02);
        let ntk = circle_eigenvalues(Kernel::ReluNtk { hidden_layers: 1 }, 2049).expect("valid");
        let present = ntk.iter().filter(|value| **value > 0.0).count();
        assert_eq!(present, 1 + 2 + 2 * 512);
    }

    #[test]
    fn bad_input_is_an_error() {
        let kernel = Kernel::Laplace { sigma: 1.0 };
        assert!(
            circle_eigenvalues(kernel, 0).is_err() && circle_eigenvalues(kernel, 2050).is_err()
        );
        assert!(circle_eigenvalues(Kernel::Laplace { sigma: 0.0 }, 3).is_err());
    }
}
