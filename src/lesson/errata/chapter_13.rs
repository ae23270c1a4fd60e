//! Double descent.

use super::{Erratum, LEVEL};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::Claim;
use crate::fit::min_norm;
use crate::linalg::thin_svd;
use crate::rng::stream;
use crate::stats::{Estimate, estimate};

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "squared_error",
        chapter: 13,
        slide: "CMSC 828W, \"the double descent curve for some simple distributions\": the test error is ‖β − β*‖. It is the \
                square, as the formula beside it shows.",
        claims: squared_error,
    },
    Erratum {
        id: "inverse_beyond_n",
        chapter: 13,
        slide: "CMSC 828W, same place: (XᵀX)⁻¹Xᵀy = X⁺y for every p. Beyond n the matrix XᵀX has no inverse; there X⁺y is \
                Xᵀ(XXᵀ)⁻¹y.",
        claims: inverse_beyond_n,
    },
];

/// Least squares on pure noise: n = 30 examples, p = 10 features, β* = 0, σ = 1; E‖β‖² = p/(n − p − 1).
fn squared_error(seed: u64) -> Result<[Claim; 2]> {
    let (n, p) = (30, 10);
    let length = |power: i32| -> Result<Estimate> {
        estimate(1000, seed, "erratum: squared error", |rng| {
            let fit = min_norm(&gaussian(n, p, rng)?, &gaussian(n, 1, rng)?, None)?;
            let square: f64 = fit.weights.iter().map(|w| w * w).sum();
            Ok(square.sqrt().powi(power))
        })
    };
    let predicted = p as f64 / (n - p - 1) as f64;
    let claim = |text, found| Claim::mean_equals(text, predicted, found, 0.0, LEVEL);
    Ok([
        claim(
            "n = 30, p = 10, σ = 1: E‖β − β*‖ is p/(n − p − 1)",
            length(1)?,
        )?,
        claim("E‖β − β*‖² is p/(n − p − 1)", length(2)?)?,
    ])
}

fn inverse_beyond_n(seed: u64) -> Result<[Claim; 2]> {
    let (n, p) = (10, 25);
    let x = gaussian(n, p, &mut stream(seed, "erratum: inverse", 0))?;
    let rank =
        |matrix: &ndarray::Array2<f64>| -> Result<f64> { Ok(thin_svd(matrix)?.rank(None) as f64) };
    Ok([
        Claim::equals(
            "n = 10, p = 25: XᵀX has full rank p",
            p as f64,
            rank(&x.t().dot(&x))?,
            0.0,
        ),
        Claim::equals("XXᵀ has full rank n", n as f64, rank(&x.dot(&x.t()))?, 0.0),
    ])
}
