//! A claim: a predicted number beside a measured one, and what becomes of it.

mod many;
mod parts;
mod shown;

use crate::stats::larger;
pub(crate) use many::once_in;
pub use parts::{Nature, Relation, Rival, Verdict};

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
    nature: Nature,
    rival: Option<Rival>,
    verdict: Verdict,
    /// What its numbers count, where it is not what the text says: standard errors.
    unit: &'static str,
    headline: bool,
    /// How many standard errors chance is allowed, and how often it exceeds them, in words.
    chance: Option<String>,
}

impl Claim {
    fn new(relation: Relation, text: &str, p: f64, m: f64, t: f64) -> Self {
        let compared = relation.holds(p, m, t);
        let meaningful = p.is_finite() && m.is_finite() && t.is_finite() && t >= 0.0;
        Self {
            text: text.to_owned(),
            relation,
            predicted: p,
            measured: m,
            tolerance: t,
            nature: Nature::Prediction,
            rival: None,
            verdict: if meaningful && compared {
                Verdict::Holds
            } else {
                Verdict::Fails
            },
            unit: "",
            headline: false,
            chance: None,
        }
    }

    /// Says that the claim is one of the few that matter most: a notebook shows it above the fold.
    #[must_use]
    pub fn headline(mut self) -> Self {
        self.headline = true;
        self
    }

    /// Whether it is one of the few that matter most.
    #[must_use]
    pub fn is_headline(&self) -> bool {
        self.headline
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

    /// Tests the claim against a rival: not resolved, neither holding nor failing, unless the tolerance excludes that number,
    /// that is, unless measuring it would make the claim fail. NaN for either excludes nothing.
    ///
    /// ```
    /// use dltheory::experiment::Claim;
    /// let slope = |tolerance| Claim::equals("slope", -0.5, -0.4, tolerance).against(0.0, "no fall at all");
    /// assert!(slope(0.2).holds() && slope(0.05).fails());
    /// assert!(slope(0.6).not_resolved());
    /// ```
    #[must_use]
    pub fn against(mut self, rival: f64, meaning: &str) -> Self {
        let allowed = self.relation.holds(self.predicted, rival, self.tolerance);
        let excludes = !allowed && !rival.is_nan() && !self.tolerance.is_nan();
        if !excludes && matches!(self.verdict, Verdict::Holds | Verdict::Fails) {
            self.verdict = Verdict::NotResolved;
        }
        self.rival = Some(Rival {
            value: rival,
            meaning: meaning.to_owned(),
        });
        self
    }

    /// Declares, after [`against`](Self::against), that a run of this kind may leave the claim open, and why: where `here`
    /// and not resolved, it reads "open", which `--check` does not count as a failure. A claim one of whose numbers is NaN or
    /// infinite stays not resolved.
    #[must_use]
    pub fn may_stay_open(mut self, here: bool, reason: &str) -> Self {
        let finite = [self.predicted, self.measured, self.tolerance]
            .iter()
            .all(|number| number.is_finite());
        if here && finite && self.not_resolved() {
            self.verdict = Verdict::Open(reason.to_owned());
        }
        self
    }

    /// Says that the two numbers are equal, or ordered, by plain mathematics.
    #[must_use]
    pub fn identity(mut self) -> Self {
        self.nature = Nature::Identity;
        self
    }

    /// Says that the prediction is a theorem's bound: then its words say how near the measured number comes to it.
    #[must_use]
    pub fn bound(mut self) -> Self {
        self.nature = Nature::Bound;
        self
    }

    /// A trend known from MNIST: claimed where the data are MNIST, elsewhere measured and reported. What cannot be
    /// measured, as a reason given before says or since no finite number came out, is not reported.
    #[must_use]
    pub fn trend(mut self, mnist: bool) -> Self {
        if !mnist && matches!(self.verdict, Verdict::Holds | Verdict::Fails) {
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

    /// How much room is left before the claim would fail: of an equality the share of the tolerance, 1 − |m − p|/t; of a
    /// bound the share of the larger of limit and measured number. 1 at best, 0 at the edge, negative beyond, NaN where a
    /// number is; of an equality that is met exactly, without a tolerance, 1.
    #[must_use]
    pub fn margin(&self) -> f64 {
        let (p, m, t) = (self.predicted, self.measured, self.tolerance);
        let (room, whole) = match self.relation {
            Relation::Equal => (t - (m - p).abs(), t),
            Relation::AtMost | Relation::Less => (p + t - m, larger((p + t).abs(), m.abs())),
            Relation::AtLeast | Relation::Greater => (m - p + t, larger((p - t).abs(), m.abs())),
        };
        match (room, self.relation) {
            (0.0, Relation::Equal) if t == 0.0 => 1.0,
            (0.0, _) => 0.0,
            _ => room / whole,
        }
    }

    /// What its prediction is.
    #[must_use]
    pub fn nature(&self) -> Nature {
        self.nature
    }

    /// What it was tested against, if anything.
    #[must_use]
    pub fn rival(&self) -> Option<&Rival> {
        self.rival.as_ref()
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

    /// Whether they disagree. A claim that is not measured or not resolved, or a trend reported, neither holds nor fails.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.verdict == Verdict::Fails
    }

    /// Whether its tolerance allows its rival too.
    #[must_use]
    pub fn not_resolved(&self) -> bool {
        self.verdict == Verdict::NotResolved
    }

    /// Why it could not be measured, if so.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::NotMeasured(reason) => Some(reason),
            _ => None,
        }
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
        let slope = |t| Claim::equals("slope", -0.5, -0.4, t).against(0.0, "no slope");
        assert!(slope(0.4).holds() && slope(0.05).fails());
        for t in [0.5, 3.1, f64::NAN] {
            let open = slope(t);
            assert!(open.not_resolved() && !open.holds() && !open.fails());
            // A trend on other data has nothing to add.
            assert!(open.trend(false).not_resolved());
        }
        assert!(
            Claim::equals("", 1.0, 1.0, 0.1)
                .against(f64::NAN, "")
                .not_resolved()
        );
        // One-sided: on the other side a rival is not excluded, however far.
        assert!(Claim::at_most("", 1.0, 0.5, 0.1).against(2.0, "").holds());
        assert!(
            Claim::at_most("", 1.0, 0.5, 0.1)
                .against(-9.0, "")
                .not_resolved()
        );
        // What was not measured stays so.
        let missing = Claim::equals("", 1.0, 1.0, 3.0).not_measured_if(true, "one draw");
        assert_eq!(missing.against(0.0, "").reason(), Some("one draw"));
    }

    #[test]
    fn what_is_declared_open_is_neither_unresolved_nor_held() {
        let slope = |t| Claim::equals("slope", -0.5, -0.4, t).against(0.0, "no slope");
        let open = |t| slope(t).may_stay_open(true, "two widths");
        let declared = open(0.6);
        assert!(!declared.not_resolved() && !declared.holds() && !declared.fails());
        assert_eq!(
            declared.words(),
            "slope [the tolerance does not exclude 0, no slope: two widths]"
        );
        assert_eq!(declared.to_json()["open"], "two widths");
        assert!(open(0.3).holds() && open(0.05).fails());
        assert!(slope(0.6).may_stay_open(false, "").not_resolved());
        // An unknown number is no reason.
        assert!(open(f64::NAN).not_resolved());
        let unknown = Claim::equals("slope", -0.5, f64::NAN, 0.6).against(0.0, "no slope");
        assert!(unknown.may_stay_open(true, "").not_resolved());
    }

    #[test]
    fn the_margin_is_the_room_that_is_left() {
        assert_eq!(Claim::equals("", 2.0, 2.25, 0.5).margin(), 0.5);
        assert_eq!(Claim::equals("", 2.0, 3.0, 0.5).margin(), -1.0);
        assert_eq!(Claim::equals("", 2.0, 2.0, 0.0).margin(), 1.0);
        assert_eq!(Claim::equals("", 2.0, 3.0, 0.0).margin(), f64::NEG_INFINITY);
        assert_eq!(Claim::at_most("", 4.0, 3.0, 0.0).margin(), 0.25);
        assert_eq!(Claim::at_least("", 4.0, 8.0, 0.0).margin(), 0.5);
        assert_eq!(Claim::at_least("", 4.0, 2.0, 0.0).margin(), -0.5);
        assert_eq!(Claim::less_than("", 4.0, 4.0, 0.0).margin(), 0.0);
        assert_eq!(Claim::at_most("", 0.0, 0.0, 0.0).margin(), 0.0);
        assert!(Claim::at_most("", 4.0, f64::NAN, 0.0).margin().is_nan());
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
