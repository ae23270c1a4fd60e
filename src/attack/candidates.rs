//! The worst of finitely many changes: every one is tried.

use ndarray::{Array1, Array2, ArrayRef2};

use crate::error::{Error, Result};

/// What the search found for each of n inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidates {
    /// The worst inputs, `(n, d)`.
    pub inputs: Array2<f64>,
    /// The objective there, `(n,)`.
    pub values: Array1<f64>,
    /// Which candidate it was, `(n,)`; `None` where the input as it is was no better than any.
    pub choice: Vec<Option<usize>>,
    /// Inputs the objective was computed of, the clean ones too.
    pub queries: usize,
}

/// Tries the candidates 0 to `count` − 1 on all rows of `x`, `(n, d)`, and keeps for each row the one with the largest
/// objective, x itself among them, of equals the first.
///
/// `changed` makes the inputs of one candidate, `(n, d)`; `objective` gives the value of each row, larger for worse.
/// Nothing else is known of the model: a grid over angles and shifts, or every place of a patch.
///
/// # Errors
/// What the two functions fail with; other shapes; an objective that is not a number.
pub fn worst_candidates(
    x: &ArrayRef2<f64>,
    count: usize,
    mut changed: impl FnMut(usize) -> Result<Array2<f64>>,
    mut objective: impl FnMut(&ArrayRef2<f64>) -> Result<Array1<f64>>,
) -> Result<Candidates> {
    let n = x.nrows();
    let mut worst = Candidates {
        inputs: x.to_owned(),
        values: checked(objective(x)?, n)?,
        choice: vec![None; n],
        queries: n,
    };
    for candidate in 0..count {
        let inputs = changed(candidate)?;
        if inputs.shape() != x.shape() {
            let expected = format!("{:?} like the inputs", x.shape());
            return Err(Error::shape("the changed inputs", expected, inputs.shape()));
        }
        let values = checked(objective(&inputs)?, n)?;
        worst.queries += n;
        for row in 0..n {
            if values[row] > worst.values[row] {
                worst.values[row] = values[row];
                worst.choice[row] = Some(candidate);
                worst.inputs.row_mut(row).assign(&inputs.row(row));
            }
        }
    }
    Ok(worst)
}

/// One number a row.
pub(super) fn checked(values: Array1<f64>, n: usize) -> Result<Array1<f64>> {
    if values.len() != n {
        return Err(Error::shape(
            "the objective",
            format!("({n},)"),
            values.shape(),
        ));
    }
    match values.iter().find(|v| v.is_nan()) {
        Some(v) => Err(Error::overflow("the objective", *v)),
        None => Ok(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Axis, array};

    #[test]
    fn the_largest_is_kept_for_each_row() {
        let x = array![[0.0, 0.0], [5.0, 5.0]];
        let shifts = [1.0, -3.0, 2.0];
        let changed = |i: usize| Ok(&x + shifts[i]);
        // Largest near 2 for both rows.
        let objective = |z: &ArrayRef2<f64>| Ok(-(z - 2.0).mapv(f64::abs).sum_axis(Axis(1)));
        let worst = worst_candidates(&x, 3, changed, objective).expect("valid");
        assert_eq!(worst.inputs, array![[2.0, 2.0], [2.0, 2.0]]);
        assert_eq!((worst.choice, worst.queries), (vec![Some(2), Some(1)], 8));
        let none = worst_candidates(&x, 0, |_| unreachable!(), objective).expect("valid");
        assert_eq!((none.inputs, none.choice), (x.clone(), vec![None, None]));
        assert!(worst_candidates(&x, 1, |_| Ok(array![[1.0]]), objective).is_err());
        assert!(worst_candidates(&x, 1, |_| Ok(x.clone()), |_| Ok(array![0.0])).is_err());
        let nan = |_: &ArrayRef2<f64>| Ok(array![0.0, f64::NAN]);
        assert!(worst_candidates(&x, 1, |_| Ok(x.clone()), nan).is_err());
    }
}
