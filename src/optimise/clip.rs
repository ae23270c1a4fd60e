//! Gradient clipping: a bound on how far one step can go.
//!
//! [`Clip`] is the rule; [`Clip::apply`] uses it on any gradient. Training takes it as
//! [`TrainSettings::clip`](crate::fit::TrainSettings::clip) and
//! [`DescentSettings::clip`](crate::fit::DescentSettings::clip).

use crate::error::{Error, Result, check_finite};
use crate::real::{Real, norm};

/// How a gradient g is cut, before momentum, weight decay and the learning rate.
///
/// | | what becomes of g | direction |
/// |---|---|---|
/// | `Norm(c)` | g · min(1, c/‖g‖), ‖g‖ over all parameters together | kept |
/// | `Value(c)` | every entry to \[−c, c\] | changed |
///
/// PyTorch's `clip_grad_norm_` divides by ‖g‖ + 10⁻⁶ instead of ‖g‖, so that a gradient of 0 is no
/// division by 0; what it returns is shorter by a factor of 1 − 10⁻⁶/‖g‖. Here a gradient no longer
/// than c is left alone to the last bit.
///
/// # Reference
/// Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks",
/// arXiv:1211.5063, algorithm 1 (norm); Mikolov 2012, "Statistical language models based on neural
/// networks" (value).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clip {
    /// By the norm of the whole gradient; the limit c > 0.
    Norm(f64),
    /// Entry by entry; the limit c > 0.
    Value(f64),
}

/// What clipping did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clipped {
    /// ‖g‖ before.
    pub before: f64,
    /// ‖g‖ after.
    pub after: f64,
    /// Whether anything was changed.
    pub changed: bool,
}

impl Clip {
    /// c.
    #[must_use]
    pub fn limit(self) -> f64 {
        match self {
            Self::Norm(limit) | Self::Value(limit) => limit,
        }
    }

    /// Clips `gradient`, `(p,)`, in place.
    ///
    /// # Errors
    /// A limit that is not a positive finite number; a gradient that is not finite, or whose norm
    /// is beyond the range of f64.
    ///
    /// ```
    /// use dltheory::optimise::Clip;
    /// let mut g = [3.0_f64, -4.0];
    /// let clipped = Clip::Norm(1.0).apply(&mut g)?;
    /// assert!(clipped.before == 5.0 && (clipped.after - 1.0).abs() < 1e-15);
    /// assert!((g[0] - 0.6).abs() < 1e-15 && (g[1] + 0.8).abs() < 1e-15);
    /// let mut g = [3.0_f64, -0.4];
    /// Clip::Value(1.0).apply(&mut g)?;
    /// assert_eq!(g, [1.0, -0.4]);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn apply<T: Real>(self, gradient: &mut [T]) -> Result<Clipped> {
        self.check()?;
        check_finite("the gradient", &*gradient)?;
        crate::error::within_range("the norm of the gradient", norm([&*gradient]))?;
        let before = norm([&*gradient]);
        let changed = self.cut(&mut [&mut *gradient]);
        let after = norm([&*gradient]);
        Ok(Clipped {
            before,
            after,
            changed,
        })
    }

    /// Checks the limit.
    pub(crate) fn check(self) -> Result<()> {
        let limit = self.limit();
        match limit.is_finite() && limit > 0.0 {
            true => Ok(()),
            false => Err(Error::domain(
                "the clipping limit",
                "a positive finite number",
                limit,
            )),
        }
    }

    /// As [`apply`](Self::apply), for a gradient in several blocks; whether anything was changed. A
    /// gradient with a NaN keeps it: clipping must not make a broken step look sound.
    pub(crate) fn cut<T: Real>(self, blocks: &mut [&mut [T]]) -> bool {
        match self {
            Self::Norm(limit) => {
                let before = norm(blocks.iter().map(|block| &**block));
                if before > limit {
                    // An infinite norm gives 0·∞ = NaN, as it should.
                    let factor = T::of(limit / before);
                    let entries = blocks.iter_mut().flat_map(|block| block.iter_mut());
                    entries.for_each(|g| *g *= factor);
                }
                before > limit
            }
            Self::Value(limit) => {
                let limit = T::of(limit);
                let mut changed = false;
                for g in blocks.iter_mut().flat_map(|block| block.iter_mut()) {
                    // An infinite entry is a broken step, not a long one.
                    if g.abs() > limit && g.is_finite() {
                        *g = limit.copysign(*g);
                        changed = true;
                    }
                }
                changed
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_gradient_is_left_alone() {
        for clip in [Clip::Norm(5.0), Clip::Value(4.0)] {
            let mut g = [3.0_f64, -4.0];
            let clipped = clip.apply(&mut g).expect("sound");
            assert_eq!(
                (g, clipped.changed, clipped.after),
                ([3.0, -4.0], false, 5.0)
            );
        }
    }

    /// However large the entries, the length afterwards is c and the direction the same.
    #[test]
    fn long_gradients_get_length_c_and_keep_their_direction() {
        for scale in [1e-150, 1.0, 1e150, 1e300] {
            let mut g = [2.0 * scale, -3.0 * scale, 6.0 * scale];
            let limit = 0.5 * scale;
            let clipped = Clip::Norm(limit).apply(&mut g).expect("sound");
            assert!((clipped.before / scale - 7.0).abs() < 1e-14 && clipped.changed);
            for (got, wanted) in g.iter().zip([2.0, -3.0, 6.0]) {
                assert!((got / limit - wanted / 7.0).abs() < 1e-15, "{scale}: {g:?}");
            }
        }
    }

    #[test]
    fn blocks_are_one_gradient() {
        let (mut a, mut b) = ([3.0_f64], [4.0_f64, 0.0]);
        assert!(Clip::Norm(2.5).cut(&mut [&mut a, &mut b]));
        assert_eq!((a, b), ([1.5], [2.0, 0.0]));
        assert!(Clip::Value(1.0).cut(&mut [&mut a, &mut b]));
        assert_eq!((a, b), ([1.0], [1.0, 0.0]));
        assert!(!Clip::Value(1.0).cut(&mut [&mut a, &mut b]));
    }

    #[test]
    fn what_is_broken_stays_broken_or_is_refused() {
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(Clip::Norm(1.0).apply(&mut [bad, 1.0]).is_err());
            for clip in [Clip::Norm(1.0), Clip::Value(1.0)] {
                let mut g = [bad, 1.0];
                clip.cut(&mut [&mut g]);
                assert!(g.iter().any(|g| !g.is_finite()), "{bad}: {g:?}");
            }
        }
        for limit in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Clip::Value(limit).apply(&mut [1.0]).is_err());
        }
        assert!(Clip::Norm(1.0).apply(&mut [f64::MAX, f64::MAX]).is_err());
        assert_eq!(
            Clip::Norm(1.0).apply::<f64>(&mut []).expect("empty").before,
            0.0
        );
    }
}
