//! What every experiment's settings can do.

use super::{SettingSpec, Value};
use crate::display::{Html, html_table};
use crate::{Error, Result};

/// The settings of one experiment: a plain struct with public fields, made by `settings!`.
pub trait Settings: Default + Clone + Send + Sync + 'static {
    /// What is known about each setting, in the order of the fields.
    fn specs() -> Vec<SettingSpec>;
    /// The defaults at a size that runs in a few seconds.
    fn quick() -> Self;
    /// The value of each setting, in the order of the fields.
    fn values(&self) -> Vec<Value>;
    /// Puts a value into the field of that name; `false` where name or kind does not fit.
    fn put(&mut self, name: &str, value: Value) -> bool;

    /// Sets one setting from text. On an error nothing changes.
    ///
    /// # Errors
    /// [`Error::Unknown`] lists the settings, the nearest first; [`Error::Domain`] says what values
    /// this one takes.
    fn set(&mut self, name: &str, text: &str) -> Result<()> {
        let specs = Self::specs();
        let unknown = || Error::unknown("setting", name, specs.iter().map(|spec| spec.name));
        let spec = specs
            .iter()
            .find(|spec| spec.name == name)
            .ok_or_else(unknown)?;
        let value = spec.parse(text)?;
        self.put(name, value).then_some(()).ok_or_else(unknown)
    }

    /// Checks every setting: a struct written by hand may hold anything.
    ///
    /// # Errors
    /// [`Error::Domain`] names the first setting out of range.
    fn validate(&self) -> Result<()> {
        let values = self.values();
        Self::specs()
            .iter()
            .zip(&values)
            .try_for_each(|(spec, value)| spec.check(value))
    }

    /// All settings as a JSON object, in the order of the fields.
    fn to_json(&self) -> serde_json::Map<String, serde_json::Value> {
        Self::specs()
            .iter()
            .zip(self.values())
            .map(|(spec, value)| (spec.name.to_owned(), value.to_json()))
            .collect()
    }

    /// All settings as an HTML table: value, allowed values, meaning.
    fn html(&self) -> Html {
        let rows: Vec<Vec<String>> = Self::specs()
            .iter()
            .zip(self.values())
            .map(|(spec, value)| {
                let (name, help) = (spec.name.to_owned(), spec.help.to_owned());
                vec![name, value.to_string(), spec.expected(), help]
            })
            .collect();
        Html::new(html_table(
            &["setting", "value", "allowed", "meaning"],
            &rows,
        ))
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::{Coin, Settings};
    use proptest::prelude::*;

    fn refusal(name: &str, text: &str) -> String {
        let error = Coin::with(name, text).expect_err("must be refused");
        error.to_string()
    }

    #[test]
    fn text_sets_every_type() {
        let mut coin = Coin::default();
        for (name, text) in [
            ("throws", "10000"),
            ("bias", "2.5e-1"),
            ("shift", "-1"),
            ("tails", "true"),
            ("rounds", "4, 5,6 ,7"),
            ("weights", "0,1.5"),
            ("metal", " brass "),
        ] {
            coin.set(name, text).expect(name);
        }
        let expected = Coin {
            throws: 10_000,
            bias: 0.25,
            shift: -1.0,
            tails: true,
            rounds: vec![4, 5, 6, 7],
            weights: vec![0.0, 1.5],
            metal: "brass",
            fate: "throw",
        };
        assert_eq!(coin, expected);
    }

    #[test]
    fn a_refusal_is_one_sentence_with_what_is_valid() {
        assert_eq!(
            refusal("thorws", "1"),
            "unknown setting `thorws`; valid: throws, tails, rounds, bias, fate, metal, shift, weights"
        );
        assert_eq!(
            refusal("metal", "sliver"),
            "unknown metal `sliver`; valid: silver, gold, brass"
        );
        for (name, text, sentence) in [
            (
                "throws",
                "10001",
                "`10001`, expected a whole number from 1 to 10000",
            ),
            (
                "throws",
                "-3",
                "`-3`, expected a whole number from 1 to 10000",
            ),
            (
                "throws",
                "",
                "empty, expected a whole number from 1 to 10000",
            ),
            ("bias", "inf", "`inf`, expected a number from 0 to 1"),
            ("bias", "NaN", "`NaN`, expected a number from 0 to 1"),
            (
                "shift",
                "1",
                "`1`, expected a number at least -1 and below 1",
            ),
            ("tails", "yes", "`yes`, expected true or false"),
            (
                "rounds",
                "1,x",
                "`x`, expected 1 to 5 increasing whole numbers at least 0, separated by commas",
            ),
            (
                "rounds",
                "1,2,3,4,5,6",
                "`1,2,3,4,5,6`, expected 1 to 5 increasing whole numbers at least 0, separated by commas",
            ),
            (
                "rounds",
                "1,",
                "empty, expected 1 to 5 increasing whole numbers at least 0, separated by commas",
            ),
            (
                "rounds",
                "1,3,3",
                "`1,3,3`, expected 1 to 5 increasing whole numbers at least 0, separated by commas",
            ),
            (
                "weights",
                "1",
                "`1`, expected 2 numbers at least 0, separated by commas",
            ),
            (
                "weights",
                "1,inf",
                "`inf`, expected 2 numbers at least 0, separated by commas",
            ),
        ] {
            assert_eq!(
                refusal(name, text),
                format!("setting `{name}` is {sentence}")
            );
        }
    }

    #[test]
    fn a_struct_written_by_hand_is_checked() {
        assert!(Coin::default().validate().is_ok());
        for coin in [
            Coin {
                bias: f64::NAN,
                ..Coin::default()
            },
            Coin {
                bias: 1.1,
                ..Coin::default()
            },
            Coin {
                throws: 0,
                ..Coin::default()
            },
            Coin {
                rounds: vec![],
                ..Coin::default()
            },
            Coin {
                rounds: vec![1, 3, 2],
                ..Coin::default()
            },
            Coin {
                weights: vec![1.0, f64::INFINITY],
                ..Coin::default()
            },
            Coin {
                metal: "tin",
                ..Coin::default()
            },
        ] {
            assert!(coin.validate().is_err(), "{coin:?}");
            assert!(coin.run(1).is_err(), "{coin:?}");
        }
    }

    #[test]
    fn json_and_html_have_every_setting_in_order() {
        assert_eq!(
            serde_json::Value::from(Coin::quick().to_json()).to_string(),
            r#"{"throws":100,"bias":0.5,"shift":0.0,"tails":false,"rounds":[1,2,3],"weights":[0.5,0.5],"metal":"gold","fate":"throw"}"#
        );
        let html = Coin::default().html();
        let html = html.as_str();
        assert!(html.contains(">bias<") && html.contains("Probability of heads, in each throw."));
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused(name in "throws|bias|shift|tails|rounds|weights|metal|.*", text in ".*|[0-9.,e-]*") {
            match Coin::with(&name, &text) {
                Ok(coin) => prop_assert!(coin.validate().is_ok()),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }

        #[test]
        fn what_a_setting_shows_sets_it(
            throws in 1_usize..=10_000, bias in 0.0..=1.0_f64, shift in -1.0..1.0_f64,
            rounds in prop::collection::btree_set(any::<usize>(), 1..=5),
        ) {
            let rounds = rounds.into_iter().collect();
            let coin = Coin { throws, bias, shift, rounds, ..Coin::default() };
            let mut copy = Coin::default();
            for (spec, value) in Coin::specs().iter().zip(coin.values()) {
                copy.set(spec.name, &value.to_string()).expect("a value in range");
            }
            prop_assert_eq!(copy, coin);
        }
    }
}
