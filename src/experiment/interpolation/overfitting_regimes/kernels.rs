//! Kernels without a penalty: on a line, on the circle, and Gaussian designs with the same spectra.

use ndarray::{Array1, ArrayRef1, ArrayRef2};

use super::curve::{Curve, Kind, Name, Point};
use super::local::excess;
use super::settings::OverfittingRegimes;
use crate::data::Spectrum;
use crate::data::synthetic::{noise, uniform_cube};
use crate::error::{Error, Result};
use crate::fit::{kernel_ridge, lagrange_interpolation};
use crate::measure::overfitting::limit;
use crate::measure::{
    Inputs, Method, NoiseRisk, NoiseRiskSettings, circle_eigenvalues, laplace_noise_risk,
    noise_risk, spectral_risk, spectral_risk_monte_carlo,
};
use crate::model::Kernel;
use crate::stats::median;
use crate::stats::parallel_draws;

/// Eigenvalues of a design: many for a power law, whose tail is cut.
const DIRECTIONS: usize = 2049;
/// Points and bandwidth, in units of the interval, where the Gaussian kernel's interpolant is nearly the polynomial;
/// with twice the bandwidth the matrix still has a condition number f64 can carry.
const WIDE: (usize, f64) = (4, 4.0);

/// The root mean square distance of a wide Gaussian kernel's interpolant from the polynomial through the same points, in
/// units of the polynomial's root mean square, median over draws.
pub(super) struct Polynomial {
    pub distance: f64,
    /// With twice the bandwidth.
    pub distance_twice: f64,
    pub n: usize,
    pub bandwidth: f64,
}

/// R/σ² − 1 of every draw.
fn above_noise(found: &NoiseRisk) -> Vec<f64> {
    found.values.iter().map(|risk| risk - 1.0).collect()
}

impl OverfittingRegimes {
    pub(super) fn kernel(&self, name: Name) -> Kernel {
        match name {
            Name::Gaussian => Kernel::Gaussian {
                sigma: self.gaussian,
            },
            Name::Laplace => Kernel::Laplace {
                sigma: self.laplace,
            },
            Name::ReluNtk => Kernel::ReluNtk { hidden_layers: 1 },
        }
    }

    /// Everything in this file but [`Self::polynomial_limit`].
    pub(super) fn kernels(&self, seed: u64) -> Result<Vec<Curve>> {
        let mut curves = vec![self.laplace_line(seed)?];
        for name in [Name::Laplace, Name::ReluNtk] {
            curves.push(self.ring(name, seed)?);
            let spectrum = circle_eigenvalues(self.kernel(name), DIRECTIONS)?;
            // A cusp: λ_k falls as k^−2.
            curves.push(self.design(Kind::Design(name), &spectrum, 2.0, seed)?);
        }
        let power = Spectrum::Power(self.alpha).eigenvalues(2 * DIRECTIONS)?;
        curves.push(self.design(Kind::PowerDesign(self.alpha), &power, self.alpha, seed)?);
        curves.push(self.gaussian_ring(seed)?);
        curves.push(self.polynomials(seed)?);
        Ok(curves)
    }

    fn laplace_line(&self, seed: u64) -> Result<Curve> {
        let method = Method::KernelRidge {
            kernel: self.kernel(Name::Laplace),
            lambda: 0.0,
        };
        let point = |n| {
            let found = noise_risk(&method, &self.noise_settings(n, seed))?;
            let exact = laplace_noise_risk(n, self.laplace)? - 1.0;
            Ok(Point::mean(n, excess(found.risk), Some(exact)).unresolved(found.unresolved))
        };
        Curve::over(
            Kind::LaplaceLine,
            Some(limit::LINE - 1.0),
            self.sizes(self.n),
            point,
        )
    }

    /// The excess of a kernel on pure noise at points uniform on the circle.
    fn ring_risk(&self, name: Name, n: usize, draws: usize, seed: u64) -> Result<NoiseRisk> {
        let method = Method::KernelRidge {
            kernel: self.kernel(name),
            lambda: 0.0,
        };
        let settings = NoiseRiskSettings {
            dim: 2,
            inputs: Inputs::Sphere,
            draws,
            ..self.noise_settings(n, seed)
        };
        noise_risk(&method, &settings)
    }

    /// Between neighbours a cusped kernel's interpolant is a straight line in the limit, on the circle as on a line.
    fn ring(&self, name: Name, seed: u64) -> Result<Curve> {
        let point = |n| {
            let found = self.ring_risk(name, n, self.draws, seed)?;
            Point::mean(n, excess(found.risk), None)
                .unresolved(found.unresolved)
                .half_below(&above_noise(&found))
        };
        Curve::over(
            Kind::Ring(name),
            Some(limit::LINE - 1.0),
            self.sizes(self.n),
            point,
        )
    }

    fn gaussian_ring(&self, seed: u64) -> Result<Curve> {
        let point = |n| {
            let found = self.ring_risk(Name::Gaussian, n, self.wild_draws, seed)?;
            let excesses = above_noise(&found);
            Ok(Point::median(n, &excesses, None)?.unresolved(found.unresolved))
        };
        Curve::over(Kind::Ring(Name::Gaussian), None, self.wild_sizes(), point)
    }

    /// `gaussian_n`, ascending, each once.
    pub(super) fn wild_sizes(&self) -> Vec<usize> {
        let mut sizes = self.gaussian_n.clone();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    /// Features that are Gaussian numbers, as the eigenframework takes all features to be.
    fn design(
        &self,
        method: Kind,
        eigenvalues: &ArrayRef1<f64>,
        alpha: f64,
        seed: u64,
    ) -> Result<Curve> {
        let pure = Array1::zeros(eigenvalues.len());
        let point = |n| {
            let predicted = spectral_risk(eigenvalues, &pure, n, 0.0, 1.0)?.risk;
            let seed = seed ^ ((n as u64) << 32);
            let found =
                spectral_risk_monte_carlo(eigenvalues, &pure, n, 0.0, 1.0, self.draws, seed)?;
            Ok(Point::mean(n, excess(found), Some(predicted - 1.0)))
        };
        Curve::over(
            method,
            Some(limit::power_law(alpha) - 1.0),
            self.sizes(self.design_n),
            point,
        )
    }

    /// The polynomial of degree n − 1 through points uniform on a line: no linear system, so no limit of f64.
    fn polynomials(&self, seed: u64) -> Result<Curve> {
        let point = |n: usize| {
            let seed = seed ^ ((n as u64) << 32);
            let excesses = parallel_draws(self.wild_draws, seed, "polynomials", |rng| {
                let (x, test) = (uniform_cube(n, 1, rng)?, uniform_cube(400, 1, rng)?);
                let y = noise(n, 1.0, rng)?;
                let f = lagrange_interpolation(&x.column(0), &y, &test.column(0))?;
                Ok(f.iter().map(|f| f * f).sum::<f64>() / f.len() as f64)
            })?;
            Point::median(n, &excesses, None)
        };
        Curve::over(Kind::Polynomial, None, self.wild_sizes(), point)
    }

    /// The flat limit: as its bandwidth grows, the Gaussian kernel's interpolant tends to the polynomial of degree n − 1
    /// (Driscoll & Fornberg 2002, doi:10.1016/S0898-1221(01)00295-4).
    pub(super) fn polynomial_limit(&self, seed: u64) -> Result<Polynomial> {
        let (n, bandwidth) = WIDE;
        let pairs = parallel_draws(self.wild_draws, seed, "flat limit", |rng| {
            let (x, test) = (uniform_cube(n, 1, rng)?, uniform_cube(100, 1, rng)?);
            let y = noise(n, 1.0, rng)?;
            let f = lagrange_interpolation(&x.column(0), &y, &test.column(0))?;
            let norm = |f: &ArrayRef2<f64>| f.iter().map(|f| f * f).sum::<f64>().sqrt();
            let away = |sigma: f64| {
                let fit = kernel_ridge(Kernel::Gaussian { sigma }, &x, &y, 0.0)?;
                Ok::<f64, Error>(norm(&(fit.predict(&test)? - &f)) / norm(&f))
            };
            Ok((away(bandwidth)?, away(2.0 * bandwidth)?))
        })?;
        let (once, twice): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        Ok(Polynomial {
            distance: median(&once)?,
            distance_twice: median(&twice)?,
            n,
            bandwidth,
        })
    }
}
