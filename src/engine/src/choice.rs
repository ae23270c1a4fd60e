//! Which engine does what on this processor.

use std::sync::OnceLock;

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};

#[cfg(feature = "openblas")]
use crate::lapack;
use crate::{Failed, Qr, Svd, SymmetricEigen, Triangle, pure};

/// The environment variable that names the engine for all work, for tests and comparisons:
/// `faer` or `openblas`.
pub const VARIABLE: &str = "DLTHEORY_ENGINE";

/// A library that factorises and multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// faer, in pure Rust.
    Faer,
    /// The system's OpenBLAS with its LAPACK.
    #[cfg(feature = "openblas")]
    OpenBlas,
}

/// A kind of work that one engine may do better than the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A product of two matrices.
    Product,
    /// K = L Lᵀ.
    Cholesky,
    /// A = QR.
    Qr,
    /// A = U diag(s) Vᵀ, or s alone.
    Svd,
    /// Eigenvalues and eigenvectors of a symmetric matrix.
    SymmetricEigen,
    /// Eigenvalues of any square matrix.
    Eigenvalues,
    /// Substitution in a triangle.
    Triangular,
    /// A = P L U and x with A x = b.
    Lu,
}

impl Work {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Product,
        Self::Cholesky,
        Self::Qr,
        Self::Svd,
        Self::SymmetricEigen,
        Self::Eigenvalues,
        Self::Triangular,
        Self::Lu,
    ];
}

impl Engine {
    /// Every engine that is linked.
    pub const ALL: &[Self] = &[
        Self::Faer,
        #[cfg(feature = "openblas")]
        Self::OpenBlas,
    ];

    /// The engine that does `work` here: what [`VARIABLE`] names; else faer where OpenBLAS's
    /// kernels lag behind the processor; else what was measured to be faster (`environment.md`,
    /// "Engines").
    #[must_use]
    #[cfg_attr(
        not(feature = "openblas"),
        expect(unused_variables, reason = "one engine")
    )]
    pub fn best(work: Work) -> Self {
        static RULE: OnceLock<Rule> = OnceLock::new();
        match RULE.get_or_init(Rule::here) {
            Rule::All(engine) => *engine,
            #[cfg(feature = "openblas")]
            Rule::Each(kernel) => match (work, kernel) {
                (Work::SymmetricEigen | Work::Eigenvalues | Work::Triangular | Work::Lu, _)
                | (Work::Cholesky, Instructions::Avx512) => Self::Faer,
                (Work::Product, Instructions::Avx512) if is_amd() => Self::Faer,
                _ => Self::OpenBlas,
            },
        }
    }

    /// The engine that [`VARIABLE`] names, `None` where it is unset or empty.
    ///
    /// # Errors
    /// The name that stands there, if it is none of [`NAMES`](Self::NAMES).
    pub fn asked() -> Result<Option<Self>, String> {
        match std::env::var(VARIABLE).unwrap_or_default().as_str() {
            "" => Ok(None),
            "faer" => Ok(Some(Self::Faer)),
            #[cfg(feature = "openblas")]
            "openblas" => Ok(Some(Self::OpenBlas)),
            other => Err(other.to_owned()),
        }
    }

    /// What [`VARIABLE`] may say: the engines that are linked.
    pub const NAMES: &[&str] = &[
        "faer",
        #[cfg(feature = "openblas")]
        "openblas",
    ];
}

/// How an engine is chosen in this process.
enum Rule {
    /// One engine for all work.
    All(Engine),
    /// For each kind of work its own, beside a kernel of OpenBLAS that suits the processor.
    #[cfg(feature = "openblas")]
    Each(Instructions),
}

impl Rule {
    /// A variable that names no engine counts as unset: whoever can speak asks
    /// [`Engine::asked`] first.
    fn here() -> Self {
        crate::threads::at_first();
        if let Ok(Some(engine)) = Engine::asked() {
            return Self::All(engine);
        }
        #[cfg(feature = "openblas")]
        {
            let kernel = Instructions::of_kernel(&crate::openblas::kernel());
            if kernel >= Instructions::of_processor() {
                return Self::Each(kernel);
            }
        }
        Self::All(Engine::Faer)
    }
}

/// What a kernel of the x86 family is made of, oldest first. On other processors everything is
/// [`Baseline`](Self::Baseline): OpenBLAS's kernels for them all use their vector unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    not(target_arch = "x86_64"),
    allow(dead_code, reason = "named by OpenBLAS at most")
)]
pub(crate) enum Instructions {
    /// What every processor of the family has.
    Baseline,
    /// 256-bit vectors.
    Avx,
    /// With fused multiply-add.
    Avx2,
    /// 512-bit vectors.
    Avx512,
}

impl Instructions {
    /// What this processor can do.
    pub(crate) fn of_processor() -> Self {
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        {
            use std::arch::is_x86_feature_detected as has;
            if has!("avx512f") && has!("avx512dq") && has!("avx512bw") && has!("avx512vl") {
                return Self::Avx512;
            }
            if has!("avx2") && has!("fma") {
                return Self::Avx2;
            }
            if has!("avx") {
                return Self::Avx;
            }
        }
        Self::Baseline
    }

    /// What OpenBLAS's kernel of this name is written with (its `TargetList.txt`).
    #[cfg(feature = "openblas")]
    pub(crate) fn of_kernel(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "skylakex" | "cooperlake" | "sapphirerapids" => Self::Avx512,
            "haswell" | "zen" => Self::Avx2,
            "sandybridge" | "bulldozer" | "piledriver" | "steamroller" | "excavator" => Self::Avx,
            _ => Self::Baseline,
        }
    }

    /// In words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Avx512 => "AVX-512",
            Self::Avx2 => "AVX2",
            Self::Avx => "AVX",
            Self::Baseline if cfg!(target_arch = "aarch64") => "NEON",
            Self::Baseline => "baseline",
        }
    }
}

/// Is this processor AMD's? Its 512-bit units differ from Intel's, for which OpenBLAS wrote its kernels.
#[cfg(feature = "openblas")]
fn is_amd() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        // Leaf 0: the vendor in three registers.
        let vendor = std::arch::x86_64::__cpuid(0);
        let name = [vendor.ebx, vendor.edx, vendor.ecx].map(u32::to_le_bytes);
        name.as_flattened() == b"AuthenticAMD"
    }
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// Sends a factorisation to an engine's file.
macro_rules! to_engine {
    ($engine:expr, $work:ident($($argument:expr),*)) => {
        match $engine {
            Engine::Faer => pure::$work($($argument),*),
            #[cfg(feature = "openblas")]
            Engine::OpenBlas => lapack::$work($($argument),*),
        }
    };
}

impl Engine {
    /// The thin singular value decomposition of `a`, `(n, m)`, by divide and conquer.
    ///
    /// # Errors
    /// `a` is empty, or the iteration does not converge, as with NaN.
    pub fn svd(self, a: &ArrayRef2<f64>) -> Result<Svd, Failed> {
        not_empty("singular values", a)?;
        to_engine!(self, svd(a))
    }

    /// The singular values of `a`, `(n, m)`: `(min(n, m),)`, decreasing.
    ///
    /// # Errors
    /// As [`svd`](Self::svd).
    pub fn singular_values(self, a: &ArrayRef2<f64>) -> Result<Array1<f64>, Failed> {
        not_empty("singular values", a)?;
        to_engine!(self, singular_values(a))
    }

    /// The thin QR factorisation of `a`, `(n, m)` with n ≥ m, by Householder reflections.
    ///
    /// # Errors
    /// `a` is empty or wider than tall.
    pub fn qr(self, a: &ArrayRef2<f64>) -> Result<Qr, Failed> {
        not_empty("QR", a)?;
        if a.nrows() < a.ncols() {
            return Err(Failed::shape(
                "QR",
                "at least as many rows as columns",
                a.shape(),
            ));
        }
        to_engine!(self, qr(a))
    }

    /// The eigenvalues and eigenvectors of a symmetric `a`, `(n, n)`: its lower triangle is read.
    ///
    /// # Errors
    /// `a` is empty or not square, or the iteration does not converge.
    pub fn symmetric_eigen(self, a: &ArrayRef2<f64>) -> Result<SymmetricEigen, Failed> {
        square("eigenvalues", a)?;
        to_engine!(self, symmetric_eigen(a))
    }

    /// The eigenvalues of a square `a`, `(n, n)`, as (real, imaginary) parts in any order.
    ///
    /// # Errors
    /// As [`symmetric_eigen`](Self::symmetric_eigen).
    pub fn eigenvalues(self, a: &ArrayRef2<f64>) -> Result<Vec<(f64, f64)>, Failed> {
        square("eigenvalues", a)?;
        to_engine!(self, eigenvalues(a))
    }

    /// X with T X = B for a triangular `t`, `(n, n)`, and `b`, `(n, k)`; returned column-major.
    ///
    /// # Errors
    /// The shapes do not fit, or a diagonal entry is zero: T has no inverse.
    pub fn solve_triangular(
        self,
        triangle: Triangle,
        t: &ArrayRef2<f64>,
        b: &ArrayRef2<f64>,
    ) -> Result<Array2<f64>, Failed> {
        square("substitution", t)?;
        if t.nrows() != b.nrows() {
            let expected = format!("({}, k)", t.nrows());
            return Err(Failed::shape("substitution", &expected, b.shape()));
        }
        if let Some(at) = t.diag().iter().position(|&d| d == 0.0) {
            let why = format!("entry {at} of the diagonal is zero, so the triangle has no inverse");
            return Err(Failed::new("substitution", why));
        }
        to_engine!(self, solve_triangular(triangle, t, b))
    }

    /// x, `(n,)`, with A x = b for a square `a`, `(n, n)`, of full rank and `b`, `(n,)`: LU factors
    /// with row exchanges.
    ///
    /// # Errors
    /// The shapes do not fit, or A is singular: a pivot is zero.
    pub fn solve(self, a: &ArrayRef2<f64>, b: &ArrayRef1<f64>) -> Result<Array1<f64>, Failed> {
        square("solve", a)?;
        if a.nrows() != b.len() {
            return Err(Failed::shape(
                "solve",
                &format!("({})", a.nrows()),
                b.shape(),
            ));
        }
        to_engine!(self, solve(a, b))
    }

    /// Factorises a symmetric positive definite K = L Lᵀ in place: K column by column, `n` a side,
    /// its lower triangle read and overwritten by L. `false` where a pivot is not positive.
    pub(crate) fn cholesky(self, k: &mut [f64], n: usize) -> bool {
        to_engine!(self, cholesky(k, n))
    }
}

fn not_empty(work: &'static str, a: &ArrayRef2<f64>) -> Result<(), Failed> {
    match a.is_empty() {
        true => Err(Failed::shape(
            work,
            "at least one row and one column",
            a.shape(),
        )),
        false => Ok(()),
    }
}

fn square(work: &'static str, a: &ArrayRef2<f64>) -> Result<(), Failed> {
    not_empty(work, a)?;
    match a.is_square() {
        true => Ok(()),
        false => Err(Failed::shape(work, "(n, n)", a.shape())),
    }
}
