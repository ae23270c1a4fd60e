//! Steps along a noisy field shadow its flow, if they are short enough; a bias leads them elsewhere.

mod ends;
mod figure;
mod limit;
mod members;
mod settings;
mod shadow;

use ends::Ends;
use settings::{Chosen, LEVEL, Point};
use shadow::Shadow;

pub use settings::RobbinsMonro;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draft, Findings, Study};
use crate::stats::{PowerLaw, exact_power_law};

/// Steps 0.1 (1 + k/10)^(−3/2), whose sum is finite: next to 2.
const RARE: (f64, f64) = (0.1, 10.0);

impl Study for RobbinsMonro {
    const ABOUT: About = About {
        id: "robbins_monro",
        title: "Robbins–Monro schemes shadow a flow",
        what: "Takes steps z ← z − α_k(V(z) + b + noise) in many runs, α_k falling as k^(−κ). Over a window of the flow's time a run \
               strays from ż = −V(z) by a distance whose square is of order α, carried noise; without noise the distance itself is. So runs end \
               where the flow does, at a point or on a cycle. A bias b that stays leads them to where the flow of V + b ends: how far that is, is \
               measured beside the flow's own answer. Steps of finite sum stop on the way.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Where do the algorithms converge?\"; Mathematics of Data \
                (EE-556), lecture 10: \"Generalized Robbins-Monro schemes\"; after Hsieh, Mertikopoulos & Cevher 2021, arXiv:2006.09065",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let game = self.chosen();
        let shadow = self.shadow(game, seed, context)?;
        let linear = match game {
            Chosen::Quadratic(_) => None,
            _ => Some(self.shadow(Chosen::QUADRATIC, seed, context)?),
        };
        let ends = self.ends(seed, context)?;
        let windows = shadow
            .points()
            .chain(linear.iter().flat_map(Shadow::points));
        let points: Vec<Point> = windows
            .chain(ends.iter().map(|e| e.point(self.game)))
            .collect();
        let figure = self.figure(Self::ABOUT.title, &shadow, &ends)?;
        let found = Self::shadow_claims(
            Findings::of(&points),
            &shadow,
            linear.as_ref().unwrap_or(&shadow),
        )?;
        let found = members::claims(self.stops(found)?, game)?;
        let motion = self.motion(Self::ABOUT.title, &ends)?;
        Ok(self.end_claims(found, &ends)?.motion(motion).figure(figure))
    }
}

impl RobbinsMonro {
    fn shadow_claims(found: Draft, shadow: &Shadow, linear: &Shadow) -> Result<Draft> {
        let windows = &shadow.windows;
        let steps: Vec<f64> = windows.iter().map(|w| w.step).collect();
        let laws: Vec<f64> = windows.iter().map(|w| w.law).collect();
        let eulers: Vec<f64> = windows.iter().map(|w| w.euler).collect();
        let law = exact_power_law(&steps, &laws)?.exponent;
        let measured = PowerLaw::of(windows, |w| w.step, |w| w.square)?;
        Ok(found
            .claim(Claim::no_surprise(
                "quadratic game: mean square distance of runs from the run without noise, the law of carried noise, by χ² tests",
                linear.p_values()?,
                LEVEL,
            ))
            .claim(Claim::mean_equals(
                "runs shadow the flow: mean square distance after 2 units of its time, exponent by the step α of the law, 1 where carried \
                 noise outweighs the step's own error",
                law,
                measured.slope(),
                // What is beyond first order in the noise: the exponent moves by less than a tenth of the way to the rival's.
                0.1,
                LEVEL,
            )?)
            .against(2.0, "as without noise")
            .headline()
            .measured_as("shadow_exponent")
            .claim(Claim::equals(
                "without noise the distance itself is of order α: exponent, nearer to 1 than to 1/2",
                1.0,
                exact_power_law(&steps, &eulers)?.exponent,
                0.25,
            ))
            .against(0.5, "as with noise")
            .measured_as("euler_exponent"))
    }

    /// Steps of finite sum, on the quadratic game: each multiplies z by 1 − α_k(b ± ia).
    fn stops(&self, found: Draft) -> Result<Draft> {
        let Chosen::Quadratic(game) = Chosen::QUADRATIC else {
            return Ok(found);
        };
        let start = Chosen::QUADRATIC.start();
        let steps = shadow::finite_sum(RARE, self.steps)?;
        let factors = (0..self.steps).map(|k| {
            let alpha = RARE.0 * (1.0 + k as f64 / RARE.1).powf(-1.5);
            (1.0 - alpha * game.b).hypot(alpha * game.a)
        });
        let left: f64 = factors.product();
        let size = limit::distance(start, [0.0; 2]);
        Ok(found
            .claim(Claim::equals(
                "κ = 3/2: Σα_k is finite, and the quadratic game's run stops on the way: share of the distance left, \
                 Π|1 − α_k(b + ia)|, up to rounding",
                left,
                limit::distance(steps, [0.0; 2]) / size,
                1e-9,
            ))
            .against(0.0, "at the solution")
            .measured_as("left_with_finite_sum"))
    }

    fn end_claims(&self, found: Draft, ends: &[Ends]) -> Result<Draft> {
        let last = &ends[ends.len() - 1];
        let hidden = last.gap < 2.0 * last.from_biased.mean;
        let reason =
            "the bias moves the flow's end by less than twice what noise keeps the runs from it";
        let mut found = found
            .measure("biases", ends.iter().map(|e| e.bias).collect::<Vec<f64>>())
            .measure("displacements", ends.iter().map(|e| e.gap).collect::<Vec<f64>>())
            .measure("end_from_unbiased", last.from_unbiased.mean)
            .measure("end_from_biased", last.from_biased.mean)
            .claim(Claim::positive(
                "with bias runs end where the flow of V + b does: over the last turn they are nearer to its end than to that of V's flow, gain",
                last.gain,
                LEVEL,
            )?)
            .not_measured_if(hidden, reason)
            .headline()
            .measured_as("gain");
        let no_point = "the flow ends on a cycle, or there is no bias";
        let along = last.along.unwrap_or(crate::stats::Estimate {
            mean: f64::NAN,
            se: f64::NAN,
            draws: self.draws,
        });
        let time: f64 = (0..self.steps).map(|k| self.step(k)).sum();
        // J changes by at most 3.6 a unit near the point and ‖J⁻¹‖ is below 1.2: noise moves the mean by less than
        // ½·3.6·1.2 times its square. What is left of the start falls as e^(−0.3t) or faster.
        let slack = 2.2 * last.square.mean + 1.3 * (-0.3 * time).exp();
        found = found
            .claim(Claim::mean_equals(
                "by how much: mean place of the last turn, its distance from V's zero along the way to the zero of V + b",
                last.gap,
                along,
                slack,
                LEVEL,
            )?)
            .against(0.0, "bias averages out")
            .not_measured_if(last.along.is_none(), no_point)
            .headline()
            .measured_as("displacement");
        let pairs: Vec<&Ends> = ends.iter().filter(|e| e.gap > 0.0).collect();
        let none = last.along.is_none() || pairs.len() < 2;
        let slope = match none {
            true => f64::NAN,
            false => {
                let biases: Vec<f64> = pairs.iter().map(|e| e.bias).collect();
                let gaps: Vec<f64> = pairs.iter().map(|e| e.gap).collect();
                exact_power_law(&biases, &gaps)?.exponent
            }
        };
        Ok(found
            .claim(Claim::equals(
                "the zero moves by J⁻¹b to first order: exponent of its way by ‖b‖, nearer to 1 than to 2",
                1.0,
                slope,
                0.3,
            ))
            .against(2.0, "of second order")
            .not_measured_if(none, no_point)
            .measured_as("displacement_exponent"))
    }
}
