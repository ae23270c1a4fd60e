//! Nothing is left over: no process, no folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{attack, evading};
use crate::{BUSY, Grading, grader};

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(".lab/grade/scratch")
}

fn folders() -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(scratch()).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// Scratch folders that were there before anything was graded here.
pub(crate) static OLD: LazyLock<BTreeSet<PathBuf>> = LazyLock::new(folders);

/// Processes whose scratch folder is gone.
fn orphans() -> Vec<PathBuf> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let gone =
        |path: &Path| path.starts_with(scratch()) && path.to_string_lossy().ends_with(" (deleted)");
    let orphans = all.filter(|entry| {
        ["exe", "cwd"]
            .iter()
            .any(|link| std::fs::read_link(entry.path().join(link)).is_ok_and(|to| gone(&to)))
    });
    orphans.map(|entry| entry.path()).collect()
}

/// Asserts that the grading which `busy` stood for has left nothing behind.
pub(super) fn assert_none_but(busy: Grading) {
    drop(busy);
    // Others may be at work, each with its folder, and may begin or end just now.
    let before = BUSY.load(Ordering::SeqCst);
    let found = folders().difference(&OLD).count();
    let most = before.max(BUSY.load(Ordering::SeqCst));
    assert!(found <= most, "{found} scratch folders, {most} in use");
    let mut left = orphans();
    for _ in 0..20 {
        if left.is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
        left = orphans();
    }
    panic!("left over: {left:?}");
}

#[test]
fn what_is_left_running_is_ended() {
    attack(
        grader(),
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
