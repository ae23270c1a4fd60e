//! Extragradient through noise: which of the two steps must stay long, and what a projection does to the mean.

mod figure;
mod findings;
mod law;
mod limits;
mod runs;
mod settings;

use findings::Known;
use law::Law;
use runs::Runs;
use settings::Point;
pub use settings::StochasticExtragradient;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};
use crate::game::arena::Quadratic;
use crate::game::linear::Complex;

impl Study for StochasticExtragradient {
    const ABOUT: About = About {
        id: "stochastic_extragradient",
        title: "Extragradient through noise",
        what: "Plays a game whose field is seen through noise by EG+, by SEG with the slide's steps and with steps that are admissible, by SEG+ \
               and by BC-SEG+. On a quadratic game all of them are linear: their ends have a normal law, which is found by an exact \
               recursion and tested. In a box SEG+ ends beside the solution, by how much follows from an integral; the correction takes \
               that away. On the forsaken game an exploring step that stays long leaves the cycle, one that shortens does not.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Solving stochastic weak MVIs without increasing batch size\"; \
                after Pethick, Fercoq, Latafat, Patrinos & Cevher 2023, openreview ejR4E1jaH9k, and Hsieh, Iutzeler, Malick & \
                Mertikopoulos 2020, arXiv:2003.10162",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let marks = self.marks();
        let own = self.play_game(seed, context)?;
        let c = |rho: f64| -> Result<Complex> {
            let game = Quadratic::weak_minty(1.0, rho)?;
            Ok(Complex::new(game.b, -game.a))
        };
        let mut points: Vec<Point> = Vec::new();
        let mut tabled =
            |all: &[Runs], c: Complex, start: Complex, known: bool| -> Result<Vec<Law>> {
                let mut last = Vec::new();
                for runs in all {
                    let laws = self.law(runs.method, c, start, &marks);
                    points
                        .extend(runs.points(&marks, |index| known.then(|| laws[index].square()))?);
                    last.push(laws[laws.len() - 1]);
                }
                Ok(last)
            };
        let start = Complex::new(1.0, 1.0);
        let title = Self::ABOUT.title;
        match self.game {
            "quadratic" => {
                let monotone = self.play_quadratic(
                    0.0,
                    "monotone",
                    &["seg_printed", "seg_admissible"],
                    seed,
                    context,
                )?;
                let known = Known {
                    laws: tabled(&own, c(self.rho)?, start, true)?,
                    runs: &own,
                };
                let beside = Known {
                    laws: tabled(&monotone, c(0.0)?, start, true)?,
                    runs: &monotone,
                };
                let figure = self.figure(title, &points, &own);
                Ok(self
                    .quadratic_claims(Findings::of(points), &known, &beside)?
                    .figure(figure))
            }
            "constrained_bilinear" => {
                let laws = tabled(&own, c(0.0)?, Complex::new(-0.9, -0.9), false)?;
                let figure = self.figure(title, &points, &own);
                Ok(self
                    .constrained_claims(Findings::of(points), &own, &laws)?
                    .figure(figure))
            }
            _ => {
                tabled(&own, c(0.0)?, start, false)?;
                let figure = self.figure(title, &points, &own);
                Ok(self
                    .forsaken_claims(Findings::of(points), &own)?
                    .figure(figure))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E|z|² of every method after three steps by brute force over signs in place of normal numbers, which have the same moments.
    #[test]
    fn moments_are_those_of_signs() {
        use crate::game::{BcSegPlus, Method, StochasticField};
        use crate::optimise::{Field, Schedule, Unconstrained};
        /// Noise from a list.
        struct Given<'a>(Quadratic, std::cell::Cell<usize>, &'a [f64]);
        impl StochasticField for Given<'_> {
            type Sample = [f64; 2];
            type Mean = Quadratic;
            fn mean(&self) -> &Quadratic {
                &self.0
            }
            fn blank(&self) -> [f64; 2] {
                [0.0; 2]
            }
            fn draw(&self, sample: &mut [f64; 2], _: &mut impl rand::Rng) {
                let at = self.1.get();
                self.1.set(at + 2);
                *sample = [self.2[at], self.2[at + 1]];
            }
            fn sampled(&self, z: &[f64], sample: &[f64; 2], v: &mut [f64]) -> Result<()> {
                self.0.at(z, v)?;
                v[0] += sample[0];
                v[1] += sample[1];
                Ok(())
            }
        }
        let settings = StochasticExtragradient {
            noise: 0.4,
            alpha: 0.3,
            steps: 2,
            ..StochasticExtragradient::default()
        };
        let game = Quadratic::weak_minty(1.0, -0.1).expect("valid");
        let bc = BcSegPlus {
            gamma: settings.gamma,
            alpha: 0.3,
            schedule: Schedule::InverseTime { scale: runs::SCALE },
        };
        let mut sum = 0.0;
        for signs in 0..256_u32 {
            let noise: Vec<f64> = (0..8)
                .map(|i| if signs >> i & 1 == 0 { 0.4 } else { -0.4 })
                .collect();
            let field = Given(game, std::cell::Cell::new(0), &noise);
            let mut z = vec![1.0, 1.0];
            let mut memory = bc.begin(&field, &z).expect("valid");
            let mut rng = crate::rng::stream(0, "unused", 0);
            for k in 0..2 {
                bc.step(&field, &Unconstrained, k, &mut z, &mut memory, &mut rng)
                    .expect("valid");
            }
            sum += z[0] * z[0] + z[1] * z[1];
        }
        let c = Complex::new(game.b, -game.a);
        let law = settings.law("bc_seg_plus", c, Complex::new(1.0, 1.0), &[2])[0];
        assert!((sum / 256.0 - law.square()).abs() < 1e-13);
    }
}
