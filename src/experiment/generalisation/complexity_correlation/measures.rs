//! The measures that are compared, and what the slide prints for them.
//!
//! The slide's four numbers are τ over all networks, not Ψ, of convolutional networks on CIFAR-10 (Jiang, Neyshabur, Mobahi,
//! Krishnan & Bengio 2020, arXiv:1912.02178). The row that the slide calls spectral complexity is "spectral orig" there: not the
//! formula printed beside it on the slide, but Π‖X‖² Σ(‖X‖_F²/‖X‖²)/γ², with the margin γ.

use crate::error::Result;
use crate::measure::complexity::{Norms, inverse_square_margin, path_norm};
use crate::model::Mlp32;

/// A complexity measure and the names it goes by.
pub(super) struct Measure {
    /// Its column, and the name of its numbers.
    pub column: &'static str,
    /// In words, short.
    pub label: &'static str,
    /// The τ on the slide.
    pub slide: Option<f64>,
    /// Names of what is measured: τ, Ψ, the standard error of Ψ, ψ by hyper-parameter.
    pub tau: &'static str,
    pub psi: &'static str,
    pub psi_se: &'static str,
    pub by_hyper: &'static str,
    /// Names of its sign errors: the mean over all pairs, and the worst of the hyper-parameters.
    pub sign_error: &'static str,
    pub worst_sign_error: &'static str,
}

macro_rules! measures {
    ($($column:literal, $label:literal, $slide:expr;)+) => {
        [$(Measure {
            column: $column,
            label: $label,
            slide: $slide,
            tau: concat!("tau_", $column),
            psi: concat!("psi_", $column),
            psi_se: concat!("psi_se_", $column),
            by_hyper: concat!("psi_by_hyper_", $column),
            sign_error: concat!("sign_error_", $column),
            worst_sign_error: concat!("worst_sign_error_", $column),
        },)+]
    };
}

/// Every measure, the slide's four first.
pub(super) const MEASURES: [Measure; 9] = measures![
    "distance", "distance to init", Some(-0.263);
    "spectral_complexity", "spectral complexity", Some(-0.537);
    "parameter_norm", "parameter norm", Some(0.073);
    "path_norm", "path norm", Some(0.373);
    "spectral_product", "spectral product", None;
    "spec_orig", "spec-orig", None;
    "inverse_margin", "1/margin²", None;
    "n_parameters", "number of weights", None;
    "sharpness", "sharpness 1/σ²", None;
];

/// Every measure that is compared: its name in a report's numbers, and the τ that the slide prints for it.
pub fn compared() -> impl Iterator<Item = (&'static str, Option<f64>)> {
    MEASURES
        .iter()
        .map(|measure| (measure.column, measure.slide))
}

/// The place of a column in [`MEASURES`] and in [`measure`]'s answer.
pub(super) fn place(column: &str) -> usize {
    let place = MEASURES.iter().position(|m| m.column == column);
    place.expect("a measure of the list")
}

/// All measures of a trained network, in the order of [`MEASURES`].
pub(super) fn measure(net: &Mlp32, start: &Mlp32, margin: f64, sigma: f64) -> Result<[f64; 9]> {
    let norms = Norms::of(net, Some(start))?;
    Ok([
        norms.squared_distance(),
        norms.spectral_complexity(),
        norms.parameter_norm(),
        path_norm(net)?,
        norms.spectral_product(),
        norms.ln_spec_orig(margin)?,
        inverse_square_margin(margin)?,
        net.n_parameters() as f64,
        sigma.powi(-2),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::network::Point;
    use super::*;

    /// The table's last columns hold the measures in this order.
    #[test]
    fn columns_stand_in_the_order_of_the_measures() {
        let names = Point::COLUMNS.iter().map(|column| column.name);
        let measures: Vec<&str> = MEASURES.iter().map(|measure| measure.column).collect();
        let last: Vec<&str> = names.skip(Point::COLUMNS.len() - measures.len()).collect();
        assert_eq!(last, measures);
    }
}
