//! Measuring fitted models, and the numbers theory predicts for them.
//!
//! A file holds theory (closed forms, bounds), an estimator (a number from data) or a simulator (draws of its own), and each
//! folder says which is which.
//!
//! | folder | about |
//! |---|---|
//! | [`bias_variance`](mod@bias_variance), [`separation`] | estimators: bias and variance over draws; distances between classes |
//! | [`risk`], [`spectrum`] | linear regression in theory; eigenvalues |
//! | [`overfitting`] | what fitting noise costs |
//! | [`rademacher`], [`capacity`], [`uniform_convergence`] | random labels, all labels; bounds for a whole class |
//! | [`complexity`], [`ranking`] | measures of a network; how well they rank networks |
//! | [`propagation`], [`lazy`] | networks at initialisation; how far their weights move |
//! | [`robustness`], [`lipschitz`], [`isoperimetry`] | small steps of the input; the largest stretch; balls around half of a space |
//! | [`sgd_moments`] | theory: SGD on a quadratic, second moments of every schedule |
//! | [`curve`] | the shape of a measured curve |
//! | [`escape`], [`langevin`] | theory: descent with noise at a saddle, and as a sampler |

#![deny(clippy::disallowed_methods)]

pub mod bias_variance;
pub mod capacity;
pub mod complexity;
pub mod conditioning;
pub mod curve;
pub mod escape;
pub mod isoperimetry;
pub mod langevin;
pub mod lazy;
pub mod lipschitz;
pub mod overfitting;
pub mod propagation;
pub mod rademacher;
pub mod ranking;
pub mod risk;
pub mod robustness;
pub mod separation;
pub mod sgd_moments;
pub mod spectrum;
pub mod uniform_convergence;

pub use bias_variance::{BiasVariance, bias_variance};
pub use capacity::{
    OneBetter, SignClass, Thresholds, all_labellings, cover_probability, least_relu_units,
    least_squares_sign_agreement, ln_cover_count, ln_cover_probability, pac_examples,
    radon_labelling, separable_fraction, separable_labellings,
};
pub use complexity::{Norms, l1_path_norm, margin_percentile, margins, path_norm};
pub use conditioning::{
    PlConstants, expected_two_layer_hessian_norm, squares_smoothness, two_layer_hessian_norm,
    two_layer_hessian_norm_deviation,
};
pub use curve::{Vertex, isotonic, valley, valley_misfit, vertex};
pub use escape::EscapeLaw;
pub use langevin::{ChainLaw, LineDensity, langevin_variance};
pub use lazy::{Movement, Regime, Scaling, lazy_ratio};
pub use overfitting::{
    Inputs, Method, MethodFit, NoiseRisk, NoiseRiskSettings, hilbert_noise_risk,
    knn_classification_risk, laplace_noise_risk, noise_risk, piecewise_linear_noise_risk,
    simplicial_noise_risk, threshold_noise_median,
};
pub use propagation::{
    GaussianMoments, MeasuredPropagation, Moment, Propagation, Scatter, gaussian_moments,
};
pub use rademacher::{
    Complexity, LinearBall, MemorisingNetwork, NetworkLearner, Sandwich, SignFn, SignInterpolator,
    SignLearner, exact_finite_class_complexity, finite_class_complexity, generalisation_gap,
    is_vacuous, learned_complexity, massart_bound, threshold_complexity, threshold_patterns,
};
pub use ranking::{
    Granulated, granulated_kendall, kendall, kendall_difference_null_se, kendall_null_se,
    untied_share,
};
pub use risk::{
    FeatureGroup, FeatureOrder, FixedNeurons, IsotropicProblem, LinearRiskSettings, RidgePoint,
    RidgelessPoint, RidgelessScores, SpectralRisk, WidthRisk, exact_linear_risk, fixed_neurons,
    isotropic_risk, isotropic_risk_variance, linear_risk_curve, marchenko_pastur_stieltjes,
    ridge_curve, ridgeless_curve, spectral_risk, spectral_risk_monte_carlo, stopped_risk,
};
pub use sgd_moments::{one_over_k_exponent, second_moments, steady_moment};
pub use spectrum::{
    BenignSplit, SphereDegree, UnitWaves, Wave, benign_split, circle_eigenvalues, effective_ranks,
    expected_log_condition, fixed_features_bound, gaussian_condition, largest_wave,
    largest_wave_by_chance, marchenko_pastur_condition, phase_agreement, random_neurons_risk,
    relu_on_sphere, unit_waves, waves_alone,
};
pub use uniform_convergence::{
    CoinClassifiers, FlippedNoise, FlippedNoiseSettings, InterpolationPoint, InterpolationSettings,
    JunkFeatures, JunkFeaturesSettings, JunkFeaturesTheory, coin_classifiers, coin_probability,
    flipped_noise, flipped_noise_errors, hoeffding_gap, interpolation_point, junk_features,
    junk_features_theory, norm_bound, split_bound,
};
