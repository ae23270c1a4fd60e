//! A Cholesky factorisation that keeps its memory.

use ndarray::{Array2, ArrayRef2, ArrayView2, ShapeBuilder};

use crate::{Engine, Failed, Triangle, Work};

/// A Cholesky factorisation K = L Lᵀ of a symmetric positive definite matrix.
pub struct Cholesky {
    /// L in the lower triangle, column by column; above it still K.
    factor: Vec<f64>,
    /// The side n of K.
    side: usize,
}

impl Cholesky {
    /// Factorises `k`, `(n, n)`; `None` where it is not positive definite to working precision.
    /// The caller promises that `k` is symmetric: one triangle is read.
    #[must_use]
    pub fn new(k: &ArrayRef2<f64>) -> Option<Self> {
        Self::in_place(k.as_standard_layout().into_owned())
    }

    /// Factorises `k` in its own memory, which [`into_buffer`](Self::into_buffer) gives back.
    #[must_use]
    pub fn in_place(k: Array2<f64>) -> Option<Self> {
        Self::with(Engine::best(Work::Cholesky), k)
    }

    /// As [`in_place`](Self::in_place), by a given engine.
    #[must_use]
    pub fn with(engine: Engine, k: Array2<f64>) -> Option<Self> {
        let side = k.nrows();
        if side == 0 || k.ncols() != side {
            return None;
        }
        // Kᵀ = K: rows may be read as columns.
        let (mut factor, _) = k.into_raw_vec_and_offset();
        if factor.len() != side * side || !engine.cholesky(&mut factor, side) {
            return None;
        }
        // An engine may let NaN through, since NaN ≤ 0 is false.
        let mut pivots = factor.iter().step_by(side + 1);
        let sound = pivots.all(|d| d.is_finite() && *d > 0.0);
        sound.then_some(Self { factor, side })
    }

    /// Solves K X = B for `b`, `(n, k)`; returned column-major.
    ///
    /// # Errors
    /// `b` has another number of rows than K.
    pub fn solve(&self, b: &ArrayRef2<f64>) -> Result<Array2<f64>, Failed> {
        self.backward(&self.forward(b)?)
    }

    /// L⁻¹ B for `b`, `(n, k)`, all columns at once; returned column-major.
    ///
    /// # Errors
    /// `b` has another number of rows than K.
    pub fn forward(&self, b: &ArrayRef2<f64>) -> Result<Array2<f64>, Failed> {
        let engine = Engine::best(Work::Triangular);
        engine.solve_triangular(Triangle::Lower, &self.triangle(), b)
    }

    /// L⁻ᵀ B for `b`, `(n, k)`, all columns at once; returned column-major.
    ///
    /// # Errors
    /// `b` has another number of rows than K.
    pub fn backward(&self, b: &ArrayRef2<f64>) -> Result<Array2<f64>, Failed> {
        let engine = Engine::best(Work::Triangular);
        engine.solve_triangular(Triangle::Upper, &self.triangle().reversed_axes(), b)
    }

    /// max_i 1/L_ii², a lower bound of ‖K⁻¹‖ = 1/λ_min(K) that costs nothing.
    #[must_use]
    pub fn gain(&self) -> f64 {
        let diagonal = self.factor.iter().step_by(self.side + 1);
        diagonal.fold(0.0, |gain: f64, d| gain.max(1.0 / (d * d)))
    }

    /// The `(n, n)` memory that holds the factor, for the next matrix of this size.
    #[must_use]
    pub fn into_buffer(self) -> Array2<f64> {
        Array2::from_shape_vec((self.side, self.side), self.factor).expect("n² numbers")
    }

    fn triangle(&self) -> ArrayView2<'_, f64> {
        let shape = (self.side, self.side).f();
        ArrayView2::from_shape(shape, &self.factor).expect("n² numbers")
    }
}
