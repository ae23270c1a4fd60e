//! A black box: only its scores are seen, a query each.

use ndarray::{Array1, Array2, ArrayRef2, Axis};
use rand::seq::SliceRandom;

use super::candidates::checked;
use super::picture::check_pixels;
use crate::error::{Result, check_positive};

/// Settings of [`coordinate_search`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuerySettings {
    /// How far a pixel may go from its clean value, in grey levels: an ℓ∞ ball.
    pub epsilon: f64,
    /// What pixels may be.
    pub range: (f64, f64),
    /// Queries an input, the first of them at the clean one.
    pub queries: usize,
    /// An input is left alone once its objective is above this: 0 for a margin, with the class wrong from there on.
    pub stop_above: f64,
}

impl Default for QuerySettings {
    /// ε = 0.1 in \[0, 1\], 1,000 queries, no stop.
    fn default() -> Self {
        Self {
            epsilon: 0.1,
            range: (0.0, 1.0),
            queries: 1000,
            stop_above: f64::INFINITY,
        }
    }
}

/// What a black-box attack found for each of n inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct Queried {
    /// The worst inputs, `(n, d)`.
    pub inputs: Array2<f64>,
    /// The objective there, `(n,)`.
    pub values: Array1<f64>,
    /// Queries used, `(n,)`.
    pub queries: Vec<usize>,
}

/// Tries the pixels one after another, in a random order of each row's own: up by ε, and if the objective does not rise,
/// down by ε; what raises it is kept. When all were tried it goes round again.
///
/// `objective` gives the value of some rows, larger for worse, from which rows they are and their inputs `(rows, d)`; it is all that is
/// known of the model. The
/// inputs stay within ε of `x`, `(n, d)`, and in the range. For a linear objective each pixel ends at its best end once it was
/// tried: after 2d + 1 queries, its own optimum over the box.
///
/// # Errors
/// Pixels outside the range; ε not positive; an objective that fails, is not a number, or has another length.
///
/// # Reference
/// Guo, Gardner, You, Wilson & Weinberger 2019, "Simple black-box adversarial attacks", arXiv:1905.07121, algorithm 1 in the pixel
/// basis, with the step ε of an ℓ∞ ball; CMSC 828W, "Black-box: Adversary has limited knowledge".
pub fn coordinate_search(
    x: &ArrayRef2<f64>,
    mut objective: impl FnMut(&[usize], &ArrayRef2<f64>) -> Result<Array1<f64>>,
    settings: &QuerySettings,
    rng: &mut impl rand::Rng,
) -> Result<Queried> {
    let QuerySettings { epsilon, range, .. } = *settings;
    check_positive("ε", epsilon)?;
    check_pixels("the pixels", x, range)?;
    let (n, d) = x.dim();
    let mut ask = |rows: &[usize], z: &ArrayRef2<f64>| checked(objective(rows, z)?, z.nrows());
    let all: Vec<usize> = (0..n).collect();
    let mut found = Queried {
        inputs: x.to_owned(),
        values: ask(&all, x)?,
        queries: vec![1; n],
    };
    let orders = (0..n).map(|_| {
        let mut order: Vec<usize> = (0..d).collect();
        order.shuffle(rng);
        order
    });
    let orders: Vec<Vec<usize>> = orders.collect();
    let end = |row: usize, pixel: usize, way: f64| {
        (x[[row, pixel]] + way * epsilon).clamp(range.0, range.1)
    };
    let active = |found: &Queried, row: usize| {
        found.queries[row] < settings.queries && found.values[row] <= settings.stop_above
    };
    let mut round = 0;
    loop {
        let mut rows: Vec<usize> = (0..n).filter(|row| active(&found, *row)).collect();
        if rows.is_empty() || d == 0 {
            return Ok(found);
        }
        for way in [1.0, -1.0] {
            rows.retain(|row| active(&found, *row));
            if rows.is_empty() {
                break;
            }
            let mut tried = found.inputs.select(Axis(0), &rows);
            for (mut row, &index) in tried.rows_mut().into_iter().zip(&rows) {
                let pixel = orders[index][round % d];
                row[pixel] = end(index, pixel, way);
            }
            let values = ask(&rows, &tried)?;
            let mut left = Vec::new();
            for (place, &row) in rows.iter().enumerate() {
                found.queries[row] += 1;
                if values[place] > found.values[row] {
                    found.values[row] = values[place];
                    found.inputs.row_mut(row).assign(&tried.row(place));
                } else {
                    left.push(row);
                }
            }
            rows = left;
        }
        round += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, uniform_cube};
    use crate::rng::stream;

    #[test]
    fn a_linear_model_is_solved_by_trying_each_pixel() {
        let rng = &mut stream(1, "queries", 0);
        let x = uniform_cube(4, 12, rng).expect("valid");
        let g = gaussian(1, 12, rng).expect("valid").row(0).to_owned();
        let settings = QuerySettings {
            epsilon: 0.3,
            queries: 25,
            ..QuerySettings::default()
        };
        let mut asked = 0;
        let objective = |_: &[usize], z: &ArrayRef2<f64>| {
            asked += z.nrows();
            Ok(z.dot(&g))
        };
        let found = coordinate_search(&x, objective, &settings, rng).expect("valid");
        assert_eq!(asked, found.queries.iter().sum::<usize>());
        for row in 0..4 {
            for i in 0..12 {
                let best = (x[[row, i]] + 0.3_f64.copysign(g[i])).clamp(0.0, 1.0);
                assert!((found.inputs[[row, i]] - best).abs() < 1e-15);
            }
        }
        let few = QuerySettings {
            queries: 7,
            ..settings
        };
        let found = coordinate_search(&x, |_, z| Ok(z.dot(&g)), &few, rng).expect("valid");
        assert_eq!(found.queries, [7; 4]);
        let done = QuerySettings {
            stop_above: -1e9,
            ..settings
        };
        let found = coordinate_search(&x, |_, z| Ok(z.dot(&g)), &done, rng).expect("valid");
        assert_eq!((found.queries, found.inputs), (vec![1; 4], x.clone()));
        let none = QuerySettings {
            epsilon: 0.0,
            ..settings
        };
        assert!(coordinate_search(&x, |_, z| Ok(z.dot(&g)), &none, rng).is_err());
        assert!(coordinate_search(&(&x * 3.0), |_, z| Ok(z.dot(&g)), &few, rng).is_err());
    }
}
