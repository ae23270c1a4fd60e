//! What makes descent on a network's squared loss converge: conditioning of the tangent kernel, small Hessians.
//!
//! | file | what | kind |
//! |---|---|---|
//! | `ball` | how far descent may go, and how fast it must be, under the Polyak–Łojasiewicz condition | bounds |
//! | `hessian` | the Hessian norm of a two-layer network function, and its mean over starts | theory |

mod ball;
mod hessian;

pub use ball::{PlConstants, squares_smoothness};
pub use hessian::{
    expected_two_layer_hessian_norm, two_layer_hessian_norm, two_layer_hessian_norm_deviation,
};
