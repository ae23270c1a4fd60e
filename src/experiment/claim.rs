//! A claim: a predicted number beside a measured one, and whether they agree.

use super::text;
use crate::display::format_number;

/// How a measured number m is compared with a predicted number p, given a tolerance t.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// |m − p| ≤ t.
    Equal,
    /// m ≤ p + t.
    AtMost,
    /// m ≥ p − t.
    AtLeast,
    /// m < p + t.
    Less,
    /// m > p − t.
    Greater,
}

impl Relation {
    /// `=`, `≤`, `≥`, `<` or `>`.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
            Self::Less => "<",
            Self::Greater => ">",
        }
    }
}

/// One statement of theory, tested.
///
/// Made only by its constructors, which work out whether it holds. It never holds where a number
/// is NaN or infinite or the tolerance negative: such a claim could not fail, or compares nothing.
///
/// ```
/// use dltheory::experiment::Claim;
/// assert!(Claim::equals("the peak stands at m/n = 1", 1.0, 1.02, 0.05).holds());
/// assert!(!Claim::at_least("the peak is high", 50.0, f64::NAN, 0.0).holds());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    text: String,
    relation: Relation,
    predicted: f64,
    measured: f64,
    tolerance: f64,
    holds: bool,
}

impl Claim {
    fn new(relation: Relation, text: &str, p: f64, m: f64, t: f64) -> Self {
        let compared = match relation {
            Relation::Equal => (m - p).abs() <= t,
            Relation::AtMost => m <= p + t,
            Relation::AtLeast => m >= p - t,
            Relation::Less => m < p + t,
            Relation::Greater => m > p - t,
        };
        let meaningful = p.is_finite() && m.is_finite() && t.is_finite() && t >= 0.0;
        Self {
            text: text.to_owned(),
            relation,
            predicted: p,
            measured: m,
            tolerance: t,
            holds: meaningful && compared,
        }
    }

    /// Holds if |measured − predicted| ≤ tolerance.
    #[must_use]
    pub fn equals(text: &str, predicted: f64, measured: f64, tolerance: f64) -> Self {
        Self::new(Relation::Equal, text, predicted, measured, tolerance)
    }

    /// Holds if |measured − predicted| ≤ share · |predicted|; the tolerance shown is that product.
    #[must_use]
    pub fn equals_within(text: &str, predicted: f64, measured: f64, share: f64) -> Self {
        Self::equals(text, predicted, measured, share * predicted.abs())
    }

    /// Holds if measured ≤ predicted + tolerance.
    #[must_use]
    pub fn at_most(text: &str, predicted: f64, measured: f64, tolerance: f64) -> Self {
        Self::new(Relation::AtMost, text, predicted, measured, tolerance)
    }

    /// Holds if measured ≥ predicted − tolerance.
    #[must_use]
    pub fn at_least(text: &str, predicted: f64, measured: f64, tolerance: f64) -> Self {
        Self::new(Relation::AtLeast, text, predicted, measured, tolerance)
    }

    /// Holds if measured < predicted + tolerance.
    #[must_use]
    pub fn less_than(text: &str, predicted: f64, measured: f64, tolerance: f64) -> Self {
        Self::new(Relation::Less, text, predicted, measured, tolerance)
    }

    /// Holds if measured > predicted − tolerance.
    #[must_use]
    pub fn greater_than(text: &str, predicted: f64, measured: f64, tolerance: f64) -> Self {
        Self::new(Relation::Greater, text, predicted, measured, tolerance)
    }

    /// The statement in words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the two numbers are compared.
    #[must_use]
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// What theory says.
    #[must_use]
    pub fn predicted(&self) -> f64 {
        self.predicted
    }

    /// What this run found.
    #[must_use]
    pub fn measured(&self) -> f64 {
        self.measured
    }

    /// How far apart they may be.
    #[must_use]
    pub fn tolerance(&self) -> f64 {
        self.tolerance
    }

    /// Whether they agree.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// The claim as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "claim": self.text,
            "predicted": text::json_number(self.predicted),
            "measured": text::json_number(self.measured),
            "tolerance": text::json_number(self.tolerance),
            "holds": self.holds,
            "relation": self.relation.symbol(),
        })
    }

    /// Predicted (with its relation unless that is `=`), measured, tolerance: four digits each.
    pub(crate) fn numbers(&self) -> [String; 3] {
        let predicted = format_number(self.predicted);
        [
            match self.relation {
                Relation::Equal => predicted,
                bound => format!("{} {predicted}", bound.symbol()),
            },
            format_number(self.measured),
            format_number(self.tolerance),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_relation_at_its_edge() {
        let p = 2.0;
        for (measured, holds) in [
            (1.5, [true, true, true, true, false]),
            (2.5, [true, true, true, false, true]),
            (1.4, [false, true, false, true, false]),
            (2.6, [false, false, true, false, true]),
        ] {
            let got = [
                Claim::equals("", p, measured, 0.5),
                Claim::at_most("", p, measured, 0.5),
                Claim::at_least("", p, measured, 0.5),
                Claim::less_than("", p, measured, 0.5),
                Claim::greater_than("", p, measured, 0.5),
            ];
            assert_eq!(got.map(|claim| claim.holds()), holds, "{measured}");
        }
        assert!(!Claim::less_than("", p, p, 0.0).holds());
        assert!(Claim::equals_within("", -4.0, -4.1, 0.05).holds());
    }

    #[test]
    fn a_claim_that_cannot_fail_or_compares_nothing_does_not_hold() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        for (p, m, t) in [
            (1.0, nan, 1.0),
            (nan, 1.0, 1.0),
            (1.0, 1.0, nan),
            (1.0, 1.0, inf),
            (inf, 1.0, 0.0),
            (-inf, 1.0, 0.0),
            (inf, inf, 0.0),
            (1.0, 1.0, -0.1),
        ] {
            assert!(!Claim::equals("", p, m, t).holds());
            assert!(!Claim::at_most("", p, m, t).holds());
            assert!(!Claim::at_least("", p, m, t).holds());
        }
    }

    proptest! {
        #[test]
        fn equal_is_at_most_and_at_least(p in -9.0..9.0_f64, m in -9.0..9.0_f64, t in 0.0..9.0_f64) {
            let both = Claim::at_most("", p, m, t).holds() && Claim::at_least("", p, m, t).holds();
            // The two ways round differently at the very edge.
            prop_assume!(((m - p).abs() - t).abs() > 1e-12);
            prop_assert_eq!(Claim::equals("", p, m, t).holds(), both);
        }
    }
}
