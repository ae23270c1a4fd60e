//! How close the tangent kernel of a finite network is to its limit, and how much training moves it.

mod findings;

use ndarray::Array2;
use rayon::prelude::*;

use super::wide_network::{descend, extremes, network, relative_distance};
use crate::data::Dataset;
use crate::data::synthetic::{random_signs, unit_sphere};
use crate::engine;
use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::model::mlp::PerExample;
use crate::model::{Activation, Kernel, KernelForm, Mlp, TwoLayerNtk, two_layer_ntk};
use crate::rng::stream;
use crate::stats::{Estimate, larger, root_mean_square};
use findings::findings;

settings! {
    /// Settings of `ntk_convergence`.
    pub struct NtkConvergence {
        /// Inputs, uniform on the unit sphere, the same in every draw.
        n: usize = 12, in 2..=200;
        /// Dimension d of the inputs.
        input_dim: usize = 10, in 2..=1000;
        /// Hidden units m a layer, increasing.
        widths: Vec<usize> = vec![64, 256, 1024, 4096, 16_384], quick vec![256, 1024, 4096], in 4..=65_536, len 2..=100;
        /// Hidden layers. With more than 1 the kernel of a finite width is biased too, by O(1/m).
        depth: usize = 1, in 1..=5;
        /// Draws of the weights a width, whose kernels are compared with the limit.
        draws: usize = 200, quick 50, in 20..=100_000;
        /// How many of these networks are trained, and as many with tanh units.
        trained: usize = 24, quick 20, in 4..=10_000;
        /// Steps of gradient descent on random ±1 labels, after which the kernel is measured again.
        steps: usize = 100, in 1..=100_000;
    }
}

/// One width, over draws.
pub(crate) struct WidthPoint {
    pub width: usize,
    /// The mean square of ‖K_m − K‖_F/‖K‖_F for ReLU.
    pub square: Estimate,
    /// √(mean square of ‖K_T − K_0‖_F/‖K_0‖_F), for ReLU and for tanh.
    pub change: [Estimate; 2],
    /// √(mean square of ‖W_T − W_0‖_F/‖W_0‖_F) over all layers, for ReLU.
    pub moved: Estimate,
}

/// The largest distance of the mean kernel from its closed form over all entries, in s.e.
pub(crate) struct MonteCarlo {
    /// Of K_a and of K_b.
    pub distance: [f64; 2],
    /// Entries of each.
    pub entries: usize,
}

pub(crate) struct Results {
    pub depth: usize,
    pub draws: usize,
    pub points: Vec<WidthPoint>,
    /// With one hidden layer: the constant c in c/√m, and closed form against Monte Carlo.
    pub two_layer: Option<(f64, MonteCarlo)>,
}

/// One network.
struct OneDraw {
    error: f64,
    /// K_a and K_b at the start, with one hidden layer.
    halves: Option<[Array2<f64>; 2]>,
    training: Option<Training>,
}

/// What training changes, relative to what was there.
struct Training {
    /// The kernel of the ReLU and of the tanh network.
    change: [f64; 2],
    /// The weights of the ReLU network.
    moved: f64,
}

impl Study for NtkConvergence {
    const ABOUT: About = About {
        id: "ntk_convergence",
        title: "The tangent kernel of a finite network: how near to its limit, how still in training",
        what: "Draws ReLU networks of growing width in the scaling (1/√m) Σ b σ(a·x), computes their tangent kernel from \
               thin factors and compares it with the closed form of infinite width. Then trains them, and networks \
               with tanh units, and measures how much the kernel has changed.",
        slide: "CMSC 828W: \"Neural Tangent Kernels (NTKs)\", the law of large numbers for K_m(x, x'); after Jacot, Gabriel & \
                Hongler 2018, arXiv:1806.07572",
        columns: &[
            Column::new(
                "quantity",
                "",
                "error: ‖K_m − K‖/‖K‖; relu_change and tanh_change: ‖K_T − K_0‖/‖K_0‖ over training; relu_moved: \
                 ‖W_T − W_0‖/‖W_0‖ (Frobenius norms)",
            ),
            Column::new("width", "", "hidden units m a layer"),
            Column::new("measured", "", "root mean square over draws"),
            Column::new("se", "", "standard error of measured"),
            Column::new(
                "predicted",
                "",
                "exact root mean square c/√m; empty where only the exponent is known",
            ),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let rng = &mut stream(seed, "inputs", 0);
        let x = unit_sphere(self.n, self.input_dim, rng)?;
        let data = Dataset::new(x, random_signs(self.n, rng)?)?;
        let two_layer = match self.depth {
            1 => Some(two_layer_ntk(&data.x, &data.x)?),
            _ => None,
        };
        let limit = Kernel::ReluNtk {
            hidden_layers: self.depth,
        };
        let limit = limit.matrix(&data.x, &data.x)?;
        let _single = engine::single_thread();
        context
            .progress
            .start(self.widths.len() * self.draws, "networks");
        let mut points = Vec::new();
        let mut widest = Vec::new();
        for (place, &width) in self.widths.iter().enumerate() {
            let first = (place * self.draws) as u64;
            let draws = (first..first + self.draws as u64).into_par_iter();
            let draws = draws.map(|index| {
                let train = index < first + self.trained as u64;
                let done = self.one_draw(&data, &limit, (width, train), (seed, index));
                context.progress.step();
                done
            });
            let draws = draws.collect::<Result<Vec<OneDraw>>>()?;
            let squares: Vec<f64> = draws.iter().map(|draw| draw.error.powi(2)).collect();
            let trained = |of: &dyn Fn(&Training) -> f64| -> Result<Estimate> {
                let runs = draws.iter().filter_map(|draw| draw.training.as_ref());
                root_mean_square(&runs.map(|run| of(run).powi(2)).collect::<Vec<f64>>())
            };
            points.push(WidthPoint {
                width,
                square: Estimate::from_values(&squares)?,
                change: [trained(&|t| t.change[0])?, trained(&|t| t.change[1])?],
                moved: trained(&|t| t.moved)?,
            });
            widest = draws;
        }
        let two_layer = two_layer.map(|ntk| -> Result<(f64, MonteCarlo)> {
            Ok((ntk.relative_error(1), monte_carlo(&ntk, &widest)?))
        });
        findings(&Results {
            depth: self.depth,
            draws: self.draws,
            points,
            two_layer: two_layer.transpose()?,
        })
    }
}

impl NtkConvergence {
    fn one_draw(
        &self,
        data: &Dataset,
        limit: &Array2<f64>,
        (width, train): (usize, bool),
        (seed, index): (u64, u64),
    ) -> Result<OneDraw> {
        let shape = (self.input_dim, width, 1);
        let draw = |activation, label| {
            network::<f64>(
                shape,
                self.depth,
                activation,
                &mut stream(seed, label, index),
            )
        };
        let relu = draw(Activation::Relu, "relu weights")?;
        let start = relu.tangent_gram(&data.x, KernelForm::Trace)?;
        let training = match train {
            false => None,
            true => {
                let (change, moved) = self.change(&relu, data, &start)?;
                let tanh = draw(Activation::Tanh, "tanh weights")?;
                let tanh_start = tanh.tangent_gram(&data.x, KernelForm::Trace)?;
                let change = [change, self.change(&tanh, data, &tanh_start)?.0];
                Some(Training { change, moved })
            }
        };
        let halves = match self.depth {
            1 => {
                let layers = relu.output_gradients(&data.x, 0)?.layers;
                let half = |index: usize| {
                    let layers = vec![layers[index].clone()];
                    let one = PerExample { layers };
                    one.inner_products(&one)
                };
                Some([half(0)?, half(1)?])
            }
            _ => None,
        };
        Ok(OneDraw {
            error: relative_distance(&start, limit),
            halves,
            training,
        })
    }

    /// By how much training changes the kernel and the weights, relative to their norms.
    fn change(&self, net: &Mlp, data: &Dataset, start: &Array2<f64>) -> Result<(f64, f64)> {
        let eta = 0.5 / extremes(start)?.0;
        let trained = descend(net, data, eta, self.steps, &[])?.net;
        let end = trained.tangent_gram(&data.x, KernelForm::Trace)?;
        let norm = |parts: Vec<f64>| parts.iter().map(|v| v * v).sum::<f64>().sqrt();
        let moved = norm(trained.weight_distances(net)?) / norm(net.weight_norms());
        Ok((relative_distance(&end, start), moved))
    }
}

/// The mean of both halves of the kernel over draws against the closed form, on and above the diagonal.
fn monte_carlo(ntk: &TwoLayerNtk, draws: &[OneDraw]) -> Result<MonteCarlo> {
    let n = ntk.first.nrows();
    let mut distance = [0.0_f64; 2];
    for (half, limit) in [&ntk.first, &ntk.second].into_iter().enumerate() {
        for i in 0..n {
            for j in i..n {
                let halves = draws.iter().filter_map(|draw| draw.halves.as_ref());
                let values: Vec<f64> = halves.map(|halves| halves[half][[i, j]]).collect();
                let off = Estimate::from_values(&values)?.distance(limit[[i, j]]);
                distance[half] = larger(distance[half], off);
            }
        }
    }
    Ok(MonteCarlo {
        distance,
        entries: n * (n + 1) / 2,
    })
}
