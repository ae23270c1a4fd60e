//! A defence by smoothness: networks whose layers have small spectral norms.

use ndarray::aview1;

use crate::error::{Error, Result, check_positive};
use crate::linalg::thin_svd;
use crate::model::Mlp;
use crate::optimise::Prox;

/// The networks whose weight matrices have ‖W_l‖ ≤ limit, so that f has a Lipschitz constant of at most limit^L (with an activation whose
/// slope is at most 1). The nearest one has the singular values above the limit cut to it.
#[derive(Clone, Debug, PartialEq)]
pub struct CappedNorms {
    limit: f64,
    /// Where each matrix begins, its rows and its columns.
    matrices: Vec<(usize, usize, usize)>,
    n_parameters: usize,
}

impl CappedNorms {
    /// For parameters of networks of the shape of `net`; each matrix with its multiplier.
    ///
    /// # Errors
    /// A limit that is not positive.
    pub fn new(net: &Mlp, limit: f64) -> Result<Self> {
        check_positive("the limit of the spectral norms", limit)?;
        let (mut at, mut matrices) = (0, Vec::new());
        for layer in &net.layers {
            let (rows, columns) = layer.weights.dim();
            matrices.push((at, rows, columns));
            at += layer.weights.len() + layer.bias.as_ref().map_or(0, |b| b.len());
        }
        Ok(Self {
            limit,
            matrices,
            n_parameters: at,
        })
    }
}

impl Prox for CappedNorms {
    fn fits(&self, p: usize) -> Result<()> {
        match p == self.n_parameters {
            true => Ok(()),
            false => Err(Error::shape(
                "the parameters",
                format!("({},)", self.n_parameters),
                &[p],
            )),
        }
    }

    fn enter(&self, x: &mut [f64]) {
        self.prox(x, 1.0);
    }

    /// Parameters that are not finite stay as they are: that is the method's to judge.
    fn prox(&self, x: &mut [f64], _: f64) {
        for &(at, rows, columns) in &self.matrices {
            let entries = &mut x[at..at + rows * columns];
            let view = aview1(entries);
            let Ok(svd) = view
                .into_shape_with_order((rows, columns))
                .map_err(drop)
                .and_then(|w| thin_svd(&w).map_err(drop))
            else {
                continue;
            };
            if svd.s.iter().all(|s| *s <= self.limit) {
                continue;
            }
            let cut = svd.s.mapv(|s| s.min(self.limit));
            let capped = (&svd.u * &cut).dot(&svd.vt);
            entries.iter_mut().zip(&capped).for_each(|(to, w)| *to = *w);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::spectral_norm;
    use crate::model::MlpSettings;
    use crate::rng::stream;

    /// The nearest point P of a convex set has ⟨W − P, Z − P⟩ ≤ 0 for every Z in it.
    #[test]
    fn capped_norms_are_the_nearest() {
        let net = Mlp::new(
            &MlpSettings::of_sizes(&[5, 12, 2]),
            &mut stream(1, "net", 0),
        )
        .expect("valid");
        let capped = CappedNorms::new(&net, 0.7).expect("valid");
        let w = net.parameters().to_vec();
        let mut p = w.clone();
        capped.prox(&mut p, 0.1);
        let near = net.with_parameters(&p).expect("finite");
        assert!(
            near.layers
                .iter()
                .all(|l| spectral_norm(&l.weights).expect("valid") <= 0.7 + 1e-12)
        );
        for index in 0..20 {
            let other = Mlp::new(
                &MlpSettings::of_sizes(&[5, 12, 2]),
                &mut stream(9, "z", index),
            )
            .expect("valid");
            let mut z = other.parameters().to_vec();
            capped.prox(&mut z, 0.1);
            let product: f64 = w
                .iter()
                .zip(&p)
                .zip(&z)
                .map(|((w, p), z)| (w - p) * (z - p))
                .sum();
            assert!(product <= 1e-12, "{product}");
        }
    }
}
