//! The hill: where GDA and EG end, and where populations come to rest.

use super::settings::MixedNash;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::game::arena::Hill;
use crate::game::method::{Eg, Gda};
use crate::game::mixed::{MixedLangevin, Populations, Separable};
use crate::game::{Method, PlaySettings, play};
use crate::optimise::Trajectory;
use crate::rng::stream;

/// Where the trap catches, and where a spiral begins: (θ, ω).
pub(super) const STARTS: [[f64; 2]; 2] = [[1.8, 1.8], [0.3, 0.3]];

/// ‖V‖ at which a method has ended.
pub(super) const ENDED: f64 = 1e-6;

/// Times 1/α², the steps in which GDA multiplies a small radius by e^25 and EG divides it.
const TURNS: f64 = 50.0;

/// Time that the moving picture shows.
const SHOWN: f64 = 80.0;

/// Points of a path that are drawn.
const DRAWN: usize = 400;

/// A method from one start.
pub(super) struct Path {
    pub(super) method: &'static str,
    pub(super) start: [f64; 2],
    /// Where it ends, (θ, ω).
    pub(super) end: [f64; 2],
    /// The beginning, for a picture.
    pub(super) drawn: Vec<(f64, f64)>,
}

impl Path {
    /// What a better reply of either would gain at the end.
    pub(super) fn gap(&self) -> f64 {
        let values = |factors: [(f64, f64); 2]| factors.map(|(value, _)| value);
        let (f, g) = (Hill.first(self.end[0]), Hill.second(self.end[1]));
        Hill.bracket(values(f), values(g)).gap()
    }
}

/// A pair of populations, over the second half of its time.
pub(super) struct Run {
    /// Means of θ² and θ.
    pub(super) f: [f64; 2],
    /// Means of −ω² and ω.
    pub(super) g: [f64; 2],
    /// The variance of ω within its population, over what the means of θ² before it make it by theory.
    pub(super) variance_ratio: f64,
    /// The last points.
    pub(super) end: Populations,
    /// Where the first point of each population was, at the times of the paths that are drawn.
    pub(super) drawn: Vec<(f64, f64)>,
}

impl Run {
    /// The duality gap of the laws that are means over that time.
    pub(super) fn gap(&self) -> f64 {
        Hill.bracket(self.f, self.g).gap()
    }
}

impl MixedNash {
    /// Every how many steps a path is drawn.
    fn every(&self) -> usize {
        ((SHOWN / self.step) as usize / DRAWN).max(1)
    }

    /// GDA and EG from both starts.
    pub(super) fn paths(&self) -> Result<Vec<Path>> {
        let mut paths = Vec::new();
        for start in STARTS {
            paths.push(self.path("GDA", &Gda::together(self.step), start)?);
            paths.push(self.path("EG", &Eg::new(self.step), start)?);
        }
        Ok(paths)
    }

    fn path(&self, name: &'static str, method: &impl Method, start: [f64; 2]) -> Result<Path> {
        let settings = PlaySettings {
            steps: (TURNS / (self.step * self.step)) as usize,
            stop: Some(ENDED),
            ..PlaySettings::default()
        };
        let mut seen = Trajectory::every(self.every()).with_points();
        let rng = &mut stream(0, "none", 0);
        let ended = play(
            &Hill,
            method,
            &Hill::region(),
            &start,
            &settings,
            rng,
            &mut seen,
        )?;
        let points = seen.points();
        let drawn = points.rows().into_iter().take(DRAWN + 1);
        Ok(Path {
            method: name,
            start,
            end: [ended.z[0], ended.z[1]],
            drawn: drawn.map(|z| (z[0], z[1])).collect(),
        })
    }

    /// Populations at each temperature, all points at the first start.
    pub(super) fn runs(&self, seed: u64, context: &Context) -> Result<Vec<Vec<Run>>> {
        let temperatures = self.temperatures();
        context.sweep(
            "populations",
            &temperatures,
            self.draws,
            seed,
            |&tau, draw| self.run_populations(tau, draw),
        )
    }

    fn run_populations(&self, temperature: f64, draw: Draw) -> Result<Run> {
        let (alpha, size) = (self.step, self.particles);
        let langevin = MixedLangevin {
            rate: alpha,
            temperature,
        };
        let mut populations = Populations::at(STARTS[0], size);
        langevin.check(&Hill, &populations)?;
        let mut rng = draw.rng("populations");
        let (steps, every) = (self.population_steps(), self.every());
        let half = steps / 2;
        let (mut f_sum, mut g_sum) = ([0.0; 2], [0.0; 2]);
        let (mut variance_sum, mut theory_sum, mut theory) = (0.0, 0.0, 0.0);
        let mut drawn = Vec::new();
        for k in 0..steps {
            if k.is_multiple_of(every) && drawn.len() <= DRAWN {
                drawn.push((populations.first[0], populations.second[0]));
            }
            let (f, g) = langevin.step(&Hill, &mut populations, &mut rng);
            if k >= half {
                for r in 0..2 {
                    f_sum[r] += f[r];
                    g_sum[r] += g[r];
                }
                let unbiased = size as f64 / (size as f64 - 1.0);
                variance_sum += (-g[0] - g[1] * g[1]) * unbiased;
                theory_sum += theory;
            }
            // ω − mean ω shrinks by 1 − 2αE θ² and gets fresh noise, whatever the mean does.
            theory = (1.0 - 2.0 * alpha * f[0]).powi(2) * theory + 2.0 * alpha * temperature;
        }
        let count = (steps - half) as f64;
        Ok(Run {
            f: f_sum.map(|sum| sum / count),
            g: g_sum.map(|sum| sum / count),
            variance_ratio: variance_sum / theory_sum,
            end: populations,
            drawn,
        })
    }
}
