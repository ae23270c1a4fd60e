//! The claims of a run, as text and as HTML.

use std::fmt;

use super::{Claim, Verdict};
use crate::display::{Html, aligned, html_statements};

/// How many claims stand above the fold where an experiment names none.
const HEADLINES: usize = 3;

/// The claims of one run. `Display` writes an aligned table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims(Vec<Claim>);

impl From<Vec<Claim>> for Claims {
    fn from(claims: Vec<Claim>) -> Self {
        Self(claims)
    }
}

impl Claims {
    /// The claims in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[Claim] {
        &self.0
    }

    /// The claims that fail.
    #[must_use]
    pub fn failing(&self) -> Vec<&Claim> {
        self.0.iter().filter(|claim| claim.fails()).collect()
    }

    /// The claims that could not be measured.
    #[must_use]
    pub fn not_measured(&self) -> Vec<&Claim> {
        let missing = |claim: &&Claim| claim.reason().is_some();
        self.0.iter().filter(missing).collect()
    }

    /// The claims whose tolerance allows their rival too.
    #[must_use]
    pub fn not_resolved(&self) -> Vec<&Claim> {
        self.0.iter().filter(|claim| claim.not_resolved()).collect()
    }

    /// Whether every claim was measured, is resolved and holds. Trends reported on other data than MNIST are no claims, and
    /// what an experiment declared that such a run may leave open may stay so.
    #[must_use]
    pub fn all_hold(&self) -> bool {
        let good = |claim: &Claim| {
            matches!(
                claim.verdict(),
                Verdict::Holds | Verdict::Reported | Verdict::Open(_)
            )
        };
        self.0.iter().all(good)
    }

    /// "3 of 4 claims hold", and, where there are any, how many are not resolved, how many were not measured and how many
    /// trends are reported.
    #[must_use]
    pub fn tally(&self) -> String {
        let count = |of: fn(&Claim) -> bool| self.0.iter().filter(|claim| of(claim)).count();
        let reported = count(|claim| *claim.verdict() == Verdict::Reported);
        let claims = self.0.len() - reported;
        let holding = count(Claim::holds);
        let mut tally = format!("{holding} of {claims} claims hold");
        match self.not_resolved().len() {
            0 => {}
            open => tally += &format!(", {open} not resolved"),
        }
        match count(|claim| matches!(claim.verdict(), Verdict::Open(_))) {
            0 => {}
            open => tally += &format!(", {open} open as declared"),
        }
        match self.not_measured().len() {
            0 => {}
            missing => tally += &format!(", {missing} not measured"),
        }
        match reported {
            0 => {}
            1 => tally += ", 1 trend reported",
            some => tally += &format!(", {some} trends reported"),
        }
        tally
    }

    /// The claims as an HTML table with a mark for each: those that matter, and all that neither hold nor are a trend
    /// reported; the others are folded below. Predicted numbers with their tolerance.
    #[must_use]
    pub fn html(&self) -> Html {
        let (shown, folded) = self.fold();
        let mut html = table_of(&shown);
        if !folded.is_empty() {
            let tally = match folded.iter().all(|claim| claim.holds()) {
                true if folded.len() == 1 => "it holds".to_owned(),
                true => "all hold".to_owned(),
                false => {
                    let holding = folded.iter().filter(|claim| claim.holds()).count();
                    let trends = folded.len() - holding;
                    format!("{holding} hold, trends of MNIST reported: {trends}")
                }
            };
            let summary = format!("{} more, {tally}", folded.len());
            html.push(&Html::folded(&summary, &table_of(&folded)));
        }
        html
    }

    /// Those that are shown at once, and those that are folded: where none is called a headline, the first count as such.
    fn fold(&self) -> (Vec<&Claim>, Vec<&Claim>) {
        let named = self.0.iter().any(|claim| claim.is_headline());
        let (mut shown, mut folded) = (Vec::new(), Vec::new());
        for (index, claim) in self.0.iter().enumerate() {
            let headline = match named {
                true => claim.is_headline(),
                false => index < HEADLINES,
            };
            let reported = *claim.verdict() == Verdict::Reported;
            match headline || !(claim.holds() || reported) {
                true => shown.push(claim),
                false => folded.push(claim),
            }
        }
        // Not worth a fold.
        if folded.len() == 1 {
            return (self.0.iter().collect(), Vec::new());
        }
        (shown, folded)
    }

    /// Shows the claims as a table in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

/// Some claims as an HTML table.
fn table_of(claims: &[&Claim]) -> Html {
    let row = |claim: &&Claim| {
        let mark = match claim.verdict() {
            Verdict::Holds => "✓",
            Verdict::Fails => "✗",
            Verdict::NotResolved => "not resolved",
            Verdict::Open(_) => "open",
            Verdict::NotMeasured(_) => "not measured",
            Verdict::Reported => "trend",
        };
        let [predicted, measured] = claim.expected_and_measured();
        vec![claim.words(), predicted, measured, mark.to_owned()]
    };
    let rows: Vec<Vec<String>> = claims.iter().map(row).collect();
    Html::new(html_statements(
        &["claim", "predicted", "measured", "holds"],
        &rows,
    ))
}

impl fmt::Display for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["holds", "predicted", "measured", "tolerance", "claim"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for claim in &self.0 {
            let [predicted, measured, tolerance] = claim.numbers();
            let mark = match claim.verdict() {
                Verdict::Holds => "yes",
                Verdict::Fails => "NO",
                Verdict::NotResolved => "not resolved",
                Verdict::Open(_) => "open",
                Verdict::NotMeasured(_) => "not measured",
                Verdict::Reported => "trend",
            };
            let claim = claim.words();
            rows.push(vec![mark.to_owned(), predicted, measured, tolerance, claim]);
        }
        f.write_str(&aligned(&rows, &[false, true, true, true, false]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_as_text_html_and_json() {
        let claims = Claims::from(vec![
            Claim::equals("a < b", 1.0, 1.02, 0.05),
            Claim::at_least("high", 50.0, f64::INFINITY, 0.0),
        ]);
        assert_eq!(
            claims.to_string(),
            "holds  predicted  measured  tolerance  claim\n\
             yes            1      1.02       0.05  a < b\n\
             NO          ≥ 50         ∞          0  high\n"
        );
        let html = claims.html();
        assert!(html.as_str().contains("a &lt; b") && html.as_str().contains('✗'));
        assert!(html.as_str().contains(">1 ± 0.05<") && !html.as_str().contains("<details>"));
        let json = claims.as_slice()[1].to_json();
        assert_eq!(
            json.to_string(),
            r#"{"claim":"high","predicted":50.0,"measured":"inf","tolerance":0.0,"holds":false,"relation":"≥"}"#
        );
        assert_eq!(claims.failing().len(), 1);
        assert_eq!(claims.tally(), "1 of 2 claims hold");
    }

    #[test]
    fn what_matters_stands_above_the_fold() {
        let claim = |text: &str, measured| Claim::equals(text, 1.0, measured, 0.1);
        let mut all: Vec<Claim> = (0..6).map(|i| claim(&format!("c{i}"), 1.0)).collect();
        let above = |all: &[Claim]| {
            let html = Claims::from(all.to_vec()).html();
            let (above, below) = html.as_str().split_once("<details>").expect("a fold");
            let text = |part: &str| {
                (0..6)
                    .filter(|i| part.contains(&format!(">c{i}<")))
                    .collect()
            };
            let summary = below.split_once("</summary>").expect("a summary").0;
            (text(above), text(below), summary.to_owned())
        };
        let held = "<summary>3 more, all hold".to_owned();
        assert_eq!(above(&all), (vec![0, 1, 2], vec![3, 4, 5], held));
        // A row that fails is never folded, whatever is a headline.
        all[4] = claim("c4", 2.0);
        all[1] = all[1].clone().headline();
        let held = "<summary>4 more, all hold".to_owned();
        assert_eq!(above(&all), (vec![1, 4], vec![0, 2, 3, 5], held));
        all[5] = all[5].clone().trend(false);
        let some = "<summary>4 more, 3 hold, trends of MNIST reported: 1".to_owned();
        assert_eq!(above(&all).2, some);
    }

    #[test]
    fn what_was_not_measured_and_what_is_a_trend_are_told_apart() {
        let claims = Claims::from(vec![
            Claim::equals("a", 1.0, 1.0, 0.0),
            Claim::equals("b", 1.0, f64::NAN, 0.0).not_measured_if(true, "one draw"),
            Claim::at_most("c", 0.1, 0.3, 0.0).trend(false),
            Claim::equals("d", 1.0, 0.9, 2.0).against(0.0, "none"),
        ]);
        assert_eq!(
            claims.to_string(),
            "holds         predicted  measured  tolerance  claim\n\
             yes                   1         1          0  a\n\
             not measured          1         –          0  b [one draw]\n\
             trend                 –       0.3          –  c [claimed on MNIST alone: ≤ 0.1]\n\
             not resolved          1       0.9          2  d [the tolerance does not exclude 0, none]\n"
        );
        let html = claims.html();
        assert!(html.as_str().contains("not measured") && html.as_str().contains("trend"));
        assert_eq!(
            claims.tally(),
            "1 of 3 claims hold, 1 not resolved, 1 not measured, 1 trend reported"
        );
        assert!(claims.failing().is_empty() && !claims.all_hold());
        let [_, _, trend, unresolved] = claims.as_slice() else {
            panic!("four claims");
        };
        let open = unresolved.clone().may_stay_open(true, "two widths");
        let good = Claims::from(vec![trend.clone(), open]);
        assert!(good.all_hold() && good.failing().is_empty());
        assert_eq!(
            good.tally(),
            "0 of 1 claims hold, 1 open as declared, 1 trend reported"
        );
    }
}
