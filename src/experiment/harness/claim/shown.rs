//! How a claim is written: as words, as numbers, as JSON.

use super::{Claim, Nature, Relation, Verdict};
use crate::display::{format_number, json_number};

impl Claim {
    /// The claim as a JSON object: `"holds"` is null where it neither holds nor fails, and then `"not_measured"` gives
    /// the reason, or `"not_resolved"` or `"reported"` is true, or `"open"` says why it may be; `"kind"` is there for an identity or a bound, `"rival"` and
    /// what it means, and `"chance"`, where there is one. A number that could not be measured is null.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let number = |value: f64| match self.reason() {
            Some(_) if !value.is_finite() => serde_json::Value::Null,
            _ => json_number(value),
        };
        let mut json = serde_json::json!({
            "claim": self.text,
            "predicted": number(self.predicted),
            "measured": number(self.measured),
            "tolerance": number(self.tolerance),
            "holds": match self.verdict {
                Verdict::Holds => Some(true),
                Verdict::Fails => Some(false),
                Verdict::NotResolved
                | Verdict::Open(_)
                | Verdict::NotMeasured(_)
                | Verdict::Reported => None,
            },
            "relation": self.relation.symbol(),
        });
        match &self.verdict {
            Verdict::NotMeasured(reason) => json["not_measured"] = reason.as_str().into(),
            Verdict::NotResolved => json["not_resolved"] = true.into(),
            Verdict::Open(reason) => json["open"] = reason.as_str().into(),
            Verdict::Reported => json["reported"] = true.into(),
            Verdict::Holds | Verdict::Fails => {}
        }
        match self.nature {
            Nature::Identity => json["kind"] = "identity".into(),
            Nature::Bound => json["kind"] = "bound".into(),
            Nature::Prediction => {}
        }
        if let Some(chance) = &self.chance {
            json["chance"] = chance.as_str().into();
        }
        if let Some(rival) = &self.rival {
            json["rival"] = json_number(rival.value);
            json["rival_means"] = rival.meaning.as_str().into();
        }
        json
    }

    /// Predicted (with its relation unless that is `=`), measured, tolerance: four digits each. Of a trend only what was
    /// measured; a number that could not be measured is a dash.
    pub(crate) fn numbers(&self) -> [String; 3] {
        let number = |value: f64| match self.reason() {
            Some(_) if !value.is_finite() => "–".to_owned(),
            _ => format_number(value),
        };
        let predicted = match self.relation {
            Relation::Equal => number(self.predicted),
            bound => format!("{} {}", bound.symbol(), number(self.predicted)),
        };
        if self.verdict == Verdict::Reported {
            return ["–".to_owned(), number(self.measured), "–".to_owned()];
        }
        [predicted, number(self.measured), number(self.tolerance)]
    }

    /// What is predicted, with its relation and its tolerance, and what is measured: `0.5 ± 0.1`, `≤ 4.1 s.e.`.
    pub(crate) fn expected_and_measured(&self) -> [String; 2] {
        let [predicted, measured, tolerance] = self.numbers();
        let sign = match self.relation {
            Relation::Equal => "±",
            Relation::AtMost | Relation::Less => "+",
            Relation::AtLeast | Relation::Greater => "−",
        };
        let slack = match self.tolerance == 0.0 || tolerance == "–" {
            true => String::new(),
            false => format!(" {sign} {tolerance}"),
        };
        let unit = |number: String| match number.as_str() {
            "–" => number,
            _ => format!("{number}{}", self.unit),
        };
        [unit(predicted + &slack), unit(measured)]
    }

    /// The statement with what else a reader must know: why it could not be measured or is only reported, its rival, that it
    /// is an identity, how near a bound is.
    pub(crate) fn words(&self) -> String {
        let mut notes = Vec::new();
        match self.nature {
            Nature::Identity => notes.push("identity".to_owned()),
            Nature::Bound => notes.extend(self.nearness()),
            Nature::Prediction => {}
        }
        notes.extend(self.chance.clone());
        match (&self.verdict, &self.rival) {
            (Verdict::NotMeasured(reason), _) => notes.push(reason.clone()),
            (Verdict::Reported, _) => {
                notes.push(format!("claimed on MNIST alone: {}", self.on_mnist()));
            }
            (verdict, Some(rival)) => {
                let excludes = match verdict {
                    Verdict::NotResolved | Verdict::Open(_) => "the tolerance does not exclude",
                    _ => "excludes",
                };
                let (value, meaning) = (format_number(rival.value), &rival.meaning);
                let why = match verdict {
                    Verdict::Open(reason) => format!(": {reason}"),
                    _ => String::new(),
                };
                notes.push(format!("{excludes} {value}, {meaning}{why}"));
            }
            _ => {}
        }
        match notes.is_empty() {
            true => self.text.clone(),
            false => format!("{} [{}]", self.text, notes.join("; ")),
        }
    }

    /// How nearly a bound is reached: "46 %" of it; where it is 0 or of the other sign, the room that is left.
    fn nearness(&self) -> Option<String> {
        let (p, m) = (self.predicted, self.measured);
        let (room, share) = match self.relation {
            Relation::AtMost | Relation::Less => (p - m, m / p),
            Relation::AtLeast | Relation::Greater => (m - p, p / m),
            Relation::Equal => return None,
        };
        if !room.is_finite() {
            return None;
        }
        Some(match share {
            // Below 0 what goes further has the larger share, and keeps the bound.
            _ if share > 1.0 && room > self.tolerance => {
                format!("bound, reached to within {}", format_number(room))
            }
            0.01.. if share.is_finite() => format!(
                "bound, reached to {} %",
                format_number((100.0 * share).round())
            ),
            // Rounding, and a bound met exactly, are no share.
            _ if share > 0.0 && share.is_finite() && room.abs() > self.tolerance => format!(
                "bound, {} times what is reached",
                format_number((1.0 / share).round())
            ),
            _ if room.abs() <= self.tolerance => "bound, reached".to_owned(),
            _ if room > 0.0 => format!("bound, reached to within {}", format_number(room)),
            _ => format!("bound, exceeded by {}", format_number(-room)),
        })
    }

    /// What is claimed on MNIST: "≥ 50", "2 ± 0.4".
    fn on_mnist(&self) -> String {
        let number = format_number(self.predicted);
        let slack = match self.tolerance {
            0.0 => String::new(),
            some => format!(" ± {}", format_number(some)),
        };
        format!("{} {number}{slack}", self.relation.symbol())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tolerance_stands_beside_its_prediction() {
        let both = |claim: &Claim| claim.expected_and_measured().join(" | ");
        assert_eq!(both(&Claim::equals("", 0.5, 0.42, 0.1)), "0.5 ± 0.1 | 0.42");
        assert_eq!(both(&Claim::equals("", 1.0, 1.0, 0.0)), "1 | 1");
        assert_eq!(both(&Claim::at_most("", 2.0, 1.0, 0.5)), "≤ 2 + 0.5 | 1");
        assert_eq!(
            both(&Claim::greater_than("", 2.0, 3.0, 0.5)),
            "> 2 − 0.5 | 3"
        );
        let many = Claim::all_within("", [0.3, 1.0], 0.01, None).expect("valid");
        assert_eq!(both(&many), "≤ 2.807 s.e. | 1 s.e.");
        assert_eq!(
            both(&Claim::at_most("", 2.0, 1.0, 0.5).trend(false)),
            "– | 1"
        );
    }

    #[test]
    fn words_say_what_a_reader_must_know() {
        let slope = |t| Claim::equals("slope", -0.5, -0.4, t).against(0.0, "no fall");
        assert_eq!(slope(0.2).words(), "slope [excludes 0, no fall]");
        assert_eq!(
            slope(3.0).words(),
            "slope [the tolerance does not exclude 0, no fall]"
        );
        let sum = Claim::equals("sum", 1.0, 1.0, 1e-9).identity();
        assert_eq!(sum.words(), "sum [identity]");
        for (claim, words) in [
            (
                Claim::at_most("b", 2.0, 0.92, 0.0),
                "b [bound, reached to 46 %]",
            ),
            (
                Claim::at_least("b", 2.0, 4.0, 0.0),
                "b [bound, reached to 50 %]",
            ),
            (
                Claim::at_most("b", 2.0, 1e-5, 0.0),
                "b [bound, 200000 times what is reached]",
            ),
            (
                Claim::at_most("b", 0.0, -1.0, 0.0),
                "b [bound, reached to within 1]",
            ),
            (Claim::at_least("b", 0.0, 0.0, 1e-9), "b [bound, reached]"),
            (
                Claim::at_least("b", 0.0, -2.0, 0.0),
                "b [bound, exceeded by 2]",
            ),
            (Claim::at_most("b", 1.0, f64::NAN, 0.0), "b"),
        ] {
            assert_eq!(claim.bound().words(), words);
        }
        let json = slope(3.0).to_json().to_string();
        assert!(json.contains(r#""holds":null"#), "{json}");
        assert!(
            json.ends_with(r#""not_resolved":true,"rival":0.0,"rival_means":"no fall"}"#),
            "{json}"
        );
    }
}
