//! Training a linear model against the worst inputs: a convex problem, solved with proof.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

use super::{LinearModel, dual_of, length_by};
use crate::error::{Error, Result, check_count, check_positive, check_scale};
use crate::model::Loss;
use crate::optimise::{
    Accelerated, AcceleratedSettings, Ball, Norm, Oracle, Prox, Set, Unseen, solve_accelerated,
};
use crate::real::check_rows;
use crate::stats::smaller;

/// Settings of [`robust_logistic`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RobustSettings {
    /// The norm of the perturbations.
    pub norm: Norm,
    /// Their size ε ≥ 0; 0 is plain logistic regression.
    pub epsilon: f64,
    /// λ > 0 of (λ/2)‖w‖².
    pub ridge: f64,
    /// The duality gap that is small enough, > 0.
    pub gap: f64,
    /// The most steps, at least 1.
    pub steps: usize,
}

impl Default for RobustSettings {
    /// ℓ∞, ε = 0.1, λ = 0.01, to a gap of 10⁻⁷.
    fn default() -> Self {
        Self {
            norm: Norm::LInf,
            epsilon: 0.1,
            ridge: 0.01,
            gap: 1e-7,
            steps: 200_000,
        }
    }
}

/// The linear model of least loss under attack.
#[derive(Clone, Debug, PartialEq)]
pub struct RobustFit {
    /// The model.
    pub model: LinearModel,
    /// F(w, b).
    pub value: f64,
    /// F(w, b) is at most this above the least value of all, by a dual point.
    pub gap: f64,
    /// Gradient steps taken.
    pub steps: usize,
}

/// The minimiser of the logistic loss under attack: adversarial training of a linear model, exactly.
///
/// # Formula
/// F(w, b) = (1/n) Σ_i log(1 + e^{−(m_i − ε‖w‖_*)}) + (λ/2)‖w‖², m_i = y_i (w·x_i + b): the inner maximum over ‖δ‖ ≤ ε is done by
/// [`worst_margins`](LinearModel::worst_margins). F is convex, as the loss falls with the margin and the margin is concave.
///
/// # Algorithm
/// ‖w‖_* becomes a variable t with ‖w‖_* ≤ t, in which the loss grows: what is left is smooth over a convex cone, and takes Nesterov's
/// method, started anew in rounds. For ℓ∞ the projection sets weights to exactly 0. The proof is a dual point: for shares α_i in [0, 1]
/// with Σ α_i y_i = 0 and g = (1/n) Σ α_i y_i x_i, F is at least (1/n) Σ H(α_i) − dist(g, ε ᾱ B)²/(2λ), with the entropy
/// H and the unit ball B of the attack's norm. The shares are the losses' slopes at the end.
///
/// Takes inputs `x`, `(n, d)`, and `signs` y, `(n, 1)`, both of which occur.
///
/// # Errors
/// Arrays that do not fit; one sign only; a setting out of its range; a gap that is not reached in the steps.
///
/// # Reference
/// Goodfellow, Shlens & Szegedy 2015, arXiv:1412.6572, section 5, for ℓ∞; the duality for support vector machines: Xu, Caramanis
/// & Mannor 2009, "Robustness and regularization of support vector machines", Journal of Machine Learning Research 10.
///
/// ```
/// use dltheory::attack::linear::{RobustSettings, robust_logistic};
/// use ndarray::array;
/// let (x, y) = (array![[1.0, 0.2], [-1.0, -0.1]], array![[1.0], [-1.0]]);
/// let fit = robust_logistic(&x, &y, &RobustSettings { epsilon: 0.3, ..Default::default() })?;
/// // The second input is within reach of the attack, and is not used at all.
/// assert!(fit.model.weights[0] > 1.0 && fit.model.weights[1] == 0.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn robust_logistic(
    x: &ArrayRef2<f64>,
    signs: &ArrayRef2<f64>,
    settings: &RobustSettings,
) -> Result<RobustFit> {
    let problem = Attacked::new(x, signs, settings)?;
    let d = x.ncols();
    let rate = 1.0 / problem.smoothness;
    let cone = Cone {
        norm: dual_of(settings.norm),
    };
    let mut at = vec![0.0; d + 2];
    let (mut round, mut steps, mut before) = (100_usize, 0, f64::INFINITY);
    loop {
        let length = round.min(settings.steps - steps);
        let pace = AcceleratedSettings {
            every: length,
            ..AcceleratedSettings::new(Accelerated::Nesterov { rate }, length)
        };
        at = solve_accelerated(&problem, &cone, &at, &pace, &mut Unseen)?.x;
        steps += length;
        let model = LinearModel::new(ndarray::aview1(&at[..d]).to_owned(), at[d])?;
        // t itself is no part of the answer.
        at[d + 1] = model.sensitivity(settings.norm);
        let (value, gap) = problem.certify(&model)?;
        if gap <= settings.gap {
            return Ok(RobustFit {
                model,
                value,
                gap,
                steps,
            });
        }
        if steps == settings.steps {
            return Err(Error::NotConverged {
                method: "robust logistic regression".to_owned(),
                steps,
                residual: gap,
                tolerance: settings.gap,
            });
        }
        // A round that hardly helps was too short for the momentum to grow.
        if gap > before / std::f64::consts::E {
            round *= 2;
        }
        before = gap;
    }
}

/// (w, b, t) ↦ (1/n) Σ log(1 + e^{−(y (w·x + b) − ε t)}) + (λ/2)‖w‖².
struct Attacked<'a> {
    /// Rows y_i x_i, `(n, d)`.
    z: Array2<f64>,
    y: &'a ArrayRef2<f64>,
    settings: &'a RobustSettings,
    smoothness: f64,
}

impl<'a> Attacked<'a> {
    fn new(
        x: &ArrayRef2<f64>,
        y: &'a ArrayRef2<f64>,
        settings: &'a RobustSettings,
    ) -> Result<Self> {
        check_rows("the inputs", x, x.ncols().max(1))?;
        super::check_signs(y, x.nrows())?;
        if y.iter().all(|v| *v == y[[0, 0]]) {
            return Err(Error::domain("the signs", "both −1 and 1", "one of them"));
        }
        check_scale("ε", settings.epsilon)?;
        check_positive("the ridge λ", settings.ridge)?;
        check_positive("the gap", settings.gap)?;
        check_count("the number of steps", settings.steps)?;
        // The loss bends by at most ¼, and a row's square is that of (y x, y, −ε).
        let own = 1.0 + settings.epsilon.powi(2);
        let squares = x.iter().map(|v| v * v).sum::<f64>() / x.nrows() as f64;
        Ok(Self {
            z: x.to_owned() * y,
            y,
            settings,
            smoothness: (squares + own) / 4.0 + settings.ridge,
        })
    }

    /// The mean loss at these margins, and each loss's slope, −α_i/n.
    fn losses(&self, margins: &Array1<f64>) -> (f64, Array1<f64>) {
        let n = margins.len();
        let mut slopes = vec![0.0; n];
        let values: Vec<f64> = margins.to_vec();
        let share = 1.0 / n as f64;
        let sum = Loss::Logistic.rows(1, &values, &vec![1.0; n], &mut slopes, share);
        (sum * share, Array1::from(slopes))
    }

    fn margins(&self, w: &ArrayRef1<f64>, bias: f64, t: f64) -> Array1<f64> {
        let offset = self.y.iter().map(|y| y * bias - self.settings.epsilon * t);
        self.z.dot(w) + Array1::from_iter(offset)
    }

    /// F(w, b), and how far it is from the dual value of its own slopes.
    fn certify(&self, model: &LinearModel) -> Result<(f64, f64)> {
        let RobustSettings { norm, epsilon, .. } = *self.settings;
        let margins = self.margins(&model.weights, model.bias, model.sensitivity(norm));
        let (loss, slopes) = self.losses(&margins);
        let n = slopes.len() as f64;
        let square = model.weights.dot(&model.weights);
        let value = loss + 0.5 * self.settings.ridge * square;
        // Both classes weigh the same: the heavier one's shares shrink.
        let of = |sign: f64| {
            let pairs = slopes.iter().zip(self.y);
            let own = pairs.filter(move |(_, y)| **y == sign);
            own.map(|(s, _)| -s).sum::<f64>()
        };
        let (plus, minus) = (of(1.0), of(-1.0));
        let least = smaller(plus, minus);
        let shrink = |y: f64| least / if y > 0.0 { plus } else { minus };
        let pairs = slopes.iter().zip(self.y);
        let shares = Array1::from_iter(pairs.map(|(s, y)| -s * shrink(*y)));
        let entropy: f64 = shares.iter().map(|a| entropy(a * n)).sum::<f64>() / n;
        let g = self.z.t().dot(&shares);
        let mut nearest = g.to_vec();
        let radius = epsilon * 2.0 * least;
        if radius > 0.0 {
            Ball::around_zero(norm, radius, nearest.len()).project(&mut nearest);
        } else {
            nearest.fill(0.0);
        }
        let far = length_by(Norm::L2, &(g - Array1::from(nearest)));
        let dual = entropy - far.powi(2) / (2.0 * self.settings.ridge);
        Ok((value, value - dual))
    }
}

impl Oracle for Attacked<'_> {
    fn dimension(&self) -> usize {
        self.z.ncols() + 2
    }

    fn value_and_gradient(&self, at: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let d = self.z.ncols();
        let w = ndarray::aview1(&at[..d]);
        let (loss, slopes) = self.losses(&self.margins(&w, at[d], at[d + 1]));
        let inner = self.z.t().dot(&slopes);
        let ridge = self.settings.ridge;
        for ((to, g), w) in gradient.iter_mut().zip(&inner).zip(w) {
            *to = g + ridge * w;
        }
        let pairs = slopes.iter().zip(self.y);
        gradient[d] = pairs.map(|(s, y)| s * y).sum();
        gradient[d + 1] = -self.settings.epsilon * slopes.sum();
        Ok(loss + 0.5 * ridge * w.dot(&w))
    }
}

/// The (w, b, t) with ‖w‖ ≤ t, for any b.
struct Cone {
    norm: Norm,
}

impl Prox for Cone {
    fn enter(&self, at: &mut [f64]) {
        self.prox(at, 1.0);
    }

    fn prox(&self, at: &mut [f64], _: f64) {
        let d = at.len() - 2;
        let (w, rest) = at.split_at_mut(d);
        let t = &mut rest[1];
        match self.norm {
            Norm::L1 => onto_l1_cone(w, t),
            Norm::L2 => onto_l2_cone(w, t),
            // Moreau: z = P(z) + P°(z), and the polar cone of ‖w‖_∞ ≤ t is ‖w‖_1 ≤ −t.
            Norm::LInf => {
                let (mut polar, mut height) = (w.to_vec(), -*t);
                onto_l1_cone(&mut polar, &mut height);
                w.iter_mut().zip(polar).for_each(|(w, p)| *w -= p);
                *t += height;
            }
        }
    }
}

fn onto_l2_cone(w: &mut [f64], t: &mut f64) {
    let size = length_by(Norm::L2, &ndarray::aview1(w));
    if size <= *t {
        return;
    }
    let factor = if size <= -*t {
        0.0
    } else {
        0.5 * (1.0 + *t / size)
    };
    w.iter_mut().for_each(|w| *w *= factor);
    *t = factor * size;
}

/// Every |w_i| falls by θ or to 0, and t rises by θ, until Σ|w_i| = t.
fn onto_l1_cone(w: &mut [f64], t: &mut f64) {
    if w.iter().map(|w| w.abs()).sum::<f64>() <= *t {
        return;
    }
    let mut sizes: Vec<f64> = w.iter().map(|w| w.abs()).collect();
    sizes.sort_unstable_by(|a, b| b.total_cmp(a));
    let (mut sum, mut theta) = (0.0, f64::NAN);
    for (index, size) in sizes.iter().enumerate() {
        // Σ_{i ≤ k}(|w_i| − θ) = t + θ.
        sum += size;
        let candidate = (sum - *t) / (index + 2) as f64;
        if index > 0 && *size <= candidate {
            break;
        }
        theta = candidate;
    }
    if theta >= sizes[0] {
        // The polar cone: the nearest point is 0.
        w.fill(0.0);
        *t = 0.0;
        return;
    }
    for w in w {
        *w = match w.abs() <= theta {
            true => 0.0,
            false => *w - theta.copysign(*w),
        };
    }
    *t += theta;
}

/// −a ln a − (1 − a) ln(1 − a).
fn entropy(a: f64) -> f64 {
    let part = |q: f64| if q > 0.0 { -q * q.ln() } else { 0.0 };
    part(a) + part(1.0 - a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, random_signs};
    use crate::rng::stream;

    const NORMS: [Norm; 3] = [Norm::L1, Norm::L2, Norm::LInf];

    /// The nearest point p of a cone: z − p is perpendicular to p and at an obtuse angle to every other point.
    #[test]
    fn projections_onto_the_cones_are_the_nearest_points() {
        let rng = &mut stream(1, "cones", 0);
        for norm in NORMS {
            let cone = Cone { norm };
            let inside = |at: &[f64]| {
                let d = at.len() - 2;
                length_by(norm, &ndarray::aview1(&at[..d])) - at[d + 1]
            };
            let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
            for _ in 0..200 {
                let z = gaussian(1, 6, rng).expect("valid").row(0).to_vec();
                let mut p = z.clone();
                cone.prox(&mut p, 1.0);
                assert!(inside(&p) < 1e-14 && p[4] == z[4], "{norm:?}");
                let rest: Vec<f64> = z.iter().zip(&p).map(|(z, p)| z - p).collect();
                assert!(dot(&rest, &p).abs() < 1e-13, "{norm:?}");
                for _ in 0..20 {
                    let mut other = gaussian(1, 6, rng).expect("valid").row(0).to_vec();
                    other[5] += inside(&other).max(0.0) + 1e-12;
                    assert!(dot(&rest, &other) < 1e-10, "{norm:?}");
                }
            }
        }
    }

    #[test]
    fn the_fit_has_its_proof_and_no_neighbour_is_better() {
        let rng = &mut stream(2, "fits", 0);
        for norm in NORMS {
            for epsilon in [0.0, 0.05, 0.3] {
                let mut x = gaussian(30, 5, rng).expect("valid");
                let y = random_signs(30, rng).expect("valid");
                x.column_mut(0).scaled_add(1.5, &y.column(0));
                let settings = RobustSettings {
                    norm,
                    epsilon,
                    gap: 1e-10,
                    ..RobustSettings::default()
                };
                let fit = robust_logistic(&x, &y, &settings).expect("it converges");
                assert!(fit.gap <= 1e-10 && fit.gap > -1e-14, "{norm:?} {}", fit.gap);
                let value = |model: &LinearModel| {
                    let moved = model.worst_inputs(&x, &y, norm, epsilon).expect("valid");
                    let m = model.margins(&moved, &y).expect("valid");
                    let losses = m.iter().map(|m| (-m).exp().ln_1p());
                    losses.sum::<f64>() / 30.0 + 0.005 * model.weights.dot(&model.weights)
                };
                assert!((value(&fit.model) - fit.value).abs() < 1e-13);
                for _ in 0..100 {
                    let mut other = fit.model.clone();
                    let step = gaussian(1, 6, rng).expect("valid") * 0.05;
                    other.weights += &step.row(0).slice(ndarray::s![..5]);
                    other.bias += step[[0, 5]];
                    assert!(value(&other) >= fit.value - 1e-10);
                }
            }
        }
    }

    #[test]
    fn one_class_or_no_steps_are_refused() {
        let (x, y) = (Array2::zeros((3, 2)), Array2::ones((3, 1)));
        let fit = |y: &Array2<f64>, steps| {
            let settings = RobustSettings {
                steps,
                ..RobustSettings::default()
            };
            robust_logistic(&x, y, &settings)
        };
        assert!(fit(&y, 10).is_err());
        let both = ndarray::array![[1.0], [-1.0], [1.0]];
        assert!(fit(&both, 0).is_err() && fit(&both, 5000).is_ok());
    }
}
