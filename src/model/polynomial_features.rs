//! The feature map behind the polynomial kernel, written out.

use ndarray::{Array2, ArrayRef2};

use super::distance::check_pair;
use crate::error::{Error, Result, check_finite, check_scale, check_size};

/// All monomials of x up to degree q with the weights that make φ(x)·φ(x') = (x·x' + c)^q.
///
/// # Formula
/// One column for each α = (α_0, …, α_d) with Σα = q:
/// φ_α(x) = √(q!/(α_0!⋯α_d!)) · c^{α_0/2} · x_1^{α_1}⋯x_d^{α_d}. There are D = C(d+q, q), in the
/// order of growing powers of x_1, then x_2, ….
///
/// Takes inputs `x`, `(n, d)`, `degree` q ≥ 1 and `offset` c ≥ 0, in squared units of the input;
/// returns `(n, D)`. A kernel computes the same products in O(d).
///
/// # Errors
/// `x` is empty or not finite; q is 0 or above 64; c is negative; D columns are too many; features
/// beyond the range of f64.
///
/// # Reference
/// CMSC 828W, "Kernel Trick", "Polynomial Kernels". The multinomial theorem.
///
/// ```
/// use dltheory::model::polynomial_features;
/// use ndarray::array;
/// let phi = polynomial_features(&array![[3.0]], 2, 1.0)?; // 1, √2 x, x²
/// assert_eq!(phi.dim(), (1, 3));
/// assert!((phi.row(0).dot(&phi.row(0)) - 100.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn polynomial_features(x: &ArrayRef2<f64>, degree: usize, offset: f64) -> Result<Array2<f64>> {
    if x.is_empty() {
        return Err(Error::shape("the inputs", "at least (1, 1)", x.shape()));
    }
    check_finite("the inputs", x)?;
    check_scale("the offset c", offset)?;
    let columns = polynomial_dimension(x.ncols(), degree)?;
    check_size("the feature matrix", x.nrows(), columns)?;
    let mut features = Array2::zeros((x.nrows(), columns));
    let mut powers = vec![0; x.ncols()];
    let mut next = 0;
    exponents(&mut powers, 0, degree, &mut |powers, rest| {
        let mut weight = coefficient(degree, rest, powers).sqrt();
        // c⁰ = 1 even for c = 0.
        weight *= offset.sqrt().powi(rest as i32);
        for (row, mut out) in x.rows().into_iter().zip(features.rows_mut()) {
            let monomial = row.iter().zip(powers).map(|(x, &p)| x.powi(p as i32));
            out[next] = weight * monomial.product::<f64>();
        }
        next += 1;
    });
    check_finite("the polynomial features", &features)?;
    Ok(features)
}

/// D = C(d+q, q), the number of monomials of degree at most `degree` q in `dim` d variables.
///
/// # Errors
/// q is 0 or above 64; `dim` is 0; D is above 2³².
pub fn polynomial_dimension(dim: usize, degree: usize) -> Result<usize> {
    if !(1..=64).contains(&degree) {
        return Err(Error::domain("the degree q", "1 to 64", degree));
    }
    check_size("the inputs", 1, dim)?;
    let mut count = 1_u128;
    for step in 1..=degree as u128 {
        // Exact: the product of `step` neighbours is divisible by step!.
        count = count * (dim as u128 + step) / step;
        if count > 1 << 32 {
            let what = "the number of monomials";
            return Err(Error::domain(what, "at most 2³²", format!("above {count}")));
        }
    }
    Ok(count as usize)
}

/// Calls `visit` with every list of powers of sum at most `left`, and what is left to `left`.
fn exponents(powers: &mut [usize], at: usize, left: usize, visit: &mut dyn FnMut(&[usize], usize)) {
    if at == powers.len() {
        return visit(powers, left);
    }
    for power in 0..=left {
        powers[at] = power;
        exponents(powers, at + 1, left - power, visit);
    }
    powers[at] = 0;
}

/// The multinomial coefficient q!/(rest! Π α!), as a product of binomials.
fn coefficient(degree: usize, rest: usize, powers: &[usize]) -> f64 {
    let mut left = degree;
    let mut product = 1.0;
    for &part in powers.iter().chain([&rest]) {
        for step in 0..part {
            product *= (left - step) as f64 / (step + 1) as f64;
        }
        left -= part;
    }
    product
}

/// The largest relative difference between φ(x)·φ(x') and (x·x' + c)^q over inputs `x`, `(n, d)`:
/// |φ·φ' − k|/√(k(x,x) k(x',x')). Rounding, some 10⁻¹⁶ √D.
///
/// # Errors
/// As for [`polynomial_features`].
pub fn polynomial_map_error(x: &ArrayRef2<f64>, degree: usize, offset: f64) -> Result<f64> {
    let features = polynomial_features(x, degree, offset)?;
    check_pair(x, x)?;
    let power = u32::try_from(degree).unwrap_or(u32::MAX);
    let kernel = super::Kernel::Polynomial {
        degree: power,
        offset,
    };
    let kernel = kernel.matrix(x, x)?;
    let products = features.dot(&features.t());
    let errors = products.indexed_iter().map(|((i, j), product)| {
        let scale = (kernel[[i, i]] * kernel[[j, j]]).sqrt();
        match product - kernel[[i, j]] {
            0.0 => 0.0,
            off => off.abs() / scale,
        }
    });
    crate::error::within_range("the error of the map", errors.fold(0.0, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    #[test]
    fn products_are_the_kernel_to_rounding() {
        let x = gaussian(6, 4, &mut stream(1, "polynomial", 0)).expect("valid");
        for (degree, offset) in [(1, 0.0), (2, 1.0), (3, 0.5), (6, 2.0), (4, 0.0)] {
            let columns = polynomial_features(&x, degree, offset).map(|phi| phi.ncols());
            assert_eq!(
                columns.expect("valid"),
                polynomial_dimension(4, degree).expect("valid")
            );
            let error = polynomial_map_error(&x, degree, offset).expect("valid");
            assert!(error < 1e-14, "q = {degree}, c = {offset}: {error}");
        }
    }

    #[test]
    fn two_variables_by_hand() {
        let phi = polynomial_features(&array![[2.0, 3.0]], 2, 1.0).expect("valid");
        let root = 2_f64.sqrt();
        let want = [1.0, 3.0 * root, 9.0, 2.0 * root, 6.0 * root, 4.0];
        for (got, want) in phi.iter().zip(want) {
            assert!((got - want).abs() < 1e-14, "{phi}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let x = array![[1.0, 2.0]];
        assert!(polynomial_features(&x, 0, 1.0).is_err());
        assert!(polynomial_features(&x, 65, 1.0).is_err());
        assert!(polynomial_features(&x, 2, -1.0).is_err());
        assert!(polynomial_dimension(100_000, 9).is_err());
        assert!(polynomial_dimension(0, 2).is_err());
        assert!(polynomial_features(&array![[1e200]], 2, 0.0).is_err());
    }
}
