//! How far the weights go and how much outputs move, along the training.

use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::fit::train::Trained;
use crate::measure::robustness::perturbation_stability_by_gradients;
use crate::model::Mlp;
use crate::plot::Panel;
use crate::stats::{Estimate, largest, median};

/// One network after some epochs.
#[derive(Clone, Copy)]
pub(super) struct Checkpoint {
    pub epoch: usize,
    /// Σ‖W − W₀‖_F/Σ‖W₀‖_F.
    pub kappa: f64,
    /// P/ε on the training digits.
    pub stability: f64,
}

/// The networks of one start after some epochs.
pub(super) struct Moment {
    pub epoch: usize,
    /// Median over networks.
    pub kappa: f64,
    pub stability: Estimate,
}

/// 0, 1, 2, 4, … and the last epoch.
pub(super) fn checkpoints(epochs: usize) -> Vec<usize> {
    let doubling = std::iter::successors(Some(1_usize), |e| e.checked_mul(2));
    let mut all = vec![0];
    all.extend(doubling.take_while(|e| *e < epochs));
    all.push(epochs);
    all
}

/// κ of a network that started at `start`.
pub(super) fn kappa(net: &Mlp, start: &Mlp) -> Result<f64> {
    let moved: f64 = net.weight_distances(start)?.iter().sum();
    Ok(moved / start.weight_norms().iter().sum::<f64>())
}

/// What was kept of a run, up to where it came.
pub(super) fn path(start: &Mlp, done: &Trained, data: &Dataset) -> Result<Vec<Checkpoint>> {
    let kept = done.snapshots.iter().filter(|s| s.0 <= done.epoch);
    let at = |(epoch, net): &(usize, Mlp)| {
        Ok(Checkpoint {
            epoch: *epoch,
            kappa: kappa(net, start)?,
            stability: perturbation_stability_by_gradients(net, &data.x)?.mean,
        })
    };
    kept.map(at).collect()
}

/// Over networks, as far as all of them came.
pub(super) fn moments(paths: &[&[Checkpoint]]) -> Result<Vec<Moment>> {
    let common = paths.iter().map(|path| path.len()).min().unwrap_or(0);
    let at = |i: usize| {
        let each = |of: fn(&Checkpoint) -> f64| paths.iter().map(|p| of(&p[i])).collect::<Vec<_>>();
        Ok(Moment {
            epoch: paths[0][i].epoch,
            kappa: median(&each(|c| c.kappa))?,
            stability: Estimate::from_values(&each(|c| c.stability))?,
        })
    };
    (0..common).map(at).collect()
}

/// The two starts that are followed: their moments, and κ at the end as the table has it.
pub(super) struct Followed<'a> {
    pub lazy: &'a [Moment],
    pub lazy_end: f64,
    pub small: &'a [Moment],
    pub small_end: f64,
    pub epochs: usize,
}

impl Followed<'_> {
    pub(super) fn findings(&self, found: Draft, mnist: bool) -> Draft {
        let list =
            |of: &[Moment], number: fn(&Moment) -> f64| of.iter().map(number).collect::<Vec<f64>>();
        let ends = [(self.lazy, self.lazy_end), (self.small, self.small_end)];
        let last = ends.map(|(path, end)| path.last().map_or(f64::NAN, |m| (m.kappa - end).abs()));
        let short = ends
            .iter()
            .any(|(path, _)| path.last().is_none_or(|m| m.epoch < self.epochs));
        let kappas = self.lazy.iter().map(|m| m.kappa);
        let first = self.small.iter().find(|m| m.kappa > 1.0);
        let reason = "the weights never moved by their own size";
        found
            .measure("checkpoints", list(self.small, |m| m.epoch as f64))
            .measure("small_kappa_by_epoch", list(self.small, |m| m.kappa))
            .measure("small_stability_by_epoch", list(self.small, |m| m.stability.mean))
            .measure("lazy_kappa_by_epoch", list(self.lazy, |m| m.kappa))
            .measure("lazy_stability_by_epoch", list(self.lazy, |m| m.stability.mean))
            .measure_or("small_kappa_above_1_at", first.map(|m| m.epoch), reason)
            .claim(Claim::at_most(
                "by epoch: κ at the last checkpoint is that of the table, lazy start and m^(−c): larger distance",
                0.0,
                largest(last),
                1e-12,
            ))
            .identity()
            .not_measured_if(short, "a network did not come to the last epoch")
            .claim(Claim::less_than(
                "by epoch: the lazy start stays lazy all along (trend): largest κ",
                1.0,
                largest(kappas),
                0.0,
            ))
            .trend(mnist)
    }

    pub(super) fn panels(&self, names: [&str; 2]) -> [Panel; 2] {
        let panel = |y: &str, title: &str| Panel::new("epoch", y).title(title).log_x().log_y();
        let mut kappa = panel("κ", "how far the weights went");
        let mut stability = panel("P/ε", "how much outputs move");
        // Epoch 0 has no place on the logarithmic axis, and κ = 0.
        for (color, (name, path)) in (5..).zip(names.into_iter().zip([self.lazy, self.small])) {
            let epoch = |m: &Moment| m.epoch as f64;
            let shown = || path.iter().filter(|m| m.epoch > 0);
            kappa = kappa
                .line_of(name, shown(), epoch, |m| m.kappa)
                .color(color);
            stability = stability
                .line_of(name, shown(), epoch, |m| m.stability.mean)
                .color(color)
                .error_bars_of(shown(), |m| m.stability.bar(2.0));
        }
        [kappa.horizontal(1.0, "κ = 1"), stability]
    }
}
