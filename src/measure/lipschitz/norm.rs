//! In which norm a step is short: Lipschitz constants for ℓ1, ℓ2 and ℓ∞.
//!
//! A Lipschitz constant for steps in ℓq is the largest induced norm of the Jacobian, max ‖J u‖_q over ‖u‖_q ≤ 1: for ℓ1 the largest
//! column sum of absolute values, for ℓ2 the largest singular value, for ℓ∞ the largest row sum of absolute values. With one output
//! J is a gradient, and the induced norm is its *dual* norm: ‖∇h‖₁ for steps in ℓ∞, ‖∇h‖_∞ for steps in ℓ1.

use ndarray::{Array1, ArrayRef2, Axis};

use super::certified::matrices;
use crate::error::{Result, check_finite, within_range};
use crate::linalg::spectral_norm;
use crate::model::Mlp;
use crate::optimise::Norm;
use crate::stats::largest;

impl Norm {
    /// The induced norm max ‖A u‖_q over ‖u‖_q ≤ 1 of a matrix `a`, `(m, p)`.
    ///
    /// # Errors
    /// An empty or non-finite matrix; a norm beyond the range of f64.
    ///
    /// # Reference
    /// Golub & Van Loan 2013, "Matrix computations", 4th ed., §2.3.
    ///
    /// ```
    /// use dltheory::optimise::Norm;
    /// use ndarray::array;
    /// let gradient = array![[3.0, -4.0]];
    /// let norms = Norm::ALL.map(|norm| norm.induced(&gradient));
    /// assert_eq!(norms.map(|norm| norm.expect("a matrix")), [4.0, 5.0, 7.0]);
    /// ```
    pub fn induced(self, a: &ArrayRef2<f64>) -> Result<f64> {
        let lines = match self {
            // The other norms refuse what is empty as this one does.
            _ if a.is_empty() => return spectral_norm(a),
            Self::L2 => return spectral_norm(a),
            Self::L1 => Axis(0),
            Self::LInf => Axis(1),
        };
        check_finite("the matrix", a)?;
        let sums = a.map_axis(lines, |line| line.iter().map(|v| v.abs()).sum::<f64>());
        within_range("the norm", largest(&sums))
    }

    /// The step u with ‖u‖_q = 1 along which a gradient g, `(p,)`, rises most: g·u is its dual norm. For ℓ∞ sign g, for ℓ1 the unit
    /// vector of the largest entry, for ℓ2 g/‖g‖; 0 for g = 0.
    #[must_use]
    pub fn steepest(self, gradient: &Array1<f64>) -> Array1<f64> {
        let largest = largest(gradient.iter().map(|v| v.abs()));
        let sign = |v: f64| if v == 0.0 { 0.0 } else { v.signum() };
        match self {
            Self::LInf => gradient.mapv(sign),
            Self::L2 if largest > 0.0 => {
                let scaled = gradient / largest;
                let length = scaled.dot(&scaled).sqrt();
                scaled / length
            }
            Self::L2 => gradient.clone(),
            Self::L1 => {
                let at = gradient.iter().position(|v| v.abs() == largest);
                let mut step = Array1::zeros(gradient.len());
                if let Some(at) = at {
                    step[at] = sign(gradient[at]);
                }
                step
            }
        }
    }
}

/// The induced norm of J(x_i) for each row of `x`, `(n, p)`: [`local_lipschitz`](super::local_lipschitz) for steps in any of the norms, `(n,)`.
///
/// # Errors
/// `x` does not suit the network; a slope beyond the range of f64.
pub fn local_lipschitz_in(net: &Mlp, x: &ArrayRef2<f64>, norm: Norm) -> Result<Array1<f64>> {
    if norm == Norm::L2 {
        return super::local_lipschitz(net, x);
    }
    let jacobians = net.input_jacobian(x)?;
    let norms = jacobians.axis_iter(Axis(0)).map(|j| norm.induced(&j));
    norms.collect::<Result<Vec<f64>>>().map(Array1::from)
}

/// Π_l ‖W_l‖ in the induced norms: [`product_lipschitz`](super::product_lipschitz) for steps in any of them. An activation's slopes in \[0, 1\] make a
/// diagonal matrix of norm at most 1 in each.
///
/// # Errors
/// As [`product_lipschitz`](super::product_lipschitz).
pub fn product_lipschitz_in(net: &Mlp, norm: Norm) -> Result<f64> {
    let norms = matrices(net)?.into_iter().map(|w| norm.induced(&w));
    let norms = norms.collect::<Result<Vec<f64>>>()?;
    within_range("the product of norms", norms.iter().product())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::MlpSettings;
    use crate::rng::stream;
    use ndarray::Array2;

    /// No step of the norm stretches by more, and the best of the vertices by as much.
    #[test]
    fn induced_norms_by_the_definition() {
        let rng = &mut stream(1, "induced", 0);
        let a = gaussian(3, 4, rng).expect("valid");
        let length = |v: &Array1<f64>, norm| match norm {
            Norm::L1 => v.iter().map(|v| v.abs()).sum::<f64>(),
            Norm::L2 => v.dot(v).sqrt(),
            Norm::LInf => largest(v.iter().map(|v| v.abs())),
        };
        for norm in Norm::ALL {
            let most = norm.induced(&a).expect("finite");
            for u in gaussian(500, 4, rng).expect("valid").rows() {
                let u = u.to_owned();
                assert!(length(&a.dot(&u), norm) <= most * length(&u, norm) * (1.0 + 1e-12));
            }
            let row = a.row(0).to_owned();
            let step = norm.steepest(&row);
            assert!((length(&step, norm) - 1.0).abs() < 1e-14);
            let alone = norm
                .induced(&a.slice(ndarray::s![..1, ..]))
                .expect("finite");
            assert!((row.dot(&step) - alone).abs() < 1e-12 * alone);
            assert!(norm.steepest(&Array1::zeros(3)).iter().all(|v| *v == 0.0));
        }
    }

    #[test]
    fn the_product_bounds_every_slope_and_a_linear_network_reaches_it() {
        let rng = &mut stream(2, "induced", 0);
        for norm in Norm::ALL {
            for sizes in [vec![4, 1], vec![3, 6, 5, 2]] {
                let net = Mlp::new(&MlpSettings::of_sizes(&sizes), rng).expect("valid");
                let x = gaussian(200, sizes[0], rng).expect("valid");
                let slopes = local_lipschitz_in(&net, &x, norm).expect("valid");
                let bound = product_lipschitz_in(&net, norm).expect("valid");
                assert!(slopes.iter().all(|s| *s <= bound * (1.0 + 1e-12)));
                if sizes.len() == 2 {
                    assert!((slopes[0] / bound - 1.0).abs() < 1e-12);
                }
            }
        }
        assert!(Norm::L1.induced(&Array2::zeros((0, 2))).is_err());
        assert!(
            Norm::LInf
                .induced(&Array2::from_elem((1, 2), f64::NAN))
                .is_err()
        );
        assert!(
            Norm::LInf
                .induced(&Array2::from_elem((1, 2), 1e308))
                .is_err()
        );
    }
}
