//! A method's excess risk by n.

use crate::error::{Error, Result};
use crate::experiment::row;
use crate::stats::{Estimate, median, quantile};

row! {
    /// One method at one n.
    pub(super) struct Entry {
        /// benign, tempered or catastrophic, as n → ∞
        regime: &'static str;
        /// the method
        method: String;
        /// yes if it fits every training label, no if it does not
        interpolates: &'static str;
        /// training examples
        n: usize;
        /// risk above the noise in units of σ²; for votes, errors above the share of wrong labels
        excess: f64, unit "σ² or share";
        /// what excess is over draws: mean or median
        statistic: &'static str;
        /// 2 standard errors below a mean; the first quartile for a median
        low: f64, unit "as excess";
        /// 2 standard errors above a mean; the third quartile for a median
        high: f64, unit "as excess";
        /// by formula for this n, where there is one
        predicted: Option<f64>, unit "as excess";
        /// as n → ∞, where it is known
        limit: Option<f64>, unit "as excess";
        /// share of draws in which f64 lost directions of the kernel matrix to rounding
        unresolved: f64;
    }
}

/// What the excess does as n → ∞.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Regime {
    /// → 0.
    Benign,
    /// → a constant.
    Tempered,
    /// → ∞.
    Catastrophic,
}

impl Regime {
    fn name(self) -> &'static str {
        match self {
            Self::Benign => "benign",
            Self::Tempered => "tempered",
            Self::Catastrophic => "catastrophic",
        }
    }
}

/// One n.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub n: usize,
    /// (R − σ²)/σ², mean or median over draws.
    pub excess: f64,
    /// Two standard errors around a mean, the quartiles around a median.
    pub range: (f64, f64),
    /// Of a mean.
    pub estimate: Option<Estimate>,
    /// What half of the draws lie below, beside a mean that rare draws move.
    pub half_below: Option<f64>,
    pub predicted: Option<f64>,
    /// The share of draws that f64 could not resolve.
    pub unresolved: f64,
}

impl Point {
    /// The mean of a risk over draws: `excess` estimates R/σ² − 1.
    pub(super) fn mean(n: usize, excess: Estimate, predicted: Option<f64>) -> Self {
        Self {
            n,
            excess: excess.mean,
            range: excess.bar(2.0),
            estimate: Some(excess),
            half_below: None,
            predicted,
            unresolved: 0.0,
        }
    }

    /// The median of `excesses`, for a risk whose mean is ruled by rare draws.
    pub(super) fn median(n: usize, excesses: &[f64], predicted: Option<f64>) -> Result<Self> {
        Ok(Self {
            n,
            excess: median(excesses)?,
            range: (quantile(excesses, 0.25)?, quantile(excesses, 0.75)?),
            estimate: None,
            half_below: None,
            predicted,
            unresolved: 0.0,
        })
    }

    /// The same, with the median of the draws' `excesses`.
    pub(super) fn half_below(self, excesses: &[f64]) -> Result<Self> {
        let half_below = Some(median(excesses)?);
        Ok(Self { half_below, ..self })
    }

    /// The same, where f64 could not resolve this share of the draws.
    pub(super) fn unresolved(self, unresolved: f64) -> Self {
        Self { unresolved, ..self }
    }

    /// Standard errors between measured and predicted, beyond a distance `slack`; `None` without a prediction.
    pub(super) fn distance(&self, slack: f64) -> Option<f64> {
        let (estimate, predicted) = (self.estimate?, self.predicted?);
        let away = (estimate.mean - predicted).abs() - slack;
        Some(if away <= 0.0 { 0.0 } else { away / estimate.se })
    }
}

/// One method.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    pub method: Kind,
    pub points: Vec<Point>,
    /// The limit of the excess as n → ∞ where a constant is known.
    pub limit: Option<f64>,
}

impl Curve {
    /// A point for each of `sizes`.
    pub(super) fn over(
        method: Kind,
        limit: Option<f64>,
        sizes: impl IntoIterator<Item = usize>,
        point: impl Fn(usize) -> Result<Point>,
    ) -> Result<Self> {
        let points = sizes.into_iter().map(point).collect::<Result<_>>()?;
        Ok(Self {
            method,
            points,
            limit,
        })
    }

    pub(super) fn first(&self) -> Result<&Point> {
        let none = || Error::shape("the curve", "at least one point", &[0]);
        self.points.first().ok_or_else(none)
    }

    pub(super) fn last(&self) -> Result<&Point> {
        let none = || Error::shape("the curve", "at least one point", &[0]);
        self.points.last().ok_or_else(none)
    }

    /// Its rows of the table.
    pub(super) fn rows(&self) -> impl Iterator<Item = Entry> {
        let method = self.method;
        let word = |yes: bool, words: [&'static str; 2]| words[usize::from(yes)];
        self.points.iter().map(move |point| Entry {
            regime: method.regime().name(),
            method: method.label(),
            interpolates: word(method.interpolates(), ["no", "yes"]),
            n: point.n,
            excess: point.excess,
            statistic: word(method.by_median(), ["mean", "median"]),
            low: point.range.0,
            high: point.range.1,
            predicted: point.predicted,
            limit: self.limit,
            unresolved: point.unresolved,
        })
    }
}

/// The methods, by what the claims and the figure must know of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// k nearest neighbours, k = ⌈ln n⌉.
    LogNeighbours,
    /// k nearest neighbours, k constant.
    Neighbours(usize),
    /// The vote of k nearest neighbours.
    Vote(usize),
    /// Nadaraya–Watson with weights 1/|x − x_i|.
    Hilbert,
    /// Kernel ridge regression, penalty tuned: Gaussian or Laplace kernel.
    TunedRidge(Name),
    EarlyStopped,
    PiecewiseLinear,
    /// Linear on a simplex of R^d.
    Simplex(usize),
    /// The Laplace kernel on a line.
    LaplaceLine,
    /// A kernel on the circle without a penalty.
    Ring(Name),
    /// A Gaussian design with the spectrum of a kernel on the circle.
    Design(Name),
    /// A Gaussian design with eigenvalues i^−α.
    PowerDesign(f64),
    InterpolatingNet,
    /// Regression with as many parameters as examples.
    Critical,
    /// The polynomial of degree n − 1.
    Polynomial,
}

/// A kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Gaussian,
    Laplace,
    ReluNtk,
}

impl Name {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Gaussian => "Gaussian",
            Self::Laplace => "Laplace",
            Self::ReluNtk => "ReLU NTK",
        }
    }
}

impl Kind {
    pub(super) fn regime(self) -> Regime {
        match self {
            Self::LogNeighbours | Self::Hilbert | Self::TunedRidge(_) | Self::EarlyStopped => {
                Regime::Benign
            }
            Self::Ring(Name::Gaussian) | Self::Critical | Self::Polynomial => Regime::Catastrophic,
            _ => Regime::Tempered,
        }
    }

    /// Whether it fits every training label.
    pub(super) fn interpolates(self) -> bool {
        !matches!(
            self,
            Self::LogNeighbours | Self::TunedRidge(_) | Self::EarlyStopped
        ) && !matches!(self, Self::Neighbours(k) | Self::Vote(k) if k > 1)
    }

    /// Its name in the table and the figure.
    pub(super) fn label(self) -> String {
        match self {
            Self::LogNeighbours => "k-NN, k = ⌈ln n⌉".to_owned(),
            Self::Neighbours(k) => format!("{k}-NN"),
            Self::Vote(k) => format!("{k}-NN vote"),
            Self::Hilbert => "Nadaraya–Watson, 1/|x−x'|".to_owned(),
            Self::TunedRidge(name) => format!("{} kernel, tuned ridge", name.text()),
            Self::EarlyStopped => "network, stopped early".to_owned(),
            Self::PiecewiseLinear => "piecewise linear".to_owned(),
            Self::Simplex(d) => format!("simplex, d = {d}"),
            Self::LaplaceLine => "Laplace kernel, line".to_owned(),
            Self::Ring(name) => match name {
                Name::ReluNtk => "ReLU NTK, circle".to_owned(),
                _ => format!("{} kernel, circle", name.text()),
            },
            Self::Design(name) => format!("Gaussian design, {} spectrum", name.text()),
            Self::PowerDesign(alpha) => format!("Gaussian design, λᵢ = i^(−{alpha})"),
            Self::InterpolatingNet => "network, interpolating".to_owned(),
            Self::Critical => "least squares, p = n".to_owned(),
            Self::Polynomial => "polynomial, degree n − 1".to_owned(),
        }
    }

    /// Whether the excess is a median over draws.
    fn by_median(self) -> bool {
        self.regime() == Regime::Catastrophic
    }
}
