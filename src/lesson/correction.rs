//! An error of the slides, tested: the statement as printed fails where the corrected one holds.

use crate::display::{Html, escape, html_statements};
use crate::experiment::Claim;

/// A statement of the slides and its correction, both measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// Where it is printed.
    pub slide: &'static str,
    /// The statement as printed.
    pub printed: Claim,
    /// The correction.
    pub corrected: Claim,
}

impl Correction {
    /// Whether the printed statement fails and the corrected one holds. Only then is it an error, and corrected.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.printed.fails() && self.corrected.holds()
    }

    /// Both as HTML in a box: what a correction looks like everywhere.
    #[must_use]
    pub fn html(&self) -> Html {
        let row = |who: &str, claim: &Claim, as_it_should: bool, mark: &str| {
            let [predicted, measured] = claim.expected_and_measured();
            let mark = match as_it_should {
                true => mark,
                false => "not as it should be",
            };
            vec![
                who.to_owned(),
                claim.words(),
                predicted,
                measured,
                mark.to_owned(),
            ]
        };
        let rows = [
            row("as printed", &self.printed, self.printed.fails(), "fails"),
            row("corrected", &self.corrected, self.corrected.holds(), "✓"),
        ];
        let head = ["", "statement", "predicted", "measured", ""];
        Html::new(format!(
            "<div style=\"border-left:4px solid #CC79A7;padding:2px 12px;margin:8px 0\">\n<p><b>Correction</b>: {}</p>\n{}</div>\n",
            escape(self.slide),
            html_statements(&head, &rows)
        ))
    }

    /// Shows the correction in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_needed() {
        let claim = |measured| Claim::equals("V", 1.0, measured, 0.1);
        let correction = |printed, corrected| Correction {
            slide: "a < b",
            printed: claim(printed),
            corrected: claim(corrected),
        };
        assert!(correction(2.0, 1.0).stands());
        for (printed, corrected) in [(1.0, 1.0), (2.0, 2.0), (2.0, f64::NAN)] {
            let broken = correction(printed, corrected);
            assert!(!broken.stands() && broken.html().as_str().contains("not as it should be"));
        }
        let html = correction(2.0, 1.0).html();
        assert!(html.as_str().contains("a &lt; b") && html.as_str().contains(">fails<"));
    }
}
