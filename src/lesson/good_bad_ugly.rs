//! The tutorial's last table, "Good, bad, ugly", with a measured number for each of its twelve words.

use std::fmt;

use crate::Result;
use crate::display::{Html, aligned, escape, format_number};
use crate::experiment::{Context, Plan, Report, find};

/// A word of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Of what: a row of the table.
    pub of: &'static str,
    /// `good`, `bad` or `ugly`.
    pub side: &'static str,
    /// As it is printed.
    pub word: &'static str,
    /// The experiment that has its number.
    pub experiment: &'static str,
    /// The quantities of that experiment, in the order of their places in `says`.
    pub quantities: &'static [&'static str],
    /// What was measured; `{}` stands for a number, or for a list of them.
    pub says: &'static str,
    /// The notebook where it is, without `.ipynb`.
    pub chapter: &'static str,
}

/// The twelve words, row by row.
pub const WORDS: [Word; 12] = [
    Word {
        of: "kernel methods",
        side: "good",
        word: "analysis",
        experiment: "ntk_convergence",
        quantities: &["slope"],
        says: "the tangent kernel of m neurons nears its limit with exponent {} (theory: −½)",
        chapter: "07_kernels_and_ntk",
    },
    Word {
        of: "kernel methods",
        side: "bad",
        word: "performance",
        experiment: "sparse_parity",
        quantities: &["ntk_error"],
        says: "of a product of two signs a tangent kernel gets the share {} wrong (a coin: 0.5)",
        chapter: "07_kernels_and_ntk",
    },
    Word {
        of: "kernel methods",
        side: "ugly",
        word: "curse of dimensionality",
        experiment: "function_spaces",
        quantities: &["neurons", "dimension", "frozen_risk"],
        says: "{} neurons with frozen directions on a sphere in {} dimensions leave the share {} of the mean square of one further neuron unlearned",
        chapter: "08_initialisation_and_lazy_training",
    },
    Word {
        of: "neural networks",
        side: "good",
        word: "performance",
        experiment: "sparse_parity",
        quantities: &["network_error"],
        says: "of the same products a trained network gets the share {} wrong",
        chapter: "07_kernels_and_ntk",
    },
    Word {
        of: "neural networks",
        side: "bad",
        word: "analysis",
        experiment: "vc_dimension",
        quantities: &["network_bound_at_digits"],
        says: "for a network on the digits, the bound on its test error from counted labellings is {}: above 1 it says nothing",
        chapter: "10_rademacher",
    },
    Word {
        of: "neural networks",
        side: "ugly",
        word: "over-parameterization",
        experiment: "random_sign_capacity",
        quantities: &["test_error_random_labels"],
        says: "the network that learns digits fits random labels too, and then gets the share {} of test labels wrong (a coin: 0.5)",
        chapter: "10_rademacher",
    },
    Word {
        of: "robustness",
        side: "good",
        word: "width",
        experiment: "lazy_training",
        quantities: &["slope"],
        says: "relative to their size, weights move like m to the power {} (lazy, mean field)",
        chapter: "08_initialisation_and_lazy_training",
    },
    Word {
        of: "robustness",
        side: "bad",
        word: "depth",
        experiment: "lipschitz_bounds",
        quantities: &["product_growth_per_layer", "gradient_growth_per_layer"],
        says: "a layer multiplies the bound on slopes by {}, the gradient itself by {}",
        chapter: "09_robustness_width_depth_init",
    },
    Word {
        of: "robustness",
        side: "ugly",
        word: "initialization",
        experiment: "perturbation_stability",
        quantities: &["constant"],
        says: "the mean squared input gradient under LeCun, He and NTK is {}",
        chapter: "09_robustness_width_depth_init",
    },
    Word {
        of: "generalization",
        side: "good",
        word: "benign overfitting",
        experiment: "benign_network",
        quantities: &["clean_error_high"],
        says: "a network that fits every flipped label is wrong on the share {} of test points with true labels",
        chapter: "11_overfitting_regimes",
    },
    Word {
        of: "generalization",
        side: "bad",
        word: "catastrophic overfitting",
        experiment: "overfitting_regimes",
        quantities: &["polynomial_median_excess"],
        says: "the median excess risk of the polynomial through noise of variance 1 is {}",
        chapter: "11_overfitting_regimes",
    },
    Word {
        of: "generalization",
        side: "ugly",
        word: "model complexity",
        experiment: "complexity_correlation",
        quantities: &["tau_n_parameters"],
        says: "the number of weights ranks networks by their gap with τ = {}",
        chapter: "12_complexity_measures",
    },
];

/// The table with its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct GoodBadUgly(Vec<(Word, String)>);

/// Runs the experiments behind the table at their quick sizes, once each, from `seed`.
///
/// # Errors
/// A run fails, or does not measure its quantity.
pub fn good_bad_ugly(seed: u64) -> Result<GoodBadUgly> {
    let plan = Plan {
        seed,
        quick: true,
        set: Vec::new(),
    };
    let context = Context::default();
    let mut reports: Vec<Report> = Vec::new();
    let mut rows = Vec::new();
    for word in WORDS {
        let known = reports
            .iter()
            .position(|report| report.experiment == word.experiment);
        let at = match known {
            Some(at) => at,
            None => {
                reports.push((find(word.experiment)?.run)(&plan, &context)?);
                reports.len() - 1
            }
        };
        let mut says = word.says.to_owned();
        for quantity in word.quantities {
            let numbers = reports[at].measured.list(quantity)?;
            let numbers: Vec<String> = numbers.iter().map(|x| rounded(*x)).collect();
            says = says.replacen("{}", &numbers.join(", "), 1);
        }
        rows.push((word, says));
    }
    Ok(GoodBadUgly(rows))
}

/// Two digits: these are quick runs.
fn rounded(x: f64) -> String {
    let scale = 10f64.powf(1.0 - x.abs().log10().floor());
    match scale.is_finite() {
        true => format_number((x * scale).round() / scale),
        false => format_number(x),
    }
}

impl GoodBadUgly {
    /// The words and what was measured.
    #[must_use]
    pub fn rows(&self) -> &[(Word, String)] {
        &self.0
    }

    /// The table, each word with its number and a link to its chapter; on a narrow page the cells of a row go below each
    /// other.
    #[must_use]
    pub fn html(&self) -> Html {
        let mut html = String::new();
        for row in self.0.chunk_by(|a, b| a.0.of == b.0.of) {
            html += "<div style=\"display:flex;flex-wrap:wrap;gap:4px 24px;padding:8px 0;border-bottom:1px solid #88888855\">\n";
            html += &format!(
                "<div style=\"flex:0 0 9em;font-weight:bold\">{}</div>\n",
                escape(row[0].0.of)
            );
            for (word, says) in row {
                let (side, printed, says) = (word.side, escape(word.word), escape(says));
                let number: String = word
                    .chapter
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                html += &format!(
                    "<div style=\"flex:1 1 14em\"><b>{side}: {printed}</b><br>{says} <a href=\"{}.ipynb\">(chapter {number})</a></div>\n",
                    word.chapter
                );
            }
            html += "</div>\n";
        }
        Html::new(html)
    }

    /// Shows the table in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

impl fmt::Display for GoodBadUgly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![
            ["of", "", "word", "measured", "by"]
                .map(str::to_owned)
                .to_vec(),
        ];
        for (word, says) in &self.0 {
            let cells = [word.of, word.side, word.word, says, word.experiment];
            rows.push(cells.map(str::to_owned).to_vec());
        }
        f.write_str(&aligned(&rows, &[false; 5]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_number_and_a_chapter() {
        let table = good_bad_ugly(1).expect("quick runs measure what the table needs");
        assert_eq!(table.rows().len(), 12);
        for (word, says) in table.rows() {
            assert!(
                !says.contains("{}") && says.chars().any(|c| c.is_ascii_digit()),
                "{says}"
            );
            let notebook = format!(
                "{}/notebooks/{}.ipynb",
                env!("CARGO_MANIFEST_DIR"),
                word.chapter
            );
            assert!(std::path::Path::new(&notebook).is_file(), "{notebook}");
            assert!(["good", "bad", "ugly"].contains(&word.side));
        }
        assert!(
            table
                .html()
                .as_str()
                .contains("09_robustness_width_depth_init.ipynb")
        );
        println!("{table}");
    }

    #[test]
    fn numbers_have_two_digits() {
        assert_eq!(
            [rounded(0.012345), rounded(-1234.0), rounded(0.0)],
            ["0.012", "-1200", "0"]
        );
    }
}
