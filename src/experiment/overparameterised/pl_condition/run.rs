//! One training run of a smooth two-layer network, its kernels, Hessians and distances on the way.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2};

use super::settings::PlCondition;
use crate::data::Dataset;
use crate::data::synthetic::{gaussian, unit_sphere};
use crate::error::{Error, Result};
use crate::experiment::{Context, Draw};
use crate::fit::{HalfSquares, OneExample, Outer};
use crate::linalg::symmetric_eigen;
use crate::measure::conditioning::{PlConstants, squares_smoothness, two_layer_hessian_norm};
use crate::model::mlp::Layer;
use crate::model::{Activation, KernelForm, Mlp};
use crate::optimise::{
    Iterate, SolveSettings, Status, Stop, Unconstrained, solve, solve_stochastic,
};
use crate::stats::{larger, largest, least, smaller};

/// Where a run ends: at this part of its first loss, far above rounding.
const REACHED: f64 = 1e-8;

/// Every step up to this is looked at, and every so many later.
const EVERY: usize = 20;
const STRIDE: usize = 5;

/// Steps of the power iteration for the Hessian of one F_i.
const POWER: usize = 60;

/// How often SGD would have shrunk the loss by e, by the bound, when it ends.
const E_FOLDS: f64 = 2.0;

/// What was seen at one step.
pub(super) struct Seen {
    /// t.
    pub step: usize,
    pub loss: f64,
    /// ½‖∇L‖²/L.
    pub pl: f64,
    /// λ_min(K).
    pub least: f64,
    /// λ_min(K) of f itself, without φ.
    pub inner_least: f64,
    pub beta: f64,
    pub distance: f64,
}

/// One run.
pub(super) struct Run {
    pub rate: f64,
    pub seen: Vec<Seen>,
    pub steps: usize,
    pub reached: bool,
    pub kernel_change: f64,
    /// ‖∇²F_1‖ at the start by power iteration; |φ''|‖∇f‖² and |φ'|‖∇²f‖ there.
    pub hessian: [f64; 3],
    /// The largest smoothness of a single example's loss on the path.
    pub example: f64,
}

impl Run {
    pub(super) fn first_loss(&self) -> f64 {
        self.seen[0].loss
    }

    /// β and μ on the path.
    pub(super) fn constants(&self) -> Result<PlConstants> {
        let beta = largest(self.seen.iter().map(|s| s.beta));
        let mu = least(self.seen.iter().map(|s| s.least));
        PlConstants::new(beta, mu)
    }

    pub(super) fn distance(&self) -> f64 {
        largest(self.seen.iter().map(|s| s.distance))
    }
}

/// f(x) = (1/√m) Σ v_r tanh(w_r·x) with w_r ~ N(0, I), v_r ~ N(0, 1); all weights are trained.
pub(super) fn network(width: usize, dim: usize, rng: &mut impl rand::Rng) -> Result<Mlp> {
    let layer = |weights, multiplier| Layer {
        weights,
        bias: None,
        multiplier,
    };
    Ok(Mlp {
        layers: vec![
            layer(gaussian(width, dim, rng)?, 1.0),
            layer(gaussian(1, width, rng)?, 1.0 / (width as f64).sqrt()),
        ],
        activation: Activation::Tanh,
    })
}

/// ‖∇²f(x_i)‖ for every row of `x`, `(n,)`, in closed form; rows have length 1.
fn hessian_norms(net: &Mlp, x: &Array2<f64>) -> Result<Array1<f64>> {
    let v = net.layers[1].weights.row(0).to_vec();
    let z = x.dot(&net.layers[0].weights.t());
    let norms = z
        .rows()
        .into_iter()
        .map(|z| two_layer_hessian_norm(&z.to_vec(), &v, 1.0, net.activation));
    Ok(Array1::from(norms.collect::<Result<Vec<f64>>>()?))
}

pub(super) fn outer_of(name: &str) -> Outer {
    match name {
        "phi" => Outer::Wave,
        _ => Outer::Identity,
    }
}

/// The kernel of F and of f, and a bound on the smoothness of the loss and of the worst example's.
struct Look {
    kernel: Array2<f64>,
    least: f64,
    inner_least: f64,
    beta: f64,
    example: f64,
}

impl Look {
    fn at(loss: &HalfSquares<'_>, data: &Dataset, outer: Outer, w: &[f64]) -> Result<Self> {
        let net = loss.net_at(w)?;
        let inner = net.tangent_gram(&data.x, KernelForm::Trace)?;
        let f = net.forward(&data.x)?;
        let slopes = f.column(0).mapv(|u| outer.at(u)[1]);
        let mut kernel = inner.clone();
        for ((i, j), k) in kernel.indexed_iter_mut() {
            *k *= slopes[i] * slopes[j];
        }
        let hessians = hessian_norms(&net, &data.x)?;
        let curved = (0..f.nrows()).map(|i| {
            let [_, slope, curvature] = outer.at(f[[i, 0]]);
            slope.abs() * hessians[i] + curvature.abs() * inner[[i, i]]
        });
        let hessians = Array1::from_iter(curved);
        let residual = f.column(0).mapv(|u| outer.at(u)[0]) - data.y.column(0);
        let values = symmetric_eigen(&kernel)?.values;
        let inner_values = symmetric_eigen(&inner)?.values;
        let single = (0..f.nrows()).map(|i| kernel[[i, i]] + residual[i].abs() * hessians[i]);
        Ok(Self {
            least: values[values.len() - 1],
            inner_least: inner_values[inner_values.len() - 1],
            beta: squares_smoothness(values[0], &residual, &hessians)?,
            example: largest(single),
            kernel,
        })
    }
}

/// ‖∇²F_1‖ by power iteration on exact Hessian–vector products: a bound from below that is met where one eigenvalue leads.
pub(super) fn power_norm(
    loss: &HalfSquares<'_>,
    w: &[f64],
    rng: &mut impl rand::Rng,
) -> Result<f64> {
    let mut v = gaussian(1, w.len(), rng)?.remove_axis(ndarray::Axis(0));
    let mut norm = 0.0;
    for _ in 0..POWER {
        v /= v.dot(&v).sqrt();
        v = loss.function_hessian_vector(w, 0, &v)?;
        norm = v.dot(&v).sqrt();
        if norm == 0.0 {
            break;
        }
    }
    Ok(norm)
}

impl PlCondition {
    pub(super) fn data(&self, draw: Draw) -> Result<Dataset> {
        let rng = &mut draw.rng("data");
        Dataset::new(
            unit_sphere(self.n, self.dim, rng)?,
            gaussian(self.n, 1, rng)?,
        )
    }

    pub(super) fn run_one(&self, outer: &str, width: usize, draw: Draw) -> Result<Run> {
        let (data, outer) = (self.data(draw)?, outer_of(outer));
        let net = network(width, self.dim, &mut draw.rng(&format!("start {width}")))?;
        let loss = HalfSquares::new(&net, &data, outer, 0..net.n_parameters())?;
        let start = loss.start();
        let first = Look::at(&loss, &data, outer, &start)?;
        if first.least <= 0.0 {
            let expected = "positive; set a larger dim, larger widths or a smaller n";
            let what = "the smallest eigenvalue of the tangent kernel at the start";
            return Err(Error::domain(what, expected, first.least));
        }
        let rate = self.share / first.beta;
        let hessian = {
            let u = net.forward(&data.x)?[[0, 0]];
            let [_, slope, curvature] = outer.at(u);
            let inner = net.tangent_gram(&data.x, KernelForm::Trace)?[[0, 0]];
            let rng = &mut draw.rng("power iteration");
            [
                power_norm(&loss, &start, rng)?,
                curvature.abs() * inner,
                slope.abs() * hessian_norms(&net, &data.x)?[0],
            ]
        };
        let (mut seen, mut trouble, mut last, mut example) =
            (Vec::new(), None, first.kernel.clone(), 0.0);
        let mut watch = |iterate: &Iterate<'_>| {
            if iterate.step > EVERY && !iterate.step.is_multiple_of(STRIDE) {
                return ControlFlow::Continue(());
            }
            match Look::at(&loss, &data, outer, iterate.x) {
                Err(error) => trouble = Some(error),
                Ok(look) => {
                    let squares = iterate.gradient.iter().map(|g| g * g).sum::<f64>();
                    let moved = iterate.x.iter().zip(&start).map(|(a, b)| (a - b).powi(2));
                    seen.push(Seen {
                        step: iterate.step,
                        loss: iterate.value,
                        pl: 0.5 * squares / iterate.value,
                        least: look.least,
                        inner_least: look.inner_least,
                        beta: look.beta,
                        distance: moved.sum::<f64>().sqrt(),
                    });
                    example = larger(example, look.example);
                    last = look.kernel;
                }
            }
            match trouble {
                None => ControlFlow::Continue(()),
                Some(_) => ControlFlow::Break(()),
            }
        };
        let settings = SolveSettings {
            rate,
            steps: self.steps,
            stop: Stop {
                value: Some(REACHED * crate::optimise::Oracle::value(&loss, &start)?),
                ..Stop::default()
            },
            ..SolveSettings::default()
        };
        let solution = solve(&loss, &Unconstrained, &start, &settings, &mut watch)?;
        if let Some(error) = trouble {
            return Err(error);
        }
        let solution = solution.not_diverged(
            format!("gradient descent at width {width}"),
            "set a smaller share",
        )?;
        let size = |a: &Array2<f64>| a.iter().map(|v| v * v).sum::<f64>().sqrt();
        Ok(Run {
            rate,
            steps: solution.steps,
            reached: solution.status == Status::Reached,
            kernel_change: size(&(last - &first.kernel)) / size(&first.kernel),
            seen,
            hessian,
            example,
        })
    }

    /// ‖∇²f‖ at one point of length 1, over starts at each width, times √m.
    pub(super) fn hessians(&self, seed: u64, context: &Context) -> Result<Vec<Vec<f64>>> {
        context.sweep("starts", &self.widths, self.starts, seed, |&width, draw| {
            let rng = &mut draw.rng("hessian");
            let x = unit_sphere(1, self.dim, rng)?;
            Ok(hessian_norms(&network(width, self.dim, rng)?, &x)?[0])
        })
    }

    /// L/L_0 after SGD from the start of a run, with that run's constants; and (1 − ημ)^steps.
    pub(super) fn sgd(&self, run: &Run, width: usize, draw: Draw) -> Result<[f64; 2]> {
        let data = self.data(draw)?;
        let net = network(width, self.dim, &mut draw.rng(&format!("start {width}")))?;
        let loss = HalfSquares::new(&net, &data, Outer::Identity, 0..net.n_parameters())?;
        let start = loss.start();
        let constants = run.constants()?;
        let rate = constants.sgd_rate(self.n, run.example)?;
        let steps = smaller((E_FOLDS / (rate * constants.mu)).ceil(), 1e6);
        let settings = SolveSettings {
            rate,
            steps: steps as usize,
            ..SolveSettings::default()
        };
        let (rng, nobody) = (&mut draw.rng("order"), &mut crate::optimise::Unseen);
        let oracle = &mut OneExample(loss);
        let solution = solve_stochastic(oracle, &Unconstrained, &start, &settings, nobody, rng)?;
        let bound = (1.0 - rate * constants.mu).powf(steps);
        Ok([solution.value / run.first_loss(), bound])
    }
}
