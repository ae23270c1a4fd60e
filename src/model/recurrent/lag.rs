//! How far a nudge of the state is felt: the Jacobian ∂h_T/∂h_{T−k} by time lag k.

use ndarray::{Array2, ArrayRef2, ArrayRef3, Axis};

use super::Recurrent;
use crate::error::{Error, Result, check_finite, within_range};
use crate::linalg::spectral_norm;
use crate::real::length;

/// The size of ∂h_T/∂h_{T−k}.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LagNorm {
    /// k, the steps between the two states.
    pub lag: usize,
    /// The largest singular value: what the worst nudge is multiplied by.
    pub spectral: f64,
    /// ‖·‖_F/√m: what a random nudge is multiplied by, as a root mean square.
    pub typical: f64,
}

impl Recurrent {
    /// The size of ∂h_T/∂h_{T−k} for k = 0, …, T on sequence `example` of `x`, `(T, n, d)`.
    ///
    /// # Formula
    /// ∂h_T/∂h_{T−k} = D_T W D_{T−1} W ⋯ D_{T−k+1} W with D_t = diag σ'(z_t). For a linear state it
    /// is W^k: of norm ρ^k if W = ρQ with Q orthogonal, and at least ρ(W)^k for any W. As
    /// 0 < σ' ≤ 1 for tanh, its norm is at most ‖W‖^k.
    ///
    /// # Errors
    /// `x` does not fit the network; there is no such example; products beyond the range of f64.
    ///
    /// # Reference
    /// Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063, equations (5) to (7); Bengio, Simard &
    /// Frasconi 1994, "Learning long-term dependencies with gradient descent is difficult",
    /// doi:10.1109/72.279181.
    pub fn lag_norms(&self, x: &ArrayRef3<f64>, example: usize) -> Result<Vec<LagNorm>> {
        self.check_sequences(x)?;
        let n = x.len_of(Axis(1));
        if example >= n {
            let expected = format!("below {n}");
            return Err(Error::domain("the index of a sequence", expected, example));
        }
        let one = x.select(Axis(1), &[example]);
        let trace = self.trace(&one)?;
        let m = self.width();
        let mut product = Array2::eye(m);
        let mut norms = vec![measure(0, &product)?];
        for (back, z) in trace.z.iter().rev().enumerate() {
            let mut factor = self.recurrent.clone();
            for (mut row, z) in factor.rows_mut().into_iter().zip(z.row(0)) {
                row *= self.activation.derivative(*z);
            }
            product = product.dot(&factor);
            norms.push(measure(back + 1, &product)?);
        }
        Ok(norms)
    }
}

fn measure(lag: usize, product: &Array2<f64>) -> Result<LagNorm> {
    let squares: f64 = product.iter().map(|v| v * v).sum();
    let typical = (squares / product.nrows() as f64).sqrt();
    Ok(LagNorm {
        lag,
        spectral: spectral_norm(product)?,
        typical: within_range("the norm of the Jacobian", typical)?,
    })
}

/// (1/K) ln ‖A^K‖_F for K = 2^`doublings`, by repeated squaring, of a square matrix `a`, `(m, m)`: it tends to
/// ln ρ(A) (Gelfand's formula), a route to the spectral radius that needs no eigenvalue. −∞ for a nilpotent matrix.
///
/// The distance is at most ln(κ√m)/K if A is diagonalisable with eigenvectors of condition κ.
///
/// # Errors
/// `a` is empty, not square or not finite; more than 60 doublings.
pub fn power_growth(a: &ArrayRef2<f64>, doublings: u32) -> Result<f64> {
    if a.is_empty() || !a.is_square() {
        return Err(Error::shape("the matrix", "(m, m) with m ≥ 1", a.shape()));
    }
    check_finite("the matrix", a)?;
    if doublings > 60 {
        let what = "the number of doublings";
        return Err(Error::domain(what, "at most 60", doublings));
    }
    let norm = |a: &Array2<f64>| length(a.iter().copied());
    // A^(2^j) = e^log · power, with a power of norm 1.
    let (mut power, mut log) = (a.to_owned(), 0.0);
    for round in 0..=doublings {
        if round > 0 {
            power = power.dot(&power);
            log *= 2.0;
        }
        let size = norm(&power);
        if size == 0.0 {
            return Ok(f64::NEG_INFINITY);
        }
        within_range("the norm of a power", size)?;
        log += size.ln();
        power /= size;
    }
    Ok(log / 2_f64.powi(doublings as i32))
}

/// The spectral norm of the k-th power of a wide Gaussian matrix: for m → ∞ and entries N(0, 1/m),
/// ‖G^k‖ → √((k+1)^{k+1}/k^k), though the spectral radius of G^k tends to 1. It grows like √(e·k).
///
/// The limit of the largest singular value at fixed k; at finite m it is approached from below at
/// the rate m^{−2/3}, the more slowly the larger k.
///
/// # Errors
/// A lag above 2³⁰.
///
/// # Reference
/// Alexeev, Götze & Tikhomirov 2010, "Asymptotic distribution of singular values of powers of
/// random matrices", Lithuanian Math. J. 50: the squared singular values follow the Fuss–Catalan
/// law, whose support ends at (k+1)^{k+1}/k^k.
pub fn fuss_catalan_norm(lag: usize) -> Result<f64> {
    if lag > 1 << 30 {
        return Err(Error::domain("the lag", "at most 2^30", lag));
    }
    let k = lag as f64;
    // (k+1)·(1 + 1/k)^k, and 1 at k = 0.
    let growth = if lag == 0 { 0.0 } else { k * (1.0 / k).ln_1p() };
    Ok(((k + 1.0) * growth.exp()).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Activation, RecurrentLaw, RecurrentSettings};
    use crate::rng::stream;
    use ndarray::Array3;

    fn net(activation: Activation, law: RecurrentLaw) -> Recurrent {
        let settings = RecurrentSettings {
            width: 12,
            activation,
            law,
            spectral_radius: 0.9,
            ..RecurrentSettings::default()
        };
        Recurrent::new(&settings, &mut stream(2, "lag", 0)).expect("valid")
    }

    #[test]
    fn linear_lags_are_powers() {
        let x = Array3::from_elem((9, 2, 1), 0.7);
        let norms = net(Activation::Linear, RecurrentLaw::Orthogonal)
            .lag_norms(&x, 1)
            .expect("fits");
        for (lag, norm) in norms.iter().enumerate() {
            let predicted = 0.9_f64.powi(lag as i32);
            assert_eq!(norm.lag, lag);
            assert!((norm.spectral / predicted - 1.0).abs() < 1e-12);
            assert!((norm.typical / predicted - 1.0).abs() < 1e-12);
        }
        let gaussian = net(Activation::Linear, RecurrentLaw::Gaussian);
        for norm in gaussian.lag_norms(&x, 0).expect("fits") {
            assert!(norm.spectral >= 0.9_f64.powi(norm.lag as i32) * (1.0 - 1e-12));
        }
        assert!(gaussian.lag_norms(&x, 2).is_err());
    }

    /// A column of the Jacobian against a nudge of the state: h_{T−k} moves when the input of step
    /// T − k does, ∂h_{T−k}/∂x_{T−k} = D U.
    #[test]
    fn a_nudge_is_carried_as_the_jacobian_says() {
        let tanh = net(Activation::Tanh, RecurrentLaw::Orthogonal);
        let x = Array3::from_shape_fn((8, 1, 1), |(t, ..)| (t as f64).sin());
        let norms = tanh.lag_norms(&x, 0).expect("fits");
        let h = 1e-6;
        for lag in 0..8 {
            let at = |by: f64, t: usize| {
                let mut moved = x.clone();
                moved[[7 - lag, 0, 0]] += by;
                tanh.trace(&moved).expect("fits").h[t].clone()
            };
            let size = |t: usize| (at(h, t) - at(-h, t)).mapv(|v| v * v).sum().sqrt();
            let ratio = size(8) / size(8 - lag);
            assert!(
                ratio <= norms[lag].spectral * (1.0 + 1e-6),
                "{lag}: {ratio}"
            );
            assert!(norms[lag].spectral <= 0.9_f64.powi(lag as i32) * (1.0 + 1e-12));
        }
    }

    /// The eigenvalues of the triangle are 0.5 and 0.25, however large its corner.
    #[test]
    fn powers_grow_at_the_spectral_radius() {
        let a = ndarray::array![[0.5, 1e6], [0.0, 0.25]];
        let growth = |a: &Array2<f64>| power_growth(a, 30).expect("square");
        assert!((growth(&a) - 0.5_f64.ln()).abs() < 1e-7);
        let w = net(Activation::Linear, RecurrentLaw::Gaussian).recurrent;
        assert!((growth(&w) - 0.9_f64.ln()).abs() < 1e-7);
        assert_eq!(
            growth(&ndarray::array![[0.0, 1.0], [0.0, 0.0]]),
            f64::NEG_INFINITY
        );
        assert!(power_growth(&Array2::zeros((1, 2)), 3).is_err() && power_growth(&a, 61).is_err());
    }

    #[test]
    fn fuss_catalan_by_hand() {
        let norm = |lag| fuss_catalan_norm(lag).expect("small");
        assert_eq!(norm(0), 1.0);
        assert!((norm(1) - 2.0).abs() < 1e-14 && (norm(2) - 6.75_f64.sqrt()).abs() < 1e-14);
        let e = std::f64::consts::E;
        assert!((norm(1000) / (e * 1000.5).sqrt() - 1.0).abs() < 1e-5);
        assert!(fuss_catalan_norm(usize::MAX).is_err());
    }
}
