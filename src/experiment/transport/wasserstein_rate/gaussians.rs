//! Gaussians: Monge's map, the closed form, and what data can tell of a generator.

use ndarray::{Array1, Array2};

use super::settings::WassersteinRate;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::stats::{Estimate, larger, largest};
use crate::transport::gaussian::square_root;
use crate::transport::{
    Gaussian, assign, distances, gaussian_distance, gaussian_map, powers,
};

/// Two Gaussians whose covariances do not commute, beside samples of them.
pub(super) struct Bures {
    /// W₂² by the closed form.
    pub(super) exact: f64,
    /// ‖m₁ − m₂‖² + ‖Σ₁^½ − Σ₂^½‖²: right if they commuted.
    pub(super) commuting: f64,
    /// W₂² of a sample and its image under Monge's map, by assignment: the mean over samples.
    pub(super) measured: Estimate,
    /// By how much an assignment beats the map on the same points, at most, in parts of the cost.
    pub(super) beaten_by: f64,
}

/// A generator that is off by `shift`, as the data see it.
pub(super) struct Shifted {
    pub(super) dimension: usize,
    pub(super) shift: f64,
    /// W₁ of n points of data and n of the generator.
    pub(super) to_data: Estimate,
    /// The largest W₁(truth, generator)/(W₁(truth, data) + W₁(data, generator)), each of n points.
    pub(super) triangle: f64,
}

/// N(0, diag(9, 1, …)) and N(1, 1 + 8uuᵀ), u along the diagonal of the cube.
fn pair(d: usize) -> Result<[Gaussian; 2]> {
    let mut first = Array2::eye(d);
    first[[0, 0]] = 9.0;
    let second = Array2::<f64>::eye(d) + 8.0 / d as f64;
    Ok([
        Gaussian::new(Array1::zeros(d), first)?,
        Gaussian::new(Array1::ones(d), second)?,
    ])
}

pub(super) fn bures(settings: &WassersteinRate, seed: u64, context: &Context) -> Result<Bures> {
    let d = settings.gaussian_dim;
    let [a, b] = pair(d)?;
    let (map, root) = (gaussian_map(&a, &b)?, square_root(a.covariance())?);
    let apart = a.mean() - b.mean();
    let roots = &root - &square_root(b.covariance())?;
    let draws = context.draws("Gaussian samples", settings.draws, seed, |draw: Draw| {
        let x = gaussian(settings.gaussian_n, d, &mut draw.rng("gaussian"))?.dot(&root);
        let y = x.dot(&map) + b.mean();
        let cost = powers(&x, &y, 2.0)?;
        let by_map = cost.diag().sum() / settings.gaussian_n as f64;
        let best = assign(&cost)?.mean_cost();
        Ok((best, (by_map - best) / by_map))
    })?;
    Ok(Bures {
        exact: gaussian_distance(&a, &b)?.powi(2),
        commuting: apart.dot(&apart) + roots.iter().map(|r| r * r).sum::<f64>(),
        measured: Estimate::of(&draws, |draw| draw.0)?,
        beaten_by: largest(draws.iter().map(|draw| larger(draw.1, -draw.1))),
    })
}

/// How far generators are off, in panel (c).
const SHIFTS: [f64; 6] = [0.0, 0.125, 0.25, 0.5, 1.0, 2.0];

/// Standard normal data and a generator shifted along the first axis, in the first and in the last of the dimensions.
pub(super) fn shifted(
    settings: &WassersteinRate,
    seed: u64,
    context: &Context,
) -> Result<Vec<Shifted>> {
    let (first, last) = (settings.dims[0], settings.dims[settings.dims.len() - 1]);
    let mut dims = vec![first, last];
    dims.dedup();
    let n = settings.gaussian_n;
    let mut all = Vec::new();
    for &d in &dims {
        let draws = settings.draws.div_ceil(5).max(2);
        let rows = context.paired("generators", &SHIFTS, draws, seed, |&shift, draw| {
            let rng = &mut draw.rng("shifted");
            let [truth, data, mut made] = [gaussian(n, d, rng)?, gaussian(n, d, rng)?, gaussian(n, d, rng)?];
            made.column_mut(0).mapv_inplace(|v| v + shift);
            let distance = |x: &Array2<f64>, y: &Array2<f64>| -> Result<f64> {
                Ok(assign(&distances(x, y)?)?.mean_cost())
            };
            let to_data = distance(&data, &made)?;
            let around = distance(&truth, &data)? + to_data;
            Ok((to_data, distance(&truth, &made)? / around))
        })?;
        for (&shift, draws) in SHIFTS.iter().zip(&rows) {
            all.push(Shifted {
                dimension: d,
                shift,
                to_data: Estimate::of(draws, |draw| draw.0)?,
                triangle: largest(draws.iter().map(|draw| draw.1)),
            });
        }
    }
    Ok(all)
}
