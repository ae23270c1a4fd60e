//! Models that fit every label: double descent and its relatives.

pub mod benign_network;
pub mod cross_validation;
pub mod curve_fitting;
pub mod double_descent;
pub mod epoch_double_descent;
pub mod kernel_interpolants;
pub mod linear_double_descent;
pub mod linear_epoch_double_descent;
pub mod network_double_descent;
pub mod norm_curve;
pub mod optimal_ridge;
pub mod overfitting_regimes;
pub mod random_forest_double_descent;
pub mod ridgeless_asymptotics;
