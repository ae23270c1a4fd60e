//! The law of y = h(ω): where a map sends mass, and how dense it lies there.

use crate::error::{Error, Result, check_finite};

/// A map h of an interval of the real line, cut into branches on each of which it is strictly monotone.
///
/// # Formula
/// If ω has the density p, then y = h(ω) has Σ_b p(ω_b)/|h'(ω_b)|, over all ω_b with h(ω_b) = y: one a branch at most. Where h is
/// monotone there is one term; h(ω) = ω² has two.
///
/// ```
/// use dltheory::transport::PushForward;
/// // ω² of a standard normal ω: the χ² law with one degree of freedom.
/// let square = PushForward::new(|w: f64| w * w, |w: f64| 2.0 * w, &[-9.0, 0.0, 9.0])?;
/// let normal = |w: f64| (-0.5 * w * w).exp() / std::f64::consts::TAU.sqrt();
/// let chi = |y: f64| (-0.5 * y).exp() / (std::f64::consts::TAU * y).sqrt();
/// assert_eq!(square.preimages(4.0).len(), 2);
/// assert!((square.density(4.0, normal) - chi(4.0)).abs() < 1e-12);
/// assert!((square.one_branch(4.0, normal) - chi(4.0) / 2.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PushForward<H, D> {
    map: H,
    slope: D,
    ends: Vec<f64>,
}

impl<H: Fn(f64) -> f64, D: Fn(f64) -> f64> PushForward<H, D> {
    /// The map h with its derivative `slope`, on the branches between neighbouring `ends`, ascending.
    ///
    /// # Errors
    /// Fewer than two ends, or not ascending, or not finite; a map that is not monotone on a branch, as far as three places on it
    /// tell.
    pub fn new(map: H, slope: D, ends: &[f64]) -> Result<Self> {
        check_finite("the ends of the branches", ends)?;
        if ends.len() < 2 || ends.windows(2).any(|pair| pair[0] >= pair[1]) {
            let expected = "two or more, ascending";
            let got = format!("{ends:?}");
            return Err(Error::domain("the ends of the branches", expected, got));
        }
        for pair in ends.windows(2) {
            let at = |share: f64| map(pair[0] + share * (pair[1] - pair[0]));
            let values = [0.0, 0.25, 0.5, 0.75, 1.0].map(at);
            let rises = values.windows(2).all(|pair| pair[0] < pair[1]);
            let falls = values.windows(2).all(|pair| pair[0] > pair[1]);
            if !rises && !falls {
                let got = format!("not so between {} and {}", pair[0], pair[1]);
                return Err(Error::domain(
                    "the map",
                    "strictly monotone on each branch",
                    got,
                ));
            }
        }
        Ok(Self {
            map,
            slope,
            ends: ends.to_vec(),
        })
    }

    /// How many branches it has.
    #[must_use]
    pub fn branches(&self) -> usize {
        self.ends.len() - 1
    }

    /// All ω with h(ω) = y, ascending, to the last digit: by bisection on each branch.
    #[must_use]
    pub fn preimages(&self, y: f64) -> Vec<f64> {
        let branches = self.ends.windows(2);
        branches
            .filter_map(|pair| self.preimage(y, pair[0], pair[1]))
            .collect()
    }

    fn preimage(&self, y: f64, mut low: f64, mut high: f64) -> Option<f64> {
        let (first, last) = ((self.map)(low), (self.map)(high));
        let rises = last > first;
        // A branch has its upper end, so that two branches share none.
        let inside = match rises {
            true => first < y && y <= last,
            false => last <= y && y < first,
        };
        if !inside {
            return None;
        }
        loop {
            let middle = f64::midpoint(low, high);
            if middle <= low || middle >= high {
                return Some(high);
            }
            match ((self.map)(middle) < y) == rises {
                true => low = middle,
                false => high = middle,
            }
        }
    }

    /// The density of y = h(ω), for ω with `density`: over all branches. Infinite where a slope is 0.
    pub fn density(&self, y: f64, density: impl Fn(f64) -> f64) -> f64 {
        let each = self.preimages(y).into_iter();
        each.map(|omega| density(omega) / (self.slope)(omega).abs())
            .sum()
    }

    /// The formula with one inverse h⁻¹ alone, that of the last branch which meets y, and its derivative with its sign: right for
    /// maps that rise, and for those alone.
    pub fn one_branch(&self, y: f64, density: impl Fn(f64) -> f64) -> f64 {
        let last = self.preimages(y).pop();
        last.map_or(0.0, |omega| density(omega) / (self.slope)(omega))
    }

    /// P(h(ω) ≤ y) for ω with the distribution function `cdf`, whose mass all lies on the branches: over all branches.
    pub fn cdf(&self, y: f64, cdf: impl Fn(f64) -> f64) -> f64 {
        let branches = self.ends.windows(2).map(|pair| {
            let (low, high) = (pair[0], pair[1]);
            let (first, last) = ((self.map)(low), (self.map)(high));
            let rises = last > first;
            let cut = self
                .preimage(y, low, high)
                .unwrap_or(match (y >= last) == rises {
                    true => high,
                    false => low,
                });
            match rises {
                true => cdf(cut) - cdf(low),
                false => cdf(high) - cdf(cut),
            }
        });
        branches.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    fn normal(omega: f64) -> f64 {
        (-0.5 * omega * omega).exp() / std::f64::consts::TAU.sqrt()
    }

    fn normal_cdf(omega: f64) -> f64 {
        Normal::standard().cdf(omega)
    }

    /// The density is the slope of the distribution function, by central differences.
    fn meets<H: Fn(f64) -> f64, D: Fn(f64) -> f64>(push: &PushForward<H, D>, places: &[f64]) {
        for &y in places {
            let step = 1e-5;
            let [up, down] = [y + step, y - step].map(|y| push.cdf(y, normal_cdf));
            let (slope, density) = ((up - down) / (2.0 * step), push.density(y, normal));
            assert!(
                (slope - density).abs() < 1e-6 * (1.0 + density),
                "{y}: {slope} {density}"
            );
        }
    }

    #[test]
    fn densities_are_slopes_of_distribution_functions() {
        meets(
            &PushForward::new(f64::exp, f64::exp, &[-9.0, 9.0]).unwrap(),
            &[0.1, 1.0, 5.0],
        );
        let falls = PushForward::new(|w: f64| (-w).exp(), |w: f64| -(-w).exp(), &[-9.0, 9.0]);
        meets(&falls.unwrap(), &[0.1, 1.0, 5.0]);
        // A wave turns more often.
        assert!(PushForward::new(f64::sin, f64::cos, &[-9.0, 9.0]).is_err());
        let ends: Vec<f64> = (-4..=3)
            .map(|k| (f64::from(k) + 0.5) * std::f64::consts::PI)
            .collect();
        let wave = PushForward::new(f64::sin, f64::cos, &ends).unwrap();
        assert_eq!(wave.preimages(0.3).len(), 7);
        meets(&wave, &[-0.7, 0.0, 0.3]);
    }

    #[test]
    fn the_square_has_two_branches_and_the_cube_one() {
        let square = PushForward::new(|w: f64| w * w, |w: f64| 2.0 * w, &[-9.0, 0.0, 9.0]).unwrap();
        meets(&square, &[0.2, 1.0, 6.0]);
        assert!((square.cdf(1.0, normal_cdf) - 0.682_689_492).abs() < 1e-8);
        assert!((square.preimages(2.0)[0] + 2.0_f64.sqrt()).abs() < 1e-15);
        assert_eq!(
            (square.density(-1.0, normal), square.cdf(-1.0, normal_cdf)),
            (0.0, 0.0)
        );
        let cube =
            PushForward::new(|w: f64| w.powi(3), |w: f64| 3.0 * w * w, &[-9.0, 9.0]).unwrap();
        meets(&cube, &[-3.0, 0.5, 4.0]);
        assert_eq!(cube.density(0.5, normal), cube.one_branch(0.5, normal));
    }

    #[test]
    fn bad_maps_are_errors() {
        let identity = |w: f64| w;
        let one = |_: f64| 1.0;
        assert!(PushForward::new(identity, one, &[0.0]).is_err());
        assert!(PushForward::new(identity, one, &[1.0, 0.0]).is_err());
        assert!(PushForward::new(identity, one, &[0.0, f64::INFINITY]).is_err());
        assert!(PushForward::new(|w: f64| w * w, one, &[-1.0, 1.0]).is_err());
    }
}
