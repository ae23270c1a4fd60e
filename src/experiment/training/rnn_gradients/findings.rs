//! The numbers, the claims and the table of a run.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::RnnGradients;
use super::figure::figure;
use super::lags::{AllLags, Lags, MATRICES};
use super::memory::{Pair, Trained};
use crate::error::{Error, Result};
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::stats::{Estimate, largest, least};

/// A network that names fewer symbols than this has not learned the task.
const LEARNED: f64 = 0.95;

/// How rarely fair coins may give as many gains. One network in 40 learns without clipping too, and then nothing is gained
/// (6 pairs of 240): 7 of 12 pairs must gain, which chance prevents once in 10⁶ runs.
const CHANCE: f64 = 0.01;

/// Everything a run computed.
pub(super) struct Results<'a> {
    pub settings: &'a RnnGradients,
    pub lags: AllLags,
    pub pairs: Vec<Pair>,
}

pub(super) fn findings(results: &Results<'_>) -> Result<Findings> {
    let summary = results.summary()?;
    Ok(Findings {
        measured: measured(results, &summary),
        claims: claims(results, &summary)?,
        table: table(results)?,
        figure: figure(results)?,
    })
}

/// Accuracies over draws.
struct Summary {
    unclipped: Estimate,
    clipped: Estimate,
    /// Clipped minus unclipped, pair by pair.
    gain: Estimate,
    /// The chance of as many pairs with a gain if clipping did nothing.
    chance: f64,
}

/// The chance that fair coins give as many gains or more among the pairs that differ: the exact sign test, which asks
/// nothing of the law of the accuracies. A few networks learn without clipping, so that gains have two values far apart and
/// a mean over a dozen is not normal.
fn sign_test(gains: &[f64]) -> Result<f64> {
    let differing = gains.iter().filter(|gain| **gain != 0.0).count() as u64;
    let wins = gains.iter().filter(|gain| **gain > 0.0).count() as u64;
    if wins == 0 {
        return Ok(1.0);
    }
    let coins = Binomial::new(0.5, differing)
        .map_err(|_| Error::domain("the pairs that differ", "a count", differing))?;
    Ok(coins.sf(wins - 1))
}

/// The share of draws that did not learn.
fn failures(accuracies: &[f64]) -> f64 {
    let failed = accuracies.iter().filter(|accuracy| **accuracy < LEARNED);
    failed.count() as f64 / accuracies.len() as f64
}

impl Results<'_> {
    fn accuracies(&self, of: fn(&Pair) -> &Trained) -> Vec<f64> {
        self.pairs.iter().map(|pair| of(pair).accuracy).collect()
    }

    fn summary(&self) -> Result<Summary> {
        let (without, with) = (
            self.accuracies(|pair| &pair.unclipped),
            self.accuracies(|pair| &pair.clipped),
        );
        let gains: Vec<f64> = with.iter().zip(&without).map(|(a, b)| a - b).collect();
        Ok(Summary {
            unclipped: Estimate::from_values(&without)?,
            clipped: Estimate::from_values(&with)?,
            gain: Estimate::from_values(&gains)?,
            chance: sign_test(&gains)?,
        })
    }
}

fn measured(results: &Results<'_>, summary: &Summary) -> Measured {
    let mut measured = Measured::default();
    let last = |lags: &Lags| lags.norms.last().map_or(f64::NAN, |norm| norm.spectral);
    let lags = &results.lags;
    measured.insert("norm_at_full_lag_exploding", last(&lags.exploding));
    measured.insert("norm_at_full_lag_vanishing", last(&lags.vanishing));
    measured.insert("norm_at_full_lag_gaussian", last(&lags.gaussian));
    measured.insert("norm_at_full_lag_tanh", last(&lags.tanh));
    measured.insert("gaussian_growth_rate", lags.growth);
    measured.insert("accuracy_unclipped", summary.unclipped.mean);
    measured.insert("accuracy_clipped", summary.clipped.mean);
    measured.insert("gain", summary.gain.mean);
    measured.insert("gain_se", summary.gain.se);
    measured.insert("gain_by_chance", summary.chance);
    let (without, with) = (
        results.accuracies(|pair| &pair.unclipped),
        results.accuracies(|pair| &pair.clipped),
    );
    measured.insert("failed_unclipped", failures(&without));
    measured.insert("failed_clipped", failures(&with));
    measured.insert("accuracies_unclipped", without);
    measured.insert("accuracies_clipped", with);
    measured
}

fn claims(results: &Results<'_>, summary: &Summary) -> Result<Claims> {
    let mut claims = Claims::default();
    lag_claims(results, &mut claims)?;
    let (limit, pairs) = (results.settings.clip, &results.pairs);
    let used = pairs.iter().map(|pair| pair.clipped.largest().1);
    claims.push(Claim::at_most(
        "no clipped gradient is longer than the limit c: the longest of all draws (to rounding)",
        limit,
        largest(used),
        1e-12 * limit,
    ).identity());
    let clipped = || pairs.iter().map(|pair| &pair.clipped);
    let cut = clipped().map(|run| {
        let steps = run.norms.iter().zip(&run.used);
        steps.filter(|(before, used)| before != used).count()
    });
    claims.push(Claim::equals(
        "clipping touches exactly the gradients longer than c: how many were longer, how many came out changed",
        clipped().map(|run| run.spikes).sum::<usize>() as f64,
        cut.sum::<usize>() as f64,
        0.0,
    ).identity());
    // Without growth through time there is nothing to rescue.
    if results.settings.spectral_radius > 1.0 {
        claims.push(Claim::less_than(
            "clipping raises the accuracy (trend): exact sign test over pairs with the same start, the chance of as many \
             gains if it did nothing",
            CHANCE,
            summary.chance,
            0.0,
        ));
        let shares = [
            results.accuracies(|pair| &pair.unclipped),
            results.accuracies(|pair| &pair.clipped),
        ]
        .map(|accuracies| failures(&accuracies));
        claims.push(Claim::less_than(
            "fewer networks fail with clipping (trend): share below 95 % right, predicted below the share without",
            shares[0],
            shares[1],
            0.0,
        ));
    }
    Ok(claims)
}

fn lag_claims(results: &Results<'_>, claims: &mut Claims) -> Result<()> {
    let lags = &results.lags;
    let furthest =
        |ratios: &mut dyn Iterator<Item = f64>| largest(ratios.map(|ratio| (ratio - 1.0).abs()));
    let linear = || lags.exploding.ratios().chain(lags.vanishing.ratios());
    claims.push(Claim::equals(
        "linear, W = ρ·orthogonal: ‖∂h_T/∂h_{T−k}‖ = ρ^k at every lag, for ρ and 1/ρ: largest relative error (rounding)",
        0.0,
        furthest(&mut linear()),
        1e-10,
    ).identity());
    let loss = [&lags.exploding, &lags.vanishing]
        .into_iter()
        .flat_map(|lags| {
            let by_lag = lags.loss.iter().enumerate();
            by_lag.map(|(lag, loss)| loss / lags.predicted(lag))
        });
    claims.push(Claim::equals(
        "so is the gradient of the loss, by back-propagation through time: largest relative error (rounding)",
        0.0,
        furthest(&mut { loss }),
        1e-10,
    ).identity());
    claims.push(Claim::at_least(
        "linear, any W: ‖W^k‖ is never below ρ^k; the Gaussian matrix's smallest ratio over all lags (to rounding)",
        1.0,
        least(lags.gaussian.ratios()),
        1e-9,
    ).bound());
    let m = results.settings.gaussian_width as f64;
    claims.push(Claim::equals(
        &format!(
            "Gaussian W, short lags: ‖W^k‖ = g^k·√((k+1)^(k+1)/k^k), g² the mean square row sum; mean over {MATRICES} \
             matrices, relative error at k = 1, 2, 3, largest, within 2.5·m^(−2/3)"
        ),
        0.0,
        largest(lags.short.map(|ratio| (ratio - 1.0).abs())),
        2.5 * m.powf(-2.0 / 3.0),
    ).against(0.5, "g^k alone, at k = 1"));
    claims.push(Claim::equals(
        "Gaussian W, long lags: ln ‖W^K‖/K tends to ln ρ (K = 2^20, against eigenvalues; off by at most ln(κ√m)/K, κ \
         the eigenvectors' condition)",
        results.settings.spectral_radius.ln(),
        lags.growth,
        5e-5,
    ));
    claims.push(Claim::at_most(
        "tanh, same W: as 0 < tanh' ≤ 1, never above ρ^k: largest ratio over all lags (to rounding)",
        1.0,
        largest(lags.tanh.ratios()),
        1e-10,
    ).bound());
    Ok(())
}

fn table(results: &Results<'_>) -> Result<Table> {
    let mut table = Table::new(RnnGradients::ABOUT.columns);
    let lags = &results.lags;
    for lags in [&lags.exploding, &lags.vanishing, &lags.gaussian, &lags.tanh] {
        for (norm, loss) in lags.norms.iter().zip(&lags.loss) {
            let mut row = vec![
                "lag".into(),
                lags.name.into(),
                lags.radius.into(),
                norm.lag.into(),
                lags.predicted(norm.lag).into(),
                norm.spectral.into(),
                norm.typical.into(),
                (*loss).into(),
            ];
            row.resize(14, Cell::Empty);
            table.push(row)?;
        }
    }
    for (draw, pair) in results.pairs.iter().enumerate() {
        for (name, run) in [("unclipped", &pair.unclipped), ("clipped", &pair.clipped)] {
            let mut row = vec![
                "training".into(),
                name.into(),
                results.settings.spectral_radius.into(),
            ];
            row.resize(8, Cell::Empty);
            let (largest, used) = run.largest();
            row.extend([
                draw.into(),
                run.accuracy.into(),
                largest.into(),
                used.into(),
                run.spikes.into(),
                run.norms.len().into(),
            ]);
            table.push(row)?;
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_counts_coins() {
        let chance = |gains: &[f64]| sign_test(gains).expect("valid");
        assert!((chance(&[0.1, 0.2, 0.0, 0.3]) - 0.125).abs() < 1e-12);
        assert!((chance(&[0.1, -0.2, 0.3]) - 0.5).abs() < 1e-12);
        assert_eq!((chance(&[0.0; 4]), chance(&[-0.1, 0.0])), (1.0, 1.0));
    }
}
