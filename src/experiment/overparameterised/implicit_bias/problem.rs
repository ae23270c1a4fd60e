//! Linear classification: the loss, marks on the way, margins and what bounds them.

use std::ops::ControlFlow;

use ndarray::{Array1, Array2};

use crate::error::Result;
use crate::optimise::{Iterate, Oracle, SolveSettings, Status, Unconstrained, solve};
use crate::real::norm;
use crate::stats::{larger, largest, least};

/// (1/n) Σ ℓ(z_i·w), z_i = y_i x_i.
pub(super) struct Margins {
    /// `(n, d)`.
    pub(super) z: Array2<f64>,
    pub(super) exponential: bool,
}

impl Margins {
    fn n(&self) -> f64 {
        self.z.nrows() as f64
    }

    /// z_i·w, added up in order.
    pub(super) fn of(&self, w: &[f64]) -> Vec<f64> {
        let rows = self.z.rows().into_iter();
        rows.map(|row| row.iter().zip(w).map(|(z, w)| z * w).sum())
            .collect()
    }

    /// ℓ(m) and −ℓ'(m).
    pub(super) fn loss_and_slope(&self, m: f64) -> (f64, f64) {
        let small = (-m.abs()).exp();
        match self.exponential {
            true => ((-m).exp(), (-m).exp()),
            false => {
                let slope = if m > 0.0 { small } else { 1.0 } / (1.0 + small);
                (small.ln_1p() + larger(-m, 0.0), slope)
            }
        }
    }

    /// The mean loss.
    pub(super) fn mean(&self, w: &[f64]) -> f64 {
        self.of(w)
            .iter()
            .map(|m| self.loss_and_slope(*m).0)
            .sum::<f64>()
            / self.n()
    }

    /// −ℓ'(z_i·w) for each i.
    pub(super) fn slopes(&self, w: &[f64]) -> Vec<f64> {
        self.of(w)
            .iter()
            .map(|m| self.loss_and_slope(*m).1)
            .collect()
    }

    /// 1 − margin/bound in ℓ2 and in ℓ∞, for w ≠ 0.
    ///
    /// For weights q_i ≥ 0 that sum to 1 no w has a margin above ‖Σq_i z_i‖₂ by w of ℓ2-length 1, nor above ‖Σq_i z_i‖₁ by w
    /// of largest entry 1: the least is at most the mean. Here q is that of the gradient.
    pub(super) fn gaps(&self, w: &[f64]) -> [f64; 2] {
        let q = self.slopes(w);
        let total: f64 = q.iter().sum();
        let mean = self.z.t().dot(&Array1::from(q)) / total;
        let margin = least(self.of(w));
        let bounds = [
            norm([mean.to_vec().as_slice()]),
            mean.iter().map(|v| v.abs()).sum(),
        ];
        let lengths = [norm([w]), largest(w.iter().map(|w| w.abs()))];
        [0, 1].map(|i| 1.0 - margin / lengths[i] / bounds[i])
    }
}

impl Oracle for Margins {
    fn dimension(&self) -> usize {
        self.z.ncols()
    }

    fn value_and_gradient(&self, w: &[f64], gradient: &mut [f64]) -> Result<f64> {
        gradient.fill(0.0);
        let mut sum = 0.0;
        for row in self.z.rows() {
            let m = row.iter().zip(w).map(|(z, w)| z * w).sum();
            let (loss, slope) = self.loss_and_slope(m);
            sum += loss;
            gradient
                .iter_mut()
                .zip(row)
                .for_each(|(g, z)| *g -= slope * z / self.n());
        }
        Ok(sum / self.n())
    }
}

/// A point on the way.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) step: usize,
    pub(super) w: Vec<f64>,
}

/// A method's marks, and Σg² of each coordinate.
pub(super) struct Path {
    pub(super) marks: Vec<Mark>,
    pub(super) squares: Vec<f64>,
    pub(super) diverged: bool,
}

/// Eight marks a power of ten, back from the last step, so that the last is one, and a hundredth and a tenth of it.
pub(super) fn marks(steps: usize) -> Vec<usize> {
    let back = (0..).map(|k| (steps as f64 * 10_f64.powf(-f64::from(k) / 8.0)).round() as usize);
    let mut marks: Vec<usize> = back.take_while(|step| *step >= 2).collect();
    marks.reverse();
    marks.dedup();
    marks
}

/// Descends from `start`.
pub(super) fn path_of(problem: &Margins, start: &[f64], settings: &SolveSettings) -> Result<Path> {
    let wanted = marks(settings.steps);
    let mut path = Path {
        marks: Vec::new(),
        squares: vec![0.0; start.len()],
        diverged: false,
    };
    let mut next = 0;
    let mut see = |iterate: &Iterate<'_>| {
        let squares = path.squares.iter_mut().zip(iterate.gradient);
        squares.for_each(|(sum, g)| *sum += g * g);
        if wanted.get(next) == Some(&iterate.step) {
            next += 1;
            let (step, w) = (iterate.step, iterate.x.to_vec());
            path.marks.push(Mark { step, w });
        }
        ControlFlow::Continue(())
    };
    let solution = solve(problem, &Unconstrained, start, settings, &mut see)?;
    path.diverged = matches!(solution.status, Status::Diverged { .. });
    Ok(path)
}

impl Path {
    /// The mark nearest to the `part`-th of the last.
    pub(super) fn at(&self, part: f64) -> &Mark {
        let last = self.marks.last().expect("1,000 steps and more have marks");
        let goal = (last.step as f64 * part).ln();
        let distance = |mark: &&Mark| ((mark.step as f64).ln() - goal).abs();
        let nearest = self
            .marks
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.unwrap_or(last)
    }
}

/// The angle between two vectors, by the arc tangent: small angles keep their digits.
pub(super) fn angle(a: &[f64], b: &[f64]) -> f64 {
    let (length_a, length_b) = (norm([a]), norm([b]));
    let part = |sign: f64| {
        let parts = a
            .iter()
            .zip(b)
            .map(|(a, b)| a / length_a + sign * b / length_b);
        norm([parts.collect::<Vec<f64>>().as_slice()])
    };
    2.0 * part(-1.0).atan2(part(1.0))
}
