//! The laws that populations come to rest at, by quadrature.

use crate::error::{Error, Result, check_positive};
use crate::game::Game;
use crate::optimise::Cuboid;

/// Rounds at most; some hundreds are usual.
const ROUNDS: usize = 200_000;

/// Two laws on cells, each the Gibbs law of the other's mean payoff.
#[derive(Clone, Debug, PartialEq)]
pub struct Rest {
    /// The middles of the cells of x.
    pub first_points: Vec<f64>,
    /// The probabilities of these cells.
    pub first: Vec<f64>,
    /// The middles of the cells of y.
    pub second_points: Vec<f64>,
    /// The probabilities of these cells.
    pub second: Vec<f64>,
}

impl Rest {
    /// The mean of `of` over the law of x.
    #[must_use]
    pub fn mean_first(&self, of: impl Fn(f64) -> f64) -> f64 {
        mean(&self.first_points, &self.first, of)
    }

    /// The mean of `of` over the law of y.
    #[must_use]
    pub fn mean_second(&self, of: impl Fn(f64) -> f64) -> f64 {
        mean(&self.second_points, &self.second, of)
    }
}

fn mean(points: &[f64], law: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    points.iter().zip(law).map(|(&x, p)| p * of(x)).sum()
}

/// The equilibrium of Φ(μ, ν) − τH(μ) + τH(ν) on an interval each, H the entropy: μ ∝ exp(−E_ν Φ/τ), ν ∝ exp(E_μ Φ/τ), on `cells` cells a
/// player by midpoints.
///
/// By mirror prox on the two exponents, whose field is monotone: a half step with the replies to the laws as they are, a step with the
/// replies to those. The laws are as near as the last replies differ from them.
///
/// # Errors
/// τ is not positive; fewer than 2 cells; a payoff that is not finite in the region; no rest to 10⁻⁹ after many rounds, as where τ is
/// very small.
pub fn rest(game: &impl Game, region: &Cuboid, temperature: f64, cells: usize) -> Result<Rest> {
    check_positive("the temperature", temperature)?;
    if cells < 2 {
        return Err(Error::domain("the number of cells", "2 or more", cells));
    }
    let middles = |player: usize| -> Vec<f64> {
        let (low, high) = (region.low[player], region.high[player]);
        let width = (high - low) / cells as f64;
        let at = |cell: usize| low + (cell as f64 + 0.5) * width;
        (0..cells).map(at).collect()
    };
    let (first_points, second_points) = (middles(0), middles(1));
    let mut payoffs = ndarray::Array2::zeros((cells, cells));
    for (i, &x) in first_points.iter().enumerate() {
        for (j, &y) in second_points.iter().enumerate() {
            payoffs[[i, j]] = game.payoff(&[x, y]) / temperature;
        }
    }
    crate::error::check_finite("the payoffs over the temperature", payoffs.iter())?;
    let middle = 0.5
        * (crate::stats::largest(payoffs.iter()) + crate::stats::least(payoffs.iter()));
    payoffs -= middle;
    let replies = |p: &[f64], q: &[f64]| -> [Vec<f64>; 2] {
        let p = ndarray::ArrayView1::from(p);
        let q = ndarray::ArrayView1::from(q);
        [(-payoffs.dot(&q)).to_vec(), p.dot(&payoffs).to_vec()]
    };
    // Exponents; a step towards the exponents of the replies keeps the share 1 − s of the old ones. The coupling is at most the range
    // of the payoffs.
    let range = crate::stats::largest(payoffs.iter().map(|v| v.abs()));
    let share = 1.0 / (1.0 + range);
    let mut exponents = [vec![0.0; cells], vec![0.0; cells]];
    let towards = |from: &[Vec<f64>; 2], to: &[Vec<f64>; 2]| -> [Vec<f64>; 2] {
        [0, 1].map(|player| {
            let pairs = from[player].iter().zip(&to[player]);
            pairs.map(|(a, b)| a + share * (b - a)).collect()
        })
    };
    for _ in 0..ROUNDS {
        let [p, q] = [gibbs(&exponents[0]), gibbs(&exponents[1])];
        let here = replies(&p, &q);
        let off = largest_gap(&p, &gibbs(&here[0])) + largest_gap(&q, &gibbs(&here[1]));
        if off * cells as f64 <= 1e-9 {
            return Ok(Rest {
                first_points,
                second_points,
                first: p,
                second: q,
            });
        }
        let half = towards(&exponents, &here);
        let [p, q] = [gibbs(&half[0]), gibbs(&half[1])];
        let ahead = replies(&p, &q);
        // From where it was, by the field at the half step, whose entropy part is taken there too.
        exponents = [0, 1].map(|player| {
            let old = exponents[player].iter();
            let moves = half[player].iter().zip(&ahead[player]);
            old.zip(moves).map(|(e, (h, r))| e + share * (r - h)).collect()
        });
    }
    let expected = "one at which the laws settle";
    Err(Error::domain("the temperature", expected, temperature))
}

/// ∝ e^exponent, summing to 1.
fn gibbs(exponents: &[f64]) -> Vec<f64> {
    let top = crate::stats::largest(exponents.iter());
    let weights: Vec<f64> = exponents.iter().map(|e| (e - top).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|w| w / total).collect()
}

fn largest_gap(a: &[f64], b: &[f64]) -> f64 {
    crate::stats::largest(a.iter().zip(b).map(|(a, b)| (a - b).abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::Hill;
    use crate::game::mixed::entropic_equilibrium;

    /// Beside Newton's method for sums of products.
    #[test]
    fn the_hill_has_one_rest() {
        for tau in [0.2, 0.5] {
            let found = rest(&Hill, &Hill::region(), tau, 200).expect("settles");
            let known = entropic_equilibrium(&Hill, tau).expect("settles");
            let square = found.mean_first(|x| x * x);
            assert!((square - known.f[0]).abs() < 1e-3, "{square} {}", known.f[0]);
            let omega = found.mean_second(|y| -y * y);
            assert!((omega - known.g[0]).abs() < 1e-3, "{omega} {}", known.g[0]);
        }
        assert!(rest(&Hill, &Hill::region(), 0.0, 50).is_err());
    }
}
