//! `figures --seeds`: how often does a claim fail by chance?
//!
//! Every experiment runs with every seed. What the claims of a run came to is kept in `DIR/seeds/ID/SEED.json`, with what
//! computed it: a sweep that was interrupted goes on where it was.

use std::ops::RangeInclusive;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::args::Options;
use super::console::Console;
use super::run::guarded;
use crate::data::Source;
use crate::display::{aligned, format_number, json_number};
use crate::engine;
use crate::experiment::{Claim, Experiment, Progress, Verdict};
use crate::grade::write_whole;
use crate::stats::least;
use crate::{Error, Result};

/// What became of one claim over the seeds.
#[derive(Debug)]
struct Row {
    claim: String,
    fails: usize,
    /// Not resolved or not measured, where both can be.
    open: usize,
    runs: usize,
    /// The smallest margin, and the seed that gave it.
    closest: (f64, u64),
}

/// Runs every experiment with every seed. `false` if one failed, or if a claim did not hold and was to be checked.
pub(super) fn all(
    experiments: &[Experiment],
    options: &Options,
    seeds: &RangeInclusive<u64>,
    console: &mut Console,
) -> Result<bool> {
    let data = options.prepare(console)?;
    let circumstances = circumstances(options, &data)?;
    // With the data built in all can be measured and resolved.
    let open: &[&str] = match data {
        Source::Sample => &["not resolved", "not measured"],
        Source::Folder(_) => &[],
    };
    let progress = match options.no_progress {
        true => Progress::silent(),
        false => Progress::terminal("figures"),
    };
    let each =
        usize::try_from(seeds.end() - seeds.start()).map_or(usize::MAX, |n| n.saturating_add(1));
    progress.start(experiments.len().saturating_mul(each), "runs");
    let mut table = vec![
        ["experiment", "claims", "runs", "fails", "open", "closest"]
            .map(str::to_owned)
            .to_vec(),
    ];
    let mut csv = csv::Writer::from_writer(Vec::new());
    let written = |error: csv::Error| Error::io("seeds.csv", std::io::Error::other(error));
    let head = [
        "experiment",
        "claim",
        "fails",
        "open",
        "runs",
        "smallest_margin",
        "seed",
    ];
    csv.write_record(head).map_err(written)?;
    let mut good = true;
    for experiment in experiments {
        let id = experiment.about.id;
        let mut rows: Vec<Row> = Vec::new();
        for seed in seeds.clone() {
            let options = Options {
                seed,
                // The bar of the sweep is enough.
                no_progress: true,
                ..options.clone()
            };
            let first = seed == *seeds.start();
            match outcome(experiment, &options, &data, first, &circumstances) {
                Ok(claims) => count(&claims, seed, open, &mut rows),
                Err(reason) => {
                    console.tell("error", &format!("{id}, seed {seed}: {reason}"));
                    good = false;
                }
            }
            progress.step();
        }
        for row in &rows {
            let numbers = [row.fails, row.open, row.runs].map(|n| n.to_string());
            let closest = [row.closest.0.to_string(), row.closest.1.to_string()];
            let cells = [id, &row.claim].map(str::to_owned);
            csv.write_record(cells.iter().chain(&numbers).chain(&closest))
                .map_err(written)?;
            if row.fails + row.open > 0 {
                let sentence = format!(
                    "{id}: of {} runs {} fail and {} are open, farthest with seed {}: {}",
                    row.runs, row.fails, row.open, row.closest.1, row.claim
                );
                console.tell(if options.check { "error" } else { "note" }, &sentence);
                good &= !options.check;
            }
        }
        table.push(summary(id, &rows));
    }
    progress.finish();
    let path = options.out.join("seeds.csv");
    let bytes = csv
        .into_inner()
        .map_err(|error| Error::io(&path, error.into_error()))?;
    write_whole(&path, &bytes)?;
    console.print(&aligned(&table, &[false, true, true, true, true, true]))?;
    console.print(&format!("wrote {}\n", path.display()))?;
    Ok(good)
}

/// The line of an experiment.
fn summary(id: &str, rows: &[Row]) -> Vec<String> {
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>().to_string();
    let closest = least(rows.iter().map(|row| row.closest.0));
    let (claims, runs) = (rows.len().to_string(), sum(|row| row.runs));
    let (fails, open) = (sum(|row| row.fails), sum(|row| row.open));
    vec![
        id.to_owned(),
        claims,
        runs,
        fails,
        open,
        format_number(closest),
    ]
}

/// What a kept outcome must have been computed by and from to be taken for a new one.
fn circumstances(options: &Options, data: &Source) -> Result<Value> {
    let program = std::env::current_exe().and_then(std::fs::read);
    let program = program.map_err(|error| Error::io("this program", error))?;
    let program: String = Sha256::digest(&program)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // Not the number of threads: no number depends on it, and another call may hold some back for a moment.
    let engine = engine::about();
    Ok(json!({
        "program": program,
        "quick": options.quick,
        "data": data.load()?.identity().sha256,
        "engine": format!("{} {}, {}", engine.name, engine.version, engine.kernel),
    }))
}

/// The claims of a run: kept ones, or those of a run that is made now.
fn outcome(
    experiment: &Experiment,
    options: &Options,
    data: &Source,
    first: bool,
    circumstances: &Value,
) -> std::result::Result<Vec<Value>, String> {
    let id = experiment.about.id;
    let folder = options.out.join("seeds").join(id);
    let path = folder.join(format!("{}.json", options.seed));
    if (!first || options.out.join(id).is_dir())
        && let Some(claims) = kept(&path, circumstances)
    {
        return Ok(claims);
    }
    let report = guarded(experiment, options, data, first)?;
    let claims: Vec<Value> = report.claims.as_slice().iter().map(became).collect();
    let text = format!(
        "{:#}\n",
        json!({"circumstances": circumstances, "claims": claims})
    );
    std::fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, error).to_string())?;
    write_whole(&path, text.as_bytes()).map_err(|error| error.to_string())?;
    Ok(claims)
}

fn kept(path: &Path, circumstances: &Value) -> Option<Vec<Value>> {
    let kept: Value = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let claims = kept["claims"].as_array()?;
    (kept["circumstances"] == *circumstances).then(|| claims.clone())
}

/// What became of a claim.
fn became(claim: &Claim) -> Value {
    let verdict = match claim.verdict() {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::NotResolved => "not resolved",
        Verdict::Open(_) => "declared open",
        Verdict::NotMeasured(_) => "not measured",
        Verdict::Reported => "reported",
    };
    // Few digits: they are read back as the same number.
    let margin = (1e4 * claim.margin()).round() / 1e4;
    json!({"claim": claim.text(), "verdict": verdict, "margin": json_number(margin)})
}

/// Adds the claims of a run to the rows.
fn count(claims: &[Value], seed: u64, open: &[&str], rows: &mut Vec<Row>) {
    for claim in claims {
        let (text, verdict) = (
            claim["claim"].as_str().unwrap_or_default(),
            &claim["verdict"],
        );
        let margin = match &claim["margin"] {
            Value::String(text) => text.parse().unwrap_or(f64::NAN),
            number => number.as_f64().unwrap_or(f64::NAN),
        };
        let place = rows
            .iter()
            .position(|row| row.claim == text)
            .unwrap_or_else(|| {
                rows.push(Row {
                    claim: text.to_owned(),
                    fails: 0,
                    open: 0,
                    runs: 0,
                    closest: (f64::INFINITY, seed),
                });
                rows.len() - 1
            });
        let row = &mut rows[place];
        row.runs += 1;
        row.fails += usize::from(verdict == "fails");
        row.open += usize::from(open.iter().any(|kind| verdict == kind));
        if margin.is_nan() || margin < row.closest.0 {
            row.closest = (margin, seed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Coin;

    fn sweep(out: &Path, check: bool) -> (bool, String, String) {
        let options = Options::of_a_test(out, check);
        let (mut told, mut err) = (Vec::new(), Vec::new());
        let mut console = Console {
            out: &mut told,
            err: &mut err,
        };
        let good = all(
            &[Experiment::of::<Coin>()],
            &options,
            &(3..=5),
            &mut console,
        );
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let csv = std::fs::read_to_string(out.join("seeds.csv")).expect("written");
        (good.expect("it runs"), text(err), csv)
    }

    #[test]
    fn each_seed_runs_once_and_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path();
        let (good, err, csv) = sweep(out, true);
        assert!(good && err.is_empty(), "{err}");
        assert!(out.join("coin/coin.svg").is_file());
        let line = |csv: &str| csv.lines().nth(1).expect("one claim").to_owned();
        assert!(
            line(&csv).starts_with("coin,") && line(&csv).contains(",0,0,3,"),
            "{csv}"
        );
        let place = out.join("seeds/coin/4.json");
        let change = |from: &str, to: &str| {
            let text = std::fs::read_to_string(&place).expect("kept");
            assert!(text.contains(from), "{text}");
            std::fs::write(&place, text.replace(from, to)).expect("writable");
        };
        // What is kept is not computed again …
        change("\"holds\"", "\"fails\"");
        let (good, err, kept) = sweep(out, true);
        assert!(
            !good && err.starts_with("error: coin: of 3 runs 1 fail and 0 are open"),
            "{err}"
        );
        assert!(line(&kept).contains(",1,0,3,"), "{kept}");
        assert!(sweep(out, false).0);
        // … unless something else computed it.
        change("\"program\": \"", "\"program\": \"0");
        assert_eq!(sweep(out, true).2, csv);
    }
}
