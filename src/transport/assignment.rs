//! The best assignment of n rows to n columns, with prices that prove it.

mod augment;
mod reduce;

use ndarray::ArrayRef2;

use super::Coupling;
use crate::error::{Error, Result, check_finite, check_size};

/// A permutation of least cost, and a solution of the dual linear program, whose equal value proves it.
///
/// # Formula
/// min over permutations σ of Σ c_{iσ(i)} = max Σ u_i + Σ v_j subject to u_i + v_j ≤ c_ij.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    columns: Vec<usize>,
    total: f64,
    row_prices: Vec<f64>,
    column_prices: Vec<f64>,
}

impl Assignment {
    /// σ: the column of each row.
    #[must_use]
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Σ c_{iσ(i)}.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.total
    }

    /// (1/n) Σ c_{iσ(i)}: W_p^p of two samples of n points, where c is the p-th power of a distance. With equal weights a best
    /// coupling is a permutation: couplings mix permutations, by Birkhoff's theorem.
    #[must_use]
    pub fn mean_cost(&self) -> f64 {
        self.total / self.columns.len() as f64
    }

    /// u, `(n,)`.
    #[must_use]
    pub fn row_prices(&self) -> &[f64] {
        &self.row_prices
    }

    /// v, `(n,)`.
    #[must_use]
    pub fn column_prices(&self) -> &[f64] {
        &self.column_prices
    }

    /// (Σ u_i + Σ v_j)/n, the value of the dual.
    #[must_use]
    pub fn dual(&self) -> f64 {
        let sum: f64 = self.row_prices.iter().chain(&self.column_prices).sum();
        sum / self.columns.len() as f64
    }

    /// min c_ij − u_i − v_j over all i, j, for the costs that were solved: at least 0 but for rounding, or the prices prove
    /// nothing.
    ///
    /// # Errors
    /// Costs of another shape.
    pub fn least_reduced_cost(&self, cost: &ArrayRef2<f64>) -> Result<f64> {
        let n = self.columns.len();
        if cost.dim() != (n, n) {
            return Err(Error::shape(
                "the costs",
                format!("({n}, {n})"),
                cost.shape(),
            ));
        }
        let rows = cost.rows().into_iter().zip(&self.row_prices);
        let reduced = rows.flat_map(|(row, u)| {
            let pairs = row.into_iter().zip(&self.column_prices);
            pairs.map(move |(c, v)| c - u - v)
        });
        Ok(crate::stats::least(reduced))
    }

    /// The permutation as a coupling of masses 1/n.
    #[must_use]
    pub fn coupling(&self) -> Coupling {
        let n = self.columns.len();
        let entries = self.columns.iter().enumerate();
        let entries = entries.map(|(i, j)| (i, *j, 1.0 / n as f64)).collect();
        Coupling::new((n, n), entries).expect("a permutation stays within n")
    }
}

/// Assigns each row of `cost`, `(n, n)`, a column of its own at the least sum of costs.
///
/// # Algorithm
/// Jonker and Volgenant's: columns are reduced by their least entries, what rows can spare is transferred, free rows bid for
/// columns, and the rows still free are assigned along shortest augmenting paths, by Dijkstra's algorithm on reduced costs. At most
/// O(n³) steps; besides the costs, which are only read, O(n) memory, so that n = 4,096 needs the 128 MiB of its costs. The prices
/// are a dual solution: [`Assignment::least_reduced_cost`] and [`Assignment::dual`] check it.
///
/// It is written here since a path's step, which takes nearly all the time, can be one pass without branches over a row of
/// costs in wide vectors: `./lab bench wasserstein` compares.
///
/// # Errors
/// Costs that are empty, not square, or not finite.
///
/// # Reference
/// Jonker & Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear assignment problems",
/// doi:10.1007/BF02278710.
///
/// ```
/// use dltheory::transport::assign;
/// use ndarray::array;
/// let cost = array![[4.0, 1.0, 3.0], [2.0, 0.0, 5.0], [3.0, 2.0, 2.0]];
/// let best = assign(&cost)?;
/// assert_eq!((best.columns(), best.total()), (&[1, 0, 2][..], 5.0));
/// assert!(best.least_reduced_cost(&cost)? >= -1e-12 && (best.dual() - 5.0 / 3.0).abs() < 1e-12);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn assign(cost: &ArrayRef2<f64>) -> Result<Assignment> {
    let (n, m) = cost.dim();
    check_size("the costs", n, m)?;
    if n != m {
        return Err(Error::shape(
            "the costs",
            format!("({n}, {n})"),
            cost.shape(),
        ));
    }
    check_finite("the costs", cost)?;
    let cost = cost.as_standard_layout();
    let cost = Costs {
        n,
        entries: cost.as_slice().expect("the standard layout is one slice"),
    };
    let mut state = Matching::new(n);
    let free = reduce::reduce(&cost, &mut state);
    augment::augment(&cost, &mut state, &free);
    Ok(state.finish(&cost))
}

/// Square costs, row by row.
struct Costs<'a> {
    n: usize,
    entries: &'a [f64],
}

impl Costs<'_> {
    fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.n..(i + 1) * self.n]
    }
}

/// What stands for no row or column.
const NONE: usize = usize::MAX;

/// A partial assignment with the prices of the columns: what a row has is its cheapest column at these prices.
struct Matching {
    column_of: Vec<usize>,
    row_of: Vec<usize>,
    v: Vec<f64>,
    /// Whether a row was the cheapest of several columns when these were reduced.
    several: Vec<bool>,
}

impl Matching {
    fn new(n: usize) -> Self {
        Self {
            column_of: vec![NONE; n],
            row_of: vec![NONE; n],
            v: vec![0.0; n],
            several: vec![false; n],
        }
    }

    fn finish(self, cost: &Costs<'_>) -> Assignment {
        let taken = self.column_of.iter().enumerate();
        let costs: Vec<f64> = taken.map(|(i, j)| cost.row(i)[*j]).collect();
        let pairs = costs.iter().zip(&self.column_of);
        Assignment {
            row_prices: pairs.map(|(c, j)| c - self.v[*j]).collect(),
            total: costs.iter().sum(),
            columns: self.column_of,
            column_prices: self.v,
        }
    }
}

/// The cost of every permutation, one after another: for tests, n ≤ 8.
#[cfg(test)]
fn by_trying_all(cost: &ndarray::Array2<f64>) -> f64 {
    fn least(cost: &ndarray::Array2<f64>, row: usize, used: &mut Vec<bool>) -> f64 {
        if row == cost.nrows() {
            return 0.0;
        }
        let mut best = f64::INFINITY;
        for j in 0..cost.ncols() {
            if !used[j] {
                used[j] = true;
                best = best.min(cost[[row, j]] + least(cost, row + 1, used));
                used[j] = false;
            }
        }
        best
    }
    least(cost, 0, &mut vec![false; cost.nrows()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, uniform_cube};
    use crate::rng::stream;
    use crate::transport::{distances, powers};
    use ndarray::{Array2, array};

    fn proven(cost: &Array2<f64>) -> Assignment {
        let best = assign(cost).unwrap();
        let mut seen = vec![false; cost.nrows()];
        best.columns().iter().for_each(|j| seen[*j] = true);
        assert!(seen.iter().all(|seen| *seen), "not a permutation");
        let size = cost.iter().fold(1.0_f64, |most, c| most.max(c.abs()));
        let slack = best.least_reduced_cost(cost).unwrap();
        assert!(slack > -1e-12 * size, "slack {slack}");
        assert!((best.dual() - best.mean_cost()).abs() < 1e-12 * size);
        best
    }

    #[test]
    fn no_permutation_is_cheaper() {
        for n in 1..=7 {
            for index in 0..20 {
                let cost = gaussian(n, n, &mut stream(n as u64, "assign", index)).unwrap();
                let best = proven(&cost);
                assert!((best.total() - by_trying_all(&cost)).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn prices_prove_large_ones() {
        for (n, d) in [(9, 1), (64, 2), (150, 3), (203, 5)] {
            let rng = &mut stream(1, "clouds", d as u64);
            let (x, y) = (
                uniform_cube(n, d, rng).unwrap(),
                uniform_cube(n, d, rng).unwrap(),
            );
            proven(&distances(&x, &y).unwrap());
            proven(&powers(&x, &y, 2.0).unwrap());
            proven(&gaussian(n, n, rng).unwrap());
        }
    }

    /// Ties everywhere: whole numbers, constants, one column that all want.
    #[test]
    fn ties_do_not_stop_it() {
        let rng = &mut stream(1, "ties", 0);
        let few = uniform_cube(40, 40, rng)
            .unwrap()
            .mapv(|u| (3.0 * u).floor());
        proven(&few);
        assert_eq!(proven(&Array2::zeros((30, 30))).total(), 0.0);
        let wanted = Array2::from_shape_fn(
            (25, 25),
            |(i, j)| if j == 3 { -1e6 } else { (i + j) as f64 },
        );
        proven(&wanted);
        // Differences far below the size of the costs.
        proven(&(uniform_cube(60, 60, rng).unwrap() * 1e-12 + 1.0));
        proven(&(uniform_cube(60, 60, rng).unwrap() * 1e-15 + 1.0));
    }

    #[test]
    fn any_layout_will_do_and_bad_costs_are_errors() {
        let cost = gaussian(6, 6, &mut stream(1, "layout", 0)).unwrap();
        let turned = assign(&cost.t()).unwrap();
        assert!((turned.total() - assign(&cost).unwrap().total()).abs() < 1e-12);
        assert!(turned.coupling().is_map());
        assert!(assign(&array![[1.0, 2.0]]).is_err());
        assert!(assign(&array![[f64::INFINITY]]).is_err());
        assert!(assign(&Array2::zeros((0, 0))).is_err());
        assert!(turned.least_reduced_cost(&array![[1.0]]).is_err());
    }
}
