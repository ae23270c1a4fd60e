//! Principal components in a kernel's feature space.

use ndarray::{Array1, Array2, ArrayRef2, Axis, s};

use super::check_filled;
use super::kernel_ridge::check_symmetric;
use crate::error::{Error, Result, check_finite};
use crate::linalg::symmetric_eigen;

/// Principal components known by the kernel's values alone.
#[derive(Clone, Debug)]
pub struct KernelPca {
    /// The variances of the components, λ_j/n, decreasing, `(r,)`.
    pub variances: Array1<f64>,
    /// The coordinates of the training inputs along them, each of mean 0, `(n, r)`. Signs are arbitrary.
    pub scores: Array2<f64>,
    /// v_j/√λ_j: the weights of the training inputs in each component, `(n, r)`.
    coefficients: Array2<f64>,
    /// The column means of K.
    means: Array1<f64>,
}

impl KernelPca {
    /// The coordinates of new inputs, `(t, r)`, from the kernel's values between them and the training inputs, `cross`, `(t, n)`.
    ///
    /// # Errors
    /// `cross` is empty, not finite or has another n.
    pub fn transform(&self, cross: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check_filled("the kernel's values", cross)?;
        let n = self.means.len();
        if cross.ncols() != n {
            let expected = format!("(t, {n})");
            return Err(Error::shape("the kernel's values", expected, cross.shape()));
        }
        // The mean of a row and that of all drop out: coefficients sum to 0.
        let scores = (cross.to_owned() - &self.means).dot(&self.coefficients);
        check_finite("the scores", &scores)?;
        Ok(scores)
    }
}

/// The first `components` r principal components of φ(x_1), …, φ(x_n), where only their products K, `gram`, `(n, n)`, are
/// known.
///
/// # Formula
/// With J = I − 11ᵀ/n the centred features have the products JKJ = VΛVᵀ. Component j has variance λ_j/n, the training inputs the
/// coordinates v_j√λ_j on it, and a new x the coordinate Σ_i v_ij (k(x, x_i) − mean_l k(x_l, x_i))/√λ_j.
///
/// # Errors
/// K is empty, not square, not symmetric, not finite; r is 0 or above the rank of JKJ.
///
/// # Reference
/// Schölkopf, Smola & Müller 1998, "Nonlinear component analysis as a kernel eigenvalue problem", Neural Computation 10,
/// 1299–1319; CMSC 828W, "Kernel Trick": "PCA to Kernel PCA".
///
/// ```
/// use dltheory::fit::kernel_pca;
/// use ndarray::array;
/// // k = x·x' on the line, at 1, 2, 6: centred −2, −1, 3, of variance 14/3.
/// let x = array![[1.0], [2.0], [6.0]];
/// let pca = kernel_pca(&x.dot(&x.t()), 1)?;
/// assert!((pca.variances[0] - 14.0 / 3.0).abs() < 1e-12);
/// assert!((pca.transform(&(array![[4.0]].dot(&x.t())))?[[0, 0]].abs() - 1.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn kernel_pca(gram: &ArrayRef2<f64>, components: usize) -> Result<KernelPca> {
    check_filled("the kernel matrix", gram)?;
    let n = gram.nrows();
    if gram.ncols() != n {
        return Err(Error::shape(
            "the kernel matrix",
            format!("({n}, {n})"),
            gram.shape(),
        ));
    }
    check_symmetric(gram)?;
    let means = gram.sum_axis(Axis(0)) / n as f64;
    let mean = means.sum() / n as f64;
    let mut centred = gram.to_owned() - &means - means.view().insert_axis(Axis(1));
    centred += mean;
    let eigen = symmetric_eigen(&centred)?;
    let rounding = n as f64 * f64::EPSILON * eigen.values[0].max(0.0);
    let rank = eigen.values.iter().take_while(|v| **v > rounding).count();
    if !(1..=rank).contains(&components) {
        let expected = format!("1 to the rank of the centred kernel matrix, {rank}");
        return Err(Error::domain(
            "the number of components",
            expected,
            components,
        ));
    }
    let values = eigen.values.slice(s![..components]);
    let vectors = eigen.vectors.slice(s![.., ..components]);
    let roots = values.mapv(f64::sqrt);
    Ok(KernelPca {
        variances: values.to_owned() / n as f64,
        scores: &vectors * &roots,
        coefficients: &vectors / &roots,
        means,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::linalg::thin_svd;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn products_are_enough() {
        let rng = &mut stream(1, "kernel pca", 0);
        let (x, t) = (
            gaussian(15, 4, rng).expect("valid"),
            gaussian(6, 4, rng).expect("valid"),
        );
        let mean = x.sum_axis(Axis(0)) / 15.0;
        let svd = thin_svd(&(&x - &mean)).expect("finite");
        let pca = kernel_pca(&x.dot(&x.t()), 4).expect("rank 4");
        let explicit = (&t - &mean).dot(&svd.vt.t());
        let found = pca.transform(&t.dot(&x.t())).expect("valid");
        for j in 0..4 {
            assert!((pca.variances[j] * 15.0 / svd.s[j].powi(2) - 1.0).abs() < 1e-12);
            let same = explicit.column(j).dot(&found.column(j)).signum();
            let off = &found.column(j) * same - explicit.column(j);
            assert!(off.iter().all(|d| d.abs() < 1e-12), "{off}");
            assert!(pca.scores.column(j).sum().abs() < 1e-12);
        }
        let again = pca.transform(&x.dot(&x.t())).expect("valid") - &pca.scores;
        assert!(again.iter().all(|d| d.abs() < 1e-12));
    }

    #[test]
    fn bad_input_is_an_error() {
        let x = array![[1.0], [2.0], [6.0]];
        let gram = x.dot(&x.t());
        assert!(kernel_pca(&gram, 0).is_err() && kernel_pca(&gram, 2).is_err());
        assert!(kernel_pca(&x, 1).is_err());
        // All alike: no component is left.
        assert!(kernel_pca(&Array2::ones((3, 3)), 1).is_err());
        assert!(kernel_pca(&gram, 1).expect("valid").transform(&x).is_err());
    }
}
