//! A two-layer network written down, not trained, that fits any numbers at n points.

use ndarray::{Array1, Array2, ArrayRef2};
use rand_distr::{Distribution, StandardNormal};

use super::check_problem;
use crate::error::{Error, Result};
use crate::model::mlp::Layer;
use crate::model::{Activation, Mlp};

/// A ReLU network of width n that takes the value y_i at x_i for every i, from 2n + d numbers.
///
/// # Formula
/// f(x) = Σ_j w_j max(a·x − b_j, 0). The direction a, d numbers, is drawn at random, so that the projections
/// z_i = a·x_i differ. With the points sorted by z, the n thresholds b_j lie between them,
/// b_1 < z_1 < b_2 < z_2 < …; then the n × n matrix max(z_i − b_j, 0) is lower triangular with a positive
/// diagonal, and substitution gives the n weights w_j. As an [`Mlp`] every row of the first layer is a.
///
/// Each b_j is put midway between its neighbours. The weights grow as the gaps shrink: two points whose
/// projections agree to k digits cost k digits.
///
/// Takes `x`, `(n, d)`, and `y`, `(n, 1)`.
///
/// # Errors
/// Empty, non-finite or mismatched arrays; two equal inputs; weights beyond the range of numbers.
///
/// # Reference
/// Zhang, Bengio, Hardt, Recht & Vinyals 2017, "Understanding deep learning requires rethinking generalization",
/// arXiv:1611.03530, Theorem 1 and appendix C.
///
/// ```
/// use dltheory::fit::memorising_network;
/// use dltheory::rng::stream;
/// use ndarray::array;
/// let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
/// let y = array![[-1.0], [1.0], [1.0], [-1.0]]; // exclusive or
/// let net = memorising_network(&x, &y, &mut stream(1, "direction", 0))?;
/// let missed = net.forward(&x)? - &y;
/// assert!(missed.iter().all(|e| e.abs() < 1e-12));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn memorising_network(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    rng: &mut impl rand::Rng,
) -> Result<Mlp> {
    check_problem(x, y)?;
    let (n, d) = x.dim();
    if y.ncols() != 1 {
        return Err(Error::shape("the targets", format!("({n}, 1)"), y.shape()));
    }
    let direction = Array1::from_shape_simple_fn(d, || StandardNormal.sample(rng));
    let z = x.dot(&direction);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| z[i].total_cmp(&z[j]));
    let mut thresholds = Array1::zeros(n);
    thresholds[0] = z[order[0]] - 1.0;
    for (j, pair) in order.windows(2).enumerate() {
        let (below, above) = (z[pair[0]], z[pair[1]]);
        let middle = below + 0.5 * (above - below);
        if !(below < middle && middle < above) {
            let expected = "inputs that all differ";
            return Err(Error::domain("the inputs", expected, "two alike"));
        }
        thresholds[j + 1] = middle;
    }
    // Substitution: w_j takes up what the terms before leave of y at the j-th point.
    let mut weights = Array1::<f64>::zeros(n);
    for (j, &i) in order.iter().enumerate() {
        let before: f64 = (0..j).map(|k| weights[k] * (z[i] - thresholds[k])).sum();
        weights[j] = (y[[i, 0]] - before) / (z[i] - thresholds[j]);
    }
    let layer = |weights: Array2<f64>, bias: Array1<f64>| Layer {
        weights,
        bias: Some(bias),
        multiplier: 1.0,
    };
    let net = Mlp {
        layers: vec![
            layer(
                Array2::from_shape_fn((n, d), |(_, k)| direction[k]),
                -thresholds,
            ),
            layer(weights.insert_axis(ndarray::Axis(0)), Array1::zeros(1)),
        ],
        activation: Activation::Relu,
    };
    // Fails where a weight overflowed.
    net.with_parameters(&net.parameters().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, random_signs};
    use crate::rng::stream;

    #[test]
    fn any_numbers_are_fitted() {
        for (n, d) in [(1, 1), (2, 3), (50, 1), (200, 10)] {
            let rng = &mut stream(1, "memorise", n as u64);
            let x = gaussian(n, d, rng).expect("valid");
            for y in [
                random_signs(n, rng).expect("valid"),
                gaussian(n, 1, rng).expect("valid"),
            ] {
                let net = memorising_network(&x, &y, rng).expect("different inputs");
                let missed = net.forward(&x).expect("valid") - &y;
                let worst = missed.iter().fold(0.0_f64, |most, e| most.max(e.abs()));
                assert!(worst < 1e-6, "n = {n}, d = {d}: {worst}");
                assert_eq!(net.layers[0].weights.dim(), (n, d));
            }
        }
    }

    #[test]
    fn bad_input_is_an_error() {
        let rng = &mut stream(1, "memorise", 0);
        let x = Array2::ones((2, 3));
        let said = memorising_network(&x, &Array2::ones((2, 1)), rng).expect_err("alike");
        assert!(said.to_string().contains("two alike"), "{said}");
        assert!(memorising_network(&x, &Array2::ones((2, 2)), rng).is_err());
        assert!(memorising_network(&x, &Array2::ones((3, 1)), rng).is_err());
        assert!(memorising_network(&Array2::zeros((0, 3)), &Array2::zeros((0, 1)), rng).is_err());
    }
}
