//! One training run of the first layer of a ReLU network, and the kernels on its way.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2};

use crate::data::Dataset;
use crate::data::synthetic::{gaussian, random_signs, unit_sphere};
use crate::error::{Error, Result};
use crate::experiment::{Context, Draw, row, settings};
use crate::fit::{HalfSquares, Outer};
use crate::linalg::{spectral_norm, symmetric_eigen};
use crate::model::mlp::Layer;
use crate::model::{Activation, Mlp, two_layer_ntk};
use crate::optimise::{Iterate, SolveSettings, Unconstrained, solve};
use crate::stats::{self, Estimate, largest};

/// The late ratio is a geometric mean over this many last steps.
const LATE: usize = 10;

/// By what factor the slowest direction's squared residual has shrunk when a run ends: rounding, 10⁻³², is far below.
const SHRUNK: f64 = 1e-20;

settings! {
    /// Settings of `two_layer_convergence`.
    pub struct TwoLayerConvergence {
        /// Inputs, uniform on the unit sphere, with Gaussian targets.
        n: usize = 20, quick 10, in 2..=100;
        /// Dimension d of the inputs.
        dim: usize = 20, in 2..=1000;
        /// Widths m, from small to large.
        width: Vec<usize> = vec![256, 1024, 4096], quick vec![64, 256, 1024], in 4..=65_536, len 2..=8;
        /// The step η in parts of 1/λ_max(H∞).
        share: f64 = 0.5, in 0.01..=1.0;
        /// Data sets drawn, each with a start at every width.
        draws: usize = 12, quick 6, in 4..=1000;
        /// Starts drawn for each kernel at the start.
        kernels: usize = 200, quick 60, in 20..=100_000;
        /// The most steps of a run.
        steps: usize = 2000, in 20..=1_000_000;
    }
}

row! {
    /// One width, over draws.
    pub(super) struct Point {
        /// hidden units m
        width: usize;
        /// ‖H(0) − H∞‖²_F, mean over draws of data and starts
        kernel_error: Estimate, and kernel_error_se "its standard error";
        /// its exact mean, by the variance of one unit
        kernel_error_exact: f64;
        /// λ_min(H(0))/λ_0, mean over draws
        least_start: Estimate, and least_start_se "its standard error";
        /// the least λ_min of the kernels seen on the path, over λ_0, mean over draws
        least_path: Estimate, and least_path_se "its standard error";
        /// late ratio of the loss from step to step, mean over draws; empty where no run came so far
        late: Option<f64>;
        /// the same of the linear dynamics with H∞
        late_linear: f64;
        /// (1 − ηλ_0)²
        slowest: f64;
        /// 1 − ηλ_0/2, the theorem's factor
        bound: f64;
        /// 1 − η, the slide's factor
        printed: f64;
        /// largest distance of a hidden unit from its start, mean over draws
        moved: Estimate, and moved_se "its standard error";
        /// 4√n ‖y − u(0)‖/(√m λ_0), the theorem's bound on it, mean over draws
        moved_bound: f64;
    }
}

/// Inputs and targets, with the kernel of infinite width.
pub(super) struct Problem {
    pub data: Dataset,
    pub limit: Array2<f64>,
    /// Σ_ij of the variance of one unit's x_i·x_j 1[w·x_i > 0] 1[w·x_j > 0].
    pub unit_variance: f64,
    /// λ_0 = λ_min(H∞).
    pub least: f64,
    pub rate: f64,
}

/// One run.
pub(super) struct Run {
    /// The loss at each step.
    pub losses: Vec<f64>,
    /// The loss at each step were the kernel H∞ throughout.
    pub linear: Vec<f64>,
    /// λ_min of the kernel at the start, and the least of those seen.
    pub least: [f64; 2],
    /// ‖H(end) − H∞‖.
    pub kernel_moved: f64,
    pub moved: f64,
    pub moved_bound: f64,
    /// Whether the slowest direction shrank as far as it should.
    pub late: bool,
}

/// All draws: the problems; the runs and the ‖H(0) − H∞‖²_F at each width.
pub(super) struct Drawn {
    pub problems: Vec<Problem>,
    pub runs: Vec<Vec<Run>>,
    pub errors: Vec<Vec<f64>>,
}

impl Problem {
    fn new(n: usize, dim: usize, share: f64, draw: Draw) -> Result<Self> {
        let rng = &mut draw.rng("data");
        let data = Dataset::new(unit_sphere(n, dim, rng)?, gaussian(n, 1, rng)?)?;
        let limit = two_layer_ntk(&data.x, &data.x)?.first;
        let inner = data.x.dot(&data.x.t());
        let eigenvalues = symmetric_eigen(&limit)?.values;
        let (largest, least) = (eigenvalues[0], eigenvalues[n - 1]);
        if least <= 1e-12 * largest {
            let what =
                "the smallest eigenvalue of H∞, which vanishes where two inputs are parallel";
            return Err(Error::domain(
                what,
                "positive; set a larger dim or a smaller n",
                least,
            ));
        }
        Ok(Self {
            // E k² = (x·x')² κ₀/2 = x·x' H∞, less the square of the mean.
            unit_variance: (&inner * &limit - &limit * &limit).sum(),
            data,
            limit,
            least,
            rate: share / largest,
        })
    }

    /// f(x) = (1/√m) Σ a_r max(w_r·x, 0) with w_r ~ N(0, I) and signs a_r.
    fn network(&self, width: usize, draw: Draw) -> Result<Mlp> {
        let rng = &mut draw.rng(&format!("start {width}"));
        let layer = |weights, multiplier| Layer {
            weights,
            bias: None,
            multiplier,
        };
        Ok(Mlp {
            layers: vec![
                layer(gaussian(width, self.data.x.ncols(), rng)?, 1.0),
                layer(
                    random_signs(width, rng)?.reversed_axes(),
                    1.0 / (width as f64).sqrt(),
                ),
            ],
            activation: Activation::Relu,
        })
    }

    /// The kernel of the first layer, by its thin factors.
    fn kernel(&self, net: &Mlp) -> Result<Array2<f64>> {
        let first = net.output_gradients(&self.data.x, 0)?.layers.swap_remove(0);
        Ok(first.h.dot(&first.h.t()) * first.delta.dot(&first.delta.t()))
    }

    fn kernel_error(&self, net: &Mlp) -> Result<f64> {
        let error = self.kernel(net)? - &self.limit;
        Ok(error.iter().map(|e| e * e).sum())
    }

    /// ½‖(I − ηH∞)^k r‖² for k = 0, …, `steps`.
    fn linear(&self, residual: &Array1<f64>, steps: usize) -> Result<Vec<f64>> {
        let eigen = symmetric_eigen(&self.limit)?;
        let parts = eigen.vectors.t().dot(residual);
        let loss = |k: usize| {
            let terms = parts.iter().zip(&eigen.values);
            let squares = terms.map(|(c, l)| (c * (1.0 - self.rate * l).powi(k as i32)).powi(2));
            0.5 * squares.sum::<f64>()
        };
        Ok((0..=steps).map(loss).collect())
    }

    fn run(&self, net: &Mlp, most: usize) -> Result<Run> {
        let (n, m) = (self.data.len() as f64, net.layers[0].weights.nrows());
        let trained = 0..net.layers[0].weights.len();
        let loss = HalfSquares::new(net, &self.data, Outer::Identity, trained)?;
        let start = loss.start();
        let residual = loss.residual(&start)?;
        // Until the slowest direction's part of the loss has shrunk by the factor, and no further: rounding.
        let wanted = (SHRUNK.ln() / (2.0 * (-self.rate * self.least).ln_1p())).ceil();
        let late = wanted <= most as f64;
        let steps = if late { wanted as usize } else { most };
        let (mut losses, mut least) = (Vec::with_capacity(steps + 1), Vec::new());
        let mut last = self.limit.clone();
        let mut trouble = None;
        let mut look = |iterate: &Iterate<'_>| {
            losses.push(iterate.value);
            let k = iterate.step;
            if k.is_power_of_two() || k == 0 || k == steps {
                let seen = loss.net_at(iterate.x).and_then(|net| {
                    last = self.kernel(&net)?;
                    let values = symmetric_eigen(&last)?.values;
                    Ok(values[values.len() - 1])
                });
                match seen {
                    Ok(value) => least.push(value),
                    Err(error) => trouble = Some(error),
                }
            }
            ControlFlow::Continue(())
        };
        let settings = SolveSettings {
            rate: self.rate,
            steps: steps.max(LATE),
            ..SolveSettings::default()
        };
        let solution = solve(&loss, &Unconstrained, &start, &settings, &mut look)?;
        if let Some(error) = trouble {
            return Err(error);
        }
        let solution = solution.not_diverged(
            format!("gradient descent at width {m}"),
            "set a smaller share",
        )?;
        let (now, before) = (loss.net_at(&solution.x)?, loss.net_at(&start)?);
        let moves = &now.layers[0].weights - &before.layers[0].weights;
        let moved = moves.rows().into_iter().map(|row| row.dot(&row).sqrt());
        Ok(Run {
            linear: self.linear(&residual, losses.len() - 1)?,
            losses,
            least: [least[0], stats::least(&least)],
            kernel_moved: spectral_norm(&(last - &self.limit))?,
            moved: largest(moved),
            moved_bound: 4.0 * n.sqrt() * residual.dot(&residual).sqrt()
                / ((m as f64).sqrt() * self.least),
            late,
        })
    }
}

/// The geometric mean of the last ratios of a list of losses.
pub(super) fn late_ratio(losses: &[f64]) -> f64 {
    let end = losses.len() - 1;
    (losses[end] / losses[end - LATE]).powf(1.0 / LATE as f64)
}

impl TwoLayerConvergence {
    pub(super) fn drawn(&self, seed: u64, context: &Context) -> Result<Drawn> {
        if self.width.windows(2).any(|pair| pair[0] >= pair[1]) {
            let got = format!("{:?}", self.width);
            return Err(Error::domain("the widths", "from small to large", got));
        }
        let problem = |draw| Problem::new(self.n, self.dim, self.share, draw);
        let problems = context.draws("data sets", self.draws, seed, problem)?;
        let runs = context.paired("runs", &self.width, self.draws, seed, |&width, draw| {
            let problem = &problems[draw.index as usize];
            problem.run(&problem.network(width, draw)?, self.steps)
        })?;
        // Starts of their own, whose number may be large; each with a data set of its own.
        let errors = context.sweep(
            "kernels",
            &self.width,
            self.kernels,
            seed,
            |&width, draw| {
                let problem = Problem::new(self.n, self.dim, self.share, draw)?;
                let error = problem.kernel_error(&problem.network(width, draw)?)?;
                Ok(error * width as f64 / problem.unit_variance)
            },
        )?;
        Ok(Drawn {
            problems,
            runs,
            errors,
        })
    }
}

impl Drawn {
    pub(super) fn points(&self, widths: &[usize]) -> Result<Vec<Point>> {
        let over = |of: &dyn Fn(&Problem) -> f64| Estimate::of(&self.problems, of).map(|e| e.mean);
        let variance = over(&|p| p.unit_variance)?;
        let point = |(at, &width): (usize, &usize)| {
            let runs = &self.runs[at];
            let of = |of: &dyn Fn(&Run, &Problem) -> f64| {
                Estimate::of(runs.iter().zip(&self.problems), |(r, p)| of(r, p))
            };
            let exact = variance / width as f64;
            let error = Estimate::from_values(&self.errors[at])?;
            Ok(Point {
                width,
                kernel_error: Estimate {
                    mean: error.mean * exact,
                    se: error.se * exact,
                    ..error
                },
                kernel_error_exact: exact,
                least_start: of(&|r, p| r.least[0] / p.least)?,
                least_path: of(&|r, p| r.least[1] / p.least)?,
                late: match runs.iter().all(|r| r.late) {
                    true => Some(of(&|r, _| late_ratio(&r.losses))?.mean),
                    false => None,
                },
                late_linear: of(&|r, _| late_ratio(&r.linear))?.mean,
                slowest: over(&|p| (1.0 - p.rate * p.least).powi(2))?,
                bound: over(&|p| 1.0 - p.rate * p.least / 2.0)?,
                printed: over(&|p| 1.0 - p.rate)?,
                moved: of(&|r, _| r.moved)?,
                moved_bound: of(&|r, _| r.moved_bound)?.mean,
            })
        };
        widths.iter().enumerate().map(point).collect()
    }
}
