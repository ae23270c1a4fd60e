//! The equilibrium of laws that pay for being sharp.

use super::{Bracket, Separable};
use crate::error::{Error, Result, check_positive};
use crate::stats::largest;

/// Cells of the quadrature, by midpoints.
const CELLS: usize = 4000;

/// Rounds of the iteration at most; each takes more than half of the distance.
const ROUNDS: usize = 500;

/// Two laws, each the Gibbs law of the other's mean payoff.
#[derive(Clone, Debug, PartialEq)]
pub struct EntropicEquilibrium<const R: usize> {
    /// The middles of the cells on which both densities are given.
    pub points: Vec<f64>,
    /// The density of the first player's law there, ∝ exp(−Σ f_r(x) G_r/τ).
    pub first: Vec<f64>,
    /// The density of the second player's, ∝ exp(Σ F_r g_r(y)/τ).
    pub second: Vec<f64>,
    /// F_r = E f_r(x).
    pub f: [f64; R],
    /// G_r = E g_r(y).
    pub g: [f64; R],
    /// What both guarantee in the game without entropy.
    pub bracket: Bracket,
}

/// The only equilibrium of Φ(μ, ν) − τH(μ) + τH(ν), H the entropy: what Langevin dynamics at temperature τ leaves as it is, if the
/// populations are infinite and the steps short. From uniform laws, each is replaced by half of itself and half of the Gibbs
/// law of the other, until the means F and G stay; on the [`Hill`](crate::game::arena::Hill), where a reply changes less than its
/// cause, that converges.
///
/// # Errors
/// τ is not positive and finite; the iteration does not settle.
///
/// # Reference
/// Hsieh, Liu & Cevher 2019, "Finding mixed Nash equilibria of generative adversarial networks", arXiv:1811.02002.
pub fn entropic_equilibrium<const R: usize>(
    game: &impl Separable<R>,
    temperature: f64,
) -> Result<EntropicEquilibrium<R>> {
    check_positive("the temperature", temperature)?;
    let half = game.half();
    let width = 2.0 * half / CELLS as f64;
    let points: Vec<f64> = (0..CELLS)
        .map(|cell| -half + (cell as f64 + 0.5) * width)
        .collect();
    let values = |of: &dyn Fn(f64) -> [(f64, f64); R]| -> Vec<[f64; R]> {
        points.iter().map(|&x| of(x).map(|(v, _)| v)).collect()
    };
    let (fs, gs) = (values(&|x| game.first(x)), values(&|y| game.second(y)));
    let uniform = vec![0.5 / half; CELLS];
    let (mut f, mut g) = (means(&fs, &uniform, width), means(&gs, &uniform, width));
    for _ in 0..ROUNDS {
        let first = gibbs(&fs, &g, -1.0 / temperature, width);
        let second = gibbs(&gs, &f, 1.0 / temperature, width);
        let (new_f, new_g) = (means(&fs, &first, width), means(&gs, &second, width));
        let change = |old: &[f64; R], new: &[f64; R]| {
            largest(old.iter().zip(new).map(|(old, new)| (old - new).abs()))
        };
        let moved = [change(&f, &new_f), change(&g, &new_g)];
        if moved.iter().all(|moved| *moved < 1e-13) {
            return Ok(EntropicEquilibrium {
                bracket: game.bracket(new_f, new_g),
                points,
                first,
                second,
                f: new_f,
                g: new_g,
            });
        }
        for (old, new) in [(&mut f, new_f), (&mut g, new_g)] {
            *old = std::array::from_fn(|r| f64::midpoint(old[r], new[r]));
        }
    }
    let expected = "one at which the iteration settles";
    Err(Error::domain("the temperature", expected, temperature))
}

/// The density ∝ exp(scale Σ_r values_r means_r), which is 1 at its top before it is scaled.
fn gibbs<const R: usize>(
    values: &[[f64; R]],
    means: &[f64; R],
    scale: f64,
    width: f64,
) -> Vec<f64> {
    let exponent = |v: &[f64; R]| scale * v.iter().zip(means).map(|(v, m)| v * m).sum::<f64>();
    let top = largest(values.iter().map(exponent));
    let weights: Vec<f64> = values.iter().map(|v| (exponent(v) - top).exp()).collect();
    let total: f64 = weights.iter().sum::<f64>() * width;
    weights.into_iter().map(|weight| weight / total).collect()
}

fn means<const R: usize>(values: &[[f64; R]], density: &[f64], width: f64) -> [f64; R] {
    std::array::from_fn(|r| {
        let pairs = values.iter().zip(density);
        pairs.map(|(v, density)| v[r] * density).sum::<f64>() * width
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::Hill;

    /// E ω² = τ/(2E θ²) where the box is wide; then E θ² = m solves m = ∫θ² e^(θ²/2m)/∫e^(θ²/2m), by bisection, for every τ.
    #[test]
    fn on_the_hill_the_law_of_theta_hardly_knows_the_temperature() {
        let spread = |m: f64| {
            let (mut top, mut bottom) = (0.0, 0.0);
            // Simpson's rule on [0, 2].
            let n = 2000;
            for i in 0..=n {
                let theta = 2.0 * f64::from(i) / f64::from(n);
                let share = if i == 0 || i == n {
                    1.0
                } else {
                    f64::from(2 + 2 * (i % 2))
                };
                let weight = share * (theta * theta / (2.0 * m)).exp();
                top += theta * theta * weight;
                bottom += weight;
            }
            top / bottom
        };
        let (mut low, mut high) = (4.0 / 3.0, 4.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            match spread(middle) > middle {
                true => low = middle,
                false => high = middle,
            }
        }
        for temperature in [0.005, 0.05, 0.2] {
            let found = entropic_equilibrium(&Hill, temperature).expect("settles");
            let m = found.f[0];
            assert!((m - low).abs() < 1e-4, "{m} {low}");
            assert!((-found.g[0] - temperature / (2.0 * m)).abs() < 1e-4 * temperature);
            assert!(found.f[1].abs() < 1e-12 && found.g[1].abs() < 1e-12);
            let gap = found.bracket.gap();
            assert!((gap - 2.0 * temperature / m).abs() < 1e-3 * gap, "{gap}");
        }
        assert!(entropic_equilibrium(&Hill, 0.0).is_err());
    }
}
