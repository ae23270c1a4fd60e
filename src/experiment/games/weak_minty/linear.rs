//! EG+ on the quadratic game: where it converges, and how fast.

use super::settings::{Point, WeakMinty, eg_plus, growth, last_true};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft};
use crate::game::arena::Quadratic;
use crate::optimise::Field;
use crate::real::norm;
use crate::stats::{larger, largest, least, smaller};

/// Steps a factor is measured over.
const STEPS: usize = 40;

/// Where panel (a) begins and ends on the axis of ρL.
pub(super) const SHARES: [f64; 2] = [-0.75, 0.25];

/// A share below the limit −½, at which a longer γ is tried, and the small α it is tried with.
const BEYOND: (f64, f64) = (-0.55, 1e-3);

/// All that is measured on linear games.
pub(super) struct Linear {
    pub points: Vec<Point>,
    /// By ρL down the rows, α along the columns.
    pub cells: usize,
    mismatches: usize,
    rival: usize,
    apart: f64,
    ratio: f64,
    printed: f64,
    largest_alpha: f64,
    half: f64,
    all: f64,
    at_limit: f64,
    longer: f64,
    /// The factor a step at the ρ and α that are set.
    own: f64,
}

/// |1 − α(e^(iθ) − e^(2iθ))| with cos θ = ρL: the factor of EG+ with γ = 1/L. Its square is 1 − 2α(1 − ρL)(1 + 2ρL − α).
pub(super) fn factor(share: f64, alpha: f64) -> f64 {
    (1.0 - 2.0 * alpha * (1.0 - share) * (1.0 + 2.0 * share - alpha)).sqrt()
}

/// 1 + 2ρL, cut to [0, 1].
fn largest_share(share: f64) -> f64 {
    smaller(larger(1.0 + 2.0 * share, 0.0), 1.0)
}

impl WeakMinty {
    pub(super) fn game(&self) -> Result<Quadratic> {
        let most = 1.0 / self.lipschitz;
        if self.rho.abs() > most {
            let expected = format!("between −1/lipschitz and 1/lipschitz, ±{most:.4}");
            return Err(Error::domain("rho", expected, self.rho));
        }
        Quadratic::weak_minty(self.lipschitz, self.rho)
    }

    /// The game of this ρL.
    fn game_of(&self, share: f64) -> Result<Quadratic> {
        Quadratic::weak_minty(self.lipschitz, share / self.lipschitz)
    }

    /// Whether EG+ with γ = `length`/L comes nearer.
    fn converges(&self, share: f64, alpha: f64, length: f64) -> Result<bool> {
        let method = eg_plus(length / self.lipschitz, alpha);
        Ok(growth(&self.game_of(share)?, &method, STEPS)? < 1.0)
    }

    pub(super) fn linear(&self) -> Result<Linear> {
        let game = self.game()?;
        let (mut mismatches, mut rival, mut points) = (0, 0, Vec::new());
        let [low, high] = SHARES;
        for i in 0..self.cells {
            // Never on the border itself.
            let share = low + (high - low) * (i as f64 + 0.3) / self.cells as f64;
            let game = self.game_of(share)?;
            for j in 0..self.cells {
                let alpha = (j as f64 + 0.5) / self.cells as f64;
                let measured = growth(&game, &eg_plus(1.0 / self.lipschitz, alpha), STEPS)?;
                let converges = measured < 1.0;
                mismatches += usize::from(converges != (alpha < 1.0 + 2.0 * share));
                rival += usize::from(converges != (alpha < 1.0 + share));
                points.push(Point {
                    part: "factor",
                    what: "EG+ with γ = 1/L",
                    rho_l: Some(share),
                    alpha: Some(alpha),
                    measured,
                    predicted: Some(factor(share, alpha)),
                });
            }
        }
        let apart = largest(points.iter().map(Point::apart));
        let z = [0.3, -1.1];
        let mut v = [0.0; 2];
        game.at(&z, &mut v)?;
        let push = v[0] * z[0] + v[1] * z[1];
        let shares = [-0.5, SHARES[1]];
        let reaches = |alpha: f64| {
            let fails = |share: f64| Ok(!self.converges(share, alpha, 1.0)?);
            last_true(shares, fails)
        };
        let steady = |alpha: f64| {
            let method = eg_plus(1.0 / self.lipschitz, alpha);
            growth(&self.game_of(-0.5)?, &method, STEPS)
        };
        let at_limit = (1..=20).map(|i| steady(f64::from(i) / 20.0));
        Ok(Linear {
            own: growth(&game, &eg_plus(1.0 / self.lipschitz, self.alpha), STEPS)?,
            cells: self.cells,
            mismatches,
            rival,
            apart,
            ratio: push / norm([&v[..]]).powi(2),
            printed: push / norm([&z[..]]).powi(2),
            largest_alpha: last_true([0.0, 1.0], |alpha| {
                Ok(alpha > 0.0 && self.converges(self.share(), alpha, 1.0)?)
            })?,
            half: reaches(0.5)?,
            all: reaches(0.001)?,
            at_limit: least(at_limit.collect::<Result<Vec<f64>>>()?),
            longer: last_true([1.0, 4.0], |length| {
                Ok(!self.converges(BEYOND.0, BEYOND.1, length)?)
            })?,
            points,
        })
    }

    pub(super) fn linear_claims(&self, found: Draft, linear: &Linear) -> Draft {
        let (share, l) = (self.share(), self.lipschitz);
        let mut equality = Claim::equals(
            "quadratic game: ⟨V(z), z − z*⟩ is ρ‖V(z)‖², with equality: the ratio",
            self.rho,
            linear.ratio,
            1e-12 / l,
        )
        .identity();
        if (linear.printed - self.rho).abs() > 1e-9 {
            equality = equality.against(linear.printed, "the ratio to ‖z − z*‖², as printed");
        }
        let mut alpha = Claim::equals(
            "EG+ with γ = 1/L at the set ρ: largest α at which it comes nearer, 1 + 2ρL cut to [0, 1]",
            largest_share(share),
            linear.largest_alpha,
            1e-6,
        )
        .headline();
        let rival = smaller(larger(1.0 + share, 0.0), 1.0);
        if (rival - largest_share(share)).abs() > 1e-3 {
            alpha = alpha.against(rival, "1 + ρL");
        }
        let (c, small) = (-BEYOND.0, BEYOND.1);
        let mut own = Claim::equals(
            "EG+ with γ = 1/L at the set ρ and α: what a step multiplies the distance by",
            factor(share, self.alpha),
            linear.own,
            1e-9,
        );
        if share.abs() > 1e-3 {
            own = own.against(factor(0.5 * share, self.alpha), "limit 1 + ρL");
        }
        found
            .measure("converges", f64::from(u8::from(linear.own < 1.0)))
            .claim(own)
            .measured_as("factor")
            .claim(equality)
            .claim(Claim::equals(
                "EG+ with γ = 1/L converges exactly where α < 1 + 2ρL: cells of (ρL, α) of which this is not true",
                0.0,
                linear.mismatches as f64,
                0.0,
            ))
            .against(linear.rival as f64, "as many as with α < 1 + ρL")
            .headline()
            .claim(Claim::at_most(
                "EG+ with γ = 1/L: its factor is √(1 − 2α(1 − ρL)(1 + 2ρL − α)), largest relative distance",
                0.0,
                linear.apart,
                1e-12,
            ))
            .identity()
            .claim(alpha)
            .measured_as("largest_alpha")
            .claim(Claim::equals(
                "EG+ with γ = 1/L: α = 1/2 is good down to ρL = −1/4, where the first theorem stops at −1/8: least ρL at which EG+ comes nearer",
                -0.25,
                linear.half,
                1e-6,
            ))
            .against(-0.125, "as far as the theorem of 2021")
            .measured_as("least_rho_l_at_half")
            .claim(Claim::equals(
                "EG+ with γ = 1/L: the smaller α the better, at α = 0.001 the least ρL is −(1 − α)/2, next to −1/2",
                -0.5 * (1.0 - 0.001),
                linear.all,
                1e-6,
            ))
            .against(-0.25, "no further than α = 1/2")
            .measured_as("least_rho_l_at_small_alpha")
            .claim(Claim::greater_than(
                "EG+ with γ = 1/L: at ρL = −1/2 no α in (0, 1] comes nearer, least factor",
                1.0,
                linear.at_limit,
                0.0,
            ))
            .claim(Claim::equals(
                "−1/2L is a limit for γ ≤ 1/L alone: at ρL = −0.55 and α = 0.001 EG+ comes nearer from γL = c/(1 − 2c²) on, c = 0.55",
                c / (1.0 - 2.0 * c * c),
                linear.longer,
                // What α changes, to first order: αg|1 − gλ/L|²/2 over the slope 1 − 2c² of c − g(1 − 2c²).
                small * 1.4 * (1.0 + 2.8 * c + 1.96) / (1.0 - 2.0 * c * c),
            ))
            .against(1.0, "γ = 1/L")
            .measured_as("least_gamma_l_beyond")
    }
}
