//! The dual of Kantorovich and Rubinstein: W₁(μ, ν) = sup over 1-Lipschitz d of E_μ d − E_ν d.

use ndarray::{Array1, Array2, ArrayRef2};

use super::{Assignment, distances};
use crate::error::{Error, Result, check_count, check_finite, check_positive};

/// A critic d(a) = min_j (‖a − y_j‖ − v_j): the lower envelope of cones, which is 1-Lipschitz whatever the centres y, `(m, p)`, and
/// the prices v, `(m,)`.
#[derive(Clone, Debug, PartialEq)]
pub struct ConeCritic {
    centres: Array2<f64>,
    prices: Array1<f64>,
}

impl ConeCritic {
    /// The critic with these centres and prices.
    ///
    /// # Errors
    /// No centres, another number of prices, numbers that are not finite.
    pub fn new(centres: Array2<f64>, prices: Array1<f64>) -> Result<Self> {
        if centres.is_empty() || centres.nrows() != prices.len() {
            let expected = format!("({},), at least one", centres.nrows());
            return Err(Error::shape("the prices", expected, prices.shape()));
        }
        check_finite("the centres", &centres)?;
        check_finite("the prices", &prices)?;
        Ok(Self { centres, prices })
    }

    /// The best critic of two samples of n points: cones over the second one, `(n, p)`, at the prices of its best assignment by
    /// distances. u_i ≤ d(x_i) and d(y_j) ≤ −v_j, so that E d(x) − E d(y) is at least the dual's value, W₁, and no 1-Lipschitz
    /// function is above.
    ///
    /// # Errors
    /// Another number of points than were assigned.
    pub fn of_assignment(best: &Assignment, second: &ArrayRef2<f64>) -> Result<Self> {
        let prices = Array1::from(best.column_prices().to_vec());
        Self::new(second.to_owned(), prices)
    }

    /// d(a) for each row of `points`, `(n, p)`; returns `(n,)`.
    ///
    /// # Errors
    /// Points of another dimension, or not finite.
    pub fn values(&self, points: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        let cost = distances(points, &self.centres)?;
        let rows = cost.rows().into_iter().map(|row| {
            let cones = row.into_iter().zip(&self.prices).map(|(c, v)| c - v);
            crate::stats::least(cones)
        });
        Ok(rows.collect())
    }

    /// E d(x) − E d(y) over the rows of both samples.
    ///
    /// # Errors
    /// As for [`values`](Self::values).
    pub fn advantage(&self, x: &ArrayRef2<f64>, y: &ArrayRef2<f64>) -> Result<f64> {
        let mean = |points| self.values(points).map(|d| d.sum() / d.len() as f64);
        Ok(mean(x)? - mean(y)?)
    }
}

/// A critic that was learned, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedCones {
    /// The best critic that was met.
    pub critic: ConeCritic,
    /// Its value of the dual.
    pub best: f64,
    /// The value of the dual before each step.
    pub values: Vec<f64>,
}

/// Learns the prices v of a [`ConeCritic`] over the second sample from 0 by subgradient ascent on the dual
/// (1/n) Σ_i min_j (c_ij − v_j) + (1/m) Σ_j v_j, which is concave. `cost` are distances ‖x_i − y_j‖, `(n, m)`; `second`, `(m, p)`.
///
/// # Formula
/// v_j ← v_j + η (1/m − share of the x_i whose least cone is j). A slope is at most 1 long, so after k steps the best value is below
/// the supremum by at most ‖v*‖²/(2ηk) + η/2: ‖v*‖/√k for η = ‖v*‖/√k, v* any best prices.
///
/// # Errors
/// Costs of another shape or not finite; η not positive; no steps.
///
/// # Reference
/// Genevay, Cuturi, Peyré & Bach 2016, "Stochastic optimization for large-scale optimal transport", arXiv:1605.08527, for the
/// semi-dual; Bubeck 2015, "Convex optimization: algorithms and complexity", arXiv:1405.4980, theorem 3.2, for the bound.
pub fn learn_cones(
    cost: &ArrayRef2<f64>,
    second: &ArrayRef2<f64>,
    rate: f64,
    steps: usize,
) -> Result<LearnedCones> {
    let (n, m) = cost.dim();
    if cost.is_empty() || second.nrows() != m {
        let expected = format!("({m}, p), at least one");
        return Err(Error::shape("the second sample", expected, second.shape()));
    }
    check_finite("the costs", cost)?;
    check_positive("the rate η", rate)?;
    check_count("the number of steps", steps)?;
    let mut prices = vec![0.0; m];
    let (mut best, mut kept) = (f64::NEG_INFINITY, prices.clone());
    let mut values = Vec::with_capacity(steps);
    for _ in 0..steps {
        let mut slope = vec![1.0 / m as f64; m];
        let mut value = prices.iter().sum::<f64>() / m as f64;
        for row in cost.rows() {
            let (mut least, mut whose) = (f64::INFINITY, 0);
            for (j, (c, v)) in row.iter().zip(&prices).enumerate() {
                if c - v < least {
                    (least, whose) = (c - v, j);
                }
            }
            value += least / n as f64;
            slope[whose] -= 1.0 / n as f64;
        }
        if value > best {
            best = value;
            kept.copy_from_slice(&prices);
        }
        values.push(value);
        for (v, s) in prices.iter_mut().zip(&slope) {
            *v += rate * s;
        }
    }
    Ok(LearnedCones {
        critic: ConeCritic::new(second.to_owned(), Array1::from(kept))?,
        best,
        values,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use crate::transport::assign;

    fn clouds(n: usize) -> [Array2<f64>; 2] {
        [0, 1].map(|index| gaussian(n, 2, &mut stream(1, "critic", index)).unwrap() + index as f64)
    }

    #[test]
    fn the_critic_of_the_prices_attains_the_distance() {
        let [x, y] = clouds(40);
        let best = assign(&distances(&x, &y).unwrap()).unwrap();
        let critic = ConeCritic::of_assignment(&best, &y).unwrap();
        let gained = critic.advantage(&x, &y).unwrap();
        assert!(
            (gained - best.mean_cost()).abs() < 1e-12,
            "{gained} {}",
            best.mean_cost()
        );
        // 1-Lipschitz, anywhere.
        let points = gaussian(60, 2, &mut stream(1, "points", 0)).unwrap() * 3.0;
        let (d, apart) = (
            critic.values(&points).unwrap(),
            distances(&points, &points).unwrap(),
        );
        for ((i, j), apart) in apart.indexed_iter() {
            assert!((d[i] - d[j]).abs() <= apart + 1e-12);
        }
    }

    #[test]
    fn learned_prices_stay_below_and_within_the_bound() {
        let [x, y] = clouds(25);
        let cost = distances(&x, &y).unwrap();
        let best = assign(&cost).unwrap();
        let v = Array1::from(best.column_prices().to_vec());
        let v = &v - v.mean().unwrap();
        let norm = v.dot(&v).sqrt();
        let steps = 400;
        let rate = norm / f64::from(steps).sqrt();
        let learned = learn_cones(&cost, &y, rate, steps as usize).unwrap();
        let gap = best.mean_cost() - learned.best;
        assert!(
            (-1e-12..norm / f64::from(steps).sqrt()).contains(&gap),
            "{gap}"
        );
        // The critic's own advantage counts d(y_j) where the dual counts −v_j ≥ d(y_j).
        let gained = learned.critic.advantage(&x, &y).unwrap();
        assert!(gained >= learned.best - 1e-12 && gained <= best.mean_cost() + 1e-12);
    }

    #[test]
    fn bad_input_is_an_error() {
        let [x, y] = clouds(3);
        let cost = distances(&x, &y).unwrap();
        assert!(learn_cones(&cost, &y, 0.0, 3).is_err() && learn_cones(&cost, &y, 1.0, 0).is_err());
        assert!(ConeCritic::new(y.clone(), Array1::zeros(2)).is_err());
        assert!(
            ConeCritic::new(y, Array1::zeros(3))
                .unwrap()
                .values(&Array2::zeros((1, 3)))
                .is_err()
        );
    }
}
