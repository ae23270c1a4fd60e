//! The learning rate from step to step.

use crate::error::{Error, Result};

/// How the learning rate η_t of step t = 0, 1, … follows from the base rate η.
///
/// | | η_t | units |
/// |---|---|---|
/// | `Constant` | η | |
/// | `Step` | η · factor^⌊epoch/every⌋ | epochs, from 0 |
/// | `InverseSqrt` | η / √(1 + t/scale) | steps |
/// | `InverseTime` | η / (1 + t/scale) | steps |
/// | `Power` | η / (1 + t/scale)^κ | steps |
/// | `CoolDown` | η for t ≤ hold, then η / (1 + (t − hold)/scale) | steps |
/// | `Cosine` | η_T + ½(η − η_T)(1 + cos(πt/T)), η_T = floor·η | T steps in all |
///
/// # Reference
/// Robbins & Monro 1951, doi:10.1214/aoms/1177729586, for the 1/t rate; Mertikopoulos, Hallak, Kavis & Cevher 2020,
/// arXiv:2006.11144, for t^−κ and the cool-down; Loshchilov & Hutter 2017, arXiv:1608.03983, for the cosine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Schedule {
    /// The base rate throughout.
    #[default]
    Constant,
    /// Times `factor` after every `every` epochs.
    Step {
        /// Epochs between two changes, at least 1.
        every: usize,
        /// What the rate is multiplied by, in (0, 1].
        factor: f64,
    },
    /// Falls like 1/√t after about `scale` steps.
    InverseSqrt {
        /// Steps after which the fall sets in, > 0.
        scale: f64,
    },
    /// Falls like 1/t after about `scale` steps.
    InverseTime {
        /// Steps after which the fall sets in, > 0.
        scale: f64,
    },
    /// Falls like t^−κ after about `scale` steps.
    Power {
        /// Steps after which the fall sets in, > 0.
        scale: f64,
        /// κ > 0; 1 is `InverseTime`, ½ `InverseSqrt`.
        exponent: f64,
    },
    /// The base rate up to a cut-off, then a fall like 1/t.
    CoolDown {
        /// The cut-off: steps at the base rate.
        hold: usize,
        /// Steps after the cut-off in which the rate halves, > 0.
        scale: f64,
    },
    /// Half a cosine from the base rate down to `floor` times it.
    Cosine {
        /// The last rate as a part of the first, in \[0, 1\].
        floor: f64,
    },
}

impl Schedule {
    /// The factor η_t/η for step `step` of `n_steps`, with `per_epoch` ≥ 1 steps in an epoch.
    ///
    /// ```
    /// use dltheory::optimise::Schedule;
    /// let halved = Schedule::Step { every: 2, factor: 0.5 };
    /// let factors: Vec<f64> = (0..6).map(|epoch| halved.factor(10 * epoch, 60, 10)).collect();
    /// assert_eq!(factors, [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]);
    /// ```
    #[must_use]
    pub fn factor(&self, step: usize, n_steps: usize, per_epoch: usize) -> f64 {
        let t = step as f64;
        match *self {
            Self::Constant => 1.0,
            Self::Step { every, factor } => {
                let epoch = step / per_epoch.max(1);
                factor.powf((epoch / every.max(1)) as f64)
            }
            Self::InverseSqrt { scale } => 1.0 / (1.0 + t / scale).sqrt(),
            Self::InverseTime { scale } => 1.0 / (1.0 + t / scale),
            Self::Power { scale, exponent } => (1.0 + t / scale).powf(-exponent),
            Self::CoolDown { hold, scale } => {
                1.0 / (1.0 + step.saturating_sub(hold) as f64 / scale)
            }
            Self::Cosine { floor } => {
                let part = t / n_steps.max(1) as f64;
                floor + 0.5 * (1.0 - floor) * (1.0 + (std::f64::consts::PI * part).cos())
            }
        }
    }

    /// Checks the numbers of the schedule.
    pub(crate) fn check(&self) -> Result<()> {
        let refuse = |what: &str, expected: &str, got: f64| Err(Error::domain(what, expected, got));
        match *self {
            Self::Step { every: 0, .. } => {
                refuse("the number of epochs between two rates", "at least 1", 0.0)
            }
            Self::Step { factor, .. } if !(factor > 0.0 && factor <= 1.0) => {
                refuse("the factor between two rates", "in (0, 1]", factor)
            }
            Self::Power { exponent, .. } if !(exponent.is_finite() && exponent > 0.0) => {
                let what = "the exponent κ of the schedule";
                refuse(what, "a positive finite number", exponent)
            }
            Self::InverseSqrt { scale }
            | Self::InverseTime { scale }
            | Self::Power { scale, .. }
            | Self::CoolDown { scale, .. }
                if !(scale.is_finite() && scale > 0.0) =>
            {
                let what = "the scale of the schedule, in steps";
                refuse(what, "a positive finite number", scale)
            }
            Self::Cosine { floor } if !(0.0..=1.0).contains(&floor) => {
                refuse("the last rate as a part of the first", "in [0, 1]", floor)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_follow_their_formulas() {
        let factor = |schedule: Schedule, step| schedule.factor(step, 100, 10);
        assert_eq!(factor(Schedule::Constant, 99), 1.0);
        assert_eq!(factor(Schedule::InverseSqrt { scale: 5.0 }, 15), 0.5);
        assert_eq!(factor(Schedule::InverseTime { scale: 5.0 }, 15), 0.25);
        let power = |exponent| Schedule::Power {
            scale: 5.0,
            exponent,
        };
        assert_eq!(factor(power(1.0), 15), 0.25);
        assert!((factor(power(1.5), 15) - 0.125).abs() < 1e-15);
        let cool = Schedule::CoolDown {
            hold: 30,
            scale: 10.0,
        };
        assert_eq!(
            [0, 30, 40, 60].map(|t| factor(cool, t)),
            [1.0, 1.0, 0.5, 0.25]
        );
        let cosine = Schedule::Cosine { floor: 0.2 };
        assert_eq!(factor(cosine, 0), 1.0);
        assert!((factor(cosine, 50) - 0.6).abs() < 1e-15);
        assert!((factor(cosine, 100) - 0.2).abs() < 1e-15);
    }

    #[test]
    fn numbers_out_of_range_are_errors() {
        let step = |every, factor| Schedule::Step { every, factor };
        let mut bad = vec![step(0, 0.5), step(3, 0.0), step(3, 1.5), step(3, f64::NAN)];
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            bad.push(Schedule::InverseSqrt { scale });
            bad.push(Schedule::InverseTime { scale });
            bad.push(Schedule::CoolDown { hold: 3, scale });
            bad.push(Schedule::Power {
                scale,
                exponent: 0.5,
            });
            bad.push(Schedule::Power {
                scale: 1.0,
                exponent: scale,
            });
        }
        bad.extend([-0.1, 1.1, f64::NAN].map(|floor| Schedule::Cosine { floor }));
        for schedule in bad {
            assert!(schedule.check().is_err(), "{schedule:?}");
        }
        assert!(step(3, 1.0).check().is_ok() && Schedule::default().check().is_ok());
    }
}
