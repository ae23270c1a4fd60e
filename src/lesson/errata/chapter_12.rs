//! Complexity measures.

use ndarray::Array2;

use super::Erratum;
use crate::error::Result;
use crate::experiment::Claim;
use crate::measure::complexity::{Norms, path_norm};
use crate::model::{Activation, Mlp, mlp::Layer};

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "spectral_exponents",
        chapter: 12,
        slide: "Tutorial, complexity measures: the spectral complexity has 3/2 inside the sum and 2/3 outside. Bartlett, Foster \
                and Telgarsky have them the other way round, and depth costs L^(3/2) instead of L^(2/3).",
        claims: spectral_exponents,
    },
    Erratum {
        id: "path_norm_root",
        chapter: 12,
        slide: "Tutorial, complexity measures: the path norm is a sum of squared path weights. Without a root it is no length.",
        claims: path_norm_root,
    },
];

fn network(weights: Vec<Array2<f64>>) -> Mlp {
    let layer = |weights| Layer {
        weights,
        bias: None,
        multiplier: 1.0,
    };
    Mlp {
        layers: weights.into_iter().map(layer).collect(),
        activation: Activation::Relu,
    }
}

/// Layers I of 3 units have the ratio ‖I‖₂,₁/‖I‖ = 3 and the product 1: the complexity of 32 over that of 8.
fn spectral_exponents(_seed: u64) -> Result<[Claim; 2]> {
    let complexity = |depth| -> Result<f64> {
        let layers = vec![Array2::eye(3); depth];
        Ok(Norms::of(&network(layers), None)?.spectral_complexity())
    };
    let measured = complexity(32)? / complexity(8)?;
    let claim = |text, power| Claim::equals(text, 4_f64.powf(power), measured, 1e-9);
    Ok([
        claim(
            "four times as many equal layers: the spectral complexity of that paper grows 4^(2/3) times",
            2.0 / 3.0,
        ),
        claim("it grows 4^(3/2) times", 1.5),
    ])
}

fn path_norm_root(_seed: u64) -> Result<[Claim; 2]> {
    let norm = |last: f64| {
        path_norm(&network(vec![
            ndarray::array![[3.0, 0.0], [0.0, 4.0]],
            ndarray::array![[2.0, 1.0]] * last,
        ]))
    };
    let (once, twice) = (norm(1.0)?, norm(2.0)?);
    Ok([
        Claim::equals(
            "the output layer doubled, and so the function: Σ Π X² grows as the function does",
            2.0,
            (twice / once).powi(2),
            1e-12,
        ),
        Claim::equals(
            "√(Σ Π X²) grows as the function does",
            2.0,
            twice / once,
            1e-12,
        ),
    ])
}
