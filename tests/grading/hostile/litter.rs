//! Nothing is left over: no process, no folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{attack, evading};
use crate::{Own, grader};

/// Processes that live, or lived, below this folder.
fn processes(below: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let here = all.filter(|entry| {
        ["exe", "cwd"].iter().any(|link| {
            std::fs::read_link(entry.path().join(link)).is_ok_and(|to| to.starts_with(below))
        })
    });
    here.map(|entry| entry.path()).collect()
}

/// Asserts that this grader, which grades nothing now, has left nothing behind.
pub(super) fn assert_none(own: &Own) {
    let folders: Vec<_> = std::fs::read_dir(own.scratch()).unwrap().collect();
    assert!(folders.is_empty(), "left over: {folders:?}");
    // The kernel ends a killed process when it gets round to it.
    let mut left = processes(own.scratch());
    for _ in 0..600 {
        if left.is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
        left = processes(own.scratch());
    }
    panic!("left over: {left:?}");
}

#[test]
fn what_is_left_running_is_ended() {
    attack(
        &grader(),
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
}
