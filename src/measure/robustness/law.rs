//! The law of robustness: how steep a fit of random labels must be, from the number of its parameters.

use ndarray::{Array1, ArrayRef1, ArrayRef2, Axis};

use super::ball_constant;
use crate::error::{Error, Result, check_count, within_range};
use crate::model::two_layer_ntk;

/// Units whose products with all others are in memory at a time.
const BLOCK: usize = 256;

/// √((d−1)n/P), below which no fit of n random labels with P free parameters is smooth, on average.
///
/// # Statement
/// Let x_1, …, x_n be independent and uniform on S^{d−1}, let as many labels y_i be +1 as −1, and let V be a space of functions of
/// dimension P, fixed without a look at them. Whatever f ∈ V is chosen with f(x_i) = y_i, its mean square slope
/// L² = E‖∇f(x)‖² along the sphere, at most the square of its Lipschitz constant, has
///
/// E\[(d−1)n/(P·L²)\] ≤ 1.
///
/// *Proof.* With an orthonormal basis ψ of V up to constants, f − Ef = ⟨b, ψ⟩ and ‖b‖² = Var f. As Σy_i = 0,
/// n = Σ y_i f(x_i) = ⟨b, Σ y_i ψ(x_i)⟩ ≤ √(Var f)·‖Σ y_i ψ(x_i)‖. The terms of the last sum are independent with mean 0, so its mean square is
/// at most nP, and E\[1/Var f\] ≤ P/n. Last, Var f ≤ L²/(d−1) (Poincaré: d−1 is the least positive eigenvalue of the sphere's Laplacian).
///
/// The theorem of the source is for classes with P parameters that need not enter linearly, with constants and logarithms left open.
///
/// # Errors
/// d below 2; no points or no parameters.
///
/// # Reference
/// Bubeck & Sellke 2021, "A universal law of robustness via isoperimetry", arXiv:2105.12806; conjectured for networks of two layers by Bubeck, Li &
/// Nagaraj 2021, arXiv:2009.14444. The statement above is derived here.
///
/// ```
/// use dltheory::measure::robustness::robustness_law;
/// assert_eq!(robustness_law(100, 10, 225)?, 2.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn robustness_law(n: usize, d: usize, parameters: usize) -> Result<f64> {
    check_count("the number of points", n)?;
    check_count("the number of parameters", parameters)?;
    if d < 2 {
        return Err(Error::domain("the dimension d", "at least 2", d));
    }
    Ok(((d as f64 - 1.0) * n as f64 / parameters as f64).sqrt())
}

/// Moments of f(x) = Σ_j a_j max(0, w_j·x) for x uniform on the unit sphere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SphereMoments {
    /// Var f.
    pub variance: f64,
    /// E‖∇f‖² along the sphere: without the part of ∇f along x, which is f(x)·x.
    pub square_slope: f64,
}

/// The exact moments of a sum of ReLU units over the unit sphere.
///
/// # Formula
/// With θ the angle between w_j and w_l and K_b = ‖w_j‖‖w_l‖(sin θ + (π − θ)cos θ)/(2π), K_a = w_j·w_l (π − θ)/(2π): E f² = aᵀK_b a/d, E f = aᵀm with
/// m_j = ½‖w_j‖E|x₁|, and E‖∇f‖² = aᵀK_a a, of which the part along x is E f².
///
/// Takes `directions` w, `(P, d)`, and `weights` a, `(P,)`.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; d below 2; moments beyond the range of f64.
///
/// # Reference
/// The kernels: Cho & Saul 2009, "Kernel methods for deep learning"; with weights and inputs in each other's place.
pub fn relu_sphere_moments(
    directions: &ArrayRef2<f64>,
    weights: &ArrayRef1<f64>,
) -> Result<SphereMoments> {
    let (count, d) = directions.dim();
    if weights.len() != count {
        let expected = format!("({count},)");
        return Err(Error::shape("the weights", expected, &[weights.len()]));
    }
    if d < 2 {
        return Err(Error::domain("the dimension d", "at least 2", d));
    }
    crate::error::check_finite("the weights", weights)?;
    // The kernels block by block: P × P numbers need not fit into memory.
    let (mut slope, mut square) = (0.0, 0.0);
    for (block, own) in directions
        .axis_chunks_iter(Axis(0), BLOCK)
        .zip(weights.axis_chunks_iter(Axis(0), BLOCK))
    {
        let kernels = two_layer_ntk(&block, directions)?;
        slope += own.dot(&kernels.first.dot(weights));
        square += own.dot(&kernels.second.dot(weights));
    }
    let dim = d as f64;
    square /= dim;
    // E|x₁| of the sphere; in the ball it is smaller by d/(d + 1).
    let first = ball_constant(d)? * (dim + 1.0) / dim;
    let lengths: Array1<f64> = directions
        .rows()
        .into_iter()
        .map(|w| w.dot(&w).sqrt())
        .collect();
    let mean = 0.5 * first * weights.dot(&lengths);
    Ok(SphereMoments {
        variance: within_range("the variance", square - mean * mean)?,
        square_slope: within_range("the slope", slope - square)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, unit_sphere};
    use crate::rng::stream;
    use crate::stats::Estimate;
    use ndarray::{Array2, array};

    #[test]
    fn moments_of_drawn_units_at_drawn_points() {
        for (count, d) in [(1, 2), (5, 3), (40, 20)] {
            let rng = &mut stream(1, "law", count as u64);
            let w = gaussian(count, d, rng).expect("valid");
            let a = gaussian(count, 1, rng).expect("valid").column(0).to_owned();
            let exact = relu_sphere_moments(&w, &a).expect("valid");
            let (mut values, mut slopes) = (Vec::new(), Vec::new());
            for x in unit_sphere(20_000, d, rng).expect("valid").rows() {
                let z = w.dot(&x);
                let on = z.mapv(|z| f64::from(u8::from(z > 0.0)));
                let f = (&a * &on).dot(&z);
                let gradient = (&a * &on).dot(&w);
                values.push(f);
                slopes.push(gradient.dot(&gradient) - f * f);
            }
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let spread = Estimate::of(&values, |f| (f - mean).powi(2)).expect("valid");
            assert!(spread.distance(exact.variance) < 4.5, "{spread} {exact:?}");
            let slope = Estimate::from_values(&slopes).expect("valid");
            assert!(
                slope.distance(exact.square_slope) < 4.5,
                "{slope} {exact:?}"
            );
            // Poincaré.
            assert!((d as f64 - 1.0) * exact.variance <= exact.square_slope * (1.0 + 1e-12));
        }
    }

    /// w and −w with weights 1 and −1 make w·x: Var f = 1/d and slope² = 1 − 1/d, Poincaré's equality.
    #[test]
    fn a_linear_function_has_poincares_equality() {
        let w = array![[1.0, 0.0, 0.0, 0.0], [-1.0, 0.0, 0.0, 0.0]];
        let exact = relu_sphere_moments(&w, &array![1.0, -1.0]).expect("valid");
        assert!((exact.variance - 0.25).abs() < 1e-14 && (exact.square_slope - 0.75).abs() < 1e-14);
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(robustness_law(0, 3, 1).is_err() && robustness_law(3, 1, 1).is_err());
        assert!(robustness_law(3, 3, 0).is_err());
        let w = Array2::ones((2, 3));
        assert!(relu_sphere_moments(&w, &array![1.0]).is_err());
        assert!(relu_sphere_moments(&w, &array![1.0, f64::NAN]).is_err());
        assert!(relu_sphere_moments(&Array2::ones((2, 1)), &array![1.0, 1.0]).is_err());
    }
}
