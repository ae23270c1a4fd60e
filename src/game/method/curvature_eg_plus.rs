//! Extragradient whose steps follow the curvature: CurvatureEG+.

use super::{Method, step_against};
use crate::error::{Error, Result};
use crate::game::{Game, StochasticField};
use crate::linalg::spectral_norm;
use crate::optimise::Prox;
use crate::real::norm;

/// CurvatureEG+: the longest exploring step that the field allows here, and an update as long as that allows:
///
/// - γ from ν/‖J(z)‖, times τ until γ‖V(z̄) − V(z)‖ ≤ ν‖z̄ − z‖ with z̄ = prox_γ(z − γV(z));
/// - with H = id − γV, α = δ/γ + ⟨z̄ − z, Hz̄ − Hz⟩/‖Hz̄ − Hz‖² for a δ just above −γ/2;
/// - z ← z + α(Hz̄ − Hz).
///
/// It converges where the weak Minty inequality holds with ρ ≥ δ in every step: where V is flat γ is long, and ρ may lie below
/// −1/2L, where [`EgPlus`](super::EgPlus) with γ = 1/L circles for ever. It asks the game itself for its Jacobian.
///
/// # Reference
/// Pethick, Latafat, Patrinos, Fercoq & Cevher 2022, "Escaping limit cycles", arXiv:2302.09831, algorithm 1.
/// Slide "When do the algorithms converge?": "adaptive variants".
#[derive(Clone, Copy, Debug)]
pub struct CurvatureEgPlus<'g, G> {
    /// The game whose Jacobian is asked.
    pub game: &'g G,
    /// ν, in (0, 1).
    pub nu: f64,
    /// τ, what γ is multiplied by where it is too long, in (0, 1).
    pub tau: f64,
    /// δ/(−γ/2), in (0, 1).
    pub share: f64,
}

impl<'g, G: Game> CurvatureEgPlus<'g, G> {
    /// ν = 0.99, τ = ½, δ = −0.99γ/2.
    #[must_use]
    pub fn of(game: &'g G) -> Self {
        Self {
            game,
            nu: 0.99,
            tau: 0.5,
            share: 0.99,
        }
    }
}

/// Buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    ahead: Vec<f64>,
    here: Vec<f64>,
    there: Vec<f64>,
    sample: S,
}

/// Halvings of γ after which a field is no Lipschitz one.
const MOST: usize = 200;

impl<G: Game> Method for CurvatureEgPlus<'_, G> {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        for (what, value) in [
            ("ν of the curvature", self.nu),
            ("the factor τ", self.tau),
            ("the share of −γ/2", self.share),
        ] {
            if !(value > 0.0 && value < 1.0) {
                return Err(Error::domain(what, "between 0 and 1", value));
            }
        }
        Ok(())
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        let blank = vec![0.0; z.len()];
        Ok(Memory {
            ahead: blank.clone(),
            here: blank.clone(),
            there: blank,
            sample: field.blank(),
        })
    }

    fn step<F: StochasticField>(
        &self,
        field: &F,
        prox: &impl Prox,
        _k: usize,
        z: &mut [f64],
        memory: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        let Memory {
            ahead,
            here,
            there,
            sample,
        } = memory;
        field.draw(sample, rng);
        field.sampled(z, sample, here)?;
        let mut gamma = self.nu / spectral_norm(&self.game.jacobian(z)?)?;
        // A flat place allows any step, and V = 0 needs none.
        if !gamma.is_finite() {
            gamma = 1.0;
        }
        for tried in 0..=MOST {
            ahead.copy_from_slice(z);
            step_against(ahead, gamma, here);
            prox.prox(ahead, gamma);
            field.sampled(ahead, sample, there)?;
            let bends = gamma * distance(there, here);
            // Where the field is nearly linear the two are nearly equal: rounding must not decide.
            let rounding = 4.0 * f64::EPSILON * (norm([&*z]) + norm([&ahead[..]]));
            let reach = self.nu * distance(ahead, z) * (1.0 + 1e-9) + rounding;
            if bends <= reach || tried == MOST {
                break;
            }
            gamma *= self.tau;
        }
        // Hz̄ − Hz.
        let moves = |i: usize| (ahead[i] - z[i]) - gamma * (there[i] - here[i]);
        let (mut along, mut square) = (0.0, 0.0);
        for i in 0..z.len() {
            along += (ahead[i] - z[i]) * moves(i);
            square += moves(i) * moves(i);
        }
        if square == 0.0 {
            return Ok(());
        }
        let alpha = along / square - 0.5 * self.share;
        let new: Vec<f64> = (0..z.len()).map(|i| z[i] + alpha * moves(i)).collect();
        z.copy_from_slice(&new);
        Ok(())
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    let apart: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    norm([&apart[..]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::{Forsaken, Quadratic};
    use crate::game::method::EgPlus;
    use crate::game::{PlaySettings, play};
    use crate::optimise::{Status, Unconstrained, Unseen};
    use crate::rng::stream;

    /// From the cycle of `Forsaken` to its solution, which EG+ of step 1/L never finds.
    #[test]
    fn it_leaves_the_cycle() {
        let game = Forsaken::default();
        let settings = PlaySettings {
            steps: 5000,
            stop: Some(1e-12),
            ..PlaySettings::default()
        };
        let (all, start) = (&Unconstrained, [1.0, -0.8]);
        let rng = &mut stream(1, "unused", 0);
        let curved = CurvatureEgPlus::of(&game);
        let end = play(&game, &curved, all, &start, &settings, rng, &mut Unseen).expect("valid");
        assert_eq!(end.status, Status::Reached, "{end:?}");
        assert!((end.z[0] - 0.07803).abs() < 1e-5 && (end.z[1] - 0.41193).abs() < 1e-5);
        let plain = EgPlus::new(1.0 / 12.4026, 0.5);
        let end = play(&game, &plain, all, &start, &settings, rng, &mut Unseen).expect("valid");
        assert!(end.status == Status::Finished && end.field_norm > 0.1);
    }

    /// On a linear field J = L·Q, Q a rotation by θ: γ = ν/L and z̄ at once, so the factor is known:
    /// 1 − αγλ(1 − γλ) with α = Re⟨λ, λ(1 − γλ)⟩/|λ(1 − γλ)|² − 0.495.
    #[test]
    fn its_factor_on_a_linear_field() {
        let game = Quadratic { a: 1.5, b: -0.4 };
        let (lambda, l) = ((-0.4, 1.5_f64), 1.5_f64.hypot(0.4));
        let gamma = 0.99 / l;
        let lean = (1.0 - gamma * lambda.0, -gamma * lambda.1);
        let size = lean.0.hypot(lean.1);
        let alpha = lean.0 / (size * size) - 0.495;
        let product = (
            lambda.0 * lean.0 - lambda.1 * lean.1,
            lambda.0 * lean.1 + lambda.1 * lean.0,
        );
        let expected = (1.0 - alpha * gamma * product.0).hypot(alpha * gamma * product.1);
        let settings = PlaySettings {
            steps: 1,
            ..PlaySettings::default()
        };
        let rng = &mut stream(1, "unused", 0);
        let (method, all) = (CurvatureEgPlus::of(&game), &Unconstrained);
        let end = play(
            &game,
            &method,
            all,
            &[0.6, 0.8],
            &settings,
            rng,
            &mut Unseen,
        );
        let end = end.expect("valid");
        assert!(
            (norm([&end.z[..]]) - expected).abs() < 1e-12,
            "{end:?} {expected}"
        );
        let bad = CurvatureEgPlus { tau: 1.0, ..method };
        assert_eq!(
            bad.check().expect_err("no fall").argument(),
            Some("the factor τ")
        );
    }
}
