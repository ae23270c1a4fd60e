//! All curves of a run.

use super::curve::{Curve, Kind};
use super::kernels::Polynomial;
use super::local::Residual;
use super::network::TrainError;
use super::settings::OverfittingRegimes;
use crate::error::{Error, Result};
use crate::experiment::Context;

/// Everything a run computed.
pub(super) struct Results {
    pub curves: Vec<Curve>,
    /// The training error in units of σ² at the largest n, measured and predicted, of methods that are local.
    pub residuals: Vec<Residual>,
    /// The share of draws at p = n below the exact median.
    pub below_median: f64,
    /// How near a wide Gaussian kernel comes to the polynomial through the same points.
    pub polynomial: Polynomial,
    /// The mean training error of the interpolating and of the early-stopped network in units of σ², by size.
    pub net_train: Vec<TrainError>,
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

impl OverfittingRegimes {
    pub(super) fn results(&self, seed: u64, context: &Context) -> Result<Results> {
        context.progress.start(5, "parts");
        let mut curves = Vec::new();
        let mut done = |part: Vec<Curve>| {
            curves.extend(part);
            context.progress.step();
        };
        done(self.local(seed)?);
        done(self.simplices(seed)?);
        let critical = self.critical(seed)?;
        done(vec![critical.curve]);
        done(self.ridge(seed)?);
        done(self.kernels(seed)?);
        let nets = self.networks(seed, context)?;
        curves.extend(nets.curves);
        Ok(Results {
            curves,
            residuals: self.residuals(seed)?,
            below_median: critical.below_median,
            polynomial: self.polynomial_limit(seed)?,
            net_train: nets.train,
        })
    }
}
