//! The equilibrium of laws that pay for being sharp.

use super::{Bracket, Separable};
use crate::error::{Error, Result, check_positive};
use crate::game::method::ppm::eliminate;
use crate::stats::largest;

/// Cells of the quadrature, by midpoints.
const CELLS: usize = 4000;

/// Newton's steps at most; ten are usual.
const ROUNDS: usize = 100;

/// Halvings of one step at most.
const HALVINGS: usize = 40;

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
/// populations are infinite and the steps short.
///
/// By Newton's method for G: F is the means of the Gibbs law of G, and G must be those of the Gibbs law of F. The slope of
/// G − G(F(G)) is 1 + C_g C_f/τ², C the covariances of g and f under the two laws: its eigenvalues are 1 or more, so that it can be
/// inverted everywhere. Replacing each law by the reply to the other would circle away where τ is small.
///
/// # Errors
/// τ is not positive and finite, or so small that Newton's method does not settle.
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
    let replies = |g: [f64; R]| {
        let first = Law::gibbs(&fs, &g, -1.0 / temperature, width);
        let second = Law::gibbs(&gs, &first.means, 1.0 / temperature, width);
        let off: [f64; R] = std::array::from_fn(|r| g[r] - second.means[r]);
        (first, second, off)
    };
    let size = |off: &[f64; R]| largest(off.iter().map(|off| off.abs()));
    // G of the reply to a uniform law, which is what no payoff at all leaves.
    let uniform = Law::gibbs(&fs, &[0.0; R], 1.0, width);
    let mut g = Law::gibbs(&gs, &uniform.means, 1.0 / temperature, width).means;
    let (mut first, mut second, mut off) = replies(g);
    for _ in 0..ROUNDS {
        let mut way = off.to_vec();
        eliminate(&mut slopes(&first, &second, temperature), &mut way);
        let shorter = (0..HALVINGS).find_map(|halvings| {
            let share = 0.5_f64.powi(halvings as i32);
            let next = std::array::from_fn(|r| g[r] - share * way[r]);
            let found = replies(next);
            (size(&found.2) < size(&off)).then_some((next, found))
        });
        // As near as rounding allows.
        let Some(nearer) = shorter else {
            break;
        };
        (g, (first, second, off)) = nearer;
    }
    if size(&off) > 1e-9 * temperature.min(1.0) {
        let expected = "one at which Newton's method settles";
        return Err(Error::domain("the temperature", expected, temperature));
    }
    Ok(EntropicEquilibrium {
        bracket: game.bracket(first.means, second.means),
        points,
        f: first.means,
        g: second.means,
        first: first.density,
        second: second.density,
    })
}

/// 1 + C_g C_f/τ², row by row.
fn slopes<const R: usize>(first: &Law<R>, second: &Law<R>, temperature: f64) -> Vec<f64> {
    let entry = |i: usize, j: usize| {
        let product = |k: usize| second.covariances[i][k] * first.covariances[k][j];
        let sum: f64 = (0..R).map(product).sum();
        f64::from(u8::from(i == j)) + sum / (temperature * temperature)
    };
    (0..R * R).map(|at| entry(at / R, at % R)).collect()
}

/// A law on the cells, and what the other player meets of it.
struct Law<const R: usize> {
    density: Vec<f64>,
    means: [f64; R],
    covariances: [[f64; R]; R],
}

impl<const R: usize> Law<R> {
    /// The density ∝ exp(scale Σ_r values_r others_r), which is 1 at its top before it is scaled.
    fn gibbs(values: &[[f64; R]], others: &[f64; R], scale: f64, width: f64) -> Self {
        let exponent = |v: &[f64; R]| scale * v.iter().zip(others).map(|(v, m)| v * m).sum::<f64>();
        let top = largest(values.iter().map(exponent));
        let weights: Vec<f64> = values.iter().map(|v| (exponent(v) - top).exp()).collect();
        let total: f64 = weights.iter().sum::<f64>() * width;
        let density: Vec<f64> = weights.into_iter().map(|weight| weight / total).collect();
        let mean = |of: &dyn Fn(&[f64; R]) -> f64| {
            let pairs = values.iter().zip(&density);
            pairs.map(|(v, density)| of(v) * density).sum::<f64>() * width
        };
        let means: [f64; R] = std::array::from_fn(|r| mean(&|v| v[r]));
        let covariance = |r: usize, s: usize| mean(&|v| (v[r] - means[r]) * (v[s] - means[s]));
        Self {
            covariances: std::array::from_fn(|r| std::array::from_fn(|s| covariance(r, s))),
            means,
            density,
        }
    }
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
