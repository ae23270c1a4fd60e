//! Measuring fitted models, and the numbers theory predicts for them.

pub mod bias_variance;
pub mod capacity;
pub mod capacity_least_squares;
pub mod circle_spectrum;
pub mod complexity;
pub mod effective_rank;
pub mod eigenframework;
pub mod gaussian_condition;
pub mod granulated;
pub mod hoeffding;
pub mod isoperimetry;
pub mod junk_features;
pub mod kendall;
pub mod kendall_chance;
pub mod lazy;
pub mod linear_risk;
pub mod linear_risk_variance;
pub mod lipschitz;
pub mod noise_interpolation;
pub mod overfitting;
pub mod phase;
pub mod propagation;
pub mod rademacher;
pub mod rademacher_bound;
pub mod rademacher_finite;
pub mod rademacher_fit;
pub mod rademacher_gaussian;
pub mod rademacher_network;
pub mod ridge_asymptotics;
pub mod ridgeless_asymptotics;
pub mod ridgeless_law;
pub mod robustness;
pub mod separation;
pub mod thresholds;
pub mod uniform_convergence;
pub mod uniform_convergence_failure;
pub mod valley;
pub mod vertex;

pub use bias_variance::{BiasVariance, bias_variance};
pub use capacity::{cover_probability, ln_cover_count, ln_cover_probability, separable_fraction};
pub use capacity_least_squares::least_squares_sign_agreement;
pub use circle_spectrum::circle_eigenvalues;
pub use complexity::{Norms, margin_percentile, margins, path_norm};
pub use effective_rank::{BenignSplit, benign_split, effective_ranks};
pub use eigenframework::{SpectralRisk, spectral_risk, spectral_risk_monte_carlo};
pub use gaussian_condition::{
    expected_log_condition, gaussian_condition, marchenko_pastur_condition,
};
pub use granulated::{Granulated, granulated_kendall};
pub use hoeffding::{CoinClassifiers, coin_classifiers, coin_probability, hoeffding_gap};
pub use junk_features::{
    JunkFeatures, JunkFeaturesSettings, JunkFeaturesTheory, junk_features, junk_features_theory,
};
pub use kendall::{kendall, kendall_null_se, untied_share};
pub use kendall_chance::kendall_difference_null_se;
pub use lazy::{Movement, lazy_ratio};
pub use linear_risk::{
    FeatureOrder, LinearRiskSettings, WidthRisk, exact_linear_risk, isotropic_risk,
    linear_risk_curve,
};
pub use linear_risk_variance::isotropic_risk_variance;
pub use noise_interpolation::{
    hilbert_noise_risk, laplace_noise_risk, piecewise_linear_noise_risk, threshold_noise_median,
};
pub use overfitting::{
    Inputs, Method, MethodFit, NoiseRisk, NoiseRiskSettings, knn_classification_risk, noise_risk,
    simplicial_noise_risk,
};
pub use phase::{Regime, Scaling};
pub use propagation::{
    GaussianMoments, MeasuredPropagation, Moment, Propagation, Scatter, gaussian_moments,
};
pub use rademacher::{LinearBall, Sandwich};
pub use rademacher_bound::{Complexity, generalisation_gap, is_vacuous};
pub use rademacher_finite::{
    exact_finite_class_complexity, finite_class_complexity, massart_bound,
};
pub use rademacher_fit::{SignFn, SignInterpolator, SignLearner, learned_complexity};
pub use rademacher_network::{MemorisingNetwork, NetworkLearner};
pub use ridge_asymptotics::{RidgePoint, marchenko_pastur_stieltjes, ridge_curve};
pub use ridgeless_asymptotics::{IsotropicProblem, RidgelessPoint, ridgeless_curve};
pub use ridgeless_law::RidgelessScores;
pub use thresholds::{threshold_complexity, threshold_patterns};
pub use uniform_convergence::{
    InterpolationPoint, InterpolationSettings, interpolation_point, norm_bound,
};
pub use uniform_convergence_failure::{
    FlippedNoise, FlippedNoiseSettings, flipped_noise, flipped_noise_errors,
};
pub use valley::{isotonic, valley, valley_misfit};
pub use vertex::{Vertex, vertex};
