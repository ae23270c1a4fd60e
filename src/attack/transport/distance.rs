//! The exact Wasserstein distance of two grey pictures, along the grid of pixels.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ndarray::{Array2, ArrayRef1};

use super::{check_grey, mass};
use crate::attack::picture::{check_pixels, check_slopes};
use crate::error::{Error, Result};

/// The least work that makes one picture from another, and why less does not do.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// W₁: pixels that mass is carried on average.
    pub distance: f64,
    /// φ, `(height, width)`: neighbours differ by 1 at most, and Σ φ_i (b_i − a_i)/M is the distance. No plan can do with
    /// less than any such φ asks for (Kantorovich and Rubinstein).
    pub potential: Array2<f64>,
}

/// How much the masses may differ, of their sum: rounding of d additions.
const SAME_MASS: f64 = 1e-12;

/// W₁ of the grey pictures a and b, `(height·width,)`, whose pixels ≥ 0 sum to the same M.
///
/// # Formula
/// W₁ = (1/M) min Σ_e |f_e| over flows f along the edges between neighbouring pixels with div f = a − b: mass is carried
/// from pixel to pixel, and a path from (r, c) to (r', c') is |r − r'| + |c − c'| long. In pixels; it does not change
/// with the grey level's unit.
///
/// # Algorithm
/// Successive shortest paths: mass goes from the next
/// pixel that has too much to the nearest that has too little, on paths that may take back what went before; reduced
/// costs are whole numbers. The potentials prove that it is the least.
///
/// # Errors
/// Pictures of another size than `shape` (height, width), with a pixel below 0, without mass, or with masses that differ by
/// more than rounding.
///
/// # Reference
/// Wong, Schmidt & Kolter 2019, "Wasserstein adversarial examples via projected Sinkhorn iterations", arXiv:1902.07906, make
/// it a threat; CMSC 828W, "Non-Lp threat models".
///
/// ```
/// use dltheory::attack::transport_distance;
/// use ndarray::array;
/// // Half of the mass goes two pixels.
/// let moved = transport_distance(&array![1.0, 1.0, 0.0], &array![0.0, 1.0, 1.0], (1, 3))?;
/// assert_eq!(moved.distance, 1.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn transport_distance(
    a: &ArrayRef1<f64>,
    b: &ArrayRef1<f64>,
    shape: (usize, usize),
) -> Result<Transport> {
    check_grey(a.len(), shape)?;
    check_slopes(b.shape(), a.shape())
        .map_err(|_| Error::shape("the second picture", format!("{:?}", a.shape()), b.shape()))?;
    for (what, picture) in [("the first picture", a), ("the second picture", b)] {
        check_pixels(what, picture, (0.0, f64::MAX))?;
    }
    let total = mass("the first picture", a)?;
    let other = mass("the second picture", b)?;
    if (total - other).abs() > SAME_MASS * total {
        let expected = format!("{total}, that of the first");
        return Err(Error::domain(
            "the mass of the second picture",
            expected,
            other,
        ));
    }
    let excess = a.iter().zip(b).map(|(a, b)| (a - b) / total).collect();
    let mut flow = Flow::new(shape, excess);
    while flow.augment() {}
    let distance = flow.carried.iter().flatten().sum();
    let (height, width) = shape;
    // Distances from where there is too much: b − a is negative there.
    let level = |(row, column): (usize, usize)| flow.potential[row * width + column] as f64;
    Ok(Transport {
        distance,
        potential: Array2::from_shape_fn((height, width), level),
    })
}

/// Mass on its way.
struct Flow {
    height: usize,
    width: usize,
    /// What each pixel still has too much; negative: too little.
    excess: Vec<f64>,
    /// Mass carried from each pixel to its neighbour on the right, below, on the left, above.
    carried: Vec<[f64; 4]>,
    /// π: 1 + π_i − π_j ≥ 0 along every edge, 0 where mass is carried.
    potential: Vec<i64>,
}

impl Flow {
    fn new((height, width): (usize, usize), excess: Vec<f64>) -> Self {
        Self {
            height,
            width,
            carried: vec![[0.0; 4]; excess.len()],
            potential: vec![0; excess.len()],
            excess,
        }
    }

    fn neighbour(&self, pixel: usize, way: usize) -> Option<usize> {
        let (row, column) = (pixel / self.width, pixel % self.width);
        match way {
            0 if column + 1 < self.width => Some(pixel + 1),
            1 if row + 1 < self.height => Some(pixel + self.width),
            2 if column > 0 => Some(pixel - 1),
            3 if row > 0 => Some(pixel - self.width),
            _ => None,
        }
    }

    /// Carries mass along one shortest path; whether there was one.
    fn augment(&mut self) -> bool {
        let Some((end, came, reached)) = self.search() else {
            return false;
        };
        let mut path = Vec::new();
        let mut at = end;
        while let Some((from, way, back)) = came[at] {
            path.push((from, at, way, back));
            at = from;
        }
        let mut amount = self.excess[at].min(-self.excess[end]);
        for &(_, to, way, back) in &path {
            if back {
                amount = amount.min(self.carried[to][(way + 2) % 4]);
            }
        }
        for &(from, to, way, back) in &path {
            match back {
                true => self.carried[to][(way + 2) % 4] -= amount,
                false => self.carried[from][way] += amount,
            }
        }
        self.excess[at] -= amount;
        self.excess[end] += amount;
        // Only what was nearer than the end is known; the others are at least as far.
        let length = reached[end];
        for (potential, reached) in self.potential.iter_mut().zip(&reached) {
            *potential += (*reached).min(length);
        }
        true
    }

    /// Dijkstra's algorithm on reduced costs, from every pixel with too much, to the nearest with too little: that pixel,
    /// how each was come to (from where, which way, whether by taking back), and how far each is.
    #[allow(clippy::type_complexity)]
    fn search(&self) -> Option<(usize, Vec<Option<(usize, usize, bool)>>, Vec<i64>)> {
        let n = self.excess.len();
        let (mut came, mut reached) = (vec![None; n], vec![i64::MAX; n]);
        let mut heap = BinaryHeap::new();
        for pixel in (0..n).filter(|i| self.excess[*i] > 0.0) {
            reached[pixel] = 0;
            heap.push(Reverse((0, pixel)));
        }
        while let Some(Reverse((length, pixel))) = heap.pop() {
            if length > reached[pixel] {
                continue;
            }
            if self.excess[pixel] < 0.0 {
                return Some((pixel, came, reached));
            }
            for way in 0..4 {
                let Some(next) = self.neighbour(pixel, way) else {
                    continue;
                };
                // Taking back what was carried against this way saves as much as it cost.
                let back = self.carried[next][(way + 2) % 4] > 0.0;
                let cost = if back { -1 } else { 1 };
                let there = length + cost + self.potential[pixel] - self.potential[next];
                if there < reached[next] {
                    reached[next] = there;
                    came[next] = Some((pixel, way, back));
                    heap.push(Reverse((there, next)));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::uniform_cube;
    use crate::rng::stream;
    use ndarray::{Array1, array};

    /// Both sides of Kantorovich–Rubinstein agree, and the potential is one.
    fn certified(a: &Array1<f64>, b: &Array1<f64>, shape: (usize, usize)) -> f64 {
        let found = transport_distance(a, b, shape).expect("valid");
        let phi = &found.potential;
        for ((row, column), here) in phi.indexed_iter() {
            for (r, c) in [(row + 1, column), (row, column + 1)] {
                if let Some(next) = phi.get((r, c)) {
                    assert!((here - next).abs() <= 1.0);
                }
            }
        }
        let pairs = phi.iter().zip(b.iter().zip(a));
        let dual: f64 = pairs.map(|(phi, (b, a))| phi * (b - a)).sum::<f64>() / a.sum();
        assert!(
            (dual - found.distance).abs() < 1e-12,
            "{dual} {}",
            found.distance
        );
        found.distance
    }

    fn picture(d: usize, index: u64) -> Array1<f64> {
        let x = uniform_cube(1, d, &mut stream(1, "transport", index)).expect("valid");
        let x = x.row(0).to_owned();
        &x / x.sum()
    }

    /// On a line the distance is the sum of |differences of the partial sums|.
    #[test]
    fn on_a_line_it_is_the_distance_of_the_distribution_functions() {
        for index in 0..10 {
            let (a, b) = (picture(20, 2 * index), picture(20, 2 * index + 1));
            let mut ahead = 0.0;
            let mut sum = 0.0;
            for (a, b) in a.iter().zip(&b) {
                ahead += a - b;
                sum += f64::abs(ahead);
            }
            assert!((certified(&a, &b, (1, 20)) - sum).abs() < 1e-12);
            assert!((certified(&a, &b, (20, 1)) - sum).abs() < 1e-12);
        }
    }

    #[test]
    fn in_the_plane_a_potential_proves_it() {
        for index in 0..10 {
            let (a, b) = (picture(42, 2 * index), picture(42, 2 * index + 1));
            let there = certified(&a, &b, (6, 7));
            assert!((there - certified(&b, &a, (6, 7))).abs() < 1e-12);
            assert_eq!(certified(&a, &a, (6, 7)), 0.0);
        }
        let (a, b) = (array![3.0, 0.0, 0.0, 0.0], array![0.0, 0.0, 0.0, 3.0]);
        assert_eq!(certified(&a, &b, (2, 2)), 2.0);
    }

    #[test]
    fn bad_pictures_are_named() {
        let a = array![1.0, 0.0];
        let refused = |b: Array1<f64>, shape| {
            let error = transport_distance(&a, &b, shape).expect_err("refused");
            error.argument().expect("an argument").to_owned()
        };
        assert_eq!(
            refused(array![0.0, 1.0], (2, 2)),
            "the shape of the pictures"
        );
        assert_eq!(refused(array![1.0], (1, 2)), "the second picture");
        assert_eq!(refused(array![2.0, -1.0], (1, 2)), "the second picture");
        assert_eq!(
            refused(array![0.0, 0.0], (1, 2)),
            "the mass of the second picture"
        );
        assert_eq!(
            refused(array![0.0, 2.0], (1, 2)),
            "the mass of the second picture"
        );
    }
}
