//! The function between two layers.

use ndarray::{Array2, Zip};

use crate::engine::widest;
use crate::real::Real;

/// The non-linearity σ of a network's hidden layers, entry by entry.
///
/// | | σ(z) | σ'(z) | σ''(z) |
/// |---|---|---|---|
/// | `Relu` | max(z, 0) | 1 for z > 0, else 0 | 0, also at its kink |
/// | `Linear` | z | 1 | 0 |
/// | `Tanh` | tanh z | 1 − tanh² z | −2 tanh z (1 − tanh² z) |
/// | `Quadratic` | z² | 2z | 2 |
///
/// A NaN stays a NaN through all four, so that a broken network cannot look sound.
///
/// ```
/// use dltheory::model::Activation;
/// assert_eq!(Activation::Relu.value(-2.0), 0.0);
/// assert_eq!(Activation::Quadratic.derivative(-2.0), -4.0);
/// assert!(Activation::Relu.value(f64::NAN).is_nan());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// max(z, 0), with derivative 0 at its kink.
    #[default]
    Relu,
    /// z: a deep linear network.
    Linear,
    /// tanh z.
    Tanh,
    /// z².
    Quadratic,
}

impl Activation {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Relu, Self::Linear, Self::Tanh, Self::Quadratic];

    /// σ(z).
    #[inline]
    #[must_use]
    pub fn value<T: Real>(self, z: T) -> T {
        match self {
            Self::Relu => relu(z),
            Self::Linear => z,
            Self::Tanh => z.tanh(),
            Self::Quadratic => z * z,
        }
    }

    /// σ'(z).
    #[inline]
    #[must_use]
    pub fn derivative<T: Real>(self, z: T) -> T {
        match self {
            Self::Relu => step(z),
            Self::Linear => T::one(),
            Self::Tanh => {
                let h = z.tanh();
                T::one() - h * h
            }
            Self::Quadratic => z + z,
        }
    }
}

impl Activation {
    /// σ''(z).
    #[inline]
    #[must_use]
    pub fn second_derivative<T: Real>(self, z: T) -> T {
        match self {
            Self::Relu | Self::Linear => T::zero(),
            Self::Tanh => {
                let h = z.tanh();
                let slope = T::one() - h * h;
                -(h + h) * slope
            }
            Self::Quadratic => T::one() + T::one(),
        }
    }

    /// v ∘ σ'(z): from derivatives by the outputs to those by the inputs z; both `(n, m)`.
    pub(crate) fn back<T: Real>(self, mut v: Array2<T>, z: &Array2<T>) -> Array2<T> {
        let alike = v.strides() == z.strides();
        match (v.as_slice_memory_order_mut(), z.as_slice_memory_order()) {
            (Some(v), Some(z)) if alike => self.back_slices(v, z),
            _ => Zip::from(&mut v)
                .and(z)
                .for_each(|v, &z| *v *= self.derivative(z)),
        }
        v
    }

    /// v ∘ σ'(z) entry by entry, each unit with a loop of its own: that of most networks becomes vector instructions.
    fn back_slices<T: Real>(self, v: &mut [T], z: &[T]) {
        let pairs = v.iter_mut().zip(z);
        match self {
            Self::Relu => widest(|| pairs.for_each(|(v, z)| *v *= step(*z))),
            _ => pairs.for_each(|(v, z)| *v *= self.derivative(*z)),
        }
    }
}

impl std::fmt::Display for Activation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Relu => "relu",
            Self::Linear => "linear",
            Self::Tanh => "tanh",
            Self::Quadratic => "quadratic",
        })
    }
}

/// max(z, 0) that keeps NaN, which `Float::max` would turn into 0.
#[inline]
pub(crate) fn relu<T: Real>(z: T) -> T {
    if z < T::zero() { T::zero() } else { z }
}

/// 1 for z > 0, else 0. The same for z and for relu(z).
#[inline]
pub(crate) fn step<T: Real>(z: T) -> T {
    if z > T::zero() { T::one() } else { T::zero() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central differences with h = 10⁻⁵ err by h²|σ'''|/6 ≤ 4·10⁻¹¹ and by rounding, ε|σ|/h ≤ 10⁻¹⁰.
    #[test]
    fn derivatives_are_those_of_the_values() {
        let h = 1e-5;
        for activation in Activation::ALL {
            for z in [-1.7_f64, -0.3, 0.2, 2.1] {
                let slope = (activation.value(z + h) - activation.value(z - h)) / (2.0 * h);
                let error = (slope - activation.derivative(z)).abs();
                assert!(error < 1e-9, "{activation} at {z}: {error}");
            }
        }
    }

    /// As entry by entry, in whatever order the numbers lie.
    #[test]
    fn derivatives_are_carried_back_in_any_layout() {
        let z = Array2::from_shape_fn((5, 7), |(i, j)| (i as f64 - 2.0) * (j as f64 - 3.0));
        let v = Array2::from_shape_fn((5, 7), |(i, j)| (i + 3 * j) as f64 - 8.0);
        let columns = v.t().as_standard_layout().into_owned().reversed_axes();
        for activation in Activation::ALL {
            let expected = &v * &z.mapv(|z| activation.derivative(z));
            assert_eq!(activation.back(v.clone(), &z), expected);
            assert_eq!(activation.back(columns.clone(), &z), expected);
        }
        // A derivative that is no number stays one, also behind a unit that is off.
        let nan = Array2::from_elem((2, 2), f64::NAN);
        let broken = Activation::Relu.back(nan, &-Array2::ones((2, 2)));
        assert!(broken.iter().all(|v| v.is_nan()));
    }

    #[test]
    fn nan_is_never_hidden() {
        for activation in Activation::ALL {
            assert!(activation.value(f64::NAN).is_nan(), "{activation}");
            assert!(activation.value(f32::NAN).is_nan(), "{activation}");
        }
        assert_eq!(Activation::Relu.derivative(0.0), 0.0);
    }
}
