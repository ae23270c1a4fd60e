//! The claims of a run, as text and as HTML.

use std::fmt;

use super::{Claim, text};
use crate::display::{Html, html_table};

/// The claims of one run. `Display` writes an aligned table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims(Vec<Claim>);

impl From<Vec<Claim>> for Claims {
    fn from(claims: Vec<Claim>) -> Self {
        Self(claims)
    }
}

impl Claims {
    /// Adds a claim.
    pub fn push(&mut self, claim: Claim) {
        self.0.push(claim);
    }

    /// The claims in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[Claim] {
        &self.0
    }

    /// The claims that do not hold.
    #[must_use]
    pub fn failing(&self) -> Vec<&Claim> {
        self.0.iter().filter(|claim| !claim.holds()).collect()
    }

    /// Whether every claim holds.
    #[must_use]
    pub fn all_hold(&self) -> bool {
        self.failing().is_empty()
    }

    /// The claims as an HTML table with a mark for each.
    #[must_use]
    pub fn html(&self) -> Html {
        let row = |claim: &Claim| {
            let mark = if claim.holds() { "✓" } else { "✗" };
            std::iter::once(claim.text().to_owned())
                .chain(claim.numbers())
                .chain([mark.to_owned()])
                .collect()
        };
        let rows: Vec<Vec<String>> = self.0.iter().map(row).collect();
        let head = ["claim", "predicted", "measured", "tolerance", "holds"];
        Html::new(html_table(&head, &rows))
    }

    /// Shows the claims as a table in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

impl fmt::Display for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["holds", "predicted", "measured", "tolerance", "claim"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for claim in &self.0 {
            let [predicted, measured, tolerance] = claim.numbers();
            let mark = if claim.holds() { "yes" } else { "NO" };
            let claim = claim.text().to_owned();
            rows.push(vec![mark.to_owned(), predicted, measured, tolerance, claim]);
        }
        f.write_str(&text::aligned(&rows, &[false, true, true, true, false]))
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
        let json = claims.as_slice()[1].to_json();
        assert_eq!(
            json.to_string(),
            r#"{"claim":"high","predicted":50.0,"measured":"inf","tolerance":0.0,"holds":false,"relation":"≥"}"#
        );
        assert_eq!(claims.failing().len(), 1);
    }
}
