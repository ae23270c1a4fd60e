//! What values a setting may take.

use std::ops::{Bound, RangeBounds};

use super::Value;
use crate::display::exact;

/// The values one item of a setting may take.
#[derive(Debug, Clone, PartialEq)]
pub enum Limits {
    /// `true` or `false`.
    Switch,
    /// Whole numbers from the first to the second, both included.
    Whole(usize, usize),
    /// Finite reals between two bounds.
    Real(Bound<f64>, Bound<f64>),
    /// These words.
    OneOf(Vec<&'static str>),
}

impl Limits {
    pub(super) fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Switch, Value::Switch(_)) => true,
            (Self::Whole(low, high), Value::Whole(number)) => (low..=high).contains(&number),
            (Self::Real(low, high), Value::Real(number)) => {
                number.is_finite() && (*low, *high).contains(number)
            }
            (Self::OneOf(words), Value::Word(word)) => words.contains(word),
            _ => false,
        }
    }

    pub(super) fn parse(&self, text: &str) -> Option<Value> {
        let value = match self {
            Self::Switch => Value::Switch(text.parse().ok()?),
            Self::Whole(..) => Value::Whole(text.parse().ok()?),
            Self::Real(..) => Value::Real(text.parse().ok()?),
            Self::OneOf(words) => Value::Word(words.iter().find(|word| **word == text)?),
        };
        self.admits(&value).then_some(value)
    }

    /// The limits in words: "from 20 to 4000", "above 0", "flat | inverse_square".
    pub(super) fn range(&self) -> String {
        match self {
            Self::Switch => "true or false".to_owned(),
            Self::Whole(low, usize::MAX) => format!("at least {low}"),
            Self::Whole(low, high) => format!("from {low} to {high}"),
            Self::Real(low, high) => match (low, high) {
                (Bound::Included(a), Bound::Included(b)) => {
                    format!("from {} to {}", exact(*a), exact(*b))
                }
                (low, high) => {
                    let low = match low {
                        Bound::Included(a) => format!("at least {}", exact(*a)),
                        Bound::Excluded(a) => format!("above {}", exact(*a)),
                        Bound::Unbounded => String::new(),
                    };
                    let high = match high {
                        Bound::Included(b) => format!("at most {}", exact(*b)),
                        Bound::Excluded(b) => format!("below {}", exact(*b)),
                        Bound::Unbounded => String::new(),
                    };
                    let and = if low.is_empty() || high.is_empty() {
                        ""
                    } else {
                        " and "
                    };
                    format!("{low}{and}{high}")
                }
            },
            Self::OneOf(words) => words.join(" | "),
        }
    }
}

/// What may stand after `in` for a setting whose items are `Item`: a range, or an array of words.
#[diagnostic::on_unimplemented(
    message = "these limits do not fit a setting of `{Item}`",
    note = "numbers take a range (`in 1..=9`), words an array (`in [\"a\", \"b\"]`), switches nothing"
)]
pub trait LimitsOf<Item> {
    /// The limits.
    fn limits(self) -> Limits;
}

impl<R: RangeBounds<usize>> LimitsOf<usize> for R {
    fn limits(self) -> Limits {
        let low = match self.start_bound() {
            Bound::Included(low) => *low,
            Bound::Excluded(low) => low.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let high = match self.end_bound() {
            Bound::Included(high) => *high,
            Bound::Excluded(high) => high.saturating_sub(1),
            Bound::Unbounded => usize::MAX,
        };
        Limits::Whole(low, high)
    }
}

impl<R: RangeBounds<f64>> LimitsOf<f64> for R {
    fn limits(self) -> Limits {
        Limits::Real(self.start_bound().cloned(), self.end_bound().cloned())
    }
}

impl<const N: usize> LimitsOf<&'static str> for [&'static str; N] {
    fn limits(self) -> Limits {
        Limits::OneOf(self.to_vec())
    }
}

/// Nothing after the default: right for a switch alone.
#[derive(Debug, Clone, Copy)]
pub struct NoLimits;

impl LimitsOf<bool> for NoLimits {
    fn limits(self) -> Limits {
        Limits::Switch
    }
}
