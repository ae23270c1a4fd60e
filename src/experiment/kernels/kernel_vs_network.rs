//! Kernels of infinite width against the finite networks they describe, on the same digits.

mod findings;

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::wide_network::{descend, extremes, network, relative_distance};
use crate::data::{Dataset, Source};
use crate::engine;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted, single};
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::fit::gradient_flow::{Progress, gradient_flow};
use crate::fit::{GramRidge, gram_ridge};
use crate::model::{Activation, Kernel, RandomFeatures, classification_error};
use crate::rng::stream;
use crate::stats::Estimate;
use findings::findings;

/// The step size in units of 1/λ_max of the limit kernel: finite networks may have more than that.
const STEP: f64 = 0.5;

settings! {
    /// Settings of `kernel_vs_network`.
    pub struct KernelVsNetwork {
        /// Training digits a draw, of all ten classes: 0 to 4 are told from 5 to 9.
        n: usize = 200, quick 80, in 10..=3000;
        /// Hidden units of the networks and columns of the random features, increasing.
        widths: Vec<usize> = vec![256, 1024, 4096], quick vec![128, 512, 2048], in 8..=16_384;
        /// Steps of gradient descent, each of size 1/(2 λ_max).
        steps: usize = 600, quick 200, in 1..=1_000_000;
        /// Penalty λ of the three regressions, in units of the kernel; inputs have length 1.
        penalty: f64 = 0.05, in 1e-6..=1000.0;
        /// Size of the labels a network is trained on; its outputs are divided by it. The smaller, the less it moves.
        label_size: f64 = 0.1, in 1e-3..=10.0;
        /// Draws of training set and weights.
        draws: usize = 6, quick 5, in 3..=1000;
        /// Side of the squares of pixels that are averaged: 2 makes 14 × 14 of 28 × 28.
        pool: usize = 2, quick 4, in 1..=28;
        /// Test digits, the same in every draw.
        test: usize = 1000, quick 500, in 10..=5000;
    }
}

/// One way to predict the test digits in one draw.
#[derive(Clone, Copy)]
struct Fit {
    /// The share of test digits read wrongly.
    error: f64,
    /// ‖f − f_∞‖/‖f_∞‖ over the test outputs; 0 for a limit.
    distance: f64,
}

/// One draw: the limits, and the finite models at each width.
struct OneDraw {
    /// NTK regression, NNGP regression, and the network of infinite width after the same steps.
    limits: [Fit; 3],
    networks: Vec<Fit>,
    features: Vec<Fit>,
}

/// One finite model at one width, over draws.
pub(crate) struct WidthPoint {
    pub width: usize,
    pub error: Estimate,
    pub distance: Estimate,
    /// Its test error minus that of its limit, draw by draw.
    pub excess: Estimate,
}

pub(crate) struct Results {
    pub draws: usize,
    /// Test examples.
    pub test: usize,
    /// Test errors in the order of [`OneDraw::limits`].
    pub limits: [Estimate; 3],
    pub networks: Vec<WidthPoint>,
    pub features: Vec<WidthPoint>,
}

impl Study for KernelVsNetwork {
    const ABOUT: About = About {
        id: "kernel_vs_network",
        title: "Kernels of infinite width against finite networks, on the same digits",
        what: "Tells MNIST digits 0 to 4 from 5 to 9 by regression with the tangent kernel and with the NNGP kernel, by random ReLU features, and \
               by networks trained in the tangent-kernel scaling. Measures how fast the finite models approach their \
               limits, output by output, and compares the test errors. The first outputs f_0 of a network are taken \
               out: it is trained on s y + f_0, and (f − f_0)/s is its prediction.",
        slide: "CMSC 828W: \"Neural Tangent Kernels (NTKs)\", from \"Lazy training\" on; Neural networks: the good, the bad, \
                the ugly (ICASSP 2023): \"Function space: from kernel methods to neural networks\"; after Lee et al. 2019, \
                arXiv:1902.06720",
        columns: &[
            Column::new(
                "method",
                "",
                "ntk_regression, nngp_regression, infinite_network (the limit of network after the same steps), network or \
                 random_features",
            ),
            Column::new(
                "width",
                "",
                "hidden units or columns m; empty for the limits",
            ),
            Column::new(
                "test_error",
                "",
                "share of test digits read wrongly, mean over draws",
            ),
            Column::new("test_error_se", "", "standard error of test_error"),
            Column::new(
                "distance",
                "",
                "‖f − f_∞‖/‖f_∞‖ over test outputs, from its limit; mean over draws; empty for the limits",
            ),
            Column::new("distance_se", "", "standard error of distance"),
        ],
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.widths.windows(2).any(|pair| pair[0] >= pair[1]) {
            let got = format!("{:?}", self.widths);
            return Err(Error::domain("the widths", "increasing", got));
        }
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let test = prepare(&digits.test)?;
        let _single = engine::single_thread();
        context.progress.start(self.draws, "draws");
        let draws = (0..self.draws as u64).into_par_iter().map(|index| {
            let train = prepare(&digits.draw(index)?.train)?;
            let done = self.one_draw(&train, &test, (seed, index));
            context.progress.step();
            done
        });
        let draws = draws.collect::<Result<Vec<OneDraw>>>()?;
        let over = |of: &dyn Fn(&OneDraw) -> f64| -> Result<Estimate> {
            Estimate::from_values(&draws.iter().map(of).collect::<Vec<f64>>())
        };
        let points = |of: fn(&OneDraw) -> &Vec<Fit>, limit: usize| -> Result<Vec<WidthPoint>> {
            let widths = self.widths.iter().enumerate();
            let points = widths.map(|(at, &width)| {
                Ok(WidthPoint {
                    width,
                    error: over(&|draw| of(draw)[at].error)?,
                    distance: over(&|draw| of(draw)[at].distance)?,
                    excess: over(&|draw| of(draw)[at].error - draw.limits[limit].error)?,
                })
            });
            points.collect()
        };
        findings(&Results {
            draws: self.draws,
            test: test.len(),
            limits: [
                over(&|draw| draw.limits[0].error)?,
                over(&|draw| draw.limits[1].error)?,
                over(&|draw| draw.limits[2].error)?,
            ],
            networks: points(|draw| &draw.networks, 2)?,
            features: points(|draw| &draw.features, 1)?,
        })
    }
}

/// Inputs of length 1, and targets −1 for the digits 0 to 4 and +1 for 5 to 9.
fn prepare(data: &Dataset) -> Result<Dataset> {
    let mut x = data.x.clone();
    for (index, mut row) in x.axis_iter_mut(Axis(0)).enumerate() {
        let norm = row.dot(&row).sqrt();
        if norm == 0.0 {
            let what = format!("image {index}");
            return Err(Error::domain(&what, "an image that is not black", "black"));
        }
        row /= norm;
    }
    let half = data.y.ncols() / 2;
    let upper = data.y.slice(ndarray::s![.., half..]).sum_axis(Axis(1));
    Dataset::new(x, upper.mapv(|v| 2.0 * v - 1.0).insert_axis(Axis(1)))
}

impl KernelVsNetwork {
    fn one_draw(
        &self,
        train: &Dataset,
        test: &Dataset,
        (seed, index): (u64, u64),
    ) -> Result<OneDraw> {
        let error = |outputs: &Array2<f64>| classification_error(outputs, &test.y);
        let ridge =
            |gram: &Array2<f64>| -> Result<GramRidge> { gram_ridge(gram, &train.y, self.penalty) };
        let kernels = |kernel: Kernel| -> Result<(Array2<f64>, Array2<f64>)> {
            let gram = kernel.matrix(&train.x, &train.x)?;
            Ok((gram, kernel.matrix(&test.x, &train.x)?))
        };
        let (gram, cross) = kernels(Kernel::ReluNtk { hidden_layers: 1 })?;
        let by_ntk = ridge(&gram)?.predict(&cross)?;
        let eta = STEP / extremes(&gram)?.0;
        let at = Progress::Steps {
            count: self.steps,
            eta,
        };
        let zeros = |rows: usize| Array2::zeros((rows, train.y.ncols()));
        let flow = gradient_flow(&gram, &train.y, &zeros(train.len()))?;
        let infinite = flow.predict(&cross, &zeros(test.len()), at)?;
        let (gram, cross) = kernels(Kernel::ReluNngp { hidden_layers: 1 })?;
        let by_nngp = ridge(&gram)?.predict(&cross)?;

        let mut draw = OneDraw {
            limits: [
                limit(error(&by_ntk)?),
                limit(error(&by_nngp)?),
                limit(error(&infinite)?),
            ],
            networks: Vec::new(),
            features: Vec::new(),
        };
        for (place, &width) in self.widths.iter().enumerate() {
            let label = index * self.widths.len() as u64 + place as u64;
            let rng = &mut stream(seed, "network weights", label);
            let outputs = self.network(train, test, width, eta, rng)?;
            draw.networks.push(Fit {
                error: error(&outputs)?,
                distance: relative_distance(&outputs, &infinite),
            });
            let rng = &mut stream(seed, "random features", label);
            let features = RandomFeatures::relu(width, train.x.ncols(), rng)?;
            // 1/√m, where √(2/m) would give twice the NNGP kernel.
            let map = |x: &Array2<f64>| -> Result<Array2<f64>> {
                Ok(features.apply(x)? / (width as f64).sqrt())
            };
            let (phi, phi_test) = (map(&train.x)?, map(&test.x)?);
            let outputs = ridge(&phi.dot(&phi.t()))?.predict(&phi_test.dot(&phi.t()))?;
            draw.features.push(Fit {
                error: error(&outputs)?,
                distance: relative_distance(&outputs, &by_nngp),
            });
        }
        Ok(draw)
    }

    /// (f − f_0)/s on the test inputs after training on s·y + f_0, with s the size of the labels.
    fn network(
        &self,
        train: &Dataset,
        test: &Dataset,
        width: usize,
        eta: f64,
        rng: &mut impl rand::Rng,
    ) -> Result<Array2<f64>> {
        let shape = (train.x.ncols(), width, train.y.ncols());
        let net = network::<f32>(shape, 1, Activation::Relu, rng)?;
        let start = net.forward(&single(&train.x))?.mapv(f64::from);
        let targets = &train.y * self.label_size + &start;
        let shifted = Dataset::new(train.x.clone(), targets)?;
        let trained = descend(&net, &shifted, eta, self.steps, &[])?.net;
        let x = single(&test.x);
        let moved = trained.forward(&x)? - net.forward(&x)?;
        Ok(moved.mapv(f64::from) / self.label_size)
    }
}

fn limit(error: f64) -> Fit {
    Fit {
        error,
        distance: 0.0,
    }
}
