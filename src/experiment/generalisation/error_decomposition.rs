//! The four terms of the risk: approximation, statistical, optimisation and generalisation error.

mod problem;

use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Draft, Findings, Study, once_in, row};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, largest, largest_distance, least_by};
pub use problem::ErrorDecomposition;
use problem::{Checks, Draw, Problem};

/// The chance that a statistical claim fails although theory is right.
const LEVEL: f64 = 1e-4;

row! {
    /// One student after so many steps.
    #[derive(Clone, Copy)]
    struct Point {
        /// features m of the student
        width: usize;
        /// steps t of gradient descent
        steps: usize;
        /// R(θ_t), mean over draws
        risk: Estimate, unit "label²", and risk_se "its standard error";
        /// R(θ_t) − R_n(θ_t), mean over draws
        generalisation: f64, unit "label²";
        /// R_n(θ_t) − R_n(θ*), mean over draws
        optimisation: f64, unit "label²";
        /// R_n(θ*) − R(θ*), mean over draws
        statistical: f64, unit "label²";
        /// R(θ*), noise included
        approximation: f64, unit "label²";
    }
}

impl Study for ErrorDecomposition {
    const ABOUT: About = About {
        id: "error_decomposition",
        title: "The four terms of the risk",
        what: "A teacher of random ReLU features, a student of m features trained by gradient descent from 0. The \
               risk is split into approximation, statistical, optimisation and generalisation error, each with a \
               closed form, by width and by steps.",
        slide: "Scaman, Mathematics of deep learning, \"Beyond the training samples\": \"Decomposition of the error\"; \
                after Bottou & Bousquet 2007, The tradeoffs of large scale learning",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let _single = engine::single_thread();
        let problem = Problem::new(self, seed)?;
        let times = self.times();
        let draws = context.draws("draws", self.draws, seed, |draw| {
            problem.draw(&times, draw.index)
        })?;
        let checks = problem.checks(self, seed)?;
        let point = |width: usize, (time, &steps): (usize, &usize)| {
            let student = &problem.students[width];
            let term =
                |of: fn(&problem::Terms) -> f64| over(&draws, |draw| of(&draw.terms[width][time]));
            Ok(Point {
                width: student.width,
                steps,
                risk: term(|t| t.risk)?,
                generalisation: term(|t| t.generalisation)?.mean,
                optimisation: term(|t| t.optimisation)?.mean,
                statistical: term(|t| t.statistical)?.mean,
                approximation: student.approximation,
            })
        };
        let widths = 0..problem.students.len();
        let points = widths.flat_map(|width| times.iter().enumerate().map(move |at| (width, at)));
        let points = points.map(|(width, at)| point(width, at));
        let points = points.collect::<Result<Vec<Point>>>()?;
        let nearest = points
            .iter()
            .map(|p| p.width)
            .min_by_key(|m| m.abs_diff(self.n));
        let shown = |p: &&Point| Some(p.width) == nearest;
        let by_time: Vec<Point> = points.iter().filter(shown).copied().collect();
        let best = least_by(&by_time, |p| p.risk.mean);
        let best = best.ok_or_else(|| Error::overflow("a risk on the way", f64::NAN))?;
        let end = by_time[by_time.len() - 1];
        let found = Findings::of(&points)
            .measure("shown_width", best.width)
            .measure("best_steps", best.steps)
            .measure("best_risk", best.risk.mean)
            .measure("last_risk", end.risk.mean)
            .measure("last_optimisation", end.optimisation);
        let found = self.claims(found, &problem, &draws, &checks)?;
        Ok(found.figure(self.figure(&points, &by_time)))
    }
}

fn over(draws: &[Draw], of: impl Fn(&Draw) -> f64) -> Result<Estimate> {
    Estimate::of(draws, of)
}

impl ErrorDecomposition {
    /// The numbers of steps shown: powers of 2 and the last.
    fn times(&self) -> Vec<usize> {
        let mut times: Vec<usize> = (0..usize::BITS)
            .map(|power| 1 << power)
            .take_while(|t| *t < self.steps)
            .collect();
        times.push(self.steps);
        times
    }

    fn claims(
        &self,
        found: Draft,
        problem: &Problem,
        draws: &[Draw],
        checks: &Checks,
    ) -> Result<Draft> {
        let students = &problem.students;
        let rises = students.windows(2);
        let rises = rises.map(|pair| pair[1].approximation - pair[0].approximation);
        let containing = students
            .iter()
            .rfind(|student| problem.contains_teacher(student));
        let fresh = students.iter().zip(&checks.best_fresh);
        let statistical = (0..students.len())
            .map(|width| over(draws, |draw| draw.terms[width][0].statistical))
            .collect::<Result<Vec<Estimate>>>()?;
        let found = found
            .claim(
                Claim::at_most(
                    "the four terms sum to the risk R(θ*) + ‖θ − θ*‖²_G of every iterate: largest \
                 relative distance",
                    0.0,
                    largest(draws.iter().map(|draw| draw.sum_error)),
                    1e-8,
                )
                .headline(),
            )
            .identity()
            .claim(Claim::at_most(
                "optimisation error of a descent that was run against (1 − ηλ)^2t by eigenmode: \
                 largest distance in units of R_n(0)",
                0.0,
                checks.descent_error,
                1e-9,
            ))
            .identity()
            .claim(Claim::at_most(
                "the approximation error never rises with the width: largest rise",
                0.0,
                largest(rises),
                1e-9,
            ))
            .identity()
            .claims(containing.map(|student| {
                Claim::equals(
                    "once the student contains the teacher, the approximation error is the noise σ², \
                     which no width removes",
                    self.noise,
                    student.approximation,
                    1e-8,
                )
                .headline()
                .identity()
            }))
            .claim(Claim::all_within(
                "approximation error from the normal equations against the error of θ* on fresh \
                 examples",
                fresh.map(|(student, fresh)| fresh.distance(student.approximation)),
                LEVEL,
                None,
            )?)
            .claim(Claim::all_within(
                "risk of the last iterate in closed form against fresh examples",
                checks.last_fresh.iter().map(|off| off.distance(0.0)),
                LEVEL,
                None,
            )?)
            .claim(Claim::all_within(
                "the statistical error has mean 0, since θ* does not know the sample",
                statistical.iter().map(|e| e.distance(0.0)),
                LEVEL,
                Some(draws.len()),
            )?);
        // The widest student that contains the teacher, has m < n and features that are linearly independent in every draw.
        let known = |width: &usize| {
            draws
                .iter()
                .all(|draw| draw.predicted_gap[*width].is_some())
        };
        match (0..students.len()).rfind(known) {
            Some(width) => {
                let m = students[width].width as f64;
                self.exact_means(found, draws, (width, m), statistical[width])
            }
            None => Ok(found),
        }
    }

    /// What is exact where the student contains the teacher and m < n.
    fn exact_means(
        &self,
        found: Draft,
        draws: &[Draw],
        (width, m): (usize, f64),
        statistical: Estimate,
    ) -> Result<Draft> {
        let (n, noise, count) = (self.n as f64, self.noise, draws.len() as f64);
        // Var(s²)/Var² = (2 + excess kurtosis)/draws; the kurtosis of a χ²_n is 12/n. Half of it for a root.
        let z = largest_distance(1, LEVEL, None)?;
        let share = z * ((2.0 + 12.0 / n) / count).sqrt() / 2.0;
        let limit = over(draws, |draw| draw.limit[width].optimisation)?;
        let gap = |draw: &Draw| draw.limit[width].generalisation;
        let predicted = |draw: &Draw| draw.predicted_gap[width].unwrap_or(f64::NAN);
        let off = over(draws, |draw| gap(draw) - predicted(draw))?;
        Ok(found
            .claim(Claim::equals_within(
                &format!(
                    "where the student contains the teacher, the statistical error has the standard \
                     deviation σ²√(2/n); within {z:.1} s.e. ({})",
                    once_in(LEVEL)
                ),
                noise * (2.0 / n).sqrt(),
                statistical.se * count.sqrt(),
                share,
            ))
            .against(0.0, "no spread")
            .claim(Claim::mean_equals(
                &format!(
                    "the optimisation error does not end at 0 but at −σ²m/n in the mean (m = {m}, \
                     t → ∞): θ* does not minimise R_n"
                ),
                -noise * m / n,
                limit,
                0.0,
                LEVEL,
            )?.headline())
            .against(0.0, "an end at 0")
            .claim(Claim::mean_equals(
                &format!(
                    "the generalisation error ends at σ² tr(G(ΦᵀΦ)⁻¹) + σ²m/n in the mean over the \
                     noise (m = {m}, t → ∞)"
                ),
                over(draws, predicted)?.mean,
                Estimate {
                    mean: over(draws, gap)?.mean,
                    ..off
                },
                0.0,
                LEVEL,
            )?)
            .against(0.0, "an end at 0"))
    }

    fn figure(&self, points: &[Point], by_time: &[Point]) -> Figure {
        let end = || points.iter().filter(|p| p.steps == self.steps);
        let mut by_width = Panel::new("features m of the student", "error (label²)")
            .title(&format!("after {} steps", self.steps))
            .log_x();
        let mut along = Panel::new("steps of gradient descent t", "error (label²)")
            .title(&format!("m = {} features", by_time[0].width))
            .log_x();
        for (name, of, color) in SHOWN {
            by_width = by_width
                .line_of(name, end(), |p| p.width as f64, of)
                .color(color);
            along = along
                .line_of(name, by_time, |p| p.steps as f64, of)
                .color(color);
        }
        Figure::new("The four terms of the risk")
            .panel(
                by_width
                    .horizontal(0.0, "")
                    .vertical(self.n as f64, "m = n"),
            )
            .panel(along.horizontal(0.0, ""))
            .shared_legend()
            .caption(&format!(
                "Means over {} training sets of n = {}. The optimisation error may be negative: \
                 the descent fits its sample better than the best of the population does.",
                self.draws, self.n
            ))
    }
}

/// A term's name, its number and its colour.
type Shown = (&'static str, fn(&Point) -> f64, usize);

const SHOWN: [Shown; 5] = [
    ("risk, their sum", |p| p.risk.mean, 6),
    ("generalisation", |p| p.generalisation, 1),
    ("optimisation", |p| p.optimisation, 0),
    ("statistical", |p| p.statistical, 3),
    ("approximation", |p| p.approximation, 2),
];
