//! pᵀAq on two simplices.

use ndarray::{Array2, s};

use crate::error::{Error, Result, check_finite};
use crate::game::Game;
use crate::optimise::Field;

/// A finite game in mixed strategies: Φ(p, q) = pᵀAq, what the player who picks row i with probability p_i pays the one who picks
/// column j with probability q_j. z = (p, q) and V = (Aq, −Aᵀp), m + n numbers. Sums run in the order of the entries, so that
/// every machine finds the same bits.
#[derive(Clone, Debug, PartialEq)]
pub struct MatrixGame {
    /// A, `(m, n)`, not empty.
    pub a: Array2<f64>,
}

impl MatrixGame {
    /// The game with this matrix, `(m, n)`.
    ///
    /// # Errors
    /// It is empty or not finite.
    pub fn new(a: Array2<f64>) -> Result<Self> {
        if a.is_empty() {
            let expected = "one row and one column, or more";
            return Err(Error::shape("the game's matrix", expected, a.shape()));
        }
        check_finite("the game's matrix", &a)?;
        Ok(Self { a })
    }

    /// Stone–paper–scissors, where stone beats scissors for `stakes[0]`, scissors beat paper for `stakes[1]`, paper beats stone
    /// for `stakes[2]`. Its value is 0, and both players' only equilibrium is ∝ (`stakes[1]`, `stakes[0]`, `stakes[2]`) on
    /// (stone, paper, scissors).
    ///
    /// # Errors
    /// A stake is not finite.
    pub fn stone_paper_scissors(stakes: [f64; 3]) -> Result<Self> {
        let [stone, scissors, paper] = stakes;
        // Rows pay columns.
        Self::new(ndarray::array![
            [0.0, paper, -stone],
            [-paper, 0.0, scissors],
            [stone, -scissors, 0.0]
        ])
    }

    /// max A − min A.
    #[must_use]
    pub fn range(&self) -> f64 {
        crate::stats::largest(&self.a) - crate::stats::least(&self.a)
    }
}

impl Field for MatrixGame {
    fn dimension(&self) -> usize {
        self.a.nrows() + self.a.ncols()
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let (p, q) = z.split_at(self.a.nrows());
        let (rows, columns) = v.split_at_mut(p.len());
        columns.fill(0.0);
        for ((row, p), loss) in self.a.rows().into_iter().zip(p).zip(rows) {
            *loss = 0.0;
            for ((a, q), gain) in row.iter().zip(q).zip(&mut *columns) {
                *loss += a * q;
                *gain -= a * p;
            }
        }
        Ok(())
    }
}

impl Game for MatrixGame {
    fn payoff(&self, z: &[f64]) -> f64 {
        let (p, q) = z.split_at(self.a.nrows());
        let rows = self.a.rows().into_iter().zip(p);
        rows.map(|(row, p)| p * row.iter().zip(q).map(|(a, q)| a * q).sum::<f64>())
            .sum()
    }

    fn n_first(&self) -> usize {
        self.a.nrows()
    }

    fn jacobian(&self, _z: &[f64]) -> Result<Array2<f64>> {
        let (m, p) = (self.a.nrows(), self.dimension());
        let mut j = Array2::zeros((p, p));
        j.slice_mut(s![..m, m..]).assign(&self.a);
        j.slice_mut(s![m.., ..m]).assign(&self.a.t().map(|a| -a));
        Ok(j)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_the_derivative_of_the_payoff() {
        let game = MatrixGame::new(ndarray::array![[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]]);
        let game = game.expect("finite");
        let z = [0.3, 0.7, 0.2, 0.5, 0.3];
        let mut v = [0.0; 5];
        game.at(&z, &mut v).expect("of its length");
        let j = game.jacobian(&z).expect("constant");
        for axis in 0..5 {
            let moved = |t: f64| {
                let mut z = z;
                z[axis] += t;
                z
            };
            let sign = if axis < game.n_first() { 1.0 } else { -1.0 };
            // Φ is linear in each coordinate.
            let slope = 0.5 * (game.payoff(&moved(1.0)) - game.payoff(&moved(-1.0)));
            assert!((v[axis] - sign * slope).abs() < 1e-14);
            let mut w = [0.0; 5];
            game.at(&moved(1.0), &mut w).expect("of its length");
            for i in 0..5 {
                assert!((w[i] - v[i] - j[[i, axis]]).abs() < 1e-14);
            }
        }
        assert_eq!(game.range(), 5.0);
        assert!(MatrixGame::new(Array2::zeros((0, 2))).is_err());
        assert!(MatrixGame::stone_paper_scissors([1.0, f64::NAN, 1.0]).is_err());
    }
}
