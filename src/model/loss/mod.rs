//! What training makes small: a loss of outputs f and targets y, and its derivative by f.
//!
//! Classes are given as ±1 in one column, `(n, 1)`, or as rows of the unit matrix, `(n, k)`.

mod curvature;
mod mistakes;
mod rows;

use ndarray::{Array2, ArrayRef2};

pub use mistakes::classification_error;
pub(crate) use mistakes::mistakes;

use crate::error::{Error, Result, check_finite, within_range};
use crate::real::{Real, check_rows};
pub(crate) use rows::largest;
use rows::{binary_hinge, cross_entropy, hinge, logistic, mse};

/// Why an array has a slice.
const STANDARD: &str = "made in row-major order";

/// The loss ℓ(f, y) of one example; the loss of a set is the mean over its examples.
///
/// | | ℓ(f, y) | targets |
/// |---|---|---|
/// | `Mse` | (1/k) ‖f − y‖² | any numbers `(n, k)` |
/// | `CrossEntropy` | log Σ_j e^{f_j} − Σ_j y_j f_j | rows ≥ 0 that sum to 1, k ≥ 2 |
/// | `Hinge` | max(0, 1 − y f); for k ≥ 2, max(0, 1 − f_c + max_{j≠c} f_j) | ±1 in one column, or one-hot with class c |
/// | `Logistic` | log(1 + e^{−y f}) | ±1 in one column |
///
/// Each is computed so that tiny losses and derivatives keep their relative accuracy, and large
/// outputs do not overflow. Outputs that are not finite give a NaN.
///
/// # Reference
/// The hinge for many classes: Crammer & Singer 2001, "On the algorithmic implementation of
/// multiclass kernel-based vector machines".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loss {
    /// The mean squared error over all n·k entries.
    Mse,
    /// Cross-entropy after a softmax.
    #[default]
    CrossEntropy,
    /// The hinge; its derivative at the kink is 0.
    Hinge,
    /// Cross-entropy for two classes and one output.
    Logistic,
}

/// What targets stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// One column, each entry −1 or 1: two classes.
    Signs,
    /// Two or more columns, each row 1 at one place and 0 elsewhere: k classes.
    OneHot,
    /// Anything else: numbers to be predicted.
    Numbers,
}

impl TargetKind {
    /// What the targets `y`, `(n, k)`, stand for.
    #[must_use]
    pub fn of<T: Real>(y: &ArrayRef2<T>) -> Self {
        let one_hot = |row: ndarray::ArrayView1<'_, T>| {
            let ones = row.iter().filter(|v| **v == T::one()).count();
            ones == 1 && row.iter().filter(|v| **v == T::zero()).count() == row.len() - 1
        };
        if y.ncols() == 1 && y.iter().all(|v| v.abs() == T::one()) {
            Self::Signs
        } else if y.ncols() >= 2 && y.rows().into_iter().all(one_hot) {
            Self::OneHot
        } else {
            Self::Numbers
        }
    }
}

impl Loss {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Mse, Self::CrossEntropy, Self::Hinge, Self::Logistic];

    /// Checks that the targets `y`, `(n, k)`, are such as this loss can take.
    ///
    /// # Errors
    /// `y` is empty, not finite, or not of the kind in the table above.
    pub fn check_targets<T: Real>(self, y: &ArrayRef2<T>) -> Result<()> {
        if y.is_empty() {
            return Err(Error::shape("the targets", "at least (1, 1)", y.shape()));
        }
        check_finite("the targets", y)?;
        let refuse = |expected: &str| {
            let what = format!("the targets of the {self} loss");
            Err(Error::shape(&what, expected, y.shape()))
        };
        let kind = TargetKind::of(y);
        match self {
            Self::Mse => Ok(()),
            Self::CrossEntropy if y.ncols() < 2 => {
                refuse("(n, k) with k ≥ 2; for ±1 in one column there is the logistic loss")
            }
            Self::CrossEntropy => check_distributions(y),
            Self::Hinge if kind != TargetKind::Numbers => Ok(()),
            Self::Hinge => refuse("±1 in one column (n, 1), or one-hot rows (n, k)"),
            Self::Logistic if kind == TargetKind::Signs => Ok(()),
            Self::Logistic => refuse("±1 in one column (n, 1)"),
        }
    }

    /// The mean loss of outputs f, `(n, k)`, for targets y, `(n, k)`.
    ///
    /// # Errors
    /// The shapes differ, an array is not finite, the targets do not suit the loss, or the loss is beyond the range of
    /// `T`.
    pub fn mean<T: Real>(self, outputs: &ArrayRef2<T>, targets: &ArrayRef2<T>) -> Result<f64> {
        Ok(self.value_and_derivative(outputs, targets)?.0)
    }

    /// ∂ℓ(f_i, y_i)/∂f_i in row i, `(n, k)`. It is not divided by n.
    ///
    /// # Errors
    /// As for [`mean`](Self::mean).
    pub fn derivative<T: Real>(
        self,
        outputs: &ArrayRef2<T>,
        targets: &ArrayRef2<T>,
    ) -> Result<Array2<T>> {
        Ok(self.value_and_derivative(outputs, targets)?.1)
    }

    /// The mean loss, and the derivative of each example's own loss.
    pub(crate) fn value_and_derivative<T: Real>(
        self,
        outputs: &ArrayRef2<T>,
        targets: &ArrayRef2<T>,
    ) -> Result<(f64, Array2<T>)> {
        self.check(outputs, targets)?;
        let outputs = outputs.as_standard_layout();
        let targets = targets.as_standard_layout();
        let mut slope = Array2::zeros(outputs.raw_dim());
        let f = outputs.as_slice().expect(STANDARD);
        let y = targets.as_slice().expect(STANDARD);
        let s = slope.as_slice_mut().expect(STANDARD);
        let sum = self.rows(outputs.ncols(), f, y, s, T::one());
        let mean = within_range("the loss", sum / outputs.nrows() as f64)?;
        check_finite("the derivatives of the loss", &slope)?;
        Ok((mean, slope))
    }

    /// Checks targets `(n, k)` for this loss and outputs of the same shape.
    fn check<T: Real>(self, outputs: &ArrayRef2<T>, targets: &ArrayRef2<T>) -> Result<()> {
        self.check_targets(targets)?;
        if outputs.nrows() != targets.nrows() {
            let expected = format!("{:?} like the targets", targets.shape());
            return Err(Error::shape("the outputs", expected, outputs.shape()));
        }
        check_rows("the outputs", outputs, targets.ncols())
    }

    /// The sum of the losses of whole rows of k numbers, and `weight` times each derivative into
    /// `slope`. The three slices are equally long. Targets are taken as they are.
    pub(crate) fn rows<T: Real>(
        self,
        k: usize,
        outputs: &[T],
        targets: &[T],
        slope: &mut [T],
        weight: T,
    ) -> f64 {
        let rows = outputs.chunks_exact(k).zip(targets.chunks_exact(k));
        rows.zip(slope.chunks_exact_mut(k))
            .map(|((f, y), slope)| {
                // Comparisons hide NaN, and the hinge and the softmax compare.
                if f.iter().any(|v| !v.is_finite()) {
                    slope.fill(T::nan());
                    return f64::NAN;
                }
                let loss = match self {
                    Self::Mse => mse(f, y, slope),
                    Self::CrossEntropy => cross_entropy(f, y, slope),
                    Self::Hinge if k == 1 => binary_hinge(f, y, slope),
                    Self::Hinge => hinge(f, y, slope),
                    Self::Logistic => logistic(f, y, slope),
                };
                slope.iter_mut().for_each(|v| *v *= weight);
                loss.as_f64()
            })
            .sum()
    }
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mse => "mean-squared",
            Self::CrossEntropy => "cross-entropy",
            Self::Hinge => "hinge",
            Self::Logistic => "logistic",
        })
    }
}

fn check_distributions<T: Real>(y: &ArrayRef2<T>) -> Result<()> {
    // Rounding of k additions, and of the entries themselves.
    let tolerance = 4.0 * y.ncols() as f64 * T::epsilon().as_f64();
    for (index, row) in y.rows().into_iter().enumerate() {
        let sum: f64 = row.iter().map(|v| v.as_f64()).sum();
        if (sum - 1.0).abs() > tolerance || row.iter().any(|v| *v < T::zero()) {
            let what = format!("row {index} of the targets of the cross-entropy loss");
            let expected = "numbers ≥ 0 that sum to 1";
            return Err(Error::domain(&what, expected, format!("{row}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    fn cases() -> Vec<(Loss, Array2<f64>, Array2<f64>)> {
        let signs = array![[1.0], [-1.0], [1.0], [-1.0]];
        let one_hot = array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]];
        let f1 = array![[0.3], [0.7], [1.8], [-2.5]];
        let f3 = array![[0.2, -0.4, 1.1], [3.0, 0.5, 1.2]];
        let soft = array![[0.25, 0.5, 0.25], [0.0, 0.9, 0.1]];
        vec![
            (
                Loss::Mse,
                f3.clone(),
                array![[1.5, -2.0, 0.1], [0.0, 0.0, 7.0]],
            ),
            (Loss::CrossEntropy, f3.clone(), one_hot.clone()),
            (Loss::CrossEntropy, f3.clone(), soft),
            (Loss::Hinge, f1.clone(), signs.clone()),
            (Loss::Hinge, f3, one_hot),
            (Loss::Logistic, f1, signs),
        ]
    }

    /// Central differences with h = 10⁻⁵: truncation h²|ℓ'''|/6 ≤ 2·10⁻¹¹, rounding ε·50/h.
    #[test]
    fn derivatives_are_those_of_the_means() {
        let h = 1e-5;
        for (loss, f, y) in cases() {
            let slope = loss.derivative(&f, &y).expect("valid");
            let n = f.nrows() as f64;
            for index in 0..f.len() {
                let shifted = |by: f64| {
                    let mut f = f.clone();
                    f.as_slice_mut().expect("contiguous")[index] += by;
                    loss.mean(&f, &y).expect("valid")
                };
                let numeric = n * (shifted(h) - shifted(-h)) / (2.0 * h);
                let exact = slope.as_slice().expect("contiguous")[index];
                assert!(
                    (numeric - exact).abs() < 2e-9,
                    "{loss} {index}: {numeric} {exact}"
                );
            }
        }
    }

    #[test]
    fn the_values_are_those_of_the_table() {
        let mean = |loss: Loss, f: &Array2<f64>, y: Array2<f64>| loss.mean(f, &y).expect("valid");
        let f = array![[1.0, 3.0]];
        assert_eq!(mean(Loss::Mse, &f, array![[0.0, 1.0]]), 2.5);
        let one_hot = array![[1.0, 0.0]];
        let expected = (1_f64.exp() + 3_f64.exp()).ln() - 1.0;
        assert!((mean(Loss::CrossEntropy, &f, one_hot.clone()) - expected).abs() < 1e-15);
        assert_eq!(mean(Loss::Hinge, &f, one_hot), 3.0);
        assert_eq!(mean(Loss::Hinge, &array![[0.25]], array![[-1.0]]), 1.25);
        let expected = (1.0 + (-0.25_f64).exp()).ln();
        let logistic = mean(Loss::Logistic, &array![[0.25]], array![[1.0]]);
        assert!((logistic - expected).abs() < 1e-15);
    }

    /// With two classes the softmax of (0, u) is the logistic function of u.
    #[test]
    fn cross_entropy_of_two_classes_is_the_logistic_loss() {
        for u in [-800.0, -30.0, -1.0, 0.0, 2.0, 40.0, 800.0] {
            let two: (Array2<f64>, Array2<f64>) = (array![[0.0, u]], array![[0.0, 1.0]]);
            let one: (Array2<f64>, Array2<f64>) = (array![[u]], array![[1.0]]);
            let (a, da) = Loss::CrossEntropy
                .value_and_derivative(&two.0, &two.1)
                .expect("valid");
            let (b, db) = Loss::Logistic
                .value_and_derivative(&one.0, &one.1)
                .expect("valid");
            assert!((a - b).abs() <= 1e-15 * b, "u = {u}: {a} {b}");
            assert!((da[[0, 1]] - db[[0, 0]]).abs() <= 1e-15 * db[[0, 0]].abs());
            assert!(b.is_finite() && (u > 700.0 || db[[0, 0]] != 0.0));
        }
    }

    #[test]
    fn a_broken_output_gives_no_loss() {
        for (loss, mut f, y) in cases() {
            f[[0, 0]] = f64::NAN;
            assert!(loss.mean(&f, &y).is_err());
            let mut slope = vec![0.0; f.len()];
            let (k, f, y) = (f.ncols(), f.as_slice(), y.as_slice());
            let sum = loss.rows(k, f.expect("rows"), y.expect("rows"), &mut slope, 1.0);
            assert!(sum.is_nan(), "{loss}");
        }
    }

    #[test]
    fn targets_that_do_not_suit_are_refused() {
        let refused = |loss: Loss, y: Array2<f64>| loss.check_targets(&y).is_err();
        assert!(
            refused(Loss::Mse, array![[f64::NAN]]) && refused(Loss::Mse, Array2::zeros((0, 2)))
        );
        assert!(refused(Loss::CrossEntropy, array![[1.0], [-1.0]]));
        assert!(refused(Loss::CrossEntropy, array![[0.5, 0.6]]));
        assert!(refused(Loss::CrossEntropy, array![[1.5, -0.5]]));
        assert!(refused(Loss::Hinge, array![[0.5]]) && refused(Loss::Hinge, array![[0.5, 0.5]]));
        assert!(
            refused(Loss::Logistic, array![[0.0, 1.0]]) && refused(Loss::Logistic, array![[2.0]])
        );
        let thirds = Array2::from_elem((1, 3), 1.0_f32 / 3.0);
        assert!(Loss::CrossEntropy.check_targets(&thirds).is_ok());
    }
}
