//! One state, one action, quadratic costs: gains in closed form, with an adversary too.

use crate::error::{Error, Result, check_positive};

/// s_(t+1) = a s_t + b u_t, with the cost s_t² + r u_t² at every step t = 0, 1, …, discounted by γᵗ. Under u = −κs the cost from s is
/// C(κ) s², C(κ) = (1 + rκ²)/(1 − γ(a − bκ)²), as long as γ(a − bκ)² < 1, and infinite otherwise. The return is J = −C(κ) E S₀².
///
/// With q = √γ(a − bκ) it is C = −r/(γb²) + A/(1 − q) + B/(1 + q), where 2A and 2B are 1 + rκ² at q = 1 and at q = −1. Both are positive:
/// C is strictly convex in κ, and grows to ∞ at both ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScalarLq {
    /// a.
    pub a: f64,
    /// b > 0.
    pub b: f64,
    /// r > 0, the price of the action.
    pub r: f64,
    /// γ in (0, 1).
    pub gamma: f64,
}

/// A gain κ and its cost C(κ).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// κ.
    pub kappa: f64,
    /// C(κ).
    pub cost: f64,
}

/// The best centre c where the adversary moves κ to anywhere within [c − h, c + h].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RobustGain {
    /// c.
    pub centre: f64,
    /// C(c + h) = C(c − h), the worst there and the least possible worst.
    pub cost: f64,
    /// The probability with which the adversary takes c + h in the equilibrium, and c − h otherwise: only then does the agent not
    /// gain by moving c. NaN for h = 0.
    pub share_above: f64,
}

impl ScalarLq {
    /// Checks the numbers.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<()> {
        crate::error::check_finite("the factor a of the state", [&self.a])?;
        check_positive("the factor b of the action", self.b)?;
        check_positive("the price r of the action", self.r)?;
        if !(self.gamma > 0.0 && self.gamma < 1.0) {
            return Err(Error::domain("the discount γ", "between 0 and 1", self.gamma));
        }
        Ok(())
    }

    /// q = √γ(a − bκ): the return is finite where |q| < 1.
    #[must_use]
    pub fn pull(&self, kappa: f64) -> f64 {
        self.gamma.sqrt() * (self.a - self.b * kappa)
    }

    /// The κ at which the pull is `q`.
    #[must_use]
    pub fn gain_at(&self, q: f64) -> f64 {
        (self.a - q / self.gamma.sqrt()) / self.b
    }

    /// C(κ), ∞ where the return is not finite.
    #[must_use]
    pub fn cost(&self, kappa: f64) -> f64 {
        let q = self.pull(kappa);
        match q.abs() < 1.0 {
            true => (1.0 + self.r * kappa * kappa) / (1.0 - q * q),
            false if q.is_nan() => f64::NAN,
            false => f64::INFINITY,
        }
    }

    /// A and B.
    #[must_use]
    pub fn poles(&self) -> (f64, f64) {
        let half = |q: f64| 0.5 * (1.0 + self.r * self.gain_at(q).powi(2));
        (half(1.0), half(-1.0))
    }

    /// C'(κ) = −√γ b (A/(1 − q)² − B/(1 + q)²); NaN where C is infinite.
    #[must_use]
    pub fn slope(&self, kappa: f64) -> f64 {
        let (q, (above, below)) = (self.pull(kappa), self.poles());
        match q.abs() < 1.0 {
            true => {
                let parts = above / (1.0 - q).powi(2) - below / (1.0 + q).powi(2);
                -self.gamma.sqrt() * self.b * parts
            }
            false => f64::NAN,
        }
    }

    /// C''(κ) = 2γb² (A/(1 − q)³ + B/(1 + q)³) > 0; NaN where C is infinite.
    #[must_use]
    pub fn curvature(&self, kappa: f64) -> f64 {
        let (q, (above, below)) = (self.pull(kappa), self.poles());
        match q.abs() < 1.0 {
            true => {
                let parts = above / (1.0 - q).powi(3) + below / (1.0 + q).powi(3);
                2.0 * self.gamma * self.b * self.b * parts
            }
            false => f64::NAN,
        }
    }

    /// The best gain: C'(κ) = 0 at q = (√B − √A)/(√B + √A).
    #[must_use]
    pub fn optimum(&self) -> Gain {
        let (above, below) = self.poles();
        let (above, below) = (above.sqrt(), below.sqrt());
        let kappa = self.gain_at((below - above) / (below + above));
        Gain {
            kappa,
            cost: self.cost(kappa),
        }
    }

    /// The best centre c against κ = c ± h, h ≥ 0: the worst of C over [c − h, c + h] is at an end, since C is convex, and least where
    /// both ends cost the same.
    ///
    /// With D = (A − B)/(A + B) and e = √γ b h, C(c + h) = C(c − h) is Dq² + 2q + D(1 − e²) = 0, so that
    /// q = −D(1 − e²)/(1 + √(1 − D²(1 − e²))).
    ///
    /// # Errors
    /// e ≥ 1: wherever c is, the adversary makes the cost infinite.
    pub fn robust_optimum(&self, h: f64) -> Result<RobustGain> {
        crate::error::check_scale("how far the adversary moves the gain", h)?;
        let e = self.gamma.sqrt() * self.b * h;
        if e >= 1.0 {
            let expected = format!("below {:.4}", h / e);
            return Err(Error::domain(
                "how far the adversary moves the gain",
                expected,
                h,
            ));
        }
        let (above, below) = self.poles();
        let d = (above - below) / (above + below);
        let rest = 1.0 - e * e;
        let centre = self.gain_at(-d * rest / (1.0 + (1.0 - d * d * rest).sqrt()));
        let (up, down) = (self.slope(centre + h), self.slope(centre - h));
        Ok(RobustGain {
            centre,
            cost: self.cost(centre + h),
            share_above: match h > 0.0 {
                true => down / (down - up),
                false => f64::NAN,
            },
        })
    }

    /// One step of the Riccati recursion with an adversary of reach h:
    /// P ← min_c max_± 1 + rκ² + γ(a − bκ)²P, κ = c ± h, which is 1 + γa²P − (γabP)²/(r + γb²P) + (r + γb²P)h², and the c at which it is
    /// taken, γabP/(r + γb²P). At h = 0 it is Riccati's own.
    #[must_use]
    pub fn riccati(&self, p: f64, h: f64) -> (f64, f64) {
        let Self { a, b, r, gamma } = *self;
        let steep = r + gamma * b * b * p;
        let centre = gamma * a * b * p / steep;
        let next = 1.0 + gamma * a * a * p - centre * gamma * a * b * p + steep * h * h;
        (next, centre)
    }

    /// The rest of [`riccati`](Self::riccati) from P = 0, by repetition: what value iteration finds.
    ///
    /// # Errors
    /// It has not settled after 10⁶ steps, as where no centre keeps the cost finite.
    pub fn riccati_rest(&self, h: f64) -> Result<Gain> {
        self.check()?;
        let mut p = 0.0;
        for _ in 0..1_000_000 {
            let (next, kappa) = self.riccati(p, h);
            if (next - p).abs() <= 1e-15 * next {
                return Ok(Gain { kappa, cost: next });
            }
            p = next;
        }
        let expected = "a process whose cost can be kept finite";
        Err(Error::domain("the Riccati recursion", expected, p))
    }

    /// C from s₀ = 1 as it is paid: Σ_(t<steps) γᵗ(s_t² + r u_t²), u_t given by `policy(s_t)`.
    #[must_use]
    pub fn paid(&self, steps: usize, mut policy: impl FnMut(f64) -> f64) -> f64 {
        let (mut s, mut weight, mut sum) = (1.0, 1.0, 0.0);
        for _ in 0..steps {
            let u = policy(s);
            sum += weight * (s * s + self.r * u * u);
            weight *= self.gamma;
            s = self.a * s + self.b * u;
        }
        sum
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::rl) const SOME: [ScalarLq; 4] = [
        ScalarLq { a: 1.1, b: 1.0, r: 0.1, gamma: 0.9 },
        ScalarLq { a: 0.5, b: 2.0, r: 3.0, gamma: 0.99 },
        ScalarLq { a: -1.7, b: 0.4, r: 0.02, gamma: 0.6 },
        ScalarLq { a: 1.5, b: 1.0, r: 2.0, gamma: 0.95 },
    ];

    #[test]
    fn the_cost_is_what_is_paid_and_its_derivatives_are_differences() {
        for lq in SOME {
            let kappa = lq.gain_at(0.3);
            let paid = lq.paid(200, |s| -kappa * s);
            assert!((paid - lq.cost(kappa)).abs() < 1e-9 * paid);
            let (above, below) = lq.poles();
            let parts = above / 0.7 + below / 1.3 - lq.r / (lq.gamma * lq.b * lq.b);
            assert!((parts - paid).abs() < 1e-9 * parts);
            let d = 1e-5;
            let slope = (lq.cost(kappa + d) - lq.cost(kappa - d)) / (2.0 * d);
            let curve = (lq.slope(kappa + d) - lq.slope(kappa - d)) / (2.0 * d);
            assert!((slope - lq.slope(kappa)).abs() < 1e-6 * (1.0 + slope.abs()));
            assert!((curve - lq.curvature(kappa)).abs() < 1e-6 * curve);
        }
    }

    /// Closed form against the recursion against a search.
    #[test]
    fn gains_agree_on_three_routes() {
        for lq in SOME {
            for share in [0.0, 0.2, 0.6] {
                let h = share / (lq.gamma.sqrt() * lq.b);
                let found = lq.robust_optimum(h).expect("finite");
                let rest = lq.riccati_rest(h).expect("settles");
                assert!((found.centre - rest.kappa).abs() < 1e-9 * (1.0 + rest.kappa.abs()));
                assert!((found.cost - rest.cost).abs() < 1e-9 * rest.cost, "{found:?} {rest:?}");
                assert!((lq.cost(found.centre - h) - found.cost).abs() < 1e-9 * found.cost);
                let worst = |c: f64| lq.cost(c - h).max(lq.cost(c + h));
                for aside in [-0.01, 0.01] {
                    assert!(worst(found.centre + aside) > found.cost);
                }
                if share > 0.0 {
                    let p = found.share_above;
                    let slope = p * lq.slope(found.centre + h) + (1.0 - p) * lq.slope(found.centre - h);
                    assert!((0.0..1.0).contains(&p) && slope.abs() < 1e-9);
                } else {
                    let best = lq.optimum();
                    assert!((best.kappa - found.centre).abs() < 1e-12 * (1.0 + best.kappa.abs()));
                }
            }
            assert!(lq.robust_optimum(1.0 / (lq.gamma.sqrt() * lq.b)).is_err());
        }
        assert!(ScalarLq { b: 0.0, ..SOME[0] }.check().is_err());
        assert!(ScalarLq { gamma: 1.0, ..SOME[0] }.check().is_err());
    }
}
