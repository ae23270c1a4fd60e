//! Langevin dynamics of two populations: mixed strategies on intervals.

use rand_distr::{Distribution, StandardNormal};

use super::Separable;
use crate::error::{Error, Result, check_finite, check_positive, check_scale};
use crate::stats::mean;

/// Two laws, each as many points of equal weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Populations {
    /// The first player's points, who pays.
    pub first: Vec<f64>,
    /// The second player's.
    pub second: Vec<f64>,
}

impl Populations {
    /// `size` copies of one point (x, y).
    #[must_use]
    pub fn at([x, y]: [f64; 2], size: usize) -> Self {
        Self {
            first: vec![x; size],
            second: vec![y; size],
        }
    }

    /// F_r, the means of f_r over the first population, and G_r, of g_r over the second.
    #[must_use]
    pub fn means<const R: usize>(&self, game: &impl Separable<R>) -> ([f64; R], [f64; R]) {
        let of = |r: usize| {
            (
                mean(self.first.iter().map(|&x| game.first(x)[r].0)),
                mean(self.second.iter().map(|&y| game.second(y)[r].0)),
            )
        };
        (
            std::array::from_fn(|r| of(r).0),
            std::array::from_fn(|r| of(r).1),
        )
    }
}

/// Langevin dynamics towards a mixed equilibrium: each of the first player's points x ← x − α Σ f_r'(x) G_r + √(2ατ) ξ, each of
/// the second's y ← y + α Σ F_r g_r'(y) + √(2ατ) ξ, both at once, ξ normal, F and G the means over the populations before the
/// step. A point that leaves the interval is reflected at its end: reflection keeps a uniform law uniform, where projection would
/// pile points up on the ends.
///
/// As α → 0 and the populations grow, the laws follow the gradient flow of Φ − τH(μ) + τH(ν) in their own spaces, whose rest is
/// [`entropic_equilibrium`](super::entropic_equilibrium). With the other player's law held fixed, and a payoff −m y²/τ far from
/// the ends, a player's variance is τ/(2m(1 − αm)).
///
/// # Reference
/// Hsieh, Liu & Cevher 2019, arXiv:1811.02002; Kamalaruban, Huang, Hsieh, Rolland, Shi & Cevher 2020, arXiv:2002.06063, who carry
/// one point and a running mean in place of each population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixedLangevin {
    /// α > 0.
    pub rate: f64,
    /// τ ≥ 0; 0 is gradient descent–ascent of populations.
    pub temperature: f64,
}

impl MixedLangevin {
    /// Checks the numbers, and that populations can begin.
    ///
    /// # Errors
    /// A number out of its range; a population that is empty or not inside the game's interval.
    pub fn check<const R: usize>(
        &self,
        game: &impl Separable<R>,
        populations: &Populations,
    ) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_scale("the temperature", self.temperature)?;
        let half = game.half();
        for (name, points) in [
            ("the first population", &populations.first),
            ("the second population", &populations.second),
        ] {
            if points.is_empty() {
                return Err(Error::shape(name, "one point or more", &[0]));
            }
            check_finite(name, points)?;
            if let Some(outside) = points.iter().find(|x| x.abs() > half) {
                let expected = format!("points from -{half} to {half}");
                return Err(Error::domain(name, expected, outside));
            }
        }
        Ok(())
    }

    /// One step of both populations, which [`check`](Self::check) has passed; returns the means F and G from before it.
    pub fn step<const R: usize>(
        &self,
        game: &impl Separable<R>,
        populations: &mut Populations,
        rng: &mut impl rand::Rng,
    ) -> ([f64; R], [f64; R]) {
        let (f, g) = populations.means(game);
        let (alpha, half) = (self.rate, game.half());
        let noise = (2.0 * alpha * self.temperature).sqrt();
        for x in &mut populations.first {
            let slope = along(game.first(*x), &g);
            let xi: f64 = StandardNormal.sample(rng);
            *x = reflected(*x - alpha * slope + noise * xi, half);
        }
        for y in &mut populations.second {
            let slope = along(game.second(*y), &f);
            let xi: f64 = StandardNormal.sample(rng);
            *y = reflected(*y + alpha * slope + noise * xi, half);
        }
        (f, g)
    }
}

/// Σ_r (slope of factor r) · mean_r.
#[inline]
fn along<const R: usize>(factors: [(f64, f64); R], means: &[f64; R]) -> f64 {
    let pairs = factors.iter().zip(means);
    pairs.map(|((_, slope), mean)| slope * mean).sum()
}

/// The point of [−half, half] that x falls on when the line is folded at both ends; NaN stays.
fn reflected(x: f64, half: f64) -> f64 {
    if x.abs() <= half {
        return x;
    }
    let turn = (x + half).rem_euclid(4.0 * half);
    half - (turn - 2.0 * half).abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::Hill;
    use crate::rng::stream;

    #[test]
    fn lines_are_folded_into_the_interval() {
        for (x, expected) in [
            (1.0, 1.0),
            (2.5, 1.5),
            (-2.5, -1.5),
            (6.5, -1.5),
            (-7.0, 1.0),
        ] {
            assert!((reflected(x, 2.0) - expected).abs() < 1e-14, "{x}");
        }
        assert!(reflected(f64::NAN, 2.0).is_nan());
    }

    /// Without noise one point a player is descent–ascent.
    #[test]
    fn a_cold_population_of_one_descends_and_ascends() {
        use crate::optimise::Field;
        let cold = MixedLangevin {
            rate: 0.1,
            temperature: 0.0,
        };
        let mut populations = Populations::at([0.7, -0.4], 1);
        cold.check(&Hill, &populations).expect("inside");
        let mut v = [0.0; 2];
        Hill.at(&[0.7, -0.4], &mut v).expect("planar");
        cold.step(&Hill, &mut populations, &mut stream(1, "unused", 0));
        assert!((populations.first[0] - (0.7 - 0.1 * v[0])).abs() < 1e-15);
        assert!((populations.second[0] - (-0.4 - 0.1 * v[1])).abs() < 1e-15);
        let far = Populations::at([3.0, 0.0], 2);
        let error = cold.check(&Hill, &far).expect_err("outside").to_string();
        assert!(error.contains("the first population"), "{error}");
        assert!(cold.check(&Hill, &Populations::at([0.0; 2], 0)).is_err());
    }

    /// Where nothing pulls, a reflected walk leaves the uniform law: E x² = half²/3.
    #[test]
    fn reflection_keeps_a_uniform_law() {
        struct Flat;
        impl Separable<1> for Flat {
            fn first(&self, _: f64) -> [(f64, f64); 1] {
                [(0.0, 0.0)]
            }
            fn second(&self, _: f64) -> [(f64, f64); 1] {
                [(0.0, 0.0)]
            }
            fn half(&self) -> f64 {
                1.0
            }
            fn bracket(&self, _: [f64; 1], _: [f64; 1]) -> super::super::Bracket {
                super::super::Bracket {
                    lower: 0.0,
                    upper: 0.0,
                }
            }
        }
        let hot = MixedLangevin {
            rate: 0.1,
            temperature: 0.3,
        };
        let mut populations = Populations::at([0.9, -0.9], 20_000);
        let mut rng = stream(3, "flat", 0);
        for _ in 0..200 {
            hot.step(&Flat, &mut populations, &mut rng);
        }
        for points in [&populations.first, &populations.second] {
            // Var x² = 4/45: five standard errors.
            let square = mean(points.iter().map(|x| x * x));
            assert!((square - 1.0 / 3.0).abs() < 5.0 * (4.0 / 45.0 / 2e4_f64).sqrt());
            assert!(mean(points.iter().copied()).abs() < 5.0 * (1.0 / 3.0 / 2e4_f64).sqrt());
        }
    }
}
