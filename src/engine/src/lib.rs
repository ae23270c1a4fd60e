//! Dense linear algebra on two engines.
//!
//! **faer** is pure Rust and looks at the processor it runs on. **OpenBLAS**, with its LAPACK, is
//! the system's. An OpenBLAS older than the processor falls back to kernels of 2004, three to six
//! times slower; so the engine is chosen here for each kind of work ([`Engine::best`]), from what
//! the processor can do and what OpenBLAS says of itself, never from a clock.
//!
//! Products need no call of ours: ndarray's `dot` ends in `cblas_dgemm` or `cblas_sgemm`, and this
//! crate answers for both (`gemm.rs`). Factorisations are methods of [`Engine`]; those that are
//! functions here take the best one. They check shapes and nothing else: callers check for NaN.
//!
//! Without the feature `openblas` all is faer's, and products are ndarray's own.

mod about;
mod choice;
mod cholesky;
mod error;
#[cfg(feature = "openblas")]
mod gemm;
#[cfg(feature = "openblas")]
mod lapack;
#[cfg(feature = "openblas")]
mod openblas;
mod parts;
mod pure;
mod threads;
mod widest;

pub use about::{About, about};
pub use choice::{Engine, VARIABLE, Work};
pub use cholesky::Cholesky;
pub use error::Failed;
#[cfg(feature = "openblas")]
pub use gemm::Number;
pub use parts::{Qr, Svd, SymmetricEigen, Triangle, column_major};
pub use threads::{SingleThread, address_space, leave, set_threads, single_thread, threads};
pub use widest::widest;
