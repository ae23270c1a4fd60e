//! Second derivatives of the losses by the outputs.

use ndarray::{Array2, ArrayRef2, Zip};

use super::Loss;
use super::rows::cross_entropy;
use crate::error::{Error, Result, check_finite};
use crate::real::Real;

impl Loss {
    /// (∂²ℓ(f_i, y_i)/∂f_i²) v_i in row i, `(n, k)`: how the derivatives of [`derivative`](Self::derivative) change as
    /// outputs move along `v`, `(n, k)`. It is not divided by n.
    ///
    /// # Formula
    /// | | (∂²ℓ/∂f²) v |
    /// |---|---|
    /// | `Mse` | (2/k) v |
    /// | `CrossEntropy` | p ∘ v − p (p·v), p the softmax of f |
    /// | `Hinge` | 0, also at its kinks |
    /// | `Logistic` | s(1 − s) v, s = 1/(1 + e^f) |
    ///
    /// # Errors
    /// As for [`mean`](Self::mean); `v` of another shape or not finite.
    pub fn curvature<T: Real>(
        self,
        outputs: &ArrayRef2<T>,
        targets: &ArrayRef2<T>,
        v: &ArrayRef2<T>,
    ) -> Result<Array2<T>> {
        self.check(outputs, targets)?;
        if v.shape() != outputs.shape() {
            let expected = format!("{:?} like the outputs", outputs.shape());
            return Err(Error::shape(
                "the direction of the outputs",
                expected,
                v.shape(),
            ));
        }
        check_finite("the direction of the outputs", v)?;
        let mut bent = v.to_owned();
        match self {
            Self::Mse => bent *= T::of(2.0) / T::of(outputs.ncols() as f64),
            Self::Hinge => bent.fill(T::zero()),
            Self::Logistic => Zip::from(&mut bent).and(outputs).for_each(|v, f| {
                // s(1 − s) is even in f, and e^{−|f|} never overflows.
                let small = (-f.abs()).exp();
                *v *= small / ((T::one() + small) * (T::one() + small));
            }),
            Self::CrossEntropy => {
                let none = vec![T::zero(); outputs.ncols()];
                let mut p = none.clone();
                for (mut v, f) in bent.rows_mut().into_iter().zip(outputs.rows()) {
                    // Without a target the derivative is the softmax itself.
                    cross_entropy(&f.to_vec(), &none, &mut p);
                    let mean = v
                        .iter()
                        .zip(&p)
                        .fold(T::zero(), |sum, (v, p)| sum + *v * *p);
                    v.iter_mut()
                        .zip(&p)
                        .for_each(|(v, p)| *v = *p * (*v - mean));
                }
            }
        }
        check_finite("the curvature of the loss", &bent)?;
        Ok(bent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// Central differences of the derivatives with h = 10⁻⁵, away from the hinge's kinks.
    #[test]
    fn curvature_is_the_change_of_the_derivative() {
        let one_hot = array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
        let (f3, v3) = (
            array![[0.2, -0.4, 1.1], [3.0, 0.5, 1.2]],
            array![[1.0, -2.0, 0.5], [0.3, 0.7, -1.0]],
        );
        let (f1, v1) = (array![[0.3], [-2.5]], array![[1.5], [-0.7]]);
        let signs = array![[1.0], [-1.0]];
        for (loss, f, y, v) in [
            (Loss::Mse, &f3, &one_hot, &v3),
            (Loss::CrossEntropy, &f3, &one_hot, &v3),
            (Loss::Hinge, &f3, &one_hot, &v3),
            (Loss::Hinge, &f1, &signs, &v1),
            (Loss::Logistic, &f1, &signs, &v1),
        ] {
            let h = 1e-5;
            let at = |by: f64| loss.derivative(&(f + &(v * by)), y).expect("valid");
            let numeric = (at(h) - at(-h)) / (2.0 * h);
            let exact = loss.curvature(f, y, v).expect("valid");
            assert!((numeric - exact).iter().all(|e| e.abs() < 1e-9), "{loss}");
            assert!(
                loss.curvature(f, y, &v.slice(ndarray::s![..1, ..]))
                    .is_err()
            );
        }
    }
}
