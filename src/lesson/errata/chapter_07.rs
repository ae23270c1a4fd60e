//! Kernels and tangent kernels.

use super::{Erratum, LEVEL};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::Claim;
use crate::measure::{expected_log_condition, gaussian_condition};
use crate::rng::stream;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "condition_number",
        chapter: 7,
        slide: "CMSC 828W, \"Neural Tangent Kernels\": E log κ ≈ log(m/(|m − n| + 1)) for a Gaussian model of m parameters \
                and n examples. That is the shape of ln of the ratio of singular values, and κ is its square.",
        claims: condition_number,
    },
    Erratum {
        id: "gradient_and_loss",
        chapter: 7,
        slide: "CMSC 828W, \"Neural Tangent Kernels\": \"the magnitude of the gradient is at least a multiple of the loss\". \
                With 2u for a residual u the loss is four times as large and its gradient twice: no \
                constant does for all residuals. It is the square of the magnitude.",
        claims: gradient_and_loss,
    },
];

fn condition_number(seed: u64) -> Result<[Claim; 2]> {
    let (n, m) = (100, 200);
    let measured = gaussian_condition(n, m, 24, seed)?;
    let printed = (m as f64 / (m.abs_diff(n) + 1) as f64).ln();
    // The mean of a logarithm is not the logarithm of the mean.
    let claim = |text, predicted| Claim::mean_equals(text, predicted, measured, 0.01, LEVEL);
    Ok([
        claim("n = 100, m = 200: E ln κ is ln(m/(|m − n| + 1))", printed)?,
        claim(
            "E ln κ is 2 ln((√m + √n)/(√m − √n)), moved inwards by Tracy and Widom's shift",
            expected_log_condition(n, m)?,
        )?,
    ])
}

/// For a linear model and L = ½‖u‖², ∇L = Aᵀu: at the residual 2u the loss is four times as large, its gradient twice.
fn gradient_and_loss(seed: u64) -> Result<[Claim; 2]> {
    let rng = &mut stream(seed, "erratum: gradient and loss", 0);
    let (a, u) = (gaussian(5, 8, rng)?, gaussian(5, 1, rng)?);
    let ratio = |power: i32| {
        let of = |scale: f64| {
            let u = &u * scale;
            let gradient = a.t().dot(&u);
            let loss = 0.5 * u.iter().map(|v| v * v).sum::<f64>();
            gradient
                .iter()
                .map(|v| v * v)
                .sum::<f64>()
                .sqrt()
                .powi(power)
                / loss
        };
        of(2.0) / of(1.0)
    };
    Ok([
        Claim::equals(
            "‖∇L‖/L does not depend on the residual: twice the residual over once",
            1.0,
            ratio(1),
            1e-12,
        ),
        Claim::equals(
            "‖∇L‖²/L does not depend on the residual: twice the residual over once",
            1.0,
            ratio(2),
            1e-12,
        ),
    ])
}
