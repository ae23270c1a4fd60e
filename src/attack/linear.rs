//! Linear models, of which everything is known: the worst input in closed form, in a ball and in the part of it that is a
//! picture; the least change that fools; the risk under attack.

mod boxed;
mod norms;
mod risk;
mod training;

use ndarray::{Array1, Array2, ArrayRef2};

pub use norms::{dual_of, length_by, steepest};
pub use risk::attacked_risk;
pub use training::{RobustFit, RobustSettings, robust_logistic};

use super::{Ascent, Objective, Victim, free_pixels};
use crate::error::{Error, Result, check_finite, check_scale, within_range};
use crate::optimise::Norm;
use crate::real::check_rows;

/// h(x) = w·x + b; its sign is the class.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearModel {
    /// The weights w, `(d,)`.
    pub weights: Array1<f64>,
    /// The offset b.
    pub bias: f64,
}

impl LinearModel {
    /// Of these numbers.
    ///
    /// # Errors
    /// No weight, or one that is not finite; an offset that is not.
    pub fn new(weights: Array1<f64>, bias: f64) -> Result<Self> {
        if weights.is_empty() {
            return Err(Error::shape("the weights", "at least (1,)", &[0]));
        }
        check_finite("the weights", &weights)?;
        check_finite("the offset", &[bias])?;
        Ok(Self { weights, bias })
    }

    /// The margins m_i = y_i (w·x_i + b), `(n,)`, of inputs `x`, `(n, d)`, and `signs` y, `(n, 1)`: above 0 where the class is right.
    ///
    /// # Errors
    /// Arrays that do not fit or are not finite; a sign that is not ±1; a margin beyond the range of f64.
    pub fn margins(&self, x: &ArrayRef2<f64>, signs: &ArrayRef2<f64>) -> Result<Array1<f64>> {
        check_rows("the inputs", x, self.weights.len())?;
        check_signs(signs, x.nrows())?;
        let rows = x.rows().into_iter().zip(signs);
        let margins = rows.map(|(x, y)| y * (x.dot(&self.weights) + self.bias));
        margins.map(|m| within_range("a margin", m)).collect()
    }

    /// The worst margins within ‖δ‖ ≤ `epsilon`, `(n,)`.
    ///
    /// # Formula
    /// min {y (w·(x + δ) + b) : ‖δ‖ ≤ ε} = m − ε‖w‖_*, by the definition of ‖w‖_*: see [`dual_of`].
    ///
    /// # Errors
    /// As for [`margins`](Self::margins); an ε below 0 or not finite.
    ///
    /// # Reference
    /// Goodfellow, Shlens & Szegedy 2015, "Explaining and harnessing adversarial examples", arXiv:1412.6572, sections 3 and 5. Slide: S4,
    /// "A robustness example: Linear prediction".
    ///
    /// ```
    /// use dltheory::attack::linear::LinearModel;
    /// use dltheory::optimise::Norm;
    /// use ndarray::array;
    /// let model = LinearModel::new(array![3.0, -4.0], 0.0)?;
    /// let worst = model.worst_margins(&array![[1.0, 0.0]], &array![[1.0]], Norm::LInf, 0.1)?;
    /// assert!((worst[0] - (3.0 - 0.1 * 7.0)).abs() < 1e-15);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn worst_margins(
        &self,
        x: &ArrayRef2<f64>,
        signs: &ArrayRef2<f64>,
        norm: Norm,
        epsilon: f64,
    ) -> Result<Array1<f64>> {
        check_scale("ε", epsilon)?;
        let lost = within_range("ε‖w‖_*", epsilon * self.sensitivity(norm))?;
        Ok(self.margins(x, signs)? - lost)
    }

    /// ‖w‖_*: how far the output moves at most, per length of δ in `norm`.
    #[must_use]
    pub fn sensitivity(&self, norm: Norm) -> f64 {
        length_by(dual_of(norm), &self.weights)
    }

    /// Inputs with the worst margins, x − y ε v with v as in [`steepest`], `(n, d)`.
    ///
    /// # Errors
    /// As for [`worst_margins`](Self::worst_margins).
    pub fn worst_inputs(
        &self,
        x: &ArrayRef2<f64>,
        signs: &ArrayRef2<f64>,
        norm: Norm,
        epsilon: f64,
    ) -> Result<Array2<f64>> {
        check_scale("ε", epsilon)?;
        self.margins(x, signs)?;
        let step = steepest(norm, &self.weights) * epsilon;
        let mut moved = x.to_owned();
        for (mut row, y) in moved.rows_mut().into_iter().zip(signs) {
            row.scaled_add(-*y, &step);
        }
        Ok(moved)
    }

    /// Inputs with the worst margins that lie in [low, high]^d besides, `(n, d)`: `range` is (low, high), and `x` lies in it.
    ///
    /// # Algorithm
    /// Each pixel has room to move the way that lowers the margin, and gains |w_j| by unit length. ℓ∞: each moves by ε or by its
    /// room. ℓ1: those of the largest |w_j| take their room, one after the other, until ε is used up. ℓ2: by t|w_j| or their room,
    /// with the t that uses up ε, found among the pixels in the order in which their room ends.
    ///
    /// # Errors
    /// As for [`worst_margins`](Self::worst_margins); an input outside the range.
    pub fn worst_inputs_within(
        &self,
        x: &ArrayRef2<f64>,
        signs: &ArrayRef2<f64>,
        norm: Norm,
        epsilon: f64,
        range: (f64, f64),
    ) -> Result<Array2<f64>> {
        check_scale("ε", epsilon)?;
        self.move_in_range(x, signs, range, |room, gain| {
            boxed::moves(norm, epsilon, room, gain)
        })
    }

    /// Inputs with the worst margins when any `k` pixels are free within [low, high], `(n, d)`: [`free_pixels`] with the slopes −y w.
    /// Not the k largest weights, which may have no room.
    ///
    /// # Errors
    /// As for [`margins`](Self::margins) and [`free_pixels`].
    pub fn free_pixels(
        &self,
        x: &ArrayRef2<f64>,
        signs: &ArrayRef2<f64>,
        k: usize,
        range: (f64, f64),
    ) -> Result<Array2<f64>> {
        self.margins(x, signs)?;
        let mut moved = x.to_owned();
        for (mut row, y) in moved.rows_mut().into_iter().zip(signs) {
            let worst = free_pixels(&(&self.weights * -*y), &row, k, range)?;
            row.assign(&worst.inputs);
        }
        Ok(moved)
    }

    /// The least δ that bring every right row to the decision boundary, `(n, d)`; 0 for a row that is wrong already.
    ///
    /// # Formula
    /// δ = −y (m/‖w‖_*) v with v as in [`steepest`], of length m/‖w‖_*: by Hölder's inequality no shorter one has y w·δ = −m.
    ///
    /// # Errors
    /// As for [`margins`](Self::margins); all weights are 0, so that no input is on the boundary.
    ///
    /// # Reference
    /// For ℓ2: Moosavi-Dezfooli, Fawzi & Frossard 2016, "DeepFool", arXiv:1511.04599, section 2.
    pub fn least_perturbations(
        &self,
        x: &ArrayRef2<f64>,
        signs: &ArrayRef2<f64>,
        norm: Norm,
    ) -> Result<Array2<f64>> {
        let slope = self.sensitivity(norm);
        if slope == 0.0 {
            return Err(Error::domain("the weights", "not all 0", 0));
        }
        let v = steepest(norm, &self.weights);
        let margins = self.margins(x, signs)?;
        let mut moves = Array2::zeros(x.raw_dim());
        for ((mut row, m), y) in moves.rows_mut().into_iter().zip(&margins).zip(signs) {
            if *m > 0.0 {
                row.scaled_add(-y * m / slope, &v);
            }
        }
        Ok(moves)
    }

    /// The share of inputs whose worst margin is not above 0: the error under attack.
    ///
    /// # Errors
    /// As for [`worst_margins`](Self::worst_margins).
    pub fn error_under_attack(
        &self,
        x: &ArrayRef2<f64>,
        signs: &ArrayRef2<f64>,
        norm: Norm,
        epsilon: f64,
    ) -> Result<f64> {
        let worst = self.worst_margins(x, signs, norm, epsilon)?;
        let fooled = worst.iter().filter(|m| **m <= 0.0).count();
        Ok(fooled as f64 / worst.len() as f64)
    }

    /// x with each pixel moved the way that lowers the margin, as far as `by(room, |w|)` says.
    fn move_in_range(
        &self,
        x: &ArrayRef2<f64>,
        signs: &ArrayRef2<f64>,
        (low, high): (f64, f64),
        by: impl Fn(&[f64], &[f64]) -> Vec<f64>,
    ) -> Result<Array2<f64>> {
        self.margins(x, signs)?;
        let outside = |v: &&f64| !(low..=high).contains(*v);
        if let Some(other) = x.iter().find(outside) {
            let expected = format!("in [{low}, {high}]");
            return Err(Error::domain("an input", expected, other));
        }
        let gain: Vec<f64> = self.weights.iter().map(|w| w.abs()).collect();
        let mut moved = x.to_owned();
        for (mut row, y) in moved.rows_mut().into_iter().zip(signs) {
            // Up where that lowers y w_j x_j.
            let up = |w: f64| y * w < 0.0;
            let pairs = row.iter().zip(&self.weights);
            let room: Vec<f64> = pairs
                .map(|(x, w)| if up(*w) { high - x } else { x - low })
                .collect();
            let moves = by(&room, &gain);
            for (((to, w), step), room) in row.iter_mut().zip(&self.weights).zip(moves).zip(room) {
                // The end of the range itself: x + (high − x) may round beyond it.
                *to = match (up(*w), step >= room) {
                    (true, true) => high,
                    (false, true) => low,
                    (true, false) => *to + step,
                    (false, false) => *to - step,
                };
            }
        }
        Ok(moved)
    }
}

/// One output, h(x), with targets ±1.
impl Victim<f64> for LinearModel {
    fn n_inputs(&self) -> usize {
        self.weights.len()
    }

    fn n_outputs(&self) -> usize {
        1
    }

    fn outputs(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>> {
        check_rows("the inputs", x, self.weights.len())?;
        let outputs = x
            .rows()
            .into_iter()
            .map(|x| x.dot(&self.weights) + self.bias);
        let outputs: Vec<f64> = outputs
            .map(|h| within_range("an output", h))
            .collect::<Result<_>>()?;
        Ok(Array1::from(outputs).insert_axis(ndarray::Axis(1)))
    }

    fn ascent(
        &self,
        x: &ArrayRef2<f64>,
        y: &ArrayRef2<f64>,
        objective: Objective,
    ) -> Result<Ascent<f64>> {
        let outputs = self.outputs(x)?;
        let (values, slope) = objective.of_outputs(&outputs, y)?;
        let gradient = &slope * &self.weights;
        Ok(Ascent {
            values,
            gradient,
            outputs,
        })
    }
}

fn check_signs(signs: &ArrayRef2<f64>, n: usize) -> Result<()> {
    if signs.dim() != (n, 1) {
        return Err(Error::shape(
            "the signs",
            format!("({n}, 1)"),
            signs.shape(),
        ));
    }
    match signs.iter().find(|y| y.abs() != 1.0) {
        Some(other) => Err(Error::domain("a sign", "-1 or 1", other)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, random_signs};
    use crate::optimise::{Ball, Cuboid, Set};
    use crate::rng::stream;
    use rand::RngExt;

    const NORMS: [Norm; 3] = [Norm::L1, Norm::L2, Norm::LInf];

    fn model(d: usize, seed: u64) -> LinearModel {
        let rng = &mut stream(seed, "weights", 0);
        let w = gaussian(1, d, rng).expect("valid").row(0).to_owned();
        LinearModel::new(w, 0.3).expect("finite")
    }

    /// A point of the ball, on its sphere or inside.
    fn any_point(norm: Norm, epsilon: f64, d: usize, rng: &mut impl rand::Rng) -> Array1<f64> {
        let v = gaussian(1, d, rng).expect("valid").row(0).to_owned();
        &v * (epsilon * rng.random::<f64>().sqrt() / length_by(norm, &v))
    }

    #[test]
    fn the_worst_margin_is_attained_and_never_passed() {
        let rng = &mut stream(1, "worst", 0);
        for (seed, norm) in NORMS.into_iter().cycle().take(12).enumerate() {
            let model = model(7, seed as u64);
            let x = gaussian(5, 7, rng).expect("valid");
            let y = random_signs(5, rng).expect("valid");
            let worst = model.worst_margins(&x, &y, norm, 0.4).expect("valid");
            let moved = model.worst_inputs(&x, &y, norm, 0.4).expect("valid");
            let there = model.margins(&moved, &y).expect("valid");
            for i in 0..5 {
                assert!((worst[i] - there[i]).abs() < 1e-14, "{norm:?}");
                let size = length_by(norm, &(&moved.row(i) - &x.row(i)));
                assert!((size - 0.4).abs() < 1e-15, "{norm:?} {size}");
                for _ in 0..50 {
                    let near = &x.row(i) + &any_point(norm, 0.4, 7, rng);
                    let m = y[[i, 0]] * (near.dot(&model.weights) + model.bias);
                    assert!(m >= worst[i] - 1e-14);
                }
            }
            let least = model.least_perturbations(&x, &y, norm).expect("valid");
            let margins = model.margins(&x, &y).expect("valid");
            for (at, row) in model
                .margins(&(&x + &least), &y)
                .expect("valid")
                .iter()
                .zip(0..)
            {
                let expected = if margins[row] > 0.0 {
                    0.0
                } else {
                    margins[row]
                };
                assert!((at - expected).abs() < 1e-14);
                let size = length_by(norm, &least.row(row));
                let shortest = margins[row].max(0.0) / model.sensitivity(norm);
                assert!((size - shortest).abs() < 1e-14);
            }
        }
    }

    /// Against projected ascent by Dykstra's alternating projections onto ball and box.
    #[test]
    fn the_worst_picture_is_the_best_of_ball_and_box() {
        let d = 6;
        for (seed, norm) in NORMS.into_iter().cycle().take(9).enumerate() {
            let model = model(d, seed as u64);
            let rng = &mut stream(2, "pictures", seed as u64);
            let x = Array2::from_shape_fn((1, d), |_| rng.random::<f64>().powi(3));
            let y = random_signs(1, rng).expect("valid");
            let epsilon = 0.7;
            let moved = model
                .worst_inputs_within(&x, &y, norm, epsilon, (0.0, 1.0))
                .expect("valid");
            assert!(moved.iter().all(|v| (0.0..=1.0).contains(v)));
            let used = length_by(norm, &(&moved.row(0) - &x.row(0)));
            assert!(used <= epsilon * (1.0 + 1e-12), "{norm:?} {used}");
            let best = model.margins(&moved, &y).expect("valid")[0];
            let ball = Ball {
                norm,
                radius: epsilon,
                centre: x.row(0).to_vec(),
            };
            let cube = Cuboid {
                low: vec![0.0; d],
                high: vec![1.0; d],
            };
            let mut at = x.row(0).to_vec();
            for _ in 0..600 {
                for (z, w) in at.iter_mut().zip(&model.weights) {
                    *z -= 0.05 * y[[0, 0]] * w;
                }
                let mut carry = [vec![0.0; d], vec![0.0; d]];
                for round in 0..200 {
                    let own = &mut carry[round % 2];
                    let asked: Vec<f64> = at.iter().zip(&*own).map(|(z, c)| z + c).collect();
                    at.clone_from(&asked);
                    if round % 2 == 0 {
                        ball.project(&mut at);
                    } else {
                        cube.project(&mut at);
                    }
                    for ((c, asked), z) in own.iter_mut().zip(asked).zip(&at) {
                        *c = asked - z;
                    }
                }
            }
            let row = Array2::from_shape_vec((1, d), at).expect("d numbers");
            let found = model.margins(&row, &y).expect("valid")[0];
            assert!((found - best).abs() < 1e-3, "{norm:?}: {found} {best}");
            assert!(best <= found + 1e-6, "{norm:?}: {found} {best}");
        }
    }

    #[test]
    fn free_pixels_are_the_best_of_all_subsets() {
        let (d, k) = (8, 3);
        let model = model(d, 3);
        let rng = &mut stream(3, "pixels", 0);
        let x = Array2::from_shape_fn((4, d), |_| rng.random::<f64>());
        let y = random_signs(4, rng).expect("valid");
        let moved = model.free_pixels(&x, &y, k, (0.0, 1.0)).expect("valid");
        let margins = model.margins(&moved, &y).expect("valid");
        for (i, best) in margins.iter().enumerate() {
            let pairs = moved.row(i).into_iter().zip(x.row(i));
            assert_eq!(pairs.filter(|(a, b)| a != b).count(), k);
            for set in 0_u32..1 << d {
                if set.count_ones() as usize != k {
                    continue;
                }
                let ends = (0..d).map(|j| {
                    let w = model.weights[j];
                    let end = if y[[i, 0]] * w < 0.0 { 1.0 } else { 0.0 };
                    w * if set >> j & 1 == 1 { end } else { x[[i, j]] }
                });
                let m = y[[i, 0]] * (ends.sum::<f64>() + model.bias);
                assert!(m >= best - 1e-14);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let model = model(3, 1);
        let (x, y) = (Array2::zeros((2, 3)), Array2::ones((2, 1)));
        let named = |error: Error| error.argument().map(str::to_owned);
        let error = model.margins(&Array2::zeros((2, 4)), &y).expect_err("4");
        assert_eq!(named(error).as_deref(), Some("the inputs"));
        let error = model.margins(&x, &(&y * 2.0)).expect_err("2");
        assert_eq!(named(error).as_deref(), Some("a sign"));
        let error = model.worst_margins(&x, &y, Norm::L2, -1.0).expect_err("−1");
        assert_eq!(named(error).as_deref(), Some("ε"));
        let range = (0.1, 1.0);
        let error = model.free_pixels(&x, &y, 1, range).expect_err("0 < 0.1");
        assert_eq!(named(error).as_deref(), Some("the pixels"));
        assert!(LinearModel::new(Array1::zeros(0), 0.0).is_err());
        let flat = LinearModel::new(Array1::zeros(3), 1.0).expect("finite");
        assert!(flat.least_perturbations(&x, &y, Norm::L1).is_err());
    }
}
