//! Arguments and results as data: exact, also for NaN, in one line of JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ndarray::{Array1, Array2};
use serde_json::{Value as Json, json};

/// The longest text that is taken for a result, bytes.
const LONGEST_TEXT: usize = 1000;

/// An argument or a result of a solution.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A count or an index.
    Count(u64),
    /// Yes or no.
    Flag(bool),
    /// A seed: the solution receives the generator `stream(seed, "exercise", 0)`.
    Seed(u64),
    /// A vector, `(n,)`.
    Vector(Array1<f64>),
    /// A matrix, `(n, m)`.
    Matrix(Array2<f64>),
    /// A text, such as a name.
    Text(String),
    /// Several values: a tuple or a `Vec`.
    List(Vec<Value>),
}

impl Value {
    /// What it is, for a sentence: `a matrix (3, 2)`.
    #[must_use]
    pub fn kind(&self) -> String {
        match self {
            Self::Number(_) => "a number".into(),
            Self::Count(_) => "a count".into(),
            Self::Flag(_) => "true or false".into(),
            Self::Seed(_) => "a seed".into(),
            Self::Text(_) => "a text".into(),
            Self::Vector(v) => format!("a vector ({})", v.len()),
            Self::Matrix(m) => format!("a matrix ({}, {})", m.nrows(), m.ncols()),
            Self::List(l) => format!("a list of {}", l.len()),
        }
    }

    /// As JSON. Numbers travel as their bytes, so nothing is rounded and NaN is possible.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Number(x) => json!({ "number": pack([*x].iter()) }),
            Self::Count(n) => json!({ "count": n }),
            Self::Flag(b) => json!({ "flag": b }),
            Self::Seed(s) => json!({ "seed": s }),
            Self::Text(text) => json!({ "text": text }),
            Self::Vector(v) => json!({ "vector": pack(v.iter()) }),
            Self::Matrix(m) => {
                json!({ "rows": m.nrows(), "columns": m.ncols(), "matrix": pack(m.iter()) })
            }
            Self::List(l) => json!({ "list": l.iter().map(Self::to_json).collect::<Vec<_>>() }),
        }
    }

    /// From JSON.
    ///
    /// # Errors
    /// `json` is not what [`Value::to_json`] writes.
    pub fn from_json(json: &Json) -> Result<Self, String> {
        let size = |key: &str| json[key].as_u64().and_then(|n| usize::try_from(n).ok());
        if let Some(text) = json["number"].as_str() {
            match unpack(text)?.as_slice() {
                [x] => Ok(Self::Number(*x)),
                _ => Err("expected one number".into()),
            }
        } else if let Some(n) = json["count"].as_u64() {
            Ok(Self::Count(n))
        } else if let Some(b) = json["flag"].as_bool() {
            Ok(Self::Flag(b))
        } else if let Some(s) = json["seed"].as_u64() {
            Ok(Self::Seed(s))
        } else if let Some(text) = json["text"].as_str() {
            match text.len() <= LONGEST_TEXT {
                true => Ok(Self::Text(text.to_owned())),
                false => Err(format!("a text of more than {LONGEST_TEXT} bytes")),
            }
        } else if let Some(text) = json["vector"].as_str() {
            Ok(Self::Vector(unpack(text)?.into()))
        } else if let Some(text) = json["matrix"].as_str() {
            let (Some(rows), Some(columns)) = (size("rows"), size("columns")) else {
                return Err("a matrix without its shape".into());
            };
            Array2::from_shape_vec((rows, columns), unpack(text)?)
                .map(Self::Matrix)
                .map_err(|error| error.to_string())
        } else if let Some(list) = json["list"].as_array() {
            list.iter()
                .map(Self::from_json)
                .collect::<Result<_, _>>()
                .map(Self::List)
        } else {
            Err("expected a value".into())
        }
    }
}

fn pack<'a>(numbers: impl Iterator<Item = &'a f64>) -> String {
    STANDARD.encode(numbers.flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())
}

fn unpack(text: &str) -> Result<Vec<f64>, String> {
    let bytes = STANDARD.decode(text).map_err(|error| error.to_string())?;
    let (numbers, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err("half a number".into());
    }
    Ok(numbers.iter().map(|b| f64::from_le_bytes(*b)).collect())
}

/// What a [`Value`] can be turned into: the types that signatures are made of.
pub trait FromValue: Sized {
    /// What a signature calls it, for a sentence.
    const EXPECTED: &'static str;

    /// The value as this type, if it is one.
    fn from_value(value: Value) -> Option<Self>;
}

/// Both ways between a type and its own variant of [`Value`].
macro_rules! variant {
    ($type:ty, $variant:ident, $expected:literal) => {
        impl FromValue for $type {
            const EXPECTED: &'static str = $expected;
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(inner) => Some(inner),
                    _ => None,
                }
            }
        }
        impl From<$type> for Value {
            fn from(inner: $type) -> Self {
                Self::$variant(inner)
            }
        }
    };
}

variant!(f64, Number, "a number");
variant!(u64, Count, "a count");
variant!(bool, Flag, "true or false");
variant!(String, Text, "a text");
variant!(Array1<f64>, Vector, "a vector");
variant!(Array2<f64>, Matrix, "a matrix");

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl FromValue for usize {
    const EXPECTED: &'static str = "a count";
    fn from_value(value: Value) -> Option<Self> {
        u64::from_value(value)?.try_into().ok()
    }
}

impl From<usize> for Value {
    fn from(n: usize) -> Self {
        Self::Count(n as u64)
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    const EXPECTED: &'static str = "a list";
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::List(list) => list.into_iter().map(T::from_value).collect(),
            _ => None,
        }
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

impl<A: FromValue, B: FromValue> FromValue for (A, B) {
    const EXPECTED: &'static str = "a pair";
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::List(list) => match <[Value; 2]>::try_from(list) {
                Ok([a, b]) => Some((A::from_value(a)?, B::from_value(b)?)),
                Err(_) => None,
            },
            _ => None,
        }
    }
}

impl<A: Into<Value>, B: Into<Value>> From<(A, B)> for Value {
    fn from((a, b): (A, B)) -> Self {
        Self::List(vec![a.into(), b.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn values_survive_the_journey_bit_by_bit() {
        let value = Value::List(vec![
            0.1.into(),
            7_usize.into(),
            true.into(),
            "Ada \"Σ\"\n".into(),
            Value::Seed(u64::MAX),
            array![1.0, f64::INFINITY].into(),
            array![[1.0, -0.0], [1e-300, 2.0]].into(),
        ]);
        let text = value.to_json().to_string();
        let json = serde_json::from_str(&text).unwrap();
        assert_eq!(Value::from_json(&json).unwrap(), value);
        let nan = Value::from(f64::NAN).to_json();
        let Ok(Value::Number(back)) = Value::from_json(&nan) else {
            panic!("a number")
        };
        assert!(back.is_nan());
    }

    #[test]
    fn other_json_is_refused() {
        for text in [
            "{}",
            "3",
            r#"{"vector":"AAA"}"#,
            r#"{"rows":2,"columns":2,"matrix":""}"#,
        ] {
            let json: Json = serde_json::from_str(text).unwrap();
            assert!(Value::from_json(&json).is_err(), "{text}");
        }
    }

    #[test]
    fn a_text_has_a_limit() {
        let text = |n: usize| Value::from("a".repeat(n)).to_json();
        assert!(Value::from_json(&text(LONGEST_TEXT)).is_ok());
        assert!(Value::from_json(&text(LONGEST_TEXT + 1)).is_err());
    }

    #[test]
    fn types_do_not_pass_for_one_another() {
        assert_eq!(f64::from_value(Value::Count(3)), None);
        assert_eq!(
            <(f64, bool)>::from_value((1.0, true).into()),
            Some((1.0, true))
        );
        assert_eq!(
            Vec::<usize>::from_value(vec![1_usize, 2].into()),
            Some(vec![1, 2])
        );
    }
}
