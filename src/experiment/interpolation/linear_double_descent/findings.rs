//! The table, the claims and the picture of a linear double descent.

use super::{LinearDoubleDescent, Row};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::plot::{Figure, Panel};
use crate::stats::{larger, largest, largest_distance, least};

/// The chance that a claim about the largest of many distances fails although theory is right.
const LEVEL: f64 = 1e-4;

/// Everything a run computed.
pub(super) struct Results {
    pub n: usize,
    pub decay: &'static str,
    /// The risk of predicting 0.
    pub null_risk: f64,
    /// Equal coefficients, if asked for.
    pub flat: Option<Vec<Row>>,
    /// β_j² ∝ 1/j², largest first.
    pub prescient: Vec<Row>,
    /// The same in random order.
    pub random: Vec<Row>,
}

impl Results {
    /// The curve of the decay asked for.
    fn main(&self) -> &[Row] {
        self.flat.as_ref().unwrap_or(&self.prescient)
    }

    fn at(&self, p: usize) -> Result<&Row> {
        row(self.main(), p)
    }
}

fn row(rows: &[Row], p: usize) -> Result<&Row> {
    let missing = || Error::domain("a width", "one of the curve", p);
    rows.iter().find(|row| row.p == p).ok_or_else(missing)
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let main = Landmarks::of(results.main(), results.n)?;
    let prescient = Landmarks::of(&results.prescient, results.n)?;
    Ok(Findings {
        measured: measured(results, &main, &prescient),
        claims: claims(results, &main, &prescient)?,
        table: table(results)?,
        figure: figure(results),
    })
}

/// The widths that the claims speak of.
struct Landmarks<'a> {
    /// The largest simulated risk.
    peak: &'a Row,
    /// The least exact risk below n, among the testable if there are any.
    narrow: &'a Row,
    /// All features.
    widest: &'a Row,
    /// The least exact risk of the testable.
    best: &'a Row,
    /// Where the simulated mean has a finite variance.
    testable: Vec<&'a Row>,
}

impl<'a> Landmarks<'a> {
    fn of(rows: &'a [Row], n: usize) -> Result<Self> {
        let missing = || Error::shape("the curve", "widths on both sides of n", &[rows.len()]);
        let by_exact = |a: &&Row, b: &&Row| a.exact.total_cmp(&b.exact);
        let by_mean = |a: &&Row, b: &&Row| a.risk.mean.total_cmp(&b.risk.mean);
        let testable: Vec<&Row> = rows.iter().filter(|row| row.se.is_finite()).collect();
        let below = |row: &&Row| row.p < n;
        let narrow = testable.iter().copied().filter(below).min_by(by_exact);
        let narrow = narrow.or(rows.iter().filter(below).min_by(by_exact));
        Ok(Self {
            peak: rows.iter().max_by(by_mean).ok_or_else(missing)?,
            narrow: narrow.ok_or_else(missing)?,
            widest: rows.last().ok_or_else(missing)?,
            best: testable
                .iter()
                .copied()
                .min_by(by_exact)
                .ok_or_else(missing)?,
            testable,
        })
    }

    fn distances(&self) -> impl Iterator<Item = f64> {
        self.testable.iter().map(|row| row.distance().abs())
    }
}

fn measured(results: &Results, main: &Landmarks<'_>, prescient: &Landmarks<'_>) -> Measured {
    let mut measured = Measured::default();
    measured.insert("peak_p", main.peak.p);
    measured.insert("best_p", main.best.p);
    measured.insert("best_risk", main.best.risk.mean);
    measured.insert("widest_risk", main.widest.risk.mean);
    measured.insert("widths_tested", main.testable.len());
    measured.insert("largest_distance", largest(main.distances()));
    let within = main
        .testable
        .iter()
        .filter(|row| row.distance().abs() <= 3.0);
    measured.insert(
        "share_within_3_se",
        within.count() as f64 / main.testable.len() as f64,
    );
    measured.insert("prescient_best_p", prescient.best.p);
    measured.insert("prescient_best_risk", prescient.best.risk.mean);
    measured.insert("null_risk", results.null_risk);
    measured
}

fn claims(results: &Results, main: &Landmarks<'_>, prescient: &Landmarks<'_>) -> Result<Claims> {
    let n = results.n;
    let mut claims = Claims::default();
    claims.push(Claim::all_within(
        "simulation meets the exact formula at all widths with |p − n| ≥ 4, where its variance is finite",
        main.distances(),
        LEVEL,
        None,
    )?);
    let single = largest_distance(1, LEVEL, None)?;
    for (p, text) in [
        (
            (n / 4).max(1),
            "p = n/4: ‖β_Tᶜ‖²(1 + p/(n−p−1)), ‖β_Tᶜ‖² with the noise",
        ),
        (
            3 * n / 2,
            "p = 3n/2: ‖β_T‖²(1 − n/p) + ‖β_Tᶜ‖²(1 + n/(p−n−1))",
        ),
    ] {
        if let Ok(row) = results.at(p)
            && row.se.is_finite()
        {
            let text = format!("{text}; within {single:.1} s.e.");
            claims.push(Claim::equals(
                &text,
                row.exact,
                row.risk.mean,
                single * row.se,
            ));
        }
    }
    claims.push(Claim::equals(
        "the simulated risk peaks where the exact one is infinite, n − 1 ≤ p ≤ n + 1: its p",
        n as f64,
        main.peak.p as f64,
        1.0,
    ));
    let spread = main.widest.se.hypot(main.narrow.se);
    if spread.is_finite() {
        claims.push(Claim::equals(
            &format!(
                "all features against the best narrow model, p = {}: difference of their risks, within {single:.1} s.e.",
                main.narrow.p
            ),
            main.widest.exact - main.narrow.exact,
            main.widest.risk.mean - main.narrow.risk.mean,
            single * spread,
        ));
    }
    if results.flat.is_some() {
        claims.push(Claim::all_within(
            "the formula also holds for β_j² ∝ 1/j², largest first, at the same widths",
            prescient.distances(),
            LEVEL,
            None,
        )?);
    }
    prescient_claims(results, prescient, &mut claims)?;
    Ok(claims)
}

/// What choosing the largest coefficients first changes.
fn prescient_claims(
    results: &Results,
    prescient: &Landmarks<'_>,
    claims: &mut Claims,
) -> Result<()> {
    let single = largest_distance(1, LEVEL, None)?;
    let best = prescient.best;
    let others = prescient.testable.iter().filter(|row| row.p != best.p);
    let least = others.min_by(|a, b| a.risk.mean.total_cmp(&b.risk.mean));
    if let Some(least) = least {
        claims.push(Claim::at_most(
            &format!(
                "prescient order: no other width beats the one the formula names, p = {}; its risk against the least \
                 other, within {single:.1} s.e.",
                best.p
            ),
            least.risk.mean,
            best.risk.mean,
            single * least.se.hypot(best.se),
        ));
    }
    let (narrow, widest) = (prescient.narrow, prescient.widest);
    if narrow.exact < widest.exact && narrow.se.is_finite() {
        claims.push(Claim::less_than(
            &format!(
                "prescient order: the first {} features alone predict better than all together",
                narrow.p
            ),
            widest.risk.mean,
            narrow.risk.mean,
            0.0,
        ));
    }
    // The same features, and so the same risk, once all are seen.
    let pairs = prescient
        .testable
        .iter()
        .filter(|row| row.p < prescient.widest.p);
    let excess = |known: &&Row| {
        let blind = row(&results.random, known.p)?;
        Ok((known.risk.mean - blind.risk.mean) / known.se.hypot(blind.risk.se))
    };
    claims.push(Claim::all_within(
        "knowing which features matter never hurts: excess of the prescient over a random order",
        pairs.map(excess).collect::<Result<Vec<f64>>>()?,
        LEVEL,
        None,
    )?);
    Ok(())
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(LinearDoubleDescent::ABOUT.columns);
    let curves = results.prescient.iter().zip(&results.random);
    for (row, (prescient, random)) in results.main().iter().zip(curves) {
        table.push(vec![
            row.p.into(),
            row.exact.into(),
            row.risk.mean.into(),
            row.se.into(),
            row.risk.se.into(),
            prescient.exact.into(),
            prescient.risk.mean.into(),
            prescient.se.into(),
            random.exact.into(),
            random.risk.mean.into(),
            random.risk.se.into(),
        ])?;
    }
    Ok(table)
}

fn figure(results: &Results) -> Figure {
    let finite = |row: &&Row| row.exact.is_finite();
    let all = [results.main(), &results.prescient, &results.random];
    let exact = || {
        all.iter()
            .flat_map(|rows| rows.iter().filter(finite))
            .map(|r| r.exact)
    };
    let (low, high) = (least(exact()), exact().fold(results.null_risk, larger));
    let panel = |title: &str| {
        Panel::new("features p", "test error E(y − ŵ·x)²")
            .title(title)
            .log_y()
            .y_range(low / 1.5, 3.0 * high)
    };
    let curve = |panel: Panel, rows: &[Row], exact: &str, simulated: &str| {
        let each = |of: &dyn Fn(&Row) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
        let p = each(&|row| row.p as f64);
        let testable = |row: &Row, of: f64| if row.se.is_finite() { of } else { f64::NAN };
        // The infinite middle of the exact curve is a gap.
        let panel = panel.line(exact, &p, &each(&|row| row.exact));
        let color = panel
            .layers
            .last()
            .and_then(crate::plot::Layer::color)
            .unwrap_or(0);
        panel
            .points(simulated, &p, &each(&|row| testable(row, row.risk.mean)))
            .color(color)
            .size(4.0)
            .error_bars(
                &each(&|row| testable(row, row.risk.mean - 3.0 * row.se)),
                &each(&|row| testable(row, row.risk.mean + 3.0 * row.se)),
            )
    };
    let rules = |panel: Panel| {
        panel
            .vertical(results.n as f64, "p = n")
            .horizontal(results.null_risk, "predicting 0")
            .dotted()
    };
    let title = match results.decay {
        "flat" => "equal coefficients",
        _ => "coefficients β² ∝ 1/j², largest first",
    };
    let main = curve(panel(title), results.main(), "exact", "simulated, ± 3 s.e.");
    let orders = curve(
        panel("coefficients β² ∝ 1/j²: which first?"),
        &results.prescient,
        "largest first (prescient)",
        "",
    );
    let orders = curve(orders, &results.random, "random order", "");
    Figure::new("Linear regression: the exact double descent")
        .panel(rules(main))
        .panel(rules(orders))
        .caption(
            "Lines: exact formula, infinite for n − 1 ≤ p ≤ n + 1. Dots: simulation, left out for |p − n| ≤ 3, where its \
             variance is infinite.",
        )
}
