//! Feedback for one student: a page that needs nothing else.

use maud::{DOCTYPE, Markup, PreEscaped, html as page};

use crate::display::format_number;
use crate::exercise::Visibility;
use crate::grade::{CheckResult, ExerciseResult, Grade};

/// The page, with the checks that `shown` allows; of the others only how many passed.
#[must_use]
pub fn html(grade: &Grade, shown: Visibility) -> String {
    let title = format!(
        "{}: {} of {} points",
        grade.submission, grade.points, grade.out_of
    );
    let body = page! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                @for finding in &grade.findings { p.finding { (finding) } }
                (overview(grade))
                @for exercise in &grade.exercises { (one(exercise, shown)) }
                footer {
                    "Confinement: " (grade.confinement) ". " (grade.toolchain) ". Checks "
                    code { (grade.grader_hash.chars().take(12).collect::<String>()) }
                    ", submission "
                    code { (grade.submission_hash.chars().take(12).collect::<String>()) } "."
                }
            }
        }
    };
    body.into_string()
}

fn overview(grade: &Grade) -> Markup {
    page! {
        table {
            thead { tr { th { "exercise" } th { "about" } th.number { "points" } th.number { "of" } } }
            tbody {
                @for exercise in &grade.exercises {
                    tr {
                        td { a href={ "#" (exercise.id) } { (exercise.id) } }
                        td { (exercise.title) }
                        td.number data-label="points" { (exercise.points) }
                        td.number data-label="of" { (exercise.out_of) }
                    }
                }
            }
        }
    }
}

fn one(exercise: &ExerciseResult, shown: Visibility) -> Markup {
    let (passed, unseen) = exercise.unseen(shown);
    let number = |x: Option<f64>| x.map_or("–".to_owned(), format_number);
    // On the grader's own inputs there is no tolerance, and of the error an order of magnitude.
    let error = |check: &CheckResult| match (check.relative_error, check.tolerance) {
        (Some(error), None) => format!("about {}", format_number(error)),
        (error, _) => number(error),
    };
    page! {
        section id=(exercise.id) {
            h2 {
                (exercise.title) " " small { (exercise.id) ", " (exercise.points) " of " (exercise.out_of) " points" }
            }
            @if let Some(cell) = &exercise.cell {
                p { "Graded: " (cell) "." @for note in &exercise.notes { " " (note) "." } }
            }
            @if let Some(finding) = &exercise.finding {
                pre.finding { (finding) }
            } @else {
                table {
                    thead { tr {
                        th { "check" } th { "asks" } th { "expected" } th { "got" }
                        th.number { "relative error" } th.number { "tolerance" } th.number { "points" }
                    } }
                    tbody {
                        @for check in exercise.checks.iter().filter(|check| check.is_shown(shown)) {
                            tr class=(if check.passed { "passed" } else { "lost" }) {
                                td { (if check.passed { "✓ " } else { "✗ " }) (check.name) }
                                td data-label="asks" { (check.asks) }
                                td data-label="expected" { (check.expected) }
                                td data-label="got" { (check.got) }
                                td.number data-label="relative error" { (error(check)) }
                                td.number data-label="tolerance" { (number(check.tolerance)) }
                                td.number data-label="points" { (check.points) " / " (check.out_of) }
                            }
                        }
                    }
                }
                @if unseen > 0 {
                    p { (passed) " of " (unseen) " checks not shown here passed." }
                }
            }
        }
    }
}

/// On a narrow screen a row becomes a card, each line under its column's name.
const STYLE: &str = "
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h1{font-size:1.5rem;overflow-wrap:break-word}h2{font-size:1.15rem;margin-top:2rem}h2 small{font-weight:normal;color:#666}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .7rem;border-bottom:1px solid #ddd;vertical-align:top}
th,td:first-child{white-space:nowrap}td{overflow-wrap:break-word}
.number{text-align:right;white-space:nowrap}.lost td:first-child{color:#b3400a;font-weight:600}.passed td:first-child{color:#00693e}
.finding{border-left:4px solid #D55E00;padding:.4rem .8rem;background:#fdf3ec;white-space:pre-wrap;overflow-wrap:break-word}
footer{margin-top:3rem;color:#666;font-size:.85rem}
@media(max-width:52rem){thead{display:none}table,tbody,tr,td{display:block;width:auto}
tr{border-bottom:1px solid #ddd;padding:.5rem 0}td,td.number{border:0;padding:.1rem 0;text-align:left;white-space:normal}
td[data-label]::before{content:attr(data-label) ': ';color:#666}}";
