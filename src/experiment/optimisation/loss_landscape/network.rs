//! More parameters than examples: a network at points where it fits all its labels.

use ndarray::{Array1, Array2, Axis};
use rand_distr::{Distribution, StandardNormal};

use super::settings::LossLandscape;
use crate::data::synthetic::{gaussian, random_signs};
use crate::error::Result;
use crate::experiment::{Draw, row};
use crate::fit::{NetworkLoss, interpolate};
use crate::linalg::{SymmetricEigen, spectral_norm, symmetric_eigen, thin_qr};
use crate::model::{Activation, Differentiable, Direction, Init, Loss, Mlp, MlpSettings};
use crate::optimise::{Inertia, Oracle, hessian, hessian_extremes};
use crate::stats::{larger, largest};

/// Distances ρ from the minimiser.
pub(super) const RADII: [f64; 6] = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

/// Steps ε along the minimisers.
pub(super) const ALONG: [f64; 4] = [0.1, 0.05, 0.025, 0.0125];

/// Parts of the segment between two minimisers.
const PARTS: usize = 40;

/// Starts tried for each minimiser: with few spare parameters many are in vain.
const STARTS: usize = 20;

/// A residual ‖f − y‖ at most this is a minimiser, up to rounding.
pub(super) const FITTED: f64 = 1e-9;

/// Steps of Lanczos' method.
const LANCZOS: usize = 60;

/// Gauss–Newton steps; five to ten do from where it converges at all.
const STEPS: usize = 200;

row! {
    /// One number of one network.
    pub(super) struct Point {
        /// eigenvalue: of the Hessian at a minimiser; least eigenvalue: at distance ρ from it; segment: loss between two minimisers; nearby: loss halfway to a minimiser 2ε away along the set
        what: &'static str;
        /// its number
        network: usize;
        /// index; ρ; part t of the way; ε
        place: f64;
        /// measured
        value: f64;
        /// by theory, where it says: (2/n) × eigenvalue of the tangent kernel, or 0; c ρ; NaN; b ε⁴
        law: f64;
    }
}

/// What is found at one network.
pub(super) struct AtMinimum {
    pub(super) points: Vec<Point>,
    /// Of the Hessian at the minimiser.
    pub(super) inertia: Inertia,
    /// 2/n times the least eigenvalue of the tangent kernel, over what an eigenvalue must be above to count as positive.
    pub(super) clear: f64,
    /// The largest distance of its positive eigenvalues from (2/n) times those of the tangent kernel, over the largest.
    pub(super) kernel_gap: f64,
    /// ‖f − y‖ there.
    pub(super) residual: f64,
    /// How far Lanczos' ends are outside what they may be at the largest distance, over the largest eigenvalue: the upper from
    /// the largest eigenvalue beyond its residual, the lower below the least.
    pub(super) lanczos: f64,
    /// How many eigenvalues are negative at each distance.
    pub(super) negative: Vec<usize>,
    /// λ_min/(cρ) at the smallest distance, and how far from 1 it may be.
    pub(super) ratio: (f64, f64),
    /// The largest loss on the segment to another minimiser, and the larger one at its ends.
    pub(super) segment: (f64, f64),
    /// The losses halfway, one a step ε.
    pub(super) halfway: Vec<f64>,
}

/// A network, its data, and where both interpolate.
struct Problem {
    x: Array2<f64>,
    y: Array2<f64>,
    net: Mlp,
    residual: f64,
}

impl LossLandscape {
    /// Everything at one draw.
    pub(super) fn at_minimum(&self, draw: Draw) -> Result<AtMinimum> {
        let data = &mut draw.rng("data");
        let x = gaussian(self.n, self.inputs, data)?;
        let y = random_signs(self.n, data)?;
        let [first, second] =
            ["first start", "second start"].map(|label| self.minimiser(&x, &y, draw, label));
        let ((net, residual), (other, _)) = (first?, second?);
        let problem = Problem {
            x,
            y,
            net,
            residual,
        };
        let network = draw.index as usize;
        let mut found = problem.beside(network, draw)?;
        problem.segment(network, &other, &mut found)?;
        problem.nearby(network, draw, &mut found)?;
        Ok(found)
    }

    /// The first start of some from which Gauss–Newton steps come to a minimiser; the last where none does.
    fn minimiser(
        &self,
        x: &Array2<f64>,
        y: &Array2<f64>,
        draw: Draw,
        label: &str,
    ) -> Result<(Mlp, f64)> {
        let settings = MlpSettings {
            sizes: vec![self.inputs, self.width, 1],
            activation: Activation::Tanh,
            biases: true,
            init: Init::HE,
        };
        let rng = &mut draw.rng(label);
        let mut found = interpolate(&Mlp::new(&settings, rng)?, x, y, STEPS)?;
        for _ in 1..STARTS {
            if found.residual <= FITTED {
                break;
            }
            found = interpolate(&Mlp::new(&settings, rng)?, x, y, STEPS)?;
        }
        Ok((found.net, found.residual))
    }
}

impl Problem {
    fn loss(&self) -> Result<NetworkLoss<'_>> {
        NetworkLoss::new(&self.net, &self.x, &self.y, Loss::Mse)
    }

    /// Σ_i u_i ∇²f_i, `(p, p)`: the change of Jᵀu along each parameter.
    fn bend(&self, u: &Array1<f64>) -> Result<Array2<f64>> {
        let (p, checked) = (self.net.n_parameters(), self.net.checked()?);
        let trace = checked.trace(&self.x)?;
        let v = u.clone().insert_axis(Axis(1));
        let still = Array2::zeros(v.raw_dim());
        let mut bend = Array2::zeros((p, p));
        let mut unit = Array1::zeros(p);
        for (j, mut row) in bend.rows_mut().into_iter().enumerate() {
            unit[j] = 1.0;
            let along = Direction {
                parameters: &unit,
                inputs: &Array2::zeros(self.x.raw_dim()),
            };
            row.assign(&checked.vjp_rate(&trace, along, &v, &still)?.parameters);
            unit[j] = 0.0;
        }
        Ok(0.5 * (&bend + &bend.t()))
    }

    /// The spectrum at the minimiser, and the least eigenvalue on a line from it.
    fn beside(&self, network: usize, draw: Draw) -> Result<AtMinimum> {
        let (n, p) = (self.x.nrows() as f64, self.net.n_parameters());
        let theta = self.net.parameters();
        let loss = self.loss()?;
        let at = |theta: &Array1<f64>| {
            hessian(&loss, theta.as_slice().expect("one axis, made in order"))
        };
        let h = at(&theta)?;
        let jacobian = self.net.output_gradients(&self.x, 0)?.jacobian()?;
        let gauss_newton = jacobian.t().dot(&jacobian) * (2.0 / n);
        // By Weyl: what of the Hessian is not JᵀJ, since labels are fitted up to rounding only.
        let slack = spectral_norm(&(&h - &gauss_newton))?;
        let SymmetricEigen { values, .. } = symmetric_eigen(&h)?;
        let inertia = Inertia::of(&values, slack)?;
        let kernel = symmetric_eigen(&jacobian.dot(&jacobian.t()))?.values * (2.0 / n);
        let rounding = slack + p as f64 * f64::EPSILON * values[0];
        let clear = kernel[kernel.len() - 1] / rounding;
        let mut points = Vec::new();
        let mut kernel_gap = 0.0;
        for (i, &value) in values.iter().enumerate() {
            let law = kernel.get(i).copied().unwrap_or(0.0);
            kernel_gap = larger(kernel_gap, (value - law).abs() / kernel[0]);
            points.push(Point {
                what: "eigenvalue",
                network,
                place: i as f64 + 1.0,
                value,
                law,
            });
        }
        let mut rng = draw.rng("direction");
        let v: Array1<f64> = Array1::from_shape_simple_fn(p, || StandardNormal.sample(&mut rng));
        let v: Array1<f64> = &v / v.dot(&v).sqrt();
        // In the null space of J the Hessian grows as ρ (2/n) Σ (Jv)_i ∇²f_i, to either side.
        let q = thin_qr(&jacobian.t())?.q;
        let null = Array2::eye(p) - q.dot(&q.t());
        let bend = null.dot(&self.bend(&jacobian.dot(&v))?).dot(&null) * (2.0 / n);
        let ends = symmetric_eigen(&(0.5 * (&bend + &bend.t())))?.values;
        let (c, side) = match ends[p - 1] <= -ends[0] {
            true => (ends[p - 1], 1.0),
            false => (-ends[0], -1.0),
        };
        let (mut negative, mut least, mut lanczos) = (Vec::new(), Vec::new(), f64::NAN);
        for rho in RADII {
            let values = symmetric_eigen(&at(&(&theta + &(&v * (side * rho))))?)?.values;
            negative.push(Inertia::of(&values, 0.0)?.negative);
            if rho == RADII[0] {
                let there = &theta + &(&v * (side * rho));
                let slices = [&there, &v].map(|a| a.as_slice().expect("one axis, made in order"));
                let ends = hessian_extremes(&loss, slices[0], slices[1], LANCZOS)?;
                let upper = (ends.largest.value - values[0]).abs() - ends.largest.residual;
                lanczos = larger(upper, values[p - 1] - ends.least.value) / values[0];
            }
            least.push(values[p - 1]);
            points.push(Point {
                what: "least eigenvalue",
                network,
                place: rho,
                value: values[p - 1],
                law: c * rho,
            });
        }
        let ratio = |at: usize| least[at] / (c * RADII[at]);
        let last = RADII.len() - 1;
        // What is left is of first order in ρ: a ninth of what the last tenfold cut changed. And rounding.
        let room = (ratio(last) - ratio(last - 1)).abs() + rounding / (c.abs() * RADII[last]);
        Ok(AtMinimum {
            points,
            inertia,
            clear,
            kernel_gap,
            residual: self.residual,
            lanczos,
            negative,
            ratio: (ratio(last), room),
            segment: (f64::NAN, f64::NAN),
            halfway: Vec::new(),
        })
    }

    /// Straight to another minimiser.
    fn segment(&self, network: usize, other: &Mlp, found: &mut AtMinimum) -> Result<()> {
        let loss = self.loss()?;
        let (from, to) = (self.net.parameters(), other.parameters());
        let mut values = Vec::new();
        for i in 0..=PARTS {
            let t = i as f64 / PARTS as f64;
            let theta = &from * (1.0 - t) + &to * t;
            values.push(loss.value(theta.as_slice().expect("one axis, made in order"))?);
        }
        for (i, &value) in values.iter().enumerate() {
            let place = i as f64 / PARTS as f64;
            found.points.push(Point {
                what: "segment",
                network,
                place,
                value,
                law: f64::NAN,
            });
        }
        found.segment = (
            largest(values.iter().copied()),
            larger(values[0], values[PARTS]),
        );
        Ok(())
    }

    /// A step 2ε along the set, back onto it, and halfway between the two.
    fn nearby(&self, network: usize, draw: Draw, found: &mut AtMinimum) -> Result<()> {
        let (n, p) = (self.x.nrows(), self.net.n_parameters());
        let loss = self.loss()?;
        let theta = self.net.parameters();
        let jacobian = self.net.output_gradients(&self.x, 0)?.jacobian()?;
        let q = thin_qr(&jacobian.t())?.q;
        let mut rng = draw.rng("along");
        let u: Array1<f64> = Array1::from_shape_simple_fn(p, || StandardNormal.sample(&mut rng));
        let u: Array1<f64> = &u - &q.dot(&q.t().dot(&u));
        let u = &u / u.dot(&u).sqrt();
        // Halfway f misses by −½ε² uᵀ∇²f_i u.
        let mut squares = 0.0;
        for i in 0..n {
            let mut unit = Array1::zeros(n);
            unit[i] = 1.0;
            squares += u.dot(&self.bend_along(&unit, &u)?).powi(2);
        }
        let b = squares / (4.0 * n as f64);
        for epsilon in ALONG {
            let moved = &theta + &(&u * (2.0 * epsilon));
            let net = self
                .net
                .with_parameters(moved.as_slice().expect("one axis, made in order"))?;
            let back = interpolate(&net, &self.x, &self.y, STEPS)?.net.parameters();
            let middle = (&theta + &back) * 0.5;
            let value = loss.value(middle.as_slice().expect("one axis, made in order"))?;
            found.points.push(Point {
                what: "nearby",
                network,
                place: epsilon,
                value,
                law: b * epsilon.powi(4),
            });
            found.halfway.push(value);
        }
        Ok(())
    }

    /// (Σ_i w_i ∇²f_i) u, `(p,)`.
    fn bend_along(&self, w: &Array1<f64>, u: &Array1<f64>) -> Result<Array1<f64>> {
        let checked = self.net.checked()?;
        let trace = checked.trace(&self.x)?;
        let v = w.clone().insert_axis(Axis(1));
        let along = Direction {
            parameters: u,
            inputs: &Array2::zeros(self.x.raw_dim()),
        };
        Ok(checked
            .vjp_rate(&trace, along, &v, &Array2::zeros(v.raw_dim()))?
            .parameters)
    }
}
