//! A plan of transport: how much of the mass at each point goes where.

use ndarray::ArrayRef2;

use crate::error::{Error, Result};

/// A coupling π of two measures with finitely many points: mass π_ij goes from point i of the first to point j of the
/// second. Entries that are not listed are 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Coupling {
    shape: (usize, usize),
    entries: Vec<(usize, usize, f64)>,
}

impl Coupling {
    /// The coupling with these entries (i, j, π_ij) of measures with `shape` points.
    ///
    /// # Errors
    /// An entry outside of `shape`, or a mass that is negative or not finite.
    pub fn new(shape: (usize, usize), entries: Vec<(usize, usize, f64)>) -> Result<Self> {
        for (i, j, mass) in &entries {
            if *i >= shape.0 || *j >= shape.1 {
                let expected = format!("below {shape:?}");
                let got = format!("({i}, {j})");
                return Err(Error::domain("the place of an entry", expected, got));
            }
            crate::error::check_scale("the mass of an entry", *mass)?;
        }
        Ok(Self { shape, entries })
    }

    /// Its entries (i, j, π_ij).
    #[must_use]
    pub fn entries(&self) -> &[(usize, usize, f64)] {
        &self.entries
    }

    /// Σ_j π_ij for every i, and Σ_i π_ij for every j: what it couples.
    #[must_use]
    pub fn marginals(&self) -> [Vec<f64>; 2] {
        let mut sums = [vec![0.0; self.shape.0], vec![0.0; self.shape.1]];
        for (i, j, mass) in &self.entries {
            sums[0][*i] += mass;
            sums[1][*j] += mass;
        }
        sums
    }

    /// ⟨π, c⟩ = Σ π_ij c_ij.
    ///
    /// # Errors
    /// Costs of another shape.
    pub fn cost(&self, cost: &ArrayRef2<f64>) -> Result<f64> {
        if cost.dim() != self.shape {
            let expected = format!("{:?}", self.shape);
            return Err(Error::shape("the costs", expected, cost.shape()));
        }
        let parts = self.entries.iter();
        Ok(parts.map(|(i, j, mass)| mass * cost[[*i, *j]]).sum())
    }

    /// How many points of the first measure have their mass split between several of the second.
    #[must_use]
    pub fn split(&self) -> usize {
        let mut targets = vec![0_usize; self.shape.0];
        for (i, _, _) in self.entries.iter().filter(|entry| entry.2 > 0.0) {
            targets[*i] += 1;
        }
        targets.iter().filter(|count| **count > 1).count()
    }

    /// Whether it is a map: all mass of a point goes to one point, as Monge's problem asks.
    #[must_use]
    pub fn is_map(&self) -> bool {
        self.split() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_plan_that_splits_is_no_map() {
        let plan = Coupling::new((2, 2), vec![(0, 0, 0.25), (0, 1, 0.25), (1, 1, 0.5)]).unwrap();
        assert_eq!((plan.split(), plan.is_map()), (1, false));
        assert_eq!(plan.marginals(), [vec![0.5, 0.5], vec![0.25, 0.75]]);
        assert_eq!(plan.cost(&array![[1.0, 2.0], [9.0, 4.0]]).unwrap(), 2.75);
        assert!(plan.cost(&array![[1.0]]).is_err());
        assert!(Coupling::new((1, 1), vec![(0, 1, 1.0)]).is_err());
        assert!(Coupling::new((1, 1), vec![(0, 0, -1.0)]).is_err());
    }
}
