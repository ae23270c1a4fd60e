//! Claims: exponents beside those of the table.

use super::methods::Method;
use super::rates::Rate;
use super::settings::{AdaptiveRates, FIRST, LEVEL};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft};
use crate::optimise::problem::WorstCase;
use crate::stats::{larger, largest, largest_distance, smaller};

fn of(rates: &[Rate], method: Method) -> Result<&Rate> {
    let found = rates.iter().find(|rate| rate.method == method);
    found.ok_or_else(|| Error::domain("the method", "one of those that were run", method.name()))
}

impl AdaptiveRates {
    /// The named worst case: what the table prints is reached up to the factor 1 + δ.
    pub(super) fn worst_case_claims(&self, mut found: Draft, rates: &[Rate]) -> Result<Draft> {
        let (delta, first) = (self.excess, FIRST as f64);
        // Descent: Σλ^(1+δ)(1 − λ)^(2k) is a beta function of 2k + 1: ½ step. Nesterov: what modes above 1/k lack, relative
        // k^(−(½−δ)), times its exponent; and a step or so of k.
        let next = (0.5 - delta) * first.powf(delta - 0.5) + 2.0 * (1.0 + delta) / first;
        for (method, exponent, tolerance, printed, name) in [
            (
                Method::Descent,
                -(1.0 + delta),
                (1.0 + delta) / first,
                -2.0,
                "descent_exponent",
            ),
            (
                Method::Nesterov,
                -2.0 * (1.0 + delta),
                next,
                -1.0,
                "nesterov_exponent",
            ),
            (
                Method::ExtraNewton,
                -3.0 * (1.0 + delta),
                1.5 * next,
                -2.0,
                "extra_newton_exponent",
            ),
        ] {
            let text = format!(
                "the slow quadratic, δ = {delta}: {} has the exponent {} times 1 + δ; up to the law's next term",
                method.name(),
                exponent / (1.0 + delta)
            );
            let law = of(rates, method)?.law()?;
            found = found
                .claim(Claim::equals(&text, exponent, law.mean, tolerance))
                .against(printed, "that of another order")
                .headline()
                .measured_as(name);
        }
        Ok(found)
    }

    /// No method is slower than its cell: the largest excess of an exponent over the printed one.
    pub(super) fn bound_claims(
        &self,
        found: Draft,
        text: &str,
        rates: &[Rate],
        name: &'static str,
    ) -> Result<Draft> {
        let count = rates.iter().filter(|r| r.printed.is_some()).count();
        let (mut excess, mut slack) = (Vec::new(), Vec::new());
        for rate in rates {
            let Some(printed) = rate.printed else {
                continue;
            };
            let law = rate.law()?;
            let z = match law.se > 0.0 {
                true => largest_distance(count, LEVEL, Some(law.draws))?,
                false => 0.0,
            };
            // The theorem of AcceleGrad has a further ln k, which the table leaves out: 1/ln k in the exponent.
            let logarithm = match rate.method {
                Method::AcceleGrad => 1.0 / (FIRST as f64).ln(),
                _ => 0.0,
            };
            excess.push(law.mean - printed - logarithm - z * law.se);
            slack.push(printed);
        }
        // A quarter of the exponent: nearer to it than to one half as fast; ln k of a bound is within.
        let quarter = -0.25 * largest(&slack);
        Ok(found
            .claim(Claim::at_most(text, quarter, largest(excess), 0.0))
            .bound()
            .against(2.0 * quarter, "a rate half as fast")
            .measured_as(name))
    }

    pub(super) fn shelf_claims(&self, found: Draft, rates: &[Rate]) -> Result<Draft> {
        let (s, first) = (self.power, FIRST as f64);
        let exponent = self.shelf()?.gradient_exponent();
        // r² at the first step, at the rate 1/s.
        let square = ((s + 2.0) * first).powf(2.0 / (s + 2.0));
        Ok(found
            .claim(Claim::equals(
                &format!(
                    "not convex: (1 + x²)^(−s/2), s = {s}: descent has min‖∇f‖² ~ k^(−2(s+1)/(s+2)), near the printed −1; up to 2/r² at \
                     the first step"
                ),
                exponent,
                of(rates, Method::Descent)?.law()?.mean,
                2.0 / square,
            ))
            .against(-2.0, "twice as fast")
            .measured_as("shelf_exponent"))
    }

    /// Descent with noise on the slow quadratic is as slow as printed.
    pub(super) fn noise_claims(&self, found: Draft, rates: &[Rate]) -> Result<Draft> {
        let law = of(rates, Method::Descent)?.law()?;
        let bias = self.excess / 4.0;
        // The noise has −½, what is left of the start −(1 + δ)/2; the largest curvature ends the sum of the noise at 1/(ηK) of it.
        let end = 1.0 / (self.steps as f64 / 8.0).sqrt();
        Ok(found
            .claim(Claim::mean_equals(
                "with noise, each run at the rate for its steps: the mean of descent's iterates has the exponent −½ of the noise or \
                 −(1 + δ)/2 of the start; up to the end of the spectrum",
                -0.5 - bias,
                law,
                bias + end,
                LEVEL,
            )?)
            .against(-1.0, "the rate without noise")
            .headline()
            .measured_as("noisy_descent_exponent"))
    }

    pub(super) fn chain_claims(
        &self,
        mut found: Draft,
        [fixed, tied]: &[Vec<Rate>; 2],
    ) -> Result<Draft> {
        for (rates, method, what, exponent, rival, name) in [
            (
                fixed,
                Method::Descent,
                "of fixed length, k below it",
                -0.5,
                -1.0,
                "chain_descent",
            ),
            (
                fixed,
                Method::Nesterov,
                "of fixed length, k below it",
                -1.0,
                -2.0,
                "chain_nesterov",
            ),
            (
                tied,
                Method::Descent,
                "of 2k + 1, by L‖x*‖²",
                -1.5,
                -1.0,
                "tied_descent",
            ),
            (
                tied,
                Method::Nesterov,
                "of 2k + 1, by L‖x*‖²",
                -2.0,
                -1.5,
                "tied_nesterov",
            ),
        ] {
            let text = format!(
                "Nesterov's chain {what}: {} has the exponent {exponent}, as heat or a wave spreads; nearer than half way to the other",
                method.name()
            );
            found = found
                .claim(Claim::equals(
                    &text,
                    exponent,
                    of(rates, method)?.law()?.mean,
                    0.5 * smaller(0.5, f64::abs(rival - exponent)),
                ))
                .against(rival, "the printed one, or that of the other")
                .measured_as(name);
        }
        // At the rate 1/L: L‖x*‖²/(2k) of descent, 2L‖x*‖²/(k+1)² of Nesterov's method.
        let square = WorstCase::new(2 * self.steps + 1, 1.0)?.squared_distance();
        let parts = [Method::Descent, Method::Nesterov].map(|method| -> Result<f64> {
            let rate = of(fixed, method)?;
            let pairs = rate.steps.iter().zip(&rate.values);
            Ok(largest(pairs.map(|(step, value)| {
                let k = *step as f64;
                let factor = match method {
                    Method::Nesterov => 2.0 / (k + 1.0).powi(2),
                    _ => 0.5 / k,
                };
                value.mean / (factor * square)
            })))
        });
        let [descent, nesterov] = parts;
        found = found
            .claim(Claim::at_most(
                "Nesterov's chain of fixed length: its slow exponents break no bound, L‖x*‖²/(2k) of descent and 2L‖x*‖²/(k+1)² of \
                 Nesterov's method; largest part of that",
                1.0,
                larger(descent?, nesterov?),
                0.0,
            ))
            .bound()
            .measured_as("chain_over_bound");
        let mut shares = Vec::new();
        for rate in tied {
            for (k, value) in rate.steps.iter().zip(&rate.values) {
                let chain = WorstCase::new(2 * k + 1, 1.0)?;
                shares.push(chain.lower_bound(*k) / chain.squared_distance() / value.mean);
            }
        }
        Ok(found
            .claim(Claim::at_most(
                "no first-order method is below the bound of the chain, 3L‖x*‖²/(32(k+1)²) at k = (p − 1)/2: largest share of the gap",
                1.0,
                largest(shares),
                0.0,
            ))
            .bound()
            .measured_as("share_of_lower_bound"))
    }
}
