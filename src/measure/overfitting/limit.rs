//! Limits of R/σ² as n → ∞, in closed form.

/// The most neighbours whose votes are summed, one term each: about a second.
const MOST_NEIGHBOURS: usize = 1 << 24;

/// k nearest neighbours, k fixed: 1 + 1/k, exact for every n, since the mean of k labels has
/// variance σ²/k. ∞ for k = 0.
///
/// Reference: Cover & Hart 1967, doi:10.1109/TIT.1967.1053964.
#[must_use]
pub fn knn(k: usize) -> f64 {
    1.0 + 1.0 / k as f64
}

/// Interpolation that is linear on simplices: 1 + 2/(d+2), exact for a point uniform in its
/// simplex. d = 1 gives 5/3.
///
/// Reference: Belkin, Hsu & Mitra 2018, arXiv:1806.05161.
#[must_use]
pub fn simplicial(d: usize) -> f64 {
    1.0 + 2.0 / (d as f64 + 2.0)
}

/// Interpolation on a line, piecewise linear or by a Laplace kernel: 5/3 = 1 + ∫(t² + (1−t)²)dt.
/// (The kernel's interpolant between close neighbours is a straight line in the limit.)
pub const LINE: f64 = 5.0 / 3.0;

/// Ridgeless regression on a Gaussian design with eigenvalues i^−α, α > 1: α.
///
/// Reference: Mallinar et al. 2022, arXiv:2207.06569.
#[must_use]
pub fn power_law(alpha: f64) -> f64 {
    alpha
}

/// The error of the k-nearest-neighbour vote, k odd, on labels that are wrong with probability η:
/// q(1−η) + (1−q)η, q = P(Binomial(k, η) > k/2). Against noisy test labels; the Bayes
/// error is min(η, 1−η). k = 1 gives 2η(1−η). NaN where η is not in \[0, 1\], or k is even or above 2²⁴.
///
/// Reference: Cover & Hart 1967, doi:10.1109/TIT.1967.1053964.
#[must_use]
pub fn knn_classification(k: usize, eta: f64) -> f64 {
    if k.is_multiple_of(2) || k > MOST_NEIGHBOURS || !(0.0..=1.0).contains(&eta) {
        return f64::NAN;
    }
    // Binomial terms on a log scale, from j = 0 on.
    let mut log_choose = 0.0;
    let mut wrong = 0.0;
    for j in 0..=k {
        if j > k / 2 {
            wrong += f64::exp(log_choose + power(eta, j) + power(1.0 - eta, k - j));
        }
        log_choose += ((k - j) as f64 / (j + 1) as f64).ln();
    }
    wrong * (1.0 - eta) + (1.0 - wrong) * eta
}

/// ln p^j, with 0⁰ = 1.
fn power(p: f64, j: usize) -> f64 {
    if j == 0 { 0.0 } else { j as f64 * p.ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms() {
        assert_eq!((knn(1), knn(4)), (2.0, 1.25));
        assert!((simplicial(1) - LINE).abs() < 1e-15);
        assert!((simplicial(8) - 1.2).abs() < 1e-15);
        for eta in [0.0, 0.1, 0.5, 1.0] {
            let one = knn_classification(1, eta);
            assert!((one - 2.0 * eta * (1.0 - eta)).abs() < 1e-15);
        }
        // k = 3, η = 0.2: q = 3·0.04·0.8 + 0.008 = 0.104.
        let three = knn_classification(3, 0.2);
        assert!((three - (0.104 * 0.8 + 0.896 * 0.2)).abs() < 1e-14);
        assert!((knn_classification(2001, 0.2) - 0.2).abs() < 1e-9);
        assert!(knn_classification(2, 0.2).is_nan());
        assert!(knn_classification(1, 1.5).is_nan());
    }
}
