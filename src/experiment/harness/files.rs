//! The files of a run, in a folder of their own that appears whole.
//!
//! Three files, or four where a picture moves, cannot be replaced at one moment; a folder can. So a run writes `OUT/ID/ID.csv`,
//! `.svg` and `.json`, and `ID-motion.svg`, into a hidden folder aside, waits until they are on the disk, and puts it in place of an earlier
//! run's with one call. Whatever ends the program at whatever moment, the files in `OUT/ID` are those of
//! one run. Runs into one `OUT` take turns, so what an interrupted one left aside is nobody's and is swept by
//! the next.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Report;
use crate::plot::Motion;
use crate::{Error, Result};

/// What the names of a run's files end in.
const CSV: &str = ".csv";
const SVG: &str = ".svg";
const JSON: &str = ".json";
const MOTION: &str = "-motion.svg";

/// Where a report was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The table.
    pub csv: PathBuf,
    /// The figure.
    pub svg: PathBuf,
    /// Settings, numbers and claims.
    pub json: PathBuf,
    /// The picture that moves, if there is one.
    pub motion: Option<PathBuf>,
}

impl Report {
    /// Writes `ID/ID.csv`, `ID/ID.svg`, `ID/ID.json` and, where a picture moves, `ID/ID-motion.svg` into `dir`, which is made if missing. A folder `ID` that is
    /// there is replaced if it holds an earlier run, and nothing else.
    ///
    /// # Errors
    /// [`Error::Plot`] if the figure cannot be drawn, [`Error::Io`] if a file cannot be written, [`Error::Data`]
    /// if `ID` is there and is something else. Then nothing has changed.
    pub fn write(&self, dir: &Path) -> Result<Written> {
        let svg = self.figure.svg()?;
        let motion = self.motion.as_ref().map(Motion::svg).transpose()?;
        let json = format!("{:#}\n", self.to_json());
        let id = &self.experiment;
        fs::create_dir_all(dir).map_err(|error| Error::io(dir, error))?;
        let _turn = Turn::wait(dir)?;
        sweep(dir, id);
        let place = dir.join(id);
        only_a_run(&place, id)?;

        let failed = |error| Error::io(&place, error);
        let aside = aside(dir, id).map_err(failed)?;
        let csv = self.to_csv();
        let mut files: Vec<(&str, &[u8])> =
            vec![(CSV, &csv), (SVG, svg.as_bytes()), (JSON, json.as_bytes())];
        files.extend(motion.iter().map(|svg| (MOTION, svg.as_bytes())));
        for (ending, bytes) in files {
            let path = aside.path().join(format!("{id}{ending}"));
            let written = File::create_new(&path).and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            });
            written.map_err(failed)?;
        }
        sync_folder(aside.path());
        put_in_place(aside.path(), &place).map_err(failed)?;
        sync_folder(dir);
        let path = |ending: &str| place.join(format!("{id}{ending}"));
        Ok(Written {
            csv: path(CSV),
            svg: path(SVG),
            json: path(JSON),
            motion: motion.map(|_| path(MOTION)),
        })
    }
}

/// The beginning of the name of a folder that a run of `id` is still writing.
fn aside_prefix(id: &str) -> String {
    format!(".{id}-")
}

/// A folder to write a run of `id` into: as open as any folder made beside it, and not private like other
/// temporary ones.
fn aside(dir: &Path, id: &str) -> std::io::Result<tempfile::TempDir> {
    let prefix = aside_prefix(id);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    {
        // The user's umask is taken off.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(dir)
}

/// While it lives no other run writes into the folder.
struct Turn(#[allow(dead_code, reason = "held for its lock")] Option<File>);

impl Turn {
    fn wait(dir: &Path) -> Result<Self> {
        // Where a folder cannot be opened as a file (Windows), runs do without turns.
        let Ok(folder) = File::open(dir) else {
            return Ok(Self(None));
        };
        match folder.lock() {
            Ok(()) => Ok(Self(Some(folder))),
            Err(error) if error.kind() == std::io::ErrorKind::Unsupported => Ok(Self(None)),
            Err(error) => Err(Error::io(dir, error)),
        }
    }
}

/// The ending of a folder that was moved away to make room.
const BEFORE: &str = "before";

/// Removes what interrupted runs of `id` left aside, and brings back an earlier result that one had
/// moved away without putting its own in place. What cannot be removed stays.
fn sweep(dir: &Path, id: &str) {
    let prefix = aside_prefix(id);
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let left = name.to_string_lossy().starts_with(&prefix);
        if !left || only_a_run(&path, id).is_err() {
            continue;
        }
        let place = dir.join(id);
        drop(
            match path.extension().is_some_and(|end| end == BEFORE) && !place.exists() {
                true => fs::rename(path, place),
                false => fs::remove_dir_all(path),
            },
        );
    }
}

/// Refuses to replace what no run has written.
fn only_a_run(place: &Path, id: &str) -> Result<()> {
    let expected = || {
        format!(
            "a folder with {id}.csv, {id}.svg, {id}.json, perhaps {id}-motion.svg, and nothing else, or nothing"
        )
    };
    let refuse = |found: String| Error::Data {
        path: place.to_owned(),
        expected: expected(),
        found,
    };
    let kind = match fs::symlink_metadata(place) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(place, error)),
        Ok(found) => found.file_type(),
    };
    if !kind.is_dir() {
        return Err(refuse("something that is no folder".to_owned()));
    }
    let ours = [CSV, SVG, JSON, MOTION].map(|ending| format!("{id}{ending}"));
    for entry in fs::read_dir(place).map_err(|error| Error::io(place, error))? {
        let name = entry.map_err(|error| Error::io(place, error))?.file_name();
        if !ours.iter().any(|own| name == own.as_str()) {
            return Err(refuse(format!("`{}` in it", name.to_string_lossy())));
        }
    }
    Ok(())
}

/// Asks the disk to keep a folder's entries, where folders can be asked.
fn sync_folder(folder: &Path) {
    drop(File::open(folder).and_then(|folder| folder.sync_all()));
}

/// Puts the folder `new` at `place`, in one step where the system can exchange two; what stood there is
/// then where `new` was.
fn put_in_place(new: &Path, place: &Path) -> std::io::Result<()> {
    if !place.exists() {
        return fs::rename(new, place);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, new, CWD, place, RenameFlags::EXCHANGE) {
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            other => return other.map_err(Into::into),
        }
    }
    // In two steps: in between there is no result, and never one of two runs.
    let before = new.with_extension(BEFORE);
    fs::rename(place, &before)?;
    fs::rename(new, place).or_else(|error| fs::rename(&before, place).and(Err(error)))?;
    fs::remove_dir_all(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Coin;

    fn names(dir: &Path) -> Vec<String> {
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into()
        };
        let mut names: Vec<String> = fs::read_dir(dir).expect("a folder").map(name).collect();
        names.sort();
        names
    }

    const FILES: [&str; 3] = ["coin.csv", "coin.json", "coin.svg"];

    #[test]
    fn three_files_in_a_new_folder_and_again_over_them() {
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path().join("deep/er");
        let report = Coin::report();
        for _ in 0..2 {
            let written = report.write(&out).expect("writes");
            assert_eq!(names(&out), ["coin"]);
            assert_eq!(names(&out.join("coin")), FILES);
            let json = fs::read(&written.json).expect("there");
            let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
            assert_eq!(json, report.to_json());
            let csv = fs::read_to_string(&written.csv).expect("there");
            assert!(
                csv.starts_with("seed,") && csv.lines().nth(1).is_some_and(|l| l.starts_with("1,"))
            );
        }
        #[cfg(unix)]
        {
            // As readable as anything made here: the user's umask decides, nothing else.
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode();
            let (file, folder) = (out.join("file"), out.join("folder"));
            fs::write(&file, "").expect("writes");
            fs::create_dir(&folder).expect("a folder");
            assert_eq!(mode(&out.join("coin/coin.csv")), mode(&file));
            assert_eq!(mode(&out.join("coin")), mode(&folder));
        }
    }

    #[test]
    fn a_picture_that_moves_is_a_fourth_file_and_goes_with_its_run() {
        use crate::plot::{Figure, Panel};
        let dir = tempfile::tempdir().expect("a folder");
        let still = Coin::report();
        let path = Panel::new("x", "y").path("thrown", &[0.0, 1.0, 2.0], &[0.0, 1.0, 0.0]);
        let moving = Report {
            motion: Some(Motion::of(Figure::new("a throw").panel(path))),
            ..still.clone()
        };
        let written = moving.write(dir.path()).expect("writes");
        let motion = written.motion.expect("a fourth file");
        let svg = fs::read_to_string(&motion).expect("there");
        assert!(motion.ends_with("coin/coin-motion.svg") && svg.contains("@keyframes"));
        assert!(moving.html().as_str().contains("hold still"));
        assert_eq!(still.write(dir.path()).expect("replaces").motion, None);
        assert_eq!(names(&dir.path().join("coin")), FILES);
    }

    #[test]
    fn what_no_run_has_written_is_never_replaced() {
        let dir = tempfile::tempdir().expect("a folder");
        let place = dir.path().join("coin");
        fs::write(&place, "mine").expect("writes");
        let error = Coin::report()
            .write(dir.path())
            .expect_err("a file is there");
        assert!(error.to_string().contains("no folder"), "{error}");
        assert_eq!(fs::read(&place).expect("there"), b"mine");

        fs::remove_file(&place).expect("removes");
        fs::create_dir(&place).expect("a folder");
        fs::write(place.join("thesis.txt"), "mine").expect("writes");
        let error = Coin::report()
            .write(dir.path())
            .expect_err("more than a run");
        assert!(error.to_string().contains("thesis.txt"), "{error}");
        assert_eq!(names(&place), ["thesis.txt"]);
        assert_eq!(names(dir.path()), ["coin"]);
    }

    #[test]
    fn what_an_interrupted_run_left_is_swept_or_brought_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let out = dir.path();
        fs::create_dir(out.join(".coin-a1")).expect("a folder");
        fs::write(out.join(".coin-a1/coin.csv"), "half").expect("writes");
        // Not ours, though it is called alike.
        fs::create_dir(out.join(".coin-box")).expect("a folder");
        fs::write(out.join(".coin-box/own"), "mine").expect("writes");
        Coin::report().write(out).expect("writes");
        assert_eq!(names(out), [".coin-box", "coin"]);

        // Between the two steps where two folders cannot be exchanged.
        fs::rename(out.join("coin"), out.join(".coin-b2.before")).expect("renames");
        sweep(out, "coin");
        assert_eq!(names(out), [".coin-box", "coin"]);
        assert_eq!(names(&out.join("coin")), FILES);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let error = Coin::report()
            .write(&file.path().join("out"))
            .expect_err("not a folder");
        assert!(error.to_string().contains("out"), "{error}");
    }
}
