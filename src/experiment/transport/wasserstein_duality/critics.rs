//! Critics that are 1-Lipschitz by construction, drawn at random.

use ndarray::{Array1, Array2};

use super::network::Critic;
use super::settings::{WassersteinDuality, advantage};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::stats::{larger, largest};
use crate::transport::{ConeCritic, distances};

/// The kinds of critics.
pub(super) const KINDS: [&str; 4] = ["planes", "distances", "cones", "networks"];

/// The largest advantage of the random critics of each kind.
pub(super) fn best_of_random(
    settings: &WassersteinDuality,
    samples: &[Array2<f64>; 2],
    seed: u64,
    context: &Context,
) -> Result<[f64; 4]> {
    let draws = context.draws("random critics", settings.critics, seed, |draw: Draw| {
        let rng = &mut draw.rng("critic");
        let [x, y] = samples;
        // Whoever loses by a critic wins by its opposite.
        let either = |value: f64| larger(value, -value);
        let u = gaussian(1, 2, rng)?.row(0).to_owned();
        let u = &u / u.dot(&u).sqrt();
        let plane = advantage(x.dot(&u).iter(), y.dot(&u).iter());
        let centre = gaussian(1, 2, rng)? * 2.0;
        let [to_x, to_y] = [x, y].map(|cloud| distances(cloud, &centre));
        let distance = advantage(to_x?.iter(), to_y?.iter());
        let centres = gaussian(5, 2, rng)? * 2.0;
        let prices: Array1<f64> = gaussian(1, 5, rng)?.row(0).to_owned();
        let cones = ConeCritic::new(centres, prices)?.advantage(x, y)?;
        let network = Critic::new(settings.width, rng)?.advantage(x, y)?;
        Ok([plane, distance, cones, network].map(either))
    })?;
    Ok([0, 1, 2, 3].map(|kind| largest(draws.iter().map(|draw| draw[kind]))))
}

/// The best plane of all: along the difference of the means, whose length it gains.
pub(super) fn best_plane(samples: &[Array2<f64>; 2]) -> f64 {
    let [x, y] = samples.each_ref().map(|cloud| {
        let sums = cloud.sum_axis(ndarray::Axis(0));
        sums / cloud.nrows() as f64
    });
    let apart = x - y;
    apart.dot(&apart).sqrt()
}
