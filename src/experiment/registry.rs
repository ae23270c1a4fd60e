//! Every experiment, one line each.

use super::{
    Experiment, adam_nonconvergence, adaptive_rates, adversarial_training, attack_strength,
    batch_norm, benign_network, bilinear_game, class_separation, complexity_correlation,
    conv_stability, cross_validation, curve_fitting, danskin, double_descent, epoch_double_descent,
    error_decomposition, feature_maps, function_spaces, gradient_flow, grokking, implicit_bias,
    isoperimetry, kernel_interpolants, kernel_vs_network, langevin, law_of_robustness,
    lazy_training, limit_cycles, linear_double_descent, linear_epoch_double_descent,
    linear_worst_case, lipschitz_bounds, loss_landscape, masked_gradients, mixed_nash,
    network_double_descent, neuron_trajectories, norm_bound_growth, norm_curve, ntk_convergence,
    optimal_ridge, other_threats, overfitting_regimes, perturbation_diversity,
    perturbation_stability, phase_diagram, pl_condition, push_forward, rademacher, random_forest_double_descent,
    random_labels, random_sign_capacity, ridgeless_asymptotics, risk_and_losses, rnn_gradients,
    robbins_monro, saddle_escape, saddle_surfaces, saliency_maps, scaling_law, separated_sets,
    shortcuts_and_gates, sign_steps, sparse_parity, step_sizes, stochastic_extragradient,
    targeted_attack, transfer_attack, two_layer_convergence, uniform_convergence,
    variance_propagation, vc_dimension, wasserstein_duality, wasserstein_rate, weak_minty, width_to_interpolate,
};
use crate::{Error, Result};

/// Every experiment, in the order of the tutorial.
pub static ALL: &[Experiment] = &[
    Experiment::of::<risk_and_losses::RiskAndLosses>(),
    Experiment::of::<loss_landscape::LossLandscape>(),
    Experiment::of::<saddle_escape::SaddleEscape>(),
    Experiment::of::<langevin::LangevinDynamics>(),
    Experiment::of::<step_sizes::StepSizes>(),
    Experiment::of::<adaptive_rates::AdaptiveRates>(),
    Experiment::of::<adam_nonconvergence::AdamNonconvergence>(),
    Experiment::of::<linear_worst_case::LinearWorstCase>(),
    Experiment::of::<attack_strength::AttackStrength>(),
    Experiment::of::<sign_steps::SignSteps>(),
    Experiment::of::<targeted_attack::TargetedAttack>(),
    Experiment::of::<transfer_attack::TransferAttack>(),
    Experiment::of::<other_threats::OtherThreats>(),
    Experiment::of::<saliency_maps::SaliencyMaps>(),
    Experiment::of::<masked_gradients::MaskedGradients>(),
    Experiment::of::<perturbation_diversity::PerturbationDiversity>(),
    Experiment::of::<danskin::Danskin>(),
    Experiment::of::<adversarial_training::AdversarialTraining>(),
    Experiment::of::<saddle_surfaces::SaddleSurfaces>(),
    Experiment::of::<bilinear_game::BilinearGame>(),
    Experiment::of::<robbins_monro::RobbinsMonro>(),
    Experiment::of::<limit_cycles::LimitCycles>(),
    Experiment::of::<weak_minty::WeakMinty>(),
    Experiment::of::<stochastic_extragradient::StochasticExtragradient>(),
    Experiment::of::<mixed_nash::MixedNash>(),
    Experiment::of::<push_forward::PushForwardDensity>(),
    Experiment::of::<wasserstein_rate::WassersteinRate>(),
    Experiment::of::<wasserstein_duality::WassersteinDuality>(),
    Experiment::of::<random_labels::RandomLabels>(),
    Experiment::of::<two_layer_convergence::TwoLayerConvergence>(),
    Experiment::of::<pl_condition::PlCondition>(),
    Experiment::of::<width_to_interpolate::WidthToInterpolate>(),
    Experiment::of::<feature_maps::FeatureMaps>(),
    Experiment::of::<ntk_convergence::NtkConvergence>(),
    Experiment::of::<gradient_flow::GradientFlowOfNetwork>(),
    Experiment::of::<kernel_vs_network::KernelVsNetwork>(),
    Experiment::of::<sparse_parity::SparseParity>(),
    Experiment::of::<variance_propagation::VariancePropagation>(),
    Experiment::of::<lazy_training::LazyTraining>(),
    Experiment::of::<phase_diagram::PhaseDiagram>(),
    Experiment::of::<neuron_trajectories::NeuronTrajectories>(),
    Experiment::of::<function_spaces::FunctionSpaces>(),
    Experiment::of::<perturbation_stability::PerturbationStability>(),
    Experiment::of::<conv_stability::ConvStability>(),
    Experiment::of::<lipschitz_bounds::LipschitzBounds>(),
    Experiment::of::<law_of_robustness::LawOfRobustness>(),
    Experiment::of::<class_separation::ClassSeparation>(),
    Experiment::of::<separated_sets::SeparatedSets>(),
    Experiment::of::<isoperimetry::Isoperimetry>(),
    Experiment::of::<rnn_gradients::RnnGradients>(),
    Experiment::of::<shortcuts_and_gates::ShortcutsAndGates>(),
    Experiment::of::<batch_norm::BatchNormalisation>(),
    Experiment::of::<error_decomposition::ErrorDecomposition>(),
    Experiment::of::<vc_dimension::VcDimension>(),
    Experiment::of::<rademacher::Rademacher>(),
    Experiment::of::<random_sign_capacity::RandomSignCapacity>(),
    Experiment::of::<uniform_convergence::UniformConvergence>(),
    Experiment::of::<norm_bound_growth::NormBoundGrowth>(),
    Experiment::of::<overfitting_regimes::OverfittingRegimes>(),
    Experiment::of::<benign_network::BenignNetwork>(),
    Experiment::of::<curve_fitting::CurveFitting>(),
    Experiment::of::<double_descent::DoubleDescent>(),
    Experiment::of::<linear_double_descent::LinearDoubleDescent>(),
    Experiment::of::<ridgeless_asymptotics::RidgelessAsymptotics>(),
    Experiment::of::<norm_curve::NormCurve>(),
    Experiment::of::<optimal_ridge::OptimalRidge>(),
    Experiment::of::<cross_validation::CrossValidation>(),
    Experiment::of::<kernel_interpolants::KernelInterpolants>(),
    Experiment::of::<random_forest_double_descent::RandomForestDoubleDescent>(),
    Experiment::of::<network_double_descent::NetworkDoubleDescent>(),
    Experiment::of::<epoch_double_descent::EpochDoubleDescent>(),
    Experiment::of::<linear_epoch_double_descent::LinearEpochDoubleDescent>(),
    Experiment::of::<complexity_correlation::ComplexityCorrelation>(),
    Experiment::of::<implicit_bias::ImplicitBias>(),
    Experiment::of::<scaling_law::ScalingLaw>(),
    Experiment::of::<grokking::Grokking>(),
];

/// The experiment `id`.
///
/// # Errors
/// [`Error::Unknown`] lists the experiments, the nearest name first.
pub fn find(id: &str) -> Result<&'static Experiment> {
    find_in(ALL, id)
}

/// The experiment `id` of a list.
pub(crate) fn find_in<'a>(list: &'a [Experiment], id: &str) -> Result<&'a Experiment> {
    list.iter()
        .find(|experiment| experiment.about.id == id)
        .ok_or_else(|| Error::unknown("experiment", id, list.iter().map(|e| e.about.id)))
}
