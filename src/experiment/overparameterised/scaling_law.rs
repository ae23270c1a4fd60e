//! A power law through small sizes that predicts a large one, and where its exponent comes from.

use ndarray::{Array1, Array2, ArrayRef1, Axis};

use crate::data::Spectrum;
use crate::data::synthetic::gaussian_design;
use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Draw, Findings, Study, once_in, row, settings};
use crate::fit::solve_positive;
use crate::measure::spectral_risk;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, PowerLaw, exact_power_law, largest_distance};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

/// Two exponents nearer than this are not told apart.
const APART: f64 = 0.2;

settings! {
    /// Settings of `scaling_law`.
    pub struct ScalingLaw {
        /// Eigenvalues of the features fall like i^−α: α.
        exponent: f64 = 2.0, in 1.2..=4.0;
        /// The target's part in feature i falls like i^−(1+s): s, its source exponent.
        source: f64 = 3.0, in 0.3..=8.0;
        /// Sizes a law is fitted to, and last the one it predicts.
        sizes: Vec<usize> = vec![16, 32, 64, 128, 512], quick vec![16, 32, 64, 256], in 4..=2000, len 3..=20;
        /// Eigenvalues p in all, more than any size.
        modes: usize = 4000, quick 2000, in 50..=20_000;
        /// Draws at each size.
        draws: usize = 40, quick 24, in 3..=10_000;
    }
}

row! {
    /// One size.
    struct Point {
        /// what grows: examples, with all features; width, random features with examples without end
        grows: &'static str;
        /// size
        size: usize;
        /// mean squared error on fresh examples, over draws
        error: Estimate, unit "label²", and error_se "its standard error";
        /// by theory
        theory: f64, unit "label²";
        /// by the power law through the sizes but the last
        fitted: f64, unit "label²";
    }
}

/// What grows, its name, and its exponent where the source's and its own limit are as far apart.
#[derive(Clone, Copy, PartialEq)]
enum Grows {
    /// n examples: f is fitted without an error by the least weights, with all p features.
    Examples,
    /// m random features, sums of the p with normal weights, and examples without end.
    Width,
}

impl Study for ScalingLaw {
    const ABOUT: About = About {
        id: "scaling_law",
        title: "A scaling law, fitted to small models and tried on a large one",
        what: "Fits a power law to the test error of small models and predicts a larger one, with the error of the prediction. For \
               features whose eigenvalues fall like i^−α and a target whose parts fall like i^−(1+s) the exponent is known: \
               min(s, 2α) in the number of examples, min(s, α) in the number of random features.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Figure 1. Performance of GPT-4 and smaller models\"; \
                theory after Simon, Dickens, Karkada & DeWeese 2023, arXiv:2110.03922, and Maloney, Roberts & Sully 2022, \
                arXiv:2210.16859",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let mut sizes = self.sizes.clone();
        sizes.sort_unstable();
        sizes.dedup();
        if sizes.len() < 3 {
            return Err(Error::domain(
                "sizes",
                "three different ones at least",
                sizes.len(),
            ));
        }
        if sizes.iter().any(|size| *size >= self.modes) {
            return Err(Error::domain(
                "modes",
                "more than the largest size",
                self.modes,
            ));
        }
        let problem = Problem::new(self)?;
        let runs = context.sweep("fits", &sizes, self.draws, seed, |&size, draw| {
            problem.errors(size, draw)
        })?;
        let laws = [(Grows::Examples, 0), (Grows::Width, 1)].map(|(grows, place)| {
            let errors = runs.iter().map(|runs| Estimate::of(runs, |run| run[place]));
            Law::new(
                &problem,
                grows,
                &sizes,
                &errors.collect::<Result<Vec<Estimate>>>()?,
            )
        });
        let [examples, width] = laws;
        self.findings(&[examples?, width?])
    }
}

/// The eigenvalues λ, and √λβ, whose squares are the target's parts.
struct Problem {
    eigenvalues: Array1<f64>,
    parts: Array1<f64>,
    beta: Array1<f64>,
}

impl Problem {
    fn new(settings: &ScalingLaw) -> Result<Self> {
        let eigenvalues = Spectrum::Power(settings.exponent).eigenvalues(settings.modes)?;
        let index = Array1::from_iter((1..=settings.modes).map(|i| i as f64));
        let parts = index.mapv(|i| i.powf(-0.5 * (1.0 + settings.source)));
        let beta = &parts / &eigenvalues.mapv(f64::sqrt);
        Ok(Self {
            eigenvalues,
            parts,
            beta,
        })
    }

    /// The two errors of one draw X, `(size, p)`, rows normal with variances λ.
    ///
    /// As examples: the least weights that fit are β projected to the rows' span, and the error is what is missing, weighed by λ.
    /// As features, X = WΛ^½ with normal W: the best weights leave of Λ^½β what is orthogonal to the rows.
    fn errors(&self, size: usize, draw: Draw) -> Result<[f64; 2]> {
        let x = gaussian_design(size, &self.eigenvalues, &mut draw.rng("scaling law"))?;
        let targets = ndarray::stack![Axis(1), self.beta, self.parts];
        let dual = solve_positive(&x.dot(&x.t()), &x.dot(&targets), 0.0)?.dual;
        let missing: Array2<f64> = &targets - &x.t().dot(&dual);
        let square = |place: usize, weights: Option<&Array1<f64>>| {
            let column = missing.column(place);
            let squares = column
                .iter()
                .enumerate()
                .map(|(i, v)| v * v * weights.map_or(1.0, |w| w[i]));
            squares.sum::<f64>()
        };
        Ok([square(0, Some(&self.eigenvalues)), square(1, None)])
    }

    /// What theory says, with κ from Σ λ/(λ+κ) = size: n/(n − Σℒ²) Σ (1−ℒ)² λβ², ℒ = λ/(λ+κ), for examples; Σ (1−ℒ) λβ² for
    /// features.
    fn theory(&self, grows: Grows, size: usize) -> Result<f64> {
        let risk = spectral_risk(&self.eigenvalues, &self.beta, size, 0.0, 0.0)?;
        Ok(match grows {
            Grows::Examples => risk.risk,
            Grows::Width => unlearned(&self.eigenvalues, &self.parts, risk.kappa),
        })
    }
}

fn unlearned(eigenvalues: &ArrayRef1<f64>, parts: &ArrayRef1<f64>, kappa: f64) -> f64 {
    let each = eigenvalues.iter().zip(parts);
    each.map(|(l, c)| c * c * kappa / (l + kappa)).sum()
}

/// A fitted law and what it was fitted to.
struct Law {
    grows: Grows,
    points: Vec<Point>,
    fit: PowerLaw,
    /// ln of the predicted error at the last size, with the standard error that those of the points leave.
    predicted: Estimate,
    /// What the same fit through theory's numbers misses at the last size: theory is no straight line.
    bend: f64,
}

impl Law {
    fn new(problem: &Problem, grows: Grows, sizes: &[usize], errors: &[Estimate]) -> Result<Self> {
        let x: Vec<f64> = sizes.iter().map(|size| *size as f64).collect();
        let theory = sizes.iter().map(|&size| problem.theory(grows, size));
        let theory: Vec<f64> = theory.collect::<Result<_>>()?;
        let small = x.len() - 1;
        let pairs = || x.iter().zip(errors).take(small);
        let fit = PowerLaw::of(pairs(), |pair| *pair.0, |pair| *pair.1)?;
        let smooth = exact_power_law(&x[..small], &theory[..small])?;
        let logs: Vec<f64> = x[..small].iter().map(|x| x.ln()).collect();
        let middle = logs.iter().sum::<f64>() / small as f64;
        let spread: f64 = logs.iter().map(|log| (log - middle).powi(2)).sum();
        let far = x[small].ln() - middle;
        // The fit at the last size is Σ ω_i ln y_i.
        let parts = logs.iter().zip(errors).map(|(log, error)| {
            let weight = 1.0 / small as f64 + far * (log - middle) / spread;
            (weight * error.se / error.mean).powi(2)
        });
        let predicted = Estimate {
            mean: fit.at(x[small]).ln(),
            se: parts.sum::<f64>().sqrt(),
            draws: fit.draws,
        };
        let point = |place: usize| Point {
            grows: grows.name(),
            size: sizes[place],
            error: errors[place],
            theory: theory[place],
            fitted: fit.at(x[place]),
        };
        Ok(Self {
            grows,
            points: (0..sizes.len()).map(point).collect(),
            fit,
            predicted,
            bend: (smooth.at(x[small]) / theory[small]).ln().abs(),
        })
    }
}

impl Grows {
    fn name(self) -> &'static str {
        match self {
            Self::Examples => "examples",
            Self::Width => "width",
        }
    }

    fn symbol(self) -> &'static str {
        match self {
            Self::Examples => "n",
            Self::Width => "m",
        }
    }

    /// The least exponent the features allow, whatever the target.
    fn floor(self, alpha: f64) -> f64 {
        match self {
            Self::Examples => -2.0 * alpha,
            Self::Width => -alpha,
        }
    }
}

impl ScalingLaw {
    fn findings(&self, laws: &[Law; 2]) -> Result<Findings> {
        let mut found = Findings::of(laws.iter().flat_map(|law| &law.points));
        for law in laws {
            let last = law.points.last().expect("three sizes or more");
            let before = &law.points[law.points.len() - 2];
            let grows = law.grows.name();
            let error = last.error.se / last.error.mean;
            let z = largest_distance(1, LEVEL, Some(law.predicted.draws.min(last.error.draws)))?;
            found = found.claim(Claim::equals(
                &format!(
                    "{grows}: ln of the error at {} = {}, by the power law through the smaller sizes; {z:.1} standard errors of prediction and \
                     measurement ({}), and what the same fit through theory's numbers misses, {:.3}",
                    law.grows.symbol(),
                    last.size,
                    once_in(LEVEL),
                    law.bend
                ),
                law.predicted.mean,
                last.error.mean.ln(),
                z * law.predicted.se.hypot(error) + law.bend,
            ));
            found = found
                .against(
                    before.error.mean.ln(),
                    "no fall after the largest size of the fit",
                )
                .headline();
            let (floor, source) = (law.grows.floor(self.exponent), -self.source);
            let (expected, rival) = match source > floor {
                true => (source, floor),
                false => (floor, source),
            };
            let meaning = match source > floor {
                true => "what the features' eigenvalues alone would give",
                false => "what the target's parts alone would give",
            };
            let name = match law.grows {
                Grows::Examples => "exponent_examples",
                Grows::Width => "exponent_width",
            };
            found = found
                .claim(Claim::equals(
                    &format!(
                        "{grows}: fitted exponent, −min(s, {}α) by theory (nearer than to the other of the two)",
                        if law.grows == Grows::Examples { "2" } else { "" }
                    ),
                    expected,
                    law.fit.exponent,
                    0.5 * (expected - rival).abs(),
                ))
                .against(rival, meaning)
                .not_measured_if((expected - rival).abs() < APART, "the two exponents are too near each other")
                .measured_as(name);
        }
        Ok(found.figure(figure(laws)))
    }
}

fn figure(laws: &[Law; 2]) -> Figure {
    let size = |point: &Point| point.size as f64;
    let panel = |law: &Law| {
        let small = law.points.len() - 1;
        Panel::new(
            &format!("{} {}", law.grows.name(), law.grows.symbol()),
            "mean squared error on fresh examples",
        )
        .title(&format!(
            "error ∝ {}^{:.2}, fitted to the filled marks",
            law.grows.symbol(),
            law.fit.exponent
        ))
        .log_x()
        .log_y()
        .legend(LegendPosition::Below)
        .points_of("fitted to", &law.points[..small], size, |p| p.error.mean)
        .error_bars_of(&law.points[..small], |p| p.error.bar(2.0))
        .points_of("predicted", &law.points[small..], size, |p| p.error.mean)
        .error_bars_of(&law.points[small..], |p| p.error.bar(2.0))
        .line_of("power law", &law.points, size, |p| p.fitted)
        .color(0)
        .dotted()
        .line_of("theory", &law.points, size, |p| p.theory)
        .color(2)
        .solid()
    };
    Figure::new(ScalingLaw::ABOUT.title)
        .panel(panel(&laws[0]))
        .panel(panel(&laws[1]))
        .caption("Means over draws with 2 standard errors.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Theory's exponents at sizes far beyond those of a run.
    #[test]
    fn theory_has_the_exponents() {
        let problem = Problem::new(&ScalingLaw {
            modes: 20_000,
            ..ScalingLaw::default()
        })
        .expect("valid");
        for (grows, expected) in [(Grows::Examples, -3.0), (Grows::Width, -2.0)] {
            let at = |size| problem.theory(grows, size).expect("valid");
            let slope = (at(400) / at(200)).ln() / 2.0_f64.ln();
            assert!((slope - expected).abs() < 0.15, "{slope} {expected}");
        }
    }
}
