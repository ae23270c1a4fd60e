//! The autograder for Gradescope: a zip with `setup.sh`, `run_autograder` and the instructor's
//! version of this repository.
//!
//! Gradescope unpacks it to `/autograder/source`, runs `setup.sh` once, and for each submission
//! `run_autograder`, which finds the files in `/autograder/submission` and leaves
//! `/autograder/results/results.json`.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::release::{GIVEN, LITTER};
use super::toolchain::{ROOT, draft};
use crate::{Error, Result};

/// What a grader needs no copy of.
const LEFT_OUT: &[&str] = &[
    "notebooks",
    "CONTRIBUTING.md",
    "README.md",
    "src/exercise/solutions",
    "tests/bad_input",
    "tests/chapters",
    "tests/grading",
    "tests/notebooks",
    "tests/plot",
];

const SETUP: &str = r#"#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: the compiler, OpenBLAS, the grader.
set -eu
autograder=${AUTOGRADER:-/autograder}
# The version of Rust that the grader was built with.
rust=RUST_VERSION
if ! command -v cc >/dev/null || ! pkg-config --exists openblas; then
    apt-get update
    apt-get install -y --no-install-recommends gcc libc6-dev libopenblas-dev pkg-config curl ca-certificates
fi
[ ! -f "${HOME:-/root}/.cargo/env" ] || . "${HOME:-/root}/.cargo/env"
if ! command -v cargo >/dev/null; then
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain "$rust"
    . "${HOME:-/root}/.cargo/env"
fi
cd "$autograder/source/dltheory"
case $(rustc --version) in
    "rustc $rust "*) ;;
    *)
        command -v rustup >/dev/null || { echo "This image has $(rustc --version) and no rustup: Rust $rust is needed." >&2; exit 1; }
        rustup toolchain install "$rust" --profile minimal
        ;;
esac
# So that a newer one in the image changes nothing.
if command -v rustup >/dev/null && rustup run "$rust" rustc --version >/dev/null 2>&1; then
    printf '[toolchain]\nchannel = "%s"\n' "$rust" >rust-toolchain.toml
fi
cargo build ${CARGO_PROFILE:---release} --bin dltheory
# Compiles what student code is built against, so that no submission waits for it.
mkdir -p empty
cargo run ${CARGO_PROFILE:---release} --quiet --bin dltheory -- grade empty-submission.zip --one --out empty --no-progress
"#;

const RUN: &str = r#"#!/usr/bin/env bash
# Runs for each submission. Whatever happens, Gradescope finds results: until there are others, these.
set -u
autograder=${AUTOGRADER:-/autograder}
results="$autograder/results/results.json"
mkdir -p "$autograder/results"
cat >"$results" <<'END'
{"score": 0, "visibility": "visible", "stdout_visibility": "hidden",
 "output": "This submission could not be graded: the machine failed, not the submission. The 0 is no grade. Ask your instructor to run the autograder again; its own output says what failed.",
 "tests": []}
END
[ ! -f "${HOME:-/root}/.cargo/env" ] || . "${HOME:-/root}/.cargo/env"
work=$(mktemp -d) || exit 0
trap 'rm -rf "$work"' EXIT
cd "$autograder/source/dltheory" &&
    cargo run ${CARGO_PROFILE:---release} --quiet --bin dltheory -- \
        grade "$autograder/submission" --one --out "$work" --jobs 1 --no-progress &&
    cp "$work/submission/results.json" "$results.new" &&
    mv "$results.new" "$results" ||
    echo "The machine failed: see above. Students read that their submission could not be graded." >&2
"#;

/// The scripts of the zip.
fn scripts() -> [(&'static str, String); 2] {
    [
        (
            "setup.sh",
            SETUP.replace("RUST_VERSION", env!("DLTHEORY_RUST")),
        ),
        ("run_autograder", RUN.to_owned()),
    ]
}

/// Writes the zip to `to`, whole or not at all. Returns the number of files in it.
///
/// # Errors
/// `to` is there already or cannot be written, or this is the students' version.
pub fn autograder(to: &Path) -> Result<usize> {
    super::release::only_for_instructors()?;
    if to.exists() {
        return Err(Error::Data {
            path: to.to_owned(),
            expected: "a new file".into(),
            found: "one that is there already".into(),
        });
    }
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = draft(folder).map_err(|e| Error::io(to, e))?;
    let failed =
        |error: zip::result::ZipError| Error::Grading(format!("{}: {error}", to.display()));
    let mut archive = ZipWriter::new(file.as_file_mut());
    let mut files = 0;
    for (name, text) in scripts() {
        let program = SimpleFileOptions::default().unix_permissions(0o755);
        archive.start_file(name, program).map_err(failed)?;
        archive
            .write_all(text.as_bytes())
            .map_err(|e| Error::io(to, e))?;
        files += 1;
    }
    for given in GIVEN {
        add(&mut archive, Path::new(given), &mut files)?;
    }
    // Graded once while the image is built: a submission with nothing in it.
    archive
        .start_file(
            "dltheory/empty-submission.zip",
            SimpleFileOptions::default(),
        )
        .map_err(failed)?;
    archive
        .write_all(&EMPTY_ZIP)
        .map_err(|e| Error::io(to, e))?;
    archive.finish().map_err(failed)?;
    file.persist(to).map_err(|e| Error::io(to, e.error))?;
    Ok(files + 1)
}

/// A zip with no entry.
const EMPTY_ZIP: [u8; 22] = {
    let mut bytes = [0; 22];
    (bytes[0], bytes[1], bytes[2], bytes[3]) = (b'P', b'K', 5, 6);
    bytes
};

fn add<W: Write + Seek>(archive: &mut ZipWriter<W>, path: &Path, files: &mut usize) -> Result<()> {
    let from = Path::new(ROOT).join(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let left_out = LEFT_OUT.iter().any(|left_out| path == Path::new(left_out));
    if left_out || LITTER.contains(&name.as_ref()) || !from.exists() {
        return Ok(());
    }
    if from.is_dir() {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(&from).map_err(|error| Error::io(&from, error))? {
            entries.push(entry.map_err(|error| Error::io(&from, error))?.file_name());
        }
        entries.sort();
        for entry in entries {
            add(archive, &path.join(entry), files)?;
        }
        return Ok(());
    }
    let mut file = File::open(&from).map_err(|error| Error::io(&from, error))?;
    archive
        .start_file_from_path(
            Path::new("dltheory").join(path),
            SimpleFileOptions::default(),
        )
        .map_err(|error| Error::Grading(format!("{}: {error}", path.display())))?;
    std::io::copy(&mut file, archive).map_err(|error| Error::io(&from, error))?;
    *files += 1;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    /// Gradescope shows nothing of use where there are no results.
    #[test]
    fn without_cargo_there_are_results_that_say_so() {
        let place = tempfile::tempdir().unwrap();
        let run = place.path().join("run_autograder");
        std::fs::write(&run, RUN).unwrap();
        let source = place.path().join("source/dltheory");
        std::fs::create_dir_all(&source).unwrap();
        let bin = place.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        let results = || {
            let ran = Command::new("bash")
                .arg(&run)
                .env_clear()
                .env("HOME", place.path())
                .env("AUTOGRADER", place.path())
                .env("TMPDIR", place.path())
                .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
                .output()
                .unwrap();
            assert!(ran.status.success(), "{ran:?}");
            let text = std::fs::read(place.path().join("results/results.json")).unwrap();
            serde_json::from_slice::<serde_json::Value>(&text).unwrap()
        };
        let cargo = |script: &str| {
            let path = bin.join("cargo");
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            let executable = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&path, executable).unwrap();
        };
        // Killed, failed, without results: with any of them the machine failed.
        for script in ["exit 127", "kill -9 $$", "exit 1", "exit 0"] {
            cargo(script);
            let text = results()["output"].to_string();
            assert!(text.contains("the machine failed"), "{script}: {text}");
        }
        cargo(
            "while [ \"$1\" != --out ]; do shift; done\n\
             mkdir \"$2/submission\"; echo '{\"score\": 3}' >\"$2/submission/results.json\"",
        );
        assert_eq!(results()["score"], 3);
        let left: Vec<_> = std::fs::read_dir(place.path()).unwrap().flatten().collect();
        assert_eq!(left.len(), 4, "{left:?}");
    }

    #[test]
    fn the_image_gets_the_compiler_that_the_grader_was_built_with() {
        let [(_, setup), _] = scripts();
        assert!(setup.contains(concat!("rust=", env!("DLTHEORY_RUST"), "\n")));
        assert!(env!("DLTHEORY_RUST").starts_with("1."));
    }
}
