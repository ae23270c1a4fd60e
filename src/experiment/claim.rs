//! A claim: a predicted number beside a measured one, and what becomes of it.

use crate::display::{format_number, json_number};

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

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The two numbers agree.
    Holds,
    /// They do not, or one is NaN or infinite although there was something to measure.
    Fails,
    /// This run cannot say, for the reason given: a threshold was never reached, one draw has no standard
    /// error, or chance allows more than what the claim would tell apart.
    NotMeasured(String),
    /// A trend known from MNIST, measured on other data: nothing is claimed there.
    Reported,
}

/// One statement of theory, tested.
///
/// Made only by its constructors, which work out whether it holds. It never holds where a number
/// is NaN or infinite or the tolerance negative: such a claim could not fail, or compares nothing. Where a documented
/// condition leaves nothing to measure, an experiment says so with [`Claim::not_measured_if`].
///
/// ```
/// use dltheory::experiment::Claim;
/// assert!(Claim::equals("the peak stands at m/n = 1", 1.0, 1.02, 0.05).holds());
/// let high = Claim::at_least("the peak is high", 50.0, f64::NAN, 0.0);
/// assert!(high.fails());
/// assert!(!high.not_measured_if(true, "no width fits its labels").fails());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    text: String,
    relation: Relation,
    predicted: f64,
    measured: f64,
    tolerance: f64,
    verdict: Verdict,
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
            verdict: if meaningful && compared {
                Verdict::Holds
            } else {
                Verdict::Fails
            },
        }
    }

    /// Where `missing`, the claim is not measured, for this reason. For conditions an experiment knows of: a NaN from
    /// elsewhere must fail.
    #[must_use]
    pub fn not_measured_if(mut self, missing: bool, reason: &str) -> Self {
        if missing {
            self.verdict = Verdict::NotMeasured(reason.to_owned());
        }
        self
    }

    /// Not measured unless |measured − predicted| ≤ tolerance excludes a number `rival` away from the prediction: a claim
    /// that allows what it should exclude tests nothing. NaN for either excludes nothing.
    #[must_use]
    pub fn resolving(self, rival: f64, of: &str) -> Self {
        let excluded = self.tolerance < rival;
        let reason = format!(
            "the tolerance {} does not exclude {of}, {} away",
            format_number(self.tolerance),
            format_number(rival)
        );
        self.not_measured_if(!excluded, &reason)
    }

    /// A trend known from MNIST: claimed where the data are MNIST, elsewhere measured and reported. What cannot be
    /// measured, as a reason given before says or since no finite number came out, is not reported.
    #[must_use]
    pub fn trend(mut self, mnist: bool) -> Self {
        if !mnist && self.reason().is_none() {
            self.verdict = match self.measured.is_finite() {
                true => Verdict::Reported,
                false => Verdict::NotMeasured("these data leave no finite number".to_owned()),
            };
        }
        self
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

    /// What became of it.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Whether the two numbers agree.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.verdict == Verdict::Holds
    }

    /// Whether they disagree. A claim that is not measured, or a trend reported, neither holds nor fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.verdict == Verdict::Fails
    }

    /// Why it could not be measured, if so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::NotMeasured(reason) => Some(reason),
            _ => None,
        }
    }

    /// The claim as a JSON object: `"holds"` is null where it neither holds nor fails, and then `"not_measured"` gives
    /// the reason or `"reported"` is true. A number that could not be measured is null.
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
                Verdict::NotMeasured(_) | Verdict::Reported => None,
            },
            "relation": self.relation.symbol(),
        });
        match &self.verdict {
            Verdict::NotMeasured(reason) => json["not_measured"] = reason.as_str().into(),
            Verdict::Reported => json["reported"] = true.into(),
            Verdict::Holds | Verdict::Fails => {}
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

    /// The statement, and the reason where it could not be measured or only reported.
    pub(crate) fn words(&self) -> String {
        match &self.verdict {
            Verdict::NotMeasured(reason) => format!("{} [{reason}]", self.text),
            Verdict::Reported => format!(
                "{} [claimed on MNIST alone: {}]",
                self.text,
                self.on_mnist()
            ),
            Verdict::Holds | Verdict::Fails => self.text.clone(),
        }
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

    #[test]
    fn what_is_not_measured_neither_holds_nor_fails() {
        let claim = |measured| Claim::at_least("high", 50.0, measured, 0.0);
        for measured in [60.0, 40.0, f64::NAN] {
            let never = claim(measured).not_measured_if(true, "no peak");
            assert!(!never.holds() && !never.fails());
            assert_eq!(never.reason(), Some("no peak"));
            // As text, since NaN does not equal itself.
            let same = |a: Claim, b: Claim| assert_eq!(format!("{a:?}"), format!("{b:?}"));
            let measurable = claim(measured).not_measured_if(false, "no peak");
            same(measurable, claim(measured));
            // A trend on other data has nothing to add.
            same(never.clone().trend(false), never);
        }
        assert!(claim(f64::NAN).fails());
        let json = claim(f64::NAN).not_measured_if(true, "no peak").to_json();
        assert_eq!(
            json.to_string(),
            r#"{"claim":"high","predicted":50.0,"measured":null,"tolerance":0.0,"holds":null,"relation":"≥","not_measured":"no peak"}"#
        );
    }

    #[test]
    fn a_tolerance_must_exclude_the_rival() {
        let slope = |t| Claim::equals("slope", -0.5, -0.4, t).resolving(0.5, "a slope of 0");
        assert!(slope(0.4).holds() && slope(0.05).fails());
        assert_eq!(
            slope(3.1).reason(),
            Some("the tolerance 3.1 does not exclude a slope of 0, 0.5 away")
        );
        assert!(slope(0.5).reason().is_some() && slope(f64::NAN).reason().is_some());
    }

    #[test]
    fn a_trend_is_claimed_on_mnist_and_reported_elsewhere() {
        let high = Claim::at_least("high", 50.0, 12.0, 0.0);
        assert!(high.clone().trend(true).fails());
        let reported = high.trend(false);
        assert!(!reported.holds() && !reported.fails());
        assert_eq!(reported.numbers(), ["–", "12", "–"]);
        assert_eq!(reported.words(), "high [claimed on MNIST alone: ≥ 50]");
        assert_eq!(
            reported.to_json().to_string(),
            r#"{"claim":"high","predicted":50.0,"measured":12.0,"tolerance":0.0,"holds":null,"relation":"≥","reported":true}"#
        );
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
