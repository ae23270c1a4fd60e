//! Explicit feature maps: random ones that approach a kernel, and a finite one that is a kernel.

mod machines;
mod profile;

use ndarray::Array2;

use crate::data::synthetic::{gaussian, unit_sphere};
use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draft, Findings, Study, row, settings};
use crate::fit::{kernel_ridge, ridge};
use crate::model::{
    FeatureKind, Kernel, RandomFeatures, polynomial_dimension, polynomial_features,
    polynomial_map_error,
};
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, PowerLaw, largest, largest_distance};
use machines::Machines;
use profile::Profile;

/// The penalty of the two ways to fit a polynomial.
const PENALTY: f64 = 0.1;

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 0.001;

settings! {
    /// Settings of `feature_maps`.
    pub struct FeatureMaps {
        /// Inputs, uniform on the unit sphere, the same in every draw.
        n: usize = 40, quick 20, in 2..=500;
        /// Dimension d of the inputs.
        input_dim: usize = 10, in 2..=1000;
        /// Bandwidth σ of the Gaussian kernel; inputs have length 1.
        sigma: f64 = 1.0, in 0.05..=100.0;
        /// Feature columns m, even.
        widths: Vec<usize> = vec![16, 64, 256, 1024, 4096], quick vec![16, 64, 256, 1024], in 2..=65_536, len 2..=100, increasing;
        /// Draws of the features a width.
        draws: usize = 200, quick 100, in 20..=100_000;
        /// Largest degree q of the polynomial kernel (x·x' + 1)^q; all from 1 on are tried.
        degree: usize = 4, quick 3, in 1..=8;
    }
}

row! {
    /// One map of one size.
    struct Point {
        /// fourier, relu or polynomial
        map: &'static str;
        /// feature columns m; for polynomial the degree q
        size: usize;
        /// root mean square over pairs and draws of φ·φ' − k; for polynomial the largest relative error
        measured: f64;
        /// standard error of measured; empty for polynomial
        se: Option<f64>;
        /// root of the exact mean square, c/√m; 0 for polynomial
        predicted: f64;
    }
}

/// One kind of random features, by width.
struct Random {
    /// In the table.
    name: &'static str,
    words: &'static str,
    /// The variance of φ·φ'.
    variance: &'static str,
    widths: Vec<Width>,
    law: PowerLaw,
}

/// One width, over draws.
struct Width {
    m: usize,
    /// The mean square over pairs of the error of the kernel.
    square: Estimate,
    /// The root of its exact mean.
    predicted: f64,
}

/// One degree of the polynomial kernel.
struct Polynomial {
    degree: usize,
    /// D = C(d+q, q).
    columns: usize,
    /// The largest relative error of φ·φ'.
    error: f64,
    /// The largest difference between the predictions of ridge regression on φ and of the kernel.
    difference: f64,
    /// The condition number of the kernel's system.
    condition: f64,
    machines: Machines,
}

impl Study for FeatureMaps {
    const ABOUT: About = About {
        id: "feature_maps",
        title: "Feature maps and their kernels: random features converge, polynomials agree exactly",
        what: "Draws random Fourier and ReLU features of more and more columns and measures how far their products \
               φ(x)·φ(x') are from the kernel they approach, beside the exact standard deviation. Writes out the map of \
               the polynomial kernel, compares the products, and fits with both: ridge regression, the support vector machine, \
               principal components.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Feature mapping: from kernel methods to \
                neural networks\"; CMSC 828W: \"Kernel Trick\", \"Polynomial Kernels\"; after Rahimi & Recht 2007 and Cho & \
                Saul 2009",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let x = unit_sphere(self.n, self.input_dim, &mut stream(seed, "inputs", 0))?;
        let random = [
            self.random(FeatureKind::Fourier, &x, seed, context)?,
            self.random(FeatureKind::Relu, &x, seed, context)?,
        ];
        let polynomials = (1..=self.degree).map(|degree| self.polynomial(degree, seed));
        let polynomials = polynomials.collect::<Result<Vec<_>>>()?;
        let rows = random.iter().flat_map(Random::points);
        let found = Findings::of(rows.chain(polynomials.iter().map(Polynomial::point)))
            .measure("fourier_slope", random[0].law.exponent)
            .measure("relu_slope", random[1].law.exponent)
            .measure(
                "polynomial_columns",
                polynomials
                    .iter()
                    .map(|p| p.columns as f64)
                    .collect::<Vec<f64>>(),
            );
        let found = random
            .iter()
            .try_fold(found, |found, map| self.converges(found, map))?;
        let profile = |kind, reach| {
            let draw = |width: usize, rng: &mut _| self.features(kind, width, rng);
            Profile::new(kind, self.input_dim, reach, seed, draw)
        };
        let profiles = [
            profile(FeatureKind::Fourier, 4.0 * self.sigma)?,
            profile(FeatureKind::Relu, std::f64::consts::PI)?,
        ];
        Ok(agrees(found, &polynomials).figure(figure(&random, &profiles)))
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

    fn random(
        &self,
        kind: FeatureKind,
        x: &Array2<f64>,
        seed: u64,
        context: &Context,
    ) -> Result<Random> {
        let (name, words, variance, label) = match kind {
            FeatureKind::Fourier => (
                "fourier",
                "random Fourier features",
                "(1 − k²)²/m",
                "fourier features",
            ),
            FeatureKind::Relu => (
                "relu",
                "random ReLU features",
                "(2‖x‖²‖x'‖² J₂(θ)/π − k²)/m",
                "relu features",
            ),
        };
        let drawn = context.sweep(label, &self.widths, self.draws, seed, |&m, draw| {
            self.features(kind, m, &mut draw.rng(label))?
                .kernel_error(x)
        })?;
        let widths = self.widths.iter().zip(drawn).map(|(&m, errors)| {
            let squares: Vec<f64> = errors.iter().map(|e| e.measured.powi(2)).collect();
            Ok(Width {
                m,
                square: Estimate::from_values(&squares)?,
                predicted: errors[0].predicted,
            })
        });
        let widths = widths.collect::<Result<Vec<Width>>>()?;
        Ok(Random {
            name,
            words,
            variance,
            law: PowerLaw::of(&widths, |w| w.m as f64, |w| w.square.root())?,
            widths,
        })
    }

    fn polynomial(&self, degree: usize, seed: u64) -> Result<Polynomial> {
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
        Ok(Polynomial {
            degree,
            columns: polynomial_dimension(dim, degree)?,
            error: polynomial_map_error(&x, degree, 1.0)?,
            difference: largest(differences.iter().map(|v| v.abs())),
            condition: fit.condition,
            machines: Machines::new(degree, &x, &t, rng)?,
        })
    }

    fn converges(&self, found: Draft, map: &Random) -> Result<Draft> {
        let (words, widths, variance) = (map.words, &map.widths, map.variance);
        let z = largest_distance(1, LEVEL, Some(self.draws))?;
        Ok(found
            .claim(Claim::all_within(
                &format!(
                    "{words}: the mean squared error of φ·φ' is the mean over pairs of {variance}"
                ),
                widths
                    .iter()
                    .map(|w| w.square.distance(w.predicted.powi(2))),
                LEVEL,
                Some(self.draws),
            )?)
            .claim(Claim::equals(
                &format!(
                    "{words}: the error falls as 1/√m, slope of ln error by ln m, within {z:.1} \
                     s.e."
                ),
                -0.5,
                map.law.exponent,
                z * map.law.se,
            ).headline()))
    }
}

impl Random {
    fn points(&self) -> impl Iterator<Item = Point> {
        self.widths.iter().map(|width| Point {
            map: self.name,
            size: width.m,
            measured: width.square.root().mean,
            se: Some(width.square.root().se),
            predicted: width.predicted,
        })
    }
}

impl Polynomial {
    fn point(&self) -> Point {
        Point {
            map: "polynomial",
            size: self.degree,
            measured: self.error,
            se: None,
            predicted: 0.0,
        }
    }
}

/// The map of the polynomial kernel and the kernel itself.
fn agrees(found: Draft, polynomials: &[Polynomial]) -> Draft {
    let worst = |of: fn(&Polynomial) -> f64| largest(polynomials.iter().map(of));
    let last = polynomials.last().expect("degrees are 1 or more");
    let (columns, degree) = (last.columns, last.degree);
    // A sum of D products, each of 2q + a few roundings, and (x·x' + 1)^q with q + 6.
    let rounding = (columns + 8 * degree + 16) as f64 * f64::EPSILON;
    found
        .claim(Claim::equals(
            &format!(
                "the polynomial map of up to {columns} columns gives (x·x' + 1)^q for every q up \
                 to {degree}: largest relative error, against the rounding of so many terms"
            ),
            0.0,
            worst(|p| p.error),
            rounding,
        ))
        .identity()
        .claim(Claim::equals(
            "the kernel trick: ridge regression on the map and on the kernel predict the same; \
             largest difference, against rounding times 100 condition numbers",
            0.0,
            worst(|p| p.difference),
            100.0 * f64::EPSILON * worst(|p| p.condition),
        ).headline())
        .identity()
        .claim(Claim::at_most(
            "kernel SVM: the separator of largest margin on the map and that from the kernel's values decide alike, for every \
             q; largest difference in units of what rounding does to it, 100 ε (length/margin)² times the largest decision",
            1.0,
            worst(|p| p.machines.svm),
            0.0,
        ))
        .identity()
        .claim(Claim::at_most(
            "kernel PCA: the first components of the centred map and those from the kernel's values give the same \
             coordinates up to sign, for every q; largest difference in units of 100 ε λ₁/gap times the largest coordinate",
            1.0,
            worst(|p| p.machines.pca),
            0.0,
        ))
        .identity()
}

fn figure(random: &[Random], profiles: &[Profile]) -> Figure {
    let mut errors = Panel::new("feature columns m", "root mean squared error of φ·φ'")
        .title("error by width")
        .log_x()
        .log_y();
    for (index, map) in random.iter().enumerate() {
        let m = |width: &Width| width.m as f64;
        errors = errors
            .line_of("", &map.widths, m, |w| w.predicted)
            .color(index)
            .points_of(map.words, &map.widths, m, |w| w.square.root().mean)
            .color(index);
    }
    let figure = Figure::new("Random features approach their kernels").panel(errors);
    let panels = profiles.iter().map(Profile::panel);
    panels.fold(figure, Figure::panel).caption(
        "(a): lines are the exact standard deviation c/√m, points the mean over draws. (b) and \
         (c): one draw.",
    )
}
