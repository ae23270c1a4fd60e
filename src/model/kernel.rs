//! Kernel functions k(x, x'): similarity measures that are inner products in some feature space.

use ndarray::{Array2, ArrayRef2, Zip};

use super::arc_cosine::{angles, kappa0_of, norms, one_minus_kappa1};
use super::distance::{check_pair, squared_distances};
use crate::error::{Error, Result, check_finite};

/// The most hidden layers of a ReLU kernel: beyond, its values 2^−L leave the range of f64.
const MAX_LAYERS: usize = 512;

/// A positive semi-definite kernel on R^d.
///
/// # Formula
/// The ReLU kernels belong to the network h⁰ = x, hˡ = max(0, Wˡhˡ⁻¹/√m_{l−1}) (no division in
/// the first layer), f = b·h^L/√m_L with all weights N(0, 1) and no bias, as every width m
/// grows. With θ_l the angle between hˡ(x) and hˡ(x'),
///
/// - NNGP: Σ⁰ = x·x', Σˡ = ‖x‖‖x'‖ 2^−l κ₁(θ_{l−1}), κ₁(θ) = (sin θ + (π−θ) cos θ)/π = cos θ_l.
/// - NTK: Θ⁰ = Σ⁰, Θˡ = Θˡ⁻¹ κ₀(θ_{l−1})/2 + Σˡ, κ₀(θ) = (π−θ)/π.
///
/// One hidden layer gives Θ¹ = K_a + K_b with K_a = x·x'(π−θ)/(2π), from the first layer, and
/// K_b = ‖x‖‖x'‖(sin θ + (π−θ) cos θ)/(2π) = Σ¹, from the second. He weights, N(0, 2/m), multiply
/// both by 2^L; then Σ(x, x) = ‖x‖² and Θ(x, x) = (L+1)‖x‖².
///
/// # Reference
/// Cho & Saul 2009, "Kernel methods for deep learning"; Jacot, Gabriel & Hongler 2018,
/// "Neural tangent kernel", arXiv:1806.07572; Arora et al. 2019, "On exact computation with an
/// infinitely wide neural net", arXiv:1904.11955, §3.
///
/// ```
/// use dltheory::model::Kernel;
/// use ndarray::array;
/// let x = array![[1.0, 0.0], [0.0, 1.0]];
/// let k = Kernel::ReluNtk { hidden_layers: 1 }.matrix(&x, &x)?;
/// assert!((k[[0, 0]] - 1.0).abs() < 1e-15); // K_a = K_b = ½ on the diagonal
/// assert!((k[[0, 1]] - 0.5 / std::f64::consts::PI).abs() < 1e-15); // K_a = 0 at a right angle
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kernel {
    /// exp(−‖x−x'‖²/(2σ²)): analytic, so its spectrum decays faster than any power.
    Gaussian {
        /// The bandwidth σ > 0, in units of the input.
        sigma: f64,
    },
    /// exp(−‖x−x'‖/σ): a cusp at 0, a power-law spectrum.
    Laplace {
        /// The bandwidth σ > 0, in units of the input.
        sigma: f64,
    },
    /// (x·x' + c)^q, of finite rank at most C(d+q, q).
    Polynomial {
        /// The degree q ≥ 1.
        degree: u32,
        /// The offset c ≥ 0, in squared units of the input.
        offset: f64,
    },
    /// The covariance Σ^L of a wide ReLU network's output at its start.
    ReluNngp {
        /// The number of hidden layers L ≥ 1.
        hidden_layers: usize,
    },
    /// The neural tangent kernel Θ^L of a ReLU network, all layers trained.
    ReluNtk {
        /// The number of hidden layers L ≥ 1.
        hidden_layers: usize,
    },
}

impl Kernel {
    /// k(a_i, b_j), `(n, m)`, for inputs a, `(n, d)`, and b, `(m, d)`.
    ///
    /// # Errors
    /// Empty, non-finite or mismatched inputs, a parameter out of range, or values that overflow.
    pub fn matrix(&self, a: &ArrayRef2<f64>, b: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        self.check()?;
        check_pair(a, b)?;
        let values = match *self {
            Self::Gaussian { sigma } => squared_distances(a, b)?.mapv_into(|d2| {
                // σ first, since σ² may underflow.
                let scaled = d2.sqrt() / sigma;
                (-scaled * scaled / 2.0).exp()
            }),
            Self::Laplace { sigma } => {
                squared_distances(a, b)?.mapv_into(|d2| (-d2.sqrt() / sigma).exp())
            }
            Self::Polynomial { degree, offset } => {
                // Fits: `check` keeps the degree below 2³¹.
                let power = i32::try_from(degree).unwrap_or(i32::MAX);
                a.dot(&b.t())
                    .mapv_into(|inner| (inner + offset).powi(power))
            }
            Self::ReluNngp { hidden_layers } => relu(a, b, hidden_layers)?.0,
            Self::ReluNtk { hidden_layers } => relu(a, b, hidden_layers)?.1,
        };
        check_finite("the kernel matrix", &values)?;
        Ok(values)
    }

    /// A short name with its parameters, for tables and figures.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Gaussian { sigma } => format!("Gaussian, σ = {sigma}"),
            Self::Laplace { sigma } => format!("Laplace, σ = {sigma}"),
            Self::Polynomial { degree, offset } => {
                format!("polynomial, (x·x' + {offset})^{degree}")
            }
            Self::ReluNngp { hidden_layers } => format!("ReLU NNGP, {hidden_layers} hidden"),
            Self::ReluNtk { hidden_layers } => format!("ReLU NTK, {hidden_layers} hidden"),
        }
    }

    fn check(&self) -> Result<()> {
        match *self {
            Self::Gaussian { sigma } | Self::Laplace { sigma } => {
                if !(sigma.is_finite() && sigma > 0.0) {
                    return Err(Error::domain(
                        "the bandwidth σ",
                        "a positive finite number",
                        sigma,
                    ));
                }
            }
            Self::Polynomial { degree, offset } => {
                if degree == 0 || i32::try_from(degree).is_err() {
                    return Err(Error::domain("the degree q", "1 to 2³¹ − 1", degree));
                }
                if !(offset.is_finite() && offset >= 0.0) {
                    return Err(Error::domain("the offset c", "a finite number ≥ 0", offset));
                }
            }
            Self::ReluNngp { hidden_layers } | Self::ReluNtk { hidden_layers } => {
                if !(1..=MAX_LAYERS).contains(&hidden_layers) {
                    let allowed = format!("1 to {MAX_LAYERS}");
                    return Err(Error::domain(
                        "the number of hidden layers",
                        allowed,
                        hidden_layers,
                    ));
                }
            }
        }
        Ok(())
    }
}

/// The NNGP and the NTK after `layers` hidden layers, both `(n, m)`.
fn relu(
    a: &ArrayRef2<f64>,
    b: &ArrayRef2<f64>,
    layers: usize,
) -> Result<(Array2<f64>, Array2<f64>)> {
    let (a_norms, b_norms) = norms(a, b)?;
    let mut nngp = angles(a, b)?;
    let mut ntk = Array2::zeros(nngp.raw_dim());
    Zip::indexed(&mut nngp)
        .and(&mut ntk)
        .for_each(|(i, j), nngp, ntk| {
            let mut theta = *nngp;
            // In units of ‖x‖‖x'‖.
            let (mut sigma, mut tangent) = (theta.cos(), theta.cos());
            let mut scale = 1.0;
            for _ in 0..layers {
                scale *= 0.5;
                let slope = kappa0_of(theta);
                let chord = one_minus_kappa1(theta);
                sigma = scale * (1.0 - chord);
                tangent = tangent * slope / 2.0 + sigma;
                // 1 − cos θ' = chord: half the chord is sin²(θ'/2), exact for close inputs.
                theta = 2.0 * (chord / 2.0).sqrt().clamp(0.0, 1.0).asin();
            }
            let norms = a_norms[i] * b_norms[j];
            *nngp = sigma * norms;
            *ntk = tangent * norms;
        });
    Ok((nngp, ntk))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use ndarray::array;

    /// Two inputs in the plane at angle θ, lengths 1 and 2.
    fn pair(theta: f64) -> (Array2<f64>, Array2<f64>) {
        (
            array![[1.0, 0.0]],
            array![[2.0 * theta.cos(), 2.0 * theta.sin()]],
        )
    }

    /// E σ(a·x)σ(a·x') and E σ'(a·x)σ'(a·x'): for Gaussian a, radius and direction of its part in
    /// the plane are independent and E r² = 2, so an integral over the direction is left.
    fn by_quadrature(theta: f64) -> (f64, f64) {
        let steps = 200_000;
        let (mut product, mut both) = (0.0, 0.0);
        for step in 0..steps {
            let phi = 2.0 * PI * (f64::from(step) + 0.5) / f64::from(steps);
            let (p, q) = (phi.cos(), (phi - theta).cos());
            product += p.max(0.0) * q.max(0.0);
            both += f64::from(p > 0.0 && q > 0.0);
        }
        (2.0 * product / f64::from(steps), both / f64::from(steps))
    }

    #[test]
    fn two_layer_kernels_match_quadrature() {
        for theta in [0.0, 0.3, 1.0, PI / 2.0, 2.5, PI] {
            let (x, y) = pair(theta);
            let nngp = Kernel::ReluNngp { hidden_layers: 1 }
                .matrix(&x, &y)
                .expect("valid")[[0, 0]];
            let ntk = Kernel::ReluNtk { hidden_layers: 1 }
                .matrix(&x, &y)
                .expect("valid")[[0, 0]];
            let (product, both) = by_quadrature(theta);
            assert!((nngp - 2.0 * product).abs() < 1e-4, "θ = {theta}: {nngp}");
            let want = 2.0 * product + 2.0 * theta.cos() * both;
            assert!((ntk - want).abs() < 1e-4, "θ = {theta}: {ntk} {want}");
        }
    }

    /// A wide-network recursion written as in the literature, with arc cosines.
    #[test]
    fn deeper_kernels_follow_the_recursion_and_the_diagonal() {
        let (x, y) = pair(1.1);
        let kappa0 = |c: f64| (PI - c.acos()) / PI;
        let kappa1 = |c: f64| ((1.0 - c * c).sqrt() + (PI - c.acos()) * c) / PI;
        let (mut cosine, mut ntk) = (1.1_f64.cos(), 1.1_f64.cos());
        for layers in 1..=6 {
            // He scaling: the norm stays 1, and only the angle changes.
            ntk = ntk * kappa0(cosine) + kappa1(cosine);
            cosine = kappa1(cosine);
            let he = 2.0_f64.powi(layers);
            let hidden_layers = layers as usize;
            let got = Kernel::ReluNtk { hidden_layers }
                .matrix(&x, &y)
                .expect("valid")
                * he;
            assert!((got[[0, 0]] - 2.0 * ntk).abs() < 1e-13, "L = {layers}");
            let nngp = Kernel::ReluNngp { hidden_layers }
                .matrix(&x, &y)
                .expect("valid")
                * he;
            assert!((nngp[[0, 0]] - 2.0 * cosine).abs() < 1e-13, "L = {layers}");
            let own = Kernel::ReluNtk { hidden_layers }
                .matrix(&y, &y)
                .expect("valid")
                * he;
            assert!((own[[0, 0]] - 4.0 * f64::from(layers + 1)).abs() < 1e-13);
        }
    }

    /// An arc cosine would see nothing below 1e-8.
    #[test]
    fn close_inputs_keep_their_digits() {
        let x = array![[1.0, 0.0]];
        for step in [1e-3, 1e-6, 1e-9] {
            let y = array![[1.0, step]];
            let laplace = Kernel::Laplace { sigma: 1.0 }
                .matrix(&x, &y)
                .expect("valid")[[0, 0]];
            assert!(((1.0 - laplace) / step - 1.0).abs() < 1e-3 + 1e-7);
            // NTK: 1 − θ/(2π) + O(θ²) in units of its diagonal 1, times the norms.
            let ntk = Kernel::ReluNtk { hidden_layers: 1 }
                .matrix(&x, &y)
                .expect("valid")[[0, 0]];
            assert!(
                ((1.0 - ntk) * 2.0 * PI / step - 1.0).abs() < 5.0 * step + 1e-6,
                "{step}"
            );
        }
        assert_eq!(one_minus_kappa1(0.0), 0.0);
        assert!((one_minus_kappa1(0.1) - one_minus_kappa1(0.1 - 1e-15)).abs() < 1e-15);
    }

    #[test]
    fn plain_kernels_match_their_formulas() {
        let (x, y) = (array![[1.0, 2.0]], array![[3.0, -1.0]]);
        let value = |kernel: Kernel| kernel.matrix(&x, &y).expect("valid")[[0, 0]];
        assert!((value(Kernel::Gaussian { sigma: 2.0 }) - (-13.0_f64 / 8.0).exp()).abs() < 1e-16);
        assert!(
            (value(Kernel::Laplace { sigma: 2.0 }) - (-13.0_f64.sqrt() / 2.0).exp()).abs() < 1e-16
        );
        assert_eq!(
            value(Kernel::Polynomial {
                degree: 3,
                offset: 2.0
            }),
            27.0
        );
        let zero = array![[0.0, 0.0]];
        let ntk = Kernel::ReluNtk { hidden_layers: 3 };
        assert_eq!(ntk.matrix(&zero, &x).expect("valid")[[0, 0]], 0.0);
    }

    #[test]
    fn bad_parameters_are_errors() {
        let x = array![[1.0]];
        for sigma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Kernel::Gaussian { sigma }.matrix(&x, &x).is_err());
            assert!(Kernel::Laplace { sigma }.matrix(&x, &x).is_err());
        }
        for (degree, offset) in [(0, 1.0), (u32::MAX, 1.0), (2, -1.0), (2, f64::NAN)] {
            assert!(
                Kernel::Polynomial { degree, offset }
                    .matrix(&x, &x)
                    .is_err()
            );
        }
        let overflow = Kernel::Polynomial {
            degree: 1000,
            offset: 9.0,
        }
        .matrix(&x, &x);
        assert!(
            overflow
                .expect_err("10^1000")
                .to_string()
                .contains("holds inf")
        );
        for hidden_layers in [0, usize::MAX] {
            assert!(Kernel::ReluNtk { hidden_layers }.matrix(&x, &x).is_err());
        }
    }
}
