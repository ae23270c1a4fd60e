//! The widths that the claims speak of.

use super::curve::Width;
use crate::error::{Error, Result};
use crate::stats::{largest, largest_by, least_by};

/// The widths that the claims speak of.
pub(super) struct Landmarks<'a> {
    /// The largest simulated risk.
    pub peak: &'a Width,
    /// The least exact risk below n, among the testable if there are any.
    pub narrow: &'a Width,
    /// All features.
    pub widest: &'a Width,
    /// The least exact risk of the testable.
    pub best: &'a Width,
    /// Where the simulated mean has a finite variance.
    pub testable: Vec<&'a Width>,
}

impl<'a> Landmarks<'a> {
    pub(super) fn of(curve: &'a [Width], n: usize) -> Result<Self> {
        let expected = "widths on both sides of n, no risk of which is NaN";
        let missing = || Error::shape("the curve", expected, &[curve.len()]);
        let exact = |width: &&Width| width.exact;
        let testable: Vec<&Width> = curve.iter().filter(|width| width.testable()).collect();
        let all = || testable.iter().copied();
        let below = |width: &&Width| width.p < n;
        let narrow = least_by(all().filter(below), exact);
        let narrow = narrow.or(least_by(curve.iter().filter(below), exact));
        Ok(Self {
            peak: largest_by(curve, |width| width.risk.mean).ok_or_else(missing)?,
            narrow: narrow.ok_or_else(missing)?,
            widest: curve.last().ok_or_else(missing)?,
            best: least_by(all(), exact).ok_or_else(missing)?,
            testable,
        })
    }

    pub(super) fn distances(&self) -> impl Iterator<Item = f64> {
        self.testable.iter().map(|width| width.distance().abs())
    }

    pub(super) fn largest_distance(&self) -> f64 {
        largest(self.distances())
    }

    /// The share of testable widths whose distance is at most 3.
    pub(super) fn share_within_3(&self) -> f64 {
        let within = self.distances().filter(|distance| *distance <= 3.0);
        within.count() as f64 / self.testable.len() as f64
    }
}
