//! Three surfaces: what is critical, what is an equilibrium, and what is come to are three things.

use ndarray::Array2;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study, row, settings};
use crate::game::arena::{MonkeySaddle, SquareSaddle, WeirdSaddle};
use crate::game::{
    Critical, Eg, FlowSettings, Game, Gda, Method, Nash, PlaySettings, Stability, Time,
    critical_points, flow, play,
};
use crate::optimise::{Cuboid, Unconstrained, Unseen};
use crate::plot::{ColorScale, Figure, Marker, Panel};
use crate::rng::stream;
use crate::stats::{exact_power_law, larger, largest};

settings! {
    /// Settings of `saddle_surfaces`.
    pub struct SaddleSurfaces {
        /// The step α of descent–ascent and of extragradient on xy − x²y².
        alpha: f64 = 0.02, in 0.005..=0.1;
        /// How far from 0 they start, at (r, 0); beyond 1 the curve of critical points stands in the way.
        start: f64 = 0.5, in 0.1..=0.9;
    }
}

row! {
    /// One critical point.
    #[derive(Clone, Copy)]
    struct Point {
        /// Φ
        surface: &'static str;
        /// x
        x: f64;
        /// y
        y: f64;
        /// Φ there
        payoff: f64;
        /// the larger real part of the eigenvalues of −J
        rate: f64;
        /// what the flow does beside it, by the eigenvalues of −J
        flow: &'static str;
        /// local Nash equilibrium, by the second derivatives of each player
        nash: &'static str;
        /// what a player gains at most by moving alone by up to 0.1
        gain: f64;
    }
}

/// The half side of what is searched and shown.
const HALF: f64 = 2.0;

/// How far a player may move alone.
const MOVES: [f64; 3] = [0.025, 0.05, 0.1];

impl Study for SaddleSurfaces {
    const ABOUT: About = About {
        id: "saddle_surfaces",
        title: "Critical points, equilibria, and what is come to",
        what: "Finds the critical points of x² − y², of the monkey saddle x³ − 3xy² and of the weird saddle xy − x²y² by Newton's \
               method, tests each for a local Nash equilibrium by second derivatives, and measures what a player gains by moving \
               alone. On the monkey saddle the test is silent and the gain of third order; the flow comes to it all the same. On \
               the weird saddle a whole curve is critical and no equilibrium; descent–ascent ends there.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Solving the minimax problem: Solution concepts\"; \
                Mathematics of Data (EE-556), lecture 10: \"Solution concept\"",
        columns: Point::COLUMNS,
    };

    fn compute(&self, _seed: u64, _context: &Context) -> Result<Findings> {
        let square = points("x² − y²", &SquareSaddle)?;
        let monkey = points("x³ − 3xy²", &MonkeySaddle)?;
        let weird = points("xy − x²y²", &WeirdSaddle)?;
        let at_zero = |p: &&(Critical, Point)| p.0.z[0].hypot(p.0.z[1]) < 1e-4;
        let (zero, curve): (Vec<_>, Vec<_>) = weird.iter().partition(at_zero);
        let gains = MOVES.map(|reach| gain(&MonkeySaddle, [0.0; 2], reach));
        let exponent = exact_power_law(&MOVES, &gains)?.exponent;
        // ẇ = −3w² for w = x + iy: w = w₀/(1 + 3w₀t).
        let (w0, t) = ([-1.0, 0.2_f64], 200.0);
        let settings = FlowSettings::default();
        let end = flow(&MonkeySaddle, &w0, t, Time::Forward, &settings)?;
        let size = |z: &[f64]| z[0].hypot(z[1]);
        let expected = size(&w0) / (1.0 + 3.0 * w0[0] * t).hypot(3.0 * w0[1] * t);
        let gda = self.played(&Gda::together(self.alpha), 200.0)?;
        let eg = self.played(&Eg::new(self.alpha), 200.0)?;
        let all = || square.iter().chain(&monkey).chain(&weird);
        Ok(Findings::of(all().map(|p| p.1))
            .measure("points_on_the_curve", curve.len() as f64)
            .claim(Claim::equals("x² − y² has one critical point in the square; found", 1.0, square.len() as f64, 0.0))
            .claim(Claim::at_most(
                "at 0 no player of x² − y² gains by moving alone: the sufficient conditions hold; largest gain",
                0.0,
                largest(square.iter().map(|p| p.1.gain)),
                // What is left of the distance of the point found from 0, squared.
                1e-12,
            ))
            .claim(Claim::equals("the monkey saddle has one, 0; found", 1.0, monkey.len() as f64, 0.0))
            .claim(Claim::equals(
                "all second derivatives at 0 are 0 and the necessary conditions hold; the first player gains all the same: exponent of \
                 the gain, by how far they move",
                3.0,
                exponent,
                1e-6,
            ))
            .against(2.0, "a necessary condition that fails")
            .headline()
            .measured_as("monkey_exponent")
            .claim(Claim::equals_within(
                "the flow comes to it from all around: ‖z‖ after the time 200 from (−1, 0.2), by w = w₀/(1 + 3w₀t)",
                expected,
                end.as_deref().map_or(f64::NAN, size),
                1e-6,
            ))
            .against(size(&w0), "no approach at all")
            .headline()
            .claim(Claim::at_most(
                "on the weird saddle all critical points but 0 lie on xy = ½: largest |xy − ½|",
                0.0,
                largest(curve.iter().map(|p| (p.0.z[0] * p.0.z[1] - 0.5).abs())),
                1e-9,
            ))
            .not_measured_if(curve.is_empty(), "Newton's method came to none")
            .claim(Claim::at_most(
                "none of these is an equilibrium, ∂²Φ/∂x² = −2y²: the first player gains (0.1 y)²; largest relative difference",
                0.0,
                largest(curve.iter().map(|p| (p.1.gain / (0.1 * p.0.z[1]).powi(2) - 1.0).abs())),
                1e-6,
            ))
            .not_measured_if(curve.is_empty(), "Newton's method came to none")
            .claim(Claim::at_most(
                "at 0 nobody gains: it is one, though the test leaves it open; largest gain",
                0.0,
                largest(zero.iter().map(|p| p.1.gain)),
                1e-12,
            ))
            .claim(Claim::equals(
                "descent–ascent drifts out to that curve: xy at its end",
                0.5,
                gda[0] * gda[1],
                1e-6,
            ))
            .against(0.0, "the equilibrium")
            .headline()
            .claim(Claim::at_least(
                "the flow cannot end nearer to 0 than the curve is: ‖z‖ at its end",
                1.0,
                size(&gda),
                1e-6,
            ))
            .bound()
            .against(self.start, "where it started")
            .claim(Claim::less_than(
                "extragradient from the same start comes to the equilibrium: ‖z‖ at its end, beside that of its start",
                self.start,
                size(&eg),
                0.0,
            ))
            .measured_as("eg_final")
            .figure(self.figure([&square, &monkey, &weird], &gda, &eg)))
    }
}

impl SaddleSurfaces {
    /// Where a method ends on the weird saddle: for ever, seen in steps of so much time over α more.
    fn played(&self, method: &impl Method, time: f64) -> Result<Vec<f64>> {
        let settings = PlaySettings {
            steps: (time / self.alpha / self.alpha).ceil() as usize,
            ..PlaySettings::default()
        };
        let mut rng = stream(0, "unused", 0);
        let start = [self.start, 0.0];
        let played = play(
            &WeirdSaddle,
            method,
            &Unconstrained,
            &start,
            &settings,
            &mut rng,
            &mut Unseen,
        )?;
        Ok(played.z)
    }

    fn figure(&self, all: [&[(Critical, Point)]; 3], gda: &[f64], eg: &[f64]) -> Figure {
        let [square, monkey, weird] = all;
        let weird = surface(&WeirdSaddle, weird, 0.5)
            .points("GDA ends here", &[gda[0]], &[gda[1]])
            .color(5)
            .marker(Marker::nth(1))
            .size(9.0)
            .points("EG ends here", &[eg[0]], &[eg[1]])
            .color(2)
            .marker(Marker::nth(2))
            .size(9.0);
        Figure::new(Self::ABOUT.title)
            .panel(surface(&SquareSaddle, square, 4.0))
            .panel(surface(&MonkeySaddle, monkey, 8.0))
            .panel(weird)
            .columns(3)
    }
}

/// Φ as colours, cut at ±`most`, with the critical points.
fn surface(game: &impl Game, points: &[(Critical, Point)], most: f64) -> Panel {
    const CELLS: usize = 80;
    let edges: Vec<f64> = (0..=CELLS)
        .map(|k| HALF * (2.0 * k as f64 / CELLS as f64 - 1.0))
        .collect();
    let middle = |k: usize| 0.5 * (edges[k] + edges[k + 1]);
    let z = Array2::from_shape_fn((CELLS, CELLS), |(row, column)| {
        game.payoff(&[middle(column), middle(row)])
            .clamp(-most, most)
    });
    let of = |nash: &'static str| -> (Vec<f64>, Vec<f64>) {
        let own = points.iter().filter(|p| p.1.nash == nash);
        own.map(|p| (p.0.z[0], p.0.z[1])).unzip()
    };
    let name = points.first().map_or("", |p| p.1.surface);
    let mut panel = Panel::new("x, minimises", "y, maximises")
        .title(&format!("Φ = {name}"))
        .equal_aspect()
        .heatmap(&format!("Φ, cut at ±{most}"), &edges, &edges, &z)
        .colors(ColorScale::Diverging)
        .color_range(-most, most);
    for (index, nash) in ["yes", "perhaps", "no"].into_iter().enumerate() {
        let (x, y) = of(nash);
        if !x.is_empty() {
            panel = panel
                .points(&format!("critical; equilibrium: {nash}"), &x, &y)
                .color([2, 3, 0][index])
                .marker(Marker::nth(index))
                .size(7.0);
        }
    }
    panel
}

/// The critical points of a game in the square, with their rows.
fn points(surface: &'static str, game: &impl Game) -> Result<Vec<(Critical, Point)>> {
    let square = Cuboid {
        low: vec![-HALF; 2],
        high: vec![HALF; 2],
    };
    let found = critical_points(game, &square, 8)?;
    let rows = found.into_iter().map(|critical| {
        let row = Point {
            surface,
            x: critical.z[0],
            y: critical.z[1],
            payoff: game.payoff(&critical.z),
            rate: critical.eigenvalues[0].0,
            flow: match critical.stability {
                Stability::Attracting => "attracts",
                Stability::Repelling => "repels",
                Stability::Saddle => "saddle",
                Stability::Undecided => "undecided",
            },
            nash: match critical.nash {
                Some(Nash::Yes) => "yes",
                Some(Nash::Perhaps) => "perhaps",
                Some(Nash::No) => "no",
                None => "no payoff",
            },
            gain: gain(game, critical.z, 0.1),
        };
        (critical, row)
    });
    Ok(rows.collect())
}

/// What a player gains at most by moving alone by up to `reach`, looked at in 200 places each.
fn gain(game: &impl Game, z: [f64; 2], reach: f64) -> f64 {
    let rest = game.payoff(&z);
    let places = (-100..=100).map(|k| reach * f64::from(k) / 100.0);
    let gains = places.flat_map(|t| {
        let first = rest - game.payoff(&[z[0] + t, z[1]]);
        let second = game.payoff(&[z[0], z[1] + t]) - rest;
        [first, second]
    });
    larger(largest(gains), 0.0)
}
