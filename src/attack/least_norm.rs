//! The shortest vector in the convex hull of some vectors.

use ndarray::{Array1, Array2, ArrayRef2, Axis};

use crate::error::{Error, Result, check_finite};
use crate::linalg::{solve_upper, thin_qr};
use crate::real::norm;
use crate::stats::{largest, least};

/// The shortest vector g* = Σ α_i g_i with α ≥ 0, Σ α_i = 1.
#[derive(Clone, Debug, PartialEq)]
pub struct LeastNorm {
    /// α, `(k,)`: ≥ 0, of sum 1.
    pub weights: Array1<f64>,
    /// g*, `(p,)`.
    pub point: Array1<f64>,
    /// ‖g*‖.
    pub norm: f64,
    /// ‖g*‖² − min_i ⟨g*, g_i⟩ ≥ 0 up to rounding: the square of the distance to the true shortest vector is at most this.
    pub gap: f64,
}

/// The shortest vector in the convex hull of the rows of `vectors`, `(k, p)`.
///
/// # Algorithm
/// Wolfe's: keep some of the vectors, affinely independent, and the shortest vector of their hull. Add the vector with
/// the least ⟨g*, g_i⟩; while the shortest vector of the affine hull lies outside the hull, go towards it as far as the
/// hull reaches and drop who gets no weight. It ends where ⟨g*, g_i⟩ ≥ ‖g*‖² for all i, which says that g* is the
/// shortest: no vector of the hull lies on the near side of it. Each round shortens g*, so no set comes twice.
///
/// # Errors
/// No rows or no columns; entries that are not finite.
///
/// # Reference
/// Wolfe 1976, "Finding the nearest point in a polytope", Mathematical Programming 11, 128–149.
///
/// ```
/// use dltheory::attack::least_norm_of_hull;
/// use ndarray::array;
/// let found = least_norm_of_hull(&array![[2.0, 2.0], [2.0, -2.0]])?;
/// assert!((found.norm - 2.0).abs() < 1e-12 && found.point[1].abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn least_norm_of_hull(vectors: &ArrayRef2<f64>) -> Result<LeastNorm> {
    if vectors.is_empty() {
        return Err(Error::shape(
            "the vectors",
            "at least (1, 1)",
            vectors.shape(),
        ));
    }
    check_finite("the vectors", vectors)?;
    // Squares of scaled entries stay within range.
    let scale = largest(vectors.iter().map(|v| v.abs()));
    let unit = if scale > 0.0 { scale } else { 1.0 };
    let scaled = vectors / unit;
    let gram = scaled.dot(&scaled.t());
    let weights = Hull::of(&gram).solve();
    let point = scaled.t().dot(&weights);
    let products = scaled.dot(&point);
    let square = point.dot(&point);
    let least = least(products);
    Ok(LeastNorm {
        norm: norm([point.as_slice().expect("one axis, made in order")]) * unit,
        gap: (square - least) * unit * unit,
        point: point * unit,
        weights,
    })
}

/// The vectors kept, and their weights.
struct Hull<'a> {
    /// ⟨g_i, g_j⟩, `(k, k)`.
    gram: &'a Array2<f64>,
    kept: Vec<usize>,
    weights: Vec<f64>,
    /// What counts as no difference between squares.
    rounding: f64,
}

impl<'a> Hull<'a> {
    /// Begins with the shortest of the vectors.
    fn of(gram: &'a Array2<f64>) -> Self {
        let squares = gram.diag();
        let first = (0..squares.len()).fold(
            0,
            |best, i| if squares[i] < squares[best] { i } else { best },
        );
        Self {
            gram,
            kept: vec![first],
            weights: vec![1.0],
            rounding: 16.0 * squares.len() as f64 * f64::EPSILON * largest(squares.iter().copied()),
        }
    }

    fn solve(mut self) -> Array1<f64> {
        let mut last = f64::INFINITY;
        loop {
            let products = self.products();
            let square: f64 = self
                .kept
                .iter()
                .zip(&self.weights)
                .map(|(i, w)| w * products[*i])
                .sum();
            let nearest = (0..products.len()).fold(0, |best, i| {
                if products[i] < products[best] {
                    i
                } else {
                    best
                }
            });
            // By rounding a round may fail to shorten: then this is the end too.
            let ends = products[nearest] >= square - self.rounding || square >= last;
            if ends || self.kept.contains(&nearest) {
                return self.all();
            }
            last = square;
            self.kept.push(nearest);
            self.weights.push(0.0);
            if self.shorten().is_none() {
                return self.all();
            }
        }
    }

    /// ⟨g*, g_i⟩ for all i.
    fn products(&self) -> Array1<f64> {
        let mut sum = Array1::zeros(self.gram.nrows());
        for (i, w) in self.kept.iter().zip(&self.weights) {
            sum.scaled_add(*w, &self.gram.row(*i));
        }
        sum
    }

    /// Goes to the shortest vector of the hull of those kept, dropping some; none if they are dependent by rounding.
    fn shorten(&mut self) -> Option<()> {
        loop {
            let goal = self.affine()?;
            if goal.iter().all(|w| *w > 0.0) {
                self.weights = goal;
                return Some(());
            }
            // The part of the way on which no weight falls below 0.
            let pairs = || self.weights.iter().zip(&goal);
            let share = pairs()
                .filter(|(_, to)| **to <= 0.0)
                .map(|(from, to)| from / (from - to));
            let share = share.fold(1.0, f64::min);
            let leaves: Vec<bool> = pairs()
                .map(|(from, to)| *to <= 0.0 && from / (from - to) <= share)
                .collect();
            let moved: Vec<f64> = pairs()
                .map(|(from, to)| from + share * (to - from))
                .collect();
            let stays = |index: &usize| !leaves[*index];
            self.weights = (0..moved.len()).filter(stays).map(|i| moved[i]).collect();
            self.kept = (0..moved.len())
                .filter(stays)
                .map(|i| self.kept[i])
                .collect();
            let total: f64 = self.weights.iter().sum();
            self.weights.iter_mut().for_each(|w| *w /= total);
        }
    }

    /// The weights of the shortest vector of the affine hull: (G + 11ᵀ)u = 1, divided by their sum.
    fn affine(&self) -> Option<Vec<f64>> {
        let rows = self.gram.select(Axis(0), &self.kept);
        let matrix = rows.select(Axis(1), &self.kept) + 1.0;
        let qr = thin_qr(&matrix).ok()?;
        let right = qr.q.sum_axis(Axis(0)).insert_axis(Axis(1));
        let u = solve_upper(&qr.r, &right).ok()?;
        let total = u.sum();
        let weights: Vec<f64> = u.iter().map(|u| u / total).collect();
        weights.iter().all(|w| w.is_finite()).then_some(weights)
    }

    fn all(&self) -> Array1<f64> {
        let mut weights = Array1::zeros(self.gram.nrows());
        for (i, w) in self.kept.iter().zip(&self.weights) {
            weights[*i] = *w;
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::optimise::{Oracle, Simplex, SolveSettings, Unseen, solve};
    use crate::rng::stream;
    use ndarray::{array, aview1};

    /// ½‖Σ α_i g_i‖² as a function of α.
    struct Square<'a>(&'a Array2<f64>);

    impl Oracle for Square<'_> {
        fn dimension(&self) -> usize {
            self.0.nrows()
        }

        fn value_and_gradient(&self, alpha: &[f64], gradient: &mut [f64]) -> Result<f64> {
            let slope = self.0.dot(&aview1(alpha));
            gradient.iter_mut().zip(&slope).for_each(|(to, s)| *to = *s);
            Ok(0.5 * slope.dot(&aview1(alpha)))
        }
    }

    /// The second route: projected gradient on the simplex, whose error in the value is at most L‖α‖²/(2 steps).
    #[test]
    fn projected_gradient_finds_nothing_shorter() {
        for (case, (k, p, shift)) in [
            (2, 3, 0.5),
            (5, 3, 2.0),
            (9, 40, 0.3),
            (30, 6, 1.5),
            (12, 4, 0.0),
        ]
        .into_iter()
        .enumerate()
        {
            let rng = &mut stream(3, "hull", case as u64);
            let vectors = gaussian(k, p, rng).expect("valid") + shift;
            let found = least_norm_of_hull(&vectors).expect("valid");
            let gram = vectors.dot(&vectors.t());
            let trace = gram.diag().sum();
            let settings = SolveSettings {
                rate: 1.0 / trace,
                steps: 20_000,
                ..SolveSettings::default()
            };
            let start = vec![1.0 / k as f64; k];
            let other = solve(
                &Square(&gram),
                &Simplex::default(),
                &start,
                &settings,
                &mut Unseen,
            )
            .expect("convex");
            let bound = trace / (2.0 * 20_000.0);
            let half = 0.5 * found.norm * found.norm;
            assert!(
                half <= other.value + 1e-12 * trace,
                "{case}: {half} {}",
                other.value
            );
            assert!(
                other.value <= half + bound,
                "{case}: {half} {}",
                other.value
            );
            assert!(found.gap.abs() <= 1e-12 * trace, "{case}: {found:?}");
            assert!(
                (found.weights.sum() - 1.0).abs() < 1e-12
                    && found.weights.iter().all(|w| *w >= 0.0)
            );
        }
    }

    #[test]
    fn corners_segments_and_zero() {
        let of = |vectors: Array2<f64>| least_norm_of_hull(&vectors).expect("valid");
        assert!(of(array![[-1.0], [1.0]]).norm < 1e-15);
        assert_eq!(of(array![[3.0, 4.0]]).norm, 5.0);
        assert_eq!(of(array![[1.0, 0.0], [3.0, 0.5]]).weights, array![1.0, 0.0]);
        assert_eq!(of(Array2::zeros((4, 3))).norm, 0.0);
        let repeated = of(array![[1.0, 1.0], [1.0, 1.0], [1.0, -1.0], [1.0, -1.0]]);
        assert!((repeated.norm - 1.0).abs() < 1e-15);
        let huge = of(array![[1e200, 1e200], [1e200, -1e200]]);
        assert!((huge.norm / 1e200 - 1.0).abs() < 1e-15);
        let square = of(array![[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]);
        assert!(square.norm < 1e-15);
    }

    #[test]
    fn what_has_no_hull_is_an_error() {
        assert!(least_norm_of_hull(&Array2::zeros((0, 2))).is_err());
        let error = least_norm_of_hull(&array![[f64::NAN]])
            .expect_err("not finite")
            .to_string();
        assert!(error.contains("the vectors"), "{error}");
    }
}
