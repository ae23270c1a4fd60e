//! The settings of `pl_condition`, and the rows of its table.

use crate::experiment::{row, settings};
use crate::stats::Estimate;

settings! {
    /// Settings of `pl_condition`.
    pub struct PlCondition {
        /// Inputs, uniform on the unit sphere, with Gaussian targets.
        n: usize = 8, quick 6, in 2..=50;
        /// Dimension d of the inputs.
        dim: usize = 30, quick 20, in 2..=1000;
        /// Widths m, from small to large.
        widths: Vec<usize> = vec![64, 256, 1024, 4096], quick vec![32, 128, 512], in 8..=65_536, len 2..=8;
        /// What is behind the network's output: nothing, or φ(u) = u + ½(1 − cos u), with |φ'| ≥ ρ = ½.
        outer: Vec<&'static str> = vec!["identity", "phi"], in ["identity", "phi"], len 1..=2;
        /// The step η in parts of 1/β, β a bound on the loss's curvature at the start.
        share: f64 = 0.8, in 0.01..=1.0;
        /// Data sets and starts drawn.
        draws: usize = 10, quick 6, in 4..=1000;
        /// Starts drawn at each width for the Hessian norm.
        starts: usize = 200, quick 100, in 20..=100_000;
        /// The most steps of a run.
        steps: usize = 3000, in 10..=1_000_000;
    }
}

row! {
    /// One network and width, over draws.
    pub(super) struct Point {
        /// identity: F = f; phi: F = φ(f)
        outer: &'static str;
        /// hidden units m
        width: usize;
        /// ‖∇²F_1‖ at the start, mean over draws
        hessian: Estimate, and hessian_se "its standard error";
        /// its exact mean; for phi |φ''(f)|·‖∇f‖², mean over draws, what is left of it in the limit
        hessian_exact: f64;
        /// λ_min of the tangent kernel, the least on the path, mean over draws
        mu: f64;
        /// bound on the curvature of the loss, the largest on the path, mean over draws
        beta: f64;
        /// ‖K(end) − K(0)‖_F/‖K(0)‖_F, mean over draws
        kernel_change: Estimate, and kernel_change_se "its standard error";
        /// steps to 10⁻⁸ of the first loss, mean over draws; empty where one did not get there
        steps: Option<f64>;
        /// largest distance from the start, mean over draws
        distance: f64;
        /// 2√(2L_0/μ), a bound on it, mean over draws
        path: f64;
        /// R = 2√(2βL_0)/μ, the slide's bound, mean over draws
        radius: f64;
    }
}
