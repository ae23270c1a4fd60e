//! Means of the iterates.

use crate::error::{Error, Result};

/// Which iterates x_1 … x_K a method's mean is of.
///
/// # Reference
/// Polyak & Juditsky 1992, doi:10.1137/0330046.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Average {
    /// None: the last iterate alone.
    #[default]
    Last,
    /// The last part, in (0, 1]; 1 is all of them. At least the last one.
    Tail(f64),
}

impl Average {
    /// Checks the part.
    ///
    /// # Errors
    /// It is outside (0, 1].
    pub fn check(self) -> Result<()> {
        match self {
            Self::Tail(part) if !(part > 0.0 && part <= 1.0) => {
                Err(Error::domain("the averaged part", "in (0, 1]", part))
            }
            _ => Ok(()),
        }
    }

    /// How many of `steps` iterates it takes.
    #[must_use]
    pub fn count(self, steps: usize) -> usize {
        match self {
            Self::Last => 1,
            Self::Tail(part) => ((part * steps as f64).round() as usize).clamp(1, steps.max(1)),
        }
    }
}

/// A mean that grows: x̄ ← x̄ + (x − x̄)/k, which needs no sum that many iterates could make overflow.
#[derive(Clone, Debug)]
pub(super) struct Mean {
    pub mean: Vec<f64>,
    count: u64,
}

impl Mean {
    pub(super) fn new(p: usize) -> Self {
        Self {
            mean: vec![0.0; p],
            count: 0,
        }
    }

    pub(super) fn add(&mut self, x: &[f64]) {
        self.count += 1;
        let share = 1.0 / self.count as f64;
        for (mean, x) in self.mean.iter_mut().zip(x) {
            *mean += (x - *mean) * share;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_part_asked_for() {
        assert_eq!(Average::Tail(0.25).count(8), 2);
        assert_eq!(
            (Average::Tail(1e-9).count(8), Average::Last.count(8)),
            (1, 1)
        );
        for part in [0.0, -1.0, 1.5, f64::NAN] {
            assert!(Average::Tail(part).check().is_err());
        }
        let mut mean = Mean::new(1);
        [1.0, 2.0, 6.0].iter().for_each(|x| mean.add(&[*x]));
        assert!((mean.mean[0] - 3.0).abs() < 1e-15);
    }
}
