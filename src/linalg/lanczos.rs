//! The ends of a symmetric operator's spectrum, from products alone.

use ndarray::{Array1, Array2};

use super::symmetric_eigen;
use crate::error::{Error, Result, check_count, check_finite};

/// One end of a spectrum: an eigenvalue lies within `residual` of `value`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RitzValue {
    /// θ.
    pub value: f64,
    /// ‖Au − θu‖ for the unit Ritz vector u.
    pub residual: f64,
}

/// The least and the largest Ritz value of a symmetric operator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremes {
    /// At least the least eigenvalue.
    pub least: RitzValue,
    /// At most the largest.
    pub largest: RitzValue,
    /// The steps taken: fewer than asked for where the start lies in a smaller invariant space.
    pub steps: usize,
}

/// The extreme eigenvalues of a symmetric operator A on ℝᵖ by `steps` steps of Lanczos' method, from `start`, `(p,)`.
/// `product` gives Av, `(p,)`.
///
/// # Algorithm
/// An orthonormal basis of span(v, Av, A²v, …), each vector made orthogonal to all before it twice, and the
/// eigenvalues θ of the tridiagonal matrix of A in it. They lie within the spectrum of A; to each one eigenvalue of A is
/// nearer than its residual β_k·|last entry of its eigenvector|. `steps` products and p·`steps` numbers.
///
/// # Errors
/// No steps; a start that is empty, zero or not finite; a product of another length or not finite; an error of `product`.
///
/// # Reference
/// Lanczos 1950, "An iteration method for the solution of the eigenvalue problem of linear differential and integral
/// operators", Journal of Research of the National Bureau of Standards 45 (4), research paper 2133.
pub fn lanczos(
    start: &[f64],
    steps: usize,
    mut product: impl FnMut(&[f64]) -> Result<Vec<f64>>,
) -> Result<Extremes> {
    check_count("the number of steps", steps)?;
    check_finite("the start", start)?;
    let p = start.len();
    let mut v = Array1::from_vec(start.to_vec());
    let size = v.dot(&v).sqrt();
    if !(size > 0.0 && size.is_finite()) {
        return Err(Error::domain(
            "the length of the start",
            "positive and finite",
            size,
        ));
    }
    v /= size;
    let mut basis: Vec<Array1<f64>> = Vec::new();
    let (mut diagonal, mut beside): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for _ in 0..steps.min(p) {
        let image = product(v.as_slice().expect("one axis, made in order"))?;
        if image.len() != p {
            return Err(Error::shape(
                "the product",
                format!("({p},)"),
                &[image.len()],
            ));
        }
        check_finite("the product", &image)?;
        let mut w = Array1::from_vec(image);
        let length = w.dot(&w).sqrt();
        diagonal.push(v.dot(&w));
        basis.push(v);
        // Twice is enough: what rounding left after the first time is taken out by the second.
        for _ in 0..2 {
            for b in &basis {
                let part = b.dot(&w);
                w.scaled_add(-part, b);
            }
        }
        let beta = w.dot(&w).sqrt();
        beside.push(beta);
        // What is left is rounding: the space is invariant.
        if beta <= p as f64 * f64::EPSILON * length {
            break;
        }
        v = w / beta;
    }
    let k = diagonal.len();
    let mut small = Array2::from_diag(&Array1::from_vec(diagonal));
    for (i, beta) in beside.iter().enumerate().take(k - 1) {
        small[[i, i + 1]] = *beta;
        small[[i + 1, i]] = *beta;
    }
    let eigen = symmetric_eigen(&small)?;
    let end = |index: usize| RitzValue {
        value: eigen.values[index],
        residual: beside[k - 1] * eigen.vectors[[k - 1, index]].abs(),
    };
    Ok(Extremes {
        least: end(k - 1),
        largest: end(0),
        steps: k,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use rand_distr::{Distribution, StandardNormal};

    fn gaussian(n: usize, index: u64) -> Vec<f64> {
        let mut rng = stream(2, "lanczos test", index);
        (0..n).map(|_| StandardNormal.sample(&mut rng)).collect()
    }

    #[test]
    fn the_ends_are_those_of_the_dense_spectrum() {
        let n = 40;
        let a = Array2::from_shape_vec((n, n), gaussian(n * n, 0)).expect("n² numbers");
        let a = &a + &a.t();
        let exact = symmetric_eigen(&a).expect("symmetric").values;
        let product = |v: &[f64]| Ok(a.dot(&Array1::from_vec(v.to_vec())).to_vec());
        for steps in [5, 25, 40, 100] {
            let found = lanczos(&gaussian(n, 1), steps, product).expect("valid");
            assert_eq!(found.steps, steps.min(n));
            for (end, exact) in [(found.largest, exact[0]), (found.least, exact[n - 1])] {
                // Within the spectrum, and some eigenvalue within the residual.
                assert!(end.value.abs() <= exact.abs() + 1e-12);
                if steps >= 25 {
                    assert!((end.value - exact).abs() <= end.residual + 1e-12, "{steps}");
                }
            }
        }
    }

    #[test]
    fn an_invariant_space_ends_early_and_bad_input_is_an_error() {
        let twice = |v: &[f64]| Ok(v.iter().map(|v| 2.0 * v).collect());
        let found = lanczos(&[1.0, 2.0, -1.0], 3, twice).expect("valid");
        assert!(found.steps == 1 && (found.largest.value - 2.0).abs() < 1e-15);
        assert!(lanczos(&[0.0, 0.0], 2, twice).is_err());
        assert!(lanczos(&[], 2, twice).is_err());
        assert!(lanczos(&[1.0], 0, twice).is_err());
        assert!(lanczos(&[1.0, 1.0], 2, |_| Ok(vec![1.0])).is_err());
        assert!(lanczos(&[1.0, 1.0], 2, |_| Ok(vec![1.0, f64::NAN])).is_err());
    }
}
