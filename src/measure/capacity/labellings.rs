//! How many ReLU units it takes to be able to give any signs to n points.

use super::ln_cover_count;
use crate::error::{Error, Result, check_count};

/// The fewest hidden units k for which counting allows a two-layer ReLU network h(x) = Σ_j v_j max(0, w_j·x + b_j) + v_0 in R^d to have
/// *every* pattern of signs at n points. With fewer, some of the 2ⁿ labellings is out of reach, wherever the points lie.
///
/// # Formula
/// The least k with k·ln 2 + k·ln C(n, d+1) + ln C(n, k(d+1)+1) ≥ n·ln 2, where C(n, D) = 2 Σ_{i<D} C(n−1, i) is Cover's count
/// ([`ln_cover_count`]), capped at 2ⁿ.
///
/// *Proof.* A unit divides the points into those where it is on and the others in at most C(n, d+1) ways. Move |v_j| into w_j and b_j, so
/// that v_j = ±1: 2ᵏ choices. For given choices, the values at the points are linear in the k(d+1)+1 numbers that remain, and so have at most
/// C(n, k(d+1)+1) sign patterns. The product of the three counts must reach 2ⁿ.
///
/// Since C(n, D) ≤ 2n^{D−1}, at least n/(2 log₂ n) of the k(d+2)+1 parameters are needed: the order of n but for the logarithm.
///
/// # Errors
/// n or d is 0; n above 2²⁰ or d above 2¹⁰.
///
/// # Reference
/// The count is derived here. Bartlett, Harvey, Liaw & Mehrabian 2019, "Nearly-tight VC-dimension and pseudodimension bounds for piecewise linear neural
/// networks", arXiv:1703.02930, have it for any depth.
pub fn least_relu_units(n: usize, d: usize) -> Result<usize> {
    check_count("the number of points n", n)?;
    check_count("the dimension d", d)?;
    for (what, got, limit) in [
        ("the number of points n", n, 1 << 20),
        ("the dimension d", d, 1 << 10),
    ] {
        if got > limit {
            return Err(Error::domain(what, format!("at most {limit}"), got));
        }
    }
    let patterns = n as f64 * std::f64::consts::LN_2;
    let cuts = std::f64::consts::LN_2 + ln_cover_count(n, d + 1)?;
    let enough = |k: usize| -> Result<bool> {
        let signs = ln_cover_count(n, k * (d + 1) + 1)?;
        Ok(k as f64 * cuts + signs >= patterns * (1.0 - 1e-12))
    };
    // n units are enough for any signs: the count must agree.
    let (mut low, mut high) = (0, n);
    if enough(low)? {
        return Ok(0);
    }
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        match enough(middle)? {
            true => high = middle,
            false => low = middle,
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_points_need_few_units_and_many_a_share_of_their_number() {
        // A constant gives both signs to one point, but not all four pairs of signs to two.
        assert_eq!(least_relu_units(1, 3).expect("valid"), 0);
        assert_eq!(least_relu_units(2, 3).expect("valid"), 1);
        for (n, d) in [(100, 2), (1000, 3), (14_641, 4)] {
            let k = least_relu_units(n, d).expect("valid");
            let parameters = (k * (d + 2) + 1) as f64;
            assert!(
                parameters >= n as f64 / (2.0 * (n as f64).log2()),
                "{n} {d}: {k}"
            );
            assert!(k * (d + 1) < n, "{n} {d}: {k}");
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        assert!(least_relu_units(0, 1).is_err() && least_relu_units(1, 0).is_err());
        assert!(least_relu_units(usize::MAX, 1).is_err());
        assert!(least_relu_units(1, usize::MAX).is_err());
    }
}
