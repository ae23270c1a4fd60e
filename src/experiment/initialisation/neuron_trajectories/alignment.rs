//! How far neurons share their directions, and which directions they turn to.

use std::f64::consts::{PI, TAU};

use ndarray::Array2;

use crate::data::Dataset;
use crate::model::Mlp;
use crate::stats::larger;

/// Directions this near, in radians, count as one: 10°.
const NEAR: f64 = PI / 18.0;

/// |a|·w for every neuron, `(m, 2)`: the point that says what the neuron does.
pub(super) fn points(net: &Mlp) -> Array2<f64> {
    let (w, a) = (&net.layers[0].weights, &net.layers[1].weights);
    Array2::from_shape_fn((w.nrows(), 2), |(k, i)| a[[0, k]].abs() * w[[k, i]])
}

/// How much of the network shares its direction.
pub(super) struct Alignment {
    /// The share of pairs of neurons, weighted by |a|‖w‖, whose directions are near.
    pub share: f64,
    /// What it would be for directions at random with the same weights.
    pub at_random: f64,
}

/// How aligned the neurons of a network are.
pub(super) fn alignment(net: &Mlp) -> Alignment {
    let points = points(net);
    let polar: Vec<(f64, f64)> = points
        .rows()
        .into_iter()
        .map(|p| (p.dot(&p).sqrt(), p[1].atan2(p[0])))
        .collect();
    let total: f64 = polar.iter().map(|p| p.0).sum();
    let (mut near, mut own) = (0.0, 0.0);
    for (i, (r, angle)) in polar.iter().enumerate() {
        for (j, (s, other)) in polar.iter().enumerate() {
            let apart = (angle - other + PI).rem_euclid(TAU) - PI;
            if i == j || apart.abs() <= NEAR {
                near += r * s;
            }
        }
        own += r * r;
    }
    let own = own / (total * total);
    Alignment {
        share: near / (total * total),
        at_random: own + (1.0 - own) * NEAR / PI,
    }
}

/// The angle between two directions, from 0 to π.
fn apart(one: f64, other: f64) -> f64 {
    ((one - other + PI).rem_euclid(TAU) - PI).abs()
}

/// The directions to which small neurons turn, in radians.
pub(super) struct Attractors {
    /// For neurons with a > 0.
    pub positive: Vec<f64>,
    /// For neurons with a < 0.
    pub negative: Vec<f64>,
}

/// The attractors of inputs on the circle.
///
/// While the network is small its residuals are the targets, and a neuron's direction u climbs (a > 0) or descends
/// (a < 0) G(u) = Σ_i y_i σ(u·x_i); neurons grow where G has their sign. So the attractors are the positive maxima and
/// the negative minima of G on the circle.
///
/// Maennel, Bousquet & Gelly 2018, "Gradient descent quantizes ReLU network features", arXiv:1803.08367.
pub(super) fn attractors(data: &Dataset) -> Attractors {
    const STEPS: usize = 3600;
    let g: Vec<f64> = (0..STEPS)
        .map(|step| {
            let (sin, cos) = (TAU * step as f64 / STEPS as f64).sin_cos();
            let terms = data.x.rows().into_iter().zip(&data.y);
            terms
                .map(|(x, y)| y * larger(cos * x[0] + sin * x[1], 0.0))
                .sum()
        })
        .collect();
    let extremes = |sign: f64| -> Vec<f64> {
        let at = |step: usize| sign * g[step % STEPS];
        let peaks = (0..STEPS).filter(|&step| {
            let (left, here, right) = (at(step + STEPS - 1), at(step), at(step + 1));
            here > 0.0 && here > left && here >= right
        });
        peaks.map(|step| TAU * step as f64 / STEPS as f64).collect()
    };
    Attractors {
        positive: extremes(1.0),
        negative: extremes(-1.0),
    }
}

impl Attractors {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.positive.len() + self.negative.len()
    }

    /// The share of the network, weighted by |a|‖w‖, whose direction is within 10° of an attractor of its sign; and what it
    /// would be for directions at random, if no two attractors are within 20°.
    pub(super) fn held(&self, net: &Mlp) -> (f64, f64) {
        let (mut held, mut chance, mut total) = (0.0, 0.0, 0.0);
        for (k, point) in points(net).rows().into_iter().enumerate() {
            let size = point.dot(&point).sqrt();
            let angle = point[1].atan2(point[0]);
            let own = if net.layers[1].weights[[0, k]] > 0.0 {
                &self.positive
            } else {
                &self.negative
            };
            if own.iter().any(|attractor| apart(angle, *attractor) <= NEAR) {
                held += size;
            }
            chance += size * own.len() as f64 * NEAR / PI;
            total += size;
        }
        (held / total, chance / total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Activation;
    use crate::model::mlp::Layer;
    use ndarray::array;

    fn net(angles: &[f64]) -> Mlp {
        let w = Array2::from_shape_fn((angles.len(), 2), |(k, i)| match i {
            0 => angles[k].cos(),
            _ => angles[k].sin(),
        });
        let layer = |weights| Layer {
            weights,
            bias: None,
            multiplier: 1.0,
        };
        Mlp {
            layers: vec![layer(w), layer(Array2::from_elem((1, angles.len()), -2.0))],
            activation: Activation::Relu,
        }
    }

    /// Two groups of two, 20° and more apart: half of all pairs; across ±π directions are near.
    #[test]
    fn groups_are_counted() {
        let degree = std::f64::consts::PI / 180.0;
        let two = alignment(&net(&[0.0, 5.0 * degree, 90.0 * degree, 95.0 * degree]));
        assert!((two.share - 0.5).abs() < 1e-12);
        assert!((two.at_random - (0.25 + 0.75 / 18.0)).abs() < 1e-12);
        let seam = alignment(&net(&[178.0 * degree, -178.0 * degree]));
        assert!((seam.share - 1.0).abs() < 1e-12);
    }

    /// One input with a positive target: neurons with a > 0 turn to it; with a negative one, those with a < 0.
    #[test]
    fn one_input_attracts() {
        for (y, counts) in [(1.0, (1, 0)), (-1.0, (0, 1))] {
            let data = Dataset {
                x: array![[0.0, 1.0]],
                y: array![[y]],
            };
            let found = attractors(&data);
            assert_eq!((found.positive.len(), found.negative.len()), counts);
            let angle = found.positive.iter().chain(&found.negative).next();
            assert!((angle.expect("one") - PI / 2.0).abs() < 2e-3);
        }
    }
}
