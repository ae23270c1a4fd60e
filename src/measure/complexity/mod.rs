//! Complexity measures of a trained network: norms, path norm and margins.
//!
//! A measure is one number that some bound on the generalisation gap contains. Here X_l is the
//! matrix by which layer l multiplies, `(out, in)`: its weights times its multiplier. Biases are
//! left out, as in the formulas.
//!
//! | measure | formula | where |
//! |---|---|---|
//! | parameter norm | Σ‖X_l‖_F² | [`Norms::parameter_norm`] |
//! | distance to initialisation | Σ‖X_l − X_l⁰‖_F² | [`Norms::squared_distance`] |
//! | product of spectral norms | Π‖X_l‖ | [`Norms::spectral_product`] |
//! | spectral complexity | Π‖X_l‖ (Σ(‖(X_l − M_l)ᵀ‖₂,₁/‖X_l‖)^⅔)^{3/2} | [`Norms::spectral_complexity`] |
//! | spec-orig | ln of Π‖X_l‖² Σ(‖X_l‖_F²/‖X_l‖²)/γ² | [`Norms::ln_spec_orig`] |
//! | path norm | √ of the sum over paths of the product of squared weights | [`path_norm`](fn@path_norm) |
//! | ℓ₁ path norm | the sum over paths of the product of absolute weights | [`l1_path_norm`](fn@l1_path_norm) |
//! | margin γ | the 10th percentile of (output of the class − largest other output) | [`margins`], [`margin_percentile`] |
//! | sharpness 1/σ² | σ: the noise on every weight at which a tenth of the accuracy is lost | [`perturbation_std`](fn@perturbation_std) |
//!
//! How well a measure follows the gap over many networks is a rank correlation:
//! [`kendall`](crate::measure::kendall()).

mod l1_path_norm;
mod layer;
mod margin;
mod norms;
mod path_norm;
mod sharpness;
mod sums;

pub use l1_path_norm::l1_path_norm;
pub use layer::{LayerNorms, effective_weights};
pub use margin::{inverse_square_margin, margin_at_loss, margin_percentile, margins};
pub use norms::Norms;
pub use path_norm::path_norm;
pub use sharpness::{Perturbation, linear_drop, linear_std, perturbation_std};
pub(crate) use sharpness::{accuracy, noise_like, perturbed};
pub use sums::{power_sum, size_in_bound};
