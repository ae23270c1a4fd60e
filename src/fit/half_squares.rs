//! Half the sum of squares of a network's errors, as a function of some of its parameters.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayRef1, Axis, s};

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::model::{Differentiable, Direction, Mlp};
use crate::optimise::oracle::or_nan;
use crate::optimise::{Oracle, StochasticOracle};

/// A function φ behind a network's output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outer {
    /// φ(u) = u.
    #[default]
    Identity,
    /// φ(u) = u + ½(1 − cos u): its slope 1 + ½ sin u lies in [½, 3/2], and its curvature ½ cos u is not 0 at 0.
    Wave,
}

impl Outer {
    /// φ(u), φ'(u), φ''(u).
    #[must_use]
    pub fn at(self, u: f64) -> [f64; 3] {
        match self {
            Self::Identity => [u, 1.0, 0.0],
            Self::Wave => {
                let (sine, cosine) = u.sin_cos();
                [u + 0.5 * (1.0 - cosine), 1.0 + 0.5 * sine, 0.5 * cosine]
            }
        }
    }

    /// ρ = inf |φ'|.
    #[must_use]
    pub fn least_slope(self) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Wave => 0.5,
        }
    }
}

/// L(w) = ½‖F(w) − y‖² with F_i(w) = φ(f(x_i; w)), f a network with one output, and w those of its parameters that are
/// trained; the others keep their values. A sum, not a mean: with the Jacobian J of F, ∇L = Jᵀ(F − y) and the tangent
/// kernel is K = JJᵀ.
///
/// # Reference
/// Liu, Zhu & Belkin 2022, "Loss landscapes and optimization in over-parameterized non-linear systems and neural
/// networks", arXiv:2003.00307; CMSC 828W, "Tangent Kernels".
///
/// ```
/// use dltheory::data::Dataset;
/// use dltheory::fit::{HalfSquares, Outer};
/// use dltheory::model::{Mlp, MlpSettings};
/// use dltheory::optimise::Oracle;
/// use dltheory::rng::stream;
/// use ndarray::array;
/// let net = Mlp::new(&MlpSettings::of_sizes(&[2, 8, 1]), &mut stream(1, "doc", 0))?;
/// let data = Dataset::new(array![[1.0, 2.0], [0.5, -1.0]], array![[1.0], [0.0]])?;
/// let all = HalfSquares::new(&net, &data, Outer::Identity, 0..net.n_parameters())?;
/// let last = HalfSquares::new(&net, &data, Outer::Identity, 24..33)?; // the 8 weights and the bias of the last layer
/// assert_eq!((all.dimension(), last.dimension()), (33, 9));
/// assert_eq!(all.value(&all.start())?, last.value(&last.start())?);
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct HalfSquares<'a> {
    net: Mlp,
    data: &'a Dataset,
    outer: Outer,
    trained: Range<usize>,
}

impl<'a> HalfSquares<'a> {
    /// Of a network and data `(n, d)`, `(n, 1)`; `trained` are the numbers of the parameters that may move.
    ///
    /// # Errors
    /// More than one output; data that do not suit the network; a range that is empty or beyond its parameters.
    pub fn new(net: &Mlp, data: &'a Dataset, outer: Outer, trained: Range<usize>) -> Result<Self> {
        net.check_inputs(&data.x)?;
        if net.n_outputs() != 1 {
            return Err(Error::domain("the number of outputs", "1", net.n_outputs()));
        }
        super::check_targets(data.x.nrows(), &data.y)?;
        if data.y.ncols() != 1 {
            let expected = format!("({}, 1)", data.x.nrows());
            return Err(Error::shape("the targets", expected, data.y.shape()));
        }
        let p = net.n_parameters();
        if trained.is_empty() || trained.end > p {
            let got = format!("{trained:?}");
            let expected = format!("a range within 0..{p} that is not empty");
            return Err(Error::domain("the parameters to train", expected, got));
        }
        Ok(Self {
            net: net.standard(),
            data,
            outer,
            trained,
        })
    }

    /// Where the trained parameters are at the start, `(p,)`.
    #[must_use]
    pub fn start(&self) -> Vec<f64> {
        self.net
            .parameters()
            .slice(s![self.trained.clone()])
            .to_vec()
    }

    /// The network with trained parameters `w`, `(p,)`.
    ///
    /// # Errors
    /// Another number of them, or one that is not finite.
    pub fn net_at(&self, w: &[f64]) -> Result<Mlp> {
        if w.len() != self.trained.len() {
            let expected = format!("({},)", self.trained.len());
            return Err(Error::shape("the trained parameters", expected, &[w.len()]));
        }
        crate::error::check_finite("the trained parameters", w)?;
        let mut net = self.net.clone();
        let places = net.parameters_mut().skip(self.trained.start);
        places.zip(w).for_each(|(to, w)| *to = *w);
        Ok(net)
    }

    /// F(w) − y, `(n,)`.
    ///
    /// # Errors
    /// As for [`net_at`](Self::net_at); outputs beyond the range of f64.
    pub fn residual(&self, w: &[f64]) -> Result<Array1<f64>> {
        let outputs = self.net_at(w)?.forward(&self.data.x)?;
        Ok(outputs.column(0).mapv(|u| self.outer.at(u)[0]) - self.data.y.column(0))
    }

    /// J, `(n, p)`: row i is the gradient of F_i.
    ///
    /// # Errors
    /// As for [`residual`](Self::residual).
    pub fn jacobian(&self, w: &[f64]) -> Result<Array2<f64>> {
        let net = self.net_at(w)?;
        let outputs = net.forward(&self.data.x)?;
        let checked = net.checked()?;
        let mut jacobian = Array2::zeros((self.data.x.nrows(), self.trained.len()));
        for (i, mut row) in jacobian.rows_mut().into_iter().enumerate() {
            let trace = checked.trace(&self.data.x.select(Axis(0), &[i]))?;
            let slope = self.outer.at(outputs[[i, 0]])[1];
            let gradient = checked.vjp(&trace, &Array2::from_elem((1, 1), slope))?;
            row.assign(&gradient.parameters.slice(s![self.trained.clone()]));
        }
        Ok(jacobian)
    }

    /// K = JJᵀ, `(n, n)`.
    ///
    /// # Errors
    /// As for [`residual`](Self::residual).
    pub fn tangent_kernel(&self, w: &[f64]) -> Result<Array2<f64>> {
        let jacobian = self.jacobian(w)?;
        Ok(jacobian.dot(&jacobian.t()))
    }

    /// H v, `(p,)`, for the Hessian H of F_i = φ∘f at example `i`, by the parameters that are trained.
    ///
    /// # Formula
    /// H = φ'(f) ∇²f + φ''(f) ∇f ∇fᵀ: the first by the R-operator, the second by the gradient.
    ///
    /// # Errors
    /// As for [`residual`](Self::residual); no such example; `v` of another length.
    pub fn function_hessian_vector(
        &self,
        w: &[f64],
        i: usize,
        v: &ArrayRef1<f64>,
    ) -> Result<Array1<f64>> {
        let n = self.data.x.nrows();
        if i >= n {
            return Err(Error::domain("the example", format!("below {n}"), i));
        }
        if v.len() != self.trained.len() {
            let expected = format!("({},)", self.trained.len());
            return Err(Error::shape("the vector", expected, &[v.len()]));
        }
        let net = self.net_at(w)?;
        let checked = net.checked()?;
        let x = self.data.x.select(Axis(0), &[i]);
        let trace = checked.trace(&x)?;
        let [_, slope, curvature] = self.outer.at(trace.outputs()[[0, 0]]);
        let mut along = Array1::zeros(net.n_parameters());
        along.slice_mut(s![self.trained.clone()]).assign(v);
        let direction = Direction {
            parameters: &along,
            inputs: &Array2::zeros(x.raw_dim()),
        };
        let one = Array2::ones((1, 1));
        let still = Array2::zeros((1, 1));
        let second = checked.vjp_rate(&trace, direction, &one, &still)?;
        let first = checked.vjp(&trace, &one)?;
        let inner = first.parameters.dot(&along);
        let product = second.parameters * slope + first.parameters * (curvature * inner);
        Ok(product.slice_move(s![self.trained.clone()]))
    }

    /// The value and the gradient of all examples, or of one.
    fn part(&self, w: &[f64], gradient: &mut [f64], only: Option<usize>) -> Result<f64> {
        let net = self.net_at(w)?;
        let (x, y) = match only {
            None => (self.data.x.view(), self.data.y.view()),
            Some(i) => {
                let one = s![i..=i, ..];
                (self.data.x.slice(one), self.data.y.slice(one))
            }
        };
        let checked = net.checked()?;
        let trace = checked.trace(&x)?;
        let mut cotangent = trace.outputs().to_owned();
        let mut value = 0.0;
        for (u, y) in cotangent.iter_mut().zip(&y) {
            let [f, slope, _] = self.outer.at(*u);
            value += 0.5 * (f - y).powi(2);
            *u = slope * (f - y);
        }
        let parts = checked.vjp(&trace, &cotangent)?.parameters;
        let own = parts.slice(s![self.trained.clone()]);
        gradient.iter_mut().zip(own).for_each(|(to, g)| *to = *g);
        Ok(value)
    }
}

impl Oracle for HalfSquares<'_> {
    fn dimension(&self) -> usize {
        self.trained.len()
    }

    fn value_and_gradient(&self, w: &[f64], gradient: &mut [f64]) -> Result<f64> {
        or_nan(self.part(w, gradient, None))
    }
}

/// The same function, seen through one example at a time, drawn at random: n·ℓ_i with ℓ_i = ½(F_i − y_i)², whose mean
/// is L.
#[derive(Clone, Debug)]
pub struct OneExample<'a>(pub HalfSquares<'a>);

impl StochasticOracle for OneExample<'_> {
    fn dimension(&self) -> usize {
        Oracle::dimension(&self.0)
    }

    fn draw(&mut self, w: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        let n = self.0.data.x.nrows();
        let i = rand::RngExt::random_range(rng, 0..n);
        let value = or_nan(self.0.part(w, gradient, Some(i)))?;
        gradient.iter_mut().for_each(|g| *g *= n as f64);
        Ok(n as f64 * value)
    }

    fn value(&mut self, w: &[f64]) -> Result<f64> {
        Oracle::value(&self.0, w)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::{Activation, Init, MlpSettings};
    use crate::rng::stream;

    fn problem() -> (Mlp, Dataset) {
        let rng = &mut stream(1, "half squares", 0);
        let settings = MlpSettings {
            sizes: vec![3, 5, 1],
            activation: Activation::Tanh,
            biases: true,
            init: Init::HE,
        };
        let net = Mlp::new(&settings, rng).expect("valid");
        let x = gaussian(4, 3, rng).expect("valid");
        let y = gaussian(4, 1, rng).expect("valid");
        (net, Dataset::new(x, y).expect("same n"))
    }

    /// Central differences with h = 10⁻⁵ err by about h² and ε/h: 10⁻⁹ is ten times either.
    #[test]
    fn derivatives_are_those_of_the_values() {
        let (net, data) = problem();
        for outer in [Outer::Identity, Outer::Wave] {
            for range in [0..net.n_parameters(), 0..15, 20..26] {
                let loss = HalfSquares::new(&net, &data, outer, range).expect("valid");
                let w = loss.start();
                let mut gradient = vec![0.0; w.len()];
                loss.value_and_gradient(&w, &mut gradient).expect("valid");
                let residual = loss.residual(&w).expect("valid");
                let by_jacobian = loss.jacobian(&w).expect("valid").t().dot(&residual);
                for j in 0..w.len() {
                    let moved = |by: f64| {
                        let mut w = w.clone();
                        w[j] += by;
                        w
                    };
                    let (up, down) = (moved(1e-5), moved(-1e-5));
                    let slope = (loss.value(&up).expect("valid")
                        - loss.value(&down).expect("valid"))
                        / 2e-5;
                    assert!((gradient[j] - slope).abs() < 1e-8, "{outer:?} {j}");
                    assert!((gradient[j] - by_jacobian[j]).abs() < 1e-12);
                    let mut unit = Array1::zeros(w.len());
                    unit[j] = 1.0;
                    let column = loss.function_hessian_vector(&w, 1, &unit).expect("valid");
                    let rows = |w: &[f64]| loss.jacobian(w).expect("valid").row(1).to_owned();
                    let want = (rows(&up) - rows(&down)) / 2e-5;
                    assert!((column - want).iter().all(|e| e.abs() < 1e-8));
                }
            }
        }
    }

    /// The mean over all examples of what one of them says is L, with its gradient.
    #[test]
    fn one_example_is_right_in_the_mean() {
        let (net, data) = problem();
        let loss = HalfSquares::new(&net, &data, Outer::Wave, 0..26).expect("valid");
        let (w, mut all, mut one) = (loss.start(), vec![0.0; 26], vec![0.0; 26]);
        let value = loss.value_and_gradient(&w, &mut all).expect("valid");
        let mut sum = vec![-value];
        sum.extend(all.iter().map(|g| -g));
        for i in 0..4 {
            sum[0] += loss.part(&w, &mut one, Some(i)).expect("valid");
            sum[1..].iter_mut().zip(&one).for_each(|(to, g)| *to += g);
        }
        assert!(sum.iter().all(|v| v.abs() < 1e-12), "{sum:?}");
        let mut oracle = OneExample(loss);
        let drawn = oracle
            .draw(&w, &mut one, &mut stream(1, "one", 0))
            .expect("valid");
        assert!(drawn >= 0.0 && (oracle.value(&w).expect("valid") - value).abs() < 1e-14);
    }

    #[test]
    fn bad_input_is_an_error() {
        let (net, data) = problem();
        let new = |range| HalfSquares::new(&net, &data, Outer::Identity, range);
        assert!(new(3..3).is_err() && new(0..27).is_err() && new(0..26).is_ok());
        let loss = new(0..5).expect("valid");
        let said = loss.net_at(&[0.0; 4]).expect_err("too few");
        assert_eq!(said.argument(), Some("the trained parameters"));
        assert!(
            loss.function_hessian_vector(&loss.start(), 4, &Array1::zeros(5))
                .is_err()
        );
        assert!(
            loss.function_hessian_vector(&loss.start(), 0, &Array1::zeros(4))
                .is_err()
        );
        // Beyond the range is divergence, not an error.
        let wild = loss.value(&[1e308; 5]);
        assert!(wild.is_ok());
    }
}
