//! The table, the claims and the triptych of a norm-curve run.

use super::{NormCurve, OneDraw, Point};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::measure::valley_misfit;
use crate::plot::{Figure, Panel};
use crate::stats::{larger, largest, median};

/// Near the threshold: ratios from 1/NEAR to NEAR.
const NEAR: f64 = 1.25;

/// Everything a run computed.
pub(super) struct Results {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    pub n: usize,
    pub points: Vec<Point>,
    pub draws: Vec<OneDraw>,
}

/// What the claims speak of.
struct Landmarks<'a> {
    peak: &'a Point,
    norm_peak: &'a Point,
    /// The larger of the two steps of the grid beside the threshold.
    spacing: f64,
    /// d ln(error) / d ln(norm) around the threshold.
    slope: f64,
    /// The share of the variation of ln(error) that the best U leaves, by parameters and by norm.
    misfit: (f64, f64),
    /// The squared norm for m → ∞ and that of the kernel interpolant, medians over draws.
    limit: (f64, f64),
}

pub(super) fn findings(results: &Results) -> Result<Findings> {
    let landmarks = results.landmarks()?;
    Ok(Findings {
        measured: measured(&landmarks),
        claims: claims(results, &landmarks),
        table: table(results)?,
        figure: figure(results),
    })
}

impl Results {
    fn landmarks(&self) -> Result<Landmarks<'_>> {
        let missing = || Error::shape("the curve", "widths on both sides of n", &[]);
        let largest = |of: fn(&Point) -> f64| {
            let found = self.points.iter().max_by(|a, b| of(a).total_cmp(&of(b)));
            found.ok_or_else(missing)
        };
        let narrow = self
            .points
            .iter()
            .rfind(|p| p.columns < self.n)
            .ok_or_else(missing)?;
        let wide = self
            .points
            .iter()
            .find(|p| p.columns > self.n)
            .ok_or_else(missing)?;
        let errors: Vec<f64> = self.points.iter().map(|p| p.mse.ln()).collect();
        let mut by_norm: Vec<&Point> = self.points.iter().collect();
        by_norm.sort_by(|a, b| a.norm.total_cmp(&b.norm));
        let errors_by_norm: Vec<f64> = by_norm.iter().map(|p| p.mse.ln()).collect();
        Ok(Landmarks {
            peak: largest(|p| p.mse)?,
            norm_peak: largest(|p| p.norm)?,
            spacing: larger(1.0 - narrow.ratio, wide.ratio - 1.0),
            slope: self.slope(),
            misfit: (valley_misfit(&errors), valley_misfit(&errors_by_norm)),
            limit: self.limit()?,
        })
    }

    /// The least-squares slope of ln(error) by ln(norm) around the threshold.
    fn slope(&self) -> f64 {
        let near = self
            .points
            .iter()
            .filter(|p| (1.0 / NEAR..=NEAR).contains(&p.ratio));
        let logs: Vec<(f64, f64)> = near.map(|p| (p.norm.ln(), p.mse.ln())).collect();
        let count = logs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
        let shared: f64 = logs.iter().map(|pair| (pair.0 - x) * (pair.1 - y)).sum();
        shared / logs.iter().map(|pair| (pair.0 - x).powi(2)).sum::<f64>()
    }

    /// The limit m → ∞ of the squared norm from two widths, whose gap falls like 1/(m/n − 1), and that of the
    /// kernel interpolant.
    fn limit(&self) -> Result<(f64, f64)> {
        let missing = || Error::shape("the curve", "a width and its half beyond n", &[]);
        let last = self.points.len().checked_sub(1).ok_or_else(missing)?;
        let half = self.points[last].columns.div_ceil(2);
        let middle = self.points.partition_point(|p| p.columns < half);
        let beyond = |i: usize| self.points[i].ratio - 1.0;
        let extrapolate = |draw: &OneDraw| {
            let (wide, narrow) = (beyond(last), beyond(middle));
            let square = |i: usize| draw.norm[i] * draw.norm[i];
            (wide * square(last) - narrow * square(middle)) / (wide - narrow)
        };
        let extrapolated: Vec<f64> = self.draws.iter().map(extrapolate).collect();
        let kernel: Vec<f64> = self
            .draws
            .iter()
            .map(|draw| draw.kernel_norm.powi(2))
            .collect();
        Ok((median(&extrapolated)?, median(&kernel)?))
    }

    /// The largest rise of a draw's norm, for features of unit amplitude, from one width beyond n to the next.
    fn largest_rise(&self) -> f64 {
        let first = self.points.partition_point(|p| p.columns < self.n);
        let rises = self.draws.iter().flat_map(|draw| {
            let beyond = draw.raw_norm[first..].windows(2);
            beyond.map(|pair| pair[1] / pair[0] - 1.0)
        });
        largest(rises)
    }
}

fn measured(landmarks: &Landmarks<'_>) -> Measured {
    let mut measured = Measured::default();
    measured.insert("error_peak_ratio", landmarks.peak.ratio);
    measured.insert("norm_peak_ratio", landmarks.norm_peak.ratio);
    measured.insert("peak_mse", landmarks.peak.mse);
    measured.insert("peak_norm", landmarks.norm_peak.norm);
    measured.insert("error_by_norm_slope", landmarks.slope);
    measured.insert("misfit_by_parameters", landmarks.misfit.0);
    measured.insert("misfit_by_norm", landmarks.misfit.1);
    measured.insert("squared_norm_extrapolated", landmarks.limit.0);
    measured.insert("squared_norm_of_kernel", landmarks.limit.1);
    measured
}

fn claims(results: &Results, landmarks: &Landmarks<'_>) -> Claims {
    let mut claims = Claims::default();
    claims.push(Claim::equals(
        "the test error peaks where the parameters equal the training digits, m/n = 1 (to the grid's step)",
        1.0,
        landmarks.peak.ratio,
        landmarks.spacing,
    ));
    claims.push(Claim::equals(
        "so does the norm of the weights",
        1.0,
        landmarks.norm_peak.ratio,
        landmarks.spacing,
    ));
    claims.push(Claim::at_most(
        "from m = n on, further columns never raise the norm (features of unit amplitude): largest relative rise in a draw",
        0.0,
        results.largest_rise(),
        1e-9,
    ).identity());
    claims.push(Claim::equals_within(
        "m → ∞ is the kernel interpolant: squared norm extrapolated from m and m/2, with a gap falling like 1/(m/n − 1), \
         against yᵀK⁻¹y",
        landmarks.limit.1,
        landmarks.limit.0,
        0.1,
    ));
    claims.push(
        Claim::equals(
            "around the threshold one small singular value s drives both, error and squared norm as 1/s² (trend): slope of \
             ln error by ln norm",
            2.0,
            landmarks.slope,
            0.4,
        )
        .trend(results.mnist),
    );
    claims.push(
        Claim::less_than(
            "by norm the error is closer to a U than by parameters (trend): share of the variation of ln error that the best \
             falling-then-rising curve leaves",
            landmarks.misfit.0 / 2.0,
            landmarks.misfit.1,
            0.0,
        )
        .trend(results.mnist),
    );
    claims
}

fn table(results: &Results) -> Result<Table> {
    let mut table = Table::new(NormCurve::ABOUT.columns);
    for p in &results.points {
        table.push(vec![
            p.columns.into(),
            p.ratio.into(),
            p.mse.into(),
            p.norm.into(),
        ])?;
    }
    Ok(table)
}

/// The parts of the curve that have a colour of their own, and the colour.
const PARTS: [(&str, usize); 5] = [
    ("m < n/2", 0),
    ("n/2 ≤ m < n", 5),
    ("m = n", 6),
    ("n < m ≤ 2n", 4),
    ("m > 2n", 1),
];

/// The part of [`PARTS`] that `ratio` belongs to.
fn part(ratio: f64) -> usize {
    match ratio {
        r if r < 0.5 => 0,
        r if r < 1.0 => 1,
        1.0 => 2,
        r if r <= 2.0 => 3,
        _ => 4,
    }
}

fn figure(results: &Results) -> Figure {
    let each = |of: fn(&Point) -> f64| results.points.iter().map(of).collect::<Vec<f64>>();
    let colored = |panel: Panel, x: fn(&Point) -> f64, y: fn(&Point) -> f64, directed: bool| {
        let (xs, ys) = (each(x), each(y));
        let panel = match directed {
            true => panel.path("", &xs, &ys),
            false => panel.line("", &xs, &ys),
        };
        let mut panel = panel.color(6).width(1.0).opacity(0.5).log_x().log_y();
        for (index, (name, color)) in PARTS.iter().enumerate() {
            let own: Vec<&Point> = results
                .points
                .iter()
                .filter(|p| part(p.ratio) == index)
                .collect();
            let (xs, ys): (Vec<f64>, Vec<f64>) = own.iter().map(|p| (x(p), y(p))).unzip();
            panel = panel.points(name, &xs, &ys).color(*color);
        }
        panel
    };
    let parameters = "parameters / training digits, m/n";
    let error = Panel::new(parameters, "test error (label²)").title("error by parameters");
    let norm = Panel::new(parameters, "norm of the weights ‖w‖").title("norm by parameters");
    let by_norm =
        Panel::new("norm of the weights ‖w‖", "test error (label²)").title("error by norm");
    Figure::new("Double descent by parameters and by norm")
        .panel(colored(error, |p| p.ratio, |p| p.mse, false).vertical(1.0, ""))
        .panel(colored(norm, |p| p.ratio, |p| p.norm, false).vertical(1.0, ""))
        .panel(colored(by_norm, |p| p.norm, |p| p.mse, true))
        .shared_legend()
        .caption("Medians over draws. On the right the line runs from the fewest parameters (dots) to the most (crosses).")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ratio_has_its_part() {
        let ratios = [0.1, 0.5, 0.99, 1.0, 1.01, 2.0, 2.1];
        assert_eq!(ratios.map(part), [0, 1, 1, 2, 3, 3, 4]);
    }

    /// Error and norm made from one 1/s: the slope is 2, and by norm the error only rises.
    #[test]
    fn slope_and_misfit_of_a_made_curve() {
        let point = |columns: usize| {
            let ratio = columns as f64 / 100.0;
            let gain = 1.0 / ((ratio - 1.0).abs() + 0.01);
            Point {
                columns,
                ratio,
                mse: gain * gain,
                norm: gain,
            }
        };
        let points: Vec<Point> = [20, 50, 90, 98, 100, 102, 110, 130, 200, 400]
            .map(point)
            .into();
        let draw = OneDraw {
            test_mse: points.iter().map(|p| p.mse).collect(),
            norm: points.iter().map(|p| p.norm).collect(),
            raw_norm: points.iter().map(|p| 1.0 / p.ratio).collect(),
            kernel_norm: 1.0,
        };
        let results = Results {
            mnist: true,
            n: 100,
            points,
            draws: vec![draw],
        };
        let landmarks = results.landmarks().expect("both sides");
        assert!((landmarks.slope - 2.0).abs() < 1e-12 && landmarks.misfit.1 < 1e-12);
        assert!(landmarks.misfit.0 > 0.1 && landmarks.peak.columns == 100);
        assert!(results.largest_rise() < 0.0);
        assert_eq!(claims(&results, &landmarks).as_slice().len(), 6);
    }
}
