//! Payoffs that laws meet through a few means.

use crate::game::arena::Hill;

/// A game of two numbers, x of the player who pays and y of the one who gets, each in an interval, with
/// Φ(x, y) = Σ_r f_r(x) g_r(y), r = 1 … R. In mixed strategies Φ is Σ_r F_r G_r, with F_r = E f_r(x) and G_r = E g_r(y): of the other
/// player's law all that matters is R numbers, so that N particles a player cost N, not N².
pub trait Separable<const R: usize> {
    /// f_r(x) and f_r'(x).
    fn first(&self, x: f64) -> [(f64, f64); R];

    /// g_r(y) and g_r'(y).
    fn second(&self, y: f64) -> [(f64, f64); R];

    /// The interval of both x and y is [−half, half].
    fn half(&self) -> f64;

    /// The bracket around the value that laws with these means guarantee: min_x Σ f_r(x) G_r and max_y Σ F_r g_r(y).
    fn bracket(&self, f: [f64; R], g: [f64; R]) -> super::Bracket;
}

/// −ω²θ² + ωθ: x = θ, f = (θ², θ), y = ω, g = (−ω², ω).
impl Separable<2> for Hill {
    #[inline]
    fn first(&self, theta: f64) -> [(f64, f64); 2] {
        [(theta * theta, 2.0 * theta), (theta, 1.0)]
    }

    #[inline]
    fn second(&self, omega: f64) -> [(f64, f64); 2] {
        [(-omega * omega, -2.0 * omega), (omega, 1.0)]
    }

    fn half(&self) -> f64 {
        2.0
    }

    /// −θ²E ω² + θ E ω is concave in θ, so that its least is at an end; −ω²E θ² + ω E θ is concave in ω, greatest at
    /// E θ/(2E θ²) or the end before it.
    fn bracket(
        &self,
        [square, mean]: [f64; 2],
        [minus_square, linear]: [f64; 2],
    ) -> super::Bracket {
        let half = self.half();
        let peak = match square > 0.0 {
            true => (mean / (2.0 * square)).clamp(-half, half),
            // No θ but 0: nothing depends on ω.
            false => 0.0,
        };
        super::Bracket {
            lower: half * half * minus_square - half * linear.abs(),
            upper: peak * (mean - peak * square),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Game;
    use crate::stats::{largest, least};

    #[test]
    fn the_factors_give_the_payoff_and_the_bracket_its_extremes() {
        let grid = || (-200..=200).map(|k| f64::from(k) / 100.0);
        let sum = |a: [(f64, f64); 2], b: [f64; 2]| a[0].0 * b[0] + a[1].0 * b[1];
        let values = |a: [(f64, f64); 2]| a.map(|(value, _)| value);
        for (theta, omega) in [(0.4, -1.3), (2.0, 0.25), (-1.0, 0.0), (0.0, 1.0)] {
            let (f, g) = (values(Hill.first(theta)), values(Hill.second(omega)));
            let payoff = Hill.payoff(&[theta, omega]);
            assert!((f[0] * g[0] + f[1] * g[1] - payoff).abs() < 1e-14);
            let found = Hill.bracket(f, g);
            let lower = least(grid().map(|x| sum(Hill.first(x), g)));
            let upper = largest(grid().map(|y| sum(Hill.second(y), f)));
            assert!((found.lower - lower).abs() < 1e-12, "{found:?}");
            // The grid may miss the peak by half a cell.
            assert!(found.upper >= upper && found.upper - upper < 4.0 * 0.005 * 0.005 + 1e-12);
        }
    }
}
