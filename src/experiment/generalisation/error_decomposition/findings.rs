//! The table, the claims and the picture of a decomposition.

use super::problem::{Checks, Draw, Problem};
use super::{ErrorDecomposition, Terms};
use crate::error::Result;
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, largest, largest_distance};

/// The chance that a statistical claim fails although theory is right.
const LEVEL: f64 = 0.001;

/// Everything a run computed.
pub(super) struct Results<'a> {
    pub settings: &'a ErrorDecomposition,
    pub problem: &'a Problem,
    pub times: Vec<usize>,
    pub draws: Vec<Draw>,
    pub checks: Checks,
}

impl Results<'_> {
    fn over_draws(&self, of: impl Fn(&Draw) -> f64) -> Result<Estimate> {
        Estimate::from_values(&self.draws.iter().map(of).collect::<Vec<f64>>())
    }

    /// The mean of a term by width and steps.
    fn term(&self, width: usize, time: usize, of: fn(&Terms) -> f64) -> Result<Estimate> {
        self.over_draws(|draw| of(&draw.terms[width][time]))
    }

    /// The widest student that contains the teacher, has m < n and features that are linearly independent in every draw.
    fn well_specified(&self) -> Option<usize> {
        let all = |width: &usize| {
            let mut draws = self.draws.iter();
            draws.all(|draw| draw.predicted_gap[*width].is_some())
        };
        (0..self.problem.students.len()).rfind(all)
    }

    /// The student whose width is nearest to n.
    fn nearest_to_n(&self) -> usize {
        let students = self.problem.students.iter().enumerate();
        let nearest = students.min_by_key(|(_, s)| s.width.abs_diff(self.settings.n));
        nearest.map_or(0, |(index, _)| index)
    }
}

pub(super) fn findings(results: &Results<'_>) -> Result<Findings> {
    Ok(Findings {
        measured: measured(results)?,
        claims: claims(results)?,
        table: table(results)?,
        figure: figure(results)?,
    })
}

fn measured(results: &Results<'_>) -> Result<Measured> {
    let mut measured = Measured::default();
    let shown = results.nearest_to_n();
    let by_time = (0..results.times.len())
        .map(|time| Ok(results.term(shown, time, |t| t.risk)?.mean))
        .collect::<Result<Vec<f64>>>()?;
    let least = by_time.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
    if let Some((time, risk)) = least {
        measured.insert("shown_width", results.problem.students[shown].width);
        measured.insert("best_steps", results.times[time]);
        measured.insert("best_risk", *risk);
    }
    let end = results.times.len() - 1;
    measured.insert("last_risk", results.term(shown, end, |t| t.risk)?.mean);
    let optimisation = results.term(shown, end, |t| t.optimisation)?.mean;
    measured.insert("last_optimisation", optimisation);
    Ok(measured)
}

fn claims(results: &Results<'_>) -> Result<Claims> {
    let mut claims = Claims::default();
    let (students, noise) = (&results.problem.students, results.settings.noise);
    let draws = results.draws.len();
    let sum_error = largest(results.draws.iter().map(|d| d.sum_error));
    claims.push(Claim::at_most(
        "the four terms sum to the risk L(θ*) + ‖θ − θ*‖²_G of every iterate: largest relative distance",
        0.0,
        sum_error,
        1e-8,
    ).identity());
    claims.push(Claim::at_most(
        "optimisation error of a descent that was run against (1 − ηλ)^2t by eigenmode: largest distance in units of L_n(0)",
        0.0,
        results.checks.descent_error,
        1e-9,
    ).identity());
    let rises = students
        .windows(2)
        .map(|pair| pair[1].approximation - pair[0].approximation);
    claims.push(
        Claim::at_most(
            "the approximation error never rises with the width: largest rise",
            0.0,
            largest(rises),
            1e-9,
        )
        .identity(),
    );
    let containing = students
        .iter()
        .rfind(|student| results.problem.contains_teacher(student));
    if let Some(student) = containing {
        claims.push(
            Claim::equals(
                "once the student contains the teacher it is the noise σ², which no width removes",
                noise,
                student.approximation,
                1e-8,
            )
            .identity(),
        );
    }
    let far = students.iter().zip(&results.checks.best_fresh);
    claims.push(Claim::all_within(
        "approximation error from the normal equations against the error of θ* on fresh examples",
        far.map(|(student, fresh)| fresh.distance(student.approximation)),
        LEVEL,
        None,
    )?);
    let far = results.checks.last_fresh.iter();
    claims.push(Claim::all_within(
        "risk of the last iterate in closed form against fresh examples",
        far.map(|off| off.distance(0.0)),
        LEVEL,
        None,
    )?);
    let statistical = (0..students.len())
        .map(|width| results.term(width, 0, |t| t.statistical))
        .collect::<Result<Vec<Estimate>>>()?;
    claims.push(Claim::all_within(
        "the statistical error has mean 0, since θ* does not know the sample",
        statistical.iter().map(|e| e.distance(0.0)),
        LEVEL,
        Some(draws),
    )?);
    if let Some(width) = results.well_specified() {
        exact_means(results, width, &statistical[width], &mut claims)?;
    }
    Ok(claims)
}

/// What is exact where the student contains the teacher and m < n.
fn exact_means(
    results: &Results<'_>,
    width: usize,
    statistical: &Estimate,
    claims: &mut Claims,
) -> Result<()> {
    let (n, noise) = (results.settings.n as f64, results.settings.noise);
    let draws = results.draws.len() as f64;
    let predicted = noise * (2.0 / n).sqrt();
    // Var(s²)/Var² = (2 + excess kurtosis)/draws; the kurtosis of a χ²_n is 12/n. Half of it for a root.
    let share = 4.0 * ((2.0 + 12.0 / n) / draws).sqrt() / 2.0;
    let spread = Claim::equals_within(
        "and, where the student contains the teacher, the standard deviation σ²√(2/n) (within 4 s.e.)",
        predicted,
        statistical.se * draws.sqrt(),
        share,
    );
    claims.push(spread.against(0.0, "no spread"));
    let quantile = largest_distance(1, LEVEL, Some(results.draws.len()))?;
    let m = results.problem.students[width].width as f64;
    let limit = results.over_draws(|draw| draw.limit[width].optimisation)?;
    let end = Claim::equals(
        &format!(
            "the optimisation error does not end at 0 but at −σ²m/n in the mean (m = {m}, t → ∞): θ* does not minimise L_n"
        ),
        -noise * m / n,
        limit.mean,
        quantile * limit.se,
    );
    claims.push(end.against(0.0, "an end at 0"));
    let gap = results.over_draws(|draw| draw.limit[width].generalisation)?;
    let predicted = results.over_draws(|draw| draw.predicted_gap[width].unwrap_or(f64::NAN))?;
    let off = results.over_draws(|draw| {
        draw.limit[width].generalisation - draw.predicted_gap[width].unwrap_or(f64::NAN)
    })?;
    let ends = Claim::equals(
        "and the generalisation error at σ² tr(G(ΦᵀΦ)⁻¹) + σ²m/n in the mean over the noise (same m, t → ∞)",
        predicted.mean,
        gap.mean,
        quantile * off.se,
    );
    claims.push(ends.against(0.0, "an end at 0"));
    Ok(())
}

fn table(results: &Results<'_>) -> Result<Table> {
    let mut table = Table::new(ErrorDecomposition::ABOUT.columns);
    for (i, student) in results.problem.students.iter().enumerate() {
        for (j, &time) in results.times.iter().enumerate() {
            let risk = results.term(i, j, |t| t.risk)?;
            table.push(vec![
                student.width.into(),
                time.into(),
                risk.mean.into(),
                risk.se.into(),
                results.term(i, j, |t| t.generalisation)?.mean.into(),
                results.term(i, j, |t| t.optimisation)?.mean.into(),
                results.term(i, j, |t| t.statistical)?.mean.into(),
                student.approximation.into(),
            ])?;
        }
    }
    Ok(table)
}

/// A term's name, its number and its colour.
type Shown = (&'static str, fn(&Terms) -> f64, usize);

const SHOWN: [Shown; 5] = [
    ("risk, their sum", |t| t.risk, 6),
    ("generalisation", |t| t.generalisation, 1),
    ("optimisation", |t| t.optimisation, 0),
    ("statistical", |t| t.statistical, 3),
    ("approximation", |t| t.approximation, 2),
];

fn figure(results: &Results<'_>) -> Result<Figure> {
    let (shown, end) = (results.nearest_to_n(), results.times.len() - 1);
    let widths: Vec<f64> = results
        .problem
        .students
        .iter()
        .map(|student| student.width as f64)
        .collect();
    let times: Vec<f64> = results.times.iter().map(|t| *t as f64).collect();
    let mut by_width = Panel::new("features m of the student", "error (label²)")
        .title(&format!("after {} steps", results.settings.steps))
        .log_x();
    let mut by_time = Panel::new("steps of gradient descent t", "error (label²)")
        .title(&format!("m = {} features", widths[shown]))
        .log_x();
    for (name, of, color) in SHOWN {
        let means = |cells: Vec<(usize, usize)>| -> Result<Vec<f64>> {
            let each = cells.into_iter();
            each.map(|(i, j)| Ok(results.term(i, j, of)?.mean))
                .collect()
        };
        let across = means((0..widths.len()).map(|i| (i, end)).collect())?;
        let along = means((0..times.len()).map(|j| (shown, j)).collect())?;
        by_width = by_width.line(name, &widths, &across).color(color);
        by_time = by_time.line(name, &times, &along).color(color);
    }
    Ok(Figure::new("The four terms of the risk")
        .panel(by_width.horizontal(0.0, "").vertical(results.settings.n as f64, "m = n"))
        .panel(by_time.horizontal(0.0, ""))
        .shared_legend()
        .caption(&format!(
            "Means over {} training sets of n = {}. The optimisation error may be negative: the descent fits its sample better than the best of the population does.",
            results.draws.len(),
            results.settings.n
        )))
}
