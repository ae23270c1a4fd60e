//! What a notebook has in scope: `use dltheory::prelude::*;` stands in `notebooks/kernel/evcxr.toml`.

pub use dltheory_workbench::linalg;
pub use rand::RngExt;
pub use rand_distr::{Distribution, StandardNormal};
pub use {ndarray, rand, rand_distr};
// The kernel names the type of a stored array by paths it can see: without these three it finds
// only the aliases, and fails.
pub use ndarray::{Array1, Array2, ArrayBase, Axis, Dim, OwnedRepr, array, s};

pub use crate::data::Sequences;
pub use crate::data::synthetic::{gaussian, random_signs};
pub use crate::data::{
    Dataset, Images, Source, flip_labels, mean_pool, mnist_sample, train_test_split, two_classes,
};
pub use crate::display::Html;
pub use crate::error::Error;
pub use crate::exercise::{CheckReport, check};
pub use crate::experiment::batch_norm::BatchNormalisation;
pub use crate::experiment::class_separation::ClassSeparation;
pub use crate::experiment::complexity_correlation::ComplexityCorrelation;
pub use crate::experiment::curve_fitting::CurveFitting;
pub use crate::experiment::double_descent::DoubleDescent;
pub use crate::experiment::epoch_double_descent::EpochDoubleDescent;
pub use crate::experiment::error_decomposition::ErrorDecomposition;
pub use crate::experiment::feature_maps::FeatureMaps;
pub use crate::experiment::gradient_flow::GradientFlowOfNetwork;
pub use crate::experiment::isoperimetry::Isoperimetry;
pub use crate::experiment::kernel_vs_network::KernelVsNetwork;
pub use crate::experiment::lazy_training::LazyTraining;
pub use crate::experiment::linear_double_descent::LinearDoubleDescent;
pub use crate::experiment::lipschitz_bounds::LipschitzBounds;
pub use crate::experiment::network_double_descent::NetworkDoubleDescent;
pub use crate::experiment::neuron_trajectories::NeuronTrajectories;
pub use crate::experiment::norm_curve::NormCurve;
pub use crate::experiment::ntk_convergence::NtkConvergence;
pub use crate::experiment::optimal_ridge::OptimalRidge;
pub use crate::experiment::overfitting_regimes::OverfittingRegimes;
pub use crate::experiment::perturbation_stability::PerturbationStability;
pub use crate::experiment::phase_diagram::PhaseDiagram;
pub use crate::experiment::rademacher::Rademacher;
pub use crate::experiment::random_sign_capacity::RandomSignCapacity;
pub use crate::experiment::ridgeless_asymptotics::RidgelessAsymptotics;
pub use crate::experiment::rnn_gradients::RnnGradients;
pub use crate::experiment::uniform_convergence::UniformConvergence;
pub use crate::experiment::variance_propagation::VariancePropagation;
pub use crate::experiment::{Claim, Claims, Context, Report, Table};
pub use crate::fit::gradient_flow::Progress;
pub use crate::fit::memorising_network;
pub use crate::fit::{
    DescentSettings, GradientFlow, GramRidge, MinNormPath, SgdSettings, descend, gradient_flow,
    gram_ridge, kernel_ridge, min_norm, min_norm_path, ridge, sgd,
};
pub use crate::measure::robustness::{
    LazyScheme, ball_constant, huang_stability_bound, initial_gradient, lazy_stability_bound,
    wu_stability_bound,
};
pub use crate::measure::{
    BiasVariance, CoinClassifiers, Complexity, LinearBall, NetworkLearner, Sandwich, Scaling,
    SignInterpolator, bias_variance, coin_classifiers, coin_probability, cover_probability,
    exact_finite_class_complexity, expected_log_condition, finite_class_complexity,
    gaussian_condition, generalisation_gap, hoeffding_gap, is_vacuous, learned_complexity,
    marchenko_pastur_condition, massart_bound, separable_fraction, threshold_complexity,
};
pub use crate::model::batch_norm::{batch_statistics_gap, running_weights};
pub use crate::model::init::init_table;
pub use crate::model::{
    Activation, FeatureKind, Init, Kernel, KernelForm, Mlp, MlpSettings, RandomFeatures,
    TwoLayerNtk, kappa0, kappa1, polynomial_dimension, polynomial_features, polynomial_map_error,
    two_layer_ntk,
};
pub use crate::model::{
    BatchNorm, LagNorm, NormalisedMlp, Recurrent, RecurrentLaw, RecurrentSettings, power_growth,
};
pub use crate::optimise::{Clip, Clipped};
pub use crate::plot::{Figure, Panel};
pub use crate::rng::{Rng, stream};
pub use crate::stats::Estimate;
