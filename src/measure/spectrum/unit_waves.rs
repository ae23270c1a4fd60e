//! The waves in the units of a network on pairs of numbers modulo p.

use ndarray::Array2;

use super::waves::{Wave, largest_wave};
use crate::error::Result;
use crate::model::PairNetwork;
use crate::real::Real;

/// The largest waves of one unit: in its column of U, of W and of V.
pub type UnitWaves = [Wave; 3];

/// The largest waves of every unit of `net`, `(m,)`.
///
/// # Errors
/// An even p, or one below 3; weights that are not finite.
pub fn unit_waves<T: Real>(net: &PairNetwork<T>) -> Result<Vec<UnitWaves>> {
    let parts = net.parts();
    let of_unit = |unit: usize| {
        let wave = |part: usize| largest_wave(&parts[part].column(unit).mapv(Real::as_f64));
        Ok([wave(0)?, wave(1)?, wave(2)?])
    };
    (0..net.weights.ncols()).map(of_unit).collect()
}

/// How far the units' phases agree with those of a circuit that adds: the mean of cos(φ_U + φ_W − φ_V) over units, weighted by
/// the product of their three amplitudes. 1 if all do, 0 by chance; units whose three frequencies differ count as 0.
///
/// A product of waves of a and b is a wave of a + b whose phase is the sum of both: [`cosine_circuit`](fn@crate::model::cosine_circuit).
#[must_use]
pub fn phase_agreement(units: &[UnitWaves]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for [u, w, v] in units {
        let weight = u.amplitude * w.amplitude * v.amplitude;
        weights += weight;
        if u.frequency == w.frequency && w.frequency == v.frequency {
            sum += weight * (u.phase + w.phase - v.phase).cos();
        }
    }
    sum / weights
}

/// `net` with every column replaced by its largest wave.
///
/// # Errors
/// As [`unit_waves`].
pub fn waves_alone<T: Real>(net: &PairNetwork<T>) -> Result<PairNetwork<f64>> {
    let (p, units) = (net.modulus(), unit_waves(net)?);
    Ok(PairNetwork {
        weights: Array2::from_shape_fn(net.weights.dim(), |(row, unit)| {
            units[unit][row / p].at(row % p, p)
        }),
        activation: net.activation,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Activation, cosine_circuit};
    use crate::rng::stream;

    #[test]
    fn a_circuit_is_its_waves() {
        let net = cosine_circuit(13, &[2, 5]).expect("valid");
        let units = unit_waves(&net).expect("valid");
        assert!(units.iter().flatten().all(|wave| wave.share > 1.0 - 1e-12));
        assert!((phase_agreement(&units) - 1.0).abs() < 1e-12);
        let error = &waves_alone(&net).expect("valid").weights - &net.weights;
        assert!(error.iter().all(|e| e.abs() < 1e-13));
    }

    #[test]
    fn chance_agrees_with_nothing() {
        let rng = &mut stream(1, "units", 0);
        let net = PairNetwork::<f32>::draw((11, 4000), Activation::Relu, 1.0, rng).expect("valid");
        let agreement = phase_agreement(&unit_waves(&net).expect("valid"));
        assert!(agreement.abs() < 0.05, "{agreement}");
    }
}
