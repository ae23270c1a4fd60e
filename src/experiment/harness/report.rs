//! What a run gives back.

use super::{Claims, Measured, Provenance, Table};
use crate::display::{Html, format_number, json_number};
use crate::plot::{Figure, Motion};

/// A run of an experiment: what was asked, what was found.
///
/// In a notebook it shows the figure, what moves, and below it the claims. Each part can be shown alone:
/// `report.claims`, `report.table`, `report.measured`, `report.figure`.
#[derive(Debug, Clone)]
pub struct Report {
    /// The experiment.
    pub experiment: String,
    /// What computed it: program, engine, processor, data.
    pub provenance: Provenance,
    /// The seed of all its random numbers.
    pub seed: u64,
    /// Every setting with the value used.
    pub settings: serde_json::Map<String, serde_json::Value>,
    /// A sentence for each setting whose value gave way to the data.
    pub gave_way: Vec<String>,
    /// How long the computation took, in seconds.
    pub seconds: f64,
    /// The numbers found, by name.
    pub measured: Measured,
    /// Theory beside measurement.
    pub claims: Claims,
    /// The curves, one observation a row.
    pub table: Table,
    /// The picture.
    pub figure: Figure,
    /// The picture that moves, if there is one.
    pub motion: Option<Motion>,
}

impl Report {
    /// The report as JSON:
    /// `{"experiment", "provenance": {…}, "seed", "settings": {…}, "seconds", "measured": {…}, "claims": […]}`.
    ///
    /// Numbers that are not finite are the strings `"inf"`, `"-inf"`, `"nan"`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let claims: Vec<_> = self
            .claims
            .as_slice()
            .iter()
            .map(|claim| claim.to_json())
            .collect();
        serde_json::json!({
            "experiment": self.experiment,
            "provenance": self.provenance.to_json(),
            "seed": self.seed,
            "settings": self.settings,
            "seconds": json_number(self.seconds),
            "measured": self.measured.to_json(),
            "claims": claims,
        })
    }

    /// The table as CSV, with the seed as its first column: a file that was copied away still says
    /// which run it is.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        self.table.to_csv_with("seed", &self.seed.to_string())
    }

    /// The figure and the claims as HTML. A figure that cannot be drawn gives its error instead.
    #[must_use]
    pub fn html(&self) -> Html {
        let mut html = self.figure.html();
        if let Some(motion) = &self.motion {
            html.push(&motion.html());
        }
        html.push(&self.claims.html());
        html.push(&Html::folded("All numbers", &self.measured.html()));
        html.push(&Html::paragraph(&format!(
            "{}, seed {}, {} s, {}",
            self.experiment,
            self.seed,
            format_number(self.seconds),
            self.provenance.engine
        )));
        for sentence in &self.gave_way {
            html.push(&Html::paragraph(sentence));
        }
        html
    }

    /// Shows the figure and the claims in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::Coin;

    #[test]
    fn json_has_the_stated_layout() {
        let json = Coin::report().to_json();
        let keys: Vec<&String> = json.as_object().expect("an object").keys().collect();
        let stated = [
            "experiment",
            "provenance",
            "seed",
            "settings",
            "seconds",
            "measured",
            "claims",
        ];
        assert_eq!(keys, stated);
        assert_eq!(json["settings"]["rounds"], serde_json::json!([1, 2, 3]));
        assert_eq!(json["measured"]["shares"].as_array().map(Vec::len), Some(3));
        assert!(json["claims"][0]["holds"].as_bool().is_some());
    }

    #[test]
    fn html_has_the_figure_and_the_claims() {
        let report = Coin::report();
        let panels = report.figure.panels.len();
        let html = report.html();
        let html = html.as_str();
        assert_eq!(html.matches("<img").count(), panels, "one a panel");
        assert!(html.contains("the share of heads") && html.contains("coin, seed 1, "));
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
        let run = |seed| Coin::default().run(seed).expect("runs").measured;
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }
}
