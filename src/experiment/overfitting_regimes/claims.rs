//! What a run claims.

use super::super::{Claim, Claims};
use super::curve::{Curve, Kind, Name, Point};
use super::network::INTERPOLATED;
use super::{OverfittingRegimes, Results};
use crate::error::{Error, Result};
use crate::measure::largest_distance;

/// The chance that one claim fails although theory is right: a run has some dozen that can.
const LEVEL: f64 = 0.0005;

pub(super) fn claims(settings: &OverfittingRegimes, results: &Results) -> Result<Claims> {
    let mut claims = Claims::default();
    Ok(claims)
}
