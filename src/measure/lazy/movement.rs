//! How lazy training was: how far the weights moved, for their size.

use crate::error::{Error, Result, within_range};
use crate::model::mlp::MlpOf;
use crate::real::Real;

/// How far the weights of a network moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Movement {
    /// κ, the distances of all layers over the norms of all layers at the start.
    pub kappa: f64,
    /// ‖W_l(t) − W_l(0)‖_F for each layer, `(L,)`.
    pub distances: Vec<f64>,
    /// ‖W_l(0)‖_F for each layer, `(L,)`.
    pub norms: Vec<f64>,
}

impl Movement {
    /// ‖W_l(t) − W_l(0)‖_F / ‖W_l(0)‖_F for each layer, `(L,)`; infinite or NaN for a layer that started at 0.
    #[must_use]
    pub fn relative(&self) -> Vec<f64> {
        let pairs = self.distances.iter().zip(&self.norms);
        pairs.map(|(distance, norm)| distance / norm).collect()
    }
}

/// The lazy training ratio of a network `now` that was `start` before training. Biases do not count.
///
/// # Formula
/// κ = Σ_l ‖W_l(t) − W_l(0)‖_F / Σ_l ‖W_l(0)‖_F.
///
/// Training is called lazy where κ → 0 as the width grows while the loss falls. Mind the sums: a layer with large
/// weights hides what the others do. See [`Movement::relative`].
///
/// # Errors
/// The two have other shapes, or weights that are not finite; `start` is all 0; a distance beyond the range of f64.
///
/// # Reference
/// Zhu, Liu, Chrysos & Cevher 2022, "Robustness in deep learning: the good (width), the bad (depth), and the ugly
/// (initialization)", arXiv:2209.07263; Chizat, Oyallon & Bach 2019, arXiv:1812.07956.
///
/// ```
/// use dltheory::measure::lazy_ratio;
/// use dltheory::model::{Mlp, MlpSettings};
/// use dltheory::rng::stream;
/// let net = Mlp::new(&MlpSettings::of_sizes(&[3, 4, 1]), &mut stream(1, "doc", 0))?;
/// let twice = net.with_parameters(&net.parameters().mapv(|w| 2.0 * w).to_vec())?;
/// assert!((lazy_ratio(&twice, &net)?.kappa - 1.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn lazy_ratio<T: Real>(now: &MlpOf<T>, start: &MlpOf<T>) -> Result<Movement> {
    let distances = now.weight_distances(start)?;
    let norms = start.weight_norms();
    let total: f64 = within_range("the norms of the weights", norms.iter().sum())?;
    if total <= 0.0 {
        return Err(Error::domain(
            "the norm of the initial weights",
            "above 0",
            total,
        ));
    }
    let kappa = distances.iter().sum::<f64>() / total;
    Ok(Movement {
        kappa: within_range("the lazy ratio", kappa)?,
        distances,
        norms,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Activation;
    use crate::model::mlp::{Layer, Mlp};
    use ndarray::array;

    fn net(a: f64, b: f64) -> Mlp {
        let layer = |weights| Layer {
            weights,
            bias: None,
            multiplier: 1.0,
        };
        Mlp {
            layers: vec![layer(array![[3.0 * a, 4.0 * a]]), layer(array![[b]])],
            activation: Activation::Relu,
        }
    }

    #[test]
    fn distances_over_norms() {
        let movement = lazy_ratio(&net(2.0, 1.0), &net(1.0, -2.0)).expect("same shape");
        assert_eq!(movement.distances, [5.0, 3.0]);
        assert_eq!(movement.norms, [5.0, 2.0]);
        assert!((movement.kappa - 8.0 / 7.0).abs() < 1e-15);
        assert_eq!(movement.relative(), [1.0, 1.5]);
        assert!(lazy_ratio(&net(1.0, 1.0), &net(0.0, 0.0)).is_err());
    }
}
