//! Kernel interpolants and the nearest neighbour on digits with wrong labels: which interpolation is harmless.

mod draw;
mod figure;
mod points;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{Estimate, largest, largest_distance, least};
pub use draw::KernelInterpolants;
use draw::{METHODS, OneDraw, Scores};
use figure::figure;
use points::{Point, mixed};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

impl Study for KernelInterpolants {
    const ABOUT: About = About {
        id: "kernel_interpolants",
        title: "Kernel interpolants on digits with wrong labels",
        what: "Changes a share η of the training labels of MNIST digits, and interpolates all of them: by the Laplace \
               kernel, by the Gaussian kernel, by the nearest neighbour. The nearest neighbour repeats every wrong label, and its \
               error is a formula in η; the kernels smooth over them.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Why uniform convergence fails in deep learning?\", \
                figure \"Interpolation still generalizes well under noisy data on MNIST\"; after Belkin, Ma & \
                Mandal 2018, To understand deep learning we need to understand \
                kernel learning, arXiv:1802.01396",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let draws = context.draws("draws", self.draws, seed, |draw| {
            self.one_draw(&digits.draw(draw.index)?.train, &digits.test, draw)
        })?;
        self.findings(&draws, digits.sizes().1, digits.mnist)
    }
}

impl KernelInterpolants {
    fn findings(&self, draws: &[OneDraw], classes: usize, mnist: bool) -> Result<Findings> {
        let shares = 0..self.shares.len();
        let over = |of: &dyn Fn(&OneDraw) -> f64| Estimate::of(draws, of);
        let mut points = Vec::new();
        for (at, (method, _)) in METHODS.into_iter().enumerate() {
            for share in shares.clone() {
                points.push(Point {
                    method,
                    label_noise: self.shares[share],
                    error: over(&|d| d.scores[at][share].error)?,
                    noisy_error: over(&|d| d.scores[at][share].noisy_error)?,
                });
            }
        }
        // The share that is changed in the end, in training and in testing.
        let exact = |share: usize, of: usize| (self.shares[share] * of as f64).round() / of as f64;
        let neighbour = |d: &OneDraw, share: usize| {
            d.scores[2][share].error - mixed(d.clean_neighbour, exact(share, self.n), classes)
        };
        let agreement =
            |s: &Scores, share| s.noisy_error - mixed(s.error, exact(share, self.test), classes);
        let noisy = || shares.clone().filter(|&share| exact(share, self.n) > 0.0);
        let noisy_test = || {
            shares
                .clone()
                .filter(|&share| exact(share, self.test) > 0.0)
        };
        let distances: Result<Vec<f64>> = noisy()
            .map(|share| Ok(over(&|d| neighbour(d, share))?.distance(0.0)))
            .collect();
        let agreements: Result<Vec<f64>> = noisy_test()
            .flat_map(|share| (0..METHODS.len()).map(move |at| (at, share)))
            .map(|(at, share)| Ok(over(&|d| agreement(&d.scores[at][share], share))?.distance(0.0)))
            .collect();
        let last = self.shares.len() - 1;
        let share = self.shares[last];
        let measured = over(&|d| d.scores[2][last].noisy_error)?;
        let both = |d: &OneDraw| {
            let clean = mixed(d.clean_neighbour, exact(last, self.n), classes);
            mixed(clean, exact(last, self.test), classes)
        };
        let off = over(&|d| d.scores[2][last].noisy_error - both(d))?;
        let gains = |at: usize| -> Result<f64> {
            let each = noisy().map(|share| {
                let gain = over(&|d| d.scores[2][share].error - d.scores[at][share].error)?;
                Ok(gain.mean / gain.se)
            });
            Ok(least(each.collect::<Result<Vec<f64>>>()?))
        };
        let (unchanged, why) = (
            noisy().count() == 0,
            "no label was changed: set larger shares",
        );
        let beyond = largest_distance(noisy().count().max(1), 2.0 * LEVEL, Some(self.draws))?;
        let beats = |name: &str, at: usize| -> Result<Claim> {
            let text = format!(
                "the {name} interpolant reads more test digits rightly than the nearest neighbour at every η > 0 \
                 (trend): least gain in standard errors"
            );
            let claim = Claim::greater_than(&text, beyond, gains(at)?, 0.0);
            Ok(claim.not_measured_if(unchanged, why).trend(mnist))
        };
        let unmet = |d: &OneDraw| largest(d.unmet);
        Ok(Findings::of(points.iter())
            .claim(Claim::equals(
                "both kernels interpolate: the largest share of training labels, wrong ones too, that a fit does not \
                 give back",
                0.0,
                largest(draws.iter().map(unmet)),
                0.0,
            ))
            .claim(Claim::all_within(
                "the nearest neighbour reads wrongly 1 − (1 − e₀)(1 − η) − e₀η/(k − 1) of clean test digits, e₀ without \
                 noise, at every η",
                distances?,
                LEVEL,
                Some(self.draws),
            )?)
            .not_measured_if(unchanged, why)
            .claim(Claim::all_within(
                "if test labels are changed too, every method's error e becomes 1 − (1 − e)(1 − η) − eη/(k − 1)",
                agreements?,
                LEVEL,
                Some(self.draws),
            )?)
            .not_measured_if(noisy_test().count() == 0, why)
            .claim(Claim::mean_equals(
                &format!("η = {share}: so the nearest neighbour is counted wrong twice over, in training and in testing"),
                over(&both)?.mean,
                Estimate {
                    mean: measured.mean,
                    ..off
                },
                0.0,
                LEVEL,
            )?)
            .against(
                over(&|d| mixed(d.clean_neighbour, exact(last, self.n), classes))?.mean,
                "wrong labels in training alone",
            )
            .claim(beats("Laplace", 0)?)
            .headline()
            .claim(beats("Gaussian", 1)?)
            .measure("clean_errors", self.each(&points, 0))
            .measure("noisiest_errors", self.each(&points, last))
            .measure("noisiest_noisy_errors", {
                let at = |m: usize| points[m * self.shares.len() + last].noisy_error.mean;
                (0..METHODS.len()).map(at).collect::<Vec<f64>>()
            })
            .measure(
                "largest_condition",
                largest(draws.iter().map(|d| largest(d.condition))),
            )
            .figure(figure(self, &points, classes)))
    }

    /// The errors of all methods at one share.
    fn each(&self, points: &[Point], share: usize) -> Vec<f64> {
        let at = |m: usize| points[m * self.shares.len() + share].error.mean;
        (0..METHODS.len()).map(at).collect()
    }
}
