//! The constants of a game over a region, each between two bounds: L, and ρ of the weak Minty inequality.
//!
//! Points of the region bound L from below and ρ from above; cells that cover the region, with what is known of the Jacobian's
//! change, bound them from the other side. A cell is split in four until its bound is good enough.

use crate::error::{Error, Result, check_count, check_finite, check_positive, check_scale};
use crate::game::Game;
use crate::optimise::Set;
use crate::real::norm;
use crate::stats::{larger, smaller};

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// How wide the bracket may be, > 0.
    pub tolerance: f64,
    /// The most cells of one size, at least 1; where more are needed the bracket stays wider.
    pub cells: usize,
}

impl Default for Search {
    /// 10⁻⁴; 2¹⁸ cells.
    fn default() -> Self {
        Self {
            tolerance: 1e-4,
            cells: 1 << 18,
        }
    }
}

/// A number that lies between two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// The lower bound; −∞ where none was found.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
    /// The point of the region where the bound from points is attained; the solution where it is only approached there.
    pub at: [f64; 2],
}

impl Bracket {
    /// Whether the number may be `x`.
    #[must_use]
    pub fn holds(&self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }

    /// Half its width.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// Its middle.
    #[must_use]
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.low, self.high)
    }
}

/// The Lipschitz constant of V over a convex region of the plane: L = max ‖J(z)‖, in the spectral norm.
///
/// `bend` is M with ‖J(z) − J(w)‖ ≤ M‖z − w‖ in the region. In a cell of half diagonal h around a point p of the region
/// ‖J‖ ≤ ‖J(p)‖ + Mh.
///
/// # Errors
/// A game that is not planar; a region, `bend` or a setting out of its range; a `bend` that two points contradict.
///
/// ```
/// use dltheory::game::{arena::Bilinear, weak_minty::{Search, lipschitz}};
/// use dltheory::optimise::{Ball, Norm};
/// let ball = Ball::around_zero(Norm::L2, 1.0, 2);
/// assert!(lipschitz(&Bilinear, &ball, 0.0, &Search::default())?.holds(1.0));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn lipschitz(
    game: &impl Game,
    region: &impl Set,
    bend: f64,
    search: &Search,
) -> Result<Bracket> {
    let mut best = (f64::NEG_INFINITY, [f64::NAN; 2]);
    let left = cover(game, region, bend, search, |near| {
        let here = spectral(near.jacobian);
        if here > best.0 {
            best = (here, near.p);
        }
        let bound = here + bend * near.h;
        (bound > best.0 + search.tolerance).then_some(bound)
    })?;
    let high = left.into_iter().fold(best.0 + search.tolerance, larger);
    let ((low, at), high) = (best, high);
    Ok(Bracket { low, high, at })
}

/// The largest ρ of the weak Minty inequality ⟨V(z), z − z*⟩ ≥ ρ‖V(z)‖² over a convex region of the plane:
/// ρ = inf ⟨V(z), z − z*⟩/‖V(z)‖² over its points but the zeros of V. −∞ is its lower bound where V has another zero.
///
/// `bend` is M with ‖J(z) − J(w)‖ ≤ M‖z − w‖ in the region, `solution` z*. A cell of half diagonal h around p is above ρ where
/// g(z) = ⟨V, d⟩ − ρ‖V‖², d = z − z*, is not negative: with q = Mh²/2, the error of V's first-order expansion at p,
/// g ≥ g(p) − ‖∇g(p)‖h − ‖J‖h² − ρ₊(‖J‖h + q)² − q(‖d‖ + h) − 2|ρ|q‖V‖. Near z*, where all of this vanishes, V ≈ J(z*)d and ρ
/// comes near the least eigenvalue of ½(J⁻¹ + J⁻ᵀ): within r of z* it is no further below than Mr/(2σ(σ − Mr/2)), σ the
/// least singular value of J(z*).
///
/// # Reference
/// The inequality: Diakonikolas, Daskalakis & Jordan 2021, arXiv:2011.00364; this form: Pethick, Latafat, Patrinos, Fercoq & Cevher
/// 2022, arXiv:2302.09831. Slide "When do the algorithms converge?", which has ‖z‖² in place of ‖V(z)‖².
///
/// # Errors
/// As for [`lipschitz`]; a `solution` that is not planar or where V is not 0 up to 10⁻⁹.
pub fn weak_minty(
    game: &impl Game,
    solution: &[f64],
    region: &impl Set,
    bend: f64,
    search: &Search,
) -> Result<Bracket> {
    let star = planar("the solution", solution)?;
    check_planar(game)?;
    let residual = norm([&value(game, star)?[..]]);
    if residual > 1e-9 {
        return Err(Error::domain("the solution", "a zero of V", residual));
    }
    let [limit, sigma] = limits(jacobian(game, star)?);
    let mut best = (limit, star);
    let left = cover(game, region, bend, search, |near| {
        let d = [near.p[0] - star[0], near.p[1] - star[1]];
        let v = near.value;
        let (dd, vv) = (norm([&d[..]]), norm([&v[..]]));
        let push = v[0] * d[0] + v[1] * d[1];
        let ratio = push / (vv * vv);
        if ratio < best.0 {
            best = (ratio, near.p);
        }
        let rho = best.0 - search.tolerance;
        let (h, reach) = (near.h, dd + near.h);
        let room = sigma - 0.5 * bend * reach;
        if room > 0.0 && limit - 0.5 * bend * reach / (sigma * room) >= rho {
            return None;
        }
        let [[a, b], [c, e]] = near.jacobian;
        let w = [d[0] - 2.0 * rho * v[0], d[1] - 2.0 * rho * v[1]];
        let gradient = [v[0] + a * w[0] + c * w[1], v[1] + b * w[0] + e * w[1]];
        let (j, q) = (spectral(near.jacobian), 0.5 * bend * h * h);
        let second = j * h * h
            + larger(rho, 0.0) * (j * h + q).powi(2)
            + q * (dd + h)
            + 2.0 * rho.abs() * q * vv;
        let least = push - rho * vv * vv - norm([&gradient[..]]) * h - second;
        (least < 0.0).then_some(f64::NEG_INFINITY)
    })?;
    let (high, at) = best;
    let low = match left.is_empty() {
        true => high - search.tolerance,
        false => f64::NEG_INFINITY,
    };
    Ok(Bracket { low, high, at })
}

/// What is known of a cell: everything in it and in the region lies within `h` of `p`, a point of the region.
struct Near {
    p: [f64; 2],
    h: f64,
    value: [f64; 2],
    jacobian: [[f64; 2]; 2],
}

/// A cell, and the point around which its parent was judged.
#[derive(Clone, Copy)]
struct Cell {
    centre: [f64; 2],
    half: [f64; 2],
    parent: Option<([f64; 2], [[f64; 2]; 2])>,
}

/// Covers the region by ever smaller cells as long as `judge` gives a bound that is not good enough, and returns the bounds of
/// those that were left when there were too many.
fn cover(
    game: &impl Game,
    region: &impl Set,
    bend: f64,
    search: &Search,
    mut judge: impl FnMut(&Near) -> Option<f64>,
) -> Result<Vec<f64>> {
    check_planar(game)?;
    region.check(2)?;
    check_scale("the bend of the field", bend)?;
    check_positive("the tolerance of the search", search.tolerance)?;
    check_count("the number of cells", search.cells)?;
    let mut cells = vec![around(region)];
    loop {
        let (mut next, mut bounds) = (Vec::new(), Vec::new());
        for cell in cells {
            let h = norm([&cell.half[..]]);
            let mut p = cell.centre;
            region.project(&mut p);
            // A projection brings no two points further apart: what of the cell is in the region is within h of p.
            if (p[0] - cell.centre[0]).hypot(p[1] - cell.centre[1]) > h {
                continue;
            }
            let near = Near {
                p,
                h,
                value: value(game, p)?,
                jacobian: jacobian(game, p)?,
            };
            if let Some((q, before)) = cell.parent {
                contradict(bend, (q, before), (p, near.jacobian))?;
            }
            if let Some(bound) = judge(&near) {
                bounds.push(bound);
                next.extend(cell.quarters((p, near.jacobian)));
            }
        }
        if next.is_empty() || next.len() > search.cells {
            return Ok(bounds);
        }
        cells = next;
    }
}

/// The box around a region, by its furthest points along the axes.
fn around(region: &impl Set) -> Cell {
    let furthest = |axis: usize, sign: f64| {
        let (mut g, mut s) = ([0.0; 2], [0.0; 2]);
        g[axis] = -sign;
        region.minimise_linear(&g, &mut s);
        s[axis]
    };
    let ends = [0, 1].map(|axis| (furthest(axis, -1.0), furthest(axis, 1.0)));
    Cell {
        centre: ends.map(|(low, high)| f64::midpoint(low, high)),
        half: ends.map(|(low, high)| 0.5 * (high - low)),
        parent: None,
    }
}

impl Cell {
    fn quarters(self, parent: ([f64; 2], [[f64; 2]; 2])) -> [Self; 4] {
        let half = self.half.map(|h| 0.5 * h);
        [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)].map(|(x, y)| Self {
            centre: [self.centre[0] + x * half[0], self.centre[1] + y * half[1]],
            half,
            parent: Some(parent),
        })
    }
}

/// Refuses a `bend` that two Jacobians show to be too small.
fn contradict(
    bend: f64,
    (q, before): ([f64; 2], [[f64; 2]; 2]),
    (p, here): ([f64; 2], [[f64; 2]; 2]),
) -> Result<()> {
    let change = [0, 1].map(|i| [0, 1].map(|j| here[i][j] - before[i][j]));
    let (change, apart) = (spectral(change), (p[0] - q[0]).hypot(p[1] - q[1]));
    let rounding = 1e-12 * (spectral(here) + spectral(before));
    if change > bend * apart * (1.0 + 1e-9) + rounding {
        let expected = format!("at least {}, which two points show", change / apart);
        return Err(Error::domain("the bend of the field", expected, bend));
    }
    Ok(())
}

fn check_planar(game: &impl Game) -> Result<()> {
    match game.dimension() {
        2 => Ok(()),
        p => Err(Error::domain("the dimension of the game", "2", p)),
    }
}

fn planar(what: &str, z: &[f64]) -> Result<[f64; 2]> {
    check_finite(what, z)?;
    z.try_into()
        .map_err(|_| Error::shape(what, "(2,)", &[z.len()]))
}

fn value(game: &impl Game, z: [f64; 2]) -> Result<[f64; 2]> {
    let mut v = [0.0; 2];
    game.at(&z, &mut v)?;
    check_finite("V in the region", &v)?;
    Ok(v)
}

fn jacobian(game: &impl Game, z: [f64; 2]) -> Result<[[f64; 2]; 2]> {
    let j = game.jacobian(&z)?;
    check_finite("the Jacobian in the region", &j)?;
    Ok([[j[[0, 0]], j[[0, 1]]], [j[[1, 0]], j[[1, 1]]]])
}

/// The singular values of a matrix, the larger first: ½(√((a + d)² + (b − c)²) ± √((a − d)² + (b + c)²)), the second in size.
fn singular([[a, b], [c, d]]: [[f64; 2]; 2]) -> [f64; 2] {
    let (turn, skew) = ((a + d).hypot(b - c), (a - d).hypot(b + c));
    [0.5 * (turn + skew), 0.5 * (turn - skew).abs()]
}

fn spectral(a: [[f64; 2]; 2]) -> f64 {
    singular(a)[0]
}

/// The least eigenvalue of ½(J⁻¹ + J⁻ᵀ), and the least singular value of J. Where J has no inverse ∞ and 0: nothing is known.
fn limits(j: [[f64; 2]; 2]) -> [f64; 2] {
    let [[a, b], [c, d]] = j;
    let determinant = a * d - b * c;
    if determinant == 0.0 {
        return [f64::INFINITY, 0.0];
    }
    // J⁻¹ = (d, −b; −c, a)/det.
    let (p, q, r) = (
        d / determinant,
        a / determinant,
        -0.5 * (b + c) / determinant,
    );
    let least = 0.5 * (p + q) - (0.5 * (p - q)).hypot(r);
    [least, smaller(singular(j)[0], singular(j)[1])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::{Forsaken, GlobalForsaken, Polar, Quadratic};
    use crate::linalg::spectral_norm;
    use crate::optimise::{Ball, Cuboid, Norm};
    use ndarray::array;

    fn square(half: f64) -> Cuboid {
        Cuboid {
            low: vec![-half; 2],
            high: vec![half; 2],
        }
    }

    #[test]
    fn norms_of_small_matrices() {
        for j in [[[1.0, 2.0], [-3.0, 0.5]], [[0.0, 1.0], [-1.0, 0.0]]] {
            let full = array![[j[0][0], j[0][1]], [j[1][0], j[1][1]]];
            assert!((spectral(j) - spectral_norm(&full).expect("finite")).abs() < 1e-13);
            let [large, small] = singular(j);
            let determinant: f64 = j[0][0] * j[1][1] - j[0][1] * j[1][0];
            assert!((large * small - determinant.abs()).abs() < 1e-12);
        }
    }

    /// The closed forms of Pethick et al. 2022; ρ of the polar game on its own line. Where the cells do not do for the
    /// tolerance, the bracket is some times wider.
    #[test]
    fn brackets_hold_the_closed_forms() {
        let search = Search::default();
        let forsaken = Forsaken::default();
        let l = lipschitz(&forsaken, &square(1.5), 49.5, &search).expect("valid");
        let exact = (0.5 * (993_841.0 + 1089.0 * 801_761.0_f64.sqrt())).sqrt() / 80.0;
        assert!(l.holds(exact) && l.half_width() <= 3e-4, "{l:?} {exact}");
        let wide = square(4.0 / 3.0);
        let bend = 80.0 / 7.0 * (4.0_f64 / 3.0).powi(3) - 8.0 * 4.0 / 3.0;
        let l = lipschitz(&GlobalForsaken, &wide, bend, &search).expect("valid");
        let root = 59_721_901.0_f64.sqrt();
        let exact = (0.5 * (74_125_591.0 + 9409.0 * root)).sqrt() / 2835.0;
        assert!(l.holds(exact) && l.half_width() <= 3e-4, "{l:?} {exact}");
        let rho = weak_minty(&GlobalForsaken, &[0.0; 2], &wide, bend, &search).expect("valid");
        assert!((rho.middle() + 0.1197).abs() < 2e-4, "{rho:?}");
        // On the disc L is attained at (4/3, 0) and its like: J = (φ″, 1; −1, ⅔).
        let disc = Ball::around_zero(Norm::L2, 4.0 / 3.0, 2);
        let l = lipschitz(&GlobalForsaken, &disc, bend, &search).expect("valid");
        let end = GlobalForsaken.jacobian(&[4.0 / 3.0, 0.0]).expect("planar");
        assert!(l.holds(spectral_norm(&end).expect("finite")), "{l:?}");
        let game = Polar::default();
        let rho = weak_minty(&game, &[0.0; 2], &square(1.1), 61.0, &search).expect("valid");
        assert!(rho.holds(-50_176.0 / 1_050_977.0), "{rho:?}");
        // Equality: any point tells.
        let game = Quadratic::weak_minty(1.0, -0.25).expect("valid");
        let disc = Ball::around_zero(Norm::L2, 1.0, 2);
        let coarse = Search {
            tolerance: 0.01,
            ..search
        };
        let rho = weak_minty(&game, &[0.0; 2], &disc, 0.0, &coarse).expect("valid");
        assert!(
            (rho.high + 0.25).abs() < 1e-12 && rho.low > -0.27,
            "{rho:?}"
        );
    }

    #[test]
    fn what_is_wrong_is_refused() {
        let (game, region, search) = (Forsaken::default(), square(1.5), Search::default());
        let error = lipschitz(&game, &region, 5.0, &search).expect_err("49.5 are needed");
        assert_eq!(error.argument(), Some("the bend of the field"));
        let error = weak_minty(&game, &[0.0; 2], &region, 49.5, &search).expect_err("no zero");
        assert_eq!(error.argument(), Some("the solution"));
        assert!(weak_minty(&game, &[0.0], &region, 49.5, &search).is_err());
        assert!(lipschitz(&game, &region, f64::NAN, &search).is_err());
        let none = Search { cells: 0, ..search };
        assert!(lipschitz(&game, &region, 49.5, &none).is_err());
    }
}
