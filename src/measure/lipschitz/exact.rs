//! The exact Lipschitz constant of a tiny ReLU network, by all its linear regions.

use ndarray::{Array1, Array2, Axis, concatenate, s};

use super::certified::matrices;
use crate::error::{Error, Result};
use crate::fit::separator;
use crate::model::{Activation, Mlp};
use crate::optimise::Norm;
use crate::stats::largest;

/// Below this share of ‖row‖·‖point‖ the known point of a cell counts as lying on a unit's hyperplane.
const ON_PLANE: f64 = 1e-7;

/// The result of walking through all linear regions.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactLipschitz {
    /// L = max over regions of ‖J‖, of the largest singular value or of another induced norm.
    pub constant: f64,
    /// The regions with an interior: feasible on-off patterns of all hidden units.
    pub regions: usize,
    /// The patterns of the first hidden layer alone.
    pub first_layer_regions: usize,
    /// Cells of which neither proof was found, left out. L is exact if there are none; otherwise it is the largest slope of
    /// all other regions, and what was left out is thinner than about 10⁻⁴ in the coordinates (x, 1)/‖(x, 1)‖.
    pub undecided: usize,
    /// A point inside a region with the largest slope, `(p,)`.
    pub at: Array1<f64>,
}

/// The Lipschitz constant sup_x ‖J(x)‖₂ of a small ReLU network.
///
/// # Algorithm
/// The network is linear wherever the on-off pattern of its units is constant, so L is the largest ‖J‖ among the patterns that
/// some open set of inputs has. Units are visited in order; given the pattern so far, a unit's input is an affine function
/// of x, and the cell is the set where finitely many such functions have given signs. A new unit cuts the cell in
/// two if both signs are feasible. One is known from a point inside the cell. The other is the question whether
/// strict inequalities a_k·(x, 1) > 0 have a solution: whether a hyperplane through the origin separates
/// signed points, which [`separable`](crate::fit::separable) decides with a proof of either outcome: a point inside the new cell, or a
/// convex combination within 10⁻⁹ of 0. Cells for which rounding hides both are counted as undecided and left out.
///
/// Gives up once there are more than `max_regions` regions.
///
/// # Errors
/// A broken network; an activation other than ReLU; more regions than allowed.
///
/// # Reference
/// The number of regions of one layer of m units in general position in R^p is Σ_{k≤p} C(m, k): Zaslavsky 1975, "Facing up
/// to arrangements". That the constant is NP-hard in general: Virmaux & Scaman 2018, arXiv:1805.10965, theorem 2.
///
/// ```
/// use dltheory::measure::lipschitz::exact_lipschitz;
/// use dltheory::model::mlp::{Layer, Mlp};
/// use dltheory::model::Activation;
/// use ndarray::array;
/// // |x| = max(x, 0) + max(−x, 0): two regions, slopes ±1, while the product of norms is 2.
/// let layer = |weights| Layer { weights, bias: None, multiplier: 1.0 };
/// let net = Mlp {
///     layers: vec![layer(array![[1.0], [-1.0]]), layer(array![[1.0, 1.0]])],
///     activation: Activation::Relu,
/// };
/// let exact = exact_lipschitz(&net, 100)?;
/// assert_eq!((exact.constant, exact.regions), (1.0, 2));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn exact_lipschitz(net: &Mlp, max_regions: usize) -> Result<ExactLipschitz> {
    exact_lipschitz_in(net, max_regions, Norm::L2)
}

/// [`exact_lipschitz`] for steps in any of the norms: the largest induced norm of J among the linear regions.
///
/// # Errors
/// As [`exact_lipschitz`].
pub fn exact_lipschitz_in(net: &Mlp, max_regions: usize, norm: Norm) -> Result<ExactLipschitz> {
    let weights = matrices(net)?;
    if net.activation != Activation::Relu {
        return Err(Error::domain("the activation", "relu", net.activation));
    }
    let p = net.n_inputs();
    let mut walk = Walk {
        net,
        norm,
        weights,
        max_regions,
        found: ExactLipschitz {
            constant: f64::NEG_INFINITY,
            regions: 0,
            first_layer_regions: 0,
            undecided: 0,
            at: Array1::zeros(p),
        },
    };
    let mut origin = Array1::zeros(p + 1);
    origin[p] = 1.0;
    // The last coordinate is positive: a point (x, t) stands for x/t.
    let mut positive = Array2::zeros((1, p + 1));
    positive[[0, p]] = 1.0;
    let mut identity = Array2::zeros((p + 1, p + 1));
    identity.diag_mut().fill(1.0);
    let cell = Cell {
        rows: positive,
        point: origin,
    };
    walk.enter_layer(0, identity.slice(s![..p, ..]).to_owned(), &cell)?;
    Ok(walk.found)
}

/// Where units so far have given signs.
#[derive(Clone)]
struct Cell {
    /// Unit vectors a_k with a_k·(x, 1) > 0 inside, `(rows, p + 1)`.
    rows: Array2<f64>,
    /// A point inside, `(p + 1,)`.
    point: Array1<f64>,
}

struct Walk<'a> {
    net: &'a Mlp,
    norm: Norm,
    weights: Vec<Array2<f64>>,
    max_regions: usize,
    found: ExactLipschitz,
}

impl Walk<'_> {
    /// Goes on with layer `index`, whose inputs are the affine functions `h`, `(m, p + 1)`, on the cell.
    fn enter_layer(&mut self, index: usize, h: Array2<f64>, cell: &Cell) -> Result<()> {
        let p = self.net.n_inputs();
        let mut z = self.weights[index].dot(&h);
        if let Some(bias) = &self.net.layers[index].bias {
            let mut constants = z.column_mut(p);
            constants += bias;
        }
        self.found.first_layer_regions += usize::from(index == 1);
        if index + 1 < self.weights.len() {
            let mut on = vec![false; z.nrows()];
            return self.enter_unit(index, 0, &z, &mut on, cell);
        }
        self.found.regions += 1;
        if self.found.regions > self.max_regions {
            let expected = format!("at most {}", self.max_regions);
            let got = "more";
            return Err(Error::domain("the number of linear regions", expected, got));
        }
        let slope = self.norm.induced(&z.slice(s![.., ..p]))?;
        if slope > self.found.constant {
            self.found.constant = slope;
            self.found.at = &cell.point.slice(s![..p]) / cell.point[p];
        }
        Ok(())
    }

    /// Splits the cell by unit `unit` of layer `index` and goes on in each part.
    fn enter_unit(
        &mut self,
        index: usize,
        unit: usize,
        z: &Array2<f64>,
        on: &mut Vec<bool>,
        cell: &Cell,
    ) -> Result<()> {
        if unit == z.nrows() {
            let mut h = z.clone();
            for (mut row, on) in h.rows_mut().into_iter().zip(on.iter()) {
                if !on {
                    row.fill(0.0);
                }
            }
            return self.enter_layer(index + 1, h, cell);
        }
        let row = z.row(unit);
        let p = row.len() - 1;
        if row.slice(s![..p]).iter().all(|v| *v == 0.0) {
            on[unit] = row[p] > 0.0;
            return self.enter_unit(index, unit + 1, z, on, cell);
        }
        let row = unit_vector(&row.to_owned());
        let height = row.dot(&cell.point) / cell.point.dot(&cell.point).sqrt();
        for sign in [1.0, -1.0] {
            let signed = (&row * sign).insert_axis(Axis(0));
            let rows = concatenate![Axis(0), cell.rows, signed];
            let point = if sign * height > ON_PLANE {
                cell.point.clone()
            } else {
                let signs = Array2::ones((rows.nrows(), 1));
                match separator(&rows, &signs) {
                    Ok(Some(inside)) => unit_vector(&inside),
                    Ok(None) => continue,
                    Err(Error::NotConverged { .. }) => {
                        self.found.undecided += 1;
                        continue;
                    }
                    Err(other) => return Err(other),
                }
            };
            on[unit] = sign > 0.0;
            self.enter_unit(index, unit + 1, z, on, &Cell { rows, point })?;
        }
        Ok(())
    }
}

/// `v` over its length; by the largest entry first, so that no square leaves the range.
fn unit_vector(v: &Array1<f64>) -> Array1<f64> {
    let largest = largest(v.iter().map(|v| v.abs()));
    let scaled = v / largest;
    let length = scaled.dot(&scaled).sqrt();
    scaled / length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::measure::lipschitz::{certified_lipschitz, local_lipschitz};
    use crate::model::{Init, MlpSettings};
    use crate::rng::stream;
    use std::collections::HashSet;

    fn drawn(sizes: &[usize], biases: bool, seed: u64) -> Mlp {
        let settings = MlpSettings {
            biases,
            init: Init {
                bias_std: f64::from(u8::from(biases)),
                ..Init::HE
            },
            ..MlpSettings::of_sizes(sizes)
        };
        Mlp::new(&settings, &mut stream(seed, "exact", 0)).expect("valid")
    }

    #[test]
    fn one_layer_in_general_position_has_zaslavskys_count() {
        // With offsets Σ_{k≤p} C(m, k); through the origin 2 Σ_{k<p} C(m−1, k).
        for (p, m, with, without) in [(1, 5, 6, 2), (2, 6, 22, 12), (3, 5, 26, 22)] {
            let count = |biases| {
                let net = drawn(&[p, m, 1], biases, 3);
                exact_lipschitz(&net, 1000).expect("few regions").regions
            };
            assert_eq!((count(true), count(false)), (with, without), "{p} {m}");
        }
    }

    /// Brute force: many inputs, near and far. Every pattern seen is one of the regions, and in these plane nets
    /// nearly all regions are seen; the largest slope seen is the constant.
    #[test]
    fn sampling_never_exceeds_and_reaches_the_constant() {
        for seed in 0..4 {
            for (sizes, biases) in [(vec![2, 5, 4, 1], true), (vec![2, 6, 5, 2], false)] {
                let net = drawn(&sizes, biases, seed);
                let exact = exact_lipschitz(&net, 10_000).expect("few regions");
                let rng = &mut stream(seed, "exact points", 0);
                let mut x = gaussian(60_000, 2, rng).expect("valid");
                for (i, mut row) in x.rows_mut().into_iter().enumerate() {
                    row *= [0.5, 2.0, 10.0, 100.0][i % 4];
                }
                let slopes = local_lipschitz(&net, &x).expect("valid");
                let most = largest(&slopes);
                let trace = net.trace(&x).expect("valid");
                let patterns: HashSet<Vec<bool>> = (0..x.nrows())
                    .map(|i| {
                        let hidden = &trace.z[..trace.z.len() - 1];
                        hidden
                            .iter()
                            .flat_map(|z| z.row(i).mapv(|z| z > 0.0))
                            .collect()
                    })
                    .collect();
                assert!(
                    patterns.len() <= exact.regions,
                    "{} {}",
                    patterns.len(),
                    exact.regions
                );
                assert!(patterns.len() as f64 > 0.8 * exact.regions as f64);
                assert!(most <= exact.constant * (1.0 + 1e-12));
                assert!(most >= exact.constant * 0.98, "{most} {}", exact.constant);
                // The reported point has the reported slope, by backpropagation.
                let at = exact.at.view().insert_axis(Axis(0));
                let there = local_lipschitz(&net, &at).expect("valid")[0];
                assert!((there / exact.constant - 1.0).abs() < 1e-10);
                assert!(
                    exact.constant <= certified_lipschitz(&net).expect("valid") * (1.0 + 1e-12)
                );
            }
        }
    }

    #[test]
    fn a_linear_map_a_dead_network_and_bad_input() {
        let net = drawn(&[3, 2], true, 1);
        let exact = exact_lipschitz(&net, 10).expect("one region");
        assert_eq!((exact.regions, exact.first_layer_regions), (1, 0));
        let mut net = drawn(&[2, 3, 1], false, 1);
        net.layers[0].weights.fill(0.0);
        let exact = exact_lipschitz(&net, 10).expect("one region");
        assert_eq!((exact.constant, exact.regions), (0.0, 1));
        let net = drawn(&[2, 6, 1], true, 1);
        let error = exact_lipschitz(&net, 5).expect_err("22 regions");
        assert!(error.to_string().contains("the number of linear regions"));
        let tanh = Mlp {
            activation: Activation::Tanh,
            ..net
        };
        assert!(exact_lipschitz(&tanh, 100).is_err());
    }
}
