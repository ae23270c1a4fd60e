//! The support vector machine and principal components, on the map and on the kernel.

use ndarray::{Array2, Axis};

use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::fit::kernel_margin::decisions;
use crate::fit::{hard_margin, kernel_hard_margin, kernel_pca};
use crate::linalg::thin_svd;
use crate::model::{Kernel, polynomial_features};
use crate::stats::{larger, largest, least};

/// Principal components that are compared.
const COMPONENTS: usize = 3;

/// Roundings of an entry that pass through a factorisation.
const ROUNDINGS: f64 = 100.0;

/// How far map and kernel are apart, in units of what rounding does.
pub(super) struct Machines {
    pub svm: f64,
    pub pca: f64,
}

impl Machines {
    /// On training inputs `x` and test inputs `t`, `(n, d)`, by the kernel (x·x' + 1)^q.
    pub(super) fn new(
        degree: usize,
        x: &Array2<f64>,
        t: &Array2<f64>,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        let (phi, phi_test) = (
            polynomial_features(x, degree, 1.0)?,
            polynomial_features(t, degree, 1.0)?,
        );
        let kernel = Kernel::Polynomial {
            degree: degree as u32,
            offset: 1.0,
        };
        let (gram, cross) = (kernel.matrix(x, x)?, kernel.matrix(t, x)?);
        // Signs that some weights on the map have, so that they can be separated.
        let signs = phi.dot(&gaussian(phi.ncols(), 1, rng)?);
        let signs = signs.mapv(|v| if v >= 0.0 { 1.0 } else { -1.0 });
        Ok(Self {
            svm: svm([&phi, &phi_test], [&gram, &cross], &signs)?,
            pca: pca([&phi, &phi_test], [&gram, &cross])?,
        })
    }
}

fn svm(map: [&Array2<f64>; 2], kernel: [&Array2<f64>; 2], signs: &Array2<f64>) -> Result<f64> {
    let (Some(explicit), Some(svm)) = (
        hard_margin(map[0], signs)?,
        kernel_hard_margin(kernel[0], signs)?,
    ) else {
        // One of the two calls separable points inseparable.
        return Ok(f64::INFINITY);
    };
    let by_map = map[1].dot(&explicit.weights);
    let by_kernel = decisions(&svm, signs, kernel[1])?;
    let longest = largest(kernel[0].diag()).sqrt();
    let scale = largest(by_map.iter().map(|d| d.abs()));
    let rounding = ROUNDINGS * f64::EPSILON * (longest / explicit.margin).powi(2) * scale;
    Ok(largest((by_map - by_kernel).iter().map(|d| d.abs())) / rounding)
}

fn pca(map: [&Array2<f64>; 2], kernel: [&Array2<f64>; 2]) -> Result<f64> {
    let n = map[0].nrows();
    let mean = map[0].sum_axis(Axis(0)) / n as f64;
    let svd = thin_svd(&(map[0] - &mean))?;
    let count = COMPONENTS.min(svd.rank(None));
    if count == 0 {
        return Ok(0.0);
    }
    let by_map = (map[1] - &mean).dot(&svd.vt.t());
    let by_kernel = kernel_pca(kernel[0], count)?.transform(kernel[1])?;
    let variance = |j: usize| svd.s.get(j).map_or(0.0, |s| s * s);
    let gap = least((0..count).map(|j| variance(j) - variance(j + 1)));
    let mut off: f64 = 0.0;
    for j in 0..count {
        let (one, other) = (by_map.column(j), by_kernel.column(j));
        let sign = one.dot(&other).signum();
        off = larger(
            off,
            largest((&one - &(&other * sign)).iter().map(|d| d.abs())),
        );
    }
    let scale = largest(by_map.iter().map(|d| d.abs()));
    Ok(off / (ROUNDINGS * f64::EPSILON * variance(0) / gap * scale))
}
