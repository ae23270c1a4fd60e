//! The phase diagram of two-layer ReLU networks: how weights move in the limit of many neurons.

use crate::error::{Error, Result, check_positive, within_range};
use crate::model::Init;
use crate::stats::larger;

/// A scaling of a two-layer network with the number m of its neurons.
///
/// The network is f(x) = (1/α) Σ_k a_k σ(w_k·x), k = 1…m, with a_k ~ N(0, β₁²), w_k ~ N(0, β₂² I) and σ the ReLU.
///
/// # Formula
/// γ = −lim ln(β₁β₂/α)/ln m and γ' = −lim ln(β₁/β₂)/ln m. What gradient flow does depends on these two alone: β₁β₂/α
/// says how large the output is, β₁/β₂ which layer learns.
///
/// # Reference
/// Luo, Xu, Ma & Zhang 2021, "Phase diagram for two-layer ReLU neural networks at infinite-width limit", JMLR 22(71),
/// arXiv:2007.07497. Their β₁ belongs to the output weights, the tutorial's β₁ to the input weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    /// γ.
    pub gamma: f64,
    /// γ'.
    pub gamma_prime: f64,
}

/// What the input weights do as m → ∞.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regime {
    /// Their relative change goes to 0.
    Lazy,
    /// It stays of order 1.
    Critical,
    /// It goes to ∞: neurons condense on a few directions.
    Condensed,
}

impl std::fmt::Display for Regime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Lazy => "lazy",
            Self::Critical => "critical",
            Self::Condensed => "condensed",
        })
    }
}

impl Scaling {
    /// LeCun and He: β₁² = 1/m or 2/m, β₂² = 1/d or 2/d.
    pub const HE: Self = Self::new(0.5, 0.5);
    /// Weights of order 1, output times 1/√m.
    pub const NTK_PARAMETRISED: Self = Self::new(0.5, 0.0);
    /// The tutorial's row "NTK": β₁ = 1, β₂² = 2/m.
    pub const NTK: Self = Self::new(0.5, -0.5);
    /// β₁² = 2/(m + 1), β₂² = 2/(m + d).
    pub const XAVIER: Self = Self::new(1.0, 0.0);
    /// Weights of order 1, output times 1/m.
    pub const MEAN_FIELD: Self = Self::new(1.0, 0.0);

    /// The point (γ, γ').
    #[must_use]
    pub const fn new(gamma: f64, gamma_prime: f64) -> Self {
        Self { gamma, gamma_prime }
    }

    /// The finite-width coordinates of a network with `m` neurons: without the limit.
    ///
    /// # Errors
    /// `m` is below 2; a scale is not positive and finite, or quotients of scales are beyond the range of f64.
    ///
    /// ```
    /// use dltheory::measure::Scaling;
    /// let m = 10_000_usize;
    /// let mean_field = Scaling::of(m, 1.0, 1.0, m as f64)?;
    /// assert!((mean_field.gamma - 1.0).abs() < 1e-12 && mean_field.gamma_prime == 0.0);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn of(m: usize, beta_1: f64, beta_2: f64, alpha: f64) -> Result<Self> {
        if m < 2 {
            return Err(Error::domain("the number of neurons", "at least 2", m));
        }
        check_positive("β₁", beta_1)?;
        check_positive("β₂", beta_2)?;
        check_positive("α", alpha)?;
        let log = (m as f64).ln();
        let (one, two) = (beta_1.ln(), beta_2.ln());
        // 0 − x, so that nothing becomes −0.
        Ok(Self::new(
            0.0 - (one + two - alpha.ln()) / log,
            0.0 - (one - two) / log,
        ))
    }

    /// The start of a network with `m` neurons at this point, α = 1: β₁ = m^−(γ+γ')/2, β₂ = m^−(γ−γ')/2.
    ///
    /// # Errors
    /// `m` is 0; an exponent is not finite; scales beyond the range of f64.
    pub fn init(&self, m: usize) -> Result<Init> {
        if m == 0 {
            return Err(Error::domain("the number of neurons", "at least 1", m));
        }
        let scale = |what: &str, exponent: f64| {
            let beta = within_range(what, (m as f64).powf(-exponent / 2.0))?;
            check_positive(what, within_range(what, beta * beta)?).map(|()| beta)
        };
        let beta_1 = scale("β₁", self.gamma + self.gamma_prime)?;
        let beta_2 = scale("β₂", self.gamma - self.gamma_prime)?;
        Ok(Init::two_layer(beta_1, beta_2))
    }

    /// What the input weights do: lazy if γ < 1 or γ' > γ − 1, condensed if γ > 1 and γ' < γ − 1, else critical.
    #[must_use]
    pub fn regime(&self) -> Regime {
        let edge = self.gamma - 1.0;
        if edge < 0.0 || self.gamma_prime > edge {
            Regime::Lazy
        } else if edge > 0.0 && self.gamma_prime < edge {
            Regime::Condensed
        } else {
            Regime::Critical
        }
    }

    /// The slope of ln(‖ΔW‖_F/‖W(0)‖_F) by ln m for the input weights W, after training targets of order 1.
    ///
    /// # Formula
    /// With s = max(γ − 1, −½):
    ///
    /// | where | slope |
    /// |---|---|
    /// | γ ≤ 1, γ' ≤ 0 | s |
    /// | γ ≤ 1, γ' ≥ 0 | s − 2γ' |
    /// | γ ≥ 1, γ' ≤ 1 − γ | γ − 1 |
    /// | γ ≥ 1, 1 − γ ≤ γ' ≤ γ − 1 | (γ − 1 − γ')/2 |
    /// | γ ≥ 1, γ' ≥ γ − 1 | 2(γ − 1 − γ') |
    ///
    /// # Why
    /// Write a = β₁ā, w = β₂w̄ with ā, w̄ of order 1 at the start, κ = β₁β₂/α, κ' = β₁/β₂. The output is κ Σ ā σ(w̄·x).
    /// At the start it is of order κ√m (signs are random); learning moves it by max(1, κ√m), coherently: each ā σ(w̄·x)
    /// by D = max(1/(κm), 1/√m) = m^s. Gradient flow conserves a² − ‖w‖², and moves w̄ by κ'² for each step of ā.
    /// - D ≤ 1: ā and w̄ together move by D. For κ' ≥ 1 it is w̄; else ā moves by D and w̄ by κ'²D.
    /// - D > 1, growth of both: |a| ≈ ‖w‖ ≈ √(α/m) at the end, so w̄² ≈ κ'/(κm).
    /// - D > 1 and a so large that it need not move (κκ'm ≥ 1): w̄ grows to 1/(κm).
    /// - D > 1 and w̄ so large that it need not move (κ' ≤ κm): ā grows to 1/(κm), and by the conserved quantity
    ///   w̄² changes by κ'²/(κm)².
    ///
    /// It is an argument about orders of magnitude: logarithms of m are neglected.
    #[must_use]
    pub fn slope(&self) -> f64 {
        let Self { gamma, gamma_prime } = *self;
        let edge = gamma - 1.0;
        if edge <= 0.0 {
            larger(edge, -0.5) - 2.0 * larger(gamma_prime, 0.0)
        } else if gamma_prime <= -edge {
            edge
        } else if gamma_prime <= edge {
            (edge - gamma_prime) / 2.0
        } else {
            2.0 * (edge - gamma_prime)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mlp::{Mlp, MlpSettings};
    use crate::rng::stream;

    /// The coordinates of every named scheme from its own variances, at two widths: their difference has no constants.
    #[test]
    fn named_points_are_those_of_the_schemes() {
        for (init, point) in [
            (Init::HE, Scaling::HE),
            (Init::LECUN, Scaling::HE),
            (Init::NTK, Scaling::NTK),
            (Init::XAVIER, Scaling::XAVIER),
            (Init::MEAN_FIELD, Scaling::MEAN_FIELD),
            (Init::NTK_PARAMETRISED, Scaling::NTK_PARAMETRISED),
        ] {
            let logs = |m: usize| {
                let two = init.first.variance.value(5, m).sqrt();
                let one = init.last.variance.value(m, 1).sqrt();
                let c = init.first.multiplier.value(5, m) * init.last.multiplier.value(m, 1);
                let at = Scaling::of(m, one, two, 1.0 / c).expect("valid");
                let log = (m as f64).ln();
                (at.gamma * log, at.gamma_prime * log)
            };
            let ((g, p), (h, q)) = (logs(1_000_000), logs(100_000_000));
            let step = 100_f64.ln();
            assert!(((h - g) / step - point.gamma).abs() < 1e-5, "{}", init.name);
            assert!(
                ((q - p) / step - point.gamma_prime).abs() < 1e-5,
                "{}",
                init.name
            );
        }
    }

    #[test]
    fn a_start_has_the_coordinates_it_was_made_for() {
        let point = Scaling::new(1.5, -0.25);
        let init = point.init(400).expect("in range");
        let beta = |rule: crate::model::init::Rule| rule.variance.value(3, 3).sqrt();
        let back = Scaling::of(400, beta(init.last), beta(init.first), 1.0).expect("valid");
        assert!((back.gamma - 1.5).abs() < 1e-12 && (back.gamma_prime + 0.25).abs() < 1e-12);
        let settings = MlpSettings {
            init,
            ..MlpSettings::of_sizes(&[3, 400, 1])
        };
        assert!(Mlp::new(&settings, &mut stream(1, "phase", 0)).is_ok());
    }

    /// The slope is continuous, 0 on the boundary, negative where lazy and positive where condensed.
    #[test]
    fn slope_and_regime_agree() {
        for i in 0..=40 {
            for j in -20..=20 {
                let at = Scaling::new(f64::from(i) / 16.0, f64::from(j) / 16.0);
                let slope = at.slope();
                match at.regime() {
                    Regime::Lazy => assert!(slope < 0.0, "{at:?} {slope}"),
                    Regime::Condensed => assert!(slope > 0.0, "{at:?} {slope}"),
                    Regime::Critical => assert_eq!(slope, 0.0, "{at:?}"),
                }
                for (dx, dy) in [(1e-6, 0.0), (0.0, 1e-6)] {
                    let near = Scaling::new(at.gamma + dx, at.gamma_prime + dy).slope();
                    assert!((near - slope).abs() < 1e-5, "{at:?}");
                }
            }
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(Scaling::of(1, 1.0, 1.0, 1.0).is_err());
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Scaling::of(10, bad, 1.0, 1.0).is_err());
            assert!(Scaling::of(10, 1.0, bad, 1.0).is_err());
            assert!(Scaling::of(10, 1.0, 1.0, bad).is_err());
        }
        assert!(Scaling::new(f64::NAN, 0.0).init(10).is_err());
        assert!(Scaling::new(1e4, 0.0).init(10).is_err());
        assert!(Scaling::HE.init(0).is_err());
    }
}
