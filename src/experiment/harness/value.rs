//! The value of one setting, and the Rust types it may have.

use std::fmt;
use std::ops::RangeInclusive;

use crate::display::{exact, json_number};

/// The value of a setting. `Display` writes it as `--set` reads it.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub enum Value {
    /// `true` or `false`.
    Switch(bool),
    /// A whole number.
    Whole(usize),
    /// A real number.
    Real(f64),
    /// One of a fixed set of words.
    Word(&'static str),
    /// Several of the above, all of one kind.
    List(Vec<Value>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => write!(f, "{on}"),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Real(number) => f.write_str(&exact(*number)),
            Self::Word(word) => f.write_str(word),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::to_string).collect();
                f.write_str(&items.join(","))
            }
        }
    }
}

impl Value {
    /// The value as JSON. A real that is not finite becomes `"inf"`, `"-inf"` or `"nan"`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Switch(on) => (*on).into(),
            Self::Whole(number) => (*number).into(),
            Self::Real(number) => json_number(*number),
            Self::Word(word) => (*word).into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
        }
    }
}

/// The least and the greatest number of items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub usize, pub usize);

impl From<usize> for Count {
    fn from(exactly: usize) -> Self {
        Self(exactly, exactly)
    }
}

impl From<RangeInclusive<usize>> for Count {
    fn from(range: RangeInclusive<usize>) -> Self {
        Self(*range.start(), *range.end())
    }
}

/// A Rust type that a setting may have: `bool`, `usize`, `f64`, `&'static str`, or a `Vec` of one.
pub trait Kind: Sized {
    /// What the limits speak of: the type itself, or of a list its items.
    type Item;
    /// One or more items for a list, `None` otherwise.
    const LENGTH: Option<Count> = None;
    /// The dynamic value.
    fn to_value(&self) -> Value;
    /// The typed value, if the kinds agree.
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! kinds {
    ($($type:ty => $variant:ident),+) => {$(
        impl Kind for $type {
            type Item = Self;
            fn to_value(&self) -> Value {
                Value::$variant(*self)
            }
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(inner) => Some(inner),
                    _ => None,
                }
            }
        }
    )+};
}
kinds!(bool => Switch, usize => Whole, f64 => Real, &'static str => Word);

impl<T: Kind<Item = T>> Kind for Vec<T> {
    type Item = T;
    const LENGTH: Option<Count> = Some(Count(1, usize::MAX));
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::List(items) => items.into_iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}
