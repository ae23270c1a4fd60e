//! `run` and `figures`: run one experiment or all, write files, tell what the claims say.
//!
//! With `--check` a failing claim is an error. So is one that could not be measured or resolved, where the settings
//! are the default or the quick ones and the data built in: there everything can be.

use std::panic::AssertUnwindSafe;

use super::args::Options;
use super::console::Console;
use crate::data::Source;
use crate::display::{aligned, format_number};
use crate::engine;
use crate::experiment::{Claims, Experiment, Report, find_in};
use crate::{Error, Result};

/// Runs one experiment. `false` if a claim does not hold and was to be checked.
pub(super) fn one(
    experiments: &[Experiment],
    id: &str,
    set: Vec<(String, String)>,
    options: &Options,
    console: &mut Console,
) -> Result<bool> {
    let experiment = find_in(experiments, id)?;
    let strict = set.is_empty();
    let plan = options.plan(set);
    (experiment.check)(&plan)?;
    let data = options.prepare(console)?;
    let strict = strict && data == Source::Sample;
    let report = (experiment.run)(&plan, &options.context(&data, id))?;
    for sentence in &report.gave_way {
        console.tell("note", &format!("{id}: {sentence}"));
    }
    let files = report.write(&options.out)?;
    let wrote = [files.csv, files.svg, files.json]
        .into_iter()
        .chain(files.motion);
    let wrote = wrote.map(|file| format!("wrote {}\n", file.display()));
    console.print(&format!(
        "{id}, seed {}, {} s\n{}\n\n{}\n{}\n{}",
        report.seed,
        format_number(report.seconds),
        engine::about().in_full(),
        report.claims,
        report.claims.tally(),
        wrote.collect::<String>(),
    ))?;
    if options.check {
        name_failing("error", id, &report.claims, strict, console);
    }
    Ok(good(&report.claims, strict) || !options.check)
}

/// Whether no claim fails and, if `strict`, each was measured and resolved.
fn good(claims: &Claims, strict: bool) -> bool {
    if strict {
        claims.all_hold()
    } else {
        claims.failing().is_empty()
    }
}

/// Runs every experiment. `false` if one failed, or a claim does not hold and was to be checked.
pub(super) fn all(
    experiments: &[Experiment],
    options: &Options,
    console: &mut Console,
) -> Result<bool> {
    let data = options.prepare(console)?;
    let head = ["experiment", "seconds", "claims", "files"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let strict = data == Source::Sample;
    let (mut all_good, mut total) = (true, 0.0);
    for experiment in experiments {
        let id = experiment.about.id;
        let [seconds, claims, files] = match guarded(experiment, options, &data, true) {
            Ok(report) => {
                let kind = if options.check { "error" } else { "note" };
                name_failing(kind, id, &report.claims, strict, console);
                for sentence in &report.gave_way {
                    console.tell("note", &format!("{id}: {sentence}"));
                }
                all_good &= good(&report.claims, strict) || !options.check;
                total += report.seconds;
                let (seconds, claims) = (format!("{:.1}", report.seconds), report.claims.tally());
                if !options.no_progress {
                    console.tell("done", &format!("{id}, {seconds} s, {claims}"));
                }
                [seconds, claims, "written".to_owned()]
            }
            Err(reason) => {
                console.tell("error", &format!("{id}: {reason}"));
                all_good = false;
                [String::new(), String::new(), "FAILED".to_owned()]
            }
        };
        rows.push(vec![id.to_owned(), seconds, claims, files]);
    }
    rows.push(vec!["total".to_owned(), format!("{total:.1}")]);
    console.print(&aligned(&rows, &[false, true]))?;
    console.print(&format!("{}\n", engine::about().in_full()))?;
    Ok(all_good)
}

/// Runs one experiment of many, and writes its files if asked: neither an error nor a panic may stop the others.
pub(super) fn guarded(
    experiment: &Experiment,
    options: &Options,
    data: &Source,
    write: bool,
) -> std::result::Result<Report, String> {
    let run = || {
        let context = options.context(data, experiment.about.id);
        let report = (experiment.run)(&options.plan(Vec::new()), &context)?;
        if write {
            report.write(&options.out)?;
        }
        Ok(report)
    };
    match std::panic::catch_unwind(AssertUnwindSafe(run)) {
        Ok(result) => result.map_err(|error: Error| error.to_string()),
        Err(_) => Err("it panicked, which is a bug".to_owned()),
    }
}

/// Names the claims that fail, each with its numbers, and if `strict` those that were not measured or resolved.
fn name_failing(kind: &str, id: &str, claims: &Claims, strict: bool, console: &mut Console) {
    if strict {
        for claim in claims.not_measured() {
            console.tell(kind, &format!("{id}: not measured: {}", claim.words()));
        }
        for claim in claims.not_resolved() {
            console.tell(kind, &format!("{id}: not resolved: {}", claim.words()));
        }
    }
    for claim in claims.failing() {
        let [predicted, measured, tolerance] = claim.numbers();
        let sentence = format!(
            "{id}: this claim does not hold: {} (predicted {predicted}, measured {measured}, \
             tolerance {tolerance})",
            claim.text()
        );
        console.tell(kind, &sentence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Coin, Plan};

    /// One experiment under another name and with other defaults.
    macro_rules! coin {
        ($id:literal, $($setting:literal = $value:literal)?) => {{
            let mut experiment = Experiment::of::<Coin>();
            experiment.about.id = $id;
            experiment.run = |plan, context| {
                let set = vec![$(($setting.to_owned(), $value.to_owned()))?];
                let plan = Plan { set, ..plan.clone() };
                let mut report = (Experiment::of::<Coin>().run)(&plan, context)?;
                report.experiment = $id.to_owned();
                Ok(report)
            };
            experiment
        }};
    }

    struct Outcome {
        result: Result<bool>,
        out: String,
        err: String,
        files: Vec<String>,
    }

    fn with_console(
        check: bool,
        act: impl FnOnce(&Options, &mut Console) -> Result<bool>,
    ) -> Outcome {
        let dir = tempfile::tempdir().expect("a folder");
        let options = Options::of_a_test(&dir.path().join("new"), check);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut console = Console {
            out: &mut out,
            err: &mut err,
        };
        let result = act(&options, &mut console);
        let mut files: Vec<String> = std::fs::read_dir(&options.out)
            .into_iter()
            .flatten()
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into()
            })
            .collect();
        files.sort();
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let (out, err) = (text(out), text(err));
        Outcome {
            result,
            out,
            err,
            files,
        }
    }

    fn run(check: bool, set: &[(&str, &str)]) -> Outcome {
        let own = |(a, b): &(&str, &str)| (a.to_string(), b.to_string());
        let set = set.iter().map(own).collect();
        with_console(check, |options, console| {
            one(&[Experiment::of::<Coin>()], "coin", set, options, console)
        })
    }

    #[test]
    fn a_run_prints_its_claims_and_its_files() {
        let outcome = run(true, &[]);
        assert!(matches!(outcome.result, Ok(true)) && outcome.err.is_empty());
        assert_eq!(outcome.files, ["coin"]);
        for part in ["coin, seed 1, ", "yes ", "1 of 1 claims hold", "coin.csv\n"] {
            assert!(outcome.out.contains(part), "{part:?} in {}", outcome.out);
        }
    }

    #[test]
    fn a_failing_claim_matters_only_when_checked() {
        let shift = [("shift", "0.5")];
        let outcome = run(false, &shift);
        assert!(matches!(outcome.result, Ok(true)) && outcome.err.is_empty());
        assert!(outcome.out.contains("NO ") && outcome.out.contains("0 of 1"));
        let outcome = run(true, &shift);
        assert!(matches!(outcome.result, Ok(false)), "{:?}", outcome.result);
        assert!(
            outcome
                .err
                .starts_with("error: coin: this claim does not hold: the share")
        );
        assert_eq!(outcome.files, ["coin"]);
    }

    #[test]
    fn what_is_not_measured_is_an_error_where_all_can_be_measured() {
        let outcome = run(true, &[("fate", "lose")]);
        assert!(matches!(outcome.result, Ok(true)) && outcome.err.is_empty());
        assert!(
            outcome.out.contains("0 of 1 claims hold, 1 not measured")
                && outcome.out.contains("[the coin is lost]")
        );
        let outcome = with_console(true, |options, console| {
            all(&[coin!("lost", "fate" = "lose")], options, console)
        });
        assert!(matches!(outcome.result, Ok(false)), "{:?}", outcome.result);
        assert!(
            outcome
                .err
                .starts_with("error: lost: not measured: the share"),
            "{}",
            outcome.err
        );
    }

    #[test]
    fn what_is_open_as_declared_is_no_error() {
        let outcome = with_console(true, |options, console| {
            all(&[coin!("open", "fate" = "edge")], options, console)
        });
        assert!(matches!(outcome.result, Ok(true)), "{:?}", outcome.result);
        assert!(!outcome.err.contains("error"), "{}", outcome.err);
        assert!(
            outcome
                .out
                .contains("0 of 1 claims hold, 1 open as declared")
        );
    }

    #[test]
    fn a_bad_setting_makes_no_folder_and_of_two_the_last_wins() {
        let outcome = run(false, &[("throws", "0")]);
        let error = outcome.result.expect_err("out of range");
        assert_eq!(
            error.to_string(),
            "setting `throws` is `0`, expected a whole number from 1 to 10000"
        );
        assert!(outcome.files.is_empty());
        let outcome = run(true, &[("shift", "0.9"), ("shift", "0")]);
        assert!(matches!(outcome.result, Ok(true)), "{:?}", outcome.result);
    }

    #[test]
    fn figures_go_on_after_a_failure() {
        let experiments = [
            coin!("one", "fate" = "fail"),
            coin!("two", "fate" = "panic"),
            coin!("three", "shift" = "0.5"),
            coin!("four",),
        ];
        let outcome = with_console(false, |options, console| {
            all(&experiments, options, console)
        });
        assert!(matches!(outcome.result, Ok(false)), "{:?}", outcome.result);
        assert_eq!(outcome.files, ["four", "three"]);
        let told: Vec<&str> = outcome.err.lines().collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told[0].starts_with("error: one: round") || told[0].starts_with("error: one: coin")
        );
        assert!(told[1].starts_with("error: two: it panicked"));
        assert!(told[2].starts_with("note: three: this claim does not hold"));
        let lines: Vec<Vec<&str>> = outcome
            .out
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(lines[0], ["experiment", "seconds", "claims", "files"]);
        assert_eq!(lines[1], ["one", "FAILED"]);
        assert_eq!(lines[3][2..], ["0", "of", "1", "claims", "hold", "written"]);
        assert_eq!(lines[5][0], "total");
    }

    #[test]
    fn figures_check_claims_only_when_asked() {
        let experiments = [coin!("three", "shift" = "0.5"), coin!("four",)];
        let good = |check| {
            with_console(check, |options, console| {
                all(&experiments, options, console)
            })
            .result
        };
        assert!(matches!(good(false), Ok(true)));
        assert!(matches!(good(true), Ok(false)));
    }
}
