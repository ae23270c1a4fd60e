//! Notebooks, zips and folders that are not what they seem.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

use dltheory::exercise::Visibility;
use dltheory::grade::class::{Plan, grade_class};
use dltheory::grade::verify::references;
use dltheory::grade::{Notebook, Submission, find};
use serde_json::json;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{assert_harmless, edit, grade};
use crate::grader;

/// Beside the answers, they cost nothing.
#[test]
fn notebooks_that_cannot_be_read_are_named() {
    let numbers = format!("{{\"cells\":[{}0]}}", "0,".repeat(3_000_000));
    let deep = "[".repeat(1 << 20) + &"]".repeat(1 << 20);
    let odd = json!({ "cells": [
        null, 7, "text", [], {}, { "source": 7 }, { "source": [7, null, "fn"] },
        { "metadata": 7, "source": "x" },
        { "metadata": { "exercise": 7 }, "source": "x", "cell_type": "code" },
        { "metadata": { "exercise": "no_such_exercise" }, "source": "x", "cell_type": "code" },
        { "metadata": { "exercise": "../../x" }, "source": "x", "cell_type": "code" },
        { "metadata": {}, "source": "// exercise:", "cell_type": "code" },
    ] });
    let notebooks = [
        (vec![b' '; 129 << 20], "it has 129 MiB"),
        (numbers.into_bytes(), "more than 20000 cells"),
        (deep.into_bytes(), "it has no cells"),
        (b"{\"cells\":[".to_vec(), "it ends in the middle"),
        (b"{\"cells\":7}".to_vec(), "it has no cells"),
        (b"\xff\xfe\x00".to_vec(), "it ends in the middle"),
        (Vec::new(), "it ends in the middle"),
        (odd.to_string().into_bytes(), ""),
    ];
    let mut submission = references().unwrap();
    for (index, (bytes, _)) in notebooks.iter().enumerate() {
        let mut other = submission.notebooks[0].clone();
        other.name = format!("other-{index}.ipynb");
        other.bytes = bytes.clone();
        submission.notebooks.push(other);
    }
    let grade = grade(&grader(), &submission);
    assert_harmless(&grade, |_| None);
    for (index, (_, says)) in notebooks.iter().enumerate() {
        let named =
            |finding: &&String| finding.starts_with(&format!("other-{index}.ipynb cannot be read"));
        match grade.findings.iter().find(named) {
            Some(finding) => assert!(!says.is_empty() && finding.contains(says), "{finding}"),
            None => assert!(says.is_empty(), "{says}: {:?}", grade.findings),
        }
    }
}

#[test]
fn a_cell_that_is_not_there_as_it_should_be_is_named() {
    let mut submission = references().unwrap();
    edit(&mut submission, |name, cell| match name {
        "min_norm" => cell["cell_type"] = json!("markdown"),
        "ridge_weights" => cell["source"] = json!("// exercise: ridge_weights\n\n// nothing\n"),
        "expected_risk" => cell["metadata"] = json!({}),
        "two_orders" => {
            let filler = "// filler\n".repeat(8000);
            cell["source"] = json!(filler + "fn two_orders() {}");
        }
        "he_weights" => cell["source"] = json!({ "source": "fn he_weights() {}" }),
        _ => {}
    });
    let mut copy = submission.notebooks[0].clone();
    copy.name = "copy.ipynb".into();
    copy.bytes = json!({ "cells": [
        { "cell_type": "code", "metadata": { "exercise": "vote_error" }, "source": "fn vote_error(k: usize, eta: f64) -> f64 { eta }" },
    ] })
    .to_string()
    .into_bytes();
    submission.notebooks.push(copy);
    assert_harmless(&grade(&grader(), &submission), |name| match name {
        "min_norm" => Some((
            "retyped",
            "its cell has become a markdown cell (answers.ipynb",
        )),
        "ridge_weights" => Some(("emptied", "its cell is empty")),
        "two_orders" => Some(("huge", "its cell has 78 KiB, more than 64")),
        "he_weights" => Some(("no text", "its cell is empty")),
        "vote_error" => Some(("twice", "2 different cells answer it")),
        _ => None,
    });
}

/// A zip with the right answers and what `more` adds.
fn zipped(path: &Path, more: impl FnOnce(&mut ZipWriter<File>)) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    let notebook = &references().unwrap().notebooks[0];
    zip.start_file("work/answers.ipynb", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&notebook.bytes).unwrap();
    more(&mut zip);
    zip.finish().unwrap();
}

/// The right answers were read, whatever else was.
fn assert_answered(submission: &Submission) {
    let answers = &references().unwrap().notebooks[0];
    let same =
        |notebook: &&Notebook| notebook.name == answers.name && notebook.bytes == answers.bytes;
    assert_eq!(submission.notebooks.iter().filter(same).count(), 1);
}

#[test]
fn a_zip_is_never_unpacked() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home/of/zips");
    fs::create_dir_all(&home).unwrap();
    let (path, slip) = (home.join("student.zip"), folder.path().join("slip.ipynb"));
    zipped(&path, |zip| {
        let absolute = slip.to_string_lossy();
        for name in ["../slip.ipynb", &absolute, "a/../../../slip.ipynb"] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(b"{}").unwrap();
        }
        zip.add_symlink("link.ipynb", "/etc/passwd", SimpleFileOptions::default())
            .unwrap();
    });
    let submission = Submission::read(&path).unwrap();
    assert!(
        submission
            .findings
            .join("\n")
            .contains("leads out of it: ../slip.ipynb")
    );
    let unpacked = [
        &slip,
        &home.join("../slip.ipynb"),
        &home.join("../../slip.ipynb"),
    ];
    assert!(unpacked.iter().all(|path| !path.exists()));
    let names: Vec<&str> = submission
        .notebooks
        .iter()
        .map(|n| n.name.as_str())
        .collect();
    assert!(!names.contains(&"link.ipynb"), "{names:?}");
    assert_answered(&submission);
}

#[test]
fn a_zip_bomb_fills_no_memory() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("student.zip");
    zipped(&path, |zip| {
        let zeros = vec![b' '; 1 << 20];
        for file in 0..8 {
            zip.start_file(format!("{file}.ipynb"), SimpleFileOptions::default())
                .unwrap();
            for _ in 0..40 {
                zip.write_all(&zeros).unwrap();
            }
        }
    });
    assert!(fs::metadata(&path).unwrap().len() < 1 << 20);
    let submission = Submission::read(&path).unwrap();
    let read: usize = submission.notebooks.iter().map(|n| n.bytes.len()).sum();
    assert!(read < 200 << 20, "{read}");
    assert!(
        submission
            .findings
            .join("\n")
            .contains("only the first 128 MiB")
    );
    assert_answered(&submission);
}

#[test]
fn a_broken_zip_is_a_finding() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("student.zip");
    fs::write(&path, b"PK\x03\x04 and nothing more").unwrap();
    let submission = Submission::read(&path).unwrap();
    assert!(submission.findings[0].contains("the zip cannot be read"));
}

#[test]
fn links_and_pipes_in_a_folder_are_left_alone() {
    let folder = TempDir::new().unwrap();
    let (mine, other) = (folder.path().join("mine"), folder.path().join("other"));
    for path in [&mine, &other] {
        fs::create_dir(path).unwrap();
    }
    let answers = &references().unwrap().notebooks[0].bytes;
    fs::write(other.join("answers.ipynb"), answers).unwrap();
    fs::write(mine.join("empty.ipynb"), "{\"cells\":[]}").unwrap();
    symlink(other.join("answers.ipynb"), mine.join("answers.ipynb")).unwrap();
    symlink(&other, mine.join("folder")).unwrap();
    symlink(&mine, mine.join("loop")).unwrap();
    symlink("/dev/zero", mine.join("zero.ipynb")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(mine.join("pipe.ipynb"))
        .status();
    assert!(made.unwrap().success());
    let mut deep = mine.clone();
    for _ in 0..30 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    let submission = Submission::read(&mine).unwrap();
    let names: Vec<&str> = submission
        .notebooks
        .iter()
        .map(|n| n.name.as_str())
        .collect();
    assert_eq!(names, ["empty.ipynb"]);
}

/// Names and texts that students choose must break neither the class's files nor a terminal.
#[test]
fn a_class_survives_its_students() {
    let class = TempDir::new().unwrap();
    let out = TempDir::new().unwrap();
    let names = [
        "grades.csv",
        "grades.xml",
        "=1+1",
        "\u{1b}[2J",
        "a\nb",
        "<b>",
        "plain",
        " ＝1+1",
        "\u{202e}gpj.exe",
        "line\u{2028}line",
        &"n".repeat(255),
    ];
    for name in names {
        let folder = class.path().join(name);
        fs::create_dir(&folder).unwrap();
        let cell = "compile_error!(\"\\u{0}\\u{1b}[2J</pre><script>alert(1)</script>]]>\");";
        let notebook = json!({ "cells": [
            { "cell_type": "code", "metadata": { "exercise": "min_norm" }, "source": cell },
        ] });
        fs::write(folder.join("\u{1b}[1m.ipynb"), notebook.to_string()).unwrap();
    }
    fs::write(class.path().join("broken.zip"), "no zip").unwrap();
    fs::create_dir(class.path().join("nothing")).unwrap();
    let class = find(class.path()).unwrap();
    let shown = Visibility::Hidden;
    let plan = Plan {
        jobs: 2,
        shown,
        ..Plan::new(out.path())
    };
    let (graded, _) = grade_class(&grader(), &class, &plan, |_| ()).unwrap();
    assert_eq!(graded.len(), names.len() + 2);
    for one in &graded {
        let grade = one.grade.as_ref().unwrap();
        assert_eq!(grade.points, 0.0);
        let page = fs::read_to_string(out.path().join(&one.name).join("feedback.html")).unwrap();
        assert!(!page.contains("<script>") && !page.contains("<b>"));
        let terminal = dltheory::grade::report::one(grade, shown);
        assert!(!terminal.contains('\u{1b}'), "{terminal:?}");
        let results = fs::read(out.path().join(&one.name).join("results.json")).unwrap();
        serde_json::from_slice::<serde_json::Value>(&results).unwrap();
    }
    let xml = fs::read_to_string(out.path().join("grades.xml")).unwrap();
    roxmltree::Document::parse(&xml).unwrap();
    let csv = fs::read_to_string(out.path().join("grades.csv")).unwrap();
    assert!(csv.contains("'=1+1") && csv.contains("' ＝1+1"));
    assert!(!csv.contains(['\u{202e}', '\u{2028}']) && !xml.contains(['\u{202e}', '\u{2028}']));
}
