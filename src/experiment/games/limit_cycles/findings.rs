//! Numbers and claims.

use super::portrait::{Portrait, agree, approach};
use super::runs::{Run, Step};
use super::settings::LimitCycles;
use crate::error::Result;
use crate::experiment::{Claim, Draft, Findings};
use crate::game::arena::{AlmostBilinear, GlobalForsaken};
use crate::game::{Critical, Cycle, Eg, EgPlus, End, Nash, PlaySettings, play};
use crate::optimise::{Field, Unconstrained, Unseen};
use crate::real::norm;
use crate::rng::stream;
use crate::stats::{Estimate, exact_power_law, largest, least};

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

const AT_REST: &str = "the run starts at the critical point itself";

/// How long who agrees descends.
const DESCENT: f64 = 100.0;

/// All that was computed.
pub(super) struct Found<'a> {
    pub(super) points: &'a [Critical],
    pub(super) flow: &'a Portrait,
    pub(super) followed: &'a Portrait,
    pub(super) steps: &'a [Step],
    pub(super) run: &'a Run,
    /// One from inside the repelling cycle.
    pub(super) inside: Option<&'a Run>,
    pub(super) ends: &'a [End],
}

const NO_CYCLE: &str = "no cycle attracts";
const NO_WALL: &str = "no cycle repels";

impl LimitCycles {
    /// Everything but the figure.
    pub(super) fn draft(&self, found: &Found<'_>) -> Result<Draft> {
        let draft = Findings::of(found.steps.iter().copied());
        let draft = self.numbers(draft, found);
        let draft = self.beside_the_point(draft, found)?;
        let draft = self.of_the_cycles(draft, found)?;
        let draft = self.of_the_steps(draft, found)?;
        let draft = self.of_the_noise(draft, found)?;
        let draft = self.of_the_starts(draft, found);
        self.of_agreement(draft, found)
    }

    fn numbers(&self, draft: Draft, found: &Found<'_>) -> Draft {
        let cycle = found.flow.attracting.as_ref();
        let wall = found.flow.repelling.as_ref();
        let on_cycle = |of: fn(&Cycle) -> f64| cycle.map(of);
        draft
            .measure("critical_points", found.points.len() as f64)
            .measure("critical_x", found.flow.point[0])
            .measure("critical_y", found.flow.point[1])
            .measure("critical_rate", found.flow.rate)
            .measure_or("radius_min", on_cycle(|c| c.radius_min), NO_CYCLE)
            .measure_or("radius_max", on_cycle(|c| c.radius_max), NO_CYCLE)
            .measure_or("radius_mean", on_cycle(|c| c.radius_mean), NO_CYCLE)
            .measure_or("period", on_cycle(|c| c.period), NO_CYCLE)
            .measure_or("unstable_radius", wall.map(|c| c.radius_mean), NO_WALL)
            .measure_or("unstable_radius_min", wall.map(|c| c.radius_min), NO_WALL)
            .measure_or("unstable_radius_max", wall.map(|c| c.radius_max), NO_WALL)
            .measure("final_x", found.run.end[0])
            .measure("final_y", found.run.end[1])
            .measure("final_field_norm", found.run.field_norm)
            .measure(
                "converged",
                f64::from(u8::from(found.run.field_norm < 1e-4)),
            )
    }

    /// Whether the run that is drawn begins at the critical point, where even what repels holds it.
    fn at_rest(&self, found: &Found<'_>) -> bool {
        let [x, y] = found.flow.point;
        (self.start[0] - x).hypot(self.start[1] - y) < 1e-3
    }

    /// The critical point: its rate, and whether it may be an equilibrium.
    fn beside_the_point(&self, draft: Draft, found: &Found<'_>) -> Result<Draft> {
        let point = found.points.iter().find(|p| p.z == found.flow.point);
        let point = point.expect("the portrait is around one of the points");
        let im = point.eigenvalues[0].1;
        let measured = self.measured_rate(point.z, im)?;
        let may = point.nash.map(|nash| match nash {
            Nash::No => 0.0,
            Nash::Perhaps => 0.5,
            Nash::Yes => 1.0,
        });
        Ok(draft
            .measure_or("local_nash", may, "the field comes from no payoff")
            .claim(Claim::equals(
                "beside the critical point ln‖z − z*‖ changes along the flow by the real part of the eigenvalues of −J: below 0 it \
                 attracts, above 0 it repels",
                found.flow.rate,
                measured.unwrap_or(f64::NAN),
                // From 10⁻⁵ away; second derivatives of V are below 100 there.
                1e-3,
            ))
            .against(0.0, "circles, as in the game xy")
            .not_measured_if(measured.is_none(), "the eigenvalues are real"))
    }

    fn of_the_cycles(&self, draft: Draft, found: &Found<'_>) -> Result<Draft> {
        let Some(cycle) = &found.flow.attracting else {
            return Ok(draft.claim(
                Claim::greater_than("a cycle attracts: least ‖V‖ on it", 0.0, f64::NAN, 0.0)
                    .not_measured_if(true, NO_CYCLE),
            ));
        };
        let game = self.chosen();
        let spacing = cycle.length / cycle.path.len() as f64;
        let (start, end) = approach(&game, found.flow, cycle)?;
        let mut draft = draft
            .claim(Claim::at_most(
                "a cycle attracts: distance from its points, where the flow is after 25 times the slowest time, from beside it within and \
                 without; at most their spacing",
                spacing,
                end,
                0.0,
            ))
            .against(start, "where it started")
            .headline()
            .claim(Claim::less_than(
                "the cycle attracts by the divergence along it: P′ = exp ∮div(−V) dt",
                1.0,
                cycle.multiplier,
                0.0,
            ))
            .measured_as("multiplier");
        if let Some(wall) = &found.flow.repelling {
            draft = draft
                .claim(Claim::greater_than(
                    "a cycle repels by the divergence along it, and is found backward in time: P′ = exp ∮div(−V) dt",
                    1.0,
                    wall.multiplier,
                    0.0,
                ))
                .measured_as("unstable_multiplier");
        }
        let law = match self.game {
            "almost_bilinear" => {
                let epsilon = AlmostBilinear::default().epsilon;
                Some((2.0 / 3.0_f64.sqrt(), epsilon * epsilon, 2.0_f64.sqrt()))
            }
            "polar" => Some((1.0, 1e-7, 0.75)),
            _ => None,
        };
        if let Some((radius, tolerance, rival)) = law {
            draft = draft
                .claim(Claim::equals(
                    "mean ‖z‖ on the cycle: 1 in the polar game; 2/√3 in the almost bilinear one, up to ε²",
                    radius,
                    cycle.radius_mean,
                    tolerance,
                ))
                .against(rival, "the other cycle, or where φ is 0");
        }
        if let (Some(wall), "polar") = (&found.flow.repelling, self.game) {
            draft = draft
                .claim(Claim::equals(
                    "‖z‖ of the repelling one: ¾",
                    0.75,
                    wall.radius_mean,
                    1e-7,
                ))
                .against(1.0, "the attracting one");
        }
        // Between two points of the path ‖V‖ falls by no more than half a spacing times the largest slope, itself by the path.
        let speeds = |z: &[f64; 2]| -> Result<f64> {
            let mut v = [0.0; 2];
            game.at(z, &mut v)?;
            Ok(norm([&v[..]]))
        };
        let along = cycle
            .path
            .iter()
            .map(speeds)
            .collect::<Result<Vec<f64>>>()?;
        let jump = largest(
            along
                .iter()
                .zip(along.iter().skip(1))
                .map(|(a, b)| (a - b).abs()),
        );
        draft = draft
            .claim(Claim::greater_than(
                "the cycle is internally chain transitive and holds no critical point: least ‖V‖ on it, beside how far ‖V‖ may fall between two \
                 of its points",
                jump,
                cycle.field_min,
                0.0,
            ))
            .measured_as("cycle_field_min");
        // Where the method's own cycle is, V is as on the flow's up to what a step changes.
        let to_cycle = found.followed.to_cycle(&self.start) == Some(true);
        let speeds = found.followed.attracting.as_ref();
        let expected = speeds.map_or(f64::NAN, |c| c.field_min);
        Ok(draft
            .claim(Claim::equals(
                "what is come to may hold no critical point: least ‖V‖ over the last tenth of the run, by the cycle",
                expected,
                found.run.least,
                0.5 * expected.abs(),
            ))
            .against(0.0, "an attractor of a function that is minimised")
            .headline()
            .measured_as("field_min")
            .not_measured_if(!to_cycle, "the run starts where it comes to the point")
            .not_measured_if(self.at_rest(found), AT_REST))
    }

    fn of_the_steps(&self, draft: Draft, found: &Found<'_>) -> Result<Draft> {
        // Only the three shortest: an exponent is of short steps.
        let short = &found.steps[..3];
        let gaps = |to: fn(&Step) -> Option<f64>| {
            let gap = |s: &Step| Some((s.radius? - to(s)?).abs());
            short.iter().map(gap).collect::<Option<Vec<f64>>>()
        };
        let (own, plain) = (gaps(|s| s.followed), gaps(|s| s.flow));
        let alphas: Vec<f64> = short.iter().map(|s| s.alpha).collect();
        let exponent = |gaps: &Option<Vec<f64>>| match gaps {
            Some(gaps) => exact_power_law(&alphas, gaps).map(|law| law.exponent),
            None => Ok(f64::NAN),
        };
        let missing = own.is_none() || plain.is_none();
        let reason = "the method or the flow has no cycle at one of the three shortest steps";
        let mut draft = draft
            .claim(Claim::equals(
                "a step moves the cycle: exponent of its mean radius less the flow's, by α, of the three shortest steps",
                1.0,
                exponent(&plain)?,
                0.5,
            ))
            .against(2.0, "a shift of order α²")
            .not_measured_if(missing, reason)
            .measured_as("exponent_of_shift")
            .claim(Claim::at_least(
                "how far, backward error analysis says: exponent of its mean radius less that of the cycle of V − α(c − ½)JV, \
                 c = 0 for GDA, 1 for EG, 2 for EG+",
                2.0,
                exponent(&own)?,
                0.5,
            ))
            .against(1.0, "a shift that is not the predicted one")
            .headline()
            .not_measured_if(missing, reason)
            .measured_as("exponent_of_rest");
        if self.game == "almost_bilinear" {
            let game = AlmostBilinear::default();
            draft = draft
                .claim(Claim::equals(
                    "extragradient takes the cycle away from α = ε + … on, where |1 + αλ + α²λ²| = 1 for the eigenvalues λ of −J(0): the step at \
                     which runs beside 0 no longer leave it",
                    last_step(game.epsilon),
                    last_step_measured(&game)?,
                    1e-6,
                ))
                .against(game.epsilon, "to first order, α = ε")
                .measured_as("step_without_cycle");
        }
        if let ("global_forsaken", Some(cycle)) = (self.game, &found.flow.attracting) {
            draft = draft
                .claim(Claim::equals(
                    "EG+ that looks ahead by γ = 1/L and steps by αγ, α = ⅕ < 1 + 2ρL, leaves the cycle: ‖V‖ where it ends from (1, 1)",
                    0.0,
                    far_ahead()?,
                    1e-9,
                ))
                .against(cycle.field_min, "the cycle that short steps end on")
                .headline()
                .measured_as("eg_plus_final_field_norm");
        }
        Ok(draft)
    }

    fn of_the_noise(&self, draft: Draft, found: &Found<'_>) -> Result<Draft> {
        let p_values = found.steps.iter().map(Step::p_value);
        let p_values = p_values.collect::<Result<Vec<_>>>()?;
        let p_values: Vec<f64> = p_values.into_iter().flatten().collect();
        let crowded = found
            .flow
            .repelling
            .as_ref()
            .is_some_and(|wall| self.distance(wall) / 0.6745 > 0.1 * found.flow.gap(wall));
        let missing = p_values.len() < 2 || crowded;
        let reason = match crowded {
            true => "the noise is too strong for a repelling cycle so near to what attracts",
            false => NO_WALL,
        };
        let shares: Vec<&Step> = found.steps.iter().filter(|s| s.share.is_some()).collect();
        let ends = shares.first().zip(shares.last());
        let of = |step: &Step, of: fn(&Step) -> Option<f64>| of(step).unwrap_or(f64::NAN);
        let difference = |what: fn(&Step) -> Option<f64>| {
            ends.map_or(f64::NAN, |(first, last)| of(first, what) - of(last, what))
        };
        let n = self.seeds as f64;
        let variance = |p: f64| p * (1.0 - p) / n;
        let law = |s: &Step| s.share_law;
        let gain = Estimate {
            mean: difference(|s| s.share),
            se: ends.map_or(f64::NAN, |(first, last)| {
                (variance(of(first, law)) + variance(of(last, law))).sqrt()
            }),
            draws: self.seeds,
        };
        let left_out = ends.map_or(f64::NAN, |(_, last)| {
            0.5 * (of(last, |s| s.share_high) - of(last, |s| s.share_low))
        });
        let surer = Claim::mean_equals(
            "with arbitrarily high probability: the share at the shortest step less that at the longest",
            difference(|s| s.share_law),
            gain,
            left_out,
            LEVEL,
        )?
        .against(0.0, "a share that shorter steps do not raise")
        .may_stay_open(true, "so few runs, or steps so alike, do not tell")
        .not_measured_if(missing, reason);
        Ok(draft
            .claim(Claim::no_surprise(
                "noisy runs from outside of the repelling cycle: the share that ends on the attracting one is Φ(d/(wσ√α)), up to second \
                 order, by binomial tests",
                p_values,
                LEVEL,
            ))
            .not_measured_if(missing, reason)
            .headline()
            .claim(surer)
            .measure_or("share_at_shortest", shares.first().and_then(|s| s.share), NO_WALL)
            .measure_or("share_at_longest", shares.last().and_then(|s| s.share), NO_WALL))
    }

    fn of_the_starts(&self, draft: Draft, found: &Found<'_>) -> Draft {
        let grid = self.grid();
        let clear = |z: &[f64]| {
            let walls = found.followed.repelling.iter().chain(&found.flow.repelling);
            walls.into_iter().all(|wall| wall.distance(z) > self.alpha)
        };
        let (mut wrong, mut on_cycle) = (0, 0);
        let mut unknown = false;
        for (index, end) in found.ends.iter().enumerate() {
            let z = grid.centre(index);
            on_cycle += usize::from(*end == End::Cycle(0));
            // The repelling point itself is left by rounding alone.
            let away = (z[0] - found.flow.point[0]).hypot(z[1] - found.flow.point[1]) > 1e-3;
            match found.followed.to_cycle(&z) {
                Some(outside) if clear(&z) && away => {
                    let expected = match outside {
                        true => End::Cycle(0),
                        false => End::Point(0),
                    };
                    wrong += usize::from(*end != expected);
                }
                Some(_) => {}
                None => unknown = true,
            }
        }
        let side = found.followed.to_cycle(&self.start);
        let ended = match found.run.field_norm < 1e-4 {
            true => 0.0,
            false => 1.0,
        };
        draft
            .measure("share_of_starts_to_cycle", on_cycle as f64 / found.ends.len() as f64)
            .claim(Claim::equals(
                "without noise the repelling cycle is the border: starts of the square that do not end where its side says, of \
                 those farther than α from it",
                0.0,
                f64::from(wrong as u32),
                0.0,
            ))
            .not_measured_if(unknown, "nothing attracts")
            .headline()
            .measured_as("starts_on_the_wrong_side")
            .claim(Claim::equals(
                "the run that is drawn ends on the cycle (1) or at the point (0), by the side its start is on",
                side.map_or(f64::NAN, |outside| f64::from(u8::from(outside))),
                ended,
                0.0,
            ))
            .not_measured_if(
                side.is_none() || !clear(&self.start),
                "it starts within α of the repelling cycle, or nothing attracts",
            )
            .not_measured_if(self.at_rest(found), AT_REST)
    }

    /// In minimisation every attractor is critical.
    fn of_agreement(&self, draft: Draft, found: &Found<'_>) -> Result<Draft> {
        let Some(cycle) = &found.flow.attracting else {
            return Ok(draft);
        };
        let (mut ratios, mut players, mut slopes) = (Vec::new(), Vec::new(), Vec::new());
        for z in cycle.path.iter().step_by(cycle.path.len() / 12) {
            let descent = agree(self.chosen(), z, DESCENT)?;
            let allowed = ((descent.first - descent.last) / DESCENT).sqrt();
            ratios.push(descent.least / allowed);
            players.push(cycle.field_min / (descent.first / DESCENT).sqrt());
            slopes.push(descent.least);
        }
        Ok(draft
            .measure("descent_least_slope", largest(slopes))
            .claim(Claim::at_most(
                "in minimisation every attractor is critical: whoever follows −∇f, f = ½‖V‖², from the cycle, has a least ‖∇f‖ of at most \
                 √((f₀ − f)/t); its largest share of that, t = 100",
                1.0,
                largest(ratios),
                0.0,
            ))
            .bound()
            .against(least(players), "the least ‖V‖ of players on the cycle, for ever"))
    }
}

/// The step at which extragradient no longer leaves 0: the root of α³ + εα² − (1 − ε²)α + ε = 0 above 0, from
/// |1 + αλ + α²λ²|² = 1 with λ² − ελ + 1 = 0.
fn last_step(epsilon: f64) -> f64 {
    let rest = |a: f64| a * a * a + epsilon * a * a - (1.0 - epsilon * epsilon) * a + epsilon;
    let (mut low, mut high) = (0.0, 2.0 * epsilon);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        match rest(middle) > 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    0.5 * (low + high)
}

/// The same by runs from 10⁻⁶, by halving: whether 400 steps make x² + εxy + y² smaller, which every linear map of the form
/// p(J(0)) multiplies by |p(λ)|².
fn last_step_measured(game: &AlmostBilinear) -> Result<f64> {
    let settings = PlaySettings {
        steps: 400,
        ..PlaySettings::default()
    };
    let size = |z: &[f64]| z[0] * z[0] + game.epsilon * z[0] * z[1] + z[1] * z[1];
    let start = [1e-6, 0.0];
    let (mut low, mut high) = (0.5 * game.epsilon, 2.0 * game.epsilon);
    let mut rng = stream(0, "unused", 0);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        let method = Eg::new(middle);
        let end = play(
            game,
            &method,
            &Unconstrained,
            &start,
            &settings,
            &mut rng,
            &mut Unseen,
        )?;
        match size(&end.z) > size(&start) {
            true => low = middle,
            false => high = middle,
        }
    }
    Ok(0.5 * (low + high))
}

/// ‖V‖ where EG+ ends on the global forsaken game from (1, 1), with γ = 1/L and a share α of a fifth.
fn far_ahead() -> Result<f64> {
    // L² = ½(74125591 + 9409√59721901)/2835² on the square.
    let lipschitz = (0.5 * (74_125_591.0 + 9_409.0 * 59_721_901.0_f64.sqrt())).sqrt() / 2_835.0;
    let settings = PlaySettings {
        steps: 10_000,
        ..PlaySettings::default()
    };
    let mut rng = stream(0, "unused", 0);
    let played = play(
        &GlobalForsaken,
        &EgPlus::new(1.0 / lipschitz, 0.2),
        &GlobalForsaken::region(),
        &[1.0, 1.0],
        &settings,
        &mut rng,
        &mut Unseen,
    )?;
    Ok(played.field_norm)
}
