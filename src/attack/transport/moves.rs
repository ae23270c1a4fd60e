//! What carrying mass can add to a linear score.

use ndarray::{Array1, ArrayRef1};

use super::{check_grey, mass};
use crate::attack::picture::{check_pixels, check_slopes};
use crate::error::{Result, check_finite, check_scale};

/// A picture after mass was carried.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// The pixels after it, `(d,)`.
    pub inputs: Array1<f64>,
    /// By how much g·z rose.
    pub gain: f64,
    /// Pixels that mass was carried on average, Σ amount·way/M: an upper bound of W₁, and at most the budget.
    pub spent: f64,
}

/// The largest g·z over all pictures z ≥ 0 with the mass of x and W₁(x, z) ≤ `budget`, whatever large pixels become.
///
/// # Formula
/// Mass at pixel i that goes to j gains g_j − g_i for the way |i − j|₁. Of each pixel only the upper concave hull of (way, best
/// gain within it) counts; its edges are taken in the order of gain per way until the budget, times the mass M, is used up. This
/// is the exact solution of a linear programme with one constraint besides x ≥ 0: its dual is
/// min_λ λMB + Σ_i x_i max_j (g_j − g_i − λ|i − j|₁). For slopes g, `(d,)`, and grey x, `(d,)`, of `shape` (height, width).
///
/// # Errors
/// Sizes that do not fit; a pixel below 0, or no mass; slopes that are not finite; a budget that is negative or not finite.
///
/// # Reference
/// Wong, Schmidt & Kolter 2019, arXiv:1902.07906, section 3; the greedy rule for one constraint: Dantzig 1957,
/// doi:10.1287/opre.5.2.266.
pub fn worst_carrying(
    slopes: &ArrayRef1<f64>,
    x: &ArrayRef1<f64>,
    shape: (usize, usize),
    budget: f64,
) -> Result<Carried> {
    let total = check(slopes, x, shape, budget, (0.0, f64::MAX))?;
    let mut edges = Vec::new();
    for pixel in (0..x.len()).filter(|i| x[*i] > 0.0) {
        for edge in hull(slopes, pixel, shape) {
            edges.push((pixel, edge));
        }
    }
    // Stable: the edges of one pixel keep their order.
    edges.sort_by(|a, b| b.1.rate().total_cmp(&a.1.rate()));
    let mut found = Carried {
        inputs: x.to_owned(),
        gain: 0.0,
        spent: 0.0,
    };
    for (pixel, edge) in edges {
        let (left, whole) = (budget - found.spent, x[pixel] / total * edge.way as f64);
        let share = if whole > left { left / whole } else { 1.0 };
        let amount = share * x[pixel];
        found.inputs[edge.from] -= amount;
        found.inputs[edge.to] += amount;
        found.gain += amount * edge.gain;
        if share < 1.0 {
            found.spent = budget;
            break;
        }
        found.spent += whole;
    }
    // What is left after all of a pixel went is rounding.
    found.inputs.mapv_inplace(|v| if v < 0.0 { 0.0 } else { v });
    Ok(found)
}

/// A picture inside `range`, made from x by carrying mass between neighbouring pixels: the steepest steps first, each as
/// much as the pixel it comes from has above the range's lower end, the one it goes to has room for, and the budget pays.
///
/// It is a feasible attack, not the best one: [`worst_carrying`], which lets pixels leave the range, bounds its gain. For
/// slopes g, `(d,)`, and grey x, `(d,)`, of `shape` (height, width).
///
/// # Errors
/// As for [`worst_carrying`]; a pixel outside `range`.
pub fn carry_within_range(
    slopes: &ArrayRef1<f64>,
    x: &ArrayRef1<f64>,
    shape: (usize, usize),
    budget: f64,
    range: (f64, f64),
) -> Result<Carried> {
    let total = check(slopes, x, shape, budget, range)?;
    let (height, width) = shape;
    let mut steps = Vec::new();
    for from in 0..x.len() {
        let (row, column) = (from / width, from % width);
        let below = (row + 1 < height).then_some(from + width);
        let right = (column + 1 < width).then_some(from + 1);
        for to in [below, right].into_iter().flatten() {
            let gain = slopes[to] - slopes[from];
            if gain > 0.0 {
                steps.push((gain, from, to));
            } else if gain < 0.0 {
                steps.push((-gain, to, from));
            }
        }
    }
    steps.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (low, high) = range;
    let mut found = Carried {
        inputs: x.to_owned(),
        gain: 0.0,
        spent: 0.0,
    };
    for (gain, from, to) in steps {
        let (has, room) = (found.inputs[from] - low, high - found.inputs[to]);
        let paid = (budget - found.spent) * total;
        let amount = has.min(room).min(paid);
        if amount <= 0.0 {
            continue;
        }
        // The pixel that ends at an end of the range ends there exactly.
        found.inputs[from] = if amount == has {
            low
        } else {
            found.inputs[from] - amount
        };
        found.inputs[to] = if amount == room {
            high
        } else {
            found.inputs[to] + amount
        };
        found.gain += amount * gain;
        found.spent = (found.spent + amount / total).min(budget);
    }
    Ok(found)
}

/// Checks what both take; returns the mass.
fn check(
    slopes: &ArrayRef1<f64>,
    x: &ArrayRef1<f64>,
    shape: (usize, usize),
    budget: f64,
    range: (f64, f64),
) -> Result<f64> {
    check_grey(x.len(), shape)?;
    check_pixels("the pixels", x, range)?;
    check_slopes(slopes.shape(), x.shape())?;
    check_finite("the slopes", slopes)?;
    check_scale("the budget", budget)?;
    mass("the picture", x)
}

/// One edge of a pixel's hull: `way` pixels farther, from one place to another, for `gain` more.
struct Edge {
    way: usize,
    gain: f64,
    from: usize,
    to: usize,
}

impl Edge {
    fn rate(&self) -> f64 {
        self.gain / self.way as f64
    }
}

/// The upper concave hull of (way, best slope within it) around a pixel, edges with a gain only.
fn hull(slopes: &ArrayRef1<f64>, pixel: usize, (height, width): (usize, usize)) -> Vec<Edge> {
    let (row, column) = (pixel / width, pixel % width);
    let mut best: Vec<Option<usize>> = vec![None; height + width - 1];
    for (at, slope) in slopes.iter().enumerate() {
        let way = row.abs_diff(at / width) + column.abs_diff(at % width);
        if best[way].is_none_or(|other| *slope > slopes[other]) {
            best[way] = Some(at);
        }
    }
    // Monotone chain over the places that are better than all nearer ones.
    let mut corners: Vec<(usize, usize)> = vec![(0, pixel)];
    for (way, at) in best.into_iter().enumerate().skip(1) {
        let Some(at) = at.filter(|at| corners.iter().all(|(_, c)| slopes[*at] > slopes[*c])) else {
            continue;
        };
        while let [.., a, b] = corners[..] {
            let rate = |from: (usize, usize), to: (usize, usize)| {
                (slopes[to.1] - slopes[from.1]) / (to.0 - from.0) as f64
            };
            if rate(a, b) > rate(b, (way, at)) {
                break;
            }
            corners.pop();
        }
        corners.push((way, at));
    }
    let pairs = corners.windows(2);
    pairs
        .map(|pair| Edge {
            way: pair[1].0 - pair[0].0,
            gain: slopes[pair[1].1] - slopes[pair[0].1],
            from: pair[0].1,
            to: pair[1].1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::transport_distance;
    use super::*;
    use crate::data::synthetic::{gaussian, uniform_cube};
    use crate::rng::stream;

    const SHAPE: (usize, usize) = (5, 6);

    fn problem(index: u64) -> (Array1<f64>, Array1<f64>) {
        let rng = &mut stream(1, "moves", index);
        let g = gaussian(1, 30, rng).expect("valid").row(0).to_owned();
        let x = uniform_cube(1, 30, rng).expect("valid").row(0).to_owned();
        (g, x)
    }

    /// The dual at a price λ, from all pairs of pixels.
    fn dual(g: &Array1<f64>, x: &Array1<f64>, budget: f64, price: f64) -> f64 {
        let way = |i: usize, j: usize| (i / 6).abs_diff(j / 6) + (i % 6).abs_diff(j % 6);
        let best = |i: usize| {
            let each = (0..30).map(|j| g[j] - g[i] - price * way(i, j) as f64);
            each.fold(0.0, f64::max)
        };
        price * budget * x.sum() + (0..30).map(|i| x[i] * best(i)).sum::<f64>()
    }

    #[test]
    fn the_dual_agrees_and_the_budget_is_kept() {
        for index in 0..8 {
            let (g, x) = problem(index);
            for budget in [0.0, 0.01, 0.3, 1.0, 20.0] {
                let worst = worst_carrying(&g, &x, SHAPE, budget).expect("valid");
                assert!(worst.spent <= budget);
                assert!((g.dot(&(&worst.inputs - &x)) - worst.gain).abs() < 1e-12);
                assert!((worst.inputs.sum() - x.sum()).abs() < 1e-12);
                assert!(worst.inputs.iter().all(|v| *v >= 0.0));
                let distance = transport_distance(&x, &worst.inputs, SHAPE)
                    .expect("valid")
                    .distance;
                assert!(distance <= worst.spent + 1e-12);
                // The dual is convex in the price: by thirds.
                let (mut low, mut high) = (0.0, 10.0);
                for _ in 0..200 {
                    let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
                    match dual(&g, &x, budget, a) < dual(&g, &x, budget, b) {
                        true => high = b,
                        false => low = a,
                    }
                }
                let bound = dual(&g, &x, budget, low);
                assert!(
                    (bound - worst.gain).abs() < 1e-9,
                    "{budget}: {bound} {}",
                    worst.gain
                );
            }
        }
    }

    #[test]
    fn within_the_range_less_is_gained() {
        for index in 0..8 {
            let (g, x) = problem(index);
            for budget in [0.0, 0.05, 0.3, 2.0] {
                let range = (0.0, 1.0);
                let found = carry_within_range(&g, &x, SHAPE, budget, range).expect("valid");
                let bound = worst_carrying(&g, &x, SHAPE, budget).expect("valid");
                assert!(found.spent <= budget && found.gain <= bound.gain + 1e-12);
                assert!(budget == 0.0 || found.gain > 0.0);
                assert!((g.dot(&(&found.inputs - &x)) - found.gain).abs() < 1e-12);
                assert!((found.inputs.sum() - x.sum()).abs() < 1e-12);
                assert!(found.inputs.iter().all(|v| (0.0..=1.0).contains(v)));
                let distance = transport_distance(&x, &found.inputs, SHAPE)
                    .expect("valid")
                    .distance;
                assert!(distance <= found.spent + 1e-12);
            }
        }
        let (g, x) = problem(0);
        assert!(carry_within_range(&g, &x, SHAPE, -1.0, (0.0, 1.0)).is_err());
        assert!(carry_within_range(&g, &x, SHAPE, 1.0, (0.0, 0.5)).is_err());
        assert!(worst_carrying(&g, &(&x * 0.0), SHAPE, 1.0).is_err());
    }
}
