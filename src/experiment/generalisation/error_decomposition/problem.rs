//! Teacher, student and the exact terms of a draw.

use ndarray::{Array1, Array2, s};
use rand::RngExt;
use rand_distr::StandardNormal;

use crate::error::{Error, Result};
use crate::experiment::settings;
use crate::linalg::{Cholesky, Svd, thin_svd};
use crate::model::{Kernel, RandomFeatures};
use crate::rng::{Rng, stream};
use crate::stats::{Estimate, larger};

settings! {
    /// Settings of `error_decomposition`.
    pub struct ErrorDecomposition {
        /// Training examples n.
        n: usize = 200, quick 100, in 10..=2000;
        /// Numbers of ReLU features m of the student.
        widths: Vec<usize> = vec![5, 10, 20, 30, 40, 60, 80, 120, 160, 200, 280, 400], quick vec![5, 10, 20, 40, 60, 100, 160], in 1..=2000, len 2..=40;
        /// Steps of gradient descent t.
        steps: usize = 4096, quick 1024, in 1..=1_000_000;
        /// Features of the teacher: the first of the student's.
        teacher: usize = 40, in 1..=1000;
        /// Input dimension d. On a line the features are all multiples of two, so that no best
        /// parameter is the only one; in a plane they nearly are.
        dim: usize = 20, in 3..=500;
        /// Variance σ² of the label noise; the teacher's outputs have mean square 1.
        noise: f64 = 0.2, in 0.0001..=100.0;
        /// Draws of the training set.
        draws: usize = 200, quick 60, in 10..=10_000;
        /// Fresh examples to check population risks with.
        fresh: usize = 40_000, quick 10_000, in 100..=1_000_000;
    }
}

/// The four terms and the risk they sum to, for a parameter θ_t. R is the population's mean squared
/// error, R_n that of the training set, θ* the least of R among the student's parameters.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    /// R(θ_t).
    pub risk: f64,
    /// R(θ_t) − R_n(θ_t).
    pub generalisation: f64,
    /// R_n(θ_t) − R_n(θ*).
    pub optimisation: f64,
    /// R_n(θ*) − R(θ*).
    pub statistical: f64,
    /// R(θ*).
    pub approximation: f64,
}

/// What does not change between draws. Inputs are x ~ N(0, I_d), features max(0, u_j·x), so that the second moments
/// G_jk = E max(0, u_j·x) max(0, u_k·x) are the arc-cosine kernel of the directions (Cho & Saul 2009).
pub(super) struct Problem {
    n: usize,
    noise: f64,
    seed: u64,
    features: RandomFeatures,
    /// Coefficients of the teacher, padded with zeros, `(M, 1)`.
    teacher: Array2<f64>,
    /// G, `(M, M)`.
    moments: Array2<f64>,
    /// The students, by rising width.
    pub students: Vec<Student>,
}

/// One width.
pub(super) struct Student {
    pub width: usize,
    /// θ* = G⁻¹c, the best of this width, `(m, 1)`.
    best: Array2<f64>,
    /// R(θ*).
    pub approximation: f64,
}

/// One training set.
pub(super) struct Draw {
    /// The terms by width and steps.
    pub terms: Vec<Vec<Terms>>,
    /// The terms for t → ∞ by width.
    pub limit: Vec<Terms>,
    /// The mean, given the inputs, of the generalisation error for t → ∞ by width, where the student contains the
    /// teacher, m < n and the features are linearly independent on the sample.
    pub predicted_gap: Vec<Option<f64>>,
    /// The largest relative distance of the four terms' sum from R(θ*) + ‖θ − θ*‖²_G.
    pub sum_error: f64,
}

/// What another route gives.
pub(super) struct Checks {
    /// R(θ*) on fresh examples, by width.
    pub best_fresh: Vec<Estimate>,
    /// R(θ_t) − its closed form on fresh examples for the first draw and the last step, by width.
    pub last_fresh: Vec<Estimate>,
    /// The largest distance of the optimisation error of a descent that was run from its closed form, in units of R_n(0).
    pub descent_error: f64,
}

/// A training set and its eigenmodes for one student.
struct Modes {
    svd: Svd,
    /// Uᵀy.
    along: Array1<f64>,
    /// 1 − ηλ_i, with λ_i = 2s_i²/n and η = 1/λ_max.
    shrink: Array1<f64>,
    /// How many modes are not rounding: a feature may be 0 on the whole sample. The descent never moves along the others.
    rank: usize,
}

fn gaussians(rows: usize, columns: usize, rng: &mut Rng) -> Array2<f64> {
    Array2::from_shape_simple_fn((rows, columns), || rng.sample(StandardNormal))
}

fn mean_square(residuals: &Array2<f64>) -> f64 {
    residuals.iter().map(|r| r * r).sum::<f64>() / residuals.len() as f64
}

impl Problem {
    pub(super) fn new(settings: &ErrorDecomposition, seed: u64) -> Result<Self> {
        let mut widths = settings.widths.clone();
        widths.sort_unstable();
        widths.dedup();
        let largest = widths.last().copied().unwrap_or(1).max(settings.teacher);
        let rng = &mut stream(seed, "directions", 0);
        let features = RandomFeatures::relu(largest, settings.dim, rng)?;
        let kernel = Kernel::ReluNngp { hidden_layers: 1 };
        let moments = kernel.matrix(&features.directions, &features.directions)?;
        let rng = &mut stream(seed, "teacher", 0);
        let mut teacher = Array2::zeros((largest, 1));
        let own = gaussians(settings.teacher, 1, rng);
        teacher.slice_mut(s![..settings.teacher, ..]).assign(&own);
        let power = teacher.t().dot(&moments).dot(&teacher)[[0, 0]];
        teacher /= power.sqrt();
        let mut problem = Self {
            n: settings.n,
            noise: settings.noise,
            seed,
            features,
            teacher,
            moments,
            students: Vec::new(),
        };
        problem.students = widths
            .into_iter()
            .map(|width| problem.student(width))
            .collect::<Result<_>>()?;
        Ok(problem)
    }

    /// The population's normal equations.
    fn student(&self, width: usize) -> Result<Student> {
        let own = self.moments.slice(s![..width, ..width]).to_owned();
        let cross = self.moments.slice(s![..width, ..]).dot(&self.teacher);
        let singular = || {
            let expected =
                "a positive definite matrix: set a larger dim or fewer widths and teacher features";
            let got = format!(
                "singular to working precision for {width} features in {} dimensions",
                self.dim()
            );
            Error::domain("the matrix of the features' moments", expected, got)
        };
        let best = Cholesky::new(&own).ok_or_else(singular)?.solve(&cross)?;
        Ok(Student {
            width,
            approximation: self.risk(&best),
            best,
        })
    }

    fn dim(&self) -> usize {
        self.features.directions.ncols()
    }

    /// R(θ) = σ² + ‖θ − teacher‖²_G.
    fn risk(&self, theta: &Array2<f64>) -> f64 {
        let mut off = -&self.teacher;
        let mut own = off.slice_mut(s![..theta.nrows(), ..]);
        own += theta;
        self.noise + off.t().dot(&self.moments).dot(&off)[[0, 0]]
    }

    /// Examples: features `(rows, M)` and labels `(rows, 1)`.
    fn examples(&self, rows: usize, rng: &mut Rng) -> Result<(Array2<f64>, Array2<f64>)> {
        let x = gaussians(rows, self.features.directions.ncols(), rng);
        let phi = self.features.apply(&x)?;
        let y = phi.dot(&self.teacher) + self.noise.sqrt() * gaussians(rows, 1, rng);
        Ok((phi, y))
    }

    fn training_set(&self, index: u64) -> Result<(Array2<f64>, Array2<f64>)> {
        self.examples(self.n, &mut stream(self.seed, "training set", index))
    }

    pub(super) fn draw(&self, times: &[usize], index: u64) -> Result<Draw> {
        let (phi, y) = self.training_set(index)?;
        let mut draw = Draw {
            terms: Vec::new(),
            limit: Vec::new(),
            predicted_gap: Vec::new(),
            sum_error: 0.0,
        };
        for student in &self.students {
            let own = phi.slice(s![.., ..student.width]).to_owned();
            let modes = Modes::new(&own, &y)?;
            let at_best = mean_square(&(&y - own.dot(&student.best)));
            let mut terms = |time: Option<usize>| {
                let theta = modes.iterate(time);
                let terms = self.terms(student, &theta, modes.train(&y, time), at_best);
                draw.sum_error = larger(draw.sum_error, self.sum_error(student, &theta, &terms));
                terms
            };
            let each = times.iter().map(|t| terms(Some(*t))).collect();
            let limit = terms(None);
            draw.terms.push(each);
            draw.limit.push(limit);
            draw.predicted_gap.push(self.predicted_gap(student, &modes));
        }
        Ok(draw)
    }

    fn terms(&self, student: &Student, theta: &Array2<f64>, train: f64, at_best: f64) -> Terms {
        let risk = self.risk(theta);
        Terms {
            risk,
            generalisation: risk - train,
            optimisation: train - at_best,
            statistical: at_best - student.approximation,
            approximation: student.approximation,
        }
    }

    /// The sum against Pythagoras' R(θ*) + ‖θ − θ*‖²_G, which knows only the student's own moments.
    fn sum_error(&self, student: &Student, theta: &Array2<f64>, terms: &Terms) -> f64 {
        let sum =
            terms.generalisation + terms.optimisation + terms.statistical + terms.approximation;
        let off = theta - &student.best;
        let own = self.moments.slice(s![..student.width, ..student.width]);
        let excess = off.t().dot(&own).dot(&off)[[0, 0]];
        let other = student.approximation + excess;
        (sum - other).abs() / other
    }

    /// σ² tr(G (ΦᵀΦ)⁻¹) + σ² m/n, the mean over the noise of R(θ̂) − R_n(θ̂) where the student contains the teacher.
    fn predicted_gap(&self, student: &Student, modes: &Modes) -> Option<f64> {
        let m = student.width;
        if !self.contains_teacher(student) || m >= self.n || modes.rank < m {
            return None;
        }
        let own = self.moments.slice(s![..m, ..m]);
        let scaled = &modes.svd.vt / &modes.svd.s.to_shape((m, 1)).ok()?;
        let trace = (&scaled.dot(&own) * &scaled).sum();
        Some(self.noise * (trace + m as f64 / self.n as f64))
    }

    pub(super) fn contains_teacher(&self, student: &Student) -> bool {
        self.teacher
            .iter()
            .skip(student.width)
            .all(|coefficient| *coefficient == 0.0)
    }

    pub(super) fn checks(&self, settings: &ErrorDecomposition, seed: u64) -> Result<Checks> {
        let rng = &mut stream(seed, "fresh examples", 0);
        let (phi, y) = self.examples(settings.fresh, rng)?;
        let (train_phi, train_y) = self.training_set(0)?;
        let mut checks = Checks {
            best_fresh: Vec::new(),
            last_fresh: Vec::new(),
            descent_error: 0.0,
        };
        for student in &self.students {
            let own = train_phi.slice(s![.., ..student.width]).to_owned();
            let modes = Modes::new(&own, &train_y)?;
            let run = modes.descent(&own, &train_y, settings.steps);
            let closed = modes.train(&train_y, Some(settings.steps));
            let ran = mean_square(&(&train_y - own.dot(&run)));
            let error = (ran - closed).abs() / mean_square(&train_y);
            checks.descent_error = larger(checks.descent_error, error);
            let fresh = phi.slice(s![.., ..student.width]);
            let losses = |theta: &Array2<f64>| -> Vec<f64> {
                (&y - fresh.dot(theta)).iter().map(|r| r * r).collect()
            };
            let best = Estimate::from_values(&losses(&student.best))?;
            checks.best_fresh.push(best);
            let exact = self.risk(&modes.iterate(Some(settings.steps)));
            let off: Vec<f64> = losses(&run).iter().map(|loss| loss - exact).collect();
            checks.last_fresh.push(Estimate::from_values(&off)?);
        }
        Ok(checks)
    }
}

impl Modes {
    fn new(phi: &Array2<f64>, y: &Array2<f64>) -> Result<Self> {
        let svd = thin_svd(phi)?;
        let along = svd.u.t().dot(y).column(0).to_owned();
        let largest = svd.s[0];
        let rounding = f64::EPSILON * phi.nrows().max(phi.ncols()) as f64 * largest;
        let rank = svd.s.iter().filter(|s| **s > rounding).count();
        let shrink = svd.s.mapv(|s| 1.0 - (s / largest).powi(2));
        Ok(Self {
            svd,
            along,
            shrink,
            rank,
        })
    }

    /// (1 − ηλ_i)^t; 1 for modes that are rounding.
    fn left(&self, time: Option<usize>) -> Array1<f64> {
        let mut left = self.shrink.mapv(|shrink| match time {
            Some(t) => shrink.powf(t as f64),
            None => 0.0,
        });
        left.slice_mut(s![self.rank..]).fill(1.0);
        left
    }

    /// θ_t = V diag((1 − (1 − ηλ_i)^t)/s_i) Uᵀy, `(m, 1)`; without a time the limit, of minimum norm.
    fn iterate(&self, time: Option<usize>) -> Array2<f64> {
        let mut learned = (1.0 - self.left(time)) * &self.along;
        let (mut own, none) = learned.view_mut().split_at(ndarray::Axis(0), self.rank);
        own /= &self.svd.s.slice(s![..self.rank]);
        debug_assert!(none.iter().all(|along| *along == 0.0));
        self.svd.vt.t().dot(&learned).insert_axis(ndarray::Axis(1))
    }

    /// R_n(θ_t) = (‖y‖² − ‖Uᵀy‖² + Σ (1 − ηλ_i)^2t (u_i·y)²)/n.
    fn train(&self, y: &Array2<f64>, time: Option<usize>) -> f64 {
        let outside = y.iter().map(|v| v * v).sum::<f64>() - self.along.dot(&self.along);
        let left = self.left(time) * &self.along;
        (larger(outside, 0.0) + left.dot(&left)) / y.len() as f64
    }

    /// The same descent, run, as a second route that shares nothing with `optimise`: θ ← θ + η(2/n)Φᵀ(y − Φθ) from 0, with η(2/n) = 1/s_max².
    fn descent(&self, phi: &Array2<f64>, y: &Array2<f64>, steps: usize) -> Array2<f64> {
        let rate = self.svd.s[0].powi(-2);
        let mut theta = Array2::zeros((phi.ncols(), 1));
        for _ in 0..steps {
            let residual = y - phi.dot(&theta);
            theta.scaled_add(rate, &phi.t().dot(&residual));
        }
        theta
    }
}
