//! What a method may ask of a game.

use ndarray::Array2;

use crate::error::{Error, Result, check_finite, check_scale};
use crate::optimise::{Field, NoiseLaw};

/// A field whose derivative can be asked too.
pub trait Game: Field {
    /// Φ(z), what the first player pays the second; NaN where the field comes from no payoff.
    fn payoff(&self, _z: &[f64]) -> f64 {
        f64::NAN
    }

    /// How many of the coordinates are the first player's, x; the others are y.
    fn n_first(&self) -> usize {
        self.dimension() / 2
    }

    /// The Jacobian ∂V_i/∂z_j, `(p, p)`.
    ///
    /// # Errors
    /// As for [`Field::at`].
    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>>;

    /// The points known to solve the game: V = 0 there, or, on a set, no player gains by moving alone.
    fn solutions(&self) -> Vec<Vec<f64>> {
        Vec::new()
    }
}

/// A field that is seen through samples ζ: V(z, ζ). One sample may be asked at several points, which is what bias correction
/// needs. A [`Field`] is one without noise.
pub trait StochasticField {
    /// ζ.
    type Sample;

    /// The field without noise or bias, V(z).
    type Mean: Field;

    /// The field without noise or bias.
    fn mean(&self) -> &Self::Mean;

    /// A sample to be filled by [`draw`](Self::draw).
    fn blank(&self) -> Self::Sample;

    /// A new sample.
    fn draw(&self, sample: &mut Self::Sample, rng: &mut impl rand::Rng);

    /// V(z, ζ) into `v`.
    ///
    /// # Errors
    /// As for [`Field::at`].
    fn sampled(&self, z: &[f64], sample: &Self::Sample, v: &mut [f64]) -> Result<()>;
}

impl<F: Field> StochasticField for F {
    type Sample = ();
    type Mean = F;

    fn mean(&self) -> &F {
        self
    }

    fn blank(&self) {}

    fn draw(&self, (): &mut (), _: &mut impl rand::Rng) {}

    #[inline]
    fn sampled(&self, z: &[f64], (): &(), v: &mut [f64]) -> Result<()> {
        self.at(z, v)
    }
}

/// V(z, ζ) = V(z) + ζ, the entries of ζ independent and of one law.
#[derive(Clone, Copy, Debug)]
pub struct Noisy<F> {
    /// V.
    pub field: F,
    /// The law of an entry of ζ.
    pub law: NoiseLaw,
}

impl<F: Field> Noisy<F> {
    /// Noise of the normal law with this standard deviation an entry.
    ///
    /// # Errors
    /// σ is negative or not finite.
    pub fn gaussian(field: F, sigma: f64) -> Result<Self> {
        check_scale("the noise's σ", sigma)?;
        Ok(Self {
            field,
            law: NoiseLaw::Gaussian { sigma },
        })
    }
}

impl<F: Field> StochasticField for Noisy<F> {
    type Sample = Vec<f64>;
    type Mean = F;

    fn mean(&self) -> &F {
        &self.field
    }

    fn blank(&self) -> Vec<f64> {
        vec![0.0; self.field.dimension()]
    }

    #[inline]
    fn draw(&self, sample: &mut Vec<f64>, rng: &mut impl rand::Rng) {
        for entry in sample {
            *entry = self.law.draw(rng);
        }
    }

    #[inline]
    fn sampled(&self, z: &[f64], sample: &Vec<f64>, v: &mut [f64]) -> Result<()> {
        self.field.at(z, v)?;
        for (v, noise) in v.iter_mut().zip(sample) {
            *v += noise;
        }
        Ok(())
    }
}

/// V(z) + b, a bias that no averaging removes.
#[derive(Clone, Debug)]
pub struct Biased<F> {
    field: F,
    bias: Vec<f64>,
}

impl<F: Field> Biased<F> {
    /// V + b, b of shape `(p,)`.
    ///
    /// # Errors
    /// b has another length than V, or is not finite.
    pub fn new(field: F, bias: Vec<f64>) -> Result<Self> {
        let p = field.dimension();
        if bias.len() != p {
            return Err(Error::shape("the bias", format!("({p},)"), &[bias.len()]));
        }
        check_finite("the bias", &bias)?;
        Ok(Self { field, bias })
    }
}

impl<F: Field> Field for Biased<F> {
    fn dimension(&self) -> usize {
        self.field.dimension()
    }

    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        self.field.at(z, v)?;
        for (v, bias) in v.iter_mut().zip(&self.bias) {
            *v += bias;
        }
        Ok(())
    }
}
