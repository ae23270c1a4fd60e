//! What the training error says of the test error: complexities and bounds.

pub mod complexity_correlation;
pub mod error_decomposition;
pub mod norm_bound_growth;
pub mod rademacher;
pub mod random_sign_capacity;
pub mod uniform_convergence;
pub mod vc_dimension;
