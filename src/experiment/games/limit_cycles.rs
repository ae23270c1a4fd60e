//! Players who follow their gradients may come to a cycle on which nobody is at rest.

mod figure;
mod findings;
mod portrait;
mod problem;
mod runs;
mod settings;

use findings::Found;
use runs::Step;
pub use settings::LimitCycles;

use crate::error::{Error, Result};
use crate::experiment::{About, Context, Findings, Study};

impl Study for LimitCycles {
    const ABOUT: About = About {
        id: "limit_cycles",
        title: "Attractors that hold no critical point",
        what: "Follows the flow ż = −V(z) of four games in the plane: their critical points, the cycle that attracts, and the cycle \
               that repels and hides the solution behind it. A method of first order ends on the side it starts on; its step moves \
               both cycles by an amount that backward error analysis predicts. With noise, runs from outside of the repelling cycle \
               end on the attracting one with a probability that tends to 1 as steps shrink. Whoever minimises one function from \
               the same place comes to rest.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Minimax is more difficult than just optimization\"; \
                Mathematics of Data (EE-556), lecture 10: \"A deterministic, simple example beyond convex-concave\"; after Hsieh, Mertikopoulos & \
                Cevher 2021, arXiv:2006.09065",
        columns: Step::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let points = self.critical()?;
        // The solution: of several points the one nearest to 0.
        let size = |z: [f64; 2]| z[0].hypot(z[1]);
        let nearest = points.iter().min_by(|a, b| size(a.z).total_cmp(&size(b.z)));
        let Some(point) = nearest.map(|p| p.z) else {
            let expected = "a game with a critical point in the square ‖z‖∞ ≤ 1.5";
            return Err(Error::domain("offset", expected, self.offset));
        };
        let flow = self.portrait(point, 0.0)?;
        let followed = self.portrait(point, self.alpha)?;
        let mut steps = context.each("steps", self.steps.clone(), |alpha| {
            let own = self.portrait(point, alpha)?;
            let radius = match &own.attracting {
                Some(cycle) => self.radius(alpha, &own, cycle)?,
                None => None,
            };
            let law = match (&own.repelling, &flow.repelling) {
                (Some(wall), Some(first)) => {
                    // What is left out is of second order. The nearest there may be is a point r₀ inside, ṙ = kr(r² − r₀²): there
                    // the drift's curvature moves the start by v²/r₀, v the deviation, and noise along the cycle by as much. And
                    // the cycle's own place is known up to α².
                    let deviation = wall.width * self.noise * alpha.sqrt();
                    let left_out = 2.0 * deviation * deviation / flow.gap(first) + alpha * alpha;
                    let distance = self.distance(first);
                    let at = |d: f64| wall.outward(d, alpha, self.noise);
                    let shares = [0.0, -left_out, left_out].map(|moved| at(distance + moved));
                    Some((shares, wall.clone()))
                }
                _ => None,
            };
            let step = Step {
                alpha,
                radius,
                followed: own.attracting.map(|c| c.radius_mean),
                flow: flow.attracting.as_ref().map(|c| c.radius_mean),
                share: None,
                share_law: law.as_ref().map(|law| law.0[0]),
                share_low: law.as_ref().map(|law| law.0[1]),
                share_high: law.as_ref().map(|law| law.0[2]),
                runs: self.seeds,
            };
            Ok((step, law.map(|law| law.1)))
        })?;
        for (step, wall) in &mut steps {
            let (Some(wall), Some(first)) = (wall, &flow.repelling) else {
                continue;
            };
            let distance = self.distance(first);
            let out = self.noisy(step.alpha, wall, point, distance, seed, context)?;
            step.share = Some(out as f64 / self.seeds as f64);
        }
        let steps: Vec<Step> = steps.into_iter().map(|(step, _)| step).collect();
        let run = self.run_from(&self.start, &followed)?;
        let inside = match &flow.repelling {
            // Two thirds of the way from the point to the wall.
            Some(wall) => {
                let start = [point[0] + wall.crossing / 1.5, point[1]];
                Some(self.run_from(&start, &followed)?)
            }
            None => None,
        };
        let ends = self.ends(&followed)?;
        let found = Found {
            points: &points,
            flow: &flow,
            followed: &followed,
            steps: &steps,
            run: &run,
            inside: inside.as_ref(),
            ends: &ends,
        };
        let title = Self::ABOUT.title;
        let draft = self.draft(&found)?.motion(self.motion(title, &found)?);
        Ok(draft.figure(self.figure(title, &found)?))
    }
}
