//! Rademacher complexity.

use super::{Erratum, LEVEL};
use crate::data::synthetic::random_signs;
use crate::error::Result;
use crate::experiment::Claim;
use crate::rng::stream;
use crate::stats::{Estimate, estimate, largest};

pub(super) const ERRATA: &[Erratum] = &[Erratum {
    id: "complexity_of_losses",
    chapter: 10,
    slide: "CMSC 828W, \"DL Generalization\": the bound holds for the losses F = ℓ∘H, and the example computes the complexity \
            of H. For the 0–1 loss of ±1 classifiers, that of F is half of it.",
    claims: complexity_of_losses,
}];

/// 16 classifiers on 20 points, by Monte Carlo over the signs: ℛ(F) against ℛ(H), draw by draw.
fn complexity_of_losses(seed: u64) -> Result<[Claim; 2]> {
    let (m, n) = (16, 20);
    let rng = &mut stream(seed, "erratum: classifiers", 0);
    let signs = |count, rng: &mut crate::rng::Rng| -> Result<Vec<f64>> {
        Ok(random_signs(count, rng)?.into_raw_vec_and_offset().0)
    };
    let classifiers = (0..m).map(|_| signs(n, rng)).collect::<Result<Vec<_>>>()?;
    let labels = signs(n, rng)?;
    let supremum = |sigma: &[f64], of: &dyn Fn(&[f64], usize) -> f64| {
        let sums = classifiers.iter().map(|h| {
            let terms = sigma.iter().enumerate().map(|(i, s)| s * of(h, i));
            terms.sum::<f64>() / n as f64
        });
        largest(sums.collect::<Vec<f64>>())
    };
    let of_losses = |h: &[f64], i: usize| (1.0 - labels[i] * h[i]) / 2.0;
    // What one factor or the other leaves of ℛ(F) − factor·ℛ(H), in the mean over signs.
    let gap = |factor: f64| -> Result<Estimate> {
        estimate(4000, seed, "erratum: signs", |rng| {
            let sigma = signs(n, rng)?;
            let functions = supremum(&sigma, &|h, i| h[i]);
            Ok(supremum(&sigma, &of_losses) - factor * functions)
        })
    };
    let (whole, half) = (gap(1.0)?, gap(0.5)?);
    Ok([
        Claim::mean_equals(
            "16 classifiers, 20 points, 0–1 loss: ℛ(ℓ∘H) − ℛ(H) is 0",
            0.0,
            whole,
            0.0,
            LEVEL,
        )?,
        Claim::mean_equals("ℛ(ℓ∘H) − ℛ(H)/2 is 0", 0.0, half, 0.0, LEVEL)?
            .against(half.mean - whole.mean, "ℛ(H)/2, as with no factor"),
    ])
}
