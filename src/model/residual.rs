//! The residual network: blocks that add to what they take in.

use ndarray::{Array1, Array2, ArrayRef1, ArrayView1};

use crate::data::synthetic::gaussian;
use crate::error::{Error, Result, check_count, check_finite, check_scale};

/// The shape and the start of a residual network.
#[derive(Clone, Debug, PartialEq)]
pub struct ResidualSettings {
    /// m, the units of the state and of every branch.
    pub width: usize,
    /// L, the number of blocks.
    pub blocks: usize,
    /// g, what a branch multiplies the mean square by: its last weights have variance g/m. 1 keeps it; 2 is He's variance.
    pub branch_gain: f64,
    /// s, what a branch is multiplied by before it is added.
    pub scale: f64,
}

impl Default for ResidualSettings {
    /// 64 units, 8 blocks, branches that keep the mean square, added as they are.
    fn default() -> Self {
        Self {
            width: 64,
            blocks: 8,
            branch_gain: 1.0,
            scale: 1.0,
        }
    }
}

/// A residual network x_l = x_{l−1} + s·B_l max(0, A_l x_{l−1}), l = 1 … L, with s the scale.
///
/// ```
/// use dltheory::model::{Residual, ResidualSettings};
/// use dltheory::rng::stream;
/// use ndarray::Array1;
/// let net = Residual::new(&ResidualSettings::default(), &mut stream(1, "doc", 0))?;
/// assert_eq!(net.states(&Array1::ones(64))?.len(), 9); // x_0 … x_8
/// # Ok::<(), dltheory::Error>(())
/// ```
///
/// # Reference
/// He, Zhang, Ren & Sun 2016, "Deep residual learning for image recognition", arXiv:1512.03385; Scaman, "Stability and
/// robustness": "Architecture changes".
#[derive(Clone, Debug, PartialEq)]
pub struct Residual {
    /// s.
    pub scale: f64,
    /// The blocks, first to last.
    pub blocks: Vec<ResidualBlock>,
}

/// The weights of one block's branch x ↦ B max(0, A x).
#[derive(Clone, Debug, PartialEq)]
pub struct ResidualBlock {
    /// A, `(m, m)`.
    pub inner: Array2<f64>,
    /// B, `(m, m)`.
    pub outer: Array2<f64>,
}

impl Residual {
    /// Draws A from N(0, 2/m) and B from N(0, g/m), entry by entry.
    ///
    /// # Errors
    /// No units, no blocks, too many units; a gain or a scale that is negative or not finite.
    pub fn new(settings: &ResidualSettings, rng: &mut impl rand::Rng) -> Result<Self> {
        let m = settings.width;
        check_count("the number of blocks", settings.blocks)?;
        check_scale("the gain of a branch", settings.branch_gain)?;
        check_scale("the scale of a branch", settings.scale)?;
        let blocks = (0..settings.blocks).map(|_| {
            Ok(ResidualBlock {
                inner: gaussian(m, m, rng)? * (2.0 / m as f64).sqrt(),
                outer: gaussian(m, m, rng)? * (settings.branch_gain / m as f64).sqrt(),
            })
        });
        Ok(Self {
            scale: settings.scale,
            blocks: blocks.collect::<Result<_>>()?,
        })
    }

    /// The states x_0 … x_L, each `(m,)`, from the input `x`, `(m,)`.
    ///
    /// # Errors
    /// `x` has another length than the blocks; a state beyond the range of f64.
    pub fn states(&self, x: &ArrayRef1<f64>) -> Result<Vec<Array1<f64>>> {
        self.check("the input", x)?;
        let mut states = vec![x.to_owned()];
        for block in &self.blocks {
            let state = &states[states.len() - 1];
            let features = block.inner.dot(state).mapv_into(|z| z.max(0.0));
            let next = state + &(block.outer.dot(&features) * self.scale);
            check_finite("the state", &next)?;
            states.push(next);
        }
        Ok(states)
    }

    /// ∂(v·x_L)/∂x_l for l = 0 … L, each `(m,)`, at the `states` that [`states`](Self::states) gave, for `last` v, `(m,)`.
    ///
    /// # Formula
    /// v_L = v, v_{l−1} = v_l + s·A_lᵀ D_l B_lᵀ v_l, where D_l has a 1 for every unit that is on.
    ///
    /// # Errors
    /// Another number of states than L + 1; a length that does not suit the blocks; a gradient beyond the range of f64.
    pub fn gradients(
        &self,
        states: &[Array1<f64>],
        last: &ArrayRef1<f64>,
    ) -> Result<Vec<Array1<f64>>> {
        if states.len() != self.blocks.len() + 1 {
            let expected = format!("({},)", self.blocks.len() + 1);
            return Err(Error::shape("the states", expected, &[states.len()]));
        }
        self.check("the gradient at the end", last)?;
        let mut gradients = vec![last.to_owned()];
        for (block, state) in self.blocks.iter().zip(states).rev() {
            self.check("a state", state)?;
            let v = &gradients[gradients.len() - 1];
            let mut back = block.outer.t().dot(v);
            let z = block.inner.dot(state);
            back.zip_mut_with(&z, |back, z| *back *= f64::from(u8::from(*z > 0.0)));
            let next = v + &(block.inner.t().dot(&back) * self.scale);
            check_finite("the gradient", &next)?;
            gradients.push(next);
        }
        gradients.reverse();
        Ok(gradients)
    }

    fn check(&self, what: &str, x: &ArrayRef1<f64>) -> Result<()> {
        let m = self.blocks.first().map_or(0, |block| block.inner.ncols());
        if x.len() != m || m == 0 {
            return Err(Error::shape(what, format!("({},)", m.max(1)), x.shape()));
        }
        let x: &ArrayView1<'_, f64> = &x.view();
        check_finite(what, x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    /// Central differences, whose error is of order h² where no unit switches.
    #[test]
    fn gradients_are_those_of_differences() {
        let settings = ResidualSettings {
            width: 5,
            blocks: 3,
            ..ResidualSettings::default()
        };
        let rng = &mut stream(1, "residual", 0);
        let net = Residual::new(&settings, rng).expect("valid");
        let x = gaussian(1, 5, rng).expect("valid").row(0).to_owned();
        let v = gaussian(1, 5, rng).expect("valid").row(0).to_owned();
        let value = |x: &Array1<f64>| net.states(x).expect("valid")[3].dot(&v);
        let states = net.states(&x).expect("valid");
        let gradients = net.gradients(&states, &v).expect("valid");
        for i in 0..5 {
            let moved = |step: f64| {
                let mut x = x.clone();
                x[i] += step;
                value(&x)
            };
            let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((slope - gradients[0][i]).abs() < 1e-6, "{i}: {slope}");
        }
        assert_eq!((gradients.len(), &gradients[3]), (4, &v));
    }

    #[test]
    fn bad_input_is_an_error() {
        let new = |settings: ResidualSettings| Residual::new(&settings, &mut stream(1, "bad", 0));
        let default = ResidualSettings::default;
        assert!(
            new(ResidualSettings {
                width: 0,
                ..default()
            })
            .is_err()
        );
        assert!(
            new(ResidualSettings {
                blocks: 0,
                ..default()
            })
            .is_err()
        );
        assert!(
            new(ResidualSettings {
                scale: -1.0,
                ..default()
            })
            .is_err()
        );
        let gain = ResidualSettings {
            branch_gain: f64::NAN,
            ..default()
        };
        assert!(new(gain).is_err());
        let net = new(default()).expect("valid");
        let x = Array1::ones(64);
        let states = net.states(&x).expect("valid");
        assert!(net.states(&Array1::ones(3)).is_err());
        assert!(net.gradients(&states[1..], &x).is_err());
        assert!(net.gradients(&states, &Array1::ones(3)).is_err());
        assert!(net.states(&Array1::from_elem(64, f64::NAN)).is_err());
    }
}
