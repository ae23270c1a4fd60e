//! Critical points, how the flow behaves beside them, and whether they may be equilibria.

use ndarray::{Array2, s};

use super::Game;
use super::flow::field_norm;
use crate::error::{Error, Result, check_count};
use crate::linalg::symmetric_eigen;
use crate::optimise::{Cuboid, Inertia, Set};

/// What the flow ż = −V(z) does beside a critical point, by the real parts of the eigenvalues of −J.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stability {
    /// All are negative: it attracts.
    Attracting,
    /// All are positive: it repels.
    Repelling,
    /// Some of each.
    Saddle,
    /// Some are zero: higher derivatives decide.
    Undecided,
}

/// Whether a critical point may be a local Nash equilibrium (LNE), by the second derivatives of each player alone.
///
/// An LNE needs ∂²Φ/∂x² ⪰ 0 and ∂²Φ/∂y² ⪯ 0: these are the diagonal blocks of J. Where both are strict it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nash {
    /// The sufficient conditions hold: it is one.
    Yes,
    /// The necessary conditions hold and the sufficient ones do not: higher derivatives decide.
    Perhaps,
    /// A necessary condition fails: a player gains by moving alone.
    No,
}

impl Nash {
    /// By the eigenvalues of the blocks of `jacobian`, `(p, p)`, of a game with `n_first` coordinates of the first player. An
    /// eigenvalue counts as zero where rounding, or `slack`, cannot tell it from 0.
    ///
    /// # Errors
    /// J not square or not finite; more coordinates of the first player than there are; a slack that is negative.
    ///
    /// ```
    /// use dltheory::game::Nash;
    /// let saddle = ndarray::array![[1.0, 5.0], [-5.0, 0.0]];
    /// assert_eq!(Nash::of(&saddle, 1, 0.0)?, Nash::Perhaps);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn of(jacobian: &Array2<f64>, n_first: usize, slack: f64) -> Result<Self> {
        let p = jacobian.nrows();
        if jacobian.ncols() != p {
            return Err(Error::shape("J", format!("({p}, {p})"), jacobian.shape()));
        }
        if n_first > p {
            let what = "the number of the first player's coordinates";
            return Err(Error::domain(what, format!("at most {p}"), n_first));
        }
        let mut all = Self::Yes;
        for theirs in [0..n_first, n_first..p] {
            if theirs.is_empty() {
                continue;
            }
            let block = jacobian.slice(s![theirs.clone(), theirs]);
            let block = 0.5 * (&block + &block.t());
            let inertia = Inertia::of(&symmetric_eigen(&block)?.values, slack)?;
            if inertia.negative > 0 {
                return Ok(Self::No);
            }
            if inertia.zero > 0 {
                all = Self::Perhaps;
            }
        }
        Ok(all)
    }
}

/// A point of a game in the plane where V = 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Critical {
    /// Where it is.
    pub z: [f64; 2],
    /// ‖V(z)‖, which rounding leaves.
    pub field_norm: f64,
    /// The eigenvalues of −J(z), each with its imaginary part, the larger real part first, then the larger imaginary one.
    pub eigenvalues: [(f64, f64); 2],
    /// What the flow does beside it.
    pub stability: Stability,
    /// Whether it may be a local Nash equilibrium; none where the field comes from no payoff.
    pub nash: Option<Nash>,
}

/// A Jacobian's entry that is this small beside 1 counts as zero: points are found up to about its root.
const SLACK: f64 = 1e-5;

impl Critical {
    /// What is known of the point z.
    ///
    /// # Errors
    /// A game that cannot be asked.
    pub fn at(game: &impl Game, z: [f64; 2]) -> Result<Self> {
        let j = game.jacobian(&z)?;
        let eigenvalues = planar_eigenvalues([[-j[(0, 0)], -j[(0, 1)]], [-j[(1, 0)], -j[(1, 1)]]]);
        let signs = eigenvalues.map(|(re, _)| {
            if re.abs() <= SLACK {
                0
            } else if re > 0.0 {
                1
            } else {
                -1
            }
        });
        let stability = match signs {
            [-1, -1] => Stability::Attracting,
            [1, 1] => Stability::Repelling,
            [1, -1] => Stability::Saddle,
            _ => Stability::Undecided,
        };
        Ok(Self {
            z,
            field_norm: field_norm(game, &z)?,
            eigenvalues,
            stability,
            nash: match game.payoff(&z).is_nan() {
                true => None,
                false => Some(Nash::of(&j, game.n_first(), SLACK)?),
            },
        })
    }
}

/// The eigenvalues of a real matrix `[[a, b], [c, d]]`: ½(a + d) ± √(¼(a − d)² + bc), as pairs of real and imaginary part.
#[must_use]
pub fn planar_eigenvalues([[a, b], [c, d]]: [[f64; 2]; 2]) -> [(f64, f64); 2] {
    let (middle, half) = (0.5 * (a + d), 0.5 * (a - d));
    let square = half * half + b * c;
    let root = square.abs().sqrt();
    match square < 0.0 {
        true => [(middle, root), (middle, -root)],
        false => [(middle + root, 0.0), (middle - root, 0.0)],
    }
}

/// The critical points of a game in the plane that Newton's method finds in `region` from `side`² starts on a grid, by their
/// first coordinate. Points nearer than 10⁻⁴ are one; of a whole curve it gives as many as the starts lead to.
///
/// # Errors
/// A game that is not in the plane or cannot be asked; a region that is none; no starts.
pub fn critical_points(game: &impl Game, region: &Cuboid, side: usize) -> Result<Vec<Critical>> {
    check_count("the number of starts along a side", side)?;
    let p = game.dimension();
    if p != 2 {
        return Err(Error::domain("the game's dimension", "2", p));
    }
    region.check(2)?;
    let mut found: Vec<Critical> = Vec::new();
    for (i, j) in (0..side).flat_map(|i| (0..side).map(move |j| (i, j))) {
        let place = |axis: usize, index: usize| {
            let (low, high) = (region.low[axis], region.high[axis]);
            low + (high - low) * (index as f64 + 0.5) / side as f64
        };
        let Some(z) = newton(game, [place(0, i), place(1, j)])? else {
            continue;
        };
        let inside = (0..2).all(|k| region.low[k] <= z[k] && z[k] <= region.high[k]);
        let known = |other: &Critical| (other.z[0] - z[0]).hypot(other.z[1] - z[1]) < 1e-4;
        if inside && !found.iter().any(known) {
            found.push(Critical::at(game, z)?);
        }
    }
    found.sort_by(|a, b| a.z[0].total_cmp(&b.z[0]).then(a.z[1].total_cmp(&b.z[1])));
    Ok(found)
}

/// Newton's method from z, as least squares so that a singular J gives the nearest of many solutions; none where it does not
/// come to ‖V‖ ≤ 10⁻¹⁰.
fn newton(game: &impl Game, mut z: [f64; 2]) -> Result<Option<[f64; 2]>> {
    for _ in 0..100 {
        let mut v = [0.0; 2];
        game.at(&z, &mut v)?;
        let j = game.jacobian(&z)?;
        let [a, b, c, d] = [j[(0, 0)], j[(0, 1)], j[(1, 0)], j[(1, 1)]];
        // (JᵀJ + μI) step = Jᵀv, μ beside rounding only.
        let size = a * a + b * b + c * c + d * d;
        let mu = 1e-13 * size;
        let (p, q, r) = (a * a + c * c + mu, a * b + c * d, b * b + d * d + mu);
        let (s, t) = (a * v[0] + c * v[1], b * v[0] + d * v[1]);
        let determinant = p * r - q * q;
        let step = [(r * s - q * t) / determinant, (p * t - q * s) / determinant];
        if !step.iter().all(|s| s.is_finite()) {
            break;
        }
        z = [z[0] - step[0], z[1] - step[1]];
        if step[0].hypot(step[1]) <= 1e-15 * (1.0 + z[0].hypot(z[1])) {
            break;
        }
    }
    let sound = z.iter().all(|z| z.is_finite()) && field_norm(game, &z)? <= 1e-10;
    Ok(sound.then_some(z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::{
        AlmostBilinear, Bilinear, Forsaken, MonkeySaddle, SquareSaddle, WeirdSaddle,
    };

    fn square(half: f64) -> Cuboid {
        Cuboid {
            low: vec![-half; 2],
            high: vec![half; 2],
        }
    }

    /// The reference's table for three offsets.
    #[test]
    fn the_forsaken_point_repels_from_one_half_on() {
        for (offset, z, eigenvalue, stability) in [
            (0.1, [0.0392, 0.0805], (-0.476, 1.0), Stability::Attracting),
            (0.45, [0.07803, 0.41193], (-0.0, 0.0), Stability::Attracting),
            (0.5, [0.0460, 0.4772], (0.0598, 0.837), Stability::Repelling),
        ] {
            let points = critical_points(&Forsaken { offset }, &square(1.2), 9).expect("planar");
            let near = |p: &&Critical| (p.z[0] - z[0]).hypot(p.z[1] - z[1]) < 1e-3;
            let point = points.iter().find(near).expect("the point");
            assert_eq!(point.stability, stability, "{point:?}");
            if offset != 0.45 {
                let found = point.eigenvalues[0];
                assert!((found.0 - eigenvalue.0).abs() < 1e-3, "{point:?}");
                assert!((found.1 - eigenvalue.1).abs() < 1e-3, "{point:?}");
            }
        }
    }

    #[test]
    fn surfaces_have_points_of_every_kind() {
        let of = |game: &dyn Fn() -> Vec<Critical>| game();
        let square_saddle =
            of(&|| critical_points(&SquareSaddle, &square(1.0), 4).expect("planar"));
        assert_eq!(square_saddle.len(), 1);
        assert_eq!(square_saddle[0].nash, Some(Nash::Yes));
        assert_eq!(square_saddle[0].stability, Stability::Attracting);
        let monkey = critical_points(&MonkeySaddle, &square(1.0), 4).expect("planar");
        assert_eq!(monkey.len(), 1, "{monkey:?}");
        assert_eq!(
            (monkey[0].nash, monkey[0].stability),
            (Some(Nash::Perhaps), Stability::Undecided)
        );
        let weird = critical_points(&WeirdSaddle, &square(2.0), 8).expect("planar");
        let (middle, curve): (Vec<_>, Vec<_>) =
            weird.iter().partition(|p| p.z[0].hypot(p.z[1]) < 1e-6);
        assert_eq!((middle.len(), middle[0].nash), (1, Some(Nash::Perhaps)));
        assert!(curve.len() > 4);
        for point in curve {
            assert!((point.z[0] * point.z[1] - 0.5).abs() < 1e-9, "{point:?}");
            assert_eq!(point.nash, Some(Nash::No), "{point:?}");
        }
        let almost = critical_points(&AlmostBilinear::default(), &square(1.5), 6).expect("planar");
        assert_eq!((almost.len(), almost[0].nash), (1, Some(Nash::No)));
        assert!((almost[0].eigenvalues[0].0 - 0.05).abs() < 1e-12);
        let turning = Critical::at(&Bilinear, [0.0; 2]).expect("planar");
        assert_eq!(turning.stability, Stability::Undecided);
        assert_eq!(turning.eigenvalues, [(0.0, 1.0), (0.0, -1.0)]);
    }

    #[test]
    fn bad_input_is_named() {
        assert!(critical_points(&Bilinear, &square(-1.0), 3).is_err());
        assert!(Nash::of(&Array2::zeros((2, 3)), 1, 0.0).is_err());
        assert!(Nash::of(&Array2::zeros((2, 2)), 3, 0.0).is_err());
    }
}
