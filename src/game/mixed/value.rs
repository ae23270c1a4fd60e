//! The value of a matrix game, by linear programming.

use ndarray::Array2;

use super::gap::{Bracket, bracket};
use crate::error::Result;
use crate::game::arena::MatrixGame;

/// An equilibrium of a matrix game.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// The first player's strategy, who pays: `(m,)`.
    pub p: Vec<f64>,
    /// The second player's: `(n,)`.
    pub q: Vec<f64>,
    /// v = min_p max_q pᵀAq = max_q min_p pᵀAq.
    pub value: f64,
    /// What p and q guarantee, worked out anew from A: it proves the value, up to its width.
    pub proof: Bracket,
}

/// What counts as zero in the tableau, whose entries are of size 1.
const ZERO: f64 = 1e-11;

/// An equilibrium of minₚ max_q pᵀAq by the simplex method, and the proof.
///
/// With B = (A − min A)/(max A − min A) + 1 > 0 and x = p/v it is: maximise Σx over x ≥ 0 with Bᵀx ≤ 1; the prices of the
/// constraints are q/v. x = 0 is a corner to begin from. Which variables are exchanged is Bland's rule, the first that may, so
/// that no corner comes twice. A few hundred rows and columns are enough for a book on games; a general solver would be a
/// dependency for one linear program whose answer proves itself.
///
/// # Errors
/// As for [`MatrixGame::new`].
///
/// # Reference
/// Dantzig 1951, "A proof of the equivalence of the programming problem and the game problem"; Bland 1977,
/// doi:10.1287/moor.2.2.103.
pub fn solve_matrix_game(game: &MatrixGame) -> Result<Equilibrium> {
    MatrixGame::new(game.a.clone())?;
    let (m, n) = game.a.dim();
    let low = crate::stats::least(&game.a);
    // A constant matrix has no range: any number will do.
    let range = Some(game.range())
        .filter(|range| *range > 0.0)
        .unwrap_or(1.0);
    let mut tableau = Tableau::new(&game.a.map(|a| (a - low) / range + 1.0));
    while let Some((row, column)) = tableau.next_pivot() {
        tableau.pivot(row, column);
    }
    let [mut p, mut q] = tableau.solution(m, n);
    for strategy in [&mut p, &mut q] {
        let total: f64 = strategy.iter().sum();
        strategy.iter_mut().for_each(|entry| *entry /= total);
    }
    let proof = bracket(game, &p, &q)?;
    Ok(Equilibrium {
        value: f64::midpoint(proof.lower, proof.upper),
        p,
        q,
        proof,
    })
}

/// Each constraint's row says what its basic variable is, and the last what the objective is, in terms of the others.
struct Tableau {
    /// `(n + 1, m + 1)`: constraints and then the objective; variables and then the right-hand side.
    entries: Array2<f64>,
    /// The variable of each row: x_i is i, the slack of constraint j is m + j.
    basic: Vec<usize>,
    /// The variable of each column.
    free: Vec<usize>,
}

impl Tableau {
    fn new(b: &Array2<f64>) -> Self {
        let (m, n) = b.dim();
        let entries = Array2::from_shape_fn((n + 1, m + 1), |(row, column)| {
            match (row < n, column < m) {
                (true, true) => b[[column, row]],
                (true, false) => 1.0,
                (false, true) => -1.0,
                (false, false) => 0.0,
            }
        });
        Self {
            entries,
            basic: (m..m + n).collect(),
            free: (0..m).collect(),
        }
    }

    /// The row and the column of the next exchange, by Bland's rule; none at the optimum.
    fn next_pivot(&self) -> Option<(usize, usize)> {
        let (last, right) = (self.basic.len(), self.free.len());
        let gains = |column: &usize| self.entries[[last, *column]] < -ZERO;
        let column = (0..right).filter(gains).min_by_key(|c| self.free[*c])?;
        let rows = (0..last).filter(|row| self.entries[[*row, column]] > ZERO);
        let ratio = |row: usize| self.entries[[row, right]] / self.entries[[row, column]];
        let tightest = rows.min_by(|&a, &b| {
            let by_name = self.basic[a].cmp(&self.basic[b]);
            ratio(a).total_cmp(&ratio(b)).then(by_name)
        });
        // A bounded program has one; B > 0 bounds it.
        Some((tightest?, column))
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let e = &mut self.entries;
        let pivot = e[[row, column]];
        for i in (0..e.nrows()).filter(|i| *i != row) {
            let factor = e[[i, column]] / pivot;
            for j in (0..e.ncols()).filter(|j| *j != column) {
                e[[i, j]] -= factor * e[[row, j]];
            }
            e[[i, column]] = -factor;
        }
        for j in 0..e.ncols() {
            e[[row, j]] /= pivot;
        }
        e[[row, column]] = 1.0 / pivot;
        std::mem::swap(&mut self.basic[row], &mut self.free[column]);
    }

    /// x, `(m,)`, and the prices of the constraints, `(n,)`; what rounding left below 0 is 0.
    fn solution(&self, m: usize, n: usize) -> [Vec<f64>; 2] {
        let (last, right) = (self.basic.len(), self.free.len());
        let (mut x, mut prices) = (vec![0.0; m], vec![0.0; n]);
        let positive = |entry: f64| if entry > 0.0 { entry } else { 0.0 };
        for (row, &name) in self.basic.iter().enumerate().filter(|(_, name)| **name < m) {
            x[name] = positive(self.entries[[row, right]]);
        }
        for (column, &name) in self.free.iter().enumerate().filter(|(_, name)| **name >= m) {
            prices[name - m] = positive(self.entries[[last, column]]);
        }
        [x, prices]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use ndarray::array;
    use rand::RngExt;

    fn solved(a: Array2<f64>) -> Equilibrium {
        solve_matrix_game(&MatrixGame::new(a).expect("finite")).expect("finite")
    }

    /// Without a saddle, v = (ad − bc)/(a + d − b − c).
    #[test]
    fn two_by_two_games_have_a_formula() {
        let mut rng = stream(1, "two by two", 0);
        let mut mixed = 0;
        for _ in 0..200 {
            let [a, b, c, d]: [f64; 4] = std::array::from_fn(|_| rng.random::<f64>() - 0.5);
            let found = solved(array![[a, b], [c, d]]);
            let (upper, lower) = (a.max(b).min(c.max(d)), a.min(c).max(b.min(d)));
            let expected = if upper <= lower {
                upper
            } else {
                mixed += 1;
                (a * d - b * c) / (a + d - b - c)
            };
            assert!(
                (found.value - expected).abs() < 1e-13,
                "{found:?} {expected}"
            );
            assert!(found.proof.gap() < 1e-13);
        }
        assert!(mixed > 40);
    }

    #[test]
    fn stakes_give_the_equilibrium() {
        let game = MatrixGame::stone_paper_scissors([1.0, 2.0, 3.0]).expect("finite");
        let found = solve_matrix_game(&game).expect("finite");
        for strategy in [&found.p, &found.q] {
            let expected = [2.0 / 6.0, 1.0 / 6.0, 3.0 / 6.0];
            let far = strategy.iter().zip(expected).map(|(s, e)| (s - e).abs());
            assert!(far.fold(0.0, f64::max) < 1e-14, "{found:?}");
        }
        assert!(found.value.abs() < 1e-15);
    }

    #[test]
    fn any_game_is_solved_with_a_proof() {
        let mut rng = stream(2, "any", 0);
        for (m, n) in [(1, 1), (1, 7), (9, 1), (5, 12), (30, 30), (60, 20)] {
            for degenerate in [false, true] {
                let a = Array2::from_shape_simple_fn((m, n), || {
                    let entry: f64 = 2.0 * rng.random::<f64>() - 1.0;
                    // Many equal entries make many corners of equal value.
                    if degenerate {
                        entry.round()
                    } else {
                        1e6 * entry
                    }
                });
                let found = solved(a.clone());
                let range = MatrixGame { a }.range().max(1.0);
                assert!(
                    found.proof.gap() < 1e-9 * range,
                    "{m} x {n}: {:?}",
                    found.proof
                );
                assert!(found.proof.gap() > -1e-12 * range);
            }
        }
        assert_eq!(solved(Array2::from_elem((3, 4), 7.0)).value, 7.0);
    }
}
