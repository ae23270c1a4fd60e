//! How the worst case f(x) = max_y Φ(x, y) changes with x: Danskin's theorem, and the descent direction it gives.
//!
//! With S*(x) the set of all maximisers, D_γ f(x) = max_{y ∈ S*(x)} ⟨γ, ∇ₓΦ(x, y)⟩. One maximiser alone says how f falls
//! only where it is the only one; else −∇ₓΦ(x, y*) may lead up. The steepest descent direction is −g*/‖g*‖ with g* the
//! shortest vector in the convex hull of all ∇ₓΦ(x, y), y ∈ S*(x), and D falls at the rate ‖g*‖ along it.
//!
//! The ascents take a fixed number of steps and look at no value on the way, so that they are a loop of three lines and not
//! `optimise::solve`.
//!
//! # Reference
//! Latorre, Krawczuk, Dadi, Pethick & Cevher 2023, "Finding actual descent directions for adversarial training", ICLR,
//! openreview I3HCE7Ro78H; it corrects corollary C.2 of Madry, Makelov, Schmidt, Tsipras & Vladu 2018, arXiv:1706.06083.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, aview1};

use super::least_norm::{LeastNorm, least_norm_of_hull};
use crate::error::{Error, Result, check_finite, check_positive, check_scale};
use crate::optimise::Set;
use crate::stats::largest;

/// A function Φ(x, y) that x makes small and y makes large.
pub trait Payoff {
    /// p, the numbers in x.
    fn n_x(&self) -> usize;

    /// m, the numbers in y.
    fn n_y(&self) -> usize;

    /// Φ(x, y).
    fn value(&self, x: &[f64], y: &[f64]) -> f64;

    /// ∇ₓΦ(x, y), into `gradient` of p numbers.
    fn by_x(&self, x: &[f64], y: &[f64], gradient: &mut [f64]);

    /// ∇_yΦ(x, y), into `gradient` of m numbers.
    fn by_y(&self, x: &[f64], y: &[f64], gradient: &mut [f64]);
}

/// Points y that ascents came to, with the values and the gradients there.
#[derive(Clone, Debug, PartialEq)]
pub struct Maximisers {
    /// The points, `(k, m)`.
    pub points: Array2<f64>,
    /// Φ(x, y), `(k,)`.
    pub values: Array1<f64>,
    /// ∇ₓΦ(x, y), `(k, p)`.
    pub gradients: Array2<f64>,
}

/// Maximises Φ(x, ·) over a set by projected gradient ascent y ← π(y + step·∇_yΦ), once from each row of `starts`, `(k, m)`.
///
/// # Errors
/// `x` or the starts of another length than the payoff's or not finite, no start; a step that is not positive; a set that
/// does not fit; an ascent that leaves the range of f64.
pub fn maximisers(
    payoff: &impl Payoff,
    set: &impl Set,
    x: &[f64],
    starts: &ArrayRef2<f64>,
    step: f64,
    steps: usize,
) -> Result<Maximisers> {
    let (p, m, k) = (payoff.n_x(), payoff.n_y(), starts.nrows());
    if x.len() != p {
        return Err(Error::shape("x", format!("({p},)"), &[x.len()]));
    }
    if k == 0 || starts.ncols() != m {
        return Err(Error::shape(
            "the starts",
            format!("(k, {m}) with k ≥ 1"),
            starts.shape(),
        ));
    }
    check_finite("x", x)?;
    check_finite("the starts", starts)?;
    check_positive("the step of the ascent", step)?;
    set.check(m)?;
    let mut found = Maximisers {
        points: starts.to_owned(),
        values: Array1::zeros(k),
        gradients: Array2::zeros((k, p)),
    };
    let mut slope = vec![0.0; m];
    for (index, start) in starts.rows().into_iter().enumerate() {
        let mut y = start.to_vec();
        set.project(&mut y);
        for _ in 0..steps {
            payoff.by_y(x, &y, &mut slope);
            y.iter_mut().zip(&slope).for_each(|(y, s)| *y += step * s);
            set.project(&mut y);
        }
        let mut gradient = vec![0.0; p];
        payoff.by_x(x, &y, &mut gradient);
        found.values[index] = payoff.value(x, &y);
        found.points.row_mut(index).assign(&aview1(&y));
        found.gradients.row_mut(index).assign(&aview1(&gradient));
    }
    check_finite("the points of the ascents", &found.points)?;
    check_finite("the gradients there", &found.gradients)?;
    check_finite("the values there", &found.values)?;
    Ok(found)
}

impl Maximisers {
    /// The largest value: f(x), as far as the ascents have found it.
    #[must_use]
    pub fn value(&self) -> f64 {
        largest(self.values.iter().copied())
    }

    /// Those whose value is at most `slack` below the largest: S*(x), up to the slack.
    ///
    /// # Errors
    /// A slack below 0 or not finite.
    pub fn within(&self, slack: f64) -> Result<Self> {
        check_scale("the slack of the maximisers", slack)?;
        let least = self.value() - slack;
        let rows: Vec<usize> = (0..self.values.len())
            .filter(|i| self.values[*i] >= least)
            .collect();
        Ok(Self {
            points: self.points.select(Axis(0), &rows),
            values: self.values.select(Axis(0), &rows),
            gradients: self.gradients.select(Axis(0), &rows),
        })
    }

    /// The shortest vector g* in the hull of the gradients: −g* is Danskin's descent direction, DDi, and g* = 0 says that
    /// no direction leads down.
    ///
    /// # Errors
    /// As for [`least_norm_of_hull`].
    pub fn least_norm(&self) -> Result<LeastNorm> {
        least_norm_of_hull(&self.gradients)
    }
}

/// D_γ f = max_i ⟨γ, g_i⟩: the rate at which a maximum of functions changes along `gamma`, `(p,)`, where `gradients`,
/// `(k, p)`, are those of all functions that attain it. For γ of length 1 it is a slope.
///
/// # Errors
/// No gradients; a direction of another length; entries that are not finite.
///
/// # Reference
/// Danskin 1966, as on the slide "Danskin's Theorem (1966)".
///
/// ```
/// use dltheory::attack::directional_derivative;
/// use ndarray::array;
/// // |x| at 0 is the maximum of x and −x: it rises in either direction.
/// let gradients = array![[1.0], [-1.0]];
/// assert_eq!(directional_derivative(&gradients, &array![-1.0])?, 1.0);
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn directional_derivative(gradients: &ArrayRef2<f64>, gamma: &ArrayRef1<f64>) -> Result<f64> {
    if gradients.is_empty() {
        return Err(Error::shape(
            "the gradients",
            "at least (1, 1)",
            gradients.shape(),
        ));
    }
    if gamma.len() != gradients.ncols() {
        let expected = format!("({},)", gradients.ncols());
        return Err(Error::shape("the direction", expected, gamma.shape()));
    }
    check_finite("the gradients", gradients)?;
    check_finite("the direction", gamma)?;
    Ok(largest(gradients.rows().into_iter().map(|g| g.dot(gamma))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{LinearAttack, Plane};
    use crate::optimise::{Ball, Cuboid, Norm};
    use ndarray::array;

    fn interval() -> Cuboid {
        Cuboid {
            low: vec![0.0],
            high: vec![1.0],
        }
    }

    /// On the axis both ends are maximisers; beside it one, and an ascent from its side of the middle ends at the other.
    #[test]
    fn the_plane_has_two_maximisers_on_the_axis() {
        let starts = array![[0.1], [0.9], [0.55]];
        let at =
            |x: [f64; 2]| maximisers(&Plane, &interval(), &x, &starts, 1.0, 10).expect("valid");
        let on = at([1.0, 0.0]).within(1e-12).expect("valid");
        assert_eq!(
            (on.points.column(0).to_vec(), on.value()),
            (vec![0.0, 1.0, 1.0], 2.0)
        );
        let shortest = on.least_norm().expect("valid");
        assert!(
            (shortest.point - array![2.0, 0.0])
                .iter()
                .all(|gap| gap.abs() < 1e-14)
        );
        let beside = at([1.0, -0.1]);
        assert_eq!(beside.points.column(0).to_vec(), [0.0, 1.0, 0.0]);
        assert_eq!(beside.within(1e-12).expect("valid").values.len(), 2);
    }

    /// The steepest descent falls at the rate ‖g*‖, and no other direction falls faster.
    #[test]
    fn no_direction_falls_faster_than_the_shortest_vector() {
        let gradients = array![[1.0, 2.0], [1.5, -1.0], [3.0, 0.5]];
        let shortest = least_norm_of_hull(&gradients).expect("valid");
        let best =
            directional_derivative(&gradients, &(-&shortest.point / shortest.norm)).expect("valid");
        assert!((best + shortest.norm).abs() < 1e-14);
        for i in 0..720 {
            let angle = f64::from(i) * std::f64::consts::TAU / 720.0;
            let gamma = array![angle.cos(), angle.sin()];
            assert!(directional_derivative(&gradients, &gamma).expect("valid") >= best - 1e-14);
        }
    }

    /// The ascent of a linear model's loss reaches the margin less ε‖w‖₁ in one long step.
    #[test]
    fn the_linear_attack_reaches_its_worst_margin() {
        let attack = LinearAttack {
            input: vec![0.3, -0.2, 0.5],
            label: -1.0,
            epsilon: 0.1,
        };
        let ball = Ball::around_zero(Norm::LInf, 0.1, 3);
        let w = [1.0, -2.0, 0.5];
        let found =
            maximisers(&attack, &ball, &w, &Array2::zeros((1, 3)), 100.0, 1).expect("valid");
        assert!((found.value() - attack.worst(&w)).abs() < 1e-15);
    }

    #[test]
    fn bad_input_is_named() {
        let starts = array![[0.5]];
        let refusal = |x: &[f64], starts: &Array2<f64>, step| {
            maximisers(&Plane, &interval(), x, starts, step, 3)
                .expect_err("refused")
                .to_string()
        };
        assert!(refusal(&[1.0], &starts, 1.0).contains("x has shape"));
        assert!(refusal(&[1.0, 0.0], &Array2::zeros((0, 1)), 1.0).contains("the starts"));
        assert!(refusal(&[1.0, 0.0], &starts, 0.0).contains("the step of the ascent"));
        assert!(directional_derivative(&array![[1.0]], &array![1.0, 2.0]).is_err());
    }
}
