//! Attacks on a trained model: what may be done to an input or a training point, how the worst of it is found, and training
//! against it.

mod candidates;
mod patch;
mod picture;
mod pixels;
mod poison;
mod queries;
mod rotation;
mod transport;

pub use candidates::{Candidates, worst_candidates};
pub use patch::{Patched, worst_patch};
pub use pixels::{FreePixels, free_pixels, pixel_gains};
pub use poison::Poison;
pub use queries::{Queried, QuerySettings, coordinate_search};
pub use rotation::Motion;
pub use transport::{Carried, Transport, carry_within_range, transport_distance, worst_carrying};
