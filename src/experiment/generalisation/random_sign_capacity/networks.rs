//! Networks on random signs: trained at several widths, and one written down.

use super::hyperplanes::hyperplane_bound;
use super::settings::{Point, RandomSignCapacity};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Claim, Draft, Progress};
use crate::measure::{MemorisingNetwork, NetworkLearner, learned_complexity};
use crate::plot::{LegendPosition, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, least};

/// Networks of one width on n points.
pub(super) struct Network {
    n: usize,
    width: usize,
    parameters: usize,
    /// Of the signs on one set of points: the mean of σ_i h(x_i).
    complexity: Estimate,
}

impl RandomSignCapacity {
    pub(super) fn networks(&self, seed: u64, progress: &Progress) -> Result<Vec<Network>> {
        let mut found = Vec::new();
        for &n in &self.net_n {
            let x = gaussian(n, self.dim, &mut stream(seed, "network points", n as u64))?;
            for &width in &self.widths {
                let learner = NetworkLearner {
                    width,
                    epochs: self.epochs,
                    ..Default::default()
                };
                found.push(Network {
                    n,
                    width,
                    parameters: learner.parameters(self.dim),
                    complexity: learned_complexity(&learner, &x, self.net_draws, seed)?,
                });
                progress.step();
            }
        }
        Ok(found)
    }

    /// The network of 2n + d numbers on the largest number of points.
    pub(super) fn memorised(&self, seed: u64) -> Result<(usize, Estimate)> {
        let n = self.net_n.iter().copied().max().unwrap_or(2);
        let x = gaussian(n, self.dim, &mut stream(seed, "network points", n as u64))?;
        Ok((n, learned_complexity(&MemorisingNetwork, &x, 20, seed)?))
    }
}

impl Network {
    pub(super) fn point(&self) -> Point {
        Point {
            series: "network",
            n: self.n,
            width: Some(self.width),
            epoch: None,
            measured: self.complexity,
            predicted: None,
            upper: None,
        }
    }
}

pub(super) fn claims(
    found: Draft,
    settings: &RandomSignCapacity,
    networks: &[Network],
    (n, written): (usize, Estimate),
) -> Result<Draft> {
    let widest = settings.widths.iter().copied().max().unwrap_or(1);
    let of_width = |width: usize| networks.iter().filter(move |net| net.width == width);
    let neuron = |net: &Network| -> Result<Claim> {
        let bound = hyperplane_bound(net.n, settings.dim + 1)?;
        let text = format!(
            "one neuron is a hyperplane with an offset: on n = {} points at most √(2 ln \
             C(n,d+1)/n)",
            net.n
        );
        Ok(Claim::at_most(&text, bound, net.complexity.mean, 0.0).bound())
    };
    let one = of_width(1)
        .max_by_key(|net| net.n)
        .map(neuron)
        .transpose()?;
    Ok(found
        .claim(Claim::equals(
            &format!(
                "a network of 2n + d numbers, written down, fits any signs on n = {n} points: \
                 complexity 1"
            ),
            1.0,
            written.mean,
            1e-6,
        ))
        .identity()
        .claim(
            Claim::equals(
                &format!(
                    "trained networks of width {widest} fit every labelling drawn, at every n: \
                 smallest complexity"
                ),
                1.0,
                least(of_width(widest).map(|net| net.complexity.mean)),
                0.0,
            )
            .headline(),
        )
        .claims(one))
}

pub(super) fn panel(settings: &RandomSignCapacity, networks: &[Network]) -> Panel {
    let mut panel = Panel::new("points n", "complexity R")
        .title(&format!(
            "Networks trained on random signs, d = {}",
            settings.dim
        ))
        .log_x()
        .y_range(0.0, 1.05);
    for &width in &settings.widths {
        let own = || networks.iter().filter(|net| net.width == width);
        let n = |net: &Network| net.n as f64;
        let parameters = own().next().map_or(0, |net| net.parameters);
        let neurons = if width == 1 { "neuron" } else { "neurons" };
        let name = format!("{width} {neurons}, {parameters} weights");
        panel = panel
            .line_of(&name, own(), n, |net| net.complexity.mean)
            .points_of(&name, own(), n, |net| net.complexity.mean)
            .error_bars_of(own(), |net| net.complexity.bar(2.0));
    }
    panel.legend(LegendPosition::Below)
}
