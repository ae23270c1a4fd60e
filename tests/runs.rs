//! What a run leaves behind, whatever ends it and whatever else runs; and how two runs compare.

#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

use serde_json::Value;

/// The experiment that is done soonest.
const ID: &str = "isoperimetry";

fn run(out: &Path, seed: u64) -> Child {
    Command::new(env!("CARGO_BIN_EXE_dltheory"))
        .args([
            "run",
            ID,
            "--quick",
            "--no-progress",
            "--seed",
            &seed.to_string(),
            "--out",
        ])
        .arg(out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

fn json(out: &Path) -> Value {
    let text = fs::read_to_string(out.join(ID).join(format!("{ID}.json"))).expect("a report");
    serde_json::from_str(&text).expect("JSON")
}

/// The seed of the result in `out`, if there is one; its three files must be of one run.
fn seed(out: &Path) -> Option<u64> {
    let place = out.join(ID);
    if !place.exists() {
        return None;
    }
    let seed = json(out)["seed"].as_u64().expect("a seed");
    let csv = fs::read_to_string(place.join(format!("{ID}.csv"))).expect("a table");
    assert!(csv.ends_with('\n') && csv.lines().count() > 3);
    let mut rows = csv.lines().skip(1);
    assert!(
        rows.all(|row| row.starts_with(&format!("{seed},"))),
        "seeds are mixed"
    );
    let svg = fs::read_to_string(place.join(format!("{ID}.svg"))).expect("a figure");
    assert!(svg.trim_end().ends_with("</svg>"));
    Some(seed)
}

fn names(out: &Path) -> Vec<String> {
    let entries = fs::read_dir(out).expect("a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect()
}

#[test]
fn a_run_that_is_killed_leaves_one_run_whole_and_nothing_for_ever() {
    let dir = tempfile::tempdir().expect("a folder");
    let out = dir.path();
    let start = Instant::now();
    assert!(run(out, 0).wait().expect("ends").success());
    let whole = start.elapsed();
    let mut before = seed(out);
    for round in 1..=100_u32 {
        let mut child = run(out, u64::from(round));
        // From the start to somewhat beyond the end, most often where files are written.
        std::thread::sleep(whole.mul_f64(0.7 + 0.005 * f64::from(round * 37 % 100)));
        child.kill().expect("kills");
        child.wait().expect("ends");
        let now = seed(out);
        assert!(
            now == before || now == Some(u64::from(round)),
            "{before:?}, then {now:?}"
        );
        before = now;
    }
    assert!(run(out, 7).wait().expect("ends").success());
    assert_eq!((seed(out), names(out)), (Some(7), vec![ID.to_owned()]));
}

#[test]
fn two_runs_into_one_folder_never_mix() {
    let dir = tempfile::tempdir().expect("a folder");
    for round in 0..25 {
        let mut both = [run(dir.path(), 2 * round), run(dir.path(), 2 * round + 1)];
        for child in &mut both {
            assert!(child.wait().expect("ends").success());
        }
        assert!(seed(dir.path()).is_some_and(|seed| seed / 2 == round));
        assert_eq!(names(dir.path()), [ID]);
    }
}

fn compare(a: &Path, b: &Path) -> Output {
    let report = |out: &Path| out.join(ID).join(format!("{ID}.json"));
    Command::new(env!("CARGO_BIN_EXE_dltheory"))
        .args([
            "compare".as_ref(),
            report(a).as_os_str(),
            report(b).as_os_str(),
        ])
        .output()
        .expect("the program starts")
}

#[test]
fn runs_are_compared_by_the_tolerances_of_their_claims() {
    let dir = tempfile::tempdir().expect("a folder");
    let [one, two, other] = ["one", "two", "other"].map(|name| dir.path().join(name));
    for (out, seed) in [(&one, 1), (&two, 1), (&other, 2)] {
        assert!(run(out, seed).wait().expect("ends").success());
    }
    let same = compare(&one, &two);
    let told = String::from_utf8(same.stdout).expect("UTF-8");
    assert_eq!(same.status.code(), Some(0), "{told}");
    assert!(
        told.contains("same program, data, engine") && !told.contains("DIFFERS"),
        "{told}"
    );
    assert!(!told.contains("largest relative difference"), "{told}");

    // Another seed measures other numbers, within the tolerances.
    let seeds = compare(&one, &other);
    let told = String::from_utf8(seeds.stdout).expect("UTF-8");
    assert_eq!(seeds.status.code(), Some(0), "{told}");
    assert!(
        told.lines()
            .any(|line| line.split_whitespace().eq(["seed", "1", "2"])),
        "{told}"
    );

    // A number outside them.
    let path = other.join(ID).join(format!("{ID}.json"));
    let mut report = json(&other);
    let claims = report["claims"].as_array_mut().expect("a list");
    let claim = claims
        .iter_mut()
        .find(|claim| claim["relation"] == "=")
        .expect("an equality");
    claim["measured"] = 1e9.into();
    fs::write(&path, report.to_string()).expect("writes");
    let broken = compare(&one, &other);
    let told = String::from_utf8(broken.stdout).expect("UTF-8");
    assert_eq!(broken.status.code(), Some(1), "{told}");
    assert_eq!(told.matches("DIFFERS").count(), 1, "{told}");

    // What is no report is named.
    fs::write(&path, "{}").expect("writes");
    let wrong = compare(&one, &other);
    let told = String::from_utf8(wrong.stderr).expect("UTF-8");
    assert_eq!(wrong.status.code(), Some(1), "{told}");
    assert!(
        told.contains("the JSON file that `dltheory run` writes"),
        "{told}"
    );
}

/// Every result says what computed it.
#[test]
fn a_report_names_its_engine_and_the_processor() {
    let dir = tempfile::tempdir().expect("a folder");
    assert!(run(dir.path(), 1).wait().expect("ends").success());
    let provenance = &json(dir.path())["provenance"];
    let engine = provenance["engine"]["name"].as_str().expect("a name");
    assert!(["OpenBLAS", "faer"].contains(&engine));
    assert!(provenance["data"].is_null(), "no image is read");
}
