//! Tables of chapter 12: how a run of `complexity_correlation` ranks its networks.

use crate::Result;
use crate::display::{Html, format_number, html_table};
use crate::experiment::Report;
use crate::experiment::complexity_correlation::compared;

/// The slide's measures in a run of `complexity_correlation`: the slide's τ, the run's τ, its Ψ, and the standard error of
/// Ψ over repeats ("–" where every network was trained once). Last `spec_orig`, to whose formula one of the slide's
/// numbers belongs.
///
/// # Errors
/// The report is of another experiment.
pub fn beside_the_slide(report: &Report) -> Result<Html> {
    let mut rows = Vec::new();
    for (name, slide) in compared() {
        if slide.is_none() && name != "spec_orig" {
            continue;
        }
        let number = |kind: &str| report.measured.number(&format!("{kind}_{name}"));
        rows.push(vec![
            name.replace('_', " "),
            slide.map_or_else(|| "see below".to_owned(), format_number),
            format_number(number("tau")?),
            format_number(number("psi")?),
            number("psi_se").map_or_else(|_| "–".to_owned(), format_number),
        ]);
    }
    let head = [
        "measure",
        "slide, τ",
        "ours, τ",
        "ours, Ψ",
        "standard error of Ψ over repeats",
    ];
    Ok(Html::new(html_table(&head, &rows)))
}

/// Every measure's sign error in a run of `complexity_correlation`: the share of pairs of networks that it orders wrongly,
/// (1 − τ)/2 over all pairs, and (1 − min ψ)/2 over pairs that differ in one hyper-parameter, in the worst of these.
///
/// # Errors
/// The report is of another experiment.
pub fn sign_errors(report: &Report) -> Result<Html> {
    let row = |(name, _): (&str, Option<f64>)| {
        let number = |kind: &str| report.measured.number(&format!("{kind}_{name}"));
        Ok(vec![
            name.replace('_', " "),
            format_number(number("sign_error")?),
            format_number(number("worst_sign_error")?),
        ])
    };
    let rows: Vec<Vec<String>> = compared().map(row).collect::<Result<_>>()?;
    let head = [
        "measure",
        "sign error over all pairs",
        "in the worst hyper-parameter",
    ];
    Ok(Html::new(html_table(&head, &rows)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Coin;
    use crate::experiment::complexity_correlation::ComplexityCorrelation;

    #[test]
    fn the_slides_numbers_stand_beside_the_runs() {
        let report = ComplexityCorrelation::quick().run(1).expect("a quick run");
        let html = beside_the_slide(&report).expect("its report");
        let html = html.as_str();
        let path = report.measured.number("tau_path_norm").expect("measured");
        for number in [-0.263, -0.537, 0.073, 0.373, path] {
            assert!(html.contains(&format_number(number)), "{number}: {html}");
        }
        assert_eq!(html.matches("<tr").count(), 6);
        let coin = Coin::default().run(1).expect("a coin");
        assert!(beside_the_slide(&coin).is_err() && sign_errors(&coin).is_err());
        let errors = sign_errors(&report).expect("its report");
        assert_eq!(errors.as_str().matches("<tr").count(), 10);
    }
}
