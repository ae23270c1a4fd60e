//! The table and the named numbers of a run.

use super::claims::claims;
use super::curve::{Curve, Kind, Name};
use super::figure::figure;
use super::network::TrainError;
use super::run::Results;
use super::settings::OverfittingRegimes;
use crate::error::Result;
use crate::experiment::Findings;

pub(super) fn findings(settings: &OverfittingRegimes, results: &Results) -> Result<Findings> {
    let nets = &results.net_train;
    let by_size = |of: fn(&TrainError) -> f64| nets.iter().map(of).collect::<Vec<f64>>();
    let mut found = Findings::of(results.curves.iter().flat_map(Curve::rows));
    for (name, method) in [
        ("log_neighbours_excess", Kind::LogNeighbours),
        ("hilbert_excess", Kind::Hilbert),
        ("tuned_ridge_excess", Kind::TunedRidge(Name::Gaussian)),
        ("early_stopped_excess", Kind::EarlyStopped),
        ("interpolating_net_excess", Kind::InterpolatingNet),
        ("laplace_circle_excess", Kind::Ring(Name::Laplace)),
        ("laplace_design_excess", Kind::Design(Name::Laplace)),
        ("relu_ntk_circle_excess", Kind::Ring(Name::ReluNtk)),
        ("relu_ntk_design_excess", Kind::Design(Name::ReluNtk)),
        ("critical_median_excess", Kind::Critical),
        ("gaussian_median_excess", Kind::Ring(Name::Gaussian)),
        ("polynomial_median_excess", Kind::Polynomial),
    ] {
        let last = results.curve(method)?.points.last();
        found = found.measure(name, last.map_or(f64::NAN, |point| point.excess));
    }
    let found = found
        .measure("critical_share_below_median", results.below_median)
        .measure("net_n", by_size(|net| net.n as f64))
        .measure(
            "interpolating_net_train_error",
            by_size(|net| net.interpolating),
        )
        .measure("early_stopped_train_error", by_size(|net| net.early));
    Ok(claims(found, settings, results)?.figure(figure(results)))
}
