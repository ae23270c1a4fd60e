//! Numbers and claims of `pl_condition`.

use super::run::Run;
use super::settings::{PlCondition, Point};
use crate::error::Result;
use crate::experiment::{Claim, Draft, Findings};
use crate::measure::conditioning::{
    expected_two_layer_hessian_norm, two_layer_hessian_norm_deviation,
};
use crate::stats::{Estimate, exact_power_law, larger, largest, least, mean, power_law};

/// The chance that one claim fails although theory is right.
pub(super) const LEVEL: f64 = 1e-4;

/// Rounding of identities whose terms are of order 1, at losses down to 10⁻⁸ of the first.
const ROUNDING: f64 = 1e-8;

/// All that was measured.
pub(super) struct Measured {
    /// The runs: by what is behind the output, by width, by draw.
    pub runs: Vec<Vec<Vec<Run>>>,
    /// ‖∇²f‖ at the start, by width and start.
    pub hessians: Vec<Vec<f64>>,
    /// L/L_0 of SGD and its bound, by draw; none where the identity was not asked for.
    pub sgd: Vec<[f64; 2]>,
}

impl Measured {
    pub(super) fn points(&self, settings: &PlCondition) -> Result<Vec<Point>> {
        let mut points = Vec::new();
        for (&outer, runs) in settings.outer.iter().zip(&self.runs) {
            for (at, &width) in settings.widths.iter().enumerate() {
                let runs = &runs[at];
                let of = |of: &dyn Fn(&Run) -> f64| Estimate::of(runs, of);
                let constants = runs
                    .iter()
                    .map(Run::constants)
                    .collect::<Result<Vec<_>>>()?;
                let bounds = runs.iter().zip(&constants).map(|(run, c)| {
                    Ok([
                        c.radius(run.first_loss())?,
                        c.path_length(run.first_loss())?,
                    ])
                });
                let bounds = bounds.collect::<Result<Vec<_>>>()?;
                points.push(Point {
                    outer,
                    width,
                    hessian: match outer {
                        "phi" => of(&|run| run.hessian[0])?,
                        _ => Estimate::from_values(&self.hessians[at])?,
                    },
                    hessian_exact: match outer {
                        "phi" => of(&|run| run.hessian[1])?.mean,
                        _ => expected_two_layer_hessian_norm(width, 1.0)?,
                    },
                    mu: mean(constants.iter().map(|c| c.mu)),
                    beta: mean(constants.iter().map(|c| c.beta)),
                    kernel_change: of(&|run| run.kernel_change)?,
                    steps: match runs.iter().all(|run| run.reached) {
                        true => Some(of(&|run| run.steps as f64)?.mean),
                        false => None,
                    },
                    distance: of(&Run::distance)?.mean,
                    radius: mean(bounds.iter().map(|b| b[0])),
                    path: mean(bounds.iter().map(|b| b[1])),
                });
            }
        }
        Ok(points)
    }

    fn all(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().flatten().flatten()
    }

    pub(super) fn findings(&self, settings: &PlCondition, points: &[Point]) -> Result<Draft> {
        let seen = || self.all().flat_map(|run| &run.seen);
        let mut found = Findings::of(points)
            .claim(Claim::at_least(
                "½‖∇L‖² ≥ λ_min(K) L at every step looked at; least ½‖∇L‖²/(L λ_min)",
                1.0,
                least(seen().map(|s| s.pl / s.least)),
                ROUNDING,
            ))
            .identity()
            .measured_as("least_pl_ratio");
        found = self.path_claims(found)?;
        for (at, &outer) in settings.outer.iter().enumerate() {
            found = match outer {
                "phi" => self.with_phi(found, settings, at)?,
                _ => self.without(found, settings, at)?,
            };
        }
        Ok(found)
    }

    /// The rate and the balls, of runs whose step is small enough all along.
    fn path_claims(&self, found: Draft) -> Result<Draft> {
        let (mut factor, mut ball, mut path, mut steps, mut small) = (0.0, 0.0, 0.0, 0.0, 0);
        for run in self.all() {
            let constants = run.constants()?;
            steps = larger(steps, run.rate * constants.beta);
            if run.rate * constants.beta > 1.0 + 1e-12 {
                continue;
            }
            small += 1;
            let later = run.seen.iter().skip(1);
            let shrunk = later.map(|s| (s.loss / run.first_loss()).powf(1.0 / s.step as f64));
            factor = larger(factor, largest(shrunk) / (1.0 - run.rate * constants.mu));
            ball = larger(ball, run.distance() / constants.radius(run.first_loss())?);
            path = larger(
                path,
                run.distance() / constants.path_length(run.first_loss())?,
            );
        }
        let (large, why) = (
            small == 0,
            "on every path a curvature is above 1/η: set a smaller share",
        );
        let share = small as f64 / self.all().count() as f64;
        let found = found.measure("share_of_runs_below_one_over_beta", share);
        Ok(found
            .measure("largest_eta_beta", steps)
            .claim(Claim::at_most(
                "where η ≤ 1/β all along: L_t ≤ (1 − ημ)^t L_0 with μ = min λ_min(K) on the path; largest L_t/L_0 to the power 1/t, over 1 − ημ",
                1.0,
                factor,
                1e-12,
            ).headline())
            .bound()
            .measured_as("factor_over_bound")
            .not_measured_if(large, why)
            .claim(Claim::at_most(
                "where η ≤ 1/β all along: no run leaves the ball of radius R = 2√(2βL_0)/μ; largest distance over R",
                1.0,
                ball,
                0.0,
            ))
            .bound()
            .measured_as("distance_over_radius")
            .not_measured_if(large, why)
            .claim(Claim::at_most(
                "where η ≤ 1/β all along: no run leaves the smaller ball of radius 2√(2L_0/μ) = R/√κ; largest distance over that",
                1.0,
                path,
                0.0,
            ))
            .bound()
            .measured_as("distance_over_path")
            .not_measured_if(large, why))
    }

    /// The Hessian of f, the stillness of the kernel, and SGD.
    fn without(&self, found: Draft, settings: &PlCondition, at: usize) -> Result<Draft> {
        let m: Vec<f64> = settings.widths.iter().map(|&m| m as f64).collect();
        let norms = self.hessians.iter().map(|h| Estimate::from_values(h));
        let norms = norms.collect::<Result<Vec<_>>>()?;
        let exact = settings
            .widths
            .iter()
            .map(|&w| expected_two_layer_hessian_norm(w, 1.0));
        let exact = exact.collect::<Result<Vec<f64>>>()?;
        let deviations = settings
            .widths
            .iter()
            .map(|&w| two_layer_hessian_norm_deviation(w, 1.0));
        let deviations = deviations.collect::<Result<Vec<f64>>>()?;
        let root = (settings.starts as f64).sqrt();
        let distances = norms
            .iter()
            .zip(exact.iter().zip(&deviations))
            .map(|(norm, (exact, deviation))| root * (norm.mean - exact).abs() / deviation);
        let law = exact_power_law(&m, &exact)?.exponent;
        // |A| ≤ 0.77 |v| and B ≤ 1 at length 1; E max|v| ≤ √(2 ln 2m).
        let bounds = m
            .iter()
            .map(|m| (0.77 * (2.0 * (2.0 * m).ln()).sqrt() + 1.0) / m.sqrt());
        let share = norms
            .iter()
            .zip(bounds)
            .map(|(norm, bound)| norm.mean / bound);
        let excess = self.runs[at]
            .iter()
            .flatten()
            .map(|run| run.hessian[0] / run.hessian[2]);
        let sgd = Estimate::of(&self.sgd, |s| s[0] / s[1])?;
        Ok(found
            .claim(Claim::all_within(
                "the mean of ‖∇²f‖ at the start is that of the largest of m independent blocks",
                distances,
                LEVEL,
                None,
            )?)
            .claim(Claim::mean_equals(
                "exponent of ‖∇²f‖ by width: −½ and what √(log m) adds, by the exact means",
                law,
                power_law(&m, &norms)?.slope(),
                0.0,
                LEVEL,
            )?.against(0.0, "no fall").headline())
            .measured_as("hessian_slope")
            .measure("hessian_slope_exact", law)
            .claim(Claim::at_most(
                "‖∇²f‖ ≤ (0.77 √(2 ln 2m) + 1)/√m in the mean, at every width; largest part of that",
                1.0,
                largest(share),
                0.0,
            ))
            .bound()
            .claim(Claim::at_most(
                "power iteration on exact Hessian–vector products finds no larger norm than the closed form; largest ratio",
                1.0,
                largest(excess),
                ROUNDING,
            ))
            .identity()
            .claim(Claim::at_most(
                "without φ the kernel comes to rest: exponent by width of ‖K(end) − K(0)‖/‖K(0)‖ is nearer to −½ than to 0, or below −½",
                -0.25,
                self.change_slope(at, &m)?.mean,
                0.0,
            ).against(0.0, "a kernel that moves as much at every width"))
            .bound()
            .measured_as("kernel_change_slope")
            .claim(Claim::at_most(
                "SGD, one example a step at η = μ/(nβb), smallest width: mean of L/L_0 over (1 − ημ)^steps",
                1.0,
                sgd.mean,
                0.0,
            ))
            .bound()
            .measured_as("sgd_over_bound"))
    }

    /// φ keeps the Hessian of order 1 and moves the kernel; the PL condition stays.
    fn with_phi(&self, found: Draft, settings: &PlCondition, at: usize) -> Result<Draft> {
        let m: Vec<f64> = settings.widths.iter().map(|&m| m as f64).collect();
        let wide = &self.runs[at][settings.widths.len() - 1];
        let over = |k: usize| mean(wide.iter().map(|run| run.hessian[k]));
        let ratio = self.runs[at].iter().flatten().flat_map(|run| &run.seen);
        let ratio = ratio.map(|s| s.least / (0.25 * s.inner_least));
        let falls =
            expected_two_layer_hessian_norm(settings.widths[settings.widths.len() - 1], 1.0)?;
        Ok(found
            .claim(Claim::equals(
                "with φ, largest width: ‖∇²F‖ is |φ''(f)|·‖∇f‖² up to |φ'|·‖∇²f‖, mean over draws",
                over(1),
                over(0),
                over(2),
            ).against(falls, "a norm that falls as without φ").headline())
            .not_measured_if(over(2) > 0.5 * over(1), "at this width the part that falls is as large as the part that stays: set a larger one")
            .measured_as("hessian_with_phi")
            .claim(Claim::at_least(
                "with φ: λ_min(K) ≥ ρ² λ_min of f's own kernel at every step looked at, ρ = ½; least ratio",
                1.0,
                least(ratio),
                ROUNDING,
            ))
            .bound()
            .measured_as("phi_kernel_over_bound")
            .claim(Claim::equals(
                "with φ no width is linear: exponent by width of ‖K(end) − K(0)‖/‖K(0)‖, mean over draws, nearer to 0 than to −½",
                0.0,
                self.change_slope(at, &m)?.mean,
                0.25,
            ).against(-0.5, "a kernel that comes to rest"))
            .measured_as("phi_kernel_change_slope"))
    }

    fn change_slope(&self, at: usize, m: &[f64]) -> Result<Estimate> {
        let runs = &self.runs[at];
        let exponents = (0..runs[0].len()).map(|draw| {
            let changes: Vec<f64> = runs.iter().map(|r| r[draw].kernel_change).collect();
            Ok(exact_power_law(m, &changes)?.exponent)
        });
        Estimate::from_values(&exponents.collect::<Result<Vec<f64>>>()?)
    }
}
