//! A class with a density of its own: a cap of the sphere, and two classifiers of it.

use crate::error::Result;
use crate::measure::isoperimetry::{CapClass, class_expansion_bound, half_sphere_expansion};
use crate::stats::{larger, smaller};

/// Where the bound without the density is tried: d, ε and the share of the class.
const FORGOTTEN: (usize, f64, f64) = (200, 0.1, 0.1);

/// The two classifiers of a class of share s: one that is always right, and one that calls a half sphere so.
pub(super) fn classifiers(dimension: usize, share: f64) -> [(&'static str, CapClass); 2] {
    let class = |called| CapClass {
        dimension,
        share,
        called,
    };
    [("class", class(share)), ("class in a half", class(0.5))]
}

/// The class whose half-sphere classifier breaks the bound without v_c, the distance, and that bound.
pub(super) fn forgotten() -> Result<(CapClass, f64, f64)> {
    let (d, epsilon, share) = FORGOTTEN;
    let [_, (_, class)] = classifiers(d, share);
    Ok((class, epsilon, class_expansion_bound(d, epsilon, 1.0)?))
}

/// The least slack of the bound at one distance, over both classifiers and many shares.
pub(super) fn slack(d: usize, epsilon: f64) -> Result<f64> {
    let mut least = f64::INFINITY;
    for share in [0.01, 0.1, 0.3, 0.5] {
        let bound = class_expansion_bound(d, epsilon, 1.0 / share)?;
        for (_, class) in classifiers(d, share) {
            least = smaller(least, class.near_others(epsilon)? - bound);
        }
    }
    Ok(least)
}

/// How far, over the run's distances, the half-sphere classifier is from 1 − v_c(1 − Lévy's share), which it attains where that is positive.
pub(super) fn levy_gap(d: usize, epsilon: f64, share: f64) -> Result<f64> {
    let [_, (_, class)] = classifiers(d, share);
    let bound = 1.0 - (1.0 - half_sphere_expansion(d, epsilon)?) / share;
    Ok((class.near_others(epsilon)? - larger(bound, 0.0)).abs())
}
