//! Explicit feature maps: random ones that approach a kernel, and a finite one that is a kernel.

mod findings;

use rayon::prelude::*;

use crate::data::synthetic::{gaussian, unit_sphere};
use crate::engine;
use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::{kernel_ridge, ridge};
use crate::model::{
    FeatureKind, Kernel, RandomFeatures, polynomial_dimension, polynomial_features,
    polynomial_map_error,
};
use crate::rng::stream;
use crate::stats::{Estimate, largest};
use findings::findings;

/// The penalty of the two ways to fit a polynomial.
const PENALTY: f64 = 0.1;

settings! {
    /// Settings of `feature_maps`.
    pub struct FeatureMaps {
        /// Inputs, uniform on the unit sphere, the same in every draw.
        n: usize = 40, quick 20, in 2..=500;
        /// Dimension d of the inputs.
        input_dim: usize = 10, in 2..=1000;
        /// Bandwidth σ of the Gaussian kernel; inputs have length 1.
        sigma: f64 = 1.0, in 0.05..=100.0;
        /// Feature columns m, even, increasing.
        widths: Vec<usize> = vec![16, 64, 256, 1024, 4096], quick vec![16, 64, 256, 1024], in 2..=65_536, len 2..=100;
        /// Draws of the features a width.
        draws: usize = 200, quick 100, in 20..=100_000;
        /// Largest degree q of the polynomial kernel (x·x' + 1)^q; all from 1 on are tried.
        degree: usize = 4, quick 3, in 1..=8;
    }
}

/// Random features of one kind and width, over draws.
pub(crate) struct RandomPoint {
    pub kind: FeatureKind,
    pub width: usize,
    /// The mean square over pairs of the error of the kernel.
    pub square: Estimate,
    /// Its exact mean.
    pub predicted: f64,
}

/// One degree of the polynomial kernel.
pub(crate) struct PolynomialPoint {
    pub degree: usize,
    /// D = C(d+q, q).
    pub columns: usize,
    /// The largest relative error of φ·φ'.
    pub error: f64,
    /// The largest difference between the predictions of ridge regression on φ and of the kernel.
    pub difference: f64,
    /// The condition number of the kernel's system.
    pub condition: f64,
}

/// A kernel along a path of inputs, and what features make of it.
pub(crate) struct Profile {
    pub kind: FeatureKind,
    /// The distance or the angle to the first input.
    pub at: Vec<f64>,
    pub limit: Vec<f64>,
    /// One draw of this many columns.
    pub drawn: Vec<(usize, Vec<f64>)>,
}

pub(crate) struct Results {
    pub draws: usize,
    pub random: Vec<RandomPoint>,
    pub polynomials: Vec<PolynomialPoint>,
    pub profiles: Vec<Profile>,
}

impl Study for FeatureMaps {
    const ABOUT: About = About {
        id: "feature_maps",
        title: "Feature maps and their kernels: random features converge, polynomials agree exactly",
        what: "Draws random Fourier and ReLU features of more and more columns and measures how far their products \
               φ(x)·φ(x') are from the kernel they approach, beside the exact standard deviation. Writes out the map of \
               the polynomial kernel, compares the products, and fits with both.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Feature mapping: from kernel methods to \
                neural networks\"; CMSC 828W: \"Kernel Trick\", \"Polynomial Kernels\"; after Rahimi & Recht 2007 and Cho & \
                Saul 2009",
        columns: &[
            Column::new("map", "", "fourier, relu or polynomial"),
            Column::new("size", "", "feature columns m; for polynomial the degree q"),
            Column::new(
                "measured",
                "",
                "root mean square over pairs and draws of φ·φ' − k; for polynomial the largest relative error",
            ),
            Column::new("se", "", "standard error of measured; empty for polynomial"),
            Column::new(
                "predicted",
                "",
                "root of the exact mean square, c/√m; 0 for polynomial",
            ),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let x = unit_sphere(self.n, self.input_dim, &mut stream(seed, "inputs", 0))?;
        let _single = engine::single_thread();
        context.progress.start(2 * self.widths.len(), "widths");
        let mut random = Vec::new();
        for (kind, label) in [
            (FeatureKind::Fourier, "fourier features"),
            (FeatureKind::Relu, "relu features"),
        ] {
            for (place, &width) in self.widths.iter().enumerate() {
                let first = (place * self.draws) as u64;
                let draws = (first..first + self.draws as u64).into_par_iter();
                let errors = draws.map(|index| {
                    let rng = &mut stream(seed, label, index);
                    self.features(kind, width, rng)?.kernel_error(&x)
                });
                let errors = errors.collect::<Result<Vec<_>>>()?;
                let squares: Vec<f64> = errors.iter().map(|e| e.measured.powi(2)).collect();
                random.push(RandomPoint {
                    kind,
                    width,
                    square: Estimate::from_values(&squares)?,
                    predicted: errors.first().map_or(0.0, |e| e.predicted),
                });
                context.progress.step();
            }
        }
        let results = Results {
            draws: self.draws,
            random,
            polynomials: (1..=self.degree)
                .map(|degree| self.polynomial(degree, seed))
                .collect::<Result<_>>()?,
            profiles: vec![
                self.profile(FeatureKind::Fourier, seed)?,
                self.profile(FeatureKind::Relu, seed)?,
            ],
        };
        findings(&results)
    }
}

impl FeatureMaps {
    fn features(
        &self,
        kind: FeatureKind,
        width: usize,
        rng: &mut impl rand::Rng,
    ) -> Result<RandomFeatures> {
        match kind {
            FeatureKind::Fourier => RandomFeatures::fourier(width, self.input_dim, self.sigma, rng),
            FeatureKind::Relu => RandomFeatures::relu(width, self.input_dim, rng),
        }
    }

    fn polynomial(&self, degree: usize, seed: u64) -> Result<PolynomialPoint> {
        let rng = &mut stream(seed, "polynomial", degree as u64);
        // A few dimensions only: D grows as d^q.
        let dim = self.input_dim.min(6);
        let (x, t) = (
            unit_sphere(self.n, dim, rng)?,
            unit_sphere(self.n, dim, rng)?,
        );
        let y = gaussian(self.n, 1, rng)?;
        let weights = ridge(&polynomial_features(&x, degree, 1.0)?, &y, PENALTY)?.weights;
        let explicit = polynomial_features(&t, degree, 1.0)?.dot(&weights);
        let kernel = Kernel::Polynomial {
            degree: degree as u32,
            offset: 1.0,
        };
        let fit = kernel_ridge(kernel, &x, &y, PENALTY)?;
        let differences = fit.predict(&t)? - explicit;
        Ok(PolynomialPoint {
            degree,
            columns: polynomial_dimension(dim, degree)?,
            error: polynomial_map_error(&x, degree, 1.0)?,
            difference: largest(differences.iter().map(|v| v.abs())),
            condition: fit.condition,
        })
    }

    /// The kernel between e_1 and inputs farther and farther away, along a line or around a circle.
    fn profile(&self, kind: FeatureKind, seed: u64) -> Result<Profile> {
        let steps = 60;
        let reach = match kind {
            FeatureKind::Fourier => 4.0 * self.sigma,
            FeatureKind::Relu => std::f64::consts::PI,
        };
        let at: Vec<f64> = (0..=steps)
            .map(|i| reach * f64::from(i) / f64::from(steps))
            .collect();
        let mut path = ndarray::Array2::zeros((at.len(), self.input_dim));
        for (mut row, &at) in path.rows_mut().into_iter().zip(&at) {
            (row[0], row[1]) = match kind {
                FeatureKind::Fourier => (1.0, at),
                FeatureKind::Relu => (at.cos(), at.sin()),
            };
        }
        let from = path.slice(ndarray::s![..1, ..]).to_owned();
        let mut limit = Vec::new();
        let mut drawn = Vec::new();
        for (index, width) in [32, 1024].into_iter().enumerate() {
            let rng = &mut stream(seed, "profile", index as u64);
            let features = self.features(kind, width, rng)?;
            limit = features.limit_kernel(&from, &path)?.row(0).to_vec();
            let scale = features.scale(width).powi(2);
            let products = features.apply(&from)?.dot(&features.apply(&path)?.t()) * scale;
            drawn.push((width, products.row(0).to_vec()));
        }
        Ok(Profile {
            kind,
            at,
            limit,
            drawn,
        })
    }
}
