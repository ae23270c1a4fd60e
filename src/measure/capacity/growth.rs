//! How many labellings of n points a class has at most, and what that bounds.

use super::ln_cover_count;
use crate::error::{Error, Result, check_count};
use crate::measure::{Complexity, generalisation_gap};
use crate::stats::smaller;

/// Where no number of points is tried any more: that of [`ln_cover_count`].
const MAX_POINTS: usize = 1 << 26;

/// A class of ±1-valued functions on R^d, whose labellings are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignClass {
    /// Hyperplanes through the origin.
    Hyperplanes {
        /// d.
        dim: usize,
    },
    /// The sign of a two-layer ReLU network, Σ_j a_j max(w_j·x + b_j, 0) + c.
    TwoLayer {
        /// d.
        dim: usize,
        /// Hidden units m.
        width: usize,
    },
}

impl SignClass {
    /// How many numbers choose a function: d, or m(d + 2) + 1.
    #[must_use]
    pub fn parameters(self) -> usize {
        match self {
            Self::Hyperplanes { dim } => dim,
            Self::TwoLayer { dim, width } => width * (dim + 2) + 1,
        }
    }

    /// ln of the most labellings of n points that the class has: its growth function Π(n), or a bound of it.
    ///
    /// # Formula
    /// Hyperplanes through the origin: Π(n) = C(n, d), Cover's count, reached by points in general position.
    ///
    /// Networks: Π(n) ≤ C(n, d+1)^m · C(n, m(d+1)+1). Which of the n points a unit is active on is a labelling by a
    /// hyperplane with an offset, so all m units together have at most C(n, d+1)^m patterns. While the pattern stays as it is, the
    /// output is linear: in the m(d+1) numbers a_j w_j and a_j b_j of the units active on a point, and in c. So its signs
    /// are those of hyperplanes through the origin in m(d+1) + 1 dimensions. (A point *on* a plane counts with one side;
    /// a small change of the offset takes it there.) Never more than 2ⁿ.
    ///
    /// # Errors
    /// A size is 0; n above 2²⁶.
    pub fn ln_growth(self, n: usize) -> Result<f64> {
        let ln_labellings = match self {
            Self::Hyperplanes { dim } => ln_cover_count(n, dim)?,
            Self::TwoLayer { dim, width } => {
                check_count("the hidden units m", width)?;
                let unit = ln_cover_count(n, dim + 1)?;
                width as f64 * unit + ln_cover_count(n, width * (dim + 1) + 1)?
            }
        };
        Ok(smaller(ln_labellings, n as f64 * std::f64::consts::LN_2))
    }

    /// The largest n of which [`ln_growth`](Self::ln_growth) allows all 2ⁿ labellings: for hyperplanes through the origin
    /// the VC dimension d itself, for networks an upper bound of it.
    ///
    /// For ReLU networks of W weights in L layers the VC dimension is O(W L ln W), and there are some with Ω(W L ln(W/L)):
    /// Bartlett, Harvey, Liaw & Mehrabian 2019, arXiv:1703.02930.
    ///
    /// # Errors
    /// As there; more than 2²⁶.
    pub fn vc_bound(self) -> Result<usize> {
        // All terms of the count are there while n ≤ d, and no longer.
        if let Self::Hyperplanes { dim } = self {
            check_count("the dimension d", dim)?;
            return Ok(dim);
        }
        Ok(first(|n| {
            // One labelling fewer than all is a part 2⁻ⁿ fewer: seen on a log scale for n up to 40, and beyond it is many.
            let all = n as f64 * std::f64::consts::LN_2;
            Ok(self.ln_growth(n)? < all - 1e-13 * all)
        })? - 1)
    }

    /// By how much a function's error may exceed its training error on n examples, for all functions of the class at once
    /// with probability at least 1 − δ.
    ///
    /// # Formula
    /// √(2 ln Π(n)/n) + √(ln(1/δ)/(2n)): Massart's lemma bounds the Rademacher complexity of the ±1-valued functions by the first
    /// root, and twice that of the 0–1 losses is as much.
    ///
    /// # Errors
    /// As [`ln_growth`](Self::ln_growth); δ outside (0, 1).
    ///
    /// # Reference
    /// Mohri, Rostamizadeh & Talwalkar 2018, "Foundations of machine learning", 2nd ed., Corollary 3.9.
    pub fn gap_bound(self, n: usize, delta: f64) -> Result<f64> {
        let of_losses = 0.5 * (2.0 * self.ln_growth(n)? / n as f64).sqrt();
        generalisation_gap(of_losses, Complexity::Expected, n, delta, 1.0)
    }

    /// The least n for which [`gap_bound`](Self::gap_bound) is below 1, and so says anything.
    ///
    /// # Errors
    /// As there; more than 2²⁶.
    pub fn first_useful(self, delta: f64) -> Result<usize> {
        first(|n| Ok(self.gap_bound(n, delta)? < 1.0))
    }
}

/// The least n that `holds` for, if it holds for all from there on.
fn first(holds: impl Fn(usize) -> Result<bool>) -> Result<usize> {
    let mut high = 1;
    while !holds(high)? {
        if high == MAX_POINTS {
            let expected = format!("met by at most {MAX_POINTS} points");
            return Err(Error::domain("the size of the class", expected, "more"));
        }
        high *= 2;
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        match holds(middle)? {
            true => high = middle,
            false => low = middle,
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::{Mlp, MlpSettings};
    use crate::rng::stream;

    #[test]
    fn hyperplanes_have_their_dimension() {
        for dim in [1, 2, 7, 100, 785] {
            let class = SignClass::Hyperplanes { dim };
            assert_eq!(class.vc_bound().expect("small"), dim);
            // The other way: the count itself, where one labelling less can be seen.
            if dim < 40 {
                let short = |n: usize| class.ln_growth(n).expect("small") / n as f64;
                assert!(short(dim + 1) < std::f64::consts::LN_2 * (1.0 - 1e-13));
                assert!((short(dim) - std::f64::consts::LN_2).abs() < 1e-13);
            }
            let n = class.first_useful(0.05).expect("small");
            assert!(class.gap_bound(n, 0.05).expect("valid") < 1.0);
            assert!(class.gap_bound(n - 1, 0.05).expect("valid") >= 1.0);
        }
    }

    #[test]
    fn no_network_has_more_labellings() {
        // One input, one unit, seven points: far fewer than 2⁷.
        let class = SignClass::TwoLayer { dim: 1, width: 1 };
        let x = gaussian(7, 1, &mut stream(1, "points", 0)).expect("valid");
        let mut seen = HashSet::new();
        for draw in 0..20_000 {
            let rng = &mut stream(1, "networks", draw);
            let net = Mlp::new(&MlpSettings::of_sizes(&[1, 1, 1]), rng).expect("valid");
            let shift: f64 = gaussian(1, 2, rng).expect("valid")[[0, 0]];
            let mut net = net;
            net.layers[0].bias = Some(ndarray::array![shift]);
            net.layers[1].bias = Some(ndarray::array![-0.3 * shift.abs()]);
            let outputs = net.forward(&x).expect("valid");
            seen.insert(outputs.iter().map(|f| *f > 0.0).collect::<Vec<bool>>());
        }
        let bound = class.ln_growth(7).expect("valid").exp();
        assert!(
            seen.len() > 5 && (seen.len() as f64) < bound,
            "{} {bound}",
            seen.len()
        );
    }

    #[test]
    fn a_network_has_at_least_the_labellings_of_its_units() {
        let network = SignClass::TwoLayer {
            dim: 784,
            width: 128,
        };
        assert_eq!(network.parameters(), 128 * 785 + 128 + 1);
        let bound = network.vc_bound().expect("within the range");
        assert!(bound > 10 * network.parameters() && bound < 40 * network.parameters());
        assert!(
            SignClass::TwoLayer { dim: 1, width: 0 }
                .ln_growth(3)
                .is_err()
        );
    }
}
