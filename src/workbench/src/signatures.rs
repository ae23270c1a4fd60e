//! The signature of every exercise, once: the graded program, the notebook's `check::…` and the
//! stubs are made from this list.

use ndarray::{Array1, Array2};

use crate::Call;
use crate::rng::{Rng, stream};
use crate::value::{FromValue, Value};

/// The list of signatures, given to the macro `$then`.
///
/// An entry is `name(argument: type, …) -> type` under its doc comment. Types are numbers
/// (`f64`), counts (`usize`), `bool`, arrays, `Vec`s and pairs of these; `&T` for arrays and
/// lists; `&mut Rng` for a generator.
#[macro_export]
macro_rules! signatures {
    ($then:path) => {
        $then! {
            /// Chapter 13: the shortest w with X w = y.
            min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64>;
        }
    };
}

/// How an argument is handed to a solution: owned by the caller, lent if the signature says so.
pub trait Pass<'a> {
    /// What the caller keeps.
    type Owned: 'a;

    /// The argument from its value.
    fn decode(value: Value) -> Option<Self::Owned>;

    /// The argument as the signature wants it.
    fn pass(owned: &'a mut Self::Owned) -> Self;
}

impl<'a, T: FromValue + 'a> Pass<'a> for &'a T {
    type Owned = T;
    fn decode(value: Value) -> Option<T> {
        T::from_value(value)
    }
    fn pass(owned: &'a mut T) -> Self {
        owned
    }
}

impl<'a> Pass<'a> for &'a mut Rng {
    type Owned = Rng;
    fn decode(value: Value) -> Option<Rng> {
        match value {
            Value::Seed(seed) => Some(stream(seed, "exercise", 0)),
            _ => None,
        }
    }
    fn pass(owned: &'a mut Rng) -> Self {
        owned
    }
}

macro_rules! by_value {
    ($($type:ty),*) => {$(
        impl<'a> Pass<'a> for $type {
            type Owned = $type;
            fn decode(value: Value) -> Option<$type> {
                <$type>::from_value(value)
            }
            fn pass(owned: &'a mut $type) -> Self {
                *owned
            }
        }
    )*};
}
by_value!(f64, usize, bool);

/// The next argument of the solution `name`.
///
/// # Errors
/// There is none, or it is of another type.
pub fn decode<'a, T: Pass<'a>>(
    name: &str,
    argument: &str,
    values: &mut std::slice::Iter<'_, Value>,
) -> Result<T::Owned, String> {
    let value = values
        .next()
        .ok_or_else(|| format!("{name}: no value for {argument}"))?;
    T::decode(value.clone()).ok_or_else(|| format!("{name}: {argument} is {}", value.kind()))
}

/// Makes the adapters.
macro_rules! adapters {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $returns:ty;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(solution: fn($($type),*) -> $returns) -> Call {
            Box::new(move |values| {
                let mut values = values.iter();
                $(let mut $argument =
                    decode::<$type>(stringify!($name), stringify!($argument), &mut values)?;)*
                Ok(Value::from(solution($(<$type as Pass>::pass(&mut $argument)),*)))
            })
        }
    )*};
}

/// One function an exercise: from a solution to a [`Call`].
pub mod call {
    use super::*;

    signatures!(adapters);
}
