//! Where a method ends when its steps have vanished: on the flow of what it follows on average.

use statrs::function::erf::erfc;

use crate::error::Result;
use crate::game::arena::{ConstrainedBilinear, Forsaken};
use crate::game::{Eg, EgPlus, FlowSettings, Gda, PlaySettings, cycles, play};
use crate::optimise::{Field, Unconstrained, Unseen};
use crate::rng::stream;

/// What SEG+ follows in the box: with m = z − γV(z) and the mean μ of m + γσξ projected onto it, (m − μ)/γ + V(μ). V is affine.
struct Projected {
    game: ConstrainedBilinear,
    gamma: f64,
    /// γσ.
    sigma: f64,
}

/// E of m + σξ projected onto [−1, 1].
fn projected_mean(m: f64, sigma: f64) -> f64 {
    let density = |t: f64| (-0.5 * t * t).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let beyond = |t: f64| 0.5 * erfc(t / 2.0_f64.sqrt());
    // What is cut off at a side that is t standard deviations away.
    let cut = |t: f64| sigma * (density(t) - t * beyond(t));
    m - cut((1.0 - m) / sigma) + cut((1.0 + m) / sigma)
}

impl Field for Projected {
    fn dimension(&self) -> usize {
        2
    }

    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        self.game.at(z, v)?;
        let m = [0, 1].map(|i| z[i] - self.gamma * v[i]);
        let mean = m.map(|m| projected_mean(m, self.sigma));
        self.game.at(&mean, v)?;
        for ((v, m), mean) in v.iter_mut().zip(m).zip(mean) {
            *v += (m - mean) / self.gamma;
        }
        Ok(())
    }
}

/// Where SEG+ ends in the box, and how far that is from the solution; NaN where it was not found.
pub(super) fn biased_end(gamma: f64, noise: f64) -> Result<f64> {
    let game = ConstrainedBilinear::default();
    let field = Projected {
        game,
        gamma,
        sigma: gamma * noise,
    };
    let settings = PlaySettings {
        steps: 200_000,
        stop: Some(1e-9),
        ..PlaySettings::default()
    };
    let mut rng = stream(0, "no noise", 0);
    let slow = Gda::together(0.02);
    let end = play(
        &field,
        &slow,
        &Unconstrained,
        &[game.at; 2],
        &settings,
        &mut rng,
        &mut Unseen,
    )?;
    let away = end
        .z
        .iter()
        .map(|z| (z - game.at).powi(2))
        .sum::<f64>()
        .sqrt();
    Ok(if end.field_norm <= 1e-9 {
        away
    } else {
        f64::NAN
    })
}

/// The forsaken game's critical point, which attracts what begins beside it.
pub(super) fn forsaken_solution() -> Result<[f64; 2]> {
    let settings = PlaySettings {
        steps: 100_000,
        stop: Some(1e-13),
        ..PlaySettings::default()
    };
    let mut rng = stream(0, "no noise", 0);
    let (game, all) = (Forsaken::default(), &Unconstrained);
    let beside = [0.08, 0.41];
    let end = play(
        &game,
        &Eg::new(0.05),
        all,
        &beside,
        &settings,
        &mut rng,
        &mut Unseen,
    )?;
    Ok([end.z[0], end.z[1]])
}

/// Around the forsaken game's solution: the farthest point of the cycle that repels, and the nearest of the one that attracts. NaN
/// where there is none.
pub(super) fn forsaken_cycles() -> Result<(f64, f64)> {
    let game = Forsaken::default();
    let [x, y] = forsaken_solution()?;
    let found = cycles(&game, [x, y], (0.1, 2.0), 24, &FlowSettings::default())?;
    let distance = |z: &[f64; 2]| (z[0] - x).hypot(z[1] - y);
    let of = |attracts: bool, pick: fn(f64, f64) -> f64| {
        let own = found.iter().filter(|c| c.attracts() == attracts);
        let distances = own.flat_map(|c| c.path.iter().map(distance));
        distances.reduce(pick).unwrap_or(f64::NAN)
    };
    Ok((
        of(false, crate::stats::larger),
        of(true, crate::stats::smaller),
    ))
}

/// Where EG+ goes on the forsaken game without noise and with updates so short that it follows the flow of V(z − γV(z)): the distance
/// from the solution.
pub(super) fn exploring_end(gamma: f64, start: [f64; 2]) -> Result<f64> {
    let game = Forsaken::default();
    let settings = PlaySettings {
        steps: 400_000,
        stop: Some(1e-9),
        ..PlaySettings::default()
    };
    let mut rng = stream(0, "no noise", 0);
    let slow = EgPlus::new(gamma, 0.001 / gamma);
    let end = play(
        &game,
        &slow,
        &Unconstrained,
        &start,
        &settings,
        &mut rng,
        &mut Unseen,
    )?;
    let [x, y] = forsaken_solution()?;
    Ok((end.z[0] - x).hypot(end.z[1] - y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_distr::{Distribution, StandardNormal};

    #[test]
    fn the_projected_mean_is_that_of_samples() {
        let mut rng = stream(1, "test", 0);
        for (m, sigma) in [(0.9, 0.5), (-1.2, 0.3), (0.0, 2.0)] {
            let n = 100_000;
            let draw = |_| -> f64 {
                let xi: f64 = StandardNormal.sample(&mut rng);
                (m + sigma * xi).clamp(-1.0, 1.0)
            };
            let mean = (0..n).map(draw).sum::<f64>() / f64::from(n);
            // A projected number has at most the standard deviation 1.
            assert!((mean - projected_mean(m, sigma)).abs() < 5.0 / f64::from(n).sqrt());
        }
    }

    #[test]
    fn the_forsaken_point_is_critical() {
        let [x, y] = forsaken_solution().expect("valid");
        assert!(
            (x - 0.07803).abs() < 1e-5 && (y - 0.41193).abs() < 1e-5,
            "{x} {y}"
        );
    }

    #[test]
    fn seg_plus_ends_beside_the_solution() {
        let away = biased_end(0.5, 1.0).expect("valid");
        assert!((away - 0.7611).abs() < 1e-4, "{away}");
    }
}
