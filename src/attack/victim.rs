//! What an attack may ask of a model, and what it wants of it.

use ndarray::{Array1, Array2, ArrayRef2};

use crate::error::{Error, Result};
use crate::model::Loss;
use crate::model::differentiate::{Checked, Differentiable};
use crate::model::loss::{TargetKind, largest, mistakes};
use crate::real::{Real, check_rows};

/// A model under attack: outputs, and each row's objective with its gradient by the input.
pub trait Victim<T: Real>: Sync {
    /// d.
    fn n_inputs(&self) -> usize;

    /// k.
    fn n_outputs(&self) -> usize;

    /// Whether rows do not depend on each other: then an attack takes them in blocks, side by side.
    fn rows_apart(&self) -> bool {
        true
    }

    /// f(x), `(n, k)`, of the rows of `x`, `(n, d)`.
    ///
    /// # Errors
    /// `x` does not suit the model; outputs beyond the range of the type.
    fn outputs(&self, x: &ArrayRef2<T>) -> Result<Array2<T>>;

    /// The objective of every row of `x`, `(n, d)`, with targets `y`, `(n, k)`, and its gradient by that row.
    ///
    /// # Errors
    /// As for [`outputs`](Self::outputs); targets that do not suit the objective.
    fn ascent(&self, x: &ArrayRef2<T>, y: &ArrayRef2<T>, objective: Objective)
    -> Result<Ascent<T>>;
}

/// Where an ascent stands and where it is steepest.
#[derive(Clone, Debug, PartialEq)]
pub struct Ascent<T> {
    /// The objective of each row, `(n,)`.
    pub values: Array1<T>,
    /// Its gradient by the row, `(n, d)`. Where rows depend on each other, as behind batch normalisation, it is that of
    /// the sum of all objectives.
    pub gradient: Array2<T>,
    /// f(x), `(n, k)`.
    pub outputs: Array2<T>,
}

/// A differentiable network is attacked by one backward pass a step, to the inputs alone.
impl<N: Differentiable + Sync> Victim<N::Number> for Checked<'_, N> {
    fn n_inputs(&self) -> usize {
        self.net().n_inputs()
    }

    fn n_outputs(&self) -> usize {
        self.net().n_outputs()
    }

    fn rows_apart(&self) -> bool {
        self.net().least_rows() == 1
    }

    fn outputs(&self, x: &ArrayRef2<N::Number>) -> Result<Array2<N::Number>> {
        Ok(N::outputs(&self.trace(x)?).to_owned())
    }

    fn ascent(
        &self,
        x: &ArrayRef2<N::Number>,
        y: &ArrayRef2<N::Number>,
        objective: Objective,
    ) -> Result<Ascent<N::Number>> {
        let trace = self.trace(x)?;
        let outputs = N::outputs(&trace);
        let (values, cotangent) = objective.of_outputs(outputs, y)?;
        let gradient = self.input_vjp(&trace, &cotangent)?;
        let outputs = outputs.to_owned();
        Ok(Ascent {
            values,
            gradient,
            outputs,
        })
    }
}

/// What an attack makes large, for one example with outputs f and target y.
///
/// | | value | fooled when |
/// |---|---|---|
/// | `Loss(ℓ)` | ℓ(f, y) | the class is not that of y |
/// | `Margin` | max_{j≠c} f_j − f_c for one-hot y of class c; −y f for y = ±1 | the class is not that of y |
/// | `Towards(ℓ)` | −ℓ(f, y), y the target wanted | the class is that of y |
///
/// The class is that of [`classification_error`](crate::model::classification_error): a tie is a mistake for signs, for
/// rows the first of equals counts. With targets that are numbers nothing is fooled.
///
/// # Reference
/// The margin as an objective: Carlini & Wagner 2017, "Towards evaluating the robustness of neural networks",
/// arXiv:1608.04644, §V.A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// A loss of the true target: an untargeted attack.
    Loss(Loss),
    /// How far the best rival is ahead of the true class.
    Margin,
    /// Minus a loss of a target that is wanted: a targeted attack.
    Towards(Loss),
}

impl Default for Objective {
    /// Cross-entropy.
    fn default() -> Self {
        Self::Loss(Loss::CrossEntropy)
    }
}

impl Objective {
    /// Checks that the targets `y`, `(n, k)`, are such as the objective can take.
    ///
    /// # Errors
    /// They do not suit the loss; for the margin, they are no classes.
    pub fn check_targets<T: Real>(self, y: &ArrayRef2<T>) -> Result<()> {
        match self {
            Self::Loss(loss) | Self::Towards(loss) => loss.check_targets(y),
            Self::Margin if y.is_empty() || TargetKind::of(y) == TargetKind::Numbers => {
                let expected = "±1 in one column (n, 1), or one-hot rows (n, k)";
                Err(Error::shape(
                    "the targets of the margin",
                    expected,
                    y.shape(),
                ))
            }
            Self::Margin => Ok(()),
        }
    }

    /// The objective of each row, `(n,)`, and its derivative by the outputs, `(n, k)`, for outputs f and targets y,
    /// `(n, k)`.
    ///
    /// # Errors
    /// The shapes differ, the outputs are not finite, or the targets do not suit the objective.
    pub fn of_outputs<T: Real>(
        self,
        outputs: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
    ) -> Result<(Array1<T>, Array2<T>)> {
        self.check_targets(y)?;
        check_same(outputs, y)?;
        let k = outputs.ncols();
        let (f, y) = (outputs.as_standard_layout(), y.as_standard_layout());
        let (f, y) = (f.as_slice().expect(STANDARD), y.as_slice().expect(STANDARD));
        let mut slope = vec![T::zero(); f.len()];
        let rows = f.chunks_exact(k).zip(y.chunks_exact(k));
        let values = rows.zip(slope.chunks_exact_mut(k)).map(|((f, y), slope)| {
            let loss =
                |loss: Loss, slope: &mut [T], weight| T::of(loss.rows(k, f, y, slope, weight));
            match self {
                Self::Loss(of) => loss(of, slope, T::one()),
                Self::Towards(of) => -loss(of, slope, -T::one()),
                Self::Margin => margin(f, y, slope),
            }
        });
        let values = values.collect();
        let slope = Array2::from_shape_vec(outputs.raw_dim(), slope).expect("as many");
        Ok((values, slope))
    }

    /// Whether each row is fooled, by the table above.
    ///
    /// # Errors
    /// The shapes differ, or the outputs are not finite.
    pub fn fooled<T: Real>(self, outputs: &ArrayRef2<T>, y: &ArrayRef2<T>) -> Result<Vec<bool>> {
        check_same(outputs, y)?;
        let (kind, k) = (TargetKind::of(y), y.ncols());
        let (f, y) = (outputs.as_standard_layout(), y.as_standard_layout());
        let (f, y) = (f.as_slice().expect(STANDARD), y.as_slice().expect(STANDARD));
        let rows = f.chunks_exact(k).zip(y.chunks_exact(k));
        let fooled = rows.map(|(f, y)| {
            let wrong = mistakes(kind, k, f, y) == 1;
            kind != TargetKind::Numbers && wrong != matches!(self, Self::Towards(_))
        });
        Ok(fooled.collect())
    }
}

const STANDARD: &str = "made in row-major order";

fn check_same<T: Real>(outputs: &ArrayRef2<T>, y: &ArrayRef2<T>) -> Result<()> {
    if outputs.nrows() != y.nrows() {
        let expected = format!("{:?} like the targets", y.shape());
        return Err(Error::shape("the outputs", expected, outputs.shape()));
    }
    check_rows("the outputs", outputs, y.ncols())
}

/// How far the best rival is ahead, and its derivative.
fn margin<T: Real>(f: &[T], y: &[T], slope: &mut [T]) -> T {
    if let ([f], [y], [slope]) = (f, y, &mut *slope) {
        *slope = -*y;
        return -*y * *f;
    }
    let class = largest(y, None);
    let rival = largest(f, Some(class));
    slope[class] = -T::one();
    slope[rival] = T::one();
    f[rival] - f[class]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::{Mlp, MlpSettings};
    use crate::rng::stream;
    use ndarray::array;

    fn objectives() -> [Objective; 5] {
        [
            Objective::Loss(Loss::CrossEntropy),
            Objective::Loss(Loss::Mse),
            Objective::Loss(Loss::Hinge),
            Objective::Margin,
            Objective::Towards(Loss::CrossEntropy),
        ]
    }

    /// Central differences in every input: truncation h²|f'''|/6 is 0 within a linear region for the outputs and
    /// ≤ 10⁻⁹ for the softmax, rounding 10⁻¹⁶·10/h = 10⁻¹⁰.
    #[test]
    fn the_gradient_is_that_of_the_value() {
        let rng = &mut stream(1, "victim", 0);
        let net = Mlp::new(&MlpSettings::of_sizes(&[5, 9, 3]), rng).expect("valid");
        let victim = net.checked().expect("valid");
        let x = gaussian(4, 5, rng).expect("valid");
        let y = array![
            [1.0, 0.0, 0.0],
            [0.0, 1.0, 0.0],
            [0.0, 0.0, 1.0],
            [0.0, 1.0, 0.0]
        ];
        let h = 1e-5;
        for objective in objectives() {
            let here = victim.ascent(&x, &y, objective).expect("valid");
            for index in 0..x.len() {
                let row = index / 5;
                let at = |by: f64| {
                    let mut x = x.clone();
                    x.as_slice_mut().expect("rows")[index] += by;
                    victim.ascent(&x, &y, objective).expect("valid").values[row]
                };
                let slope = (at(h) - at(-h)) / (2.0 * h);
                let error = (slope - here.gradient.as_slice().expect("rows")[index]).abs();
                assert!(error < 1e-8, "{objective:?} {index}: {error}");
            }
        }
    }

    #[test]
    fn the_short_way_back_is_the_long_one() {
        let rng = &mut stream(2, "victim", 0);
        let net = Mlp::new(&MlpSettings::of_sizes(&[4, 7, 6, 2]), rng).expect("valid");
        let checked = net.checked().expect("valid");
        let trace = checked
            .trace(&gaussian(3, 4, rng).expect("valid"))
            .expect("valid");
        let v = gaussian(3, 2, rng).expect("valid");
        let long = checked.vjp(&trace, &v).expect("valid").inputs;
        assert_eq!(checked.input_vjp(&trace, &v).expect("valid"), long);
        assert!(checked.input_vjp(&trace, &array![[1.0, 2.0]]).is_err());
    }

    #[test]
    fn margins_and_who_is_fooled() {
        let (f, y) = (
            array![[1.0, 4.0, 2.0], [3.0, 0.0, 3.0]],
            array![[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        );
        let (values, slope) = Objective::Margin.of_outputs(&f, &y).expect("valid");
        assert_eq!(values, array![-2.0, 0.0]);
        assert_eq!(slope, array![[0.0, -1.0, 1.0], [1.0, 0.0, -1.0]]);
        let fooled = |objective: Objective| objective.fooled(&f, &y).expect("valid");
        // The first of equals counts: the second row is taken for class 0.
        assert_eq!(fooled(Objective::Margin), [false, true]);
        assert_eq!(
            fooled(Objective::Towards(Loss::CrossEntropy)),
            [true, false]
        );
        let (values, slope) = Objective::Margin
            .of_outputs(&array![[2.0]], &array![[-1.0]])
            .expect("valid");
        assert_eq!((values[0], slope[[0, 0]]), (2.0, 1.0));
        assert!(Objective::Margin.check_targets(&array![[0.5]]).is_err());
        assert!(Objective::Margin.of_outputs(&f, &array![[1.0]]).is_err());
        let numbers =
            Objective::Loss(Loss::Mse).fooled(&f, &array![[0.1, 0.2, 0.3], [1.0, 1.0, 1.0]]);
        assert_eq!(numbers.expect("valid"), [false, false]);
    }
}
