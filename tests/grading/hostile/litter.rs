//! Nothing is left over: no process, no folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{attack, evading};
use crate::{GRADING, grader};

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(".lab/grade/scratch")
}

fn folders() -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(scratch()).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Processes that run a program from the scratch folder or work in it.
fn processes() -> Vec<PathBuf> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let ours = all.filter(|entry| {
        ["exe", "cwd"].iter().any(|link| {
            std::fs::read_link(entry.path().join(link)).is_ok_and(|to| to.starts_with(scratch()))
        })
    });
    ours.map(|entry| entry.path()).collect()
}

#[test]
fn no_process_and_no_folder_is_left() {
    let grader = grader();
    let before = {
        let _alone = GRADING.write().unwrap_or_else(|poison| poison.into_inner());
        folders()
    };
    attack(
        grader,
        &[
            evading(
                "threads and programs left running",
                "$SIGNATURE { for _ in 0..4 { std::thread::spawn(|| loop { std::thread::park() }); }\n\
                 let _ = p!(std process Command new)(\"/bin/sleep\").arg(\"1000\").spawn(); $WRONG }",
                "got",
            ),
            evading(
                "an exit while threads run",
                "$SIGNATURE { std::thread::spawn(|| loop { std::hint::spin_loop() }); p!(std process exit)(0) }",
                "exit code 0",
            ),
        ],
    );
    let _alone = GRADING.write().unwrap_or_else(|poison| poison.into_inner());
    let mut left = processes();
    for _ in 0..20 {
        if left.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
        left = processes();
    }
    assert!(left.is_empty(), "{left:?}");
    let new: Vec<PathBuf> = folders().difference(&before).cloned().collect();
    assert!(new.is_empty(), "{new:?}");
}
