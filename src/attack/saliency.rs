//! Saliency maps: the gradient of a class's lead by the input, and how concentrated it is.

use ndarray::{Array2, ArrayRef1, ArrayRef2};

use super::{Objective, Victim};
use crate::error::Result;
use crate::real::{Real, length};

/// ∇_x (f_c − max_{j≠c} f_j) of each row of `x`, `(n, d)`, with classes `y`, `(n, k)`: one number a pixel, by how much that pixel
/// speaks for the class; ∇_x y f for one output and y = ±1.
///
/// By the input, not by the parameters: to first order a step δ changes the lead by ⟨∇, δ⟩, so the worst of ‖δ‖_∞ ≤ ε costs ε‖∇‖_1.
///
/// # Errors
/// Arrays that do not fit the model; targets that are no classes.
///
/// # Reference
/// Simonyan, Vedaldi & Zisserman 2013, "Deep inside convolutional networks: visualising image classification models and saliency maps",
/// arXiv:1312.6034. Slide: S4, "Application: Adversarial training for better interpretability".
pub fn saliency<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
) -> Result<Array2<T>> {
    Ok(victim
        .ascent(x, y, Objective::Margin)?
        .gradient
        .mapv(|g| -g))
}

/// (Σ|g_j|)²/Σg_j²: how many pixels a map is spread over. 1 for a single one, d where all are as strong; 1 + 2(d − 1)/π in the mean for noise. NaN for
/// a map of zeros.
///
/// It is (‖g‖_1/‖g‖_2)²: how much worse ℓ∞ is than ℓ2 at the same change by pixel.
///
/// ```
/// use dltheory::attack::saliency::effective_pixels;
/// use ndarray::array;
/// assert_eq!(effective_pixels(&array![0.0, -3.0, 0.0]), 1.0);
/// assert_eq!(effective_pixels(&array![2.0, -2.0, 2.0, 2.0]), 4.0);
/// ```
#[must_use]
pub fn effective_pixels<T: Real>(map: &ArrayRef1<T>) -> f64 {
    let root = length(map.iter().map(|g| g.as_f64()));
    (sum_of_sizes(map) / root).powi(2)
}

/// The share of Σ|g_j| on the pixels where `image` is at least `ink`: a map that looks at the digit, not beside it.
#[must_use]
pub fn share_on_ink<T: Real>(map: &ArrayRef1<T>, image: &ArrayRef1<T>, ink: f64) -> f64 {
    let pairs = map.iter().zip(image).filter(|(_, x)| x.as_f64() >= ink);
    pairs.map(|(g, _)| g.as_f64().abs()).sum::<f64>() / sum_of_sizes(map)
}

fn sum_of_sizes<T: Real>(map: &ArrayRef1<T>) -> f64 {
    map.iter().map(|g| g.as_f64().abs()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::linear::LinearModel;
    use ndarray::array;

    #[test]
    fn the_map_of_a_linear_model_is_its_weights() {
        let model = LinearModel::new(array![1.0, -2.0, 0.0], 0.5).expect("finite");
        let (x, y) = (
            array![[0.3, 0.1, 0.9], [0.0, 1.0, 1.0]],
            array![[1.0], [-1.0]],
        );
        let maps = saliency(&model, &x, &y).expect("valid");
        assert_eq!(maps, array![[1.0, -2.0, 0.0], [-1.0, 2.0, 0.0]]);
        assert!((effective_pixels(&maps.row(0)) - 9.0 / 5.0).abs() < 1e-15);
        let share = share_on_ink(&maps.row(0), &x.row(0), 0.2);
        assert!((share - 1.0 / 3.0).abs() < 1e-15);
        assert!(effective_pixels(&array![0.0, 0.0]).is_nan());
    }
}
