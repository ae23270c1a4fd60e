//! The smallest width that fits.

use ndarray::{Array1, Array2};

use crate::data::Dataset;
use crate::data::synthetic::{random_signs, unit_sphere};
use crate::error::Result;
use crate::experiment::{Draw, row, settings};
use crate::fit::train::{TrainSettings, train};
use crate::fit::{memorising_network, min_norm};
use crate::linalg::thin_svd;
use crate::model::{Activation, Init, Loss, Mlp, MlpSettings};
use crate::optimise::{Adam, Optimiser};
use crate::stats::{Estimate, larger, smaller};

/// The mean squared error that counts as none where least squares are solved exactly: rounding is far below, and with one
/// feature too few random signs leave less in about 1 of 10⁵ runs.
pub(super) const EXACT: f64 = 1e-12;

settings! {
    /// Settings of `width_to_interpolate`.
    pub struct WidthToInterpolate {
        /// Examples n, from few to many: inputs uniform on a sphere of radius √d, labels random signs.
        n: Vec<usize> = vec![32, 64, 128], quick vec![16, 32, 48], in 8..=2000, len 2..=8;
        /// Dimensions d of the inputs, from small to large.
        dims: Vec<usize> = vec![4, 12], in 3..=500, len 1..=4;
        /// Hidden layers, all as wide as each other.
        depth: usize = 1, in 1..=4;
        /// Which layers are trained.
        train: Vec<&'static str> = vec!["all", "last_layer"], in ["all", "last_layer"], len 1..=2;
        /// The mean squared error that counts as a fit where all layers are trained.
        target: f64 = 0.01, in 1e-6..=0.5;
        /// Full-batch steps of Adam in which that must be reached. Plain descent is slow beside the smallest width, as on the last
        /// layer, and would be stopped for want of time.
        steps: usize = 5000, quick 1500, in 10..=10_000_000;
        /// The largest width tried.
        most: usize = 2000, in 4..=100_000;
        /// Data sets drawn.
        draws: usize = 6, quick 4, in 4..=1000;
    }
}

row! {
    /// One way of training, dimension and number of examples, over draws.
    pub(super) struct Point {
        /// which layers are trained; memorise: a network written down
        train: &'static str;
        /// d
        dim: usize;
        /// n
        examples: usize;
        /// smallest width that fits, mean over draws; empty where one draw found none
        width: Option<f64>;
        /// the numbers that are trained there, mean over draws; of memorise 2n + d
        parameters: Option<f64>;
        /// its standard error
        parameters_se: Option<f64>;
        /// last_layer: steps of gradient descent at η = 1/λ_max to the target at m = n, median over draws
        steps_at_n: Option<f64>;
        /// the same at m = 4n
        steps_at_4n: Option<f64>;
    }
}

/// What one data set gave.
pub(super) struct Found {
    /// Smallest width, if one was found.
    pub width: Option<usize>,
    pub parameters: Option<usize>,
    /// Steps of descent on the last layer at m = n and m = 4n.
    pub steps: Option<[f64; 2]>,
    /// The mean squared error of the network that is written down.
    pub memorised: f64,
}

/// The least number that `fits`, by doubling and then halving; none up to `most`. Fitting is taken to be monotone.
pub(super) fn smallest(
    most: usize,
    mut fits: impl FnMut(usize) -> Result<bool>,
) -> Result<Option<usize>> {
    let (mut low, mut high) = (0, 1);
    while !fits(high)? {
        if high >= most {
            return Ok(None);
        }
        (low, high) = (high, (2 * high).min(most));
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        if fits(middle)? {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(Some(high))
}

/// How many steps of gradient descent at η = 1/λ_max bring the mean squared error of features `phi` from that of 0 to
/// `target`: Σ c_i² (1 − λ_i/λ_max)^(2k) ≤ n·target with c the targets by left singular vectors; infinite if never.
pub(super) fn descent_steps(phi: &Array2<f64>, y: &Array1<f64>, target: f64) -> Result<f64> {
    let svd = thin_svd(phi)?;
    let parts = svd.u.t().dot(y);
    let beyond = larger(y.dot(y) - parts.dot(&parts), 0.0);
    let n = y.len() as f64;
    let left = |k: f64| {
        let terms = parts.iter().zip(&svd.s).map(|(c, s)| {
            let factor = 1.0 - (s / svd.s[0]).powi(2);
            c * c * factor.powf(2.0 * k)
        });
        (terms.sum::<f64>() + beyond) / n
    };
    let (mut low, mut high) = (0.0, 1.0);
    while left(high) > target {
        if high > 1e15 {
            return Ok(f64::INFINITY);
        }
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if left(middle) > target {
            low = middle
        } else {
            high = middle
        }
    }
    Ok(high.ceil())
}

impl WidthToInterpolate {
    fn network(&self, dim: usize, width: usize, rng: &mut impl rand::Rng) -> Result<Mlp> {
        let mut sizes = vec![dim];
        sizes.extend(std::iter::repeat_n(width, self.depth));
        sizes.push(1);
        let settings = MlpSettings {
            sizes,
            activation: Activation::Relu,
            biases: true,
            init: Init::HE,
        };
        Mlp::new(&settings, rng)
    }

    /// What the last layer sees of the data, `(n, m)`.
    fn features(&self, data: &Dataset, width: usize, draw: Draw) -> Result<Array2<f64>> {
        let net = self.network(
            data.x.ncols(),
            width,
            &mut draw.rng(&format!("start {width}")),
        )?;
        let mut trace = net.trace(&data.x)?;
        Ok(trace.h.swap_remove(self.depth))
    }

    fn fits(&self, data: &Dataset, trained: &str, width: usize, draw: Draw) -> Result<bool> {
        if trained == "last_layer" {
            let phi = self.features(data, width, draw)?;
            return Ok(min_norm(&phi, &data.y, None)?.train_mse <= EXACT);
        }
        let net = self.network(
            data.x.ncols(),
            width,
            &mut draw.rng(&format!("start {width}")),
        )?;
        let settings = TrainSettings {
            loss: Loss::Mse,
            optimiser: Optimiser::Adam(Adam::default()),
            // Adam moves every weight by about the rate: a wide network's outputs would jump.
            learning_rate: 0.02 * smaller((64.0 / width as f64).sqrt(), 1.0),
            epochs: self.steps,
            batch: data.len(),
            record_every: 5,
            target_loss: Some(self.target),
            ..TrainSettings::default()
        };
        let run = train(&net, data, None, &settings, &mut draw.rng("order"))?;
        Ok(run
            .history
            .last()
            .is_some_and(|last| last.train.loss <= self.target))
    }

    pub(super) fn search(&self, trained: &str, dim: usize, n: usize, draw: Draw) -> Result<Found> {
        let rng = &mut draw.rng(&format!("data {dim} {n}"));
        let x = unit_sphere(n, dim, rng)? * (dim as f64).sqrt();
        let data = Dataset::new(x, random_signs(n, rng)?)?;
        let width = smallest(self.most, |width| self.fits(&data, trained, width, draw))?;
        let parameters = |width: usize| -> Result<usize> {
            match trained {
                "last_layer" => Ok(width),
                _ => Ok(self
                    .network(dim, width, &mut draw.rng("count"))?
                    .n_parameters()),
            }
        };
        let steps = |times: usize| {
            let phi = self.features(&data, times * n, draw)?;
            descent_steps(&phi, &data.y.column(0).to_owned(), self.target)
        };
        let written = memorising_network(&data.x, &data.y, rng)?.forward(&data.x)? - &data.y;
        Ok(Found {
            width,
            parameters: width.map(parameters).transpose()?,
            steps: match trained {
                "last_layer" => Some([steps(1)?, steps(4)?]),
                _ => None,
            },
            memorised: written.iter().map(|e| e * e).sum::<f64>() / n as f64,
        })
    }
}

impl Point {
    pub(super) fn new(
        train: &'static str,
        dim: usize,
        examples: usize,
        found: &[Found],
    ) -> Result<Self> {
        let mean = |of: &dyn Fn(&Found) -> Option<usize>| -> Result<Option<Estimate>> {
            let all: Option<Vec<f64>> = found.iter().map(|f| of(f).map(|v| v as f64)).collect();
            all.map(|all| Estimate::from_values(&all)).transpose()
        };
        // More steps than can be counted are the most: a median beyond all counts is none.
        let steps = |at: usize| -> Result<Option<f64>> {
            let count = |f: &Found| {
                let steps = f.steps?[at];
                Some(if steps == f64::INFINITY {
                    f64::MAX
                } else {
                    steps
                })
            };
            let all: Option<Vec<f64>> = found.iter().map(count).collect();
            let median = all.map(|all| crate::stats::median(&all)).transpose()?;
            Ok(median.filter(|steps| *steps < 1e300))
        };
        let parameters = mean(&|f| f.parameters)?;
        Ok(Self {
            train,
            dim,
            examples,
            width: mean(&|f| f.width)?.map(|e| e.mean),
            parameters: parameters.map(|e| e.mean),
            parameters_se: parameters.map(|e| e.se),
            steps_at_n: steps(0)?,
            steps_at_4n: steps(1)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_finds_the_first() {
        for first in 1..40 {
            let found = smallest(50, |m| Ok(m >= first)).expect("no trouble");
            assert_eq!(found, Some(first));
        }
        assert_eq!(smallest(50, |_| Ok(false)).expect("no trouble"), None);
    }

    /// Descent itself, step by step, against the formula by singular values.
    #[test]
    fn steps_are_those_of_descent() {
        let rng = &mut crate::rng::stream(1, "steps", 0);
        let phi = crate::data::synthetic::gaussian(6, 15, rng).expect("valid");
        let y = random_signs(6, rng)
            .expect("valid")
            .remove_axis(ndarray::Axis(1));
        let steps = descent_steps(&phi, &y, 1e-3).expect("valid");
        let rate = 1.0 / thin_svd(&phi).expect("valid").s[0].powi(2);
        let (mut w, mut k) = (Array1::<f64>::zeros(15), 0.0);
        loop {
            let missed = phi.dot(&w) - &y;
            if missed.dot(&missed) / 6.0 <= 1e-3 {
                break;
            }
            w = w - phi.t().dot(&missed) * rate;
            k += 1.0;
        }
        assert_eq!(k, steps);
        let narrow = crate::data::synthetic::gaussian(6, 2, rng).expect("valid");
        assert_eq!(
            descent_steps(&narrow, &y, 1e-3).expect("valid"),
            f64::INFINITY
        );
    }
}
