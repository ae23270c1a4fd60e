//! The forsaken game: EG+ circles, CurvatureEG+ and a longer γ come home.

use super::constants::Landscape;
use super::settings::{WeakMinty, eg_plus, run};
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::game::Method;
use crate::game::arena::Forsaken;
use crate::game::method::CurvatureEgPlus;
use crate::optimise::{Status, Trajectory};
use crate::stats::{largest, least};

/// Where all begin.
const START: [f64; 2] = [1.0, -0.8];

/// The shares α of EG+.
const SHARES: [f64; 4] = [0.05, 0.25, 0.5, 1.0];

/// A γ that no theorem allows, with the share α.
const LONG: (f64, f64) = (0.5, 0.05);

/// What is called 0.
const ZERO: f64 = 1e-12;

/// One path.
pub(super) struct Path {
    pub label: String,
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub steps: Vec<f64>,
    pub field: Vec<f64>,
    end: Status,
}

pub(super) struct Escapes {
    /// EG+ at the shares, CurvatureEG+, EG+ with the long γ.
    pub circling: Vec<Path>,
    pub curved: Path,
    pub long: Path,
}

fn path(label: String, method: &impl Method, steps: usize) -> Result<Path> {
    let mut seen = Trajectory::every(1).with_points();
    let end = run(
        &Forsaken::default(),
        method,
        START,
        steps,
        Some(ZERO),
        &mut seen,
    )?;
    let points = seen.points();
    Ok(Path {
        label,
        x: points.column(0).to_vec(),
        y: points.column(1).to_vec(),
        steps: seen.steps.iter().map(|k| *k as f64).collect(),
        field: seen.values,
        end: end.status,
    })
}

impl WeakMinty {
    pub(super) fn escapes(&self, l: f64) -> Result<Escapes> {
        let game = Forsaken::default();
        let circling = SHARES.map(|alpha| {
            let label = format!("EG+, γ = 1/L, α = {alpha}");
            path(label, &eg_plus(1.0 / l, alpha), 10 * self.steps)
        });
        let (gamma, alpha) = LONG;
        Ok(Escapes {
            circling: circling.into_iter().collect::<Result<_>>()?,
            curved: path(
                "CurvatureEG+".to_owned(),
                &CurvatureEgPlus::of(&game),
                self.steps,
            )?,
            long: path(
                format!("EG+, γ = {gamma}, α = {alpha}"),
                &eg_plus(gamma, alpha),
                10 * self.steps,
            )?,
        })
    }

    pub(super) fn escape_claims(&self, found: Draft, escapes: &Escapes, land: &Landscape) -> Draft {
        let nearest = escapes.circling.iter().map(|path| least(path.part(3)));
        let nearest = least(nearest.collect::<Vec<f64>>());
        let stays = escapes.circling.iter().map(|path| {
            let ratio = least(path.part(3)) / least(path.part(2));
            (ratio - 1.0).abs()
        });
        let stays = largest(stays.collect::<Vec<f64>>());
        // Beside z* EG+ comes nearer by 1 − αγμ or so a step, μ = 0.0447 the real part of J's eigenvalues: over a quarter of the run
        // ‖V‖ would fall to this share with the smallest α.
        let quarter = 2.5 * self.steps as f64;
        let fall = (-SHARES[0] * 0.0447 / 12.4 * quarter).exp();
        let home = |path: &Path| {
            let (x, y) = (last(&path.x), last(&path.y));
            (x - land.star[0]).hypot(y - land.star[1])
        };
        // ‖V‖ ≤ 10⁻¹² leaves ‖z − z*‖ ≤ 10⁻¹²/σ, σ > ½ the least singular value of J(z*).
        let near = 1e-11;
        let reached = |path: &Path| path.end == Status::Reached;
        found
            .claim(Claim::at_most(
                "forsaken from (1, −0.8): EG+ with γ = 1/L circles at each of α = 0.05, 0.25, 0.5, 1: least ‖V‖ of the last quarter \
                 of the run over that of the quarter before, largest distance from 1",
                // Points of a cycle are a step apart, αγ‖V‖: of dense ones the least differs by the square of that.
                0.5 * (1.0 - fall),
                stays,
                0.0,
            ))
            .against(1.0 - fall, "it falls as near z*")
            .measure("least_field_of_eg_plus", nearest)
            .claim(Claim::at_most(
                "forsaken from (1, −0.8): CurvatureEG+ ends at z*, distance",
                0.0,
                home(&escapes.curved),
                near,
            ))
            .against(nearest, "as far as EG+")
            .headline()
            .measure_or(
                "curvature_steps",
                reached(&escapes.curved).then(|| last(&escapes.curved.steps)),
                "not within the steps set",
            )
            .claim(Claim::at_most(
                "forsaken from (1, −0.8): a constant γ = 1/2, six times 1/L, ends at z* too (α = 0.05), distance",
                0.0,
                home(&escapes.long),
                near,
            ))
            .against(nearest, "as far as EG+ with γ = 1/L")
            .measure_or(
                "long_gamma_steps",
                reached(&escapes.long).then(|| last(&escapes.long.steps)),
                "not within the steps set",
            )
    }
}

fn last(values: &[f64]) -> f64 {
    values.last().copied().unwrap_or(f64::NAN)
}

impl Path {
    /// ‖V‖ in a quarter of the run, 0 to 3.
    fn part(&self, quarter: usize) -> &[f64] {
        let n = self.field.len() / 4;
        &self.field[quarter * n..(quarter + 1) * n]
    }
}
