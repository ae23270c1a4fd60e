//! Duality of W₁: the least cost of a plan is the largest advantage of a 1-Lipschitz critic.

mod critics;
mod figure;
mod network;
mod settings;

use ndarray::Array1;

use critics::{KINDS, best_of_random, best_plane};
use figure::{Drawn, figure};
use settings::{Point, samples};
pub use settings::WassersteinDuality;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draw, Draft, Findings, Study};
use crate::stats::{largest, least};
use crate::transport::{
    Assignment, ConeCritic, LineMeasure, Sinkhorn, SinkhornSettings, assign, distances, learn_cones,
    line_coupling, sinkhorn,
};

/// What of W₁ may be rounding.
const ROUNDING: f64 = 1e-9;
/// How far Sinkhorn's rows may be off in all.
const VIOLATION: f64 = 1e-7;

/// What the claims are about.
struct Found {
    best: Assignment,
    least_reduced: f64,
    price_critic: f64,
    random: [f64; 4],
    plane: f64,
    cones: f64,
    cones_bound: f64,
    network: f64,
    network_norm: f64,
    plans: Vec<(f64, Sinkhorn)>,
    split: usize,
}

impl Study for WassersteinDuality {
    const ABOUT: About = About {
        id: "wasserstein_duality",
        title: "The dual of W₁: a plan and a critic that prove each other",
        what: "Two samples in the plane: the best assignment, the prices that prove it, and the 1-Lipschitz critic made from these prices, whose \
               advantage is W₁. No random 1-Lipschitz critic is above: planes, distances, cones, networks with layers of norm 1. Two critics learn: \
               cones by subgradient ascent, within the bound of that method, and a network, which stays further below. Sinkhorn's plans \
               lie between W₁ and W₁ + ε ln n. On the line, n masses that go to n + 1 places must all be split: a plan there is, a map there is not.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023), \"Duality of 1-Wasserstein\", \"Kantorovich-Rubinstein duality \
                applied to our objective\"; Deep learning, lecture 10 (EE-556): \"Minimum cost transportation problem (Monge's problem)\", \"The \
                Wasserstein distance\"; after Peyré & Cuturi 2019, arXiv:1803.00567, and Anil, Lucas & Grosse 2019, arXiv:1811.05381",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let draw = Draw::new(seed, 0);
        let clouds = samples(self.n, &mut draw.rng("samples"))?;
        let [x, y] = &clouds;
        let cost = distances(x, y)?;
        let best = assign(&cost)?;
        let w1 = best.mean_cost();
        let critic = ConeCritic::of_assignment(&best, y)?;
        let random = best_of_random(self, &clouds, seed, context)?;
        // Prices are known up to a constant: the shortest of them bound the method.
        let prices = Array1::from(best.column_prices().to_vec());
        let centred = &prices - prices.sum() / self.n as f64;
        let norm = centred.dot(&centred).sqrt();
        let root = (self.cone_steps as f64).sqrt();
        let cones = learn_cones(&cost, y, norm / root, self.cone_steps)?;
        let network = network::learn(self, &clouds, &mut draw.rng("network"))?;
        let masses = Array1::from_elem(self.n, 1.0 / self.n as f64);
        let plans = context.each("plans with an entropy", self.epsilons.clone(), |epsilon| {
            let settings = SinkhornSettings {
                epsilon,
                tolerance: VIOLATION,
                ..SinkhornSettings::default()
            };
            Ok((epsilon, sinkhorn(&cost, &masses, &masses, &settings)?))
        })?;
        let drawn = Drawn {
            title: Self::ABOUT.title,
            samples: &clouds,
            best: &best,
            critic: &critic,
            cones: &cones,
            network: &network,
            plans: &plans,
        };
        let figure = figure(&drawn)?;
        let found = Found {
            least_reduced: best.least_reduced_cost(&cost)? / w1,
            price_critic: critic.advantage(x, y)? / w1,
            random: random.map(|value| value / w1),
            plane: best_plane(&clouds) / w1,
            cones: cones.best / w1,
            cones_bound: norm / root / w1,
            network: network.path[network.path.len() - 1].1 / w1,
            network_norm: network.critic.product_of_norms()?,
            plans,
            split: self.split_on_the_line()?,
            best,
        };
        let rows = self.rows(&found, &network.path, &cones.values);
        Ok(self.claims(Findings::of(rows), &found).figure(figure))
    }
}

impl WassersteinDuality {
    /// How many of n equal masses on the line the best plan splits, to fill n + 1 equal places.
    fn split_on_the_line(&self) -> Result<usize> {
        let places = |count: usize| {
            let points: Vec<f64> = (0..count).map(|i| i as f64 / count as f64).collect();
            LineMeasure::sample(&points)
        };
        Ok(line_coupling(&places(self.n)?, &places(self.n + 1)?)?.split())
    }

    fn claims(&self, found: Draft, f: &Found) -> Draft {
        let w1 = f.best.mean_cost();
        let costs = f.plans.iter().map(|(_, plan)| plan.cost / w1);
        let bound = |epsilon: f64| 1.0 + epsilon * (self.n as f64).ln() / w1;
        let above = f.plans.iter().map(|(epsilon, plan)| plan.cost / w1 - bound(*epsilon));
        let off = largest(f.plans.iter().map(|(_, plan)| plan.violation));
        let unfinished = off.is_nan() || off > VIOLATION;
        let why = "Sinkhorn's iteration has not converged for an ε so small";
        let found = found
            .measure("w1", w1)
            .claim(
                Claim::equals(
                    "the value of the dual at the assignment's prices, in parts of W₁",
                    1.0,
                    f.best.dual() / w1,
                    ROUNDING,
                )
                .headline(),
            )
            .identity()
            .claim(Claim::at_least(
                "the prices are a solution of the dual: the least c − u − v, in parts of W₁",
                0.0,
                f.least_reduced,
                ROUNDING,
            ))
            .identity()
            .claim(Claim::equals(
                "the 1-Lipschitz critic made from the prices: its advantage, in parts of W₁",
                1.0,
                f.price_critic,
                ROUNDING,
            ))
            .identity()
            .claim(
                Claim::at_most(
                    "any 1-Lipschitz critic stays below W₁: the best of all that were tried, learned ones too, in parts of it",
                    1.0,
                    largest(f.random.iter().chain([&f.plane, &f.cones, &f.network])),
                    ROUNDING,
                )
                .headline(),
            )
            .bound()
            .measured_as("best_critic_tried")
            .claim(Claim::at_most(
                "the network's layers have norms of 1 at most: their product",
                1.0,
                f.network_norm,
                ROUNDING,
            ))
            .bound();
        found
            .claim(Claim::at_least(
                "learned cones: the best value in parts of W₁, at least 1 − ‖v*‖/(√k W₁) after k steps",
                1.0 - f.cones_bound,
                f.cones,
                ROUNDING,
            ))
            .bound()
            .not_measured_if(f.cones_bound >= 0.9, "after so few steps the bound says nothing")
            .measured_as("learned_cones")
            .claim(
                Claim::greater_than(
                    "a learned network sees more than the means: its advantage above that of the best plane, in parts of W₁",
                    f.plane,
                    f.network,
                    0.0,
                )
                .headline(),
            )
            .not_measured_if(f.plane > 0.5, "samples so small differ by their means")
            .measured_as("learned_network")
            .measure("best_plane", f.plane)
            .claim(Claim::at_least(
                "Sinkhorn's plans cost W₁ at least: the least ⟨π, c⟩ in parts of it",
                1.0,
                least(costs),
                // What the rows are off may be carried for nothing, over the length of the picture.
                VIOLATION * 10.0,
            ))
            .bound()
            .not_measured_if(unfinished, why)
            .claim(Claim::at_most(
                "Sinkhorn's plans cost W₁ + ε ln n at most: the largest excess over it, in parts of W₁",
                0.0,
                largest(above),
                1e-7,
            ))
            .bound()
            .not_measured_if(unfinished, why)
            .claim(Claim::equals(
                "n equal masses on the line that fill n + 1 equal places are all split, so that no map does it: their share",
                1.0,
                f.split as f64 / self.n as f64,
                0.0,
            ))
            .against(0.0, "a map")
    }

    fn rows(&self, f: &Found, path: &[(usize, f64)], cones: &[f64]) -> Vec<Point> {
        let w1 = f.best.mean_cost();
        let row = |what, share: f64| Point {
            what,
            steps: 0,
            epsilon: None,
            value: share * w1,
            share,
        };
        let mut rows = vec![
            row("assignment", 1.0),
            row("prices", f.best.dual() / w1),
            row("mean", f.plane),
        ];
        rows.extend(KINDS.iter().zip(f.random).map(|(kind, share)| row(kind, share)));
        let every = cones.len().div_ceil(40);
        let kept = cones.iter().enumerate().step_by(every);
        rows.extend(kept.map(|(steps, value)| Point {
            steps,
            ..row("learned_cones", value / w1)
        }));
        rows.extend(path.iter().map(|(steps, value)| Point {
            steps: *steps,
            ..row("learned_network", value / w1)
        }));
        rows.extend(f.plans.iter().map(|(epsilon, plan)| Point {
            epsilon: Some(*epsilon),
            steps: plan.steps,
            ..row("sinkhorn", plan.cost / w1)
        }));
        rows
    }
}
