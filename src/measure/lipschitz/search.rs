//! A lower bound on the Lipschitz constant, by climbing.

use ndarray::{Array1, Array2, Axis};
use rand_distr::{Distribution, StandardNormal};

use super::local_lipschitz_in;
use crate::data::synthetic::gaussian;
use crate::error::{Error, Result, check_count, check_positive};
use crate::model::Mlp;
use crate::optimise::Norm;
use crate::stats::{largest, largest_by};

/// Settings of [`lipschitz_search`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchSettings {
    /// Climbers, each from its own random start.
    pub starts: usize,
    /// Steps a climber tries.
    pub steps: usize,
    /// Standard deviation of the starts, and of the first steps, in units of the inputs.
    pub radius: f64,
    /// The norm whose slope is climbed.
    pub norm: Norm,
}

impl Default for SearchSettings {
    /// 40 climbers, 100 steps, radius 2, Euclidean.
    fn default() -> Self {
        Self {
            starts: 40,
            steps: 100,
            radius: 2.0,
            norm: Norm::L2,
        }
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct LipschitzSearch {
    /// The largest ‖J(x)‖ seen: a lower bound on the Lipschitz constant.
    pub constant: f64,
    /// The largest among the starts, before any step.
    pub at_starts: f64,
    /// Where the largest was seen, `(p,)`.
    pub at: Array1<f64>,
}

/// The largest local Lipschitz constant that climbers find.
///
/// # Algorithm
/// A climber at x tries x + s·g with g standard normal and goes there if ‖J‖ is larger; s grows by 3/2 after a success and
/// shrinks by 0.9 after a failure, and goes back to the radius once it is below a thousandth of it. For a ReLU network ‖J‖
/// is constant on each linear region, so its gradient is 0 almost everywhere and gradient ascent would not move: a random step
/// that crosses into a neighbouring region can.
///
/// # Errors
/// No starts, a radius that is not positive and finite; a broken network, or slopes beyond the range of f64.
pub fn lipschitz_search(
    net: &Mlp,
    settings: &SearchSettings,
    rng: &mut impl rand::Rng,
) -> Result<LipschitzSearch> {
    let SearchSettings {
        starts,
        steps,
        radius,
        norm,
    } = *settings;
    check_count("the number of starts", starts)?;
    check_positive("the radius of the search", radius)?;
    net.check()?;
    let mut x: Array2<f64> = gaussian(starts, net.n_inputs(), rng)? * radius;
    let mut slopes = local_lipschitz_in(net, &x, norm)?;
    let at_starts = largest(&slopes);
    let mut scales = vec![radius; starts];
    for _ in 0..steps {
        let mut tried = x.clone();
        for (mut row, scale) in tried.rows_mut().into_iter().zip(&scales) {
            row.mapv_inplace(|v| {
                let step: f64 = StandardNormal.sample(rng);
                v + scale * step
            });
        }
        let found = local_lipschitz_in(net, &tried, norm)?;
        for i in 0..starts {
            if found[i] > slopes[i] {
                slopes[i] = found[i];
                x.row_mut(i).assign(&tried.row(i));
                scales[i] *= 1.5;
            } else {
                scales[i] *= 0.9;
            }
            if scales[i] < 1e-3 * radius || scales[i] > 1e3 * radius {
                scales[i] = radius;
            }
        }
    }
    let best = largest_by(0..starts, |&start| slopes[start]);
    let best = best.ok_or_else(|| Error::overflow("a stretch that was found", f64::NAN))?;
    Ok(LipschitzSearch {
        constant: slopes[best],
        at_starts,
        at: x.index_axis(Axis(0), best).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::lipschitz::{exact_lipschitz, local_lipschitz};
    use crate::model::MlpSettings;
    use crate::rng::stream;

    #[test]
    fn climbs_from_its_starts_and_stays_below_the_constant() {
        let mut reached = 0;
        for seed in 0..8 {
            let rng = &mut stream(seed, "search", 0);
            let net = Mlp::new(&MlpSettings::of_sizes(&[2, 5, 4, 1]), rng).expect("valid");
            let found = lipschitz_search(&net, &SearchSettings::default(), rng).expect("valid");
            let exact = exact_lipschitz(&net, 10_000).expect("few regions");
            assert!(found.constant >= found.at_starts);
            assert!(found.constant <= exact.constant * (1.0 + 1e-12));
            let there = local_lipschitz(&net, &found.at.view().insert_axis(Axis(0)));
            assert!((there.expect("valid")[0] / found.constant - 1.0).abs() < 1e-12);
            reached += usize::from(found.constant > 0.999_999 * exact.constant);
        }
        assert!(reached >= 6, "{reached} of 8");
    }

    #[test]
    fn bad_settings_are_errors() {
        let rng = &mut stream(1, "search", 0);
        let net = Mlp::new(&MlpSettings::of_sizes(&[2, 3, 1]), rng).expect("valid");
        for (starts, radius) in [(0, 1.0), (1, 0.0), (1, f64::NAN), (1, f64::INFINITY)] {
            let settings = SearchSettings {
                starts,
                radius,
                ..SearchSettings::default()
            };
            assert!(lipschitz_search(&net, &settings, rng).is_err());
        }
    }
}
