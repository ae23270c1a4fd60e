//! What all methods do as their steps shrink: they follow the flow ż = −V(z).

use crate::error::{Error, Result, check_count, check_finite, check_positive};
use crate::optimise::Field;
use crate::real::norm;
use crate::stats::{larger, smaller};

/// Settings of a [`Walk`].
#[derive(Clone, Debug, PartialEq)]
pub struct FlowSettings {
    /// The most a step may be wrong by, in each entry, as a share of 1 + |z_i|, > 0.
    pub tolerance: f64,
    /// An entry of z beyond this is divergence, > 0.
    pub limit: f64,
    /// The most steps, at least 1.
    pub most_steps: usize,
}

impl Default for FlowSettings {
    /// Errors of 10⁻¹¹ a step; divergence is beyond 10³; at most 10⁵ steps.
    fn default() -> Self {
        Self {
            tolerance: 1e-11,
            limit: 1e3,
            most_steps: 100_000,
        }
    }
}

/// Which way time runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// ż = −V(z): what repels is left.
    Forward,
    /// ż = V(z): what repels attracts.
    Backward,
}

impl Time {
    /// The factor of V: −1 forward.
    fn sign(self) -> f64 {
        match self {
            Self::Forward => -1.0,
            Self::Backward => 1.0,
        }
    }

    /// The other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }
}

/// A point on its way along the flow, by the pair of Runge–Kutta methods of orders 5 and 4 whose coefficients are Dormand and
/// Prince's; a step is as long as their difference allows.
///
/// # Reference
/// Dormand & Prince 1980, "A family of embedded Runge–Kutta formulae", doi:10.1016/0771-050X(80)90013-3.
#[derive(Debug)]
pub struct Walk<'a, F> {
    field: &'a F,
    time: Time,
    settings: FlowSettings,
    /// How long it has been on its way.
    pub t: f64,
    /// Where it is, `(p,)`.
    pub z: Vec<f64>,
    /// ż there, `(p,)`.
    pub speed: Vec<f64>,
    next: f64,
    steps: usize,
}

/// Rows of the coefficients: what share of each earlier slope a stage has.
const STAGES: [&[f64]; 6] = [
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[
        19372.0 / 6561.0,
        -25360.0 / 2187.0,
        64448.0 / 6561.0,
        -212.0 / 729.0,
    ],
    &[
        9017.0 / 3168.0,
        -355.0 / 33.0,
        46732.0 / 5247.0,
        49.0 / 176.0,
        -5103.0 / 18656.0,
    ],
    &[
        35.0 / 384.0,
        0.0,
        500.0 / 1113.0,
        125.0 / 192.0,
        -2187.0 / 6784.0,
        11.0 / 84.0,
    ],
];

/// The last row less the weights of the method of order 4.
const ERROR: [f64; 7] = [
    71.0 / 57600.0,
    0.0,
    -71.0 / 16695.0,
    71.0 / 1920.0,
    -17253.0 / 339_200.0,
    22.0 / 525.0,
    -1.0 / 40.0,
];

/// A step that was tried.
struct Tried {
    z: Vec<f64>,
    speed: Vec<f64>,
    /// The largest error as a share of what is allowed.
    error: f64,
}

impl<'a, F: Field> Walk<'a, F> {
    /// Begins at `start`, `(p,)`.
    ///
    /// # Errors
    /// A setting out of its range; a start of another length than the field's, or not finite; a field that cannot be asked.
    pub fn new(field: &'a F, start: &[f64], time: Time, settings: &FlowSettings) -> Result<Self> {
        check_positive("the tolerance of the flow", settings.tolerance)?;
        check_positive("the limit of the flow", settings.limit)?;
        check_count("the number of steps of the flow", settings.most_steps)?;
        let p = field.dimension();
        if start.len() != p {
            return Err(Error::shape("the start", format!("({p},)"), &[start.len()]));
        }
        check_finite("the start", start)?;
        let mut walk = Self {
            field,
            time,
            settings: settings.clone(),
            t: 0.0,
            z: start.to_vec(),
            speed: vec![0.0; p],
            next: 1e-3,
            steps: 0,
        };
        walk.speed = walk.slope(start)?;
        Ok(walk)
    }

    fn slope(&self, z: &[f64]) -> Result<Vec<f64>> {
        let mut v = vec![0.0; z.len()];
        self.field.at(z, &mut v)?;
        let sign = self.time.sign();
        v.iter_mut().for_each(|v| *v *= sign);
        Ok(v)
    }

    fn attempt(&self, h: f64) -> Result<Tried> {
        let mut slopes = vec![self.speed.clone()];
        let mut z = self.z.clone();
        for row in STAGES {
            for (i, z) in z.iter_mut().enumerate() {
                let pairs = row.iter().zip(&slopes);
                *z = self.z[i] + h * pairs.map(|(share, slope)| share * slope[i]).sum::<f64>();
            }
            slopes.push(self.slope(&z)?);
        }
        let mut error = 0.0;
        for i in 0..z.len() {
            let pairs = ERROR.iter().zip(&slopes);
            let wrong = h * pairs.map(|(share, slope)| share * slope[i]).sum::<f64>();
            let allowed = self.settings.tolerance * (1.0 + larger(self.z[i].abs(), z[i].abs()));
            error = larger(error, wrong.abs() / allowed);
        }
        let speed = slopes.pop().expect("seven slopes");
        Ok(Tried { z, speed, error })
    }

    fn take(&mut self, h: f64, tried: Tried) {
        self.t += h;
        self.z = tried.z;
        self.speed = tried.speed;
        self.steps += 1;
    }

    /// Whether it is still within the limit and has steps left.
    fn goes_on(&self) -> bool {
        let inside = self.z.iter().all(|z| z.abs() <= self.settings.limit);
        inside && self.steps < self.settings.most_steps
    }

    /// One step, of at most `most` > 0; false where it has left the limit or has no steps left.
    ///
    /// # Errors
    /// A field that cannot be asked.
    pub fn step(&mut self, most: f64) -> Result<bool> {
        loop {
            if !self.goes_on() {
                return Ok(false);
            }
            let h = smaller(self.next, most);
            let tried = self.attempt(h)?;
            // Of a step of order 5 the error falls as h⁵; 0.9 is caution. NaN makes it ten times shorter.
            let factor = match tried.error.is_finite() {
                true => (0.9 * tried.error.powf(-0.2)).clamp(0.1, 5.0),
                false => 0.1,
            };
            if tried.error <= 1.0 {
                // A step that was cut short says nothing against a longer one.
                if h == self.next || factor < 1.0 {
                    self.next = h * factor;
                }
                self.take(h, tried);
                return Ok(self.goes_on());
            }
            self.next = h * factor;
            if self.t + self.next == self.t {
                self.steps = self.settings.most_steps;
            }
        }
    }

    /// On until time `t`; false where it does not come so far.
    ///
    /// # Errors
    /// A field that cannot be asked.
    pub fn until(&mut self, t: f64) -> Result<bool> {
        while self.t < t {
            let rest = t - self.t;
            if !self.step(rest)? {
                return Ok(false);
            }
            if t - self.t <= rest * 1e-15 {
                self.t = t;
            }
        }
        Ok(true)
    }

    /// Moves on, or back, to where `height` is 0, a function of the place that `climb` is the rate of along the flow: Newton's
    /// method on the length of a step. For what was just stepped over.
    ///
    /// # Errors
    /// A field that cannot be asked.
    pub fn settle(
        &mut self,
        height: impl Fn(&[f64]) -> f64,
        climb: impl Fn(&[f64]) -> f64,
    ) -> Result<()> {
        for _ in 0..8 {
            let h = -height(&self.z) / climb(&self.speed);
            if !h.is_finite() || self.t + h == self.t {
                break;
            }
            let tried = self.attempt(h)?;
            self.take(h, tried);
        }
        Ok(())
    }
}

/// Where the flow comes to from `start` in time `t` > 0; none where it leaves the limit or has no steps left.
///
/// # Errors
/// A setting out of its range; a start of another length than the field's, or not finite; a field that cannot be asked.
///
/// ```
/// use dltheory::game::{FlowSettings, Time, arena::Bilinear, flow};
/// let half = std::f64::consts::PI;
/// let z = flow(&Bilinear, &[1.0, 0.0], half, Time::Forward, &FlowSettings::default())?.expect("it circles");
/// assert!((z[0] + 1.0).abs() < 1e-8 && z[1].abs() < 1e-8);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn flow(
    field: &impl Field,
    start: &[f64],
    t: f64,
    time: Time,
    settings: &FlowSettings,
) -> Result<Option<Vec<f64>>> {
    check_positive("the time of the flow", t)?;
    let mut walk = Walk::new(field, start, time, settings)?;
    Ok(walk.until(t)?.then_some(walk.z))
}

/// The field that a method of step α follows up to α², where the flow of V itself is right up to α only: what its iterates
/// are the points of, by backward error analysis.
///
/// z ← z − αV(z) − … expands to z + αf + cα²f′f, f = −V, with c = 0 for GDA, 1 for EG, OGDA and PPM, 1/share for EG+. A flow ż = g
/// over time α gives z + αg + ½α²g′g; so g = f + α(c − ½)f′f, that is V − α(c − ½)JV for V.
///
/// # Reference
/// Lu 2020, "An O(s^r)-resolution ODE framework for understanding discrete-time algorithms and applications to the linear
/// convergence of minimax problems", arXiv:2001.08826.
#[derive(Clone, Copy, Debug)]
pub struct Followed<G> {
    /// V.
    pub game: G,
    /// α(c − ½).
    pub lead: f64,
}

impl<G: super::Game> Field for Followed<G> {
    fn dimension(&self) -> usize {
        self.game.dimension()
    }

    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        self.game.at(z, v)?;
        if self.lead == 0.0 {
            return Ok(());
        }
        let j = self.game.jacobian(z)?;
        let old = v.to_vec();
        for (v, row) in v.iter_mut().zip(j.rows()) {
            let product: f64 = row.iter().zip(&old).map(|(j, v)| j * v).sum();
            *v -= self.lead * product;
        }
        Ok(())
    }
}

/// ‖V(z)‖.
///
/// # Errors
/// A field that cannot be asked.
pub(super) fn field_norm(field: &impl Field, z: &[f64]) -> Result<f64> {
    let mut v = vec![0.0; z.len()];
    field.at(z, &mut v)?;
    Ok(norm([&v[..]]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::{Bilinear, Polar, Quadratic};

    /// e^(−bt)(cos at, sin at), forward and back again.
    #[test]
    fn a_spiral_is_followed_and_followed_back() {
        let (game, t) = (Quadratic { a: 1.5, b: 0.3 }, 7.0);
        let settings = FlowSettings::default();
        let z = flow(&game, &[1.0, 0.0], t, Time::Forward, &settings).expect("valid");
        let z = z.expect("it stays");
        let (size, turn) = ((-0.3 * t).exp(), 1.5 * t);
        let expected = [size * turn.cos(), size * turn.sin()];
        assert!((z[0] - expected[0]).abs() < 1e-9 && (z[1] - expected[1]).abs() < 1e-9);
        let back = flow(&game, &z, t, Time::Backward, &settings).expect("valid");
        let back = back.expect("it stays");
        assert!((back[0] - 1.0).abs() < 1e-8 && back[1].abs() < 1e-8);
    }

    /// 2⁵ less error a step where the tolerance says so, and none left at 10⁻¹¹.
    #[test]
    fn the_tolerance_is_what_is_got() {
        let error = |tolerance: f64| {
            let settings = FlowSettings {
                tolerance,
                ..FlowSettings::default()
            };
            let z = flow(&Bilinear, &[1.0, 0.0], 20.0, Time::Forward, &settings);
            let z = z.expect("valid").expect("it circles");
            (z[0] - 20.0_f64.cos()).hypot(z[1] - 20.0_f64.sin())
        };
        assert!(error(1e-6) < 1e-4 && error(1e-6) > 1e-8);
        assert!(error(1e-11) < 1e-9);
    }

    /// Outside its repelling cycle the polar game leaves for infinity backwards, in finite time.
    #[test]
    fn what_leaves_is_told() {
        let settings = FlowSettings::default();
        let gone = flow(
            &Polar::default(),
            &[1.1, 0.0],
            50.0,
            Time::Backward,
            &settings,
        );
        assert_eq!(gone.expect("valid"), None);
        let stays = flow(
            &Polar::default(),
            &[0.9, 0.0],
            30.0,
            Time::Forward,
            &settings,
        );
        let z = stays.expect("valid").expect("it stays");
        assert!((z[0].hypot(z[1]) - 1.0).abs() < 1e-9, "{z:?}");
    }

    /// One step of a method is what its field's flow does in time α, up to α³.
    #[test]
    fn a_method_follows_its_own_field() {
        let game = crate::game::arena::Forsaken::default();
        let start = [0.8, -0.5];
        let value = |z: &[f64]| {
            let mut v = [0.0; 2];
            game.at(z, &mut v).expect("planar");
            v
        };
        let gap = |c: f64, alpha: f64| {
            let v = value(&start);
            let ahead = [start[0] - alpha * v[0], start[1] - alpha * v[1]];
            let moved = match c {
                0.0 => ahead,
                _ => {
                    let v = value(&ahead);
                    [start[0] - alpha * v[0], start[1] - alpha * v[1]]
                }
            };
            let followed = Followed {
                game,
                lead: alpha * (c - 0.5),
            };
            let settings = FlowSettings {
                tolerance: 1e-14,
                ..FlowSettings::default()
            };
            let z = flow(&followed, &start, alpha, Time::Forward, &settings);
            let z = z.expect("valid").expect("it stays");
            (z[0] - moved[0]).hypot(z[1] - moved[1])
        };
        for c in [0.0, 1.0] {
            let order = (gap(c, 0.01) / gap(c, 0.005)).log2();
            assert!((order - 3.0).abs() < 0.3, "{c}: {order}");
        }
    }
}
