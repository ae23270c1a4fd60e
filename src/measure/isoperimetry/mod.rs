//! How much of a sphere or a cube lies within ε of a set that fills half of it.
//!
//! | | sphere S^{d−1} | cube \[0, 1\]^d |
//! |---|---|---|
//! | a half, exact | [`half_sphere_expansion`] | [`half_cube_expansion`], [`diagonal_half_cube_outside`] |
//! | any half, bound | [`sphere_expansion_bound`] | [`cube_expansion_bound`] |
//! | by sampling | [`half_sphere_expansion_monte_carlo`] | [`half_cube_expansion_monte_carlo`] |
//!
//! For a class with a density of its own, on the sphere: [`CapClass`] exactly, [`class_expansion_bound`], and by sampling
//! [`cap_class_monte_carlo`].

mod cap;
mod cube;
mod sampled;
mod sphere;

pub use cap::{CapClass, class_expansion_bound};
pub use cube::{CubeBound, cube_expansion_bound, diagonal_half_cube_outside, half_cube_expansion};
pub use sampled::{
    cap_class_monte_carlo, half_cube_expansion_monte_carlo, half_sphere_expansion_monte_carlo,
};
pub use sphere::{half_sphere_expansion, sphere_expansion_bound};
