//! Gradient descent on the first layer of a wide ReLU network: at which rate it reaches zero, and at which it must.

mod figure;
mod run;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{Estimate, PowerLaw, exact_power_law, larger, largest, least};
pub use run::TwoLayerConvergence;
use run::{Drawn, Point, Problem, Run, late_ratio};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-4;

/// How far a mean exponent may be from −½: nearer to it than to 0.
const NEARER: f64 = 0.25;

impl Study for TwoLayerConvergence {
    const ABOUT: About = About {
        id: "two_layer_convergence",
        title: "Gradient descent fits a wide two-layer network, and how fast",
        what: "Trains the first layer of f(x) = (1/√m) Σ a_r max(w_r·x, 0), a_r = ±1, on n inputs of length 1 with random \
               targets, by gradient descent on ½‖u − y‖². Where the width is large the kernel H stays near H∞, whose \
               smallest eigenvalue λ_0 is known in closed form. The loss then ends at the ratio (1 − ηλ_0)² a step: \
               faster than the theorem's 1 − ηλ_0/2, and slower than the 1 − η of the slide, which no such data allow.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"GD finds global minimizers of overparametrized \
                networks\"; CMSC 828W: \"Other papers\"; after Du, Zhai, Póczos & Singh 2019, arXiv:1810.02054, Theorem 4.1",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let drawn = self.drawn(seed, context)?;
        let points = drawn.points(&self.width)?;
        self.findings(&drawn, &points)
    }
}

/// ln(ratio) in parts of 2 ln(1 − ηλ_0): 1 for the slowest direction of H∞.
fn speed(ratio: f64, problem: &Problem) -> f64 {
    ratio.ln() / (2.0 * (-problem.rate * problem.least).ln_1p())
}

impl TwoLayerConvergence {
    fn findings(&self, drawn: &Drawn, points: &[Point]) -> Result<Findings> {
        let pairs = |at: usize| drawn.runs[at].iter().zip(&drawn.problems);
        let wide = self.width.len() - 1;
        let of = |of: &dyn Fn(&Run, &Problem) -> f64| Estimate::of(pairs(wide), |(r, p)| of(r, p));
        let late = drawn.runs[wide].iter().all(|r| r.late);
        let too_few = "the runs are too short for the slowest direction: set more steps";
        let speeds = of(&|r, p| speed(late_ratio(&r.losses), p))?;
        // What the kernel's distance from H∞ can do to λ_min, by Weyl, and directions that are not yet gone.
        let slack = of(&|r, p| {
            let at = |shift: f64| speed((1.0 - p.rate * (p.least + shift)).powi(2), p) - 1.0;
            let moved = larger(at(r.kernel_moved).abs(), at(-r.kernel_moved).abs());
            moved + (speed(late_ratio(&r.linear), p) - 1.0).abs()
        })?;
        let bound = of(&|_, p| speed(1.0 - p.rate * p.least / 2.0, p))?.mean;
        let below = |r: &Run, p: &Problem| r.least[1] < p.least / 2.0;
        let ready = || pairs(wide).filter(|(r, p)| !below(r, p));
        let excess = ready().map(|(r, p)| worst_factor(r) / (1.0 - p.rate * p.least / 2.0));
        let ready_share = ready().count() as f64 / self.draws as f64;
        let premise = ready_share > 0.0;
        let distances = drawn
            .errors
            .iter()
            .map(|errors| Ok(Estimate::from_values(errors)?.distance(1.0)));
        let moved = self.moved_slope(drawn)?;
        let rates = pairs(wide).map(|(r, p)| late_ratio(&r.losses) - (1.0 - p.rate));
        let theorem = Estimate::of(&drawn.problems, |p| {
            6.0 * (self.n as f64).log10() - 4.0 * p.least.log10()
        })?;
        Ok(Findings::of(points)
            .measure("lambda_0", Estimate::of(&drawn.problems, |p| p.least)?.mean)
            .measure("learning_rate", Estimate::of(&drawn.problems, |p| p.rate)?.mean)
            .measure("log10_of_the_theorems_width", theorem.mean)
            .measure("share_of_draws_above_half_lambda_0", ready_share)
            .measure("late_ratio", of(&|r, _| late_ratio(&r.losses))?.mean)
            .measure("late_ratio_exact", points[wide].slowest)
            .measure("late_ratio_bound", points[wide].bound)
            .measure("late_ratio_printed", points[wide].printed)
            .claim(Claim::all_within(
                "the kernel at the start: mean of m‖H(0) − H∞‖²_F over the variance of one unit is 1 at every width",
                distances.collect::<Result<Vec<f64>>>()?,
                LEVEL,
                Some(self.kernels),
            )?)
            .claim(Claim::equals(
                "largest width, late: the logarithm of the loss's ratio from step to step, over 2 ln(1 − ηλ_0), mean over draws; \
                 the tolerance is what ‖H − H∞‖ can do, and what is left of faster directions",
                1.0,
                speeds.mean,
                slack.mean,
            ).against(bound, "the theorem's 1 − ηλ_0/2").headline())
            .measured_as("late_speed")
            .not_measured_if(!late, too_few)
            .claim(Claim::greater_than(
                "largest width: no run ends as fast as the slide's 1 − η; least late ratio less that",
                0.0,
                least(rates),
                0.0,
            ).headline())
            .measured_as("late_ratio_less_printed")
            .not_measured_if(!late, too_few)
            .claim(Claim::at_most(
                "inputs of length 1 forbid it: λ_0 ≤ tr H∞/n = 1/2, so (1 − ηλ_0)² > 1 − η; largest λ_0",
                0.5,
                largest(drawn.problems.iter().map(|p| p.least)),
                1e-12,
            ))
            .identity()
            .claim(Claim::at_most(
                "largest width, draws whose λ_min stays above λ_0/2: L_k ≤ (1 − ηλ_0/2)^k L_0 at every step; largest L_k/L_0 to the power 1/k, over 1 − ηλ_0/2",
                1.0,
                largest(excess),
                0.0,
            ))
            .bound()
            .measured_as("worst_factor_over_bound")
            .not_measured_if(!premise, "on every path some kernel has λ_min below λ_0/2: the width is too small for the theorem")
            .claim(Claim::equals(
                "wider is lazier: exponent by width of the largest distance of a unit from its start, mean over draws",
                -0.5,
                moved.mean,
                NEARER,
            ).against(0.0, "units that move as far at every width"))
            .measured_as("moved_slope")
            .not_measured_if(!premise, "on every path some kernel has λ_min below λ_0/2: the width is too small for the theorem")
            .claim(Claim::at_most(
                "largest width, draws whose λ_min stays above λ_0/2: no unit moves further than 4√n‖y − u(0)‖/(√m λ_0); largest part of that",
                1.0,
                largest(ready().map(|(r, _)| r.moved / r.moved_bound)),
                0.0,
            ))
            .bound()
            .measured_as("moved_over_bound")
            .not_measured_if(!premise, "on every path some kernel has λ_min below λ_0/2: the width is too small for the theorem")
            .figure(self.figure(Self::ABOUT.title, drawn, points)))
    }

    /// The exponent of the largest distance of a unit by width, over draws.
    fn moved_slope(&self, drawn: &Drawn) -> Result<Estimate> {
        let m: Vec<f64> = self.width.iter().map(|&m| m as f64).collect();
        let exponents = (0..self.draws).map(|draw| {
            let moved: Vec<f64> = drawn.runs.iter().map(|runs| runs[draw].moved).collect();
            exact_power_law(&m, &moved).map(|law: PowerLaw| law.exponent)
        });
        Estimate::from_values(&exponents.collect::<Result<Vec<f64>>>()?)
    }
}

/// The largest (L_k/L_0)^(1/k) over all steps.
fn worst_factor(run: &Run) -> f64 {
    let steps = run.losses.iter().enumerate().skip(1);
    let factors = steps.map(|(k, l)| (l / run.losses[0]).powf(1.0 / k as f64));
    largest(factors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_routes_to_the_kernels_agree() {
        let small = TwoLayerConvergence {
            n: 5,
            dim: 5,
            width: vec![64, 1024],
            draws: 4,
            kernels: 400,
            ..TwoLayerConvergence::default()
        };
        let drawn = small.drawn(1, &Context::default()).expect("valid");
        // Moments of the error at the start, by the variance of one unit.
        for errors in &drawn.errors {
            assert!(Estimate::from_values(errors).expect("many").distance(1.0) < 5.0);
        }
        let run = &drawn.runs[1][0];
        assert!((run.linear[0] / run.losses[0] - 1.0).abs() < 1e-12);
        assert!((drawn.problems[0].limit.diag().sum() - 2.5).abs() < 1e-12);
    }
}
