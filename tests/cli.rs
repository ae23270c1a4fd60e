//! The program as a user meets it.

#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Settings that run in a moment.
const TINY: &[&str] = &[
    "run",
    "double_descent",
    "--set",
    "n=40",
    "--set",
    "draws=2",
    "--set",
    "points=6",
    "--set",
    "test=60",
    "--set",
    "sgd_epochs=2",
    "--set",
    "max_ratio=2",
];

fn dltheory(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dltheory"));
    command
        .args(args)
        .current_dir(dir)
        .env_remove("DLTHEORY_DATA");
    command
}

fn output(dir: &TempDir, args: &[&str]) -> Output {
    dltheory(dir.path(), args)
        .output()
        .expect("the program starts")
}

fn tiny(dir: &TempDir, more: &[&str]) -> Output {
    output(dir, &[TINY, more].concat())
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn read(dir: &TempDir, path: &str) -> String {
    fs::read_to_string(dir.path().join(path)).expect("a text file")
}

#[test]
fn list_and_show_tell_what_there_is() {
    let dir = folder();
    let list = output(&dir, &["list"]);
    assert_eq!(list.status.code(), Some(0));
    assert!(
        text(&list.stdout)
            .lines()
            .any(|line| line.starts_with("double_descent  "))
    );

    let show = output(&dir, &["show", "double_descent"]);
    assert_eq!(show.status.code(), Some(0));
    let shown = text(&show.stdout);
    for part in [
        "Slide: ",
        "The data allow: n + test: at most 2102 together",
        "n ",
        "600",
        "digits ",
        "3,7",
        "sigma ",
        "max_ratio ",
        "points ",
        "draws ",
        "label_noise ",
        "test ",
        "800",
        "sgd ",
        "sgd_step ",
        "sgd_epochs ",
        "test_mse_se ",
        "bias2 ",
    ] {
        assert!(shown.contains(part), "{part:?} is missing in:\n{shown}");
    }
    assert!(list.stderr.is_empty() && show.stderr.is_empty());
}

#[test]
fn a_run_writes_three_files_and_prints_its_claims() {
    let dir = folder();
    let run = tiny(
        &dir,
        &[
            "--out",
            "results",
            "--no-progress",
            "--seed",
            "18446744073709551615",
        ],
    );
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    assert!(run.stderr.is_empty(), "{}", text(&run.stderr));

    let mut files: Vec<String> = fs::read_dir(dir.path().join("results/double_descent"))
        .expect("the folder was made")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into()
        })
        .collect();
    files.sort();
    assert_eq!(
        files,
        [
            "double_descent.csv",
            "double_descent.json",
            "double_descent.svg"
        ]
    );

    let json: Value =
        serde_json::from_str(&read(&dir, "results/double_descent/double_descent.json"))
            .expect("JSON");
    assert_eq!(json["experiment"], "double_descent");
    assert_eq!(json["seed"], u64::MAX);
    assert_eq!(json["settings"]["n"], 40);
    assert_eq!(json["settings"]["digits"], serde_json::json!([3, 7]));
    assert_eq!(json["settings"]["sigma"], 5.0);
    for name in ["peak_ratio", "peak_over_valley", "kernel_limit_mse"] {
        assert!(
            json["measured"].get(name).is_some(),
            "{name} was not measured"
        );
    }

    let table = read(&dir, "results/double_descent/double_descent.csv");
    let header: Vec<&str> = table
        .lines()
        .next()
        .unwrap_or_default()
        .split(',')
        .collect();
    for column in [
        "solver",
        "columns",
        "ratio",
        "test_mse",
        "test_mse_se",
        "bias2",
        "variance",
        "train_mse",
        "norm",
        "test_error",
    ] {
        assert!(header.contains(&column), "{column} is not in {header:?}");
    }
    assert!(table.lines().count() > 6 && table.contains("min_norm"));

    let printed = text(&run.stdout);
    for part in ["holds", "predicted", "measured", "tolerance", "claims hold"] {
        assert!(printed.contains(part), "{part:?} is missing in:\n{printed}");
    }
    for claim in json["claims"].as_array().expect("a list") {
        let claim = claim["claim"].as_str().expect("text");
        assert!(
            printed.contains(claim),
            "{claim:?} is missing in:\n{printed}"
        );
    }
    for file in files {
        assert!(
            printed.contains(&format!("wrote results/double_descent/{file}\n")),
            "{printed}"
        );
    }
}

#[test]
fn the_numbers_depend_on_the_seed_and_not_on_the_threads() {
    let dir = folder();
    let table = |out: &str, seed: &str, threads: &str| {
        let run = tiny(&dir, &["--out", out, "--seed", seed, "--threads", threads]);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        let csv = read(&dir, &format!("{out}/double_descent/double_descent.csv"));
        assert!(
            csv.lines()
                .skip(1)
                .all(|line| line.starts_with(&format!("{seed},")))
        );
        // The numbers without their seed.
        let rest = |line: &str| line.split_once(',').map(|(_, rest)| rest.to_owned());
        csv.lines().map(rest).collect::<Vec<_>>()
    };
    let one = table("a", "1", "1");
    assert_eq!(one, table("b", "1", "2"));
    assert_ne!(one, table("c", "2", "1"));
}

#[test]
fn check_exits_1_exactly_if_a_claim_does_not_hold() {
    let dir = folder();
    for seed in ["1", "2", "3"] {
        let run = tiny(&dir, &["--check", "--seed", seed, "--no-progress"]);
        let json: Value =
            serde_json::from_str(&read(&dir, "out/double_descent/double_descent.json"))
                .expect("JSON");
        let claims = json["claims"].as_array().expect("a list");
        let failing: Vec<&str> = claims
            .iter()
            .filter(|claim| claim["holds"] == false)
            .map(|claim| claim["claim"].as_str().expect("text"))
            .collect();
        assert_eq!(run.status.code(), Some(i32::from(!failing.is_empty())));
        let told = text(&run.stderr);
        assert_eq!(told.lines().count(), failing.len(), "{told}");
        for claim in failing {
            assert!(told.contains(claim), "{claim:?} is not in {told}");
        }
        // Without --check the same run is a success.
        assert_eq!(tiny(&dir, &["--seed", seed]).status.code(), Some(0));
    }
}

#[test]
fn a_bad_name_or_value_is_one_sentence_and_exit_2() {
    let dir = folder();
    for (args, start) in [
        (
            &["show", "doubledescent"][..],
            "error: unknown experiment `doubledescent`; valid: double_descent",
        ),
        (
            &["run", "duble_descent"],
            "error: unknown experiment `duble_descent`; valid: double_descent",
        ),
        (
            &["run", "double_descent", "--set", "sgima=3"],
            "error: unknown setting `sgima`; valid: sigma, ",
        ),
        (
            &["run", "double_descent", "--set", "n=-3"],
            "error: setting `n` is `-3`, expected a whole number from ",
        ),
        (
            &["run", "double_descent", "--set", "n=1.5"],
            "error: setting `n` is `1.5`, expected a whole number from ",
        ),
        (
            &["run", "double_descent", "--set", "n="],
            "error: setting `n` is empty, expected a whole number from ",
        ),
        (
            &["run", "double_descent", "--set", "sigma=inf"],
            "error: setting `sigma` is `inf`, expected a number ",
        ),
        (
            &["run", "double_descent", "--set", "sigma=x=y"],
            "error: setting `sigma` is `x=y`, expected a number ",
        ),
        (
            &["run", "double_descent", "--set", "digits=3,12"],
            "error: setting `digits` is `12`, expected 2 whole numbers from 0 to 9",
        ),
        (
            &["run", "double_descent", "--set", "digits=3"],
            "error: setting `digits` is `3`, expected 2 whole numbers from 0 to 9",
        ),
        (
            &["run", "double_descent", "--set", "sgd=1"],
            "error: setting `sgd` is `1`, expected true or false",
        ),
    ] {
        let run = output(&dir, args);
        let told = text(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.starts_with(start), "{args:?}: {told}");
        assert!(
            told.ends_with('\n') && told.lines().count() == 1,
            "{args:?}: {told}"
        );
        assert!(run.stdout.is_empty());
    }
    // Nothing was begun.
    assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 0);
}

#[test]
fn bad_options_exit_2_too() {
    let dir = folder();
    for args in [
        &[][..],
        &["frobnicate"],
        &["run"],
        &["run", "double_descent", "--set", "n"],
        &["run", "double_descent", "--seed", "-1"],
        &["run", "double_descent", "--threads", "0"],
        &["figures", "--set", "n=3"],
    ] {
        let run = output(&dir, args);
        assert_eq!(
            run.status.code(),
            Some(2),
            "{args:?}: {}",
            text(&run.stderr)
        );
        assert!(!run.stderr.is_empty() && run.stdout.is_empty(), "{args:?}");
    }
    assert_eq!(output(&dir, &["run", "--help"]).status.code(), Some(0));
}

#[test]
fn a_seed_that_is_none_is_told_the_range() {
    let dir = folder();
    for seed in ["-1", "1.5", "18446744073709551616", "one"] {
        let run = output(&dir, &["run", "double_descent", "--seed", seed]);
        let told = text(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{told}");
        let range = "expected a whole number from 0 to 18446744073709551615";
        assert!(told.contains(seed) && told.contains(range), "{told}");
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_named_and_exit_1() {
    let dir = folder();
    fs::write(dir.path().join("file"), "").expect("writes");
    for (args, name) in [
        (&["--data", "missing"][..], "missing"),
        (&["--data", "file"], "file"),
        (&["--out", "file"], "file"),
        (&["--out", "file/deeper"], "deeper"),
        (
            &["--out", "/dev/null"],
            "expected a folder, or the name of a new one",
        ),
    ] {
        let run = tiny(&dir, args);
        let told = text(&run.stderr);
        assert_eq!(run.status.code(), Some(1), "{args:?}: {told}");
        assert!(told.starts_with("error: ") && told.contains(name), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}

/// OpenBLAS would ask for its buffers for ever, before the run or at its end.
#[test]
#[cfg(target_os = "linux")]
fn a_limit_on_memory_that_leaves_too_little_is_told_and_exits_1() {
    let dir = folder();
    let limited =
        "ulimit -v 300000 && exec \"$0\" run isoperimetry --quick --no-progress --out out";
    let run = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_dltheory")])
        .current_dir(dir.path())
        .output()
        .expect("a shell");
    assert_eq!(run.status.code(), Some(1));
    let told = text(&run.stderr);
    assert!(
        told.starts_with("error: ulimit -v leaves 300000 kB of address space, expected at least "),
        "{told}"
    );
    assert!(!dir.path().join("out").exists());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let dir = folder();
    for args in [
        &["list"][..],
        &["show", "double_descent"],
        &["--help"],
        TINY,
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let child = dltheory(dir.path(), args)
            .stdout(writer)
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts");
        let run = child.wait_with_output().expect("the program ends");
        let told = text(&run.stderr);
        assert_eq!(run.status.code(), Some(0), "{args:?}: {told}");
        assert!(!told.contains("panic") && !told.contains("error"), "{told}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_under_stdout_is_told() {
    let dir = folder();
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let run = dltheory(dir.path(), &["list"])
        .stdout(full)
        .output()
        .expect("the program starts");
    assert_eq!(run.status.code(), Some(1));
    assert!(
        text(&run.stderr).starts_with("error: standard output: "),
        "{}",
        text(&run.stderr)
    );
}
