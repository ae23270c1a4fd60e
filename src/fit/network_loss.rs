//! The loss of a network as a function of its parameters, and interpolation by Gauss–Newton steps.

use ndarray::{Array1, Array2, Axis, aview1};

use crate::error::{Error, Result, check_count};
use crate::linalg::{divide_by_upper, thin_qr};
use crate::model::{Differentiable, Loss, Mlp};
use crate::optimise::oracle::or_nan;
use crate::optimise::{Curved, Oracle};
use crate::real::norm;
use crate::stats::largest;

/// θ ↦ the mean loss of a network with the parameters θ, `(p,)`, on fixed examples.
#[derive(Clone, Debug)]
pub struct NetworkLoss<'a> {
    net: &'a Mlp,
    x: &'a Array2<f64>,
    y: &'a Array2<f64>,
    loss: Loss,
}

impl<'a> NetworkLoss<'a> {
    /// Of networks of the shape of `net` on inputs `x`, `(n, d)`, and targets `y`, `(n, k)`.
    ///
    /// # Errors
    /// The data do not suit the network or the loss.
    pub fn new(net: &'a Mlp, x: &'a Array2<f64>, y: &'a Array2<f64>, loss: Loss) -> Result<Self> {
        net.gradient(x, y, loss)?;
        Ok(Self { net, x, y, loss })
    }
}

impl Oracle for NetworkLoss<'_> {
    fn dimension(&self) -> usize {
        self.net.n_parameters()
    }

    fn value_and_gradient(&self, theta: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let net = self.net.with_parameters(theta)?;
        or_nan(net.gradient(self.x, self.y, self.loss).map(|found| {
            let pairs = gradient.iter_mut().zip(found.flat());
            pairs.for_each(|(to, from)| *to = from);
            found.loss
        }))
    }
}

impl Curved for NetworkLoss<'_> {
    fn hessian_vector(&self, theta: &[f64], v: &[f64]) -> Result<Vec<f64>> {
        let net = self.net.with_parameters(theta)?;
        let product = net
            .checked()?
            .hessian_vector(self.x, self.y, self.loss, &aview1(v))?;
        Ok(product.to_vec())
    }
}

/// A network with one output after steps towards interpolation.
#[derive(Clone, Debug)]
pub struct Interpolating {
    /// The network.
    pub net: Mlp,
    /// ‖f − y‖.
    pub residual: f64,
    /// Steps taken.
    pub steps: usize,
}

/// Makes a network with one output fit its targets `y`, `(n, 1)`, by at most `steps` Gauss–Newton steps: each the least
/// change of all parameters that would fit a linear model, δ = Jᵀ(JJᵀ)⁻¹(y − f), halved until the residual falls.
///
/// # Algorithm
/// Jᵀ = QR, δ = Q R⁻ᵀ(y − f). Near a solution at which J has rank n the residual is squared at each step. It ends where no
/// part of a step of 2⁻²⁰ or more helps, or where J has not rank n: at rounding, or stuck, as the residual says.
///
/// # Errors
/// More than one output; fewer parameters than examples; data that do not suit the network.
///
/// # Reference
/// Ben-Israel 1966, "A Newton–Raphson method for the solution of systems of equations".
pub fn interpolate(
    net: &Mlp,
    x: &Array2<f64>,
    y: &Array2<f64>,
    steps: usize,
) -> Result<Interpolating> {
    check_count("the number of steps", steps)?;
    if net.n_outputs() != 1 {
        return Err(Error::domain("the number of outputs", "1", net.n_outputs()));
    }
    if net.n_parameters() < x.nrows() {
        let expected = format!("at least n = {}", x.nrows());
        return Err(Error::domain(
            "the number of parameters",
            expected,
            net.n_parameters(),
        ));
    }
    Loss::Mse.check_targets(y)?;
    let miss = |net: &Mlp| -> Result<Array1<f64>> {
        let outputs = net.forward(x)?;
        if outputs.dim() != y.dim() {
            return Err(Error::shape(
                "the targets",
                format!("{:?}", outputs.dim()),
                y.shape(),
            ));
        }
        Ok((y - &outputs).remove_axis(Axis(1)))
    };
    let length = |r: &Array1<f64>| norm([r.as_slice().expect("one axis, made in order")]);
    let mut now = Interpolating {
        net: net.clone(),
        residual: 0.0,
        steps: 0,
    };
    let mut r = miss(net)?;
    now.residual = length(&r);
    while now.steps < steps && now.residual > 0.0 {
        let jacobian = now.net.output_gradients(x, 0)?.jacobian()?;
        let qr = thin_qr(&jacobian.t())?;
        let diagonal = qr.r.diag().mapv(f64::abs);
        let cut = diagonal.len() as f64 * f64::EPSILON * largest(diagonal.iter().copied());
        if diagonal.iter().any(|d| *d <= cut) {
            break;
        }
        let z = divide_by_upper(&r.view().insert_axis(Axis(0)), &qr.r)?;
        let delta = qr.q.dot(&z.row(0));
        let theta = now.net.parameters();
        let better = (0..=20).find_map(|halvings| {
            let part = 0.5_f64.powi(halvings);
            let moved = &theta + &(&delta * part);
            let net = now.net.with_parameters(moved.as_slice()?).ok()?;
            let r = miss(&net).ok()?;
            (length(&r) < now.residual).then_some((net, r))
        });
        let Some((net, rest)) = better else { break };
        r = rest;
        now = Interpolating {
            net,
            residual: length(&r),
            steps: now.steps + 1,
        };
    }
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, random_signs};
    use crate::model::{Activation, Init, MlpSettings};
    use crate::optimise::hessian;
    use crate::rng::stream;

    fn problem() -> (Mlp, Array2<f64>, Array2<f64>) {
        let mut rng = stream(1, "network loss", 0);
        let settings = MlpSettings {
            sizes: vec![3, 8, 1],
            activation: Activation::Tanh,
            biases: true,
            init: Init::HE,
        };
        let net = Mlp::new(&settings, &mut rng).expect("valid");
        let x = gaussian(10, 3, &mut rng).expect("valid");
        (net, x, random_signs(10, &mut rng).expect("valid"))
    }

    #[test]
    fn random_labels_are_fitted_to_rounding() {
        let (net, x, y) = problem();
        let found = interpolate(&net, &x, &y, 100).expect("10 examples, 41 parameters");
        assert!(found.residual < 1e-12, "{}", found.residual);
        assert!(interpolate(&net, &x, &y, 0).is_err());
        let narrow = Mlp::new(
            &MlpSettings::of_sizes(&[3, 1, 1]),
            &mut stream(1, "narrow", 0),
        )
        .expect("valid");
        assert!(interpolate(&narrow, &x, &y, 5).is_err());
    }

    /// Central differences of the gradient, h = 10⁻⁵: an error of 10⁻⁹.
    #[test]
    fn the_hessian_is_the_change_of_the_gradient() {
        let (net, x, y) = problem();
        let loss = NetworkLoss::new(&net, &x, &y, Loss::Mse).expect("valid");
        let theta = net.parameters().to_vec();
        let h = hessian(&loss, &theta).expect("41 parameters");
        let (mut up, mut down) = (vec![0.0; 41], vec![0.0; 41]);
        for j in [0, 17, 40] {
            let moved = |by: f64, g: &mut [f64]| {
                let mut theta = theta.clone();
                theta[j] += by;
                loss.value_and_gradient(&theta, g).expect("finite");
            };
            moved(1e-5, &mut up);
            moved(-1e-5, &mut down);
            for i in 0..41 {
                assert!(
                    ((up[i] - down[i]) / 2e-5 - h[[i, j]]).abs() < 1e-7,
                    "{i} {j}"
                );
            }
        }
    }
}
