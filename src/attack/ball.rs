//! What may be done to an input: a threat, and the commonest of them, a ball in a norm.

mod nearest;

use rand::{Rng, RngExt};
use rand_distr::{Distribution, Exp1, StandardNormal};

use nearest::{lower, shorten};

use crate::engine::widest;
use crate::error::{Error, Result, check_positive};
use crate::optimise::Norm;
use crate::real::{Real, length};

/// What may be done to one input x, `(d,)`: a set of points z around it, closed and with x in it.
///
/// It says how much it allows, what the nearest allowed point is, how far a point has gone, where to start, and which
/// way to go.
pub trait Threat<T: Real>: Sync {
    /// Checks the threat's own numbers, and that x may stand where it does.
    ///
    /// # Errors
    /// A number out of its range; another d; x outside the range of inputs.
    fn check(&self, x: &[T]) -> Result<()>;

    /// The budget ε: the largest [`size`](Self::size) allowed, and the length of a step across the whole of it.
    fn budget(&self) -> f64;

    /// z ← the nearest allowed point by Euclidean distance.
    fn project(&self, x: &[T], z: &mut [T]);

    /// How far z has gone from x, in the threat's own measure.
    fn size(&self, x: &[T], z: &[T]) -> f64;

    /// z ← a random allowed point.
    fn start(&self, x: &[T], z: &mut [T], rng: &mut dyn Rng);

    /// v ← a direction of size at most 1 with ⟨g, v⟩ largest.
    fn steepest(&self, g: &[T], v: &mut [T]);

    /// g_i ← 0 where z stands at an end of the range of inputs and g points out of it, so that
    /// [`steepest`](Self::steepest) spends nothing there. A threat whose entries do not compete may leave it out.
    fn block(&self, z: &[T], g: &mut [T]) {
        let _ = (z, g);
    }
}

/// All z with ‖z − x‖ ≤ ε and every entry in `[low, high]`.
///
/// ```
/// use dltheory::attack::{NormBall, Threat};
/// use dltheory::optimise::Norm;
/// let ball = NormBall::new(Norm::L2, 0.5);
/// let (x, mut z) = ([0.0, 0.5], [-3.0, 4.5]);
/// ball.project(&x, &mut z);
/// // Clipping the point that the ball alone allows, (−0.3, 0.9), leaves 0.1 of ε unused.
/// assert_eq!(z, [0.0, 1.0]);
/// assert_eq!(ball.size(&x, &z), 0.5);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormBall {
    /// Which norm.
    pub norm: Norm,
    /// ε, > 0.
    pub epsilon: f64,
    /// What an input may be, from the least to the largest number; or anything.
    pub range: Option<(f64, f64)>,
}

impl NormBall {
    /// The ball inside \[0, 1\]ᵈ, where images live.
    #[must_use]
    pub fn new(norm: Norm, epsilon: f64) -> Self {
        let range = Some((0.0, 1.0));
        Self {
            norm,
            epsilon,
            range,
        }
    }

    /// The ball alone.
    #[must_use]
    pub fn unbounded(norm: Norm, epsilon: f64) -> Self {
        Self {
            range: None,
            ..Self::new(norm, epsilon)
        }
    }

    /// The ends of the range, infinite where there is none.
    fn ends<T: Real>(&self) -> (T, T) {
        let (low, high) = self.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        (T::of(low), T::of(high))
    }

    /// How far each entry may move the way it does, `(d,)`: r_i ≥ 0.
    fn rooms<T: Real>(&self, x: &[T], moves: &[f64]) -> Vec<f64> {
        let (low, high) = self.ends::<T>();
        let pairs = x.iter().zip(moves);
        let room = |(x, u): (&T, &f64)| {
            let room = if *u > 0.0 { high - *x } else { *x - low };
            room.as_f64()
        };
        pairs.map(room).collect()
    }
}

/// # Formula
/// With u = z − x and r_i the room of entry i on the side of u_i, the nearest point of ball ∩ box is x_i + sign(u_i)·m_i with
///
/// - ℓ∞: m_i = min(|u_i|, ε, r_i);
/// - ℓ2: m_i = min(s|u_i|, r_i), the largest s ≤ 1 at which ‖m‖₂ ≤ ε;
/// - ℓ1: m_i = min(max(|u_i| − λ, 0), r_i), the least λ ≥ 0 at which Σm_i ≤ ε.
///
/// *Proof.* Minimise ½‖z' − z‖² + λ·(½‖z' − x‖₂² or ‖z' − x‖₁) over the box for a multiplier λ ≥ 0: the entries part, and
/// each is the minimiser of a convex function of one variable, clipped; s = 1/(1 + λ).
impl<T: Real> Threat<T> for NormBall {
    fn check(&self, x: &[T]) -> Result<()> {
        check_positive("the budget ε of the attack", self.epsilon)?;
        let Some((low, high)) = self.range else {
            return Ok(());
        };
        if !(low < high && low.is_finite() && high.is_finite()) {
            let (expected, got) = ("two finite numbers in order", format!("({low}, {high})"));
            return Err(Error::domain("the range of the inputs", expected, got));
        }
        let (low, high) = self.ends::<T>();
        match x.iter().find(|x| !(low <= **x && **x <= high)) {
            None => Ok(()),
            Some(out) => {
                let expected = format!("within the attack's range, {low} to {high}");
                Err(Error::domain("an entry of the inputs", expected, out))
            }
        }
    }

    fn budget(&self) -> f64 {
        self.epsilon
    }

    fn project(&self, x: &[T], z: &mut [T]) {
        let (low, high) = self.ends::<T>();
        if self.norm == Norm::LInf {
            let epsilon = T::of(self.epsilon);
            return widest(|| {
                for (z, x) in z.iter_mut().zip(x) {
                    *z = clamp(clamp(*z, *x - epsilon, *x + epsilon), low, high);
                }
            });
        }
        let moves: Vec<f64> = z.iter().zip(x).map(|(z, x)| (*z - *x).as_f64()).collect();
        let rooms = self.rooms(x, &moves);
        let sizes = match self.norm {
            Norm::L2 => shorten(&moves, &rooms, self.epsilon),
            _ => lower(&moves, &rooms, self.epsilon),
        };
        for (((z, x), u), m) in z.iter_mut().zip(x).zip(&moves).zip(&sizes) {
            *z = clamp(*x + T::of(m.copysign(*u)), low, high);
        }
    }

    fn size(&self, x: &[T], z: &[T]) -> f64 {
        let moves = z
            .iter()
            .zip(x)
            .map(|(z, x)| (z.as_f64() - x.as_f64()).abs());
        match self.norm {
            Norm::LInf => moves.fold(0.0, |most, u| if u <= most { most } else { u }),
            Norm::L2 => length(moves),
            Norm::L1 => moves.sum(),
        }
    }

    /// Uniform in ball ∩ box for ℓ∞; else uniform in the ball and then projected.
    fn start(&self, x: &[T], z: &mut [T], rng: &mut dyn Rng) {
        let d = x.len() as f64;
        let (low, high) = self.ends::<T>();
        match self.norm {
            Norm::LInf => {
                let epsilon = T::of(self.epsilon);
                for (z, x) in z.iter_mut().zip(x) {
                    let (from, to) = (
                        clamp(*x - epsilon, low, high),
                        clamp(*x + epsilon, low, high),
                    );
                    let share = T::of(rng.random::<f64>());
                    *z = clamp(from + share * (to - from), from, to);
                }
            }
            Norm::L2 => {
                let unit: Vec<f64> = x.iter().map(|_| StandardNormal.sample(rng)).collect();
                let radius = self.epsilon * rng.random::<f64>().powf(1.0 / d);
                let scale = radius / length(unit.iter().copied());
                put(x, z, unit.iter().map(|u| u * scale));
                self.project(x, z);
            }
            Norm::L1 => {
                let sizes: Vec<f64> = x.iter().map(|_| Exp1.sample(rng)).collect();
                let left: f64 = Exp1.sample(rng);
                let scale = self.epsilon / (sizes.iter().sum::<f64>() + left);
                let moves = sizes.iter().map(|size| match rng.random::<bool>() {
                    true => size * scale,
                    false => -size * scale,
                });
                put(x, z, moves);
                self.project(x, z);
            }
        }
    }

    /// ℓ∞: sign(g). ℓ2: g/‖g‖. ℓ1: ±1 at the largest |g_i|, the first of equals. 0 where g is.
    fn steepest(&self, g: &[T], v: &mut [T]) {
        match self.norm {
            Norm::LInf => {
                widest(|| {
                    for (v, g) in v.iter_mut().zip(g) {
                        *v = sign(*g);
                    }
                });
            }
            Norm::L2 => {
                let norm = length(g.iter().map(|g| g.as_f64()));
                let scale = if norm > 0.0 { 1.0 / norm } else { 0.0 };
                for (v, g) in v.iter_mut().zip(g) {
                    *v = T::of(g.as_f64() * scale);
                }
            }
            Norm::L1 => {
                v.fill(T::zero());
                let mut best = 0;
                for i in 1..g.len() {
                    if g[i].abs() > g[best].abs() {
                        best = i;
                    }
                }
                v[best] = sign(g[best]);
            }
        }
    }

    fn block(&self, z: &[T], g: &mut [T]) {
        // The signs of ℓ∞ do not compete, and the projection keeps them in.
        if self.norm == Norm::LInf || self.range.is_none() {
            return;
        }
        let (low, high) = self.ends::<T>();
        for (z, g) in z.iter().zip(g) {
            if (*z <= low && *g < T::zero()) || (*z >= high && *g > T::zero()) {
                *g = T::zero();
            }
        }
    }
}

/// z ← x + moves.
fn put<T: Real>(x: &[T], z: &mut [T], moves: impl Iterator<Item = f64>) {
    for ((z, x), u) in z.iter_mut().zip(x).zip(moves) {
        *z = *x + T::of(u);
    }
}

/// sign(g): 0 for 0, and a NaN stays.
#[inline(always)]
fn sign<T: Real>(g: T) -> T {
    if g > T::zero() {
        T::one()
    } else if g < T::zero() {
        -T::one()
    } else {
        g
    }
}

/// Between the two, in either order of comparison a NaN stays.
#[inline(always)]
fn clamp<T: Real>(x: T, low: T, high: T) -> T {
    // One comparison after the other: each is one instruction on a vector.
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimise::{Ball, Cuboid, Set};
    use crate::rng::stream;

    const NORMS: [Norm; 3] = [Norm::L1, Norm::L2, Norm::LInf];

    /// Dykstra's alternating projections onto ball and box, a second route that knows neither formula: Boyle & Dykstra
    /// 1986, doi:10.1007/978-1-4613-9940-7_3.
    fn dykstra(norm: Norm, epsilon: f64, x: &[f64], z: &[f64]) -> Vec<f64> {
        let d = x.len();
        let ball = Ball {
            norm,
            radius: epsilon,
            centre: x.to_vec(),
        };
        let cuboid = Cuboid {
            low: vec![0.0; d],
            high: vec![1.0; d],
        };
        let (mut at, mut p, mut q) = (z.to_vec(), vec![0.0; d], vec![0.0; d]);
        for _ in 0..20_000 {
            for (set, memory) in [(&ball as &dyn Project, &mut p), (&cuboid, &mut q)] {
                let mut y: Vec<f64> = at.iter().zip(memory.iter()).map(|(a, p)| a + p).collect();
                let before = y.clone();
                set.onto(&mut y);
                *memory = before.iter().zip(&y).map(|(b, y)| b - y).collect();
                at = y;
            }
        }
        at
    }

    trait Project {
        fn onto(&self, x: &mut [f64]);
    }

    impl<S: Set> Project for S {
        fn onto(&self, x: &mut [f64]) {
            self.project(x);
        }
    }

    fn point(rng: &mut impl Rng, d: usize, low: f64, high: f64) -> Vec<f64> {
        // Many entries stand at an end of the range, as in an image.
        let ends = |v: f64| v.clamp(low, high);
        (0..d)
            .map(|_| ends(rng.random_range(low - 0.5..high + 0.5)))
            .collect()
    }

    #[test]
    fn projections_are_those_of_dykstra() {
        let rng = &mut stream(1, "ball", 0);
        for norm in NORMS {
            for case in 0..40 {
                let x = point(rng, 6, 0.0, 1.0);
                let z = point(rng, 6, -1.5, 2.5);
                let epsilon = [0.1, 0.4, 1.0, 2.5][case % 4];
                let mut mine = z.clone();
                NormBall::new(norm, epsilon).project(&x, &mut mine);
                let theirs = dykstra(norm, epsilon, &x, &z);
                for (a, b) in mine.iter().zip(&theirs) {
                    assert!(
                        (a - b).abs() < 1e-6,
                        "{norm:?} {epsilon} {x:?} {z:?}: {mine:?} {theirs:?}"
                    );
                }
            }
        }
    }

    /// z' is the nearest of all points of a convex set if and only if ⟨z − z', q − z'⟩ ≤ 0 for all q in it.
    #[test]
    fn projections_satisfy_the_variational_inequality_at_full_size() {
        let rng = &mut stream(2, "ball", 0);
        for norm in NORMS {
            for epsilon in [0.01, 0.3, 3.0, 40.0] {
                let x = point(rng, 784, 0.0, 1.0);
                let z = point(rng, 784, -1.0, 2.0);
                let ball = NormBall::new(norm, epsilon);
                let mut mine = z.clone();
                ball.project(&x, &mut mine);
                assert!(ball.size(&x, &mine) <= epsilon * (1.0 + 1e-12));
                assert!(mine.iter().all(|v| (0.0..=1.0).contains(v)));
                // The farthest q in the direction of z − z' is the whole set's test: a linear function over ball ∩ box
                // has its greatest value there. Random ones and their projections come near it.
                for _ in 0..50 {
                    let mut q = vec![0.0; 784];
                    ball.start(&x, &mut q, rng);
                    let product: f64 = (0..784).map(|i| (z[i] - mine[i]) * (q[i] - mine[i])).sum();
                    assert!(product <= 1e-9, "{norm:?} {epsilon}: {product}");
                }
                let mut again = mine.clone();
                ball.project(&x, &mut again);
                let moved = again.iter().zip(&mine).map(|(a, b)| (a - b).abs());
                assert!(moved.fold(0.0, f64::max) < 1e-12);
            }
        }
    }

    /// At the very edge of the budget rounding decides whether a point is within it: each projection must end all the same.
    #[test]
    fn what_stands_at_the_edge_stays() {
        let rng = &mut stream(5, "ball", 0);
        for norm in NORMS {
            for case in 0..3000 {
                let d = 1 + case % 40;
                let ball = NormBall::new(norm, rng.random_range(0.01..1.5));
                let (x, mut z) = (point(rng, d, 0.0, 1.0), point(rng, d, -1.0, 2.0));
                ball.project(&x, &mut z);
                for _ in 0..5 {
                    let before = z.clone();
                    ball.project(&x, &mut z);
                    let moved = z.iter().zip(&before).map(|(a, b)| (a - b).abs());
                    assert!(moved.fold(0.0, f64::max) < 1e-14, "{norm:?} {d}");
                }
                assert!(ball.size(&x, &z) <= ball.epsilon * (1.0 + 1e-14));
            }
        }
    }

    #[test]
    fn the_steepest_direction_is_dual() {
        let rng = &mut stream(3, "ball", 0);
        let g = point(rng, 9, -2.0, 2.0);
        let dual = [
            g.iter().fold(0.0_f64, |most, g| most.max(g.abs())),
            g.iter().map(|g| g * g).sum::<f64>().sqrt(),
            g.iter().map(|g| g.abs()).sum(),
        ];
        for (norm, dual) in NORMS.into_iter().zip(dual) {
            let ball = NormBall::unbounded(norm, 1.0);
            let mut v = vec![0.0; 9];
            ball.steepest(&g, &mut v);
            let product: f64 = g.iter().zip(&v).map(|(g, v)| g * v).sum();
            assert!((product - dual).abs() < 1e-12);
            assert!((ball.size(&[0.0; 9], &v) - 1.0).abs() < 1e-12);
            ball.steepest(&[0.0; 9], &mut v);
            assert_eq!(v, [0.0; 9]);
        }
    }

    #[test]
    fn entries_at_an_end_are_blocked() {
        let z = [0.0_f32, 0.0, 1.0, 1.0, 0.5];
        let mut g = [-1.0, 1.0, -1.0, 1.0, 1.0];
        NormBall::new(Norm::L2, 1.0).block(&z, &mut g);
        assert_eq!(g, [0.0, 1.0, -1.0, 0.0, 1.0]);
    }

    #[test]
    fn starts_fill_the_set_and_single_precision_keeps_the_budget() {
        let rng = &mut stream(4, "ball", 0);
        for norm in NORMS {
            let ball = NormBall::new(norm, 0.25);
            let x = [0.0_f32, 0.1, 0.5, 1.0];
            let mut largest = 0.0_f64;
            for _ in 0..300 {
                let mut z = [0.0; 4];
                ball.start(&x, &mut z, rng);
                let size = ball.size(&x, &z);
                assert!(size <= 0.25 * (1.0 + 1e-6) && z.iter().all(|v| (0.0..=1.0).contains(v)));
                largest = largest.max(size);
            }
            // The chance that none of 300 is in the outer fifth: under 0.8^300.
            assert!(largest > 0.2, "{norm:?} {largest}");
        }
    }

    #[test]
    fn impossible_balls_are_refused() {
        let refusal = |ball: NormBall| ball.check(&[0.5, 1.5]).expect_err("refused").to_string();
        assert!(refusal(NormBall::new(Norm::L2, 0.0)).contains("the budget ε"));
        assert!(refusal(NormBall::new(Norm::L2, f64::NAN)).contains("the budget ε"));
        assert!(refusal(NormBall::new(Norm::L2, 1.0)).contains("an entry of the inputs is 1.5"));
        let range = Some((1.0, 0.0));
        let turned = NormBall {
            range,
            ..NormBall::new(Norm::L2, 1.0)
        };
        assert!(refusal(turned).contains("the range of the inputs"));
        assert!(NormBall::unbounded(Norm::L1, 1.0).check(&[7.0]).is_ok());
    }
}
