//! Descent may rest on a saddle for ever; noise leaves it after a time whose law is known.

mod figure;
mod problem;
mod runs;
mod settings;

use std::f64::consts::LN_10;

use crate::optimise::problem::{Known, Saddle};
use figure::{Drawn, Gap};
use problem::KINDS;
use runs::{Escapes, Point};
pub use settings::SaddleEscape;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{
    Estimate, PowerLaw, binomial_p_value, exact_power_law, largest, least, mean, smaller,
};

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

/// The two shares ζ whose times are compared.
const PAIR: (f64, f64) = (0.1, 0.01);

/// Where plain descent beside the stable manifold begins, in units of R.
const BESIDE: f64 = 1e-3;

impl Study for SaddleEscape {
    const ABOUT: About = About {
        id: "saddle_escape",
        title: "Leaving a strict saddle",
        what: "Starts descent on f = ½(x² − y²) + y⁴/4 at its saddle. On the line y = 0 plain descent stays for ever; beside it, |y| \
               grows as (1 + α)^k. With noise on the gradient, added or by drawing examples, every run leaves. When, has a law: y is normal \
               and its deviation grows as (1 + α)^k, so a tenth of the failure probability ζ costs ln 10/ln(1 + α) steps more, \
               of order 1/α. With steps α₀/(k+1)^κ runs leave too, for κ = 1 with a time that is a power of 1/ζ.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Q2: Does SGD avoid saddle points?\"; after Ge, \
                Huang, Jin & Yuan 2015, arXiv:1503.02101, and Mertikopoulos, Hallak, Kavis & Cevher 2020, arXiv:2006.11144",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let (mut points, ends) = self.growth(seed, context)?;
        let mut all = |steps: &[(f64, f64)]| -> Result<Vec<Escapes>> {
            let mut found = Vec::new();
            for &(step, kappa) in steps {
                let (escapes, rows) = self.escapes(step, kappa, seed, context)?;
                found.push(escapes);
                points.extend(rows);
            }
            Ok(found)
        };
        let constant: Vec<(f64, f64)> = self.steps.iter().map(|&a| (a, 0.0)).collect();
        let vanishing: Vec<(f64, f64)> =
            self.kappas.iter().map(|&k| (self.first_step, k)).collect();
        let (constant, vanishing) = (all(&constant)?, all(&vanishing)?);
        self.findings(seed, &points, &ends, &constant, &vanishing)
    }
}

impl SaddleEscape {
    /// How many steps it takes from one share to the other, measured and by the law; none where the law does not come so
    /// far. P(T > k) falls as (1 + α)^(−k), which gives the standard error.
    fn gap(&self, found: &Escapes) -> Result<Option<Gap>> {
        let radius = self.radius();
        let (first, second) = (
            found.quantile(PAIR.0, radius)?,
            found.quantile(PAIR.1, radius)?,
        );
        let (Some(first), Some(second)) = (first, second) else {
            return Ok(None);
        };
        let rate = (1.0 + found.step).ln();
        Ok(Some(Gap {
            step: found.step,
            measured: Estimate {
                mean: second.0 - first.0,
                se: quantile_gap_error(found.times.len()) / rate,
                draws: found.times.len(),
            },
            law: second.1 - first.1,
        }))
    }

    /// ln 10/ln(1 + α) further steps leave a tenth: how likely a number of runs this far off, or farther, is; and the same for
    /// the number that a tenth in ln 10/α² steps would leave.
    fn tenth(&self, found: &Escapes) -> Result<(f64, f64)> {
        let further = (LN_10 / found.step.ln_1p()).round();
        let (runs, left) = found.thinned(PAIR.0, further)?;
        let least = (1.0 + found.step).powf(-further);
        // y⁴/4 takes at most R² of the curvature; erf is concave, and below a line by less than ζ² of it where it is ζ.
        let slower = 1.0 + found.step * (1.0 - self.radius().powi(2));
        let most = slower.powf(-further) * (1.0 + PAIR.0.powi(2));
        let p_value = |left: u64| match left as f64 / runs as f64 {
            share if share > most => binomial_p_value(most, left, runs),
            share if share < least => binomial_p_value(least, left, runs),
            _ => Ok(1.0),
        };
        let printed = runs as f64 * (-further * found.step.powi(2)).exp();
        Ok((p_value(left)?, p_value(printed.round() as u64)?))
    }

    fn findings(
        &self,
        seed: u64,
        points: &[Point],
        ends: &[Estimate],
        constant: &[Escapes],
        vanishing: &[Escapes],
    ) -> Result<Findings> {
        let of = |what: &'static str| points.iter().filter(move |p| p.what == what);
        let p_values = |vanishing: bool| {
            let own = of("still there").filter(|p| (p.kappa > 0.0) == vanishing);
            own.map(Point::p_value).collect::<Result<Vec<f64>>>()
        };
        let step = self.middle_step();
        let on = self.descent(0.0, 1000)?;
        let beside = self.descent(BESIDE * self.radius(), 100_000)?;
        let grown = beside.last().copied().unwrap_or(f64::NAN) / beside[0];
        let rate = grown.ln() / (beside.len() - 1) as f64;
        let gaps = constant
            .iter()
            .map(|e| self.gap(e))
            .collect::<Result<Vec<_>>>()?;
        let reached = constant.iter().zip(&gaps).filter(|(_, gap)| gap.is_some());
        let tenths = reached.map(|(escapes, _)| self.tenth(escapes));
        let (tenths, printed): (Vec<f64>, Vec<f64>) =
            tenths.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let gaps: Vec<Gap> = gaps.into_iter().flatten().collect();
        let few = gaps.len() < 2
            || largest(gaps.iter().map(|g| g.step)) < 2.0 * least(gaps.iter().map(|g| g.step));
        let (law, slope) = match few {
            true => (
                f64::NAN,
                Estimate {
                    mean: f64::NAN,
                    se: f64::NAN,
                    draws: self.runs,
                },
            ),
            false => {
                let steps: Vec<f64> = gaps.iter().map(|g| g.step).collect();
                let laws: Vec<f64> = gaps.iter().map(|g| g.law).collect();
                let measured = PowerLaw::of(&gaps, |g| g.step, |g| g.measured)?;
                (exact_power_law(&steps, &laws)?.exponent, measured.slope())
            }
        };
        // A quantile is a whole number of steps: it moves ln(gap) by at most 1/gap.
        let logs: Vec<f64> = gaps.iter().map(|g| g.step.ln()).collect();
        let middle = mean(logs.iter().copied());
        let spread: f64 = logs.iter().map(|x| (x - middle).powi(2)).sum();
        let moves = logs
            .iter()
            .zip(&gaps)
            .map(|(x, g)| (x - middle).abs() / spread / g.law);
        let rounding: f64 = moves.sum();
        let mut found = Findings::of(points)
            .claim(Claim::equals("on the line y = 0 plain descent stays: |y| after 1,000 steps", 0.0, largest(on), 0.0))
            .against(1.0, "the minimum at y = 1")
            .claim(Claim::equals(
                "beside the line y = 0 |y| grows as (1 + α)^k in plain descent: ln of its growth a step, up to R² of it",
                (1.0 + step).ln(),
                rate,
                // The curvature is between −1 and −1 + R².
                (1.0 + step).ln() - (1.0 + step * (1.0 - self.radius().powi(2))).ln() + 1e-12,
            ))
            .measured_as("growth_rate")
            .claim(Claim::all_within(
                "noise grows as (1 + α)^k: mean square of y by α²σ²((1+α)^2k − 1)/((1+α)² − 1), Gaussian noise, noise on a \
                 sphere and drawn examples",
                of("mean square").map(Point::distance),
                LEVEL,
                Some(self.runs / 4),
            )?);
        let excess =
            0.5 * step * self.noise.powi(2) * (1.0 / (2.0 - step) + 1.0 / (2.0 - 2.0 * step));
        for (kind, end) in KINDS.iter().zip(ends) {
            found = found
                .claim(Claim::mean_equals(
                    &format!(
                        "with noise ({kind}) all runs come to a minimum: mean of f, −1/4 and what noise keeps above it, \
                         ασ²/2·(1/(2 − α) + 1/(2 − 2α))"
                    ),
                    Saddle.minimum() + excess,
                    *end,
                    // Beside a minimum f is a parabola up to terms of the size of the spread, and one run in a million may be late.
                    100.0 * self.noise.powi(2) * excess + 1e-15,
                    LEVEL,
                )?)
                .against(0.0, "the saddle");
        }
        found = found
            .claim(Claim::no_surprise(
                "constant steps: the share of runs still there is erf(R/√(2V_k)), at the times of \
 90, 50, 10 and 1 %, by binomial tests",
                p_values(false)?,
                LEVEL,
            ))
            .headline()
            .claim(Claim::no_surprise(
                "from 10 % to 1 % still there, at every constant step: ln 10/ln(1 + α) further steps leave a tenth of the runs, by \
                 binomial tests",
                tenths,
                LEVEL,
            ))
            .against(
                smaller(least(&printed) * printed.len() as f64, 1.0),
                "ln 10/α² further steps, the printed order",
            )
            .not_measured_if(gaps.is_empty(), "no constant step led to 1 % still there within 20,000 steps")
            .headline()
            .claim(Claim::mean_equals(
                "from 10 % to 1 % still there: exponent of the steps it takes, by the step α",
                law,
                slope,
                rounding,
                LEVEL,
            )?)
            .against(2.0 * law, "as 1/α², the printed order")
            .not_measured_if(few, "no two steps, one twice as long as the other or more, led to 1 % still there")
            .headline()
            .measured_as("exponent_of_gap")
            .measure(
                "gaps",
                gaps.iter().map(|g| g.measured.mean).collect::<Vec<f64>>(),
            )
            .measure(
                "gaps_by_law",
                gaps.iter().map(|g| g.law).collect::<Vec<f64>>(),
            )
            .claim(Claim::no_surprise(
                "vanishing steps, κ up to 1: runs leave by the same law, with the V_k of those \
 steps, by binomial tests",
                p_values(true)?,
                LEVEL,
            ));
        found = found.claims(self.slowest(vanishing)?);
        // Until one in a hundred is there.
        let drawn_until = constant
            .iter()
            .find(|e| e.step == step)
            .map_or(Ok(None), |e| e.law.quantile(0.01, self.radius()))?
            .map_or(1000, |k| k.ceil() as usize);
        let mut paths = vec![(format!("descent from {BESIDE} R"), beside)];
        for index in 0..3 {
            paths.push((
                format!("with noise, run {}", index + 1),
                self.path(index, seed, drawn_until)?,
            ));
        }
        let title = Self::ABOUT.title;
        Ok(found.figure(self.figure(&Drawn {
            title,
            paths,
            constant,
            vanishing,
            gaps: &gaps,
        })?))
    }

    /// With κ = 1: from one share to the other time is multiplied.
    fn slowest(&self, vanishing: &[Escapes]) -> Result<Option<Claim>> {
        let Some(found) = vanishing.iter().find(|e| e.kappa == 1.0) else {
            return Ok(None);
        };
        let radius = self.radius();
        let (first, second) = (
            found.quantile(PAIR.0, radius)?,
            found.quantile(PAIR.1, radius)?,
        );
        let missing = first.is_none() || second.is_none();
        let (first, second) = (
            first.unwrap_or((f64::NAN, f64::NAN)),
            second.unwrap_or((f64::NAN, f64::NAN)),
        );
        let measured = Estimate {
            mean: (second.0 / first.0).ln(),
            // P(T > k) falls as k^(−α₀): in ln k as e^(−α₀ ln k).
            se: quantile_gap_error(found.times.len()) / self.first_step,
            draws: found.times.len(),
        };
        let claim = Claim::mean_equals(
            "κ = 1: time is a power of 1/ζ, ζ^(−1/α₀): ln of the factor from 10 % to 1 % still there",
            (second.1 / first.1).ln(),
            measured,
            1.0 / first.1,
            LEVEL,
        )?
        .against(2.0_f64.ln(), "time as log(1/ζ)")
        .not_measured_if(missing, "more than 1 % are still there after 20,000 steps");
        Ok(Some(claim))
    }
}

/// The standard error of the difference of the times of the two shares, of n runs, where P(T > t) ∝ e^(−t): the density is the
/// share itself, and quantiles have the covariance p(1 − q)/(n f_p f_q).
fn quantile_gap_error(n: usize) -> f64 {
    let (a, b) = PAIR;
    let variance = (1.0 - a) / a + (1.0 - b) / b - 2.0 * (1.0 - a) / a;
    (variance / n as f64).sqrt()
}
