//! Players who mix: matrix games by mirror descent and by linear programming, and a trap that only populations leave.

mod figure;
mod hill;
mod matrices;
mod settings;

use figure::Drawn;
use hill::{ENDED, Path, Run};
use matrices::{Course, Random, hill_on_a_grid};
pub use settings::MixedNash;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study, row};
use crate::game::arena::Hill;
use crate::game::mixed::{EntropicEquilibrium, entropic_equilibrium};
use crate::stats::{Estimate, larger, largest, least};

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

row! {
    /// A number, and what theory says of it.
    struct Point {
        /// average, last: the duality gap of mirror descent on stone–paper–scissors after so many steps; random: of its averages on a random game, at the end; gap, theta_square: of populations on the hill
        what: &'static str;
        /// rows and columns; 0: the hill
        size: usize;
        /// number of the game or of the pair of populations
        index: usize;
        /// steps taken
        steps: usize;
        /// temperature τ; 0: none
        temperature: f64;
        /// measured
        measured: f64;
        /// bound of mirror descent's averages, NaN for a last iterate; of populations, the same of the entropic equilibrium
        theory: f64;
    }
}

impl Study for MixedNash {
    const ABOUT: About = About {
        id: "mixed_nash",
        title: "Mixed strategies: averages converge, and populations leave a trap",
        what: "Plays random matrix games and stone–paper–scissors with unequal stakes by entropic mirror descent of both players, \
               beside the value by linear programming, which proves itself: averages come within a proven bound, the last iterate \
               moves away. On −ω²θ² + ωθ, θ minimising and ω maximising in [−2, 2]², descent–ascent ends on the curve ωθ = ½, where either \
               player could gain by moving; so does extragradient unless it begins near 0. Langevin dynamics of two populations \
               from the same place comes to rest near the entropic equilibrium, whose law is found by quadrature.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"An alternative proposal: From pure to mixed Nash equilibrium (NE)\", \
                \"Escaping traps with the mixed-NE concept\"; after Hsieh, Liu & Cevher 2019, arXiv:1811.02002, and Kamalaruban \
                et al. 2020, arXiv:2002.06063",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let random = self.random_games(seed, context)?;
        let course = self.stone_paper_scissors()?;
        let paths = self.paths()?;
        let runs = self.runs(seed, context)?;
        let rests = self
            .temperatures()
            .map(|tau| entropic_equilibrium(&Hill, tau));
        let rests: Vec<EntropicEquilibrium<2>> = rests.into_iter().collect::<Result<_>>()?;
        let drawn = Drawn {
            title: Self::ABOUT.title,
            course: &course,
            random: &random,
            paths: &paths,
            runs: &runs,
            rests: &rests,
        };
        let figure = self.figure(&drawn)?;
        let found = Findings::of(self.rows(&drawn));
        let found = self.about_matrices(found, &random, &course)?;
        let found = about_the_trap(found, &paths);
        let found = self.about_populations(found, &paths, &runs[0], &rests[0])?;
        Ok(found
            .motion(self.moving(&paths, &runs[0][0]))
            .figure(figure))
    }
}

impl MixedNash {
    fn about_matrices(
        &self,
        found: crate::experiment::Draft,
        random: &[Random],
        course: &Course,
    ) -> Result<crate::experiment::Draft> {
        let share = |r: &Random| (r.upper - r.lower) / r.bound;
        // Above 0 where the value is outside of what the averages guarantee.
        let outside =
            |r: &Random| larger(r.lower - r.solved.value, r.solved.value - r.upper) / r.range;
        let grid = hill_on_a_grid()?;
        let divergence = &course.divergence;
        let steps = divergence.windows(2).map(|pair| pair[1] - pair[0]);
        let last = course.seen[course.seen.len() - 1];
        Ok(found
            .claim(
                Claim::at_most(
                    "mirror descent's averages: duality gap over its bound, (max A − min A)√((ln m + ln n)/K); the largest of all games",
                    1.0,
                    largest(random.iter().map(share)),
                    0.0,
                )
                .headline(),
            )
            .bound()
            .measured_as("largest_share_of_bound")
            .claim(Claim::at_most(
                "the value by linear programming is between what the averages guarantee: how far outside, in ranges of A",
                0.0,
                largest(random.iter().map(outside)),
                1e-9,
            ))
            .identity()
            .claim(Claim::at_most(
                "the linear program proves its value: the largest duality gap of its strategies, in ranges of A",
                0.0,
                largest(random.iter().map(|r| r.solved.proof.gap() / r.range)),
                1e-9,
            ))
            .identity()
            .claim(Claim::at_least(
                "stone–paper–scissors: the divergence from the equilibrium to the last iterate never falls: least change in a step",
                0.0,
                least(steps),
                1e-12,
            ))
            .bound()
            .claim(Claim::greater_than(
                "stone–paper–scissors: at the end that divergence is above what it was at the start, as a multiple of it",
                1.0,
                divergence[self.steps] / divergence[0],
                0.0,
            ))
            .measured_as("divergence_grows_by")
            .claim(Claim::greater_than(
                "stone–paper–scissors: in the second half no iterate has as small a duality gap as the averages: the least",
                last.average,
                course.least_gap,
                0.0,
            ))
            .not_measured_if(self.steps < 1000, "so few steps leave the averages a gap of their own")
            .measured_as("least_gap_of_iterates")
            .measure("gap_of_averages", last.average)
            .claim(Claim::equals(
                "the hill on a grid of 21 × 21 points is a matrix game: its value by linear programming",
                0.0,
                grid.value,
                1e-9,
            ))
            .against(0.25, "what ω gets where gradient methods end")
            .measured_as("hill_value"))
    }

    fn about_populations(
        &self,
        found: crate::experiment::Draft,
        paths: &[Path],
        runs: &[Run],
        rest: &EntropicEquilibrium<2>,
    ) -> Result<crate::experiment::Draft> {
        let cold = !self.forgets();
        let tau = self.temperature;
        let m = rest.f[0];
        // Steps make Var ω larger by 1/(1 − αm), the common part of N points by 1/(2Nτ) of it; E θ² changes by less than in proportion.
        let slack = m * (self.step * m + 0.5 / (self.particles as f64 * tau));
        let squares = Estimate::of(runs, |run| run.f[0])?;
        let variance = Estimate::of(runs, |run| -run.g[0] - run.g[1] * run.g[1])?;
        let ratio = Estimate::of(runs, |run| run.variance_ratio)?;
        Ok(found
            .claim(
                Claim::mean_equals(
                    "populations: variance of ω over that of v ← (1 − 2αE θ²)²v + 2ατ, whose rest is τ/(2E θ²(1 − αE θ²))",
                    1.0,
                    ratio,
                    0.0,
                    LEVEL,
                )?
                .headline(),
            )
            .against(0.5, "noise √(ατ), not √(2ατ)")
            .measure("omega_variance", variance.mean)
            .measure("omega_variance_at_rest", tau / (2.0 * m * (1.0 - self.step * m)))
            .claim(Claim::mean_equals(
                "populations at rest: E θ² is that of the entropic equilibrium, where θ has the density ∝ e^(θ²E ω²/τ)",
                m,
                squares,
                slack,
                LEVEL,
            )?)
            .against(4.0 / 3.0, "θ uniform, as if it did not feel ω")
            .not_measured_if(cold, Self::COLD)
            .measured_as("theta_square")
            .claim(
                Claim::less_than(
                    "populations from (1.8, 1.8) do not stay in the trap: the largest duality gap of their laws, below that of GDA's end",
                    paths[0].gap(),
                    largest(runs.iter().map(Run::gap)),
                    0.0,
                )
                .headline(),
            )
            .not_measured_if(cold, Self::COLD)
            .measured_as("largest_population_gap")
            .measure("population_gap", Estimate::of(runs, Run::gap)?.mean)
            .measure("entropic_gap", rest.bracket.gap()))
    }

    fn rows(&self, drawn: &Drawn<'_>) -> Vec<Point> {
        let mut rows = Vec::new();
        let none = |what, size, index, measured, theory| Point {
            what,
            size,
            index,
            steps: self.steps,
            temperature: 0.0,
            measured,
            theory,
        };
        for seen in &drawn.course.seen {
            let steps = seen.steps;
            let average = none("average", 3, 0, seen.average, seen.bound);
            let last = none("last", 3, 0, seen.last, f64::NAN);
            rows.extend([average, last].map(|row| Point { steps, ..row }));
        }
        let random = drawn.random.iter();
        rows.extend(random.map(|r| none("random", r.size, r.index, r.upper - r.lower, r.bound)));
        let temperatures = self.temperatures();
        for ((runs, rest), temperature) in drawn.runs.iter().zip(drawn.rests).zip(temperatures) {
            for (index, run) in runs.iter().enumerate() {
                let gap = none("gap", 0, index, run.gap(), rest.bracket.gap());
                let square = none("theta_square", 0, index, run.f[0], rest.f[0]);
                rows.extend([gap, square].map(|row| Point {
                    steps: self.population_steps(),
                    temperature,
                    ..row
                }));
            }
        }
        rows
    }
}

/// Where GDA and EG end.
fn about_the_trap(mut found: crate::experiment::Draft, paths: &[Path]) -> crate::experiment::Draft {
    for path in paths {
        let ([x, y], [theta, omega]) = (path.start, path.end);
        // EG turns inwards as long as its circle does not meet the curve, which is where it has a radius of 1.
        let inwards = path.method == "EG" && x.hypot(y) < 1.0;
        found = match inwards {
            true => found
                .claim(Claim::equals(
                    &format!(
                        "{} from ({x}, {y}) ends at 0, the pure equilibrium: distance",
                        path.method
                    ),
                    0.0,
                    theta.hypot(omega),
                    2.0 * ENDED,
                ))
                .against(1.0, "the nearest point of the curve"),
            // ‖V‖ = r|1 − 2ωθ|, and r ≥ ½ there.
            false => found
                .claim(Claim::equals(
                    &format!(
                        "{} from ({x}, {y}) ends on the curve ωθ = ½, where no equilibrium is: ωθ",
                        path.method
                    ),
                    0.5,
                    theta * omega,
                    ENDED,
                ))
                .against(0.0, "at the pure equilibrium"),
        };
    }
    found
        .measure("trapped_theta", paths[0].end[0])
        .measure("trapped_omega", paths[0].end[1])
        .measure("trapped_gap", paths[0].gap())
}
