//! Descent with noise of the right size samples: Langevin dynamics on a parabola and on a double well.

mod bias;
mod chains;
mod figure;
mod settings;

use bias::Biases;
use chains::{BINS, Ends, Point};
use figure::Drawn;
pub use settings::LangevinDynamics;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::optimise::{Optimiser, SolveSettings, Unconstrained, Unseen, solve};
use crate::stats::{Estimate, exact_power_law};

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

/// Up to this step the variance of the parabola is too near to the Gibbs variance to tell at the quick size: they differ by
/// α/(2 − α), 18 %, four standard errors √(2/2500) and the room of the test.
const TELLING: f64 = 0.3;

impl Study for LangevinDynamics {
    const ABOUT: About = About {
        id: "langevin",
        title: "Langevin dynamics: noise that samples, and explores",
        what: "Takes steps x ← x − αf'(x) + √(2ατ) ξ in many independent chains. On ½x² their variance is τ/(1 − α/2). On a \
               tilted double well they are compared with their own exact law, by quadrature, and with the Gibbs density ∝ e^(−f/τ), from \
               which the step keeps it by a term of first order in α that is derived. All begin in the worse well, which plain descent never \
               leaves: a chain does, unless it is too cold for its time. That is what noise in the parameters is for where a policy is \
               trained: exploration, at the price of less exploitation.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Stochastic Gradient Langevin Dynamics\"; \
                Mathematics of data (EE-556): \"Exploration vs. Exploitation in RL\"; after Welling & Teh 2011, \"Bayesian learning via stochastic gradient Langevin dynamics\"",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let parabola = self.parabola(seed, context)?;
        let mut wells = Vec::new();
        let mut diverged = 0;
        for &temperature in &self.temperatures {
            let ends = self.well_ends(temperature, seed, context)?;
            diverged += ends.diverged;
            wells.push(self.better_well(temperature, &ends, &self.well_law(temperature)?)?);
        }
        let ends = self.well_ends(self.temperature, seed, context)?;
        diverged += ends.diverged;
        let law = self.well_law(self.temperature)?;
        let bins = self.histogram(&ends, &law)?;
        let biases = self.biases()?;
        let title = Self::ABOUT.title;
        let drawn = Drawn {
            title,
            parabola: &parabola,
            bins: &bins,
            wells: &wells,
            law: &law,
            biases: biases.as_ref(),
        };
        let figure = self.figure(&drawn)?;
        let [better, _, worse] = self.well().critical_points();
        let rows = parabola.iter().chain(&bins).chain(&wells);
        let p_values = |points: &[Point]| {
            points
                .iter()
                .map(Point::p_value)
                .collect::<Result<Vec<f64>>>()
        };
        let mut found = Findings::of(rows)
            .claim(Claim::all_within(
                "parabola: mean square of x is τ(1 − (1 − α)^2K)/(1 − α/2) after K steps",
                parabola.iter().map(Point::distance),
                LEVEL,
                Some(self.chains),
            )?)
            .claims(self.largest_step(&parabola)?)
            .claim(Claim::no_surprise(
                &format!(
                    "double well: share of chains in each of {BINS} bins, by the exact law of \
     the chain"
                ),
                p_values(&bins)?,
                LEVEL,
            ))
            .claim(Claim::no_surprise(
                "double well: share of chains in the better well at each temperature, by the \
 exact law",
                p_values(&wells)?,
                LEVEL,
            ))
            .measure("diverged", diverged)
            .measure(
                "better_well",
                wells.iter().map(|p| p.measured.mean).collect::<Vec<f64>>(),
            )
            .measure(
                "better_well_gibbs",
                wells.iter().map(|p| p.gibbs).collect::<Vec<f64>>(),
            );
        let reason = "at this temperature the wells take too long to mix for the exact law";
        found = match &biases {
            Some(biases) => self.about_bias(found, biases, &ends, &law)?,
            None => found
                .claim(Claim::equals(
                    "the bias of E f is of first order in α: exponent",
                    1.0,
                    f64::NAN,
                    0.5,
                ))
                .against(0.0, "none")
                .not_measured_if(true, reason),
        };
        let plain = SolveSettings {
            rule: Optimiser::sgd(),
            rate: self.step,
            steps: self.steps(),
            ..SolveSettings::default()
        };
        let stays = solve(
            &self.well(),
            &Unconstrained,
            &[worse + 0.1],
            &plain,
            &mut Unseen,
        )?;
        // f'' at the minimum: the distance shrinks by 1 − αf'' or faster from this side.
        let bend = 3.0 * worse * worse - 1.0;
        let left = 0.1 * (1.0 - self.step * bend).powi(self.steps().min(1 << 30) as i32) + 1e-12;
        Ok(found
            .claim(Claim::equals(
                "plain descent from 0.1 beside the worse minimum ends in it",
                worse,
                stays.x[0],
                left,
            ))
            .against(better, "the better minimum")
            .claims(self.explores(&wells)?)
            .figure(figure))
    }
}

impl LangevinDynamics {
    /// The variance at the largest step, against the Gibbs variance.
    fn largest_step(&self, parabola: &[Point]) -> Result<Option<Claim>> {
        let Some(last) = parabola.iter().max_by(|a, b| a.step.total_cmp(&b.step)) else {
            return Ok(None);
        };
        let text = format!("α = {}: mean square of x/τ is 1/(1 − α/2)", last.step);
        let tau = last.temperature;
        let scaled = Estimate {
            mean: last.measured.mean / tau,
            se: last.measured.se / tau,
            draws: last.measured.draws,
        };
        let exact = 1.0 / (1.0 - 0.5 * last.step);
        let claim =
            Claim::mean_equals(&text, exact, scaled, (exact - last.law / tau).abs(), LEVEL)?
                .against(1.0, "the Gibbs density's")
                .may_stay_open(
                    last.step <= TELLING,
                    "so small a step is nearly without bias",
                )
                .headline();
        Ok(Some(claim))
    }

    /// The bias by quadrature, and the chains beside it.
    fn about_bias(
        &self,
        found: crate::experiment::Draft,
        biases: &Biases,
        ends: &Ends,
        law: &crate::measure::ChainLaw,
    ) -> Result<crate::experiment::Draft> {
        let steps: Vec<f64> = biases.at.iter().map(|b| b.step).collect();
        let sizes: Vec<f64> = biases.at.iter().map(|b| b.bias.abs()).collect();
        let exponent = exact_power_law(&steps, &sizes)?.exponent;
        let ratio = |at: usize| biases.at[at].bias / biases.at[at].step;
        // Second order: a quarter of the step halves once more what half of it left.
        let rest = 2.0 * (ratio(2) - ratio(1)).abs();
        let height = Estimate::of(&ends.places, |x| self.well().value(*x))?;
        let expected = biases.gibbs + self.step * biases.slope;
        // What is beyond first order, and what the time was too short for.
        let beyond = (law.density().mean_of(|x| self.well().value(x)) - expected).abs();
        Ok(found
            .claim(Claim::equals("the bias of E f is of first order in α: exponent", 1.0, exponent, 0.5))
            .against(2.0, "of second order")
            .measured_as("exponent_of_bias")
            .claim(Claim::equals(
                "the bias of E f over α is Cov(f, u) for small α, under the Gibbs density, u = f'²/(4τ) − f''/2",
                biases.slope,
                ratio(2),
                rest,
            ))
            .against(0.0, "no bias")
            .measured_as("bias_over_step")
            .claim(Claim::mean_equals(
                "chains on the double well have the Gibbs density's E f, and α·Cov(f, u): mean of f",
                expected,
                height,
                beyond,
                LEVEL,
            )?)
            .against(biases.half, "noise √α, not √(2α): half of the temperature")
            .not_measured_if(
                beyond >= 0.5 * (expected - biases.half).abs(),
                "the chains have had too little time for Gibbs' density: set more time or a higher temperature",
            )
            .headline())
    }

    /// At the temperature at which most chains come over.
    fn explores(&self, wells: &[Point]) -> Result<Option<Claim>> {
        let Some(best) = wells.iter().max_by(|a, b| a.law.total_cmp(&b.law)) else {
            return Ok(None);
        };
        let text = format!(
            "at τ = {} chains leave the worse well for the better one: share there",
            best.temperature
        );
        // By the law at least 50 of them: else there may be none.
        let few = best.law * (self.chains as f64) < 50.0;
        let claim = Claim::positive(&text, best.measured, LEVEL)?;
        Ok(Some(claim.not_measured_if(
            few,
            "it is too cold for this time: fewer than 50 chains are expected there",
        )))
    }
}
