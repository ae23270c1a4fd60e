//! What the machine causes is the machine's: no grade comes of it, and nothing of it is kept.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use dltheory::grade::class::{Plan, grade_class};
use dltheory::grade::verify::references;
use dltheory::grade::{Class, GradeSettings, Grader};

use crate::{Own, short};

/// The folder of one student's notebook.
fn student(place: &Path) -> std::path::PathBuf {
    let folder = place.join("ada");
    fs::create_dir_all(&folder).unwrap();
    let submission = references().unwrap();
    let notebook = &submission.notebooks[0];
    fs::write(folder.join(&notebook.name), &notebook.bytes).unwrap();
    folder
}

fn program(place: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dltheory"));
    command
        .args(["grade", "--no-progress", "--one", "--out"])
        .args([out, &place.join("ada")])
        .env("TMPDIR", place);
    command
}

#[test]
fn a_machine_with_too_little_memory_grades_nobody() {
    let place = tempfile::tempdir().unwrap();
    let (path, out) = (student(place.path()), place.path().join("grades"));
    let class = |settings: GradeSettings| {
        let grader: &Grader = &Own::new(settings);
        let class = Class::one(&path).unwrap();
        let (mut all, _) = grade_class(grader, &class, &Plan::new(&out), |_| ()).unwrap();
        all.remove(0)
    };
    // Neither a compiler nor a solution can even start with so little.
    for settings in [
        GradeSettings {
            build_memory: 64 << 20,
            ..short()
        },
        GradeSettings {
            memory: 16 << 20,
            ..short()
        },
    ] {
        let said = class(settings).grade.unwrap_err();
        assert!(said.contains("the machine failed"), "{said}");
        assert!(!out.join("ada/grade.json").exists());
    }
    let graded = class(short());
    let grade = graded.grade.unwrap();
    assert!(!graded.resumed && grade.points == grade.out_of);
}

#[test]
fn without_a_compiler_the_program_says_so_and_fails() {
    let place = tempfile::tempdir().unwrap();
    student(place.path());
    let out = place.path().join("grades");
    let ran = program(place.path(), &out)
        .env("PATH", "/nowhere")
        .env_remove("RUSTC")
        .env_remove("CARGO")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.contains("comes with Rust, cannot be run"), "{said}");
    assert!(!out.exists());
}

/// A shell that lets no file grow stands in for a disk without room.
#[test]
fn without_room_what_was_there_stays_whole() {
    let place = tempfile::tempdir().unwrap();
    student(place.path());
    let out = place.path().join("grades");
    assert!(program(place.path(), &out).status().unwrap().success());
    let names = || {
        let all = fs::read_dir(&out).unwrap().flatten();
        let mut names: Vec<_> = all.map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    let (before, named) = (fs::read(out.join("grades.csv")).unwrap(), names());
    assert!(before.len() > 100);

    let graded = program(place.path(), &out);
    let ran = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"])
        .arg(graded.get_program())
        .args(graded.get_args())
        .env("TMPDIR", place.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert_eq!(fs::read(out.join("grades.csv")).unwrap(), before, "{said}");
    assert_eq!(names(), named);
}

#[test]
fn what_a_killed_grader_leaves_the_next_one_removes() {
    let place = tempfile::tempdir().unwrap();
    student(place.path());
    let folders = || {
        let all = fs::read_dir(place.path()).unwrap().flatten();
        let named = |name: &str| name.starts_with("dltheory-scratch-");
        all.filter(|entry| named(&entry.file_name().to_string_lossy()))
            .count()
    };
    let out = place.path().join("grades");
    let mut grader = program(place.path(), &out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while folders() == 0 {
        assert!(grader.try_wait().unwrap().is_none(), "it has ended");
        std::thread::sleep(Duration::from_millis(5));
    }
    grader.kill().unwrap();
    grader.wait().unwrap();
    assert_eq!(folders(), 1);
    let graded = program(place.path(), &out).status().unwrap();
    assert!(graded.success());
    // The killed one's linker may have been at work until a moment ago.
    if folders() > 0 {
        assert!(program(place.path(), &out).status().unwrap().success());
    }
    assert_eq!(folders(), 0);
}

/// A folder of results may be one that students write into.
#[test]
fn a_grade_that_somebody_else_wrote_is_none() {
    let place = tempfile::tempdir().unwrap();
    student(place.path());
    let out = place.path().join("grades");
    assert!(program(place.path(), &out).status().unwrap().success());
    let file = out.join("ada/grade.json");
    let right = fs::read_to_string(&file).unwrap();
    let said = |right: &str| {
        fs::write(&file, right).unwrap();
        let ran = program(place.path(), &out).output().unwrap();
        assert!(ran.status.success());
        String::from_utf8_lossy(&ran.stdout).into_owned()
    };
    assert!(said(&right).contains("1 of them graded before"));
    let mut forged: serde_json::Value = serde_json::from_str(&right).unwrap();
    forged["points"] = serde_json::json!(1000);
    for forged in [
        right.replacen("\"points\": ", "\"points\": 1000", 1),
        format!("{forged:#}\n"),
    ] {
        assert!(!said(&forged).contains("graded before"));
        assert_eq!(fs::read_to_string(&file).unwrap(), right);
    }
}
