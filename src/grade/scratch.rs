//! Scratch folders. Each is locked by the process that made it, and the system lets go of a lock
//! when a process ends, however it ends: so the next run knows which folders are nobody's.

use std::fs::{File, TryLockError};
use std::path::Path;

use tempfile::TempDir;

use crate::{Error, Result};

/// What its name begins with.
const NAME: &str = "dltheory-scratch-";
/// What the names of all that is in it begin with.
pub(super) const BUILD: &str = "build-";

/// A folder that goes when this value goes.
pub(super) struct Scratch {
    // Removed before it is unlocked.
    folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// A new one in the folder `within`.
    pub(super) fn new(within: &Path) -> Result<Self> {
        let make = || -> std::io::Result<Self> {
            loop {
                let folder = TempDir::with_prefix_in(NAME, within)?;
                let lock = File::open(folder.path())?;
                // Somebody's sweep may come before the lock does: then another folder.
                match lock.try_lock() {
                    Err(TryLockError::WouldBlock) => {}
                    // Where there are no locks, nobody sweeps.
                    Ok(()) | Err(TryLockError::Error(_)) if folder.path().exists() => {
                        return Ok(Self {
                            folder,
                            _lock: lock,
                        });
                    }
                    Ok(()) | Err(TryLockError::Error(_)) => {}
                }
            }
        };
        make().map_err(|error| Error::io(within, error))
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes what processes that are gone have left in the folder `within`, and nothing else.
pub(super) fn sweep(within: &Path) {
    for entry in std::fs::read_dir(within).into_iter().flatten().flatten() {
        let named = entry.file_name().to_string_lossy().starts_with(NAME);
        if !named || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let path = entry.path();
        let Ok(lock) = File::open(&path) else {
            continue;
        };
        if lock.try_lock().is_ok() && ours(&path) {
            // What cannot be removed now is for the next run.
            let _ = std::fs::remove_dir_all(&path);
        }
    }
}

/// Whether all that is in this folder is what a grader makes.
fn ours(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| {
        entries.all(|entry| {
            entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with(BUILD))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_takes_what_is_nobodys_and_nothing_else() {
        let place = TempDir::new().unwrap();
        let folder = |name: &str, inside: &str| {
            let path = place.path().join(name);
            std::fs::create_dir_all(path.join(inside)).unwrap();
            path
        };
        let dead = folder("dltheory-scratch-dead", "build-0/tmp");
        let own = folder("dltheory-scratch-mine", "thesis");
        let other = folder("dltheory-copy", "build-0");
        let live = Scratch::new(place.path()).unwrap();
        std::fs::create_dir(live.path().join("build-0")).unwrap();
        sweep(place.path());
        assert!(!dead.exists() && own.exists() && other.exists() && live.path().exists());
        let path = live.path().to_owned();
        drop(live);
        assert!(!path.exists());
    }
}
