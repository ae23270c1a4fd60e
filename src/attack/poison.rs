//! One training point more or less, and what it does to ridge regression.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

use crate::error::{Error, Result, check_finite, check_positive, within_range};
use crate::fit::ridge;
use crate::linalg::symmetric_eigen;

/// Ridge regression on training data, ready to be asked about one point more or less.
///
/// With A = XᵀX + λI and w = A⁻¹Xᵀy, a new point (z, t) changes A by a matrix of rank one, so that by Sherman and Morrison
/// w' = w + A⁻¹z (t − w·z)/(1 + ℓ), ℓ = zᵀA⁻¹z. To leave the point out of the data changes both signs:
/// w' = w − A⁻¹z (t − w·z)/(1 − ℓ).
///
/// # Reference
/// Sherman & Morrison 1950, doi:10.1214/aoms/1177729893; poisoning: Biggio, Nelson & Laskov 2012, "Poisoning attacks against
/// support vector machines", arXiv:1206.6389; CMSC 828W, "Training-time (poison) attacks".
///
/// ```
/// use dltheory::attack::Poison;
/// use ndarray::array;
/// // One point (1, 2) with λ = 1: w = 1. Another at z = 1 with t = 7 makes it (2 + 7)/3.
/// let ridge = Poison::new(&array![[1.0]], &array![[2.0]], 1.0)?;
/// let poisoned = ridge.added(&array![1.0], &array![7.0])?;
/// assert!((poisoned[[0, 0]] - 3.0).abs() < 1e-14);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Poison {
    /// w, `(d, k)`.
    pub weights: Array2<f64>,
    /// λ.
    lambda: f64,
    /// The eigenvalues of XᵀX, `(d,)`.
    values: Array1<f64>,
    /// Its eigenvectors as columns, `(d, d)`.
    vectors: Array2<f64>,
}

impl Poison {
    /// Fits the minimiser of ‖Xw − y‖² + λ‖w‖² to `x`, `(n, d)`, and `y`, `(n, k)`, with λ > 0.
    ///
    /// # Errors
    /// Empty, non-finite or mismatched arrays; λ not positive.
    pub fn new(x: &ArrayRef2<f64>, y: &ArrayRef2<f64>, lambda: f64) -> Result<Self> {
        check_positive("the penalty λ", lambda)?;
        let weights = ridge(x, y, lambda)?.weights;
        let eigen = symmetric_eigen(&x.t().dot(x))?;
        Ok(Self {
            weights,
            lambda,
            // Rounding may leave a zero below 0.
            values: eigen.values.mapv(|v| if v < 0.0 { 0.0 } else { v }),
            vectors: eigen.vectors,
        })
    }

    /// ℓ = zᵀA⁻¹z of `z`, `(d,)`: how far a point there is followed. Below 1 for a point of the data.
    ///
    /// # Errors
    /// `z` of another length, or not finite.
    pub fn leverage(&self, z: &ArrayRef1<f64>) -> Result<f64> {
        Ok(z.dot(&self.solved(z)?))
    }

    /// The weights `(d, k)` with the point `z`, `(d,)`, and target `t`, `(k,)`, added.
    ///
    /// # Errors
    /// Arrays of other lengths, or not finite; weights beyond the range of f64.
    pub fn added(&self, z: &ArrayRef1<f64>, t: &ArrayRef1<f64>) -> Result<Array2<f64>> {
        self.changed(z, t, 1.0)
    }

    /// The weights `(d, k)` without the point `z`, `(d,)`, and target `t`, `(k,)`, which is one of the data.
    ///
    /// # Errors
    /// As for [`added`](Self::added); a leverage of 1 or more, which no point of the data has.
    pub fn removed(&self, z: &ArrayRef1<f64>, t: &ArrayRef1<f64>) -> Result<Array2<f64>> {
        let leverage = self.leverage(z)?;
        if leverage >= 1.0 {
            let what = "the leverage of the point to leave out";
            return Err(Error::domain(
                what,
                "below 1, as that of any point of the data",
                leverage,
            ));
        }
        self.changed(z, t, -1.0)
    }

    /// The target `t` of a new point at `z`, `(d,)`, that makes the prediction of output `output` at `at`, `(d,)`, equal to
    /// `wanted`: t = w·z + (wanted − w·a)(1 + ℓ)/(aᵀA⁻¹z).
    ///
    /// # Errors
    /// Arrays of another length, or not finite; no such output; aᵀA⁻¹z = 0: then no target moves that prediction.
    pub fn target_for(
        &self,
        at: &ArrayRef1<f64>,
        z: &ArrayRef1<f64>,
        output: usize,
        wanted: f64,
    ) -> Result<f64> {
        let (d, k) = self.weights.dim();
        check_vector("the place of the prediction", at, d)?;
        check_finite("the wanted prediction", &[wanted])?;
        if output >= k {
            return Err(Error::domain(
                "the output",
                format!("0 to {}", k - 1),
                output,
            ));
        }
        let solved = self.solved(z)?;
        let reach = at.dot(&solved);
        if reach == 0.0 {
            return Err(Error::domain("aᵀA⁻¹z", "another number than 0", reach));
        }
        let w = self.weights.column(output);
        let target = w.dot(z) + (wanted - w.dot(at)) * (1.0 + z.dot(&solved)) / reach;
        within_range("the target", target)
    }

    fn changed(&self, z: &ArrayRef1<f64>, t: &ArrayRef1<f64>, sign: f64) -> Result<Array2<f64>> {
        let k = self.weights.ncols();
        check_vector("the target", t, k)?;
        let solved = self.solved(z)?;
        let too_much = self.weights.t().dot(z) - t;
        let step = too_much * (-sign / (1.0 + sign * z.dot(&solved)));
        let change = &solved.insert_axis(Axis(1)) * &step.insert_axis(Axis(0));
        let weights = &self.weights + &change;
        check_finite("the weights", &weights)?;
        Ok(weights)
    }

    /// A⁻¹z.
    fn solved(&self, z: &ArrayRef1<f64>) -> Result<Array1<f64>> {
        check_vector("the point", z, self.weights.nrows())?;
        let along = self.vectors.t().dot(z) / (&self.values + self.lambda);
        Ok(self.vectors.dot(&along))
    }
}

fn check_vector(what: &str, values: &ArrayRef1<f64>, n: usize) -> Result<()> {
    if values.len() != n {
        return Err(Error::shape(what, format!("({n},)"), values.shape()));
    }
    check_finite(what, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::{concatenate, s};

    fn distance(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        (a - b).iter().fold(0.0, |worst, x| worst.max(x.abs()))
    }

    /// More points than inputs, and fewer.
    #[test]
    fn predicted_weights_are_the_retrained_ones() {
        for (n, d) in [(20, 6), (5, 9)] {
            let rng = &mut stream(1, "poison", n as u64);
            let (x, y) = (
                gaussian(n, d, rng).expect("valid"),
                gaussian(n, 2, rng).expect("valid"),
            );
            for lambda in [1e-3, 0.5, 30.0] {
                let clean = Poison::new(&x.slice(s![1.., ..]), &y.slice(s![1.., ..]), lambda);
                let whole = Poison::new(&x, &y, lambda).expect("valid");
                let clean = clean.expect("valid");
                let (z, t) = (x.row(0), y.row(0));
                assert!(distance(&clean.added(&z, &t).expect("valid"), &whole.weights) < 1e-9);
                assert!(distance(&whole.removed(&z, &t).expect("valid"), &clean.weights) < 1e-9);
                // ℓ/(1 + ℓ) of the new point is its leverage once it is there.
                let (before, after) = (clean.leverage(&z), whole.leverage(&z));
                let (before, after) = (before.expect("valid"), after.expect("valid"));
                assert!((before / (1.0 + before) - after).abs() < 1e-9);
                // A target that makes a prediction 3, retrained.
                let at = x.row(2);
                let target = clean.target_for(&at, &z, 1, 3.0).expect("valid");
                let more_y =
                    concatenate![Axis(0), y.slice(s![1.., 1..]), ndarray::array![[target]]];
                let more_x = concatenate![Axis(0), x.slice(s![1.., ..]), x.slice(s![..1, ..])];
                let again = ridge(&more_x, &more_y, lambda).expect("valid").weights;
                assert!((at.dot(&again.column(0)) - 3.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn bad_input_is_named() {
        let (x, y) = (ndarray::array![[1.0, 0.0]], ndarray::array![[1.0]]);
        assert!(Poison::new(&x, &y, 0.0).is_err());
        let ridge = Poison::new(&x, &y, 1.0).expect("valid");
        let (z, t) = (ndarray::array![1.0, 0.0], ndarray::array![1.0]);
        assert!(ridge.added(&t, &t).is_err() && ridge.added(&z, &z).is_err());
        assert!(ridge.removed(&(&z * 5.0), &t).is_err());
        let across = ndarray::array![0.0, 1.0];
        assert!(ridge.target_for(&across, &z, 0, 1.0).is_err());
        assert!(ridge.target_for(&z, &z, 1, 1.0).is_err());
        assert!(ridge.target_for(&z, &z, 0, f64::NAN).is_err());
    }
}
