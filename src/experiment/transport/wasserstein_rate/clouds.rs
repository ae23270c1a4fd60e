//! Pairs of samples of the uniform law, and how far apart they are.

use ndarray::Array2;

use super::settings::{Point, WassersteinRate};
use crate::data::synthetic::uniform_cube;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::stats::{Estimate, least};
use crate::transport::line_law::{
    expected_between_samples, expected_square_between_samples, power_to_law,
};
use crate::transport::{LineMeasure, assign, line_distance, torus_powers};

/// W₁ and W₂² of a pair, and on the interval W₁ of the first and the law.
struct Pair {
    w1: f64,
    w2_square: f64,
    to_law: f64,
}

/// All sizes in all dimensions.
pub(super) fn points(
    settings: &WassersteinRate,
    seed: u64,
    context: &Context,
) -> Result<Vec<Point>> {
    let mut points = Vec::new();
    for (index, &dimension) in settings.dims.iter().enumerate() {
        let (what, draws) = match dimension {
            1 => ("pairs on the interval", settings.line_draws),
            _ => ("pairs to assign", settings.draws),
        };
        // Other numbers in each dimension.
        let seed = seed.wrapping_add(1_000_003 * index as u64);
        let pairs = context.sweep(what, &settings.sizes, draws, seed, |&n, draw| match dimension {
            1 => on_the_interval(n, draw),
            _ => on_the_torus(dimension, n, draw),
        })?;
        for (&n, pairs) in settings.sizes.iter().zip(&pairs) {
            points.push(point(dimension, n, pairs)?);
        }
    }
    Ok(points)
}

fn on_the_interval(n: usize, draw: Draw) -> Result<Pair> {
    let x = uniform_cube(2, n, &mut draw.rng("samples"))?;
    let [a, b] = [0, 1].map(|row| x.row(row).to_vec());
    let (first, second) = (LineMeasure::sample(&a)?, LineMeasure::sample(&b)?);
    Ok(Pair {
        w1: line_distance(&first, &second, 1.0)?,
        w2_square: line_distance(&first, &second, 2.0)?.powi(2),
        to_law: power_to_law(&a, 1.0)?,
    })
}

fn on_the_torus(d: usize, n: usize, draw: Draw) -> Result<Pair> {
    let rng = &mut draw.rng("samples");
    let (x, y): (Array2<f64>, Array2<f64>) = (uniform_cube(n, d, rng)?, uniform_cube(n, d, rng)?);
    Ok(Pair {
        w1: assign(&torus_powers(&x, &y, 1.0)?)?.mean_cost(),
        w2_square: assign(&torus_powers(&x, &y, 2.0)?)?.mean_cost(),
        to_law: f64::NAN,
    })
}

fn point(dimension: usize, n: usize, pairs: &[Pair]) -> Result<Point> {
    let line = dimension == 1;
    let law = match line {
        true => Some(Estimate::of(pairs, |pair| pair.to_law)?),
        false => None,
    };
    let exact = |value: fn(usize) -> Result<f64>| match line {
        true => value(n).map(Some),
        false => Ok(None),
    };
    Ok(Point {
        dimension,
        n,
        w1: Estimate::of(pairs, |pair| pair.w1)?,
        w1_exact: exact(expected_between_samples)?,
        w2_square: Estimate::of(pairs, |pair| pair.w2_square)?,
        w2_square_exact: exact(expected_square_between_samples)?,
        to_law: law.map(|law| law.mean),
        law,
        least_ratio: least(pairs.iter().map(|pair| pair.w2_square.sqrt() / pair.w1)),
    })
}
