//! Numbers and claims.

use super::gaussians::{Bures, Shifted};
use super::rates::{Rate, line_slope, log_slope, rate, scaled_first_square, scaled_square};
use super::settings::{Point, WassersteinRate};
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::stats::{Estimate, largest, least};
use crate::transport::line_law::{expected_to_law, uniform_constant};
use crate::transport::torus_law::plane_growth;

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

/// On the interval, where every number is exact.
pub(super) fn about_the_line(found: Draft, points: &[&Point]) -> Result<Draft> {
    let Some(last) = points.last() else {
        return Ok(found);
    };
    let draws = Some(last.w1.draws);
    let apart = |mean: Estimate, exact: Option<f64>| mean.distance(exact.unwrap_or(f64::NAN));
    let (slope, left_out) = line_slope(points)?;
    let n = last.n as f64;
    let law = last.law.expect("on the interval");
    let scaled = Estimate {
        mean: n.sqrt() * law.mean,
        se: n.sqrt() * law.se,
        ..law
    };
    let finite = (n.sqrt() * expected_to_law(last.n)? - uniform_constant()).abs();
    Ok(found
        .claim(
            Claim::mean_equals(
                "one dimension: W₁ of two samples falls like n^(−1/2): exponent",
                -0.5,
                slope.slope(),
                left_out,
                LEVEL,
            )?
            .headline(),
        )
        .against(-1.0, "n^(−1/p)")
        .measured_as("slope_1")
        .claim(Claim::mean_equals(
            "one dimension: √n · W₁ of the uniform law and a sample, at the largest n: √(π/32)",
            uniform_constant(),
            scaled,
            finite,
            LEVEL,
        )?)
        .against(
            2.0_f64.sqrt() * uniform_constant(),
            "that of two samples, √2 times as much",
        )
        .measured_as("constant_1")
        .claim(Claim::all_within(
            "one dimension: W₁ of two samples is 4ⁿ/(2(2n + 1) C(2n, n)) at every n",
            points.iter().map(|p| apart(p.w1, p.w1_exact)),
            LEVEL,
            draws,
        )?)
        .claim(Claim::all_within(
            "one dimension: W₂² of two samples is 1/(3(n + 1)) at every n",
            points
                .iter()
                .map(|p| apart(p.w2_square, p.w2_square_exact)),
            LEVEL,
            draws,
        )?))
}

/// On the plane torus, where the rate has a logarithm.
pub(super) fn about_the_plane(found: Draft, points: &[&Point]) -> Result<Draft> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Ok(found);
    };
    // What is left out falls like 1/n.
    let range = (last.n as f64 / first.n as f64).ln();
    let left_out = 1.0 / (first.n as f64 * range);
    let slope = log_slope(points, scaled_square);
    Ok(found
        .claim(
            Claim::mean_equals(
                "two dimensions: n · W₂² of two samples grows with ln n at the slope 1/(2π)",
                plane_growth(),
                slope,
                left_out,
                LEVEL,
            )?
            .headline(),
        )
        .against(0.0, "no logarithm, as in one dimension")
        .may_stay_open(range < 2.0, "the sizes span less than e²")
        .measured_as("log_slope_2")
        .claim(Claim::positive(
            "two dimensions: n · W₁² grows with ln n too, so that W₁ falls like √(ln n/n): slope",
            log_slope(points, scaled_first_square),
            LEVEL,
        )?)
        .not_measured_if(range < 1.0, "the sizes span less than e")
        .measured_as("log_slope_of_w1_2"))
}

/// Three dimensions and more: n^(−1/p).
pub(super) fn about_space(mut found: Draft, points: &[&Point]) -> Result<Draft> {
    let found_rate = rate(points)?;
    let Rate {
        dimension,
        raw,
        corrected,
        square,
        left_out,
        constant,
    } = found_rate;
    let d = dimension as f64;
    // Nearer to it than to its neighbour in p.
    let half = 0.5 / (d * (d + 1.0));
    let (first, last) = (points[0].n as f64, points[points.len() - 1].n as f64);
    let narrow = last / first < 3.0;
    let names = names_of(dimension);
    let claim = Claim::equals(
        &format!("{dimension} dimensions: W₁ of two samples falls like n^(−1/{dimension}), once what finite n adds is divided out: exponent"),
        -1.0 / d,
        corrected.exponent,
        half,
    );
    let claim = match dimension {
        3 => claim.headline(),
        _ => claim,
    };
    found = found
        .measure(names.raw, raw.exponent)
        .measure(names.constant, constant)
        .claim(claim)
        .against(-1.0 / (d + 1.0), "that of the next dimension")
        .not_measured_if(narrow || corrected.se > 0.25 * half, "these sizes and draws leave the exponent too open")
        .measured_as(names.corrected)
        .claim(Claim::mean_equals(
            &format!("{dimension} dimensions: W₂² less what finite n adds falls like n^(−2/{dimension}): exponent"),
            -2.0 / d,
            square.slope(),
            left_out,
            LEVEL,
        )?)
        .against(-1.0, "n^(−1), as in one dimension")
        .not_measured_if(narrow, "the sizes span less than a factor of 3")
        .measured_as(names.square);
    Ok(found)
}

struct Names {
    raw: &'static str,
    corrected: &'static str,
    square: &'static str,
    constant: &'static str,
}

fn names_of(dimension: usize) -> Names {
    macro_rules! names {
        ($($d:literal),+) => {
            match dimension {
                $($d => Names {
                    raw: concat!("slope_as_measured_", $d),
                    corrected: concat!("slope_", $d),
                    square: concat!("slope_of_w2_square_", $d),
                    constant: concat!("constant_of_w2_square_", $d),
                },)+
                _ => unreachable!("the limits of `dims`"),
            }
        };
    }
    names!(3, 4, 5, 6, 7, 8)
}

impl WassersteinRate {
    /// What holds for every pair, and for Gaussians.
    pub(super) fn about_all(
        &self,
        found: Draft,
        points: &[Point],
        bures: &Bures,
        shifted: &[Shifted],
    ) -> Result<Draft> {
        let floor = |s: &&Shifted| s.shift == 0.0;
        let at_zero: Vec<&Shifted> = shifted.iter().filter(floor).collect();
        let (low, high) = (at_zero[0], at_zero[at_zero.len() - 1]);
        Ok(found
            .claim(Claim::at_least(
                "W₁ ≤ W₂ for every pair: the least W₂/W₁",
                1.0,
                least(points.iter().map(|p| p.least_ratio)),
                1e-9,
            ))
            .bound()
            .claim(Claim::at_most(
                "the plug-in bound: W₁(truth, generator)/(W₁(truth, data) + W₁(data, generator)), the largest",
                1.0,
                largest(shifted.iter().map(|s| s.triangle)),
                1e-9,
            ))
            .bound()
            .claim(
                Claim::mean_equals(
                    "Gaussians: W₂² of a sample and its image under Monge's map is Bures's formula in the mean",
                    bures.exact,
                    bures.measured,
                    0.0,
                    LEVEL,
                )?
                .headline(),
            )
            .against(bures.commuting, "‖m₁ − m₂‖² + ‖Σ₁^½ − Σ₂^½‖², as if they commuted")
            .not_measured_if(self.gaussian_dim == 1, "numbers commute")
            .may_stay_open(self.draws < 20, "so few draws leave both formulas")
            .measured_as("bures_square")
            .claim(Claim::at_most(
                "Gaussians: no assignment of a sample to its image beats Monge's map: the largest gain, in parts of the cost",
                0.0,
                bures.beaten_by,
                1e-9,
            ))
            .identity()
            .measure("perfect_generator_seen_first_dim", low.to_data.mean)
            .measure("perfect_generator_seen_last_dim", high.to_data.mean))
    }
}
