//! Weights by hand that add modulo p.

use std::f64::consts::TAU;

use ndarray::Array2;

use super::{Activation, PairNetwork};
use crate::error::{Error, Result};

/// The network of quadratic units that adds modulo `modulus` p by waves of these `frequencies` k.
///
/// # Formula
/// With ω = 2πk/p, six units a frequency, of phases θ = 0, 2π/3, 4π/3 and δ = 0, π/2:
/// U_a = cos(ωa + θ/2 + δ), W_b = cos(ωb + θ/2 − δ), V_c = s cos(ωc + θ).
/// A square has U² + W² + 2UW, and 2UW = cos(ω(a+b) + θ) + cos(ω(a−b) + 2δ). The second δ changes the sign of all but
/// cos(ω(a+b) + θ) and constants; summed over θ the constants vanish, and
/// Σ V_c (U_a + W_b)² = 3s cos(ω(a + b − c)): largest at c = a + b.
/// With s = 2/(3p), every k = 1 … (p − 1)/2 of an odd p and one unit U = W = ½, V = 1/p (it is added where all those
/// frequencies are there), Σ_k 2/p cos(2πkx/p) + 1/p is 1 at x = 0 modulo p and 0 elsewhere: no error is left.
/// With fewer frequencies the largest output is still the right one where one of them has no common divisor with p.
/// So it is with the three units of δ = 0 alone: they have Σ V_c (U_a + W_b)² = (3s/2) (1 + cos ω(a − b)) cos(ω(a + b − c)), whose
/// factor is positive, as no difference is half of an odd p; but it is not one number.
///
/// # Errors
/// An even p, or one below 3; no frequency, or one outside 1 … (p − 1)/2.
///
/// # Reference
/// After Gromov 2023, "Grokking modular arithmetic", arXiv:2301.02679, who has random phases and many units; that six do is
/// derived above.
///
/// ```
/// use dltheory::data::ModularTable;
/// use dltheory::model::cosine_circuit;
/// let table = ModularTable::all(11)?;
/// assert_eq!(cosine_circuit(11, &[3])?.score(&table)?.accuracy, 1.0);
/// assert!(cosine_circuit(11, &[1, 2, 3, 4, 5])?.score(&table)?.loss < 1e-28);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn cosine_circuit(modulus: usize, frequencies: &[usize]) -> Result<PairNetwork<f64>> {
    if modulus < 3 || modulus.is_multiple_of(2) {
        return Err(Error::domain("the modulus", "odd, at least 3", modulus));
    }
    let half = (modulus - 1) / 2;
    if let Some(bad) = frequencies.iter().find(|k| !(1..=half).contains(*k)) {
        return Err(Error::domain("a frequency", format!("1 to {half}"), bad));
    }
    if frequencies.is_empty() {
        return Err(Error::shape("the frequencies", "at least one", &[0]));
    }
    let p = modulus as f64;
    let is_whole = (1..=half).all(|k| frequencies.contains(&k));
    let columns = 6 * frequencies.len() + usize::from(is_whole);
    let weights = Array2::from_shape_fn((3 * modulus, columns), |(row, unit)| {
        let (part, number) = (row / modulus, row % modulus);
        let Some(k) = frequencies.get(unit / 6) else {
            return if part < 2 { 0.5 } else { 1.0 / p };
        };
        let theta = TAU * (unit % 3) as f64 / 3.0;
        let delta = TAU / 4.0 * (unit % 6 / 3) as f64;
        // A whole turn is taken off before rounding can grow.
        let angle = TAU * (k * number % modulus) as f64 / p;
        match part {
            0 => (angle + theta / 2.0 + delta).cos(),
            1 => (angle + theta / 2.0 - delta).cos(),
            _ => 2.0 / (3.0 * p) * (angle + theta).cos(),
        }
    });
    Ok(PairNetwork {
        weights,
        activation: Activation::Quadratic,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ModularTable;

    #[test]
    fn three_units_are_enough_and_two_are_not() {
        for (p, k) in [(3, 1), (7, 2), (23, 5), (31, 15)] {
            let circuit = cosine_circuit(p, &[k]).expect("valid");
            let table = ModularTable::all(p).expect("valid");
            assert_eq!(circuit.score(&table).expect("valid").accuracy, 1.0);
            let accuracy =
                |units: usize| circuit.first(units).score(&table).expect("valid").accuracy;
            assert_eq!(accuracy(3), 1.0, "p = {p}");
            assert!(accuracy(2) < 0.9, "p = {p}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(cosine_circuit(4, &[1]).is_err() && cosine_circuit(1, &[1]).is_err());
        assert!(cosine_circuit(7, &[]).is_err() && cosine_circuit(7, &[4]).is_err());
        assert!(cosine_circuit(7, &[0]).is_err());
    }
}
