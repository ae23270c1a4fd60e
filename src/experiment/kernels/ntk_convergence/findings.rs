//! The table, the claims and the picture of a convergence run.

use super::{NtkConvergence, Results, WidthPoint};
use crate::error::Result;
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::plot::{Figure, Panel};
use crate::stats::largest_distance;
use crate::stats::{Estimate, PowerLaw, power_law};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-4;

/// What changes with width: the name in the table, the words, its colour, the exponent predicted.
const CHANGES: [(&str, &str, usize, f64); 3] = [
    ("relu_change", "kernel, ReLU", 1, -0.75),
    ("tanh_change", "kernel, tanh", 2, -1.0),
    ("relu_moved", "weights, ReLU", 0, -0.5),
];

impl WidthPoint {
    fn error(&self) -> Estimate {
        self.square.root()
    }

    /// In the order of [`CHANGES`].
    fn changes(&self) -> [Estimate; 3] {
        [self.change[0], self.change[1], self.moved]
    }
}

impl Results {
    fn law(&self, of: &dyn Fn(&WidthPoint) -> Estimate) -> Result<PowerLaw> {
        let widths: Vec<f64> = self.points.iter().map(|p| p.width as f64).collect();
        let values: Vec<Estimate> = self.points.iter().map(of).collect();
        power_law(&widths, &values)
    }
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    Ok(Findings {
        measured: measured(results)?,
        claims: claims(results)?,
        table: table(results)?,
        figure: figure(results),
    })
}

fn measured(results: &Results) -> Result<Measured> {
    let mut measured = Measured::default();
    let law = results.law(&WidthPoint::error)?;
    measured.insert("slope", law.exponent);
    measured.insert("slope_se", law.se);
    if let Some((constant, _)) = &results.two_layer {
        measured.insert("constant", *constant);
    }
    let names = ["relu_change_slope", "tanh_change_slope", "relu_moved_slope"];
    for (index, name) in names.into_iter().enumerate() {
        measured.insert(name, results.law(&|p| p.changes()[index])?.exponent);
    }
    Ok(measured)
}

fn claims(results: &Results) -> Result<Claims> {
    let mut claims = Claims::default();
    let draws = Some(results.draws);
    if let Some((constant, monte_carlo)) = &results.two_layer {
        for (half, text) in [
            "K_a = x·x'(π − θ)/(2π), first layer",
            "K_b = ‖x‖‖x'‖(sin θ + (π − θ) cos θ)/(2π), second layer",
        ]
        .into_iter()
        .enumerate()
        {
            claims.push(Claim::largest_within(
                &format!("{text}, entry by entry: mean over the draws of the widest network"),
                monte_carlo.distance[half],
                monte_carlo.entries,
                LEVEL,
                draws,
            )?);
        }
        let predicted = |p: &WidthPoint| constant * constant / p.width as f64;
        let distances = results
            .points
            .iter()
            .map(|p| p.square.distance(predicted(p)));
        claims.push(Claim::all_within(
            "mean square of ‖K_m − K‖/‖K‖ against its exact value c²/m, at every width",
            distances,
            LEVEL,
            draws,
        )?);
    }
    let law = results.law(&WidthPoint::error)?;
    // With more layers the bias of order 1/m bends the line at small widths.
    let bend = if results.depth == 1 { 0.0 } else { 0.05 };
    let z = largest_distance(1, LEVEL, draws)?;
    claims.push(Claim::equals(
        &format!("‖K_m − K‖/‖K‖ falls as 1/√m: slope of ln error by ln m, within {z:.1} s.e."),
        -0.5,
        law.exponent,
        z * law.se + bend,
    ));
    let texts = [
        "ReLU: training changes the kernel by m^(−3/4), as some √m units switch on or off at random (trend): slope, between the \
         −5/8 and −7/8 half-way to its neighbours −1/2 and −1, and 3 s.e.",
        "tanh: training changes the kernel by 1/m (trend): slope, nearer to −1 than to −3/4, and 3 s.e.",
        "ReLU: every weight moves by 1/√m of itself (trend): slope, and 3 s.e.",
    ];
    for (index, text) in texts.into_iter().enumerate() {
        let law = results.law(&|p| p.changes()[index])?;
        let predicted = CHANGES[index].3;
        let slope = Claim::equals(text, predicted, law.exponent, 0.125 + 3.0 * law.se);
        claims.push(slope.against(0.0, "a change that stays"));
    }
    Ok(claims)
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(NtkConvergence::ABOUT.columns);
    for point in &results.points {
        let error = point.error();
        let predicted = results.two_layer.as_ref().map_or(Cell::Empty, |(c, _)| {
            (c / (point.width as f64).sqrt()).into()
        });
        table.push(vec![
            "error".into(),
            point.width.into(),
            error.mean.into(),
            error.se.into(),
            predicted,
        ])?;
    }
    for (index, (name, ..)) in CHANGES.into_iter().enumerate() {
        for point in &results.points {
            let change = point.changes()[index];
            table.push(vec![
                name.into(),
                point.width.into(),
                change.mean.into(),
                change.se.into(),
                Cell::Empty,
            ])?;
        }
    }
    Ok(table)
}

fn figure(results: &Results) -> Figure {
    let widths: Vec<f64> = results.points.iter().map(|p| p.width as f64).collect();
    let points = |panel: Panel, name: &str, color: usize, of: &dyn Fn(&WidthPoint) -> Estimate| {
        let each = |of_estimate: &dyn Fn(Estimate) -> f64| -> Vec<f64> {
            results.points.iter().map(|p| of_estimate(of(p))).collect()
        };
        panel
            .points(name, &widths, &each(&|e| e.mean))
            .color(color)
            .error_bars(
                &each(&|e| e.mean - 2.0 * e.se),
                &each(&|e| e.mean + 2.0 * e.se),
            )
    };
    let guide = |panel: Panel, name: &str, exponent: f64, first: f64| {
        let line: Vec<f64> = widths
            .iter()
            .map(|m| first * (m / widths[0]).powf(exponent))
            .collect();
        panel.line(name, &widths, &line)
    };
    let error = Panel::new("hidden units m", "‖K_m − K‖ / ‖K‖")
        .title("before training")
        .log_x()
        .log_y();
    let error = match &results.two_layer {
        Some((constant, _)) => guide(error, "exact, c/√m", -0.5, constant / widths[0].sqrt()),
        None => guide(error, "slope −1/2", -0.5, results.points[0].error().mean),
    };
    let error = points(error.color(6), "networks, ± 2 s.e.", 0, &WidthPoint::error);
    let mut change = Panel::new("hidden units m", "relative change")
        .title("over training")
        .log_x()
        .log_y();
    for (index, (_, words, color, exponent)) in CHANGES.into_iter().enumerate() {
        let first = results.points[0].changes()[index].mean;
        change = guide(change, "", exponent, first)
            .color(color)
            .dashed()
            .width(1.0);
        change = points(change, words, color, &|p| p.changes()[index]);
    }
    Figure::new("The tangent kernel of a finite network")
        .panel(error)
        .panel(change)
        .caption("Dashed: the predicted slopes −1/2 (weights), −3/4 (kernel, ReLU) and −1 (kernel, tanh) from the first point.")
}
