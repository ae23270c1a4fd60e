//! What both players could still gain.

use crate::error::{Error, Result, check_finite};
use crate::game::arena::MatrixGame;
use crate::optimise::Field;
use crate::stats::{largest, least};

/// What strategies guarantee: the value of the game lies between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// min_i (Aq)_i: the second player gets no less with q.
    pub lower: f64,
    /// max_j (Aᵀp)_j: the first player pays no more with p.
    pub upper: f64,
}

impl Bracket {
    /// The duality gap max_j (Aᵀp)_j − min_i (Aq)_i ≥ 0, which is 0 at equilibria and nowhere else: what the better replies to p
    /// and to q would gain together.
    #[must_use]
    pub fn gap(&self) -> f64 {
        self.upper - self.lower
    }
}

/// What p, `(m,)`, and q, `(n,)`, guarantee in the game. It is not checked that they sum to 1.
///
/// # Errors
/// One of another length than the matrix has rows or columns, or with a negative entry or one that is not finite.
pub fn bracket(game: &MatrixGame, p: &[f64], q: &[f64]) -> Result<Bracket> {
    let sizes = [("p", p, game.a.nrows()), ("q", q, game.a.ncols())];
    for (name, strategy, n) in sizes {
        if strategy.len() != n {
            return Err(Error::shape(name, format!("({n},)"), &[strategy.len()]));
        }
        check_finite(name, strategy)?;
        if let Some(negative) = strategy.iter().find(|entry| **entry < 0.0) {
            return Err(Error::domain(name, "entries of at least 0", negative));
        }
    }
    let mut v = vec![0.0; p.len() + q.len()];
    game.at(&[p, q].concat(), &mut v)?;
    let (losses, gains) = v.split_at(p.len());
    Ok(Bracket {
        lower: least(losses),
        upper: largest(gains.iter().map(|gain| -gain)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pure_strategies_are_beaten_and_the_equilibrium_is_not() {
        let game = MatrixGame::stone_paper_scissors([1.0; 3]).expect("finite");
        let third = [1.0 / 3.0; 3];
        let gap = |p: &[f64], q: &[f64]| bracket(&game, p, q).map(|b| b.gap());
        assert_eq!(gap(&third, &third).expect("valid"), 0.0);
        assert_eq!(gap(&[1.0, 0.0, 0.0], &third).expect("valid"), 1.0);
        assert_eq!(gap(&[1.0, 0.0, 0.0], &[1.0, 0.0, 0.0]).expect("valid"), 2.0);
        assert!(gap(&third, &[1.0]).is_err() && gap(&third, &[2.0, -1.0, 0.0]).is_err());
    }
}
