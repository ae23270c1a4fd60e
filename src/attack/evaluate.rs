//! How accurate a model is: clean, under attacks, and for certain.

use ndarray::ArrayRef2;

use super::{Attacked, Objective, Victim};
use crate::error::{Error, Result, check_positive, check_scale};
use crate::model::loss::largest;
use crate::real::{Real, check_rows};

/// The share of rows of `x`, `(n, d)`, whose class is that of `y`, `(n, k)`, without any attack.
///
/// # Errors
/// `x` does not suit the model, or `y` are no classes.
pub fn clean_accuracy<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
) -> Result<f64> {
    Objective::Margin.check_targets(y)?;
    let wrong = Objective::Margin.fooled(&victim.outputs(x)?, y)?;
    let right = wrong.iter().filter(|wrong| !**wrong).count();
    Ok(right as f64 / y.nrows() as f64)
}

/// The share of rows that no attack fools: an upper bound on what a worse attack would leave. The attacks are of the same
/// rows, and untargeted.
///
/// # Errors
/// No attack; attacks of different numbers of rows.
pub fn robust_accuracy<T: Real>(attacks: &[&Attacked<T>]) -> Result<f64> {
    let n = rows_of(attacks)?;
    let stands = |row: &usize| attacks.iter().all(|attack| !attack.fooled[*row]);
    Ok((0..n).filter(stands).count() as f64 / n as f64)
}

/// The worst case over several attacks of the same rows with one objective: row by row the best of all. Its steps are
/// those of the first.
///
/// # Errors
/// As for [`robust_accuracy`].
pub fn worst_of<T: Real>(attacks: &[&Attacked<T>]) -> Result<Attacked<T>> {
    let n = rows_of(attacks)?;
    let mut worst = attacks[0].clone();
    for attack in &attacks[1..] {
        worst.gradient_calls += attack.gradient_calls;
        for row in 0..n {
            let z = attack.inputs.row(row).to_vec();
            worst.take(row, &z, attack.values[row], attack.fooled[row]);
        }
    }
    Ok(worst)
}

fn rows_of<T: Real>(attacks: &[&Attacked<T>]) -> Result<usize> {
    let shapes: Vec<_> = attacks.iter().map(|attack| attack.inputs.dim()).collect();
    match shapes.first() {
        Some(first) if first.0 > 0 && shapes.iter().all(|shape| shape == first) => Ok(first.0),
        _ => {
            let expected = "at least one, all of the same inputs";
            Err(Error::domain(
                "the list of attacks",
                expected,
                format!("of shapes {shapes:?}"),
            ))
        }
    }
}

/// The share of rows that no input within ε can fool, proved by slopes: the class c of the row is right, and
/// f_c − f_j > ε·`slope(c, j)` for every other j.
///
/// `slope(c, j)` is a Lipschitz constant of f_c − f_j for steps in the norm of the attack. For a linear model it is
/// ‖w_c − w_j‖_*, and without a range of inputs the share is exact; for a network √2·L serves, L that of f in ℓ2
/// ([`certified_lipschitz`](crate::measure::lipschitz::certified_lipschitz)), since |f_c − f_j| moves by at most √2·‖f‖'s move.
/// With one output and y = ±1 it is asked once, as `slope(0, 0)`, that of f: certified is y f > ε·slope.
///
/// # Errors
/// Shapes that differ, outputs that are not finite, targets that are no classes; ε not positive; a slope that is negative or
/// not finite.
///
/// # Reference
/// Tsuzuku, Sato & Sugiyama 2018, "Lipschitz-margin training", arXiv:1802.04034, §4.
pub fn certified_accuracy<T: Real>(
    outputs: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
    epsilon: f64,
    slope: impl Fn(usize, usize) -> f64,
) -> Result<f64> {
    check_positive("the budget ε of the certificate", epsilon)?;
    Objective::Margin.check_targets(y)?;
    if outputs.nrows() != y.nrows() {
        let expected = format!("{:?} like the targets", y.shape());
        return Err(Error::shape("the outputs", expected, outputs.shape()));
    }
    check_rows("the outputs", outputs, y.ncols())?;
    let k = y.ncols();
    let mut certain = 0;
    for (f, y) in outputs.rows().into_iter().zip(y.rows()) {
        let ahead = |c: usize, j: usize| match k {
            1 => (f[0] * y[0]).as_f64(),
            _ => f[c].as_f64() - f[j].as_f64(),
        };
        let c = largest(&y.to_vec(), None);
        let rivals = (0..k).filter(|j| *j != c || k == 1);
        let mut stands = true;
        for j in rivals {
            let slope = slope(c, j);
            check_scale("a slope of the certificate", slope)?;
            stands &= ahead(c, j) > epsilon * slope;
        }
        certain += usize::from(stands);
    }
    Ok(certain as f64 / y.nrows() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    fn attack(values: [f64; 3], fooled: [bool; 3]) -> Attacked<f64> {
        Attacked {
            inputs: array![[values[0]], [values[1]], [values[2]]],
            values: values.to_vec(),
            by_step: Array2::zeros((1, 3)),
            fooled: fooled.to_vec(),
            gradient_calls: 3,
        }
    }

    #[test]
    fn the_worst_case_is_row_by_row() {
        let a = attack([1.0, 5.0, 2.0], [true, false, false]);
        let b = attack([3.0, 4.0, 1.0], [false, false, true]);
        assert_eq!(robust_accuracy(&[&a, &b]).expect("valid"), 1.0 / 3.0);
        let worst = worst_of(&[&a, &b]).expect("valid");
        assert_eq!(worst.values, [1.0, 5.0, 1.0]);
        assert_eq!(worst.fooled, [true, false, true]);
        assert_eq!(worst.inputs, array![[1.0], [5.0], [1.0]]);
        assert_eq!((worst.gradient_calls, worst.success()), (6, 2.0 / 3.0));
        assert!(robust_accuracy::<f64>(&[]).is_err());
    }

    #[test]
    fn certain_is_what_is_far_enough_ahead_of_every_rival() {
        let f = array![[3.0, 1.0, 0.0], [3.0, 1.0, 2.6], [0.0, 1.0, 0.0]];
        let y = array![[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]];
        let share = |slope: f64| certified_accuracy(&f, &y, 0.5, |_, _| slope).expect("valid");
        assert_eq!(
            [share(0.0), share(1.0), share(4.0)],
            [2.0 / 3.0, 1.0 / 3.0, 0.0]
        );
        let (f, y) = (array![[2.0], [2.0]], array![[1.0], [-1.0]]);
        assert_eq!(
            certified_accuracy(&f, &y, 1.0, |_, _| 1.5).expect("valid"),
            0.5
        );
        let refused = certified_accuracy(&f, &y, 1.0, |_, _| f64::NAN).expect_err("refused");
        assert!(refused.to_string().contains("a slope of the certificate"));
        assert!(certified_accuracy(&f, &array![[0.3], [1.0]], 1.0, |_, _| 1.0).is_err());
    }
}
