//! Second derivatives at a point, and what kind of critical point it is.

use ndarray::{Array2, ArrayRef1, ArrayRef2};

use super::Oracle;
use crate::error::{Error, Result, check_count, check_finite, check_scale};
use crate::linalg::{Extremes, lanczos, symmetric_eigen};
use crate::stats::largest;

/// A function whose Hessian can be multiplied with a vector.
pub trait Curved: Oracle {
    /// ∇²f(x)·v, `(p,)`.
    ///
    /// # Errors
    /// As for [`value_and_gradient`](Oracle::value_and_gradient).
    fn hessian_vector(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>>;
}

/// The most parameters of which a Hessian is written out: 128 MB.
const MAX_PARAMETERS: usize = 4096;

/// ∇²f(x), `(p, p)`, by p products; symmetric, as ½(H + Hᵀ) of what rounding made of them.
///
/// # Errors
/// No parameters or more than 4,096; a point of another length; a product that is not finite.
pub fn hessian(f: &impl Curved, x: &[f64]) -> Result<Array2<f64>> {
    let p = f.dimension();
    check_count("the number of parameters", p)?;
    if p > MAX_PARAMETERS {
        let expected = format!("at most {MAX_PARAMETERS}, or Lanczos' method");
        return Err(Error::domain("the number of parameters", expected, p));
    }
    check_point(x, p)?;
    let mut h = Array2::zeros((p, p));
    let mut unit = vec![0.0; p];
    for (j, mut row) in h.rows_mut().into_iter().enumerate() {
        unit[j] = 1.0;
        let product = f.hessian_vector(x, &unit)?;
        unit[j] = 0.0;
        check_finite("the Hessian", &product)?;
        row.iter_mut()
            .zip(product)
            .for_each(|(to, from)| *to = from);
    }
    Ok(0.5 * (&h + &h.t()))
}

/// The ends of the spectrum of ∇²f(x) by `steps` products: see [`lanczos`](fn@lanczos).
///
/// # Errors
/// As there; a point of another length.
pub fn hessian_extremes(
    f: &impl Curved,
    x: &[f64],
    start: &[f64],
    steps: usize,
) -> Result<Extremes> {
    check_point(x, f.dimension())?;
    check_point(start, f.dimension())?;
    lanczos(start, steps, |v| f.hessian_vector(x, v))
}

/// How many eigenvalues of a symmetric matrix are positive, zero and negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inertia {
    /// Above the threshold.
    pub positive: usize,
    /// Not told from 0.
    pub zero: usize,
    /// Below −threshold.
    pub negative: usize,
}

/// What the Hessian says of a critical point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CriticalPoint {
    /// All eigenvalues positive: a local minimum.
    Minimum,
    /// All negative: a local maximum.
    Maximum,
    /// Some positive, some negative, whatever the others.
    Saddle,
    /// Some zero and the others of one sign: higher derivatives decide.
    Inconclusive,
}

impl Inertia {
    /// Counts `eigenvalues` that are known up to `slack` and rounding.
    ///
    /// # Formula
    /// λ counts as zero where |λ| ≤ slack + p ε max|λ|, ε = 2⁻⁵². By Weyl's inequality an eigenvalue moves by no
    /// more than the norm of what is added to the matrix: `slack` bounds what is known of that, the second part is
    /// what a backward stable method adds.
    ///
    /// # Errors
    /// No eigenvalues, or not finite; a slack that is negative or not finite.
    ///
    /// ```
    /// use dltheory::optimise::{CriticalPoint, Inertia};
    /// let saddle = Inertia::of(&ndarray::array![1.0, 1e-17, -1.0], 0.0)?;
    /// assert_eq!(saddle, Inertia { positive: 1, zero: 1, negative: 1 });
    /// assert_eq!(saddle.kind(), CriticalPoint::Saddle);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn of(eigenvalues: &ArrayRef1<f64>, slack: f64) -> Result<Self> {
        let p = eigenvalues.len();
        check_count("the number of eigenvalues", p)?;
        check_finite("the eigenvalues", eigenvalues)?;
        check_scale("the slack of the eigenvalues", slack)?;
        let threshold =
            slack + p as f64 * f64::EPSILON * largest(eigenvalues.iter().map(|l| l.abs()));
        let count =
            |of: fn(f64, f64) -> bool| eigenvalues.iter().filter(|&&l| of(l, threshold)).count();
        let (positive, negative) = (count(|l, t| l > t), count(|l, t| l < -t));
        Ok(Self {
            positive,
            zero: p - positive - negative,
            negative,
        })
    }

    /// That of the symmetric matrix `h`, `(p, p)`.
    ///
    /// # Errors
    /// As for [`symmetric_eigen`] and [`of`](Self::of).
    pub fn of_matrix(h: &ArrayRef2<f64>, slack: f64) -> Result<Self> {
        Self::of(&symmetric_eigen(h)?.values, slack)
    }

    /// The second-derivative test at a critical point.
    #[must_use]
    pub fn kind(self) -> CriticalPoint {
        match (self.positive, self.zero, self.negative) {
            (1.., _, 1..) => CriticalPoint::Saddle,
            (1.., 0, 0) => CriticalPoint::Minimum,
            (0, 0, 1..) => CriticalPoint::Maximum,
            _ => CriticalPoint::Inconclusive,
        }
    }
}

fn check_point(x: &[f64], p: usize) -> Result<()> {
    match x.len() == p {
        true => check_finite("the point", x),
        false => Err(Error::shape("the point", format!("({p},)"), &[x.len()])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// f = ½(x² − y²) + y⁴/4 + 0·z.
    struct Saddle;

    impl Oracle for Saddle {
        fn dimension(&self) -> usize {
            3
        }

        fn value_and_gradient(&self, x: &[f64], g: &mut [f64]) -> Result<f64> {
            g.copy_from_slice(&[x[0], -x[1] + x[1].powi(3), 0.0]);
            Ok(0.5 * (x[0] * x[0] - x[1] * x[1]) + x[1].powi(4) / 4.0)
        }
    }

    impl Curved for Saddle {
        fn hessian_vector(&self, x: &[f64], v: &[f64]) -> Result<Vec<f64>> {
            Ok(vec![v[0], (3.0 * x[1] * x[1] - 1.0) * v[1], 0.0])
        }
    }

    #[test]
    fn kinds_of_points() {
        let at = |y: f64| Inertia::of_matrix(&hessian(&Saddle, &[0.0, y, 0.0]).expect("3"), 0.0);
        assert_eq!(at(0.0).expect("finite").kind(), CriticalPoint::Saddle);
        assert_eq!(at(1.0).expect("finite").kind(), CriticalPoint::Inconclusive);
        for (values, kind) in [
            (array![2.0, 1.0], CriticalPoint::Minimum),
            (array![-2.0, -1.0], CriticalPoint::Maximum),
            (array![-2.0, 0.0], CriticalPoint::Inconclusive),
            (array![0.0], CriticalPoint::Inconclusive),
        ] {
            assert_eq!(Inertia::of(&values, 0.0).expect("finite").kind(), kind);
        }
        assert_eq!(Inertia::of(&array![1.0, 0.1], 0.2).expect("finite").zero, 1);
        assert!(Inertia::of(&array![f64::NAN], 0.0).is_err());
        assert!(Inertia::of(&array![1.0], -1.0).is_err());
        assert!(hessian(&Saddle, &[0.0]).is_err());
    }

    #[test]
    fn products_alone_find_the_ends() {
        let ends = hessian_extremes(&Saddle, &[0.0; 3], &[1.0, 2.0, 3.0], 3).expect("valid");
        assert!((ends.least.value + 1.0).abs() < 1e-14 && (ends.largest.value - 1.0).abs() < 1e-14);
    }
}
