//! What a notebook has in scope: `use dltheory::prelude::*;` stands in `notebooks/kernel/evcxr.toml`.
//!
//! Here is what cells, exercises and their texts name, and the types of what cells keep in variables; everything else
//! has its path.

// All chapters: what a solution may use, as in the workbench's prelude. The kernel names the type of a stored array by
// paths it can see: without `ArrayBase`, `Dim` and `OwnedRepr` it finds only the aliases, and fails.
pub use crate::rng::{Rng, stream};
pub use dltheory_workbench::linalg;
pub use ndarray::{Array1, Array2, ArrayBase, Axis, Dim, OwnedRepr, array, s};
pub use rand::RngExt;
pub use rand_distr::{Distribution, StandardNormal};
pub use {ndarray, rand, rand_distr};

// All chapters: exercises, claims, reports, figures.
pub use crate::display::Html;
pub use crate::error::Error;
pub use crate::exercise::{CheckReport, check, numbers};
pub use crate::experiment::{Claim, Claims, Context, Report, Table};
pub use crate::lesson::{
    Correction, GoodBadUgly, Guess, Yours, beside_the_slide, compare, erratum, good_bad_ugly,
    redraw, sign_errors, with_yours,
};
pub use crate::plot::{Figure, Panel};
pub use crate::stats::Estimate;

// Data. Chapter 13: digits; 10: made points and signs; 8: sequences. `Source`, for a `Context`: data of your own.
pub use crate::data::synthetic::{gaussian, random_signs};
pub use crate::data::{
    Dataset, Images, Sequences, Source, mnist_sample, train_test_split, two_classes,
};

// Kernels and tangent kernels. Chapter 7; random features in 13.
pub use crate::measure::{expected_log_condition, gaussian_condition, marchenko_pastur_condition};
pub use crate::model::{
    KernelForm, RandomFeatures, TwoLayerNtk, polynomial_dimension, polynomial_features,
    two_layer_ntk,
};

// Networks. Chapters 7, 8, 9, 12.
pub use crate::model::{Activation, Init, Mlp, MlpSettings};

// Initialisation, recurrent networks, clipping, batch normalisation. Chapter 8.
pub use crate::measure::Scaling;
pub use crate::model::init::init_table;
pub use crate::model::{BatchNorm, LagNorm, Recurrent, RecurrentSettings};
pub use crate::optimise::{Clip, Clipped};

// Robustness. Chapter 9.
pub use crate::measure::robustness::{
    LazyScheme, ball_constant, huang_stability_bound, initial_conv_gradient, initial_gradient,
    lazy_stability_bound, wu_stability_bound,
};

// Rademacher complexity and bounds. Chapter 10.
pub use crate::fit::memorising_network;
pub use crate::measure::{
    CoinClassifiers, Complexity, LinearBall, Sandwich, SignClass, coin_classifiers,
    coin_probability, generalisation_gap, hoeffding_gap, pac_examples, radon_labelling,
    separable_labellings,
};

// Fits. Chapter 13; `ridge` in the tests of the notebooks' kernel.
pub use crate::fit::{MinNormPath, min_norm, min_norm_path, ridge};

// Experiments of chapter 1: risk, SGD and saddles.
pub use crate::experiment::adam_nonconvergence::AdamNonconvergence;
pub use crate::experiment::adaptive_rates::AdaptiveRates;
pub use crate::experiment::langevin::LangevinDynamics;
pub use crate::experiment::loss_landscape::LossLandscape;
pub use crate::experiment::risk_and_losses::RiskAndLosses;
pub use crate::experiment::saddle_escape::SaddleEscape;
pub use crate::experiment::step_sizes::StepSizes;
// Experiments of chapter 2: adversarial examples.
pub use crate::experiment::attack_strength::AttackStrength;
pub use crate::experiment::linear_worst_case::LinearWorstCase;
pub use crate::experiment::masked_gradients::MaskedGradients;
pub use crate::experiment::other_threats::OtherThreats;
pub use crate::experiment::saliency_maps::SaliencyMaps;
pub use crate::experiment::sign_steps::SignSteps;
pub use crate::experiment::targeted_attack::TargetedAttack;
pub use crate::experiment::transfer_attack::TransferAttack;
// Experiments of chapter 3: Danskin's theorem and adversarial training.
pub use crate::experiment::adversarial_training::AdversarialTraining;
pub use crate::experiment::danskin::Danskin;
pub use crate::experiment::perturbation_diversity::PerturbationDiversity;
// Experiments of chapter 4: minimax.
pub use crate::experiment::bilinear_game::BilinearGame;
pub use crate::experiment::limit_cycles::LimitCycles;
pub use crate::experiment::mixed_nash::MixedNash;
pub use crate::experiment::robbins_monro::RobbinsMonro;
pub use crate::experiment::saddle_surfaces::SaddleSurfaces;
pub use crate::experiment::stochastic_extragradient::StochasticExtragradient;
pub use crate::experiment::weak_minty::WeakMinty;
// Experiments of chapter 5: transport.
pub use crate::experiment::push_forward::PushForwardDensity;
pub use crate::experiment::wasserstein_duality::WassersteinDuality;
pub use crate::experiment::wasserstein_rate::WassersteinRate;
// Experiments of chapter 6: overparameterised optimisation.
pub use crate::experiment::implicit_bias::ImplicitBias;
pub use crate::experiment::pl_condition::PlCondition;
pub use crate::experiment::random_labels::RandomLabels;
pub use crate::experiment::scaling_law::ScalingLaw;
pub use crate::experiment::two_layer_convergence::TwoLayerConvergence;
pub use crate::experiment::width_to_interpolate::WidthToInterpolate;
// Chapter 7: kernels and tangent kernels.
pub use crate::experiment::feature_maps::FeatureMaps;
pub use crate::experiment::gradient_flow::GradientFlowOfNetwork;
pub use crate::experiment::kernel_vs_network::KernelVsNetwork;
pub use crate::experiment::ntk_convergence::NtkConvergence;
pub use crate::experiment::sparse_parity::SparseParity;
// Chapter 8: initialisation and lazy training.
pub use crate::experiment::batch_norm::BatchNormalisation;
pub use crate::experiment::function_spaces::FunctionSpaces;
pub use crate::experiment::lazy_training::LazyTraining;
pub use crate::experiment::neuron_trajectories::NeuronTrajectories;
pub use crate::experiment::phase_diagram::PhaseDiagram;
pub use crate::experiment::rnn_gradients::RnnGradients;
pub use crate::experiment::shortcuts_and_gates::ShortcutsAndGates;
pub use crate::experiment::variance_propagation::VariancePropagation;
// Chapter 9: robustness.
pub use crate::experiment::class_separation::ClassSeparation;
pub use crate::experiment::conv_stability::ConvStability;
pub use crate::experiment::isoperimetry::Isoperimetry;
pub use crate::experiment::law_of_robustness::LawOfRobustness;
pub use crate::experiment::lipschitz_bounds::LipschitzBounds;
pub use crate::experiment::perturbation_stability::PerturbationStability;
pub use crate::experiment::separated_sets::SeparatedSets;
// Chapter 10: Rademacher complexity.
pub use crate::experiment::error_decomposition::ErrorDecomposition;
pub use crate::experiment::norm_bound_growth::NormBoundGrowth;
pub use crate::experiment::rademacher::Rademacher;
pub use crate::experiment::random_sign_capacity::RandomSignCapacity;
pub use crate::experiment::uniform_convergence::UniformConvergence;
pub use crate::experiment::vc_dimension::VcDimension;
// Chapters 11 and 12: overfitting regimes, complexity measures.
pub use crate::experiment::benign_network::BenignNetwork;
pub use crate::experiment::complexity_correlation::ComplexityCorrelation;
pub use crate::experiment::overfitting_regimes::OverfittingRegimes;
// Chapter 13: double descent.
pub use crate::experiment::cross_validation::CrossValidation;
pub use crate::experiment::curve_fitting::CurveFitting;
pub use crate::experiment::double_descent::DoubleDescent;
pub use crate::experiment::epoch_double_descent::EpochDoubleDescent;
pub use crate::experiment::kernel_interpolants::KernelInterpolants;
pub use crate::experiment::linear_double_descent::LinearDoubleDescent;
pub use crate::experiment::linear_epoch_double_descent::LinearEpochDoubleDescent;
pub use crate::experiment::network_double_descent::NetworkDoubleDescent;
pub use crate::experiment::norm_curve::NormCurve;
pub use crate::experiment::optimal_ridge::OptimalRidge;
pub use crate::experiment::random_forest_double_descent::RandomForestDoubleDescent;
pub use crate::experiment::ridgeless_asymptotics::RidgelessAsymptotics;
// Chapter 14: grokking.
pub use crate::data::ModularTable;
pub use crate::experiment::grokking::Grokking;
pub use crate::measure::largest_wave;
pub use crate::model::{PairNetwork, cosine_circuit};
