//! The risk of a linear prediction under attack.

use crate::error::{Result, check_scale, within_range};

/// The mean of the worst squared error within ‖δ‖ ≤ ε, of a linear prediction whose residual r = y − w·x is N(0, s²).
///
/// # Formula
/// max {(y − w·(x + δ))² : ‖δ‖ ≤ ε} = (|r| + ε‖w‖_*)², and E|r| = s√(2/π): the mean is s² + 2εs‖w‖_*√(2/π) + ε²‖w‖_*².
///
/// Takes `deviation` s, ‖w‖_* as [`sensitivity`](super::LinearModel::sensitivity) has it, and `epsilon`, all ≥ 0.
///
/// # Errors
/// A negative number or one that is not finite; a risk beyond the range of f64.
///
/// # Reference
/// Javanmard, Soltanolkotabi & Hassani 2020, "Precise tradeoffs in adversarial training for linear regression", arXiv:2002.10477, for ℓ2.
///
/// ```
/// use dltheory::attack::linear::attacked_risk;
/// assert_eq!(attacked_risk(2.0, 3.0, 0.0)?, 4.0);
/// assert_eq!(attacked_risk(0.0, 3.0, 0.5)?, 2.25);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn attacked_risk(deviation: f64, sensitivity: f64, epsilon: f64) -> Result<f64> {
    check_scale("the residual's deviation s", deviation)?;
    check_scale("‖w‖_*", sensitivity)?;
    check_scale("ε", epsilon)?;
    let lost = epsilon * sensitivity;
    let cross = 2.0 * lost * deviation * std::f64::consts::FRAC_2_PI.sqrt();
    within_range(
        "the risk under attack",
        deviation.powi(2) + cross + lost.powi(2),
    )
}
