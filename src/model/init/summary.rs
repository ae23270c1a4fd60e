//! All schemes in one table, in the letters of the tutorial.

use super::{Init, Ratio};
use crate::display::{Html, html_table};

/// A scheme in the letters of the tutorial: an L-layer network h = (1/α) X_L σ(X_{L−1} … σ(X_1 a))
/// from p inputs through layers of width m to one output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Betas {
    /// β₁², the variance of the first layer's weights.
    pub first: String,
    /// β², of the hidden layers'.
    pub hidden: String,
    /// β_L², of the last layer's.
    pub last: String,
    /// α, the number that the output is divided by.
    pub alpha: String,
}

impl Init {
    /// The scheme as a row of the tutorial's table, written with p and m.
    ///
    /// Multipliers of the first and the hidden layers, where there are any, are in α too: ReLU is
    /// homogeneous, so that the function is the same wherever the multipliers stand.
    ///
    /// ```
    /// use dltheory::model::Init;
    /// let row = Init::MEAN_FIELD.betas();
    /// assert_eq!([&row.first, &row.hidden, &row.last, &row.alpha], ["1", "1", "1", "m"]);
    /// ```
    #[must_use]
    pub fn betas(&self) -> Betas {
        let rules = [
            (self.first, "p", "m", ""),
            (self.hidden, "m", "m", "^(L−2)"),
            (self.last, "m", "1", ""),
        ];
        let variance = rules.map(|(rule, fan_in, out, _)| rule.variance.formula(fan_in, out));
        let factors = rules.iter().filter_map(|(rule, fan_in, out, power)| {
            let divisor = inverse(rule.multiplier, fan_in, out);
            (divisor != "1").then(|| match power.is_empty() {
                true => divisor,
                false => format!("({divisor}){power}"),
            })
        });
        let alpha = factors.collect::<Vec<String>>().join("·");
        let [first, hidden, last] = variance;
        Betas {
            first,
            hidden,
            last,
            alpha: if alpha.is_empty() {
                "1".to_owned()
            } else {
                alpha
            },
        }
    }
}

/// 1/ratio as text.
fn inverse(ratio: Ratio, fan_in: &str, fan_out: &str) -> String {
    let formula = ratio.formula(fan_in, fan_out);
    match formula.split_once('/') {
        None if formula == "1" => formula,
        None => format!("1/{formula}"),
        Some(("1", size)) => size.to_owned(),
        Some((factor, size)) => format!("{size}/{factor}"),
    }
}

/// The schemes of the tutorial's slide "Summary on initialization" (its first six rows) and the
/// others of this crate, each with β₁², β², β_L² and α.
///
/// [`Init::e_et_al`] has a free constant β_c; its row says so.
///
/// ```
/// use dltheory::model::init::init_table;
/// assert!(init_table().as_str().contains(">2/(p + m)<"));
/// ```
///
/// # Reference
/// "Neural networks: the good, the bad, the ugly" (ICASSP 2023), "Summary on initialization"; its
/// table is right as printed. The sources are those of [`Init`].
#[must_use]
pub fn init_table() -> Html {
    let e = Betas {
        last: "β_c²".to_owned(),
        ..Init::e_et_al(1.0).betas()
    };
    let named = [
        Init::LECUN,
        Init::HE,
        Init::NTK,
        Init::XAVIER,
        Init::MEAN_FIELD,
    ];
    let more = [
        Init::HE_UNIFORM,
        Init::XAVIER_UNIFORM,
        Init::ORTHOGONAL,
        Init::NTK_PARAMETRISED,
    ];
    let row = |init: &Init| (init.name, init.betas());
    let rows = named.iter().map(row);
    let rows = rows.chain([(Init::e_et_al(1.0).name, e)]);
    let rows = rows.chain(more.iter().map(row));
    let rows: Vec<Vec<String>> = rows
        .map(|(name, b)| vec![name.to_owned(), b.first, b.hidden, b.last, b.alpha])
        .collect();
    Html::new(html_table(
        &["initialisation", "β₁²", "β²", "β_L²", "α"],
        &rows,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row by row as the slide prints them.
    #[test]
    fn the_table_is_that_of_the_slide() {
        for (init, row) in [
            (Init::LECUN, ["1/p", "1/m", "1/m", "1"]),
            (Init::HE, ["2/p", "2/m", "2/m", "1"]),
            (Init::NTK, ["2/m", "2/m", "1", "1"]),
            (Init::XAVIER, ["2/(p + m)", "1/m", "2/(m + 1)", "1"]),
            (Init::MEAN_FIELD, ["1", "1", "1", "m"]),
            (Init::e_et_al(0.5), ["1", "1", "0.25", "1"]),
            (Init::ORTHOGONAL, ["1/max(p, m)", "1/m", "1/m", "1"]),
        ] {
            let Betas {
                first,
                hidden,
                last,
                alpha,
            } = init.betas();
            assert_eq!([first, hidden, last, alpha], row, "{}", init.name);
        }
    }

    /// α of the parametrised scheme: √(p/2)·√(m/2)^(L−2)·√m.
    #[test]
    fn multipliers_of_all_layers_are_in_alpha() {
        let betas = Init::NTK_PARAMETRISED.betas();
        assert_eq!(betas.alpha, "√p/√2·(√m/√2)^(L−2)·√m");
        assert_eq!(init_table().as_str().matches("</tr>").count(), 11);
    }
}
