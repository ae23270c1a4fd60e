//! The table, the claims and the picture of a feature-map run.

use super::{FeatureMaps, Profile, RandomPoint, Results};
use crate::error::{Error, Result};
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::model::FeatureKind;
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, PowerLaw, largest, largest_distance, power_law};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 0.001;

/// Both kinds, with their names in the table and in words.
const KINDS: [(FeatureKind, &str, &str); 2] = [
    (FeatureKind::Fourier, "fourier", "random Fourier features"),
    (FeatureKind::Relu, "relu", "random ReLU features"),
];

impl Results {
    fn of(&self, kind: FeatureKind) -> Vec<&RandomPoint> {
        self.random.iter().filter(|p| p.kind == kind).collect()
    }

    fn law(&self, kind: FeatureKind) -> Result<PowerLaw> {
        let points = self.of(kind);
        let widths: Vec<f64> = points.iter().map(|p| p.width as f64).collect();
        let roots: Vec<Estimate> = points.iter().map(|p| p.square.root()).collect();
        power_law(&widths, &roots)
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
    measured.insert("fourier_slope", results.law(FeatureKind::Fourier)?.exponent);
    measured.insert("relu_slope", results.law(FeatureKind::Relu)?.exponent);
    let columns = results.polynomials.iter().map(|p| p.columns as f64);
    measured.insert("polynomial_columns", columns.collect::<Vec<f64>>());
    Ok(measured)
}

fn claims(results: &Results) -> Result<Claims> {
    let mut claims = Claims::default();
    for (kind, _, words) in KINDS {
        let points = results.of(kind);
        let variance = match kind {
            FeatureKind::Fourier => "(1 − k²)²/m",
            FeatureKind::Relu => "(2‖x‖²‖x'‖² J₂(θ)/π − k²)/m",
        };
        claims.push(Claim::all_within(
            &format!(
                "{words}: the mean squared error of φ·φ' is the mean over pairs of {variance}"
            ),
            points
                .iter()
                .map(|p| p.square.distance(p.predicted.powi(2))),
            LEVEL,
            Some(results.draws),
        )?);
        let law = results.law(kind)?;
        let z = largest_distance(1, LEVEL, Some(results.draws))?;
        claims.push(Claim::equals(
            &format!(
                "{words}: the error falls as 1/√m, slope of ln error by ln m, within {z:.1} s.e."
            ),
            -0.5,
            law.exponent,
            z * law.se,
        ));
    }
    let polynomials = &results.polynomials;
    let last = polynomials
        .last()
        .ok_or_else(|| Error::shape("the polynomials", "one degree or more", &[0]))?;
    let worst = |of: &dyn Fn(&super::PolynomialPoint) -> f64| -> f64 {
        largest(polynomials.iter().map(of))
    };
    // A sum of D products, each of 2q + a few roundings, and (x·x' + 1)^q with q + 6.
    let rounding = (last.columns + 8 * last.degree + 16) as f64 * f64::EPSILON;
    claims.push(Claim::equals(
        &format!(
            "the polynomial map of up to {} columns gives (x·x' + 1)^q for every q up to {}: largest relative error, against \
             the rounding of so many terms",
            last.columns, last.degree
        ),
        0.0,
        worst(&|p| p.error),
        rounding,
    ).identity());
    claims.push(Claim::equals(
        "the kernel trick: ridge regression on the map and on the kernel predict the same; largest difference, against \
         rounding times 100 condition numbers",
        0.0,
        worst(&|p| p.difference),
        100.0 * f64::EPSILON * worst(&|p| p.condition),
    ).identity());
    Ok(claims)
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(FeatureMaps::ABOUT.columns);
    for (kind, name, _) in KINDS {
        for point in results.of(kind) {
            let root = point.square.root();
            table.push(vec![
                name.into(),
                point.width.into(),
                root.mean.into(),
                root.se.into(),
                point.predicted.into(),
            ])?;
        }
    }
    for point in &results.polynomials {
        table.push(vec![
            "polynomial".into(),
            point.degree.into(),
            point.error.into(),
            Cell::Empty,
            0.0.into(),
        ])?;
    }
    Ok(table)
}

fn figure(results: &Results) -> Figure {
    let mut errors = Panel::new("feature columns m", "root mean squared error of φ·φ'")
        .title("error by width")
        .log_x()
        .log_y();
    for (index, (kind, _, words)) in KINDS.into_iter().enumerate() {
        let points = results.of(kind);
        let widths: Vec<f64> = points.iter().map(|p| p.width as f64).collect();
        let each = |of: &dyn Fn(&RandomPoint) -> f64| -> Vec<f64> {
            points.iter().map(|p| of(p)).collect()
        };
        errors = errors
            .line("", &widths, &each(&|p| p.predicted))
            .color(index)
            .points(words, &widths, &each(&|p| p.square.root().mean))
            .color(index);
    }
    let profiles = results.profiles.iter().map(profile);
    let figure = Figure::new("Random features approach their kernels").panel(errors);
    profiles
        .fold(figure, Figure::panel)
        .caption("Left: lines are the exact standard deviation c/√m, points the mean over draws. Middle and right: one draw.")
}

fn profile(profile: &Profile) -> Panel {
    let (label, title) = match profile.kind {
        FeatureKind::Fourier => ("distance ‖x − x'‖", "Gaussian kernel"),
        FeatureKind::Relu => ("angle between x and x'", "ReLU kernel, order 1"),
    };
    let panel = Panel::new(label, "φ(x)·φ(x')").title(title);
    let panel = panel.line("kernel", &profile.at, &profile.limit).color(6);
    profile
        .drawn
        .iter()
        .enumerate()
        .fold(panel, |panel, (index, (width, values))| {
            let name = format!("{width} columns");
            panel
                .line(&name, &profile.at, values)
                .color([1, 0][index % 2])
                .dashed()
        })
}
