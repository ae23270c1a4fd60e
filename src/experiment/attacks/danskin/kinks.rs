//! The theorem itself: D_γ f from maximisers that ascents find, beside difference quotients of f.

use ndarray::{Array1, Array2, array};
use rand::RngExt;

use crate::attack::{LinearAttack, Maximisers, Payoff, Plane, directional_derivative, maximisers};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::optimise::{Ball, Cuboid, Norm, Set};
use crate::rng::stream;
use crate::stats::larger;

/// The step h of a difference quotient.
pub(super) const H: f64 = 1e-6;

/// What values within this of the largest are: equal.
pub(super) const SLACK: f64 = 1e-9;

/// Steps of an ascent in the plane: a start 10⁻¹⁰ beside the middle comes to its end.
const CLIMB: usize = 40;

/// The largest distances of difference quotients from a formula, each in units of what h and rounding allow.
pub(super) struct Checked {
    pub(super) places: usize,
    /// Of max⟨γ, g⟩ over all maximisers.
    pub(super) all: f64,
    /// Of ⟨γ, g⟩ at the first maximiser.
    pub(super) one: f64,
}

/// y from 0 to 1.
pub(super) fn interval() -> Cuboid {
    Cuboid {
        low: vec![0.0],
        high: vec![1.0],
    }
}

/// The maximisers in the plane at x, from these starts.
pub(super) fn in_plane(x: [f64; 2], starts: &Array2<f64>) -> Result<Maximisers> {
    maximisers(&Plane, &interval(), &x, starts, 1.0, CLIMB)?.within(SLACK)
}

/// From both ends: all maximisers.
pub(super) fn both_ends() -> Array2<f64> {
    array![[0.0], [1.0]]
}

impl Checked {
    /// At random places of the plane, half of them on its kink, and at random weights of a linear model under attack, half of
    /// them with zeros.
    pub(super) fn at_random(seed: u64, places: usize) -> Result<Self> {
        let mut found = Self {
            places: 2 * places,
            all: 0.0,
            one: 0.0,
        };
        let rng = &mut stream(seed, "places", 0);
        for index in 0..places {
            let unit = |v: Array1<f64>| &v / v.dot(&v).sqrt();
            let kink = index.is_multiple_of(2);
            let draw = gaussian(2, 2, rng)?;
            // Beside the kink far enough that a difference quotient does not cross it.
            let beside = draw[[0, 1]] + 0.1_f64.copysign(draw[[0, 1]]);
            let x = [draw[[0, 0]], if kink { 0.0 } else { beside }];
            let gamma = unit(draw.row(1).to_owned());
            let set = in_plane(x, &both_ends())?;
            // f is a parabola on either side of the kink, of curvature 2.
            let quotient =
                (Plane::worst([x[0] + H * gamma[0], x[1] + H * gamma[1]]) - Plane::worst(x)) / H;
            found.take(
                &set,
                &gamma,
                quotient,
                H + 8.0 * f64::EPSILON * Plane::worst(x) / H,
            )?;

            let d = 6;
            let draw = gaussian(3, d, rng)?;
            let mut w = draw.row(0).mapv(|w| w + 0.1_f64.copysign(w));
            let zeros = if kink { 1 + index / 2 % 3 } else { 0 };
            w.slice_mut(ndarray::s![..zeros]).fill(0.0);
            let attack = LinearAttack {
                input: draw.row(1).to_vec(),
                label: if rng.random::<bool>() { 1.0 } else { -1.0 },
                epsilon: 0.2,
            };
            let gamma = unit(draw.row(2).to_owned());
            let set = corners(&attack, w.as_slice().expect("made in order"), zeros)?;
            let moved = &w + &(&gamma * H);
            let worst = |w: &Array1<f64>| attack.worst(w.as_slice().expect("made in order"));
            let quotient = (worst(&moved) - worst(&w)) / H;
            // The logistic loss has a curvature of at most ¼‖a + δ‖².
            let length: f64 = attack.input.iter().map(|a| (a.abs() + 0.2).powi(2)).sum();
            let allowed = length / 8.0 * H + 8.0 * f64::EPSILON * (1.0 + worst(&w)) / H;
            found.take(&set, &gamma, quotient, allowed)?;
        }
        Ok(found)
    }

    fn take(
        &mut self,
        set: &Maximisers,
        gamma: &Array1<f64>,
        quotient: f64,
        allowed: f64,
    ) -> Result<()> {
        let all = directional_derivative(&set.gradients, gamma)?;
        let one = set.gradients.row(0).dot(gamma);
        self.all = larger(self.all, (quotient - all).abs() / allowed);
        self.one = larger(self.one, (quotient - one).abs() / allowed);
        Ok(())
    }
}

/// The maximisers of the attack that are corners: one start for each pattern of signs where w is 0.
fn corners(attack: &LinearAttack, w: &[f64], zeros: usize) -> Result<Maximisers> {
    let starts = Array2::from_shape_fn((1 << zeros, w.len()), |(pattern, i)| match i < zeros {
        true if pattern >> i & 1 == 1 => attack.epsilon,
        true => -attack.epsilon,
        false => 0.0,
    });
    let ball = Ball::around_zero(Norm::LInf, attack.epsilon, w.len());
    // The slope in δ is at least 0.1·e^(−largest margin): a step this long reaches the side.
    maximisers(attack, &ball, w, &starts, 1e9, 2)?.within(SLACK)
}

/// f(x) = max_{δ ∈ [−1, 1]} xδ = |x|.
pub(super) struct Absolute;

impl Payoff for Absolute {
    fn n_x(&self) -> usize {
        1
    }

    fn n_y(&self) -> usize {
        1
    }

    fn value(&self, x: &[f64], y: &[f64]) -> f64 {
        x[0] * y[0]
    }

    fn by_x(&self, _: &[f64], y: &[f64], gradient: &mut [f64]) {
        gradient[0] = y[0];
    }

    fn by_y(&self, x: &[f64], _: &[f64], gradient: &mut [f64]) {
        gradient[0] = x[0];
    }
}

/// The slide's counterexample at 0 for the maximiser δ = 1: how much a step of length `t` along −∇ₓΦ raises f, and the length of
/// the shortest vector among all gradients, from evenly spread starts.
pub(super) fn absolute(t: f64) -> Result<(f64, f64)> {
    let ball = Ball::around_zero(Norm::LInf, 1.0, 1);
    ball.check(1)?;
    let starts = Array2::from_shape_fn((11, 1), |(i, _)| i as f64 / 5.0 - 1.0);
    let at = |x: f64| maximisers(&Absolute, &ball, &[x], &starts, 1e9, 2);
    let set = at(0.0)?.within(SLACK)?;
    let one = set.gradients.row(set.gradients.nrows() - 1)[0];
    Ok((
        at(-t * one)?.value() - at(0.0)?.value(),
        set.least_norm()?.norm,
    ))
}
