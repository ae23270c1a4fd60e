//! Projected ascent on an objective within a threat, with restarts; its shortest form, one step; and given inputs tried.

pub(super) mod rows;

use ndarray::{Array2, ArrayRef2};
use rand::Rng;
use rayon::prelude::*;

use super::{Objective, Threat, Victim};
use crate::engine;
use crate::error::{Error, Result, check_count, check_positive};
use crate::real::{Real, check_rows};
use rows::Rows;

/// Which way a step goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// The threat's steepest direction: the sign of the gradient for ℓ∞.
    #[default]
    Steepest,
    /// The gradient itself.
    Gradient,
}

/// How projected ascent goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PgdSettings {
    /// The steps of each start.
    pub steps: usize,
    /// The length of a step, in the threat's measure; with [`Direction::Gradient`], what the gradient is multiplied by.
    pub step: f64,
    /// The starts, ≥ 1.
    pub restarts: usize,
    /// Whether the first start is random too, and not x itself. Those after it always are.
    pub random_start: bool,
    /// Which way a step goes.
    pub direction: Direction,
    /// What is made large.
    pub objective: Objective,
    /// Whether a row that is fooled is left alone from then on. Who is fooled stays the same; the objectives are smaller.
    pub until_fooled: bool,
}

impl Default for PgdSettings {
    /// 20 steps of 0.01 from x itself, on the cross-entropy.
    fn default() -> Self {
        Self {
            steps: 20,
            step: 0.01,
            restarts: 1,
            random_start: false,
            direction: Direction::Steepest,
            objective: Objective::default(),
            until_fooled: false,
        }
    }
}

/// What an attack found for n rows. The best point ever seen of each row is kept, x itself among them: one that fools
/// before one that does not, then the larger objective. So more steps or restarts never make an attack weaker.
#[derive(Clone, Debug, PartialEq)]
pub struct Attacked<T> {
    /// The worst inputs found, `(n, d)`.
    pub inputs: Array2<T>,
    /// The objective there, `(n,)`.
    pub values: Vec<f64>,
    /// The objective before each step of the first start and after the last, `(steps + 1, n)`.
    pub by_step: Array2<f64>,
    /// Which rows are fooled there.
    pub fooled: Vec<bool>,
    /// For how many rows a gradient was computed, all steps and starts together.
    pub gradient_calls: usize,
}

impl<T: Real> Attacked<T> {
    /// The clean inputs, before any attack.
    fn clean(
        victim: &impl Victim<T>,
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        objective: Objective,
    ) -> Result<Self> {
        let outputs = victim.outputs(x)?;
        let (values, _) = objective.of_outputs(&outputs, y)?;
        Ok(Self {
            inputs: x.as_standard_layout().into_owned(),
            values: values.iter().map(|v| v.as_f64()).collect(),
            by_step: Array2::zeros((0, x.nrows())),
            fooled: objective.fooled(&outputs, y)?,
            gradient_calls: 0,
        })
    }

    /// The share of rows that are fooled.
    #[must_use]
    pub fn success(&self) -> f64 {
        let fooled = self.fooled.iter().filter(|fooled| **fooled).count();
        fooled as f64 / self.fooled.len() as f64
    }

    /// Puts in what a block of rows found, with its steps if they are the `first` start's.
    fn merge(&mut self, rows: &[usize], block: &Self, first: bool) {
        self.gradient_calls += block.gradient_calls;
        for (at, &row) in rows.iter().enumerate() {
            self.inputs.row_mut(row).assign(&block.inputs.row(at));
            self.values[row] = block.values[at];
            self.fooled[row] = block.fooled[at];
            if first {
                self.by_step
                    .column_mut(row)
                    .assign(&block.by_step.column(at));
            }
        }
    }

    /// Takes the point `z` of row `row` if it is better.
    pub(super) fn take(&mut self, row: usize, z: &[T], value: f64, fooled: bool) {
        if (fooled, value) > (self.fooled[row], self.values[row]) {
            (self.fooled[row], self.values[row]) = (fooled, value);
            let mut mine = self.inputs.row_mut(row);
            mine.as_slice_mut().expect(STANDARD).copy_from_slice(z);
        }
    }
}

/// Rows that are taken together: enough for a product to be fast, few enough for a block to stay in a core's own memory.
const BLOCK: usize = 128;

const STANDARD: &str = "made in row-major order";

/// Projected ascent: z ← P(z + α·v), v the steepest direction of the objective at z or its gradient, P onto what the
/// threat allows.
///
/// `x`, `(n, d)`, are the inputs, `y`, `(n, k)`, their targets. Random starts are drawn row by row, start by start.
///
/// ```
/// use dltheory::attack::{NormBall, PgdSettings, pgd};
/// use dltheory::model::{Differentiable, Mlp, MlpSettings};
/// use dltheory::optimise::Norm;
/// use dltheory::rng::stream;
/// use ndarray::array;
/// let net = Mlp::new(&MlpSettings::of_sizes(&[3, 8, 2]), &mut stream(1, "doc", 0))?;
/// let (x, y) = (array![[0.2, 0.5, 0.9]], array![[1.0, 0.0]]);
/// let ball = NormBall::new(Norm::LInf, 0.1);
/// let settings = PgdSettings { restarts: 3, ..PgdSettings::default() };
/// let found = pgd(&net.checked()?, &x, &y, &ball, &settings, &mut stream(1, "pgd", 0))?;
/// assert!(found.values[0] >= found.by_step[[0, 0]]);
/// # Ok::<(), dltheory::Error>(())
/// ```
///
/// # Errors
/// No steps or no starts, a step that is not positive; inputs, targets or a threat that do not fit the model or each
/// other; outputs or gradients beyond the range of the type.
///
/// # Reference
/// Madry, Makelov, Schmidt, Tsipras & Vladu 2018, "Towards deep learning models resistant to adversarial attacks",
/// arXiv:1706.06083, §2.1.
pub fn pgd<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
    threat: &impl Threat<T>,
    settings: &PgdSettings,
    rng: &mut impl Rng,
) -> Result<Attacked<T>> {
    check_count("the number of steps of the attack", settings.steps)?;
    check_count("the number of starts of the attack", settings.restarts)?;
    check_positive("the step of the attack", settings.step)?;
    check_attack(victim, x, y, threat)?;
    let mut found = Attacked::clean(victim, x, y, settings.objective)?;
    found.by_step = Array2::zeros((settings.steps + 1, x.nrows()));
    let block = if victim.rows_apart() {
        BLOCK
    } else {
        x.nrows()
    };
    for start in 0..settings.restarts {
        let fresh = |row: &usize| !(settings.until_fooled && start > 0 && found.fooled[*row]);
        let rows: Vec<usize> = (0..x.nrows()).filter(fresh).collect();
        let blocks = rows.chunks(block.max(1)).map(|rows| {
            let mut block = Rows::of(&found, x, y, rows);
            if start > 0 || settings.random_start {
                block.start(threat, rng);
            }
            block
        });
        let blocks: Vec<Rows<T>> = blocks.collect();
        // Blocks are of one size on any number of threads; each multiplies on its own.
        let single = (blocks.len() > 1).then(engine::single_thread);
        let climb = |block: Rows<T>| block.climb(victim, threat, settings);
        let climbed = blocks.into_par_iter().with_max_len(1).map(climb);
        let climbed = climbed.collect::<Result<Vec<_>>>()?;
        drop(single);
        for (rows, best) in rows.chunks(block.max(1)).zip(climbed) {
            found.merge(rows, &best, start == 0);
        }
    }
    Ok(found)
}

/// The fast gradient (sign) method: one steepest step from x across the whole budget.
///
/// # Errors
/// As for [`pgd`].
///
/// # Reference
/// Goodfellow, Shlens & Szegedy 2015, "Explaining and harnessing adversarial examples", arXiv:1412.6572, §4.
pub fn fgsm<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
    threat: &impl Threat<T>,
    objective: Objective,
) -> Result<Attacked<T>> {
    let settings = PgdSettings {
        steps: 1,
        step: threat.budget(),
        objective,
        ..PgdSettings::default()
    };
    // One start from x itself: nothing is drawn.
    pgd(
        victim,
        x,
        y,
        threat,
        &settings,
        &mut crate::rng::stream(0, "unused", 0),
    )
}

/// What given inputs do, `(n, d)`, for instance those found on another model: each is projected onto what the threat
/// allows first.
///
/// # Errors
/// As for [`pgd`]; `candidates` of another shape than `x` or not finite.
pub fn tried<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
    threat: &impl Threat<T>,
    candidates: &ArrayRef2<T>,
    objective: Objective,
) -> Result<Attacked<T>> {
    check_attack(victim, x, y, threat)?;
    if candidates.shape() != x.shape() {
        let expected = format!("{:?} like the inputs", x.shape());
        return Err(Error::shape(
            "the inputs to try",
            expected,
            candidates.shape(),
        ));
    }
    check_rows("the inputs to try", candidates, x.ncols())?;
    let mut found = Attacked::clean(victim, x, y, objective)?;
    let mut z = candidates.as_standard_layout().into_owned();
    for (x, mut z) in found.inputs.rows().into_iter().zip(z.rows_mut()) {
        let (x, z) = (x.as_slice(), z.as_slice_mut());
        threat.project(x.expect(STANDARD), z.expect(STANDARD));
    }
    let outputs = victim.outputs(&z)?;
    let (values, _) = objective.of_outputs(&outputs, y)?;
    let fooled = objective.fooled(&outputs, y)?;
    for (row, z) in z.rows().into_iter().enumerate() {
        let value = values[row].as_f64();
        found.take(row, z.as_slice().expect(STANDARD), value, fooled[row]);
    }
    Ok(found)
}

fn check_attack<T: Real>(
    victim: &impl Victim<T>,
    x: &ArrayRef2<T>,
    y: &ArrayRef2<T>,
    threat: &impl Threat<T>,
) -> Result<()> {
    check_rows("the inputs", x, victim.n_inputs())?;
    let expected = [x.nrows(), victim.n_outputs()];
    if y.shape() != expected {
        return Err(Error::shape(
            "the targets",
            format!("{expected:?}"),
            y.shape(),
        ));
    }
    let x = x.as_standard_layout();
    x.rows()
        .into_iter()
        .try_for_each(|row| threat.check(row.as_slice().expect(STANDARD)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::{NormBall, clean_accuracy};
    use crate::data::synthetic::gaussian;
    use crate::model::{Activation, Differentiable, Loss, Mlp, MlpSettings};
    use crate::optimise::Norm;
    use crate::rng::stream;
    use rand::RngExt;

    const NORMS: [Norm; 3] = [Norm::L1, Norm::L2, Norm::LInf];

    fn dual(norm: Norm, w: &[f64]) -> f64 {
        let sizes = w.iter().map(|w| w.abs());
        match norm {
            Norm::L1 => sizes.fold(0.0, f64::max),
            Norm::L2 => sizes.map(|w| w * w).sum::<f64>().sqrt(),
            Norm::LInf => sizes.sum(),
        }
    }

    /// A network of this kind, inputs in \[0, 1\] and one-hot targets.
    fn problem(sizes: &[usize], n: usize) -> (Mlp, Array2<f64>, Array2<f64>) {
        let rng = &mut stream(5, "pgd", n as u64);
        let net = Mlp::new(&MlpSettings::of_sizes(sizes), rng).expect("valid");
        let x = Array2::from_shape_simple_fn((n, sizes[0]), || rng.random::<f64>());
        let k = sizes[sizes.len() - 1];
        let y = Array2::from_shape_fn((n, k), |(i, j)| f64::from(u8::from(i % k == j)));
        (net, x, y)
    }

    #[test]
    fn one_step_is_the_exact_worst_case_of_a_linear_model() {
        let rng = &mut stream(1, "pgd", 0);
        let net = Mlp::new(&MlpSettings::of_sizes(&[6, 1]), rng).expect("valid");
        let w = net.layers[0].weights.row(0).to_vec();
        let x = gaussian(5, 6, rng).expect("valid");
        let y = Array2::from_shape_fn((5, 1), |(i, _)| if i % 2 == 0 { 1.0 } else { -1.0 });
        let f = net.forward(&x).expect("valid");
        for norm in NORMS {
            let ball = NormBall::unbounded(norm, 0.3);
            let victim = net.checked().expect("valid");
            let found = fgsm(&victim, &x, &y, &ball, Objective::Margin).expect("valid");
            for row in 0..5 {
                let exact =
                    -y[[row, 0]] * f[[row, 0]] + 0.3 * dual(norm, &w) * net.layers[0].multiplier;
                assert!((found.values[row] - exact).abs() < 1e-12, "{norm:?}");
            }
        }
    }

    /// The worst point of a linear model in ball ∩ box is the limit of P(x + t·w) for large t.
    #[test]
    fn ascent_reaches_the_worst_case_inside_the_box() {
        let rng = &mut stream(2, "pgd", 0);
        let mut net = Mlp::new(&MlpSettings::of_sizes(&[8, 1]), rng).expect("valid");
        net.activation = Activation::Linear;
        let x = Array2::from_shape_simple_fn((3, 8), || rng.random_range(0.0..1.0_f64));
        let y = -Array2::ones((3, 1));
        for norm in NORMS {
            let ball = NormBall::new(norm, 0.9);
            let settings = PgdSettings {
                steps: 400,
                step: 0.02,
                objective: Objective::Margin,
                ..PgdSettings::default()
            };
            let victim = net.checked().expect("valid");
            let found = pgd(&victim, &x, &y, &ball, &settings, rng).expect("valid");
            let far = &x + &(1e7 * &net.layers[0].weights);
            let exact = tried(&victim, &x, &y, &ball, &far, Objective::Margin).expect("valid");
            for (a, b) in found.values.iter().zip(&exact.values) {
                // A step of 0.02 circles the optimum of ℓ2 within its square.
                assert!(a <= &(b + 1e-7) && a > &(b - 1e-3), "{norm:?}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_stronger_attack_is_never_weaker_and_the_budget_holds() {
        let (net, x, y) = problem(&[12, 30, 30, 4], 40);
        let victim = net.checked().expect("valid");
        for norm in NORMS {
            let ball = NormBall::new(norm, 0.15);
            let run = |steps, restarts, until_fooled| {
                let settings = PgdSettings {
                    steps,
                    restarts,
                    step: 0.05,
                    until_fooled,
                    ..PgdSettings::default()
                };
                pgd(&victim, &x, &y, &ball, &settings, &mut stream(3, "pgd", 0)).expect("valid")
            };
            let (short, long, often) = (run(2, 1, false), run(10, 1, false), run(10, 4, false));
            for (weak, strong) in [(&short, &long), (&long, &often)] {
                for row in 0..40 {
                    let key = |a: &Attacked<f64>| (a.fooled[row], a.values[row]);
                    assert!(key(weak) <= key(strong), "{norm:?} {row}");
                }
            }
            assert_eq!((short.gradient_calls, often.gradient_calls), (80, 1600));
            let lazy = run(10, 4, true);
            assert!(lazy.gradient_calls < often.gradient_calls);
            let success = |a: &Attacked<f64>| a.success();
            assert!(success(&lazy) >= success(&long));
            for (x, z) in x.rows().into_iter().zip(often.inputs.rows()) {
                let (x, z) = (x.to_vec(), z.to_vec());
                assert!(ball.size(&x, &z) <= 0.15 * (1.0 + 1e-12));
                assert!(z.iter().all(|v| (0.0..=1.0).contains(v)));
            }
            // What is said to be found is what the model says there.
            let outputs = victim.outputs(&often.inputs).expect("valid");
            let objective = Objective::default();
            let (values, _) = objective.of_outputs(&outputs, &y).expect("valid");
            for (said, is) in often.values.iter().zip(&values) {
                assert!((said - is).abs() < 1e-12);
            }
            assert_eq!(objective.fooled(&outputs, &y).expect("valid"), often.fooled);
            let robust = crate::attack::robust_accuracy(&[&often]).expect("valid");
            assert!(robust <= clean_accuracy(&victim, &x, &y).expect("valid"));
        }
    }

    #[test]
    fn a_targeted_attack_goes_towards_its_target() {
        let (net, x, y) = problem(&[10, 40, 3], 30);
        let settings = PgdSettings {
            objective: Objective::Towards(Loss::CrossEntropy),
            step: 0.05,
            ..PgdSettings::default()
        };
        let ball = NormBall::new(Norm::LInf, 0.5);
        let victim = net.checked().expect("valid");
        let found =
            pgd(&victim, &x, &y, &ball, &settings, &mut stream(4, "pgd", 0)).expect("valid");
        let right = clean_accuracy(&victim, &x, &y).expect("valid");
        let after = clean_accuracy(&victim, &found.inputs, &y).expect("valid");
        assert_eq!(after, found.success());
        assert!(after > right, "{after} {right}");
    }

    #[test]
    fn impossible_attacks_are_refused() {
        let (net, x, y) = problem(&[4, 5, 2], 6);
        let victim = net.checked().expect("valid");
        let ball = NormBall::new(Norm::LInf, 0.1);
        let refusal = |x: &Array2<f64>, y: &Array2<f64>, ball: NormBall, settings: PgdSettings| {
            let rng = &mut stream(6, "pgd", 0);
            pgd(&victim, x, y, &ball, &settings, rng)
                .expect_err("refused")
                .to_string()
        };
        let usual = PgdSettings::default();
        assert!(
            refusal(&x, &y, ball, PgdSettings { steps: 0, ..usual })
                .contains("the number of steps")
        );
        assert!(
            refusal(
                &x,
                &y,
                ball,
                PgdSettings {
                    restarts: 0,
                    ..usual
                }
            )
            .contains("the number of starts")
        );
        assert!(
            refusal(
                &x,
                &y,
                ball,
                PgdSettings {
                    step: -1.0,
                    ..usual
                }
            )
            .contains("the step of the attack")
        );
        assert!(refusal(&(&x + 1.0), &y, ball, usual).contains("an entry of the inputs"));
        assert!(
            refusal(&Array2::zeros((6, 3)), &y, ball, usual)
                .contains("the inputs has shape [6, 3]")
        );
        assert!(
            refusal(&x, &Array2::zeros((6, 3)), ball, usual)
                .contains("the targets has shape [6, 3]")
        );
        assert!(
            tried(
                &victim,
                &x,
                &y,
                &ball,
                &Array2::zeros((5, 4)),
                Objective::Margin
            )
            .is_err()
        );
    }
}
