//! The first confinement, which holds a program before it confines itself: no safe code runs
//! there, so ordinary programs stand in for it.

use std::path::Path;
use std::process::Command;

use crate::grader;

/// What a shell prints that is started as workers are.
fn shell(script: &str) -> String {
    let _built = grader();
    let confine = Path::new(env!("CARGO_MANIFEST_DIR")).join(".lab/grade/target/release/confine");
    let mut command = Command::new(confine);
    command.args(["--cpu", "2", "--memory", "1000000000"]);
    command.args(["--file", "0", "--processes", "0"]);
    for path in ["/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"] {
        command.args(["--read", path]);
    }
    let output = command
        .args(["--", "/bin/sh", "-c", script])
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_program_finds_no_file_and_starts_no_process() {
    assert_eq!(shell("echo here"), "here\n");
    let secret = concat!(env!("CARGO_MANIFEST_DIR"), "/src/exercise/hidden/mod.rs");
    assert!(shell(&format!("read line < {secret}; echo \"$line\"")).contains("Permission denied"));
    assert!(shell("read line < /proc/1/environ").contains("Permission denied"));
    assert!(shell("echo x > /tmp/hostile").contains("Permission denied"));
    // A shell starts every program in a process of its own.
    let forked = shell("/bin/true; echo $?").to_lowercase();
    assert!(
        forked.contains("fork") && !forked.contains("\n0\n"),
        "{forked}"
    );
}
