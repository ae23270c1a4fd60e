//! Anything a caller may pass: never a panic, never a number that is not finite where none is documented, and an
//! error that names the argument.
//!
//! Tables hold the public functions by their arrays. Each entry is called with sound arguments, which it must
//! accept, and then with one argument spoilt.

mod defect;
mod fit;
mod measure;
mod model;
mod numbers;
mod rademacher;
mod ranking;
mod robustness;
mod stability;
mod table;
