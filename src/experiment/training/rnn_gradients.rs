//! Gradients through time: by time lag, and what they do to learning with and without clipping.

mod figure;
mod lags;
mod memory;
mod settings;

use statrs::distribution::{Binomial, DiscreteCDF};

use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Draft, Findings, Study, row};
use crate::model::LagNorm;
use crate::stats::{Estimate, largest, least};
use figure::figure;
use lags::{AllLags, Lags, MATRICES};
use memory::{Pair, Trained};
pub use settings::RnnGradients;

/// A network that names fewer symbols than this has not learned the task.
const LEARNED: f64 = 0.95;

/// How rarely fair coins may give as many gains. One network in 40 learns without clipping too, and then nothing is gained
/// (6 pairs of 240): 7 of 12 pairs must gain, which chance prevents once in 10⁶ runs.
const CHANCE: f64 = 0.01;

row! {
    /// One lag of one network, or one trained network.
    #[derive(Default)]
    struct Point {
        /// lag for gradients by time lag, training for trained networks
        part: &'static str;
        /// lag: state and recurrent matrix; training: clipped or unclipped
        network: &'static str;
        /// spectral radius of the recurrent matrix at the start
        radius: f64;
        /// lag k between the two states
        lag: Option<usize>, unit "steps";
        /// radius^k
        predicted: Option<f64>;
        /// spectral norm of the Jacobian of h_T by h_(T−k)
        measured: Option<f64>;
        /// its Frobenius norm over √m: the root mean square effect of a random nudge
        typical: Option<f64>;
        /// norm of the loss's gradient by h_(T−k), over that at lag 0; root mean squares over sequences
        loss_gradient: Option<f64>;
        /// number of the pair of networks
        draw: Option<usize>;
        /// share of test sequences whose symbol is named
        accuracy: Option<f64>;
        /// largest norm of a gradient during training
        largest_gradient: Option<f64>;
        /// the same after clipping
        largest_used: Option<f64>;
        /// gradients with a norm above the clipping limit
        spikes: Option<usize>;
        /// steps of training taken
        updates: Option<usize>;
    }
}

impl Study for RnnGradients {
    const ABOUT: About = About {
        id: "rnn_gradients",
        title: "Recurrent networks: gradients by time lag, and clipping",
        what: "Follows the Jacobian of the last state by earlier ones in linear and tanh recurrent networks, where \
               powers of one matrix appear. Then trains tanh networks to remember the first symbol of a noisy \
               sequence, with and without clipping the gradient's norm, from the same starts.",
        slide: "Stability and robustness (Scaman): \"Stability during training\", \"Gradient vanishing and \
                explosion\", \"Gradient clipping\"; after Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let _single = engine::single_thread();
        let lags = self.lags(seed)?;
        let pairs = self.train_pairs(seed, context)?;
        let last = |lags: &Lags| lags.norms.last().map_or(f64::NAN, |norm| norm.spectral);
        let found = Findings::of(self.points(&lags, &pairs))
            .measure("norm_at_full_lag_exploding", last(&lags.exploding))
            .measure("norm_at_full_lag_vanishing", last(&lags.vanishing))
            .measure("norm_at_full_lag_gaussian", last(&lags.gaussian))
            .measure("norm_at_full_lag_tanh", last(&lags.tanh))
            .measure("gaussian_growth_rate", lags.growth);
        let found = self.by_lag(found, &lags);
        let found = self.by_training(found, &pairs)?;
        Ok(found.figure(figure(self, &lags, &pairs)?))
    }
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

impl RnnGradients {
    fn points(&self, lags: &AllLags, pairs: &[Pair]) -> Vec<Point> {
        let lag = |lags: &Lags, norm: &LagNorm, loss: f64| Point {
            part: "lag",
            network: lags.name,
            radius: lags.radius,
            lag: Some(norm.lag),
            predicted: Some(lags.predicted(norm.lag)),
            measured: Some(norm.spectral),
            typical: Some(norm.typical),
            loss_gradient: Some(loss),
            ..Point::default()
        };
        let trained = |draw: usize, network, run: &Trained| Point {
            part: "training",
            network,
            radius: self.spectral_radius,
            draw: Some(draw),
            accuracy: Some(run.accuracy),
            largest_gradient: Some(run.largest().0),
            largest_used: Some(run.largest().1),
            spikes: Some(run.spikes),
            updates: Some(run.norms.len()),
            ..Point::default()
        };
        let lags = lags.all().into_iter().flat_map(|lags| {
            let both = lags.norms.iter().zip(&lags.loss);
            both.map(|(norm, loss)| lag(lags, norm, *loss))
        });
        let pairs = pairs.iter().enumerate().flat_map(|(draw, pair)| {
            [
                trained(draw, "unclipped", &pair.unclipped),
                trained(draw, "clipped", &pair.clipped),
            ]
        });
        lags.chain(pairs).collect()
    }

    fn by_lag(&self, found: Draft, lags: &AllLags) -> Draft {
        let furthest = |ratios: &mut dyn Iterator<Item = f64>| {
            largest(ratios.map(|ratio| (ratio - 1.0).abs()))
        };
        let linear = [&lags.exploding, &lags.vanishing];
        let mut loss = linear.into_iter().flat_map(|lags| {
            let by_lag = lags.loss.iter().enumerate();
            by_lag.map(|(lag, loss)| loss / lags.predicted(lag))
        });
        found
            .claim(Claim::equals(
                "linear, W = ρ·orthogonal: ‖∂h_T/∂h_{T−k}‖ = ρ^k at every lag, for ρ and 1/ρ: \
                 largest relative error (rounding)",
                0.0,
                furthest(&mut linear.into_iter().flat_map(Lags::ratios)),
                1e-10,
            ).headline())
            .identity()
            .claim(Claim::equals(
                "linear, W = ρ·orthogonal: the gradient of the loss, by back-propagation through time, is ρ^k times its \
                 last one at every lag: largest relative error (rounding)",
                0.0,
                furthest(&mut loss),
                1e-10,
            ))
            .identity()
            .claim(Claim::at_least(
                "linear, any W: ‖W^k‖ is never below ρ^k; the Gaussian matrix's smallest ratio \
                 over all lags (to rounding)",
                1.0,
                least(lags.gaussian.ratios()),
                1e-9,
            ))
            .bound()
            .claim(Claim::equals(
                &format!(
                    "Gaussian W, short lags: ‖W^k‖ = g^k·√((k+1)^(k+1)/k^k), g² the mean square \
                     row sum; mean over {MATRICES} matrices, relative error at k = 1, 2, 3, \
                     largest, within 2.5·m^(−2/3)"
                ),
                0.0,
                furthest(&mut lags.short.into_iter()),
                2.5 * (self.gaussian_width as f64).powf(-2.0 / 3.0),
            ))
            .against(0.5, "g^k alone, at k = 1")
            .claim(Claim::equals(
                "Gaussian W, long lags: ln ‖W^K‖/K tends to ln ρ (K = 2^20, against eigenvalues; \
                 off by at most ln(κ√m)/K, κ the eigenvectors' condition)",
                self.spectral_radius.ln(),
                lags.growth,
                5e-5,
            ).headline())
            .claim(Claim::at_most(
                "tanh, same W: as 0 < tanh' ≤ 1, never above ρ^k: largest ratio over all lags (to \
                 rounding)",
                1.0,
                largest(lags.tanh.ratios()),
                1e-10,
            ))
            .bound()
    }

    fn by_training(&self, found: Draft, pairs: &[Pair]) -> Result<Draft> {
        let accuracies = |of: fn(&Pair) -> &Trained| -> Vec<f64> {
            pairs.iter().map(|pair| of(pair).accuracy).collect()
        };
        let without = accuracies(|pair| &pair.unclipped);
        let with = accuracies(|pair| &pair.clipped);
        let gains: Vec<f64> = with.iter().zip(&without).map(|(a, b)| a - b).collect();
        let (gain, chance) = (Estimate::from_values(&gains)?, sign_test(&gains)?);
        let (failed, failed_clipped) = (failures(&without), failures(&with));
        let clipped = || pairs.iter().map(|pair| &pair.clipped);
        let cut = clipped().map(|run| {
            let steps = run.norms.iter().zip(&run.used);
            steps.filter(|(before, used)| before != used).count()
        });
        // Without growth through time there is nothing to rescue.
        let rescue = (self.spectral_radius > 1.0).then(|| {
            [
                Claim::less_than(
                    "clipping raises the accuracy (trend): exact sign test over pairs with the \
                     same start, the chance of as many gains if it did nothing",
                    CHANCE,
                    chance,
                    0.0,
                )
                .headline(),
                Claim::less_than(
                    "fewer networks fail with clipping (trend): share below 95 % right, predicted \
                     below the share without",
                    failed,
                    failed_clipped,
                    0.0,
                ),
            ]
        });
        Ok(found
            .measure("accuracy_unclipped", Estimate::from_values(&without)?.mean)
            .measure("accuracy_clipped", Estimate::from_values(&with)?.mean)
            .measure("gain", gain.mean)
            .measure("gain_se", gain.se)
            .measure("gain_by_chance", chance)
            .measure("failed_unclipped", failed)
            .measure("failed_clipped", failed_clipped)
            .measure("accuracies_unclipped", without)
            .measure("accuracies_clipped", with)
            .claim(Claim::at_most(
                "no clipped gradient is longer than the limit c: the longest of all draws (to \
                 rounding)",
                self.clip,
                largest(clipped().map(|run| run.largest().1)),
                1e-12 * self.clip,
            ))
            .identity()
            .claim(Claim::equals(
                "clipping touches exactly the gradients longer than c: how many were longer, how \
                 many came out changed",
                clipped().map(|run| run.spikes).sum::<usize>() as f64,
                cut.sum::<usize>() as f64,
                0.0,
            ))
            .identity()
            .claims(rescue.into_iter().flatten()))
    }
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
