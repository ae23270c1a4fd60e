//! The table and the named numbers of a run.

use super::claims::claims;
use super::curve::{Curve, Kind, Name};
use super::figure::figure;
use super::{OverfittingRegimes, Results};
use crate::error::{Error, Result};
use crate::experiment::{Findings, Measured, Study, Table};

pub(super) fn findings(settings: &OverfittingRegimes, results: &Results) -> Result<Findings> {
    Ok(Findings {
        measured: measured(results)?,
        claims: claims(settings, results)?,
        table: table(results)?,
        figure: figure(results),
    })
}

impl Results {
    /// The curve of `method`.
    pub(super) fn curve(&self, method: Kind) -> Result<&Curve> {
        let found = self.curves.iter().find(|curve| curve.method == method);
        found.ok_or_else(|| {
            let known = self.curves.iter().map(|curve| curve.method.label());
            let known: Vec<String> = known.collect();
            Error::unknown("method", &method.label(), known.iter().map(String::as_str))
        })
    }
}

fn measured(results: &Results) -> Result<Measured> {
    let mut measured = Measured::default();
    let mut last = |name: &'static str, method: Kind| {
        let points = &results.curve(method)?.points;
        measured.insert(name, points.last().map_or(f64::NAN, |point| point.excess));
        Ok::<(), Error>(())
    };
    last("log_neighbours_excess", Kind::LogNeighbours)?;
    last("hilbert_excess", Kind::Hilbert)?;
    last("tuned_ridge_excess", Kind::TunedRidge(Name::Gaussian))?;
    last("early_stopped_excess", Kind::EarlyStopped)?;
    last("interpolating_net_excess", Kind::InterpolatingNet)?;
    last("laplace_circle_excess", Kind::Ring(Name::Laplace))?;
    last("laplace_design_excess", Kind::Design(Name::Laplace))?;
    last("relu_ntk_circle_excess", Kind::Ring(Name::ReluNtk))?;
    last("relu_ntk_design_excess", Kind::Design(Name::ReluNtk))?;
    last("critical_median_excess", Kind::Critical)?;
    last("gaussian_median_excess", Kind::Ring(Name::Gaussian))?;
    last("polynomial_median_excess", Kind::Polynomial)?;
    measured.insert("critical_share_below_median", results.below_median);
    let nets = &results.net_train;
    let by_size =
        |of: fn(&super::network::TrainError) -> f64| -> Vec<f64> { nets.iter().map(of).collect() };
    measured.insert("net_n", by_size(|net| net.n as f64));
    measured.insert(
        "interpolating_net_train_error",
        by_size(|net| net.interpolating),
    );
    measured.insert("early_stopped_train_error", by_size(|net| net.early));
    Ok(measured)
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(OverfittingRegimes::ABOUT.columns);
    for curve in &results.curves {
        let method = curve.method;
        let word = |yes: bool, words: [&str; 2]| -> crate::experiment::Cell {
            words[usize::from(yes)].into()
        };
        for point in &curve.points {
            table.push(vec![
                method.regime().name().into(),
                method.label().as_str().into(),
                word(method.interpolates(), ["no", "yes"]),
                point.n.into(),
                point.excess.into(),
                word(method.by_median(), ["mean", "median"]),
                point.range.0.into(),
                point.range.1.into(),
                point.predicted.into(),
                curve.limit.into(),
                point.unresolved.into(),
            ])?;
        }
    }
    Ok(table)
}
