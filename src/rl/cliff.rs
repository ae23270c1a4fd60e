//! A walk along a cliff, in a wind.

use ndarray::{Array2, Array3};

use super::FiniteMdp;
use crate::error::{Error, Result};

/// East, north, west, south: (columns, rows), rows counted from the bottom.
pub const MOVES: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

/// A grid of `width` columns and `height` rows. The walk begins at the left end of the lowest row and wants to reach its right end;
/// between the two is a cliff. A step costs 1, the fall `fall` besides; whoever has fallen or arrived stays there for nothing. A step
/// against the border goes nowhere. With probability `wind` the wind decides instead, in one of the four directions as likely.
///
/// # Reference
/// The cliff of Sutton & Barto 2018, "Reinforcement Learning: An Introduction", example 6.6, where a fall leads back to the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cliff {
    /// Columns, at least 3.
    pub width: usize,
    /// Rows, at least 2.
    pub height: usize,
    /// What a fall costs besides its step, ≥ 0.
    pub fall: f64,
    /// The probability of wind, in [0, 1].
    pub wind: f64,
}

impl Cliff {
    /// Where the walk begins.
    pub const START: usize = 0;

    /// The number of the state in this column and row.
    #[must_use]
    pub fn state(&self, column: usize, row: usize) -> usize {
        row * self.width + column
    }

    /// Where the walk ends well.
    #[must_use]
    pub fn goal(&self) -> usize {
        self.width - 1
    }

    /// Whether nothing happens in a state any more.
    #[must_use]
    pub fn is_over(&self, state: usize) -> bool {
        state >= 1 && state < self.width
    }

    /// Where a move leads.
    #[must_use]
    pub fn after(&self, state: usize, (east, north): (isize, isize)) -> usize {
        if self.is_over(state) {
            return state;
        }
        let stay = |at: usize, by: isize, end: usize| at.saturating_add_signed(by).min(end - 1);
        self.state(
            stay(state % self.width, east, self.width),
            stay(state / self.width, north, self.height),
        )
    }

    /// The process: states row by row from the lowest, actions as [`MOVES`].
    ///
    /// # Errors
    /// Fewer than 3 columns or 2 rows, more than 10,000 states, a number out of its range.
    pub fn mdp(&self, gamma: f64) -> Result<FiniteMdp> {
        if self.width < 3 || self.height < 2 || self.width.saturating_mul(self.height) > 10_000 {
            let expected = "3 columns or more, 2 rows or more, at most 10,000 states";
            let got = format!("{} by {}", self.width, self.height);
            return Err(Error::domain("the grid", expected, got));
        }
        if !(0.0..=1.0).contains(&self.wind) {
            return Err(Error::domain(
                "the probability of wind",
                "0 to 1",
                self.wind,
            ));
        }
        crate::error::check_scale("the cost of a fall", self.fall)?;
        let n = self.width * self.height;
        let mut transitions = Array3::zeros((n, 4, n));
        let mut rewards = Array2::zeros((n, 4));
        for state in 0..n {
            for (action, chosen) in MOVES.into_iter().enumerate() {
                let winds = MOVES.map(|blown| (blown, 0.25 * self.wind));
                for (step, p) in [(chosen, 1.0 - self.wind)].into_iter().chain(winds) {
                    let next = self.after(state, step);
                    transitions[[state, action, next]] += p;
                    if !self.is_over(state) {
                        let falls = self.is_over(next) && next != self.goal();
                        let cost = 1.0 + if falls { self.fall } else { 0.0 };
                        rewards[[state, action]] -= p * cost;
                    }
                }
            }
        }
        FiniteMdp::new(transitions, rewards, gamma)
    }

    /// The cells of the walk that moves as `actions` say and is never blown off: up to the end, or to a cell it has been in.
    ///
    /// # Panics
    /// Fewer actions than states, or one that there is not.
    #[must_use]
    pub fn path(&self, actions: &[usize]) -> Vec<(usize, usize)> {
        let mut seen = vec![false; self.width * self.height];
        let mut state = Self::START;
        let mut cells = Vec::new();
        loop {
            cells.push((state % self.width, state / self.width));
            if self.is_over(state) || std::mem::replace(&mut seen[state], true) {
                return cells;
            }
            state = self.after(state, MOVES[actions[state]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{policy_iteration, value_iteration};
    use super::*;

    #[test]
    fn without_wind_the_best_walk_goes_along_the_edge() {
        let cliff = Cliff {
            width: 5,
            height: 4,
            fall: 20.0,
            wind: 0.0,
        };
        let gamma: f64 = 0.9;
        let found = policy_iteration(&cliff.mdp(gamma).expect("a grid")).expect("a process");
        let path = cliff.path(&found.actions);
        let edge = [(0, 0), (0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (4, 0)];
        assert_eq!(path, edge);
        // Six steps.
        let cost = -(1.0 - gamma.powi(6)) / (1.0 - gamma);
        assert!((found.v[Cliff::START] - cost).abs() < 1e-12);
        let windy = Cliff { wind: 0.4, ..cliff };
        let swept = value_iteration(&windy.mdp(gamma).expect("a grid"), 1e-12).expect("a process");
        assert!(swept.v[Cliff::START] < cost);
        assert!(Cliff { width: 2, ..cliff }.mdp(gamma).is_err());
        assert!(Cliff { wind: 1.2, ..cliff }.mdp(gamma).is_err());
    }
}
