//! How steep a fit of random labels must be, by the number of its parameters, and how steep the fit by random features is.

mod draw;

use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Findings, Study, row};
use crate::measure::robustness::robustness_law;
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, PowerLaw, largest, least};
use draw::{Fit, SAMPLED};

pub use draw::LawOfRobustness;

/// How often chance alone may break a claim about means.
const LEVEL: f64 = 1e-4;

/// Up to this many parameters a point the excess over the kernel's slope is large beside its error.
const CLEAR: f64 = 4.0;

/// The exponent of the excess may be as far from −1 as from the next multiple of ½.
const NEARER: f64 = 0.25;

row! {
    /// One number of parameters, over draws.
    struct Point {
        /// P: random features, whose output weights are fitted
        parameters: usize;
        /// root mean square slope along the sphere, exact for each fit: at most its Lipschitz constant
        slope: Estimate, and se "its standard error";
        /// largest slope found at the data and at random points, mean over draws
        found: Estimate, and found_se "its standard error";
        /// √((d−1)n/P), the law of robustness
        law: f64;
        /// 2 over the least distance of points of different labels, mean over draws: no fit has a smaller Lipschitz constant
        opposite: f64;
        /// root mean square slope of the kernel's fit, the limit P → ∞
        limit: f64;
        /// variance of the fit over the sphere, mean over draws
        variance: Estimate, and variance_se "its standard error";
    } beside {
        /// Mean of (d−1)n/(P·square slope).
        share: f64;
        /// Mean square slope less that of the kernel's fit to the same data.
        excess: Estimate;
        /// The same as a ratio of means.
        above_limit: f64;
    }
}

impl Study for LawOfRobustness {
    const ABOUT: About = About {
        id: "law_of_robustness",
        title: "The law of robustness: random labels, slope and parameters",
        what: "Fits random labels on a sphere by the minimum-norm combination of P random ReLU features. Whatever combination fits, its \
               root mean square slope is at least √((d−1)n/P), in the mean over data sets: a law with its constant. Measures the \
               slope exactly and by sampling, from just enough parameters to many. It falls with P as the law allows, but only down \
               to the slope of the kernel's fit, which no width lowers.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Our understanding\", \"Helps!\"; after Bubeck & Sellke 2021, \
                arXiv:2105.12806",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if !self.n.is_multiple_of(2) {
            return Err(Error::domain("n", "an even number of points", self.n));
        }
        let places: Vec<usize> = self.ratios.iter().map(|r| self.parameters(*r)).collect();
        let fits = context.paired("fits", &places, self.draws, seed, |&p, draw| {
            self.one(p, draw)
        })?;
        let points = places.iter().zip(&fits);
        let points = points.map(|(&parameters, fits)| self.point(parameters, fits));
        let points = points.collect::<Result<Vec<Point>>>()?;
        self.findings(&points, &fits)
    }
}

impl LawOfRobustness {
    fn parameters(&self, ratio: f64) -> usize {
        (ratio * self.n as f64).ceil() as usize
    }

    fn point(&self, parameters: usize, fits: &[Fit]) -> Result<Point> {
        let square = Estimate::of(fits, |f| f.square)?;
        let limit = Estimate::of(fits, |f| f.limit)?.mean;
        Ok(Point {
            parameters,
            slope: square.root(),
            found: Estimate::of(fits, |f| f.found)?,
            law: robustness_law(self.n, self.input_dim, parameters)?,
            opposite: Estimate::of(fits, |f| f.opposite)?.mean,
            limit: limit.sqrt(),
            variance: Estimate::of(fits, |f| f.variance)?,
            share: Estimate::of(fits, |f| f.law)?.mean,
            excess: Estimate::of(fits, |f| f.square - f.limit)?,
            above_limit: square.mean / limit,
        })
    }

    /// P − n − 1: isotropic Gaussian features have variance n/(P−n−1) beside what P → ∞ leaves.
    fn free(&self, point: &Point) -> f64 {
        point.parameters as f64 - self.n as f64 - 1.0
    }

    fn findings(&self, points: &[Point], fits: &[Vec<Fit>]) -> Result<Findings> {
        let all = || fits.iter().flatten();
        let poincare = |f: &Fit| (self.input_dim as f64 - 1.0) * f.variance / f.square;
        let clear = points.iter().filter(|p| {
            let few = p.parameters <= self.parameters(CLEAR);
            few && p.excess.mean > 0.0 && self.free(p) > 0.0
        });
        let clear: Vec<&Point> = clear.collect();
        let power = match clear.len() {
            0 | 1 => None,
            _ => Some(PowerLaw::of(clear, |p| self.free(p), |p| p.excess)?),
        };
        let (first, last) = (&points[0], &points[points.len() - 1]);
        Ok(Findings::of(points)
            .measure("slope_narrowest", first.slope.mean)
            .measure("slope_widest", last.slope.mean)
            .measure("law_narrowest", first.law)
            .measure("law_widest", last.law)
            .measure("slope_of_kernel", last.limit)
            .measure("opposite", last.opposite)
            .measure("largest_misfit", largest(all().map(|f| f.misfit)))
            .claim(Claim::at_most(
                "no fit of random labels by P fixed features is smoother, on average, than √((d−1)n/P): mean \
                 of (d−1)n/(P·square slope), largest over P",
                1.0,
                largest(points.iter().map(|p| p.share)),
                0.0,
            ))
            .bound()
            .measured_as("law_over_square_slope")
            .headline()
            .claims(power.map(|power| {
                Claim::equals(
                    "what the slope² has above that of the kernel's fit falls like 1/(P − n − 1), the power \
                     that the law allows (trend): exponent up to P = 4n",
                    -1.0,
                    power.exponent,
                    NEARER,
                )
                .against(-0.5, "a slope that falls like P^(−1/4)")
                .headline()
            }))
            .measure_or(
                "excess_exponent",
                power.map(|p| p.exponent),
                "fewer than two numbers of parameters up to 4n",
            )
            .claim(Claim::at_least(
                "the slope of the kernel's fit remains at every P (trend): mean square slope over that of the \
                 kernel's, least over P",
                1.0,
                least(points.iter().map(|p| p.above_limit)),
                0.0,
            ))
            .headline()
            .claim(Claim::at_most(
                "the fit takes the labels: largest |f(x) − y|",
                0.0,
                largest(all().map(|f| f.misfit)),
                1e-6,
            ))
            .identity()
            .claim(Claim::all_within(
                "mean square slope: gradients at random points against the closed form, in every draw",
                all().map(|f| f.distance),
                LEVEL,
                Some(SAMPLED),
            )?)
            .claim(Claim::at_most(
                "Poincaré on the sphere: (d−1)·variance over square slope, largest",
                1.0,
                largest(all().map(poincare)),
                1e-9,
            ))
            .bound()
            .claim(Claim::at_least(
                "on the way between the two nearest points of different labels the slope is somewhere at \
                 least 2/distance (mean value theorem): least ratio",
                1.0,
                least(all().map(|f| f.way)),
                1e-6,
            ))
            .bound()
            .figure(self.figure(points)))
    }

    fn figure(&self, points: &[Point]) -> Figure {
        let p = |point: &Point| point.parameters as f64;
        let slopes = Panel::new("parameters P", "slope")
            .title(&format!(
                "n = {} random labels, d = {}",
                self.n, self.input_dim
            ))
            .log_x()
            .log_y()
            .points_of("largest found", points, p, |point| point.found.mean)
            .color(1)
            .error_bars_of(points, |point| point.found.bar(2.0))
            .points_of("root mean square", points, p, |point| point.slope.mean)
            .color(0)
            .error_bars_of(points, |point| point.slope.bar(2.0))
            .line_of("kernel's fit, P → ∞", points, p, |point| point.limit)
            .color(0)
            .dotted()
            .line_of("2/(least distance)", points, p, |point| point.opposite)
            .color(3)
            .line_of("law √((d−1)n/P)", points, p, |point| point.law)
            .color(6);
        let shown: Vec<&Point> = points
            .iter()
            .filter(|point| point.excess.bar(2.0).0 > 0.0 && self.free(point) > 0.0)
            .collect();
        let free = |point: &&Point| self.free(point);
        let first = shown.first().map(|p| p.excess.mean * self.free(p));
        let mut excess = Panel::new("P − n − 1", "slope² − slope² of the kernel's fit")
            .title("what more parameters take away")
            .log_x()
            .log_y()
            .points_of("measured", shown.iter(), free, |p| p.excess.mean)
            .color(0)
            .error_bars_of(shown.iter(), |p| p.excess.bar(2.0));
        if let Some(first) = first {
            excess = excess
                .line_of("∝ 1/(P − n − 1)", shown.iter(), free, |p| {
                    first / free(p)
                })
                .color(6);
        }
        Figure::new(Self::ABOUT.title)
            .panel(slopes)
            .panel(excess)
            .caption("Means over draws, ± 2 s.e.")
    }
}
