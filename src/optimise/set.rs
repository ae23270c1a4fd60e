//! Convex sets: the nearest point, and the least of a linear function.

use super::Prox;
use crate::error::{Error, Result, check_count, check_finite, check_positive};
use crate::real::norm;
use crate::stats::largest;

/// A bounded convex set in ℝᵖ.
pub trait Set {
    /// Checks the set's own numbers, and that it lies in ℝᵖ.
    ///
    /// # Errors
    /// A radius or a bound out of its range; another dimension.
    fn check(&self, p: usize) -> Result<()>;

    /// x ← the nearest point of the set by Euclidean distance.
    fn project(&self, x: &mut [f64]);

    /// A point of the set where g·s is least, into `s`: what a Frank–Wolfe step moves towards.
    fn minimise_linear(&self, g: &[f64], s: &mut [f64]);
}

/// A set's proximal step is its projection, whatever the step.
impl<S: Set> Prox for S {
    fn fits(&self, p: usize) -> Result<()> {
        self.check(p)
    }

    fn enter(&self, x: &mut [f64]) {
        self.project(x);
    }

    fn prox(&self, x: &mut [f64], _: f64) {
        self.project(x);
    }
}

/// How a vector is measured: in ℓ1, ℓ2 or ℓ∞.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Norm {
    /// Σ|x_i|.
    L1,
    /// √Σx_i².
    #[default]
    L2,
    /// max|x_i|.
    LInf,
}

impl Norm {
    /// All three.
    pub const ALL: [Self; 3] = [Self::L1, Self::L2, Self::LInf];
}

/// All x with ‖x − centre‖ ≤ radius.
///
/// ```
/// use dltheory::optimise::{Ball, Norm, Set};
/// let ball = Ball::around_zero(Norm::L1, 1.0, 2);
/// let mut x = [2.0, 1.0];
/// ball.project(&mut x);
/// assert_eq!(x, [1.0, 0.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ball {
    /// Which norm.
    pub norm: Norm,
    /// The radius, > 0.
    pub radius: f64,
    /// The centre, `(p,)`.
    pub centre: Vec<f64>,
}

impl Ball {
    /// The ball of this radius around 0 in ℝᵖ.
    #[must_use]
    pub fn around_zero(norm: Norm, radius: f64, p: usize) -> Self {
        Self {
            norm,
            radius,
            centre: vec![0.0; p],
        }
    }
}

impl Set for Ball {
    fn check(&self, p: usize) -> Result<()> {
        check_size("the centre of the ball", &self.centre, p)?;
        check_positive("the radius of the ball", self.radius)
    }

    fn project(&self, x: &mut [f64]) {
        let radius = self.radius;
        for (x, c) in x.iter_mut().zip(&self.centre) {
            *x -= c;
        }
        match self.norm {
            Norm::LInf => x.iter_mut().for_each(|x| *x = clamp(*x, -radius, radius)),
            Norm::L2 => {
                let (unit, length) = direction(x);
                if length > radius {
                    let pairs = x.iter_mut().zip(unit);
                    pairs.for_each(|(x, u)| *x = u * radius);
                }
            }
            Norm::L1 => {
                let mut sizes: Vec<f64> = x.iter().map(|x| x.abs()).collect();
                if sizes.iter().sum::<f64>() > radius {
                    shrink(&mut sizes, radius);
                    let pairs = x.iter_mut().zip(sizes);
                    pairs.for_each(|(x, size)| *x = size.copysign(*x));
                }
            }
        }
        for (x, c) in x.iter_mut().zip(&self.centre) {
            *x += c;
        }
    }

    fn minimise_linear(&self, g: &[f64], s: &mut [f64]) {
        s.copy_from_slice(&self.centre);
        match self.norm {
            Norm::LInf => {
                let pairs = s.iter_mut().zip(g).filter(|(_, g)| **g != 0.0);
                pairs.for_each(|(s, g)| *s -= self.radius.copysign(*g));
            }
            Norm::L2 => {
                let (unit, length) = direction(g);
                if length > 0.0 {
                    let pairs = s.iter_mut().zip(unit);
                    pairs.for_each(|(s, u)| *s -= self.radius * u);
                }
            }
            Norm::L1 => {
                if let Some(i) = first_largest(g.iter().map(|g| g.abs())) {
                    s[i] -= self.radius.copysign(g[i]);
                }
            }
        }
    }
}

/// All x with low_i ≤ x_i ≤ high_i.
#[derive(Clone, Debug, PartialEq)]
pub struct Cuboid {
    /// The lower bounds, `(p,)`.
    pub low: Vec<f64>,
    /// The upper bounds, `(p,)`, none below its lower one.
    pub high: Vec<f64>,
}

impl Set for Cuboid {
    fn check(&self, p: usize) -> Result<()> {
        check_size("the lower bounds", &self.low, p)?;
        check_size("the upper bounds", &self.high, p)?;
        let pairs = self.low.iter().zip(&self.high).enumerate();
        for (index, (low, high)) in pairs {
            if low > high {
                let what = format!("the upper bound {index}");
                return Err(Error::domain(&what, format!("at least {low}"), high));
            }
        }
        Ok(())
    }

    fn project(&self, x: &mut [f64]) {
        for ((x, low), high) in x.iter_mut().zip(&self.low).zip(&self.high) {
            *x = clamp(*x, *low, *high);
        }
    }

    fn minimise_linear(&self, g: &[f64], s: &mut [f64]) {
        for (((s, g), low), high) in s.iter_mut().zip(g).zip(&self.low).zip(&self.high) {
            *s = if *g > 0.0 { *low } else { *high };
        }
    }
}

/// All x ≥ 0 that sum to `total`: mixed strategies for total 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simplex {
    /// What the entries sum to, > 0.
    pub total: f64,
}

impl Default for Simplex {
    /// The probability simplex.
    fn default() -> Self {
        Self { total: 1.0 }
    }
}

impl Set for Simplex {
    fn check(&self, p: usize) -> Result<()> {
        check_count("the dimension of the simplex", p)?;
        check_positive("the total of the simplex", self.total)
    }

    /// # Reference
    /// Duchi, Shalev-Shwartz, Singer & Chandra 2008, "Efficient projections onto the ℓ1-ball for learning in high
    /// dimensions", doi:10.1145/1390156.1390191, figure 1.
    fn project(&self, x: &mut [f64]) {
        shrink(x, self.total);
    }

    fn minimise_linear(&self, g: &[f64], s: &mut [f64]) {
        s.fill(0.0);
        if let Some(i) = first_largest(g.iter().map(|g| -g)) {
            s[i] = self.total;
        }
    }
}

/// x ← max(x − θ, 0) with the θ at which the sum is `total`. Everything is measured from the largest entry, beside which
/// the total may be too small to be seen.
fn shrink(x: &mut [f64], total: f64) {
    let top = largest(&*x);
    x.iter_mut().for_each(|x| *x -= top);
    let mut sorted = x.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let (mut sum, mut theta) = (0.0, f64::NAN);
    for (index, x) in sorted.iter().enumerate() {
        sum += x;
        let candidate = (sum - total) / (index + 1) as f64;
        if *x <= candidate {
            break;
        }
        theta = candidate;
    }
    x.iter_mut().for_each(|x| *x = relu(*x - theta));
}

/// x/‖x‖ and ‖x‖, which may be infinite where x is not.
fn direction(x: &[f64]) -> (Vec<f64>, f64) {
    let top = largest(x.iter().map(|x| x.abs()));
    let scaled: Vec<f64> = x.iter().map(|x| x / top).collect();
    let length = norm([&*scaled]);
    let unit = scaled.into_iter().map(|x| x / length).collect();
    (unit, if top == 0.0 { 0.0 } else { top * length })
}

/// max(x, 0) that keeps NaN.
fn relu(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

/// Between the two, in either order of comparison a NaN stays.
fn clamp(x: f64, low: f64, high: f64) -> f64 {
    if x < low {
        low
    } else if x > high {
        high
    } else {
        x
    }
}

/// The place of the largest number, the first of equals; none among NaNs or none at all.
fn first_largest(values: impl Iterator<Item = f64>) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (i, v) in values.enumerate() {
        let most = best.map_or(f64::NEG_INFINITY, |(_, most)| most);
        if v > most {
            best = Some((i, v));
        }
    }
    best.map(|(i, _)| i)
}

fn check_size(what: &str, values: &[f64], p: usize) -> Result<()> {
    if values.len() != p {
        return Err(Error::shape(what, format!("({p},)"), &[values.len()]));
    }
    check_finite(what, values)
}
