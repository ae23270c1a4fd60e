//! The upper bounds on P/ε that the tutorial lists for the lazy regime.

use crate::error::{Error, Result};

/// The three initialisations of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LazyScheme {
    /// Variance 1/fan_in everywhere.
    LeCun,
    /// Variance 2/fan_in everywhere.
    He,
    /// Variance 2/m below the last layer, 1 in it.
    Ntk,
}

/// One bound of the table, up to its unnamed constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StabilityBound {
    /// The whole expression.
    pub value: f64,
    /// Its limit m → ∞ at this depth, the only part that says something at widths below L³.
    pub plateau: f64,
}

/// The bound on P(h, ε)/ε for inputs of norm 1, a ReLU network of `depth` L layers, `width` m and input
/// `dimension` p in the lazy regime.
///
/// # Formula
/// | scheme | bound |
/// |---|---|
/// | LeCun | (√(L³m/p)·e^{−m/L³} + √(1/p))·(√2/2)^{L−2} |
/// | He | √(L³m/p)·e^{−m/L³} + √(1/p) |
/// | NTK | √(L³m/p)·e^{−m/L³} + 1 |
///
/// These hold up to an unnamed constant factor (≲). At initialisation, for m → ∞ and large p, the exact value is
/// 1/√π = 0.564 (LeCun), 2/√π = 1.128 (He) and √(2/π) = 0.798 (NTK) plateaus: so the factor is not 1.
///
/// # Errors
/// A depth below 2, a width or a dimension of 0; a bound beyond the range of f64.
///
/// # Reference
/// Zhu, Liu, Chrysos & Cevher 2022, arXiv:2209.07263, theorem 1, as in the tutorial's table "Main results (Lazy-training
/// regime)".
pub fn lazy_stability_bound(
    scheme: LazyScheme,
    depth: usize,
    width: usize,
    dimension: usize,
) -> Result<StabilityBound> {
    let (l, m) = check(depth, width)?;
    if dimension == 0 {
        return Err(Error::domain(
            "the input dimension",
            "at least 1",
            dimension,
        ));
    }
    let p = dimension as f64;
    let cube = l.powi(3);
    let falling = (cube * m / p).sqrt() * (-m / cube).exp();
    let (plateau, factor) = match scheme {
        LazyScheme::LeCun => ((1.0 / p).sqrt(), 0.5_f64.powf((l - 2.0) / 2.0)),
        LazyScheme::He => ((1.0 / p).sqrt(), 1.0),
        LazyScheme::Ntk => (1.0, 1.0),
    };
    Ok(StabilityBound {
        value: finite((falling + plateau) * factor)?,
        plateau: plateau * factor,
    })
}

/// The bound L²m^{1/3}√(ln m) + √(mL) that the tutorial compares with, for the NTK scheme.
///
/// # Errors
/// A depth below 2 or a width of 0; a bound beyond the range of f64.
///
/// # Reference
/// Wu, Chen, Cai, He & Gu 2021, "Do wider neural networks really help adversarial robustness?", arXiv:2010.01279.
pub fn wu_stability_bound(depth: usize, width: usize) -> Result<f64> {
    let (l, m) = check(depth, width)?;
    finite(l * l * m.cbrt() * m.ln().sqrt() + (m * l).sqrt())
}

/// The bound 2^{(3L−5)/2}·√L that the tutorial compares with, for the NTK scheme.
///
/// # Errors
/// A depth below 2; a bound beyond the range of f64.
///
/// # Reference
/// Huang, Wang, Erfani, Gu, Bailey & Ma 2021, "Exploring architectural ingredients of adversarially robust deep neural
/// networks", arXiv:2110.03825.
pub fn huang_stability_bound(depth: usize) -> Result<f64> {
    let (l, _) = check(depth, 1)?;
    finite(((3.0 * l - 5.0) / 2.0).exp2() * l.sqrt())
}

fn check(depth: usize, width: usize) -> Result<(f64, f64)> {
    if depth < 2 {
        return Err(Error::domain("the depth", "at least 2 layers", depth));
    }
    if width == 0 {
        return Err(Error::domain("the width", "at least 1", width));
    }
    Ok((depth as f64, width as f64))
}

fn finite(bound: f64) -> Result<f64> {
    crate::error::within_range("the bound", bound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::robustness::{ball_constant, initial_gradient};
    use crate::model::Init;

    /// Exact value at initialisation over plateau, for a wide net and many inputs.
    #[test]
    fn the_hidden_constants() {
        let (m, p) = (1 << 20, 1 << 14);
        for (scheme, init, ratio) in [
            (
                LazyScheme::LeCun,
                Init::LECUN,
                (1.0 / std::f64::consts::PI).sqrt(),
            ),
            (LazyScheme::He, Init::HE, 2.0 / std::f64::consts::PI.sqrt()),
            (
                LazyScheme::Ntk,
                Init::NTK,
                (2.0 / std::f64::consts::PI).sqrt(),
            ),
        ] {
            for depth in [2, 5, 8] {
                let mut sizes = vec![m; depth + 1];
                (sizes[0], sizes[depth]) = (p, 1);
                let exact = ball_constant(p).expect("valid")
                    * initial_gradient(&init, &sizes).expect("valid").mean;
                let bound = lazy_stability_bound(scheme, depth, m, p).expect("valid");
                assert!((bound.value / bound.plateau - 1.0).abs() < 1e-12);
                let got = exact / bound.plateau;
                assert!(
                    (got / ratio - 1.0).abs() < 1e-3,
                    "{scheme:?} {depth}: {got}"
                );
            }
        }
    }

    #[test]
    fn the_other_bounds_and_bad_input() {
        assert!((huang_stability_bound(3).expect("valid") - 4.0 * 3_f64.sqrt()).abs() < 1e-12);
        assert_eq!(wu_stability_bound(4, 1).expect("valid"), 2.0);
        assert!(huang_stability_bound(usize::MAX).is_err() && huang_stability_bound(1).is_err());
        assert!(wu_stability_bound(2, 0).is_err() && wu_stability_bound(usize::MAX, 8).is_ok());
        assert!(lazy_stability_bound(LazyScheme::He, 2, 3, 0).is_err());
    }
}
