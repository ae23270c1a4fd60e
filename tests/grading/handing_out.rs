//! The students' version and the autograder for Gradescope.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dltheory::exercise::{self, hidden};
use dltheory::grade::answers;
use dltheory::grade::autograder::autograder;
use dltheory::grade::release::release;
use dltheory::grade::verify::references;
use serde_json::Value;

/// All files below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(files(&path)),
            false => all.push(path),
        }
    }
    all
}

#[test]
fn a_release_has_stubs_and_visible_checks_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("students");
    let count = release(&to).unwrap();
    let released = files(&to);
    assert_eq!(released.len(), count);
    assert!(to.join("notebooks/13_double_descent.ipynb").is_file() && to.join("lab").is_file());
    assert!(
        release(&to)
            .unwrap_err()
            .to_string()
            .contains("empty folder")
    );

    let texts: BTreeMap<PathBuf, String> = released
        .into_iter()
        .filter_map(|path| Some((path.clone(), fs::read_to_string(path).ok()?)))
        .collect();
    let nowhere = |secret: &str, what: &str| {
        for (path, text) in &texts {
            assert!(!text.contains(secret), "{} has {what}", path.display());
        }
    };

    let rows = fs::read_to_string(to.join("src/exercise/grading.csv")).unwrap();
    for exercise in exercise::all() {
        let source = answers::solution(exercise.name).unwrap();
        let body = source.split_once('{').unwrap().1;
        nowhere(body.trim(), &format!("the solution of {}", exercise.name));
        for line in body.lines().map(str::trim).filter(|line| line.len() > 25) {
            let told = exercise.hints.iter().any(|hint| hint.contains(line));
            assert!(!told, "a hint of {} is its solution: {line}", exercise.name);
        }
        for check in exercise.checks {
            assert!(rows.contains(&format!("{},{},", exercise.name, check.name)));
        }
        for check in hidden::checks(exercise.name) {
            assert!(!rows.contains(&format!("{},{},", exercise.name, check.name)));
            nowhere(
                check.about,
                &format!("the hidden check {} of {}", check.name, exercise.name),
            );
        }
    }
}

/// Resuming depends on it: a hash of an address would differ from one process to the next.
#[test]
fn the_checks_have_one_hash_in_every_process() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("a.ipynb"), "{\"cells\": []}").unwrap();
    let hash = |out: &str| {
        let out = place.path().join(out);
        let output = Command::new(env!("CARGO_BIN_EXE_dltheory"))
            .args(["grade", "--no-progress", "--out"])
            .args([&out, &place.path().join("a.ipynb")])
            .env("TMPDIR", place.path())
            .output()
            .unwrap();
        assert!(output.status.success());
        let grade = fs::read(out.join("a/grade.json")).unwrap();
        serde_json::from_slice::<Value>(&grade).unwrap()["grader_hash"].clone()
    };
    assert_eq!(hash("one"), hash("two"));
}

/// As Gradescope does it: unpack, set up, put a submission there, run, read the results. It
/// compiles the grader once more, so it runs only where it is asked for.
#[test]
#[ignore = "compiles the grader again: some minutes"]
fn gradescope_gets_its_results() {
    let place = tempfile::tempdir().unwrap();
    let zip = place.path().join("autograder.zip");
    autograder(&zip).unwrap();
    let source = place.path().join("source");
    let mut archive = zip::ZipArchive::new(fs::File::open(&zip).unwrap()).unwrap();
    archive.extract(&source).unwrap();
    let submitted = place.path().join("submission/homework");
    fs::create_dir_all(&submitted).unwrap();
    let notebook = &references().unwrap().notebooks[0];
    fs::write(submitted.join(&notebook.name), &notebook.bytes).unwrap();

    for script in ["setup.sh", "run_autograder"] {
        let output = Command::new(source.join(script))
            .env("AUTOGRADER", place.path())
            .env("CARGO_PROFILE", "--profile=dev")
            .env_remove("CARGO_TARGET_DIR")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}: {said}");
    }
    let results = fs::read(place.path().join("results/results.json")).unwrap();
    let results: Value = serde_json::from_slice(&results).unwrap();
    let tests = results["tests"].as_array().unwrap();
    let best: f64 = tests
        .iter()
        .map(|test| test["max_score"].as_f64().unwrap())
        .sum();
    assert_eq!(results["score"].as_f64(), Some(best));
    assert!(tests.iter().any(|test| test["visibility"] == "hidden"));
}

/// What a student does first, on the students' version alone. It compiles all of it once more.
#[test]
#[ignore = "compiles the students' version: some minutes"]
fn students_can_grade_themselves() {
    let place = tempfile::tempdir().unwrap();
    let to = place.path().join("students");
    release(&to).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["test", "--profile=dev", "--test", "grade"])
        .current_dir(&to)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("13_double_descent/min_norm"),
        "{said}\n{errors}"
    );
    assert!(said.contains("not started"), "{said}\n{errors}");
}
