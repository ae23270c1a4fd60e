//! One worst attack may lead uphill; the shortest vector of all their gradients leads down.

mod digits;
mod figure;
mod kinks;
mod plane;
mod settings;

use ndarray::{Array1, array};

use crate::attack::{Plane, directional_derivative};
use crate::data::Source;
use crate::error::{Error, Result};
use crate::experiment::problems::robust_digits::RobustRun;
use crate::experiment::{About, Claim, Context, Findings, Study, row};
use crate::stats::{Estimate, largest, least, mean};
use digits::Place;
use figure::{Drawn, PLACE};
use kinks::{Checked, H, both_ends, in_plane};
use plane::{Path, Runs, along_the_axis, at_best};
pub use settings::Danskin;

/// How often chance alone may break a claim.
const LEVEL: f64 = 1e-4;

/// Places at which the theorem is tried, of either kind.
const PLACES: usize = 300;

/// Training that lowers the error under attack by less than this leaves nothing to compare a change with.
const LEARNED: f64 = 0.02;

/// With a clean error above this networks do no better than by guessing one of ten, and an error under attack that falls to that says nothing.
const GUESSING: f64 = 0.89;

/// Directions that are tried against DDi.
const DIRECTIONS: usize = 3600;

row! {
    /// The plane, or digits in one setting.
    struct Point {
        /// plane, or digits
        problem: &'static str;
        /// DDi; one: the gradient at one attack
        method: &'static str;
        /// attacks whose gradients are used
        attacks: usize;
        /// what theory does not cover: B batch normalisation, R ReLU, m momentum; empty in the plane
        added: Option<String>;
        /// plane: f at the end, mean over runs
        value: Option<Estimate>, and value_se "its standard error";
        /// digits: test error under attack at the end, mean over draws
        robust_error: Option<Estimate>, and robust_se "its standard error";
        /// digits: test error without attack, mean over draws
        clean_error: Option<Estimate>, and clean_se "its standard error";
        /// digits: ‖g*‖ of the hull over ‖g‖ of its first gradient, mean over steps and draws
        shortening: Option<f64>;
    }
}

impl Study for Danskin {
    const ABOUT: About = About {
        id: "danskin",
        title: "Danskin's theorem: one worst attack may lead uphill",
        what: "f(x) = max_y Φ(x, y) falls along γ at the rate max⟨γ, ∇Φ⟩ over all maximisers y: compared with difference quotients. Where there are \
               several, −∇Φ at one of them may lead up: for |x| at 0, and in a plane, where steps along one gradient zigzag and the shortest \
               vector in the hull of all gradients (DDi) walks straight to the minimum. With K attacks from random starts it does so with \
               a known chance. Then both train networks on digits, with and without what theory does not cover: batch normalisation, ReLU, momentum.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Danskin's Theorem (1966)\", \"A counterexample\", \"Comparison with the state-of-the-art\"; after Latorre, Krawczuk, \
                Dadi, Pethick & Cevher 2023, openreview I3HCE7Ro78H",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        self.fit_to(data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        for (what, list) in [
            ("batch_norm", &self.batch_norm),
            ("relu", &self.relu),
            ("momentum", &self.momentum),
        ] {
            if list.len() == 2 && list[0] == list[1] {
                return Err(Error::domain(what, "each once", list.join(",")));
            }
        }
        let checked = Checked::at_random(seed, PLACES)?;
        let paths = self.both_paths()?;
        let runs = self.plane_runs(seed, context)?;
        let places = self.places();
        let (found, mnist) = self.digit_runs(&places, seed, context)?;
        let pairs: Vec<(Place, &[RobustRun], &[RobustRun])> = places
            .chunks_exact(2)
            .zip(found.chunks_exact(2))
            .map(|(place, runs)| (place[0], &*runs[0], &*runs[1]))
            .collect();
        self.findings(&checked, &paths, &runs, &pairs, mnist)
    }
}

impl Danskin {
    fn findings(
        &self,
        checked: &Checked,
        paths: &[Path; 2],
        runs: &[Runs],
        pairs: &[(Place, &[RobustRun], &[RobustRun])],
        mnist: bool,
    ) -> Result<Findings> {
        let points = self.points(runs, pairs)?;
        let (risen, shortest) = kinks::absolute(0.25)?;
        let (goal, _) = along_the_axis(self.step, self.steps);
        let first = paths[1].values();
        let set = in_plane(PLACE, &both_ends())?;
        let one = set.gradients.row(0);
        let size = one.dot(&one).sqrt();
        let gamma = one.mapv(|g| -g / size);
        let quotient = (Plane::worst([PLACE[0] + H * gamma[0], PLACE[1] + H * gamma[1]])
            - Plane::worst(PLACE))
            / H;
        let steepest = least(
            directions()
                .map(|gamma| directional_derivative(&set.gradients, &gamma).unwrap_or(f64::NAN)),
        );
        let hulls = || {
            pairs
                .iter()
                .flat_map(|(_, _, hull)| hull.iter())
                .flat_map(|run| &run.hulls)
        };
        let against =
            hulls().filter(|h| h.agreement <= 0.0).count() as f64 / hulls().count() as f64;
        let mut found = Findings::of(&points)
            .claim(Claim::at_most(
                &format!(
                    "D_γ f = max⟨γ, ∇Φ⟩ over all maximisers, at {} random places and directions, half of them at kinks: largest distance of a \
                     difference quotient, in units of what its step and rounding allow",
                    checked.places
                ),
                1.0,
                checked.all,
                0.0,
            ))
            .against(checked.one, "one maximiser alone")
            .headline()
            .claim(Claim::equals("f = |x| at 0 with the maximiser δ = 1: a step of ¼ along −∇ₓΦ raises f by", 0.25, risen, 1e-12))
            .against(-0.25, "a descent direction, as the corollary has it")
            .claim(Claim::equals("f = |x| at 0: the shortest vector among all gradients has the length", 0.0, shortest, 1e-12))
            .against(1.0, "a direction that leads down")
            .claim(Claim::equals(
                "the plane, x = (½, 0): along −∇Φ at one maximiser f rises at the rate 1.5/√1.25",
                1.5 / 1.25_f64.sqrt(),
                quotient,
                2.0 * H,
            ))
            .against(-size, "falling, at the gradient's length")
            .measured_as("rate_of_one")
            .claim(Claim::equals(
                &format!("the plane, x = (½, 0): of {DIRECTIONS} directions the steepest falls at the length of the shortest vector"),
                -set.least_norm()?.norm,
                steepest,
                // The nearest direction of the grid is at most half a spacing away, and f has slopes up to the gradients' length.
                size * std::f64::consts::PI / DIRECTIONS as f64,
            ))
            .against(-size, "at one gradient's length")
            .claim(Claim::equals(
                "the plane, from (1, 0): the first step s along one gradient raises f by s²",
                self.step.powi(2),
                first[1] - first[0],
                1e-12,
            ))
            .against(-self.step * 8.0_f64.sqrt(), "a descent at the gradient's length")
            .claim(Claim::equals(
                &format!("the plane: f after {} steps of DDi, by x ← |x − s| along the axis", self.steps),
                goal,
                paths[0].end(),
                1e-9,
            ))
            .against(2.0, "no descent at all")
            .headline()
            .measured_as("ddi_final")
            .claim(
                Claim::at_least(
                    &format!("the plane: f after {} steps along one gradient is at least 1 + a², a ← a(1 − s/√(a² + 1))", self.steps),
                    at_best(self.step, self.steps),
                    paths[1].end(),
                    1e-12,
                )
                .against(goal, "as low as DDi")
                .may_stay_open(true, "so many steps along one gradient might get as low"),
            )
            .bound()
            .headline()
            .measured_as("pgd_final")
            .claim(Claim::no_surprise(
                "the plane, K attacks from random starts: no step is wrong with the chance (1 − 2^(1−K))^steps, by binomial tests",
                runs.iter().map(Runs::p_value).collect::<Result<Vec<f64>>>()?,
                LEVEL,
            ))
            .claim(Claim::at_most(
                "digits: no gradient of an attack has a smaller product with g* than ‖g*‖², at any step: largest shortfall over ‖g*‖²",
                0.0,
                largest(hulls().map(|h| h.gap)),
                1e-6,
            ))
            .identity()
            .measure("shortening", mean(hulls().map(|h| h.shortest / h.first)))
            .measure("least_agreement", least(hulls().map(|h| h.agreement)))
            .measure("share_of_steps_against", against)
            .measure("ddi_robust_error", ends(pairs, true)?)
            .measure("one_robust_error", ends(pairs, false)?);
        for (place, one, hull) in pairs {
            let change = Estimate::of(one.iter().zip(*hull), |(one, hull)| hull.end() - one.end())?;
            let learned = mean(one.iter().map(|run| run.end() - run.robust[0]));
            let clean = mean(one.iter().map(|run| run.clean[run.clean.len() - 1]));
            if place.label() == "none" {
                found = found
                    .measure("ddi_change", change.mean)
                    .measure("ddi_change_se", change.se);
            }
            let text = format!(
                "digits, {} (trend): the error under attack changes by DDi in place of one attack, in the mean over draws, by less than half \
                 of what training lowers it by",
                place.words()
            );
            found = found
                .claim(
                    Claim::at_most(&text, -learned / 2.0, change.mean.abs(), 0.0)
                        .against(-learned, "by as much as training"),
                )
                .trend(mnist)
                .not_measured_if(
                    -learned < LEARNED || clean > GUESSING,
                    "networks have hardly learned: set more epochs, another epsilon, learning_rate or width",
                );
        }
        let drawn = Drawn {
            title: Self::ABOUT.title,
            paths,
            runs,
            pairs,
            steps: self.training(pairs[0].0).steps(self.n),
            epochs: self.epochs,
        };
        Ok(found.figure(figure::figure(&drawn)?))
    }

    fn points(
        &self,
        runs: &[Runs],
        pairs: &[(Place, &[RobustRun], &[RobustRun])],
    ) -> Result<Vec<Point>> {
        let mut points = Vec::new();
        for run in runs {
            points.push(Point {
                problem: "plane",
                method: if run.attacks == 1 { "one" } else { "DDi" },
                attacks: run.attacks,
                added: None,
                value: Some(Estimate::of(&run.ends, |f| *f)?),
                robust_error: None,
                clean_error: None,
                shortening: None,
            });
        }
        for (place, one, hull) in pairs {
            for (method, attacks, runs) in [("one", 1, one), ("DDi", self.attacks, hull)] {
                let hulls: Vec<f64> = runs
                    .iter()
                    .flat_map(|r| &r.hulls)
                    .map(|h| h.shortest / h.first)
                    .collect();
                points.push(Point {
                    problem: "digits",
                    method,
                    attacks,
                    added: Some(place.label()),
                    value: None,
                    robust_error: Some(Estimate::of(runs.iter(), |r| {
                        r.robust[r.robust.len() - 1]
                    })?),
                    clean_error: Some(Estimate::of(runs.iter(), |r| r.clean[r.clean.len() - 1])?),
                    shortening: (!hulls.is_empty()).then(|| mean(hulls)),
                });
            }
        }
        Ok(points)
    }
}

/// Unit vectors of the plane, evenly spread.
fn directions() -> impl Iterator<Item = Array1<f64>> {
    (0..DIRECTIONS).map(|i| {
        let angle = i as f64 * std::f64::consts::TAU / DIRECTIONS as f64;
        array![angle.cos(), angle.sin()]
    })
}

/// The mean robust error at the end, place by place.
fn ends(pairs: &[(Place, &[RobustRun], &[RobustRun])], hull: bool) -> Result<Vec<f64>> {
    let runs = pairs
        .iter()
        .map(|(_, one, ddi)| if hull { *ddi } else { *one });
    Ok(runs
        .map(|runs| mean(runs.iter().map(RobustRun::end)))
        .collect())
}
