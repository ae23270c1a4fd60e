//! Packs a student's notebooks into one zip and says what is in it: a receipt.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::submission::Submission;
use super::toolchain::draft;
use crate::{Error, Result};

/// What was packed.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The zip.
    pub file: PathBuf,
    /// Each notebook, and when it was saved.
    pub notebooks: Vec<(String, SystemTime)>,
    /// The hash of the notebooks that `grade.json` repeats as `submission_hash`.
    pub hash: String,
    /// When.
    pub time: SystemTime,
    /// What may be wrong: a notebook that was checked after it was saved.
    pub warnings: Vec<String>,
}

/// Packs the notebooks of `folder`, all of them or those of the `chapters` named (`7`, `07` or a
/// notebook's name), into the zip `to`, whole or not at all. One that was there is replaced.
///
/// # Errors
/// A chapter has no notebook, there is no notebook at all, or one cannot be read, or `to` not
/// be written.
pub fn hand_in(folder: &Path, chapters: &[String], to: &Path) -> Result<Receipt> {
    let chosen = chosen(folder, chapters)?;
    let place = match to.parent() {
        Some(place) if !place.as_os_str().is_empty() => place,
        _ => Path::new("."),
    };
    let failed =
        |error: zip::result::ZipError| Error::Grading(format!("{}: {error}", to.display()));
    let mut file = draft(place).map_err(|error| Error::io(to, error))?;
    let mut archive = ZipWriter::new(file.as_file_mut());
    let (mut notebooks, mut warnings) = (Vec::new(), Vec::new());
    for path in chosen {
        let name = name(&path);
        let read = || -> std::io::Result<(Vec<u8>, SystemTime)> {
            Ok((std::fs::read(&path)?, std::fs::metadata(&path)?.modified()?))
        };
        let (bytes, saved) = read().map_err(|error| Error::io(&path, error))?;
        let chapter = name.trim_end_matches(".ipynb");
        if let Some(checked) = crate::notebook::last_check(chapter).filter(|time| *time > saved) {
            warnings.push(format!(
                "{name} was saved at {}, and checked after that, at {}: is it saved? (Ctrl-S, then hand in again)",
                utc(saved),
                utc(checked)
            ));
        }
        archive
            .start_file(&*name, SimpleFileOptions::default())
            .map_err(failed)?;
        archive
            .write_all(&bytes)
            .map_err(|error| Error::io(to, error))?;
        notebooks.push((name, saved));
    }
    archive.finish().map_err(failed)?;
    file.as_file()
        .sync_all()
        .map_err(|error| Error::io(to, error))?;
    file.persist(to)
        .map_err(|error| Error::io(to, error.error))?;
    // As the grader reads it.
    let packed = Submission::read(to)?;
    warnings.extend(packed.findings.iter().cloned());
    Ok(Receipt {
        file: to.to_owned(),
        notebooks,
        hash: packed.hash(),
        time: SystemTime::now(),
        warnings,
    })
}

/// The notebooks to pack, sorted.
fn chosen(folder: &Path, chapters: &[String]) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::io(folder, error))?;
    let mut all = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Error::io(folder, error))?.path();
        let hidden = name(&path).starts_with('.');
        if !hidden && path.extension().is_some_and(|e| e == "ipynb") && path.is_file() {
            all.push(path);
        }
    }
    all.sort();
    let is = |path: &Path, chapter: &str| {
        let (name, wanted) = (name(path), chapter.trim_end_matches(".ipynb"));
        let number = name.split('_').next().unwrap_or_default();
        name.trim_end_matches(".ipynb") == wanted
            || !wanted.is_empty()
                && wanted.bytes().all(|byte| byte.is_ascii_digit())
                && number.trim_start_matches('0') == wanted.trim_start_matches('0')
    };
    for chapter in chapters {
        if !all.iter().any(|path| is(path, chapter)) {
            return Err(Error::Unknown {
                kind: "notebook",
                name: chapter.clone(),
                valid: all.iter().map(|path| name(path)).collect(),
            });
        }
    }
    if all.is_empty() {
        return Err(Error::Data {
            path: folder.to_owned(),
            expected: "notebooks (*.ipynb)".into(),
            found: "none".into(),
        });
    }
    all.retain(|path| chapters.is_empty() || chapters.iter().any(|chapter| is(path, chapter)));
    Ok(all)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A moment, to the second, in UTC: 2026-10-31 09:05:07 UTC.
fn utc(time: SystemTime) -> String {
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let time = DateTime::<Utc>::from_timestamp(seconds.cast_signed(), 0).unwrap_or_default();
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

impl std::fmt::Display for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (name, saved) in &self.notebooks {
            writeln!(f, "{name}, saved {}", utc(*saved))?;
        }
        writeln!(
            f,
            "packed into {} at {}",
            self.file.display(),
            utc(self.time)
        )?;
        writeln!(f, "hash {} (your grade.json will repeat it)", self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_packed_and_has_the_hash_of_its_grade() {
        let place = tempfile::tempdir().unwrap();
        for name in ["07_a.ipynb", "13_b.ipynb", ".hidden.ipynb", "notes.txt"] {
            std::fs::write(place.path().join(name), "{\"cells\": []}").unwrap();
        }
        let to = place.path().join("mine.zip");
        let pack = |chapters: &[&str]| {
            let chapters: Vec<String> = chapters.iter().map(|&chapter| chapter.into()).collect();
            hand_in(place.path(), &chapters, &to)
        };
        let names = |receipt: &Receipt| {
            let names = receipt.notebooks.iter().map(|(name, _)| name.clone());
            names.collect::<Vec<_>>()
        };
        let all = pack(&[]).unwrap();
        assert_eq!(names(&all), ["07_a.ipynb", "13_b.ipynb"]);
        for chapter in ["7", "07", "07_a", "07_a.ipynb"] {
            let one = pack(&[chapter]).unwrap();
            assert_eq!(names(&one), ["07_a.ipynb"], "{chapter}");
            assert_eq!(one.hash, Submission::read(&to).unwrap().hash());
            assert!(one.hash != all.hash && one.to_string().contains(&one.hash));
        }
        let error = pack(&["8"]).unwrap_err().to_string();
        assert!(
            error.contains("8") && error.contains("13_b.ipynb"),
            "{error}"
        );
        assert!(hand_in(&place.path().join("none"), &[], &to).is_err());
    }

    #[test]
    fn a_moment_in_words() {
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(951_786_061);
        assert_eq!(utc(time), "2000-02-29 01:01:01 UTC");
    }
}
