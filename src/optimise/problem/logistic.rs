//! Logistic regression.

use ndarray::{Array2, ArrayView1};

use super::Known;
use crate::error::{Error, Result, check_size};
use crate::linalg::{spectral_norm, thin_qr};
use crate::optimise::{Curved, Oracle};
use crate::real::check_array;

/// f(w) = (1/n) Σ_i [q_i ln(1 + e^(−z_i)) + (1 − q_i) ln(1 + e^(z_i))], z = Xw.
///
/// q_i is the share of label +1 at example i. The rows of X are independent, so that n ≤ p: with every q_i strictly inside
/// (0, 1) f is least where z_i = ln(q_i/(1 − q_i)), at the mean entropy of the q_i; where q_i is 0 or 1 the least value of its term
/// is approached at infinity: all labels sure is separable data, whose infimum 0 is not attained.
/// ‖∇²f‖ ≤ ‖X‖²/(4n), with equality at w = 0.
#[derive(Clone, Debug)]
pub struct Logistic {
    x: Array2<f64>,
    shares: Vec<f64>,
    minimiser: Option<Vec<f64>>,
    smoothness: f64,
}

impl Logistic {
    /// For examples `x`, `(n, p)`, and `shares` q, `(n,)`.
    ///
    /// # Errors
    /// Examples that are none, not finite, or not independent; shares of another number or outside [0, 1].
    pub fn new(x: Array2<f64>, shares: Vec<f64>) -> Result<Self> {
        let (n, p) = x.dim();
        check_size("the examples", n, p)?;
        check_array("the examples", &x)?;
        if shares.len() != n {
            return Err(Error::shape(
                "the shares",
                format!("({n},)"),
                &[shares.len()],
            ));
        }
        if let Some(bad) = shares.iter().find(|q| !(0.0..=1.0).contains(*q)) {
            return Err(Error::domain("a share", "in [0, 1]", bad));
        }
        if n > p {
            let expected = format!("at most {p} independent rows");
            return Err(Error::shape("the examples", expected, &[n, p]));
        }
        // Xᵀ = QR, so that w = Q R⁻ᵀ z has Xw = z.
        let qr = thin_qr(&x.t())?;
        let largest =
            qr.r.diag()
                .iter()
                .fold(0.0_f64, |most, d| most.max(d.abs()));
        if !qr.r.diag().iter().all(|d| d.abs() > 1e-12 * largest) {
            let expected = "independent rows";
            return Err(Error::domain("the examples", expected, "dependent ones"));
        }
        let mut inner = Vec::with_capacity(n);
        for (i, q) in shares.iter().enumerate() {
            let known: f64 = (0..i).map(|j| qr.r[[j, i]] * inner[j]).sum();
            inner.push(((q / (1.0 - q)).ln() - known) / qr.r[[i, i]]);
        }
        let minimiser = qr.q.dot(&ndarray::Array1::from(inner)).to_vec();
        Ok(Self {
            smoothness: spectral_norm(&x)?.powi(2) / (4.0 * n as f64),
            minimiser: minimiser.iter().all(|w| w.is_finite()).then_some(minimiser),
            x,
            shares,
        })
    }
}

/// ln(1 + e^z) without overflow.
fn softplus(z: f64) -> f64 {
    let top = if z > 0.0 { z } else { 0.0 };
    top + (-z.abs()).exp().ln_1p()
}

/// 1/(1 + e^(−z)).
fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

impl Oracle for Logistic {
    fn dimension(&self) -> usize {
        self.x.ncols()
    }

    fn value_and_gradient(&self, w: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let n = self.x.nrows() as f64;
        gradient.fill(0.0);
        let mut sum = 0.0;
        for (row, q) in self.x.rows().into_iter().zip(&self.shares) {
            let z = row.dot(&ArrayView1::from(w));
            sum += q * softplus(-z) + (1.0 - q) * softplus(z);
            let slope = (1.0 - q) * sigmoid(z) - q * sigmoid(-z);
            for (g, x) in gradient.iter_mut().zip(row) {
                *g += slope * x / n;
            }
        }
        Ok(sum / n)
    }
}

impl Curved for Logistic {
    fn hessian_vector(&self, w: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        let (w, v) = (ArrayView1::from(w), ArrayView1::from(v));
        let mut product = vec![0.0; w.len()];
        for row in self.x.rows() {
            let z = row.dot(&w);
            let bend = sigmoid(z) * sigmoid(-z) / self.x.nrows() as f64 * row.dot(&v);
            for (sum, x) in product.iter_mut().zip(row) {
                *sum += bend * x;
            }
        }
        Ok(product)
    }
}

impl Known for Logistic {
    fn minimiser(&self) -> Option<Vec<f64>> {
        self.minimiser.clone()
    }

    fn minimum(&self) -> f64 {
        let part = |q: f64| if q > 0.0 { -q * q.ln() } else { 0.0 };
        let entropies = self.shares.iter().map(|q| part(*q) + part(1.0 - q));
        entropies.sum::<f64>() / self.shares.len() as f64
    }

    fn smoothness(&self) -> f64 {
        self.smoothness
    }
}
