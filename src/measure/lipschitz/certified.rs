//! Upper bounds that hold everywhere: the product of norms, and a mean over products of blocks.

use ndarray::Array2;

use crate::error::{Error, Result, check_finite, within_range};
use crate::linalg::spectral_norm;
use crate::measure::complexity::effective_weights;
use crate::model::{Activation, Mlp};

/// Π_l ‖W_l‖, an upper bound on the Lipschitz constant of a network whose activation has slopes in \[0, 1\].
///
/// # Errors
/// A broken network; the quadratic activation, whose slope has no bound; a product beyond the range of f64.
///
/// # Reference
/// Szegedy et al. 2014, "Intriguing properties of neural networks", arXiv:1312.6199, §4.3.
pub fn product_lipschitz(net: &Mlp) -> Result<f64> {
    let norms = matrices(net)?.into_iter().map(|w| spectral_norm(&w));
    let norms = norms.collect::<Result<Vec<f64>>>()?;
    within_range("the product of norms", norms.iter().product())
}

/// An upper bound on the Lipschitz constant that lets neighbouring layers cancel.
///
/// # Formula
/// B = 2^{−(L−1)} Σ_S Π_{blocks of S} ‖W_j ⋯ W_i‖,
///
/// summed over the 2^{L−1} ways S to cut the layers 1…L into blocks of neighbours. At most
/// [`product_lipschitz`], which is the term with all cuts; at least the linear network's ‖W_L⋯W_1‖/2^{L−1}.
///
/// *Proof.* A slope in \[0, 1\] is d = ½(1 + s) with |s| ≤ 1. So every Jacobian is
/// W_L D_{L−1} ⋯ D_1 W_1 = 2^{−(L−1)} Σ_S (the product with S_l in place of D_l where S cuts and nothing where it
/// does not), and ‖S_l‖ ≤ 1.
///
/// The sum is computed by a_0 = 1, a_j = Σ_{i<j} a_i·‖W_j⋯W_{i+1}‖·½^{j−i−\[i=0\]}, which needs L(L+1)/2 norms
/// instead of 2^{L−1} products; then B = a_L.
///
/// # Errors
/// As [`product_lipschitz`].
///
/// # Reference
/// Combettes & Pesquet 2020, "Lipschitz certificates for layered network structures driven by averaged activation
/// operators", arXiv:1903.01014, for averagedness ½.
pub fn certified_lipschitz(net: &Mlp) -> Result<f64> {
    let matrices = matrices(net)?;
    let depth = matrices.len();
    if net.activation == Activation::Linear {
        // No slope to choose: the network is one matrix.
        return block(&matrices).and_then(|w| spectral_norm(&w));
    }
    // blocks[i][j] = ‖W_j ⋯ W_{i+1}‖.
    let mut sums = vec![1.0];
    let mut norms = vec![vec![0.0; depth + 1]; depth];
    for start in 0..depth {
        let mut product = matrices[start].clone();
        for end in start + 1..=depth {
            if end > start + 1 {
                product = matrices[end - 1].dot(&product);
                check_finite("a product of layers", &product)?;
            }
            norms[start][end] = spectral_norm(&product)?;
        }
    }
    for end in 1..=depth {
        let terms = norms.iter().take(end).enumerate().map(|(start, norms)| {
            let half = if start > 0 { 0.5 } else { 1.0 };
            // A block that leaves a layer uncut has a factor ½ for it too.
            let uncut = 0.5_f64.powi((end - start - 1) as i32);
            sums[start] * norms[end] * half * uncut
        });
        sums.push(terms.sum());
    }
    within_range("the certified bound", sums[depth])
}

/// W_j ⋯ W_i of consecutive layers.
fn block(matrices: &[Array2<f64>]) -> Result<Array2<f64>> {
    let mut product = matrices[0].clone();
    for w in &matrices[1..] {
        product = w.dot(&product);
    }
    check_finite("a product of layers", &product)?;
    Ok(product)
}

/// The layers' matrices of a network whose slopes are in \[0, 1\].
pub(super) fn matrices(net: &Mlp) -> Result<Vec<Array2<f64>>> {
    net.check()?;
    if net.activation == Activation::Quadratic {
        let expected = "one with slopes from 0 to 1: relu, linear or tanh";
        return Err(Error::domain("the activation", expected, net.activation));
    }
    let matrices = net.layers.iter().map(|layer| {
        let w = effective_weights(layer);
        check_finite("a layer's matrix", &w)?;
        Ok(w)
    });
    matrices.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::measure::lipschitz::local_lipschitz;
    use crate::model::MlpSettings;
    use crate::rng::stream;

    /// All cuts written out.
    fn by_cuts(net: &Mlp) -> f64 {
        let w = matrices(net).expect("valid");
        let inner = w.len() - 1;
        let term = |cuts: usize| -> f64 {
            let mut ends: Vec<usize> = (1..=inner).filter(|l| cuts >> (l - 1) & 1 == 1).collect();
            ends.insert(0, 0);
            ends.push(w.len());
            let norms = ends.windows(2).map(|pair| {
                let product = block(&w[pair[0]..pair[1]]).expect("finite");
                spectral_norm(&product).expect("finite")
            });
            norms.product()
        };
        (0..1_usize << inner).map(term).sum::<f64>() / 2_f64.powi(inner as i32)
    }

    #[test]
    fn the_recursion_is_the_sum_over_all_cuts_and_bounds_every_slope() {
        let rng = &mut stream(1, "certified", 0);
        for sizes in [
            vec![3, 2],
            vec![3, 5, 1],
            vec![4, 6, 5, 2],
            vec![2, 7, 3, 6, 4, 3],
        ] {
            for activation in [Activation::Relu, Activation::Tanh] {
                let settings = MlpSettings {
                    activation,
                    ..MlpSettings::of_sizes(&sizes)
                };
                let net = Mlp::new(&settings, rng).expect("valid");
                let (bound, cuts) = (certified_lipschitz(&net).expect("valid"), by_cuts(&net));
                assert!(
                    (bound / cuts - 1.0).abs() < 1e-12,
                    "{sizes:?}: {bound} {cuts}"
                );
                assert!(bound <= product_lipschitz(&net).expect("valid") * (1.0 + 1e-12));
                let x = gaussian(500, sizes[0], rng).expect("valid");
                let slopes = local_lipschitz(&net, &x).expect("valid");
                assert!(slopes.iter().all(|s| *s <= bound * (1.0 + 1e-12)));
            }
        }
    }

    #[test]
    fn a_linear_network_has_its_own_norm_and_a_quadratic_none() {
        let rng = &mut stream(2, "certified", 0);
        let mut net = Mlp::new(&MlpSettings::of_sizes(&[3, 5, 2]), rng).expect("valid");
        net.activation = Activation::Linear;
        let slope = local_lipschitz(&net, &gaussian(1, 3, rng).expect("valid")).expect("valid")[0];
        let bound = certified_lipschitz(&net).expect("valid");
        assert!((bound / slope - 1.0).abs() < 1e-12);
        net.activation = Activation::Quadratic;
        assert!(certified_lipschitz(&net).is_err() && product_lipschitz(&net).is_err());
        net.layers.clear();
        assert!(certified_lipschitz(&net).is_err());
    }
}
