//! One draw of digits and weights: the limits, and the finite models at each width.

use ndarray::{Array2, Axis, s};

use super::super::wide_network::{extremes, network, relative_distance, train_wide};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::single;
use crate::experiment::{Draw, settings};
use crate::fit::gradient_flow::{Elapsed, gradient_flow};
use crate::fit::{GramRidge, gram_ridge};
use crate::model::{Activation, Kernel, RandomFeatures, classification_error};

/// The step size in units of 1/λ_max of the limit kernel: finite networks may have more than that.
const STEP: f64 = 0.5;

settings! {
    /// Settings of `kernel_vs_network`.
    pub struct KernelVsNetwork {
        /// Training digits a draw, of all ten classes: 0 to 4 are told from 5 to 9.
        n: usize = 200, quick 80, in 10..=3000;
        /// Hidden units of the networks and columns of the random features.
        widths: Vec<usize> = vec![256, 1024, 4096], quick vec![128, 512, 2048], in 8..=16_384, increasing;
        /// Steps of gradient descent, each of size 1/(2 λ_max).
        steps: usize = 600, quick 200, in 1..=1_000_000;
        /// Penalty λ of the three regressions, in units of the kernel; inputs have length 1.
        penalty: f64 = 0.05, in 1e-6..=1000.0;
        /// Size of the labels a network is trained on; its outputs are divided by it. The smaller, the less it moves.
        label_size: f64 = 0.1, in 1e-3..=10.0;
        /// Draws of training set and weights.
        draws: usize = 6, quick 8, in 3..=1000;
        /// Side of the squares of pixels that are averaged: 2 makes 14 × 14 of 28 × 28.
        pool: usize = 2, quick 4, in 1..=28;
        /// Test digits, the same in every draw.
        test: usize = 1000, quick 500, in 10..=5000;
    }
}

/// A finite model's predictions of the test digits.
pub(super) struct Fit {
    /// The share of test digits read wrongly.
    pub error: f64,
    /// ‖f − f_∞‖/‖f_∞‖ over the test outputs.
    pub distance: f64,
}

/// What one draw found.
pub(super) struct OneDraw {
    /// The test errors of NTK regression, of NNGP regression, and of the network of infinite width after the same steps.
    pub limits: [f64; 3],
    pub networks: Vec<Fit>,
    pub features: Vec<Fit>,
}

/// Inputs of length 1, and targets −1 for the digits 0 to 4 and +1 for 5 to 9.
pub(super) fn prepare(data: &Dataset) -> Result<Dataset> {
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
    let upper = data.y.slice(s![.., half..]).sum_axis(Axis(1));
    Dataset::new(x, upper.mapv(|v| 2.0 * v - 1.0).insert_axis(Axis(1)))
}

impl KernelVsNetwork {
    pub(super) fn one_draw(
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
        let at = Elapsed::Steps {
            count: self.steps,
            eta,
        };
        let zeros = |rows: usize| Array2::zeros((rows, train.y.ncols()));
        let flow = gradient_flow(&gram, &train.y, &zeros(train.len()))?;
        let infinite = flow.predict(&cross, &zeros(test.len()), at)?;
        let (gram, cross) = kernels(Kernel::ReluNngp { hidden_layers: 1 })?;
        let by_nngp = ridge(&gram)?.predict(&cross)?;

        let mut found = OneDraw {
            limits: [error(&by_ntk)?, error(&by_nngp)?, error(&infinite)?],
            networks: Vec::new(),
            features: Vec::new(),
        };
        for (place, &width) in self.widths.iter().enumerate() {
            let index = index * self.widths.len() as u64 + place as u64;
            let own = Draw::new(seed, index);
            let outputs = self.network(train, test, width, eta, &mut own.rng("network weights"))?;
            found.networks.push(Fit {
                error: error(&outputs)?,
                distance: relative_distance(&outputs, &infinite),
            });
            let rng = &mut own.rng("random features");
            let features = RandomFeatures::relu(width, train.x.ncols(), rng)?;
            // 1/√m, where √(2/m) would give twice the NNGP kernel.
            let map = |x: &Array2<f64>| -> Result<Array2<f64>> {
                Ok(features.apply(x)? / (width as f64).sqrt())
            };
            let (phi, phi_test) = (map(&train.x)?, map(&test.x)?);
            let outputs = ridge(&phi.dot(&phi.t()))?.predict(&phi_test.dot(&phi.t()))?;
            found.features.push(Fit {
                error: error(&outputs)?,
                distance: relative_distance(&outputs, &by_nngp),
            });
        }
        Ok(found)
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
        let trained = train_wide(&net, &shifted, eta, self.steps, &[])?.net;
        let x = single(&test.x);
        let moved = trained.forward(&x)? - net.forward(&x)?;
        Ok(moved.mapv(f64::from) / self.label_size)
    }
}
