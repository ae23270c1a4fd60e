//! Ridgeless least squares where n and p grow together: the limits beside simulation.

mod findings;

use crate::error::Result;
use crate::experiment::problems::digit_features::widths_around_threshold;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::measure::{IsotropicProblem, RidgelessPoint, ridgeless_curve};
use findings::{Results, findings};

/// The standard errors come from draws: closer to p = n their own variance is infinite.
const NEAREST: usize = 8;
/// How far around the predicted minimum widths are added, in ln(γ − 1).
const REACH: f64 = 0.8;

settings! {
    /// Settings of `ridgeless_asymptotics`.
    pub struct RidgelessAsymptotics {
        /// Training examples a draw.
        n: usize = 200, quick 60, in 30..=1000;
        /// Signal over noise r²/σ².
        snr: f64 = 5.0, in 0.01..=100.0;
        /// Standard deviation σ of the noise in the labels.
        noise: f64 = 1.0, in 0.001..=1000.0;
        /// The largest γ = p/n.
        max_gamma: f64 = 5.0, in 2.0..=20.0;
        /// About how many widths, densest around γ = 1.
        points: usize = 24, quick 16, in 8..=500;
        /// Independent training sets a width.
        draws: usize = 100, in 10..=100_000;
    }
}

impl Study for RidgelessAsymptotics {
    const ABOUT: About = About {
        id: "ridgeless_asymptotics",
        title: "Ridgeless least squares in high dimensions: risk and norm beside their limits",
        what: "Fits linear targets with p isotropic Gaussian features by the minimum-norm solution, for \
               many ratios γ = p/n. Compares the excess risk and the squared norm of the weights \
               with their limits as n and p grow together and with the exact means for \
               this n, and finds the minimum beyond γ = 1.",
        slide: "CMSC 828W \"DL Generalization\": double descent for a simple model; after Hastie, \
                Montanari, Rosset & Tibshirani 2022, arXiv:1903.08560",
        columns: &[
            Column::new("p", "", "features"),
            Column::new("gamma", "", "γ = p/n"),
            Column::new(
                "predicted",
                "label²",
                "limit of the excess risk; inf at γ = 1",
            ),
            Column::new(
                "finite",
                "label²",
                "exact mean of the excess risk for this n and p",
            ),
            Column::new("measured", "label²", "excess risk, mean over draws"),
            Column::new("se", "label²", "standard error of measured"),
            Column::new(
                "norm_predicted",
                "label²",
                "limit of the squared norm of the weights",
            ),
            Column::new(
                "norm_finite",
                "label²",
                "exact mean of the squared norm for this n and p",
            ),
            Column::new(
                "norm_measured",
                "label²",
                "squared norm of the weights, mean over draws",
            ),
            Column::new("norm_se", "label²", "standard error of norm_measured"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let noise = self.noise * self.noise;
        let problem = IsotropicProblem {
            signal: self.snr * noise,
            noise,
        };
        let window = self.window(&problem);
        let widths = self.widths(&window);
        context.progress.start(widths.len(), "widths");
        let points = widths
            .iter()
            .map(|&p| {
                let point = ridgeless_curve(&problem, self.n, &[p], self.draws, seed);
                context.progress.step();
                point
            })
            .collect::<Result<Vec<Vec<RidgelessPoint>>>>()?
            .concat();
        findings(&Results {
            n: self.n,
            problem,
            window,
            points,
        })
    }
}

impl RidgelessAsymptotics {
    /// Widths around the predicted minimum, evenly spaced in ln(γ − 1); none if there is none in reach, or if it lies
    /// so close to γ = 1 that fewer than two widths fit between: a parabola through one side alone says nothing.
    fn window(&self, problem: &IsotropicProblem) -> Vec<usize> {
        let Some(minimum) = problem.local_minimum().filter(|g| *g <= self.max_gamma) else {
            return Vec::new();
        };
        let at = |step: i32| {
            let beyond = (minimum - 1.0) * (REACH * f64::from(step) / 5.0).exp();
            (self.n as f64 * (1.0 + beyond)).round() as usize
        };
        let mut window: Vec<usize> = (-5..=5).map(at).collect();
        window.dedup();
        window.retain(|&p| p >= self.n + NEAREST);
        let before = window
            .iter()
            .filter(|&&p| (p as f64) < minimum * self.n as f64);
        match before.count() {
            0 | 1 => Vec::new(),
            _ => window,
        }
    }

    fn widths(&self, window: &[usize]) -> Vec<usize> {
        let n = self.n;
        let mut widths = widths_around_threshold(n, self.max_gamma, self.points);
        widths.retain(|&p| p == n || p.abs_diff(n) >= NEAREST);
        widths.extend([n - NEAREST, n + NEAREST, 2 * n]);
        widths.extend(window);
        widths.sort_unstable();
        widths.dedup();
        widths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_hold_the_landmarks_and_leave_the_threshold_room() {
        let settings = RidgelessAsymptotics::default();
        let window = settings.window(&IsotropicProblem::with_snr(5.0));
        let widths = settings.widths(&window);
        for p in [100, 200, 362, 400, 1000] {
            assert!(widths.contains(&p), "{p}: {widths:?}");
        }
        assert_eq!(window.len(), 11);
        assert!(widths.iter().all(|&p| p == 200 || p.abs_diff(200) >= 8));
        assert!(settings.window(&IsotropicProblem::with_snr(0.5)).is_empty());
        // SNR 100 has its minimum at γ = 1.11: n = 60 leaves no width before it, n = 200 does.
        let strong = IsotropicProblem::with_snr(100.0);
        assert!(RidgelessAsymptotics::quick().window(&strong).is_empty());
        assert!(settings.window(&strong).len() >= 5);
    }
}
