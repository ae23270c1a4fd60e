//! Which rows are classified wrongly.

use ndarray::ArrayRef2;

use super::rows::largest;
use super::{STANDARD, TargetKind};
use crate::error::{Error, Result};
use crate::real::{Real, check_rows};

/// How many rows are classified wrongly: for signs y f ≤ 0, for one-hot rows the largest output
/// (the first of equals) stands elsewhere. For numbers, all: ask only about classes.
pub(crate) fn mistakes<T: Real>(kind: TargetKind, k: usize, outputs: &[T], targets: &[T]) -> usize {
    let rows = outputs.chunks_exact(k).zip(targets.chunks_exact(k));
    let right = rows.filter(|(f, y)| match kind {
        TargetKind::Signs => f[0] * y[0] > T::zero(),
        TargetKind::OneHot => largest(f, None) == largest(y, None),
        TargetKind::Numbers => false,
    });
    targets.len() / k - right.count()
}

/// The fraction of rows that outputs f, `(n, k)`, classify wrongly, for targets y, `(n, k)`.
///
/// For ±1 in one column a row is wrong when y f ≤ 0; for one-hot rows, when the largest output
/// (the first of equals) is not that of the class.
///
/// # Errors
/// The shapes differ, an array is empty or not finite, or the targets are no classes.
pub fn classification_error<T: Real>(
    outputs: &ArrayRef2<T>,
    targets: &ArrayRef2<T>,
) -> Result<f64> {
    let kind = TargetKind::of(targets);
    if kind == TargetKind::Numbers || targets.is_empty() {
        let expected = "classes: ±1 in one column (n, 1), or one-hot rows (n, k)";
        return Err(Error::shape("the targets", expected, targets.shape()));
    }
    if outputs.nrows() != targets.nrows() {
        let expected = format!("{:?} like the targets", targets.shape());
        return Err(Error::shape("the outputs", expected, outputs.shape()));
    }
    check_rows("the outputs", outputs, targets.ncols())?;
    let outputs = outputs.as_standard_layout();
    let targets = targets.as_standard_layout();
    let f = outputs.as_slice().expect(STANDARD);
    let y = targets.as_slice().expect(STANDARD);
    let wrong = mistakes(kind, targets.ncols(), f, y);
    Ok(wrong as f64 / targets.nrows() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn mistakes_are_counted() {
        let signs = array![[1.0], [1.0], [-1.0], [-1.0]];
        let error = classification_error(&array![[2.0], [0.0], [-1.0], [3.0]], &signs);
        assert_eq!(error.expect("valid"), 0.5);
        let one_hot = array![[0.0, 1.0], [1.0, 0.0]];
        let error = classification_error(&array![[1.0, 2.0], [5.0, 6.0]], &one_hot);
        assert_eq!(error.expect("valid"), 0.5);
        assert!(classification_error(&array![[1.0]], &array![[0.3]]).is_err());
        assert!(classification_error(&array![[1.0, 2.0]], &one_hot).is_err());
    }
}
