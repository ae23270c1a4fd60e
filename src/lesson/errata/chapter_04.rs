//! Errors of the slides that chapter 4 corrects: which games have cycles.

use super::Erratum;
use crate::error::{Error, Result};
use crate::experiment::Claim;
use crate::game::arena::Forsaken;
use crate::game::{FlowSettings, Time, critical_points, cycles, flow};
use crate::optimise::{Cuboid, Field};

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "almost_bilinear_player",
        chapter: 4,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Minimax is more difficult than just optimization\": \
            \"Φ(x, y) = xy + εφ(x)\", with a figure of a critical point that repels. With φ(x), x minimising, it attracts; φ(y), as in \
            \"A deterministic, simple example beyond convex-concave\", makes it repel.",
        claims: almost_bilinear_player,
    },
    Erratum {
        id: "forsaken_offset",
        chapter: 4,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Minimax is more difficult than just optimization\": \
            \"Φ(y, x) = y(x − 0.5) + φ(y) − φ(x)\", a solution that is forsaken. With the offset ½ it repels, and nothing shields it; \
            the paper has 0.45 (Hsieh, Mertikopoulos & Cevher 2021, arXiv:2006.09065), another slide 0.1.",
        claims: forsaken_offset,
    },
    Erratum {
        id: "forsaken_players",
        chapter: 4,
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Minimax is more difficult than just optimization\": \
            min over x, max over y of \"Φ(y, x) = y(x − 0.5) + φ(y) − φ(x)\". So read, everything comes to rest; the game needs its first \
            argument, here y, to minimise.",
        claims: forsaken_players,
    },
];

/// The rate at which the flow leaves or nears a point: ln of the factor over half a turn, from 10⁻⁵ away.
fn rate(field: &impl Field, point: [f64; 2], im: f64) -> Result<f64> {
    let (time, beside) = (std::f64::consts::PI / im, 1e-5);
    let settings = FlowSettings {
        tolerance: 1e-14,
        ..FlowSettings::default()
    };
    let start = [point[0] + beside, point[1]];
    let end = flow(field, &start, time, Time::Forward, &settings)?;
    let end = end.expect("beside a point the flow is nearly linear");
    Ok(((end[0] - point[0]).hypot(end[1] - point[1]) / beside).ln() / time)
}

/// xy + εφ(x) as printed, x minimising.
struct ForTheFirst {
    epsilon: f64,
}

impl Field for ForTheFirst {
    fn dimension(&self) -> usize {
        2
    }

    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        v.copy_from_slice(&[z[1] + self.epsilon * (z[0] - z[0].powi(3)), -z[0]]);
        Ok(())
    }
}

fn almost_bilinear_player(_seed: u64) -> Result<[Claim; 2]> {
    let epsilon: f64 = 0.1;
    // λ² ± ελ + 1 = 0.
    let im = (1.0 - 0.25 * epsilon * epsilon).sqrt();
    let measured = rate(&ForTheFirst { epsilon }, [0.0; 2], im)?;
    // φ is ½u² up to u⁴ = 10⁻²⁰.
    let claim = |text, predicted| Claim::equals(text, predicted, measured, 1e-6);
    Ok([
        claim(
            "xy + 0.1 φ(x), x minimising: the critical point repels, at the rate ε/2",
            0.5 * epsilon,
        ),
        claim("it attracts, at that rate", -0.5 * epsilon),
    ])
}

fn forsaken_offset(_seed: u64) -> Result<[Claim; 2]> {
    let game = Forsaken { offset: 0.5 };
    let square = Cuboid {
        low: vec![-1.5; 2],
        high: vec![1.5; 2],
    };
    let points = critical_points(&game, &square, 9)?;
    let [point] = &points[..] else {
        return Err(Error::domain("the critical points", "one", points.len()));
    };
    let (re, im) = point.eigenvalues[0];
    let measured = rate(&game, point.z, im)?;
    Ok([
        Claim::less_than(
            "offset ½: the critical point attracts, so that it may be forsaken; its rate",
            0.0,
            measured,
            0.0,
        ),
        Claim::equals(
            "it repels, at the rate of the real part of the eigenvalues of −J",
            re,
            measured,
            // Second derivatives of V are below 12 there: 10⁻⁵ away they change a rate by less.
            2e-4,
        ),
    ])
}

/// min over x, max over y of y(x − ½) + φ(y) − φ(x), z = (x, y).
struct AsPrinted;

impl Field for AsPrinted {
    fn dimension(&self) -> usize {
        2
    }

    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        let slope = |u: f64| 0.5 * u - 2.0 * u.powi(3) + u.powi(5);
        v.copy_from_slice(&[z[1] - slope(z[0]), 0.5 - z[0] - slope(z[1])]);
        Ok(())
    }
}

fn forsaken_players(_seed: u64) -> Result<[Claim; 2]> {
    let settings = FlowSettings::default();
    let game = Forsaken { offset: 0.5 };
    let known = cycles(&game, [0.046, 0.477], (0.05, 2.0), 30, &settings)?;
    let least = known.last().map_or(f64::NAN, |cycle| cycle.field_min);
    let end = flow(&AsPrinted, &[1.0, 0.5], 300.0, Time::Forward, &settings)?;
    let mut v = [f64::NAN; 2];
    if let Some(end) = end {
        AsPrinted.at(&end, &mut v)?;
    }
    let measured = v[0].hypot(v[1]);
    Ok([
        Claim::at_least(
            "x minimising: from (1, ½) players go round for ever, ‖V‖ at least that of the cycle",
            least,
            measured,
            0.0,
        ),
        Claim::at_most(
            "x minimising: they come to rest, ‖V‖ after the time 300",
            1e-6,
            measured,
            0.0,
        ),
    ])
}
