//! Measuring fitted models, and the numbers theory predicts for them.

pub mod bias_variance;
pub mod linear_risk;
pub mod monte_carlo;
pub mod ridge_asymptotics;
pub mod ridgeless_asymptotics;

pub use bias_variance::{BiasVariance, bias_variance};
pub use linear_risk::{
    FeatureOrder, LinearRiskSettings, WidthRisk, exact_linear_risk, isotropic_risk,
    linear_risk_curve,
};
pub use monte_carlo::{Estimate, median};
pub use ridge_asymptotics::{RidgePoint, marchenko_pastur_stieltjes, ridge_curve};
pub use ridgeless_asymptotics::{IsotropicProblem, RidgelessPoint, ridgeless_curve};
