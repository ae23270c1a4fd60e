//! The empirical tangent kernel of a network: products of parameter gradients, without them.
//!
//! For one output the gradient by W_l at x is the outer product c_l·δ_l h_{l−1}ᵀ, so the inner
//! product of two gradients is a product of two inner products of vectors. Rows are taken in blocks,
//! so that memory stays bounded whatever their number.

use ndarray::{Array2, ArrayRef2, ArrayView2, Axis, Zip, s};

use super::MlpOf;
use crate::error::{Error, Result, check_finite};
use crate::real::Real;

/// The most numbers the thin factors of one block of rows may hold: 2²⁵.
const BLOCK: usize = 1 << 25;

/// The most entries of a kernel: 2³⁰.
const MAX_ENTRIES: usize = 1 << 30;

/// How the k outputs of a network enter its tangent kernel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KernelForm {
    /// Σ_j ⟨∂f_j(x), ∂f_j(x')⟩, summed over the outputs, `(n, n')`. With one output it is the kernel.
    #[default]
    Trace,
    /// All pairs of outputs, `(n·k, n'·k)`: row i·k + j belongs to output j of input i, as in
    /// targets `(n, k)` read row by row.
    Full,
}

/// The thin factors of a block of rows.
struct Factors<T> {
    /// h_0, …, h_{L−1}, what every layer takes in: `(b, m_{l−1})`.
    h: Vec<Array2<T>>,
    /// For each output j, δ_1, …, δ_{L−1}: `(b, m_l)`. That of the last layer is e_j.
    deltas: Vec<Vec<Array2<T>>>,
}

impl<T: Real> MlpOf<T> {
    /// The empirical tangent kernel between the rows of `a`, `(n, d)`, and of `b`, `(n', d)`:
    /// inner products of the gradients of outputs by all weights and biases.
    ///
    /// # Formula
    /// K_{jj'} = Σ_l (c_l² h_{l−1} h'_{l−1}ᵀ + \[bias\]) ∘ (δ_l δ'_lᵀ), with δ_l the derivative of
    /// output j, and δ' of output j'. No gradient is written out: time O((n + n')·p·k + n n' Σ m_l k) for
    /// p parameters, memory O((n + n') Σ m_l), and at most 2²⁵ numbers a block of rows.
    ///
    /// # Errors
    /// `a` or `b` does not suit the network; more than 2³⁰ entries; derivatives or products beyond
    /// the range of `T`.
    ///
    /// # Reference
    /// Jacot, Gabriel & Hongler 2018, arXiv:1806.07572; the form of thin factors: Novak,
    /// Sohl-Dickstein & Schoenholz 2022, "Fast finite width neural tangent kernel",
    /// arXiv:2206.08720.
    ///
    /// ```
    /// use dltheory::model::{KernelForm, Mlp, MlpSettings};
    /// use dltheory::rng::stream;
    /// use ndarray::Array2;
    /// let net = Mlp::new(&MlpSettings::of_sizes(&[3, 16, 2]), &mut stream(1, "doc", 0))?;
    /// let (a, b) = (Array2::ones((4, 3)), Array2::ones((5, 3)));
    /// assert_eq!(net.tangent_kernel(&a, &b, KernelForm::Trace)?.dim(), (4, 5));
    /// assert_eq!(net.tangent_kernel(&a, &b, KernelForm::Full)?.dim(), (8, 10));
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn tangent_kernel(
        &self,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        form: KernelForm,
    ) -> Result<Array2<T>> {
        self.tangent_kernel_in_blocks(a, Some(b), form, BLOCK)
    }

    /// The tangent kernel of the rows of `x`, `(n, d)`, with themselves: symmetric, in half the time.
    ///
    /// # Errors
    /// As for [`tangent_kernel`](Self::tangent_kernel).
    pub fn tangent_gram(&self, x: &ArrayRef2<T>, form: KernelForm) -> Result<Array2<T>> {
        self.tangent_kernel_in_blocks(x, None, form, BLOCK)
    }

    fn tangent_kernel_in_blocks(
        &self,
        a: &ArrayRef2<T>,
        b: Option<&ArrayRef2<T>>,
        form: KernelForm,
        budget: usize,
    ) -> Result<Array2<T>> {
        let (mut kernel, per) = self.empty_kernel(a, b.unwrap_or(a), form)?;
        let k = self.n_outputs();
        let units: usize = self.layers.iter().map(|layer| layer.weights.nrows()).sum();
        // A trace holds h and z of all layers; deltas come on top, for every output.
        let width = self.n_inputs() + units.saturating_mul(2 + k);
        let rows = (budget / width.max(1)).max(1);
        for (at_b, b_block) in b.unwrap_or(a).axis_chunks_iter(Axis(0), rows).enumerate() {
            let b_factors = self.thin_factors(&b_block)?;
            for (at_a, a_block) in a.axis_chunks_iter(Axis(0), rows).enumerate() {
                if b.is_none() && at_a > at_b {
                    break;
                }
                let shared = b.is_none() && at_a == at_b;
                let own;
                let a_factors = if shared {
                    &b_factors
                } else {
                    own = self.thin_factors(&a_block)?;
                    &own
                };
                let (i, j) = (at_a * rows * per, at_b * rows * per);
                let (n, m) = (a_block.nrows() * per, b_block.nrows() * per);
                let block = self.products(a_factors, &b_factors, form);
                kernel.slice_mut(s![i..i + n, j..j + m]).assign(&block);
                if b.is_none() && !shared {
                    kernel.slice_mut(s![j..j + m, i..i + n]).assign(&block.t());
                }
            }
        }
        check_finite("the tangent kernel", &kernel)?;
        Ok(kernel)
    }

    /// The same kernel with the Jacobian written out, a block of one layer's units after the other:
    /// for checks, since it takes n·m times what [`tangent_kernel`](Self::tangent_kernel) takes.
    ///
    /// # Errors
    /// As for [`tangent_kernel`](Self::tangent_kernel).
    pub fn tangent_kernel_explicit(
        &self,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        form: KernelForm,
    ) -> Result<Array2<T>> {
        let (mut kernel, per) = self.empty_kernel(a, b, form)?;
        for j in 0..self.n_outputs() {
            for j2 in 0..self.n_outputs() {
                if form == KernelForm::Trace && j != j2 {
                    continue;
                }
                let (of_a, of_b) = (self.output_gradients(a, j)?, self.output_gradients(b, j2)?);
                let mut block = Array2::zeros((a.nrows(), b.nrows()));
                for (index, layer) in self.layers.iter().enumerate() {
                    // As many units at once as keep the Jacobian's block within 2²⁵ numbers.
                    let rows = a.nrows().max(b.nrows());
                    let wide = (BLOCK / rows.saturating_mul(layer.weights.ncols() + 1)).max(1);
                    for first in (0..layer.weights.nrows()).step_by(wide) {
                        let last = (first + wide).min(layer.weights.nrows());
                        let written = |all: &super::PerExample<T>| {
                            let part = &all.layers[index];
                            let delta = part.delta.slice(s![.., first..last]);
                            outer_rows(&part.h.view(), &delta, part.multiplier, part.bias)
                        };
                        block += &written(&of_a).dot(&written(&of_b).t());
                    }
                }
                let mut place = match form {
                    KernelForm::Trace => kernel.view_mut(),
                    KernelForm::Full => kernel.slice_mut(s![j..;per, j2..;per]),
                };
                place += &block;
            }
        }
        check_finite("the tangent kernel", &kernel)?;
        Ok(kernel)
    }

    /// Checks both inputs; a kernel of zeros, and how many rows of it one input has.
    fn empty_kernel(
        &self,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        form: KernelForm,
    ) -> Result<(Array2<T>, usize)> {
        self.check()?;
        super::check_rows("the first inputs", a, self.n_inputs())?;
        super::check_rows("the second inputs", b, self.n_inputs())?;
        let per = match form {
            KernelForm::Trace => 1,
            KernelForm::Full => self.n_outputs(),
        };
        let (n, m) = (a.nrows().saturating_mul(per), b.nrows().saturating_mul(per));
        if n.saturating_mul(m) > MAX_ENTRIES {
            let expected = format!("at most {MAX_ENTRIES} entries");
            let got = format!("({n}, {m})");
            return Err(Error::domain("the tangent kernel", expected, got));
        }
        Ok((Array2::zeros((n, m)), per))
    }

    fn thin_factors(&self, x: &ArrayRef2<T>) -> Result<Factors<T>> {
        let mut trace = self.trace(x)?;
        let deltas = (0..self.n_outputs()).map(|output| {
            let mut deltas = self.deltas(&trace, &self.unit(x.nrows(), output)?)?;
            deltas.pop();
            Ok(deltas)
        });
        let deltas = deltas.collect::<Result<_>>()?;
        trace.h.truncate(self.layers.len());
        Ok(Factors { h: trace.h, deltas })
    }

    /// The kernel of two blocks of rows.
    fn products(&self, a: &Factors<T>, b: &Factors<T>, form: KernelForm) -> Array2<T> {
        let k = self.n_outputs();
        let per = match form {
            KernelForm::Trace => 1,
            KernelForm::Full => k,
        };
        let (n, m) = (a.h[0].nrows(), b.h[0].nrows());
        let mut kernel = Array2::zeros((n * per, m * per));
        for (index, layer) in self.layers.iter().enumerate() {
            let mut inner = a.h[index].dot(&b.h[index].t());
            let (square, bias) = (layer.multiplier * layer.multiplier, layer.bias.is_some());
            inner.mapv_inplace(|v| square * v + if bias { T::one() } else { T::zero() });
            for j in 0..k {
                let partners = match form {
                    KernelForm::Trace => j..j + 1,
                    KernelForm::Full => 0..k,
                };
                for j2 in partners {
                    let mut place = match form {
                        KernelForm::Trace => kernel.view_mut(),
                        KernelForm::Full => kernel.slice_mut(s![j..;per, j2..;per]),
                    };
                    if index + 1 == self.layers.len() {
                        // δ_L = e_j.
                        if j == j2 {
                            place += &inner;
                        }
                        continue;
                    }
                    let slopes = a.deltas[j][index].dot(&b.deltas[j2][index].t());
                    Zip::from(&mut place)
                        .and(&inner)
                        .and(&slopes)
                        .for_each(|k, &h, &delta| *k += h * delta);
                }
            }
        }
        kernel
    }
}

/// Row i is c·δ_i h_iᵀ read row by row, then δ_i if there is a bias: a part of the Jacobian.
fn outer_rows<T: Real>(
    h: &ArrayView2<'_, T>,
    delta: &ArrayView2<'_, T>,
    multiplier: T,
    bias: bool,
) -> Array2<T> {
    let (units, inputs) = (delta.ncols(), h.ncols());
    let mut rows = Array2::zeros((h.nrows(), units * (inputs + usize::from(bias))));
    for ((mut row, h), delta) in rows.rows_mut().into_iter().zip(h.rows()).zip(delta.rows()) {
        let mut entries = row.iter_mut();
        for &slope in delta {
            let products = h.iter().map(|&h| multiplier * slope * h);
            products.zip(&mut entries).for_each(|(v, to)| *to = v);
        }
        if bias {
            entries.zip(delta).for_each(|(to, &slope)| *to = slope);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::model::mlp::{Mlp, Mlp32, MlpSettings};
    use crate::model::{Activation, Init};
    use crate::rng::stream;

    fn net(sizes: &[usize], activation: Activation, biases: bool, init: Init) -> Mlp {
        let settings = MlpSettings {
            sizes: sizes.to_vec(),
            activation,
            biases,
            init,
        };
        Mlp::new(&settings, &mut stream(1, "tangent", 0)).expect("valid")
    }

    fn inputs() -> (Array2<f64>, Array2<f64>) {
        let rng = &mut stream(1, "tangent inputs", 0);
        let a = gaussian(7, 3, rng).expect("valid");
        (a, gaussian(5, 3, rng).expect("valid"))
    }

    fn largest(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        assert_eq!(a.dim(), b.dim());
        (a - b).iter().fold(0.0, |most, v| most.max(v.abs()))
    }

    /// Thin factors, in blocks of any size, against the Jacobian written out.
    #[test]
    fn thin_factors_agree_with_the_jacobian() {
        let (a, b) = inputs();
        for (sizes, biases, init) in [
            (vec![3, 9, 6, 2], true, Init::HE),
            (vec![3, 8, 1], false, Init::NTK_PARAMETRISED),
            (vec![3, 5, 4, 6, 3], true, Init::NTK_PARAMETRISED),
            (vec![3, 2], false, Init::XAVIER),
        ] {
            for activation in [Activation::Relu, Activation::Tanh] {
                let net = net(&sizes, activation, biases, init);
                for form in [KernelForm::Trace, KernelForm::Full] {
                    let want = net.tangent_kernel_explicit(&a, &b, form).expect("valid");
                    let gram = net.tangent_kernel_explicit(&a, &a, form).expect("valid");
                    for budget in [1, 100, BLOCK] {
                        let fast = net.tangent_kernel_in_blocks(&a, Some(&b), form, budget);
                        assert!(largest(&fast.expect("valid"), &want) < 1e-10);
                        let fast = net.tangent_kernel_in_blocks(&a, None, form, budget);
                        let fast = fast.expect("valid");
                        assert!(largest(&fast, &gram) < 1e-10);
                    }
                }
            }
        }
    }

    /// The Jacobian itself by central differences in every parameter: a third route.
    #[test]
    fn both_agree_with_finite_differences() {
        let (a, b) = inputs();
        let net = net(&[3, 4, 2], Activation::Tanh, true, Init::HE);
        let parameters = net.parameters();
        let step = 1e-5;
        let mut want = Array2::zeros((14, 10));
        for index in 0..parameters.len() {
            let moved = |x: &Array2<f64>, by: f64| {
                let mut moved = parameters.to_vec();
                moved[index] += by;
                let net = net.with_parameters(&moved).expect("as many");
                net.forward(x).expect("valid")
            };
            let column = |x: &Array2<f64>| -> Array2<f64> {
                let slope = (moved(x, step) - moved(x, -step)) / (2.0 * step);
                let flat: Vec<f64> = slope.iter().copied().collect();
                Array2::from_shape_vec((flat.len(), 1), flat).expect("a column")
            };
            want += &column(&a).dot(&column(&b).t());
        }
        let fast = net.tangent_kernel(&a, &b, KernelForm::Full);
        assert!(largest(&fast.expect("valid"), &want) < 1e-8);
    }

    #[test]
    fn the_trace_sums_the_diagonal_blocks() {
        let (a, b) = inputs();
        let net = net(&[3, 6, 4], Activation::Relu, true, Init::HE);
        let full = net.tangent_kernel(&a, &b, KernelForm::Full).expect("valid");
        let trace = net
            .tangent_kernel(&a, &b, KernelForm::Trace)
            .expect("valid");
        let mut sum = Array2::zeros((7, 5));
        for j in 0..4 {
            sum += &full.slice(s![j..;4, j..;4]);
        }
        assert!(largest(&sum, &trace) < 1e-12);
    }

    #[test]
    fn single_precision_agrees_to_its_digits() {
        let (a, b) = inputs();
        let settings = MlpSettings::of_sizes(&[3, 30, 2]);
        let double = Mlp::new(&settings, &mut stream(2, "tangent", 0)).expect("valid");
        let single = Mlp32::new(&settings, &mut stream(2, "tangent", 0)).expect("valid");
        let round = |x: &Array2<f64>| x.mapv(|v| v as f32);
        let want = double
            .tangent_kernel(&a, &b, KernelForm::Full)
            .expect("valid");
        let got = single.tangent_kernel(&round(&a), &round(&b), KernelForm::Full);
        let got = got.expect("valid").mapv(f64::from);
        let scale = want.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        assert!(largest(&got, &want) < 1e-5 * scale);
    }

    #[test]
    fn bad_input_is_an_error() {
        let (a, b) = inputs();
        let net = net(&[3, 4, 2], Activation::Relu, true, Init::HE);
        let narrow = Array2::zeros((2, 2));
        for form in [KernelForm::Trace, KernelForm::Full] {
            let said = net.tangent_kernel(&narrow, &b, form).expect_err("narrow");
            assert!(said.to_string().contains("the first inputs"), "{said}");
            let said = net.tangent_kernel(&a, &narrow, form).expect_err("narrow");
            assert!(said.to_string().contains("the second inputs"), "{said}");
            assert!(net.tangent_gram(&Array2::zeros((0, 3)), form).is_err());
            let mut wild = a.clone();
            wild[[0, 0]] = f64::NAN;
            assert!(net.tangent_gram(&wild, form).is_err());
            wild[[0, 0]] = 1e200;
            let said = net.tangent_gram(&wild, form).expect_err("too large");
            assert!(said.to_string().contains("tangent kernel"), "{said}");
        }
        let many = Array2::zeros((40_000, 3));
        assert!(net.tangent_gram(&many, KernelForm::Trace).is_err());
    }
}
