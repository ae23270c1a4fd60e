//! The norms of one layer's matrix.

use ndarray::{Array2, ArrayRef2, Axis};

use crate::error::{Error, Result, check_finite, within_range};
use crate::linalg::spectral_norm;
use crate::model::mlp::{Layer, MlpOf};
use crate::real::Real;

/// The matrix by which a layer multiplies, `(out, in)`: its multiplier times its weights, in `f64`.
#[must_use]
pub fn effective_weights<T: Real>(layer: &Layer<T>) -> Array2<f64> {
    let multiplier = layer.multiplier.as_f64();
    layer.weights.mapv(|w| multiplier * w.as_f64())
}

/// The norms of a layer's matrix X, `(out, in)`, and of its difference to a reference M.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerNorms {
    /// ‖X‖, the largest singular value.
    pub spectral: f64,
    /// ‖X‖_F.
    pub frobenius: f64,
    /// ‖X − M‖_F.
    pub distance: f64,
    /// ‖(X − M)ᵀ‖₂,₁: the sum over the layer's units of the Euclidean length of what has changed in
    /// a unit's incoming weights.
    pub unit_distance: f64,
}

impl LayerNorms {
    /// The norms of `x`, `(out, in)`, with `reference` M of the same shape.
    ///
    /// # Errors
    /// `x` is empty, one of the two is not finite, or the reference has another shape; norms beyond the range of f64.
    pub fn new(x: &ArrayRef2<f64>, reference: &ArrayRef2<f64>) -> Result<Self> {
        if x.shape() != reference.shape() {
            let expected = format!("{:?} like the layer's weights", x.shape());
            return Err(Error::shape(
                "the reference matrix",
                expected,
                reference.shape(),
            ));
        }
        check_finite("the layer's matrix", x)?;
        check_finite("the reference matrix", reference)?;
        let difference = x - reference;
        let units = difference.map_axis(Axis(1), |row| row.dot(&row).sqrt());
        Ok(Self {
            spectral: spectral_norm(x)?,
            frobenius: within_range(
                "the layer's norm",
                x.iter().map(|v| v * v).sum::<f64>().sqrt(),
            )?,
            distance: within_range("the layer's distance", units.dot(&units).sqrt())?,
            unit_distance: within_range("the layer's distance", units.sum())?,
        })
    }
}

/// The norms of every layer of `net`, with the layers of `reference` or zero for M.
pub(super) fn layers_of<T: Real>(
    net: &MlpOf<T>,
    reference: Option<&MlpOf<T>>,
) -> Result<Vec<LayerNorms>> {
    net.check()?;
    if let Some(other) = reference {
        other.check()?;
        // Says which shapes the two have.
        net.weight_distances(other)?;
    }
    let layers = net.layers.iter().enumerate().map(|(index, layer)| {
        let x = effective_weights(layer);
        let m = match reference {
            Some(other) => effective_weights(&other.layers[index]),
            None => Array2::zeros(x.raw_dim()),
        };
        LayerNorms::new(&x, &m)
    });
    layers.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use ndarray::{Array1, array};
    use rand_distr::{Distribution, StandardNormal};

    #[test]
    fn norms_of_a_matrix_by_hand() {
        // Rows (3, 4) and (0, 12): XXᵀ = [[25, 48], [48, 144]], eigenvalues (169 ± √(119² + 96²))/2.
        let x = array![[3.0, 4.0], [0.0, 12.0]];
        let norms = LayerNorms::new(&x, &array![[0.0, 0.0], [0.0, 0.0]]).expect("valid");
        let largest = (169.0 + 119.0_f64.hypot(96.0)) / 2.0;
        assert!((norms.spectral - largest.sqrt()).abs() < 1e-13);
        assert!((norms.frobenius - 13.0).abs() < 1e-14 && norms.distance == norms.frobenius);
        assert!((norms.unit_distance - 17.0).abs() < 1e-14);
        let moved = LayerNorms::new(&x, &array![[0.0, 0.0], [5.0, 0.0]]).expect("valid");
        assert!((moved.unit_distance - 18.0).abs() < 1e-14);
        assert!((moved.distance - 194.0_f64.sqrt()).abs() < 1e-13);
        assert!(LayerNorms::new(&x, &array![[1.0, 2.0]]).is_err());
        assert!(LayerNorms::new(&array![[f64::NAN]], &array![[0.0]]).is_err());
    }

    /// The second route to the spectral norm: x ← XᵀXx/‖·‖ raises ‖Xx‖ towards it, never above.
    #[test]
    fn power_iteration_finds_the_spectral_norm() {
        let rng = &mut stream(1, "power iteration", 0);
        for (out, inputs) in [(1, 1), (7, 3), (3, 7), (20, 20)] {
            let x = Array2::from_shape_simple_fn((out, inputs), || StandardNormal.sample(rng));
            let exact = spectral_norm(&x).expect("finite");
            let mut v = Array1::from_shape_simple_fn(inputs, || StandardNormal.sample(rng));
            let mut last = 0.0;
            for _ in 0..5000 {
                v /= f64::sqrt(v.dot(&v));
                let image = x.dot(&v);
                let length = image.dot(&image).sqrt();
                assert!(length >= last - 1e-12 && length <= exact * (1.0 + 1e-13));
                last = length;
                v = x.t().dot(&image);
            }
            assert!((last / exact - 1.0).abs() < 1e-9, "{last} {exact}");
        }
    }
}
