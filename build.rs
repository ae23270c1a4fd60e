//! Hashes the sources of grading, so that a grade tells which checks it comes from.

#[allow(dead_code, reason = "the library uses the rest")]
#[path = "src/grade/fnv.rs"]
mod fnv;

use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let mut hash = fnv::Fnv::default();
    for folder in ["src/engine", "src/exercise", "src/grade", "src/workbench"] {
        println!("cargo:rerun-if-changed={folder}");
        for path in files(Path::new(folder)) {
            hash.add_text(path.to_string_lossy().replace('\\', "/").as_bytes());
            hash.add_text(&std::fs::read(&path).unwrap_or_default());
        }
    }
    println!("cargo:rustc-env=DLTHEORY_GRADING={}", hash.hex());
}

/// All files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let below = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    };
    paths.into_iter().flat_map(below).collect()
}
