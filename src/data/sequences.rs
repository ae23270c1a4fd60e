//! Sequences, and a task that asks for memory.

use ndarray::{Array2, Array3, Axis};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use crate::error::{Error, Result};

/// The most numbers a set of sequences may have: 2²⁷, a gigabyte.
const MAX_NUMBERS: usize = 1 << 27;

/// Sequences to be told apart by their first symbol, and the symbols.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequences {
    /// `(T, n, d)`.
    pub x: Array3<f64>,
    /// One-hot, `(n, k)`.
    pub y: Array2<f64>,
}

impl Sequences {
    /// `n` sequences of `steps` steps that show one of `symbols` symbols and then only noise: what
    /// was shown must be remembered to the end.
    ///
    /// # Formula
    /// d = k + 1. x_1 = (e_s, 0) for a uniformly random symbol s; x_t = (0, …, 0, ν ξ_t) for t ≥ 2,
    /// ξ_t ~ N(0, 1) and ν = `noise`. The target is e_s.
    ///
    /// # Errors
    /// No sequence, no step, fewer than 2 symbols, too many numbers, or a noise that is negative or not finite.
    pub fn first_symbol(
        n: usize,
        steps: usize,
        symbols: usize,
        noise: f64,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        for (what, count, least) in [
            ("the number of sequences", n, 1),
            ("the number of steps", steps, 1),
            ("the number of symbols", symbols, 2),
        ] {
            if count < least {
                return Err(Error::domain(what, format!("at least {least}"), count));
            }
        }
        if !(noise.is_finite() && noise >= 0.0) {
            let expected = "a finite number ≥ 0";
            return Err(Error::domain("the noise", expected, noise));
        }
        let width = symbols.checked_add(1);
        let total = width.and_then(|d| d.checked_mul(n)?.checked_mul(steps));
        if total.is_none_or(|total| total > MAX_NUMBERS) {
            let expected = format!("at most {MAX_NUMBERS} numbers in all");
            return Err(Error::shape(
                "the sequences",
                expected,
                &[steps, n, symbols],
            ));
        }
        let mut x = Array3::zeros((steps, n, symbols + 1));
        let mut y = Array2::zeros((n, symbols));
        for i in 0..n {
            let symbol = rng.random_range(0..symbols);
            x[[0, i, symbol]] = 1.0;
            y[[i, symbol]] = 1.0;
            for t in 1..steps {
                let unit: f64 = StandardNormal.sample(rng);
                x[[t, i, symbols]] = noise * unit;
            }
        }
        Ok(Self { x, y })
    }

    /// The sequences with these indices.
    ///
    /// # Errors
    /// There is no such sequence, or `x` and `y` are of different numbers of sequences.
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        let n = self.y.nrows();
        if self.x.len_of(Axis(1)) != n {
            let expected = format!("(T, {n}, d)");
            return Err(Error::shape("the sequences", expected, self.x.shape()));
        }
        if let Some(row) = rows.iter().find(|row| **row >= n) {
            let expected = format!("below {n}");
            return Err(Error::domain("the index of a sequence", expected, row));
        }
        Ok(Self {
            x: self.x.select(Axis(1), rows),
            y: self.y.select(Axis(0), rows),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    #[test]
    fn the_symbol_is_shown_once_and_asked_for() {
        let data = Sequences::first_symbol(50, 7, 3, 0.5, &mut stream(1, "symbols", 0));
        let data = data.expect("valid");
        assert_eq!((data.x.dim(), data.y.dim()), ((7, 50, 4), (50, 3)));
        for i in 0..50 {
            for s in 0..3 {
                assert_eq!(data.x[[0, i, s]], data.y[[i, s]]);
                assert!((1..7).all(|t| data.x[[t, i, s]] == 0.0));
            }
            assert!(data.x[[0, i, 3]] == 0.0 && (1..7).all(|t| data.x[[t, i, 3]] != 0.0));
        }
        assert!(data.y.sum_axis(Axis(0)).iter().all(|count| *count > 5.0));
        let two = data.select(&[3, 9]).expect("there");
        assert_eq!((two.x.dim(), two.y.row(1)), ((7, 2, 4), data.y.row(9)));
        assert!(data.select(&[50]).is_err());
    }

    #[test]
    fn impossible_tasks_are_errors() {
        let make = |n, steps, symbols, noise| {
            Sequences::first_symbol(n, steps, symbols, noise, &mut stream(1, "bad", 0)).is_err()
        };
        assert!(make(0, 5, 2, 0.1) && make(3, 0, 2, 0.1) && make(3, 5, 1, 0.1));
        assert!(make(3, 5, 2, -0.1) && make(3, 5, 2, f64::NAN) && make(3, 5, usize::MAX, 0.1));
        assert!(make(1 << 20, 1 << 20, 2, 0.1) && !make(1, 1, 2, 0.0));
    }
}
