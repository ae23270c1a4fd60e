//! Games whose solutions, cycles or constants are known.
//!
//! | | Φ(x, y) | what is known |
//! |---|---|---|
//! | [`Bilinear`] | xy | the flow circles |
//! | [`Quadratic`] | axy + (b/2)(x² − y²) | equality in the weak Minty inequality |
//! | [`ConstrainedBilinear`] | (x − c)(y − c) in a box | the solution is near a side |
//! | [`AlmostBilinear`] | xy + ε(½y² − ¼y⁴) | a cycle attracts everything |
//! | [`Forsaken`] | x(y − c) + φ(x) − φ(y) | a cycle attracts what starts far out |
//! | [`GlobalForsaken`] | xy + φ(x) − φ(y) in a ball | as above; EG+ has a guarantee |
//! | [`Polar`] | none | cycles of the radii ¾ and 1 |
//! | [`SquareSaddle`], [`MonkeySaddle`], [`WeirdSaddle`] | x² − y², x³ − 3xy², xy − x²y² | all critical points |
//! | [`Hill`] | xy − x²y² in a box | an equilibrium of mixed strategies |
//! | [`MatrixGame`] | pᵀAq on two simplices | the value, by linear programming |

pub mod almost_bilinear;
pub mod bilinear;
pub mod constrained_bilinear;
pub mod forsaken;
pub mod matrix_game;
pub mod polar;
pub mod quadratic;
pub mod saddle;

pub use almost_bilinear::AlmostBilinear;
pub use bilinear::Bilinear;
pub use constrained_bilinear::ConstrainedBilinear;
pub use forsaken::{Forsaken, GlobalForsaken};
pub use matrix_game::MatrixGame;
pub use polar::Polar;
pub use quadratic::Quadratic;
pub use saddle::{Hill, MonkeySaddle, SquareSaddle, WeirdSaddle};

use crate::optimise::Cuboid;

/// ‖z‖∞ ≤ `half` in the plane.
fn square(half: f64) -> Cuboid {
    Cuboid {
        low: vec![-half; 2],
        high: vec![half; 2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Game;

    /// Fourth-order differences of f at 0 along the line t ↦ f(t).
    fn slope(f: impl Fn(f64) -> f64) -> f64 {
        let h = 1e-3;
        (8.0 * (f(h) - f(-h)) - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h)
    }

    /// V from the payoff, J from V, by differences; V = 0 at solutions.
    fn derivatives_agree(name: &str, game: &impl Game, has_payoff: bool) {
        let value = |z: [f64; 2]| {
            let mut v = [0.0; 2];
            game.at(&z, &mut v).expect("planar");
            v
        };
        for z in [[0.3, -0.7], [-1.1, 0.4], [0.9, 1.2], [0.0, 0.0]] {
            let v = value(z);
            let j = game.jacobian(&z).expect("planar");
            for axis in 0..2 {
                let moved = |t: f64| {
                    let mut z = z;
                    z[axis] += t;
                    z
                };
                if has_payoff {
                    let sign = if axis < game.n_first() { 1.0 } else { -1.0 };
                    let expected = sign * slope(|t| game.payoff(&moved(t)));
                    assert!((v[axis] - expected).abs() < 1e-9, "{name} {z:?}: {v:?}");
                }
                for (i, v_i) in j.column(axis).iter().enumerate() {
                    let expected = slope(|t| value(moved(t))[i]);
                    assert!((v_i - expected).abs() < 1e-9, "{name} {z:?}: {j}");
                }
            }
        }
        for z in game.solutions() {
            assert_eq!(value([z[0], z[1]]), [0.0, 0.0], "{name}");
        }
        assert_eq!(game.payoff(&[0.1, 0.2]).is_nan(), !has_payoff, "{name}");
    }

    #[test]
    fn fields_are_derivatives_of_payoffs_and_jacobians_of_fields() {
        derivatives_agree("bilinear", &Bilinear, true);
        derivatives_agree("quadratic", &Quadratic { a: 1.3, b: -0.4 }, true);
        derivatives_agree("constrained", &ConstrainedBilinear::default(), true);
        derivatives_agree("almost bilinear", &AlmostBilinear::default(), true);
        derivatives_agree("forsaken", &Forsaken::default(), true);
        derivatives_agree("global forsaken", &GlobalForsaken, true);
        derivatives_agree("polar", &Polar { a: 0.7, b: 1.2 }, false);
        derivatives_agree("square saddle", &SquareSaddle, true);
        derivatives_agree("monkey saddle", &MonkeySaddle, true);
        derivatives_agree("weird saddle", &WeirdSaddle, true);
        derivatives_agree("hill", &Hill, true);
    }

    /// ⟨V, z⟩ = ρ‖V‖² and ‖V‖ = L‖z‖; too large a ρ is refused.
    #[test]
    fn the_quadratic_game_is_on_the_edge_of_the_weak_minty_inequality() {
        use crate::optimise::Field;
        let (l, rho) = (3.0, -1.0 / 9.0);
        let game = Quadratic::weak_minty(l, rho).expect("within 1/L");
        assert!((game.a - 8.0_f64.sqrt()).abs() < 1e-14 && (game.b + 1.0).abs() < 1e-14);
        let (z, mut v) = ([0.4, -1.7], [0.0; 2]);
        game.at(&z, &mut v).expect("planar");
        let square = v[0] * v[0] + v[1] * v[1];
        assert!((z[0] * v[0] + z[1] * v[1] - rho * square).abs() < 1e-13);
        assert!((square.sqrt() - l * z[0].hypot(z[1])).abs() < 1e-13);
        assert!(Quadratic::weak_minty(3.0, -0.34).is_err());
        assert!(Quadratic::weak_minty(0.0, 0.1).is_err());
        assert!(Quadratic::weak_minty(1.0, f64::NAN).is_err());
    }
}
