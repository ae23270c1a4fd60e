//! A linear model, where the worst attack is known: training against attacks beside the exact minimum of its robust loss.

use ndarray::{Array1, Array2, aview1};
use rand::RngExt;

use crate::attack::train::{Adversarial, Inner};
use crate::attack::{NormBall, Objective, PgdSettings};
use crate::data::Dataset;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::model::{Loss, Mlp, MlpSettings};
use crate::optimise::{
    Average, Cuboid, Norm, Oracle, SolveSettings, StochasticOracle, Unconstrained, Unseen, solve,
    solve_stochastic,
};
use crate::rng::stream;
use crate::stats::larger;

/// Inputs, examples, ε.
const D: usize = 20;
const N: usize = 100;
const EPSILON: f64 = 0.3;

/// Steps of the training against attacks, and their length.
const STEPS: usize = 10_000;
const RATE: f64 = 0.003;

/// Steps of the exact solver.
const EXACT_STEPS: usize = 20_000;

/// What came of it.
pub(super) struct Linear {
    /// The least robust loss.
    pub(super) least: f64,
    /// That of the mean of the iterates of training against attacks.
    pub(super) trained: f64,
    /// How far above the least the theory of subgradients, and what the exact solver may lack, allow it to be.
    pub(super) allowed: f64,
    /// The robust loss of the minimiser of the clean loss.
    pub(super) clean: f64,
    /// The largest distance of the gradient at an attack from the one derived by hand, over ‖gradient‖, at random weights.
    pub(super) gradient_gap: f64,
}

/// (1/n) Σ ln(1 + e^(−m_i)) with m_i = y_i⟨w, x_i⟩ − ε‖w‖₁ and w = u − v, u, v ≥ 0, where ‖w‖₁ = Σ(u + v) is smooth.
struct Split<'a> {
    data: &'a Dataset,
    epsilon: f64,
}

impl Split<'_> {
    /// The rows (−y x + ε, y x + ε): what a margin loses with u and v, `(n, 2d)`.
    fn rows(&self) -> Array2<f64> {
        let signed = &self.data.x * &self.data.y;
        let both = ndarray::concatenate![ndarray::Axis(1), -&signed, signed];
        both + self.epsilon
    }
}

impl Oracle for Split<'_> {
    fn dimension(&self) -> usize {
        2 * self.data.x.ncols()
    }

    fn value_and_gradient(&self, uv: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let rows = self.rows();
        let losses = rows.dot(&aview1(uv));
        let n = losses.len() as f64;
        let slopes = losses.mapv(|l| 1.0 / (1.0 + (-l).exp()) / n);
        gradient
            .iter_mut()
            .zip(&rows.t().dot(&slopes))
            .for_each(|(to, g)| *to = *g);
        Ok(losses.mapv(softplus).sum() / n)
    }
}

fn softplus(l: f64) -> f64 {
    (-l.abs()).exp().ln_1p() + larger(l, 0.0)
}

/// The robust loss of w.
fn robust(w: &Array1<f64>, data: &Dataset, epsilon: f64) -> f64 {
    let size = epsilon * w.mapv(f64::abs).sum();
    let margins = data.x.dot(w) * data.y.column(0);
    margins.mapv(|m| softplus(size - m)).sum() / margins.len() as f64
}

/// The minimiser of the loss with this ε, and how far its value may be above the least.
fn exact(data: &Dataset, epsilon: f64) -> Result<(Array1<f64>, f64)> {
    let split = Split { data, epsilon };
    let rows = split.rows();
    // The logistic loss has a curvature of at most ¼.
    let curvature = 0.25 * rows.iter().map(|v| v * v).sum::<f64>() / N as f64;
    let orthant = Cuboid {
        low: vec![0.0; 2 * D],
        high: vec![1e6; 2 * D],
    };
    let settings = SolveSettings {
        rate: 1.0 / curvature,
        steps: EXACT_STEPS,
        ..SolveSettings::default()
    };
    let end = solve(&split, &orthant, &[0.0; 2 * D], &settings, &mut Unseen)?;
    let w = Array1::from_shape_fn(D, |i| end.x[i] - end.x[D + i]);
    let square: f64 = end.x.iter().map(|v| v * v).sum();
    Ok((w, curvature * square / (2.0 * EXACT_STEPS as f64)))
}

impl Linear {
    pub(super) fn new(seed: u64) -> Result<Self> {
        let rng = &mut stream(seed, "linear", 0);
        let x = gaussian(N, D, rng)?;
        // Three inputs matter, and a tenth of the labels are wrong.
        let sign = |row: ndarray::ArrayView1<'_, f64>, wrong: bool| {
            let sum = row[0] + row[1] - row[2];
            if (sum > 0.0) == wrong { -1.0 } else { 1.0 }
        };
        let labels: Vec<f64> = x
            .rows()
            .into_iter()
            .map(|row| sign(row, rng.random::<f64>() < 0.1))
            .collect();
        let y = Array2::from_shape_vec((N, 1), labels).expect("one label a row");
        let data = Dataset::new(x, y)?;
        let (best, short) = exact(&data, EPSILON)?;
        let (clean, _) = exact(&data, 0.0)?;

        let network = MlpSettings {
            biases: false,
            ..MlpSettings::of_sizes(&[D, 1])
        };
        let net = Mlp::new(&network, rng)?.with_parameters(&[0.0; D])?;
        let attack = PgdSettings {
            steps: 1,
            step: EPSILON,
            objective: Objective::Loss(Loss::Logistic),
            ..PgdSettings::default()
        };
        let ball = NormBall::unbounded(Norm::LInf, EPSILON);
        let mut oracle =
            Adversarial::new(net, &data, ball, (Inner::One, attack), Loss::Logistic, N)?;
        let mut gradient_gap = 0.0;
        for _ in 0..20 {
            let w = gaussian(1, D, rng)?.row(0).to_owned();
            let mut g = vec![0.0; D];
            oracle.draw(w.as_slice().expect("made in order"), &mut g, rng)?;
            let exact = by_hand(&w, &data);
            let gap = (&exact - &aview1(&g)).mapv(|v| v * v).sum().sqrt();
            gradient_gap = larger(gradient_gap, gap / exact.dot(&exact).sqrt());
        }
        let settings = SolveSettings {
            rate: RATE,
            steps: STEPS,
            average: Average::Tail(1.0),
            ..SolveSettings::default()
        };
        let end = solve_stochastic(
            &mut oracle,
            &Unconstrained,
            &[0.0; D],
            &settings,
            &mut Unseen,
            rng,
        )?;
        let mean = Array1::from(end.average);
        // No subgradient is longer than the mean of ‖x_i‖ + ε√d.
        let lengths = data
            .x
            .rows()
            .into_iter()
            .map(|r| r.dot(&r).sqrt() + EPSILON * (D as f64).sqrt());
        let slope = lengths.sum::<f64>() / N as f64;
        Ok(Self {
            least: robust(&best, &data, EPSILON),
            trained: robust(&mean, &data, EPSILON),
            allowed: best.dot(&best) / (2.0 * RATE * STEPS as f64)
                + 0.5 * RATE * slope * slope
                + short,
            clean: robust(&clean, &data, EPSILON),
            gradient_gap,
        })
    }
}

/// The gradient of the robust loss where no w_i is 0: −(1/n) Σ (y_i x_i − ε sign w)/(1 + e^(m_i)).
fn by_hand(w: &Array1<f64>, data: &Dataset) -> Array1<f64> {
    let size = EPSILON * w.mapv(f64::abs).sum();
    let margins = data.x.dot(w) * data.y.column(0);
    let shares = margins.mapv(|m| 1.0 / (1.0 + (m - size).exp()) / N as f64);
    let pull = data.x.t().dot(&(&shares * &data.y.column(0)));
    w.mapv(f64::signum) * (EPSILON * shares.sum()) - pull
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At the exact minimum no direction leads down by more than the solver may lack.
    #[test]
    fn nothing_near_the_minimum_is_lower() {
        let found = Linear::new(1).expect("valid");
        assert!(found.trained >= found.least - 1e-6 && found.clean > found.least + found.allowed);
        assert!(found.gradient_gap < 1e-12);
    }
}
