//! Sharpness: how much noise the weights bear.

use ndarray::{Array2, ArrayRef2, Zip};
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::error::{Error, Result, check_count, check_finite};
use crate::model::MlpOf;
use crate::real::Real;
use crate::stats::mean;

/// How [`perturbation_std`] searches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Perturbation {
    /// The loss of accuracy that is looked for.
    pub drop: f64,
    /// Noises the accuracy is a mean over; the same at every σ, but for their size.
    pub draws: usize,
    /// Bisections of \[0, largest\].
    pub steps: usize,
    /// The largest σ.
    pub largest: f64,
}

impl Default for Perturbation {
    fn default() -> Self {
        Self {
            drop: 0.1,
            draws: 10,
            steps: 15,
            largest: 2.0,
        }
    }
}

/// The standard deviation σ of independent Gaussian noise on every weight at which the mean accuracy on `x`, `(n, d)`, with one-hot
/// `targets`, `(n, k)`, has fallen by [`Perturbation::drop`]; the largest σ if it never does. A flat minimum has a large σ: 1/σ² is
/// the sharpness that a PAC-Bayesian bound contains.
///
/// Biases are left alone. By bisection, for which the mean accuracy is taken to fall with σ.
///
/// # Errors
/// No draws; arrays that do not suit the network or are not finite; a drop outside (0, 1).
///
/// # Reference
/// Jiang, Neyshabur, Mobahi, Krishnan & Bengio 2020, arXiv:1912.02178.
pub fn perturbation_std<T: Real>(
    net: &MlpOf<T>,
    x: &ArrayRef2<T>,
    targets: &ArrayRef2<f64>,
    settings: &Perturbation,
    rng: &mut impl rand::Rng,
) -> Result<f64> {
    check_count("the draws", settings.draws)?;
    if !(settings.drop > 0.0 && settings.drop < 1.0) {
        return Err(Error::domain(
            "the drop of accuracy",
            "above 0 and below 1",
            settings.drop,
        ));
    }
    let noises: Vec<Vec<Array2<T>>> = (0..settings.draws).map(|_| noise_like(net, rng)).collect();
    let least = accuracy(net, x, targets)? - settings.drop;
    let (mut low, mut high) = (0.0, settings.largest);
    for _ in 0..settings.steps {
        let sigma = f64::midpoint(low, high);
        let noisy = noises
            .iter()
            .map(|noise| accuracy(&perturbed(net, noise, sigma), x, targets));
        match mean(noisy.collect::<Result<Vec<f64>>>()?) > least {
            true => low = sigma,
            false => high = sigma,
        }
    }
    Ok(f64::midpoint(low, high))
}

/// The mean share of examples that noise of standard deviation `sigma` on the weights of a *linear* classifier turns wrong, exactly.
///
/// # Formula
/// The mean of Φ(−m_i/(√2 σ‖x_i‖)) over the examples, for margins m_i = f_c − f_j > 0 of two classes with a weight vector each:
/// the noise adds to the difference of the two outputs a normal number of variance 2σ²‖x_i‖².
///
/// # Errors
/// σ not positive; lists of other lengths, empty or not finite; a margin that is not positive.
pub fn linear_drop(margins: &[f64], norms: &[f64], sigma: f64) -> Result<f64> {
    if margins.is_empty() || margins.len() != norms.len() {
        let expected = format!("({},)", margins.len().max(1));
        return Err(Error::shape("the norms", expected, &[norms.len()]));
    }
    check_finite("the norms", norms)?;
    if let Some(bad) = margins
        .iter()
        .find(|margin| !(**margin > 0.0 && margin.is_finite()))
    {
        return Err(Error::domain("a margin", "above 0 and finite", bad));
    }
    if !(sigma > 0.0 && sigma.is_finite()) {
        return Err(Error::domain("the noise σ", "above 0 and finite", sigma));
    }
    let normal = Normal::standard();
    let wrong = margins.iter().zip(norms);
    Ok(mean(wrong.map(|(m, norm)| {
        normal.cdf(-m / (std::f64::consts::SQRT_2 * sigma * norm))
    })))
}

/// The σ at which [`linear_drop`] is `drop`, by bisection on a log scale; below ½, which it never reaches.
///
/// # Errors
/// As there; a drop outside (0, ½); inputs that are all 0.
pub fn linear_std(margins: &[f64], norms: &[f64], drop: f64) -> Result<f64> {
    if !(drop > 0.0 && drop < 0.5) {
        return Err(Error::domain(
            "the drop of accuracy",
            "above 0 and below 1/2",
            drop,
        ));
    }
    let (mut low, mut high) = (1e-12_f64, 1e12_f64);
    if linear_drop(margins, norms, high)? < drop {
        return Err(Error::domain("the norms", "above 0", "all near 0"));
    }
    for _ in 0..200 {
        let middle = (low * high).sqrt();
        match linear_drop(margins, norms, middle)? < drop {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(high)
}

/// The share of rows of `x` whose largest output is that of their class.
pub(crate) fn accuracy<T: Real>(
    net: &MlpOf<T>,
    x: &ArrayRef2<T>,
    targets: &ArrayRef2<f64>,
) -> Result<f64> {
    let outputs = net.forward(x)?.mapv(Into::into);
    let margins = super::margins(&outputs, targets)?;
    Ok(mean(
        margins
            .iter()
            .map(|margin| if *margin > 0.0 { 1.0 } else { 0.0 }),
    ))
}

/// Independent standard normal numbers, as many as there are weights.
pub(crate) fn noise_like<T: Real>(net: &MlpOf<T>, rng: &mut impl rand::Rng) -> Vec<Array2<T>> {
    let layers = net.layers.iter();
    let mut normal = || -> f64 { StandardNormal.sample(rng) };
    let noise = layers
        .map(|layer| Array2::from_shape_simple_fn(layer.weights.raw_dim(), || T::of(normal())));
    noise.collect()
}

/// The network with `sigma` times the noise on its weights.
pub(crate) fn perturbed<T: Real>(net: &MlpOf<T>, noise: &[Array2<T>], sigma: f64) -> MlpOf<T> {
    let mut net = net.clone();
    let sigma = T::of(sigma);
    for (layer, noise) in net.layers.iter_mut().zip(noise) {
        Zip::from(&mut layer.weights)
            .and(noise)
            .for_each(|w, g| *w += sigma * *g);
    }
    net
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_example_has_its_quantile() {
        // Φ(−2/(√2·σ·3)) = 0.1 at σ = 2/(√2·3·1.28155).
        let sigma = linear_std(&[2.0], &[3.0], 0.1).expect("valid");
        assert!((sigma - 2.0 / (2.0_f64.sqrt() * 3.0 * 1.281_551_565_5)).abs() < 1e-8);
        assert!((linear_drop(&[2.0], &[3.0], sigma).expect("valid") - 0.1).abs() < 1e-9);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(linear_drop(&[], &[], 1.0).is_err() && linear_drop(&[1.0], &[], 1.0).is_err());
        assert!(
            linear_drop(&[-1.0], &[1.0], 1.0).is_err() && linear_drop(&[1.0], &[1.0], 0.0).is_err()
        );
        assert!(
            linear_std(&[1.0], &[1.0], 0.5).is_err() && linear_std(&[1.0], &[0.0], 0.1).is_err()
        );
    }
}
