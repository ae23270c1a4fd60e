//! The least change that fools: through budgets one after the other, and through a penalty on what is not yet fooled.
//!
//! The descent on the penalty is a loop of its own: rows go through the victim together, each with its own proximal step and
//! its own best, where `optimise::solve` knows one point.

use ndarray::{Array2, ArrayRef1, ArrayRef2};
use rand::Rng;

use super::linear::{dual_of, length_by};
use super::{NormBall, Objective, PgdSettings, Victim, pgd};
use crate::error::{Error, Result, check_count, check_positive};
use crate::model::Loss;
use crate::optimise::{Ball, Norm, Set};
use crate::real::Real;

/// How often a change is halved between what fools and what does not: 2⁻⁴⁰ of it is left open.
const HALVINGS: usize = 40;

/// The least changes found.
#[derive(Clone, Debug, PartialEq)]
pub struct Least<T> {
    /// Inputs that fool, `(n, d)`; x itself where none was found.
    pub inputs: Array2<T>,
    /// ‖z − x‖ of each row; none where nothing fooled.
    pub sizes: Vec<Option<f64>>,
}

/// Attacks the rows of `x`, `(n, d)`, with targets `y`, `(n, k)`, within each of the `budgets`, draws what fools back towards x as
/// far as it still does, and keeps the shortest of each row.
///
/// `ball` has the norm and the range; its ε is replaced by each budget, and the settings' step is in parts of that.
///
/// # Errors
/// No budget; as for [`pgd`](fn@pgd).
///
/// # Reference
/// Its constrained form: CMSC 828W, "Alternative formulation", min ‖δ‖ such that f(x + δ) = t.
pub fn least_change<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
    (ball, budgets): (NormBall, &[f64]),
    settings: &PgdSettings,
    rng: &mut impl Rng,
) -> Result<Least<T>> {
    check_count("the number of budgets", budgets.len())?;
    let mut least = Least {
        inputs: x.to_owned(),
        sizes: vec![None; x.nrows()],
    };
    for &epsilon in budgets {
        let own = PgdSettings {
            step: settings.step * epsilon,
            until_fooled: true,
            ..*settings
        };
        let found = pgd(victim, x, y, &NormBall { epsilon, ..ball }, &own, rng)?;
        let inputs = shortened(victim, x, y, &found.inputs, settings.objective)?;
        least.keep(x, &inputs, &found.fooled, ball.norm);
    }
    Ok(least)
}

impl<T: Real> Least<T> {
    fn keep(&mut self, x: &ArrayRef2<T>, inputs: &Array2<T>, fooled: &[bool], norm: Norm) {
        for (row, _) in fooled.iter().enumerate().filter(|(_, fooled)| **fooled) {
            let size = distance(norm, &x.row(row), &inputs.row(row));
            if self.sizes[row].is_none_or(|least| size < least) {
                self.sizes[row] = Some(size);
                self.inputs.row_mut(row).assign(&inputs.row(row));
            }
        }
    }
}

/// Rows of `found`, `(n, d)`, drawn back along the straight line to `x` to where they barely fool; those that do not stay.
///
/// # Errors
/// Arrays that do not fit the model.
pub fn shortened<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
    found: &ArrayRef2<T>,
    objective: Objective,
) -> Result<Array2<T>> {
    let between = |shares: &[f64]| {
        let mut z = x.to_owned();
        for (((mut z, x), far), share) in z
            .rows_mut()
            .into_iter()
            .zip(x.rows())
            .zip(found.rows())
            .zip(shares)
        {
            // The end itself exactly: x + (z − x) may round beyond it.
            if *share >= 1.0 {
                z.assign(&far);
            } else {
                let share = T::of(*share);
                ndarray::Zip::from(&mut z)
                    .and(x)
                    .and(far)
                    .for_each(|z, x, far| *z = *x + share * (*far - *x));
            }
        }
        z
    };
    let fooled = |z: &Array2<T>| objective.fooled(&victim.outputs(z)?, y);
    let n = x.nrows();
    let (mut low, mut high) = (vec![0.0; n], vec![1.0; n]);
    let clean = fooled(&x.to_owned())?;
    high.iter_mut()
        .zip(&clean)
        .filter(|(_, fooled)| **fooled)
        .for_each(|(high, _)| *high = 0.0);
    for _ in 0..HALVINGS {
        let middle: Vec<f64> = low
            .iter()
            .zip(&high)
            .map(|(a, b)| f64::midpoint(*a, *b))
            .collect();
        let there = fooled(&between(&middle))?;
        let ends = low.iter_mut().zip(&mut high).zip(middle).zip(there);
        for (((low, high), middle), fooled) in ends {
            *if fooled { high } else { low } = middle;
        }
    }
    // A row that nothing fools ends near 1.
    let ends = fooled(&found.to_owned())?;
    high.iter_mut()
        .zip(&ends)
        .filter(|(_, fooled)| !**fooled)
        .for_each(|(high, _)| *high = 1.0);
    Ok(between(&high))
}

/// What stands for "fools" in the penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Penalty {
    /// max(0, f_c − max_{j≠c} f_j), y the true class c: until it is wrong.
    Away,
    /// max(0, max_{j≠t} f_j − f_t), y the target t: until it is that.
    Towards,
    /// −ℓ(f, y), y the true class, as the slide prints it: without end.
    Loss(Loss),
}

/// How ‖δ‖ + λ·penalty is made small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PenaltySettings {
    /// The norm of δ.
    pub norm: Norm,
    /// λ > 0.
    pub weight: f64,
    /// What is penalised.
    pub penalty: Penalty,
    /// The first step's length η > 0; step k = 0, 1, … has η/√(k + 1).
    pub rate: f64,
    /// The number of steps, at least 1.
    pub steps: usize,
    /// What an input may be.
    pub range: Option<(f64, f64)>,
}

/// Where the penalty led.
#[derive(Clone, Debug, PartialEq)]
pub struct Penalised<T> {
    /// The last inputs, `(n, d)`.
    pub last: Array2<T>,
    /// The shortest that fooled on the way.
    pub least: Least<T>,
}

/// Minimises ‖δ‖ + λ·penalty(f(x + δ)) for every row of `x`, `(n, d)`, with targets `y`, `(n, k)`: the Lagrange form of the least
/// change.
///
/// # Algorithm
/// Proximal subgradient descent from δ = 0: δ ← prox(δ − η_k λ ∇penalty), prox(v) = v − P(v) with P the projection onto the ball
/// of the dual norm with radius η_k; then into the range. For a linear model of margin m and slope ‖w‖_* the minimiser is known: δ = 0 for λ < 1/‖w‖_*, the
/// least change, of length m/‖w‖_*, for λ > 1/‖w‖_*. So the penalty is exact, with a λ that need not be tuned. With −ℓ in its place it is
/// concave along the way out, and its least value is never in between: 0, or as far as one may go.
///
/// # Errors
/// A setting out of its range; arrays that do not fit the model or the penalty; outputs beyond the range of the type.
///
/// # Reference
/// Carlini & Wagner 2017, "Towards evaluating the robustness of neural networks", arXiv:1608.04644, for ‖δ‖² in place of ‖δ‖.
pub fn penalised<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
    settings: &PenaltySettings,
) -> Result<Penalised<T>> {
    check_positive("the weight λ of the penalty", settings.weight)?;
    check_positive("the rate of the descent", settings.rate)?;
    check_count("the number of steps", settings.steps)?;
    if settings
        .range
        .is_some_and(|(low, high)| low.is_nan() || high.is_nan() || low > high)
    {
        return Err(Error::domain(
            "the range of inputs",
            "its ends in order",
            "others",
        ));
    }
    let mut z = x.to_owned();
    let mut least = Least {
        inputs: x.to_owned(),
        sizes: vec![None; x.nrows()],
    };
    // By how much the objective counts, and who is fooled.
    let (objective, sign) = match settings.penalty {
        Penalty::Away => (Objective::Margin, -1.0),
        Penalty::Towards => (Objective::Margin, 1.0),
        Penalty::Loss(loss) => (Objective::Loss(loss), -1.0),
    };
    for k in 0..=settings.steps {
        let here = victim.ascent(&z, y, objective)?;
        let mut fooled = objective.fooled(&here.outputs, y)?;
        if settings.penalty == Penalty::Towards {
            fooled.iter_mut().for_each(|fooled| *fooled = !*fooled);
        }
        least.keep(x, &z, &fooled, settings.norm);
        if k == settings.steps {
            break;
        }
        let rate = settings.rate / ((k + 1) as f64).sqrt();
        let dual = Ball::around_zero(dual_of(settings.norm), rate, x.ncols());
        let capped = !matches!(settings.penalty, Penalty::Loss(_));
        for (row, mut z) in z.rows_mut().into_iter().enumerate() {
            let pull = match capped && sign * here.values[row].as_f64() <= 0.0 {
                true => 0.0,
                false => rate * settings.weight * sign,
            };
            let pairs = z.iter().zip(x.row(row)).zip(here.gradient.row(row));
            let moved: Vec<f64> = pairs
                .map(|((z, x), g)| (*z - *x).as_f64() - pull * g.as_f64())
                .collect();
            let mut near = moved.clone();
            dual.project(&mut near);
            for (((z, x), far), near) in z.iter_mut().zip(x.row(row)).zip(moved).zip(near) {
                let at = x.as_f64() + (far - near);
                let (low, high) = settings.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
                *z = T::of(at.clamp(low, high));
            }
        }
    }
    Ok(Penalised { last: z, least })
}

fn distance<T: Real>(norm: Norm, x: &ArrayRef1<T>, z: &ArrayRef1<T>) -> f64 {
    let pairs = z.iter().zip(x);
    let change = pairs.map(|(z, x)| z.as_f64() - x.as_f64());
    length_by(norm, &ndarray::Array1::from_iter(change))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::linear::LinearModel;
    use crate::data::synthetic::{gaussian, random_signs};
    use crate::rng::stream;

    /// Bisection leaves 2⁻⁴⁰ of the budget open; the steepest direction of a linear model leads straight there.
    #[test]
    fn on_a_linear_model_both_forms_find_the_closed_form() {
        let rng = &mut stream(1, "least", 0);
        let model = LinearModel::new(gaussian(1, 6, rng).expect("valid").row(0).to_owned(), 0.1)
            .expect("finite");
        let x = gaussian(8, 6, rng).expect("valid");
        let y = random_signs(8, rng).expect("valid");
        let margins = model.margins(&x, &y).expect("valid");
        for norm in [Norm::L1, Norm::L2, Norm::LInf] {
            let slope = model.sensitivity(norm);
            let shortest = |row: usize| margins[row].max(0.0) / slope;
            let ball = NormBall::unbounded(norm, 1.0);
            let settings = PgdSettings {
                objective: Objective::Margin,
                step: 0.25,
                ..PgdSettings::default()
            };
            let budget = 1.5 * (0..8).map(shortest).fold(0.0, f64::max);
            let found =
                least_change(&model, &x, &y, (ball, &[budget]), &settings, rng).expect("valid");
            for (row, size) in found.sizes.iter().enumerate() {
                let gap = size.expect("the budget is enough") - shortest(row);
                assert!(gap.abs() < 1e-9, "{norm:?} {row} {gap}");
            }
            for (times, enough) in [(0.5, false), (2.0, true)] {
                let settings = PenaltySettings {
                    norm,
                    weight: times / slope,
                    penalty: Penalty::Away,
                    // A step of ℓ∞ is shared by all entries.
                    rate: if norm == Norm::LInf { 0.5 } else { 0.05 },
                    steps: 4000,
                    range: None,
                };
                let found = penalised(&model, &x, &y, &settings).expect("valid");
                for (row, size) in found.least.sizes.iter().enumerate() {
                    let last = distance(norm, &x.row(row), &found.last.row(row));
                    if enough {
                        let beyond = size.expect("it fools") - shortest(row);
                        assert!((-1e-12..0.25).contains(&beyond), "{norm:?} {row}: {beyond}");
                    } else {
                        assert_eq!(last, 0.0, "{norm:?} {row}");
                        assert_eq!(size.is_some(), shortest(row) == 0.0);
                    }
                }
            }
        }
    }
}
