//! The three forms of robustness to actions, told apart, and each of them as a game of two numbers.

use ndarray::{Array2, array};

use super::ScalarLq;
use crate::error::{Error, Result, check_positive};
use crate::game::Game;
use crate::optimise::{Cuboid, Field};

/// How the adversary's action ν(s) meets the agent's μ(s).
///
/// # Reference
/// Noisy and probabilistic: Tessler, Efroni & Mannor 2019, arXiv:1901.09184; noisy in two-player training: Kamalaruban, Huang, Hsieh,
/// Rolland, Shi & Cevher 2020, arXiv:2002.06063.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// (1 − δ)μ(s) + δν(s) is done: both act at once, always.
    Noisy,
    /// ν(s) is done with probability δ, μ(s) otherwise, anew at every step: one of them acts.
    Probabilistic,
    /// μ(s) + δν(s) is done: the agent keeps all of his action, and the adversary pushes.
    Additive,
}

impl Form {
    /// All three, in the order of the names.
    pub const ALL: [Self; 3] = [Self::Noisy, Self::Probabilistic, Self::Additive];

    /// Their names.
    pub const NAMES: [&'static str; 3] = ["noisy", "probabilistic", "additive"];

    /// The form of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let at = Self::NAMES.iter().position(|known| *known == name)?;
        Some(Self::ALL[at])
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// What is done of an action of each: `taken` in [0, 1) is a uniform number, which the probabilistic form alone looks at.
    #[must_use]
    pub fn act(self, delta: f64, agent: f64, adversary: f64, taken: f64) -> f64 {
        match self {
            Self::Noisy => (1.0 - delta) * agent + delta * adversary,
            Self::Probabilistic if taken < delta => adversary,
            Self::Probabilistic => agent,
            Self::Additive => agent + delta * adversary,
        }
    }

    /// By how much what is done moves with the agent's action and with the adversary's; of the probabilistic form the means.
    #[must_use]
    pub fn shares(self, delta: f64) -> (f64, f64) {
        match self {
            Self::Noisy | Self::Probabilistic => (1.0 - delta, delta),
            Self::Additive => (1.0, delta),
        }
    }
}

/// The linear quadratic process with an adversary: the agent has μ(s) = −θs and pays C, the adversary ν(s) = ωs with |ω| ≤ ω̄ and gets it.
/// z = (θ, ω).
///
/// Noisy and additive: u = −κs with κ = σθ − δω, σ = 1 − δ or 1. The payoff C(κ) is convex in ω too, so that a pure ω would have to be at
/// an end; at the best θ both ends pay the same, and against either alone the agent would move. The equilibrium is a coin for ω.
///
/// Probabilistic: E s_(t+1)² = ((1 − δ)(a − bθ)² + δ(a + bω)²) E s_t², and C(θ, ω) is the mean of 1 + r u² over 1 − γ times this factor. The
/// end of ω with the sign of a is the worse one whatever θ is: the equilibrium is pure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RobustLq {
    /// The process.
    pub lq: ScalarLq,
    /// δ in (0, 1), the adversary's share.
    pub delta: f64,
    /// ω̄ > 0.
    pub omega: f64,
    /// How the two meet.
    pub form: Form,
}

/// Where the game is in equilibrium.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equilibrium {
    /// θ.
    pub theta: f64,
    /// The value, C.
    pub cost: f64,
    /// The probability of ω = ω̄; of −ω̄ otherwise.
    pub share_up: f64,
}

/// Numerator and denominator of C with their first and second derivatives: value, (θ, ω), (θθ, θω, ωω).
struct Ratio {
    n: (f64, [f64; 2], [f64; 3]),
    d: (f64, [f64; 2], [f64; 3]),
}

impl RobustLq {
    /// Checks the numbers, and that some θ keeps the cost finite whatever the adversary does.
    ///
    /// # Errors
    /// One is out of its range, or δ and ω̄ are together too large.
    pub fn check(&self) -> Result<()> {
        self.lq.check()?;
        check_positive("the adversary's largest gain ω̄", self.omega)?;
        if !(self.delta > 0.0 && self.delta < 1.0) {
            let expected = "between 0 and 1";
            return Err(Error::domain("the adversary's share δ", expected, self.delta));
        }
        if self.reach().is_nan() {
            let ScalarLq { a, b, gamma, .. } = self.lq;
            let limit = match self.form {
                Form::Probabilistic => 1.0 / (gamma * (a.abs() + b * self.omega).powi(2)),
                Form::Noisy | Form::Additive => 1.0 / (gamma.sqrt() * b * self.omega),
            };
            let expected = format!("below {limit:.4} for this ω̄, else no gain keeps the cost finite");
            return Err(Error::domain("the adversary's share δ", expected, self.delta));
        }
        Ok(())
    }

    /// How far the adversary moves the gain κ: h = δω̄.
    #[must_use]
    pub fn shift(&self) -> f64 {
        self.delta * self.omega
    }

    /// The largest |q| = √γ|a − bθ'| that keeps the cost finite against every ω, θ' the gain the agent makes; NaN if there is none.
    fn reach(&self) -> f64 {
        let ScalarLq { a, b, gamma, .. } = self.lq;
        let room = match self.form {
            Form::Probabilistic => {
                let taken = gamma * self.delta * (a.abs() + b * self.omega).powi(2);
                let left = (1.0 - taken) / (1.0 - self.delta);
                if left > 0.0 { left.sqrt() } else { -1.0 }
            }
            Form::Noisy | Form::Additive => 1.0 - gamma.sqrt() * b * self.shift(),
        };
        if room > 0.0 { room } else { f64::NAN }
    }

    /// The agent's gain by itself, over θ: 1 − δ in the noisy form, where δ of his action is lost.
    fn scale(&self) -> f64 {
        match self.form {
            Form::Noisy => 1.0 - self.delta,
            Form::Probabilistic | Form::Additive => 1.0,
        }
    }

    /// Where it is played: |ω| ≤ ω̄, and θ within `share` < 1 of the pulls that keep the cost finite.
    #[must_use]
    pub fn region(&self, share: f64) -> Cuboid {
        let q = share * self.reach();
        let ends = [q, -q].map(|q| self.lq.gain_at(q) / self.scale());
        Cuboid {
            low: vec![ends[0], -self.omega],
            high: vec![ends[1], self.omega],
        }
    }

    /// C(θ, ω), ∞ where it is not finite.
    #[must_use]
    pub fn cost(&self, theta: f64, omega: f64) -> f64 {
        let Ratio { n, d } = self.ratio(theta, omega);
        if d.0 <= 0.0 { f64::INFINITY } else { n.0 / d.0 }
    }

    /// ∂C/∂θ and ∂C/∂ω; NaN where C is infinite.
    #[must_use]
    pub fn slopes(&self, theta: f64, omega: f64) -> [f64; 2] {
        let Ratio { n, d } = self.ratio(theta, omega);
        if d.0 <= 0.0 {
            return [f64::NAN; 2];
        }
        let cost = n.0 / d.0;
        [0, 1].map(|i| (n.1[i] - cost * d.1[i]) / d.0)
    }

    /// The larger of C(θ, ω̄) and C(θ, −ω̄): the worst of all ω, since C has no local maximum in ω inside.
    #[must_use]
    pub fn worst(&self, theta: f64) -> f64 {
        let [up, down] = [self.omega, -self.omega].map(|omega| self.cost(theta, omega));
        crate::stats::larger(up, down)
    }

    /// The equilibrium: by [`ScalarLq::robust_optimum`], or of the probabilistic form by its own Riccati recursion
    /// P ← 1 + δ(rω̄² + γ(a ± bω̄)²P) + (1 − δ)(γa²P − (γabP)²/(r + γb²P)).
    ///
    /// # Errors
    /// As for [`check`](Self::check).
    pub fn equilibrium(&self) -> Result<Equilibrium> {
        self.check()?;
        match self.form {
            Form::Noisy | Form::Additive => {
                let found = self.lq.robust_optimum(self.shift())?;
                Ok(Equilibrium {
                    theta: found.centre / self.scale(),
                    cost: found.cost,
                    // κ = c − δω: up is below.
                    share_up: 1.0 - found.share_above,
                })
            }
            Form::Probabilistic => {
                let ScalarLq { a, b, r, gamma } = self.lq;
                let (delta, omega) = (self.delta, self.omega);
                let pushed = gamma * (a.abs() + b * omega).powi(2);
                let (mut p, mut theta) = (0.0, 0.0);
                for _ in 0..1_000_000 {
                    theta = gamma * a * b * p / (r + gamma * b * b * p);
                    let agent = gamma * a * a * p - theta * gamma * a * b * p;
                    let next =
                        1.0 + delta * (r * omega * omega + pushed * p) + (1.0 - delta) * agent;
                    if (next - p).abs() <= 1e-15 * next {
                        break;
                    }
                    p = next;
                }
                Ok(Equilibrium {
                    theta,
                    cost: self.worst(theta),
                    share_up: if a >= 0.0 { 1.0 } else { 0.0 },
                })
            }
        }
    }

    fn ratio(&self, theta: f64, omega: f64) -> Ratio {
        let ScalarLq { a, b, r, gamma } = self.lq;
        let delta = self.delta;
        match self.form {
            Form::Noisy | Form::Additive => {
                let by = [self.scale(), -delta];
                let kappa = by[0] * theta + by[1] * omega;
                let pull = a - b * kappa;
                let pairs = [by[0] * by[0], by[0] * by[1], by[1] * by[1]];
                Ratio {
                    n: (
                        1.0 + r * kappa * kappa,
                        by.map(|s| 2.0 * r * kappa * s),
                        pairs.map(|s| 2.0 * r * s),
                    ),
                    d: (
                        1.0 - gamma * pull * pull,
                        by.map(|s| 2.0 * gamma * b * pull * s),
                        pairs.map(|s| -2.0 * gamma * b * b * s),
                    ),
                }
            }
            Form::Probabilistic => {
                let (own, other) = (1.0 - delta, delta);
                let (left, right) = (a - b * theta, a + b * omega);
                let (n2, d2) = (2.0 * r, -2.0 * gamma * b * b);
                Ratio {
                    n: (
                        1.0 + r * (own * theta * theta + other * omega * omega),
                        [2.0 * r * own * theta, 2.0 * r * other * omega],
                        [n2 * own, 0.0, n2 * other],
                    ),
                    d: (
                        1.0 - gamma * (own * left * left + other * right * right),
                        [
                            2.0 * gamma * b * own * left,
                            -2.0 * gamma * b * other * right,
                        ],
                        [d2 * own, 0.0, d2 * other],
                    ),
                }
            }
        }
    }
}

impl Field for RobustLq {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let [theta, omega] = self.slopes(z[0], z[1]);
        v.copy_from_slice(&[theta, -omega]);
        Ok(())
    }
}

impl Game for RobustLq {
    fn payoff(&self, z: &[f64]) -> f64 {
        self.cost(z[0], z[1])
    }

    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        let Ratio { n, d } = self.ratio(z[0], z[1]);
        let cost = n.0 / d.0;
        let slopes = self.slopes(z[0], z[1]);
        // C_ij = (N_ij − C_i D_j − C_j D_i − C D_ij)/D.
        let second = |at: usize, i: usize, j: usize| {
            (n.2[at] - slopes[i] * d.1[j] - slopes[j] * d.1[i] - cost * d.2[at]) / d.0
        };
        let (xx, xy, yy) = (second(0, 0, 0), second(1, 0, 1), second(2, 1, 1));
        Ok(array![[xx, xy], [-xy, -yy]])
    }
}

#[cfg(test)]
mod tests {
    use super::super::lqr::tests::SOME;
    use super::*;

    fn games() -> impl Iterator<Item = RobustLq> {
        SOME.into_iter().flat_map(|lq| {
            Form::ALL.map(|form| {
                let whole = RobustLq { lq, delta: 0.15, omega: 1.0, form };
                let limit = match form {
                    Form::Probabilistic => (0.4 / (0.15 * lq.gamma)).sqrt() - lq.a.abs(),
                    _ => 0.4 / (0.15 * lq.gamma.sqrt()),
                };
                RobustLq { omega: limit.max(0.1) / lq.b, ..whole }
            })
        })
    }

    #[test]
    fn derivatives_are_differences() {
        for game in games() {
            game.check().expect("finite");
            let region = game.region(0.5);
            let z = [
                0.7 * region.low[0] + 0.3 * region.high[0],
                0.4 * game.omega,
            ];
            let jacobian = game.jacobian(&z).expect("planar");
            let d = 1e-5;
            for i in 0..2 {
                let at = |by: f64| {
                    let mut z = z;
                    z[i] += by;
                    z
                };
                let cost = |z: [f64; 2]| game.cost(z[0], z[1]);
                let slope = (cost(at(d)) - cost(at(-d))) / (2.0 * d);
                let found = game.slopes(z[0], z[1])[i];
                assert!((slope - found).abs() < 1e-5 * (1.0 + slope.abs()), "{game:?}");
                let field = |z: [f64; 2]| {
                    let mut v = [0.0; 2];
                    game.at(&z, &mut v).expect("planar");
                    v
                };
                let (up, down) = (field(at(d)), field(at(-d)));
                for j in 0..2 {
                    let slope = (up[j] - down[j]) / (2.0 * d);
                    let found = jacobian[[j, i]];
                    assert!((slope - found).abs() < 1e-4 * (1.0 + slope.abs()), "{game:?}");
                }
            }
        }
    }

    /// θ by a search, ω by a grid.
    #[test]
    fn the_equilibrium_is_the_least_worst() {
        for game in games() {
            let found = game.equilibrium().expect("finite");
            let worst = (0..=400).map(|k| {
                let omega = game.omega * (f64::from(k) / 200.0 - 1.0);
                game.cost(found.theta, omega)
            });
            let worst = crate::stats::largest(worst);
            assert!((worst - found.cost).abs() < 1e-9 * worst, "{game:?} {found:?}");
            for aside in [-1e-3, 1e-3] {
                assert!(game.worst(found.theta + aside) > found.cost, "{game:?} {found:?}");
            }
            // Against his law the agent does not gain.
            let slope = |omega| game.slopes(found.theta, omega)[0];
            let mean = found.share_up * slope(game.omega)
                + (1.0 - found.share_up) * slope(-game.omega);
            assert!(mean.abs() < 1e-6 * found.cost, "{game:?} {mean}");
        }
        let wild = RobustLq { lq: SOME[0], delta: 0.9, omega: 5.0, form: Form::Noisy };
        assert!(wild.check().expect_err("infinite").to_string().contains("share δ"));
    }

    #[test]
    fn the_three_forms_are_three() {
        for (form, done) in Form::ALL.into_iter().zip([0.9, 1.0, 1.1]) {
            // μ = 1, ν = 1 at δ = 0.1, with ν = 0 in the noisy form.
            let adversary = if form == Form::Noisy { 0.0 } else { 1.0 };
            assert!((form.act(0.1, 1.0, adversary, 0.5) - done).abs() < 1e-15);
            assert_eq!(Form::named(form.name()), Some(form));
        }
        assert_eq!(Form::Probabilistic.act(0.1, 1.0, -3.0, 0.05), -3.0);
        assert_eq!(Form::named("typo"), None);
    }

    /// The second moment by walks of the probabilistic form.
    #[test]
    fn the_probabilistic_cost_is_a_mean_over_walks() {
        use crate::rng::stream;
        use rand::RngExt;
        let game = RobustLq { lq: SOME[0], delta: 0.2, omega: 0.5, form: Form::Probabilistic };
        let mut rng = stream(4, "walks", 0);
        let (theta, omega) = (1.0, 0.5);
        let walks = (0..20_000).map(|_| {
            game.lq.paid(150, |s| game.form.act(0.2, -theta * s, omega * s, rng.random()))
        });
        let found = crate::stats::Estimate::of(walks, |c| c).expect("many");
        assert!(found.distance(game.cost(theta, omega)) < 4.0, "{found}");
    }
}
